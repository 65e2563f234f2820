//! `cargo xtask bench series`: an export of Apple Health of one gigabyte, bare and read as a stream; then its samples, filed
//! from the ZIP a phone writes, by days. Speed, and the highest memory of the process.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark prints a table")]

use std::{
    fs::File,
    io::{BufWriter, Seek as _, SeekFrom, Write},
    process::ExitCode,
    time::Instant,
};

use chrono::{Days, NaiveDate, Utc};
use clap::Parser;
use techo_core::{
    base::{DeviceSecret, PersonId},
    formats::apple_health,
    intake::{Permissions, SeriesKind, take_series},
    present::{self, Language},
    record::{Person, Sex},
    vault::{NewSlots, Vault},
};

/// Megabytes a second that a stream must reach at least, and memory it may take at most.
const SPEED: f64 = 25.0;
const MEMORY: f64 = 150.0;
/// Days of five years.
const DAYS: u64 = 1826;

#[derive(Parser)]
struct Arguments {
    /// Twenty megabytes instead of a thousand.
    #[arg(long)]
    quick: bool,
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
    let home = tempfile::tempdir()?;
    let size: u64 = if arguments.quick { 20_000_000 } else { 1_000_000_000 };
    let mut bare = File::options().read(true).write(true).create_new(true).open(home.path().join("export.xml"))?;
    write_export(&mut BufWriter::new(&mut bare), size)?;
    let written = bare.stream_position()?;
    let megabytes = to_float(written) / 1e6;
    println!("{:<64} {:>10} {:<8} {:>10}", "", "", "", "bar");
    let row = |name: &str, value: f64, unit: &str, bar: &str| println!("{name:<64} {value:>10.1} {unit:<8} {bar:>10}");

    bare.seek(SeekFrom::Start(0))?;
    let begun = Instant::now();
    let reading = apple_health::read(&mut bare)?;
    let seconds = begun.elapsed().as_secs_f64();
    row(&format!("read {megabytes:.0} MB, {} samples", reading.samples), megabytes / seconds, "MB/s", &format!(">= {SPEED}"));
    row("highest memory so far", memory(), "MB", &format!("<= {MEMORY}"));
    let (read_fast, slim) = (megabytes / seconds >= SPEED, memory() <= MEMORY);
    let samples = reading.samples;
    drop(reading);

    let vault =
        Vault::create(&home.path().join("vault"), &NewSlots { device: Some(&DeviceSecret::from_bytes([7; 32])), ..NewSlots::default() })?;
    let person = Person::new(PersonId::from_bytes([1; 16]), "手帳 花子", "1972-04-15".parse()?, Sex::Female)?;
    vault.add_person(&person, Utc::now())?;
    // What is filed is bounded by what is kept of it (`limits::SERIES_BYTES`): a third of the gigabyte bare; a ZIP holds it whole.
    let mut part = File::options().read(true).write(true).create_new(true).open(home.path().join("part.xml"))?;
    write_export(&mut BufWriter::new(&mut part), size.min(350_000_000))?;
    let kept = to_float(part.stream_position()?) / 1e6;
    let begun = Instant::now();
    let taken = take_series(&vault, &person, &mut part, Some("export.xml"), SeriesKind::AppleHealth, Permissions::default(), Utc::now())?;
    let seconds = begun.elapsed().as_secs_f64();
    row(&format!("read, keep and file {kept:.0} MB, {} samples", taken.ready), kept / seconds, "MB/s", "");
    row("highest memory", memory(), "MB", "");

    let line = vault.sample_lines(person.id)?.into_iter().next().ok_or("no samples")?;
    let begun = Instant::now();
    let page = vault.sample_days(&line, None, None, None, 100)?;
    row(&format!("first page of days of {}, {} rows", line.quantity, page.len()), begun.elapsed().as_secs_f64() * 1000.0, "ms", "");
    let begun = Instant::now();
    let history = present::history(&vault, person.id, &line.quantity, Language::Japanese)?;
    let chart = present::chart(&history, Language::Japanese);
    row(&format!("chart of {} days", chart.points().count()), begun.elapsed().as_secs_f64() * 1000.0, "ms", "");
    if samples == 0 || taken.ready == 0 {
        return Err("nothing was read".into());
    }
    if !(arguments.quick || read_fast && slim) {
        return Err("below the bar".into());
    }
    Ok(())
}

/// Records as a watch writes them, grouped by type, over five years.
fn write_export(out: &mut impl Write, size: u64) -> Result<(), Failure> {
    out.write_all(
        b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE HealthData [\n<!ATTLIST Record type CDATA\n]>\n<HealthData locale=\"ja_JP\">\n",
    )?;
    let device =
        "&lt;&lt;HKDevice: 0x2816&gt;, name:Apple Watch, manufacturer:Apple Inc., model:Watch, hardware:Watch6,2, software:9.1&gt;";
    let start = NaiveDate::from_ymd_opt(2021, 1, 1).ok_or("a day")?;
    // About 430 bytes a record: half of them heart beats, the others steps.
    let each = size / 430 / 2;
    for (kind, unit, low) in [("HKQuantityTypeIdentifierHeartRate", "count/min", 50), ("HKQuantityTypeIdentifierStepCount", "count", 1)] {
        for number in 0..each {
            let day = start.checked_add_days(Days::new(number * DAYS / each.max(1))).ok_or("a day")?;
            let second = number * 37 % 86_400;
            let at = format!("{day} {:02}:{:02}:{:02} +0900", second / 3600, second / 60 % 60, second % 60);
            let value = low + number * 7919 % 90;
            write!(
                out,
                " <Record type=\"{kind}\" sourceName=\"花子のApple Watch\" sourceVersion=\"9.1\" device=\"{device}\" unit=\"{unit}\" \
                 creationDate=\"{at}\" startDate=\"{at}\" endDate=\"{at}\" value=\"{value}\">\n  <MetadataEntry key=\"HKMetadataKeyHeartRateMotionContext\" value=\"1\"/>\n </Record>\n"
            )?;
        }
    }
    out.write_all(b"</HealthData>\n")?;
    Ok(out.flush()?)
}

/// The highest resident memory of this process, in megabytes; none where the system does not tell.
fn memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes: u64 = line.and_then(|line| line.split_whitespace().next()).and_then(|number| number.parse().ok()).unwrap_or(0);
    to_float(kilobytes) / 1000.0
}

fn to_float(number: u64) -> f64 {
    u32::try_from(number).map_or(f64::MAX, f64::from)
}
