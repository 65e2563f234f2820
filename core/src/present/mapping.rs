//! How a table of measurements would be read, for the person to confirm: which column says what, the first rows as they would
//! come in, and what only the person knows.

use super::Language;
use crate::formats::measurements::{Column, PreviewRow, Proposal, Question};

/// A proposal, ready to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingView {
    /// Every heading of the table, and what it would be read as.
    pub columns: Vec<(String, String)>,
    /// The first rows as they would be read.
    pub rows: Vec<String>,
    /// Dates can be two days: the question whether they are day/month/year.
    pub order_question: Option<String>,
    /// Why the table cannot be read like this at all.
    pub obstacle: Option<String>,
}

/// A proposal in words.
pub fn mapping(proposal: &Proposal, language: Language) -> MappingView {
    let columns = proposal.header.iter().map(|heading| {
        let column = proposal.mapping.columns.iter().find(|(_, own)| own == heading).map(|(column, _)| column);
        (heading.clone(), column_text(column, language))
    });
    let (mut order_question, mut obstacle) = (None, None);
    for question in &proposal.questions {
        match question {
            Question::DateOrder { example } => order_question = Some(order_text(example, language)),
            Question::Unit { heading, quantity, unit, example } => {
                let name = language.pick(quantity.japanese, quantity.english);
                let text = match language {
                    Language::Japanese => format!("「{heading}」の値（{example} など）は、{name}の {unit} ではありえません"),
                    Language::English => format!("The values of {heading} ({example} and others) cannot be {name} in {unit}"),
                };
                obstacle.get_or_insert(text);
            }
        }
    }
    MappingView {
        columns: columns.collect(),
        rows: proposal.rows.iter().map(|row| row_text(row, language)).collect(),
        order_question,
        obstacle,
    }
}

/// What a column would be read as.
pub fn column_text(column: Option<&Column>, language: Language) -> String {
    let plain = |japanese: &'static str, english: &'static str| language.pick(japanese, english).to_owned();
    match column {
        None => plain("読みません", "left out"),
        Some(Column::Moment) => plain("日時", "day and time"),
        Some(Column::Date) => plain("日付", "the day"),
        Some(Column::Time) => plain("時刻", "the time"),
        Some(Column::Quantity { quantity, unit }) => format!("{} ({unit})", language.pick(quantity.japanese, quantity.english)),
    }
}

/// A row as it would be read.
pub fn row_text(row: &PreviewRow, language: Language) -> String {
    let value = |(quantity, value, unit): &(&'static crate::terms::Quantity, String, String)| {
        format!("{} {value} {unit}", language.pick(quantity.japanese, quantity.english))
    };
    let values: Vec<String> = row.values.iter().map(value).collect();
    let time = row.time.as_ref().map_or_else(String::new, |time| format!(" {time}"));
    format!("{}{time}  {}", row.day, values.join("  "))
}

/// Whether dates that end in their year begin with the day.
pub fn order_text(example: &str, language: Language) -> String {
    match language {
        Language::Japanese => format!("「{example}」は 日/月/年 の順ですか（いいえ = 月/日/年）"),
        Language::English => format!("Is {example} day/month/year? (no: month/day/year)"),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::formats::measurements::propose;

    #[test]
    fn a_table_is_told_column_by_column_and_row_by_row() {
        let table = "日付,最高血圧,脈の乱れ\n2026-05-03,128,なし\n2026-05-04,131,なし\n";
        let view = mapping(&propose(table.as_bytes()).unwrap(), Language::Japanese);
        let meanings: Vec<&str> = view.columns.iter().map(|(_, meaning)| meaning.as_str()).collect();
        assert_eq!(meanings, ["日付", "収縮期血圧 (mmHg)", "読みません"]);
        assert_eq!(view.rows.first().unwrap(), "2026-05-03  収縮期血圧 128 mmHg");
        assert_eq!((view.order_question, view.obstacle), (None, None));
    }

    #[test]
    fn a_date_that_can_be_two_days_is_asked_about() {
        let table = "Date,Weight\n5/3/2026,60.1\n6/3/2026,60.2\n";
        let view = mapping(&propose(table.as_bytes()).unwrap(), Language::English);
        assert!(view.order_question.unwrap().contains("5/3/2026"));
    }
}
