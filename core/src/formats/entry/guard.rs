//! What must not be written down by hand: a My Number, and the symbols and numbers of an insurance card. They are looked
//! for in every text of an entry, whatever field it was typed into.

use super::write::bytes_of;
use crate::{
    base::fold,
    formats::{
        FormatError,
        my_number::{is_label, is_labelled_in, is_twelve_digits, standalone_runs},
    },
    record::Entry,
};
use serde_json::Value;

/// Something that was typed and must not be kept. Each names the place in the entry, and no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Guarded {
    /// A number that is labelled as 個人番号 (My Number).
    MyNumber(String),
    /// Twelve digits that could be a My Number.
    Digits(String),
    /// A symbol or number of an insurance card, with its label.
    Insurer(String),
}

/// Keys whose values are ours and not typed.
const OURS: [&str; 12] =
    ["document", "entry", "digest", "fingerprint", "system", "at", "kind", "day", "time", "until", "expires", "techo_entry"];
/// How a card labels what is on it; the longer ones first, since they hold the shorter ones.
const CARD: [&str; 14] = [
    "保険者番号",
    "被保険者番号",
    "被保険者証番号",
    "受給者番号",
    "負担者番号",
    "資格者番号",
    "保険証番号",
    "記号・番号",
    "記号番号",
    "証番号",
    "枝番",
    "記号",
    "insurer number",
    "insured person's number",
];
/// `番号` by itself labels a card's number only where a `記号` stands in the same text; elsewhere it is any number.
const NUMBER: &str = "番号";

/// The first text of the entry that must not be kept; none where all may be.
///
/// # Errors
/// `Malformed` when the entry cannot be written.
pub fn guarded(entry: &Entry) -> Result<Option<Guarded>, FormatError> {
    let bytes = bytes_of(entry)?;
    let value: Value = serde_json::from_slice(&bytes).map_err(|_| FormatError::Empty)?;
    let mut texts: Vec<(String, String)> = Vec::new();
    walk(&value, "", &mut |place, text| texts.push((place.to_owned(), text.to_owned())));
    let alone = texts.iter().find_map(|(place, text)| look(place, text));
    Ok(alone.or_else(|| apart(&texts)))
}

/// A label in one field and what it labels in another: a title and a text, a name and a value.
fn apart(texts: &[(String, String)]) -> Option<Guarded> {
    let any_other = |place: &str, fits: &dyn Fn(&str) -> bool| texts.iter().any(|(other, text)| other != place && fits(text));
    texts.iter().find_map(|(place, text)| {
        if is_label(text) && any_other(place, &is_twelve_digits) {
            return Some(Guarded::MyNumber(place.clone()));
        }
        let folded = fold(text);
        let names_a_card = CARD.iter().any(|label| folded == *label);
        let has_number = |text: &str| text.chars().filter(|c| c.is_numeric()).count() >= 2;
        (names_a_card && any_other(place, &has_number)).then(|| Guarded::Insurer(place.clone()))
    })
}

fn walk(value: &Value, place: &str, visit: &mut impl FnMut(&str, &str)) {
    match value {
        Value::String(text) => visit(place, text),
        Value::Array(items) => items.iter().enumerate().for_each(|(number, item)| walk(item, &format!("{place}[{number}]"), visit)),
        Value::Object(fields) => {
            for (key, field) in fields {
                if !(OURS.contains(&key.as_str()) && field.is_string()) {
                    let below = if place.is_empty() { key.clone() } else { format!("{place}/{key}") };
                    walk(field, &below, visit);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn look(place: &str, text: &str) -> Option<Guarded> {
    if is_labelled_in(text) {
        return Some(Guarded::MyNumber(place.to_owned()));
    }
    if !standalone_runs(text).is_empty() {
        return Some(Guarded::Digits(place.to_owned()));
    }
    is_insurers(text).then(|| Guarded::Insurer(place.to_owned()))
}

/// Whether a label of an insurance card stands before something with digits: 記号 12-34, 保険者番号：０６１３…
fn is_insurers(text: &str) -> bool {
    let folded = fold(text);
    let has_value_behind = |label: &str| {
        folded.match_indices(label).any(|(at, _)| {
            let behind = folded.get(at + label.len()..).unwrap_or_default();
            let value: String = behind.trim_start_matches([' ', ':', '=', '.', ',', '、', '(', ')', 'は', '・']).to_owned();
            // The value begins at once; a few letters before its digits (見本99) belong to it.
            value.chars().take(8).take_while(|c| c.is_alphanumeric() || *c == '-').any(|c| c.is_ascii_digit())
        })
    };
    let labelled = CARD.iter().any(|label| has_value_behind(label));
    labelled || (folded.contains("記号") && has_value_behind(NUMBER))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::{
        base::Fingerprint,
        record::{Author, Body, Concept, EntryAct, Event, Fact, Relation, Standing},
        terms::Kind,
    };

    fn saying(reason: &str) -> Option<Guarded> {
        let entry = Entry {
            at: "2026-04-01T09:00:00Z".parse().unwrap(),
            author: Author { name: "手帳 花子".to_owned(), relation: Relation::Myself },
            reason: Some(reason.to_owned()),
            act: EntryAct::Undo { entry: Fingerprint::of(b"x") },
        };
        guarded(&entry).unwrap()
    }

    #[test]
    fn a_my_number_is_found_in_every_spelling() {
        for text in ["123456789018", "１２３４５６７８９０１８", "控え 1234 5678 9018 です", "1234-5678-9018"] {
            assert_eq!(saying(text), Some(Guarded::Digits("reason".to_owned())), "{text}");
        }
        assert_eq!(saying("マイナンバーは1234 5678 9012"), Some(Guarded::MyNumber("reason".to_owned())));
        for text in ["123456789019", "202405031015", "体重を測り直した 62.5"] {
            assert_eq!(saying(text), None, "{text}");
        }
    }

    #[test]
    fn a_label_in_one_field_and_its_number_in_another_are_found() {
        let note = |title: &str, text: &str| {
            let fact = Fact {
                kind: Kind::Note,
                title: title.to_owned(),
                concept: Concept::default(),
                when: None,
                body: Body::Note(text.to_owned()),
                at: "text".to_owned(),
                said_by: None,
                standing: Standing::Understood,
            };
            let event = Event {
                kind: Kind::Note,
                day: "2024-05-03".parse().ok(),
                title: "メモ".to_owned(),
                place: None,
                signature: None,
                facts: vec![fact],
            };
            let author = Author { name: "手帳 花子".to_owned(), relation: Relation::Myself };
            let entry = Entry { at: "2026-04-01T09:00:00Z".parse().unwrap(), author, reason: None, act: EntryAct::Add { event } };
            guarded(&entry).unwrap()
        };
        let place = "act/add/event/facts[0]/title".to_owned();
        assert_eq!(note("保険者番号", "06139999"), Some(Guarded::Insurer(place.clone())));
        assert_eq!(note("記号", "12-34"), Some(Guarded::Insurer(place.clone())));
        assert_eq!(note("マイナンバー", "1234 5678 9012"), Some(Guarded::MyNumber(place)));
        for (title, text) in [("保険者番号", "聞いておく"), ("番号", "3番の窓口へ"), ("体重", "62.5")] {
            assert_eq!(note(title, text), None, "{title}");
        }
    }

    #[test]
    fn what_stands_on_an_insurance_card_is_found_by_its_label() {
        for text in [
            "保険者番号 06139999",
            "保険者番号：０６１３９９９９",
            "記号 12-34 番号 5678",
            "記号：見本99",
            "記号は１２３",
            "被保険者証番号=7700123",
            "ﾊﾞﾝｺﾞｳ メモ 枝番 01",
        ] {
            assert_eq!(saying(text), Some(Guarded::Insurer("reason".to_owned())), "{text}");
        }
        for text in ["ロット番号 AB123", "予約番号 5 番", "記号がついていた", "番号を聞いた", "電話番号 03-0000-0000"]
        {
            assert_eq!(saying(text), None, "{text}");
        }
    }
}
