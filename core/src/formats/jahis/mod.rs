//! JAHIS 電子版お薬手帳 (JAHISTC 1.0 to 2.6): the medicine notebook a pharmacy hands out as a QR code or a text file.
//!
//! `text` makes lines of bytes, `wire` makes records of lines, `parts` puts split notebooks together, `read` makes
//! health records of it and `write` goes the other way. `docs/formats/jahis-tc.md` says what becomes of each record.

mod block;
mod codes;
mod fact;
mod field;
mod parts;
mod read;
mod split;
mod text;
mod titles;
mod wire;
mod write;

use super::{Contents, FormatError, Reading, my_number};

pub use split::split;
pub use write::{Loss, Lost, Written, write};

/// Version of this reader; raised whenever the same bytes would give other records.
pub const PARSER: u32 = 1;

/// Reads one file: a whole notebook, one part of a split one, or several parts one behind the other.
pub fn read(bytes: &[u8]) -> Result<Contents, FormatError> {
    let lines = text::lines(bytes)?;
    let sheets = wire::sheets(&lines)?;
    refuse_my_number(&sheets)?;
    match parts::arrange(sheets)? {
        parts::Arranged::Whole(sheets) => read::reading(&sheets).map(|reading| Contents::Document(Box::new(reading))),
        parts::Arranged::Part(part) => Ok(Contents::Part(part)),
    }
}

/// Puts the parts of a split notebook together, in whatever order they come. The same part twice does no harm; parts of
/// another set or about another patient are refused, as is a set with a gap.
pub fn assemble(parts: &[&[u8]]) -> Result<Reading, FormatError> {
    let texts = parts.iter().map(|bytes| text::lines(bytes)).collect::<Result<Vec<_>, _>>()?;
    let mut sheets = Vec::new();
    for lines in &texts {
        sheets.extend(wire::sheets(lines)?);
    }
    parts::name_places_by_part(&mut sheets);
    refuse_my_number(&sheets)?;
    match parts::arrange(sheets)? {
        parts::Arranged::Whole(sheets) => read::reading(&sheets),
        parts::Arranged::Part(part) => Err(parts::gap(part.of)),
    }
}

/// The format has no field for a 個人番号, but somebody may have captioned one in a remark. A part is refused as well as
/// a whole notebook: nothing of it may be kept until the rest arrives.
fn refuse_my_number(sheets: &[wire::Sheet<'_>]) -> Result<(), FormatError> {
    let mut rows = sheets.iter().flat_map(|sheet| std::iter::once(&sheet.header).chain(&sheet.rows));
    match rows.find(|row| my_number::is_labelled_in(row.text)) {
        Some(row) => Err(FormatError::MyNumber { place: row.place() }),
        None => Ok(()),
    }
}
