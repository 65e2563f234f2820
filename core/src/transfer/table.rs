//! The table for a spreadsheet: one line per record, in Japanese or English. `docs/formats/csv.md` describes the columns.

use std::{io::Write, path::Path};

use chrono::{DateTime, Utc};

use super::{
    Progress, Step, TransferError, cell,
    choice::{Choice, Chooser, Count, Exported, Tellings, note_attachments},
    leave::Leaving,
    samples,
};
use crate::{
    base::{Decimal, Fingerprint},
    present::{self, Language, RecordView},
    record::{Body, Comparator, Concept, Event, Fact, Person, Value},
    terms::{Kind, QUANTITY_SYSTEM, quantity, shown_unit},
    vault::{DocumentId, EventId, PAGE, StoredDay, TimelinePage, Vault},
};

/// Without it spreadsheets take UTF-8 for the system's old encoding.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The columns, in Japanese and English.
const COLUMNS: [(&str, &str); 22] = [
    ("氏名", "person"),
    ("日付", "date"),
    ("種類", "kind"),
    ("名称", "title"),
    ("値", "value"),
    ("比較", "comparator"),
    ("単位", "unit"),
    ("コード", "code"),
    ("コード体系", "code system"),
    ("回答の意味", "meaning of the answer"),
    ("基準下限", "reference low"),
    ("基準上限", "reference high"),
    ("判定", "interpretation"),
    ("医療機関", "institution"),
    ("文書", "document"),
    ("文書内の場所", "place in document"),
    ("状態", "standing"),
    ("記入者", "said by"),
    ("時刻", "time"),
    ("終わり", "until"),
    ("できごと", "event"),
    ("詳細", "details"),
];
/// Details that have a column of their own.
const IN_COLUMNS: [&str; 8] = ["時刻", "Time", "判定", "Flag", "記入者", "Stated by", "回答コード", "Answer code"];

/// Writes the chosen records as a table: UTF-8 with byte order mark, CRLF, the newest day first.
/// Each record has one line however many documents state it. *Long.*
pub fn export_csv(
    vault: &Vault,
    choice: &Choice<'_>,
    out: &Path,
    language: Language,
    now: DateTime<Utc>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Exported, TransferError> {
    Leaving { vault, choice, out, now, format: "csv" }.write(|file, roots, count| {
        let of = roots.iter().map(|root| root.records).sum();
        file.write_all(BYTE_ORDER_MARK)?;
        let mut table = Table { rows: writer(file), language, vault, choice, document: None, count, done: 0, of };
        let header = COLUMNS.map(|(japanese, english)| language.pick(japanese, english));
        table.rows.write_record(header).map_err(failure)?;
        for root in roots {
            table.person(&vault.person(root.person)?, progress)?;
        }
        Ok(table.rows.flush()?)
    })
}

/// A writer of lines that end in CRLF and are quoted where they must be.
pub(super) fn writer<W: Write>(out: W) -> csv::Writer<W> {
    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out)
}

pub(super) fn failure(error: csv::Error) -> TransferError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.into(),
        _ => TransferError::Internal(9),
    }
}

struct Table<'a, W: Write> {
    rows: csv::Writer<W>,
    language: Language,
    vault: &'a Vault,
    choice: &'a Choice<'a>,
    count: &'a mut Count,
    /// The document met last: a document's events stand together in the list of days.
    document: Option<(DocumentId, Fingerprint)>,
    done: u64,
    of: u64,
}

impl<W: Write> Table<'_, W> {
    fn person(&mut self, person: &Person, progress: &mut dyn FnMut(Progress)) -> Result<(), TransferError> {
        let (vault, choice) = (self.vault, self.choice);
        let chooser = Chooser::of(vault, choice, person.id)?;
        // What no list has stands between what lists have: ids are in the order of days.
        let mut unlisted = if choice.events.is_empty() { chooser.hidden_events()? } else { choice.events.to_vec() };
        unlisted.sort_unstable();
        unlisted.dedup();
        let mut page =
            TimelinePage { person: Some(person.id), from: choice.from, until: choice.until, limit: PAGE, ..TimelinePage::default() };
        while !choice.is_by_name() {
            let lines = vault.timeline(&page)?;
            for line in &lines {
                while let Some(event) = unlisted.pop_if(|event| *event > line.id) {
                    self.event(person, &chooser, event)?;
                }
                self.event(person, &chooser, line.id)?;
            }
            progress(Progress { step: Step::Writing, done: self.done, of: self.of });
            let Some(last) = lines.last() else { break };
            page.after = Some(last.id);
        }
        for event in unlisted.into_iter().rev() {
            self.event(person, &chooser, event)?;
        }
        let mut count = std::mem::take(self.count);
        samples::each_chosen_day(vault, choice, person.id, &mut count, |day, count| self.day(person, &day, count))?;
        *self.count = count;
        Ok(())
    }

    /// Every sample of a day measured at home, a line each.
    fn day(&mut self, person: &Person, day: &StoredDay, count: &mut Count) -> Result<(), TransferError> {
        let known = quantity(&day.quantity);
        let name = known.map_or(day.quantity.as_str(), |known| self.language.pick(known.japanese, known.english));
        let text = |words: &str| cell::text(words).into_owned();
        for one in &day.samples {
            let document = match self.document {
                Some((id, fingerprint)) if id == one.document => fingerprint,
                _ => self.vault.document(one.document)?.fingerprint,
            };
            self.document = Some((one.document, document));
            let lasted = if one.sample.lasted > 0 { format!("{} s", one.sample.lasted) } else { String::new() };
            let details: Vec<&str> = [one.source.as_str(), one.sample.written.as_deref().unwrap_or_default(), &lasted]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect();
            self.rows
                .write_record([
                    text(&person.name),
                    day.line.day.to_string(),
                    present::kind_name(Kind::Measurement, self.language).to_owned(),
                    text(name),
                    cell::number(&one.sample.value).into_owned(),
                    String::new(),
                    text(shown_unit(&day.unit)),
                    text(&day.quantity),
                    QUANTITY_SYSTEM.to_owned(),
                    String::new(),
                    String::new(),
                    String::new(),
                    String::new(),
                    String::new(),
                    document.to_string(),
                    format!("samples/{}", day.quantity),
                    self.language.pick("解釈済み", "Understood").to_owned(),
                    String::new(),
                    text(&one.sample.time.map(|time| time.to_string()).unwrap_or_default()),
                    String::new(),
                    self.language.pick("自己測定（家庭）", "Measured at home").to_owned(),
                    text(&details.join("\n")),
                ])
                .map_err(failure)?;
        }
        count.write(person.id, day.samples.len());
        Ok(())
    }

    fn event(&mut self, person: &Person, chooser: &Chooser<'_>, id: EventId) -> Result<(), TransferError> {
        let stored = self.vault.event(id)?;
        if stored.person != person.id {
            return Ok(());
        }
        let Some(keep) = chooser.of_event(&stored, Tellings::Leading, self.count)? else { return Ok(()) };
        let others = chooser.others(&stored, self.count)?;
        let (_, views) = present::event(self.vault, id, self.language)?;
        let document = match self.document {
            Some((id, fingerprint)) if id == stored.document => fingerprint,
            _ => self.vault.document(stored.document)?.fingerprint,
        };
        self.document = Some((stored.document, document));
        for ((fact, view), _) in stored.event.facts.iter().zip(&views).zip(keep).filter(|(_, keep)| *keep) {
            self.record(person, &stored.event, fact, view, document, &others)?;
            note_attachments(fact, self.count);
            self.count.write(person.id, 1);
            self.done += 1;
        }
        Ok(())
    }

    fn record(
        &mut self,
        person: &Person,
        event: &Event,
        fact: &Fact,
        view: &RecordView,
        document: Fingerprint,
        others: &[Fingerprint],
    ) -> Result<(), TransferError> {
        let result = Outcome::of(fact, view, self.language);
        let observation = if let Body::Observation(observation) = &fact.body { Some(observation) } else { None };
        let range = observation.and_then(|observation| observation.reference.first());
        let limit = |end: Option<&Decimal>| end.map(cell::number).unwrap_or_default().into_owned();
        let text = |words: Option<&str>| cell::text(words.unwrap_or_default()).into_owned();
        let when = fact.when.as_ref();
        self.rows
            .write_record([
                text(Some(&person.name)),
                view.date.clone().unwrap_or_default(),
                view.kind_name.to_owned(),
                text(Some(&fact.title)),
                result.value,
                result.comparator.to_owned(),
                text(view.unit.as_deref()),
                text(view.code.as_deref()),
                text(view.system.as_deref()),
                text(result.meaning.as_deref()),
                limit(range.and_then(|range| range.low.as_ref())),
                limit(range.and_then(|range| range.high.as_ref())),
                text(observation.and_then(|observation| observation.interpretation.as_ref()).and_then(Concept::label)),
                text(event.place.as_deref()),
                document.to_string(),
                text(Some(&fact.at)),
                view.standing_text.unwrap_or(self.language.pick("解釈済み", "Understood")).to_owned(),
                text(fact.said_by.as_deref()),
                text(when.and_then(|when| when.time.as_deref())),
                when.and_then(|when| when.until).map(|day| day.to_string()).unwrap_or_default(),
                text(Some(&event.title)),
                text(Some(&details(view, range.is_some_and(|range| range.text.is_none()), others, self.language))),
            ])
            .map_err(failure)
    }
}

/// The cells that say what the result is.
struct Outcome {
    value: String,
    comparator: &'static str,
    meaning: Option<String>,
}

impl Outcome {
    fn of(fact: &Fact, view: &RecordView, language: Language) -> Self {
        let plain = |value: String, meaning| Self { value, comparator: "", meaning };
        let Body::Observation(observation) = &fact.body else {
            return plain(cell::number_or_text(view.value.as_deref().unwrap_or_default()).into_owned(), None);
        };
        match &observation.value {
            Value::Number { comparator, decimal } => {
                Self { value: cell::number(decimal).into_owned(), comparator: comparator.map_or("", Comparator::sign), meaning: None }
            }
            Value::Between { low, high } => {
                let end = |end: &Option<Decimal>| end.as_ref().map(cell::number).unwrap_or_default().into_owned();
                // A hyphen between two numbers would become a date in a spreadsheet.
                plain(format!("{}{}{}", end(low), language.pick("〜", " to "), end(high)), None)
            }
            Value::Coded { choice, .. } => {
                let code = choice.leading().map_or("", |coding| coding.code.as_str());
                plain(cell::text(code).into_owned(), view.value.clone())
            }
            Value::Text(words) => plain(cell::text(words).into_owned(), None),
            Value::Absent { .. } => plain(String::new(), view.value.clone()),
        }
    }
}

/// What has no column of its own, a line each. A range without words has columns, a second one has not.
fn details(view: &RecordView, mut first_range_has_columns: bool, others: &[Fingerprint], language: Language) -> String {
    let has_one_code = view.details.iter().filter(|detail| matches!(detail.label, "コード" | "Code")).count() < 2;
    let is_column = |label: &str| IN_COLUMNS.contains(&label) || (has_one_code && matches!(label, "コード" | "Code"));
    let mut is_first_range = |label: &str| matches!(label, "基準値" | "Reference range") && std::mem::take(&mut first_range_has_columns);
    let lines = view.details.iter().filter(|detail| !is_column(detail.label) && !is_first_range(detail.label));
    let told_by =
        others.iter().map(|other| format!("{}: {other}", language.pick("同じ出来事の別の原本", "Another original of the same event")));
    lines.map(|detail| format!("{}: {}", detail.label, detail.text)).chain(told_by).collect::<Vec<_>>().join("\n")
}
