//! Looks through a PDF for what can act by itself. Every object is looked at wherever one begins, whatever the file's own
//! table of objects says: a viewer may believe the table, repair it, or go by an older one. Objects that are packed into a
//! stream are unpacked within bounds; what cannot be looked into is refused.

use std::{collections::HashMap, io::Read as _};

use flate2::read::ZlibDecoder;

use super::{
    object::{Dictionary, Noticed, Shape, Stop, value},
    tokens::{Token, Tokens},
};
use crate::{
    base::limits,
    formats::{Fault, FormatError},
};

/// Most objects. A scanned book has a few thousand.
const OBJECTS: usize = 500_000;
/// Most bytes of packed objects, unpacked, in the whole file.
const UNPACKED: usize = 64 * 1024 * 1024;
/// How often the file and what is unpacked may be looked at: honest files are looked at once.
const LOOKS: usize = 8;

/// Looks through the file.
pub(super) fn look(bytes: &[u8]) -> Result<(), FormatError> {
    let mut guard = Guard { allowed: LOOKS * bytes.len() + 1024 * 1024, ..Guard::default() };
    for (at, word) in words(bytes) {
        let (place, numbered) = match word {
            Mark::Object(number) => (number.map_or_else(|| format!("byte {at}"), |number| format!("object {number}")), number),
            Mark::Trailer => ("trailer".to_owned(), None),
        };
        guard.object(bytes, at, numbered, word != Mark::Trailer).map_err(|stop| told(stop, &place))?;
    }
    if guard.objects == 0 || !guard.noticed.has_catalogue {
        return Err(fault("document", Fault::Missing));
    }
    if !bytes.windows(9).any(|window| window == b"startxref") {
        return Err(fault("document", Fault::Truncated));
    }
    guard.openings()
}

fn fault(place: &str, fault: Fault) -> FormatError {
    FormatError::Malformed { place: place.to_owned(), fault }
}

fn told(stop: Stop, place: &str) -> FormatError {
    match stop {
        Stop::Found(found) => fault(place, found),
        Stop::Limit(what) => FormatError::Limit { what, place: place.to_owned() },
    }
}

#[derive(Default)]
struct Guard {
    noticed: Noticed,
    objects: usize,
    /// Bytes that may still be looked at.
    allowed: usize,
    unpacked: usize,
    /// Every shape that an object of this number has somewhere.
    shapes: HashMap<u64, Vec<Opened>>,
}

/// What an object would do if it were opened with the document.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opened {
    Goes,
    Acts,
    /// It only says which object is meant.
    Means(u64),
}

impl Guard {
    /// The object whose value begins at `at`, and what is packed into it.
    fn object(&mut self, bytes: &[u8], at: usize, number: Option<u64>, may_have_stream: bool) -> Result<(), Stop> {
        let mut tokens = Tokens::new(bytes, at);
        let shape = self.value(&mut tokens)?;
        self.count(number, &shape)?;
        if let Shape::Dictionary(dictionary) = shape
            && may_have_stream
            && dictionary.is_packed
            && tokens.next() == Some(Token::Word(b"stream"))
        {
            self.packed(bytes.get(tokens.at()..).unwrap_or_default(), &dictionary)?;
        }
        Ok(())
    }

    fn value(&mut self, tokens: &mut Tokens<'_>) -> Result<Shape, Stop> {
        let from = tokens.at();
        let shape = value(tokens, &mut self.noticed)?;
        self.allowed = self.allowed.checked_sub(tokens.at() - from).ok_or(Stop::Limit("nodes"))?;
        Ok(shape)
    }

    fn count(&mut self, number: Option<u64>, shape: &Shape) -> Result<(), Stop> {
        self.objects += 1;
        if self.objects > OBJECTS {
            return Err(Stop::Limit("entries"));
        }
        let opened = match shape {
            Shape::Dictionary(action) if !action.only_goes() => Opened::Acts,
            Shape::Whole(_) => Opened::Acts,
            Shape::Reference(other) => Opened::Means(*other),
            Shape::Dictionary(_) | Shape::List { .. } | Shape::Name(_) | Shape::Text(_) | Shape::Other => Opened::Goes,
        };
        if let Some(number) = number {
            let known = self.shapes.entry(number).or_default();
            if !known.contains(&opened) {
                known.push(opened);
            }
        }
        Ok(())
    }

    /// Objects that are packed into a stream: each where the stream's own table says it begins, and all in their order.
    fn packed(&mut self, stream: &[u8], about: &Dictionary) -> Result<(), Stop> {
        let unpacked = self.unpack(stream, about)?;
        let (Some(Shape::Whole(first)), Some(Shape::Whole(count))) = (&about.first, &about.count) else {
            return Err(Stop::Found(Fault::Hidden));
        };
        let first = usize::try_from(*first).map_err(|_| Stop::Found(Fault::Hidden))?;
        let mut table = Tokens::new(&unpacked, 0);
        for _ in 0..*count {
            let (Some(Token::Whole(number)), Some(Token::Whole(offset))) = (table.next(), table.next()) else { break };
            let at = usize::try_from(offset).ok().and_then(|offset| first.checked_add(offset)).ok_or(Stop::Found(Fault::Hidden))?;
            self.object(&unpacked, at, Some(number), false)?;
        }
        let mut rest = Tokens::new(&unpacked, first);
        while rest.at() < unpacked.len() {
            self.value(&mut rest)?;
        }
        Ok(())
    }

    fn unpack(&mut self, stream: &[u8], about: &Dictionary) -> Result<Vec<u8>, Stop> {
        let hidden = Stop::Found(Fault::Hidden);
        let is_deflated = match &about.filter {
            None => false,
            Some(Shape::Name(name)) => is_deflate(name).then_some(true).ok_or(hidden)?,
            Some(Shape::List { names, others: false }) => match names.as_slice() {
                [] => false,
                [only] => is_deflate(only).then_some(true).ok_or(hidden)?,
                _ => return Err(hidden),
            },
            Some(_) => return Err(hidden),
        };
        if about.is_scrambled {
            return Err(hidden);
        }
        // The length that the dictionary gives need not be true: deflated bytes end by themselves, and others are looked at
        // to the end of the file.
        let data = stream.strip_prefix(b"\r\n").or_else(|| stream.strip_prefix(b"\n")).or_else(|| stream.strip_prefix(b"\r"));
        let data = data.unwrap_or(stream);
        let left = UNPACKED.saturating_sub(self.unpacked);
        let out = if is_deflated { inflated(data, left)? } else { data.get(..left).unwrap_or(data).to_vec() };
        self.unpacked += out.len();
        self.allowed += LOOKS * out.len();
        if self.unpacked >= UNPACKED { Err(Stop::Limit("size")) } else { Ok(out) }
    }

    /// What is opened with the document only goes to a page.
    fn openings(&self) -> Result<(), FormatError> {
        for object in &self.noticed.opened {
            let mut wanted = *object;
            // A reference to a reference to …: nobody honest writes one.
            for _ in 0..8 {
                let shapes = self.shapes.get(&wanted).map(Vec::as_slice).unwrap_or_default();
                match shapes {
                    [] | [Opened::Acts, ..] | [_, _, ..] => return Err(fault(&format!("object {object}"), Fault::Automatic)),
                    [Opened::Goes] => break,
                    [Opened::Means(other)] => wanted = *other,
                }
            }
        }
        Ok(())
    }
}

fn is_deflate(name: &[u8]) -> bool {
    matches!(name, b"FlateDecode" | b"Fl")
}

fn inflated(data: &[u8], left: usize) -> Result<Vec<u8>, Stop> {
    let mut decoder = ZlibDecoder::new(data);
    let (mut out, mut piece) = (Vec::new(), [0_u8; 16 * 1024]);
    loop {
        match decoder.read(&mut piece) {
            Ok(0) => return Ok(out),
            Ok(read) => out.extend_from_slice(piece.get(..read).unwrap_or_default()),
            Err(_) => return Err(Stop::Found(Fault::Hidden)),
        }
        let most = decoder.total_in().saturating_mul(limits::UNPACK_RATIO).max(64 * 1024);
        if u64::try_from(out.len()).unwrap_or(u64::MAX) > most {
            return Err(Stop::Limit("ratio"));
        }
        if out.len() > left {
            return Err(Stop::Limit("size"));
        }
    }
}

/// Where a value begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// Behind `12 0 obj`; the number, where it can be told.
    Object(Option<u64>),
    /// Behind `trailer`.
    Trailer,
}

/// Every place where an object or a trailer could begin, inside of streams and strings, too.
fn words(bytes: &[u8]) -> impl Iterator<Item = (usize, Mark)> {
    (0..bytes.len()).filter_map(move |at| {
        let rest = bytes.get(at..)?;
        if rest.starts_with(b"obj") {
            let before = bytes.get(..at).unwrap_or_default();
            let is_behind = before.last().is_some_and(|byte| byte.is_ascii_digit() || byte.is_ascii_whitespace() || *byte == 0);
            return is_behind.then(|| (at + 3, Mark::Object(number_before(before))));
        }
        rest.starts_with(b"trailer").then_some((at + 7, Mark::Trailer))
    })
}

/// The number of `12 0 ` at the end of these bytes.
fn number_before(bytes: &[u8]) -> Option<u64> {
    let from = bytes.len().saturating_sub(48);
    let before = bytes.get(from..)?;
    let mut parts = before.split(|byte| byte.is_ascii_whitespace() || *byte == 0).rev().filter(|part| !part.is_empty());
    let generation = parts.next()?;
    if !generation.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = parts.next()?;
    // What stands before the number may touch it: `endobj12 0 obj`.
    let digits = number.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(number.get(number.len() - digits..)?).ok()?.parse().ok()
}
