//! How records become bytes in the vault, and their canonical form: the bytes that digests, roots and the archive are
//! made of. JSON in the field order of the record types; every value in it is text or a whole number, so there is
//! one way to write it.

use serde::{Deserialize, Serialize};

use super::VaultError;
use crate::{
    base::{Decimal, Fingerprint},
    record::{Body, Event, Fact, Value, When},
};

/// One event in canonical form: a line of the archive. The document is named by its fingerprint, since row numbers mean
/// nothing outside this vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CanonicalEvent {
    /// The document that tells it.
    pub document: Fingerprint,
    /// Its place among the document's events, counted from 0.
    pub position: u32,
    /// The event with its facts.
    pub event: Event,
}

impl CanonicalEvent {
    /// The canonical bytes, without a line end.
    pub fn to_bytes(&self) -> Result<Vec<u8>, VaultError> {
        encode(self)
    }
}

/// The canonical bytes of an event without owning it.
pub(super) fn canonical_event(document: Fingerprint, position: u32, event: &Event) -> Result<Vec<u8>, VaultError> {
    #[derive(Serialize)]
    struct Borrowed<'a> {
        document: Fingerprint,
        position: u32,
        event: &'a Event,
    }
    encode(&Borrowed { document, position, event })
}

/// Bytes of any of our own types.
pub(super) fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, VaultError> {
    serde_json::to_vec(value).map_err(|_| VaultError::Codec)
}

/// The value back from its bytes. An error is damage (or a bug), never the person's doing.
pub(super) fn decode<T: for<'de> Deserialize<'de>>(bytes: &[u8]) -> Result<T, VaultError> {
    serde_json::from_slice(bytes).map_err(|_| VaultError::Codec)
}

/// A fact cut in two: what it shares with others of its kind (the shape), and what is its own.
pub(super) struct Split {
    pub(super) shape: Vec<u8>,
    pub(super) value: Option<String>,
    pub(super) moment: Option<String>,
}

/// Cuts a fact in two. Values and moments differ from record to record while codes, names, units, methods and ranges
/// repeat: stored once, a record costs some 60 bytes instead of 500, and pages are what costs time.
pub(super) fn split(mut fact: Fact) -> Result<Split, VaultError> {
    let moment = fact.when.take().map(|when| serde_json::to_string(&when)).transpose().map_err(|_| VaultError::Codec)?;
    let value = match &mut fact.body {
        Body::Observation(observation) => match &mut observation.value {
            Value::Number { decimal, .. } => Some(std::mem::replace(decimal, zero()?).as_str().to_owned()),
            Value::Text(text) => Some(std::mem::take(text)),
            Value::Between { .. } | Value::Coded { .. } | Value::Absent { .. } => None,
        },
        Body::Note(text) | Body::Raw(text) => Some(std::mem::take(text)),
        Body::Vaccination(_)
        | Body::Medication(_)
        | Body::Condition(_)
        | Body::Allergy(_)
        | Body::Procedure(_)
        | Body::Expense(_)
        | Body::Narrative(_) => None,
    };
    Ok(Split { shape: encode(&fact)?, value, moment })
}

/// The shape of a fact, its value still empty.
pub(super) fn shape(bytes: &[u8]) -> Result<Fact, VaultError> {
    decode(bytes)
}

/// Puts a fact together again.
pub(super) fn join(mut fact: Fact, value: Option<String>, moment: Option<&str>) -> Result<Fact, VaultError> {
    fact.when = moment.map(serde_json::from_str::<When>).transpose().map_err(|_| VaultError::Codec)?;
    if let Some(text) = value {
        match &mut fact.body {
            Body::Observation(observation) => match &mut observation.value {
                Value::Number { decimal, .. } => *decimal = text.parse().map_err(|_| VaultError::Codec)?,
                Value::Text(own) => *own = text,
                Value::Between { .. } | Value::Coded { .. } | Value::Absent { .. } => return Err(VaultError::Codec),
            },
            Body::Note(own) | Body::Raw(own) => *own = text,
            Body::Vaccination(_)
            | Body::Medication(_)
            | Body::Condition(_)
            | Body::Allergy(_)
            | Body::Procedure(_)
            | Body::Expense(_)
            | Body::Narrative(_) => {
                return Err(VaultError::Codec);
            }
        }
    }
    Ok(fact)
}

fn zero() -> Result<Decimal, VaultError> {
    "0".parse().map_err(|_| VaultError::Codec)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::{
        record::{Concept, Observation, Standing},
        terms::Kind,
    };

    fn measured(text: &str) -> Fact {
        Fact {
            kind: Kind::Measurement,
            title: "体重".to_owned(),
            concept: Concept::default(),
            when: Some(When { day: "2024-05-03".parse().unwrap(), time: Some("09:30".to_owned()), until: None }),
            body: Body::Observation(Observation::new(Value::Number { comparator: None, decimal: text.parse().unwrap() })),
            at: "entry[1]".to_owned(),
            said_by: None,
            standing: Standing::Understood,
        }
    }

    #[test]
    fn two_values_of_one_item_share_their_shape() {
        let (one, other) = (split(measured("62.50")).unwrap(), split(measured("61")).unwrap());
        assert_eq!(one.shape, other.shape);
        assert_eq!((one.value.as_deref(), other.value.as_deref()), (Some("62.50"), Some("61")));
        let again = join(shape(&one.shape).unwrap(), one.value, one.moment.as_deref()).unwrap();
        assert_eq!(again, measured("62.50"));
    }
}
