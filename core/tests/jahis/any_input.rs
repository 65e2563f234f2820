//! Any bytes at all, and records that are nearly right: an answer, never a panic.

use proptest::prelude::*;

use super::*;

/// Reading what was written says the same; whatever was refused stays refused or gone, never a panic.
fn survives(bytes: &[u8]) {
    let _ = jahis::assemble(&[bytes, bytes]);
    if let Ok(Contents::Document(reading)) = jahis::read(bytes) {
        let _ = jahis::write(&reading.subject, &reading.events);
        assert!(reading.events.iter().all(|event| !event.facts.is_empty()));
    }
}

fn records() -> impl Strategy<Value = String> {
    let number = prop::sample::select(
        &[
            "1", "2", "3", "31", "4", "5", "11", "15", "51", "55", "201", "281", "291", "301", "311", "391", "401", "411", "601", "701",
            "911", "22", "x",
        ][..],
    );
    let field = prop::sample::select(
        &["", "1", "2", "3", "01", "20260301", "R080301", "手帳 花子", "ﾃﾁｮｳ", "なし", "〓", "a", "6", "103835401"][..],
    );
    let row = (number, prop::collection::vec(field, 0..9)).prop_map(|(number, fields)| format!("{number},{}", fields.join(",")));
    prop::collection::vec(row, 0..25).prop_map(|rows| format!("{HEAD}{}", rows.join("\n")))
}

/// Words as people write them: no commas or line ends, no space at the ends, all in Shift_JIS.
fn words() -> impl Strategy<Value = String> {
    "[ぁ-んァ-ヶ一二三四五六七八九十薬錠散朝昼夕食前後a-zA-Z0-9ｱ-ﾝ％（）]{1,12}"
}

fn notebooks() -> impl Strategy<Value = String> {
    let medicine = (words(), words(), prop::option::of(words())).prop_map(|(name, dose, note)| {
        let note = note.map(|note| format!("281,#,{note},1\n")).unwrap_or_default();
        format!("201,#,{name},1,{},1,,1\n{note}", dose.chars().take(3).collect::<String>())
    });
    let group = (prop::collection::vec(medicine, 1..4), words(), prop::option::of(words())).prop_map(|(medicines, usage, note)| {
        let note = note.map(|note| format!("311,#,{note},1\n")).unwrap_or_default();
        format!("{}301,#,{usage},7,日分,1,1,,1\n{note}", medicines.concat())
    });
    let block = (words(), prop::collection::vec(group, 1..4), words()).prop_map(|(pharmacy, groups, remark)| {
        let groups: String = (1..).zip(groups).map(|(n, group): (u32, _)| group.replace('#', &n.to_string())).collect();
        format!("11,{pharmacy},,,,,,,1\n51,病院,,,,1\n55,医師,科,1\n{groups}501,{remark},1\n")
    });
    prop::collection::vec(block, 1..4).prop_map(|blocks| {
        let blocks: Vec<String> = (0..).zip(blocks).map(|(n, block): (u32, _)| format!("5,202603{:02},1\n{block}", 28 - n)).collect();
        format!("{HEAD}{}", blocks.concat())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        survives(&bytes);
        survives(&[b"JAHISTC08,1\r\n1,a,1,19800101\r\n", bytes.as_slice()].concat());
    }

    #[test]
    fn any_records_are_read_or_refused(text in records()) {
        survives(text.as_bytes());
        survives(&encoding_rs::SHIFT_JIS.encode(&text).0);
    }

    #[test]
    fn a_damaged_notebook_is_read_or_refused(text in notebooks(), at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = as_issued(&text);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if cut { bytes.truncate(at); }
        survives(&bytes);
    }

    #[test]
    fn any_notebook_reads_back_the_same(text in notebooks()) {
        let reading = document(&as_issued(&text));
        prop_assert_eq!(refused(&reading), Vec::<String>::new());
        prop_assert_eq!(without_places(&rewritten(&reading)), without_places(&reading));
    }
}
