//! What a file is told by.

use super::*;

fn unread(bytes: &[u8]) -> Option<Unread> {
    match detect(bytes) {
        Detected::NotRead(unread) => Some(unread),
        _ => None,
    }
}

#[test]
fn documents_are_known_by_their_content() {
    let cda = "<?xml version='1.0'?><ClinicalDocument><code code='10' codeSystem='1.2.392.200119.6.1001'/></ClinicalDocument>";
    for (text, format) in [
        (cda, FormatId::Tokutei),
        ("<x:XmlMsg><SpecificHealthCheckupInfo/></x:XmlMsg>", FormatId::Tokutei),
        ("\u{FEFF}\r\nJAHISTC08,1\r\n", FormatId::JahisTc),
        ("{ \"a\": {\"x\": [1, \"}\"]}, \"resourceType\" : \"Bundle\"}", FormatId::Fhir),
        ("[{\"resourceType\":\"Patient\"}]", FormatId::Fhir),
        ("{\"resourceType\":\"Composition\"}\n{\"resourceType\":\"Patient\"}\n", FormatId::Fhir),
        ("{\"verifiableCredential\":[\"eyJ\"]}", FormatId::HealthCard),
        ("SHC:/56762909524320603460", FormatId::HealthCard),
        ("TECHO1:0123456789ABCDEF:1/2:BB8", FormatId::HandOverCodes),
        ("{\"techo_entry\":1,\"at\":\"x\"}", FormatId::Entry),
        ("eyJ6aXAiOiJERUYiLCJhbGciOiJFUzI1NiJ9.3ZJLb9sw.abc\n", FormatId::HealthCard),
        ("https://example.org/SMARTHealthCard/#%7B%22", FormatId::HealthCard),
    ] {
        assert_eq!(detect(text.as_bytes()), Detected::Document(format), "{text}");
        let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(detect(&utf16), Detected::Document(format), "UTF-16 {text}");
    }
}

#[test]
fn what_is_not_read_is_said_plainly() {
    let mut tar = vec![0_u8; 512];
    tar.splice(..18, *b"techo-archive.json");
    tar.splice(257..262, *b"ustar");
    let cases: [(&[u8], Unread); 20] = [
        (b"JAHIS10\r\n1,1,1234567\r\n", Unread::JahisPrescription),
        (b"<ClinicalDocument><code code='21'/><component codeSystem='1.2.392.200119.6.1006'/></ClinicalDocument>", Unread::CheckupClaims),
        (b"<index xmlns='https://www.mhlw.go.jp/stf/x.html'/>", Unread::CheckupClaims),
        (b"<checkupClaim/>", Unread::CheckupClaims),
        (b"<ClinicalDocument xmlns='urn:hl7-org:v3'/>", Unread::OtherCda),
        (b"<Bundle xmlns=\"http://hl7.org/fhir\"/>", Unread::OtherFhir),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Unread::Svg),
        (b"<!DOCTYPE html><html><br></html>", Unread::Html),
        (b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>", Unread::Svg),
        (b"<index/>", Unread::OtherXml),
        (b"shlink:/eyJ1cmwi", Unread::HealthLink),
        (b"https://viewer.example/#shlink:/eyJ1cmwi", Unread::HealthLink),
        (b"{\"url\":\"https://x\",\"key\":\"k\",\"flag\":\"L\"}", Unread::HealthLink),
        (b"{\"keys\":[{\"resourceType\":1}]}", Unread::OtherJson),
        (b"GIF89a", Unread::Picture),
        (b"age-encryption.org/v1\n-> scrypt", Unread::TechoArchive),
        (&tar, Unread::TechoArchive),
        ("氏名,手帳".as_bytes(), Unread::OtherText),
        (b"\x8E\x81\x96\xBC,\x8E\xE8\x92\xA0\r\n", Unread::OtherText),
        (b"\x01\x02\x03\x00", Unread::Unknown),
    ];
    for (bytes, expected) in cases {
        assert_eq!(unread(bytes), Some(expected), "{}", String::from_utf8_lossy(bytes));
    }
    assert_eq!(detect(b"\x89PNG\r\n\x1A\n"), Detected::Picture);
    assert_eq!(detect(b"\xFF\xD8\xFF\xE0"), Detected::Picture);
    assert_eq!(detect(b""), Detected::Empty);
    assert_eq!(detect(b"\xEF\xBB\xBF \r\n"), Detected::Empty);
}

#[test]
fn a_key_inside_or_in_a_value_is_not_the_documents() {
    assert_eq!(unread(br#"{"a":{"resourceType":"x"},"b":"resourceType","c":"\"resourceType\""}"#), Some(Unread::OtherJson));
    let long = format!("{{\"text\":\"{}\",\"resourceType\":\"Patient\"}}", "x".repeat(10_000));
    assert_eq!(detect(long.as_bytes()), Detected::Document(FormatId::Fhir));
}
