//! Bounded XML: size, encoding, nesting and node count are checked in one linear pass before a tree is built, a document
//! type declaration is refused before anything could be expanded, and every error names its line.

use std::{borrow::Cow, collections::HashMap};

use roxmltree::{Document, Error, Node, NodeId, ParsingOptions};

use super::{
    Fault, FormatError, encoding, my_number,
    tags::{Markup, Tag, Tags, raw_attribute},
};
use crate::base::limits;

/// Most attributes of one element. roxmltree compares each with each.
const ATTRIBUTES: usize = 256;

/// The text of an XML document, without byte order mark and surrounding white space. Control characters that XML does not
/// allow are replaced by U+FFFD.
pub(crate) fn text(bytes: &[u8]) -> Result<Cow<'_, str>, FormatError> {
    if bytes.len() > limits::DOCUMENT_BYTES {
        return Err(FormatError::Limit { what: "size", place: "the file".to_owned() });
    }
    let declared = declared_encoding(bytes);
    let text = encoding::decode(bytes, declared.as_deref())
        .ok_or_else(|| FormatError::Malformed { place: "line 1".to_owned(), fault: Fault::Encoding })?;
    let text = match text {
        Cow::Borrowed(text) => Cow::Borrowed(trim(text)),
        Cow::Owned(text) => Cow::Owned(trim(&text).to_owned()),
    };
    if text.is_empty() {
        return Err(FormatError::Empty);
    }
    if text.contains(is_forbidden) { Ok(Cow::Owned(text.replace(is_forbidden, "\u{FFFD}"))) } else { Ok(text) }
}

/// The tree of a document. Its nesting is at most [`limits::NESTING`], so that walking it may recurse.
pub(crate) fn parse(text: &str) -> Result<Document<'_>, FormatError> {
    let outline = outline(text)?;
    let options = ParsingOptions { allow_dtd: false, nodes_limit: limits::XML_NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| fault(&error, text, &outline))
}

/// Refuses a document that carries a labelled 個人番号: as an element's or attribute's name, as the caption beside a value
/// or as the words before it. Looks closely only where twelve digits stand, which is nearly nowhere.
pub(crate) fn refuse_my_number(document: &Document<'_>) -> Result<(), FormatError> {
    let mut captions = Captions::default();
    for node in document.descendants() {
        let labelled = if node.is_text() {
            let text = node.text().unwrap_or_default();
            my_number::is_labelled_in(text)
                || (my_number::is_twelve_digits(text) && node.parent_element().is_some_and(|holder| captions.label(holder, None)))
        } else {
            node.attributes()
                .any(|attribute| my_number::is_twelve_digits(attribute.value()) && captions.label(node, Some(attribute.name())))
        };
        if labelled {
            let element = if node.is_element() { Some(node) } else { node.parent_element() };
            return Err(FormatError::MyNumber { place: element.map(path).unwrap_or_default() });
        }
    }
    Ok(())
}

/// Where an element stands, for example `ClinicalDocument/component/structuredBody/component[2]/section`. An index is given
/// where there are siblings of the same name.
pub(crate) fn path(node: Node<'_, '_>) -> String {
    let mut steps: Vec<String> = node.ancestors().filter(Node::is_element).map(step).collect();
    steps.reverse();
    steps.join("/")
}

/// The children with a local name.
pub(crate) fn children<'a, 'i: 'a>(node: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

/// The first child with a local name.
pub(crate) fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|child| child.is_element() && child.tag_name().name() == name)
}

/// The first element reached by local names, one level each.
pub(crate) fn descend<'a, 'i>(node: Node<'a, 'i>, names: &[&str]) -> Option<Node<'a, 'i>> {
    names.iter().try_fold(node, |node, name| child(node, name))
}

/// An attribute by local name, trimmed; none where it is blank.
pub(crate) fn attribute<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.attributes().find(|attribute| attribute.name() == name).map(|attribute| attribute.value().trim()).filter(|value| !value.is_empty())
}

/// All text below an element, pieces of different elements parted by a space, white space at the ends cut off; none where
/// nothing is left.
pub(crate) fn words(node: Node<'_, '_>) -> Option<String> {
    let mut pieces =
        node.descendants().filter(Node::is_text).filter_map(|text| text.text()).map(str::trim).filter(|piece| !piece.is_empty());
    let mut words = pieces.next()?.to_owned();
    for piece in pieces {
        words.push(' ');
        words.push_str(piece);
    }
    Some(words)
}

/// What the linear pass found out.
struct Outline {
    /// Whether elements or a tag are open at the end.
    is_unfinished: bool,
    /// Where the last markup begins.
    last_markup: usize,
}

fn outline(text: &str) -> Result<Outline, FormatError> {
    let mut tags = Tags::new(text);
    let (mut depth, mut nodes, mut is_unfinished) = (0_usize, 0_u32, false);
    let beyond = |what, tags: &Tags<'_>| Err(FormatError::Limit { what, place: line(text, tags.last) });
    while let Some(markup) = tags.next() {
        // Each tag may have a text before it.
        nodes = nodes.saturating_add(2);
        match markup {
            Markup::Open(tag) => {
                if !tag.is_empty {
                    depth += 1;
                }
                if depth > limits::NESTING {
                    return beyond("nesting", &tags);
                }
                if tag.attributes.len() > ATTRIBUTES && tag.attributes.bytes().filter(|byte| *byte == b'=').count() > ATTRIBUTES {
                    return beyond("nodes", &tags);
                }
            }
            Markup::Close => depth = depth.saturating_sub(1),
            Markup::Skipped => {}
            Markup::Doctype(at) => return Err(FormatError::Malformed { place: line(text, at), fault: Fault::Doctype }),
            Markup::Unfinished => is_unfinished = true,
        }
        if nodes > limits::XML_NODES {
            return beyond("nodes", &tags);
        }
    }
    Ok(Outline { is_unfinished: is_unfinished || depth > 0, last_markup: tags.last })
}

/// Truncated when the parser stumbled at the very end of a text that ends with something open; else broken.
fn fault(error: &Error, text: &str, outline: &Outline) -> FormatError {
    let malformed = |fault, place| FormatError::Malformed { place, fault };
    match error {
        Error::DtdDetected => return malformed(Fault::Doctype, "line 1".to_owned()),
        Error::NodesLimitReached | Error::AttributesLimitReached | Error::NamespacesLimitReached => {
            return FormatError::Limit { what: "nodes", place: "the document".to_owned() };
        }
        _ => {}
    }
    let at_the_end = matches!(error, Error::UnclosedRootNode | Error::UnexpectedEndOfStream | Error::NoRootNode);
    let position = error.pos();
    let last = text_position(text, outline.last_markup);
    let is_behind = (position.row, position.col) >= last && !matches!(error, Error::UnexpectedCloseTag(..));
    if outline.is_unfinished && (at_the_end || is_behind) {
        return malformed(Fault::Truncated, line(text, text.len()));
    }
    malformed(Fault::Syntax, format!("line {}:{}", position.row, position.col))
}

fn line(text: &str, at: usize) -> String {
    let (row, column) = text_position(text, at);
    format!("line {row}:{column}")
}

/// Row and column of a byte, both counted from 1, the column in characters.
fn text_position(text: &str, at: usize) -> (u32, u32) {
    let before = text.get(..at).unwrap_or(text);
    let row = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (u32::try_from(row).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
}

fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let head = encoding::glance(bytes, 400);
    let declaration = head.trim_start().strip_prefix("<?xml")?.split("?>").next()?;
    let tag = Tag { name: "xml", attributes: declaration, is_empty: false };
    raw_attribute(&tag, "encoding").map(str::to_owned)
}

// MS-DOS writers end a file with 0x1A, some with NUL.
fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{FEFF}' | '\u{1A}' | '\0'))
}

const fn is_forbidden(character: char) -> bool {
    matches!(character, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

fn step(node: Node<'_, '_>) -> String {
    let name = node.tag_name().name();
    let same = |sibling: &Node<'_, '_>| sibling.is_element() && sibling.tag_name().name() == name;
    let before = node.prev_siblings().skip(1).filter(same).count();
    let alone = before == 0 && !node.next_siblings().skip(1).any(|sibling| same(&sibling));
    if alone { name.to_owned() } else { format!("{name}[{}]", before + 1) }
}

/// Where a 個人番号 is captioned, looked up once an element, so that a document full of numbers costs no more.
#[derive(Default)]
struct Captions {
    among_children: HashMap<NodeId, bool>,
    in_table: HashMap<NodeId, bool>,
}

impl Captions {
    /// Whether the value in `holder` (its text, or the attribute `own`) is called a 個人番号 nearby.
    fn label(&mut self, holder: Node<'_, '_>, own: Option<&str>) -> bool {
        if is_named(holder, own) || own.is_some_and(my_number::is_label) {
            return true;
        }
        // The elements around it, and what stands beside it: <ItemName>個人番号</ItemName><DataValue>…</DataValue>.
        let mut around = holder.ancestors().filter(Node::is_element).skip(1).take(2);
        if around.clone().any(|node| is_named(node, None)) {
            return true;
        }
        let is_captioned = |node: Node<'_, '_>| is_named(node, None) || node.text().is_some_and(my_number::is_label);
        let beside = around.next().is_some_and(|parent| {
            let look = || parent.children().filter(Node::is_element).any(is_captioned);
            *self.among_children.entry(parent.id()).or_insert_with(look)
        });
        // In a table the caption may stand anywhere: beside it or above it.
        beside
            || holder.ancestors().find(|node| node.tag_name().name() == "table").is_some_and(|table| {
                let look = || table.descendants().filter(Node::is_text).any(|cell| cell.text().is_some_and(my_number::is_label));
                *self.in_table.entry(table.id()).or_insert_with(look)
            })
    }
}

/// Whether an element's name or one of its attributes other than `own` is a label.
fn is_named(node: Node<'_, '_>, own: Option<&str>) -> bool {
    my_number::is_label(node.tag_name().name())
        || node.attributes().any(|attribute| Some(attribute.name()) != own && my_number::is_label(attribute.value()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::string_slice, reason = "tests")]
    use super::*;

    fn fault_of(text: &str) -> Option<Fault> {
        match parse(text) {
            Err(FormatError::Malformed { fault, .. }) => Some(fault),
            _ => None,
        }
    }

    #[test]
    fn a_document_cut_anywhere_is_truncated_and_a_broken_one_is_broken() {
        let whole = "<a x=\"1\"><b>言葉 &amp; more</b><!-- note --><c y='2'/></a>";
        assert!(parse(whole).is_ok());
        for end in (1..whole.len()).filter(|end| whole.is_char_boundary(*end)) {
            assert_eq!(fault_of(&whole[..end]), Some(Fault::Truncated), "{}", &whole[..end]);
        }
        for broken in ["<a><b></a></b>", "<a x=1/>", "<a>&nbsp;</a>", "<a/><b/>", "<a x='1' x='2'/>", "< a/>", "</a>", "text"] {
            assert_eq!(fault_of(broken), Some(Fault::Syntax), "{broken}");
        }
    }

    #[test]
    fn a_document_type_is_refused_with_its_line_before_anything_is_expanded() {
        let laughs = "<?xml version='1.0'?>\n<!DOCTYPE lolz [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]>\n<lolz>&b;</lolz>";
        assert_eq!(parse(laughs).unwrap_err(), FormatError::Malformed { place: "line 2:1".to_owned(), fault: Fault::Doctype });
    }

    #[test]
    fn a_hundred_thousand_levels_are_refused_without_a_deep_stack() {
        let deep = "<a>".repeat(100_000);
        assert!(matches!(parse(&deep), Err(FormatError::Limit { what: "nesting", .. })));
        let attributes: Vec<String> = (0..300).map(|n| format!("b{n}=''")).collect();
        let wide = format!("<a {}/>", attributes.join(" "));
        assert!(matches!(parse(&wide), Err(FormatError::Limit { what: "nodes", .. })));
    }

    #[test]
    fn stray_control_characters_and_an_old_end_of_file_do_not_stop_the_reading() {
        let read = text(b"\xEF\xBB\xBF \r\n<a>x\x01y</a>\r\n\x1A").unwrap();
        assert_eq!(read, "<a>x\u{FFFD}y</a>");
        assert_eq!(text(b" \r\n\0"), Err(FormatError::Empty));
    }

    #[test]
    fn a_labelled_my_number_is_refused_with_its_place() {
        for (labelled, place) in [
            ("<a><myNumber>123456789012</myNumber></a>", "a/myNumber"),
            ("<a><b/><b マイナンバー='1234 5678 9012'/></a>", "a/b[2]"),
            ("<a><id root='1.2.3' extension='123456789012' assigningAuthorityName='個人番号'/></a>", "a/id"),
            ("<a><i><n>個人番号</n><v>１２３４５６７８９０１２</v></i></a>", "a/i/v"),
            ("<a><o><code displayName='個人番号'/><value>123456789012</value></o></a>", "a/o/value"),
            (
                "<a><table><tr><th>氏名</th><th>個人番号</th></tr><tr><td>x</td><td>123456789012</td></tr></table></a>",
                "a/table/tr[2]/td[2]",
            ),
            ("<a><p>個人番号：123456789012</p></a>", "a/p"),
            ("<a><個人番号><値>123456789012</値></個人番号></a>", "a/個人番号/値"),
        ] {
            let document = parse(labelled).unwrap();
            assert_eq!(refuse_my_number(&document), Err(FormatError::MyNumber { place: place.to_owned() }), "{labelled}");
        }
        for harmless in [
            "<a><time value='202405031015'/><id extension='123456789018'/></a>",
            "<a><p>個人番号は書かないでください</p><q>123456789018</q></a>",
            "<a><myNumber>ありません</myNumber></a>",
        ] {
            assert_eq!(refuse_my_number(&parse(harmless).unwrap()), Ok(()), "{harmless}");
        }
    }
}
