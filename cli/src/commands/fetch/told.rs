//! What came of a fetch, in words and in JSON: the digest, the end, and why a call did nothing.

use techo_core::{
    consent::ConsentId,
    intake::{Changed, Digest},
    present::{self, Language, Trouble, TroubleKind, refusal_text},
    sync::{End, SyncError},
    vault::Vault,
};

use super::voice::Voice;
use crate::{
    exit::{Exit, Failure},
    json,
    terminal::plain,
};

/// Why a call of a fetch did nothing.
pub(super) fn failure(error: SyncError, language: Language) -> Failure {
    let kind = TroubleKind::from(&error);
    match (error, kind) {
        (SyncError::Vault(error), _) => error.into(),
        (_, TroubleKind::OtherRelay) => Failure::new(kind.into(), kind.what(language)),
        // Our own mistakes; the texts hold numbers only.
        (error, TroubleKind::Locked | TroubleKind::ForeignRedirect | TroubleKind::Internal) => {
            Failure::new(Exit::Internal, error.to_string())
        }
        (_, kind) => Exit::from(kind).into(),
    }
}

/// The fetch ended and nothing was taken in.
pub(super) fn ended(voice: &Voice<'_>, id: ConsentId, end: &End) -> Result<Exit, Failure> {
    if voice.json {
        let line = json::EndedStep { step: "ended", consent: id.to_string(), reason: end.id(), code: end.code() };
        voice.print(&json::line(&line))?;
    }
    let trouble = Trouble::of_end(end, voice.language);
    Err(Failure::told(trouble.kind.into(), trouble.text(voice.language)))
}

/// What the fetch came to.
pub(super) fn done(voice: &Voice<'_>, vault: &Vault, id: ConsentId, digest: &Digest) -> Result<Exit, Failure> {
    if voice.json {
        voice.print(&json::line(&line(voice, vault, id, digest)?))?;
    } else {
        let view = present::digest(vault, digest, voice.language)?;
        voice.print(&view.sum)?;
        for line in view.changed.iter().chain(&view.cut).chain(&view.refused).chain(&view.missing) {
            voice.print(&format!("  {}", plain(line)))?;
        }
    }
    Ok(if digest.missing.is_none() && digest.refused.is_empty() { Exit::Done } else { Exit::SomeRefused })
}

/// A changed value, told by both of its records.
struct Both {
    title: String,
    date: Option<String>,
    new: Option<String>,
    old: Option<String>,
}

fn both(voice: &Voice<'_>, vault: &Vault, changed: &Changed) -> Result<Both, Failure> {
    let (new, old) = (present::record(vault, changed.new, voice.language)?, present::record(vault, changed.old, voice.language)?);
    let with_unit =
        |value: Option<String>, unit: Option<String>| value.map(|value| format!("{value} {}", unit.unwrap_or_default()).trim().to_owned());
    Ok(Both { title: new.title, date: new.date, new: with_unit(new.value, new.unit), old: with_unit(old.value, old.unit) })
}

fn line<'a>(voice: &Voice<'_>, vault: &Vault, id: ConsentId, digest: &'a Digest) -> Result<json::DoneStep<'a>, Failure> {
    let changed = |changed: &Changed| -> Result<json::ChangedLine, Failure> {
        let Both { title, date, new, old } = both(voice, vault, changed)?;
        Ok(json::ChangedLine { title, date, new: changed.new.to_string(), new_value: new, old: changed.old.to_string(), old_value: old })
    };
    let reason = |refusal: &techo_core::formats::Refusal| json::RefusedLine {
        place: refusal.place.clone(),
        reason: refusal_text(&refusal.reason, voice.language),
    };
    Ok(json::DoneStep {
        step: "done",
        consent: id.to_string(),
        documents: digest.documents.iter().map(ToString::to_string).collect(),
        known_documents: digest.known_documents.iter().map(ToString::to_string).collect(),
        new: digest.new,
        already_here: digest.already_here,
        changed: digest.changed.iter().map(changed).collect::<Result<_, _>>()?,
        refused: digest.refused.iter().map(reason).collect(),
        groups: digest
            .groups
            .iter()
            .map(|group| json::GroupLine { name: &group.name, item: group.item.id(), returned: group.returned, kept: group.kept })
            .collect(),
        missing: digest
            .missing
            .as_ref()
            .map(|missing| json::MissingLine { items: missing.items.iter().map(|item| item.id()).collect(), reason: missing.why.id() }),
    })
}
