//! Floor 3: what records mean to each other, as pure functions: which of them are the same, which may be drawn as one
//! line, which contradict themselves. Knows no storage.

mod by_hand;
pub mod card;
pub mod clinic;
mod identity;
mod medicine;
mod plausible;
mod prepare;
pub mod reconcile;
mod sensitivity;
mod series;

pub use by_hand::{FieldTrouble, Trouble, Typed, amended, event_by_hand, field_of, form_of_record, shown_unit};
pub use identity::identity;
pub use medicine::{
    Course, LEFT_OVER, ListedMedicine, MedicineList, RULES_EDITION, SameBy, SameIngredient, Told, look_back_days, medicines,
};
pub use plausible::standing;
pub use prepare::{Prepared, prepare};
pub use sensitivity::{level, sensitivity};
pub use series::{Series, series_of};
