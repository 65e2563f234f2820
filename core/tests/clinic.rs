//! What a doctor is shown, in a real vault: allergies first, nothing sensitive unless it was chosen, a line exactly where the
//! person left something out, and the ledger's lines of each showing.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::path::Path;

use techo_core::{
    base::{DeviceSecret, PersonId},
    formats::health_card::KeySet,
    insight::clinic::{Selection, occasion, occasions},
    intake::{Filled, Incoming, Pen, Permissions, Subject, add_by_hand, keep_hidden, mark_sensitive, take_in},
    present::{self, ClinicView, Language, SectionId},
    record::{Author, Person, Relation, Sex},
    terms::Kind,
    transfer::{self, TransferError},
    vault::{EventId, NewSlots, TimelinePage, Unlock, Vault, VaultError},
};

const JA: Language = Language::Japanese;

fn now() -> chrono::DateTime<chrono::Utc> {
    "2026-04-05T09:00:00Z".parse().unwrap()
}

fn author() -> Author {
    Author { name: "手帳 花子".to_owned(), relation: Relation::Myself }
}

fn secret() -> DeviceSecret {
    DeviceSecret::from_bytes([5; 32])
}

struct Notebook {
    _home: tempfile::TempDir,
    vault: Vault,
    hanako: Person,
}

impl Notebook {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let device = secret();
        let vault = Vault::create(&home.path().join("vault"), &NewSlots { device: Some(&device), ..NewSlots::default() }).unwrap();
        vault.confirm_presence(Unlock::Device(&device), now()).unwrap();
        let hanako = Person::new(PersonId::from_bytes([1; 16]), "手帳 花子", "1972-04-15".parse().unwrap(), Sex::Female).unwrap();
        vault.add_person(&hanako, now()).unwrap();
        Self { _home: home, vault, hanako }
    }

    fn import(&self, name: &str) {
        let bytes = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures").join(name)).unwrap();
        self.take(&bytes);
    }

    fn take(&self, bytes: &[u8]) {
        let file = Incoming { bytes, name: Some("file"), now: now() };
        let may = Permissions { anyway: true, ..Permissions::default() };
        let mut outcomes = Vec::new();
        take_in(&self.vault, &self.hanako, file, &KeySet::new(now().timestamp()), may, &mut |outcome| {
            outcomes.push(outcome.result.is_ok());
        });
        assert_eq!(outcomes, [true]);
    }

    fn add(&self, kind: Kind, values: &[(&str, &str)]) -> EventId {
        let values: Vec<(String, String)> = values.iter().map(|(id, text)| ((*id).to_owned(), (*text).to_owned())).collect();
        let author = author();
        let today = "2026-04-05".parse().unwrap();
        let pen = Pen { author: &author, now: now(), today, reason: None, may: Permissions::default() };
        let written = add_by_hand(&self.vault, &self.hanako, Filled { kind, values: &values, confirmed: &["on".to_owned()] }, pen).unwrap();
        let page = TimelinePage { limit: 100, ..TimelinePage::default() };
        self.vault.timeline(&page).unwrap().into_iter().find(|line| line.document == written.document).unwrap().id
    }

    fn mark(&self, event: EventId, act: impl Fn(&Vault, Subject, Pen<'_>) -> bool) {
        let author = author();
        let today = "2026-04-05".parse().unwrap();
        assert!(act(
            &self.vault,
            Subject::Event(event),
            Pen { author: &author, now: now(), today, reason: None, may: Permissions::default() }
        ));
    }

    fn shown(&self, selection: &Selection) -> ClinicView {
        present::clinic(&self.vault, self.hanako.id, selection, "2026-04-05".parse().unwrap(), JA).unwrap()
    }

    fn at(&self, id: &str) -> ClinicView {
        self.shown(&Selection::of(occasion(id).unwrap()))
    }

    fn only(&self, items: &[&str]) -> ClinicView {
        let items: Vec<String> = items.iter().map(|item| (*item).to_owned()).collect();
        self.shown(&Selection::of_items(None, &items).unwrap())
    }
}

fn titles(view: &ClinicView, id: SectionId) -> Vec<&str> {
    view.section(id).map(|section| section.lines.iter().map(|line| line.title.as_str()).collect()).unwrap_or_default()
}

fn all_titles(view: &ClinicView) -> Vec<&str> {
    view.sections.iter().flat_map(|section| &section.lines).map(|line| line.title.as_str()).collect()
}

/// The sections that say that something was left out.
fn short(view: &ClinicView) -> Vec<SectionId> {
    view.sections.iter().filter(|section| section.left_out.is_some()).map(|section| section.id).collect()
}

#[test]
fn an_allergy_comes_first_at_every_occasion_and_the_dangerous_one_before_the_newer() {
    let notebook = Notebook::new();
    notebook.add(Kind::Allergy, &[("on", "2010-01-01"), ("name", "ペニシリン"), ("reaction", "ショック"), ("criticality", "high")]);
    notebook.add(Kind::Allergy, &[("on", "2025-01-01"), ("name", "卵")]);
    notebook.add(Kind::Condition, &[("on", "2026-01-01"), ("name", "花粉症")]);
    for one in occasions() {
        let view = notebook.at(one.id);
        assert_eq!(all_titles(&view)[..2], ["ペニシリン", "卵"], "{}", one.id);
    }
    // Whatever days were chosen: an allergy has no end because it was noted long ago.
    let mut late = Selection::of(occasion("first_visit").unwrap());
    late.from = "2026-03".parse().ok();
    let view = notebook.shown(&late);
    assert_eq!(titles(&view, SectionId::Allergies), ["ペニシリン", "卵"]);
    assert!(titles(&view, SectionId::Conditions).is_empty());
    assert_eq!(short(&view), [SectionId::Conditions]);
}

#[test]
fn nothing_sensitive_is_shown_unless_it_was_chosen_and_the_line_says_that_something_is_not_there() {
    let notebook = Notebook::new();
    notebook.add(Kind::Condition, &[("on", "2025-01-01"), ("name", "うつ病")]);
    notebook.add(Kind::Medication, &[("on", "2026-04-01"), ("name", "見本薬A"), ("days", "14"), ("place", "見本精神科クリニック")]);
    notebook.add(Kind::Condition, &[("on", "2024-01-01"), ("name", "花粉症")]);
    let marked = notebook.add(Kind::Allergy, &[("on", "2024-02-01"), ("name", "そば")]);
    let view = notebook.at("first_visit");
    assert_eq!(all_titles(&view), ["そば", "花粉症"]);
    assert_eq!(short(&view), [SectionId::MedicinesCurrent, SectionId::Conditions]);
    assert!(view.left_out.is_some());
    let said = format!("{:?}", view.sections.iter().map(|section| (section.left_out, section.empty)).collect::<Vec<_>>());
    assert!(!said.contains("うつ") && !said.contains("精神"), "it says neither which nor why");

    notebook.mark(marked, |vault, subject, pen| mark_sensitive(vault, subject, pen).is_ok());
    let view = notebook.at("first_visit");
    assert_eq!(all_titles(&view), ["花粉症"]);
    assert_eq!(short(&view), [SectionId::Allergies, SectionId::MedicinesCurrent, SectionId::Conditions]);

    let mut all = Selection::of(occasion("first_visit").unwrap());
    all.sensitive = true;
    let view = notebook.shown(&all);
    assert_eq!(all_titles(&view), ["そば", "見本薬A", "うつ病", "花粉症"]);
    assert!(short(&view).is_empty() && view.left_out.is_none(), "nothing is left out any more");
}

#[test]
fn the_line_appears_exactly_where_something_was_left_out() {
    let notebook = Notebook::new();
    let egg = notebook.add(Kind::Allergy, &[("on", "2024-02-01"), ("name", "卵")]);
    notebook.add(Kind::Medication, &[("on", "2026-04-01"), ("name", "見本薬A"), ("days", "14")]);
    let all = ["allergies", "medicines"];
    let view = notebook.only(&all);
    assert!(short(&view).is_empty() && view.left_out.is_none(), "{view:?}");

    // An item that was not chosen: the screen as a whole says so, and no section.
    let view = notebook.only(&["medicines"]);
    assert!(short(&view).is_empty() && view.left_out.is_some());
    let value = notebook.add(Kind::Measurement, &[("on", "2026-01-01"), ("what", "body-weight"), ("value", "52.5")]);
    assert!(notebook.only(&all).left_out.is_some(), "a value that was not chosen");
    assert!(notebook.only(&["allergies", "medicines", "body-weight"]).left_out.is_none());
    let note = notebook.add(Kind::Note, &[("on", "2026-01-01"), ("title", "メモ"), ("text", "見本")]);
    assert!(notebook.only(&["allergies", "medicines", "body-weight"]).left_out.is_some(), "a note that no part holds");

    // What lies outside of the days.
    notebook.add(Kind::Medication, &[("on", "2023-04-01"), ("name", "見本薬B"), ("days", "14")]);
    assert_eq!(short(&notebook.only(&all)), [SectionId::MedicinesCurrent]);

    // What the person keeps hidden; of the note nothing more is left to be told.
    for event in [egg, value, note] {
        notebook.mark(event, |vault, subject, pen| keep_hidden(vault, subject, pen).is_ok());
    }
    let view = notebook.only(&["allergies", "body-weight"]);
    assert_eq!(short(&view), [SectionId::Allergies, SectionId::Results]);
    assert!(all_titles(&view).is_empty());
    assert_eq!(view.section(SectionId::Allergies).unwrap().reasons.hidden, 1);
}

#[test]
fn a_medicine_that_has_ended_or_was_stopped_is_never_under_current() {
    let notebook = Notebook::new();
    notebook.add(Kind::Medication, &[("on", "2026-04-01"), ("name", "いまの薬"), ("days", "14"), ("place", "見本薬局")]);
    notebook.add(Kind::Medication, &[("on", "2026-01-10"), ("name", "終わった薬"), ("days", "7")]);
    let stopped = r#"{"resourceType":"Bundle","type":"collection","entry":[
        {"resource":{"resourceType":"Patient","id":"p","name":[{"text":"手帳 花子"}],"gender":"female","birthDate":"1972-04-15"}},
        {"resource":{"resourceType":"MedicationStatement","status":"stopped","subject":{"reference":"Patient/p"},
          "medicationCodeableConcept":{"text":"中止した薬"},"effectivePeriod":{"start":"2026-04-02","end":"2026-05-02"}}},
        {"resource":{"resourceType":"AllergyIntolerance","patient":{"reference":"Patient/p"},"code":{"text":"ヨード造影剤"},"criticality":"high"}}]}"#;
    notebook.take(stopped.as_bytes());
    let view = notebook.at("pharmacy");
    assert_eq!(titles(&view, SectionId::MedicinesCurrent), ["いまの薬"]);
    assert_eq!(titles(&view, SectionId::MedicinesStopped), ["中止した薬", "終わった薬"]);
    assert_eq!(titles(&view, SectionId::Allergies), ["ヨード造影剤"]);
    let current = &view.section(SectionId::MedicinesCurrent).unwrap().lines[0];
    assert!(current.source.as_deref().unwrap().contains("手で書いた") && current.source.as_deref().unwrap().contains("見本薬局"));
    assert!(view.code, "the notebook's code belongs to the pharmacy");
}

#[test]
fn values_come_with_the_ones_before_and_egfr_stands_beside_the_medicines() {
    let notebook = Notebook::new();
    for year in ["2022", "2023", "2024", "2025"] {
        notebook.import(&format!("family/hanako-tokutei-{year}.xml"));
    }
    notebook.import("family/hanako-okusuri-1.txt");
    let view = notebook.at("pharmacy");
    let ids: Vec<SectionId> = view.sections.iter().map(|section| section.id).collect();
    assert!(ids.is_sorted() && ids.contains(&SectionId::Kidney), "{ids:?}");
    let egfr = &view.section(SectionId::Kidney).unwrap().lines[0];
    assert_eq!((egfr.title.as_str(), egfr.trend.len()), ("eGFR", 4));
    assert!(egfr.value.as_deref().unwrap().contains("（前：2024"), "{egfr:?}");
    assert!(egfr.trend.is_sorted_by(|one, other| one.date <= other.date) && egfr.date == egfr.trend[3].date);
    assert!(egfr.source.as_deref().is_some_and(|source| !source.contains("手で書いた")));
    let english = present::clinic(
        &notebook.vault,
        notebook.hanako.id,
        &Selection::of(occasion("pharmacy").unwrap()),
        "2026-04-05".parse().unwrap(),
        Language::English,
    )
    .unwrap();
    assert!(english.fetched.starts_with("Last import on 2026-04-05") && english.fetched.contains("lag behind"));
    let ours =
        english.sections.iter().map(|section| section.title).chain(english.left_out).chain([english.note, english.title, english.sex]);
    assert!(ours.into_iter().all(str::is_ascii));
}

#[test]
fn the_sheet_for_a_school_has_every_dose_and_what_the_plan_misses() {
    let notebook = Notebook::new();
    notebook.add(
        Kind::Vaccination,
        &[("on", "2020-07-01"), ("vaccine", "mr"), ("lot", "AB123"), ("dose", "1"), ("product", "ミールビック"), ("place", "見本小児科")],
    );
    notebook.add(Kind::Vaccination, &[("on", "2025-05-01"), ("vaccine", "mr"), ("dose", "2")]);
    let selection = Selection::of(occasion("nursery_school").unwrap());
    let view = notebook.shown(&selection);
    let doses = &view.section(SectionId::Vaccinations).unwrap().lines;
    assert_eq!(doses.iter().map(|line| line.date.as_deref().unwrap()).collect::<Vec<_>>(), ["2020-07-01", "2025-05-01"]);
    let first = doses[0].dose.as_ref().unwrap();
    assert_eq!(
        (first.product.as_deref(), first.lot.as_deref(), first.place.as_deref()),
        (Some("ミールビック"), Some("AB123"), Some("見本小児科"))
    );
    // She is 53: nothing is routine. Her son of six has no dose on record, and the last for his age are to be given now.
    assert!(view.section(SectionId::MissingDoses).unwrap().empty.is_some());
    let taro = Person::new(PersonId::from_bytes([2; 16]), "手帳 太郎", "2019-06-20".parse().unwrap(), Sex::Male).unwrap();
    notebook.vault.add_person(&taro, now()).unwrap();
    let view = present::clinic(&notebook.vault, taro.id, &selection, "2026-04-05".parse().unwrap(), JA).unwrap();
    let missing = titles(&view, SectionId::MissingDoses);
    assert!(missing.iter().any(|title| title.contains("日本脳炎")), "{missing:?}");
    assert!(!missing.iter().any(|title| title.contains("BCG")), "{missing:?}");
}

#[test]
fn each_showing_is_in_the_ledger_with_items_and_duration_and_nobody_shows_unasked() {
    let notebook = Notebook::new();
    notebook.add(Kind::Allergy, &[("on", "2024-02-01"), ("name", "卵")]);
    let before = notebook.vault.ledger_length().unwrap();
    let view = notebook.at("emergency");
    assert_eq!(notebook.vault.ledger_length().unwrap(), before, "looking at one's own is no showing");
    let late = now() + chrono::TimeDelta::minutes(30);
    assert_eq!(notebook.vault.begin_showing(&view.to_show(), late).err(), Some(VaultError::PresenceNeeded));
    let chosen = techo_core::vault::ToShow { minutes: Some(5), ..view.to_show() };
    let showing = notebook.vault.begin_showing(&chosen, now()).unwrap();
    notebook.vault.end_showing(showing, now() + chrono::TimeDelta::seconds(75)).unwrap();
    let lines = present::ledger(&notebook.vault, None, 2, JA).unwrap();
    assert_eq!((lines[1].act.as_str(), lines[0].act.as_str()), ("shown", "showing_ended"));
    assert!(
        lines[1].text.contains("救急：アレルギー") && lines[1].text.contains("eGFR") && lines[1].text.contains("、5 分まで"),
        "{}",
        lines[1].text
    );
    assert!(lines[0].text.contains("75 秒間"), "{}", lines[0].text);
    let entries = notebook.vault.ledger(u32::try_from(before).unwrap(), 10).unwrap();
    assert!(entries.iter().all(|entry| !entry.detail.as_deref().unwrap_or_default().contains('卵')), "kinds, never values");
    assert!(notebook.vault.verify().unwrap().ok);
}

/// What the codes beside a screen hold, read by a decoder of other authors.
fn codes(notebook: &Notebook, selection: &Selection) -> Result<String, TransferError> {
    let made = transfer::show_clinic_codes(&notebook.vault, notebook.hanako.id, selection, "2026-04-05".parse().unwrap(), now())?;
    let mut text = String::new();
    for code in &made.codes {
        let rows: Vec<&[bool]> = code.rows().collect();
        let side = (code.side() + 8) * 4;
        let is_dark = |x: usize, y: usize| {
            let at = |place: usize| (place / 4).checked_sub(4).filter(|at| *at < rows.len());
            at(x).zip(at(y)).is_some_and(|(x, y)| rows[y][x])
        };
        let mut seen = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| if is_dark(x, y) { 0 } else { 255 });
        let mut content = Vec::new();
        seen.detect_grids()[0].decode_to(&mut content).unwrap();
        text += &encoding_rs::SHIFT_JIS.decode(&content).0;
    }
    Ok(text)
}

#[test]
fn the_code_beside_the_pharmacists_screen_holds_what_the_screen_shows_and_nothing_else() {
    let notebook = Notebook::new();
    notebook.add(Kind::Allergy, &[("on", "2010-01-01"), ("name", "ペニシリン"), ("criticality", "high")]);
    notebook.add(Kind::Medication, &[("on", "2026-04-01"), ("name", "見本薬A"), ("days", "14")]);
    notebook.add(Kind::Medication, &[("on", "2024-04-01"), ("name", "見本薬B"), ("days", "14")]);
    // Told by a clinic that gives it away, and by hand: neither may leave.
    notebook.add(Kind::Medication, &[("on", "2026-03-01"), ("name", "見本薬C"), ("days", "14"), ("place", "見本精神科クリニック")]);
    notebook.add(Kind::Medication, &[("on", "2026-03-20"), ("name", "見本薬C"), ("days", "14")]);
    let hidden = notebook.add(Kind::Medication, &[("on", "2026-03-25"), ("name", "見本薬D"), ("days", "14")]);
    notebook.mark(hidden, |vault, subject, pen| keep_hidden(vault, subject, pen).is_ok());
    let pharmacy = Selection::of(occasion("pharmacy").unwrap());
    let said = |selection: &Selection| {
        let text = codes(&notebook, selection).unwrap();
        ["ペニシリン", "見本薬A", "見本薬B", "見本薬C", "見本薬D"].map(|name| text.contains(name))
    };
    assert_eq!(said(&pharmacy), [true, true, false, false, false], "an allergy has no end; a medicine goes back a year");
    let longer = Selection { from: "2024-01-01".parse().ok(), sensitive: true, ..pharmacy.clone() };
    assert_eq!(said(&longer), [true, true, true, true, false]);
    let only = Selection { code: true, ..Selection::of_items(None, &["medicines".to_owned()]).unwrap() };
    assert_eq!(said(&only), [false, true, false, false, false], "allergies were not chosen");
    // Only an occasion with a code has one.
    let visit = Selection::of(occasion("first_visit").unwrap());
    assert!(matches!(codes(&notebook, &visit), Err(TransferError::NothingToWrite { .. })));
    let lines = present::ledger(&notebook.vault, None, 4, JA).unwrap();
    let acts: Vec<&str> = lines.iter().map(|line| line.act.as_str()).collect();
    assert_eq!(acts.iter().filter(|act| **act == "exported").count(), 3, "each set of codes has its line: {acts:?}");
    let late = "2026-04-05T10:00:00Z".parse().unwrap();
    let asked = transfer::show_clinic_codes(&notebook.vault, notebook.hanako.id, &pharmacy, "2026-04-05".parse().unwrap(), late);
    assert!(matches!(asked, Err(TransferError::Vault(VaultError::PresenceNeeded))));
}

#[test]
fn a_childs_report_has_growth_charts_of_what_the_report_shows_and_of_nothing_else() {
    let notebook = Notebook::new();
    let taro = Person::new(PersonId::from_bytes([2; 16]), "手帳 太郎", "2024-06-20".parse().unwrap(), Sex::Male).unwrap();
    notebook.vault.add_person(&taro, now()).unwrap();
    let child = Notebook { hanako: taro, ..notebook };
    for (on, value) in [("2024-12-20", "7.90"), ("2025-06-20", "9.10"), ("2025-12-20", "10.30")] {
        child.add(Kind::Measurement, &[("on", on), ("what", "weight"), ("value", value)]);
    }
    let page = |selection: &Selection, on: &str| {
        let of = transfer::ReportOf { person: child.hanako.id, selection, on: on.parse().unwrap(), language: JA };
        transfer::report_of(&child.vault, of).unwrap().0
    };
    let checkup = Selection::of(occasion("infant_checkup").unwrap());
    let shown = page(&checkup, "2026-04-05");
    let (_, growth) = shown.split_once("成長曲線").unwrap();
    for said in ["10.30", "9.10", "7.90", "令和5年", ">97</text>", ">50</text>", "<polyline"] {
        assert!(growth.contains(said), "{said}");
    }
    // A value that is not shown is on no chart, nor one of somebody who is grown.
    let late = Selection { from: "2025-12-01".parse().ok(), ..checkup.clone() };
    let cut = page(&late, "2026-04-05");
    assert!(cut.contains("成長曲線") && cut.contains("10.30") && !cut.contains("9.10") && !cut.contains("7.90"));
    assert!(!page(&checkup, "2042-06-20").contains("成長曲線"));
    let vaccines = Selection::of(occasion("nursery_school").unwrap());
    assert!(!page(&vaccines, "2026-04-05").contains("成長曲線"));
    // A day in the past sees what was there.
    let mut view = present::growth(&child.vault, child.hanako.id, present::GrowthWish::default(), JA).unwrap();
    view.until("2025-06-20".parse().unwrap());
    assert_eq!(view.rows.iter().map(|row| row.value.as_str()).collect::<Vec<_>>(), ["7.90", "9.10"]);
}
