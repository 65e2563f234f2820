//! What filing needs to know about each record of one document, worked out in one pass.

use std::collections::HashMap;

use super::{Series, identity, series_of};
use crate::{base::Fingerprint, record::Event};

/// What was worked out about the facts of one event, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// For each fact: 64 bits of what makes it the same record in another document.
    pub identities: Vec<i64>,
    /// For each fact: the line of a chart it belongs to.
    pub series: Vec<Option<Series>>,
}

/// Works out identities and series for the events of **one** document; records that the document states twice are told
/// apart by counting.
pub fn prepare(events: &[Event]) -> Vec<Prepared> {
    let mut seen: HashMap<Fingerprint, u32> = HashMap::new();
    events
        .iter()
        .map(|event| {
            let mut own = |fact| {
                let first = identity(event.day, fact, 0);
                let repeat = seen.entry(first).and_modify(|count| *count += 1).or_insert(0);
                if *repeat == 0 { first.short() } else { identity(event.day, fact, *repeat).short() }
            };
            Prepared { identities: event.facts.iter().map(&mut own).collect(), series: event.facts.iter().map(series_of).collect() }
        })
        .collect()
}
