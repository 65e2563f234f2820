//! What a line of the ledger tells, read leniently: a line that a newer version wrote, or whose words were erased, tells
//! less, and never is an error.

use serde_json::Value;

use super::LedgerEntry;
use crate::base::PersonId;

/// The details of a line, as far as this version knows them. Ids are as they were written; words for them are `present`'s.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Whom the line is about, each once, in the order of the ids.
    pub people: Vec<PersonId>,
    /// What was erased: `record`, `document`, `person` or `consent`.
    pub of: Option<String>,
    /// The format of a document or an export.
    pub format: Option<String>,
    /// Records of it.
    pub records: Option<u64>,
    /// Rows that went on after an accepted loss.
    pub rows: Option<u64>,
    /// A setting's id.
    pub setting: Option<String>,
    /// What it was switched to.
    pub on: Option<bool>,
    /// The number it was set to.
    pub to: Option<i64>,
    /// Which text was agreed to: `privacy` or `terms`.
    pub legal: Option<String>,
    /// Its version.
    pub version: Option<u64>,
    /// Whether a withdrawal erased what had come.
    pub erased: bool,
    /// Items that were asked for.
    pub wishes: Vec<String>,
    /// Items that were granted.
    pub granted: Vec<String>,
    /// Items that were declined.
    pub declined: Vec<String>,
    /// Who obtains, in Japanese and in English.
    pub operator: [Option<String>; 2],
    /// By what right somebody acts.
    pub basis: Option<String>,
    /// Who logged in.
    pub outcome: Option<String>,
    /// Some of an answer did not come.
    pub is_partial: bool,
    /// For which occasion something was shown.
    pub occasion: Option<String>,
    /// Which kinds of records were shown.
    pub items: Vec<String>,
    /// Whether what is sensitive was among them.
    pub sensitive: bool,
    /// How long it was shown.
    pub seconds: Option<u64>,
    /// After how many minutes it was to end, where that was chosen.
    pub minutes: Option<u64>,
    /// What the emergency card was switched to.
    pub card: Option<String>,
    /// Why nothing, or not all, came.
    pub reason: Option<String>,
    /// The portal's own code for it.
    pub code: Option<String>,
    /// Entries that the portal returned.
    pub returned: u64,
    /// Entries of them that were kept.
    pub kept: u64,
}

impl LedgerEntry {
    /// What the line tells.
    pub fn told(&self) -> Told {
        let detail: Option<Value> = self.detail.as_deref().and_then(|detail| serde_json::from_str(detail).ok());
        told(&About(detail.as_ref()))
    }
}

fn told(about: &About<'_>) -> Told {
    let (request, receipt, missing) = (about.part("request"), about.part("receipt"), about.part("missing"));
    let mut people: Vec<PersonId> = about.person("person").into_iter().collect();
    people.extend(about.list("people").filter_map(|one| About(Some(one)).person("person")));
    people.sort_unstable();
    people.dedup();
    let why = if about.text("reason").is_some() { about } else { &missing };
    let operator = request.part("operator");
    let (returned, kept) = counts(about);
    Told {
        people,
        of: about.words("of"),
        format: about.words("format"),
        records: about.number("records"),
        rows: about.number("rows"),
        setting: about.words("setting"),
        on: about.value("on").and_then(Value::as_bool),
        to: about.value("to").and_then(Value::as_i64),
        legal: about.words("legal"),
        version: about.number("version"),
        erased: about.value("erased").and_then(Value::as_bool).unwrap_or_default(),
        wishes: items(request.list("wishes")),
        granted: items(receipt.list("granted")),
        declined: items(receipt.list("declined")),
        operator: [operator.words("japanese"), operator.words("english")],
        basis: request.part("actor").words("basis"),
        outcome: about.words("outcome"),
        is_partial: missing.0.is_some(),
        occasion: about.words("occasion"),
        items: items(about.list("items")),
        sensitive: about.value("sensitive").and_then(Value::as_bool).unwrap_or_default(),
        seconds: about.number("seconds"),
        minutes: about.number("minutes"),
        card: about.words("card"),
        reason: why.words("reason"),
        code: why.words("code"),
        returned,
        kept,
    }
}

/// A list of ids, or of wishes, each with its item.
fn items<'a>(list: impl Iterator<Item = &'a Value>) -> Vec<String> {
    list.filter_map(|one| one.as_str().map(str::to_owned).or_else(|| About(Some(one)).words("item"))).collect()
}

/// How many entries the portal returned, and how many of them were kept.
fn counts(about: &About<'_>) -> (u64, u64) {
    let groups = about.list("answers").flat_map(|answer| About(Some(answer)).list("groups"));
    let of = |group: &Value, field: &str| group.get(field).and_then(Value::as_u64).unwrap_or_default();
    groups.fold((0, 0), |(returned, kept), group| (returned + of(group, "returned"), kept + of(group, "kept")))
}

/// The fields of an entry's details, each of which may be missing.
struct About<'a>(Option<&'a Value>);

impl<'a> About<'a> {
    fn value(&self, field: &str) -> Option<&'a Value> {
        self.0?.get(field)
    }

    /// An object within it.
    fn part(&self, field: &str) -> Self {
        Self(self.value(field))
    }

    fn text(&self, field: &str) -> Option<&'a str> {
        self.value(field)?.as_str()
    }

    fn words(&self, field: &str) -> Option<String> {
        self.text(field).map(str::to_owned)
    }

    fn number(&self, field: &str) -> Option<u64> {
        self.value(field)?.as_u64()
    }

    fn person(&self, field: &str) -> Option<PersonId> {
        self.text(field)?.parse().ok()
    }

    fn list(&self, field: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
        self.value(field).and_then(Value::as_array).into_iter().flatten()
    }
}
