//! Any bytes at all end in an answer.

use std::io::Cursor;

use proptest::prelude::*;
use techo_core::formats::{apple_health, health_connect, measurements};

use crate::fixtures::{export, records, zipped};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_end_in_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let _ = apple_health::read(&mut Cursor::new(&bytes)).map(|reading| reading.days.iter().count());
        let _ = health_connect::read(&bytes).map(|reading| reading.days.iter().count());
        if let Ok(proposal) = measurements::propose(&bytes) {
            let _ = measurements::read(&bytes, &proposal.mapping).map(|reading| reading.days.iter().count());
        }
    }

    /// A damaged export still ends in an answer, and never states more than the whole one.
    #[test]
    fn a_damaged_export_ends_in_an_answer(at in 0_usize..9000, with in any::<u8>(), cut in 0_usize..9000, zip in any::<bool>()) {
        let whole = export(&records(2));
        let most = apple_health::read(&mut Cursor::new(&whole)).unwrap().samples;
        let mut bytes = if zip { zipped(&whole) } else { whole };
        let length = bytes.len();
        bytes[at % length] = with;
        bytes.truncate(length - cut % length);
        if let Ok(reading) = apple_health::read(&mut Cursor::new(&bytes)) {
            prop_assert!(reading.samples <= most);
            prop_assert!(reading.days.iter().map(|day| day.samples.len() as u64).sum::<u64>() <= reading.samples);
        }
    }

    #[test]
    fn any_table_ends_in_an_answer(cells in proptest::collection::vec("[0-9/年月日:午後.,\\-a-zA-Zｱ-ﾝ ]{0,12}", 1..40)) {
        let rows: Vec<String> = cells.chunks(2).map(|pair| pair.iter().map(|cell| format!("\"{cell}\"")).collect::<Vec<_>>().join(",")).collect();
        let table = format!("日付,体重(kg)\n{}\n", rows.join("\n"));
        let proposal = measurements::propose(table.as_bytes()).unwrap();
        let reading = measurements::read(table.as_bytes(), &proposal.mapping).unwrap();
        prop_assert!(reading.samples <= rows.len() as u64);
    }
}
