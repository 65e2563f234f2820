//! The vaccination plan of a person on a day, ready to show: each dose with its status and days in words, why, and whom to ask.

use chrono::NaiveDate;

use super::{Language, recorded::recorded};
use crate::{
    base::PersonId,
    insight::{
        self, CannotPlan, DoseGiven, DoseStatus, PlanFor, PlannedDose, Pregnancy, SCHEDULE_EDITION, VaccinationRule, dose_told,
        pregnancies_told, vaccination_plan,
    },
    record::{Person, Sex},
    terms::{Kind, vaccine},
    vault::{FactId, Vault, VaultError},
};

/// The plan of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaccinesView {
    /// The doses in the order of the schedule.
    pub rows: Vec<VaccineRow>,
    /// Why there is none, where there is none.
    pub no_plan_text: Option<&'static str>,
    /// The schedule's edition, and what the plan is not.
    pub note: String,
}

/// One dose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaccineRow {
    /// The dose with its days and rules.
    pub dose: PlannedDose,
    /// The vaccine's name.
    pub vaccine_text: &'static str,
    /// Which dose, with its term: `1期追加（4回目）`.
    pub dose_text: String,
    /// The status in words.
    pub status_text: &'static str,
    /// The days in words.
    pub days_text: String,
    /// Why, and whom to ask; one sentence each.
    pub why: Vec<&'static str>,
    /// The record, of a dose that was given.
    pub record: Option<FactId>,
}

impl VaccineRow {
    /// The id of the rule.
    pub const fn rule(&self) -> &'static VaccinationRule {
        self.dose.rule
    }
}

/// The plan on a day. *Quick.*
pub fn vaccines(vault: &Vault, person: PersonId, on: NaiveDate, language: Language) -> Result<VaccinesView, VaultError> {
    let person = vault.person(person)?;
    let (given, ids) = doses(vault, &person)?;
    let pregnancies = pregnancies(vault, &person)?;
    let of = PlanFor { born: person.born, sex: person.sex, pregnancies: &pregnancies };
    let (plan, no_plan_text) = match vaccination_plan(of, &given, on) {
        Ok(plan) => (plan, None),
        Err(why) => (Vec::new(), Some(no_plan_text(why, language))),
    };
    let rows = plan.into_iter().map(|dose| row(dose, &ids, language)).collect();
    Ok(VaccinesView { rows, no_plan_text, note: note(language) })
}

/// The doses on record with their ids.
fn doses(vault: &Vault, person: &Person) -> Result<(Vec<DoseGiven>, Vec<FactId>), VaultError> {
    let born = person.born.first_day();
    let told = recorded(vault, person.id, Kind::Vaccination)?;
    Ok(told.iter().filter_map(|told| Some((dose_told(&told.fact, told.day, born, person.sex)?, told.id))).unzip())
}

pub(super) fn pregnancies(vault: &Vault, person: &Person) -> Result<Vec<Pregnancy>, VaultError> {
    if person.sex != Sex::Female {
        return Ok(Vec::new());
    }
    let told = recorded(vault, person.id, Kind::Pregnancy)?;
    Ok(pregnancies_told(told.iter().map(|told| (&told.fact, told.day))))
}

fn row(dose: PlannedDose, ids: &[FactId], language: Language) -> VaccineRow {
    let names = vaccine(dose.vaccine);
    let of = |rule: &'static VaccinationRule| language.pick(rule.japanese, rule.english);
    VaccineRow {
        vaccine_text: names.map_or(dose.vaccine, |names| language.pick(names.japanese, names.english)),
        dose_text: dose_text(&dose, language),
        status_text: dose_status_text(dose.status, language),
        days_text: days_text(&dose, language),
        why: std::iter::once(dose.rule).chain(dose.also.iter().copied()).map(of).collect(),
        record: dose.source.and_then(|at| ids.get(at)).copied(),
        dose,
    }
}

/// A status in words.
pub const fn dose_status_text(status: DoseStatus, language: Language) -> &'static str {
    match status {
        DoseStatus::Done => language.pick("受けました", "given"),
        DoseStatus::Due => language.pick("受ける時期です", "due"),
        DoseStatus::Overdue => language.pick("遅れています（まだ公費で受けられます）", "overdue, still subsidised"),
        DoseStatus::TooEarly => language.pick("早すぎた接種", "given too early"),
        DoseStatus::Upcoming => language.pick("これから", "upcoming"),
        DoseStatus::NotSubsidised => language.pick("公費の期間を過ぎました", "no longer subsidised"),
        DoseStatus::NotNeeded => language.pick("受けなくてよいもの", "not needed"),
    }
}

fn dose_text(dose: &PlannedDose, language: Language) -> String {
    let number = match language {
        Language::Japanese => format!("{}回目", dose.dose),
        Language::English => format!("dose {}", dose.dose),
    };
    match &dose.stage {
        Some(stage) if language == Language::Japanese => format!("{stage}（{number}）"),
        Some(stage) => format!("{number}, {}", stage_english(stage)),
        None => number,
    }
}

fn stage_english(stage: &str) -> String {
    match stage {
        "初回" => "primary".to_owned(),
        "追加" => "booster".to_owned(),
        "1期" => "first term".to_owned(),
        "2期" => "second term".to_owned(),
        "5期" => "fifth term".to_owned(),
        "1期初回" => "first term, primary".to_owned(),
        "1期追加" => "first term, booster".to_owned(),
        _ => stage.replace("年度", " fiscal year").replace("妊娠", "pregnancy").replace('〜', " to "),
    }
}

fn days_text(dose: &PlannedDose, language: Language) -> String {
    if let Some(day) = dose.given_on {
        return day.to_string();
    }
    let until = dose.last_subsidised.map(|day| match language {
        Language::Japanese => format!("公費 {day}まで"),
        Language::English => format!("subsidised until {day}"),
    });
    let recommended = dose.recommended_from.map(|from| {
        let to = dose.recommended_to.map(|to| to.to_string()).unwrap_or_default();
        match language {
            Language::Japanese => format!("すすめられる時期 {from}〜{to}"),
            Language::English if to.is_empty() => format!("recommended from {from}"),
            Language::English => format!("recommended {from} to {to}"),
        }
    });
    match (dose.status, dose.earliest) {
        (DoseStatus::NotNeeded, _) => String::new(),
        (status, Some(earliest)) if status.is_open() => {
            let more: Vec<String> = recommended.into_iter().chain(until).collect();
            match language {
                Language::Japanese => format!("{earliest}から（{}）", more.join("、")),
                Language::English => format!("from {earliest} ({})", more.join("; ")),
            }
        }
        _ => until.unwrap_or_default(),
    }
}

const fn no_plan_text(why: CannotPlan, language: Language) -> &'static str {
    match why {
        CannotPlan::BirthDayUnknown => {
            language.pick("生まれた日が分からないので、計画できません", "The day of birth is not known, so there is no plan")
        }
        CannotPlan::NotBornYet => language.pick("生まれる前の日なので、計画できません", "The day is before the birth, so there is no plan"),
    }
}

fn note(language: Language) -> String {
    match language {
        Language::Japanese => format!(
            "予防接種の規則 2026年度 第{SCHEDULE_EDITION}版によります。医師の判断に代わるものではありません。受ける前に、市区町村と医療機関にご確認ください（60〜64歳で障害のある人などの対象は、ここに出ません）"
        ),
        Language::English => format!(
            "By the vaccination rules of 2026, edition {SCHEDULE_EDITION}. This is no medical advice: please confirm with the town and a doctor before a dose (special groups, such as people of 60 to 64 with a disability, are not shown)"
        ),
    }
}

/// Every rule with its source, for whoever wants to check it.
pub fn vaccination_rules() -> &'static [VaccinationRule] {
    insight::vaccination_rules()
}
