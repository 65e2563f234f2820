//! Floor 3: what records mean to each other, as pure functions: which of them are the same, which may be drawn as one
//! line, which contradict themselves. Knows no storage.

mod by_hand;
pub mod card;
mod checkup_calendar;
pub mod clinic;
pub mod explain;
pub mod growth;
mod identity;
mod medicine;
mod plausible;
mod prepare;
pub mod reconcile;
pub mod retention;
mod sensitivity;
mod series;
mod vaccination;

pub use by_hand::{FieldTrouble, Trouble, Typed, amended, event_by_hand, field_of, form_of_record, shown_unit};
pub use checkup_calendar::{CALENDAR_EDITION, CalendarFor, CheckupDue, CheckupHad, CheckupRule, checkup_calendar};
pub use identity::identity;
pub use medicine::{
    Course, LEFT_OVER, ListedMedicine, MedicineList, RULES_EDITION, SameBy, SameIngredient, Told, look_back_days, medicines,
};
pub use plausible::standing;
pub use prepare::{Prepared, prepare};
pub use sensitivity::{level, sensitivity};
pub use series::{Series, series_of};
pub use vaccination::{
    CannotPlan, DoseGiven, DoseStatus, PlanFor, PlannedDose, Pregnancy, SCHEDULE_EDITION, VaccinationRule, dose_told, pregnancies_told,
    vaccination_plan, vaccination_rules,
};
