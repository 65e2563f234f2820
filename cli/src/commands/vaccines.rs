//! `vaccines`: what was given, what is due and until when it is subsidised, with the rule that says so.

use techo_core::{
    insight::DoseStatus,
    present::{self, VaccineRow, VaccinesView, dose_status_text},
};

use super::{door, now, one_person};
use crate::{
    Session,
    args::Vaccines,
    exit::{Exit, Failure},
    json,
    terminal::{Page, plain},
    words::Word,
};

/// What a person looks for first comes first.
const ORDER: [DoseStatus; 7] = [
    DoseStatus::Overdue,
    DoseStatus::Due,
    DoseStatus::TooEarly,
    DoseStatus::Upcoming,
    DoseStatus::Done,
    DoseStatus::NotSubsidised,
    DoseStatus::NotNeeded,
];

pub(super) fn vaccines(session: &Session, arguments: &Vaccines) -> Result<Exit, Failure> {
    let vault = door::open(session)?;
    let person = one_person(&vault, arguments.person.as_deref(), session)?;
    let today = || now().with_timezone(&chrono::Local).date_naive();
    let on = arguments.on.map_or_else(today, |day| day.first_day());
    let view = present::vaccines(&vault, person.id, on, session.language)?;
    if let Some(text) = view.no_plan_text {
        return Err(Failure::new(Exit::Usage, text));
    }
    let mut page = Page::open(session.surface);
    if session.json {
        for row in &view.rows {
            session.line(&mut page, &json::line(&line(row)))?;
        }
    } else {
        groups(session, &mut page, &view)?;
    }
    session.finish(page)?;
    Ok(Exit::Done)
}

fn line(row: &VaccineRow) -> json::VaccineLine<'_> {
    let dose = &row.dose;
    json::VaccineLine {
        vaccine: dose.vaccine,
        dose: dose.dose,
        stage: dose.stage.as_deref(),
        status: dose.status.id(),
        given_on: dose.given_on.map(|day| day.to_string()),
        earliest: dose.earliest.map(|day| day.to_string()),
        recommended_from: dose.recommended_from.map(|day| day.to_string()),
        recommended_to: dose.recommended_to.map(|day| day.to_string()),
        last_subsidised: dose.last_subsidised.map(|day| day.to_string()),
        rule: dose.rule.id,
        source: dose.rule.source,
    }
}

/// A table for each status, and under it why and whom to ask, each sentence once.
fn groups(session: &Session, page: &mut Page, view: &VaccinesView) -> Result<(), Failure> {
    for status in ORDER {
        let rows: Vec<&VaccineRow> = view.rows.iter().filter(|row| row.dose.status == status).collect();
        if rows.is_empty() {
            continue;
        }
        session.line(page, &format!("■ {}", dose_status_text(status, session.language)))?;
        let mut table =
            session.table(&[Word::ColumnVaccine, Word::ColumnDose, Word::ColumnDays, Word::ColumnRule, Word::ColumnId], Word::ColumnValue);
        for row in &rows {
            let id = row.record.map(|record| record.to_string()).unwrap_or_default();
            table.row([row.vaccine_text, row.dose_text.as_str(), row.days_text.as_str(), row.dose.rule.id, id.as_str()]);
        }
        session.lines(page, &table.lines(session.surface.columns))?;
        // The ordinary rule is of use where something is still to be done; what is out of the ordinary is always said.
        let ordinary = usize::from(!status.is_open() && status != DoseStatus::NotNeeded);
        let mut told: Vec<&str> = Vec::new();
        for why in rows.iter().flat_map(|row| row.why.iter().skip(ordinary)) {
            if !told.contains(why) {
                told.push(why);
                session.line(page, &format!("  ・{}", plain(why)))?;
            }
        }
    }
    session.line(page, &plain(&view.note))
}
