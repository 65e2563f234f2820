//! The answer, and the grant it becomes: a value that expires, cannot be copied, and is spent.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{ConsentId, ConsentRequest, Cover, Item, NotOffered, Service, Wish};

/// How long a yes holds before it is spent. Long enough to find the card.
pub const GRANT_MINUTES: i64 = 10;

/// The answer to one item of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Which item.
    pub item: Item,
    /// Yes or no.
    pub granted: bool,
}

/// What goes into the ledger about an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The consent.
    pub id: ConsentId,
    /// Items that were granted, with their periods.
    pub granted: Vec<Wish>,
    /// Items that were not.
    pub declined: Vec<Item>,
    /// What is asked of the portal for the granted ones; none where nothing was granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<Cover>,
}

/// What an answer came to.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one at a time, and it is taken apart at once")]
pub enum Answered {
    /// At least one item was granted.
    Granted(ConsentGrant),
    /// Nothing was granted.
    Declined(Receipt),
}

/// What is permitted: the part of a grant that may be written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permitted {
    /// The question.
    pub request: ConsentRequest,
    /// The answer.
    pub receipt: Receipt,
    /// When it was answered.
    pub answered: DateTime<Utc>,
}

/// A yes. Made by [`ConsentRequest::answer`] alone, not `Clone`, spent by starting a fetch.
///
/// ```compile_fail
/// fn twice(grant: techo_core::consent::ConsentGrant) {
///     let copy = grant.clone();
/// }
/// ```
#[derive(Debug)]
pub struct ConsentGrant {
    permitted: Permitted,
}

impl ConsentRequest {
    /// The answer of the person, item by item. An item that was not answered is declined; an answer to an item that was
    /// not asked counts for nothing. The cover is chosen anew for what was granted.
    ///
    /// # Errors
    /// [`NotOffered`] when `services` are not the ones the request was made with.
    pub fn answer(self, answers: &[Answer], services: &[Service], now: DateTime<Utc>) -> Result<Answered, NotOffered> {
        let yes: BTreeSet<Item> = answers.iter().filter(|answer| answer.granted).map(|answer| answer.item).collect();
        // Said no to it anywhere: no.
        let no: BTreeSet<Item> = answers.iter().filter(|answer| !answer.granted).map(|answer| answer.item).collect();
        let (granted, declined): (Vec<Wish>, Vec<Wish>) =
            self.wishes.iter().copied().partition(|wish| yes.contains(&wish.item) && !no.contains(&wish.item));
        let items: BTreeSet<Item> = granted.iter().map(|wish| wish.item).collect();
        let cover = if items.is_empty() { None } else { Some(Cover::smallest(services, &items)?) };
        let is_granted = cover.is_some();
        let receipt = Receipt { id: self.id, granted, declined: declined.iter().map(|wish| wish.item).collect(), cover };
        Ok(if is_granted {
            Answered::Granted(ConsentGrant { permitted: Permitted { request: self, receipt, answered: now } })
        } else {
            Answered::Declined(receipt)
        })
    }
}

impl ConsentGrant {
    /// What it permits.
    pub const fn permitted(&self) -> &Permitted {
        &self.permitted
    }

    /// Whether it still holds: an expired yes is a no, and so is one from the future.
    pub fn holds(&self, now: DateTime<Utc>) -> bool {
        let age = now.signed_duration_since(self.permitted.answered);
        age >= TimeDelta::zero() && age < TimeDelta::minutes(GRANT_MINUTES)
    }

    /// Spends it.
    pub fn spend(self) -> Permitted {
        self.permitted
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
    use super::*;
    use crate::{
        base::PersonId,
        consent::{Actor, Basis, Keeping, Operator, Period, Purpose, request::Frame},
    };

    fn services() -> Vec<Service> {
        let all = Service { id: "ZZ0009".to_owned(), items: Item::ALL.iter().copied().collect() };
        let one = Service { id: "ZZ0001".to_owned(), items: BTreeSet::from([Item::Checkup]) };
        vec![all, one]
    }

    fn request(items: &[Item]) -> ConsentRequest {
        let frame = Frame {
            id: ConsentId::from_bytes([1; 16]),
            subject: PersonId::from_bytes([2; 16]),
            actor: Actor { basis: Basis::OwnCard, person: None },
            purpose: Purpose::Keep,
            operator: Operator { japanese: "見本".to_owned(), english: "Sample".to_owned(), contact: "none".to_owned() },
            keeping: Keeping { relay_seconds: 600 },
        };
        let wishes = items.iter().map(|item| Wish { item: *item, period: Period::default() }).collect();
        ConsentRequest::new(frame, wishes, &services()).unwrap()
    }

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(60 * minute, 0).unwrap()
    }

    #[test]
    fn the_cover_shrinks_with_what_is_granted() {
        let request = request(&[Item::Checkup, Item::Medication]);
        assert_eq!(request.cover.services, ["ZZ0009"]);
        let answers = [Answer { item: Item::Checkup, granted: true }, Answer { item: Item::Medication, granted: false }];
        let Answered::Granted(grant) = request.answer(&answers, &services(), at(0)).unwrap() else { panic!() };
        let receipt = &grant.permitted().receipt;
        assert_eq!(receipt.cover.as_ref().unwrap().services, ["ZZ0001"]);
        assert_eq!(receipt.declined, [Item::Medication]);
    }

    #[test]
    fn no_answer_is_a_no_and_a_yes_to_something_else_is_nothing() {
        for answers in [
            &[][..],
            &[Answer { item: Item::Care, granted: true }],
            &[Answer { item: Item::Checkup, granted: true }, Answer { item: Item::Checkup, granted: false }],
        ] {
            let Answered::Declined(receipt) = request(&[Item::Checkup]).answer(answers, &services(), at(0)).unwrap() else { panic!() };
            assert_eq!((receipt.declined.as_slice(), receipt.cover), (&[Item::Checkup][..], None));
        }
    }

    #[test]
    fn an_expired_yes_is_a_no() {
        let answers = [Answer { item: Item::Checkup, granted: true }];
        let Answered::Granted(grant) = request(&[Item::Checkup]).answer(&answers, &services(), at(100)).unwrap() else { panic!() };
        assert!(grant.holds(at(100)) && grant.holds(at(100 + GRANT_MINUTES - 1)));
        assert!(!grant.holds(at(100 + GRANT_MINUTES)) && !grant.holds(at(99)));
        assert_eq!(grant.spend().receipt.granted.len(), 1);
    }
}
