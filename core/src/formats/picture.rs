//! QR codes in a picture: a photo or screenshot in PNG or JPEG becomes the bytes that its codes hold, as they are, so that
//! they are read like the text of a QR code. The picture itself is kept nowhere. Bounded in bytes and in pixels before
//! anything is unpacked.

mod ink;

use std::{
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
};

use image::{DynamicImage, GrayImage, ImageDecoder as _, ImageReader, imageops};
use rqrr::PreparedImage;

use super::{Fault, FormatError, Unread};
use crate::base::limits;
use ink::Ink;

/// Longest edges, in pixels, at which a picture is looked at. The smaller one is quick and evens out the noise of a photo;
/// the larger one resolves dense codes and several on one sheet.
const EDGES: [u32; 2] = [1_400, 3_000];

/// Most bytes of an unpacked picture: in three bytes a pixel, as photos are.
const BYTES: u64 = 3 * limits::PICTURE_PIXELS;

/// Corners (three a code) beyond which a picture is no sheet of codes. The decoder tries every corner with every other, so
/// that a sheet of thousands would keep it busy for hours.
const CORNERS: usize = 120;

/// What the QR codes of a picture hold, byte for byte: each content once, from the top down.
///
/// # Errors
/// `Limit` for a picture beyond the limits, `Malformed` for one that cannot be opened, `NotRead` for one without a QR code
/// that can be read.
pub(super) fn codes(bytes: &[u8]) -> Result<Vec<Vec<u8>>, FormatError> {
    if bytes.len() > limits::PICTURE_BYTES {
        return Err(limit("size"));
    }
    let picture = opened(bytes)?;
    let longest = picture.width().max(picture.height());
    let mut found: Vec<Vec<u8>> = Vec::new();
    for (index, edge) in EDGES.into_iter().enumerate() {
        // The larger look would see the very same pixels again.
        if index > 0 && EDGES.iter().take(index).any(|smaller| *smaller >= longest) {
            break;
        }
        let seen = if edge < longest { seen(&scaled(&picture, edge)) } else { seen(&picture) };
        for code in seen {
            if !found.contains(&code) {
                found.push(code);
            }
        }
    }
    if found.is_empty() { Err(FormatError::NotRead(Unread::NoQr)) } else { Ok(found) }
}

/// Whether this is a picture that opens, within the limits.
///
/// # Errors
/// `Limit`, `Malformed`.
pub(super) fn check(bytes: &[u8]) -> Result<(), FormatError> {
    opened(bytes).map(|_| ())
}

fn limit(what: &'static str) -> FormatError {
    FormatError::Limit { what, place: "document".to_owned() }
}

/// The picture in grey.
fn opened(bytes: &[u8]) -> Result<GrayImage, FormatError> {
    let broken = |_| FormatError::Malformed { place: "document".to_owned(), fault: Fault::Syntax };
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    let reader = reader.map_err(|_| FormatError::Malformed { place: "document".to_owned(), fault: Fault::Syntax })?;
    let mut decoder = reader.into_decoder().map_err(broken)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > limits::PICTURE_PIXELS || decoder.total_bytes() > BYTES {
        return Err(limit("pixels"));
    }
    let mut allowed = image::Limits::no_limits();
    allowed.max_alloc = Some(2 * BYTES);
    decoder.set_limits(allowed).map_err(broken)?;
    DynamicImage::from_decoder(decoder).map(DynamicImage::into_luma8).map_err(broken)
}

fn scaled(picture: &GrayImage, edge: u32) -> GrayImage {
    let longest = picture.width().max(picture.height());
    let of = |length: u32| u32::try_from(u64::from(length) * u64::from(edge) / u64::from(longest)).unwrap_or(edge).max(1);
    imageops::thumbnail(picture, of(picture.width()), of(picture.height()))
}

/// The contents of the codes that are seen as they are or, where there are none, with the grain taken out.
fn seen(picture: &GrayImage) -> Vec<Vec<u8>> {
    let sharp = looked_at(picture, false);
    if sharp.is_empty() { looked_at(picture, true) } else { sharp }
}

/// The codes from the top down and from left to right. Nothing where there are more corners than any sheet of codes has.
fn looked_at(picture: &GrayImage, smoothed: bool) -> Vec<Vec<u8>> {
    let Some(ink) = Ink::of(picture, smoothed).filter(|ink| !ink.has_more_corners_than(CORNERS)) else { return Vec::new() };
    let look = || {
        let mut prepared = PreparedImage::prepare_from_bitmap(ink.width, ink.height, |x, y| ink.is_dark(x, y));
        let mut codes: Vec<((i32, i32), Vec<u8>)> = Vec::new();
        for grid in prepared.detect_grids() {
            let mut content = Vec::new();
            if grid.decode_to(&mut content).is_ok() && !content.is_empty() {
                let [corner, ..] = grid.bounds;
                codes.push(((corner.y, corner.x), content));
            }
        }
        codes
    };
    // The decoder asserts on degenerate patterns that a picture may hold by chance (rqrr issue 54); such a look found nothing.
    let mut codes = catch_unwind(AssertUnwindSafe(look)).unwrap_or_default();
    codes.sort_by_key(|(place, _)| *place);
    codes.into_iter().map(|(_, content)| content).collect()
}

#[cfg(test)]
mod tests;
