//! One value of a PDF: what stands in it is looked through for what can act by itself, and told is as much of its shape as
//! is needed to go on.

use super::tokens::{Token, Tokens};
use crate::{base::limits, formats::Fault};

/// What a value is, as far as anybody asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Shape {
    /// `12 0 R`
    Reference(u64),
    /// A name.
    Name(Vec<u8>),
    /// A string.
    Text(Vec<u8>),
    /// A list: the names in it, and whether there is anything else.
    List { names: Vec<Vec<u8>>, others: bool },
    /// A dictionary.
    Dictionary(Box<Dictionary>),
    /// A number.
    Whole(u64),
    /// Anything else.
    #[default]
    Other,
}

/// Entries of a dictionary that decide how to go on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each says whether an entry of the dictionary was met")]
pub(super) struct Dictionary {
    /// `/S`: what kind of action it is.
    pub(super) action: Option<Shape>,
    /// `/Next`: another action follows.
    pub(super) has_next: bool,
    /// `/Type /ObjStm`, or `/First`: objects are packed into its stream.
    pub(super) is_packed: bool,
    /// `/N`: how many.
    pub(super) count: Option<Shape>,
    /// `/First`: where they begin.
    pub(super) first: Option<Shape>,
    /// `/Filter`: how the stream is packed.
    pub(super) filter: Option<Shape>,
    /// `/DecodeParms`, with something that would scramble the text; or `/F`: the stream is elsewhere.
    pub(super) is_scrambled: bool,
    /// `/Predictor`.
    has_predictor: bool,
}

/// Why looking stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// Something that can act by itself, or that nobody can look into.
    Found(Fault),
    /// Beyond a limit.
    Limit(&'static str),
}

/// What is noticed on the way.
#[derive(Debug, Default)]
pub(super) struct Noticed {
    /// Objects that act when the document is opened.
    pub(super) opened: Vec<u64>,
    /// The catalogue of a document was seen.
    pub(super) has_catalogue: bool,
}

/// Names that are in no harmless document, wherever they stand.
const NAMES: [(&[u8], Fault); 18] = [
    (b"JavaScript", Fault::Script),
    (b"OnInstantiate", Fault::Script),
    (b"Launch", Fault::Launch),
    (b"SubmitForm", Fault::Launch),
    (b"ImportData", Fault::Launch),
    (b"GoToE", Fault::Launch),
    (b"GoToR", Fault::Launch),
    (b"EmbeddedFile", Fault::Embedded),
    (b"EmbeddedFiles", Fault::Embedded),
    (b"FileAttachment", Fault::Embedded),
    (b"XFA", Fault::ActiveForm),
    (b"RichMedia", Fault::RichMedia),
    (b"RichMediaContent", Fault::RichMedia),
    (b"RichMediaExecute", Fault::RichMedia),
    (b"RichMediaSettings", Fault::RichMedia),
    (b"Rendition", Fault::RichMedia),
    (b"Movie", Fault::RichMedia),
    (b"3D", Fault::RichMedia),
];
/// Names of entries. Short ones, so that they are looked for as entries only.
const ENTRIES: [(&[u8], Fault); 4] =
    [(b"JS", Fault::Script), (b"AA", Fault::Automatic), (b"EF", Fault::Embedded), (b"Encrypt", Fault::Encrypted)];
/// Entries whose dictionary gives names of its maker's choice to fonts and pictures.
const CHOSEN: [&[u8]; 7] = [b"Font", b"XObject", b"ExtGState", b"ColorSpace", b"Pattern", b"Shading", b"Properties"];
/// Addresses that are no places on the network.
const SCRIPTS: [&[u8]; 3] = [b"javascript:", b"vbscript:", b"data:"];

/// Looks through the value that begins here. Stops at the end of the bytes as if the value ended there.
pub(super) fn value(tokens: &mut Tokens<'_>, noticed: &mut Noticed) -> Result<Shape, Stop> {
    match tokens.next() {
        Some(token) => below(token, tokens, noticed, 0, b""),
        None => Ok(Shape::Other),
    }
}

fn below(token: Token<'_>, tokens: &mut Tokens<'_>, noticed: &mut Noticed, depth: usize, key: &[u8]) -> Result<Shape, Stop> {
    if depth > limits::NESTING {
        return Err(Stop::Limit("nesting"));
    }
    match token {
        Token::Name(name) => {
            harmless(&NAMES, &name)?;
            noticed.has_catalogue |= name == b"Catalog";
            Ok(Shape::Name(name))
        }
        Token::Text(text) => {
            let lower = text.to_ascii_lowercase();
            let is_script = key == b"URI" && SCRIPTS.iter().any(|script| lower.trim_ascii_start().starts_with(script));
            if is_script { Err(Stop::Found(Fault::Script)) } else { Ok(Shape::Text(text)) }
        }
        Token::Whole(number) => Ok(reference(tokens).map_or(Shape::Whole(number), |()| Shape::Reference(number))),
        Token::ArrayOpen => {
            let (mut names, mut others) = (Vec::new(), false);
            while let Some(token) = tokens.next().filter(|token| *token != Token::ArrayClose) {
                if ends(&token) {
                    break;
                }
                match below(token, tokens, noticed, depth + 1, b"")? {
                    Shape::Name(name) if names.len() < 8 => names.push(name),
                    _ => others = true,
                }
            }
            Ok(Shape::List { names, others })
        }
        Token::DictionaryOpen => dictionary(tokens, noticed, depth, CHOSEN.contains(&key)).map(|found| Shape::Dictionary(Box::new(found))),
        Token::DictionaryClose | Token::ArrayClose | Token::Word(_) => Ok(Shape::Other),
    }
}

fn dictionary(tokens: &mut Tokens<'_>, noticed: &mut Noticed, depth: usize, is_chosen: bool) -> Result<Dictionary, Stop> {
    let mut own = Dictionary::default();
    while let Some(token) = tokens.next().filter(|token| *token != Token::DictionaryClose) {
        let Token::Name(key) = token else {
            if ends(&token) {
                break;
            }
            // Not a key: a viewer would go on, too.
            below(token, tokens, noticed, depth + 1, b"")?;
            continue;
        };
        if !is_chosen {
            harmless(&NAMES, &key)?;
            harmless(&ENTRIES, &key)?;
        }
        let Some(token) = tokens.next() else { break };
        if token == Token::DictionaryClose {
            break;
        }
        let said = below(token, tokens, noticed, depth + 1, &key)?;
        own.take(&key, said, noticed)?;
    }
    Ok(own)
}

impl Dictionary {
    fn take(&mut self, key: &[u8], said: Shape, noticed: &mut Noticed) -> Result<(), Stop> {
        match key {
            b"OpenAction" => return opening(said, noticed),
            b"S" => self.action = Some(said),
            b"Next" => self.has_next = true,
            b"Type" => self.is_packed |= matches!(said, Shape::Name(name) if name == b"ObjStm"),
            b"First" => {
                self.is_packed = true;
                self.first = Some(said);
            }
            b"N" => self.count = Some(said),
            b"Filter" => self.filter = Some(said),
            b"Predictor" => self.has_predictor |= said != Shape::Whole(1),
            b"DecodeParms" | b"DP" => {
                self.is_scrambled |= match said {
                    Shape::Dictionary(inner) => inner.has_predictor,
                    Shape::Other => false,
                    _ => true,
                };
            }
            b"F" | b"FFilter" => self.is_scrambled = true,
            _ => {}
        }
        Ok(())
    }

    /// Whether it does nothing but go to a page.
    pub(super) fn only_goes(&self) -> bool {
        !self.has_next && matches!(&self.action, Some(Shape::Name(name)) if name == b"GoTo")
    }
}

/// What happens when the document is opened: it may go to a page, and nothing else.
fn opening(said: Shape, noticed: &mut Noticed) -> Result<(), Stop> {
    match said {
        Shape::Reference(object) => noticed.opened.push(object),
        Shape::List { .. } | Shape::Name(_) | Shape::Text(_) | Shape::Other => {}
        Shape::Dictionary(action) if action.only_goes() => {}
        Shape::Dictionary(_) | Shape::Whole(_) => return Err(Stop::Found(Fault::Automatic)),
    }
    Ok(())
}

fn harmless(list: &[(&[u8], Fault)], name: &[u8]) -> Result<(), Stop> {
    list.iter().find(|(known, _)| *known == name).map_or(Ok(()), |(_, fault)| Err(Stop::Found(*fault)))
}

/// Whether the object ends here although the value is not finished.
fn ends(token: &Token<'_>) -> bool {
    matches!(token, Token::Word(b"endobj" | b"stream" | b"endstream"))
}

/// Takes `0 R` behind a number.
fn reference(tokens: &mut Tokens<'_>) -> Option<()> {
    let mut ahead = tokens.clone();
    let is_one = matches!(ahead.next(), Some(Token::Whole(_))) && ahead.next() == Some(Token::Word(b"R"));
    is_one.then(|| *tokens = ahead)
}
