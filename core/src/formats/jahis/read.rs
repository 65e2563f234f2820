//! From records to health records. One event for each dispensing; what stands outside of dispensings (allergies,
//! medicines bought, memos) becomes events of its own. A record that cannot be taken is listed and kept as it is.

use std::collections::BTreeMap;

use super::{
    block::{BETWEEN, Block},
    codes,
    fact::{self, coded, date, measured, note},
    titles,
    wire::{Row, Sheet},
};
use crate::{
    base::{PartialDate, limits},
    formats::{Fault, FormatError, FormatId, Reading, Refusal},
    record::{
        Allergy, Body, Coding, Concept, Condition, Event, Fact, Medication, MedicationStage, Observation, Sex, Standing, Subject, Value,
        When,
    },
    terms::Kind,
};

/// The health records of a whole notebook, its parts in order.
pub(super) fn reading(sheets: &[Sheet<'_>]) -> Result<Reading, FormatError> {
    let first = sheets.first().ok_or(FormatError::Empty)?;
    let mut taking = Taking { provider: first.output().map(codes::plain) != Some("2"), ..Taking::default() };
    taking.header(first);
    for row in sheets.iter().flat_map(|sheet| &sheet.rows) {
        taking.row(row)?;
    }
    taking.finish(first)
}

/// The reading while it is being made.
#[derive(Default)]
struct Taking<'a> {
    provider: bool,
    subject: Option<Subject>,
    events: Vec<Event>,
    loose: BTreeMap<(Kind, &'static str, Option<PartialDate>), usize>,
    bought: BTreeMap<&'a str, (usize, usize)>,
    block: Option<Block<'a>>,
    refused: Vec<Refusal>,
    facts: usize,
    copied: usize,
}

/// How many fields each record has in the newest version; what stands behind is kept, but not understood.
const FIELDS: [(&str, usize); 22] = [
    ("1", 10),
    ("2", 3),
    ("3", 6),
    ("31", 5),
    ("4", 3),
    ("5", 2),
    ("11", 8),
    ("15", 3),
    ("51", 5),
    ("55", 3),
    ("201", 10),
    ("281", 3),
    ("291", 3),
    ("301", 8),
    ("311", 3),
    ("391", 3),
    ("401", 2),
    ("411", 3),
    ("421", 2),
    ("501", 2),
    ("601", 2),
    ("701", 6),
];

impl<'a> Taking<'a> {
    fn header(&mut self, sheet: &Sheet<'_>) {
        let fault = match sheet.output() {
            Some("1" | "2") => return,
            Some(_) => Fault::Code,
            None => Fault::Missing,
        };
        self.refuse(&sheet.header, fault);
    }

    fn row(&mut self, row: &Row<'a>) -> Result<(), FormatError> {
        self.facts += 1;
        if self.facts > limits::FACTS {
            return Err(FormatError::Limit { what: "records", place: row.place() });
        }
        match self.take(row) {
            Ok(()) => {
                let known = FIELDS.iter().find(|(number, _)| *number == row.number());
                // The patient record carries addresses and phone numbers, which are no records.
                if row.number() != "1" && known.is_some_and(|(_, fields)| row.goes_on_after(*fields)) {
                    self.keep_as_it_is(row);
                }
            }
            Err(fault) => {
                self.refuse(row, fault);
                if !matches!(row.number(), "1") && !fact::is_insurance(row) {
                    self.keep_as_it_is(row);
                }
            }
        }
        if row.replaced > 0 {
            self.refuse(row, Fault::Encoding);
        }
        let copied = self.block.as_ref().map_or(0, Block::copied);
        self.bound_copies(copied, row)
    }

    fn take(&mut self, row: &Row<'a>) -> Result<(), Fault> {
        match row.number() {
            "1" => self.patient(row),
            "2" => self.special(row),
            "3" => self.over_the_counter(row),
            "31" => self.ingredient(row),
            "4" => {
                let day = date(row, 2)?;
                self.put(titles::MEMO, Kind::Note, day, note(row, titles::MEMO, row.required(1)?, row.field(3)));
                Ok(())
            }
            "5" => self.dispensing(row),
            "701" => self.family_pharmacist(row),
            "11" | "15" | "51" | "55" | "201" | "281" | "291" | "301" | "311" | "391" | "401" | "411" | "421" | "501" | "601" => {
                self.in_dispensing(row)
            }
            _ if fact::is_insurance(row) => Err(Fault::Order),
            _ => {
                self.keep_as_it_is(row);
                Ok(())
            }
        }
    }

    /// 1 患者情報. Address, phone and emergency contact stay in the original.
    fn patient(&mut self, row: &Row<'a>) -> Result<(), Fault> {
        if self.subject.is_some() {
            // A repetition in a later part; that it names the same person was checked before.
            return Ok(());
        }
        let names = [row.field(1), row.field(10)].into_iter().flatten().map(str::to_owned).collect();
        let sex = match row.field(2).map(codes::plain) {
            Some("1") => Ok(Some(Sex::Male)),
            Some("2") => Ok(Some(Sex::Female)),
            Some(_) => Err(Fault::Code),
            None => Err(Fault::Missing),
        };
        let born = date(row, 3).and_then(|born| born.ok_or(Fault::Missing)).map(Some);
        self.subject = Some(Subject { names, born: born.unwrap_or(None), sex: sex.unwrap_or(None) });
        if let Some(group) = row.field(8) {
            let observation = Observation::new(Value::Text(group.to_owned()));
            self.put(titles::PATIENT, Kind::Measurement, None, measured(row, titles::BLOOD_GROUP, observation));
        }
        if let Some(weight) = row.field(9) {
            // The format names no unit for the weight, so none is made up.
            let value =
                weight.parse().map_or_else(|_| Value::Text(weight.to_owned()), |decimal| Value::Number { comparator: None, decimal });
            self.put(titles::PATIENT, Kind::Measurement, None, measured(row, titles::WEIGHT, Observation::new(value)));
        }
        row.required(1)?;
        sex.and(born).map(|_| ())
    }

    /// 2 患者特記: allergies, adverse reactions, past illnesses and other remarks.
    fn special(&mut self, row: &Row<'a>) -> Result<(), Fault> {
        let (kind, words) = (row.required(1)?, row.required(2)?);
        let (title, kind) = match codes::plain(kind) {
            "1" => (titles::ALLERGY, Kind::Allergy),
            "2" => (titles::REACTION, Kind::Allergy),
            "3" => (titles::HISTORY, Kind::Condition),
            "9" => (titles::SPECIAL, Kind::Note),
            _ => return Err(Fault::Code),
        };
        let mut fact = note(row, title, words, row.field(3));
        fact.kind = kind;
        // "なし" is an answer, not the name of a substance or an illness.
        if kind != Kind::Note && !fact::says_none(words) {
            words.clone_into(&mut fact.title);
            fact.concept = Concept::text(words);
            fact.body = match kind {
                Kind::Condition => Body::Condition(Condition::default()),
                _ => Body::Allergy(Allergy { nature: Some(title.to_owned()), ..Allergy::default() }),
            };
        }
        self.put(title, kind, None, fact);
        Ok(())
    }

    /// 3 要指導・一般用医薬品服用.
    fn over_the_counter(&mut self, row: &Row<'a>) -> Result<(), Fault> {
        let name = row.required(1)?;
        let (start, end) = (date(row, 2)?, date(row, 3)?);
        let mut concept = Concept::text(name);
        concept.codings.extend(row.field(6).map(|package| Coding::new(codes::PACKAGE_SYSTEM, package)));
        let medication = Medication { stage: MedicationStage::OverTheCounter, start, end, ..Medication::default() };
        let fact = Fact {
            kind: Kind::Medication,
            title: name.to_owned(),
            concept,
            when: None,
            body: Body::Medication(medication),
            at: row.place(),
            said_by: row.field(4).map(codes::author),
            standing: Standing::Understood,
        };
        let home = self.put(titles::OVER_THE_COUNTER, Kind::Medication, start, fact);
        if let Some(sequence) = row.field(5) {
            self.bought.insert(codes::plain(sequence), home);
        }
        Ok(())
    }

    /// 31 要指導・一般用医薬品成分: belongs to the record 3 of the same number.
    fn ingredient(&mut self, row: &Row<'a>) -> Result<(), Fault> {
        let sequence = row.required(1).map(codes::plain)?;
        let name = row.required(2)?;
        let code = coded(row, 3, 4)?;
        let codings = code.map(|code| codes::ingredient(row.field(3), code)).into_iter().collect();
        let (event, fact) = *self.bought.get(sequence).ok_or(Fault::Order)?;
        let fact = self.events.get_mut(event).and_then(|event| event.facts.get_mut(fact));
        let Some(Fact { body: Body::Medication(medication), .. }) = fact else {
            return Err(Fault::Order);
        };
        medication.ingredients.push(Concept { codings, text: Some(name.to_owned()) });
        Ok(())
    }

    /// 701 かかりつけ薬剤師.
    fn family_pharmacist(&mut self, row: &Row<'a>) -> Result<(), Fault> {
        let words = [row.required(1)?, row.required(2)?, row.field(3).unwrap_or_default()].join(BETWEEN);
        let words = words.trim_end_matches([' ', '/']);
        let (from, until) = (date(row, 4)?, date(row, 5)?);
        let mut fact = note(row, titles::FAMILY_PHARMACIST, words, row.field(6));
        fact.when = from.filter(|_| until.is_some()).map(|day| When { day, time: None, until });
        if let (None, Some(until), Body::Note(words)) = (from, until, &mut fact.body) {
            words.push('（');
            words.push_str(&until.to_string());
            words.push_str(" まで）");
        }
        self.put(titles::FAMILY_PHARMACIST, Kind::Note, from, fact);
        Ok(())
    }

    /// 5 調剤等年月日 begins a dispensing. One without a usable date is a dispensing all the same.
    fn dispensing(&mut self, row: &Row<'a>) -> Result<(), Fault> {
        let day = date(row, 1).and_then(|day| day.ok_or(Fault::Missing));
        self.begin(day.ok(), Some(row));
        day.map(|_| ())
    }

    fn begin(&mut self, day: Option<PartialDate>, row: Option<&Row<'a>>) {
        self.close_block();
        self.block = Some(Block::new(self.events.len(), row));
        let title = titles::DISPENSING.to_owned();
        self.events.push(Event { kind: Kind::Medication, day, title, place: None, signature: None, facts: Vec::new() });
    }

    fn close_block(&mut self) {
        let Some(block) = self.block.take() else {
            return;
        };
        let event = block.event;
        self.copied = self.copied.saturating_add(block.copied());
        let (facts, homeless) = block.close();
        for place in homeless {
            self.refused.push(Refusal { reason: FormatError::Malformed { place: place.clone(), fault: Fault::Order }, place });
        }
        if let Some(event) = self.events.get_mut(event) {
            event.facts = facts;
        }
    }

    fn in_dispensing(&mut self, row: &Row<'a>) -> Result<(), Fault> {
        if self.block.is_none() {
            // Nothing says when it was; it is taken without a day, and the missing record is named once.
            self.begin(None, None);
            self.refuse(row, Fault::Order);
        }
        let (provider, Some(block)) = (self.provider, self.block.as_mut()) else {
            return Err(Fault::Order);
        };
        match row.number() {
            "11" => {
                let name = row.required(1)?;
                match self.events.get_mut(block.event) {
                    Some(event) if event.place.is_none() => {
                        name.clone_into(&mut event.title);
                        event.place = Some(name.to_owned());
                    }
                    Some(event) if event.place.as_deref() == Some(name) => {}
                    Some(_) | None => block.push(note(row, titles::OTHER_PHARMACY, name, row.field(8))),
                }
            }
            "15" => block.push(note(row, titles::DISPENSER, row.required(1)?, row.field(3))),
            "51" => block.institution(row)?,
            "55" => block.doctor(row)?,
            "201" => block.medicine(row)?,
            "281" | "291" => block.medicine_note(row)?,
            "301" => block.usage(row, provider)?,
            "311" | "391" => block.group_note(row)?,
            "401" => block.push(note(row, titles::CAUTION, row.required(1)?, row.field(2))),
            "411" => {
                let mut fact = note(row, titles::FROM_INSTITUTION, row.required(1)?, row.field(3));
                fact.concept.codings.extend(row.field(2).map(codes::information));
                block.push(fact);
            }
            "421" => block.push(note(row, titles::LEFT_OVER, row.required(1)?, row.field(2))),
            "501" => block.push(note(row, titles::REMARK, row.required(1)?, row.field(2))),
            _ => {
                let entered = date(row, 2)?;
                let mut fact = note(row, titles::FROM_PATIENT, row.required(1)?, Some("2"));
                fact.when = entered.map(|day| When { day, time: None, until: None });
                block.push(fact);
            }
        }
        Ok(())
    }

    /// Keeps a line as it came: in its dispensing if it can only stand there, else in an event of such lines.
    fn keep_as_it_is(&mut self, row: &Row<'a>) {
        let fact = fact::not_understood(row);
        let outside = matches!(row.number(), "2" | "3" | "31" | "4" | "701");
        match self.block.as_mut() {
            Some(block) if !outside => block.push(fact),
            Some(_) | None => {
                self.put(titles::NOT_READ, Kind::Other, None, fact);
            }
        }
    }

    /// Puts a fact into the event of its kind, name and day, and says where it stands.
    fn put(&mut self, title: &'static str, kind: Kind, day: Option<PartialDate>, fact: Fact) -> (usize, usize) {
        let index = *self.loose.entry((kind, title, day)).or_insert_with(|| {
            self.events.push(Event { kind, day, title: title.to_owned(), place: None, signature: None, facts: Vec::new() });
            self.events.len() - 1
        });
        let facts = self.events.get_mut(index).map(|event| {
            event.facts.push(fact);
            event.facts.len() - 1
        });
        (index, facts.unwrap_or_default())
    }

    fn refuse(&mut self, row: &Row<'_>, fault: Fault) {
        self.refused.push(Refusal { place: row.place(), reason: row.malformed(fault) });
    }

    /// A remark on an RP is copied to each of its medicines. A hostile file could multiply long remarks with many
    /// medicines; honest ones copy a few kilobytes.
    fn bound_copies(&self, more: usize, row: &Row<'_>) -> Result<(), FormatError> {
        if self.copied.saturating_add(more) > limits::DOCUMENT_BYTES {
            return Err(FormatError::Limit { what: "size", place: row.place() });
        }
        Ok(())
    }

    fn finish(mut self, first: &Sheet<'_>) -> Result<Reading, FormatError> {
        self.close_block();
        let missing = FormatError::Malformed { place: first.header.place(), fault: Fault::Missing };
        let subject = self.subject.ok_or(missing)?;
        self.events.retain(|event| !event.facts.is_empty());
        let source = source(&self.events);
        Ok(Reading { format: FormatId::JahisTc, parser: super::PARSER, subject, source, events: self.events, refused: self.refused })
    }
}

/// The pharmacies of a notebook, by name and each once.
fn source(events: &[Event]) -> Option<String> {
    let mut names: Vec<&str> = Vec::new();
    for name in events.iter().filter_map(|event| event.place.as_deref()) {
        if !names.contains(&name) {
            names.push(name);
        }
        if names.len() > SOURCES {
            names.pop();
            return Some(format!("{} ほか", names.join("、")));
        }
    }
    (!names.is_empty()).then(|| names.join("、"))
}

/// More pharmacies than this are not listed by name.
const SOURCES: usize = 3;
