//! Floor 3: what records mean to each other, as pure functions: which of them are the same, which may be drawn as one
//! line, which contradict themselves. Knows no storage.

mod identity;
mod plausible;
mod prepare;
pub mod reconcile;
mod series;

pub use identity::identity;
pub use plausible::standing;
pub use prepare::{Prepared, prepare};
pub use series::{Series, series_of};
