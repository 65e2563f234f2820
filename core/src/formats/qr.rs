//! QR codes as squares: what a screen draws and a printer prints. Reading them from pictures is `picture`'s work.

use qrcode::{EcLevel, QrCode, Version, bits::Bits, types::Color};

/// Empty squares that must stand around a code on every side (ISO/IEC 18004).
pub const QUIET: usize = 4;

/// One QR code.
#[derive(Clone, PartialEq, Eq)]
pub struct Squares {
    side: usize,
    dark: Vec<bool>,
}

impl Squares {
    /// Squares on one side, without the empty ones around.
    pub fn side(&self) -> usize {
        self.side
    }

    /// Row by row from the top, each from the left: whether the square is dark.
    pub fn rows(&self) -> impl Iterator<Item = &[bool]> {
        self.dark.chunks(self.side.max(1))
    }
}

/// The code that holds `content` byte for byte, at error correction level M; `None` where it is more than a code can hold
/// (2 331 bytes, or 3 391 characters of the dense kind). Characters that are not of the dense kind go as bytes and not as
/// Kanji, although that would be smaller: not every decoder reads the Kanji mode.
pub fn squares(content: &[u8]) -> Option<Squares> {
    let is_dense = |byte: &u8| byte.is_ascii_digit() || byte.is_ascii_uppercase() || b" $%*+-./:".contains(byte);
    let code = if content.iter().all(is_dense) {
        QrCode::with_error_correction_level(content, EcLevel::M).ok()?
    } else {
        let bits = (1..=40).find_map(|version| {
            let mut bits = Bits::new(Version::Normal(version));
            bits.push_byte_data(content).and_then(|()| bits.push_terminator(EcLevel::M)).ok()?;
            Some(bits)
        })?;
        QrCode::with_bits(bits, EcLevel::M).ok()?
    };
    Some(Squares { side: code.width(), dark: code.into_colors().into_iter().map(|color| color == Color::Dark).collect() })
}

/// What is on the screen is not for a log.
impl std::fmt::Debug for Squares {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Squares({} × {})", self.side, self.side)
    }
}
