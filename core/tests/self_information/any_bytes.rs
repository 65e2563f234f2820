//! Whatever comes in, nothing panics, and all that looks at an answer agrees on whether it is one.

use proptest::prelude::*;
use techo_core::formats::{detect, insurance, self_information};

use crate::{ANSWERS, answer, fixture, read_file};

fn look(bytes: &[u8]) {
    let _ = detect(bytes);
    let _ = read_file_quietly(bytes);
    let _ = insurance::read(bytes);
    let read = self_information::read(bytes);
    let subjects = self_information::subjects(bytes);
    let groups = self_information::groups(bytes);
    let mut every_second = false;
    let trimmed = self_information::trim(bytes, &mut |_| {
        every_second = !every_second;
        every_second
    });
    assert_eq!((subjects.is_ok(), subjects.is_ok()), (groups.is_ok(), trimmed.is_ok()));
    assert!(subjects.is_ok() || read.is_err());
    if let Ok(trimmed) = trimmed {
        assert!(self_information::subjects(&trimmed.bytes).is_ok(), "what is left is an answer");
    }
}

fn read_file_quietly(bytes: &[u8]) -> bool {
    use techo_core::formats::{health_card::KeySet, read};
    read(bytes, &KeySet::new(0)).is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        look(&bytes);
    }

    #[test]
    fn any_text_of_markup_is_read_or_refused(text in "(<(/?(XmlMsg|MeTrMonthInf|CzDiDateInf|DrugInf|ShDrugN|MeTrInf|QuaInf|Birth|ResultCode|!--|\\?|!\\[CDATA\\[))( a=\"1\")?/?>|-->|\\?>|\\]\\]>|[ -~あ-ん]{0,4}){0,40}") {
        look(text.as_bytes());
        let inside = serde_json::json!({"市": {"薬": text}}).to_string();
        look(inside.as_bytes());
    }

    #[test]
    fn any_brackets_are_read_or_refused(text in "(\\{|\\}|\\[|\\]|,|:|\"市\"|\"接種年月日\"|\"20240401\"|\"\\{\\\\\"甲\\\\\":1\\}\"|1|null| ){0,30}") {
        look(text.as_bytes());
        look(format!("{{\"市\":{{\"予\":{text}}}}}").as_bytes());
    }

    #[test]
    fn a_damaged_answer_is_read_or_refused(
        which in 0..ANSWERS.len() + 2,
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        let mut bytes = ANSWERS.get(which).map_or_else(|| fixture(["insurance/claims.xml", "insurance/e-prescription.xml"][which % 2]), |name| answer(name));
        for (index, byte) in damage {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        if is_cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        look(&bytes);
    }
}

#[test]
fn every_fixture_is_looked_at() {
    for name in ANSWERS {
        look(&answer(name));
    }
    for name in ["claims", "e-prescription", "other-layout", "shift-jis", "nothing"] {
        let bytes = fixture(&format!("insurance/{name}.xml"));
        look(&bytes);
        assert!(read_file(&bytes).is_ok(), "{name}");
    }
}
