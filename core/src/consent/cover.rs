//! Which service ids to ask the portal by. The portal binds the set of items to a service id that was registered
//! beforehand, not to the request; so some of what comes back may be more than was wished for, and is cut.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Item;

/// A service id and the items the portal returns for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// The registered id, for example `"ST0001"`.
    pub id: String,
    /// Its items.
    pub items: BTreeSet<Item>,
}

/// The services that are asked, and what they return beyond the wish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cover {
    /// Ids, in the order they are asked. Each needs the browser once.
    pub services: Vec<String>,
    /// Items that come back without having been asked for; cut before anything is filed.
    pub surplus: BTreeSet<Item>,
}

/// Items that no service returns.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no service of this relay returns some of the items")]
pub struct NotOffered(pub BTreeSet<Item>);

impl Cover {
    /// The smallest cover of `wished`: the one that returns the least beyond the wish, then the one of fewest services.
    /// Less data before fewer taps of the card: what never flows need not be cut.
    ///
    /// # Errors
    /// [`NotOffered`] with the items that no service has.
    pub fn smallest(services: &[Service], wished: &BTreeSet<Item>) -> Result<Self, NotOffered> {
        let missing: BTreeSet<Item> =
            wished.iter().copied().filter(|item| !services.iter().any(|service| service.items.contains(item))).collect();
        if !missing.is_empty() {
            return Err(NotOffered(missing));
        }
        // Breadth first over sets of items: there are 2^11 at most, each reached first by the fewest services.
        let mut reached: Vec<(BTreeSet<Item>, Vec<String>)> = vec![(BTreeSet::new(), Vec::new())];
        let mut seen: BTreeSet<BTreeSet<Item>> = BTreeSet::from([BTreeSet::new()]);
        let mut next = 0;
        while let Some((items, ids)) = reached.get(next).cloned() {
            next += 1;
            for service in services.iter().filter(|service| !service.items.is_disjoint(wished)) {
                let more: BTreeSet<Item> = items.union(&service.items).copied().collect();
                if seen.insert(more.clone()) {
                    let mut ids = ids.clone();
                    ids.push(service.id.clone());
                    reached.push((more, ids));
                }
            }
        }
        reached
            .into_iter()
            .filter(|(items, _)| items.is_superset(wished))
            .min_by_key(|(items, ids)| (items.len(), ids.len()))
            .map(|(items, services)| Self { services, surplus: items.difference(wished).copied().collect() })
            .ok_or_else(|| NotOffered(wished.clone()))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn set(items: &[Item]) -> BTreeSet<Item> {
        items.iter().copied().collect()
    }

    fn services() -> Vec<Service> {
        [
            ("ZZ0001", &[Item::Checkup][..]),
            ("ZZ0002", &[Item::Medication, Item::Prescription]),
            ("ZZ0003", &[Item::Checkup, Item::Medication, Item::Vaccination]),
            ("ZZ0004", &[Item::Checkup, Item::CancerScreening]),
        ]
        .map(|(id, items)| Service { id: id.to_owned(), items: set(items) })
        .to_vec()
    }

    fn cover(wished: &[Item]) -> (Vec<String>, BTreeSet<Item>) {
        let cover = Cover::smallest(&services(), &set(wished)).unwrap();
        (cover.services, cover.surplus)
    }

    #[test]
    fn the_least_beyond_the_wish_comes_first_then_the_fewest_services() {
        assert_eq!(cover(&[Item::Checkup]), (vec!["ZZ0001".to_owned()], set(&[])));
        assert_eq!(cover(&[Item::Vaccination]), (vec!["ZZ0003".to_owned()], set(&[Item::Checkup, Item::Medication])));
        assert_eq!(
            cover(&[Item::Checkup, Item::Medication]),
            // One surplus item either way: one service before two.
            (vec!["ZZ0003".to_owned()], set(&[Item::Vaccination]))
        );
        assert_eq!(
            cover(&[Item::Checkup, Item::Medication, Item::Prescription]),
            (vec!["ZZ0001".to_owned(), "ZZ0002".to_owned()], set(&[]))
        );
    }

    #[test]
    fn an_item_that_nobody_returns_is_named() {
        let missing = Cover::smallest(&services(), &set(&[Item::Checkup, Item::Care])).err();
        assert_eq!(missing, Some(NotOffered(set(&[Item::Care]))));
    }
}
