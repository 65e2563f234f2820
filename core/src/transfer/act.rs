//! The ledger's line about what left or came in: which format, whose, how much; never what.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::TransferError;
use crate::{
    base::PersonId,
    vault::{Act, PersonRoot, Vault, VaultError},
};

#[derive(Serialize)]
struct Detail<'a> {
    format: &'a str,
    /// What became of it: of a hand-over, `kept` or `ended`.
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<&'a str>,
    people: Vec<DetailPerson>,
}

#[derive(Serialize)]
struct DetailPerson {
    person: String,
    records: u64,
    root: String,
}

/// Writes the line. A vault that was opened to rescue its content takes none, and what can be read may leave it.
pub(super) fn note(vault: &Vault, now: DateTime<Utc>, act: Act, format: &str, people: &[PersonRoot]) -> Result<(), TransferError> {
    note_of(vault, now, act, (format, None), people)
}

/// The same, and what became of it.
pub(super) fn note_of(
    vault: &Vault,
    now: DateTime<Utc>,
    act: Act,
    (format, of): (&str, Option<&str>),
    people: &[PersonRoot],
) -> Result<(), TransferError> {
    let people = people
        .iter()
        .map(|one| DetailPerson { person: one.person.to_string(), records: one.records, root: one.root.to_string() })
        .collect();
    let detail = serde_json::to_string(&Detail { format, of, people }).map_err(|_| TransferError::Internal(7))?;
    match vault.note_act(now, act, Some(&detail)) {
        Err(VaultError::ReadOnly) => Ok(()),
        result => result.map_err(TransferError::from),
    }
}

/// The roots of one person or of everybody.
pub(super) fn roots(vault: &Vault, person: Option<PersonId>) -> Result<Vec<PersonRoot>, TransferError> {
    if let Some(person) = person {
        vault.person(person)?;
    }
    Ok(vault.roots()?.into_iter().filter(|root| person.is_none_or(|person| person == root.person)).collect())
}
