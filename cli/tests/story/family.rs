//! A family looks at what its records mean: a child's growth, a checkup in plain words, what leaves Mynaportal, the board.

use std::fs;

use serde_json::{Value, json};

use crate::notebook::{Notebook, fields};

fn weigh(notebook: &Notebook, person: &str, what: &str, value: &str, on: &str) -> crate::notebook::Said {
    notebook.run(&["add", "measurement", "--person", person, "--what", what, "--value", value, "--on", on, "--json"])
}

fn growth(notebook: &Notebook, arguments: &[&str]) -> Vec<Value> {
    notebook.run(&[&["growth", "--json"], arguments].concat()).ok().lines()
}

#[test]
fn a_childs_growth_stands_beside_the_curves_of_2023() {
    let notebook = Notebook::of_the_family();
    let taro = ["--person", "手帳 太郎"];
    for (what, value, on) in [
        ("weight", "3.06", "2019-06-20"),
        ("weight", "9.00", "2020-06-04"),
        ("height", "73.1", "2020-06-04"),
        ("head", "45.9", "2020-06-04"),
    ] {
        weigh(&notebook, "手帳 太郎", what, value, on).ok();
    }
    let lines = growth(&notebook, &taro);
    let mut names = fields(&lines[0]);
    names.sort_unstable();
    assert_eq!(names, ["age_days", "beyond", "corrected_age_days", "date", "measure", "percentile", "reference", "unit", "value", "z"]);
    assert_eq!(
        lines[0],
        json!({"date": "2019-06-20", "measure": "weight", "value": "3.06", "unit": "kg", "age_days": 0, "corrected_age_days": null,
            "reference": "2023", "percentile": 50.0, "beyond": null, "z": null})
    );
    // Band 11–12 months is plotted at 11.5: 350 days.
    assert_eq!((&lines[1]["age_days"], &lines[1]["percentile"]), (&json!(350), &json!(50.0)));
    let bmi: Vec<&Value> = lines.iter().filter(|line| line["measure"] == "bmi").collect();
    // 9.00 ÷ 0.731² = 16.84, by the reference of 2000, which has deviations.
    assert_eq!((bmi.len(), &bmi[0]["value"], &bmi[0]["reference"]), (1, &json!("16.84"), &json!("2000")));
    assert!(bmi[0]["z"].is_number() && bmi[0]["percentile"].is_number(), "{}", bmi[0]);
    let measures: Vec<&str> = lines.iter().map(|line| line["measure"].as_str().unwrap()).collect();
    assert_eq!(measures, ["weight", "weight", "height", "head", "bmi"]);
    let who = growth(&notebook, &["--person", "手帳 太郎", "--reference", "who", "--measure", "weight"]);
    assert!(who.iter().all(|line| line["reference"] == "who" && line["z"].is_number()), "{who:?}");
    let none = growth(&notebook, &["--person", "手帳 太郎", "--reference", "2000", "--measure", "weight"]);
    assert!(none.iter().all(|line| line["percentile"].is_null() && line["z"].is_null()), "{none:?}");
    let words = notebook.run(&["growth", "--person", "手帳 太郎"]).ok().out;
    for part in ["令和5年（2023年）乳幼児身体発育調査", "11か月", "50 パーセンタイル", "2000年の日本人小児の標準値", "診断ではありません"]
    {
        assert!(words.contains(part), "{part} in {words}");
    }
    let english = notebook.run(&["growth", "--person", "手帳 太郎", "--lang", "en", "--reference", "who"]).ok().out;
    assert!(english.contains("WHO Child Growth Standards of 2006, boys") && english.contains("percentile"), "{english}");
}

#[test]
fn a_child_born_early_is_read_by_the_day_it_was_due() {
    let notebook = Notebook::new();
    let early = ["person", "add", "手帳 次郎", "--born", "2025-01-10", "--sex", "male", "--gestation", "32w3d"];
    notebook.run(&early).ok();
    for (value, on) in [("1.80", "2025-01-10"), ("2.90", "2025-03-03"), ("3.06", "2025-03-04"), ("9.00", "2026-01-10")] {
        weigh(&notebook, "手帳 次郎", "weight", value, on).ok();
    }
    let lines = growth(&notebook, &[]);
    let seen: Vec<(&Value, &Value)> = lines.iter().map(|line| (&line["corrected_age_days"], &line["percentile"])).collect();
    let null = Value::Null;
    assert_eq!(seen, [(&null, &null), (&null, &null), (&json!(0), &json!(50.0)), (&json!(312), &json!(59.8))]);
    let plain = growth(&notebook, &["--uncorrected"]);
    assert!(plain.iter().all(|line| line["corrected_age_days"].is_null() && line["percentile"].is_number()), "{plain:?}");
    assert_eq!((&plain[0]["percentile"], &plain[0]["beyond"]), (&json!(3.0), &json!("below")));
    let words = notebook.run(&["growth"]).ok().out;
    assert!(words.contains("在胎 32 週 3 日") && words.contains("（修正10か月）") && words.contains("予定日の前"), "{words}");
}

#[test]
fn the_picture_names_the_edition_and_draws_seven_curves() {
    let notebook = Notebook::of_the_family();
    for (value, on) in [("3.10", "2019-06-20"), ("6.60", "2019-10-05"), ("9.20", "2020-06-04"), ("11.80", "2021-09-20")] {
        weigh(&notebook, "手帳 太郎", "weight", value, on).ok();
    }
    let out = notebook.home.path().join("growth.svg");
    notebook.run(&["growth", "--person", "手帳 太郎", "--measure", "weight", "--svg", out.to_str().unwrap()]).ok();
    let picture = fs::read_to_string(&out).unwrap();
    for part in ["乳幼児身体発育調査", "3, 10, 25, 50, 75, 90, 97", "年齢（歳）", "6.60", "パーセンタイル"] {
        assert!(picture.contains(part), "{part}");
    }
    assert_eq!(picture.matches("stroke=\"#828282\"").count(), 8, "seven curves and the legend");
    let none = notebook.home.path().join("none.svg");
    notebook
        .run(&["growth", "--person", "手帳 太郎", "--measure", "head", "--reference", "2000", "--svg", none.to_str().unwrap()])
        .ended(9);
}

#[test]
fn a_value_that_no_child_has_is_asked_about_with_the_unit_it_was_perhaps_written_in() {
    let notebook = Notebook::of_the_family();
    for (what, value, part) in
        [("weight", "9000", "単位は g"), ("height", "0.73", "単位は m"), ("head", "459", "単位は mm"), ("weight", "90", "この月齢では")]
    {
        let asked = weigh(&notebook, "手帳 太郎", what, value, "2020-06-04").ended(26);
        assert!(asked.err.contains(part), "{part}: {}", asked.err);
    }
    let before = weigh(&notebook, "手帳 太郎", "weight", "3.0", "2019-06-19").ended(2);
    assert!(before.err.contains("生まれる前の日です"), "{}", before.err);
    assert!(growth(&notebook, &["--person", "手帳 太郎"]).is_empty(), "nothing was written down");
    // An adult of 90 kg is no question.
    weigh(&notebook, "手帳 一郎", "weight", "90", "2020-06-04").ok();
    let adult = growth(&notebook, &["--person", "手帳 一郎"]);
    assert_eq!((adult.len(), &adult[0]["percentile"]), (1, &Value::Null));
}

#[test]
fn a_date_of_birth_is_a_day_that_has_been() {
    let notebook = Notebook::new();
    let future = notebook.run(&["person", "add", "手帳 未来", "--born", "2190-01-01", "--sex", "female"]).ended(2);
    assert!(future.err.contains("まだ来ていない"), "{}", future.err);
    let month = notebook.run(&["person", "add", "手帳 未来", "--born", "2019-06", "--sex", "female"]).ended(2);
    assert!(month.err.contains("日まで要ります"), "{}", month.err);
}

#[test]
fn what_leaves_first_stands_first_and_what_nobody_knows_is_null() {
    let notebook = Notebook::of_the_family();
    notebook.import_family();
    let add = |arguments: &[&str]| notebook.run(&[&["add"], arguments, &["--person", "手帳 花子", "--json"]].concat()).ok();
    add(&["vaccination", "--vaccine", "influenza", "--on", "2025-11-05"]);
    let lines = notebook.run(&["forgets", "--person", "手帳 花子", "--on", "2026-04-01", "--json"]).ok().lines();
    assert!(lines.iter().all(|line| fields(line) == ["days", "id", "kind", "leaves_on", "source"]), "{lines:?}");
    let of = |kind: &str| lines.iter().find(|line| line["kind"] == kind).unwrap_or_else(|| panic!("{kind} in {lines:?}"));
    assert_eq!((&of("vaccination")["leaves_on"], &of("vaccination")["days"]), (&Value::Null, &Value::Null));
    assert!(of("vaccination")["source"].as_str().unwrap().contains("わかりません"));
    let timeline = notebook.run(&["timeline", "--person", "手帳 花子", "--json"]).ok().lines();
    let day_of = |id: &Value| {
        timeline.iter().find(|line| line["id"] == *id).unwrap()["date"].as_str().unwrap().parse::<chrono::NaiveDate>().unwrap()
    };
    let mut known = 0;
    for line in lines.iter().filter(|line| line["leaves_on"].is_string()) {
        let (day, leaves) = (day_of(&line["id"]), line["leaves_on"].as_str().unwrap().parse::<chrono::NaiveDate>().unwrap());
        let wanted = if line["kind"] == "checkup" { day + chrono::Months::new(60) } else { day + chrono::Days::new(100) };
        assert_eq!(leaves, wanted, "{line}");
        assert_eq!(line["days"], json!((leaves - "2026-04-01".parse::<chrono::NaiveDate>().unwrap()).num_days()));
        known += 1;
    }
    assert!(known >= 6, "{lines:?}");
    let days: Vec<i64> = lines.iter().map_while(|line| line["days"].as_i64().filter(|days| *days >= 0)).collect();
    assert!(!days.is_empty() && days.is_sorted(), "{days:?}");
    let words = notebook.run(&["forgets", "--on", "2026-04-01"]).ok().out;
    assert!(words.contains("きょう一度取得すれば、2025-12-22 より後の") && words.contains("2021-04-01 より後の"), "{words}");
}

#[test]
fn a_checkup_is_explained_item_by_item_without_a_diagnosis() {
    let notebook = Notebook::of_the_family();
    notebook.import_family();
    let timeline = notebook.run(&["timeline", "--person", "手帳 花子", "--kind", "checkup", "--json"]).ok().lines();
    let id = timeline[0]["id"].as_str().unwrap();
    let lines = notebook.run(&["explain", id, "--json"]).ok().lines();
    let systolic = lines.iter().find(|line| line["what"].as_str().is_some_and(|what| what.contains("上の血圧"))).unwrap();
    // 126 mmHg in 2025 (the fixture): below 130.
    assert_eq!((&systolic["value"], &systolic["level"]), (&json!("126"), &json!("within")));
    assert!(systolic["source"].as_str().unwrap().contains("令和6年度") && systolic["previous_date"].as_str().unwrap().starts_with("2024"));
    let waist = lines.iter().find(|line| line["what"].as_str().is_some_and(|what| what.contains("おなかのまわり"))).unwrap();
    assert!(waist["band"].as_str().unwrap().contains("≥90"), "a woman's limit: {waist}");
    let words = notebook.run(&["explain", id]).ok().out;
    for part in ["これは診断ではありません", "医師・保健師・薬剤師に聞いてください", "前回（2024", "この項目の説明は、まだありません"]
    {
        assert!(words.contains(part), "{part} in {words}");
    }
    let english = notebook.run(&["explain", id, "--lang", "en"]).ok().out;
    assert!(
        english.contains("This is no diagnosis") && english.contains("reaches neither limit (guidance ≥130, advice ≥140)"),
        "{english}"
    );
    let record = systolic["id"].as_str().unwrap();
    assert_eq!(notebook.run(&["explain", record, "--json"]).ok().lines().len(), 1);
    notebook.run(&["explain", "e999999", "--json"]).ended(9);
}

#[test]
fn the_board_has_a_line_for_everybody() {
    let notebook = Notebook::of_the_family();
    notebook.import_family();
    weigh(&notebook, "手帳 太郎", "weight", "16.5", "2024-05-03").ok();
    let lines = notebook.run(&["board", "--on", "2026-04-01", "--json"]).ok().lines();
    let of = |name: &str| lines.iter().find(|line| line["person"] == name).unwrap();
    assert!(of("手帳 花子")["last_checkup_on"].as_str().unwrap().starts_with("2025") && of("手帳 花子")["growth"].is_null());
    assert_eq!(of("手帳 太郎")["age"], "6歳9か月");
    assert!(of("手帳 太郎")["growth"].as_str().unwrap().contains("16.5 kg（"), "{}", of("手帳 太郎"));
    assert!(of("手帳 太郎")["changed_at"].is_string() && of("手帳 太郎")["next_due"].is_string());
    assert!(of("手帳 太郎")["next_due_on"].as_str().unwrap() >= "2026-04-01", "{}", of("手帳 太郎"));
    let words = notebook.run(&["board", "--on", "2026-04-01"]).ok().out;
    assert!(words.contains("最後の健診: 2025") && words.contains("成長: 体重 16.5 kg"), "{words}");
}
