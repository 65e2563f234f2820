//! `growth`: a child's weight, height, head circumference and BMI beside a reference, as a table, in the terminal and as a
//! picture.

use techo_core::{
    insight::growth::{Beyond, Measure},
    present::{self, GrowthView, GrowthWish},
};

use super::{door, one_person};
use crate::{
    Session, args,
    exit::{Exit, Failure, file_failure},
    json, svg,
    terminal::{Page, plain},
    trend,
    words::{Word, say},
};

pub(super) fn growth(session: &Session, arguments: &args::Growth) -> Result<Exit, Failure> {
    let vault = door::open(session)?;
    let person = one_person(&vault, arguments.person.as_deref(), session)?;
    let wish = GrowthWish {
        measure: arguments.measure.map(Into::into),
        reference: arguments.reference.map(Into::into),
        corrected: !arguments.uncorrected,
    };
    let mut view = present::growth(&vault, person.id, wish, session.language)?;
    if let Some(on) = arguments.on {
        view.until(on.last_day());
    }
    if let Some(out) = &arguments.svg {
        write_svg(session, &view, wish.measure, out)?;
    }
    let mut page = Page::open(session.surface);
    let shown = if session.json { lines(session, &mut page, &view) } else { tables(session, &mut page, &view) };
    session.finish(page)?;
    shown.map(|()| Exit::Done)
}

fn lines(session: &Session, page: &mut Page, view: &GrowthView) -> Result<(), Failure> {
    for row in &view.rows {
        let line = json::GrowthLine {
            date: row.date.as_deref(),
            measure: row.measure.id(),
            value: &row.value,
            unit: &row.unit,
            age_days: row.age_days,
            corrected_age_days: row.corrected_age_days,
            reference: row.reference.id(),
            percentile: row.percentile,
            beyond: row.beyond.map(Beyond::id),
            z: row.z,
        };
        session.line(page, &json::line(&line))?;
    }
    Ok(())
}

fn tables(session: &Session, page: &mut Page, view: &GrowthView) -> Result<(), Failure> {
    if view.rows.is_empty() {
        session.line(page, Word::NoGrowth.text(session.language))?;
    }
    for measure in view.measures() {
        let chart = view.chart(measure, session.language);
        session.lines(page, &trend::trend(&chart, session.surface.columns.unwrap_or(80), session.language))?;
        let headings = [Word::ColumnDate, Word::ColumnAge, Word::ColumnValue, Word::ColumnUnit, Word::ColumnPlace];
        let mut table = session.table(&headings, Word::ColumnValue);
        for row in view.rows.iter().filter(|row| row.measure == measure) {
            let obesity = row.obesity_text.as_ref().map(|text| format!("・{text}")).unwrap_or_default();
            let (date, place) = (row.date.as_deref().unwrap_or(""), format!("{}{obesity}", row.place_text));
            table.row([date, &row.age_text, &row.value, &row.unit, &place]);
        }
        session.lines(page, &table.lines(session.surface.columns))?;
        session.line(page, "")?;
    }
    for note in &view.notes {
        session.line(page, &plain(note))?;
    }
    Ok(())
}

/// A picture of one measure: the one that was asked for, or the first of which there are values.
fn write_svg(session: &Session, view: &GrowthView, measure: Option<Measure>, out: &std::path::Path) -> Result<(), Failure> {
    let picture = measure
        .or_else(|| view.measures().first().copied())
        .and_then(|measure| svg::svg(&view.chart(measure, session.language), session.language))
        .ok_or_else(|| Failure::new(Exit::NothingFound, present::nothing_to_draw_text(session.language)))?;
    crate::write_new(out, picture.as_bytes()).map_err(|error| file_failure(out, &error))?;
    if !session.json {
        crate::note(&say(Word::SvgWritten, session.language, &[("path", &out.display().to_string())]));
    }
    Ok(())
}
