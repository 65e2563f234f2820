//! docs/coverage.md, made from the code: what of each kind the readers find in the fixtures, and what of it each writer
//! carries. No cell is empty: a count, or the reason why there is none.
//!
//! `TECHO_BLESS=1 cargo test -p techo-core --test judges coverage` writes the page anew.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use techo_core::{
    formats::{self, Contents, FormatId, NotCarried, Reading, health_card::KeySet},
    present::Language,
    terms::Kind,
    transfer::{self, Choice, Exported, TransferError},
    vault::Vault,
};

use crate::family::{self, now, people, quiet};

/// Why a reader finds nothing of a kind, where it does not: the reader's id, kinds (all others where empty), the reason.
/// The first line that fits counts.
const REASONS: [(&str, &[Kind], &str); 30] = [
    ("tokutei-xml", &[Kind::InfantCheckup], "NOT FOUND (spec §2.3, §11.7): report kind 43 is read, no item codes are public"),
    ("tokutei-xml", &[Kind::Pregnancy], "NOT FOUND (spec §2.3, §11.7): report kind 44 is read, no item codes are public"),
    (
        "tokutei-xml",
        &[Kind::CancerScreening],
        "read (report kind 42), no fixture: the envelope of 健診標準フォーマット is NOT FOUND (spec §11)",
    ),
    ("tokutei-xml", &[Kind::SchoolCheckup], "NOT FOUND (spec §2, §11): program 040 is read, no item list is public"),
    ("tokutei-xml", &[Kind::Other], "n/a: an item that no table knows is a measurement or a finding"),
    ("tokutei-xml", &[], "n/a: the form is for checkups"),
    ("jahis-tc", &[Kind::Measurement], "read (blood group and weight of record 1), no fixture states them"),
    ("jahis-tc", &[], "n/a: the notebook is for medicines, allergies, illnesses and notes"),
    ("fhir-r4", &[Kind::Expense], "n/a: R4 has bills and claims and no resource for what somebody paid"),
    (
        "fhir-r4",
        &[Kind::InfantCheckup, Kind::Pregnancy, Kind::SchoolCheckup],
        "NOT FOUND (spec §2.3): no FHIR profile is public; read as checkups by the report's code",
    ),
    ("fhir-r4", &[Kind::Care], "NOT FOUND (spec §1.3): no format is public"),
    ("fhir-r4", &[], "read, no fixture states it"),
    ("smart-health-card", &[Kind::Laboratory, Kind::Measurement], "read as in FHIR, no fixture states it"),
    ("smart-health-card", &[], "n/a: cards are issued for vaccinations and test results"),
    ("hand-over-codes", &[], "read as in FHIR; its codes are made by the tests (cli/tests/story/qr.rs)"),
    ("mynaportal-self-information", &[Kind::Care], "NOT FOUND (spec §1.1): its 特定個人情報 is not public; kept as it came"),
    (
        "mynaportal-self-information",
        &[],
        "n/a: comes inside other groups, or is not among the items of the portal that are known (spec §1.3, §2.1)",
    ),
    ("insurance-xml", &[], "n/a: the layouts are for medicines and procedures (spec §1.3)"),
    ("techo-entry", &[], "read, no fixture states it: any kind can be entered by hand"),
    ("table-csv", &[], "n/a: its columns are for one kind, and no fixture states it"),
    ("apple-health", &[Kind::Measurement], "read as a stream, counted as days (core/tests/series), not here"),
    ("apple-health", &[], "n/a: what is not measured is counted as not understood"),
    ("health-connect", &[Kind::Measurement], "read as a series, counted as days (core/tests/series), not here"),
    ("health-connect", &[], "n/a: the records are measurements; an official file form is NOT FOUND"),
    ("measurements-csv", &[Kind::Measurement], "read by a mapping, counted as days (core/tests/series), not here"),
    ("measurements-csv", &[], "n/a: a table of measurements"),
    ("pdf", &[], "n/a: kept as a document without being read; its files are made by the tests (core/tests/documents.rs)"),
    ("picture-document", &[], "n/a: kept as a document without being read; its files are made by the tests (core/tests/documents.rs)"),
    ("", &[Kind::Expense, Kind::Care], "no fixture has it yet"),
    ("", &[], "no fixture has it"),
];

fn reason(reader: &str, kind: Kind) -> Option<&'static str> {
    REASONS.iter().find(|(known, kinds, _)| *known == reader && (kinds.is_empty() || kinds.contains(&kind))).map(|(.., reason)| *reason)
}

/// What the fixtures say: per reader and kind the records, per kind the files.
#[derive(Default)]
struct Read {
    records: BTreeMap<(&'static str, Kind), u64>,
    files: BTreeMap<Kind, BTreeSet<String>>,
}

impl Read {
    fn take(&mut self, file: &str, reading: &Reading) {
        for event in &reading.events {
            for fact in &event.facts {
                // A record counts as what it is, and as a part of what it belongs to.
                for kind in BTreeSet::from([event.kind, fact.kind]) {
                    *self.records.entry((reading.format.id(), kind)).or_default() += 1;
                    self.files.entry(kind).or_default().insert(file.to_owned());
                }
            }
        }
    }
}

fn fixtures() -> Read {
    let mut files: Vec<PathBuf> = Vec::new();
    let mut folders = vec![family::fixtures()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            // A vault is no fixture of a format.
            if path.is_dir() && !path.ends_with("vault-0001") {
                folders.push(path);
            } else if path.is_file() {
                files.push(path);
            }
        }
    }
    files.sort();
    let (mut read, keys) = (Read::default(), KeySet::new(now().timestamp()));
    let mut parts: BTreeMap<(&'static str, String, u32), BTreeMap<u32, Vec<u8>>> = BTreeMap::new();
    for file in files {
        let (name, bytes) = (file.strip_prefix(family::fixtures()).unwrap().display().to_string(), fs::read(&file).unwrap());
        match formats::read(&bytes, &keys) {
            Ok(Contents::Document(reading)) => read.take(&name, &reading),
            Ok(Contents::Container(members)) => {
                for reading in members.iter().filter_map(|member| member.reading.as_ref().ok()) {
                    read.take(&name, reading);
                }
            }
            Ok(Contents::Part(part)) => {
                let set = parts.entry((part.format.id(), part.set, part.of)).or_default();
                set.insert(part.number, bytes);
                if set.len() == usize::try_from(part.of).unwrap() {
                    let all: Vec<&[u8]> = set.values().map(Vec::as_slice).collect();
                    read.take(&name, &formats::assemble(part.format, &all, &keys).unwrap());
                }
            }
            Ok(_) | Err(_) => {}
        }
    }
    read
}

/// One way out of the vault.
type Writer = fn(&Vault, &Choice<'_>, &Path) -> Result<Exported, TransferError>;

const WRITERS: [(&str, bool, Writer); 7] = [
    ("fhir", false, |vault, choice, out| transfer::export_fhir(vault, choice, out, now(), &mut quiet)),
    ("ips", true, |vault, choice, out| transfer::export_summary(vault, choice, out, now(), &mut quiet)),
    ("phr", true, |vault, choice, out| transfer::export_phr(vault, choice, out, now(), &mut quiet)),
    ("jahis", true, |vault, choice, out| transfer::export_notebook(vault, choice, out, now(), &mut quiet)),
    ("kenshin", false, |vault, choice, out| transfer::export_checkups(vault, choice, out, now(), &mut quiet)),
    ("portal", false, |vault, choice, out| transfer::export_portal(vault, choice, out, now(), &mut quiet)),
    ("csv", false, |vault, choice, out| transfer::export_csv(vault, choice, out, Language::Japanese, now(), &mut quiet)),
];

/// What a writer carries of a kind: how many records, and what it does not carry.
fn carried(vault: &Vault, home: &Path, kind: Kind, is_one_persons: bool, write: Writer) -> (u64, BTreeMap<NotCarried, u64>) {
    let (kinds, out) = ([kind], home.join("out"));
    let (mut records, mut missing) = (0, BTreeMap::new());
    let persons: Vec<_> = if is_one_persons { people().iter().map(|(person, _)| Some(person.id)).collect() } else { vec![None] };
    for person in persons {
        let done = match write(vault, &Choice { person, kinds: &kinds, ..Choice::default() }, &out) {
            Err(TransferError::NothingToWrite { not_carried }) => Exported { not_carried, ..Exported::default() },
            done => done.unwrap(),
        };
        records += done.records();
        done.not_carried.iter().for_each(|one| *missing.entry(one.reason).or_default() += one.records);
    }
    (records, missing)
}

fn cell_of_writer(records: u64, missing: &BTreeMap<NotCarried, u64>, is_anywhere: bool, kind: Kind) -> String {
    let reasons: Vec<String> = missing.iter().map(|(reason, count)| format!("`{}` {count}", reason.id())).collect();
    match (records, reasons.is_empty()) {
        (0, true) if !is_anywhere => format!("n/a: {}", reason("", kind).unwrap()),
        (0, true) => "n/a: every record of it had been stated by another kind's document".to_owned(),
        (0, false) => format!("n/a: {}", reasons.join(", ")),
        (_, true) => records.to_string(),
        (_, false) => format!("{records} (not, or not as it is: {})", reasons.join(", ")),
    }
}

fn page() -> String {
    let read = fixtures();
    let mut out = String::from(
        "# What is covered\n\nMade by a test from the code and the fixtures (`core/tests/judges/coverage.rs`); never edited by hand.\n\
         `TECHO_BLESS=1 cargo test -p techo-core --test judges coverage` writes it anew.\n\n\
         A cell is a count of records, `n/a` with its reason, or NOT FOUND with the section of the specification that says what is\n\
         not public. A record counts as what it is and as a part of the event it belongs to.\n\n## Readers\n\n",
    );
    let readers: Vec<&str> = FormatId::ALL.iter().map(|format| format.id()).collect();
    let _ = writeln!(out, "| kind | files of fixtures | {} |\n|---|---|{}", readers.join(" | "), "---|".repeat(readers.len()));
    for kind in Kind::ALL {
        let files = read.files.get(kind).map_or(0, BTreeSet::len);
        let files = if files == 0 { format!("n/a: {}", reason("", *kind).unwrap()) } else { files.to_string() };
        let cells = readers.iter().map(|reader| match read.records.get(&(*reader, *kind)) {
            Some(count) => count.to_string(),
            None => reason(reader, *kind)
                .unwrap_or_else(|| panic!("no reason why {reader} has nothing of {kind}: add it to REASONS"))
                .to_owned(),
        });
        let _ = writeln!(out, "| `{kind}` | {files} | {} |", cells.collect::<Vec<_>>().join(" | "));
    }
    out.push_str(
        "\n## Writers\n\nThe family's records and those of the other fixtures that are about one of them, each once. Reasons are those of\n\
         `docs/formats/README.md`. `techo` (the archive) and `originals` carry every document as it is and are not listed.\n\n",
    );
    let home = tempfile::tempdir().unwrap();
    let vault = family::vault(home.path());
    let names: Vec<&str> = WRITERS.iter().map(|(name, ..)| *name).collect();
    let _ = writeln!(out, "| kind | {} |\n|---|{}", names.join(" | "), "---|".repeat(names.len()));
    for kind in Kind::ALL {
        let cells: Vec<_> = WRITERS.iter().map(|(_, is_one, write)| carried(&vault, home.path(), *kind, *is_one, *write)).collect();
        let is_anywhere = cells.iter().any(|(records, _)| *records > 0);
        let cells = cells.iter().map(|(records, missing)| cell_of_writer(*records, missing, is_anywhere, *kind));
        let _ = writeln!(out, "| `{kind}` | {} |", cells.collect::<Vec<_>>().join(" | "));
    }
    out
}

#[test]
fn coverage_md_says_what_the_code_does_and_leaves_no_cell_empty() {
    let made = page();
    for line in made.lines().filter(|line| line.starts_with('|')) {
        assert!(line.trim_matches('|').split('|').all(|cell| !cell.trim().is_empty()), "an empty cell: {line}");
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/coverage.md");
    if std::env::var_os("TECHO_BLESS").is_some() {
        fs::write(&path, &made).unwrap();
    }
    let here = fs::read_to_string(&path).unwrap_or_default();
    let differs: Vec<(&str, &str)> = made.lines().zip(here.lines()).filter(|(made, here)| made != here).collect();
    assert!(made == here, "docs/coverage.md is not what the code does; TECHO_BLESS=1 writes it anew: {differs:#?}");
}
