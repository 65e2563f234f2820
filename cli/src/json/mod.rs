//! The JSON lines of the command line, field for field as `docs/formats/README.md` promises. A measured value is a
//! string, because a number would lose its last zero.

mod family;
mod fetch;
mod links;
mod steps;
#[cfg(test)]
mod tests;

use serde::Serialize;

pub(crate) use family::{BoardLine, ExplainLine, ForgetLine, GrowthLine};
#[cfg(feature = "stand-in")]
pub(crate) use fetch::{CardLine, StandInLine};
pub(crate) use fetch::{ConsentLine, LedgerCheckLine, LedgerLine, LegalLine, SettingLine, WishLine, WithdrawLine};
#[cfg(test)]
pub(crate) use links::DifferenceLine;
pub(crate) use links::{DecisionLine, LinkLine, RelatedLine, SourceLine};
pub(crate) use steps::{
    AnswerStep, AtStep, BegunStep, BrowseStep, ChangedLine, DoneStep, EndedStep, ForeignStep, GroupLine, MissingLine, QuestionStep,
    RequestStep, UnfinishedStep, WaitStep,
};

/// A document that was taken in, refused, or waits for its other parts.
#[derive(Debug, Serialize)]
pub(crate) struct ImportLine<'a> {
    pub(crate) file: &'a str,
    pub(crate) format: Option<&'a str>,
    pub(crate) document: Option<String>,
    pub(crate) already_here: bool,
    pub(crate) ready: u64,
    /// Of the ready ones, records that another document had stated.
    pub(crate) known: u64,
    pub(crate) refused: Vec<RefusedLine>,
    pub(crate) pending: bool,
    pub(crate) items: ItemsLine,
    /// What the scanner of malware said; none where it was not got to.
    pub(crate) scan: Option<&'static str>,
}

/// What became of the items of a document: what is understood, what is kept as it came, and what was refused is the whole.
#[derive(Debug, Default, Serialize)]
pub(crate) struct ItemsLine {
    pub(crate) in_file: u64,
    pub(crate) understood: u64,
    pub(crate) kept: u64,
}

impl ItemsLine {
    /// Of a document of which `ready` records were filed, `kept` of them as they came, and `refused` entries were not.
    pub(crate) const fn of(ready: u64, kept: u64, refused: u64) -> Self {
        Self { in_file: ready.saturating_add(refused), understood: ready.saturating_sub(kept), kept }
    }
}

/// A document that was only looked at: `import --look`.
#[derive(Debug, Serialize)]
pub(crate) struct LookLine<'a> {
    pub(crate) file: &'a str,
    pub(crate) format: Option<&'a str>,
    /// Who of the notebook it is about, where that is one person.
    pub(crate) person: Option<&'a str>,
    /// `one`, `several`, `nobody` or `unstated`.
    pub(crate) fits: Option<&'static str>,
    pub(crate) from: Option<String>,
    pub(crate) until: Option<String>,
    pub(crate) kinds: std::collections::BTreeMap<&'static str, u32>,
    pub(crate) records: u32,
    pub(crate) refused: Vec<RefusedLine>,
    pub(crate) already_here: bool,
    /// Where twelve digits stand that could be a My Number.
    pub(crate) digits: Option<&'a str>,
    /// The parts that are missing of a split document.
    pub(crate) missing: &'a [u32],
    pub(crate) archive: bool,
}

/// Something that was not taken, without any value in it.
#[derive(Debug, Serialize)]
pub(crate) struct RefusedLine {
    pub(crate) place: String,
    pub(crate) reason: String,
}

/// An event.
#[derive(Debug, Serialize)]
pub(crate) struct TimelineLine<'a> {
    pub(crate) id: String,
    pub(crate) person: &'a str,
    pub(crate) date: Option<&'a str>,
    pub(crate) kind: &'a str,
    pub(crate) title: &'a str,
    pub(crate) records: u64,
    pub(crate) source: Option<&'a str>,
    pub(crate) document: String,
    /// How many other tellings of it stand behind it.
    pub(crate) linked: u32,
}

/// A record: `show` and `search`.
#[derive(Debug, Serialize)]
pub(crate) struct RecordLine<'a> {
    pub(crate) id: String,
    pub(crate) person: &'a str,
    pub(crate) date: Option<&'a str>,
    pub(crate) kind: &'a str,
    pub(crate) title: &'a str,
    pub(crate) value: Option<&'a str>,
    pub(crate) unit: Option<&'a str>,
    pub(crate) code: Option<&'a str>,
    pub(crate) system: Option<&'a str>,
    pub(crate) source: Option<&'a str>,
    pub(crate) document: String,
    /// Where it stands in the original.
    pub(crate) place: Option<&'a str>,
    /// `understood`, `not_understood` or `quarantined`.
    pub(crate) standing: &'a str,
    /// Level for an information bank.
    pub(crate) level: u8,
    /// Why it is sensitive.
    pub(crate) sensitive: Option<&'a str>,
    /// Documents attached to it.
    pub(crate) attached: Vec<String>,
}

/// QR codes that were made: `qr`.
#[derive(Debug, Serialize)]
pub(crate) struct QrLine<'a> {
    pub(crate) codes: Vec<String>,
    #[serde(flatten)]
    pub(crate) export: ExportLine<'a>,
}

/// Records that were handed over: `hand-over`.
#[derive(Debug, Serialize)]
pub(crate) struct HandOverLine {
    pub(crate) person: String,
    pub(crate) path: String,
    pub(crate) records: u64,
    pub(crate) root: String,
    /// Whether the person was erased here.
    pub(crate) access_ended: bool,
}

/// A line that a doctor is shown: `clinic`.
#[derive(Debug, Serialize)]
pub(crate) struct ClinicLine<'a> {
    /// The section's id; `left_out`, `more`, `fetched` or `note` for what is said besides.
    pub(crate) section: &'a str,
    pub(crate) title: &'a str,
    pub(crate) value: Option<&'a str>,
    pub(crate) date: Option<&'a str>,
    pub(crate) source: Option<&'a str>,
}

/// A line of the emergency card: `card`.
#[derive(Debug, Serialize)]
pub(crate) struct EmergencyLine<'a> {
    /// The field's id; `name`, `born`, `made_on` and `state` besides.
    pub(crate) field: &'a str,
    pub(crate) label: &'a str,
    pub(crate) text: &'a str,
}

/// A medicine of a day: `medicines`.
#[derive(Debug, Serialize)]
pub(crate) struct MedicineLine<'a> {
    pub(crate) id: Option<String>,
    pub(crate) person: &'a str,
    pub(crate) course: &'a str,
    pub(crate) title: &'a str,
    pub(crate) dose: Option<&'a str>,
    pub(crate) usage: Option<&'a str>,
    pub(crate) from: Option<&'a str>,
    pub(crate) until: Option<&'a str>,
    pub(crate) sources: Vec<String>,
    pub(crate) same: Vec<SameLine<'a>>,
    pub(crate) unchecked: bool,
    pub(crate) hidden: bool,
}

/// A dose of the vaccination plan: `vaccines`.
#[derive(Debug, Serialize)]
pub(crate) struct VaccineLine<'a> {
    pub(crate) vaccine: &'a str,
    pub(crate) dose: u32,
    pub(crate) stage: Option<&'a str>,
    pub(crate) status: &'a str,
    pub(crate) given_on: Option<String>,
    pub(crate) earliest: Option<String>,
    pub(crate) recommended_from: Option<String>,
    pub(crate) recommended_to: Option<String>,
    pub(crate) last_subsidised: Option<String>,
    pub(crate) rule: &'a str,
    pub(crate) source: &'a str,
}

/// What is to be done: `due`.
#[derive(Debug, Serialize)]
pub(crate) struct DueLine<'a> {
    pub(crate) id: &'a str,
    pub(crate) person: &'a str,
    pub(crate) date: String,
    pub(crate) kind: &'a str,
    pub(crate) title: &'a str,
    pub(crate) status: &'a str,
    pub(crate) until: Option<String>,
    pub(crate) rule: &'a str,
    pub(crate) source: &'a str,
}

/// Another medicine that may have the same ingredient.
#[derive(Debug, Serialize)]
pub(crate) struct SameLine<'a> {
    pub(crate) id: String,
    pub(crate) by: &'a str,
    pub(crate) text: &'a str,
}

/// A value of a history.
#[derive(Debug, Serialize)]
pub(crate) struct HistoryLine<'a> {
    pub(crate) date: Option<&'a str>,
    pub(crate) value: &'a str,
    pub(crate) unit: Option<&'a str>,
    pub(crate) code: Option<&'a str>,
    pub(crate) method: Option<&'a str>,
    /// None for a day of samples, which several documents can state.
    pub(crate) document: Option<String>,
    /// Values of one series can be compared with each other and with no other's.
    pub(crate) series: &'a str,
    /// The record, or the day of samples: what `show` takes.
    pub(crate) id: String,
    /// Measured at home.
    pub(crate) home: bool,
}

/// A sample of a day: `show` of a day of measurements.
#[derive(Debug, Serialize)]
pub(crate) struct SampleLine<'a> {
    pub(crate) id: String,
    pub(crate) person: &'a str,
    pub(crate) date: String,
    pub(crate) quantity: &'a str,
    pub(crate) time: Option<&'a str>,
    pub(crate) seconds: u32,
    pub(crate) value: &'a str,
    pub(crate) unit: &'a str,
    /// As it was written, where that was another unit or a stage of sleep.
    pub(crate) written: Option<&'a str>,
    pub(crate) source: &'a str,
    pub(crate) document: String,
}

/// A person's records and their root.
#[derive(Debug, Serialize)]
pub(crate) struct RootLine {
    pub(crate) person: String,
    pub(crate) records: u64,
    pub(crate) root: String,
}

/// What `verify` found.
#[derive(Debug, Serialize)]
pub(crate) struct VerifyLine {
    pub(crate) ok: bool,
    pub(crate) people: Vec<RootLine>,
    pub(crate) problems: Vec<String>,
}

/// A file that was written: `export` and `backup`.
#[derive(Debug, Serialize)]
pub(crate) struct ExportLine<'a> {
    pub(crate) format: &'a str,
    /// None where there was nothing to write.
    pub(crate) path: Option<String>,
    pub(crate) people: Vec<RootLine>,
    /// Records that the format did not carry, or not as they are; empty for an archive, which carries all.
    pub(crate) not_carried: Vec<NotCarriedLine>,
    /// Characters that the format's encoding lacks.
    pub(crate) characters: Vec<char>,
}

/// Records of one kind that a format did not carry, and why.
#[derive(Debug, Serialize)]
pub(crate) struct NotCarriedLine {
    pub(crate) kind: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) records: u64,
}

/// A vault that was made: `init`. The recovery code is told once and never again.
#[derive(Debug, Serialize)]
pub(crate) struct InitLine<'a> {
    pub(crate) vault: String,
    pub(crate) recovery_code: &'a str,
    pub(crate) keystore: bool,
}

/// A recovery kit that was made: `kit`. The code is told once and never again.
#[derive(Debug, Serialize)]
pub(crate) struct KitLine<'a> {
    pub(crate) recovery_code: &'a str,
}

/// A person: `person add` and `person list`.
#[derive(Debug, Serialize)]
pub(crate) struct PersonLine<'a> {
    pub(crate) id: String,
    pub(crate) name: &'a str,
    pub(crate) kana: Option<&'a str>,
    pub(crate) former_names: &'a [String],
    pub(crate) born: String,
    pub(crate) sex: &'a str,
    /// How long the pregnancy lasted.
    pub(crate) gestation: Option<String>,
}

/// A vault that was made from a backup, or people that came with an archive: `restore`, and `import` of an archive.
#[derive(Debug, Serialize)]
pub(crate) struct RestoreLine {
    pub(crate) file: String,
    pub(crate) roots_equal: bool,
    pub(crate) people: Vec<RootLine>,
}

/// What was erased, and where copies remain that Techo cannot reach: `erase`.
#[derive(Debug, Serialize)]
pub(crate) struct EraseLine<'a> {
    pub(crate) erased: &'a str,
    pub(crate) id: &'a str,
    pub(crate) records: u64,
    pub(crate) cannot_reach: Vec<String>,
}

/// Done, with nothing more to say: `passphrase`, `recover`, `accept-loss`.
#[derive(Debug, Serialize)]
pub(crate) struct DoneLine<'a> {
    pub(crate) done: &'a str,
}

/// Something written by hand: `add`, `edit`, `remove`, `undo` and `changes`.
#[derive(Debug, Serialize)]
pub(crate) struct ChangeLine<'a> {
    pub(crate) entry: String,
    pub(crate) fingerprint: String,
    pub(crate) person: &'a str,
    pub(crate) at: &'a str,
    pub(crate) author: &'a str,
    /// `self`, `parent`, `proxy` or `other`; none where the original was erased.
    pub(crate) relation: Option<&'a str>,
    pub(crate) change: &'a str,
    pub(crate) reason: Option<&'a str>,
    pub(crate) event: Option<String>,
    pub(crate) records: Vec<String>,
    /// What it is about.
    pub(crate) target: Option<String>,
    pub(crate) undoes: Option<String>,
    pub(crate) undone_by: Option<String>,
    pub(crate) waits: bool,
}

/// An error, on standard error.
#[derive(Debug, Serialize)]
pub(crate) struct ErrorLine<'a> {
    pub(crate) error: &'a str,
    pub(crate) exit: u8,
    pub(crate) message: &'a str,
}

/// The line, without its end.
pub(crate) fn line<T: Serialize>(value: &T) -> String {
    // These structures hold text, numbers and lists of them, which always have a JSON form.
    serde_json::to_string(value).unwrap_or_default()
}
