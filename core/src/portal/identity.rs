//! Whether somebody is the person a consent is for: whom デジタル認証アプリ says logged in, and whom an answer says it is
//! about. What cannot be compared counts neither way; then date of birth and sex suffice, unless somebody else in the
//! vault shares them.

use techo_protocol::message::Identity;

use crate::{
    base::PersonId,
    consent::Basis,
    record::{Mismatch, Person, Sex, Subject},
};

/// What a comparison came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// It is the person.
    Same,
    /// It is not.
    NotYou(Mismatch),
    /// Nothing differs, but that does not tell it is this person: only somebody who knows can say.
    Ask(Doubtful),
}

/// Why a comparison did not decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubtful {
    /// These people of the vault fit as well: twins, or a father and a son of one name.
    Shared(Vec<PersonId>),
    /// Too little could be compared: no name, and not both date of birth and sex.
    TooLittle,
}

/// Compares a subject with the person it should be. `people` is everybody in the vault.
pub fn compare(subject: &Subject, person: &Person, people: &[Person]) -> Match {
    let differs = subject.mismatch(person);
    if !differs.is_none() {
        return Match::NotYou(differs);
    }
    let is_named = subject.name_matches(person) == Some(true);
    if !is_named && (subject.born.and_then(|born| born.known_day()).is_none() || subject.sex.is_none()) {
        return Match::Ask(Doubtful::TooLittle);
    }
    // A name that could be compared beats one that could not: only who fits as well as the person does is a rival.
    let fits_as_well = |other: &Person| subject.mismatch(other).is_none() && (!is_named || subject.name_matches(other) == Some(true));
    let rivals: Vec<PersonId> = people.iter().filter(|other| other.id != person.id && fits_as_well(other)).map(|other| other.id).collect();
    if rivals.is_empty() { Match::Same } else { Match::Ask(Doubtful::Shared(rivals)) }
}

/// Who logged in at the identity leg.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Login {
    /// The person whose data is asked for.
    Subject,
    /// The parent or proxy who acts for them.
    Actor,
    /// Somebody the vault does not know, acting as a parent or proxy the request does not name. Proves nothing and
    /// contradicts nothing.
    Unknown,
    /// Somebody else.
    NotYou(Mismatch),
    /// It could be the person, and somebody else as well.
    Ask(Doubtful),
}

/// What only the person can say. Names nobody: `present` has the words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Who logged in could be the person and these others as well (nobody: too little was said to tell).
    Login {
        /// People of this vault who fit as well.
        others: Vec<PersonId>,
    },
    /// The answer could be about the person and these others as well.
    Answer {
        /// People of this vault who fit as well.
        others: Vec<PersonId>,
    },
    /// The answer does not say whom it is about, and who logged in does not prove it.
    Unstated,
    /// Twelve digits stand in a text. Yes: they are no My Number.
    Digits {
        /// Where.
        place: String,
    },
}

/// Judges a login: with one's own card it must be the person; a parent or proxy may log in as themselves.
pub fn judge_login(login: &Subject, basis: Basis, actor: Option<&Person>, person: &Person, people: &[Person]) -> Login {
    let as_subject = compare(login, person, people);
    let acts_for_another = match basis {
        Basis::OwnCard => false,
        Basis::ChildsCard | Basis::RegisteredProxy => true,
    };
    if as_subject == Match::Same || !acts_for_another {
        return match as_subject {
            Match::Same => Login::Subject,
            Match::NotYou(differs) => Login::NotYou(differs),
            Match::Ask(doubtful) => Login::Ask(doubtful),
        };
    }
    match (actor.map(|actor| compare(login, actor, people)), as_subject) {
        (Some(Match::Same), _) => Login::Actor,
        (_, Match::Ask(doubtful)) => Login::Ask(doubtful),
        // Somebody who may be the actor contradicts nothing.
        (Some(Match::Ask(_)), _) => Login::Unknown,
        (Some(Match::NotYou(_)), Match::NotYou(differs)) => Login::NotYou(differs),
        (Some(Match::NotYou(_)) | None, _) => Login::Unknown,
    }
}

/// The subject that an identity states. A date or sex in another form is not stated.
pub fn subject_of(identity: &Identity) -> Subject {
    let name = identity.name.as_str().trim();
    Subject {
        names: if name.is_empty() { Vec::new() } else { vec![name.to_owned()] },
        born: birth_date(identity.birthdate.as_str()),
        sex: sex(identity.gender.as_str()),
    }
}

/// `YYYYMMDD` or `YYYY-MM-DD`, nothing else: other forms of a date would be guesses here.
fn birth_date(text: &str) -> Option<crate::base::PartialDate> {
    let text = text.trim();
    let bytes = text.as_bytes();
    let has_hyphens = bytes.len() == 10 && bytes.get(4) == Some(&b'-') && bytes.get(7) == Some(&b'-');
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    (digits == 8 && (bytes.len() == 8 || has_hyphens)).then(|| text.parse().ok()).flatten()
}

fn sex(text: &str) -> Option<Sex> {
    match text.trim() {
        "1" | "male" => Some(Sex::Male),
        "2" | "female" => Some(Sex::Female),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use techo_protocol::SecretText;

    use super::*;

    fn person(id: u8, name: &str, kana: Option<&str>, born: &str, sex: Sex) -> Person {
        let mut person = Person::new(PersonId::from_bytes([id; 16]), name, born.parse().unwrap(), sex).unwrap();
        person.kana = kana.map(str::to_owned);
        person
    }

    fn hanako() -> Person {
        person(1, "手帳 花子", Some("テチョウ ハナコ"), "1972-04-15", Sex::Female)
    }

    fn taro() -> Person {
        person(3, "手帳 太郎", None, "2019-06-20", Sex::Male)
    }

    fn jiro() -> Person {
        person(4, "手帳 次郎", None, "2019-06-20", Sex::Male)
    }

    fn identity(name: &str, birthdate: &str, gender: &str) -> Subject {
        let text = |text: &str| SecretText::new(text.to_owned());
        subject_of(&Identity { name: text(name), birthdate: text(birthdate), gender: text(gender) })
    }

    #[test]
    fn an_identity_is_read_in_the_forms_that_were_seen_and_in_no_other() {
        let read = identity(" 手帳　花子 ", "19720415", "2");
        assert_eq!((read.born, read.sex), ("1972-04-15".parse().ok(), Some(Sex::Female)));
        assert_eq!(identity("", "1972-04-15", "female"), Subject { names: Vec::new(), ..read });
        for odd in ["1972/04/15", "昭和47年4月15日", "1972-4-15", "197204", "19720431", "1972-0-415", ""] {
            assert_eq!(identity("x", odd, "9").born, None, "{odd}");
        }
        assert_eq!(identity("x", "", "９").sex, None);
    }

    #[test]
    fn former_names_kana_and_variant_characters_are_the_person() {
        let mut person = hanako();
        person.former_names.push("髙橋 花子".to_owned());
        for name in ["手帳　花子", "ﾃﾁﾖｳ ﾊﾅｺ", "高橋花子"] {
            assert_eq!(compare(&identity(name, "19720415", "2"), &person, &[]), Match::Same, "{name}");
        }
        let differs = Mismatch { name: true, ..Mismatch::default() };
        assert_eq!(compare(&identity("手帳 一郎", "19720415", "2"), &person, &[]), Match::NotYou(differs));
    }

    #[test]
    fn what_cannot_be_compared_counts_neither_way_unless_a_twin_shares_the_rest() {
        let everybody = [hanako(), taro(), jiro()];
        // Kana only, and the vault knows none for the boy: date of birth and sex suffice …
        let kana = identity("テチョウ タロウ", "20190620", "1");
        assert_eq!(compare(&kana, &taro(), &[hanako(), taro()]), Match::Same);
        // … unless his twin is in the vault too.
        assert_eq!(compare(&kana, &taro(), &everybody), Match::Ask(Doubtful::Shared(vec![jiro().id])));
        // A name that can be compared tells them apart.
        assert_eq!(compare(&identity("手帳 太郎", "20190620", "1"), &taro(), &everybody), Match::Same);
        assert!(matches!(compare(&identity("手帳 次郎", "20190620", "1"), &taro(), &everybody), Match::NotYou(_)));
    }

    #[test]
    fn a_comparable_name_beats_one_that_is_not() {
        let mut twin = taro();
        twin.id = PersonId::from_bytes([9; 16]);
        twin.name = "テチョウ ジロウ".to_owned();
        assert_eq!(compare(&identity("手帳 太郎", "20190620", "1"), &taro(), &[taro(), twin]), Match::Same);
    }

    #[test]
    fn too_little_is_not_enough() {
        for (name, born, gender) in [("", "", ""), ("", "20190620", ""), ("", "", "1"), ("テチョウ タロウ", "", "1")] {
            assert_eq!(compare(&identity(name, born, gender), &taro(), &[taro()]), Match::Ask(Doubtful::TooLittle));
        }
        assert_eq!(compare(&identity("手帳太郎", "", ""), &taro(), &[taro(), jiro()]), Match::Same);
    }

    #[test]
    fn ones_own_card_is_ones_own_and_a_parents_or_proxys_login_is_no_mismatch() {
        let people = [hanako(), taro()];
        let (mother, child) = (identity("手帳 花子", "19720415", "2"), identity("手帳 太郎", "20190620", "1"));
        let stranger = identity("見本 三郎", "19500101", "1");
        let judge = |login: &Subject, basis, actor: Option<&Person>| judge_login(login, basis, actor, &taro(), &people);
        assert_eq!(judge(&child, Basis::OwnCard, None), Login::Subject);
        assert!(matches!(judge(&mother, Basis::OwnCard, Some(&hanako())), Login::NotYou(_)));
        for basis in [Basis::ChildsCard, Basis::RegisteredProxy] {
            assert_eq!(judge(&child, basis, Some(&hanako())), Login::Subject);
            assert_eq!(judge(&mother, basis, Some(&hanako())), Login::Actor);
            assert_eq!(judge(&stranger, basis, None), Login::Unknown);
            assert!(matches!(judge(&stranger, basis, Some(&hanako())), Login::NotYou(_)), "the request says who acts");
        }
    }
}
