//! Records of every kind there is, and strategies that make any.

use proptest::{collection::vec, option, prelude::*};

use crate::{
    base::{Decimal, Fingerprint, PartialDate},
    record::{
        AbsentReason, Allergy, Attachment, Body, Coding, Comparator, Concept, Condition, Event, Expense, Fact, Medication, MedicationStage,
        Narrative, Observation, Procedure, Reason, ReferenceRange, SignatureCheck, Standing, Unit, Vaccination, Value, When,
    },
    terms::Kind,
};

const CHECKUP: &str = "1.2.392.200119.6.1005";

pub(super) fn fact(kind: Kind, title: &str, body: Body) -> Fact {
    Fact {
        kind,
        title: title.to_owned(),
        concept: Concept::of(Coding::new("http://example.org/codes", title).with_display(title)),
        when: None,
        body,
        at: format!("entry[{}]", title.len()),
        said_by: None,
        standing: Standing::Understood,
    }
}

pub(super) fn measured(code: &str, title: &str, value: Value, unit: Option<&str>) -> Fact {
    let mut observation = Observation::new(value);
    observation.unit = unit.map(|shown| Unit { shown: shown.to_owned(), ucum: None });
    observation.interpretation = Some(Concept::of(Coding::new("2.16.840.1.113883.5.83", "H")));
    observation.reference =
        vec![ReferenceRange { low: "-0.5".parse().ok(), high: "129".parse().ok(), text: Some("基準\"値\",\n注意".to_owned()) }];
    observation.notes = vec!["=cmd|' /C calc'!A0".to_owned()];
    let mut fact = fact(Kind::Measurement, title, Body::Observation(observation));
    fact.concept = Concept::of(Coding::new(CHECKUP, code).with_display(title));
    fact
}

pub(super) fn number(text: &str) -> Value {
    Value::Number { comparator: None, decimal: text.parse().unwrap() }
}

pub(super) fn event(kind: Kind, day: Option<&str>, title: &str, facts: Vec<Fact>) -> Event {
    Event {
        kind,
        day: day.map(|day| day.parse().unwrap()),
        title: title.to_owned(),
        place: Some("手帳クリニック".to_owned()),
        signature: None,
        facts,
    }
}

/// Documents that together hold every body, value, standing and signature there is.
pub(super) fn documents() -> Vec<Vec<Event>> {
    let words = |text: &str| text.to_owned();
    let mut below = measured("3D046000001906202", "HbA1c(NGSP)", number("5.60"), Some("%"));
    if let Body::Observation(observation) = &mut below.body {
        observation.value = Value::Number { comparator: Some(Comparator::Less), decimal: "1.2e3".parse().unwrap() };
    }
    let mut wrong = measured("9N001000000000001", "身長", number("1623"), Some("cm"));
    wrong.standing = Standing::Quarantined(Reason::Range);
    wrong.when = Some(When { day: "2024-05-03".parse().unwrap(), time: Some(words("09:30:00+09:00")), until: "2024-05".parse().ok() });
    let mut raw = fact(Kind::Other, "不明", Body::Raw(words("<observation code=\"?\">\u{0007}</observation>")));
    raw.standing = Standing::NotUnderstood;
    raw.concept = Concept::default();
    raw.said_by = Some(words("手帳 医師"));
    let coded = Value::Coded {
        choice: Concept::of(Coding::new("1.2.392.200119.6.2100", "1").with_display("服薬あり")),
        meaning: Some(words("服薬あり")),
        rank: Some(1),
    };
    let checkup = vec![
        measured("9A751000000000001", "収縮期血圧", number("128"), Some("mmHg")),
        measured("9A751000000000001", "収縮期血圧", number("128"), Some("mmHg")),
        measured("9A761000000000001", "拡張期血圧", number("-0.30"), Some("mmHg")),
        below,
        wrong,
        measured("9P501000000000011", "服薬", coded, None),
        measured("9N501000000000011", "所見", Value::Text(words("-異常なし")), None),
        measured("9N506000000000011", "尿蛋白", Value::Text(words("+")), None),
        measured("1", "幅", Value::Between { low: "1.0".parse().ok(), high: None }, Some("分")),
        measured("2", "未実施", Value::Absent { reason: AbsentReason::NotPerformed, detail: Some(words("NI")) }, None),
        raw,
    ];
    let dose = Vaccination {
        lot: Some(words("AB-12")),
        dose_number: Some(words("1期追加")),
        amount: Some(("0.5".parse().unwrap(), words("mL"))),
        expires: "2025-01".parse().ok(),
        given: true,
        targets: vec![Concept::text("麻しん")],
        notes: vec![words("＝左腕")],
        ..Vaccination::default()
    };
    let medicine = Medication {
        stage: MedicationStage::Taken,
        dose: Some(words("2")),
        dose_unit: Some(words("錠")),
        usage: Some(Concept::text("1日2回朝夕食後")),
        quantity: Some(words("14")),
        quantity_unit: Some(words("日分")),
        start: "2024".parse().ok(),
        ..Medication::default()
    };
    let attachment = Attachment {
        content_type: Some(words("image/png")),
        title: None,
        url: None,
        bytes: Some(9),
        fingerprint: Some(Fingerprint::of(b"x")),
    };
    let narrative = Narrative { text: words("紹介状\n本文"), attachments: vec![attachment], status: None };
    let mut card =
        event(Kind::Vaccination, Some("2021-07-01"), "接種証明", vec![fact(Kind::Vaccination, "麻しん風しん", Body::Vaccination(dose))]);
    card.signature = Some(SignatureCheck::Valid { issuer: words("https://example.org"), key: words("k1") });
    vec![
        vec![event(Kind::Checkup, Some("2024-05-03"), "特定健康診査", checkup)],
        vec![card],
        vec![
            event(Kind::Medication, Some("2023-11"), "調剤", vec![fact(Kind::Medication, "アムロジピン", Body::Medication(medicine))]),
            event(
                Kind::Condition,
                Some("1989"),
                "=傷病名",
                vec![fact(Kind::Condition, "高血圧症", Body::Condition(Condition { onset: Some(words("春")), ..Condition::default() }))],
            ),
            event(
                Kind::Allergy,
                None,
                "アレルギー",
                vec![fact(Kind::Allergy, "卵", Body::Allergy(Allergy { reactions: vec![words("発疹")], ..Allergy::default() }))],
            ),
        ],
        vec![
            event(
                Kind::Procedure,
                Some("2020-02-29"),
                "手術",
                vec![fact(
                    Kind::Procedure,
                    "虫垂切除",
                    Body::Procedure(Procedure { reasons: vec![Concept::text("虫垂炎")], ..Procedure::default() }),
                )],
            ),
            event(
                Kind::Document,
                Some("2020-02-29"),
                "文書",
                vec![fact(Kind::Document, "紹介状", Body::Narrative(narrative)), fact(Kind::Note, "メモ", Body::Note(words("@memo")))],
            ),
        ],
        vec![],
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[ -~]{1,8}", "[ぁ-ゖァ-ヺ一-龠＝－\u{0}-\u{1f}\"\\\\]{1,6}", any::<String>()]
}

fn decimal() -> impl Strategy<Value = Decimal> {
    prop_oneof!["-?[0-9]{1,6}(\\.[0-9]{1,4})?", "[0-9]e[0-9]"].prop_map(|text| text.parse().unwrap())
}

fn date() -> impl Strategy<Value = PartialDate> {
    (1900_i32..2100, 1_u32..=12, 1_u32..=28, 0..3).prop_map(|(year, month, day, precision)| match precision {
        0 => PartialDate::year(year).unwrap(),
        1 => PartialDate::month(year, month).unwrap(),
        _ => PartialDate::day(year, month, day).unwrap(),
    })
}

fn concept() -> impl Strategy<Value = Concept> {
    let coding = (option::of(text()), text(), option::of(text())).prop_map(|(system, code, display)| Coding { system, code, display });
    (vec(coding, 0..3), option::of(text())).prop_map(|(codings, text)| Concept { codings, text })
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        (option::of(Just(Comparator::GreaterOrEqual)), decimal()).prop_map(|(comparator, decimal)| Value::Number { comparator, decimal }),
        (option::of(decimal()), option::of(decimal())).prop_map(|(low, high)| Value::Between { low, high }),
        (concept(), option::of(text()), option::of(any::<u8>())).prop_map(|(choice, meaning, rank)| Value::Coded { choice, meaning, rank }),
        text().prop_map(Value::Text),
        option::of(text()).prop_map(|detail| Value::Absent { reason: AbsentReason::NotMeasurable, detail }),
    ]
}

fn body() -> impl Strategy<Value = Body> {
    prop_oneof![
        (value(), option::of(text()), vec(text(), 0..2), option::of(concept())).prop_map(|(value, unit, notes, method)| {
            let mut observation = Observation::new(value);
            observation.unit = unit.map(|shown| Unit { shown, ucum: None });
            (observation.notes, observation.method) = (notes, method);
            Body::Observation(observation)
        }),
        (option::of(text()), any::<bool>(), option::of(date())).prop_map(|(lot, given, expires)| Body::Vaccination(Vaccination {
            lot,
            expires,
            given,
            ..Vaccination::default()
        })),
        (option::of(text()), option::of(concept()), vec(text(), 0..3)).prop_map(|(dose, usage, notes)| Body::Medication(Medication {
            dose,
            usage,
            notes,
            ..Medication::default()
        })),
        (option::of(text()), option::of(concept())).prop_map(|(onset, severity)| Body::Condition(Condition {
            onset,
            severity,
            ..Condition::default()
        })),
        vec(text(), 0..3).prop_map(|reactions| Body::Allergy(Allergy { reactions, ..Allergy::default() })),
        vec(concept(), 0..2).prop_map(|body_sites| Body::Procedure(Procedure { body_sites, ..Procedure::default() })),
        (vec(text(), 0..3), option::of(text()), 0..100_000_u32).prop_map(|(notes, class, yen)| Body::Expense(Expense {
            own_share: yen.to_string().parse().ok(),
            class,
            notes,
            ..Expense::default()
        })),
        text().prop_map(|text| Body::Narrative(Narrative { text, ..Narrative::default() })),
        text().prop_map(Body::Note),
        text().prop_map(Body::Raw),
    ]
}

fn any_fact() -> impl Strategy<Value = Fact> {
    let when = (date(), option::of(text())).prop_map(|(day, time)| When { day, time, until: None });
    let standing = prop_oneof![Just(Standing::Understood), Just(Standing::NotUnderstood), Just(Standing::Quarantined(Reason::Unit))];
    (prop::sample::select(Kind::ALL), text(), concept(), option::of(when), body(), text(), option::of(text()), standing).prop_map(
        |(kind, title, concept, when, body, at, said_by, standing)| Fact { kind, title, concept, when, body, at, said_by, standing },
    )
}

/// Any event.
pub(super) fn any_event() -> impl Strategy<Value = Event> {
    (prop::sample::select(Kind::ALL), option::of(date()), text(), option::of(text()), vec(any_fact(), 0..6))
        .prop_map(|(kind, day, title, place, facts)| Event { kind, day, title, place, signature: None, facts })
}
