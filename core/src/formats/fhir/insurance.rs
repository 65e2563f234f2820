//! Insurer symbols and numbers (保険者番号, 被保険者証の記号・番号・枝番) stay in the sealed original: readers take no
//! identifier at all, and what is kept as raw text or narrative passes through here first.

use std::borrow::Cow;

use crate::formats::json::Node;

/// Code systems, identifier systems and extension addresses of insurance numbers (OIDs without `urn:oid:`).
const SYSTEMS: [&str; 7] = [
    // レセプト電算・JP Core: 保険者番号, 記号, 番号
    "1.2.392.100495.20.3.61",
    "1.2.392.100495.20.3.62",
    "1.2.392.100495.20.3.63",
    // 特定健診: 保険者番号, 記号, 番号 and 枝番
    "1.2.392.200119.6.101",
    "1.2.392.200119.6.204",
    "1.2.392.200119.6.205",
    "1.2.392.200119.6.211",
];
/// 受診券整理番号: below it stands the insurer's number.
const TICKET: &str = "1.2.392.200119.6.209";
const CAPTIONS: [&str; 7] = ["保険者番号", "被保険者", "記号・番号", "記号番号", "保険証", "受診券", "枝番"];
/// How many characters behind its caption a number is looked for: 被保険者証記号・番号：１２３.
const BEHIND_CAPTION: usize = 16;
/// Members that only say whose the resource is.
const WHOSE: [&str; 9] =
    ["subject", "patient", "beneficiary", "subscriber", "subscriberId", "policyHolder", "insurance", "insurer", "payor"];

/// Whether an identifier system is of an insurance number.
pub(super) fn is_insurance_system(system: &str) -> bool {
    let bare = system.trim().trim_start_matches("urn:oid:");
    SYSTEMS.contains(&bare)
        || bare == TICKET
        || bare.strip_prefix(TICKET).is_some_and(|rest| rest.starts_with('.'))
        || ["Insurance_memberID", "InsurerNumber", "InsuredPerson"].iter().any(|name| bare.contains(name))
}

/// Whether words carry an insurance number: a caption with a digit close behind. Words that only speak of one do not.
fn names_insurance(text: &str) -> bool {
    let has_digit = |behind: &str| behind.chars().take(BEHIND_CAPTION).any(|c| c.is_ascii_digit() || matches!(c, '０'..='９'));
    CAPTIONS.iter().any(|caption| text.match_indices(caption).any(|(at, _)| text.get(at + caption.len()..).is_some_and(has_digit)))
}

/// Plain text without the lines that name insurance numbers.
pub(in crate::formats) fn without_insurance_lines(text: &str) -> Cow<'_, str> {
    if !names_insurance(text) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.lines().filter(|line| !names_insurance(line)).collect::<Vec<_>>().join("\n"))
}

/// A resource without anything that could be an insurance number: identifiers and extensions of insurance, the
/// references to whose it is, contained carriers of such, and every text that names one.
pub(super) fn scrubbed<'a>(node: &Node<'a>) -> Node<'a> {
    match node {
        Node::List(items) => Node::List(items.iter().filter(|item| !is_insurance(item)).map(scrubbed).collect()),
        Node::Object(members) => Node::Object(
            members
                .iter()
                .filter(|(name, value)| !is_insurance(value) && (!WHOSE.contains(&name.as_ref()) || is_plain_reference(value)))
                .map(|(name, value)| (name.clone(), scrubbed(value)))
                .collect(),
        ),
        other => other.clone(),
    }
}

fn is_insurance(node: &Node<'_>) -> bool {
    match node {
        Node::Text(text) => names_insurance(text),
        Node::Object(_) => {
            node.text("system").is_some_and(is_insurance_system)
                || node.text("url").is_some_and(is_insurance_system)
                || node.text("resourceType").is_some_and(|kind| kind.starts_with("Coverage") || kind == "Patient")
        }
        _ => false,
    }
}

/// `{"reference": …, "display": …}` and nothing else.
fn is_plain_reference(node: &Node<'_>) -> bool {
    node.has("reference") && node.members().iter().all(|(name, _)| matches!(name.as_ref(), "reference" | "display" | "type"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::formats::json::value;

    #[test]
    fn insurance_numbers_are_taken_out_of_what_is_kept_as_it_came() {
        let came = r#"{"resourceType":"Consent","identifier":[{"system":"http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID","value":"00012345:あ:１:05"},{"system":"urn:x","value":"7"}],
            "patient":{"identifier":{"system":"urn:oid:1.2.392.100495.20.3.61","value":"06123456"}},"subject":{"reference":"Patient/1"},
            "extension":[{"url":"http://jpfhir.jp/fhir/core/Extension/StructureDefinition/JP_Coverage_InsuredPersonNumber","valueString":"６７８９０"}],
            "text":{"status":"generated","div":"<div>保険者番号：06123456</div>"},"contained":[{"resourceType":"Coverage","id":"c"}],"value":1.50}"#;
        assert_eq!(
            scrubbed(&value(came).unwrap()).to_json(),
            r#"{"resourceType":"Consent","identifier":[{"system":"urn:x","value":"7"}],"subject":{"reference":"Patient/1"},"extension":[],"text":{"status":"generated"},"contained":[],"value":1.50}"#
        );
    }

    #[test]
    fn a_facilitys_number_is_no_insurance_number() {
        assert!(!is_insurance_system("http://jpfhir.jp/fhir/core/IdSystem/insurance-medical-institution-no"));
        assert!(is_insurance_system("urn:oid:1.2.392.200119.6.209.06123456"));
        assert_eq!(without_insurance_lines("患者参照を被保険者番号のしている例"), "患者参照を被保険者番号のしている例");
        assert_eq!(without_insurance_lines("身長 170 cm\n保険者番号：06123456\n体重 60 kg"), "身長 170 cm\n体重 60 kg");
    }
}
