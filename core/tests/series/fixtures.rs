//! An export of Apple Health as the phone writes it: a declaration with errors in it, control characters, records.

use std::io::{Cursor, Write as _};

use techo_core::{
    base::{DeviceSecret, PersonId},
    record::{Person, Sex},
    vault::{NewSlots, Setting, Unlock, Vault},
};

/// The internal subset of a real export is not well-formed; neither is this one.
pub(crate) const DOCTYPE: &str = "<!DOCTYPE HealthData [\n<!-- HealthKit Export Version: 13 -->\n<!ELEMENT HealthData (ExportDate,Me,(Record|Correlation|Workout)*)>\n\
    <!ATTLIST HealthData\n  locale CDATA #REQUIRED\n>\n<!ELEMENT Me EMPTY>\n<!ATTLIST Record\n  type CDATA #REQUIRED\n  unit CDATA #IMPLIED\n\
    device CDATA #IMPLIED>\n  startDate CDATA #REQUIRED\n<!-- Note: Any Records that appear as children of a correlation also appear as top-level records in this document. -->\n]>\n";

pub(crate) fn record(kind: &str, unit: &str, source: &str, start: &str, end: &str, value: &str) -> String {
    let unit = if unit.is_empty() { String::new() } else { format!(" unit=\"{unit}\"") };
    format!(
        " <Record type=\"{kind}\" sourceName=\"{source}\" sourceVersion=\"9.1\" device=\"&lt;&lt;HKDevice: 0x28>, name:Watch>\"{unit} \
         creationDate=\"2026-05-03 08:00:00 +0900\" startDate=\"{start}\" endDate=\"{end}\" value=\"{value}\">\n  \
         <MetadataEntry key=\"HKMetadataKey\u{b}Note\" value=\"&bomb; a\u{1}b\"/>\n </Record>\n"
    )
}

pub(crate) fn steps(source: &str, day: u32, hour: u32, value: &str) -> String {
    let at = |minute: u32| format!("2026-05-{day:02} {hour:02}:{minute:02}:33 +0900");
    record("HKQuantityTypeIdentifierStepCount", "count", source, &at(12), &at(22), value)
}

/// Hanako's export up to a day of May 2026.
pub(crate) fn records(until: u32) -> String {
    let mut text = String::new();
    for day in 1..=until {
        text.push_str(&steps("花子のiPhone", day, 7, "900"));
        text.push_str(&steps("花子のApple Watch", day, 7, "1000"));
        text.push_str(&steps("花子のApple Watch", day, 8, "50"));
        let at = format!("2026-05-{day:02} 06:30:00 +0900");
        text.push_str(&record("HKQuantityTypeIdentifierBodyMass", "kg", "体重計", &at, &at, &format!("{}.50", 60 + day)));
    }
    let at = "2026-05-01 06:45:00 +0900";
    let systolic = record("HKQuantityTypeIdentifierBloodPressureSystolic", "mmHg", "血圧計", at, at, "131");
    let diastolic = record("HKQuantityTypeIdentifierBloodPressureDiastolic", "mmHg", "血圧計", at, at, "84");
    text.push_str(&systolic);
    text.push_str(&diastolic);
    // What belongs together repeats its records.
    let correlation = format!(
        " <Correlation type=\"HKCorrelationTypeIdentifierBloodPressure\" sourceName=\"血圧計\" startDate=\"{at}\" endDate=\"{at}\">\n{systolic}{diastolic} </Correlation>\n"
    );
    text.push_str(&correlation);
    text.push_str(&record("HKQuantityTypeIdentifierOxygenSaturation", "%", "時計", at, at, "0.98"));
    text.push_str(&record(
        "HKQuantityTypeIdentifierBodyMass",
        "lb",
        "scale",
        "2026-05-01 22:00:00 -0500",
        "2026-05-01 22:00:00 -0500",
        "137.2",
    ));
    text.push_str(&record(
        "HKQuantityTypeIdentifierBodyMass",
        "kg",
        "体重計",
        "2026-05-01 21:00:00 +0900",
        "2026-05-01 21:00:00 +0900",
        "62500",
    ));
    text.push_str(&record("HKQuantityTypeIdentifierBodyMass", "kg", "体重計", "昨日", "昨日", "62"));
    text.push_str(&record(
        "HKCategoryTypeIdentifierSleepAnalysis",
        "",
        "時計",
        "2026-04-30 23:30:00 +0900",
        "2026-05-01 05:30:00 +0900",
        "HKCategoryValueSleepAnalysisAsleepCore",
    ));
    text.push_str(&record("HKQuantityTypeIdentifierUVExposure", "count", "時計", at, at, "3"));
    text.push_str(" <Workout workoutActivityType=\"HKWorkoutActivityTypeWalking\" duration=\"30\"/>\n");
    text
}

pub(crate) fn export(records: &str) -> Vec<u8> {
    let me = "<Me HKCharacteristicTypeIdentifierDateOfBirth=\"1972-04-15\" HKCharacteristicTypeIdentifierBiologicalSex=\"HKBiologicalSexFemale\"/>";
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{DOCTYPE}<HealthData locale=\"ja_JP\">\n <ExportDate value=\"2026-05-31 09:00:00 +0900\"/>\n {me}\n{records}</HealthData>\n"
    )
    .into_bytes()
}

/// The ZIP by its Japanese names, with the clinical document beside it that is no export.
pub(crate) fn zipped(xml: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, bytes) in
        [("apple_health_export/export_cda.xml", &b"<ClinicalDocument/>"[..]), ("apple_health_export/書き出したデータ.xml", xml)]
    {
        zip.start_file(name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub(crate) fn now() -> chrono::DateTime<chrono::Utc> {
    "2026-06-01T09:00:00Z".parse().unwrap()
}

pub(crate) struct Notebook {
    pub(crate) home: tempfile::TempDir,
    pub(crate) vault: Vault,
    pub(crate) hanako: Person,
}

pub(crate) fn notebook() -> Notebook {
    let home = tempfile::tempdir().unwrap();
    let secret = DeviceSecret::from_bytes([9; 32]);
    let vault = Vault::create(&home.path().join("vault"), &NewSlots { device: Some(&secret), ..NewSlots::default() }).unwrap();
    vault.confirm_presence(Unlock::Device(&secret), now()).unwrap();
    vault.set_setting(Setting::Reauthenticate, false, now()).unwrap();
    let hanako = Person::new(PersonId::from_bytes([1; 16]), "手帳 花子", "1972-04-15".parse().unwrap(), Sex::Female).unwrap();
    vault.add_person(&hanako, now()).unwrap();
    Notebook { home, vault, hanako }
}
