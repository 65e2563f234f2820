//! A mapping: which column says what. As text it is one line a column, or the same on one line parted by commas:
//! `date=日付`, `systolic=最高血圧`, `"body-weight:lb"="Weight"`, `order=dmy`.

use std::{fmt, str::FromStr};

use super::table;
use crate::terms::{ColumnWords, Quantity, quantity, shown_unit};

/// What a column says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// Day and time.
    Moment,
    /// The day.
    Date,
    /// The time of day.
    Time,
    /// A quantity in this unit.
    Quantity {
        /// Which.
        quantity: &'static Quantity,
        /// The unit of the column's values.
        unit: String,
    },
}

/// The order of a date that ends in its year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// 5/3/2026 is the fifth of March.
    DayMonth,
    /// 5/3/2026 is the third of May.
    MonthDay,
}

/// Which column says what; the others are left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// What is said, and the heading of its column.
    pub columns: Vec<(Column, String)>,
    /// The order of dates that end in their year; none where no such date stands.
    pub order: Option<DateOrder>,
}

/// The text is no mapping. Carries the entry that is wrong, which the person wrote.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a mapping: {0}")]
pub struct BadMapping(pub String);

impl Mapping {
    /// The column's own word in a mapping.
    pub fn word(column: &Column) -> String {
        match column {
            Column::Moment => "moment".to_owned(),
            Column::Date => "date".to_owned(),
            Column::Time => "time".to_owned(),
            Column::Quantity { quantity, unit } if crate::terms::same_unit(unit, quantity.ucum.unwrap_or_default()) => {
                quantity.id.to_owned()
            }
            Column::Quantity { quantity, unit } => format!("{}:{unit}", quantity.id),
        }
    }

    fn entry(&mut self, text: &str) -> Result<(), BadMapping> {
        let bad = || BadMapping(text.trim().to_owned());
        let (word, heading) = text.split_once('=').ok_or_else(bad)?;
        let (word, heading) = (bare(word), bare(heading));
        if word == "order" {
            self.order = Some(match heading {
                "dmy" => DateOrder::DayMonth,
                "mdy" => DateOrder::MonthDay,
                _ => return Err(bad()),
            });
            return Ok(());
        }
        let column = match word {
            "moment" => Column::Moment,
            "date" => Column::Date,
            "time" => Column::Time,
            other => {
                let (id, unit) = other.split_once(':').map_or((other, None), |(id, unit)| (id, Some(unit)));
                let found = quantity(id.trim()).or_else(|| match crate::terms::column_words(id) {
                    Some(ColumnWords::Quantity(quantity, _)) => Some(quantity),
                    _ => None,
                });
                let quantity = found.ok_or_else(bad)?;
                Column::Quantity { quantity, unit: unit.map_or_else(|| quantity.ucum.unwrap_or_default(), str::trim).to_owned() }
            }
        };
        if heading.is_empty() {
            return Err(bad());
        }
        self.columns.push((column, heading.to_owned()));
        Ok(())
    }
}

fn bare(text: &str) -> &str {
    text.trim().trim_matches(['"', '\'']).trim()
}

impl FromStr for Mapping {
    type Err = BadMapping;

    fn from_str(text: &str) -> Result<Self, BadMapping> {
        let mut mapping = Self { columns: Vec::new(), order: None };
        // One entry a line, or all on one line; a heading with a comma in it needs the former.
        let lines: Vec<&str> = if text.trim().contains('\n') { text.lines().collect() } else { text.split(',').collect() };
        for line in lines.into_iter().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(['#', '['])) {
            mapping.entry(line)?;
        }
        let has = |wanted: fn(&Column) -> bool| mapping.columns.iter().any(|(column, _)| wanted(column));
        if !has(|column| matches!(column, Column::Moment | Column::Date)) {
            return Err(BadMapping("date".to_owned()));
        }
        if !has(|column| matches!(column, Column::Quantity { .. })) {
            return Err(BadMapping(text.trim().to_owned()));
        }
        Ok(mapping)
    }
}

/// One entry a line, as it is saved and as a file holds it.
impl fmt::Display for Mapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (column, heading) in &self.columns {
            writeln!(f, "\"{}\" = \"{heading}\"", Self::word(column))?;
        }
        match self.order {
            Some(DateOrder::DayMonth) => writeln!(f, "order = \"dmy\""),
            Some(DateOrder::MonthDay) => writeln!(f, "order = \"mdy\""),
            None => Ok(()),
        }
    }
}

/// What a heading proposes, and its unit where one stands in brackets.
pub(super) fn parts_of(heading: &str) -> Option<(ColumnWords, Option<String>)> {
    table::lookup(heading)
}

/// What a heading proposes as a column.
pub(super) fn proposed(heading: &str) -> Option<Column> {
    let (words, unit) = parts_of(heading)?;
    Some(match words {
        ColumnWords::Moment => Column::Moment,
        ColumnWords::Date => Column::Date,
        ColumnWords::Time => Column::Time,
        ColumnWords::Quantity(quantity, usual) => Column::Quantity { quantity, unit: unit.unwrap_or_else(|| shown_unit(usual).to_owned()) },
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_mapping_reads_back_on_one_line_and_on_many() {
        let one: Mapping = "date=日付,systolic=最高血圧,body-weight:lb=Weight,order=dmy".parse().unwrap();
        assert_eq!(one.to_string().parse::<Mapping>().unwrap(), one);
        assert_eq!(one.columns.len(), 3);
        assert_eq!("moment=日時\n歩数 = \"歩数\"\n".parse::<Mapping>().unwrap().columns.len(), 2);
    }

    #[test]
    fn a_mapping_without_a_day_or_a_quantity_is_none() {
        for bad in ["systolic=最高血圧", "date=日付", "date=日付,xyz=a", "date=日付,systolic=", "date", "date=日付,systolic=a,order=ymd"]
        {
            assert!(bad.parse::<Mapping>().is_err(), "{bad}");
        }
    }
}
