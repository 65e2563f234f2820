//! Cuts entries out of an answer by where they stand in its text. Everything that is left keeps its bytes.

use std::collections::HashMap;

use zeroize::Zeroizing;

use super::{
    Cut, Entry, Trimmed,
    document::{self, Decided, Wrapping},
    here::{Mark, Marks, PartMark},
    members::days_of,
    survey::{SeenGroup, Survey},
};
use crate::{
    formats::{
        FormatError,
        json::{self, Content, Spanned},
    },
    terms::Kind,
};

/// What is left where everything is cut.
const NOTHING: &[u8] = b"{}";

pub(super) fn trim(bytes: &[u8], keep: &mut dyn FnMut(&Entry<'_>) -> bool) -> Result<Trimmed, FormatError> {
    let survey = Survey::of(bytes)?;
    let mut sums = Sums::default();
    let decided = decide(&survey, keep, &mut sums);
    let Sums { cut, kept, .. } = sums;
    let whole = || Zeroizing::new(bytes.to_vec());
    if cut.is_empty() {
        return Ok(Trimmed { bytes: whole(), cut, kept });
    }
    let left = match survey.marks.get(&0) {
        Some(mark @ Mark::Document(Wrapping::Bare, _)) => of_bare(bytes, mark, &decided),
        Some(Mark::Entry(entry)) if document::looks_like_xml(bytes) && !decided.keeps(*entry) => Left::Nothing,
        _ if document::looks_like_xml(bytes) => Left::All,
        _ => {
            let (tree, mark) = json::spanned(bytes)?;
            let (before, text) = bytes.split_at_checked(mark).unwrap_or((&[], bytes));
            match of_value(&tree, std::str::from_utf8(text).unwrap_or_default(), &survey.marks, &decided) {
                Left::Changed(text) => Left::Changed(Zeroizing::new([before, text.as_slice()].concat())),
                other => other,
            }
        }
    };
    let bytes = match left {
        Left::All => whole(),
        Left::Nothing => Zeroizing::new(NOTHING.to_vec()),
        Left::Changed(text) => text,
    };
    Ok(Trimmed { bytes, cut, kept })
}

/// What was cut and what was kept so far.
#[derive(Default)]
struct Sums {
    cut: Vec<Cut>,
    kept: Vec<Cut>,
    /// Where the sum of a group and kind stands.
    places: HashMap<(bool, usize, Kind), usize>,
}

impl Sums {
    fn count(&mut self, is_kept: bool, number: usize, group: &SeenGroup, kind: Kind, entries: u32) {
        let list = if is_kept { &mut self.kept } else { &mut self.cut };
        let place = *self.places.entry((is_kept, number, kind)).or_insert(list.len());
        match list.get_mut(place) {
            Some(sum) => sum.entries = sum.entries.saturating_add(entries),
            None => list.push(Cut { municipality: group.municipality.clone(), group: group.name.clone(), kind, entries }),
        }
    }
}

/// For each entry, whether it is kept.
struct Decisions(Vec<bool>);

impl Decisions {
    fn keeps(&self, entry: usize) -> bool {
        self.0.get(entry).copied().unwrap_or(true)
    }
}

/// Asks for each entry that says something, and for each value that could not be read, of which no day is known. What says
/// nothing by itself (whom a group is about, an empty list) stays as long as anything of its group does; a group of nothing
/// else is asked for as a whole.
fn decide(survey: &Survey, keep: &mut dyn FnMut(&Entry<'_>) -> bool, sums: &mut Sums) -> Decisions {
    let mut decided = vec![None; survey.entries.len()];
    let mut groups: Vec<Option<bool>> = vec![None; survey.groups.len()];
    for (entry, decision) in survey.entries.iter().zip(&mut decided).filter(|(entry, _)| entry.is_unread || !entry.events.is_empty()) {
        let Some(group) = survey.groups.get(entry.group) else { continue };
        let days = days_of(&entry.events);
        let asked = Entry {
            municipality: &group.municipality,
            group: &group.name,
            kind: entry.asked,
            first_day: days.map(|(first, _)| first),
            last_day: days.map(|(_, last)| last),
            is_unread: entry.is_unread,
        };
        let is_kept = keep(&asked);
        sums.count(is_kept, entry.group, group, entry.asked, 1);
        *decision = Some(is_kept);
        if let Some(any) = groups.get_mut(entry.group) {
            *any = Some(any.unwrap_or(false) || is_kept);
        }
    }
    for (number, (group, any)) in survey.groups.iter().zip(&mut groups).enumerate().filter(|(_, (_, any))| any.is_none()) {
        let kind = group.kind.unwrap_or(Kind::Other);
        let (municipality, name) = (group.municipality.as_str(), group.name.as_str());
        let is_kept = keep(&Entry { municipality, group: name, kind, first_day: None, last_day: None, is_unread: false });
        sums.count(is_kept, number, group, kind, 0);
        *any = Some(is_kept);
    }
    let of_group = |group: usize| groups.get(group).copied().flatten().unwrap_or(true);
    Decisions(survey.entries.iter().zip(decided).map(|(entry, decision)| decision.unwrap_or_else(|| of_group(entry.group))).collect())
}

/// What is left of a value.
enum Left {
    All,
    Nothing,
    /// Its text, written anew around what is left.
    Changed(Zeroizing<Vec<u8>>),
}

fn of_value(value: &Spanned<'_>, text: &str, marks: &Marks, decided: &Decisions) -> Left {
    let of_entry = |entry: usize| if decided.keeps(entry) { Left::All } else { Left::Nothing };
    match (marks.get(&value.span.start), &value.content) {
        (Some(Mark::Entry(entry)), _) => of_entry(*entry),
        (Some(Mark::Json(inner)), Content::Text(written)) => {
            let Ok((tree, mark)) = json::spanned(written.as_bytes()) else { return Left::All };
            let text = written.get(mark..).unwrap_or_default();
            match of_value(&tree, text, inner, decided) {
                Left::Changed(left) => Left::Changed(quoted(&String::from_utf8_lossy(&left))),
                other => other,
            }
        }
        (Some(Mark::Document(wrapping, parts)), Content::Text(written)) => {
            let Some((_, bytes)) = document::unwrap(written) else { return Left::All };
            match of_document(&bytes, parts, decided) {
                Left::Changed(left) => document::wrap(*wrapping, &left).map_or(Left::Nothing, |text| Left::Changed(quoted(&text))),
                other => other,
            }
        }
        (_, Content::List(items)) => of_items(value, items.iter().map(|item| (item, of_value(item, text, marks, decided))), text),
        (_, Content::Object(members)) => {
            of_items(value, members.iter().map(|(_, item)| (item, of_value(item, text, marks, decided))), text)
        }
        (_, Content::Null | Content::Word(_) | Content::Text(_)) => Left::All,
    }
}

/// What is left of a list or an object. Between two commas everything stays or goes.
fn of_items<'a>(value: &Spanned<'_>, items: impl Iterator<Item = (&'a Spanned<'a>, Left)>, text: &str) -> Left {
    let slice = |from: usize, to: usize| text.get(from..to).unwrap_or_default().as_bytes();
    let inside = value.span.start.saturating_add(1)..value.span.end.saturating_sub(1);
    let (mut from, mut is_whole, mut any) = (inside.start, true, false);
    let mut out = Zeroizing::new(Vec::with_capacity(value.span.len()));
    out.extend_from_slice(slice(value.span.start, inside.start));
    for (item, left) in items {
        let rest = text.get(item.span.end..inside.end).unwrap_or_default();
        let to = rest.find(',').filter(|comma| rest.get(..*comma).is_some_and(|space| space.trim().is_empty()));
        let to = to.map_or(inside.end, |comma| item.span.end + comma);
        if any && !matches!(left, Left::Nothing) {
            out.push(b',');
        }
        match left {
            Left::All => out.extend_from_slice(slice(from, to)),
            Left::Changed(written) => {
                out.extend_from_slice(slice(from, item.span.start));
                out.extend_from_slice(&written);
                out.extend_from_slice(slice(item.span.end, to));
                (is_whole, any) = (false, true);
                from = to + 1;
                continue;
            }
            Left::Nothing => {
                is_whole = false;
                from = to + 1;
                continue;
            }
        }
        any = true;
        from = to + 1;
    }
    out.extend_from_slice(slice(inside.end, value.span.end));
    match (is_whole, any) {
        (true, _) => Left::All,
        (false, false) => Left::Nothing,
        (false, true) => Left::Changed(out),
    }
}

fn of_document(bytes: &[u8], parts: &[PartMark], decided: &Decisions) -> Left {
    let kept = parts.iter().filter(|part| decided.keeps(part.entry)).count();
    if kept == parts.len() {
        return Left::All;
    }
    if kept == 0 {
        return Left::Nothing;
    }
    let parts: Vec<Decided<'_>> =
        parts.iter().map(|part| Decided { spans: &part.spans, around: &part.around, is_kept: decided.keeps(part.entry) }).collect();
    // What cannot be cut is not handed over either.
    document::cut(bytes, &parts).map_or(Left::Nothing, |left| Left::Changed(Zeroizing::new(left)))
}

fn of_bare(bytes: &[u8], mark: &Mark, decided: &Decisions) -> Left {
    match mark {
        Mark::Document(_, parts) => of_document(bytes, parts, decided),
        Mark::Entry(_) | Mark::Json(_) => Left::All,
    }
}

/// A text as a JSON string.
fn quoted(text: &str) -> Zeroizing<Vec<u8>> {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    json::write_text(text, &mut out);
    Zeroizing::new(out.into_bytes())
}
