//! JSON strings: borrowed from the text where nothing is escaped in them.

use std::borrow::Cow;

use super::parse::Parser;
use crate::formats::{Fault, FormatError};

impl<'a> Parser<'a> {
    pub(super) fn string(&mut self) -> Result<Cow<'a, str>, FormatError> {
        self.position += 1;
        let start = self.position;
        let mut unescaped: Option<String> = None;
        let mut piece = start;
        loop {
            match self.peek() {
                Some(b'"') => {
                    let rest = self.slice(piece, self.position)?;
                    self.position += 1;
                    return Ok(match unescaped {
                        None => Cow::Borrowed(rest),
                        Some(mut text) => {
                            text.push_str(rest);
                            Cow::Owned(text)
                        }
                    });
                }
                Some(b'\\') => {
                    let before = self.slice(piece, self.position)?;
                    let text = unescaped.get_or_insert_with(String::new);
                    text.push_str(before);
                    let character = self.escape()?;
                    text.push(character);
                    piece = self.position;
                }
                Some(0x20..) => self.position += 1,
                _ => return Err(self.fault(Fault::Syntax)),
            }
        }
    }

    fn escape(&mut self) -> Result<char, FormatError> {
        self.position += 1;
        let character = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.code_point(),
            _ => return Err(self.fault(Fault::Syntax)),
        };
        self.position += 1;
        Ok(character)
    }

    fn code_point(&mut self) -> Result<char, FormatError> {
        let high = self.hex()?;
        let code = if (0xD800..0xDC00).contains(&high) {
            if self.peek() != Some(b'\\') {
                return Err(self.fault(Fault::Syntax));
            }
            self.position += 1;
            if self.peek() != Some(b'u') {
                return Err(self.fault(Fault::Syntax));
            }
            let low = self.hex()?;
            if !(0xDC00..0xE000).contains(&low) {
                return Err(self.fault(Fault::Syntax));
            }
            0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00)
        } else {
            high
        };
        char::from_u32(code).ok_or_else(|| self.fault(Fault::Syntax))
    }

    /// The four digits behind `u`.
    fn hex(&mut self) -> Result<u32, FormatError> {
        self.position += 1;
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16)).ok_or_else(|| self.fault(Fault::Syntax))?;
            code = code * 16 + digit;
            self.position += 1;
        }
        Ok(code)
    }
}
