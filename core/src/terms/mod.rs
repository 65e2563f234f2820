//! Floor 1: the vocabularies, as data with source and edition: kinds, items, code tables, units, quantities.

mod kind;

pub use kind::{Kind, UnknownKind};
