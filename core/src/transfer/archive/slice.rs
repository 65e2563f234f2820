//! A slice of one person's records: an archive whose documents hold only what was chosen. Each is a document of its own, so that
//! it stands in nobody's way: the whole one may be there already, or come later, and equal records count once all the same.

use std::{collections::HashSet, io::Write};

use super::{
    layout::{self, DocumentLine, Head, Manifest, ManifestPerson},
    write::{Chunks, Told, Writer},
};
use crate::{
    base::{Fingerprint, PersonId},
    formats::NotCarried,
    insight::growth::Measure,
    present::Marked,
    record::Fact,
    terms::{Kind, quantity_of},
    transfer::{
        Progress, Step, TransferError,
        choice::{Chooser, Count, Tellings},
    },
    vault::{CanonicalEvent, CanonicalSamples, DocumentBody, DocumentId, EventId, FactId, SliceMark, StoredEvent, person_root},
};

/// What a document's fingerprint begins with before it is hashed: it is no original's.
const NAMED: &[u8] = b"techo slice 1\n";

/// What is written of the person.
struct Cut<'a> {
    chooser: &'a Chooser<'a>,
    mark: &'a SliceMark,
    is_growth: bool,
    /// The records that are in it, each once.
    records: HashSet<FactId>,
    samples: u64,
}

/// Writes the chosen records of one person as a slice, and counts what was held back.
pub(super) fn write<W: Write>(
    chooser: &Chooser<'_>,
    person: PersonId,
    mark: &SliceMark,
    out: W,
    count: &mut Count,
    progress: &mut dyn FnMut(Progress),
) -> Result<(W, Manifest), TransferError> {
    let vault = chooser.vault;
    let mut writer = Writer::new(out, false);
    writer.put(layout::HEAD, &layout::encode(&Head::of_slice(mark))?)?;
    writer.people(&[vault.person(person)?])?;
    let is_growth = mark.only.is_some();
    let mut cut = Cut { chooser, mark, is_growth, records: HashSet::new(), samples: 0 };
    let (mut told, mut number) = (Told::default(), 0);
    let ids = vault.document_ids(person)?;
    let of = ids.len() as u64;
    for (done, id) in (1..).zip(ids) {
        let (events, days) = cut.of_document(id, count)?;
        if !(events.is_empty() && days.is_empty()) {
            number += 1;
            cut.write(&mut writer, (person, number, id), (events, days), &mut told)?;
        }
        progress(Progress { step: Step::Writing, done, of });
    }
    let records = cut.records.len() as u64 + cut.samples;
    count.write(person, usize::try_from(records).unwrap_or(usize::MAX));
    count.refuse_nothing()?;
    let Told { digests, events, days } = told;
    let root = person_root(person, digests);
    writer.finish(vec![ManifestPerson { id: person, documents: u64::from(number), events, days, records, root }], None)
}

impl Cut<'_> {
    /// The chosen events and days of one document.
    fn of_document(&mut self, id: DocumentId, count: &mut Count) -> Result<(Vec<CanonicalEvent>, Vec<CanonicalSamples>), TransferError> {
        let vault = self.chooser.vault;
        let document = vault.document(id)?.fingerprint;
        let (mut events, mut days) = (Vec::new(), Vec::new());
        vault.each_event_of(id, |stored| {
            let Some(mut keep) = self.chooser.of_event(&stored, Tellings::Every, count)? else { return Ok(()) };
            for (place, keep) in keep.iter_mut().enumerate() {
                *keep = *keep && self.takes(&stored, place)?;
            }
            if !keep.contains(&true) {
                return Ok(());
            }
            let ids = stored.ids.iter().zip(&keep).filter(|(_, keep)| **keep);
            self.records.extend(ids.map(|((id, first), _)| first.unwrap_or(*id)));
            let mut event = stored.event;
            let mut keep = keep.into_iter();
            event.facts.retain(|_| keep.next() == Some(true));
            events.push(CanonicalEvent { document, position: stored.position, event });
            Ok::<_, TransferError>(())
        })?;
        vault.each_samples_of(id, |day| {
            let choice = self.chooser.choice;
            let is_chosen = choice.takes_day(day.samples.day) && (!self.is_growth || Measure::of_quantity(&day.samples.quantity).is_some());
            let samples = day.samples.samples.len() as u64;
            if is_chosen && choice.withhold_day.is_some() && Marked::quantity_reason(&day.samples.quantity).is_some() {
                count.miss_many(Kind::Measurement, NotCarried::Withheld, samples);
            } else if is_chosen {
                self.samples += samples;
                days.push(day);
            }
            Ok::<_, TransferError>(())
        })?;
        Ok((events, days))
    }

    /// Whether a chosen record is of what the slice is made of, and shown by the document that leads as well: what the person
    /// hid or removed is hidden in every document that states it.
    fn takes(&self, stored: &StoredEvent, place: usize) -> Result<bool, TransferError> {
        let vault = self.chooser.vault;
        if let Some(first) = stored.ids.get(place).and_then(|(_, first)| *first) {
            let event: EventId = first.event();
            if self.chooser.is_hidden(vault.fact(first)?.hidden) || self.chooser.is_hidden(vault.event_line(event)?.hidden) {
                return Ok(false);
            }
        }
        Ok(!self.is_growth || stored.event.facts.get(place).is_some_and(is_growth))
    }

    fn write<W: Write>(
        &self,
        writer: &mut Writer<W>,
        (person, number, id): (PersonId, u32, DocumentId),
        (mut events, mut days): (Vec<CanonicalEvent>, Vec<CanonicalSamples>),
        told: &mut Told,
    ) -> Result<(), TransferError> {
        let document = self.chooser.vault.document(id)?;
        // Named after what it is a part of and what is in it: the same part has the same name, a larger one another.
        let mut named = [NAMED, document.fingerprint.as_bytes()].concat();
        for event in &events {
            named.extend(Fingerprint::of(&event.to_bytes()?).as_bytes());
        }
        for day in &days {
            named.extend(Fingerprint::of(&day.to_bytes()?).as_bytes());
        }
        let fingerprint = Fingerprint::of(&named);
        let about = DocumentBody {
            slice: Some(self.mark.clone()),
            name: None,
            refused: Vec::new(),
            consent: None,
            trimmed: None,
            mapping: None,
            given: None,
            original_erased: false,
            ..document.about
        };
        let line = DocumentLine { fingerprint, received: document.received, parts: 0, ledger: None, about };
        writer.put(&layout::document_name(person, number), &layout::encode(&line)?)?;
        let mut chunks = Chunks::default();
        for event in &mut events {
            event.document = fingerprint;
            let bytes = event.to_bytes()?;
            told.digests.push(*Fingerprint::of(&bytes).as_bytes());
            told.events += 1;
            chunks.add(&bytes, |chunk, lines| writer.put(&layout::events_name(person, number, chunk), lines))?;
        }
        chunks.finish(|chunk, lines| writer.put(&layout::events_name(person, number, chunk), lines))?;
        let mut chunks = Chunks::default();
        for day in &mut days {
            day.document = fingerprint;
            let bytes = day.to_bytes()?;
            told.digests.push(*Fingerprint::of(&bytes).as_bytes());
            told.days += 1;
            chunks.add(&bytes, |chunk, lines| writer.put(&layout::samples_name(person, number, chunk), lines))?;
        }
        chunks.finish(|chunk, lines| writer.put(&layout::samples_name(person, number, chunk), lines))
    }
}

/// Whether a record is weight, height, head circumference or BMI.
fn is_growth(fact: &Fact) -> bool {
    let mut quantities = fact.concept.codings.iter().filter_map(|coding| quantity_of(coding.canonical_system().as_deref(), &coding.code));
    quantities.any(|quantity| Measure::of_quantity(quantity.id).is_some())
}
