//! The words of a section. Systems often print the entries a second time there; the words are kept as a record of their own
//! only where they say something that no entry says. Lines about the insurance are left to the original.

use std::{collections::HashSet, fmt::Write as _};

use base64::Engine as _;
use roxmltree::Node;

use super::{header::Identifiers, value::concept};
use crate::{
    base::{Fingerprint, fold},
    formats::xml::{attribute, child, words},
    record::{Attachment, Body, Concept, Fact, Narrative, Observation, Standing, Value},
    terms::Kind,
};

/// Captions of tables of results; they say nothing of their own.
const CAPTIONS: &str = "検査項目名 項目コード 検査結果値 測定値 単位 基準値 基準範囲 判定 所見 問診結果 質問項目 回答 今回 前回 検査・問診結果セクション 特定健康診査 実施日 健診";
/// Most words looked for inside other words.
const SEARCHES: usize = 1000;
/// A line that speaks of these, with a number, is about the insurance.
const INSURANCE: [&str; 6] = ["保険者番号", "被保険者", "記号", "整理番号", "枝番", "受給者番号"];

/// The record of a section's words, if they say more than its entries.
pub(super) fn narrative(section: Node<'_, '_>, text: Node<'_, '_>, at: &str, said: &[Fact], identifiers: &Identifiers) -> Option<Fact> {
    let body = if attribute(text, "representation") == Some("B64") { attachment(text)? } else { plain(text, said, identifiers)? };
    let concept = child(section, "code").map(|code| concept(code, None)).unwrap_or_default();
    let title = child(section, "title").and_then(words).or_else(|| concept.label().map(str::to_owned));
    Some(Fact {
        kind: Kind::Document,
        title: title.unwrap_or_else(|| "本文".to_owned()),
        concept,
        when: None,
        body: Body::Narrative(body),
        at: at.to_owned(),
        said_by: None,
        standing: Standing::Understood,
    })
}

fn plain(text: Node<'_, '_>, said: &[Fact], identifiers: &Identifiers) -> Option<Narrative> {
    let mut whole = String::new();
    render(text, &mut whole);
    let is_about_insurance =
        |line: &str| identifiers.is_in(line) || (line.contains(char::is_numeric) && INSURANCE.iter().any(|caption| line.contains(caption)));
    let lines: Vec<&str> = whole.lines().map(str::trim).filter(|line| !line.is_empty() && !is_about_insurance(line)).collect();
    if lines.is_empty() {
        return None;
    }
    let entries = said_by_entries(said);
    let mut known: HashSet<&str> = entries.split(parts_words).collect();
    known.insert("");
    // A word inside a word is looked for in everything; a hostile document must not make that a habit.
    let mut searches = SEARCHES;
    let mut is_news = |token: &str| {
        if known.contains(token) {
            return false;
        }
        searches = searches.saturating_sub(1);
        searches == 0 || !entries.contains(token)
    };
    let says_more = lines.iter().any(|line| fold(line).split(parts_words).any(|token| is_news(token.trim_matches('.'))));
    says_more.then(|| Narrative { text: lines.join("\n"), ..Narrative::default() })
}

fn parts_words(character: char) -> bool {
    !character.is_alphanumeric() && character != '.'
}

fn attachment(text: Node<'_, '_>) -> Option<Narrative> {
    let compact: String = text.text()?.chars().filter(|c| !c.is_whitespace()).collect();
    let bytes = base64::engine::general_purpose::STANDARD.decode(compact).ok();
    Some(Narrative {
        attachments: vec![Attachment {
            content_type: attribute(text, "mediaType").map(str::to_owned),
            title: None,
            url: None,
            bytes: bytes.as_ref().and_then(|bytes| u64::try_from(bytes.len()).ok()),
            fingerprint: bytes.as_deref().map(Fingerprint::of),
        }],
        ..Narrative::default()
    })
}

/// Paragraphs, rows and items as lines, cells parted by a space.
fn render(node: Node<'_, '_>, out: &mut String) {
    if node.is_text() {
        let piece = node.text().unwrap_or_default();
        // The line ends of the markup mean nothing.
        for word in piece.split_whitespace() {
            if !out.is_empty() && !out.ends_with([' ', '\n']) {
                out.push(' ');
            }
            out.push_str(word);
        }
        return;
    }
    let name = node.tag_name().name();
    let is_line = matches!(name, "paragraph" | "p" | "tr" | "item" | "list" | "table" | "caption" | "br" | "title");
    if is_line {
        out.push('\n');
    }
    for child in node.children() {
        render(child, out);
    }
    if is_line {
        out.push('\n');
    } else if matches!(name, "td" | "th") {
        out.push(' ');
    }
}

/// Everything the entries say, folded: each record's title, value and unit side by side, so that 170.5cm is found.
fn said_by_entries(said: &[Fact]) -> String {
    let mut all = CAPTIONS.to_owned();
    for fact in said {
        let _ = write!(all, " {}", fact.title);
        concept_words(&fact.concept, &mut all);
        if let Body::Observation(observation) = &fact.body {
            observation_words(observation, &mut all);
        }
        if let Some(name) = &fact.said_by {
            let _ = write!(all, " {name}");
        }
    }
    fold(&all)
}

fn observation_words(observation: &Observation, all: &mut String) {
    match &observation.value {
        Value::Number { comparator, decimal } => {
            let _ = write!(all, " {}{decimal}", comparator.map_or("", crate::record::Comparator::sign));
        }
        Value::Between { low, high } => {
            for bound in [low, high].into_iter().flatten() {
                let _ = write!(all, " {bound}");
            }
        }
        Value::Coded { choice, meaning, .. } => {
            concept_words(choice, all);
            let _ = write!(all, " {}", meaning.as_deref().unwrap_or_default());
        }
        Value::Text(words) => {
            let _ = write!(all, " {words}");
        }
        Value::Absent { detail, .. } => {
            let _ = write!(all, " 未実施 測定不能 {}", detail.as_deref().unwrap_or_default());
        }
    }
    if let Some(unit) = &observation.unit {
        let _ = write!(all, "{} {}", unit.shown, unit.ucum.as_deref().unwrap_or_default());
    }
    for range in &observation.reference {
        for bound in [&range.low, &range.high].into_iter().flatten() {
            let _ = write!(all, " {bound}");
        }
        let _ = write!(all, " {}", range.text.as_deref().unwrap_or_default());
    }
    for concept in [&observation.interpretation, &observation.method, &observation.body_site].into_iter().flatten() {
        concept_words(concept, all);
    }
    for note in &observation.notes {
        let _ = write!(all, " {note}");
    }
}

fn concept_words(concept: &Concept, all: &mut String) {
    for coding in &concept.codings {
        let _ = write!(all, " {} {}", coding.code, coding.display.as_deref().unwrap_or_default());
    }
    let _ = write!(all, " {}", concept.text.as_deref().unwrap_or_default());
}
