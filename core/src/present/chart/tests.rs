//! Charts of histories that are built by hand.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use chrono::{Datelike as _, NaiveDate};

use super::*;

type Values<'a> = &'a [(&'a str, &'a str)];

fn series(name: &str, unit: &str, values: Values<'_>, range: Option<(i64, i64)>) -> SeriesView {
    let point = |(day, value): &(&str, &str)| PointView {
        record: PointId::Record("r1".parse().unwrap()),
        date: Some((*day).to_owned()),
        day_number: Some(day.parse::<NaiveDate>().unwrap().num_days_from_ce()),
        value: (*value).to_owned(),
        height: value.parse().ok(),
        unit: Some(unit.to_owned()),
        code: None,
        method: None,
        flag: (*value == "121").then(|| "H".to_owned()),
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

fn alp() -> Vec<SeriesView> {
    let jscc = [("2015-06-01", "210"), ("2016-06-03", "225"), ("2018-05-30", "240"), ("2019-06-11", "231")];
    let ifcc = [("2021-06-02", "82"), ("2022-06-07", "88"), ("2023-06-05", "121"), ("2024-06-03", "95")];
    vec![series("JSCC法", "U/L", &jscc, None), series("IFCC法", "U/L", &ifcc, Some((38, 113)))]
}

fn drawn(series: Vec<SeriesView>) -> Chart {
    chart(&HistoryView { series }, Language::Japanese)
}

fn single(values: Values<'_>) -> Chart {
    drawn(vec![series("尿酸", "mg/dL", values, None)])
}

#[test]
fn every_point_every_tick_and_the_band_are_inside_the_plot_area() {
    for chart in [drawn(alp()), single(&[("2024-05-03", "5.60")]), single(&[("2024-05-03", "0"), ("2024-05-03", "-0.3")])] {
        let axes = chart.axes.as_ref().unwrap();
        for point in chart.points() {
            assert!(0.0 < point.x && point.x < 1.0 && 0.0 < point.y && point.y < 1.0, "{point:?}");
            assert!(axes.x.low < f64::from(point.day) && point.height < axes.y.high, "{point:?}");
        }
        assert!((2..=12).contains(&axes.y.ticks.len()), "{:?}", axes.y.ticks);
        assert!((1..=10).contains(&axes.x.ticks.len()), "{:?}", axes.x.ticks);
        for axis in [&axes.x, &axes.y] {
            assert!(axis.ticks.iter().all(|tick| (0.0..=1.0).contains(&tick.place)), "{:?}", axis.ticks);
            assert!(axis.ticks.windows(2).all(|pair| pair[0].place < pair[1].place), "{:?}", axis.ticks);
        }
    }
    assert_eq!(single(&[]).axes, None);
}

#[test]
fn a_place_is_the_share_of_the_way_between_the_ends_of_its_axis() {
    let chart = drawn(alp());
    let axes = chart.axes.as_ref().unwrap();
    assert_eq!((axes.y.low, axes.y.high), (0.0, 300.0));
    let close = |found: f64, wanted: f64| assert!((found - wanted).abs() < 1e-9, "{found} is not {wanted}");
    close(chart.lines[0].points[2].y, 240.0 / 300.0);
    let band = chart.band.as_ref().unwrap();
    close(band.bottom, 38.0 / 300.0);
    close(band.top, 113.0 / 300.0);
    close(axes.y.ticks[1].place, 50.0 / 300.0);
    let (first, last) = (chart.lines[0].points[0].x, chart.lines[1].points[3].x);
    close(first, 1.0 - last);
}

#[test]
fn a_range_is_drawn_only_where_there_is_one_and_says_whose_it_is() {
    let told = |chart: &Chart| chart.band.as_ref().map(|band| (band.range.high, band.owner.clone(), band.text.clone()));
    let ranged = |first: Option<(i64, i64)>, second: (i64, i64)| {
        drawn(vec![series("A", "U/L", &[("2024-01-15", "40")], first), series("B", "U/L", &[("2024-02-15", "41")], Some(second))])
    };
    let owned = "基準範囲 38–113 U/L (B)".to_owned();
    assert_eq!(told(&ranged(None, (38, 113))), Some((Some(113.0), Some("B".to_owned()), owned)));
    assert_eq!(told(&ranged(Some((38, 113)), (38, 113))), Some((Some(113.0), None, "基準範囲 38–113 U/L".to_owned())));
    assert_eq!(told(&ranged(Some((115, 359)), (38, 113))), None);
}

#[test]
fn an_open_end_of_the_range_reaches_the_edge() {
    let mut one = series("LDL", "mg/dL", &[("2024-01-15", "100")], Some((0, 139)));
    one.points[0].low = None;
    let band = series_chart(&one, Language::English).band.unwrap();
    assert!(band.bottom.abs() < 1e-9 && band.top < 1.0 && band.text == "reference range –139 mg/dL", "{band:?}");
}

#[test]
fn another_unit_and_values_without_a_height_are_left_out_and_named() {
    let others = vec![
        series("尿酸", "mg/dL", &[("2024-01-15", "5.6"), ("2024-02-15", "溶血")], None),
        series("尿酸", "μmol/L", &[("2024-01-15", "333")], None),
    ];
    let chart = drawn(others);
    assert_eq!((chart.lines.len(), chart.points().count(), chart.not_charted), (1, 1, 1));
    assert_eq!(chart.left_out, [LeftOut { name: "尿酸".to_owned(), unit: Some("μmol/L".to_owned()) }]);
    assert!(left_out_text(&chart.left_out[0], Language::English).contains("μmol/L"));
}

#[test]
fn a_chart_is_told_in_one_sentence_and_each_point_in_words() {
    let english = chart(&HistoryView { series: alp() }, Language::English);
    assert_eq!(
        english.text,
        "JSCC法: 4 values from 2015-06-01 to 2019-06-11, latest 231 U/L, lowest 210, highest 240; \
         IFCC法: 4 values from 2021-06-02 to 2024-06-03, latest 95 U/L, lowest 82, highest 121, 1 above the reference range; \
         reference range 38–113 U/L (IFCC法)."
    );
    assert_eq!(english.lines[1].points[2].text, "2023-06-05: 121 U/L, above the reference range");
    assert_eq!(english.marks, [Mark::High]);
    assert_eq!(single(&[("2024-05-03", "5.60")]).text, "尿酸：値は 2024-05-03 の 5.60 mg/dL だけ。");
    assert_eq!(drawn(alp()).lines[1].points[2].text, "2023-06-05、121 U/L、基準より高い");
    assert_eq!(single(&[]).text, "尿酸：図にできる値がありません");
}

#[test]
fn values_are_divided_in_round_steps() {
    let labels = |low, high| axes::value_axis(low, high).ticks.into_iter().map(|tick| tick.label).collect::<Vec<_>>();
    assert_eq!(labels(38.0, 240.0), ["0", "50", "100", "150", "200", "250", "300"]);
    assert_eq!(labels(5.2, 6.1), ["5.0", "5.2", "5.4", "5.6", "5.8", "6.0", "6.2"]);
    assert_eq!(labels(0.0, 0.0), ["-0.6", "-0.4", "-0.2", "0.0", "0.2", "0.4", "0.6"]);
}

#[test]
fn days_are_divided_by_the_calendar() {
    let labels = |chart: &Chart| chart.axes.as_ref().unwrap().x.ticks.iter().map(|tick| tick.label.clone()).collect::<Vec<_>>();
    assert_eq!(labels(&drawn(alp())), ["2016", "2017", "2018", "2019", "2020", "2021", "2022", "2023", "2024"]);
    assert_eq!(labels(&single(&[("2024-01-15", "1"), ("2024-06-02", "2")])), ["2024-02", "2024-03", "2024-04", "2024-05", "2024-06"]);
    assert_eq!(labels(&single(&[("2024-05-03", "1")])), ["2024-05-03"]);
    let long = labels(&single(&[("1951-05-03", "1"), ("2024-05-03", "1")]));
    assert_eq!(long, ["1960", "1970", "1980", "1990", "2000", "2010", "2020"]);
}
