//! What came of a fetch, in words and in JSON: the digest, the end, the questions, and why a call did nothing.

use techo_core::{
    consent::ConsentId,
    present::{self, refusal_text},
    sync::{Changed, Digest, End, Question, SyncError},
    vault::Vault,
};

use super::{super::Names, ask::list, voice::Voice};
use crate::{
    exit::{Exit, Failure},
    json,
    terminal::plain,
    words::{Word, say},
};

/// Why a call of a fetch did nothing.
pub(super) fn failure(error: SyncError) -> Failure {
    match error {
        SyncError::PresenceNeeded => Exit::PresenceNeeded.into(),
        SyncError::GrantExpired | SyncError::ConsentNeeded | SyncError::ConsentSpent => Exit::ConsentNeeded.into(),
        SyncError::FetchRunning => Exit::FetchRunning.into(),
        SyncError::NoSuchFetch => Exit::NothingFound.into(),
        SyncError::OtherRelay => Exit::BadProfile.into(),
        SyncError::NoRandomness => Exit::System.into(),
        SyncError::Vault(error) => error.into(),
        // Our own mistakes; the texts hold numbers only.
        SyncError::Locked | SyncError::ForeignRedirect | SyncError::OutOfTurn | SyncError::Internal(_) => {
            Failure::new(Exit::Internal, error.to_string())
        }
    }
}

/// The exit of an end: what somebody would do about it.
const fn exit_of(end: &End) -> Exit {
    match end {
        End::Refused | End::Withdrawn => Exit::Declined,
        End::Cancelled => Exit::Cancelled,
        End::NotYou { .. } | End::NotConfirmed => Exit::NotYou,
        End::Forged | End::Taken => Exit::Forged,
        End::NotTheRelay(_) => Exit::NotTheRelay,
        End::Expired | End::Forgotten | End::CodeRefused | End::StateUnreadable => Exit::Expired,
        End::Late | End::Maintenance | End::PortalUnreachable | End::RelayFault => Exit::TryLater,
        End::CardExpired | End::BrowserFailed { .. } | End::IdentityRefused | End::PortalRefused { .. } => Exit::PortalRefused,
        End::TooLarge | End::Malformed => Exit::BadAnswer,
        End::MyNumber => Exit::MyNumber,
        End::OtherVersion => Exit::TooNew,
        End::NotOffered => Exit::NotOffered,
    }
}

/// The fetch ended and nothing was taken in.
pub(super) fn ended(voice: &Voice<'_>, id: ConsentId, end: &End) -> Result<Exit, Failure> {
    if voice.json {
        let line = json::EndedStep { step: "ended", consent: id.to_string(), reason: end.id(), code: end.code() };
        voice.print(&json::line(&line))?;
    }
    Err(Failure::new(exit_of(end), end.id()))
}

/// The question as the person reads it.
pub(super) fn question(voice: &Voice<'_>, vault: &Vault, question: &Question) -> Result<String, Failure> {
    let language = voice.language;
    let (word, others) = match question {
        Question::Login { others } if others.is_empty() => (Word::AskLoginUnclear, others.as_slice()),
        Question::Login { others } => (Word::AskLogin, others.as_slice()),
        Question::Answer { others } if others.is_empty() => (Word::AskAnswerUnclear, others.as_slice()),
        Question::Answer { others } => (Word::AskAnswer, others.as_slice()),
        Question::Unstated => (Word::AskUnstated, &[][..]),
        Question::Digits { place } => return Ok(say(Word::AskDigits, language, &[("place", place)])),
    };
    let names = Names::of(vault)?;
    let others: Vec<&str> = others.iter().map(|id| names.name(*id)).collect();
    Ok(say(word, language, &[("others", &others.join(language.pick("、", ", ")))]))
}

/// What the fetch came to.
pub(super) fn done(voice: &Voice<'_>, vault: &Vault, id: ConsentId, digest: &Digest) -> Result<Exit, Failure> {
    if voice.json {
        voice.print(&json::line(&line(voice, vault, id, digest)?))?;
    } else {
        lines(voice, vault, digest)?.iter().try_for_each(|line| voice.print(line))?;
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

fn lines(voice: &Voice<'_>, vault: &Vault, digest: &Digest) -> Result<Vec<String>, Failure> {
    let language = voice.language;
    let cut: u32 = digest.cut().map(|group| group.returned.saturating_sub(group.kept)).sum();
    let counts = [
        ("new", digest.new.to_string()),
        ("changed", digest.changed.len().to_string()),
        ("known", digest.already_here.to_string()),
        ("refused", digest.refused.len().to_string()),
        ("cut", cut.to_string()),
    ];
    let counts: Vec<(&str, &str)> = counts.iter().map(|(name, count)| (*name, count.as_str())).collect();
    let mut lines = vec![say(Word::DigestSum, language, &counts)];
    if digest.documents.is_empty() && !digest.known_documents.is_empty() {
        lines.push(Word::DigestNothingNew.text(language).to_owned());
    }
    for changed in &digest.changed {
        let Both { title, date, new, old } = both(voice, vault, changed)?;
        let places =
            [("title", title), ("date", date.unwrap_or_default()), ("new", new.unwrap_or_default()), ("old", old.unwrap_or_default())];
        let places: Vec<(&str, &str)> = places.iter().map(|(name, value)| (*name, value.as_str())).collect();
        lines.push(format!("  {}", plain(&say(Word::DigestChanged, language, &places))));
    }
    for group in digest.cut() {
        let (count, name) = (group.returned.saturating_sub(group.kept).to_string(), plain(&group.name));
        lines.push(format!("  {}", say(Word::DigestCut, language, &[("name", &name), ("count", &count)])));
    }
    for refusal in &digest.refused {
        lines.push(format!("  {}", plain(&refusal_text(&refusal.reason, language))));
    }
    if let Some(missing) = &digest.missing {
        let items = list(voice, missing.items.iter().copied());
        lines.push(say(Word::DigestMissing, language, &[("items", &items), ("reason", missing.why.id())]));
    }
    Ok(lines)
}
