//! 特定健診 documents, read from fixtures that were written after the specification, not by our writer.
#![expect(clippy::unwrap_used, reason = "tests")]

use techo_core::formats::{FormatError, tokutei::read};

fn fixture(name: &str) -> Vec<u8> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures");
    std::fs::read(root.join(name)).unwrap()
}

#[test]
fn a_full_checkup_is_read_and_a_deletion_request_is_none() {
    let reading = read(&fixture("tokutei/fourth-period.xml")).unwrap();
    assert_eq!(reading.events.len(), 1);
    assert_eq!(reading.refused, []);
    assert_eq!(read(&fixture("tokutei/broken-deletion.xml")), Err(FormatError::DeletionRequest { code: "19".to_owned() }));
}
