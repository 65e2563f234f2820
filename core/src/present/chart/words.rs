//! What is said of a chart: each point, the marks, the range, and the whole in one sentence.

use super::{Band, ChartLine, LeftOut, Mark, ReferenceRange};
use crate::present::{Language, history::PointView};

impl Mark {
    /// A letter or plain sign, one column wide everywhere; colour only repeats it.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::High => "H",
            Self::Low => "L",
            Self::Abnormal => "!",
        }
    }

    /// What it says about a value.
    pub const fn text(self, language: Language) -> &'static str {
        match self {
            Self::High => language.pick("基準より高い", "above the reference range"),
            Self::Low => language.pick("基準より低い", "below the reference range"),
            Self::Abnormal => language.pick("基準外", "abnormal"),
        }
    }

    /// Sign and meaning, for a legend.
    pub fn legend(self, language: Language) -> String {
        format!("{} = {}", self.sign(), self.text(language))
    }
}

/// What stands under every chart.
pub const fn chart_note(language: Language) -> &'static str {
    language.pick(
        "値は受け取ったとおりです。測り方の違う値は別の線にしています",
        "Values as received; values measured in another way have a line of their own",
    )
}

/// Where there is no value that has a place on an axis.
pub const fn nothing_to_draw_text(language: Language) -> &'static str {
    language.pick("図にできる値がありません", "There is no value that can be drawn")
}

/// That some values stand in the table only.
pub fn not_charted_text(count: usize, language: Language) -> String {
    match language {
        Language::Japanese => format!("図にできない値 {count} 件は表だけに示します"),
        Language::English => format!("{count} values cannot be drawn and stand in the table only"),
    }
}

/// That a line is not drawn, because its unit is another one.
pub fn left_out_text(line: &LeftOut, language: Language) -> String {
    let (name, unit) = (&line.name, line.unit.as_deref().unwrap_or_default());
    match language {
        Language::Japanese => format!("{name}（{unit}）は単位が違うため、図には入れていません"),
        Language::English => format!("{name} ({unit}) is in another unit and is not in the picture"),
    }
}

/// The reference range in words, and whose it is.
pub(super) fn band_text(range: ReferenceRange, unit: Option<&str>, owner: Option<&str>, language: Language) -> String {
    let end = |limit: Option<f64>| limit.map(|limit| limit.to_string()).unwrap_or_default();
    let mut text = format!("{} {}–{}", language.pick("基準範囲", "reference range"), end(range.low), end(range.high));
    if let Some(unit) = unit {
        text.extend([" ", unit]);
    }
    if let Some(owner) = owner {
        text.extend([" (", owner, ")"]);
    }
    text
}

/// Date, value with unit, and where it stands.
pub(super) fn point_text(point: &PointView, mark: Option<Mark>, language: Language) -> String {
    let mut text = point.date.clone().unwrap_or_default();
    text.extend([language.pick("、", ": "), &point.value]);
    if let Some(unit) = &point.unit {
        text.extend([" ", unit]);
    }
    if let Some(mark) = mark {
        text.extend([language.pick("、", ", "), mark.text(language)]);
    }
    text
}

/// What is written along the ages.
pub(super) fn along_text(in_months: bool, has_corrected: bool, language: Language) -> String {
    let text =
        if in_months { language.pick("月齢（か月）", "Age in months") } else { language.pick("年齢（歳）", "Age in years") };
    let more = language.pick("。◯ は修正月齢（予定日から数えた月齢）で置いた値", "; ◯ placed by corrected age (counted from the due date)");
    format!("{text}{}", if has_corrected { more } else { "" })
}

/// A chart of growth in one sentence: the values with where they stand, and by whose figures.
pub(super) fn growth_text(title: &str, unit: &str, lines: &[ChartLine], edition: &str, language: Language) -> String {
    let points: Vec<&str> = lines.iter().flat_map(|line| &line.points).map(|point| point.text.as_str()).collect();
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return format!("{title}{}{}", language.pick("：", ": "), nothing_to_draw_text(language));
    };
    let count = points.len();
    match (language, count) {
        (Language::Japanese, 1) => format!("{title} [{unit}]：{last}。{edition}と並べて示します。"),
        (Language::Japanese, _) => format!("{title} [{unit}]：{count} 件。最初は {first}、最後は {last}。{edition}と並べて示します。"),
        (Language::English, 1) => format!("{title} [{unit}]: {last}. Beside {edition}."),
        (Language::English, _) => format!("{title} [{unit}]: {count} values, the first {first}, the last {last}. Beside {edition}."),
    }
}

/// The whole in one sentence: for each line how many values from when until when, the latest, the lowest and the highest.
/// Nothing is compared across lines, because their values cannot be.
pub(super) fn chart_text(title: &str, unit: Option<&str>, lines: &[ChartLine], band: Option<&Band>, language: Language) -> String {
    let is_several = lines.len() > 1;
    let told: Vec<String> = lines.iter().filter_map(|line| line_text(line, unit, is_several, language)).collect();
    if told.is_empty() {
        return format!("{title}{}{}", language.pick("：", ": "), nothing_to_draw_text(language));
    }
    let mut text = if is_several { String::new() } else { format!("{title}{}", language.pick("：", ": ")) };
    text.push_str(&told.join(language.pick("。", "; ")));
    if let Some(band) = band {
        text.extend([language.pick("。", "; "), &band.text]);
    }
    text.push_str(language.pick("。", "."));
    text
}

fn line_text(line: &ChartLine, unit: Option<&str>, is_named: bool, language: Language) -> Option<String> {
    let (first, last) = (line.points.first()?, line.points.last()?);
    let unit = unit.map(|unit| format!(" {unit}")).unwrap_or_default();
    let name = if is_named { format!("{}{}", line.name, language.pick("：", ": ")) } else { String::new() };
    let (date, value) = (&last.date, &last.value);
    let mut text = if line.points.len() == 1 {
        match language {
            Language::Japanese => format!("{name}値は {date} の {value}{unit} だけ"),
            Language::English => format!("{name}a single value, {value}{unit} on {date}"),
        }
    } else {
        let lowest = line.points.iter().reduce(|least, point| if point.height < least.height { point } else { least })?;
        let highest = line.points.iter().reduce(|most, point| if point.height > most.height { point } else { most })?;
        let (count, from, low, high) = (line.points.len(), &first.date, &lowest.value, &highest.value);
        match language {
            Language::Japanese => {
                format!("{name}{from} から {date} まで {count} 件、最新 {value}{unit}、最低 {low}、最高 {high}")
            }
            Language::English => {
                format!("{name}{count} values from {from} to {date}, latest {value}{unit}, lowest {low}, highest {high}")
            }
        }
    };
    for mark in [Mark::High, Mark::Low, Mark::Abnormal] {
        let count = line.points.iter().filter(|point| point.mark == Some(mark)).count();
        if count > 0 {
            let said = match language {
                Language::Japanese => format!("、{} {count} 件", mark.text(language)),
                Language::English => format!(", {count} {}", mark.text(language)),
            };
            text.push_str(&said);
        }
    }
    Some(text)
}
