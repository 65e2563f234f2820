//! Finds the signed cards in what was handed in: a card file, QR texts whole or in chunks, a card link, a bare card.

use std::collections::BTreeMap;

use serde_json::Value;

use super::json;
use crate::formats::{Fault, FormatError, Unread};

/// A card as it was found, signed and packed.
#[derive(PartialEq, Eq)]
pub(super) struct Card {
    /// Where: `"verifiableCredential[0]"`, `"line 1"`, `"the QR codes"`.
    pub(super) place: String,
    /// The compact JWS.
    pub(super) jws: String,
}

/// What there is.
pub(super) enum Found {
    /// Whole cards, at least one, each once.
    Cards(Vec<Card>),
    /// One chunk of a card, and no other.
    Chunk { number: u32, of: u32 },
}

/// More cards than this nobody has.
const CARDS: usize = 500;
/// More QR codes than this make no card.
const CHUNKS: u32 = 500;

/// The error that chunks are missing.
pub(super) fn gap(of: u32) -> FormatError {
    FormatError::Malformed { place: format!("the set of {of} QR codes"), fault: Fault::Missing }
}

fn malformed(place: &str, fault: Fault) -> FormatError {
    FormatError::Malformed { place: place.to_owned(), fault }
}

/// The cards of one or several files. Chunks count together over all of them.
pub(super) fn gather(files: &[&[u8]]) -> Result<Found, FormatError> {
    let mut cards = Vec::new();
    let mut chunks = Chunks::default();
    for (number, bytes) in (1..).zip(files) {
        if bytes.len() > json::BYTES {
            return Err(FormatError::Limit { what: "size", place: "the file".to_owned() });
        }
        let file = if files.len() > 1 { format!("part {number}, ") } else { String::new() };
        let text = std::str::from_utf8(bytes).map_err(|_| FormatError::NotRead(Unread::Unknown))?;
        let text = text.trim_start_matches('\u{FEFF}').trim();
        if text.starts_with('{') {
            from_file(text, &file, &mut cards)?;
        } else {
            from_lines(text, &file, &mut cards, &mut chunks)?;
        }
    }
    let chunk = chunks.join(&mut cards)?;
    match (cards.is_empty(), chunk) {
        (false, None) => Ok(Found::Cards(cards)),
        (true, Some(chunk)) => Ok(chunk),
        (true, None) => Err(FormatError::Empty),
        (false, Some(_)) => Err(malformed("the QR codes", Fault::Mixed)),
    }
}

fn keep(cards: &mut Vec<Card>, place: String, jws: &str) -> Result<(), FormatError> {
    // The same card as file and as QR text is one card.
    if cards.iter().any(|card| card.jws == jws) {
        return Ok(());
    }
    if cards.len() == CARDS {
        return Err(FormatError::Limit { what: "entries", place });
    }
    cards.push(Card { place, jws: jws.to_owned() });
    Ok(())
}

/// `{"verifiableCredential": [jws, …]}`, or what else begins with a brace.
fn from_file(text: &str, file: &str, cards: &mut Vec<Card>) -> Result<(), FormatError> {
    let value = json::parse(text.as_bytes(), "the file")?;
    let Some(credentials) = value.get("verifiableCredential") else {
        return Err(not_a_card(&value));
    };
    let place = |index: usize| format!("{file}verifiableCredential[{index}]");
    let credentials = credentials.as_array().ok_or_else(|| malformed("verifiableCredential", Fault::Type))?;
    if credentials.is_empty() {
        return Err(malformed("verifiableCredential", Fault::Missing));
    }
    for (index, credential) in credentials.iter().enumerate() {
        let jws = credential.as_str().ok_or_else(|| malformed(&place(index), Fault::Type))?;
        keep(cards, place(index), jws.trim())?;
    }
    Ok(())
}

/// What a JSON object without cards is.
fn not_a_card(value: &Value) -> FormatError {
    let has = |name: &str| value.get(name).is_some();
    if has("iss") && has("vc") {
        // The words of a card without the issuer's signature: anybody could have written them.
        FormatError::NotRead(Unread::UnsignedCard)
    } else if (has("url") && has("key")) || has("files") {
        FormatError::NotRead(Unread::HealthLink)
    } else {
        FormatError::NotRead(Unread::OtherJson)
    }
}

fn from_lines(text: &str, file: &str, cards: &mut Vec<Card>, chunks: &mut Chunks) -> Result<(), FormatError> {
    for (number, line) in (1..).zip(text.split(['\r', '\n']).map(str::trim).filter(|line| !line.is_empty())) {
        let place = format!("{file}line {number}");
        if let Some(digits) = line.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("shc:/")).and_then(|_| line.get(5..)) {
            match digits.split('/').collect::<Vec<_>>().as_slice() {
                [digits] => keep(cards, place.clone(), &characters(digits, &place)?)?,
                [chunk, of, digits] => {
                    let count = |text: &str| text.parse::<u32>().map_err(|_| malformed(&place, Fault::Number));
                    chunks.add(count(chunk)?, count(of)?, characters(digits, &place)?, &place)?;
                }
                _ => return Err(malformed(&place, Fault::Syntax)),
            }
        } else if line.contains("shlink:/") || line.split('.').count() == 5 && line.starts_with("eyJ") {
            // A link, or the encrypted file behind one.
            return Err(FormatError::NotRead(Unread::HealthLink));
        } else if let Some((_, inside)) = line.split_once("/SMARTHealthCard/#").filter(|_| line.starts_with("https://")) {
            let inside = percent_decoded(inside).ok_or_else(|| malformed(&place, Fault::Syntax))?;
            if !inside.starts_with('{') {
                return Err(malformed(&place, Fault::Syntax));
            }
            from_file(&inside, file, cards)?;
        } else if line.starts_with("eyJ") && line.split('.').count() == 3 {
            keep(cards, place, line)?;
        } else {
            return Err(FormatError::NotRead(Unread::OtherText));
        }
    }
    Ok(())
}

/// QR digits to text: each pair of digits is a character's code less 45.
fn characters(digits: &str, place: &str) -> Result<String, FormatError> {
    if digits.is_empty() {
        return Err(malformed(place, Fault::Missing));
    }
    let pair = |pair: &[u8]| match pair {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => Some(char::from((tens - b'0') * 10 + (ones - b'0') + 45)),
        _ => None,
    };
    let text: Option<String> = digits.as_bytes().chunks(2).map(pair).collect();
    let fault = if digits.len() % 2 == 1 { Fault::Truncated } else { Fault::Syntax };
    text.ok_or_else(|| malformed(place, fault))
}

/// `%7B` to `{`; `None` where the result is no text.
fn percent_decoded(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let high = char::from(bytes.next()?).to_digit(16)?;
            let low = char::from(bytes.next()?).to_digit(16)?;
            out.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}

/// Chunks of one card (`shc:/2/3/…`). They carry no id: only their number of pieces and the signature tell.
#[derive(Default)]
struct Chunks {
    of: Option<u32>,
    pieces: BTreeMap<u32, String>,
}

impl Chunks {
    fn add(&mut self, number: u32, of: u32, text: String, place: &str) -> Result<(), FormatError> {
        if !(1..=CHUNKS).contains(&of) || !(1..=of).contains(&number) {
            return Err(malformed(place, Fault::Number));
        }
        if *self.of.get_or_insert(of) != of || self.pieces.get(&number).is_some_and(|earlier| *earlier != text) {
            return Err(malformed(place, Fault::Mixed));
        }
        self.pieces.insert(number, text);
        Ok(())
    }

    /// The card, where all its chunks are here; the one chunk, where there is just one.
    fn join(self, cards: &mut Vec<Card>) -> Result<Option<Found>, FormatError> {
        let Some(of) = self.of else {
            return Ok(None);
        };
        if u32::try_from(self.pieces.len()).is_ok_and(|here| here == of) {
            let jws: String = self.pieces.into_values().collect();
            keep(cards, "the QR codes".to_owned(), &jws)?;
            return Ok(None);
        }
        match self.pieces.into_keys().collect::<Vec<_>>().as_slice() {
            [number] => Ok(Some(Found::Chunk { number: *number, of })),
            _ => Err(gap(of)),
        }
    }
}
