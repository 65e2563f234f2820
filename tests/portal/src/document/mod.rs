//! The documents of the synthetic family as the portal answers them: a JSON text, municipality or insurer → group →
//! content. Checkups and medicines are XML inside of it; the rest is nested JSON with Japanese names from `data/`.

mod checkup;
mod medicine;

use serde_json::{Map, Value, json};

use crate::{
    card::{Card, Person},
    service::{GROUPS, Group},
};

/// What an answer is to hold.
pub(crate) struct Wanted {
    /// About whom.
    pub(crate) subject: Card,
    /// Which items.
    pub(crate) items: Vec<&'static str>,
    /// Whether it says by name whose it is.
    pub(crate) has_name: bool,
    /// More bytes than this, by more and more of the same.
    pub(crate) at_least: Option<usize>,
    /// Whether the XML inside is cut.
    pub(crate) is_xml_cut: bool,
}

/// Whose a document is, as far as it says.
pub(crate) struct Subject {
    person: Person,
    has_name: bool,
}

impl Subject {
    fn name(&self) -> Option<(&'static str, &'static str)> {
        self.has_name.then_some((self.person.name, self.person.kana))
    }
}

/// The text of `selfPersonalData`.
pub(crate) fn answer(wanted: &Wanted) -> String {
    let subject = Subject { person: wanted.subject.person(), has_name: wanted.has_name };
    let mut keepers = Map::new();
    for group in GROUPS.iter().filter(|group| wanted.items.contains(&group.item)) {
        let Some(content) = content(group, wanted, &subject) else { continue };
        if let Some(groups) = keepers.entry(group.keeper.name()).or_insert_with(|| json!({})).as_object_mut() {
            groups.insert(group.name.to_owned(), content);
        }
    }
    let text = Value::Object(keepers.clone()).to_string();
    match wanted.at_least.and_then(|least| least.checked_sub(text.len())) {
        // Nothing in it that can be made more of: text that nobody understands.
        Some(missing) => {
            keepers.insert("見本県余白町".to_owned(), json!({ "見本の余白": { "備考": "余白".repeat(missing / 6 + 1) } }));
            Value::Object(keepers).to_string()
        }
        None => text,
    }
}

fn content(group: &Group, wanted: &Wanted, subject: &Subject) -> Option<Value> {
    let xml = |text: String| {
        let kept = if wanted.is_xml_cut { text.chars().count() * 2 / 3 } else { usize::MAX };
        Value::from(text.chars().take(kept).collect::<String>())
    };
    match group.name {
        "特定健診情報" => checkup::xml(wanted.subject, subject).map(xml),
        "薬剤情報" => match wanted.at_least {
            Some(least) => medicine::many(wanted.subject, subject, least).map(|texts| texts.into_iter().map(xml).collect()),
            None => medicine::received(wanted.subject, subject).map(xml),
        },
        "処方情報" => medicine::prescribed(wanted.subject, subject).map(xml),
        "調剤情報" => medicine::dispensed(wanted.subject, subject).map(xml),
        name => nested(wanted.subject, name, subject),
    }
}

/// The groups of nested JSON of a person, by their names.
const fn file(card: Card) -> &'static str {
    match card {
        Card::Hanako => include_str!("../../data/hanako.json"),
        Card::Ichiro => include_str!("../../data/ichiro.json"),
        Card::Taro => include_str!("../../data/taro.json"),
        Card::Futaba => include_str!("../../data/futaba.json"),
        Card::Wakaba => include_str!("../../data/wakaba.json"),
        Card::Jiro => include_str!("../../data/jiro.json"),
    }
}

fn nested(card: Card, group: &str, subject: &Subject) -> Option<Value> {
    let file: Value = serde_json::from_str(file(card)).ok()?;
    let mut content = file.get(group)?.as_object()?.clone();
    let mut about = Map::new();
    if let Some((name, kana)) = subject.name() {
        about.insert("氏名".to_owned(), name.into());
        about.insert("氏名カナ".to_owned(), kana.into());
    }
    about.insert("生年月日".to_owned(), subject.person.birth.into());
    about.insert("性別".to_owned(), subject.person.sex.japanese().into());
    content.insert("対象者情報".to_owned(), Value::Object(about));
    Some(Value::Object(content))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;

    fn everything(subject: Card) -> Wanted {
        let items = GROUPS.iter().map(|group| group.item).collect();
        Wanted { subject, items, has_name: true, at_least: None, is_xml_cut: false }
    }

    #[test]
    fn every_group_is_there_for_somebody_and_each_person_has_something() {
        let all: Vec<Value> = Card::ALL.map(|card| serde_json::from_str(&answer(&everything(card))).unwrap()).to_vec();
        for group in GROUPS {
            assert!(all.iter().any(|answer| !answer[group.keeper.name()][group.name].is_null()), "{}", group.name);
        }
        assert!(all.iter().all(|answer| !answer.as_object().unwrap().is_empty()));
    }

    #[test]
    fn every_group_of_a_file_is_a_group_that_there_is() {
        for card in Card::ALL {
            let file: Value = serde_json::from_str(file(card)).unwrap();
            for name in file.as_object().unwrap().keys() {
                assert!(GROUPS.iter().any(|group| group.name == name), "{name} of {}", card.id());
            }
        }
    }

    #[test]
    fn without_the_name_birth_date_and_sex_are_all_that_is_said() {
        for card in Card::ALL {
            let person = card.person();
            let nameless = answer(&Wanted { has_name: false, ..everything(card) });
            assert!(!nameless.contains(person.name) && !nameless.contains(person.kana) && nameless.contains(person.birth));
            assert!(answer(&everything(card)).contains(person.name));
        }
    }

    #[test]
    fn a_large_answer_is_larger_and_no_number_of_twelve_digits_is_in_any() {
        let large = answer(&Wanted { at_least: Some(3 << 20), ..everything(Card::Hanako) });
        assert!(large.len() > 3 << 20 && large.len() < 5 << 20, "{}", large.len());
        let padded = answer(&Wanted { items: vec!["expense"], at_least: Some(100_000), ..everything(Card::Hanako) });
        assert!(padded.len() > 100_000 && serde_json::from_str::<Value>(&padded).is_ok());
        for text in Card::ALL.map(|card| answer(&everything(card))).iter().chain([&large]) {
            assert!(!text.split(|character: char| !character.is_ascii_digit()).any(|digits| digits.len() == 12));
        }
    }

    #[test]
    fn cut_xml_is_no_xml() {
        let cut: Value = serde_json::from_str(&answer(&Wanted { is_xml_cut: true, ..everything(Card::Hanako) })).unwrap();
        for name in ["特定健診情報", "薬剤情報", "処方情報", "調剤情報"] {
            assert!(roxmltree::Document::parse(cut["見本健康保険組合"][name].as_str().unwrap()).is_err(), "{name}");
        }
    }
}
