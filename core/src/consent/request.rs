//! The question: everything a person must know before saying yes.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{ConsentId, Cover, Item, NotOffered, Service, Wish};
use crate::base::PersonId;

/// By what right somebody acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The person, with their own card.
    OwnCard,
    /// A parent or guardian (法定代理人), with the child's card.
    ChildsCard,
    /// A 代理人 registered at Mynaportal, with the proxy's own card.
    RegisteredProxy,
}

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Actor {
    /// By what right.
    pub basis: Basis,
    /// Who, where the vault knows them; for [`Basis::OwnCard`] the subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
}

/// What for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To keep it in this notebook.
    Keep,
    /// To keep it and show it at a medical institution.
    Show,
}

/// Who obtains the answer: it runs the relay and sees the answer in passing.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Operator {
    /// Name in Japanese.
    pub japanese: String,
    /// Name in English.
    pub english: String,
    /// Where a person can turn to.
    pub contact: String,
}

/// How long it is kept where. In the vault: until the person erases it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Keeping {
    /// Sealed at the relay: until it is taken, at most this many seconds.
    pub relay_seconds: u32,
}

/// Why a request cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRequest {
    /// Nothing is asked for.
    #[error("a consent names at least one item")]
    NoItems,
    /// An item is named twice.
    #[error("an item is named twice")]
    Twice(Item),
    /// A period ends before it begins.
    #[error("a period ends before it begins")]
    Period(Item),
    /// The relay's operator offers no service that returns these.
    #[error(transparent)]
    NotOffered(#[from] NotOffered),
}

/// The question to the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentRequest {
    /// Its name.
    pub id: ConsentId,
    /// Whose data.
    pub subject: PersonId,
    /// Who acts.
    pub actor: Actor,
    /// What for.
    pub purpose: Purpose,
    /// What, and about which days. No item twice.
    pub wishes: Vec<Wish>,
    /// Who obtains it.
    pub operator: Operator,
    /// How long it is kept.
    pub keeping: Keeping,
    /// What would be asked if everything were granted, and what the portal would return beyond it.
    pub cover: Cover,
}

/// What a request says besides its items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// A fresh random name.
    pub id: ConsentId,
    /// Whose data.
    pub subject: PersonId,
    /// Who acts.
    pub actor: Actor,
    /// What for.
    pub purpose: Purpose,
    /// Who obtains it.
    pub operator: Operator,
    /// How long it is kept.
    pub keeping: Keeping,
}

impl ConsentRequest {
    /// A request that can be asked, with the smallest cover of its items.
    ///
    /// # Errors
    /// What is wrong with the wishes.
    pub fn new(frame: Frame, wishes: Vec<Wish>, services: &[Service]) -> Result<Self, BadRequest> {
        let mut items = BTreeSet::new();
        for wish in &wishes {
            if !items.insert(wish.item) {
                return Err(BadRequest::Twice(wish.item));
            }
            if !wish.period.is_possible() {
                return Err(BadRequest::Period(wish.item));
            }
        }
        if items.is_empty() {
            return Err(BadRequest::NoItems);
        }
        let cover = Cover::smallest(services, &items)?;
        let Frame { id, subject, actor, purpose, operator, keeping } = frame;
        Ok(Self { id, subject, actor, purpose, wishes, operator, keeping, cover })
    }
}
