//! SMART Health Cards: signed FHIR bundles, as a file, as the text of QR codes, or as a link that holds the card itself.
//!
//! `gather` finds the cards, `jws` checks and unpacks one, `keys` holds the issuers' keys the person trusts, `claims`
//! reads what the issuer says around the bundle. The bundle itself is FHIR and is read by the FHIR reader.

mod claims;
mod gather;
mod json;
mod jws;
mod keys;

use super::{Contents, Fault, FormatError, FormatId, Part, Reading, fhir};
use crate::{
    base::{fold_name, limits},
    record::{SignatureCheck, Subject},
};
use gather::{Card, Found};

pub use keys::{Added, KeySet};

/// Version of this reader; raised whenever the same bytes would give other records. Its own version in the hundreds, the
/// FHIR reader's in the units: a better FHIR reader makes better records of the cards too.
pub const PARSER: u32 = 100 + fhir::PARSER;

/// Reads a card file, the text of its QR codes (one a line), a card link, or a bare signed card.
///
/// A card whose signature does not fit is refused, and with it the whole file. A card by an issuer whose key is not in
/// `keys` is read, and says so in each of its events.
pub fn read(bytes: &[u8], keys: &KeySet) -> Result<Contents, FormatError> {
    match gather::gather(&[bytes])? {
        Found::Cards(cards) => reading(&cards, keys).map(|reading| Contents::Document(Box::new(reading))),
        // A chunk does not name its card. All sets of the same size look alike, and only joining them can tell.
        Found::Chunk { number, of } => Ok(Contents::Part(Part { format: FormatId::HealthCard, set: format!("shc-{of}"), number, of })),
    }
}

/// Puts the QR codes of one card together, in whatever order they come.
pub fn assemble(parts: &[&[u8]], keys: &KeySet) -> Result<Reading, FormatError> {
    match gather::gather(parts)? {
        Found::Cards(cards) => reading(&cards, keys),
        Found::Chunk { of, .. } => Err(gather::gap(of)),
    }
}

fn reading(cards: &[Card], keys: &KeySet) -> Result<Reading, FormatError> {
    let mut all: Option<Reading> = None;
    let mut issuers: Vec<String> = Vec::new();
    let (mut unpacked, mut facts) = (0, 0);
    for card in cards {
        let opened = jws::open(card, keys)?;
        unpacked += opened.payload.len();
        if unpacked > limits::DOCUMENT_BYTES {
            return Err(FormatError::Limit { what: "size", place: card.place.clone() });
        }
        let claims = claims::read(&opened.payload, &card.place)?;
        let check = opened.trust.check(&claims, keys.checked_at());
        let mut one = fhir::read_value(&claims.bundle)?;
        for event in &mut one.events {
            event.signature = Some(check.clone());
        }
        if cards.len() > 1 {
            name_places(&mut one, &card.place);
        }
        if !issuers.contains(&claims.issuer) {
            issuers.push(claims.issuer);
        }
        facts += one.events.iter().map(|event| event.facts.len()).sum::<usize>();
        if facts > limits::FACTS {
            return Err(FormatError::Limit { what: "records", place: card.place.clone() });
        }
        match &mut all {
            None => all = Some(one),
            Some(all) => {
                join_subjects(&mut all.subject, one.subject)
                    .ok_or_else(|| FormatError::Malformed { place: card.place.clone(), fault: Fault::Mixed })?;
                all.events.append(&mut one.events);
                all.refused.append(&mut one.refused);
            }
        }
    }
    let mut reading = all.ok_or(FormatError::Empty)?;
    reading.format = FormatId::HealthCard;
    reading.parser = PARSER;
    reading.source = Some(issuers.join(", "));
    Ok(reading)
}

fn name_places(reading: &mut Reading, place: &str) {
    for fact in reading.events.iter_mut().flat_map(|event| &mut event.facts) {
        fact.at = format!("{place}/{}", fact.at);
    }
    for refusal in &mut reading.refused {
        refusal.place = format!("{place}/{}", refusal.place);
    }
}

/// The cards of one file are about one person. `None` where they cannot be.
fn join_subjects(subject: &mut Subject, other: Subject) -> Option<()> {
    let folded = |subject: &Subject| subject.names.iter().map(|name| fold_name(name)).collect::<Vec<_>>();
    let (ours, theirs) = (folded(subject), folded(&other));
    let names_differ = !ours.is_empty() && !theirs.is_empty() && !theirs.iter().any(|name| ours.contains(name));
    let born_differs = subject.born.zip(other.born).is_some_and(|(one, other)| !one.is_compatible(&other));
    let sex_differs = subject.sex.zip(other.sex).is_some_and(|(one, other)| one != other);
    if names_differ || born_differs || sex_differs {
        return None;
    }
    subject.names.extend(other.names.into_iter().zip(theirs).filter(|(_, folded)| !ours.contains(folded)).map(|(name, _)| name));
    subject.born = subject.born.or(other.born);
    subject.sex = subject.sex.or(other.sex);
    Some(())
}

impl jws::Trust {
    /// What the check of the signature says, once the issuer and the card's time are known.
    fn check(self, claims: &claims::Claims, now: i64) -> SignatureCheck {
        let issuer = claims.issuer.clone();
        match self {
            Self::Signed { key, issuers } if issuers.is_empty() || issuers.contains(&issuer) => {
                if claims.is_in_force(now) {
                    SignatureCheck::Valid { issuer, key }
                } else {
                    SignatureCheck::NotInForce { issuer, key }
                }
            }
            // A key that belongs to somebody else says nothing about this issuer.
            Self::Signed { key, .. } | Self::UnknownKey { key } => SignatureCheck::UnknownKey { issuer, key },
        }
    }
}
