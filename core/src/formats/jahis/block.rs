//! One dispensing (調剤等年月日 and what follows it): medicines, the usage and remarks of the RP they belong to, who
//! prescribed them, and the notes about the whole dispensing.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    codes,
    fact::{coded, not_understood},
    wire::Row,
};
use crate::{
    formats::Fault,
    record::{Body, Concept, Fact, Medication, MedicationStage, Standing},
    terms::Kind,
};

/// One dispensing while it is being read.
#[derive(Default)]
pub(super) struct Block<'a> {
    /// Which event of the reading it becomes.
    pub(super) event: usize,
    begun_by: Option<Row<'a>>,
    slots: Vec<Slot>,
    groups: Vec<Group<'a>>,
    stray: Vec<(&'a str, Fact)>,
    newest_group: BTreeMap<&'a str, usize>,
    group_of_prescriber: BTreeMap<(u32, &'a str), usize>,
    refused_groups: BTreeSet<&'a str>,
    prescriber: Prescriber<'a>,
    /// Bytes that will be copied to every medicine of a group; bounded by the caller.
    copied: usize,
}

#[derive(Default)]
struct Prescriber<'a> {
    number: u32,
    institution: Option<&'a str>,
    department: Option<&'a str>,
    doctor: Option<&'a str>,
}

impl Prescriber<'_> {
    fn bytes(&self) -> usize {
        [self.institution, self.department, self.doctor].into_iter().flatten().map(str::len).sum()
    }

    /// `"病院 / 内科 / 氏名"`; a dash stands for an institution that is not named.
    fn words(&self) -> Option<String> {
        let parts: Vec<&str> = match (self.institution, self.doctor.or(self.department)) {
            (None, None) => return None,
            (institution, _) => [Some(institution.unwrap_or(NO_INSTITUTION)), self.department, self.doctor].into_iter().flatten().collect(),
        };
        Some(parts.join(BETWEEN))
    }
}

/// What stands between institution, department and name of a prescriber.
pub(super) const BETWEEN: &str = " / ";
/// What stands for an institution that is not named.
pub(super) const NO_INSTITUTION: &str = "―";

/// A fact, and the group it takes its usage from where it is a medicine.
struct Slot {
    group: Option<usize>,
    fact: Fact,
}

/// The medicines of one RP number and what is said about all of them.
#[derive(Default)]
struct Group<'a> {
    number: &'a str,
    medicines: usize,
    last_medicine: Option<usize>,
    usage: Option<Usage>,
    notes: Vec<String>,
    waiting: Vec<Fact>,
    /// Bytes that each medicine gets a copy of.
    bytes: usize,
}

struct Usage {
    how: Option<Concept>,
    quantity: Option<String>,
    quantity_unit: Option<String>,
    form: Option<String>,
}

impl<'a> Block<'a> {
    /// A dispensing that becomes event number `event`, and the record 5 that began it.
    pub(super) fn new(event: usize, begun_by: Option<&Row<'a>>) -> Self {
        Self { event, begun_by: begun_by.cloned(), ..Self::default() }
    }

    /// Bytes that closing will copy, over all medicines.
    pub(super) const fn copied(&self) -> usize {
        self.copied
    }

    /// A fact about the whole dispensing.
    pub(super) fn push(&mut self, fact: Fact) {
        self.slots.push(Slot { group: None, fact });
    }

    /// 51 処方−医療機関.
    pub(super) fn institution(&mut self, row: &Row<'a>) -> Result<(), Fault> {
        let name = row.required(1)?;
        self.prescriber = Prescriber { number: self.prescriber.number + 1, institution: Some(name), ..Prescriber::default() };
        Ok(())
    }

    /// 55 処方−医師: the RPs that follow are this doctor's.
    pub(super) fn doctor(&mut self, row: &Row<'a>) -> Result<(), Fault> {
        let name = row.required(1)?;
        self.prescriber.number += 1;
        self.prescriber.doctor = Some(name);
        self.prescriber.department = row.field(2);
        Ok(())
    }

    /// 201 薬品.
    pub(super) fn medicine(&mut self, row: &Row<'a>) -> Result<(), Fault> {
        let number = row.required(1).map(codes::plain)?;
        let taken = self.medicine_fact(row);
        let fact = taken.inspect_err(|_| {
            self.refused_groups.insert(number);
        })?;
        let group = self.group(number);
        self.copied = self.copied.saturating_add(self.prescriber.bytes());
        if let Some(entry) = self.groups.get_mut(group) {
            entry.medicines += 1;
            self.copied = self.copied.saturating_add(entry.bytes);
            entry.last_medicine = Some(self.slots.len());
            entry.waiting.clear();
        }
        self.slots.push(Slot { group: Some(group), fact });
        Ok(())
    }

    fn medicine_fact(&self, row: &Row<'a>) -> Result<Fact, Fault> {
        let name = row.required(2)?;
        let mut concept = Concept::text(name);
        concept.codings.extend(coded(row, 5, 6)?.map(|code| codes::medicine(row.field(5), code)));
        // A general name whose code is missing is still a general name: the medicine itself is known.
        let generic_code = row.field(10).map(|code| codes::generic(row.field(9), code));
        let generic = Concept { codings: generic_code.into_iter().collect(), text: row.field(8).map(str::to_owned) };
        let medication = Medication {
            stage: MedicationStage::Dispensed,
            group: row.field(1).map(str::to_owned),
            dose: row.field(3).map(str::to_owned),
            dose_unit: row.field(4).map(str::to_owned),
            generic: (!generic.is_empty()).then_some(generic),
            prescriber: self.prescriber.words(),
            ..Medication::default()
        };
        Ok(Fact {
            kind: Kind::Medication,
            title: name.to_owned(),
            concept,
            when: None,
            body: Body::Medication(medication),
            at: row.place(),
            said_by: row.field(7).map(codes::author),
            standing: Standing::Understood,
        })
    }

    /// 301 用法. `provider`: the file is from a provider, who must say how a medicine is used.
    pub(super) fn usage(&mut self, row: &Row<'a>, provider: bool) -> Result<(), Fault> {
        let number = row.required(1).map(codes::plain)?;
        let (name, form) = (row.field(2), row.field(5));
        if provider && name.is_none() && !form.is_some_and(codes::needs_no_usage) {
            return Err(Fault::Missing);
        }
        let code = coded(row, 6, 7)?.map(|code| codes::usage(row.field(6), code));
        let how = Concept { codings: code.into_iter().collect(), text: name.map(str::to_owned) };
        let usage = Usage {
            how: (!how.is_empty()).then_some(how),
            quantity: row.field(3).map(str::to_owned),
            quantity_unit: row.field(4).map(str::to_owned),
            form: form.map(codes::form),
        };
        let group = self.group_spoken_of(number);
        match self.groups.get_mut(group) {
            Some(entry) if entry.usage.is_none() => {
                entry.usage = Some(usage);
                self.copied = self.copied.saturating_add(entry.grow(row.text.len()));
                self.wait(group, row);
                Ok(())
            }
            Some(_) | None => Err(Fault::Order),
        }
    }

    /// 281 薬品補足, 291 薬品服用注意: about the medicine before it.
    pub(super) fn medicine_note(&mut self, row: &Row<'a>) -> Result<(), Fault> {
        let number = row.required(1).map(codes::plain)?;
        let words = row.required(2)?;
        let group = self.group_spoken_of(number);
        let slot = self.groups.get(group).and_then(|group| group.last_medicine);
        match slot.and_then(|slot| self.slots.get_mut(slot)) {
            Some(Slot { fact: Fact { body: Body::Medication(medication), said_by, .. }, .. }) => {
                medication.notes.push(by_author(words, row.field(3), said_by.as_deref()));
            }
            Some(_) | None => self.stray.push((number, not_understood(row))),
        }
        Ok(())
    }

    /// 311 用法補足, 391 処方服用注意: about all medicines of the RP.
    pub(super) fn group_note(&mut self, row: &Row<'a>) -> Result<(), Fault> {
        let number = row.required(1).map(codes::plain)?;
        let words = row.required(2)?;
        let group = self.group_spoken_of(number);
        let author = self.author_of(group);
        if let Some(entry) = self.groups.get_mut(group) {
            entry.notes.push(by_author(words, row.field(3), author.as_deref()));
            self.copied = self.copied.saturating_add(entry.grow(row.text.len()));
        }
        self.wait(group, row);
        Ok(())
    }

    fn author_of(&self, group: usize) -> Option<String> {
        let slot = self.groups.get(group)?.last_medicine?;
        self.slots.get(slot)?.fact.said_by.clone()
    }

    /// The group a medicine belongs to: RP numbers start anew with each prescriber.
    fn group(&mut self, number: &'a str) -> usize {
        let key = (self.prescriber.number, number);
        if let Some(known) = self.group_of_prescriber.get(&key) {
            return *known;
        }
        let index = self.groups.len();
        self.groups.push(Group { number, ..Group::default() });
        self.group_of_prescriber.insert(key, index);
        self.newest_group.insert(number, index);
        index
    }

    /// The group a usage or remark is about: the prescriber's own, else the newest of that number.
    fn group_spoken_of(&mut self, number: &'a str) -> usize {
        let key = (self.prescriber.number, number);
        let known = self.group_of_prescriber.get(&key).or_else(|| self.newest_group.get(number)).copied();
        known.unwrap_or_else(|| self.group(number))
    }

    /// Keeps the line of a group that has no medicine yet, to be shown if none comes.
    fn wait(&mut self, group: usize, row: &Row<'a>) {
        if let Some(entry) = self.groups.get_mut(group)
            && entry.medicines == 0
        {
            entry.waiting.push(not_understood(row));
        }
    }

    /// The facts of the dispensing, and the places of lines about an RP that has no medicine at all.
    ///
    /// Such lines are kept as they are. Where the medicine was refused, that refusal already says it.
    pub(super) fn close(self) -> (Vec<Fact>, Vec<String>) {
        let empty = self.groups.iter().filter(|group| group.medicines == 0);
        let waiting = empty.flat_map(|group| group.waiting.iter().map(|fact| (group.number, fact)));
        let alone: Vec<(&str, &Fact)> = waiting.chain(self.stray.iter().map(|(number, fact)| (*number, fact))).collect();
        let unexplained = alone.iter().filter(|(number, _)| !self.refused_groups.contains(number));
        let homeless = unexplained.map(|(_, fact)| fact.at.clone()).collect();
        let alone: Vec<Fact> = alone.into_iter().map(|(_, fact)| fact.clone()).collect();
        let facts = self.slots.into_iter().map(|Slot { group, mut fact }| {
            let group = group.and_then(|group| self.groups.get(group));
            if let (Some(group), Body::Medication(medication)) = (group, &mut fact.body) {
                group.complete(medication);
            }
            fact
        });
        let mut facts: Vec<Fact> = facts.chain(alone).collect();
        if facts.is_empty() {
            // A dispensing of nothing: that it took place is all there is to keep.
            facts.extend(self.begun_by.as_ref().map(not_understood));
        }
        (facts, homeless)
    }
}

impl Group<'_> {
    fn complete(&self, medication: &mut Medication) {
        if let Some(usage) = &self.usage {
            medication.usage.clone_from(&usage.how);
            medication.quantity.clone_from(&usage.quantity);
            medication.quantity_unit.clone_from(&usage.quantity_unit);
            medication.form.clone_from(&usage.form);
        }
        medication.notes.extend(self.notes.iter().cloned());
    }

    /// Notes that `bytes` more go to each medicine, and says how many that are for those already here.
    fn grow(&mut self, bytes: usize) -> usize {
        self.bytes = self.bytes.saturating_add(bytes);
        self.medicines.saturating_mul(bytes)
    }
}

/// A remark, with its author where that is somebody else than the author of what it is about.
fn by_author(words: &str, code: Option<&str>, of_the_rest: Option<&str>) -> String {
    match code.map(codes::author) {
        Some(author) if of_the_rest.is_some_and(|rest| rest != author) => format!("{words}（{author}）"),
        _ => words.to_owned(),
    }
}
