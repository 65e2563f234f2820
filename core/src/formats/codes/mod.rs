//! Hand-over codes: a FHIR document that passes from one screen to another as QR codes shown in turn, without a server.
//!
//! The document is packed (raw DEFLATE) and cut; each piece is one code of the form `TECHO1:set:number/of:piece`, in the
//! characters that a QR code holds densely. The set's name is the beginning of the SHA-256 of all packed bytes, so it says
//! which codes belong together and proves in the end that they are whole. The format is ours: `docs/formats/hand-over-codes.md`.

mod base45;

use std::{
    collections::BTreeMap,
    io::{Read as _, Write as _},
};

use data_encoding::HEXUPPER;
use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use ring::digest::{SHA256, digest};

use super::{Contents, Fault, FormatError, FormatId, Part, Reading, fhir};
use crate::base::limits;

/// Version of this reader; raised whenever the same bytes would give other records. In the hundreds its own, in the units that
/// of the FHIR reader.
pub const PARSER: u32 = 100 + fhir::PARSER;

/// What every code begins with; the digit is the version of the form.
pub const MARK: &str = "TECHO1:";

/// Packed bytes in one code: some 560 characters, 77 by 77 squares at level M. The decoders of cameras of 720 lines begin to
/// fail at about 97 (the published tests of `qr`, the receiver page's decoder).
const PIECE: usize = 350;

/// Most codes of one set: nobody holds a phone still for longer.
pub const CODES: usize = 60;

/// The text of the QR codes that hold `document`, in order; `None` where there would be more than [`CODES`].
pub fn write(document: &[u8]) -> Option<Vec<String>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    let packed = encoder.write_all(document).and_then(|()| encoder.finish()).ok()?;
    let set = name_of(&packed)?;
    let of = packed.len().div_ceil(PIECE).max(1);
    if of > CODES {
        return None;
    }
    let code = |(number, piece): (usize, &[u8])| format!("{MARK}{set}:{number}/{of}:{}", base45::encode(piece));
    Some((1..).zip(packed.chunks(PIECE)).map(code).collect())
}

/// Reads one code, or several, one a line.
///
/// # Errors
/// `Malformed` for a code that is broken, of another set than the others, or where some are missing or changed.
pub(super) fn read(bytes: &[u8]) -> Result<Contents, FormatError> {
    let codes = codes_of(&[bytes])?;
    match codes.as_slice() {
        [one] if one.of > 1 => {
            Ok(Contents::Part(Part { format: FormatId::HandOverCodes, set: one.set.to_owned(), number: one.number, of: one.of }))
        }
        _ => reading(&codes).map(|reading| Contents::Document(Box::new(reading))),
    }
}

/// Puts the codes of one set together, in whatever order they come. The same code twice does no harm.
///
/// # Errors
/// As [`read`].
pub(super) fn assemble(parts: &[&[u8]]) -> Result<Reading, FormatError> {
    reading(&codes_of(parts)?)
}

/// One code.
struct Code<'a> {
    set: &'a str,
    number: u32,
    of: u32,
    piece: Vec<u8>,
}

fn codes_of<'a>(parts: &[&'a [u8]]) -> Result<Vec<Code<'a>>, FormatError> {
    let mut codes = Vec::new();
    for part in parts {
        let text = std::str::from_utf8(part).map_err(|_| malformed("codes".to_owned(), Fault::Encoding))?;
        for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
            // Only the ends of lines may be cut: a space is one of the 45 characters.
            codes.push(code_of(line.trim_end_matches('\r')).ok_or_else(|| malformed(format!("line {number}"), Fault::Syntax))?);
        }
    }
    if codes.is_empty() { Err(FormatError::Empty) } else { Ok(codes) }
}

fn code_of(text: &str) -> Option<Code<'_>> {
    let (set, rest) = text.strip_prefix(MARK)?.split_once(':')?;
    let (place, piece) = rest.split_once(':')?;
    let (number, of) = place.split_once('/')?;
    let (number, of): (u32, u32) = (number.parse().ok()?, of.parse().ok()?);
    let is_name = set.len() == 16 && set.bytes().all(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte));
    let fits = (1..=of).contains(&number) && usize::try_from(of).is_ok_and(|of| of <= CODES);
    (is_name && fits).then_some(())?;
    Some(Code { set, number, of, piece: base45::decode(piece)? })
}

fn reading(codes: &[Code<'_>]) -> Result<Reading, FormatError> {
    let Some(first) = codes.first() else { return Err(FormatError::Empty) };
    let mut pieces: BTreeMap<u32, &[u8]> = BTreeMap::new();
    for code in codes {
        let place = || format!("code {}", code.number);
        if (code.set, code.of) != (first.set, first.of) {
            return Err(malformed(place(), Fault::Mixed));
        }
        if pieces.insert(code.number, &code.piece).is_some_and(|earlier| earlier != code.piece) {
            return Err(malformed(place(), Fault::Mixed));
        }
    }
    if u32::try_from(pieces.len()).ok() != Some(first.of) {
        return Err(malformed(format!("the set of {} codes", first.of), Fault::Missing));
    }
    let packed = pieces.into_values().collect::<Vec<_>>().concat();
    if name_of(&packed).as_deref() != Some(first.set) {
        return Err(malformed("the set".to_owned(), Fault::Syntax));
    }
    let mut document = Vec::new();
    let bound = u64::try_from(limits::DOCUMENT_BYTES).unwrap_or(u64::MAX);
    let unpacked = DeflateDecoder::new(packed.as_slice()).take(bound + 1).read_to_end(&mut document);
    unpacked.map_err(|_| malformed("the set".to_owned(), Fault::Truncated))?;
    if document.len() > limits::DOCUMENT_BYTES {
        return Err(FormatError::Limit { what: "size", place: "the set".to_owned() });
    }
    Ok(Reading { format: FormatId::HandOverCodes, parser: PARSER, ..fhir::read(&document)? })
}

/// The name of a set: 16 hexadecimal digits of what is in it.
fn name_of(packed: &[u8]) -> Option<String> {
    digest(&SHA256, packed).as_ref().get(..8).map(|start| HEXUPPER.encode(start))
}

fn malformed(place: String, fault: Fault) -> FormatError {
    FormatError::Malformed { place, fault }
}

#[cfg(test)]
mod tests;
