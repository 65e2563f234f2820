//! Whether somebody is the person it is meant for. What cannot be compared is neither match nor mismatch.

use super::{Person, Subject};

/// In what a subject differs from a person. All that could be compared and differs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Mismatch {
    /// No name of the subject is one of the person's.
    pub name: bool,
    /// Another date of birth.
    pub born: bool,
    /// Another sex.
    pub sex: bool,
}

impl Mismatch {
    /// Whether nothing differs.
    pub const fn is_none(self) -> bool {
        !self.name && !self.born && !self.sex
    }

    /// For example `"name, date of birth"`.
    pub fn english(self) -> String {
        self.words(["name", "date of birth", "sex"], ", ")
    }

    /// For example `"氏名・生年月日"`.
    pub fn japanese(self) -> String {
        self.words(["氏名", "生年月日", "性別"], "・")
    }

    fn words(self, names: [&str; 3], separator: &str) -> String {
        let differs = [self.name, self.born, self.sex];
        names.into_iter().zip(differs).filter_map(|(name, differs)| differs.then_some(name)).collect::<Vec<_>>().join(separator)
    }
}

impl Subject {
    /// In what the subject differs from the person.
    pub fn mismatch(&self, person: &Person) -> Mismatch {
        Mismatch {
            name: self.name_matches(person) == Some(false),
            born: self.born.is_some_and(|born| !born.is_compatible(&person.born)),
            sex: self.sex.is_some_and(|sex| sex != person.sex),
        }
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
        assert!(Subject::default().mismatch(&person).is_none());
        let half = Subject { names: vec!["ﾃﾁﾖｳ ﾊﾅｺ".to_owned()], born: Some("1972-04".parse().unwrap()), sex: None };
        assert!(half.mismatch(&person).is_none());
        let twin =
            Subject { names: vec!["テチョウ ハルコ".to_owned()], born: Some("1972-04-15".parse().unwrap()), sex: Some(Sex::Female) };
        assert_eq!(twin.mismatch(&person), Mismatch { name: true, born: false, sex: false });
        let father = Subject { names: vec![], born: Some("1940-01-01".parse().unwrap()), sex: Some(Sex::Male) };
        assert_eq!(father.mismatch(&person).english(), "date of birth, sex");
    }
}
