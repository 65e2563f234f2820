//! Whatever comes in, nothing panics, and what is read can be written.

use proptest::prelude::*;
use techo_core::formats::{Contents, detect, tokutei};

use crate::{READABLE, fixture, read_file};

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let _ = detect(&bytes);
        let _ = read_file(&bytes);
        let _ = tokutei::read(&bytes);
    }

    #[test]
    fn any_text_of_markup_is_read_or_refused(text in "(<(/?[a-c]|!--|\\?|!\\[CDATA\\[|code|value)( xsi:type='PQ'| code=\"1\")?/?>|-->|\\?>|\\]\\]>|[ -~あ-ん]{0,4}){0,40}") {
        let _ = read_file(text.as_bytes());
        let _ = tokutei::read(text.as_bytes());
    }

    #[test]
    fn a_document_damaged_anywhere_is_read_or_refused(
        which in 0..READABLE.len(),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        let mut bytes = fixture(READABLE[which]);
        for (index, byte) in damage {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        if is_cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(Contents::Document(reading)) = read_file(&bytes) {
            for event in &reading.events {
                let _ = tokutei::write(&reading.subject, event, reading.source.as_deref());
            }
        }
    }

    #[test]
    fn a_damaged_zip_is_read_or_refused(damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let mut bytes = crate::container::two_people();
        for (index, byte) in damage {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = detect(&bytes);
        let _ = read_file(&bytes);
    }
}
