//! Out of one family's notebook into another: nothing ends but what was read back, and a slice adds and never takes away.

use super::*;
use crate::{
    intake::{Pen, Permissions, Subject, keep_hidden},
    present::Marked,
    record::{Author, Coding, Concept, Relation},
    terms::{Kind, QUANTITY_SYSTEM},
    transfer::{
        Choice, HandOver, check_archive, end_access, export_archive, export_slice, hand_over, import_archive, import_archive_into,
        keep_access, restore, years_on,
    },
    vault::{SliceMark, StoredEvent},
};

fn of(keeps: bool) -> HandOver<'static> {
    HandOver { person: TARO, from: "手帳 花子", on: "2037-01-02".parse().unwrap(), keeps }
}

fn mark(only: Option<&str>) -> SliceMark {
    SliceMark { from: "手帳 花子".to_owned(), on: "2026-11-22".parse().unwrap(), only: only.map(str::to_owned) }
}

fn acts(vault: &Vault) -> Vec<(String, Option<String>)> {
    vault.ledger(0, 500).unwrap().into_iter().map(|entry| (entry.act.clone(), entry.told().of)).collect()
}

fn said(vault: &Vault, act: &str, of: &str) -> bool {
    acts(vault).contains(&(act.to_owned(), Some(of.to_owned())))
}

#[test]
fn a_grown_child_has_everything_and_the_ledgers_of_both_say_so() {
    let scene = Scene::new();
    let (vault, out) = (scene.family("parents"), scene.path("taro.techo"));
    let root = vault.roots().unwrap().into_iter().find(|root| root.person == TARO).unwrap();
    let content = hand_over(&vault, of(false), &out, &passphrase(), at(5), &mut quiet).unwrap();
    assert_eq!((content.people, content.hand_over.unwrap().kept), (vec![root], false));
    assert_eq!(vault.people().unwrap().len(), 2, "nothing ends by writing the file");

    let secret = DeviceSecret::from_bytes(SECRET);
    restore(&scene.path("own"), &slots(&secret), &out, Some(&passphrase()), at(6), &mut quiet).unwrap();
    let own = open(&scene.path("own"));
    assert_eq!(own.roots().unwrap(), vec![root]);
    assert!(said(&own, "taken_over", "ended"));

    let erased = end_access(&vault, TARO, &out, &passphrase(), at(7), &mut quiet).unwrap();
    assert_eq!(erased.records, root.records);
    assert_eq!(vault.people().unwrap().iter().map(|person| person.id).collect::<Vec<_>>(), [HANAKO]);
    assert!(said(&vault, "handed_over", "ended") && vault.verify().unwrap().ok && own.verify().unwrap().ok);
}

#[test]
fn access_that_stays_is_written_down_and_erases_nothing() {
    let scene = Scene::new();
    let (vault, out) = (scene.family("parents"), scene.path("taro.techo"));
    let before = shown(&vault);
    hand_over(&vault, of(true), &out, &passphrase(), at(5), &mut quiet).unwrap();
    assert!(said(&vault, "handed_over", "kept"));
    keep_access(&vault, TARO, at(6)).unwrap();
    assert_eq!(shown(&vault), before);
    let other = scene.empty("own");
    import_archive(&other, &out, Some(&passphrase()), at(7), &mut quiet).unwrap();
    assert!(said(&other, "taken_over", "kept"));
    assert_eq!(
        (
            years_on("2019-01-02".parse().unwrap(), "2037-01-01".parse().unwrap()),
            years_on("2019-01-02".parse().unwrap(), "2037-01-02".parse().unwrap())
        ),
        (Some(17), Some(18))
    );
}

#[test]
fn nothing_is_erased_where_the_file_is_not_a_whole_hand_over_of_what_is_here() {
    let scene = Scene::new();
    let (vault, out) = (scene.family("parents"), scene.path("taro.techo"));
    let before = (shown(&vault), vault.roots().unwrap());
    let end = |path: &Path, words: &str| end_access(&vault, TARO, path, &Passphrase::new(words).unwrap(), at(9), &mut quiet).unwrap_err();
    assert_eq!(end(&out, "春の手帳"), TransferError::FileMissing);
    hand_over(&vault, of(false), &out, &passphrase(), at(5), &mut quiet).unwrap();
    assert_eq!(end(&out, "秋の手帳"), TransferError::WrongPassphrase);
    // Cut, and changed.
    let bytes = fs::read(&out).unwrap();
    fs::write(scene.path("cut"), &bytes[..bytes.len() - 5]).unwrap();
    assert_eq!(end(&scene.path("cut"), "春の手帳"), TransferError::Truncated);
    let mut changed = bytes.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    fs::write(scene.path("changed"), &changed).unwrap();
    assert!(matches!(end(&scene.path("changed"), "春の手帳"), TransferError::Damaged(_) | TransferError::Truncated));
    // An archive that is no hand-over, of everybody, of somebody else, and a slice.
    export_archive(&vault, Some(TARO), &scene.path("plain export"), Some(&passphrase()), at(6), &mut quiet).unwrap();
    assert_eq!(end(&scene.path("plain export"), "春の手帳"), TransferError::Changed);
    hand_over(&vault, HandOver { person: HANAKO, ..of(false) }, &scene.path("hanako"), &passphrase(), at(6), &mut quiet).unwrap();
    assert_eq!(end(&scene.path("hanako"), "春の手帳"), TransferError::Changed);
    export_slice(&vault, &Choice::of(Some(TARO)), &mark(None), &scene.path("slice"), &passphrase(), at(6), &mut quiet).unwrap();
    assert_eq!(end(&scene.path("slice"), "春の手帳"), TransferError::OnlySlice);
    // Something came in after the file was written.
    assert_eq!((shown(&vault), vault.roots().unwrap()), before);
    file(&vault, TARO, 92, samples::documents().remove(2));
    assert_eq!(end(&out, "春の手帳"), TransferError::Changed);
    assert_eq!(vault.people().unwrap().len(), 2);
    assert!(!said(&vault, "handed_over", "ended") && vault.verify().unwrap().ok);
}

#[test]
fn a_hand_over_that_cannot_be_written_leaves_no_file_and_nothing_in_the_ledger() {
    let scene = Scene::new();
    let vault = scene.family("parents");
    let before = acts(&vault).len();
    let nowhere = scene.path("no such folder").join("taro.techo");
    assert_eq!(hand_over(&vault, of(true), &nowhere, &passphrase(), at(5), &mut quiet), Err(TransferError::FileMissing));
    let late = DateTime::from_timestamp(1_750_009_000, 0).unwrap();
    let asked = hand_over(&vault, of(true), &scene.path("late"), &passphrase(), late, &mut quiet);
    assert_eq!(asked, Err(TransferError::Vault(crate::vault::VaultError::PresenceNeeded)));
    assert!(!nowhere.exists() && !scene.path("late").exists());
    assert_eq!(acts(&vault).len(), before);
}

/// A checkup with a weight and a sensitive diagnosis, and a value that is neither.
fn checkup(day: &str, weight: &str) -> Event {
    let mut measured = samples::measured("X0003", "体重", samples::number(weight), Some("kg"));
    measured.concept = Concept::of(Coding::new(QUANTITY_SYSTEM, "body-weight"));
    let other = samples::measured("X0001", "視力", samples::number("1.2"), None);
    let sensitive = samples::measured("X0002", "うつ病の検査", samples::number("3"), None);
    samples::event(Kind::InfantCheckup, Some(day), "健診", vec![measured, other, sensitive])
}

fn titles(vault: &Vault, person: PersonId) -> Vec<String> {
    let mut titles = Vec::new();
    for id in vault.document_ids(person).unwrap() {
        vault
            .each_event_of(id, |stored| {
                let shown = stored.ids.iter().zip(&stored.event.facts).filter(|((_, first), _)| first.is_none());
                titles.extend(shown.map(|(_, fact)| format!("{} {}", stored.event.day.unwrap(), fact.title)));
                Ok::<_, TransferError>(())
            })
            .unwrap();
    }
    titles.sort();
    titles
}

/// A family with two checkups of the child, the second one's eyesight kept hidden.
fn family(scene: &Scene) -> Vault {
    let vault = scene.empty("one");
    vault.add_person(&person(HANAKO, "手帳 花子", "1980-05-03"), at(0)).unwrap();
    vault.add_person(&person(TARO, "手帳 太郎", "2019-01-02"), at(1)).unwrap();
    file(&vault, TARO, 50, vec![checkup("2024-01-05", "15.2")]);
    file(&vault, TARO, 51, vec![checkup("2025-01-05", "17.4")]);
    let second = *vault.document_ids(TARO).unwrap().last().unwrap();
    let mut eyesight = None;
    vault
        .each_event_of(second, |stored: StoredEvent| {
            eyesight = Some(stored.ids[1].0);
            Ok::<_, TransferError>(())
        })
        .unwrap();
    let author = Author { name: "手帳 花子".to_owned(), relation: Relation::Parent };
    let pen = Pen { author: &author, now: at(2), today: "2025-06-17".parse().unwrap(), reason: None, may: Permissions::default() };
    keep_hidden(&vault, Subject::Record(eyesight.unwrap()), pen).unwrap();
    vault
}

fn share(vault: &Vault, choice: &Choice<'_>, only: Option<&str>, out: &Path) -> crate::transfer::Exported {
    let marked = Marked::of(vault, TARO).unwrap();
    let withheld = |stored: &StoredEvent, place: usize| marked.reason(stored, place).is_some();
    let choice = Choice { person: Some(TARO), withhold: Some(&withheld), ..*choice };
    export_slice(vault, &choice, &mark(only), out, &passphrase(), at(5), &mut quiet).unwrap()
}

#[test]
fn a_slice_is_marked_and_holds_what_was_chosen_and_no_original() {
    let scene = Scene::new();
    let vault = family(&scene);
    let done = share(&vault, &Choice::default(), Some("growth"), &scene.path("growth"));
    assert_eq!(done.records(), 2);
    let other = scene.empty("two");
    let report = import_archive(&other, &scene.path("growth"), Some(&passphrase()), at(6), &mut quiet).unwrap();
    assert_eq!(report.slice, Some(mark(Some("growth"))));
    assert_eq!(titles(&other, TARO), ["2024-01-05 体重", "2025-01-05 体重"]);
    for id in other.document_ids(TARO).unwrap() {
        let about = other.document(id).unwrap().about;
        assert_eq!((about.slice, about.name, other.original_parts(id).unwrap()), (Some(mark(Some("growth"))), None, 0));
    }
    assert!(other.people().unwrap().iter().all(|person| person.id == TARO), "nobody else came along");

    // Everything of the child, without what is sensitive or kept hidden.
    let done = share(&vault, &Choice::default(), None, &scene.path("all"));
    assert_eq!(done.not_carried.iter().map(|missing| missing.records).sum::<u64>(), 2, "{:?}", done.not_carried);
    let third = scene.empty("three");
    import_archive(&third, &scene.path("all"), Some(&passphrase()), at(6), &mut quiet).unwrap();
    assert_eq!(titles(&third, TARO), ["2024-01-05 体重", "2024-01-05 視力", "2025-01-05 体重"]);

    // By choice they go along.
    export_slice(
        &vault,
        &Choice { person: Some(TARO), with_hidden: true, ..Choice::default() },
        &mark(None),
        &scene.path("chosen"),
        &passphrase(),
        at(5),
        &mut quiet,
    )
    .unwrap();
    let fourth = scene.empty("four");
    import_archive(&fourth, &scene.path("chosen"), Some(&passphrase()), at(6), &mut quiet).unwrap();
    assert_eq!(titles(&fourth, TARO).len(), 6);
    assert!(fourth.verify().unwrap().ok && fourth.check_records().unwrap().is_empty());
}

#[test]
fn a_slice_that_comes_again_brings_news_only_and_takes_nothing_away() {
    let scene = Scene::new();
    let vault = family(&scene);
    let other = scene.empty("two");
    let take = |name: &str| import_archive(&other, &scene.path(name), Some(&passphrase()), at(9), &mut quiet).unwrap();
    share(&vault, &Choice::default(), Some("growth"), &scene.path("first"));
    assert_eq!(take("first").documents_new, 2);
    file(&vault, TARO, 52, vec![checkup("2026-01-05", "19.0")]);
    share(&vault, &Choice::default(), Some("growth"), &scene.path("second"));
    let again = take("second");
    assert_eq!((again.documents_new, again.already_here), (1, 2));
    // A wider slice of the same documents: what is new is new, what was here counts once.
    share(&vault, &Choice::default(), None, &scene.path("wider"));
    take("wider");
    let whole = ["2024-01-05 体重", "2024-01-05 視力", "2025-01-05 体重", "2026-01-05 体重", "2026-01-05 視力"];
    assert_eq!(titles(&other, TARO), whole);
    // A smaller one, and an older one, take nothing away.
    take("first");
    share(&vault, &Choice { from: "2026".parse().ok(), ..Choice::default() }, Some("growth"), &scene.path("late"));
    take("late");
    assert_eq!(titles(&other, TARO), whole);
    // The whole document is no stranger to its part: it brings the rest.
    file(&other, TARO, 50, vec![checkup("2024-01-05", "15.2")]);
    assert_eq!(titles(&other, TARO).len(), whole.len() + 1);
    // Back to where it came from: there everything is known.
    let before = vault.roots().unwrap().iter().find(|root| root.person == TARO).unwrap().records;
    export_slice(&other, &Choice::of(Some(TARO)), &mark(None), &scene.path("back"), &passphrase(), at(5), &mut quiet).unwrap();
    import_archive(&vault, &scene.path("back"), Some(&passphrase()), at(9), &mut quiet).unwrap();
    assert_eq!(vault.roots().unwrap().iter().find(|root| root.person == TARO).unwrap().records, before);
    assert!(other.verify().unwrap().ok && vault.verify().unwrap().ok);
    // What holds slices is archived, backed up and restored like everything else.
    let content = export_archive(&other, None, &scene.path("archive"), None, at(5), &mut quiet).unwrap();
    assert_eq!(check_archive(&scene.path("archive"), None, &mut quiet).unwrap(), content);
    let third = scene.empty("three");
    import_archive(&third, &scene.path("archive"), None, at(9), &mut quiet).unwrap();
    assert_eq!(shown(&third), shown(&other));
}

#[test]
fn a_slice_is_filed_for_whom_it_is_about_whatever_the_id_and_for_nobody_else() {
    let scene = Scene::new();
    let vault = family(&scene);
    share(&vault, &Choice::default(), Some("growth"), &scene.path("slice"));
    let other = scene.empty("two");
    let own = PersonId::from_bytes([21; 16]);
    let renamed = PersonId::from_bytes([22; 16]);
    let sibling = PersonId::from_bytes([23; 16]);
    other.add_person(&person(own, "手帳　太郎", "2019-01-02"), at(1)).unwrap();
    let import = |into| import_archive_into(&other, &scene.path("slice"), Some(&passphrase()), into, at(9), &mut quiet);
    let report = import(None).unwrap();
    assert_eq!((report.people[0].person, report.people[0].is_new, other.people().unwrap().len()), (own, false, 1));
    assert_eq!(titles(&other, own).len(), 2);

    // After the parents have parted the name is another one there: only the person can say so.
    other.add_person(&Person::new(renamed, "別名 太郎", "2019-01-02".parse().unwrap(), Sex::Male).unwrap(), at(1)).unwrap();
    import(Some(renamed)).unwrap();
    assert_eq!(titles(&other, renamed).len(), 2);
    other.add_person(&Person::new(sibling, "別名 次郎", "2021-01-02".parse().unwrap(), Sex::Male).unwrap(), at(1)).unwrap();
    assert_eq!(import(Some(sibling)).unwrap_err(), TransferError::NotThisPerson);
    assert!(titles(&other, sibling).is_empty());

    // No notebook is made of a part, and a wrong passphrase changes nothing.
    let secret = DeviceSecret::from_bytes(SECRET);
    let made = restore(&scene.path("new"), &slots(&secret), &scene.path("slice"), Some(&passphrase()), at(9), &mut quiet);
    assert_eq!(made, Err(TransferError::OnlySlice));
    assert!(!scene.path("new").exists());
    let before = shown(&other);
    let wrong = import_archive(&other, &scene.path("slice"), Some(&Passphrase::new("秋の手帳").unwrap()), at(9), &mut quiet);
    assert_eq!(wrong.unwrap_err(), TransferError::WrongPassphrase);
    assert_eq!(shown(&other), before);
}
