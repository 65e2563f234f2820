//! 特定健診 in the layout of オンライン資格確認 (spec §1.3 c). 花子's two years are made from the reports of the sample
//! family, so that nearly everything is there already: at the source one value was corrected and one item was added.

use std::fmt::Write as _;

use roxmltree::{Document, Node};

use super::Subject;
use crate::{card::Card, pages::escape};

const HANAKO: [&str; 2] =
    [include_str!("../../../fixtures/family/hanako-tokutei-2024.xml"), include_str!("../../../fixtures/family/hanako-tokutei-2025.xml")];
const ADULTS: &str = include_str!("../../data/checkups.tsv");
const ITEMS: &str = "1.2.392.200119.6.1005";
const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// LDL cholesterol of 花子 on this day, corrected at the source.
const CHANGED: (&str, &str, &str) = ("20250611", "3F077000002327101", "127");

struct Item {
    code: String,
    name: String,
    kind: String,
    value: String,
    unit: Option<String>,
    table: Option<String>,
}

struct Checkup {
    day: String,
    items: Vec<Item>,
}

/// The message, or `None` where there is no checkup.
pub(super) fn xml(card: Card, subject: &Subject) -> Option<String> {
    let checkups = match card {
        Card::Hanako => hanako()?,
        Card::Ichiro | Card::Jiro => adult(card),
        Card::Taro | Card::Futaba | Card::Wakaba => return None,
    };
    Some(write(subject, &checkups))
}

fn hanako() -> Option<Vec<Checkup>> {
    let mut checkups = HANAKO.iter().map(|text| from_report(text)).collect::<Option<Vec<Checkup>>>()?;
    for checkup in checkups.iter_mut().filter(|checkup| checkup.day == CHANGED.0) {
        for item in checkup.items.iter_mut().filter(|item| item.code == CHANGED.1) {
            CHANGED.2.clone_into(&mut item.value);
        }
        checkup.items.push(Item {
            code: "3J010000002327101".to_owned(),
            name: "総ビリルビン".to_owned(),
            kind: "PQ".to_owned(),
            value: "0.7".to_owned(),
            unit: Some("mg/dL".to_owned()),
            table: None,
        });
    }
    Some(checkups)
}

/// A report (CDA) as a checkup of this layout: the items with their values, which is all that the layout has.
fn from_report(text: &str) -> Option<Checkup> {
    let report = Document::parse(text).ok()?;
    let named = |node: &Node<'_, '_>, name: &str| node.tag_name().name() == name;
    let event = report.descendants().find(|node| named(node, "serviceEvent"))?;
    let day = event.children().find(|node| named(node, "effectiveTime"))?.attribute("value")?.to_owned();
    let items = report.descendants().filter(|node| named(node, "observation")).filter_map(|observation| {
        let child = |name: &'static str| observation.children().find(|node| named(node, name));
        let code = child("code").filter(|code| code.attribute("codeSystem") == Some(ITEMS))?;
        let value = child("value")?;
        let kind = value.attribute((INSTANCE, "type"))?.to_owned();
        let written = value.attribute("value").or_else(|| value.attribute("code")).or_else(|| value.text())?;
        let owned = |name| value.attribute(name).map(str::to_owned);
        Some(Item {
            code: code.attribute("code")?.to_owned(),
            name: code.attribute("displayName")?.to_owned(),
            kind,
            value: written.to_owned(),
            unit: owned("unit"),
            table: owned("codeSystem"),
        })
    });
    Some(Checkup { day, items: items.collect() })
}

/// The checkups of `data/checkups.tsv`: person, day, item code, name, type, value, unit, code table.
fn adult(card: Card) -> Vec<Checkup> {
    let mut checkups: Vec<Checkup> = Vec::new();
    for line in ADULTS.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [person, day, code, name, kind, value, unit, table] = fields.as_slice() else { continue };
        if *person != card.id() {
            continue;
        }
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let item = Item {
            code: (*code).to_owned(),
            name: (*name).to_owned(),
            kind: (*kind).to_owned(),
            value: (*value).to_owned(),
            unit: given(unit),
            table: given(table),
        };
        match checkups.last_mut().filter(|checkup| checkup.day == *day) {
            Some(checkup) => checkup.items.push(item),
            None => checkups.push(Checkup { day: (*day).to_owned(), items: vec![item] }),
        }
    }
    checkups
}

fn write(subject: &Subject, checkups: &[Checkup]) -> String {
    let name = subject.name().map_or_else(String::new, |(name, kana)| format!("<Name>{name}</Name><KanasName>{kana}</KanasName>"));
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- 架空の人の架空の健診結果です (synthetic). -->\n<XmlMsg><MessageHeader><QualificationsInfo>{name}<Birthday>{}</Birthday><AdministrativeGenderCode>{}</AdministrativeGenderCode></QualificationsInfo></MessageHeader>\n<MessageBody>\n",
        subject.person.birth,
        subject.person.sex.digit()
    );
    for checkup in checkups {
        let _ =
            writeln!(xml, "<SpecificHealthCheckupInfo><EffectiveTime>{}</EffectiveTime><HealthCheckupResultAndQuestionInfos>", checkup.day);
        for item in &checkup.items {
            let element = |name: &str, text: &Option<String>| {
                text.as_ref().map_or_else(String::new, |text| format!("<{name}>{}</{name}>", escape(text)))
            };
            let _ = writeln!(
                xml,
                "<HealthCheckupResultAndQuestionInfo><ItemCode>{}</ItemCode><ItemName>{}</ItemName><DataType>{}</DataType><DataValue>{}</DataValue>{}{}</HealthCheckupResultAndQuestionInfo>",
                item.code,
                escape(&item.name),
                item.kind,
                escape(&item.value),
                element("Unit", &item.unit),
                element("Oid", &item.table)
            );
        }
        xml.push_str("</HealthCheckupResultAndQuestionInfos></SpecificHealthCheckupInfo>\n");
    }
    xml.push_str("</MessageBody></XmlMsg>\n");
    xml
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn hanakos_checkups_are_those_of_her_reports_but_for_one_correction_and_one_addition() {
        let (now, reports) = (hanako().unwrap(), HANAKO.map(|text| from_report(text).unwrap()));
        let facts = |checkups: &[Checkup]| -> Vec<(String, String, String)> {
            let all = checkups.iter().flat_map(|checkup| checkup.items.iter().map(|item| (&checkup.day, item)));
            all.map(|(day, item)| (day.clone(), item.code.clone(), item.value.clone())).collect()
        };
        let (now, before) = (facts(&now), facts(&reports));
        let new: Vec<_> = now.iter().filter(|fact| !before.contains(fact)).collect();
        assert!(before.len() > 100, "{}", before.len());
        assert_eq!(now.len(), before.len() + 1);
        assert_eq!(new.len(), 2, "{new:?}");
        let mut once: Vec<_> = now.iter().map(|(day, code, _)| (day, code)).collect();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), now.len(), "an item is in a checkup once");
    }

    #[test]
    fn the_other_adults_have_checkups_and_the_children_have_none() {
        for card in [Card::Ichiro, Card::Jiro] {
            assert!(adult(card).iter().map(|checkup| checkup.items.len()).sum::<usize>() > 8, "{}", card.id());
        }
        assert!(xml(Card::Taro, &Subject { person: Card::Taro.person(), has_name: true }).is_none());
    }
}
