//! The table for a spreadsheet: one line per record, in Japanese or English. `docs/formats/csv.md` describes the columns.

use std::{io::Write, path::Path};

use chrono::{DateTime, Utc};

use super::{
    Progress, Step, TransferError, act, cell,
    choice::{Choice, Count, Exported, Restated, is_chosen, note_attachments},
    fhir::noted,
    output,
};
use crate::{
    base::{Decimal, Fingerprint},
    present::{self, Language, RecordView},
    record::{Body, Comparator, Concept, Event, Fact, Person, Value},
    vault::{DocumentId, EventId, PAGE, TimelinePage, Vault},
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
    vault.require_presence(now)?;
    let roots = act::roots(vault, choice.person)?;
    let of = roots.iter().map(|root| root.records).sum();
    output::write_whole(
        out,
        |file| {
            file.write_all(BYTE_ORDER_MARK)?;
            let mut table = Table { rows: writer(file), language, vault, choice, document: None, count: Count::default(), done: 0, of };
            let header = COLUMNS.map(|(japanese, english)| language.pick(japanese, english));
            table.rows.write_record(header).map_err(failure)?;
            for root in &roots {
                table.person(&vault.person(root.person)?, progress)?;
            }
            table.rows.flush()?;
            Ok(table.count)
        },
        |_, count| noted(vault, now, "csv", count.report(&roots)),
    )
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
    count: Count,
    /// The document met last: a document's events stand together in the list of days.
    document: Option<(DocumentId, Fingerprint)>,
    done: u64,
    of: u64,
}

impl<W: Write> Table<'_, W> {
    fn person(&mut self, person: &Person, progress: &mut dyn FnMut(Progress)) -> Result<(), TransferError> {
        let Choice { from, until, .. } = *self.choice;
        let mut page = TimelinePage { person: Some(person.id), from, until, limit: PAGE, ..TimelinePage::default() };
        loop {
            let lines = self.vault.timeline(&page)?;
            for line in &lines {
                self.event(person, line.id)?;
            }
            progress(Progress { step: Step::Writing, done: self.done, of: self.of });
            let Some(last) = lines.last() else { return Ok(()) };
            page.after = Some(last.id);
        }
    }

    fn event(&mut self, person: &Person, id: EventId) -> Result<(), TransferError> {
        let stored = self.vault.event(id)?;
        if !self.choice.takes(&stored) {
            return Ok(());
        }
        let (_, views) = present::event(self.vault, id, self.language)?;
        let document = match self.document {
            Some((id, fingerprint)) if id == stored.document => fingerprint,
            _ => self.vault.document(stored.document)?.fingerprint,
        };
        self.document = Some((stored.document, document));
        for (position, (fact, view)) in stored.event.facts.iter().zip(&views).enumerate() {
            if !is_chosen(self.choice, &stored, position, Restated::Once, &mut self.count) {
                continue;
            }
            self.record(person, &stored.event, fact, view, document)?;
            note_attachments(fact, &mut self.count);
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
                text(Some(&details(view, range.is_some_and(|range| range.text.is_none())))),
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
fn details(view: &RecordView, mut first_range_has_columns: bool) -> String {
    let has_one_code = view.details.iter().filter(|detail| matches!(detail.label, "コード" | "Code")).count() < 2;
    let is_column = |label: &str| IN_COLUMNS.contains(&label) || (has_one_code && matches!(label, "コード" | "Code"));
    let mut is_first_range = |label: &str| matches!(label, "基準値" | "Reference range") && std::mem::take(&mut first_range_has_columns);
    let lines = view.details.iter().filter(|detail| !is_column(detail.label) && !is_first_range(detail.label));
    lines.map(|detail| format!("{}: {}", detail.label, detail.text)).collect::<Vec<_>>().join("\n")
}
