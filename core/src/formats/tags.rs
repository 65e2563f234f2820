//! A linear walk over the markup of a text: what is looked at before a tree is built, and how a document is recognised.

/// The name of the root element, its namespace as written, and the tags behind it: what a reader needs to know before it
/// reads. `None` when the text is no XML.
pub(crate) fn opening(text: &str) -> Option<(Tag<'_>, Tags<'_>)> {
    let mut tags = Tags::new(text);
    loop {
        match tags.next()? {
            Markup::Open(tag) => return Some((tag, tags)),
            // What a document type declares is not looked at; the parser refuses it.
            Markup::Skipped | Markup::Doctype(_) => {}
            Markup::Close | Markup::Unfinished => return None,
        }
    }
}

/// The value of an attribute in the raw text of a tag, by its name without prefix.
pub(crate) fn raw_attribute<'a>(tag: &Tag<'a>, name: &str) -> Option<&'a str> {
    let mut rest = tag.attributes;
    loop {
        let (key, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, behind) = after.get(1..)?.split_once(quote)?;
        let key = key.trim();
        if key.rsplit(':').next() == Some(name) {
            return Some(value);
        }
        rest = behind;
    }
}

/// One tag as written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tag<'a> {
    /// Name without prefix.
    pub(crate) name: &'a str,
    /// Everything behind the name.
    pub(crate) attributes: &'a str,
    /// Whether it closes itself.
    pub(crate) is_empty: bool,
}

/// What begins with `<`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Markup<'a> {
    /// A start tag or an empty element.
    Open(Tag<'a>),
    /// An end tag.
    Close,
    /// A comment, a CDATA section or a processing instruction.
    Skipped,
    /// A document type declaration, at this byte.
    Doctype(usize),
    /// The text ends inside a tag.
    Unfinished,
}

/// A linear walk over the markup of a text, without building anything.
#[derive(Clone, Debug)]
pub(crate) struct Tags<'a> {
    text: &'a str,
    /// Where the next search begins.
    position: usize,
    /// Where the markup found last begins.
    pub(crate) last: usize,
}

impl<'a> Tags<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, position: 0, last: 0 }
    }

    fn skip_to(&mut self, body: &'a str, from: usize, end: &str) -> Markup<'a> {
        match body.get(from..).and_then(|rest| rest.find(end)) {
            Some(found) => {
                self.position = self.last + from + found + end.len();
                Markup::Skipped
            }
            None => self.unfinished(),
        }
    }

    fn unfinished(&mut self) -> Markup<'a> {
        self.position = self.text.len();
        Markup::Unfinished
    }
}

impl<'a> Iterator for Tags<'a> {
    type Item = Markup<'a>;

    fn next(&mut self) -> Option<Markup<'a>> {
        self.last = self.position + self.text.get(self.position..)?.find('<')?;
        let body = self.text.get(self.last..)?;
        if body.starts_with("<!--") {
            return Some(self.skip_to(body, 4, "-->"));
        }
        if body.starts_with("<![CDATA[") {
            return Some(self.skip_to(body, 9, "]]>"));
        }
        if body.starts_with("<?") {
            return Some(self.skip_to(body, 2, "?>"));
        }
        // "<!-" at the end of a text that was cut.
        if body.len() < 9 && ["<!--", "<![CDATA[", "<!DOCTYPE"].iter().any(|whole| whole.starts_with(body)) {
            return Some(self.unfinished());
        }
        if body.starts_with("<!") {
            self.position = self.last + 2;
            return Some(Markup::Doctype(self.last));
        }
        let mut quote = None;
        let end = body.bytes().position(|byte| match (quote, byte) {
            (None, b'>') => true,
            (None, b'"' | b'\'') => {
                quote = Some(byte);
                false
            }
            (Some(open), _) if open == byte => {
                quote = None;
                false
            }
            _ => false,
        });
        let Some(inside) = end.and_then(|end| body.get(1..end)) else { return Some(self.unfinished()) };
        self.position = self.last + inside.len() + 2;
        if inside.starts_with('/') {
            return Some(Markup::Close);
        }
        let (inside, is_empty) = inside.strip_suffix('/').map_or((inside, false), |rest| (rest, true));
        let (name, attributes) = inside.split_once(|c: char| c.is_ascii_whitespace()).unwrap_or((inside, ""));
        Some(Markup::Open(Tag { name: name.rsplit(':').next().unwrap_or(name), attributes, is_empty }))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn an_attribute_is_found_in_a_raw_tag() {
        let (tag, _) = opening("<?xml version=\"1.0\"?><!-- c --><x:Root xmlns:x='urn:y' a = \"b\">").unwrap();
        assert_eq!((tag.name, raw_attribute(&tag, "a"), raw_attribute(&tag, "c")), ("Root", Some("b"), None));
    }
}
