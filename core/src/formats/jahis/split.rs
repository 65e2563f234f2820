//! A notebook over several QR codes (分割制御, record 911): every part has the header, the patient and the number of its place.

use ring::digest::{SHA256, digest};

/// The parts of a notebook that [`super::write`] made, each of at most `capacity` bytes where its lines allow it; the notebook
/// itself where it fits into one. The data id of a set is derived from what is in it: the same notebook gives the same parts.
///
/// `None` for what has no header and patient, for a line that does not fit into `most` bytes with them, and where there would
/// be more than 999 parts.
pub fn split(notebook: &[u8], capacity: usize, most: usize) -> Option<Vec<Vec<u8>>> {
    if notebook.len() <= capacity {
        return Some(vec![notebook.to_vec()]);
    }
    let mut lines = notebook.split_inclusive(|byte| *byte == b'\n');
    let (header, patient) = (lines.next()?, lines.next()?);
    if !header.starts_with(b"JAHISTC") || !patient.starts_with(b"1,") {
        return None;
    }
    // `911,` and 14 digits, the count and the place of three digits each, and the end of the line.
    let around = header.len() + patient.len() + 28;
    let mut bodies: Vec<Vec<u8>> = Vec::new();
    for line in lines {
        if around + line.len() > most {
            return None;
        }
        match bodies.last_mut() {
            Some(body) if around + body.len() + line.len() <= capacity => body.extend(line),
            _ => bodies.push(line.to_vec()),
        }
    }
    let (set, of) = (name_of(notebook), bodies.len());
    if of > 999 {
        return None;
    }
    let part = |(number, body): (usize, Vec<u8>)| {
        let control = format!("911,{set},{of},{number}\r\n");
        [header, patient, body.as_slice(), control.as_bytes()].concat()
    };
    Some((1..).zip(bodies).map(part).collect())
}

/// データID: 14 digits.
fn name_of(notebook: &[u8]) -> String {
    let start = digest(&SHA256, notebook).as_ref().iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    format!("{:014}", start % 100_000_000_000_000)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, clippy::format_push_string, clippy::indexing_slicing, reason = "tests")]
    use super::*;
    use crate::formats::{Contents, jahis};

    /// A notebook of 40 dispensings, in the encoding of the format.
    fn notebook() -> Vec<u8> {
        let mut text = "JAHISTC08,2\r\n1,手帳 太郎,1,20190620,,,,,,,テチョウ タロウ\r\n".to_owned();
        for day in 0..40 {
            text += &format!("5,202601{:02},1\r\n11,てちょう薬局{day},,,,,,,1\r\n", day % 28 + 1);
            text += &format!("201,1,カルボシステイン錠{day}mg,1,錠,1,,1\r\n301,1,１日３回毎食後,7,日分,1,1,,1\r\n");
        }
        encoding_rs::SHIFT_JIS.encode(&text).0.into_owned()
    }

    #[test]
    fn the_parts_say_what_the_whole_says() {
        let parts = split(&notebook(), 700, 2_331).unwrap();
        assert!(parts.len() > 3, "{}", parts.len());
        assert!(parts.iter().all(|part| part.len() <= 700));
        let Contents::Part(second) = jahis::read(&parts[1]).unwrap() else { panic!("no part") };
        assert_eq!((second.number as usize, second.of as usize, second.set.len()), (2, parts.len(), 14));
        let slices: Vec<&[u8]> = parts.iter().rev().map(Vec::as_slice).collect();
        let Contents::Document(whole) = jahis::read(&notebook()).unwrap() else { panic!("no document") };
        // Places name the part now; what is said is the same.
        let titles = |events: &[crate::record::Event]| -> Vec<String> {
            events.iter().flat_map(|event| &event.facts).map(|fact| fact.title.clone()).collect()
        };
        let joined = jahis::assemble(&slices).unwrap();
        assert_eq!(titles(&joined.events), titles(&whole.events));
        assert!(joined.refused.is_empty(), "{:?}", joined.refused);
        assert_eq!(split(&notebook(), 700, 2_331).unwrap(), parts);
    }

    #[test]
    fn what_fits_stays_whole_and_what_cannot_be_split_is_none() {
        let whole = notebook();
        assert_eq!(split(&whole, whole.len(), 2_331).unwrap(), [whole.as_slice()]);
        assert_eq!(split(b"201,1\r\n".repeat(200).as_slice(), 700, 2_331), None);
        let mut long = whole;
        long.extend(b"4,");
        long.extend(b"x".repeat(3_000));
        long.extend(b",20260101,2\r\n");
        assert_eq!(split(&long, 700, 2_331), None);
    }
}
