//! The vaccination plan and what is due, from the first dose written down to the file for a calendar.

use std::fs;

use serde_json::Value;

use crate::notebook::{FAMILY, Notebook, fields};

const CHILD: &str = "手帳 次郎";
const HANAKO: &str = FAMILY[0].0;

fn with_child(born: &str) -> Notebook {
    let notebook = Notebook::of_the_family();
    notebook.run(&["person", "add", CHILD, "--born", born, "--sex", "male"]).ok();
    notebook
}

fn give(notebook: &Notebook, vaccine: &str, on: &str) -> Value {
    notebook.run(&["add", "vaccination", "--person", CHILD, "--vaccine", vaccine, "--on", on, "--yes", "--json"]).ok().line()
}

fn plan(notebook: &Notebook, person: &str, on: &str) -> Vec<Value> {
    notebook.run(&["vaccines", "--person", person, "--on", on, "--json"]).ok().lines()
}

/// The open line of a dose, or the given one.
fn dose<'a>(plan: &'a [Value], vaccine: &str, dose: u64, given: bool) -> &'a Value {
    let is_it = |line: &&Value| line["vaccine"] == vaccine && line["dose"] == dose && line["given_on"].is_string() == given;
    plan.iter().find(is_it).unwrap_or_else(|| panic!("no {vaccine} {dose}: {plan:#?}"))
}

#[test]
fn a_childs_plan_follows_what_was_given() {
    let notebook = with_child("2026-04-01");
    let before = plan(&notebook, CHILD, "2026-05-31");
    let first = dose(&before, "dpt_ipv_hib", 1, false);
    let names = [
        "dose",
        "earliest",
        "given_on",
        "last_subsidised",
        "recommended_from",
        "recommended_to",
        "rule",
        "source",
        "stage",
        "status",
        "vaccine",
    ];
    assert_eq!(fields(first), names);
    assert_eq!(
        (first["status"].as_str(), first["earliest"].as_str(), first["last_subsidised"].as_str()),
        (Some("due"), Some("2026-05-31"), Some("2033-09-30"))
    );
    give(&notebook, "dpt_ipv_hib", "2026-06-01");
    give(&notebook, "hepatitis_b", "2026-06-01");
    let early = give(&notebook, "dpt_ipv_hib", "2026-06-20");
    let after = plan(&notebook, CHILD, "2026-07-15");
    assert_eq!(dose(&after, "dpt_ipv_hib", 1, true)["status"], "done");
    assert_eq!(dose(&after, "dpt_ipv_hib", 2, true)["status"], "too_early");
    assert_eq!(dose(&after, "dpt_ipv_hib", 3, false)["earliest"], "2026-07-11");
    assert_eq!(dose(&after, "hepatitis_b", 3, false)["earliest"], "2026-10-19");
    assert_eq!(dose(&after, "hib", 1, false)["status"], "not_needed");
    let said = notebook.run(&["vaccines", "--person", CHILD, "--on", "2026-07-15"]).ok().out;
    assert!(
        said.contains("早すぎた接種") && said.contains("市区町村にご確認ください") && said.contains("医師の判断に代わるものではありません")
    );
    let english = notebook.run(&["vaccines", "--person", CHILD, "--on", "2026-07-15", "--lang", "en"]).ok().out;
    assert!(english.contains("too early") && english.contains("ask the town") && english.contains("no medical advice"));
    // What is taken out of the lists is not counted, nor what is kept hidden.
    notebook.run(&["remove", early["records"][0].as_str().unwrap(), "--yes"]).ok();
    let removed = plan(&notebook, CHILD, "2026-07-15");
    assert_eq!(dose(&removed, "dpt_ipv_hib", 2, false)["earliest"], "2026-06-22");
}

#[test]
fn a_day_before_the_birth_has_no_plan_and_says_so() {
    let notebook = with_child("2026-04-01");
    let error = notebook.run(&["vaccines", "--person", CHILD, "--on", "2026-03-31", "--json"]).ended(2).error();
    assert!(error["message"].as_str().unwrap().contains("生まれる前の日"), "{error}");
}

#[test]
fn a_pregnancy_on_record_brings_the_mothers_vaccine_and_the_visits() {
    let notebook = Notebook::of_the_family();
    notebook.run(&["add", "pregnancy", "--person", HANAKO, "--on", "2026-11-02", "--gestational-week", "20", "--yes"]).ok();
    let plan = plan(&notebook, HANAKO, "2026-11-22");
    let line = dose(&plan, "rsv_maternal", 1, false);
    assert_eq!(
        (line["status"].as_str(), line["earliest"].as_str(), line["last_subsidised"].as_str()),
        (Some("upcoming"), Some("2026-12-28"), Some("2027-02-22"))
    );
    let due = notebook.run(&["due", "--person", HANAKO, "--on", "2026-11-22", "--json"]).ok().lines();
    assert!(due.iter().any(|line| line["kind"] == "pregnancy" && line["date"] == "2026-11-30"), "{due:#?}");
}

#[test]
fn what_is_due_is_listed_by_day_and_leaves_as_a_calendar_without_a_word_about_health() {
    let notebook = with_child("2026-04-01");
    let lines = notebook.run(&["due", "--on", "2026-06-01", "--json"]).ok().lines();
    assert_eq!(fields(&lines[0]), ["date", "id", "kind", "person", "rule", "source", "status", "title", "until"]);
    let days: Vec<&str> = lines.iter().map(|line| line["date"].as_str().unwrap()).collect();
    assert!(days.is_sorted() && days[0] == "2026-06-01" && days.iter().all(|day| *day < "2027-06-01"), "{days:?}");
    for (person, kind) in [(CHILD, "vaccination"), (CHILD, "infant_checkup"), (HANAKO, "cancer_screening"), (HANAKO, "checkup")] {
        assert!(lines.iter().any(|line| line["person"] == person && line["kind"] == kind), "{person} {kind}");
    }
    notebook.run(&["due", "--on", "2026-06-01", "--calendar", "quiet.ics"]).ok();
    notebook.run(&["due", "--on", "2026-06-01", "--calendar", "plain.ics", "--plain-words"]).ok();
    let read = |name: &str| fs::read_to_string(notebook.path(name)).unwrap();
    let (quiet, plain) = (read("quiet.ics"), read("plain.ics").replace("\r\n ", ""));
    assert!(quiet.starts_with("BEGIN:VCALENDAR\r\n") && quiet.ends_with("END:VCALENDAR\r\n"));
    let texts: Vec<&str> = quiet.lines().filter(|line| line.starts_with("SUMMARY:") || line.starts_with("DESCRIPTION:")).collect();
    assert!(!texts.is_empty() && texts.iter().all(|line| line.ends_with(":手帳を見る日")), "{texts:?}");
    for word in ["接種", "健診", "ワクチン", "手帳 ", "hepatitis", "vacc", "infant"] {
        assert!(!quiet.contains(word), "{word}");
    }
    assert!(plain.contains("B型肝炎") && plain.contains(CHILD) && plain.contains("がん検診"));
    // Never over another file.
    let error = notebook.run(&["due", "--calendar", "quiet.ics", "--json"]).error();
    assert_eq!(error["error"], "FILE_EXISTS");
}
