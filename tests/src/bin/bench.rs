//! The benchmark behind `cargo xtask bench`: the public API with encryption, anchor, page root and search index on,
//! against the same public code on the same records in plain SQLite, in one run.
//!
//! Each size runs in a process of its own, so that its peak memory is its own. Times are medians; `p99` rows are the
//! 99th of a hundred. Machines are noisy: read the ratios.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark prints a table")]

use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    time::{Duration, Instant},
};

use clap::Parser;
use serde::{Deserialize, Serialize};
use techo_core::{
    base::{DeviceSecret, PartialDate},
    insight::{
        self, DoseGiven, PlanFor,
        clinic::{Selection, occasions},
        growth::{self, Measure, Read, Reference},
    },
    intake,
    present::{self, Language},
    record::Sex,
    transfer,
    vault::{NewSlots, PAGE, TimelinePage, Unlock, Vault, VaultError},
};
use techo_tests::{
    filling::{file_retold, import, import_of},
    mixed,
    synthetic::{self, Numbers},
};

#[derive(Parser)]
struct Arguments {
    /// Only 10 k records.
    #[arg(long)]
    quick: bool,
    /// Writes the rows as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
    /// One size, and its rows as JSON on standard output: what the parent runs.
    #[arg(long, hide = true)]
    only: Option<u64>,
}

/// One measured figure.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Figure {
    name: String,
    records: u64,
    ours_ms: f64,
    plain_ms: Option<f64>,
    ratio: Option<f64>,
}

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    if let Some(records) = arguments.only {
        println!("{}", serde_json::to_string(&measure(records)?)?);
        return Ok(());
    }
    let sizes: &[u64] = if arguments.quick { &[10_000] } else { &[10_000, 129_000, 1_000_000] };
    let mut figures: Vec<Figure> = Vec::new();
    println!("{:<44} {:>10} {:>12} {:>12} {:>7}", "", "records", "Techo ms", "plain ms", "ratio");
    for records in sizes {
        let child = Command::new(std::env::current_exe()?).args(["--only", &records.to_string()]).output()?;
        if !child.status.success() {
            return Err(String::from_utf8_lossy(&child.stderr).into_owned().into());
        }
        let rows: Vec<Figure> = serde_json::from_slice(&child.stdout)?;
        for row in &rows {
            let cell = |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.3}"));
            let ratio = row.ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}"));
            println!("{:<44} {:>10} {:>12.3} {:>12} {:>7}", row.name, row.records, row.ours_ms, cell(row.plain_ms), ratio);
        }
        figures.extend(rows);
    }
    if let Some(path) = &arguments.json {
        std::fs::write(path, serde_json::to_vec_pretty(&figures)?)?;
    }
    Ok(())
}

/// The size at which documents of mixed kinds are imported, too.
const MIXED: u64 = 129_000;
const SECRET: [u8; 32] = [7; 32];

fn open(directory: &Path) -> Result<Vault, VaultError> {
    Vault::open(directory, Unlock::Device(&DeviceSecret::from_bytes(SECRET)))
}

fn measure(records: u64) -> Result<Vec<Figure>, Failure> {
    let home = tempfile::tempdir()?;
    let (ours, plain) = (home.path().join("vault"), home.path().join("plain.sqlite"));
    let person = synthetic::person();
    let secret = DeviceSecret::from_bytes(SECRET);
    let vault = Vault::create(&ours, &NewSlots { device: Some(&secret), ..NewSlots::default() })?;
    vault.add_person(&person, now())?;
    vault.export_plain(&plain)?;
    let mut out = Figures { records, rows: Vec::new() };

    let ours_import = import(&vault, records)?;
    let plain_import = {
        let baseline = Vault::open_plain(&plain)?;
        import(&baseline, records)?
    };
    out.put("import, a commit a document", ours_import, Some(plain_import));
    if records == MIXED {
        out.put(
            "import of mixed kinds (bar: 8 s)",
            mixed(&home.path().join("mixed"), false)?,
            Some(mixed(&home.path().join("mixed.sqlite"), true)?),
        );
    }
    vault.lock();
    drop(vault);

    let first_page = TimelinePage { person: Some(person.id), limit: 50, ..TimelinePage::default() };
    let (mut opens, mut plain_opens) = (Vec::new(), Vec::new());
    for _ in 0..20 {
        opens.push(timed(|| open(&ours).and_then(|vault| vault.timeline(&first_page)))?);
        plain_opens.push(timed(|| Vault::open_plain(&plain).and_then(|vault| vault.timeline(&first_page)))?);
    }
    out.put("open with key to first timeline page", median(&mut opens), Some(median(&mut plain_opens)));

    let (vault, baseline) = (open(&ours)?, Vault::open_plain(&plain)?);
    out.pair("timeline page (50)", &vault, &baseline, |vault, numbers| {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 3, 31).unwrap_or_default() - chrono::Days::new(numbers.below(18_000));
        let until = day.to_string().parse().ok();
        present::timeline(vault, &TimelinePage { person: Some(person.id), until, limit: 50, ..TimelinePage::default() }, Language::Japanese)
            .map(drop)
    })?;
    let series = vault.find_series(&["systolic", "body-weight", "hba1c", "alt"], "", "")?;
    let line = |numbers: &mut Numbers| series.get(usize::try_from(numbers.below(4)).unwrap_or(0)).or(series.first());
    out.pair("history page (100)", &vault, &baseline, |vault, numbers| match line(numbers) {
        Some(line) => vault.history(person.id, line, None, PAGE).map(drop),
        None => Err(VaultError::NotFound),
    })?;
    let words = ["血圧", "尿酸", "コレステロール", "血糖", "見本健診センター3", "ﾍﾓｸﾞﾛﾋﾞﾝ"];
    out.pair("search page (20)", &vault, &baseline, |vault, numbers| {
        let word = words.get(usize::try_from(numbers.below(6)).unwrap_or(0)).copied().unwrap_or("血圧");
        vault.search(word, Some(person.id), None, 20).map(drop)
    })?;

    // Behind what is compared with the baseline, which is not told twice.
    file_retold(&vault, 1_000)?;
    let pass = timed(|| intake::reconcile(&vault))?;
    out.put("reconciliation pass after 1 000 records", pass, None);

    out.put("vaccination plan of a child (16 doses)", vaccination_plan()?, None);

    out.put("a growth percentile (mean of 4 800)", percentile()?, None);
    clinic(&mut out, &vault, person.id)?;

    let verified = timed(|| vault.verify())?;
    out.put("verify (every page, page root, anchor)", verified, None);
    let checked = timed(|| vault.check_records())?;
    out.put("verify, every record's digest besides", verified + checked, None);
    let target = home.path().join("archive.tar");
    vault.confirm_presence(Unlock::Device(&secret), now())?;
    let exported = timed(|| transfer::export_archive(&vault, None, &target, None, now(), &mut |_| {}))?;
    out.put("export (Techo archive)", exported, None);
    let peak = peak_memory_mb();
    out.rows.push(Figure { name: "peak memory, MB (in the ms column)".to_owned(), records, ours_ms: peak, plain_ms: None, ratio: None });
    Ok(out.rows)
}

/// Imports documents of mixed kinds into a vault of their own; each is reconciled before the next.
fn mixed(path: &Path, is_plain: bool) -> Result<Duration, Failure> {
    let aside = path.with_extension("aside");
    let (vault, person) = (
        Vault::create(
            if is_plain { &aside } else { path },
            &NewSlots { device: Some(&DeviceSecret::from_bytes(SECRET)), ..NewSlots::default() },
        )?,
        synthetic::person(),
    );
    vault.add_person(&person, now())?;
    if !is_plain {
        return import_of(&vault, MIXED, mixed::document);
    }
    vault.export_plain(path)?;
    import_of(&Vault::open_plain(path)?, MIXED, mixed::document)
}

/// The plan of a child of two years with sixteen doses on record, each time on another day.
fn vaccination_plan() -> Result<Duration, Failure> {
    let born = chrono::NaiveDate::from_ymd_opt(2024, 10, 5).ok_or("no such day")?;
    let doses: [(&'static str, &[u64]); 6] = [
        ("rotavirus", &[60, 90]),
        ("hepatitis_b", &[60, 90, 210]),
        ("dpt_ipv_hib", &[60, 90, 120, 370]),
        ("pneumococcal_child", &[60, 90, 120, 370]),
        ("mr", &[370]),
        ("varicella", &[370, 560]),
    ];
    let given: Vec<DoseGiven> =
        doses.iter().flat_map(|(vaccine, days)| days.iter().map(|day| DoseGiven::new(vaccine, born + chrono::Days::new(*day)))).collect();
    let of = PlanFor { born: PartialDate::Day(born), sex: Sex::Female, pregnancies: &[] };
    let mut times = Vec::new();
    for day in 0..200 {
        times.push(timed(|| insight::vaccination_plan(of, &given, born + chrono::Days::new(730 + day)))?);
    }
    Ok(median(&mut times))
}

/// The mean time of one percentile, over every measure, both sexes and the days of five years, by all references.
fn percentile() -> Result<Duration, Failure> {
    let born = chrono::NaiveDate::from_ymd_opt(2019, 6, 20).ok_or("a day")?;
    let mut count: u32 = 0;
    let place_all = |count: &mut u32| {
        for (number, reference) in (0_u64..).zip(Reference::ALL) {
            for measure in Measure::ALL {
                for sex in [Sex::Male, Sex::Female] {
                    for step in 0..200_u64 {
                        let read = Read { from: born, on: born + chrono::Days::new(step * 9 + number) };
                        let value = 3.0 + f64::from(u32::try_from(step).unwrap_or(0)) / 10.0;
                        let _ = std::hint::black_box(growth::place(*reference, *measure, sex, read, value));
                        *count += 1;
                    }
                }
            }
        }
    };
    // Once before, so that reading the tables is not counted.
    place_all(&mut 0);
    let start = Instant::now();
    place_all(&mut count);
    Ok(start.elapsed() / count.max(1))
}

/// What a doctor is shown out of all of it, and the report with a chart for each of ten quantities.
fn clinic(out: &mut Figures, vault: &Vault, person: techo_core::base::PersonId) -> Result<(), Failure> {
    let on = chrono::NaiveDate::from_ymd_opt(2026, 4, 1).unwrap_or_default();
    let (mut slowest, mut pages) = (Vec::new(), Vec::new());
    for occasion in occasions() {
        let selection = Selection::of(occasion);
        let mut times = Vec::new();
        for _ in 0..20 {
            times.push(timed(|| present::clinic(vault, person, &selection, on, Language::Japanese))?);
        }
        slowest.push(median(&mut times));
    }
    out.put("clinic screen, the slowest occasion (bar: 30 ms)", slowest.into_iter().max().unwrap_or_default(), None);
    let quantities =
        ["body-height", "body-weight", "bmi", "waist", "systolic", "diastolic", "hba1c", "alt", "ast", "gamma-gt", "ldl-cholesterol"];
    let items: Vec<String> = quantities.iter().map(|id| (*id).to_owned()).collect();
    let selection = Selection::of_items(None, &items).map_err(|unknown| unknown.to_string())?;
    let of = transfer::ReportOf { person, selection: &selection, on, language: Language::Japanese };
    let charts = transfer::report_of(vault, of)?.0.matches("<svg").count();
    // Both blood pressures share one chart.
    if charts != quantities.len() - 1 {
        return Err(format!("the report has {charts} charts, not {}", quantities.len() - 1).into());
    }
    for _ in 0..20 {
        pages.push(timed(|| transfer::report_of(vault, of))?);
    }
    out.put("report with 10 charts (bar: 200 ms)", median(&mut pages), None);
    Ok(())
}

struct Figures {
    records: u64,
    rows: Vec<Figure>,
}

impl Figures {
    fn put(&mut self, name: &str, ours: Duration, plain: Option<Duration>) {
        let ours_ms = ours.as_secs_f64() * 1000.0;
        let plain_ms = plain.map(|plain| plain.as_secs_f64() * 1000.0);
        let ratio = plain_ms.map(|plain| ours_ms / plain);
        self.rows.push(Figure { name: name.to_owned(), records: self.records, ours_ms, plain_ms, ratio });
    }

    /// The same hundred calls on both, in turn.
    fn pair(
        &mut self,
        name: &str,
        vault: &Vault,
        plain: &Vault,
        call: impl Fn(&Vault, &mut Numbers) -> Result<(), VaultError>,
    ) -> Result<(), Failure> {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for number in 0..400 {
            ours.push(timed(|| call(vault, &mut Numbers::new(number)))?);
            theirs.push(timed(|| call(plain, &mut Numbers::new(number)))?);
        }
        self.put(name, median(&mut ours), Some(median(&mut theirs)));
        self.put(&format!("{name}, p99"), p99(&ours), Some(p99(&theirs)));
        Ok(())
    }
}

fn timed<T, E>(work: impl FnOnce() -> Result<T, E>) -> Result<Duration, E> {
    let start = Instant::now();
    let result = work()?;
    let spent = start.elapsed();
    drop(std::hint::black_box(result));
    Ok(spent)
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// The 99th of a hundred of sorted times.
fn p99(sorted: &[Duration]) -> Duration {
    sorted.get(sorted.len() * 99 / 100).copied().unwrap_or_default()
}

fn now() -> chrono::DateTime<chrono::Utc> {
    chrono::Utc::now()
}

/// The most memory this process ever held, where the system tells.
fn peak_memory_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes: f64 = line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse().ok()).unwrap_or(f64::NAN);
    kilobytes / 1024.0
}
