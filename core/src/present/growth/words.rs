//! What is said of growth, Japanese first.

use chrono::NaiveDate;

use super::{GrowthRow, GrowthWish};
use crate::{
    base::PartialDate,
    insight::growth::{Age, Beyond, Corrected, GROWTH_RULES_EDITION, Gap, Measure, Obesity, Place, Read, Reference, is_preterm},
    present::Language,
    record::{Person, Sex},
};

/// A measure's name.
pub const fn measure_name(measure: Measure, language: Language) -> &'static str {
    match measure {
        Measure::Weight => language.pick("体重", "Weight"),
        Measure::Height => language.pick("身長", "Height"),
        Measure::Head => language.pick("頭囲", "Head circumference"),
        Measure::Bmi => language.pick("BMI", "BMI"),
    }
}

/// Whose figures, with the edition.
pub const fn reference_name(reference: Reference, language: Language) -> &'static str {
    match reference {
        Reference::Japan2023 => language
            .pick("令和5年（2023年）乳幼児身体発育調査のパーセンタイル", "the Japanese national growth survey of 2023 (percentiles)"),
        Reference::Japan2000 => language.pick(
            "2000年の日本人小児の標準値（日本小児内分泌学会）",
            "the Japanese reference of 2000 (Japanese Society for Pediatric Endocrinology)",
        ),
        Reference::Who => language.pick("WHO 子どもの成長基準（2006年）", "the WHO Child Growth Standards of 2006"),
    }
}

/// Whose figures, with the edition, of which sex.
pub(super) fn edition(reference: Reference, sex: Sex, language: Language) -> String {
    let sex = match sex {
        Sex::Male => language.pick("男子", "boys"),
        Sex::Female => language.pick("女子", "girls"),
    };
    format!("{}{}{sex}", reference_name(reference, language), language.pick("・", ", "))
}

pub(super) fn line_name(measure: Measure, home: bool, language: Language) -> String {
    let name = measure_name(measure, language);
    if home { format!("{name}{}", language.pick("（家庭）", " (at home)")) } else { name.to_owned() }
}

/// The age in words: days for the first month, then months and years; and the corrected age.
pub(super) fn age_text(born: PartialDate, on: NaiveDate, age: Age, language: Language) -> String {
    let own = born.known_day().map(|from| Read { from, on }).map(|read| span_text(read, language)).unwrap_or_default();
    match (age.corrected, age.read) {
        (Corrected::Unused, _) => own,
        (Corrected::Days(_), Some(read)) => {
            format!("{own}{}{}{}", language.pick("（修正", " (corrected "), span_text(read, language), language.pick("）", ")"))
        }
        (Corrected::BeforeDue | Corrected::Days(_), _) => format!("{own}{}", language.pick("（予定日の前）", " (before the due date)")),
    }
}

fn span_text(read: Read, language: Language) -> String {
    let months = read.months();
    let (years, rest) = (months / 12, months % 12);
    match language {
        Language::Japanese => match (years, rest) {
            (0, 0) => format!("{}日", read.days()),
            (0, months) => format!("{months}か月"),
            (years, 0) => format!("{years}歳"),
            (years, months) => format!("{years}歳{months}か月"),
        },
        Language::English => match (years, rest) {
            (0, 0) => counted(read.days(), "day"),
            (0, months) => counted(months, "month"),
            (years, 0) => counted(years, "year"),
            (years, months) => format!("{} {}", counted(years, "year"), counted(months, "month")),
        },
    }
}

/// One day, two days.
fn counted(number: u32, unit: &str) -> String {
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}

/// Where a value stands, or why that cannot be said.
pub(super) fn place_text(place: &Result<Place, Gap>, reference: Reference, measure: Measure, language: Language) -> String {
    let place = match place {
        Ok(place) => place,
        Err(gap) => return gap_text(*gap, reference, measure, language),
    };
    let percentile = place.percentile.round();
    let mut text = match (place.beyond, language) {
        (Some(Beyond::Above), Language::Japanese) => format!("{percentile} パーセンタイルの線より上"),
        (Some(Beyond::Below), Language::Japanese) => format!("{percentile} パーセンタイルの線より下"),
        (None, Language::Japanese) => format!("{percentile} パーセンタイル"),
        (Some(Beyond::Above), Language::English) => format!("above the curve of percentile {percentile}"),
        (Some(Beyond::Below), Language::English) => format!("below the curve of percentile {percentile}"),
        (None, Language::English) => format!("percentile {percentile}"),
    };
    if let Some(z) = place.z {
        let score = format!("{z:+.1} SD");
        text.extend([language.pick("（", " ("), &score, language.pick("）", ")")]);
    }
    text
}

fn gap_text(gap: Gap, reference: Reference, measure: Measure, language: Language) -> String {
    let name = measure_name(measure, language);
    match gap {
        Gap::NoFigures => match (reference, language) {
            (Reference::Japan2000, Language::Japanese) => format!("2000年の{name}の数値は、確かな出典で手に入らないため入れていません"),
            (Reference::Japan2000, Language::English) => {
                format!("the figures of 2000 for this measure ({name}) are not in our sources and are left out")
            }
            (_, Language::Japanese) => format!("この基準に{name}はありません"),
            (_, Language::English) => format!("this reference does not have this measure ({name})"),
        },
        Gap::Older { months } => {
            let (years, rest) = (months / 12, months % 12);
            match language {
                Language::Japanese => format!("この基準の年齢の外です（{years}歳{rest}か月になる前まで）"),
                Language::English => format!("outside the ages of this reference (below {years} years {rest} months)"),
            }
        }
        Gap::BetweenYears => language
            .pick(
                "2000年の身長の数値が確かなのは、満年齢の誕生日から1か月だけです",
                "the figures of 2000 for height are certain only for the month behind each birthday",
            )
            .to_owned(),
        Gap::BeforeBirth => language.pick("生まれる前の日です", "the day is before birth").to_owned(),
        Gap::BeforeDue => language
            .pick(
                "予定日の前です。この曲線は予定日のころに生まれた子のものです",
                "before the due date; these curves are of children born at term",
            )
            .to_owned(),
        Gap::NoAge => language
            .pick("日付が日までわからないため、月齢を数えられません", "the age cannot be counted, because a day is not known")
            .to_owned(),
        Gap::NoValue => language.pick("くらべられる数ではありません", "no number that can be compared").to_owned(),
    }
}

/// 肥満度 in words.
pub(super) fn obesity_text(found: Obesity, language: Language) -> String {
    let class = found.class.map_or(language.pick("ふつう", "ordinary"), |class| language.pick(class.japanese, class.english));
    match language {
        Language::Japanese => format!("肥満度 {:+.1}%（{class}）", found.percent),
        Language::English => format!("degree of obesity {:+.1} % ({class})", found.percent),
    }
}

/// Date, age, value and place of a point, for those who hear it.
pub(super) fn point_text(row: &GrowthRow) -> String {
    format!("{} {} {} {} {}", row.date.as_deref().unwrap_or_default(), row.age_text, row.value, row.unit, row.place_text)
}

/// What has to be said with the values.
pub(super) fn notes(person: &Person, rows: &[GrowthRow], wish: GrowthWish, language: Language) -> Vec<String> {
    let mut notes = Vec::new();
    let mut references: Vec<Reference> = rows.iter().map(|row| row.reference).collect();
    references.sort();
    references.dedup();
    for reference in references {
        notes.push(format!("{}{}", language.pick("基準：", "Reference: "), edition(reference, person.sex, language)));
        if reference == Reference::Japan2023 {
            let printed = language.pick(
                "2024年までに印刷された母子健康手帳の曲線は平成22年（2010年）のもので、これとは違います",
                "Handbooks printed until 2024 show the curves of 2010, which are others",
            );
            notes.push(printed.to_owned());
        }
        if reference == Reference::Who {
            let other = language
                .pick("WHO の基準は日本の子どもより重く、高めです", "WHO's standards are heavier and taller than Japanese children are");
            notes.push(other.to_owned());
        }
    }
    if person.born.known_day().is_none() {
        let unknown = language.pick(
            "生年月日が日までわからないため、月齢もパーセンタイルも出せません",
            "Without the full date of birth there is neither an age nor a percentile",
        );
        notes.push(unknown.to_owned());
    }
    if let Some(gestation) = person.gestation.filter(|gestation| is_preterm(Some(*gestation))) {
        notes.push(corrected_note(gestation.weeks(), u32::from(gestation.days() % 7), wish.corrected, language));
    }
    if rows.iter().any(|row| row.obesity_text.is_some()) {
        notes.push(match language {
            Language::Japanese => format!("肥満度の区分は Techo の規則 第{GROWTH_RULES_EDITION}版によります"),
            Language::English => format!("The bands of the degree of obesity are those of Techo's rules, edition {GROWTH_RULES_EDITION}"),
        });
    }
    if !rows.is_empty() {
        let calm = language.pick(
            "診断ではありません。線の外にも元気な子がいます。気になるときは、医師や保健師に聞いてください",
            "This is no diagnosis. Healthy children are outside of the curves, too. If you wonder, ask a doctor or a public health nurse",
        );
        notes.push(calm.to_owned());
    }
    notes
}

fn corrected_note(weeks: u8, days: u32, corrects: bool, language: Language) -> String {
    match (corrects, language) {
        (true, Language::Japanese) => format!("在胎 {weeks} 週 {days} 日で生まれたため、3歳までは予定日から数えた修正月齢でくらべています"),
        (true, Language::English) => {
            format!("Born at {weeks} weeks {days} days: until three years of age compared by the corrected age, counted from the due date")
        }
        (false, Language::Japanese) => format!("在胎 {weeks} 週 {days} 日で生まれましたが、修正月齢を使わずにくらべています"),
        (false, Language::English) => format!("Born at {weeks} weeks {days} days, compared without the corrected age"),
    }
}
