//! What a file is, by its content alone: the name it came under is often wrong and never needed.

use super::{
    FormatId, Unread, apple_health, codes, encoding, health_connect, insurance, measurements, table,
    tags::{self, Markup, Tag},
    tokutei::{CHECKUP_ELEMENT, OID_FAMILY, TOWN_FAMILIES},
    xml, zip,
};
use crate::{
    base::limits,
    terms::{Meaning, self_information_item},
};

/// How much of a text is looked at before it is called one thing or another.
const GLANCE: usize = 4096;
/// How many lines may stand above the columns of a table.
const GLANCE_LINES: usize = 24;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Detected {
    /// There is nothing in it.
    Empty,
    /// A document, or a part of one, of a format with a reader.
    Document(FormatId),
    /// A ZIP as institutions hand it out: results as `DATA/h*.xml`.
    CheckupArchive,
    /// Some other ZIP; it may still hold documents we read.
    Zip,
    /// A picture that may show QR codes: PNG or JPEG.
    Picture,
    /// Something we recognise and do not read, or do not recognise.
    NotRead(Unread),
}

/// What `bytes` are. Never fails: what nothing is known about is [`Unread::Unknown`].
pub fn detect(bytes: &[u8]) -> Detected {
    if let Some(found) = by_signature(bytes) {
        return found;
    }
    let glance = encoding::glance(bytes, GLANCE);
    let head = glance.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    match head.chars().next() {
        None if bytes.len() <= GLANCE => Detected::Empty,
        Some('<') => by_markup(bytes, head),
        Some('{' | '[') => by_keys(bytes, head),
        _ => by_words(bytes, head),
    }
}

const fn document(format: FormatId) -> Detected {
    Detected::Document(format)
}

fn by_signature(bytes: &[u8]) -> Option<Detected> {
    let unread = match bytes {
        [] => return Some(Detected::Empty),
        [b'P', b'K', 3 | 5, 4 | 6, ..] => {
            return Some(if zip::holds_checkups(bytes) { Detected::CheckupArchive } else { Detected::Zip });
        }
        [0x89, b'P', b'N', b'G', ..] | [0xFF, 0xD8, 0xFF, ..] => return Some(Detected::Picture),
        [b'G', b'I', b'F', b'8', ..] | [b'B', b'M', _, _, _, _, 0, 0, ..] => Unread::Picture,
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Unread::Picture,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Unread::Picture,
        [_, _, _, _, b'f', b't', b'y', b'p', b'h' | b'm' | b'a', b'e' | b'i' | b'v', ..] => Unread::Picture,
        _ if bytes.starts_with(b"age-encryption.org/v1") => Unread::TechoArchive,
        _ if bytes.starts_with(b"-----BEGIN AGE ENCRYPTED FILE-----") => Unread::TechoArchive,
        _ if is_tar_of(bytes, b"techo-archive.json") => Unread::TechoArchive,
        // A PDF may have some bytes before its mark.
        _ if bytes.get(..1024).unwrap_or(bytes).windows(5).any(|window| window == b"%PDF-") => return Some(document(FormatId::Pdf)),
        _ => return None,
    };
    Some(Detected::NotRead(unread))
}

/// Whether the first entry of a tar has this name. Tar names its kind at byte 257.
fn is_tar_of(bytes: &[u8], name: &[u8]) -> bool {
    let mark = bytes.get(257..262) == Some(b"ustar");
    let first = bytes.get(..100).and_then(|field| field.split(|byte| *byte == 0).next());
    mark && first.is_some_and(|found| found.strip_prefix(b"./").unwrap_or(found) == name)
}

fn by_markup(bytes: &[u8], head: &str) -> Detected {
    let lower = head.get(..256.min(head.len())).map(str::to_ascii_lowercase).unwrap_or_default();
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
        return Detected::NotRead(Unread::Html);
    }
    if apple_health::is_export(bytes) {
        return document(FormatId::AppleHealth);
    }
    // The whole text is needed: where the tell-tale stands is the writer's choice.
    let text = xml::text(bytes).unwrap_or(std::borrow::Cow::Borrowed(head));
    let Some((root, tags)) = tags::opening(&text) else { return Detected::NotRead(Unread::OtherXml) };
    let unread = match root.name {
        "ClinicalDocument" if is_guidance(tags) => Unread::CheckupClaims,
        "ClinicalDocument" if text.contains(OID_FAMILY) => return document(FormatId::Tokutei),
        "ClinicalDocument" if TOWN_FAMILIES.iter().any(|family| text.contains(family)) => return document(FormatId::Tokutei),
        "ClinicalDocument" => Unread::OtherCda,
        "html" => Unread::Html,
        "svg" => Unread::Svg,
        "checkupClaim" | "healthGuidanceClaim" => Unread::CheckupClaims,
        "index" | "summary" if is_of_the_archive(&root) => Unread::CheckupClaims,
        _ if root.attributes.contains("http://hl7.org/fhir") => Unread::OtherFhir,
        // A message can hold medicines and checkups; the reader of medicines reads both.
        name if insurance::is_layout(name, &text) => return document(FormatId::InsuranceXml),
        _ if text.contains(CHECKUP_ELEMENT) => return document(FormatId::Tokutei),
        _ => Unread::OtherXml,
    };
    Detected::NotRead(unread)
}

/// Report kinds 21–25 are 特定保健指導, written as the same kind of document.
fn is_guidance(tags: tags::Tags<'_>) -> bool {
    let mut depth = 0_usize;
    for markup in tags {
        match markup {
            Markup::Open(tag) => {
                if depth == 0 && tag.name == "code" {
                    return matches!(tags::raw_attribute(&tag, "code"), Some("21" | "22" | "23" | "24" | "25"));
                }
                if depth == 0 && tag.name == "recordTarget" {
                    return false;
                }
                depth += usize::from(!tag.is_empty);
            }
            Markup::Close => depth = depth.saturating_sub(1),
            Markup::Skipped => {}
            Markup::Doctype(_) | Markup::Unfinished => return false,
        }
    }
    false
}

/// The archive's own files share a namespace that names the ministry; older ones were called 特定健診 in Latin letters.
fn is_of_the_archive(root: &Tag<'_>) -> bool {
    ["mhlw.go.jp", "tokuteikenshin"].iter().any(|owner| root.attributes.contains(owner))
}

fn by_keys(bytes: &[u8], head: &str) -> Detected {
    // Real documents name their kind at the very beginning or behind one long value.
    let whole = if bytes.len() > GLANCE && bytes.len() <= limits::DOCUMENT_BYTES { encoding::decode(bytes, None) } else { None };
    let mut keys = Keys::new(whole.as_deref().unwrap_or(head));
    let (mut has_url, mut has_key, mut has_files) = (false, false, false);
    // Mynaportal answers by municipality, and for each by the names of what is asked.
    let (mut answers, mut others) = (0_usize, 0_usize);
    // A record that a person saved by itself, or a list of them, has names of items where an answer has municipalities.
    let (mut items, mut foreign) = (0_usize, 0_usize);
    while let Some(key) = keys.next_key() {
        if is_japanese(key) && holds_japanese_keys(keys.rest) {
            answers += 1;
        } else {
            others += 1;
        }
        if is_japanese(key) {
            items += usize::from(is_item(key));
        } else {
            foreign += 1;
        }
        match key {
            "techo_entry" => return document(FormatId::Entry),
            "resourceType" => return document(FormatId::Fhir),
            // `vc` is what a signed card holds; the card reader says that the signature is missing.
            "verifiableCredential" | "vc" => return document(FormatId::HealthCard),
            "url" => has_url = true,
            "key" => has_key = true,
            "files" => has_files = true,
            _ => {}
        }
    }
    if answers > 0 && others == 0 && head.starts_with('{') {
        return document(FormatId::SelfInformation);
    }
    if items > 1 && foreign == 0 {
        return document(FormatId::SelfInformation);
    }
    if health_connect::looks_like(head) {
        return document(FormatId::HealthConnect);
    }
    let is_link = (has_url && has_key) || (has_files && head.contains("contentType"));
    Detected::NotRead(if is_link { Unread::HealthLink } else { Unread::OtherJson })
}

/// Whether a key, as written in JSON, has a letter of Japanese.
fn is_japanese(key: &str) -> bool {
    let is_letter =
        |c: char| matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FF9F}');
    let escaped = key.split("\\u").skip(1).filter_map(|code| u32::from_str_radix(code.get(..4)?, 16).ok().and_then(char::from_u32));
    key.chars().chain(escaped).any(is_letter)
}

/// Whether a key, as written in JSON, names an item of somebody's health, and not just whom something is about.
fn is_item(key: &str) -> bool {
    let meaning = if key.contains("\\u") {
        serde_json::from_str::<String>(&format!("\"{key}\"")).ok().and_then(|key| self_information_item(&key))
    } else {
        self_information_item(key)
    };
    !matches!(
        meaning.map(|(meaning, _)| meaning),
        None | Some(Meaning::Name | Meaning::Kana | Meaning::Born | Meaning::Sex | Meaning::Withheld | Meaning::Somebody | Meaning::Same)
    )
}

/// Whether what follows a key is an object that is empty, or whose first key is Japanese too.
fn holds_japanese_keys(behind: &str) -> bool {
    let value = behind.trim_start().strip_prefix(':').map(str::trim_start);
    // PMH's parts and saved tables are lists of records.
    let value = value.map(|value| value.strip_prefix('[').map_or(value, str::trim_start));
    let Some(inside) = value.and_then(|value| value.strip_prefix('{')).map(str::trim_start) else { return false };
    match inside.strip_prefix('"') {
        Some(key) => is_japanese(key.split('"').next().unwrap_or_default()),
        None => inside.starts_with('}'),
    }
}

fn by_words(bytes: &[u8], head: &str) -> Detected {
    let is_prefix = |prefix: &str| head.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    if is_prefix("JAHISTC") {
        return document(FormatId::JahisTc);
    }
    if is_prefix("JAHIS") && head.chars().nth(5).is_some_and(|c| c.is_ascii_digit()) {
        return Detected::NotRead(Unread::JahisPrescription);
    }
    if is_prefix(codes::MARK) {
        return document(FormatId::HandOverCodes);
    }
    let first_line = head.lines().next().unwrap_or_default();
    if is_prefix("shc:/") || first_line.contains("/SMARTHealthCard/#") || is_card(first_line) {
        return document(FormatId::HealthCard);
    }
    if first_line.contains("shlink:/") {
        return Detected::NotRead(Unread::HealthLink);
    }
    // The names of columns are Japanese, in whatever encoding, so the glance alone does not show them.
    if first_line.contains([',', '\t', ';']) || head.lines().take(GLANCE_LINES).any(|line| line.contains([',', '\t', ';'])) {
        let text = encoding::decode(bytes, None);
        let head = text.as_deref().map(|text| text.char_indices().nth(GLANCE).map_or(text, |(end, _)| text.get(..end).unwrap_or(text)));
        if head.is_some_and(table::is_layout) {
            return document(FormatId::Table);
        }
    }
    let is_readable = |c: char| !c.is_control() || matches!(c, '\t' | '\r' | '\n' | '\u{1A}');
    let strange = head.chars().filter(|c| !is_readable(*c)).count();
    if strange == 0 && measurements::looks_like(bytes) {
        return document(FormatId::Measurements);
    }
    // Shift_JIS looked at as UTF-8 is full of replacements, but holds no control characters.
    Detected::NotRead(if strange == 0 && !head.is_empty() { Unread::OtherText } else { Unread::Unknown })
}

/// A bare compact JWS whose header is a health card's: three base64url pieces, signed and deflated.
fn is_card(line: &str) -> bool {
    use base64::Engine as _;
    let mut pieces = line.trim().split('.');
    let header = pieces.next().filter(|piece| piece.starts_with("eyJ"));
    let decoded = header.and_then(|header| base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(header).ok());
    let rest: Vec<&str> = pieces.collect();
    // The glance may end inside the payload, before the second dot.
    let is_signed = !rest.is_empty() && rest.len() <= 2;
    is_signed
        && decoded.is_some_and(|header| {
            header.windows(5).any(|window| window == b"\"alg\"") && !header.windows(5).any(|window| window == b"\"enc\"")
        })
}

/// The keys of the outermost JSON object (or of the first object in an outermost array), found in one linear pass that
/// neither builds nor recurses.
struct Keys<'a> {
    rest: &'a str,
    depth: usize,
    /// The depth of the object looked at.
    level: usize,
    expects_key: bool,
}

impl<'a> Keys<'a> {
    fn new(text: &'a str) -> Self {
        let rest = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
        let level = if rest.starts_with('[') { 2 } else { 1 };
        Self { rest, depth: 0, level, expects_key: false }
    }

    fn next_key(&mut self) -> Option<&'a str> {
        loop {
            let at = self.rest.find(['{', '}', '[', ']', '"', ',', ':'])?;
            let mark = self.rest.as_bytes().get(at).copied()?;
            self.rest = self.rest.get(at + 1..)?;
            match mark {
                b'{' | b'[' => {
                    self.depth += 1;
                    self.expects_key = self.depth == self.level;
                }
                b'}' | b']' => {
                    self.depth = self.depth.checked_sub(1)?;
                    if self.depth < self.level {
                        return None;
                    }
                }
                b',' => self.expects_key = self.depth == self.level,
                b'"' => {
                    let end = string_end(self.rest)?;
                    let text = self.rest.get(..end)?;
                    self.rest = self.rest.get(end + 1..)?;
                    if std::mem::take(&mut self.expects_key) && self.depth == self.level {
                        return Some(text);
                    }
                }
                _ => {}
            }
        }
    }
}

/// Where the quote stands that ends a string.
fn string_end(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    text.bytes().position(|byte| {
        let ends = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        ends
    })
}

#[cfg(test)]
mod tests;
