//! From health records to a notebook that a pharmacy's system can read: JAHISTC08, 出力区分 2 (from the patient),
//! Shift_JIS with CR LF. What the format has no field for is named, never dropped in silence.

mod dispensing;
mod pen;

use super::{block::BETWEEN, codes, titles};
use crate::{
    base::PartialDate,
    formats::{Fault, FormatError},
    record::{Allergy, Body, Coding, Condition, Event, Fact, Medication, MedicationStage, Sex, Standing, Subject, Value},
    terms::Kind,
};
use pen::Pen;

/// A notebook as bytes, and what of the records it does not carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub bytes: Vec<u8>,
    /// What is not in it.
    pub losses: Vec<Loss>,
    /// The characters that Shift_JIS lacks, each once.
    pub lacking: Vec<char>,
}

/// Something the notebook does not carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// Which fact: `"event 2, fact 1"`, counted from 1; `"patient"` for the patient record.
    pub place: String,
    /// What is missing.
    pub what: Lost,
}

impl Loss {
    /// The event and the fact in it, each counted from 0; none for the patient record.
    pub fn fact(&self) -> Option<(usize, usize)> {
        let (event, fact) = self.place.strip_prefix("event ")?.split_once(", fact ")?;
        let counted = |number: &str| number.parse::<usize>().ok()?.checked_sub(1);
        Some((counted(event)?, counted(fact)?))
    }
}

/// What is missing from a notebook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lost {
    /// The whole fact: the format has no record for it.
    Fact,
    /// Some detail of it: a code of another system, a status, a date.
    Detail,
    /// The end of a name or code that is too long.
    End,
    /// So many characters that Shift_JIS lacks; each is shown as 〓.
    Characters(usize),
}

/// Writes a notebook of what the events hold for it: dispensings, medicines bought, allergies and reactions, past
/// illnesses and notes. Dispensings come newest first, as the format wants it. A medicine that was ordered or is said to be
/// taken is no dispensing: it goes into a memo, in words.
///
/// Fails only where the patient cannot be named: name, sex and full date of birth are required.
pub fn write(subject: &Subject, events: &[Event]) -> Result<Written, FormatError> {
    let mut entries = Vec::new();
    for (event_number, event) in (1..).zip(events) {
        for (fact_number, fact) in (1..).zip(&event.facts) {
            entries.push(Entry { place: format!("event {event_number}, fact {fact_number}"), event_number, event, fact });
        }
    }
    let at = |home: Home| entries.iter().filter(move |entry| entry.home() == home);
    let mut pen = Pen::default();
    pen.row(&["JAHISTC08", "2"]);
    patient(&mut pen, subject, at(Home::Patient))?;
    at(Home::Special).for_each(|entry| special(&mut pen, entry));
    (1..).zip(at(Home::Bought)).for_each(|(sequence, entry)| bought(&mut pen, entry, sequence));
    at(Home::Memo).for_each(|entry| memo(&mut pen, entry));
    dispensing::write(&mut pen, at(Home::Dispensing));
    at(Home::Pharmacist).for_each(|entry| pharmacist(&mut pen, entry));
    for entry in at(Home::Nowhere) {
        pen.go_to(&entry.place);
        pen.lose(Lost::Fact);
    }
    Ok(pen.finish())
}

/// A fact on its way into the notebook.
struct Entry<'a> {
    place: String,
    event_number: usize,
    event: &'a Event,
    fact: &'a Fact,
}

/// Where in a notebook a fact stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Home {
    Patient,
    Special,
    Bought,
    Memo,
    Dispensing,
    Pharmacist,
    Nowhere,
}

impl Entry<'_> {
    fn home(&self) -> Home {
        let dispensed = self.event.kind == Kind::Medication && matches!(self.event.day, Some(PartialDate::Day(_)));
        let title = self.fact.title.as_str();
        match &self.fact.body {
            _ if self.fact.standing != Standing::Understood => Home::Nowhere,
            Body::Observation(_) if matches!(title, titles::BLOOD_GROUP | titles::WEIGHT) && self.event.title == titles::PATIENT => {
                Home::Patient
            }
            Body::Medication(medication) => match medication.stage {
                MedicationStage::OverTheCounter => Home::Bought,
                MedicationStage::Dispensed if self.handed_out().is_some() => Home::Dispensing,
                MedicationStage::Prescribed | MedicationStage::Taken => Home::Memo,
                MedicationStage::Dispensed => Home::Nowhere,
            },
            Body::Allergy(_) | Body::Condition(_) => Home::Special,
            Body::Note(_) if matches!(self.fact.kind, Kind::Allergy | Kind::Condition) || title == titles::SPECIAL => Home::Special,
            Body::Note(_) if title == titles::MEMO => Home::Memo,
            Body::Note(words) if title == titles::FAMILY_PHARMACIST && pharmacist_of(words).is_some() => Home::Pharmacist,
            Body::Note(_) if dispensed => Home::Dispensing,
            Body::Note(_) if self.event.kind == Kind::Note => Home::Memo,
            Body::Observation(_)
            | Body::Vaccination(_)
            | Body::Procedure(_)
            | Body::Expense(_)
            | Body::Narrative(_)
            | Body::Note(_)
            | Body::Raw(_) => Home::Nowhere,
        }
    }

    /// The day a medicine was handed out, where it is known to the day: the dispensing's, or the medicine's own where the
    /// event is something else.
    fn handed_out(&self) -> Option<PartialDate> {
        let is_day = |day: &PartialDate| matches!(day, PartialDate::Day(_));
        let own = self.fact.when.as_ref().map(|when| when.day).filter(|_| self.event.kind != Kind::Medication);
        own.filter(is_day).or(self.event.day).filter(is_day)
    }

    fn author(&self) -> &'static str {
        codes::author_code(self.fact.said_by.as_deref())
    }

    /// The words of a note; empty for any other fact.
    fn words(&self) -> &str {
        match &self.fact.body {
            Body::Note(words) => words,
            _ => "",
        }
    }

    /// The name of what the fact is about.
    fn name(&self) -> &str {
        self.fact.concept.text.as_deref().unwrap_or(&self.fact.title)
    }
}

/// A day as the format writes it, empty where there is none or it is not known to the day.
fn day(pen: &mut Pen, date: Option<PartialDate>) -> String {
    match date {
        Some(PartialDate::Day(day)) => day.format("%Y%m%d").to_string(),
        Some(_) => {
            pen.lose(Lost::Detail);
            String::new()
        }
        None => String::new(),
    }
}

fn patient<'a>(pen: &mut Pen, subject: &Subject, values: impl Iterator<Item = &'a Entry<'a>>) -> Result<(), FormatError> {
    let missing = || FormatError::Malformed { place: "patient".to_owned(), fault: Fault::Missing };
    let born = subject.born.and_then(|born| born.known_day()).ok_or_else(missing)?;
    let name = subject.names.first().ok_or_else(missing)?;
    let sex = match subject.sex.ok_or_else(missing)? {
        Sex::Male => "1",
        Sex::Female => "2",
    };
    let (mut blood_group, mut weight) = (String::new(), String::new());
    for entry in values {
        pen.go_to(&entry.place);
        let Body::Observation(observation) = &entry.fact.body else { continue };
        let value = match &observation.value {
            Value::Number { comparator: None, decimal } => decimal.as_str(),
            Value::Text(text) => text,
            _ => "",
        };
        let (field, bytes) = if entry.fact.title == titles::WEIGHT { (&mut weight, 7) } else { (&mut blood_group, 20) };
        if !field.is_empty() || value.is_empty() {
            pen.lose(Lost::Fact);
            continue;
        }
        *field = pen.field(value, bytes);
    }
    pen.go_to("patient");
    let name = pen.field(name, 40);
    let kana = subject.names.get(1).map(|kana| pen.field(kana, 40)).unwrap_or_default();
    if subject.names.len() > 2 {
        pen.lose(Lost::Detail);
    }
    pen.row(&["1", &name, sex, &born.format("%Y%m%d").to_string(), "", "", "", "", &blood_group, &weight, &kana]);
    Ok(())
}

/// 2 患者特記.
fn special(pen: &mut Pen, entry: &Entry<'_>) {
    pen.go_to(&entry.place);
    let reaction = |said: Option<&str>| if said == Some(titles::REACTION) { "2" } else { "1" };
    let (kind, words) = match &entry.fact.body {
        Body::Allergy(allergy) => {
            let bare = Allergy { nature: allergy.nature.clone(), ..Allergy::default() };
            if *allergy != bare || entry.event.day.is_some() || !entry.fact.concept.codings.is_empty() {
                pen.lose(Lost::Detail);
            }
            (reaction(allergy.nature.as_deref()), entry.name())
        }
        Body::Condition(condition) => {
            if *condition != Condition::default() || entry.event.day.is_some() || !entry.fact.concept.codings.is_empty() {
                pen.lose(Lost::Detail);
            }
            ("3", entry.name())
        }
        _ if entry.fact.kind == Kind::Allergy => (reaction(Some(&entry.fact.title)), entry.words()),
        _ if entry.fact.kind == Kind::Condition => ("3", entry.words()),
        _ => ("9", entry.words()),
    };
    for words in pen.pieces(words, 120) {
        pen.row(&["2", kind, &words, entry.author()]);
    }
}

/// 3 要指導・一般用医薬品服用 and 31 its ingredients.
fn bought(pen: &mut Pen, entry: &Entry<'_>, sequence: u32) {
    pen.go_to(&entry.place);
    let Body::Medication(medication) = &entry.fact.body else { return };
    let carried = Medication {
        stage: MedicationStage::OverTheCounter,
        start: medication.start,
        end: medication.end,
        ingredients: medication.ingredients.clone(),
        ..Medication::default()
    };
    let (packages, others): (Vec<&Coding>, Vec<&Coding>) =
        entry.fact.concept.codings.iter().partition(|coding| coding.system.as_deref() == Some(codes::PACKAGE_SYSTEM));
    if *medication != carried || !others.is_empty() || packages.len() > 1 {
        pen.lose(Lost::Detail);
    }
    let name = pen.field(entry.name(), 120);
    let (start, end) = (day(pen, medication.start.or(entry.event.day)), day(pen, medication.end));
    let package = packages.first().map(|coding| pen.field(&coding.code, 13)).unwrap_or_default();
    let sequence = sequence.to_string();
    pen.row(&["3", &name, &start, &end, entry.author(), &sequence, &package]);
    for ingredient in &medication.ingredients {
        let Some(name) = ingredient.label() else { continue };
        let name = pen.field(name, 256);
        let coded = ingredient.codings.iter().find_map(|coding| Some((codes::ingredient_type(coding)?.to_owned(), &coding.code)));
        if ingredient.codings.len() > usize::from(coded.is_some()) {
            pen.lose(Lost::Detail);
        }
        let (kind, code) = coded.map_or_else(|| (codes::NO_CODE.to_owned(), String::new()), |(kind, code)| (kind, pen.field(code, 20)));
        pen.row(&["31", &sequence, &name, &kind, &code, entry.author()]);
    }
}

/// 4 手帳メモ. A note of another name keeps it in front of its words.
fn memo(pen: &mut Pen, entry: &Entry<'_>) {
    pen.go_to(&entry.place);
    let date = day(pen, entry.event.day);
    let named = match &entry.fact.body {
        Body::Medication(medication) => {
            // The words are there, the fields and codes are not.
            pen.lose(Lost::Detail);
            medicine_in_words(entry, medication)
        }
        _ if entry.fact.title == titles::MEMO => entry.words().to_owned(),
        _ => format!("{}：{}", entry.fact.title, entry.words()),
    };
    if entry.fact.when.as_ref().is_some_and(|when| when.until.is_some()) {
        // A memo has one day.
        pen.lose(Lost::Detail);
    }
    for words in pen.pieces(&named, 400) {
        pen.row(&["4", &words, &date, entry.author()]);
    }
}

/// A medicine that no record of the format is for.
fn medicine_in_words(entry: &Entry<'_>, medication: &Medication) -> String {
    let said = |text: &Option<String>| text.clone().unwrap_or_default();
    let stage = if medication.stage == MedicationStage::Prescribed { titles::PRESCRIBED } else { titles::TAKEN };
    let dose = format!("{}{}", said(&medication.dose), said(&medication.dose_unit));
    let usage = medication.usage.as_ref().and_then(|usage| usage.label()).unwrap_or_default().to_owned();
    let quantity = format!("{}{}", said(&medication.quantity), said(&medication.quantity_unit));
    let place = entry.event.place.clone().unwrap_or_default();
    let parts: Vec<String> = [entry.name().to_owned(), dose, usage, quantity, place].into_iter().filter(|part| !part.is_empty()).collect();
    format!("{stage}：{}", parts.join("　"))
}

/// 701 かかりつけ薬剤師.
fn pharmacist(pen: &mut Pen, entry: &Entry<'_>) {
    pen.go_to(&entry.place);
    let Some([name, pharmacy, contact]) = pharmacist_of(entry.words()) else { return };
    let (name, pharmacy, contact) = (pen.field(name, 40), pen.field(pharmacy, 120), pen.field(contact, 800));
    let from = day(pen, entry.event.day);
    let until = day(pen, entry.fact.when.as_ref().and_then(|when| when.until));
    pen.row(&["701", &name, &pharmacy, &contact, &from, &until, entry.author()]);
}

/// Name, pharmacy and how to reach them: record 701 needs all three (specification 4.2). Where one is missing the note is a
/// memo, because a required field that is empty makes a record that readers refuse.
fn pharmacist_of(words: &str) -> Option<[&str; 3]> {
    let parts: Vec<&str> = words.splitn(3, BETWEEN).map(str::trim).filter(|part| !part.is_empty()).collect();
    parts.try_into().ok()
}
