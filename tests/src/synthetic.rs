//! Checkup reports and notebooks made by counting, so that every run measures the same bytes.

use std::fmt::Write as _;

use techo_core::{
    base::PersonId,
    record::{Person, Sex},
    terms::{ItemFamily, ValueType, items, quantity_of},
};

/// Facts in one generated report.
pub const FACTS_PER_REPORT: usize = 65;
const ITEM_OID: &str = "1.2.392.200119.6.1005";

/// The person the generated documents are about.
///
/// # Panics
/// Never: name and date are constants.
#[expect(clippy::expect_used, reason = "constants of a benchmark")]
pub fn person() -> Person {
    let born = "1972-04-15".parse().expect("a date");
    let mut person = Person::new(PersonId::from_bytes([42; 16]), "手帳 花子", born, Sex::Female).expect("a person");
    person.kana = Some("テチョウ ハナコ".to_owned());
    person
}

/// A small generator of numbers that look random and never change (SplitMix64).
#[derive(Clone, Debug)]
pub struct Numbers(u64);

impl Numbers {
    /// A generator that starts at `seed`.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % limit.max(1)
    }
}

/// The report number `number`: a 特定健診 document of [`FACTS_PER_REPORT`] items. Days go back from 2026 and come round
/// again at another facility, as an archive of a large family practice would.
pub fn report(number: u64) -> Vec<u8> {
    let mut numbers = Numbers::new(number);
    let day = chrono::NaiveDate::from_ymd_opt(2026, 3, 31).unwrap_or_default() - chrono::Days::new(number % 18_000);
    let date = day.format("%Y%m%d");
    let facility = number / 18_000 + number % 7;
    let mut xml = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/><id nullFlavor="NI"/>
<code code="10" codeSystem="1.2.392.200119.6.1001"/><effectiveTime value="{date}"/>
<confidentialityCode code="N"/>
<recordTarget><patientRole><id nullFlavor="NI"/><patient><name>テチョウ ハナコ</name>
<administrativeGenderCode code="2" codeSystem="1.2.392.200119.6.1104"/><birthTime value="19720415"/></patient></patientRole></recordTarget>
<author><time value="{date}"/><assignedAuthor><id nullFlavor="NI"/><representedOrganization><name>見本健診センター{facility}</name></representedOrganization></assignedAuthor></author>
<documentationOf><serviceEvent><code code="010" codeSystem="1.2.392.200119.6.1002"/><effectiveTime value="{date}"/>
<performer typeCode="PRF"><assignedEntity><id nullFlavor="NI"/><representedOrganization><name>見本健診センター{facility}</name></representedOrganization></assignedEntity></performer></serviceEvent></documentationOf>
<component><structuredBody><component><section><code code="01010" codeSystem="1.2.392.200119.6.1010"/><text/>
"#
    );
    let tokutei = items().iter().filter(|item| item.family == ItemFamily::Tokutei);
    let chosen = tokutei.filter(|item| item.value_type != ValueType::Text && item.group.is_none()).take(FACTS_PER_REPORT);
    for item in chosen {
        let value = match item.value_type {
            ValueType::Quantity => {
                let plausible = quantity_of(Some(ITEM_OID), item.code).and_then(|quantity| quantity.plausible);
                let as_float = |number: rust_decimal::Decimal| number.to_string().parse::<f64>().unwrap_or(1.0);
                let (low, high) = plausible.map_or((1.0, 100.0), |(low, high)| (as_float(low), as_float(high)));
                // Somewhere in the lower half of what is possible: values repeat as seldom as measured ones do.
                let share = f64::from(u32::try_from(numbers.below(5000)).unwrap_or(0)) / 10_000.0;
                let shown = format!("{:.1}", 0.1 + low + (high - low) * share);
                format!(r#"<value xsi:type="PQ" value="{shown}" unit="{}"/>"#, item.ucum.unwrap_or("1"))
            }
            ValueType::Coded | ValueType::Ordinal | ValueType::Text => {
                format!(r#"<value xsi:type="CD" code="{}" codeSystem="{}"/>"#, numbers.below(2) + 1, item.table.unwrap_or(""))
            }
        };
        let _ = writeln!(
            xml,
            r#"<entry><observation classCode="OBS" moodCode="EVN"><code code="{}" codeSystem="{ITEM_OID}" displayName="{}"/>{value}</observation></entry>"#,
            item.code, item.name
        );
    }
    xml.push_str("</section></component></structuredBody></component></ClinicalDocument>\n");
    xml.into_bytes()
}
