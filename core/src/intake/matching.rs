//! Whether a document is about the person it is meant for. What cannot be compared is neither match nor mismatch.

use super::Mismatch;
use crate::record::{Person, Subject};

/// In what the document's subject differs from the person.
pub(super) fn mismatch(subject: &Subject, person: &Person) -> Mismatch {
    Mismatch {
        name: subject.name_matches(person) == Some(false),
        born: subject.born.is_some_and(|born| !born.is_compatible(&person.born)),
        sex: subject.sex.is_some_and(|sex| sex != person.sex),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::{base::PersonId, record::Sex};

    #[test]
    fn what_is_missing_or_less_precise_is_no_mismatch() {
        let mut person = Person::new(PersonId::from_bytes([1; 16]), "手帳 花子", "1972-04-15".parse().unwrap(), Sex::Female).unwrap();
        person.kana = Some("テチョウ ハナコ".to_owned());
        assert!(mismatch(&Subject::default(), &person).is_none());
        let half = Subject { names: vec!["ﾃﾁﾖｳ ﾊﾅｺ".to_owned()], born: Some("1972-04".parse().unwrap()), sex: None };
        assert!(mismatch(&half, &person).is_none());
        let twin =
            Subject { names: vec!["テチョウ ハルコ".to_owned()], born: Some("1972-04-15".parse().unwrap()), sex: Some(Sex::Female) };
        assert_eq!(mismatch(&twin, &person), Mismatch { name: true, born: false, sex: false });
        let father = Subject { names: vec![], born: Some("1940-01-01".parse().unwrap()), sex: Some(Sex::Male) };
        assert_eq!(mismatch(&father, &person).english(), "date of birth, sex");
    }
}
