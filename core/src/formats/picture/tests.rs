//! Pictures of QR codes, drawn by an encoder of other authors: turned, noisy, several in one, and none at all.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "tests"
)]

use image::{ImageFormat, Luma, Rgb, RgbImage};
use qrcode::{Color, EcLevel, QrCode};

use super::*;
use crate::formats::{Contents, Detected, FormatId, detect, health_card::KeySet, read, read_code};

const NOTEBOOK: &str = "JAHISTC07,1\r\n1,手帳　花子,2,S470415,,,,,,,\r\n5,R060415,1\r\n";

/// A code with its quiet zone, `module` pixels a module.
fn drawn(content: &[u8], module: u32) -> GrayImage {
    let code = QrCode::with_error_correction_level(content, EcLevel::M).unwrap();
    let (width, quiet) = (code.width() as u32, 4);
    GrayImage::from_fn((width + 2 * quiet) * module, (width + 2 * quiet) * module, |x, y| {
        let (x, y) = (x / module, y / module);
        let inside = |at: u32| (quiet..quiet + width).contains(&at);
        let is_dark = inside(x) && inside(y) && code[((x - quiet) as usize, (y - quiet) as usize)] == Color::Dark;
        Luma([if is_dark { 20 } else { 235 }])
    })
}

fn written(picture: &GrayImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn png(picture: &GrayImage) -> Vec<u8> {
    written(picture, ImageFormat::Png)
}

/// The picture on a grey table, turned by this many degrees.
fn turned(picture: &GrayImage, degrees: f64) -> GrayImage {
    let (up, along) = degrees.to_radians().sin_cos();
    let side = f64::from(picture.width()) * 1.5;
    let (middle, half) = (side / 2.0, f64::from(picture.width()) / 2.0);
    GrayImage::from_fn(side as u32, side as u32, |x, y| {
        let (x, y) = (f64::from(x) - middle, f64::from(y) - middle);
        let (from_x, from_y) = (x.mul_add(along, y * up) + half, y.mul_add(along, -(x * up)) + half);
        let is_inside = |at: f64| (0.0..f64::from(picture.width())).contains(&at);
        if is_inside(from_x) && is_inside(from_y) { *picture.get_pixel(from_x as u32, from_y as u32) } else { Luma([150]) }
    })
}

/// The picture with a grain and a shadow across it.
fn noisy(picture: &GrayImage) -> GrayImage {
    let mut state = 7_u32;
    let width = picture.width();
    GrayImage::from_fn(width, picture.height(), |x, y| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let grain = f64::from(state >> 24) / 255.0 * 50.0 - 25.0;
        let light = 0.55 + 0.45 * f64::from(x) / f64::from(width);
        Luma([(f64::from(picture.get_pixel(x, y).0[0]) * light + grain).clamp(0.0, 255.0) as u8])
    })
}

#[test]
fn a_code_is_read_as_the_bytes_it_holds_in_png_and_jpeg() {
    let (shift_jis, _, _) = encoding_rs::SHIFT_JIS.encode(NOTEBOOK);
    for content in [NOTEBOOK.as_bytes(), &shift_jis, b"shc:/5676290952432060346029"] {
        let picture = drawn(content, 4);
        for format in [ImageFormat::Png, ImageFormat::Jpeg] {
            let bytes = written(&picture, format);
            assert_eq!(detect(&bytes), Detected::Picture);
            assert_eq!(codes(&bytes).unwrap(), [content.to_vec()], "{format:?}");
        }
    }
}

#[test]
fn a_turned_code_and_a_noisy_one_are_read() {
    let picture = drawn(NOTEBOOK.as_bytes(), 6);
    for degrees in [0.0, 17.0, 45.0, 90.0, 180.0, 263.0] {
        let photo = noisy(&turned(&picture, degrees));
        assert_eq!(codes(&written(&photo, ImageFormat::Jpeg)).unwrap(), [NOTEBOOK.as_bytes()], "{degrees} degrees");
    }
}

#[test]
fn a_large_photo_is_read_as_well_as_a_small_screenshot() {
    let mut photo = GrayImage::from_pixel(4_000, 3_000, Luma([170]));
    imageops::replace(&mut photo, &drawn(NOTEBOOK.as_bytes(), 9), 2_100, 1_300);
    assert_eq!(codes(&written(&photo, ImageFormat::Jpeg)).unwrap(), [NOTEBOOK.as_bytes()]);
    assert_eq!(codes(&png(&drawn(NOTEBOOK.as_bytes(), 2))).unwrap(), [NOTEBOOK.as_bytes()]);
}

#[test]
fn several_codes_of_one_picture_come_from_the_top_down_and_each_once() {
    let part = |number: u32| format!("JAHISTC07,1\r\n1,手帳　花子,2,S470415\r\n911,20240415000001,3,{number}\r\n");
    let mut sheet = GrayImage::from_pixel(1_200, 1_700, Luma([245]));
    for (number, place) in [(1, (100, 60)), (2, (140, 600)), (3, (90, 1_150)), (3, (680, 1_200))] {
        imageops::replace(&mut sheet, &drawn(part(number).as_bytes(), 5), place.0, place.1);
    }
    let found = codes(&png(&sheet)).unwrap();
    assert_eq!(found, [1, 2, 3].map(|number| part(number).into_bytes()));
    let keys = KeySet::new(0);
    for (number, code) in (1..).zip(&found) {
        let Contents::Part(part) = read_code(code, &keys).unwrap() else { panic!("no part") };
        assert_eq!((part.format, part.number, part.of), (FormatId::JahisTc, number, 3));
    }
}

#[test]
fn a_picture_is_read_like_the_text_of_its_codes() {
    let keys = KeySet::new(0);
    let Contents::Codes(found) = read(&png(&drawn(NOTEBOOK.as_bytes(), 4)), &keys).unwrap() else { panic!("no codes") };
    assert_eq!(found, [NOTEBOOK.as_bytes()]);
    let Contents::Document(reading) = read_code(&found[0], &keys).expect("a notebook") else { panic!("no document") };
    assert_eq!(reading.subject.names, ["手帳　花子"]);
}

#[test]
fn a_picture_without_a_code_a_broken_one_and_one_too_large_are_told_apart() {
    let blank = GrayImage::from_pixel(640, 480, Luma([200]));
    assert_eq!(codes(&png(&blank)), Err(FormatError::NotRead(Unread::NoQr)));
    let whole = png(&drawn(NOTEBOOK.as_bytes(), 4));
    let broken = Err(FormatError::Malformed { place: "document".to_owned(), fault: Fault::Syntax });
    assert_eq!(codes(&whole[..whole.len() / 2]), broken);
    assert_eq!(codes(b"\x89PNG\r\n\x1A\nnothing"), broken);
    assert_eq!(codes(&vec![0xFF; limits::PICTURE_BYTES + 1]), Err(limit("size")));
    // The header promises 60 000 × 60 000 pixels; nothing of that size is ever set aside.
    let mut bomb = whole;
    bomb[16..24].copy_from_slice(&[0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60]);
    let checksum = crc(&bomb[12..29]).to_be_bytes();
    bomb[29..33].copy_from_slice(&checksum);
    assert_eq!(codes(&bomb), Err(limit("pixels")));
}

/// CRC-32 as PNG has it.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |all, byte| {
        (0..8).fold(all ^ u32::from(*byte), |all, _| if all & 1 == 1 { (all >> 1) ^ 0xEDB8_8320 } else { all >> 1 })
    })
}

#[test]
fn colour_is_no_hindrance() {
    let grey = drawn(NOTEBOOK.as_bytes(), 4);
    let blue = RgbImage::from_fn(grey.width(), grey.height(), |x, y| {
        if grey.get_pixel(x, y).0[0] < 128 { Rgb([30, 40, 120]) } else { Rgb([250, 244, 220]) }
    });
    let mut bytes = Cursor::new(Vec::new());
    blue.write_to(&mut bytes, ImageFormat::Png).unwrap();
    assert_eq!(codes(&bytes.into_inner()).unwrap(), [NOTEBOOK.as_bytes()]);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() })]

    /// Whatever a picture's bytes are, it ends in codes or in an error.
    #[test]
    fn no_broken_picture_panics(hurts in proptest::collection::vec((0.0..1.0_f64, proptest::num::u8::ANY), 1..12), jpeg: bool, end in 0.2..1.0_f64) {
        let format = if jpeg { ImageFormat::Jpeg } else { ImageFormat::Png };
        let mut bytes = written(&drawn(NOTEBOOK.as_bytes(), 2), format);
        bytes.truncate((bytes.len() as f64 * end) as usize);
        for (place, byte) in hurts {
            let at = (bytes.len() as f64 * place) as usize;
            bytes[at] = byte;
        }
        match codes(&bytes) {
            Ok(found) => assert!(!found.is_empty()),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}

/// Thousands of finder patterns and no code: what a picture made to keep the decoder busy would look like.
#[test]
fn a_sheet_of_finder_patterns_ends_soon() {
    let sheet = GrayImage::from_fn(1_400, 1_400, |x, y| {
        let (x, y) = ((x / 2) % 10, (y / 2) % 10);
        let is_dark = x < 7 && y < 7 && (x == 0 || x == 6 || y == 0 || y == 6 || ((2..5).contains(&x) && (2..5).contains(&y)));
        Luma([if is_dark { 0 } else { 255 }])
    });
    let began = std::time::Instant::now();
    let found = codes(&png(&sheet));
    assert!(began.elapsed().as_secs() < 10, "{:?}", began.elapsed());
    assert!(found.is_err());
}
