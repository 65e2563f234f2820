//! Full-text search in Japanese. FTS5's own tokenizers find nothing for 血圧 or 尿酸: trigram needs three characters and
//! unicode61 needs spaces. So the text is folded and cut into overlapping pairs, and a word is searched as a phrase.

use std::collections::HashSet;

use rusqlite::Connection;

use super::{VaultError, ids::EventId, people::PersonRow};
use crate::{
    base::fold,
    record::{Body, Concept, Event, Fact, Value},
};

/// Stands before a person's number in the index, so that a search in one person's records never walks another's.
const PERSON_MARK: char = '\u{E000}';
/// Stands for a decimal point between digits, since the index's tokenizer cuts at ASCII punctuation.
const POINT: char = '\u{E001}';

/// What a person typed, ready to be searched.
#[derive(Debug)]
pub(super) struct Query {
    /// Each word, folded.
    pub(super) words: Vec<String>,
    expression: String,
}

impl Query {
    /// The query for `text` in one person's records or everybody's; none when it holds nothing to search for.
    pub(super) fn new(text: &str, person: Option<PersonRow>) -> Option<Self> {
        let words: Vec<String> = fold(text).split(' ').filter(|word| word.chars().any(char::is_alphanumeric)).map(str::to_owned).collect();
        let mut phrases: Vec<String> = words.iter().flat_map(|word| pieces(word)).map(|piece| phrase(&piece)).collect();
        if phrases.is_empty() {
            return None;
        }
        phrases.extend(person.map(|person| format!("\"{PERSON_MARK}{person}\"")));
        Some(Self { words, expression: phrases.join(" AND ") })
    }

    /// The expression for the index.
    pub(super) fn expression(&self) -> &str {
        &self.expression
    }
}

/// Indexes an event.
pub(super) fn add(tx: &Connection, id: EventId, person: PersonRow, event: &Event) -> Result<(), VaultError> {
    tx.prepare_cached("INSERT INTO event_words (rowid, words) VALUES (?1, ?2)")?.execute((id.0, tokens(person, event)))?;
    Ok(())
}

/// Takes an event out of the index. The index holds no text, so it must be told the very words it was given.
pub(super) fn remove(tx: &Connection, id: EventId, person: PersonRow, event: &Event) -> Result<(), VaultError> {
    tx.prepare_cached("INSERT INTO event_words (event_words, rowid, words) VALUES ('delete', ?1, ?2)")?
        .execute((id.0, tokens(person, event)))?;
    Ok(())
}

/// The folded words of a fact, a line each: what it is called, what it says, who says it.
pub(super) fn folded(fact: &Fact) -> String {
    let mut lines = Vec::with_capacity(6);
    let mut put = |text: &str| {
        let line = fold(text);
        if !line.is_empty() && !lines.contains(&line) {
            lines.push(line);
        }
    };
    put(&fact.title);
    put(fact.kind.japanese());
    concept_words(&fact.concept, &mut put);
    fact.said_by.as_deref().into_iter().for_each(&mut put);
    match &fact.body {
        Body::Observation(observation) => {
            match &observation.value {
                Value::Number { decimal, .. } => put(decimal.as_str()),
                Value::Coded { choice, meaning, .. } => {
                    concept_words(choice, &mut put);
                    meaning.as_deref().into_iter().for_each(&mut put);
                }
                Value::Text(text) => put(text),
                Value::Absent { detail, .. } => detail.as_deref().into_iter().for_each(&mut put),
                Value::Between { .. } => {}
            }
            observation.notes.iter().map(String::as_str).for_each(&mut put);
        }
        Body::Vaccination(dose) => {
            dose.lot.iter().chain(&dose.manufacturer).chain(&dose.notes).map(String::as_str).for_each(&mut put);
            dose.targets.iter().for_each(|target| concept_words(target, &mut put));
        }
        Body::Medication(medicine) => {
            medicine
                .generic
                .iter()
                .chain(&medicine.ingredients)
                .chain(&medicine.usage)
                .for_each(|concept| concept_words(concept, &mut put));
            medicine.prescriber.iter().chain(&medicine.notes).map(String::as_str).for_each(&mut put);
        }
        Body::Condition(condition) => condition.notes.iter().map(String::as_str).for_each(&mut put),
        Body::Allergy(allergy) => allergy.reactions.iter().chain(&allergy.notes).map(String::as_str).for_each(&mut put),
        Body::Procedure(procedure) => {
            procedure.body_sites.iter().chain(&procedure.reasons).for_each(|concept| concept_words(concept, &mut put));
            procedure.notes.iter().map(String::as_str).for_each(&mut put);
        }
        Body::Expense(expense) => expense.class.iter().chain(&expense.notes).map(String::as_str).for_each(&mut put),
        Body::Narrative(narrative) => {
            put(&narrative.text);
            narrative.attachments.iter().filter_map(|attachment| attachment.title.as_deref()).for_each(&mut put);
        }
        Body::Note(text) | Body::Raw(text) => put(text),
    }
    lines.join("\n")
}

fn concept_words(concept: &Concept, put: &mut impl FnMut(&str)) {
    concept.text.as_deref().into_iter().for_each(&mut *put);
    for coding in &concept.codings {
        coding.display.as_deref().into_iter().for_each(&mut *put);
    }
}

/// The folded words of an event itself.
pub(super) fn folded_event(title: &str, place: Option<&str>) -> String {
    format!("{}\n{}", fold(title), place.map(fold).unwrap_or_default())
}

fn tokens(person: PersonRow, event: &Event) -> String {
    let mut out = format!("{PERSON_MARK}{person}");
    let mut seen = HashSet::new();
    let mut put = |lines: &str| {
        for line in lines.lines() {
            for piece in pieces(line) {
                // A word that repeats within an event says nothing new, and the index is what an import waits for.
                if seen.contains(&piece) {
                    continue;
                }
                for pair in pairs(&piece) {
                    out.push(' ');
                    out.push_str(&pair);
                }
                seen.insert(piece);
            }
        }
    };
    put(&folded_event(&event.title, event.place.as_deref()));
    for fact in &event.facts {
        put(&folded(fact));
    }
    out
}

/// Runs of letters and digits; a decimal point inside digits belongs to the number.
fn pieces(folded: &str) -> Vec<String> {
    let characters: Vec<char> = folded.chars().collect();
    let digit_at = |index: Option<usize>| index.and_then(|index| characters.get(index)).is_some_and(char::is_ascii_digit);
    let mut found = vec![String::new()];
    for (index, character) in characters.iter().enumerate() {
        let joins = *character == '.' && digit_at(index.checked_sub(1)) && digit_at(index.checked_add(1));
        match found.last_mut() {
            Some(piece) if joins => piece.push(POINT),
            Some(piece) if character.is_alphanumeric() || *character == 'ー' => piece.push(*character),
            _ => found.push(String::new()),
        }
    }
    found.retain(|piece| !piece.is_empty());
    found
}

/// Overlapping pairs, and the last character by itself so that a search for one character can begin anywhere.
fn pairs(piece: &str) -> Vec<String> {
    let characters: Vec<char> = piece.chars().collect();
    let mut out: Vec<String> = characters.windows(2).map(|pair| pair.iter().collect()).collect();
    out.extend(characters.last().map(char::to_string));
    out
}

fn phrase(piece: &str) -> String {
    let characters: Vec<char> = piece.chars().collect();
    if let [single] = characters.as_slice() {
        return format!("\"{single}\" *");
    }
    let pairs: Vec<String> = characters.windows(2).map(|pair| pair.iter().collect()).collect();
    format!("\"{}\"", pairs.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_into_pairs_and_searched_as_a_phrase() {
        assert_eq!(pairs("最高血圧"), ["最高", "高血", "血圧", "圧"]);
        let expression = |text| Query::new(text, None).map(|query| query.expression().to_owned());
        assert_eq!(expression("血圧").as_deref(), Some("\"血圧\""));
        assert_eq!(expression("コレステロール").as_deref(), Some("\"これ れす すて てろ ろー ーる\""));
        assert_eq!(expression("血").as_deref(), Some("\"血\" *"));
        assert_eq!(expression("γ-ＧＴＰ").as_deref(), Some("\"γ\" * AND \"gt tp\""));
        assert_eq!(expression("5.6").as_deref(), Some("\"5\u{E001} \u{E001}6\""));
    }

    #[test]
    fn signs_alone_search_for_nothing_and_cannot_break_the_expression() {
        assert!(Query::new("\"*:^(", None).is_none() && Query::new("", None).is_none());
        let query = Query::new("a\" OR b NEAR(c", None);
        assert_eq!(
            query.map(|query| query.expression().to_owned()).as_deref(),
            Some("\"a\" * AND \"or\" AND \"b\" * AND \"ne ea ar\" AND \"c\" *")
        );
    }
}
