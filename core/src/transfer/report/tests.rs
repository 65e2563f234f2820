//! A report holds what was chosen, needs nothing from elsewhere, and no received word becomes markup.
#![expect(clippy::unwrap_used, reason = "tests")]
use super::*;
use crate::present::{LeftOutReasons, PointId, PointView};

const HOSTILE: &str = "</title></style><script>alert(1)</script><img src=x onerror=alert(1)>\u{202e}\";}@import 'x'";

fn point(day: &str, value: &str) -> PointView {
    let date: chrono::NaiveDate = day.parse().unwrap();
    PointView {
        record: PointId::Record("r1".parse().unwrap()),
        date: Some(day.to_owned()),
        day_number: Some(chrono::Datelike::num_days_from_ce(&date)),
        value: value.to_owned(),
        height: value.parse().ok(),
        unit: Some("mg/dL".to_owned()),
        code: None,
        method: None,
        flag: Some("H".to_owned()),
        low: "0.4".parse().ok(),
        high: "0.8".parse().ok(),
        document: None,
    }
}

fn section(id: SectionId, lines: Vec<ClinicLine>) -> ClinicSection {
    ClinicSection { id, title: "見出し", lines, empty: None, left_out: None, reasons: LeftOutReasons::default(), more: None }
}

fn view() -> ClinicView {
    let line = ClinicLine {
        title: HOSTILE.to_owned(),
        value: Some(HOSTILE.to_owned()),
        source: Some(HOSTILE.to_owned()),
        date: Some("2024".to_owned()),
        trend: vec![point("2024-05-03", "0.70"), point("2025-05-03", "0.90")],
        ..ClinicLine::default()
    };
    let sections = [SectionId::Allergies, SectionId::MedicinesCurrent, SectionId::Results, SectionId::Vaccinations];
    ClinicView {
        person: PersonId::from_bytes([1; 16]),
        name: HOSTILE.to_owned(),
        kana: Some(HOSTILE.to_owned()),
        born: "1972-04-15".to_owned(),
        sex: "女",
        occasion: None,
        title: "初診",
        on: "2026-04-05".parse().unwrap(),
        language: Language::Japanese,
        sections: sections.into_iter().map(|id| section(id, vec![line.clone()])).collect(),
        fetched: "取り込み".to_owned(),
        left_out: Some("出していない記録があります"),
        note: "すべてではありません",
        code: false,
        sensitive: false,
        items: vec!["allergies".to_owned()],
    }
}

#[test]
fn a_hostile_name_stays_a_name() {
    let page = report_page(&view(), &[]);
    for forbidden in ["<script", "<img", "\u{202e}", "@import '"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    assert_eq!(page.matches("</style>").count(), 1);
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    for outside in ["http-equiv=\"refresh", "href=", " src=", "url(", "<link", "<iframe", "<object"] {
        assert!(!page.replace("&lt;img src=x", "").contains(outside), "{outside}");
    }
}

#[test]
fn a_report_has_its_tables_its_charts_and_what_it_is_not() {
    let page = report_page(&view(), &[]);
    for part in [
        "まとめ",
        "推移",
        "0.90 H",
        "counter(page)",
        "すべてではありません",
        "出していない記録があります",
        "本人が選んだもの：アレルギー・副作用",
        "<polyline",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert_eq!(page.matches("<svg").count(), 1, "only values have a trend");
    assert_eq!(page.matches("<table").count(), 4);
}
