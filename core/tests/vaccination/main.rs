//! The vaccination plan against cases that were worked out by hand (`tests/fixtures/vaccination/cases.tsv`), and what holds of
//! every plan, whatever was given before.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout, reason = "tests")]

mod always;

use std::collections::HashMap;

use chrono::NaiveDate;
use techo_core::{
    base::PartialDate,
    insight::{CannotPlan, DoseGiven, DoseStatus, PlanFor, PlannedDose, Pregnancy, pregnancies_told, vaccination_plan},
    record::{Body, Coding, Concept, Fact, Observation, Sex, Standing, Value},
    terms::{ITEM_SYSTEM, Kind, vaccine},
};

const CASES: &str = include_str!("../../../tests/fixtures/vaccination/cases.tsv");

/// One case, by the file's columns.
struct Case(HashMap<&'static str, &'static str>);

impl Case {
    fn get(&self, column: &str) -> &'static str {
        self.0[column]
    }

    fn plan(&self) -> Vec<PlannedDose> {
        let given: Vec<DoseGiven> = self.get("given").split('|').filter(|dose| !dose.is_empty()).map(given).collect();
        let pregnancies = pregnancies(self.get("pregnancies"));
        let sex = if self.get("sex") == "F" { Sex::Female } else { Sex::Male };
        let of = PlanFor { born: self.get("born").parse().unwrap(), sex, pregnancies: &pregnancies };
        vaccination_plan(of, &given, self.get("on").parse().unwrap()).unwrap()
    }

    /// The line that is meant.
    fn line<'a>(&self, plan: &'a [PlannedDose]) -> Option<&'a PlannedDose> {
        let is_given = matches!(self.get("status"), "done" | "too_early");
        let dose: u32 = self.get("dose").parse().unwrap();
        let fits = |line: &&PlannedDose| line.vaccine == self.get("vaccine") && line.dose == dose && line.given_on.is_some() == is_given;
        let mut fitting = plan.iter().filter(fits);
        // Of two on one day the second is the one to look at.
        if self.get("status") == "too_early" { fitting.next_back() } else { fitting.next() }
    }
}

fn given(text: &'static str) -> DoseGiven {
    let (text, product) = text.split_once('#').unwrap_or((text, ""));
    let (text, number) = text.split_once(";n=").map_or((text, None), |(text, number)| (text, number.parse().ok()));
    let (id, day) = text.split_once('@').unwrap();
    let day = Some(day.parse::<PartialDate>().unwrap());
    DoseGiven { vaccine: vaccine(id).unwrap().id, product: product.to_owned(), day, number, is_booster: false, term: None }
}

fn pregnancies(text: &str) -> Vec<Pregnancy> {
    let told = |text: &str| {
        let (item, value, day) = match text.split_once('=').unwrap() {
            ("due", day) => ("due-date", Value::Text(day.to_owned()), "2026-06-01"),
            (_, rest) => {
                let (day, weeks) = rest.split_once(':').unwrap();
                ("gestational-week", Value::Number { comparator: None, decimal: weeks.parse().unwrap() }, day)
            }
        };
        let concept = Concept { codings: vec![Coding::new(ITEM_SYSTEM, item)], text: None };
        let body = Body::Observation(Observation::new(value));
        let (title, at) = (String::new(), String::new());
        let fact = Fact { kind: Kind::Pregnancy, title, concept, when: None, body, at, said_by: None, standing: Standing::Understood };
        (fact, day.parse::<PartialDate>().unwrap())
    };
    let facts: Vec<(Fact, PartialDate)> = text.split('|').filter(|part| !part.is_empty()).map(told).collect();
    pregnancies_told(facts.iter().map(|(fact, day)| (fact, Some(*day))))
}

fn cases() -> Vec<Case> {
    let mut lines = CASES.lines().filter(|line| !line.starts_with('#'));
    let columns: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let case = |line: &'static str| {
        let cells: Vec<&str> = line.split('\t').collect();
        assert_eq!(cells.len(), columns.len(), "{line}");
        Case(columns.iter().copied().zip(cells).collect())
    };
    lines.map(case).collect()
}

fn text(day: Option<NaiveDate>) -> String {
    day.map_or_else(|| "-".to_owned(), |day| day.to_string())
}

#[test]
fn every_case_worked_out_by_hand_comes_out_as_it_should() {
    let cases = cases();
    assert!(cases.len() >= 60);
    let mut wrong = Vec::new();
    for case in &cases {
        let plan = case.plan();
        let line = case.line(&plan);
        let found = match line {
            None => vec![("status", "none".to_owned())],
            Some(line) => vec![
                ("status", line.status.id().to_owned()),
                ("stage", line.stage.clone().unwrap_or_else(|| "-".to_owned())),
                ("earliest", text(line.earliest)),
                ("recommended_from", text(line.recommended_from)),
                ("recommended_to", text(line.recommended_to)),
                ("last_subsidised", text(line.last_subsidised)),
            ],
        };
        let differs = |(column, value): &&(&str, String)| case.get(column) != "*" && case.get(column) != value;
        let differing: Vec<String> =
            found.iter().filter(differs).map(|(column, value)| format!("{column}: {} expected, {value} found", case.get(column))).collect();
        let verdict = if differing.is_empty() { "ok   " } else { "WRONG" };
        let rule = line.map_or("", |line| line.rule.id);
        println!(
            "{verdict} {:<30} born {} on {} {} {} -> {} [{rule}] {}",
            case.get("case"),
            case.get("born"),
            case.get("on"),
            case.get("vaccine"),
            case.get("dose"),
            case.get("status"),
            case.get("reason")
        );
        wrong.extend(differing.into_iter().map(|text| format!("{}: {text}", case.get("case"))));
    }
    println!("{} cases", cases.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn there_is_no_plan_before_the_birth_or_without_its_day() {
    let on: NaiveDate = "2026-11-22".parse().unwrap();
    let plan = |born: &str| {
        let born = born.parse().unwrap();
        vaccination_plan(PlanFor { born, sex: Sex::Male, pregnancies: &[] }, &[], on)
    };
    assert_eq!(plan("2026-11").unwrap_err(), CannotPlan::BirthDayUnknown);
    assert_eq!(plan("2026-11-23").unwrap_err(), CannotPlan::NotBornYet);
    assert!(!plan("2026-11-22").unwrap().is_empty());
}

#[test]
fn what_is_too_early_or_unknown_says_whom_to_ask() {
    for (case, rule) in [
        ("rotarix-too-early", "ask-town"),
        ("live-too-near", "live-27"),
        ("mr-too-young", "not-counted"),
        ("two-on-one-day", "twice-a-day"),
        ("hepb-started-too-late", "no-time-left"),
        ("hpv-unknown-before-2026", "hpv-unknown"),
        ("zoster-unknown", "zoster-unknown"),
        ("dpt5-booster-month-end", "month-end"),
        ("mr1-extension-first", "mr-extension"),
        ("switch-next", "dpt-switch"),
        ("rsv-weeks-only", "rsv-weeks"),
    ] {
        let case = cases().into_iter().find(|known| known.get("case") == case).unwrap();
        let plan = case.plan();
        let line = case.line(&plan).unwrap();
        assert!(line.also.iter().any(|also| also.id == rule), "{rule}: {:?}", line.also);
    }
    let asks = |id: &str| techo_core::insight::vaccination_rules().iter().find(|rule| rule.id == id).unwrap();
    assert!(asks("ask-town").japanese.contains("市区町村にご確認ください") && asks("ask-town").english.contains("ask the town"));
}

#[test]
fn every_dose_on_record_is_listed_once_whatever_it_is() {
    let born: PartialDate = "2024-03-10".parse().unwrap();
    let day: NaiveDate = "2025-06-01".parse().unwrap();
    let given: Vec<DoseGiven> = techo_core::terms::vaccines().iter().map(|vaccine| DoseGiven::new(vaccine.id, day)).collect();
    let plan = vaccination_plan(PlanFor { born, sex: Sex::Female, pregnancies: &[] }, &given, "2026-11-22".parse().unwrap()).unwrap();
    for (at, dose) in given.iter().enumerate() {
        assert_eq!(plan.iter().filter(|line| line.source == Some(at)).count(), 1, "{}", dose.vaccine);
    }
    assert!(plan.iter().filter(|line| line.source.is_some()).all(|line| matches!(line.status, DoseStatus::Done | DoseStatus::TooEarly)));
}
