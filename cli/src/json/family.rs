//! The JSON lines of `growth`, `forgets`, `explain` and `board`.

use serde::Serialize;

/// A value of a child: `growth`.
#[derive(Debug, Serialize)]
pub(crate) struct GrowthLine<'a> {
    pub(crate) date: Option<&'a str>,
    pub(crate) measure: &'a str,
    pub(crate) value: &'a str,
    pub(crate) unit: &'a str,
    pub(crate) age_days: Option<u32>,
    pub(crate) corrected_age_days: Option<u32>,
    pub(crate) reference: &'a str,
    pub(crate) percentile: Option<f64>,
    pub(crate) beyond: Option<&'a str>,
    pub(crate) z: Option<f64>,
}

/// A record with the day it leaves Mynaportal: `forgets`.
#[derive(Debug, Serialize)]
pub(crate) struct ForgetLine<'a> {
    pub(crate) id: String,
    pub(crate) kind: &'a str,
    pub(crate) leaves_on: Option<String>,
    pub(crate) days: Option<i64>,
    pub(crate) source: &'a str,
}

/// An item of a checkup in plain words: `explain`.
#[derive(Debug, Serialize)]
pub(crate) struct ExplainLine<'a> {
    pub(crate) id: String,
    pub(crate) item: &'a str,
    pub(crate) what: Option<&'a str>,
    pub(crate) value: Option<&'a str>,
    pub(crate) unit: Option<&'a str>,
    pub(crate) level: Option<&'a str>,
    pub(crate) band: Option<&'a str>,
    pub(crate) source: Option<&'a str>,
    pub(crate) range: Option<&'a str>,
    pub(crate) previous_date: Option<&'a str>,
    pub(crate) previous: Option<&'a str>,
    pub(crate) change: Option<&'a str>,
}

/// One of the family: `board`.
#[derive(Debug, Serialize)]
pub(crate) struct BoardLine<'a> {
    pub(crate) person: &'a str,
    pub(crate) age: &'a str,
    pub(crate) last_checkup: Option<String>,
    pub(crate) last_checkup_on: Option<&'a str>,
    pub(crate) next_due: Option<&'a str>,
    pub(crate) next_due_on: Option<String>,
    pub(crate) next_due_status: Option<&'a str>,
    pub(crate) changed: Option<&'a str>,
    pub(crate) changed_at: Option<&'a str>,
    pub(crate) growth: Option<&'a str>,
}
