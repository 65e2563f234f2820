//! The institutions' ZIP.

use std::io::{Cursor, Write as _};

use techo_core::{
    base::limits,
    formats::{Contents, Detected, Fault, FormatError, Member, Unread, detect},
};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::{fixture, read_file, text};

const ROOT: &str = "9999999999_00990011_202407010_1";

fn pack(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// An archive as the institutions lay it out, with two people's results.
pub(crate) fn two_people() -> Vec<u8> {
    let (hanako, taro) = (fixture("family/hanako-tokutei-2024.xml"), fixture("tokutei/fourth-period.xml"));
    let index = b"<?xml version='1.0'?><index xmlns='https://www.mhlw.go.jp/stf/'/>";
    let claim = b"<?xml version='1.0'?><checkupClaim/>";
    let path = |rest: &str| format!("{ROOT}/{rest}");
    pack(&[
        (&path("ix08_V08.xml"), index),
        (&path("su08_V08.xml"), index),
        (&path("DATA/h99999999992024070101000001.xml"), &hanako),
        (&path("DATA/h99999999992024070101000002.xml"), &taro),
        (&path("DATA/g99999999992024070101000003.xml"), claim),
        (&path("CLAIMS/c99999999992024070101000001.xml"), claim),
        (&path("XSD/hc08_V08.xsd"), b"<xs:schema/>"),
    ])
}

fn members(bytes: &[u8]) -> Vec<Member> {
    match read_file(bytes) {
        Ok(Contents::Container(members)) => members,
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_persons_result_is_a_member_and_nothing_else_is() {
    let bytes = two_people();
    assert_eq!(detect(&bytes), Detected::CheckupArchive);
    let members = members(&bytes);
    let people: Vec<String> = members.iter().map(|member| member.reading.as_ref().unwrap().subject.names[0].clone()).collect();
    assert_eq!(people, ["テチョウ　ハナコ", "テチョウ　タロウ"]);
    assert!(members[0].name.ends_with("DATA/h99999999992024070101000001.xml"));
    assert_eq!(members[1].bytes, fixture("tokutei/fourth-period.xml"));
}

#[test]
fn one_broken_document_does_not_stop_the_others() {
    let bytes = pack(&[
        ("x/DATA/h1.xml", &fixture("tokutei/broken-truncated.xml")),
        ("x/DATA/h2.xml", &fixture("tokutei/broken-deletion.xml")),
        ("x/DATA/h3.xml", &fixture("tokutei/late-elderly.xml")),
    ]);
    let readings: Vec<_> = members(&bytes).into_iter().map(|member| member.reading.err()).collect();
    assert!(matches!(readings[0], Some(FormatError::Malformed { fault: Fault::Truncated, .. })));
    assert!(matches!(readings[1], Some(FormatError::DeletionRequest { .. })));
    assert_eq!(readings[2], None);
}

#[test]
fn names_may_be_in_cp932_with_backslashes() {
    // 健診\DATA\h1.xml; the writer cannot write such a name, so the bytes are put in place of one as long.
    let (name, ..) = encoding_rs::SHIFT_JIS.encode("健診\\DATA\\h1.xml");
    let mut bytes = pack(&[("xxxx/DATA/h1.xml", &fixture("tokutei/late-elderly.xml"))]);
    let wanted = b"xxxx/DATA/h1.xml";
    let places: Vec<usize> = bytes.windows(wanted.len()).enumerate().filter(|(_, window)| *window == wanted).map(|(at, _)| at).collect();
    assert_eq!((places.len(), name.len()), (2, wanted.len()));
    for at in places {
        bytes[at..at + wanted.len()].copy_from_slice(&name);
    }
    assert_eq!(members(&bytes)[0].name, "健診/DATA/h1.xml");
    assert!(members(&bytes)[0].reading.is_ok());
}

#[test]
fn results_elsewhere_are_found_by_their_content() {
    let late = fixture("tokutei/late-elderly.xml");
    let bytes = pack(&[("readme.txt", "説明です".as_bytes()), ("kekka/me.xml", &late), ("logo.png", b"\x89PNG"), ("other.xml", b"<a/>")]);
    assert_eq!(detect(&bytes), Detected::Zip);
    let members = members(&bytes);
    assert_eq!(members.iter().map(|member| member.name.as_str()).collect::<Vec<_>>(), ["kekka/me.xml"]);
    assert_eq!(read_file(&pack(&[("readme.txt", b"nothing")])).unwrap_err(), FormatError::NotRead(Unread::OtherZip));
    assert_eq!(read_file(&pack(&[])).unwrap_err(), FormatError::NotRead(Unread::OtherZip));
}

#[test]
fn entries_that_lead_outside_are_refused_by_name() {
    let late = fixture("tokutei/late-elderly.xml");
    for name in ["../DATA/h1.xml", "x/../../DATA/h1.xml", "/etc/DATA/h1.xml", "C:/DATA/h1.xml", "..\\DATA\\h1.xml"] {
        let bytes = pack(&[(name, &late), ("x/DATA/h2.xml", &late)]);
        let members = members(&bytes);
        assert!(matches!(members[0].reading, Err(FormatError::Malformed { fault: Fault::Traversal, .. })), "{name}");
        assert!(members[0].bytes.is_empty() && members[1].reading.is_ok());
    }
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_symlink("x/DATA/h1.xml", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    let link = writer.finish().unwrap().into_inner();
    assert!(matches!(read_file(&link), Err(FormatError::Malformed { fault: Fault::Traversal, .. })));
}

#[test]
fn a_zip_in_a_zip_a_bomb_and_a_crowd_are_refused() {
    let late = fixture("tokutei/late-elderly.xml");
    let inner = two_people();
    let nested = members(&pack(&[("x/DATA/h1.xml", &late), ("x/more.zip", &inner), ("x/DATA/h2.xml", &inner)]));
    assert!(nested[0].reading.is_ok());
    for member in &nested[1..] {
        assert!(matches!(member.reading, Err(FormatError::Limit { what: "nesting", .. })));
    }
    let bomb = pack(&[("x/DATA/h1.xml", &vec![b' '; limits::DOCUMENT_BYTES])]);
    assert!(matches!(read_file(&bomb), Err(FormatError::Limit { what: "ratio", .. })));
    // Noise beside it hides it from the look at the whole.
    let noise: Vec<u8> =
        (0_u32..300_000).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0] ^ (n.wrapping_mul(n) >> 13).to_le_bytes()[0]).collect();
    let late = fixture("tokutei/late-elderly.xml");
    let hidden = pack(&[("x/noise", &noise), ("x/DATA/h1.xml", &vec![b' '; 2_000_000]), ("x/DATA/h2.xml", &late)]);
    let refused = members(&hidden);
    assert!(matches!(refused[0].reading, Err(FormatError::Limit { what: "ratio", .. })) && refused[1].reading.is_ok());
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("x/DATA/h1.xml", SimpleFileOptions::default().compression_method(CompressionMethod::Stored)).unwrap();
    writer.write_all(&vec![b' '; limits::DOCUMENT_BYTES + 1]).unwrap();
    let large = writer.finish().unwrap().into_inner();
    assert!(matches!(read_file(&large), Err(FormatError::Limit { what: "size", .. })));
    // Each too small to hurt, together much larger than what came in.
    let names: Vec<String> = (0..300).map(|n| format!("x/DATA/h{n}.xml")).collect();
    let blank = vec![b' '; 60_000];
    let swarm: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &blank[..])).collect();
    let place = "the ZIP".to_owned();
    assert_eq!(read_file(&pack(&swarm)).unwrap_err(), FormatError::Limit { what: "ratio", place });
    let names: Vec<String> = (0..=limits::CONTAINER_ENTRIES).map(|n| format!("x/DATA/h{n}.xml")).collect();
    let crowd: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert!(matches!(read_file(&pack(&crowd)), Err(FormatError::Limit { what: "entries", .. })));
}

#[test]
fn a_locked_or_cut_zip_says_so() {
    let mut locked = pack(&[("x/DATA/h1.xml", &fixture("tokutei/late-elderly.xml"))]);
    // Bit 0 of the flags: at byte 6 of the local header, at byte 8 of the directory's.
    let directory = locked.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    locked[6] |= 1;
    locked[directory + 8] |= 1;
    assert!(matches!(read_file(&locked), Err(FormatError::Malformed { fault: Fault::Encrypted, .. })));
    let whole = two_people();
    assert!(matches!(read_file(&whole[..whole.len() / 2]), Err(FormatError::Malformed { fault: Fault::Truncated, .. })));
}

#[test]
fn a_name_is_never_part_of_an_error() {
    let bytes = pack(&[("手帳花子/DATA/h1.xml", text("tokutei/broken-truncated.xml").as_bytes()), ("../手帳花子.xml", b"")]);
    for member in members(&bytes) {
        assert!(!member.reading.unwrap_err().to_string().contains("手帳"));
    }
}
