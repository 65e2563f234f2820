//! What the ledger says about consents, as JSON. Each line names the consent and the person, so that the lines of one
//! consent are found and those of an erased person lose their words.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use techo_protocol::GrantDigest;

use super::{VaultError, codec};
use crate::{
    base::PersonId,
    consent::{ConsentId, ConsentRequest, Receipt},
};

/// Which consent a line is about, and whose.
#[derive(Clone, Copy, Debug)]
pub(super) struct About {
    pub(super) consent: ConsentId,
    pub(super) person: PersonId,
}

/// What a line says besides.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Said<'a> {
    Asked { request: &'a ConsentRequest },
    Answered { receipt: &'a Receipt },
    Started { grant: GrantDigest, expires: DateTime<Utc> },
    Ended { reason: &'a str },
    Withdrawn { documents: u32, records: u64, erased: bool },
}

/// What is read back of a line; its other fields are for people.
#[derive(Debug, Deserialize)]
struct Read {
    #[serde(default)]
    person: Option<PersonId>,
    #[serde(default)]
    request: Option<ConsentRequest>,
    #[serde(default)]
    receipt: Option<Receipt>,
    #[serde(default)]
    erased: bool,
}

/// The parts of a line that consents are folded from.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) person: Option<PersonId>,
    pub(super) request: Option<ConsentRequest>,
    pub(super) receipt: Option<Receipt>,
    pub(super) erased: bool,
}

/// The line.
pub(super) fn write(about: About, said: &Said<'_>) -> Result<String, VaultError> {
    #[derive(Serialize)]
    struct Line<'a> {
        consent: ConsentId,
        person: PersonId,
        #[serde(flatten)]
        said: &'a Said<'a>,
    }
    serde_json::to_string(&Line { consent: about.consent, person: about.person, said }).map_err(|_| VaultError::Codec)
}

/// The line of somebody else's words: a JSON object, to which consent and person are added.
pub(super) fn write_of(about: About, detail: &str) -> Result<String, VaultError> {
    let mut fields: Map<String, Value> = serde_json::from_str(detail).map_err(|_| VaultError::Codec)?;
    fields.insert("consent".to_owned(), about.consent.to_string().into());
    fields.insert("person".to_owned(), about.person.to_string().into());
    serde_json::to_string(&fields).map_err(|_| VaultError::Codec)
}

/// Which consent a line tells of; none where it names none.
pub(super) fn consent_of(detail: &str) -> Option<ConsentId> {
    #[derive(Deserialize)]
    struct Tag {
        consent: ConsentId,
    }
    serde_json::from_str::<Tag>(detail).ok().map(|tag| tag.consent)
}

/// What a line says, where it is in words that this version knows.
pub(super) fn read(detail: &str) -> Parts {
    // A newer version's words are shown in the ledger as they are, and are no reason to show no consent at all.
    codec::decode::<Read>(detail.as_bytes())
        .map(|read| Parts { person: read.person, request: read.request, receipt: read.receipt, erased: read.erased })
        .unwrap_or_default()
}
