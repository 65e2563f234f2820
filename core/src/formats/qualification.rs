//! Whom a message of オンライン資格確認 is about: the head that its checkup and its medicine layouts share, by local names.

use std::collections::HashSet;

use roxmltree::Node;

use super::{
    Fault, FormatError, Refusal,
    tokutei::read_time,
    xml::{child, path, words},
};
use crate::record::{Sex, Subject};

/// Every head of a message with its place, in the order of the document. A message has one; a second one is somebody
/// whom the reader of the message has to compare.
pub(super) fn subjects(root: Node<'_, '_>, refused: &mut Vec<Refusal>) -> Vec<(String, Subject)> {
    let is_head = |node: &Node<'_, '_>| matches!(node.tag_name().name(), "QualificationsInfo" | "QuaInf");
    root.descendants()
        .filter(is_head)
        .map(|head| (path(head), subject(head, refused)))
        .filter(|(_, about)| *about != Subject::default())
        .collect()
}

fn subject(head: Node<'_, '_>, refused: &mut Vec<Refusal>) -> Subject {
    let said = |names: &[&str]| names.iter().find_map(|name| child(head, name).and_then(words));
    let born = said(&["Birthday", "Birth"]);
    let parsed = born.as_deref().and_then(read_time).map(|(day, _)| day);
    if born.is_some() && parsed.is_none() {
        let place = format!("{}/Birthday", path(head));
        refused.push(Refusal { reason: FormatError::Malformed { place: place.clone(), fault: Fault::Date }, place });
    }
    Subject {
        names: ["Name", "KanasName", "KanaName"].into_iter().filter_map(|name| child(head, name).and_then(words)).collect(),
        born: parsed,
        sex: match said(&["AdministrativeGenderCode", "AdmGendCode"]).as_deref() {
            Some("1") => Some(Sex::Male),
            Some("2") => Some(Sex::Female),
            _ => None,
        },
    }
}

/// What several statements about one person say together: the union, as long as none denies another. `Err` with the
/// place of the first that does: another day of birth or another sex. Two names may be one person's, before and after
/// a marriage; who has both to compare with does so.
pub(super) fn union<'a>(subjects: impl IntoIterator<Item = &'a (String, Subject)>) -> Result<Subject, FormatError> {
    let mut whole = Subject::default();
    let mut names = HashSet::new();
    for (place, said) in subjects {
        let other_day = whole.born.zip(said.born).is_some_and(|(one, other)| !one.is_compatible(&other));
        let other_sex = whole.sex.zip(said.sex).is_some_and(|(one, other)| one != other);
        if other_day || other_sex {
            return Err(FormatError::Malformed { place: place.clone(), fault: Fault::Mixed });
        }
        // 1972 and 1972-04-15 are compatible; the fuller one is kept.
        whole.born = whole.born.max(said.born);
        whole.sex = whole.sex.or(said.sex);
        for name in &said.names {
            if names.insert(name.as_str()) {
                whole.names.push(name.clone());
            }
        }
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn about(name: &str, born: Option<&str>, sex: Option<Sex>) -> (String, Subject) {
        (name.to_owned(), Subject { names: vec![name.to_owned()], born: born.map(|day| day.parse().unwrap()), sex })
    }

    #[test]
    fn what_does_not_deny_each_other_is_put_together() {
        let parts = [
            about("手帳 花子", Some("1972"), None),
            about("テチョウ ハナコ", Some("1972-04-15"), Some(Sex::Female)),
            about("手帳 花子", None, None),
        ];
        let whole = union(&parts).unwrap();
        assert_eq!((whole.names.len(), whole.born, whole.sex), (2, "1972-04-15".parse().ok(), Some(Sex::Female)));
    }

    #[test]
    fn another_day_or_sex_is_somebody_else() {
        let hanako = about("手帳 花子", Some("1972-04-15"), Some(Sex::Female));
        let mixed = |place: &str| Err(FormatError::Malformed { place: place.to_owned(), fault: Fault::Mixed });
        assert_eq!(union(&[hanako.clone(), about("太郎", Some("2019-06-20"), None)]), mixed("太郎"));
        assert_eq!(union(&[hanako, about("一郎", None, Some(Sex::Male))]), mixed("一郎"));
    }
}
