//! What a person writes down by hand, and what it does to what is there: a record added, another one corrected or
//! removed, a change undone. An [`Entry`] is kept as a document of its own; what it changes is never overwritten.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Event;
use crate::base::Fingerprint;

/// One thing that a person wrote down or decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub author: Author,
    /// Why, in the author's words.
    pub reason: Option<String>,
    /// What.
    pub act: EntryAct,
}

/// Who wrote an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Author {
    /// The name.
    pub name: String,
    /// What the author is to the person whose notebook it is.
    pub relation: Relation,
}

/// What an author is to the person whose notebook it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// 本人
    #[serde(rename = "self")]
    Myself,
    /// 親
    Parent,
    /// 代理人
    Proxy,
    /// その他
    Other,
}

impl Relation {
    /// Every relation.
    pub const ALL: [Self; 4] = [Self::Myself, Self::Parent, Self::Proxy, Self::Other];

    /// The public id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Myself => "self",
            Self::Parent => "parent",
            Self::Proxy => "proxy",
            Self::Other => "other",
        }
    }

    /// The relation with this public id.
    pub fn of_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|relation| relation.id() == id)
    }

    /// What a person reads, in Japanese.
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::Myself => "本人",
            Self::Parent => "親",
            Self::Proxy => "代理人",
            Self::Other => "その他の人",
        }
    }

    /// What a person reads, in English.
    pub const fn english(self) -> &'static str {
        match self {
            Self::Myself => "the person",
            Self::Parent => "parent",
            Self::Proxy => "proxy",
            Self::Other => "somebody else",
        }
    }
}

/// What an entry does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum EntryAct {
    /// A new event.
    Add {
        /// The event.
        event: Event,
    },
    /// The target is hidden and the event shown in its place.
    Correct {
        /// What is wrong.
        target: Target,
        /// What is right.
        event: Event,
    },
    /// The target is hidden.
    Remove {
        /// What is hidden.
        target: Target,
    },
    /// Another entry counts no more; an entry that undoes can be undone itself.
    Undo {
        /// The fingerprint of that entry's document.
        entry: Fingerprint,
    },
    /// The target is shown to the person on demand, and never in a summary or a hand-over.
    KeepHidden {
        /// What is kept hidden.
        target: Target,
    },
    /// The target is sensitive.
    MarkSensitive {
        /// What is sensitive.
        target: Target,
    },
    /// A document belongs to the target: a photo of the handbook's page.
    Attach {
        /// What it belongs to.
        target: Target,
        /// The fingerprint of the document.
        document: Fingerprint,
    },
    /// Two events are one and the same.
    Join {
        /// The two.
        events: [Target; 2],
    },
    /// Two events are not the same, whatever the rules say.
    KeepApart {
        /// The two.
        events: [Target; 2],
    },
}

/// An event of a document, or one record of it, in words that hold in every vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// The document that tells it.
    pub document: Fingerprint,
    /// The event's place among the document's events.
    pub position: u32,
    /// The record's number in the event; none for the event as a whole.
    pub fact: Option<u32>,
    /// Keeps a decision from hitting another record when a better reader reads the document anew.
    pub digest: TargetDigest,
}

/// The first 64 bits of the SHA-256 of what a decision is about, as 16 hexadecimal digits. Of a record: its canonical form
/// without its place and standing, which are our reading's. Of an event: its canonical form without records and signature,
/// so that an event one record of which was erased is still the same event.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TargetDigest([u8; 8]);

impl TargetDigest {
    /// A digest from its 8 bytes.
    pub const fn from_bytes(bytes: [u8; 8]) -> Self {
        Self(bytes)
    }

    /// The digest of a canonical form.
    pub fn of(canonical: &[u8]) -> Self {
        let mut first = [0; 8];
        first.copy_from_slice(Fingerprint::of(canonical).as_bytes().first_chunk::<8>().unwrap_or(&[0; 8]));
        Self(first)
    }

    /// The 8 bytes.
    pub const fn as_bytes(&self) -> &[u8; 8] {
        &self.0
    }
}

impl std::fmt::Display for TargetDigest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl std::fmt::Debug for TargetDigest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TargetDigest({self})")
    }
}

impl Serialize for TargetDigest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TargetDigest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = data_encoding::HEXLOWER.decode(text.as_bytes()).ok().and_then(|bytes| <[u8; 8]>::try_from(bytes).ok());
        bytes.map(Self).ok_or_else(|| serde::de::Error::custom("a digest has 16 hexadecimal digits"))
    }
}

/// What an entry does, without what it says: all the vault needs to know to show and hide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// A new event.
    Add,
    /// The entry's own event in the place of the target.
    Correct(Target),
    /// The target is hidden.
    Remove(Target),
    /// Another entry counts no more.
    Undo(Fingerprint),
    /// The target is shown on demand only.
    KeepHidden(Target),
    /// The target is sensitive.
    MarkSensitive(Target),
    /// A document belongs to the target.
    Attach(Target, Fingerprint),
    /// Two events are one.
    Join([Target; 2]),
    /// Two events are not one.
    KeepApart([Target; 2]),
}

impl EntryAct {
    /// What it does.
    pub const fn change(&self) -> Change {
        match self {
            Self::Add { .. } => Change::Add,
            Self::Correct { target, .. } => Change::Correct(*target),
            Self::Remove { target } => Change::Remove(*target),
            Self::Undo { entry } => Change::Undo(*entry),
            Self::KeepHidden { target } => Change::KeepHidden(*target),
            Self::MarkSensitive { target } => Change::MarkSensitive(*target),
            Self::Attach { target, document } => Change::Attach(*target, *document),
            Self::Join { events } => Change::Join(*events),
            Self::KeepApart { events } => Change::KeepApart(*events),
        }
    }

    /// The event it brings.
    pub const fn event(&self) -> Option<&Event> {
        match self {
            Self::Add { event } | Self::Correct { event, .. } => Some(event),
            Self::Remove { .. }
            | Self::Undo { .. }
            | Self::KeepHidden { .. }
            | Self::MarkSensitive { .. }
            | Self::Attach { .. }
            | Self::Join { .. }
            | Self::KeepApart { .. } => None,
        }
    }
}

macro_rules! change_kinds {
    ($($(#[$doc:meta])* $name:ident = $id:literal;)*) => {
        /// What kind of change an entry makes. The ids are public and never renamed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ChangeKind { $($(#[$doc])* $name,)* }

        impl ChangeKind {
            /// Every kind of change.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The public id.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }
        }
    };
}

change_kinds! {
    /// 追加
    Add = "add";
    /// 訂正
    Correct = "correct";
    /// 削除(見えなくする)
    Remove = "remove";
    /// 取り消し
    Undo = "undo";
    /// ふだんは見せない
    KeepHidden = "keep_hidden";
    /// 取り扱いに注意
    MarkSensitive = "mark_sensitive";
    /// 添付
    Attach = "attach";
    /// 同じできごと
    Join = "join";
    /// 別のできごと
    KeepApart = "keep_apart";
}

impl ChangeKind {
    /// The kind with this public id.
    pub fn of_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.id() == id)
    }

    /// Whether its target is taken out of the lists while it counts.
    pub const fn hides(self) -> bool {
        matches!(self, Self::Correct | Self::Remove | Self::KeepHidden)
    }
}

impl Change {
    /// Its kind.
    pub const fn kind(&self) -> ChangeKind {
        match self {
            Self::Add => ChangeKind::Add,
            Self::Correct(_) => ChangeKind::Correct,
            Self::Remove(_) => ChangeKind::Remove,
            Self::Undo(_) => ChangeKind::Undo,
            Self::KeepHidden(_) => ChangeKind::KeepHidden,
            Self::MarkSensitive(_) => ChangeKind::MarkSensitive,
            Self::Attach(..) => ChangeKind::Attach,
            Self::Join(_) => ChangeKind::Join,
            Self::KeepApart(_) => ChangeKind::KeepApart,
        }
    }

    /// The events and records it is about.
    pub fn targets(&self) -> &[Target] {
        match self {
            Self::Add | Self::Undo(_) => &[],
            Self::Correct(target)
            | Self::Remove(target)
            | Self::KeepHidden(target)
            | Self::MarkSensitive(target)
            | Self::Attach(target, _) => std::slice::from_ref(target),
            Self::Join(both) | Self::KeepApart(both) => both,
        }
    }
}
