//! An entry of the ledger as a sentence: who did what, for whom. The details are read leniently: an entry that a newer
//! version wrote is shown by its id, and words that were erased are said to be.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use techo_core::{base::PersonId, consent::Item, present::Language, vault::LedgerEntry};

use crate::{
    commands::Names,
    words::{Word, say},
};

/// What an entry tells.
pub(super) struct Told {
    /// Whom it is about.
    pub(super) people: BTreeSet<PersonId>,
    /// The sentence.
    pub(super) words: String,
    /// The details, where they were not erased.
    pub(super) detail: Option<Value>,
}

/// Tells the entries one after the other: what a consent is about stands in the entry that asked for it.
pub(super) struct Teller<'a> {
    names: &'a Names,
    language: Language,
    subjects: BTreeMap<String, PersonId>,
}

impl<'a> Teller<'a> {
    pub(super) const fn new(names: &'a Names, language: Language) -> Self {
        Self { names, language, subjects: BTreeMap::new() }
    }

    /// The next entry as a sentence.
    pub(super) fn tell(&mut self, entry: &LedgerEntry) -> Told {
        let detail: Option<Value> = entry.detail.as_deref().and_then(|detail| serde_json::from_str(detail).ok());
        let about = About(detail.as_ref());
        if let (Some(consent), Some(subject)) = (about.text("id"), about.person("subject")) {
            self.subjects.insert(consent.to_owned(), subject);
        }
        let people = self.people(&about);
        let mut words = self.sentence(&entry.act, &about, &people);
        if entry.detail.is_none() {
            words.push_str(Word::WordsErased.text(self.language));
        }
        Told { people, words, detail }
    }

    fn people(&self, about: &About<'_>) -> BTreeSet<PersonId> {
        let mut people: BTreeSet<PersonId> = ["person", "subject"].into_iter().filter_map(|field| about.person(field)).collect();
        people.extend(about.list("people").filter_map(|one| About(Some(one)).person("person")));
        let consent = about.text("consent").or_else(|| about.text("id"));
        people.extend(consent.and_then(|consent| self.subjects.get(consent)).copied());
        people
    }

    fn sentence(&self, act: &str, about: &About<'_>, people: &BTreeSet<PersonId>) -> String {
        let language = self.language;
        let word = match (act, about.text("of"), about.text("format")) {
            ("person_added", ..) => Word::SaidPersonAdded,
            ("imported", ..) => Word::SaidImported,
            ("exported", _, Some("ledger")) => Word::SaidLedgerExported,
            ("exported", ..) => Word::SaidExported,
            ("backed_up", ..) => Word::SaidBackedUp,
            ("restored", ..) => Word::SaidRestored,
            ("erased", Some("document"), _) => Word::SaidErasedDocument,
            ("erased", Some("person"), _) => Word::SaidErasedPerson,
            ("erased", ..) => Word::SaidErasedRecord,
            ("loss_accepted", ..) => Word::SaidLossAccepted,
            ("consent_asked", ..) => Word::SaidConsentAsked,
            ("consent_answered", ..) => Word::SaidConsentAnswered,
            ("consent_withdrawn", ..) => Word::SaidConsentWithdrawn,
            ("identity_checked", ..) => Word::SaidIdentityChecked,
            ("fetch_started", ..) => Word::SaidFetchStarted,
            ("fetched", ..) => Word::SaidFetched,
            ("fetch_ended", ..) => Word::SaidFetchEnded,
            ("shown", ..) => Word::SaidShown,
            ("setting_changed", ..) => Word::SaidSettingChanged,
            // A newer version's.
            _ => return act.to_owned(),
        };
        let names: Vec<&str> = people.iter().map(|id| self.name(*id)).collect();
        let people = if names.is_empty() { Word::SomebodyErased.text(language).to_owned() } else { names.join(self.comma()) };
        let mut places = vec![("people", people)];
        for name in ["format", "records", "rows", "setting", "reason", "outcome"] {
            places.push((name, about.text(name).map_or_else(|| about.number(name), str::to_owned)));
        }
        for (name, field) in
            [("items", "wishes"), ("granted", "granted"), ("declined", "declined"), ("returned", "returned"), ("cut", "cut")]
        {
            places.push((name, self.items(about, field)));
        }
        let operator = About(about.value("operator")).text(language.pick("japanese", "english")).unwrap_or("?");
        places.push(("operator", operator.to_owned()));
        places.push(("basis", basis(About(about.value("actor")).text("basis")).text(language).to_owned()));
        let is_on = about.value("on").and_then(Value::as_bool).unwrap_or_default();
        places.push(("on", if is_on { Word::On } else { Word::Off }.text(language).to_owned()));
        let places: Vec<(&str, &str)> = places.iter().map(|(name, value)| (*name, value.as_str())).collect();
        say(word, language, &places)
    }

    /// Items by name: a list of ids, or of wishes, each with its item.
    fn items(&self, about: &About<'_>, field: &str) -> String {
        let id = |one: &Value| one.as_str().map(str::to_owned).or_else(|| About(Some(one)).text("item").map(str::to_owned));
        let name = |id: String| id.parse::<Item>().map_or(id, |item| self.language.pick(item.japanese(), item.english()).to_owned());
        let names: Vec<String> = about.list(field).filter_map(id).map(name).collect();
        if names.is_empty() { Word::Nothing.text(self.language).to_owned() } else { names.join(self.comma()) }
    }

    fn name(&self, id: PersonId) -> &str {
        let name = self.names.name(id);
        if name.is_empty() { Word::SomebodyErased.text(self.language) } else { name }
    }

    fn comma(&self) -> &'static str {
        self.language.pick("、", ", ")
    }
}

/// By what right somebody acted, in words.
fn basis(id: Option<&str>) -> Word {
    match id {
        Some("childs_card") => Word::BasisChildsCard,
        Some("registered_proxy") => Word::BasisRegisteredProxy,
        _ => Word::BasisOwnCard,
    }
}

/// The fields of an entry's details, each of which may be missing.
struct About<'a>(Option<&'a Value>);

impl<'a> About<'a> {
    fn value(&self, field: &str) -> Option<&'a Value> {
        self.0?.get(field)
    }

    fn text(&self, field: &str) -> Option<&'a str> {
        self.value(field)?.as_str()
    }

    /// A number as it was written.
    fn number(&self, field: &str) -> String {
        self.value(field).and_then(Value::as_number).map_or_else(|| "?".to_owned(), ToString::to_string)
    }

    fn person(&self, field: &str) -> Option<PersonId> {
        self.text(field)?.parse().ok()
    }

    fn list(&self, field: &str) -> impl Iterator<Item = &'a Value> {
        self.value(field).and_then(Value::as_array).into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use techo_core::{
        base::Fingerprint,
        record::{Person, Sex},
    };

    use super::*;

    const HANAKO: &str = "0101010101010101010101010101010a";

    fn names() -> Names {
        let id = HANAKO.parse().unwrap();
        Names(vec![Person::new(id, "手帳 花子", "1972-04-15".parse().unwrap(), Sex::Female).unwrap()])
    }

    fn told(entries: &[(&str, Option<&str>)], language: Language) -> Vec<Told> {
        let names = names();
        let mut teller = Teller::new(&names, language);
        let entry = |(act, detail): &(&str, Option<&str>)| LedgerEntry {
            at: "2026-11-21T01:02:03.000Z".to_owned(),
            act: (*act).to_owned(),
            detail: detail.map(str::to_owned),
            salt: String::new(),
            detail_hash: Fingerprint::of(b""),
            chain: Fingerprint::of(b""),
        };
        entries.iter().map(|given| teller.tell(&entry(given))).collect()
    }

    #[test]
    fn a_consent_is_told_with_whose_it_is_though_only_its_question_says_so() {
        let consent = "000102030405060708090a0b0c0d0e0f";
        let asked = format!(
            r#"{{"id":"{consent}","subject":"{HANAKO}","actor":{{"basis":"own_card"}},"wishes":[{{"item":"checkup","period":{{}}}},{{"item":"medication"}}],"operator":{{"japanese":"見本の運営者","english":"A sample operator","contact":"x"}}}}"#
        );
        let answered = format!(r#"{{"id":"{consent}","granted":[{{"item":"checkup","period":{{}}}}],"declined":["medication"]}}"#);
        let entries = [("consent_asked", Some(asked.as_str())), ("consent_answered", Some(answered.as_str()))];
        let japanese = told(&entries, Language::Japanese);
        let english = told(&entries, Language::English);
        for word in ["手帳 花子", "健診", "受け取った薬", "見本の運営者"] {
            assert!(japanese[0].words.contains(word), "{}", japanese[0].words);
        }
        assert!(english[0].words.contains("Health checkups, Medicines received") && english[0].words.contains("A sample operator"));
        assert!(japanese[1].words.contains("手帳 花子") && english[1].words.contains("Medicines received"), "{}", english[1].words);
        assert_eq!(japanese[1].people.len(), 1);
    }

    #[test]
    fn erased_words_newer_acts_and_somebody_erased_are_told_as_such() {
        let entries = [
            ("imported", None),
            ("teleported", Some("{}")),
            ("person_added", Some(r#"{"person":"0202020202020202020202020202020b"}"#)),
            ("imported", Some("no JSON")),
        ];
        let told = told(&entries, Language::English);
        assert!(told[0].words.ends_with(Word::WordsErased.text(Language::English)), "{}", told[0].words);
        assert_eq!(told[1].words, "teleported");
        assert!(told[2].words.contains("somebody erased"), "{}", told[2].words);
        assert!(told[3].detail.is_none() && !told[3].words.contains("JSON"));
    }
}
