//! PDFs made by hand: harmless ones, and ones that hold each forbidden thing once, in the open and packed.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::io::Write as _;

use flate2::{Compression, write::ZlibEncoder};

use super::*;

/// A PDF of one page with these objects besides.
fn pdf(catalogue: &str, others: &[&str]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    write!(out, "1 0 obj\n<< /Type /Catalog /Pages 2 0 R {catalogue} >>\nendobj\n").unwrap();
    out.extend_from_slice(b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n");
    out.extend_from_slice(b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources << /Font << /AA 5 0 R >> >> >>\nendobj\n");
    out.extend_from_slice(b"4 0 obj\n<< /Length 40 >>\nstream\nBT /AA 12 Tf (JavaScript /JS \\(kept\\)) Tj ET\nendstream\nendobj\n");
    out.extend_from_slice(b"5 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>\nendobj\n");
    for other in others {
        out.extend_from_slice(other.as_bytes());
        out.push(b'\n');
    }
    out.extend_from_slice(b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 9 /Root 1 0 R >>\nstartxref\n9\n%%EOF\n");
    out
}

/// The same with object 7 packed into a stream; `table` is what the stream says about where objects begin.
fn packed(object: &str, table: &str, filter: &str) -> Vec<u8> {
    let content = format!("{table}{object}");
    let mut deflated = ZlibEncoder::new(Vec::new(), Compression::best());
    deflated.write_all(content.as_bytes()).unwrap();
    let deflated = deflated.finish().unwrap();
    let mut out = pdf("", &[]);
    let first = table.len();
    write!(out, "6 0 obj\n<< /Type /ObjStm /N 1 /First {first} /Filter {filter} /Length {} >>\nstream\r\n", deflated.len()).unwrap();
    out.extend_from_slice(&deflated);
    out.extend_from_slice(b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n");
    out
}

fn fault_of(bytes: &[u8]) -> (Fault, String) {
    match read_pdf(bytes) {
        Err(FormatError::Malformed { place, fault }) => (fault, place),
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn a_harmless_pdf_is_kept_with_its_words_unread() {
    let bytes = pdf(
        "/OpenAction [3 0 R /Fit] /Outlines << /Count 0 >>",
        &[
            "8 0 obj\n<< /Type /Annot /Subtype /Link /A << /S /URI /URI (https://example.org/) >> >>\nendobj",
            "9 0 obj\n<< /S /GoTo /D [3 0 R /Fit] >>\nendobj",
        ],
    );
    let reading = read_pdf(&bytes).unwrap();
    assert_eq!((reading.format, reading.events.len()), (FormatId::Pdf, 1));
    let Body::Narrative(narrative) = &reading.events[0].facts[0].body else { unreachable!("a document") };
    let attachment = &narrative.attachments[0];
    assert_eq!((narrative.text.as_str(), attachment.content_type.as_deref()), ("", Some("application/pdf")));
    assert_eq!((attachment.bytes, attachment.fingerprint), (Some(bytes.len() as u64), Some(Fingerprint::of(&bytes))));
    assert!(read_pdf(&pdf("/OpenAction 9 0 R", &["9 0 obj\n<< /S /GoTo /D [3 0 R /Fit] >>\nendobj"])).is_ok());
    assert!(read_pdf(&packed("<< /Type /Font /Name /F1 >>", "7 0 ", "/FlateDecode")).is_ok());
}

#[test]
fn everything_that_can_act_is_found_once_in_the_open() {
    for (object, fault) in [
        ("<< /S /JavaScript /JS (app.alert\\(1\\)) >>", Fault::Script),
        ("<< /JS 12 0 R >>", Fault::Script),
        ("<< /S /J#61vaScript >>", Fault::Script),
        ("/JavaScript", Fault::Script),
        ("<< /S /URI /URI (JavaScript:app.alert\\(1\\)) >>", Fault::Script),
        ("<< /S /URI /URI <6A6176617363726970743A> >>", Fault::Script),
        ("<< /S /Launch /F (cmd.exe) >>", Fault::Launch),
        ("<< /S /SubmitForm /F (http://example.org) >>", Fault::Launch),
        ("<< /S /ImportData >>", Fault::Launch),
        ("<< /S /GoToE >>", Fault::Launch),
        ("<< /S /GoToR /F (other.pdf) >>", Fault::Launch),
        ("<< /Names << /EmbeddedFiles 12 0 R >> >>", Fault::Embedded),
        ("<< /Type /EmbeddedFile /Length 0 >>", Fault::Embedded),
        ("<< /Type /Filespec /EF << /F 12 0 R >> >>", Fault::Embedded),
        ("<< /Subtype /FileAttachment >>", Fault::Embedded),
        ("<< /Type /Page /AA << /O 12 0 R >> >>", Fault::Automatic),
        ("<< /AcroForm << /XFA 12 0 R >> >>", Fault::ActiveForm),
        ("<< /Subtype /RichMedia >>", Fault::RichMedia),
        ("<< /S /Rendition >>", Fault::RichMedia),
        ("<< /Subtype /Movie >>", Fault::RichMedia),
        ("<< /Subtype /3D >>", Fault::RichMedia),
        ("[ [ << /Deep [ << /S /Launch >> ] >> ] ]", Fault::Launch),
        ("<< /Never (closed >> ) /JS (x)", Fault::Script),
    ] {
        let open = pdf("", &[&format!("7 0 obj\n{object}\nendobj")]);
        assert_eq!(fault_of(&open), (fault, "object 7".to_owned()), "{object}");
        // And packed into a stream of objects.
        assert_eq!(fault_of(&packed(object, "7 0 ", "/FlateDecode")), (fault, "object 6".to_owned()), "{object}");
        assert_eq!(fault_of(&packed(object, "7 0 ", "[/Fl]")).0, fault, "{object}");
    }
}

#[test]
fn what_is_opened_with_the_document_may_only_go_to_a_page() {
    for (catalogue, others) in [
        ("/OpenAction << /S /URI /URI (https://example.org) >>", vec![]),
        ("/OpenAction << /S /Named /N /Print >>", vec![]),
        ("/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next << /S /URI >> >>", vec![]),
        ("/OpenAction 9 0 R", vec![]),
        ("/OpenAction 9 0 R", vec!["9 0 obj\n<< /S /URI /URI (https://example.org) >>\nendobj"]),
        ("/OpenAction 9 0 R", vec!["9 0 obj\n[3 0 R /Fit]\nendobj", "9 1 obj\n<< /S /URI >>\nendobj"]),
        ("/OpenAction 9 0 R", vec!["9 0 obj 8 0 R endobj", "8 0 obj << /S /URI >> endobj"]),
    ] {
        assert_eq!(fault_of(&pdf(catalogue, &others)).0, Fault::Automatic, "{catalogue} {others:?}");
    }
}

#[test]
fn nothing_hides_where_the_table_of_objects_does_not_point() {
    // In an older version of the object, in a string, in a stream, behind the end.
    let script = "7 0 obj << /S /JavaScript >> endobj";
    let hidden = format!("8 0 obj ({script}) endobj");
    assert_eq!(fault_of(&pdf("", &[script, "7 0 obj << /S /GoTo >> endobj"])).0, Fault::Script);
    assert_eq!(fault_of(&pdf("", &[&hidden])).0, Fault::Script);
    assert_eq!(fault_of(&pdf("", &[&format!("8 0 obj << /Length 9 >> stream\n( {script}\nendstream endobj")])).0, Fault::Script);
    assert_eq!(fault_of(&[pdf("", &[]), script.as_bytes().to_vec()].concat()).0, Fault::Script);
    // The stream's table points into a string.
    assert_eq!(fault_of(&packed("(<< /S /JavaScript >>)", "7 1 ", "/FlateDecode")).0, Fault::Script);
}

#[test]
fn what_nobody_can_look_into_is_refused() {
    let locked = String::from_utf8_lossy(&pdf("", &[])).replace("/Root 1 0 R", "/Root 1 0 R /Encrypt 8 0 R");
    assert_eq!(fault_of(locked.as_bytes()), (Fault::Encrypted, "trailer".to_owned()));
    for filter in
        ["/LZWDecode", "[/ASCII85Decode /FlateDecode]", "12 0 R", "/FlateDecode /DecodeParms << /Predictor 12 >>", "/FlateDecode /F (x)"]
    {
        assert_eq!(fault_of(&packed("<< >>", "7 0 ", filter)), (Fault::Hidden, "object 6".to_owned()), "{filter}");
    }
    let mut broken = packed("<< /Type /Font /Name /SomethingLonger >>", "7 0 ", "/FlateDecode");
    let stream = broken.windows(8).position(|window| window == b"stream\r\n").unwrap() + 8;
    broken[stream + 4] ^= 0xFF;
    broken[stream + 5] ^= 0xFF;
    assert_eq!(fault_of(&broken).0, Fault::Hidden);
}

#[test]
fn bombs_and_halves_are_refused() {
    let bomb = packed(&" ".repeat(4 * 1024 * 1024), "7 0 ", "/FlateDecode");
    assert_eq!(read_pdf(&bomb), Err(FormatError::Limit { what: "ratio", place: "object 6".to_owned() }));
    let deep = pdf("", &[&format!("7 0 obj {} endobj", "[".repeat(500))]);
    assert_eq!(read_pdf(&deep), Err(FormatError::Limit { what: "nesting", place: "object 7".to_owned() }));
    let quadratic = pdf("", &[&"7 0 obj(".repeat(100_000)]);
    assert!(matches!(read_pdf(&quadratic), Err(FormatError::Limit { what: "nodes", .. })));
    assert!(matches!(read_pdf(&vec![b' '; limits::DOCUMENT_BYTES + 1]), Err(FormatError::Limit { what: "size", .. })));
    let whole = pdf("", &[]);
    let half = &whole[..whole.windows(9).position(|window| window == b"startxref").unwrap()];
    assert_eq!(fault_of(half).0, Fault::Truncated);
    assert_eq!(fault_of(b"%PDF-1.7\nnothing").0, Fault::Missing);
}

#[test]
fn a_picture_that_opens_is_a_document_and_half_a_picture_is_none() {
    let mut png = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_luma8(4, 3).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let png = png.into_inner();
    let reading = read_picture(&png).unwrap();
    let Body::Narrative(narrative) = &reading.events[0].facts[0].body else { unreachable!("a document") };
    assert_eq!(narrative.attachments[0].content_type.as_deref(), Some("image/png"));
    assert!(read_picture(&png[..png.len() / 2]).is_err());
    let mut both = png[..33].to_vec();
    both.extend_from_slice(b"%PDF-1.7");
    both.extend_from_slice(&png[33..]);
    assert_eq!(read_picture(&both), Err(FormatError::Malformed { place: "document".to_owned(), fault: Fault::Mixed }));
}

proptest::proptest! {
    #[test]
    fn any_bytes_end_in_an_answer(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..600), cut in 0_usize..900) {
        let _ = read_pdf(&bytes);
        let mut whole = packed("<< /Type /Font >>", "7 0 ", "/FlateDecode");
        whole.truncate(cut);
        whole.extend_from_slice(&bytes);
        let _ = read_pdf(&whole);
    }
}
