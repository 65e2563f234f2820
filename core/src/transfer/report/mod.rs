//! The report for a visit: one self-contained HTML that prints to A4, with what the person chose as tables, trends as charts,
//! who says so, and what it is not. No script, nothing from elsewhere, and everything that was received is escaped.

mod chart;

use std::{collections::HashSet, fmt::Write as _, io::Write as _, path::Path};

use chrono::{DateTime, NaiveDate, Utc};

use super::{Exported, TransferError, act, hand_over::years_on, markup::escaped, output};
use crate::{
    base::PersonId,
    insight::clinic::Selection,
    present::{self, Chart, ClinicLine, ClinicSection, ClinicView, GrowthWish, Language, PointId, SectionId, part_name},
    vault::{Act, Vault},
};

/// Values of a quantity in a chart.
const VALUES: usize = 60;

const STYLE: &str = include_str!("report.css");

/// What a report is of.
#[derive(Clone, Copy, Debug)]
pub struct ReportOf<'a> {
    /// Whose.
    pub person: PersonId,
    /// What was chosen.
    pub selection: &'a Selection,
    /// The day it is made.
    pub on: NaiveDate,
    /// The language it is written in.
    pub language: Language,
}

/// Writes the report as a file. *Quick.*
///
/// # Errors
/// `Vault(PresenceNeeded)`; `NoSpace`, `Io`.
pub fn export_report(vault: &Vault, of: ReportOf<'_>, out: &Path, now: DateTime<Utc>) -> Result<Exported, TransferError> {
    vault.require_presence(now)?;
    let (page, records) = report_of(vault, of)?;
    let mut people = act::roots(vault, Some(of.person))?;
    for root in &mut people {
        root.records = records;
    }
    output::write_whole(out, |file| Ok(file.write_all(page.as_bytes())?), |_, ()| act::note(vault, now, Act::Exported, "report", &people))?;
    Ok(Exported { people, ..Exported::default() })
}

/// The report as text, and how many records it tells of. Who hands it on notes it in the ledger: [`export_report`] does.
///
/// # Errors
/// `Vault`.
pub fn report_of(vault: &Vault, of: ReportOf<'_>) -> Result<(String, u64), TransferError> {
    let view = present::clinic_in_depth(vault, of.person, of.selection, VALUES, of.on, of.language)?;
    let mut records: Vec<_> = view.sections.iter().flat_map(|section| &section.lines).flat_map(|line| &line.records).collect();
    records.sort_unstable();
    records.dedup();
    let count = u64::try_from(records.len()).unwrap_or(u64::MAX);
    let growth = growth_of(vault, of, &view)?;
    Ok((report_page(&view, &growth), count))
}

/// Years of age until which values are drawn beside the curves of growth, which end there.
const GROWN: u32 = 18;

/// The charts of a child's growth: of the values that the report shows anyway, and of no others.
fn growth_of(vault: &Vault, of: ReportOf<'_>, view: &ClinicView) -> Result<Vec<Chart>, TransferError> {
    let born = vault.person(of.person)?.born;
    if years_on(born, of.on).is_none_or(|years| years >= GROWN) {
        return Ok(Vec::new());
    }
    let lines = view.sections.iter().filter(|section| section.id == SectionId::Results).flat_map(|section| &section.lines);
    let shown: HashSet<PointId> = lines.flat_map(|line| &line.trend).map(|point| point.record).collect();
    let wish = GrowthWish { measure: None, reference: None, corrected: true };
    let mut growth = present::growth(vault, of.person, wish, of.language)?;
    growth.rows.retain(|row| !row.computed && shown.contains(&row.record));
    let charts = growth.measures().into_iter().map(|measure| growth.chart(measure, of.language));
    Ok(charts.filter(|chart| chart.axes.is_some() && !chart.curves.is_empty() && chart.points().count() > 0).collect())
}

/// The page of a view, with the charts of growth that belong to it.
pub fn report_page(view: &ClinicView, growth: &[Chart]) -> String {
    let language = view.language;
    let title = format!("{} {}", view.title, language.pick("受診のための記録", "records for a visit"));
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         <meta name=\"referrer\" content=\"no-referrer\"><title>{}</title>\n<style>{}</style></head><body>\n",
        language.pick("ja", "en"),
        escaped(&title),
        style(view),
    );
    head(&mut page, view);
    summary(&mut page, view);
    for section in &view.sections {
        table(&mut page, section, language);
    }
    charts(&mut page, view);
    growth_charts(&mut page, growth, language);
    foot(&mut page, view);
    page.push_str("</body></html>\n");
    page
}

/// The style with the words of the page's margin: who, what, when, and the page's number.
fn style(view: &ClinicView) -> String {
    // Inside a CSS string nothing but plain words: everything else is left out, also what only CSS would understand.
    let plain = |text: &str| text.chars().filter(|one| one.is_alphanumeric() || matches!(one, ' ' | '-')).collect::<String>();
    let running = format!("{}  {}  {}", plain(&view.name), plain(view.title), view.on);
    STYLE.replace("{running}", &running).replace("{page}", view.language.pick("ページ ", "page "))
}

fn head(page: &mut String, view: &ClinicView) {
    let language = view.language;
    let kana = view.kana.as_deref().map(|kana| format!(" <small>{}</small>", escaped(kana))).unwrap_or_default();
    let _ = write!(
        page,
        "<header><h1>{}</h1><p class=\"who\">{}{kana}</p><p>{} {}　{}　{} {}</p></header>\n<p class=\"note\">{}</p>\n",
        escaped(view.title),
        escaped(&view.name),
        escaped(&view.born),
        language.pick("生まれ", "born"),
        view.sex,
        language.pick("作成日", "made on"),
        view.on,
        escaped(view.note),
    );
    for text in view.left_out.iter().copied().chain([view.fetched.as_str()]) {
        let _ = writeln!(page, "<p class=\"note\">{}</p>", escaped(text));
    }
}

/// The first lines of what must not be missed, and how much of everything else there is.
fn summary(page: &mut String, view: &ClinicView) {
    let language = view.language;
    let _ = writeln!(page, "<section class=\"summary\"><h2>{}</h2><dl>", language.pick("まとめ", "Summary"));
    for section in &view.sections {
        let names: Vec<String> = match section.id {
            SectionId::Allergies | SectionId::MedicinesCurrent | SectionId::Conditions => {
                section.lines.iter().map(|line| escaped(&line.title)).collect()
            }
            SectionId::Kidney => section.lines.iter().filter_map(newest).collect(),
            _ => vec![match language {
                Language::Japanese => format!("{} 件", section.lines.len()),
                Language::English => section.lines.len().to_string(),
            }],
        };
        let words =
            if section.lines.is_empty() { escaped(section.empty.unwrap_or_default()) } else { names.join(language.pick("、", ", ")) };
        let mark = if section.left_out.is_some() { language.pick("（出していない記録あり）", " (some left out)") } else { "" };
        let _ = writeln!(page, "<dt>{}</dt><dd>{words}{mark}</dd>", escaped(section.title));
    }
    page.push_str("</dl></section>\n");
}

/// The newest value with its unit and day.
fn newest(line: &ClinicLine) -> Option<String> {
    let point = line.trend.last()?;
    let text = [Some(point.value.as_str()), point.unit.as_deref(), point.date.as_deref()].into_iter().flatten().collect::<Vec<_>>();
    Some(escaped(&text.join(" ")))
}

fn table(page: &mut String, section: &ClinicSection, language: Language) {
    let _ = writeln!(page, "<section class=\"{}\"><h2>{}</h2>", section.id.id(), escaped(section.title));
    if section.lines.is_empty() {
        let _ = writeln!(page, "<p>{}</p>", escaped(section.empty.unwrap_or_default()));
    } else if section.id == SectionId::Vaccinations {
        doses(page, section, language);
    } else {
        lines(page, section, language);
    }
    for text in section.left_out.iter().chain(&section.more) {
        let _ = writeln!(page, "<p class=\"note\">{}</p>", escaped(text));
    }
    page.push_str("</section>\n");
}

fn row<'a>(page: &mut String, cell: &str, texts: impl IntoIterator<Item = &'a str>) {
    page.push_str("<tr>");
    for text in texts {
        let _ = write!(page, "<{cell}>{}</{cell}>", escaped(text));
    }
    page.push_str("</tr>\n");
}

fn lines(page: &mut String, section: &ClinicSection, language: Language) {
    page.push_str("<table><thead>");
    let headings = [
        language.pick("名前", "Name"),
        language.pick("内容", "What"),
        language.pick("日付", "Date"),
        language.pick("だれの記録か", "Who says so"),
    ];
    row(page, "th", headings);
    page.push_str("</thead><tbody>\n");
    for line in &section.lines {
        let of = |text: &'_ Option<String>| text.clone().unwrap_or_default();
        let cells = [line.title.clone(), of(&line.value), of(&line.date), of(&line.source)];
        row(page, "td", cells.iter().map(String::as_str));
    }
    page.push_str("</tbody></table>\n");
}

fn doses(page: &mut String, section: &ClinicSection, language: Language) {
    page.push_str("<table class=\"sheet\"><thead>");
    let headings = [
        language.pick("ワクチン", "Vaccine"),
        language.pick("回", "Dose"),
        language.pick("接種日", "Date"),
        language.pick("製品", "Product"),
        language.pick("製造番号", "Lot"),
        language.pick("場所", "Place"),
        language.pick("だれの記録か", "Who says so"),
    ];
    row(page, "th", headings);
    page.push_str("</thead><tbody>\n");
    for line in &section.lines {
        let dose = line.dose.clone().unwrap_or_default();
        let of = |text: Option<String>| text.unwrap_or_default();
        let cells = [
            line.title.clone(),
            of(dose.number),
            of(line.date.clone()),
            of(dose.product),
            of(dose.lot),
            of(dose.place),
            of(line.source.clone()),
        ];
        row(page, "td", cells.iter().map(String::as_str));
    }
    page.push_str("</tbody></table>\n");
}

/// The trends of the values.
fn charts(page: &mut String, view: &ClinicView) {
    let language = view.language;
    let measured = view.sections.iter().filter(|section| matches!(section.id, SectionId::Kidney | SectionId::Results));
    let drawn: Vec<String> = measured
        .flat_map(|section| &section.lines)
        .filter_map(|line| line.chart(language))
        .filter_map(|chart| {
            let unit = chart.unit.as_deref().map(|unit| format!(" [{unit}]")).unwrap_or_default();
            let picture = chart::svg(&chart)?;
            let words = chart.band.iter().map(|band| band.text.clone()).chain(chart.marks.iter().map(|mark| mark.legend(language)));
            let words = words.collect::<Vec<_>>().join(language.pick("。", "; "));
            Some(format!(
                "<figure><figcaption>{}{}</figcaption>{picture}<p>{}</p></figure>\n",
                escaped(&chart.title),
                escaped(&unit),
                escaped(&words)
            ))
        })
        .collect();
    if drawn.is_empty() {
        return;
    }
    let _ = writeln!(page, "<section class=\"charts\"><h2>{}</h2>", language.pick("推移", "Trends"));
    page.extend(drawn);
    let _ = writeln!(page, "<p class=\"note\">{}</p></section>", escaped(present::chart_note(language)));
}

/// A child's values beside the curves of a reference, which is named, and what they are not.
fn growth_charts(page: &mut String, charts: &[Chart], language: Language) {
    let drawn: Vec<String> = charts
        .iter()
        .filter_map(|chart| {
            let picture = chart::svg(chart)?;
            let names: Vec<&str> = chart.curves.iter().map(|curve| curve.name.as_str()).collect();
            let words = [Some(names.join(", ")), chart.edition.clone(), chart.along.clone()];
            let words = words.into_iter().flatten().collect::<Vec<_>>().join(language.pick("。", "; "));
            let unit = chart.unit.as_deref().map(|unit| format!(" [{unit}]")).unwrap_or_default();
            Some(format!(
                "<figure><figcaption>{}{}</figcaption>{picture}<p>{}</p></figure>\n",
                escaped(&chart.title),
                escaped(&unit),
                escaped(&words)
            ))
        })
        .collect();
    if drawn.is_empty() {
        return;
    }
    let _ = writeln!(page, "<section class=\"charts\"><h2>{}</h2>", language.pick("成長曲線", "Growth"));
    page.extend(drawn);
    let note = language.pick(
        "線は同じ月齢の子どもの分布です。線の外でも健康な子はいて、診断ではありません",
        "The curves are of children of the same age. Healthy children are outside of them, too; it is no diagnosis",
    );
    let _ = writeln!(page, "<p class=\"note\">{}</p></section>", escaped(note));
}

fn foot(page: &mut String, view: &ClinicView) {
    let language = view.language;
    let mut sources: Vec<&str> =
        view.sections.iter().flat_map(|section| &section.lines).filter_map(|line| line.source.as_deref()).collect();
    sources.sort_unstable();
    sources.dedup();
    let parts: Vec<&str> = crate::insight::clinic::Part::ALL
        .into_iter()
        .filter(|part| view.items.iter().any(|item| item == part.id()))
        .map(|part| part_name(part, language))
        .collect();
    let chosen = match language {
        Language::Japanese => format!("本人が選んだもの：{}。すべてではありません", parts.join("、")),
        Language::English => format!("Chosen by the person: {}. It may be incomplete", parts.join(", ")),
    };
    let _ = writeln!(
        page,
        "<footer><h2>{}</h2><p>{}</p><p>{}</p><p>Techo {}</p></footer>",
        language.pick("出どころ", "Sources"),
        escaped(&sources.join(language.pick("、", "; "))),
        escaped(&chosen),
        view.on,
    );
}

#[cfg(test)]
mod tests;
