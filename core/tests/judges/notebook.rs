//! A second reader of お薬手帳 files, written from the specification's table alone and sharing nothing with ours: no published
//! package reads the format. It is stricter than a reader should be: it holds a file we write to every rule it knows.

use std::collections::BTreeMap;

use techo_core::{
    base::PartialDate,
    formats::jahis,
    record::{Body, Concept, Event, Fact, Medication, MedicationStage, Sex, Standing, Subject},
    terms::Kind,
    transfer::{self, Choice},
};

use crate::family::{self, now, people, quiet};

/// One field: its most bytes in Shift_JIS, whether digits only, whether it must be there.
type Field = (usize, bool, bool);
const N: bool = false;
const D: bool = true;

/// The records, in the order of the specification, with their fields.
const RECORDS: [(&str, &[Field]); 24] = [
    (
        "1",
        &[
            (40, N, true),
            (1, D, true),
            (8, N, true),
            (8, N, false),
            (800, N, false),
            (13, N, false),
            (800, N, false),
            (20, N, false),
            (7, N, false),
            (40, N, false),
        ],
    ),
    ("2", &[(1, D, true), (120, N, true), (1, D, true)]),
    ("3", &[(120, N, true), (8, N, false), (8, N, false), (1, D, true), (3, D, false), (13, D, false)]),
    ("31", &[(3, D, true), (256, N, true), (1, D, true), (20, N, false), (1, D, true)]),
    ("4", &[(400, N, true), (8, N, false), (1, D, true)]),
    ("5", &[(8, N, true), (1, D, true)]),
    ("11", &[(120, N, true), (2, N, false), (1, N, false), (7, N, false), (8, N, false), (800, N, false), (13, N, false), (1, D, true)]),
    ("15", &[(40, N, true), (800, N, false), (1, D, true)]),
    ("51", &[(120, N, true), (2, N, false), (1, N, false), (7, N, false), (1, D, true)]),
    ("55", &[(40, N, true), (80, N, false), (1, D, true)]),
    (
        "201",
        &[
            (3, D, true),
            (120, N, true),
            (12, N, false),
            (12, N, false),
            (1, D, false),
            (13, N, false),
            (1, D, true),
            (120, N, false),
            (1, D, false),
            (12, N, false),
        ],
    ),
    ("281", &[(3, D, true), (100, N, true), (1, D, true)]),
    ("291", &[(3, D, true), (400, N, true), (1, D, true)]),
    ("301", &[(3, D, true), (100, N, false), (3, D, false), (100, N, false), (2, N, false), (1, D, false), (16, N, false), (1, D, true)]),
    ("311", &[(3, D, true), (100, N, true), (1, D, true)]),
    ("391", &[(3, D, true), (400, N, true), (1, D, true)]),
    ("401", &[(400, N, true), (1, D, true)]),
    ("411", &[(400, N, true), (2, D, true), (1, D, true)]),
    ("421", &[(400, N, true), (1, D, true)]),
    ("501", &[(400, N, true), (1, D, true)]),
    ("601", &[(400, N, true), (8, N, false)]),
    ("701", &[(40, N, true), (120, N, true), (800, N, true), (8, N, false), (8, N, false), (1, D, true)]),
    ("911", &[(14, D, true), (3, D, true), (3, D, true)]),
    ("", &[]),
];

/// A medicine as the second reader finds it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Found {
    day: String,
    name: String,
    dose: String,
    code: String,
    usage: String,
}

/// What the second reader says of a file: its medicines, its allergies and memos, or the rule that is broken.
#[derive(Debug, Default, PartialEq, Eq)]
struct Notebook {
    patient: Vec<String>,
    medicines: Vec<Found>,
    bought: Vec<String>,
    special: Vec<String>,
    memos: Vec<String>,
}

fn second_reading(bytes: &[u8]) -> Result<Notebook, String> {
    let (text, _, broken) = encoding_rs::SHIFT_JIS.decode(bytes);
    let mut lines = text.strip_suffix("\r\n").ok_or("the last line has no end")?.split("\r\n");
    if broken || text.replace("\r\n", "").contains(['\r', '\n']) {
        return Err("not Shift_JIS with CR LF".to_owned());
    }
    if lines.next() != Some("JAHISTC08,2") {
        return Err("the version".to_owned());
    }
    let mut book = Notebook::default();
    let (mut last, mut day, mut usages) = (0, String::new(), BTreeMap::<(String, String), String>::new());
    let mut groups: Vec<(usize, String)> = Vec::new();
    for (number, line) in (2..).zip(lines) {
        let mut fields = line.split(',').map(str::to_owned);
        let record = fields.next().unwrap_or_default();
        let fields: Vec<String> = fields.collect();
        let (order, (_, shape)) =
            RECORDS.iter().enumerate().find(|(_, (known, _))| *known == record).ok_or(format!("line {number}: record {record}"))?;
        let field = |at: usize| fields.get(at).cloned().unwrap_or_default();
        for (at, (most, digits, must)) in shape.iter().enumerate() {
            let said = field(at);
            let bytes = encoding_rs::SHIFT_JIS.encode(&said).0.len();
            if bytes > *most || *must && said.is_empty() || *digits && !said.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(format!("line {number}: field {} of record {record}", at + 1));
            }
        }
        if fields.len() > shape.len() {
            return Err(format!("line {number}: too many fields"));
        }
        // A new dispensing begins the order anew; so does a new prescriber or a new RP inside of one.
        let begins = matches!(record.as_str(), "5" | "51" | "201") && last >= 5;
        let repeats = matches!(record.as_str(), "3" | "31" | "281" | "291" | "301");
        if order < last && !begins && !repeats {
            return Err(format!("line {number}: record {record} is out of order"));
        }
        if record == "5" && day < field(0) && !day.is_empty() {
            return Err(format!("line {number}: an older dispensing stands before a newer one"));
        }
        last = order;
        match record.as_str() {
            "1" => book.patient = vec![field(0), field(1), field(2), field(9)],
            "2" => book.special.push(field(1)),
            "3" => book.bought.push(field(0)),
            "4" => book.memos.push(field(0)),
            "5" => {
                day = field(0);
                usages.clear();
            }
            "51" => usages.clear(),
            "201" => {
                // A code type other than 1 requires a code.
                if !matches!(field(4).as_str(), "" | "1") && field(5).is_empty() {
                    return Err(format!("line {number}: a code is missing"));
                }
                groups.push((book.medicines.len(), field(0)));
                book.medicines.push(Found {
                    day: day.clone(),
                    name: field(1),
                    dose: field(2) + &field(3),
                    code: field(5),
                    usage: usages.get(&(day.clone(), field(0))).cloned().unwrap_or_default(),
                });
            }
            "301" => {
                usages.insert((day.clone(), field(0)), field(1));
                for (at, _) in groups.iter().filter(|(_, group)| *group == field(0)) {
                    let medicine = &mut book.medicines[*at];
                    if medicine.day == day && medicine.usage.is_empty() {
                        medicine.usage = field(1);
                    }
                }
                groups.retain(|(_, group)| *group != field(0));
            }
            _ => {}
        }
    }
    Ok(book)
}

fn medicine(name: &str, stage: MedicationStage, day: &str) -> Event {
    let medication = Medication {
        stage,
        dose: Some("1".to_owned()),
        dose_unit: Some("錠".to_owned()),
        usage: Some(Concept::text("1日1回朝食後")),
        ..Medication::default()
    };
    let fact = Fact {
        kind: if stage == MedicationStage::Prescribed { Kind::Prescription } else { Kind::Medication },
        title: name.to_owned(),
        concept: Concept::text(name),
        when: None,
        body: Body::Medication(medication),
        at: String::new(),
        said_by: None,
        standing: Standing::Understood,
    };
    let day: Option<PartialDate> = day.parse().ok();
    Event { kind: fact.kind, day, title: "薬".to_owned(), place: None, signature: None, facts: vec![fact] }
}

#[test]
fn a_second_reader_finds_every_dispensing_of_every_source_and_every_rule_kept() {
    let home = tempfile::tempdir().unwrap();
    let vault = family::vault(home.path());
    let (hanako, _) = people().into_iter().next().unwrap();
    let out = home.path().join("okusuri.txt");
    let done = transfer::export_notebook(&vault, &Choice::of(Some(hanako.id)), &out, now(), &mut quiet).unwrap();
    let book = second_reading(&std::fs::read(&out).unwrap()).unwrap();
    assert_eq!(book.patient, ["手帳 花子", "2", "19720415", "テチョウ ハナコ"]);
    // What our records say was handed out or bought, whichever document said it first.
    let (mut dispensed, mut bought, mut seen) = (Vec::new(), Vec::new(), std::collections::HashSet::new());
    for id in vault.document_ids(hanako.id).unwrap() {
        vault
            .each_event_of(id, |stored| {
                for (fact, (id, first)) in stored.event.facts.iter().zip(&stored.ids) {
                    if let Body::Medication(medication) = &fact.body
                        && stored.behind.is_none()
                        && seen.insert(first.unwrap_or(*id))
                        && fact.standing == Standing::Understood
                    {
                        let name = fact.concept.text.clone().unwrap_or_else(|| fact.title.clone()).replace(',', "，");
                        match medication.stage {
                            MedicationStage::Dispensed if matches!(stored.event.day, Some(PartialDate::Day(_))) => dispensed.push(name),
                            MedicationStage::OverTheCounter => bought.push(name),
                            _ => {}
                        }
                    }
                }
                Ok::<_, techo_core::vault::VaultError>(())
            })
            .unwrap();
    }
    let sorted = |mut names: Vec<String>| {
        names.sort();
        names
    };
    assert!(dispensed.len() >= 10 && !bought.is_empty(), "{dispensed:?} {bought:?}");
    assert_eq!(sorted(book.medicines.iter().map(|found| found.name.clone()).collect()), sorted(dispensed));
    assert_eq!(sorted(book.bought.clone()), sorted(bought));
    assert!(book.medicines.iter().any(|found| !found.usage.is_empty() && !found.code.is_empty()));
    assert!(!book.special.is_empty());
    assert!(done.records() > 0 && done.not_carried.iter().any(|one| one.kind == Kind::Measurement), "{:?}", done.not_carried);
}

#[test]
fn what_is_only_ordered_or_taken_is_a_memo_in_words_and_never_a_dispensing() {
    let subject = Subject { names: vec!["手帳 花子".to_owned()], born: "1972-04-15".parse().ok(), sex: Some(Sex::Female) };
    let events = [
        medicine("アムロジピン錠5mg", MedicationStage::Prescribed, "2026-02-10"),
        medicine("ビタミン,C", MedicationStage::Taken, "2026-02-11"),
        medicine("ロキソニンＳ", MedicationStage::OverTheCounter, "2026-02-12"),
        medicine("髙﨑の薬𠮷", MedicationStage::Dispensed, "2026-02-13"),
    ];
    let written = jahis::write(&subject, &events).unwrap();
    let book = second_reading(&written.bytes).unwrap();
    assert_eq!(book.memos, ["処方：アムロジピン錠5mg　1錠　1日1回朝食後", "使用中の薬：ビタミン，C　1錠　1日1回朝食後"]);
    assert_eq!(book.bought, ["ロキソニンＳ"]);
    assert_eq!(book.medicines.len(), 1);
    assert_eq!((book.medicines[0].day.as_str(), book.medicines[0].dose.as_str()), ("20260213", "1錠"));
    // Shift_JIS as browsers write it has 髙 and 﨑, and not 𠮷.
    assert_eq!(written.lacking, ['𠮷']);
    assert_eq!(book.medicines[0].name, "髙﨑の薬〓");
}

#[test]
fn the_second_reader_sees_what_is_broken() {
    let file = |lines: &str| encoding_rs::SHIFT_JIS.encode(lines).0.into_owned();
    let good = "JAHISTC08,2\r\n1,手帳 花子,2,19720415\r\n5,20260213,1\r\n201,1,薬,1,錠,1,,1\r\n";
    assert!(second_reading(&file(good)).is_ok());
    for (from, to) in [
        ("08,2", "08,1"),
        ("\r\n5,", "\n5,"),
        ("201,1,薬", "201,1,"),
        (",1,,1\r", ",4,,1\r"),
        ("5,2026", "9,2026"),
        ("20260213", "20260213x"),
    ] {
        assert!(second_reading(&file(&good.replacen(from, to, 1))).is_err(), "{from} -> {to}");
    }
}
