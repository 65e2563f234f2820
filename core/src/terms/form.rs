//! What a person is asked for who writes a record down by hand. One table for every shell: the command line and both phones
//! draw the same form.

use std::{collections::HashMap, sync::LazyLock};

use super::{
    Kind, infant_stages, own_items, quantity,
    table::{filled, rows},
};

const FORMS: &str = include_str!("data/forms.tsv");

/// One thing that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its id: what a flag of the command line is called. Never renamed.
    pub id: &'static str,
    /// What a person reads, in Japanese.
    pub japanese: &'static str,
    /// What a person reads, in English.
    pub english: &'static str,
    /// What goes into it.
    pub shape: Shape,
    /// Whether it cannot be left empty.
    pub is_required: bool,
}

/// What goes into a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A day, month or year that has been.
    Date,
    /// A day, month or year, also to come.
    AnyDate,
    /// A time of day, `09:30`.
    Time,
    /// One line of words.
    Text,
    /// Words.
    Long,
    /// A number in this unit; the widest that can be meant.
    Number {
        /// The unit a person reads; none for a bare number.
        unit: Option<&'static str>,
        /// Least.
        low: Option<rust_decimal::Decimal>,
        /// Most.
        high: Option<rust_decimal::Decimal>,
    },
    /// One of these.
    Choice(Vec<Choice>),
    /// A vaccine of our list.
    Vaccine,
    /// The name of a medicine.
    Medicine,
    /// A JAN code of 8 or 13 digits.
    Jan,
    /// A quantity of our table.
    Quantity,
    /// A quantity of our table, or a name of one's own.
    QuantityOrName,
    /// The value of the quantity that is chosen.
    Measured,
    /// The unit of that value.
    Unit,
    /// The value of this very quantity.
    ValueOf(&'static str),
    /// What is known of this item of our own.
    ItemOf(&'static str),
}

/// One of several answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its id.
    pub id: &'static str,
    /// What a person reads, in Japanese.
    pub japanese: &'static str,
    /// What a person reads, in English.
    pub english: &'static str,
}

static TABLE: LazyLock<HashMap<&'static str, Vec<Field>>> = LazyLock::new(|| {
    let mut forms: HashMap<&'static str, Vec<Field>> = HashMap::new();
    for [kind, id, japanese, english, shape, detail, required] in rows::<7>(FORMS) {
        let form = forms.entry(kind).or_default();
        if shape == "quantities" {
            form.extend(quantity_fields(kind, detail));
        } else if let Some(shape) = shape_of(shape, detail) {
            form.push(Field { id, japanese, english, shape, is_required: required == "yes" });
        }
    }
    forms
});

fn shape_of(shape: &str, detail: &'static str) -> Option<Shape> {
    Some(match shape {
        "date" => Shape::Date,
        "any_date" => Shape::AnyDate,
        "time" => Shape::Time,
        "text" => Shape::Text,
        "long" => Shape::Long,
        "vaccine" => Shape::Vaccine,
        "medicine" => Shape::Medicine,
        "jan" => Shape::Jan,
        "quantity" => Shape::Quantity,
        "quantity_or_name" => Shape::QuantityOrName,
        "measured" => Shape::Measured,
        "unit" => Shape::Unit,
        "number" => {
            let mut parts = detail.split('|');
            Shape::Number {
                unit: parts.next().and_then(filled),
                low: parts.next().and_then(|low| low.parse().ok()),
                high: parts.next().and_then(|high| high.parse().ok()),
            }
        }
        "choice" => Shape::Choice(detail.split('|').filter_map(choice).collect()),
        "stage" => Shape::Choice(
            infant_stages().into_iter().map(|stage| Choice { id: stage.id, japanese: stage.japanese, english: stage.english }).collect(),
        ),
        _ => return None,
    })
}

fn choice(text: &'static str) -> Option<Choice> {
    let (id, names) = text.split_once('=')?;
    let (japanese, english) = names.split_once('=')?;
    Some(Choice { id, japanese, english })
}

/// A field for each quantity and for each item of our own that the kind has.
fn quantity_fields(kind: &'static str, ids: &'static str) -> Vec<Field> {
    let quantities = ids.split('|').filter_map(quantity).map(|quantity| Field {
        id: quantity.id,
        japanese: quantity.japanese,
        english: quantity.english,
        shape: Shape::ValueOf(quantity.id),
        is_required: false,
    });
    let items = own_items().iter().filter(|item| item.kinds.iter().any(|of| of.id() == kind)).map(|item| Field {
        id: item.id,
        japanese: item.japanese,
        english: item.english,
        shape: Shape::ItemOf(item.id),
        is_required: false,
    });
    quantities.chain(items).collect()
}

/// What is asked for to write down a record of this kind, in the order of the form.
pub fn form(kind: Kind) -> &'static [Field] {
    TABLE.get(kind.id()).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::terms::table::row_count;

    #[test]
    fn every_kind_has_a_form_that_begins_with_the_day() {
        for kind in Kind::ALL {
            let form = form(*kind);
            assert!(form.first().is_some_and(|field| field.id == "on" && field.is_required && field.shape == Shape::Date), "{kind}");
            let ids: HashSet<&str> = form.iter().map(|field| field.id).collect();
            assert_eq!(ids.len(), form.len(), "{kind}: an id stands twice");
            assert!(form.iter().all(|field| !field.japanese.is_empty() && !field.english.is_empty()), "{kind}");
        }
    }

    #[test]
    fn no_row_is_dropped_and_every_quantity_is_one() {
        for [kind, id, _, _, shape, detail, _] in rows::<7>(FORMS) {
            assert!(kind.parse::<Kind>().is_ok(), "{kind}");
            match shape {
                "quantities" => assert!(detail.split('|').all(|id| quantity(id).is_some()), "{kind}: {detail}"),
                "choice" => assert!(detail.split('|').all(|one| choice(one).is_some()), "{kind} {id}"),
                _ => assert!(shape_of(shape, detail).is_some(), "{kind} {id}: {shape}"),
            }
        }
        assert_eq!(rows::<7>(FORMS).count(), row_count(FORMS));
    }
}
