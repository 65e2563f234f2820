//! Codes that come in any order, with gaps, changed, mixed with others, and beyond the limits.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
use super::*;

/// A document that needs several codes: noise does not pack.
fn document() -> Vec<u8> {
    let mut noise = 7_u32;
    let entries: Vec<String> = (0..60)
        .map(|number| {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            format!(
                r#"{{"resource":{{"resourceType":"Observation","status":"final","code":{{"text":"体重 {noise}"}},"effectiveDateTime":"2026-01-{:02}","valueQuantity":{{"value":{number}.5,"unit":"kg"}}}}}}"#,
                number % 28 + 1
            )
        })
        .collect();
    format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{}]}}"#, entries.join(",")).into_bytes()
}

fn slices(codes: &[String]) -> Vec<&[u8]> {
    codes.iter().map(String::as_bytes).collect()
}

#[test]
fn a_document_comes_back_from_its_codes_in_any_order() {
    let codes = write(&document()).unwrap();
    assert!(codes.len() > 2, "{}", codes.len());
    let mut mixed = slices(&codes);
    mixed.reverse();
    mixed.push(codes[1].as_bytes());
    let reading = assemble(&mixed).unwrap();
    assert_eq!(reading.format, FormatId::HandOverCodes);
    assert_eq!(reading.events, fhir::read(&document()).unwrap().events);
    let lines = codes.join("\r\n");
    let Contents::Document(of_lines) = read(lines.as_bytes()).unwrap() else { panic!("no document") };
    assert_eq!(of_lines.events, reading.events);
}

#[test]
fn one_of_several_codes_is_a_part_and_says_which() {
    let codes = write(&document()).unwrap();
    let Contents::Part(part) = read(codes[1].as_bytes()).unwrap() else { panic!("no part") };
    assert_eq!((part.format, part.number as usize, part.of as usize), (FormatId::HandOverCodes, 2, codes.len()));
    assert_eq!(part.set.len(), 16);
}

#[test]
fn a_small_document_is_one_code_and_read_at_once() {
    let document = br#"{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueString":"y"}"#;
    let codes = write(document).unwrap();
    assert_eq!(codes.len(), 1);
    assert!(matches!(read(codes[0].as_bytes()).unwrap(), Contents::Document(_)));
}

#[test]
fn a_gap_a_stranger_and_a_changed_code_are_told_apart() {
    let codes = write(&document()).unwrap();
    let fault = |parts: &[&[u8]]| match assemble(parts).unwrap_err() {
        FormatError::Malformed { fault, .. } => fault,
        other => panic!("{other:?}"),
    };
    let all = slices(&codes);
    assert_eq!(fault(&all[1..]), Fault::Missing);
    let mut other = document();
    other.extend(b"\n");
    let foreign = write(&other).unwrap();
    assert_eq!(fault(&[&all[..1], &slices(&foreign)[1..]].concat()), Fault::Mixed);
    // Another piece under the same name and number.
    let swapped = codes[0].replace(":1/", ":2/");
    assert_eq!(fault(&[all.as_slice(), &[swapped.as_bytes()]].concat()), Fault::Mixed);
    // All there, each in its form, but one was changed: the set's name does not fit.
    let mut changed = codes.clone();
    let last = changed[0].pop().unwrap();
    changed[0].push(if last == '0' { '1' } else { '0' });
    assert_eq!(fault(&slices(&changed)), Fault::Syntax);
}

#[test]
fn what_is_no_code_is_refused_with_its_line() {
    for text in [
        "TECHO1:",
        "TECHO1:0123456789ABCDEF:1/1",
        "TECHO1:0123456789ABCDEF:0/1:BB8",
        "TECHO1:0123456789ABCDEF:2/1:BB8",
        "TECHO1:0123456789ABCDEF:1/61:BB8",
        "TECHO1:0123456789abcdef:1/1:BB8",
        "TECHO1:0123456789ABCDEF:1/1:a",
        "TECHO2:0123456789ABCDEF:1/1:BB8",
    ] {
        let expected = FormatError::Malformed { place: "line 1".to_owned(), fault: Fault::Syntax };
        assert_eq!(read(text.as_bytes()).unwrap_err(), expected, "{text}");
    }
}

#[test]
fn a_set_that_unpacks_to_more_than_any_document_is_refused() {
    let bomb = vec![b' '; limits::DOCUMENT_BYTES + 1];
    let codes = write(&bomb).unwrap();
    assert!(matches!(assemble(&slices(&codes)), Err(FormatError::Limit { what: "size", .. })));
}

#[test]
fn more_than_anybody_would_film_is_not_written() {
    let mut noise = 1_u32;
    let bytes: Vec<u8> = std::iter::repeat_with(|| {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        noise.to_be_bytes()[0]
    })
    .take(PIECE * CODES + 1_000)
    .collect();
    assert_eq!(write(&bytes), None);
}
