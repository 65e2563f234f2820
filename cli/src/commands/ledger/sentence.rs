//! An entry of the ledger as a sentence: who did what, for whom. The details are read leniently: an entry that a newer
//! version wrote is shown by its id, and words that were erased are said to be.

use std::collections::BTreeSet;

use serde_json::Value;
use techo_core::{
    base::PersonId,
    consent::Item,
    present::{self, Language},
    sync::End,
    vault::LedgerEntry,
};

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

/// Tells entries in a person's language.
pub(super) struct Teller<'a> {
    names: &'a Names,
    language: Language,
}

impl<'a> Teller<'a> {
    pub(super) const fn new(names: &'a Names, language: Language) -> Self {
        Self { names, language }
    }

    /// The entry as a sentence.
    pub(super) fn tell(&self, entry: &LedgerEntry) -> Told {
        let detail: Option<Value> = entry.detail.as_deref().and_then(|detail| serde_json::from_str(detail).ok());
        let about = About(detail.as_ref());
        let mut people: BTreeSet<PersonId> = about.person("person").into_iter().collect();
        people.extend(about.list("people").filter_map(|one| About(Some(one)).person("person")));
        let mut words = self.sentence(&entry.act, &about, &people);
        if entry.detail.is_none() {
            words.push_str(Word::WordsErased.text(self.language));
        }
        Told { people, words, detail }
    }

    fn sentence(&self, act: &str, about: &About<'_>, people: &BTreeSet<PersonId>) -> String {
        let word = match (act, about.text("of"), about.text("format")) {
            ("person_added", ..) => Word::SaidPersonAdded,
            ("imported", ..) => Word::SaidImported,
            ("exported", _, Some("ledger")) => Word::SaidLedgerExported,
            ("exported", ..) => Word::SaidExported,
            ("backed_up", ..) => Word::SaidBackedUp,
            ("restored", ..) => Word::SaidRestored,
            ("erased", Some("document"), _) => Word::SaidErasedDocument,
            ("erased", Some("person"), _) => Word::SaidErasedPerson,
            ("erased", Some("consent"), _) => Word::SaidErasedConsent,
            ("erased", ..) => Word::SaidErasedRecord,
            ("loss_accepted", ..) => Word::SaidLossAccepted,
            ("consent_asked", ..) => Word::SaidConsentAsked,
            ("consent_answered", ..) => Word::SaidConsentAnswered,
            ("consent_withdrawn", ..) => Word::SaidConsentWithdrawn,
            ("identity_checked", ..) => Word::SaidIdentityChecked,
            ("fetch_started", ..) => Word::SaidFetchStarted,
            ("fetched", ..) if about.value("missing").is_some() => Word::SaidFetchedSome,
            ("fetched", ..) => Word::SaidFetched,
            ("fetch_ended", ..) => Word::SaidFetchEnded,
            ("shown", ..) => Word::SaidShown,
            ("setting_changed", ..) => Word::SaidSettingChanged,
            // A newer version's.
            _ => return act.to_owned(),
        };
        let places = self.places(about, people);
        let places: Vec<(&str, &str)> = places.iter().map(|(name, value)| (*name, value.as_str())).collect();
        say(word, self.language, &places)
    }

    /// Everything a sentence may have a place for.
    fn places(&self, about: &About<'_>, people: &BTreeSet<PersonId>) -> Vec<(&'static str, String)> {
        let language = self.language;
        let names: Vec<&str> = people.iter().map(|id| self.name(*id)).collect();
        let people = if names.is_empty() { Word::SomebodyErased.text(language).to_owned() } else { names.join(self.comma()) };
        let mut places = vec![("people", people)];
        for name in ["format", "records", "rows", "setting"] {
            places.push((name, about.text(name).map_or_else(|| about.number(name), str::to_owned)));
        }
        let (request, receipt, missing) = (about.part("request"), about.part("receipt"), about.part("missing"));
        places.push(("items", self.items(request.list("wishes"))));
        places.push(("granted", self.items(receipt.list("granted"))));
        places.push(("declined", self.items(receipt.list("declined"))));
        places.push(("operator", request.part("operator").text(language.pick("japanese", "english")).unwrap_or("?").to_owned()));
        places.push(("basis", basis(request.part("actor").text("basis")).text(language).to_owned()));
        places.push(("outcome", outcome(about.text("outcome")).text(language).to_owned()));
        places.push(("reason", self.reason(if about.text("reason").is_some() { about } else { &missing })));
        let (returned, kept) = counts(about);
        places.extend([("returned", returned.to_string()), ("kept", kept.to_string())]);
        let is_on = about.value("on").and_then(Value::as_bool).unwrap_or_default();
        places.push(("on", if is_on { Word::On } else { Word::Off }.text(language).to_owned()));
        let is_erased = about.value("erased").and_then(Value::as_bool).unwrap_or_default();
        places.push(("what", if is_erased { Word::WithdrawnErased } else { Word::WithdrawnKept }.text(language).to_owned()));
        places
    }

    /// Why nothing came; the id of a newer version as it is.
    fn reason(&self, about: &About<'_>) -> String {
        let id = about.text("reason").unwrap_or("?");
        End::read(id, about.text("code")).map_or_else(|| id.to_owned(), |end| present::end_text(&end, self.language).what)
    }

    /// Items by name: a list of ids, or of wishes, each with its item.
    fn items<'b>(&self, list: impl Iterator<Item = &'b Value>) -> String {
        let id = |one: &Value| one.as_str().map(str::to_owned).or_else(|| About(Some(one)).text("item").map(str::to_owned));
        let name = |id: String| id.parse::<Item>().map_or(id, |item| self.language.pick(item.japanese(), item.english()).to_owned());
        let names: Vec<String> = list.filter_map(id).map(name).collect();
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

/// Who logged in, in words.
fn outcome(id: Option<&str>) -> Word {
    match id {
        Some("subject") => Word::LoginSubject,
        Some("confirmed") => Word::LoginConfirmed,
        Some("actor") => Word::LoginActor,
        Some("asked") => Word::LoginAsked,
        Some("not_you") => Word::LoginNotYou,
        _ => Word::LoginUnknown,
    }
}

/// How many entries the portal returned, and how many of them were kept.
fn counts(about: &About<'_>) -> (u64, u64) {
    let groups = about.list("answers").flat_map(|answer| About(Some(answer)).list("groups").collect::<Vec<_>>());
    let of = |group: &Value, field: &str| group.get(field).and_then(Value::as_u64).unwrap_or_default();
    groups.fold((0, 0), |(returned, kept), group| (returned + of(group, "returned"), kept + of(group, "kept")))
}

/// The fields of an entry's details, each of which may be missing.
struct About<'a>(Option<&'a Value>);

impl<'a> About<'a> {
    fn value(&self, field: &str) -> Option<&'a Value> {
        self.0?.get(field)
    }

    /// An object within it.
    fn part(&self, field: &str) -> Self {
        Self(self.value(field))
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

    fn list(&self, field: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
        self.value(field).and_then(Value::as_array).into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use techo_core::{
        base::Fingerprint,
        record::{Person, Sex},
        vault::Act,
    };

    use super::*;

    const HANAKO: &str = "0101010101010101010101010101010a";

    fn names() -> Names {
        let id = HANAKO.parse().unwrap();
        Names(vec![Person::new(id, "手帳 花子", "1972-04-15".parse().unwrap(), Sex::Female).unwrap()])
    }

    fn told(entries: &[(&str, Option<&str>)], language: Language) -> Vec<Told> {
        let names = names();
        let teller = Teller::new(&names, language);
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
    fn a_consent_and_its_fetch_are_told_from_the_question_to_the_end() {
        let about = format!(r#""consent":"000102030405060708090a0b0c0d0e0f","person":"{HANAKO}""#);
        let line = |rest: &str| format!("{{{about},{rest}}}");
        let lines = [
            (
                "consent_asked",
                line(
                    r#""request":{"actor":{"basis":"childs_card"},"wishes":[{"item":"checkup","period":{}},{"item":"medication"}],"operator":{"japanese":"見本の運営者","english":"A sample operator"}}"#,
                ),
            ),
            ("consent_answered", line(r#""receipt":{"granted":[{"item":"checkup","period":{}}],"declined":["medication"]}"#)),
            ("identity_checked", line(r#""round":1,"outcome":"actor""#)),
            (
                "fetched",
                line(
                    r#""answers":[{"groups":[{"item":"checkup","returned":3,"kept":3},{"item":"care","returned":2,"kept":0}]}],"missing":{"services":["ST0002"],"reason":"late"}"#,
                ),
            ),
            ("consent_withdrawn", line(r#""documents":1,"records":3,"erased":true"#)),
        ];
        let entries: Vec<(&str, Option<&str>)> = lines.iter().map(|(act, line)| (*act, Some(line.as_str()))).collect();
        let parts = [
            ["健診（特定健診・後期高齢者健診）、薬", "子のカードで", "Health checkups, Medicines received", "by A sample operator"],
            ["はい：健診", "いいえ：薬", "yes: Health checkups", "no: Medicines received"],
            ["代理人", "手帳 花子", "acts for them", "手帳 花子"],
            ["届いた 5 件のうち", "3 件", "3 of 5", "did not answer in time"],
            ["撤回しました", "消しました", "withdrawn", "erased"],
        ];
        let (japanese, english) = (told(&entries, Language::Japanese), told(&entries, Language::English));
        for ((ja, en), [first, second, third, fourth]) in japanese.iter().zip(&english).zip(parts) {
            assert!(ja.words.contains(first) && ja.words.contains(second), "{}", ja.words);
            assert!(en.words.contains(third) && en.words.contains(fourth), "{}", en.words);
            assert_eq!(ja.people.len(), 1);
        }
    }

    #[test]
    fn every_act_has_a_sentence_with_every_place_filled() {
        for act in Act::ALL {
            for language in [Language::Japanese, Language::English] {
                let words = &told(&[(act.id(), Some("{}"))], language)[0].words;
                assert!(words != act.id() && !words.contains('{'), "{words}");
            }
        }
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
