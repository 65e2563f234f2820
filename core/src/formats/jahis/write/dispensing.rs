//! The dispensings of a notebook: record 5 and what follows it, in the order the format prescribes.

use std::collections::{HashMap, HashSet};

use super::{Entry, Lost, Pen, day};
use crate::{
    formats::jahis::{block::BETWEEN, codes, titles},
    record::{Body, Coding, Concept, Medication},
};

/// Bytes of a remark on a medicine (281) and of a caution (291).
const SUPPLEMENT: usize = 100;
const CAUTION: usize = 400;

/// Writes the dispensings, newest first; facts of one event stay together.
pub(super) fn write<'a>(pen: &mut Pen, entries: impl Iterator<Item = &'a Entry<'a>>) {
    let mut blocks: Vec<Vec<&Entry<'_>>> = Vec::new();
    for entry in entries {
        match blocks.last_mut() {
            Some(block) if block.first().is_some_and(|first| is_one_block(first, entry)) => block.push(entry),
            _ => blocks.push(vec![entry]),
        }
    }
    blocks.sort_by_key(|block| std::cmp::Reverse(block.first().and_then(|entry| entry.handed_out())));
    for block in &blocks {
        write_block(pen, block);
    }
}

/// Facts of one event and one day.
fn is_one_block(one: &Entry<'_>, other: &Entry<'_>) -> bool {
    one.event_number == other.event_number && one.handed_out() == other.handed_out()
}

fn write_block(pen: &mut Pen, block: &[&Entry<'_>]) {
    let Some(first) = block.first() else { return };
    pen.go_to(&first.place);
    let date = day(pen, first.handed_out());
    pen.row(&["5", &date, first.author()]);
    if let Some(place) = &first.event.place {
        let place = pen.field(place, 120);
        pen.row(&["11", &place, "", "", "", "", "", "", first.author()]);
    }
    let titled = |title: &'static str| block.iter().filter(move |entry| !entry.words().is_empty() && entry.fact.title == title);
    for entry in titled(titles::OTHER_PHARMACY) {
        pen.go_to(&entry.place);
        let name = pen.field(entry.words(), 120);
        pen.row(&["11", &name, "", "", "", "", "", "", entry.author()]);
    }
    for entry in titled(titles::DISPENSER) {
        pen.go_to(&entry.place);
        let name = pen.field(entry.words(), 40);
        pen.row(&["15", &name, "", entry.author()]);
    }
    medicines(pen, block);
    for entry in titled(titles::CAUTION) {
        notes(pen, entry, entry.words(), "401", entry.author());
    }
    for entry in titled(titles::FROM_INSTITUTION) {
        pen.go_to(&entry.place);
        let kind = entry.fact.concept.leading().map_or("99", |coding| coding.code.as_str());
        for words in pen.pieces(entry.words(), CAUTION) {
            pen.row(&["411", &words, kind, entry.author()]);
        }
    }
    for entry in titled(titles::LEFT_OVER) {
        notes(pen, entry, entry.words(), "421", entry.author());
    }
    let has_record = |title: &str| {
        [titles::OTHER_PHARMACY, titles::DISPENSER, titles::CAUTION, titles::FROM_INSTITUTION, titles::LEFT_OVER, titles::FROM_PATIENT]
            .contains(&title)
    };
    for entry in block.iter().filter(|entry| !entry.words().is_empty() && !has_record(&entry.fact.title)) {
        let named = format!("{}：{}", entry.fact.title, entry.words());
        let words = if entry.fact.title == titles::REMARK { entry.words() } else { &named };
        notes(pen, entry, words, "501", entry.author());
    }
    for entry in titled(titles::FROM_PATIENT) {
        pen.go_to(&entry.place);
        let entered = day(pen, entry.fact.when.as_ref().map(|when| when.day));
        notes(pen, entry, entry.words(), "601", &entered);
    }
}

fn notes(pen: &mut Pen, entry: &Entry<'_>, words: &str, record: &str, last: &str) {
    pen.go_to(&entry.place);
    for words in pen.pieces(words, CAUTION) {
        pen.row(&[record, &words, last]);
    }
}

/// The medicines of one RP: the same prescriber, the same group, the same usage.
struct Group<'a> {
    of: &'a Medication,
    members: Vec<(&'a Entry<'a>, &'a Medication)>,
}

/// What the medicines of one RP have in common.
#[derive(PartialEq, Eq, Hash)]
struct Common<'a> {
    number: &'a str,
    prescriber: Option<&'a str>,
    usage: Option<&'a Concept>,
    quantity: [Option<&'a str>; 2],
    form: Option<&'a str>,
}

/// `None` for a medicine without a group: it stands alone.
fn common(of: &Medication) -> Option<Common<'_>> {
    Some(Common {
        number: of.group.as_deref()?,
        prescriber: of.prescriber.as_deref(),
        usage: of.usage.as_ref(),
        quantity: [of.quantity.as_deref(), of.quantity_unit.as_deref()],
        form: of.form.as_deref(),
    })
}

fn medicines(pen: &mut Pen, block: &[&Entry<'_>]) {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut known: HashMap<Common<'_>, usize> = HashMap::new();
    for entry in block {
        let Body::Medication(medication) = &entry.fact.body else { continue };
        let home = common(medication).map(|common| *known.entry(common).or_insert(groups.len()));
        match home.and_then(|home| groups.get_mut(home)) {
            Some(group) => group.members.push((entry, medication)),
            None => groups.push(Group { of: medication, members: vec![(entry, medication)] }),
        }
    }
    // Medicines without prescriber come first: behind a prescriber's records they would be that prescriber's.
    groups.sort_by_key(|group| group.of.prescriber.is_some());
    let mut numbers = Numbers::default();
    let mut current = None;
    for group in &groups {
        let prescriber = group.of.prescriber.as_deref();
        if prescriber != current {
            group.members.iter().take(1).for_each(|(entry, _)| write_prescriber(pen, entry, prescriber.unwrap_or_default()));
            current = prescriber;
        }
        let number = numbers.for_group(prescriber, group.of.group.as_deref());
        write_group(pen, group, &number);
    }
}

/// RP numbers: a group keeps its own where it can, and no two groups of one prescriber have the same.
#[derive(Default)]
struct Numbers<'a> {
    taken: HashSet<(Option<&'a str>, String)>,
    next: HashMap<Option<&'a str>, u32>,
}

impl<'a> Numbers<'a> {
    fn for_group(&mut self, prescriber: Option<&'a str>, own: Option<&str>) -> String {
        let is_number = |own: &&str| (1..=3).contains(&own.len()) && own.bytes().all(|b| b.is_ascii_digit());
        if let Some(own) = own.filter(is_number)
            && self.taken.insert((prescriber, codes::plain(own).to_owned()))
        {
            return own.to_owned();
        }
        let next = self.next.entry(prescriber).or_insert(1);
        while !self.taken.insert((prescriber, next.to_string())) {
            *next += 1;
        }
        next.to_string()
    }
}

/// 51 and 55. The words are `institution / department / name`, as reading puts them together.
fn write_prescriber(pen: &mut Pen, entry: &Entry<'_>, words: &str) {
    pen.go_to(&entry.place);
    let mut parts: Vec<&str> = words.split(BETWEEN).collect();
    let doctor = (parts.len() > 1).then(|| parts.pop()).flatten();
    let department = (parts.len() > 1).then(|| parts.pop()).flatten();
    let institution = pen.field(&parts.join(BETWEEN), 120);
    pen.row(&["51", &institution, "", "", "", entry.author()]);
    if let Some(doctor) = doctor {
        let (doctor, department) = (pen.field(doctor, 40), pen.field(department.unwrap_or_default(), 80));
        pen.row(&["55", &doctor, &department, entry.author()]);
    }
}

fn write_group(pen: &mut Pen, group: &Group<'_>, number: &str) {
    for (entry, medication) in &group.members {
        pen.go_to(&entry.place);
        write_medicine(pen, entry, medication, number);
        for note in &medication.notes {
            let cleaned = pen.pieces(note, SUPPLEMENT);
            let short = cleaned.len() == 1;
            let (record, pieces) = if short { ("281", cleaned) } else { ("291", pen.pieces(note, CAUTION)) };
            for words in pieces {
                pen.row(&[record, number, &words, entry.author()]);
            }
        }
    }
    let of = group.of;
    let Some((entry, _)) = group.members.first().filter(|_| of.usage.is_some() || of.quantity.is_some() || of.form.is_some()) else {
        return;
    };
    pen.go_to(&entry.place);
    let how = of.usage.as_ref().and_then(Concept::label).map(|how| pen.field(how, 100)).unwrap_or_default();
    let codings = of.usage.as_ref().map_or(&[][..], |usage| &usage.codings);
    let code = carried(pen, codings, codes::usage_type);
    let (kind, code) = code.map_or((codes::NO_CODE, ""), |(kind, coding)| (kind, coding.code.as_str()));
    let code = pen.field(code, 16);
    let mut given = |text: &Option<String>, bytes| text.as_ref().map(|text| pen.field(text, bytes)).unwrap_or_default();
    let (quantity, unit) = (given(&of.quantity, 3), given(&of.quantity_unit, 100));
    let form = of.form.as_deref().map_or(Some(""), codes::form_code);
    if form.is_none() {
        pen.lose(Lost::Detail);
    }
    let form = pen.field(form.unwrap_or_default(), 2);
    pen.row(&["301", number, &how, &quantity, &unit, &form, kind, &code, entry.author()]);
}

/// 201 薬品.
fn write_medicine(pen: &mut Pen, entry: &Entry<'_>, medication: &Medication, number: &str) {
    let detail =
        !medication.ingredients.is_empty() || medication.start.is_some() || medication.end.is_some() || medication.status.is_some();
    if detail || entry.fact.when.is_some() {
        pen.lose(Lost::Detail);
    }
    let name = pen.field(entry.name(), 120);
    let coded = carried(pen, &entry.fact.concept.codings, codes::medicine_type);
    let (kind, code) = coded.map_or((codes::NO_CODE, ""), |(kind, coding)| (kind, coding.code.as_str()));
    let code = pen.field(code, 13);
    let mut given = |text: &Option<String>, bytes| text.as_ref().map(|text| pen.field(text, bytes)).unwrap_or_default();
    let (dose, unit) = (given(&medication.dose, 12), given(&medication.dose_unit, 12));
    let mut fields = vec!["201", number, &name, &dose, &unit, kind, &code, entry.author()];
    let generic = medication.generic.as_ref().map(|generic| {
        let name = generic.label().map(|name| pen.field(name, 120)).unwrap_or_default();
        let coded = carried(pen, &generic.codings, |coding| codes::is_generic(coding).then_some("2"));
        let (kind, code) = coded.map_or((codes::NO_CODE, ""), |(kind, coding)| (kind, coding.code.as_str()));
        (name, kind, pen.field(code, 12))
    });
    if let Some((name, kind, code)) = &generic {
        fields.extend([name.as_str(), kind, code]);
    }
    pen.row(&fields);
}

/// The first code the format has a type for, with that type. Codes it cannot carry are a loss.
fn carried<'a>(pen: &mut Pen, codings: &'a [Coding], kind: impl Fn(&'a Coding) -> Option<&'a str>) -> Option<(&'a str, &'a Coding)> {
    let found = codings.iter().find_map(|coding| Some((kind(coding)?, coding)));
    if codings.len() > usize::from(found.is_some()) {
        pen.lose(Lost::Detail);
    }
    found
}
