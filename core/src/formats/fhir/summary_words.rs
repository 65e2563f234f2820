//! The words of a patient summary: one line of a table for each record, for whoever reads it without a program.

use crate::record::{Body, Concept, Fact, Observation, Value, When};

/// A line of the table: when, what, and what is said of it.
pub(super) fn row(fact: &Fact, when: Option<&When>) -> String {
    let day = when.map(|when| when.day.to_string()).unwrap_or_default();
    format!("<tr><td>{}</td><td>{}</td><td>{}</td></tr>", escaped(&day), escaped(&fact.title), escaped(&said(&fact.body)))
}

/// A table of such lines, or a sentence where there are none.
pub(super) fn narrative(rows: &str) -> String {
    let inside = if rows.is_empty() {
        "<p>この手帳に情報はありません。 No information available.</p>".to_owned()
    } else {
        format!("<table><thead><tr><th>日付</th><th>名称</th><th>内容</th></tr></thead><tbody>{rows}</tbody></table>")
    };
    format!("<div xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"ja\" xml:lang=\"ja\">{inside}</div>")
}

fn said(body: &Body) -> String {
    let label = |concept: &Option<Concept>| concept.as_ref().and_then(Concept::label).map(str::to_owned);
    let parts: Vec<String> = match body {
        Body::Observation(observation) => vec![value(observation)],
        Body::Vaccination(dose) => {
            let given = if dose.given { None } else { Some("接種していません".to_owned()) };
            let number = dose.dose_number.as_ref().map(|number| format!("回数 {number}"));
            let lot = dose.lot.as_ref().map(|lot| format!("ロット {lot}"));
            [given, number, lot].into_iter().flatten().chain(dose.notes.iter().cloned()).collect()
        }
        Body::Medication(medicine) => {
            let amount = |number: &Option<String>, unit: &Option<String>| {
                number.as_ref().map(|number| format!("{number}{}", unit.as_deref().unwrap_or_default()))
            };
            let dose = amount(&medicine.dose, &medicine.dose_unit);
            let quantity = amount(&medicine.quantity, &medicine.quantity_unit);
            [dose, label(&medicine.usage), quantity].into_iter().flatten().chain(medicine.notes.iter().cloned()).collect()
        }
        Body::Condition(condition) => {
            let onset = condition.onset.as_ref().map(|onset| format!("発症 {onset}"));
            let abated = condition.abated.as_ref().map(|abated| format!("終わり {abated}"));
            [label(&condition.clinical_status), label(&condition.verification), onset, abated]
                .into_iter()
                .flatten()
                .chain(condition.notes.iter().cloned())
                .collect()
        }
        Body::Allergy(allergy) => {
            let criticality = allergy.criticality.clone();
            allergy
                .reactions
                .iter()
                .cloned()
                .chain([criticality, label(&allergy.verification)].into_iter().flatten())
                .chain(allergy.notes.iter().cloned())
                .collect()
        }
        Body::Procedure(procedure) => {
            let concepts = procedure.body_sites.iter().chain(&procedure.reasons);
            concepts.filter_map(Concept::label).map(str::to_owned).chain(procedure.notes.iter().cloned()).collect()
        }
        // What has no section has no line.
        _ => Vec::new(),
    };
    parts.join("　")
}

fn value(observation: &Observation) -> String {
    let unit = observation.unit.as_ref().map(|unit| format!(" {}", unit.shown)).unwrap_or_default();
    match &observation.value {
        Value::Number { comparator, decimal } => format!("{}{decimal}{unit}", comparator.map_or("", |sign| sign.sign())),
        Value::Between { low, high } => {
            let end = |end: &Option<crate::base::Decimal>| end.as_ref().map(ToString::to_string).unwrap_or_default();
            format!("{}〜{}{unit}", end(low), end(high))
        }
        Value::Coded { choice, meaning, .. } => meaning.clone().or_else(|| choice.label().map(str::to_owned)).unwrap_or_default(),
        Value::Text(words) => words.clone(),
        Value::Absent { detail, .. } => detail.as_ref().map_or_else(|| "結果なし".to_owned(), |detail| format!("結果なし（{detail}）")),
    }
}

/// Words inside an element.
fn escaped(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for character in words.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\n' | '\r' | '\t' => out.push(' '),
            // XML has no way to write these.
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_never_become_markup() {
        assert_eq!(escaped("<b>&\u{1}\n"), "&lt;b&gt;&amp;  ");
        assert!(narrative("").contains("No information available"));
    }
}
