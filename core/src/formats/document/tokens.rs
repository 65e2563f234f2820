//! The tokens of a PDF, read tolerantly: what a lenient viewer takes for a name, a string or a dictionary is taken for one
//! here, too. Of a string only the beginning is kept.

/// So much of a string is kept.
const BEGINNING: usize = 32;

/// One token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `/Name`, with `#xx` decoded.
    Name(Vec<u8>),
    /// `(…)` or `<…>`, its first bytes.
    Text(Vec<u8>),
    /// `<<`
    DictionaryOpen,
    /// `>>`
    DictionaryClose,
    /// `[`
    ArrayOpen,
    /// `]`
    ArrayClose,
    /// A number without sign or point.
    Whole(u64),
    /// Any other number or word: `R`, `obj`, `stream`, `null`.
    Word(&'a [u8]),
}

/// Where reading stands.
#[derive(Clone)]
pub(super) struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
}

const fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

const fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

impl<'a> Tokens<'a> {
    pub(super) const fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    /// The place of the next byte.
    pub(super) const fn at(&self) -> usize {
        self.at
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn bump(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn skip_space(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                while self.peek().is_some_and(|byte| byte != b'\n' && byte != b'\r') {
                    self.at += 1;
                }
            } else if is_space(byte) {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    /// The next token; none at the end.
    pub(super) fn next(&mut self) -> Option<Token<'a>> {
        self.skip_space();
        Some(match self.bump()? {
            b'/' => Token::Name(self.name()),
            b'(' => Token::Text(self.literal()),
            b'<' if self.peek() == Some(b'<') => {
                self.at += 1;
                Token::DictionaryOpen
            }
            b'<' => Token::Text(self.hexadecimal()),
            b'>' if self.peek() == Some(b'>') => {
                self.at += 1;
                Token::DictionaryClose
            }
            b'[' => Token::ArrayOpen,
            b']' => Token::ArrayClose,
            byte if is_delimiter(byte) => Token::Word(self.bytes.get(self.at - 1..self.at).unwrap_or_default()),
            _ => self.word(),
        })
    }

    fn word(&mut self) -> Token<'a> {
        let from = self.at - 1;
        while self.peek().is_some_and(|byte| !is_space(byte) && !is_delimiter(byte)) {
            self.at += 1;
        }
        let word = self.bytes.get(from..self.at).unwrap_or_default();
        let digits = word.iter().all(u8::is_ascii_digit).then(|| std::str::from_utf8(word).ok()?.parse().ok()).flatten();
        digits.map_or(Token::Word(word), Token::Whole)
    }

    fn name(&mut self) -> Vec<u8> {
        let mut name = Vec::new();
        while let Some(byte) = self.peek().filter(|byte| !is_space(*byte) && !is_delimiter(*byte)) {
            self.at += 1;
            let pair = || Some((hex(*self.bytes.get(self.at)?)?, hex(*self.bytes.get(self.at + 1)?)?));
            match pair().filter(|_| byte == b'#') {
                Some((high, low)) => {
                    name.push(high << 4 | low);
                    self.at += 2;
                }
                None => name.push(byte),
            }
        }
        name
    }

    fn literal(&mut self) -> Vec<u8> {
        let (mut depth, mut kept) = (1_usize, Vec::new());
        while let Some(byte) = self.bump() {
            let said = match byte {
                b'(' => {
                    depth += 1;
                    byte
                }
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                    byte
                }
                b'\\' => match self.bump() {
                    None => break,
                    // A line broken inside of a string.
                    Some(b'\r' | b'\n') => continue,
                    Some(digit @ b'0'..=b'7') => self.octal(digit),
                    Some(other) => other,
                },
                _ => byte,
            };
            if kept.len() < BEGINNING {
                kept.push(said);
            }
        }
        kept
    }

    fn octal(&mut self, first: u8) -> u8 {
        let mut value = u32::from(first - b'0');
        for _ in 0..2 {
            let Some(digit) = self.peek().filter(|byte| matches!(byte, b'0'..=b'7')) else { break };
            self.at += 1;
            value = value * 8 + u32::from(digit - b'0');
        }
        u8::try_from(value & 0xFF).unwrap_or_default()
    }

    fn hexadecimal(&mut self) -> Vec<u8> {
        let (mut kept, mut half) = (Vec::new(), None);
        while let Some(byte) = self.bump().filter(|byte| *byte != b'>') {
            let Some(digit) = hex(byte) else { continue };
            match half.take() {
                None => half = Some(digit),
                Some(high) if kept.len() < BEGINNING => kept.push(high << 4 | digit),
                Some(_) => {}
            }
        }
        kept
    }
}
