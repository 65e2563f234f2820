//! Floor 1: the vocabularies, as data files with source and edition: kinds, checkup items, code tables, units and
//! quantities. Knows no person and no file format.

mod answer;
mod form;
mod item;
mod kind;
mod own_item;
mod quantity;
mod self_information;
mod sensitive;
mod series;
mod stage;
mod table;
mod unit;
mod vaccine;

pub use answer::{Answer, answer, program, report_kind};
pub use form::{Choice, Field, Shape, form};
pub use item::{Item, ItemFamily, ValueType, item, items};
pub use kind::{Kind, UnknownKind};
pub use own_item::{ITEM_SYSTEM, OwnItem, own_item, own_items};
pub use quantity::{QUANTITY_SYSTEM, Quantity, find_quantities, loinc_of, quantities, quantity, quantity_of};
pub use self_information::{Meaning, Part, pmh_kind, self_information_item, self_information_kind};
pub use sensitive::{Asked, SensitiveGroup, information_level, sensitive_group};
pub use series::{
    AppleType, ColumnWords, ConnectType, DayRule, DayShape, InOwnUnit, apple_type, column_words, connect_type, day_shape, in_own_unit,
    shown_unit,
};
pub use stage::{InfantStage, infant_stage, infant_stages};
pub use unit::{canonical_unit, known_unit, same_unit};
pub use vaccine::{VACCINE_SYSTEM, Vaccine, vaccine, vaccine_name, vaccine_named, vaccines, vaccines_coded, vaccines_named};
