//! Charts for the tests of both drawings, made by the core from histories that are built by hand.
#![expect(clippy::unwrap_used, reason = "tests")]

use chrono::{Datelike as _, NaiveDate};
use techo_core::present::{Chart, HistoryView, Language, PointId, PointView, SeriesView, chart};

fn series(name: &str, unit: &str, values: &[(&str, &str, &str)], range: Option<(i64, i64)>) -> SeriesView {
    let point = |(day, value, flag): &(&str, &str, &str)| PointView {
        record: PointId::Record("r1".parse().unwrap()),
        date: Some((*day).to_owned()),
        day_number: Some(day.parse::<NaiveDate>().unwrap().num_days_from_ce()),
        value: (*value).to_owned(),
        height: value.parse().ok(),
        unit: Some(unit.to_owned()),
        code: None,
        method: None,
        flag: Some((*flag).to_owned()),
        low: range.map(|range| range.0.into()),
        high: range.map(|range| range.1.into()),
        document: "d1".parse().ok(),
    };
    SeriesView {
        key: name.to_owned(),
        name: name.to_owned(),
        home: false,
        unit: Some(unit.to_owned()),
        points: values.iter().map(point).collect(),
    }
}

fn drawn(series: Vec<SeriesView>, language: Language) -> Chart {
    chart(&HistoryView { series }, language)
}

/// Two methods that must not be mixed, one with a range.
pub(crate) fn alp() -> Chart {
    let jscc = [("2015-06-01", "210", "N"), ("2016-06-03", "225", "N"), ("2018-05-30", "240", "N"), ("2019-06-11", "231", "N")];
    let ifcc = [("2021-06-02", "82", "N"), ("2022-06-07", "88", "N"), ("2023-06-05", "121", "H"), ("2024-06-03", "95", "N")];
    let both = vec![series("JSCC法 <ALP> & 仲間", "U/L", &jscc, None), series("IFCC法", "U/L", &ifcc, Some((38, 113)))];
    drawn(both, Language::Japanese)
}

/// One line.
pub(crate) fn single(values: &[(&str, &str)]) -> Chart {
    let values: Vec<(&str, &str, &str)> = values.iter().map(|(day, value)| (*day, *value, "N")).collect();
    flagged(&values, Language::Japanese)
}

/// One line with flags.
pub(crate) fn flagged(values: &[(&str, &str, &str)], language: Language) -> Chart {
    drawn(vec![series("尿酸", "mg/dL", values, None)], language)
}

/// A line of that name.
pub(crate) fn titled(name: &str) -> Chart {
    drawn(vec![series(name, "mg/dL", &[("2024-05-03", "5.60", "N")], None)], Language::Japanese)
}
