//! The labelled set of `tests/fixtures/reconcile`: precision and recall of every rule. A pair is linked by itself only where
//! that is the truth; what is missed is counted and printed.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout, reason = "tests")]

use std::collections::BTreeMap;

use techo_core::{
    base::Fingerprint,
    insight::reconcile::{Class, Told, compare, reconcile},
    record::{Body, Coding, Concept, Event, Fact, Medication, MedicationStage, Observation, Standing, Unit, Vaccination, Value, When},
    terms::{Kind, QUANTITY_SYSTEM},
};

const CASES: &str = include_str!("../../tests/fixtures/reconcile/cases.tsv");

struct Case {
    rule: &'static str,
    name: &'static str,
    truth: &'static str,
    one: Side,
    other: Side,
}

struct Side {
    event: Event,
    format: &'static str,
    document: Fingerprint,
}

impl Side {
    fn told(&self, position: u32) -> Told<'_> {
        Told { event: &self.event, format: self.format, document: self.document, position }
    }
}

fn cases() -> Vec<Case> {
    let lines = CASES.lines().filter(|line| !line.starts_with('#')).skip(1);
    lines
        .enumerate()
        .map(|(number, line)| {
            let columns: Vec<&'static str> = line.split('\t').collect();
            let [rule, name, truth, one, other] = columns[..] else { panic!("line {number}: {line}") };
            Case { rule, name, truth, one: side(one, number * 2), other: side(other, number * 2 + 1) }
        })
        .collect()
}

fn side(text: &'static str, number: usize) -> Side {
    let parts: Vec<&'static str> = text.splitn(5, '|').collect();
    let (kind, source) = parts[0].split_once(':').unwrap();
    let (source, shared) = source.split_once('#').map_or((source, None), |(source, shared)| (source, Some(shared)));
    let document = Fingerprint::of(shared.map_or_else(|| format!("document {number}"), |shared| format!("shared {shared}")).as_bytes());
    let format = match source {
        "town" => "mynaportal-self-information",
        "pmh" => "pmh",
        "card" => "smart-health-card",
        "insurer" => "tokutei-xml",
        "claim" | "handed-out" | "ordered" => "insurance-xml",
        "notebook" => "jahis-tc",
        "own" => "techo-entry",
        "fhir" | "fhir-loinc" | "fhir-mmol" => "fhir-r4",
        other => panic!("{other}"),
    };
    let kind = match kind {
        "dose" => Kind::Vaccination,
        "checkup" => Kind::Checkup,
        "infant" => Kind::InfantCheckup,
        "pregnancy" => Kind::Pregnancy,
        "school" => Kind::SchoolCheckup,
        "lab" => Kind::Laboratory,
        "screen" => Kind::CancerScreening,
        "med" => Kind::Medication,
        "rx" => Kind::Prescription,
        other => panic!("{other}"),
    };
    let place = (!parts[3].is_empty()).then(|| parts[3].to_owned());
    let facts = match kind {
        Kind::Vaccination => vec![dose(parts[2], parts[4])],
        Kind::Medication | Kind::Prescription => medicines(kind, source, parts[4]),
        _ => results(source, parts[2], parts[4]),
    };
    let event = Event { kind, day: parts[1].parse().ok(), title: parts[2].to_owned(), place, signature: None, facts };
    Side { event, format, document }
}

fn fact(kind: Kind, title: &str, concept: Concept, body: Body) -> Fact {
    Fact { kind, title: title.to_owned(), concept, when: None, body, at: String::new(), said_by: None, standing: Standing::Understood }
}

fn pairs(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    text.split(';').filter(|part| !part.is_empty()).map(|part| part.split_once('=').unwrap_or((part, "")))
}

/// `@04 name` is a CVX code with words.
fn dose(name: &'static str, said: &'static str) -> Fact {
    let said: BTreeMap<_, _> = pairs(said).collect();
    let own = |key: &str| said.get(key).map(|value| (*value).to_owned());
    let body = Vaccination { lot: own("lot"), dose_number: own("no"), given: own("given").is_none(), ..Vaccination::default() };
    let (code, words) = name.strip_prefix('@').map_or((None, name), |rest| {
        let (code, words) = rest.split_once(' ').unwrap_or((rest, ""));
        (Some(code), words)
    });
    let codings = code.map(|code| Coding::new("http://hl7.org/fhir/sid/cvx", code)).into_iter().collect();
    let concept = Concept { codings, text: (!words.is_empty()).then(|| words.to_owned()) };
    fact(Kind::Vaccination, words, concept, Body::Vaccination(body))
}

/// Short names with quantity, code of the checkup table, LOINC and unit.
const ITEMS: [(&str, &str, &str, &str, &str); 22] = [
    ("h", "body-height", "9N001000000000001", "8302-2", "cm"),
    ("w", "body-weight", "9N006000000000001", "29463-7", "kg"),
    ("waist", "waist", "9N016160100000001", "8280-0", "cm"),
    ("head", "head-circumference", "", "9843-4", "cm"),
    ("s", "systolic", "9A751000000000001", "8480-6", "mm[Hg]"),
    ("s2", "systolic", "9A752000000000001", "8480-6", "mm[Hg]"),
    ("d", "diastolic", "9A761000000000001", "8462-4", "mm[Hg]"),
    ("d2", "diastolic", "9A762000000000001", "8462-4", "mm[Hg]"),
    ("hdl", "hdl-cholesterol", "3F070000002327101", "2085-9", "mg/dL"),
    ("ldl", "ldl-cholesterol", "3F077000002327101", "13457-7", "mg/dL"),
    ("tc", "total-cholesterol", "3F050000002327101", "2093-3", "mg/dL"),
    ("ast", "ast", "3B035000002327201", "1920-8", "U/L"),
    ("alt", "alt", "3B045000002327201", "1742-6", "U/L"),
    ("ggt", "gamma-gt", "3B090000002327101", "2324-2", "U/L"),
    ("a1c", "hba1c", "3D046000001906202", "4548-4", "%"),
    ("glu", "glucose-fasting", "3D010000001926101", "1558-6", "mg/dL"),
    ("tp", "total-protein", "3A010000002327101", "2885-2", "g/dL"),
    ("cre", "creatinine", "3C015000002327101", "2160-0", "mg/dL"),
    ("ua", "uric-acid", "3C020000002327101", "3084-1", "mg/dL"),
    ("k", "potassium", "", "2823-3", "mmol/L"),
    ("na", "sodium", "", "2951-2", "mmol/L"),
    ("sit", "sitting-height", "", "", "cm"),
];

fn results(source: &str, title: &str, said: &'static str) -> Vec<Fact> {
    let without_unit = said.contains("nounit");
    let organ = title.split("検診").next().unwrap_or_default();
    pairs(said)
        .filter(|(key, _)| *key != "nounit")
        .map(|(key, value)| {
            let coded = |title: &str, table: &str, meaning: Option<&str>| {
                let choice = Concept::of(Coding::new(table, value));
                let body = Observation::new(Value::Coded { choice, meaning: meaning.map(str::to_owned), rank: None });
                fact(Kind::Finding, title, Concept::text(title), Body::Observation(body))
            };
            match key {
                "smoke" => return coded("喫煙", "1.2.392.200119.6.2003", None),
                "sm" => return coded("喫煙歴", "1.2.392.100495.100.2050", None),
                "x" => return coded(&format!("{organ}検診の判定"), "1.2.392.100495.100.2100", None),
                "need" => {
                    let meaning = if value == "1" { "精密検査不要" } else { "要精密検査" };
                    return coded(&format!("{organ}検診の精密検査対象有無"), "1.2.392.100495.100.2140", Some(meaning));
                }
                "detail" => {
                    let body = Observation::new(Value::Text(value.to_owned()));
                    let title = format!("{organ}検診の精密検査結果");
                    return fact(Kind::Finding, &title, Concept::text(&title), Body::Observation(body));
                }
                _ => {}
            }
            let (_, quantity, checkup, loinc, unit) = *ITEMS.iter().find(|item| item.0 == key).unwrap_or_else(|| panic!("{key}"));
            let (value, time) = value.split_once('@').map_or((value, None), |(value, time)| (value, Some(time)));
            let mut body = Observation::new(Value::Number { comparator: None, decimal: value.parse().unwrap() });
            let unit = if source == "fhir-mmol" { "mmol/L" } else { unit };
            body.unit = (!without_unit).then(|| Unit { shown: unit.to_owned(), ucum: Some(unit.to_owned()) });
            let coding = match source {
                "fhir-loinc" | "fhir-mmol" if !loinc.is_empty() => Coding::new("http://loinc.org", loinc),
                "town" | "own" | "pmh" | "notebook" => Coding::new(QUANTITY_SYSTEM, quantity),
                _ if checkup.is_empty() => Coding::new(QUANTITY_SYSTEM, quantity),
                _ => Coding::new("1.2.392.200119.6.1005", checkup),
            };
            let mut fact = fact(Kind::Measurement, quantity, Concept::of(coding), Body::Observation(body));
            fact.when = time.map(|time| When { day: "2024-04-01".parse().unwrap(), time: Some(time.to_owned()), until: None });
            fact
        })
        .collect()
}

/// `name@system:code*dose*days`, each but the name if known; `otc:` before one that was bought; `by=` the prescriber of all.
fn medicines(kind: Kind, source: &str, said: &'static str) -> Vec<Fact> {
    let prescriber = said.split(';').find_map(|part| part.strip_prefix("by=")).map(str::to_owned);
    let all = said.split(';').filter(|part| !part.starts_with("by="));
    all.map(|part| {
        let mut fields = part.split('*');
        let name = fields.next().unwrap();
        let (name, is_bought) = name.strip_prefix("otc:").map_or((name, false), |name| (name, true));
        let (name, code) = name.split_once('@').map_or((name, None), |(name, code)| (name, Some(code)));
        let coding = code.map(|code| {
            let (system, code) = code.split_once(':').unwrap();
            let system = match system {
                "yj" => "1.2.392.100495.20.2.73",
                "claim" => "1.2.392.100495.20.2.71",
                "hot9" => "1.2.392.200119.4.403.1",
                "hot7" => "1.2.392.200119.4.403.2",
                other => panic!("{other}"),
            };
            Coding::new(system, code)
        });
        let stage = match kind {
            _ if is_bought => MedicationStage::OverTheCounter,
            Kind::Prescription => MedicationStage::Prescribed,
            _ => MedicationStage::Dispensed,
        };
        let body = Medication {
            stage,
            dose: fields.next().map(str::to_owned),
            quantity: fields.next().map(str::to_owned),
            prescriber: prescriber.clone(),
            ..Medication::default()
        };
        let concept = Concept { codings: coding.into_iter().collect(), text: Some(name.to_owned()) };
        let mut medicine = fact(kind, name, concept, Body::Medication(body));
        match source {
            "handed-out" => "CzDiMonthInf[1]/CzDrugInf[1]",
            "ordered" => "ShPrMonthInf[1]/ShDrugInf[1]",
            _ => "MeTrMonthInf[1]/DrugInf[1]",
        }
        .clone_into(&mut medicine.at);
        medicine
    })
    .collect()
}

#[derive(Default)]
struct Score {
    true_pairs: u32,
    linked: u32,
    rightly: u32,
    asked: u32,
    negatives: u32,
}

#[test]
fn what_is_linked_by_itself_is_the_truth_and_most_of_the_truth_is_found() {
    let mut scores: BTreeMap<&str, Score> = BTreeMap::new();
    let mut wrong = Vec::new();
    let all = cases();
    assert!(all.len() >= 150, "{} labelled pairs", all.len());
    for case in &all {
        let (one, other) = (case.one.told(0), case.other.told(1));
        let verdict = compare(&one, &other);
        assert_eq!(verdict, compare(&other, &one), "{}: the order of the two does not matter", case.name);
        // As it comes out in the end, not only what the rule says about the pair.
        let all = reconcile(&[one, other], &[]);
        let came = match (all.groups.len(), all.stories.len()) {
            (0, 0) => "apart",
            (1, 0) => "same",
            (0, 1) => "story",
            _ => panic!("{}: {all:?}", case.name),
        };
        let score = scores.entry(case.rule).or_default();
        score.true_pairs += u32::from(case.truth != "apart");
        score.negatives += u32::from(case.truth == "apart");
        score.linked += u32::from(came != "apart");
        score.rightly += u32::from(came != "apart" && came == case.truth);
        score.asked += u32::from(!all.questions.is_empty());
        if came != "apart" && came != case.truth {
            wrong.push(format!("{} / {}: {came}, in truth {} ({verdict:?})", case.rule, case.name, case.truth));
        }
        if came == "apart" && case.truth != "apart" {
            let asked = verdict.is_some_and(|verdict| verdict.class == Class::Perhaps);
            println!("missed: {} / {}{}", case.rule, case.name, if asked { " (the person is asked)" } else { "" });
        }
    }
    let percent = |part: u32, whole: u32| if whole == 0 { 100.0 } else { f64::from(part) * 100.0 / f64::from(whole) };
    println!("{:<20} {:>5} {:>9} {:>9} {:>10} {:>7} {:>6}", "rule", "true", "negatives", "linked", "precision", "recall", "asked");
    let mut sum = Score::default();
    for (rule, score) in &scores {
        let (precision, recall) = (percent(score.rightly, score.linked), percent(score.rightly, score.true_pairs));
        println!(
            "{rule:<20} {:>5} {:>9} {:>9} {precision:>9.1}% {recall:>6.1}% {:>6}",
            score.true_pairs, score.negatives, score.linked, score.asked
        );
        sum.true_pairs += score.true_pairs;
        sum.negatives += score.negatives;
        sum.rightly += score.rightly;
        sum.linked += score.linked;
        sum.asked += score.asked;
        // Honest lower bounds: the set holds cases no rule should decide by itself.
        assert!(recall >= 50.0, "{rule}: recall {recall}");
    }
    println!(
        "all: {} pairs, precision {:.1}%, recall {:.1}%",
        all.len(),
        percent(sum.rightly, sum.linked),
        percent(sum.rightly, sum.true_pairs)
    );
    assert!(wrong.is_empty(), "linked against the truth:\n{}", wrong.join("\n"));
    assert!(sum.negatives >= 60, "hard negatives: {}", sum.negatives);
    assert!(percent(sum.rightly, sum.true_pairs) >= 75.0);
}

/// All the cases in one notebook: what is linked there must be the truth as well, whoever else stands around.
#[test]
fn in_one_notebook_nothing_is_linked_that_stands_in_no_true_pair() {
    let all = cases();
    let told: Vec<Told<'_>> = all.iter().flat_map(|case| [case.one.told(0), case.other.told(1)]).collect();
    let forwards = reconcile(&told, &[]);
    let groups = |told: &[Told<'_>], result: &techo_core::insight::reconcile::Reconciled| {
        let name = |index: usize| (told[index].document.to_string(), told[index].position);
        let mut groups: Vec<_> = result
            .groups
            .iter()
            .map(|group| (name(group.lead), group.members.iter().map(|member| (name(member.event), member.rule)).collect::<Vec<_>>()))
            .collect();
        groups.sort();
        groups
    };
    assert!(!forwards.groups.is_empty());
    for seed in 1..=6_usize {
        // Every order of arrival gives the same.
        let mut mixed = told.clone();
        let count = mixed.len();
        for index in 0..count {
            mixed.swap(index, (index * 7919 + seed * 104_729) % count);
        }
        let result = reconcile(&mixed, &[]);
        assert_eq!(groups(&told, &forwards), groups(&mixed, &result), "seed {seed}");
        assert_eq!((forwards.questions.len(), forwards.stories.len()), (result.questions.len(), result.stories.len()));
    }
}
