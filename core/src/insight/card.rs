//! The emergency and disaster card as a record: one event that the person wrote, a note for each field. So it travels in
//! every archive, is changed and undone like any other hand-written record, and its earlier words are kept.

use chrono::NaiveDate;

use crate::{
    base::PartialDate,
    record::{Body, Coding, Concept, Event, Fact, Standing},
    terms::Kind,
};

/// Our own code system for the fields of the card.
pub const CARD_SYSTEM: &str = "urn:techo:card-field";
/// Stands behind the field's code where its words come from the records when the card is made.
const FROM_RECORDS: &str = "from-records";
/// The name of the event.
pub const CARD_TITLE: &str = "救急・災害カード";

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $ja:literal, $en:literal;)*) => {
        /// A field of the card, in the order it is shown. The ids are public and never renamed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum CardField { $($(#[$doc])* $name,)* }

        impl CardField {
            /// Every field, in the order it is shown.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The public id.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            /// The Japanese name a person sees.
            pub const fn japanese(self) -> &'static str {
                match self { $(Self::$name => $ja,)* }
            }

            /// The English name a person sees.
            pub const fn english(self) -> &'static str {
                match self { $(Self::$name => $en,)* }
            }
        }
    };
}

fields! {
    /// アレルギー
    Allergies = "allergies", "アレルギー・副作用", "Allergies and reactions";
    /// 薬
    Medicines = "medicines", "使っている薬", "Medicines";
    /// 持病
    Conditions = "conditions", "持病・既往歴", "Conditions";
    /// 血液型
    BloodGroup = "blood_group", "血液型", "Blood group";
    /// 体内の機器（ペースメーカー、人工関節 …）
    Implants = "implants", "体内の機器", "Implants";
    /// 透析
    Dialysis = "dialysis", "透析", "Dialysis";
    /// 酸素
    Oxygen = "oxygen", "酸素", "Oxygen";
    /// 電源の要る機器
    Power = "power", "電源の要る機器", "Devices that need power";
    /// 連絡先
    Contacts = "contacts", "連絡先", "Contacts";
    /// かかりつけ
    Doctor = "doctor", "かかりつけ", "Doctor or pharmacy";
    /// 避難のときに要ること（個別避難計画）
    Evacuation = "evacuation", "避難のときに要ること", "Help needed in an evacuation";
    /// その他
    Notes = "notes", "その他", "Notes";
}

impl CardField {
    /// The field of an id or a name in either language.
    pub fn read(text: &str) -> Option<Self> {
        let wanted = crate::base::fold(text);
        Self::ALL.iter().copied().find(|one| [one.id(), one.japanese(), one.english()].iter().any(|name| crate::base::fold(name) == wanted))
    }

    /// Whether the records can fill it.
    pub const fn has_records(self) -> bool {
        matches!(self, Self::Allergies | Self::Medicines | Self::Conditions)
    }
}

/// What a field says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CardWords {
    /// The person's own words.
    Own(String),
    /// What the records say when the card is made.
    FromRecords,
}

/// One field with what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardEntry {
    /// The field.
    pub field: CardField,
    /// Its words.
    pub words: CardWords,
}

/// The event that keeps a card; none of nothing.
pub fn card_event(entries: &[CardEntry], on: NaiveDate, author: &str) -> Option<Event> {
    let facts: Vec<Fact> = entries.iter().map(|entry| fact(entry, author)).collect();
    (!facts.is_empty()).then(|| Event {
        kind: Kind::Note,
        day: Some(PartialDate::Day(on)),
        title: CARD_TITLE.to_owned(),
        place: None,
        signature: None,
        facts,
    })
}

fn fact(entry: &CardEntry, author: &str) -> Fact {
    let mut codings = vec![Coding::new(CARD_SYSTEM, entry.field.id())];
    let text = match &entry.words {
        CardWords::Own(text) => text.clone(),
        CardWords::FromRecords => {
            codings.push(Coding::new(CARD_SYSTEM, FROM_RECORDS));
            "（記録から）".to_owned()
        }
    };
    Fact {
        kind: Kind::Note,
        title: entry.field.japanese().to_owned(),
        concept: Concept { codings, text: None },
        when: None,
        body: Body::Note(text),
        at: entry.field.id().to_owned(),
        said_by: Some(author.to_owned()),
        standing: Standing::Understood,
    }
}

/// The fields that an event keeps, in the order they are shown; none where it is no card.
pub fn card_entries(event: &Event) -> Vec<CardEntry> {
    let entry = |fact: &Fact| {
        let ours = |coding: &&Coding| coding.system.as_deref() == Some(CARD_SYSTEM);
        let field = fact
            .concept
            .codings
            .iter()
            .filter(ours)
            .find_map(|coding| CardField::ALL.iter().copied().find(|field| field.id() == coding.code))?;
        let Body::Note(text) = &fact.body else { return None };
        let from_records = fact.concept.codings.iter().filter(ours).any(|coding| coding.code == FROM_RECORDS);
        Some(CardEntry { field, words: if from_records { CardWords::FromRecords } else { CardWords::Own(text.clone()) } })
    };
    let mut entries: Vec<CardEntry> = event.facts.iter().filter_map(entry).collect();
    entries.sort_by_key(|entry| entry.field);
    entries.dedup_by_key(|entry| entry.field);
    entries
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_card_reads_back_as_it_was_written_in_the_order_it_is_shown() {
        let own = |field, text: &str| CardEntry { field, words: CardWords::Own(text.to_owned()) };
        let entries = [
            own(CardField::Contacts, "一郎 090-0000-0000"),
            CardEntry { field: CardField::Allergies, words: CardWords::FromRecords },
            own(CardField::BloodGroup, "A Rh+"),
        ];
        let event = card_event(&entries, "2026-04-05".parse().unwrap(), "手帳 花子").unwrap();
        let [contacts, allergies, blood] = entries;
        assert_eq!(card_entries(&event), [allergies, blood, contacts]);
        assert_eq!(card_event(&[], "2026-04-05".parse().unwrap(), ""), None);
        assert_eq!(
            (CardField::read("血液型"), CardField::read("Oxygen"), CardField::read("x")),
            (Some(CardField::BloodGroup), Some(CardField::Oxygen), None)
        );
    }
}
