//! Forms in the person's language, and what is wrong with what was typed into them.

use super::Language;
use crate::{
    insight::{FieldTrouble, Trouble, field_of},
    terms::{Field, Kind, Shape, quantities, vaccine, vaccines},
};

/// One thing that is asked for, ready to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldView {
    /// Its id.
    pub id: &'static str,
    /// What a person reads.
    pub label: &'static str,
    /// What goes into it: `date`, `any_date`, `time`, `text`, `long`, `number`, `choice`, `vaccine`, `medicine`, `jan`, `quantity`, `measured` or `unit`.
    pub shape: &'static str,
    /// The unit of a number, where the form knows it.
    pub unit: Option<String>,
    /// Answers to choose from, as id and words; empty where words or a number are typed.
    pub choices: Vec<(&'static str, &'static str)>,
    /// Whether it cannot be left empty.
    pub is_required: bool,
}

/// The form of a kind. *Instant.*
pub fn form(kind: Kind, language: Language) -> Vec<FieldView> {
    crate::terms::form(kind).iter().map(|field| field_view(field, language)).collect()
}

/// One field of a form.
pub fn field_view(field: &Field, language: Language) -> FieldView {
    let (mut unit, mut choices) = (None, Vec::new());
    let shape = match &field.shape {
        Shape::Date => "date",
        Shape::AnyDate => "any_date",
        Shape::Time => "time",
        Shape::Text => "text",
        Shape::Long => "long",
        Shape::Number { unit: own, .. } => {
            unit = own.map(str::to_owned);
            "number"
        }
        Shape::Choice(all) => {
            choices = all.iter().map(|choice| (choice.id, language.pick(choice.japanese, choice.english))).collect();
            "choice"
        }
        Shape::Vaccine => {
            choices = vaccines().iter().map(|vaccine| (vaccine.id, language.pick(vaccine.japanese, vaccine.english))).collect();
            "vaccine"
        }
        Shape::Medicine => "medicine",
        Shape::Jan => "jan",
        Shape::Quantity | Shape::QuantityOrName => {
            choices = quantities().iter().map(|quantity| (quantity.id, language.pick(quantity.japanese, quantity.english))).collect();
            "quantity"
        }
        Shape::Measured => "measured",
        Shape::Unit => "unit",
        Shape::ValueOf(id) => {
            unit = crate::terms::quantity(id).and_then(|quantity| quantity.ucum).map(crate::insight::shown_unit);
            "number"
        }
        Shape::ItemOf(id) => match crate::terms::own_item(id) {
            Some(item) if item.is_number => {
                unit = item.unit.map(str::to_owned);
                "number"
            }
            _ => "text",
        },
    };
    FieldView { id: field.id, label: language.pick(field.japanese, field.english), shape, unit, choices, is_required: field.is_required }
}

/// What is wrong with a field, or the question to ask, with the field's name.
pub fn field_trouble_text(kind: Kind, found: &FieldTrouble, language: Language) -> String {
    let label = field_of(kind, &found.field).map_or(found.field.as_str(), |field| language.pick(field.japanese, field.english));
    let text = trouble_text(&found.trouble, language);
    match language {
        Language::Japanese => format!("「{label}」{text}"),
        Language::English => format!("{label}: {text}"),
    }
}

fn trouble_text(trouble: &Trouble, language: Language) -> String {
    let japanese_ids = |ids: &[&'static str], name: &dyn Fn(&str) -> Option<&'static str>| {
        let named = ids.iter().map(|id| name(id).map_or_else(|| (*id).to_owned(), |name| format!("{id} {name}")));
        named.collect::<Vec<_>>().join("、")
    };
    let (japanese, english) = match trouble {
        Trouble::Missing => ("が要ります".to_owned(), "is needed".to_owned()),
        Trouble::NoSuchField => ("という欄はありません".to_owned(), "there is no such field".to_owned()),
        Trouble::Twice => ("が二度書かれています".to_owned(), "is given twice".to_owned()),
        Trouble::NotADate => (
            "が日付として読めません（2024-05-03、2024-05、令和6年5月3日のように）".to_owned(),
            "is no date (write 2024-05-03 or 2024-05)".to_owned(),
        ),
        Trouble::Future => ("がまだ来ていない日です".to_owned(), "is still to come".to_owned()),
        Trouble::BeforeBirth => ("が生まれる前の日です".to_owned(), "is before the person was born".to_owned()),
        Trouble::NotATime => ("が時刻として読めません（09:30 のように）".to_owned(), "is no time of day (write 09:30)".to_owned()),
        Trouble::NotANumber => ("が数字として読めません".to_owned(), "is no number".to_owned()),
        Trouble::NotAChoice => ("に選べる答えではありません".to_owned(), "is none of the answers to choose from".to_owned()),
        Trouble::UnknownVaccine => (
            "に当てはまるワクチンがありません。other と名前を書くこともできます".to_owned(),
            "is no vaccine of the list; write other and a name".to_owned(),
        ),
        Trouble::SeveralVaccines(ids) => {
            let japanese = japanese_ids(ids, &|id| vaccine(id).map(|vaccine| vaccine.japanese));
            (format!("に当てはまるワクチンが複数あります（{japanese}）"), format!("can mean several vaccines ({})", ids.join(", ")))
        }
        Trouble::UnknownQuantity => ("に当てはまる項目がありません".to_owned(), "is no quantity that is known".to_owned()),
        Trouble::SeveralQuantities(ids) => {
            let japanese = japanese_ids(ids, &|id| crate::terms::quantity(id).map(|quantity| quantity.japanese));
            (format!("に当てはまる項目が複数あります（{japanese}）"), format!("can mean several quantities ({})", ids.join(", ")))
        }
        Trouble::NotAJan => {
            ("がJANコードではありません（8桁か13桁。数字を確かめてください）".to_owned(), "is no JAN code; check its digits".to_owned())
        }
        Trouble::TooLong => ("が長すぎます".to_owned(), "is too long".to_owned()),
        Trouble::Implausible { low, high, unit } => (
            format!("がふつうありえない値です（{low}〜{high} {unit}）。このままでよいですか"),
            format!("is beyond what is possible ({low} to {high} {unit}). Is it meant"),
        ),
        Trouble::ImplausibleForAge { low, high, unit, perhaps } => {
            let japanese = perhaps.map(|perhaps| format!("単位は {perhaps} ではありませんか。")).unwrap_or_default();
            let english = perhaps.map(|perhaps| format!("Was it written in {perhaps}? ")).unwrap_or_default();
            (
                format!("がこの月齢ではふつうありえない値です（{low}〜{high} {unit}）。{japanese}このままでよいですか"),
                format!("is far from what a child of that age has ({low} to {high} {unit}). {english}Is it meant"),
            )
        }
        Trouble::OtherUnit { usual } => (
            format!("がふつうの単位（{usual}）と違います。換算はしません。このままでよいですか"),
            format!("is not the usual unit ({usual}); nothing is converted. Is it meant"),
        ),
        Trouble::SameDay => (
            "に、同じワクチンの記録がもうあります。もう1回分として書きますか".to_owned(),
            "has a dose of this vaccine already. Is this another one".to_owned(),
        ),
    };
    match language {
        Language::Japanese => japanese,
        Language::English => english,
    }
}
