//! What is wrong with a field, or has to be asked. Carries no value of the person's.

/// What is wrong with which field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldTrouble {
    /// The field's id, as typed where the form has no such field.
    pub field: String,
    /// What.
    pub trouble: Trouble,
}

/// What is wrong with a field, or has to be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing was typed, and it is needed.
    Missing,
    /// The form has no such field.
    NoSuchField,
    /// It was typed twice.
    Twice,
    /// Not a date.
    NotADate,
    /// The date is still to come.
    Future,
    /// The date is before the person's birth.
    BeforeBirth,
    /// Not a time of day.
    NotATime,
    /// Not a number.
    NotANumber,
    /// None of the answers there are.
    NotAChoice,
    /// No vaccine of the list.
    UnknownVaccine,
    /// It can mean several vaccines, by id.
    SeveralVaccines(Vec<&'static str>),
    /// No quantity of the table.
    UnknownQuantity,
    /// It can mean several quantities, by id.
    SeveralQuantities(Vec<&'static str>),
    /// Not a JAN code, or its check digit does not fit.
    NotAJan,
    /// Longer than anybody writes.
    TooLong,
    /// **Asked:** beyond what a person can have; the bounds and the unit they are in.
    Implausible {
        /// Least.
        low: String,
        /// Most.
        high: String,
        /// The unit.
        unit: String,
    },
    /// **Asked:** far from what a child of that age can have; the bounds, the unit they are in, and the unit in which it would
    /// fit, where there is one.
    ImplausibleForAge {
        /// Least.
        low: String,
        /// Most.
        high: String,
        /// The unit.
        unit: String,
        /// What it was perhaps written in: `"g"`, `"m"`, `"mm"`.
        perhaps: Option<&'static str>,
    },
    /// **Asked:** another unit than this is measured in. Nothing is converted.
    OtherUnit {
        /// The usual unit.
        usual: String,
    },
    /// **Asked:** the same vaccine on the same day is here already.
    SameDay,
}

impl Trouble {
    /// Whether it is a question, which the person can answer with yes.
    pub const fn is_question(&self) -> bool {
        matches!(self, Self::Implausible { .. } | Self::ImplausibleForAge { .. } | Self::OtherUnit { .. } | Self::SameDay)
    }
}
