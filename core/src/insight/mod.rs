//! Floor 3: what records mean to each other, as pure functions: which of them are the same, which may be drawn as one
//! line, which contradict themselves. Knows no storage.

mod identity;
mod medicine;
mod plausible;
mod prepare;
mod sensitivity;
mod series;

pub use identity::identity;
pub use medicine::{
    Course, LEFT_OVER, ListedMedicine, MedicineList, RULES_EDITION, SameBy, SameIngredient, Told, look_back_days, medicines,
};
pub use plausible::standing;
pub use prepare::{Prepared, prepare};
pub use sensitivity::{level, sensitivity};
pub use series::{Series, series_of};
