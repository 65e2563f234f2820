//! Medicines in the layout of オンライン資格確認 (spec §1.3 a): received, from receipts (`MeTr`); prescribed (`ShPr`) and
//! dispensed (`CzDi`), from 電子処方箋. Built from `data/medicines.tsv`.

use std::fmt::Write as _;

use super::Subject;
use crate::{card::Card, pages::escape};

const FILE: &str = include_str!("../../data/medicines.tsv");

#[derive(Clone)]
struct Drug {
    day: String,
    pharmacy: String,
    prescriber: String,
    code: String,
    name: String,
    quantity: String,
    unit: String,
    usage: String,
    times: String,
}

/// The element names of one origin.
struct Layout {
    /// Elements around the months, from the outside in.
    around: &'static [&'static str],
    month_root: &'static str,
    /// Institution, its name, prescriber, its name.
    places: [Option<&'static str>; 4],
    month: &'static str,
    dates: [&'static str; 2],
    /// Day of dispensing, day of prescription.
    days: [Option<&'static str>; 2],
    drugs: [&'static str; 2],
    /// Before the names of a drug's fields.
    prefix: &'static str,
}

const RECEIVED: Layout = Layout {
    around: &[],
    month_root: "MeTrMonthInf",
    places: [Some("MeTrDiHCd"), Some("MeTrDiHNm"), Some("PrlsHCd"), Some("PrlsHNm")],
    month: "MeTrMonth",
    dates: ["DiDateInfs", "DiDateInf"],
    days: [Some("DiDate"), Some("PrDate")],
    drugs: ["DrugInfs", "DrugInf"],
    prefix: "",
};
const DISPENSED: Layout = Layout {
    around: &["CzDiInf"],
    month_root: "CzDiMonthInf",
    places: [Some("CzMeTrDiHCd"), Some("CzMeTrDiHNm"), Some("CzPrlsHCd"), Some("CzPrlsHNm")],
    month: "CzDiMonth",
    dates: ["CzDiDateInfs", "CzDiDateInf"],
    days: [Some("CzDiDate"), Some("CzPrDate")],
    drugs: ["CzDrugInfs", "CzDrugInf"],
    prefix: "Cz",
};
const PRESCRIBED: Layout = Layout {
    around: &["ShPrInf"],
    month_root: "ShPrMonthInf",
    places: [None, None, Some("ShPrHCd"), Some("ShPrHNm")],
    month: "ShPrMonth",
    dates: ["ShPrDateInfs", "ShPrDateInf"],
    days: [Some("ShPrDate"), None],
    drugs: ["ShDrugInfs", "ShDrugInf"],
    prefix: "Sh",
};
/// Institution codes: ten nines stand for nobody.
const NOBODY: &str = "9999999999";

/// 薬剤情報
pub(super) fn received(card: Card, subject: &Subject) -> Option<String> {
    xml(&RECEIVED, &drugs(card, "MeTr"), subject)
}

/// 処方情報
pub(super) fn prescribed(card: Card, subject: &Subject) -> Option<String> {
    xml(&PRESCRIBED, &drugs(card, "ShPr"), subject)
}

/// 調剤情報
pub(super) fn dispensed(card: Card, subject: &Subject) -> Option<String> {
    xml(&DISPENSED, &drugs(card, "CzDi"), subject)
}

/// 薬剤情報 of more than `least` bytes in all: the person's own, then message after message of a month with a dispensing
/// on each of its days, going back from 2023.
pub(super) fn many(card: Card, subject: &Subject, least: usize) -> Option<Vec<String>> {
    let own = drugs(card, "MeTr");
    let pattern = own.first()?.clone();
    let mut messages = vec![xml(&RECEIVED, &own, subject)?];
    let mut bytes: usize = 0;
    for back in 0_u32.. {
        if bytes > least {
            break;
        }
        // Years and months only go back so far; then another drug is dispensed in the same months.
        let (round, month) = (back / 480, back % 480);
        let (year, month) = (2023 - month / 12, 12 - month % 12);
        let days = (1..=28_u32).map(|day| Drug {
            day: format!("{year}{month:02}{day:02}"),
            name: format!("{}（{round}-{day}）", pattern.name),
            ..pattern.clone()
        });
        let message = xml(&RECEIVED, &days.collect::<Vec<_>>(), subject)?;
        bytes += message.len();
        messages.push(message);
    }
    Some(messages)
}

/// Person, origin, day, pharmacy, prescriber, code, name, quantity, unit, usage, times.
fn drugs(card: Card, origin: &str) -> Vec<Drug> {
    let lines = FILE.lines().filter(|line| !line.starts_with('#'));
    let drugs = lines.filter_map(|line| {
        let fields: Vec<&str> = line.split('\t').collect();
        let [person, from, day, pharmacy, prescriber, code, name, quantity, unit, usage, times] = fields.as_slice() else { return None };
        (*person == card.id() && *from == origin).then(|| Drug {
            day: (*day).to_owned(),
            pharmacy: (*pharmacy).to_owned(),
            prescriber: (*prescriber).to_owned(),
            code: (*code).to_owned(),
            name: (*name).to_owned(),
            quantity: (*quantity).to_owned(),
            unit: (*unit).to_owned(),
            usage: (*usage).to_owned(),
            times: (*times).to_owned(),
        })
    });
    drugs.collect()
}

fn element(out: &mut String, name: &str, text: &str) {
    if !text.is_empty() {
        let _ = write!(out, "<{name}>{}</{name}>", escape(text));
    }
}

fn xml(layout: &Layout, drugs: &[Drug], subject: &Subject) -> Option<String> {
    if drugs.is_empty() {
        return None;
    }
    let name = subject.name().map_or_else(String::new, |(name, kana)| format!("<Name>{name}</Name><KanaName>{kana}</KanaName>"));
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- 架空の人の架空の薬剤情報です (synthetic). -->\n<XmlMsg><MessageHeader><QuaInf>{name}<Birth>{}</Birth><AdmGendCode>{}</AdmGendCode></QuaInf></MessageHeader>\n<MessageBody>\n",
        subject.person.birth,
        subject.person.sex.digit()
    );
    layout.around.iter().for_each(|around| {
        let _ = write!(out, "<{around}>");
    });
    // A month of one pharmacy and one prescriber, and in it a day.
    let month = |drug: &Drug| (drug.day.chars().take(6).collect::<String>(), drug.pharmacy.clone(), drug.prescriber.clone());
    for of_month in drugs.chunk_by(|one, other| month(one) == month(other)) {
        let Some(first) = of_month.first() else { continue };
        let _ = write!(out, "<{}>", layout.month_root);
        for (name, text) in layout.places.iter().zip([NOBODY, &first.pharmacy, NOBODY, &first.prescriber]) {
            if let Some(name) = name {
                element(&mut out, name, text);
            }
        }
        element(&mut out, layout.month, &month(first).0);
        let [dates, date] = layout.dates;
        let _ = writeln!(out, "<{dates}>");
        for of_day in of_month.chunk_by(|one, other| one.day == other.day) {
            write_day(&mut out, layout, date, of_day);
        }
        let _ = writeln!(out, "</{dates}></{}>", layout.month_root);
    }
    layout.around.iter().rev().for_each(|around| {
        let _ = write!(out, "</{around}>");
    });
    out.push_str("</MessageBody></XmlMsg>\n");
    Some(out)
}

fn write_day(out: &mut String, layout: &Layout, date: &str, drugs: &[Drug]) {
    let [group, one] = layout.drugs;
    let _ = write!(out, "<{date}>");
    for name in layout.days.iter().flatten() {
        element(out, name, drugs.first().map_or("", |drug| &drug.day));
    }
    let _ = writeln!(out, "<{group}>");
    for drug in drugs {
        let _ = write!(out, "<{one}>");
        let fields = [
            ("DrugC", &drug.code),
            ("DrugN", &drug.name),
            ("Qua1", &drug.quantity),
            ("Unit", &drug.unit),
            ("UsageN", &drug.usage),
            ("Times", &drug.times),
        ];
        for (name, text) in fields {
            element(out, &format!("{}{name}", layout.prefix), text);
        }
        let _ = writeln!(out, "</{one}>");
    }
    let _ = writeln!(out, "</{group}></{date}>");
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn each_origin_has_its_own_names() {
        let subject = Subject { person: Card::Hanako.person(), has_name: true };
        for (text, path, field) in [
            (received(Card::Hanako, &subject), "MeTrMonthInf", "DrugN"),
            (dispensed(Card::Hanako, &subject), "CzDiMonthInf", "CzDrugN"),
            (prescribed(Card::Hanako, &subject), "ShPrMonthInf", "ShDrugN"),
        ] {
            let text = text.unwrap();
            let tree = roxmltree::Document::parse(&text).unwrap();
            let month = tree.descendants().find(|node| node.has_tag_name(path)).unwrap();
            assert!(month.descendants().any(|node| node.has_tag_name(field) && node.text().is_some()), "{field}");
        }
    }

    #[test]
    fn every_line_of_the_file_is_read() {
        let lines = FILE.lines().filter(|line| !line.starts_with('#')).count();
        let read: usize =
            Card::ALL.iter().map(|card| ["MeTr", "CzDi", "ShPr"].map(|origin| drugs(*card, origin).len()).iter().sum::<usize>()).sum();
        assert_eq!(read, lines);
    }
}
