//! From what a person typed into a form to a record that cannot be wrong, or to what is wrong with which field. Pure: what
//! day it is, who it is about and what they have said yes to are given.

mod amend;
mod build;
mod read;
mod trouble;

pub use amend::{amended, form_of_record};
use chrono::NaiveDate;
pub use read::shown_unit;
use read::{Answers, Needs};
pub use trouble::{FieldTrouble, Trouble};

use crate::{
    base::PartialDate,
    record::{Event, Gestation, Sex},
    terms::{Field, Kind, form},
};

/// What was typed, and what is needed to judge it.
#[derive(Clone, Copy)]
pub struct Typed<'a> {
    /// What kind of record.
    pub kind: Kind,
    /// Field id and what was typed into it. A field that is not here was left empty.
    pub values: &'a [(String, String)],
    /// Fields about which a question was asked and answered: what is there is meant.
    pub confirmed: &'a [String],
    /// Who says so.
    pub author: &'a str,
    /// What day it is.
    pub today: NaiveDate,
    /// When the person was born.
    pub born: PartialDate,
    /// The person's sex: what a child can weigh depends on it.
    pub sex: Sex,
    /// How long the pregnancy lasted.
    pub gestation: Option<Gestation>,
}

/// The event that was typed.
///
/// # Errors
/// Everything that is wrong or has to be asked, in the order of the form.
pub fn event_by_hand(typed: Typed<'_>) -> Result<Event, Vec<FieldTrouble>> {
    build::event(&Answers::new(typed, form(typed.kind), Needs::All)?)
}

/// The field of a form with this id.
pub fn field_of(kind: Kind, id: &str) -> Option<&'static Field> {
    form(kind).iter().find(|field| field.id == id)
}

#[cfg(test)]
mod tests;
