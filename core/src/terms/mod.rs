//! Floor 1: the vocabularies, as data files with source and edition: kinds, checkup items, code tables, units and
//! quantities. Knows no person and no file format.

mod answer;
mod item;
mod kind;
mod quantity;
mod self_information;
mod series;
mod table;
mod unit;
mod vaccine;

pub use answer::{Answer, answer, program, report_kind};
pub use item::{Item, ItemFamily, ValueType, item, items};
pub use kind::{Kind, UnknownKind};
pub use quantity::{QUANTITY_SYSTEM, Quantity, find_quantities, quantities, quantity, quantity_of};
pub use self_information::{Meaning, self_information_item, self_information_kind};
pub use series::{
    AppleType, ColumnWords, ConnectType, DayRule, DayShape, InOwnUnit, apple_type, column_words, connect_type, day_shape, in_own_unit,
    shown_unit,
};
pub use unit::{canonical_unit, known_unit, same_unit};
pub use vaccine::{VACCINE_SYSTEM, Vaccine, vaccine, vaccine_name, vaccine_named, vaccines, vaccines_coded, vaccines_named};
