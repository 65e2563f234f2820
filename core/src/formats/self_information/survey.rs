//! One walk over an answer: which value belongs to which entry, whom it speaks of, what is refused. Reading, grouping and
//! trimming all look at this, so that they cannot disagree.
//!
//! The borders of an entry depend on nothing but what is cut with it; else the rest would read differently afterwards.
//! A list's element that carries a date is an entry, with the objects in it. So is an object that carries one itself, where
//! nothing around it does. All that a group, or an undated element, says outside of such entries is one more.

use std::collections::HashMap;

use super::{
    document::{self, Document, Wrapping},
    draft::{Draft, Leaf},
    here::{Here, Mark, Marks, PartMark, Path, inside, short},
    members::{Members, day_of, is_fhir, is_pair, is_record, sex},
    my_number, value,
};
use crate::{
    base::PartialDate,
    formats::{
        Fault, FormatError, Refusal, Unread,
        budget::Budget,
        json::{self, Content, Spanned},
    },
    record::{Event, Subject, When},
    terms::{Kind, Meaning, pmh_kind, self_information_item, self_information_kind},
};

/// How deep a text may be JSON in JSON.
const WRAPPED: usize = 4;

/// What the walk found.
#[derive(Default)]
pub(super) struct Survey {
    pub(super) groups: Vec<SeenGroup>,
    pub(super) entries: Vec<SeenEntry>,
    /// What belongs to whom, by where it begins.
    pub(super) marks: Marks,
    pub(super) subjects: Vec<(String, Subject)>,
    pub(super) refused: Vec<Refusal>,
    budget: Budget,
    drafts: Vec<Option<Draft>>,
    /// Kinds by name: very many entries bear the same few names.
    kinds: HashMap<String, Option<Kind>>,
}

/// One group.
pub(super) struct SeenGroup {
    pub(super) place: String,
    pub(super) municipality: String,
    pub(super) name: String,
    pub(super) kind: Option<Kind>,
}

/// One entry. It may have no events, where all it says is who somebody is.
pub(super) struct SeenEntry {
    pub(super) group: usize,
    pub(super) asked: Kind,
    pub(super) events: Vec<Event>,
    /// A value that could not be read: nobody knows what or which days it is about.
    pub(super) is_unread: bool,
}

impl Survey {
    /// Walks over an answer, or over a bare document.
    pub(super) fn of(bytes: &[u8]) -> Result<Self, FormatError> {
        let mut survey = Self::default();
        let mut marks = Marks::new();
        if document::looks_like_xml(bytes) {
            survey.bare(bytes, &mut marks)?;
        } else {
            let (tree, mark) = json::spanned(bytes)?;
            let text = std::str::from_utf8(bytes.get(mark..).unwrap_or_default()).unwrap_or_default();
            survey.answer(text, &tree, &mut marks)?;
        }
        survey.marks = marks;
        for (number, draft) in std::mem::take(&mut survey.drafts).into_iter().enumerate() {
            let Some(draft) = draft else { continue };
            let events = draft.events(&mut survey.refused);
            if let Some(entry) = survey.entries.get_mut(number) {
                entry.events.extend(events);
            }
        }
        Ok(survey)
    }

    /// An answer that is a document and nothing else.
    fn bare(&mut self, bytes: &[u8], marks: &mut Marks) -> Result<(), FormatError> {
        let here = self.begin_group(String::new(), String::new(), "document".to_owned(), "");
        let document = document::read_xml(bytes)?;
        marks.insert(0, self.parts(document, Wrapping::Bare, &here)?);
        Ok(())
    }

    fn answer(&mut self, text: &str, tree: &Spanned<'_>, marks: &mut Marks) -> Result<(), FormatError> {
        my_number::refuse(tree, "answer")?;
        let whole = |survey: &mut Self| survey.begin_group(String::new(), String::new(), "document".to_owned(), text);
        let members = match &tree.content {
            Content::Object(members) if !is_fhir(tree) && !is_record(members) => members,
            // A record, or a list of them, without anything around it.
            Content::Object(_) => {
                let here = whole(self);
                return self.value(tree, "", &here, marks);
            }
            Content::List(items) if items.iter().all(|item| matches!(item.content, Content::Object(_))) => {
                let here = whole(self);
                return self.value(tree, "", &here, marks);
            }
            Content::List(_) => return Err(FormatError::NotRead(Unread::OtherJson)),
            Content::Null | Content::Word(_) | Content::Text(_) => return Err(FormatError::NotRead(Unread::OtherJson)),
        };
        for (municipality, answered) in members {
            let place = short(municipality);
            // PMH and tables a person downloads name the kind where a municipality would stand.
            if pmh_kind(municipality).or_else(|| self_information_kind(municipality)).is_some() {
                let here = self.begin_group(String::new(), municipality.to_string(), place, text);
                self.value(answered, municipality, &here, marks)?;
                continue;
            }
            let Content::Object(groups) = &answered.content else {
                // Not the shape we know: all of it is one group without a name.
                let here = self.begin_group(municipality.to_string(), String::new(), place, text);
                self.value(answered, "", &here, marks)?;
                continue;
            };
            for (name, content) in groups {
                let here = self.begin_group(municipality.to_string(), name.to_string(), format!("{place}/{}", short(name)), text);
                self.value(content, name, &here, marks)?;
            }
        }
        Ok(())
    }

    fn begin_group<'a>(&mut self, municipality: String, name: String, place: String, text: &'a str) -> Here<'a> {
        let about = self_information_item(&name).map(|(meaning, _)| meaning);
        let is_birth = matches!(about, Some(Meaning::Birth));
        let is_somebody = is_birth || matches!(about, Some(Meaning::Somebody));
        let group = self.groups.len();
        let kind = pmh_kind(&name).or_else(|| self_information_kind(&name));
        self.groups.push(SeenGroup { place: place.clone(), municipality, name, kind });
        let entry = self.begin_entry(group, None, "");
        Here { text, group, entry, place, path: Path::default(), is_dated: false, is_somebody, is_birth, when: None, wrapped: 0 }
    }

    /// An entry of a group; `name` is that of the list or object it stands in, which may say more than the group's.
    fn begin_entry(&mut self, group: usize, day: Option<PartialDate>, name: &str) -> usize {
        let (kind, group_name) = self.groups.get(group).map_or((None, ""), |group| (group.kind, group.name.as_str()));
        let named = match self.kinds.get(name) {
            Some(known) => *known,
            None => *self.kinds.entry(name.to_owned()).or_insert(self_information_kind(name)),
        };
        // 健診結果 inside of 乳幼児健診 is no other checkup.
        let is_general = matches!(named, Some(Kind::Checkup | Kind::Laboratory));
        let is_own = named.is_some() && named != kind && !(is_general && kind.is_some());
        let kind = if is_own { named } else { kind.or(named) };
        let says_nothing = name.is_empty() || (self_information_item(name).is_some() && !is_own);
        let name = short(if says_nothing { group_name } else { name });
        self.entries.push(SeenEntry { group, asked: kind.unwrap_or(Kind::Other), events: Vec::new(), is_unread: false });
        self.drafts.push(Some(Draft::new(kind, name, day)));
        self.entries.len() - 1
    }

    fn value(&mut self, value: &Spanned<'_>, name: &str, here: &Here<'_>, marks: &mut Marks) -> Result<(), FormatError> {
        let mut belongs = |entry| drop(marks.insert(value.span.start, Mark::Entry(entry)));
        match &value.content {
            Content::Null => belongs(here.entry),
            Content::Word(words) => {
                belongs(here.entry);
                self.leaf(name, words, true, here)?;
            }
            Content::Text(text) if text.trim().is_empty() => belongs(here.entry),
            Content::Text(text) => {
                let mark = self.text(name, text, here)?;
                marks.insert(value.span.start, mark);
            }
            Content::List(items) if items.is_empty() => belongs(here.entry),
            Content::Object(members) if members.is_empty() => belongs(here.entry),
            Content::Object(_) if is_fhir(value) => {
                let written = here.text.get(value.span.clone()).unwrap_or_default();
                let mark = self.document(document::read_fhir(written), Wrapping::Text, here)?;
                marks.insert(value.span.start, mark);
            }
            Content::List(items) => self.list(items, name, here, marks)?,
            Content::Object(members) => self.nested(members, name, here, marks)?,
        }
        Ok(())
    }

    fn list(&mut self, items: &[Spanned<'_>], name: &str, here: &Here<'_>, marks: &mut Marks) -> Result<(), FormatError> {
        for (index, item) in items.iter().enumerate() {
            let mut own = Here { place: inside(&here.place, &format!("[{}]", index + 1)), ..here.clone() };
            let Content::Object(members) = &item.content else {
                self.value(item, name, &own, marks)?;
                continue;
            };
            if members.is_empty() || is_fhir(item) {
                self.value(item, name, &own, marks)?;
                continue;
            }
            if is_pair(members) {
                // One value of a table; the table is the entry.
                self.object(members, &own, marks)?;
                continue;
            }
            let day = day_of(members, true);
            if day.is_some() || !here.is_dated {
                own = Here {
                    entry: self.begin_entry(here.group, day, name),
                    path: Path::default(),
                    is_dated: day.is_some(),
                    when: None,
                    ..own
                };
                self.object(members, &own, marks)?;
            } else {
                self.nested(members, name, &own, marks)?;
            }
        }
        Ok(())
    }

    /// An object that is no entry of a list.
    fn nested(&mut self, members: &Members<'_>, name: &str, here: &Here<'_>, marks: &mut Marks) -> Result<(), FormatError> {
        let mut own = here.clone();
        let day = day_of(members, false);
        if day.is_some() && !here.is_dated {
            own = Here { entry: self.begin_entry(here.group, day, name), path: Path::default(), is_dated: true, ..own };
        } else if let Some(day) = day {
            let of_entry = self.drafts.get(here.entry).and_then(Option::as_ref).and_then(|draft| draft.day);
            own.when = (of_entry != Some(day)).then_some(When { day, time: None, until: None });
        }
        // The group's own object has no name of its own below the group.
        let is_group = self.groups.get(here.group).is_some_and(|group| group.place == here.place);
        if own.entry == here.entry && !is_group {
            own.path.push(name);
        }
        own.path.is_apart &= day.is_none();
        self.object(members, &own, marks)
    }

    fn object(&mut self, members: &Members<'_>, here: &Here<'_>, marks: &mut Marks) -> Result<(), FormatError> {
        if !here.is_somebody {
            self.subject(members, &here.place);
        }
        for (name, value) in members {
            let about = self_information_item(name).map(|(meaning, _)| meaning);
            let is_birth = here.is_birth || matches!(about, Some(Meaning::Birth));
            let is_somebody = here.is_somebody || is_birth || matches!(about, Some(Meaning::Somebody));
            let own = Here { place: inside(&here.place, &format!("/{}", short(name))), is_somebody, is_birth, ..here.clone() };
            self.value(value, name, &own, marks)?;
        }
        Ok(())
    }

    /// Whom the items of one object say it is about.
    fn subject(&mut self, members: &Members<'_>, place: &str) {
        let mut about = Subject::default();
        for (name, value) in members {
            let (Content::Text(words) | Content::Word(words)) = &value.content else { continue };
            let words = words.trim();
            if words.is_empty() {
                continue;
            }
            match self_information_item(name).map(|(meaning, _)| meaning) {
                Some(Meaning::Name | Meaning::Kana) => about.names.push(words.to_owned()),
                Some(Meaning::Born) => match value::date(words) {
                    Some((day, _)) => about.born = Some(day),
                    None => self.refuse(format!("{place}/{}", short(name)), Fault::Date),
                },
                Some(Meaning::Sex) => about.sex = sex(words),
                _ => {}
            }
        }
        if about != Subject::default() {
            self.subjects.push((place.to_owned(), about));
        }
    }

    /// A text: a document, JSON, or words.
    fn text(&mut self, name: &str, text: &str, here: &Here<'_>) -> Result<Mark, FormatError> {
        if let Some((wrapping, bytes)) = document::unwrap(text) {
            return self.document(document::read_xml(&bytes), wrapping, here);
        }
        if let Some(inner) = self.json(name, text, here)? {
            return Ok(inner);
        }
        self.leaf(name, text, false, here)?;
        Ok(Mark::Entry(here.entry))
    }

    /// A text that is JSON itself; none where it is words that begin with a bracket.
    fn json(&mut self, name: &str, text: &str, here: &Here<'_>) -> Result<Option<Mark>, FormatError> {
        let bare = text.trim_start();
        let is_object = bare.strip_prefix('{').is_some_and(|rest| rest.trim_start().starts_with(['"', '}']));
        if !is_object && !bare.starts_with('[') {
            return Ok(None);
        }
        if here.wrapped >= WRAPPED {
            let reason = FormatError::Limit { what: "nesting", place: here.place.clone() };
            return Ok(Some(self.unread(here, reason)));
        }
        let tree = match json::spanned(text.as_bytes()) {
            Ok((tree, _)) => tree,
            Err(reason) if is_object => {
                return Ok(Some(self.unread(here, reason.below(&here.place))));
            }
            Err(_) => return Ok(None),
        };
        my_number::refuse(&tree, &here.place)?;
        let own = Here { text: text.strip_prefix('\u{FEFF}').unwrap_or(text), wrapped: here.wrapped + 1, ..here.clone() };
        let mut marks = Marks::new();
        self.value(&tree, name, &own, &mut marks)?;
        Ok(Some(Mark::Json(marks)))
    }

    /// A document, read or refused. A 個人番号 in it stops everything.
    fn document(&mut self, read: Result<Document, FormatError>, wrapping: Wrapping, here: &Here<'_>) -> Result<Mark, FormatError> {
        match read {
            Ok(document) => self.parts(document, wrapping, here),
            Err(number @ FormatError::MyNumber { .. }) => Err(number.below(&here.place)),
            Err(reason) => Ok(self.unread(here, reason.below(&here.place))),
        }
    }

    /// A value that is refused. It is an entry of its own unless it stands in one with a day: nobody can say that it is
    /// what was consented to because something beside it is.
    fn unread(&mut self, here: &Here<'_>, reason: FormatError) -> Mark {
        self.refused.push(Refusal { place: here.place.clone(), reason });
        if here.is_dated {
            return Mark::Entry(here.entry);
        }
        let asked = self.entries.get(here.entry).map_or(Kind::Other, |entry| entry.asked);
        self.entries.push(SeenEntry { group: here.group, asked, events: Vec::new(), is_unread: true });
        self.drafts.push(None);
        Mark::Entry(self.entries.len() - 1)
    }

    fn parts(&mut self, document: Document, wrapping: Wrapping, here: &Here<'_>) -> Result<Mark, FormatError> {
        let below = |place: &str| format!("{}/{place}", here.place);
        self.subjects.extend(document.subjects.into_iter().map(|(place, about)| (below(&place), about)));
        self.refused.extend(
            document.refused.into_iter().map(|refusal| Refusal { place: below(&refusal.place), reason: refusal.reason.below(&here.place) }),
        );
        let mut marks = Vec::with_capacity(document.parts.len());
        for mut part in document.parts {
            for fact in part.events.iter_mut().flat_map(|event| &mut event.facts) {
                fact.at = below(&fact.at);
                self.budget.take(1, here.place.len(), &here.place)?;
            }
            marks.push(PartMark { entry: self.entries.len(), spans: part.spans, around: part.around });
            self.entries.push(SeenEntry { group: here.group, asked: part.asked, events: part.events, is_unread: false });
            self.drafts.push(None);
        }
        Ok(match marks.as_slice() {
            [] => Mark::Entry(here.entry),
            // Of one piece: there is nothing to cut inside.
            [whole] if whole.spans.is_empty() => Mark::Entry(whole.entry),
            _ => Mark::Document(wrapping, marks),
        })
    }

    fn leaf(&mut self, name: &str, words: &str, is_word: bool, here: &Here<'_>) -> Result<(), FormatError> {
        let leaf = Leaf::new(name, words.trim(), is_word, here);
        self.budget.take(1, leaf.copied(), &here.place)?;
        if let Some(Some(draft)) = self.drafts.get_mut(here.entry) {
            draft.leaves.push(leaf);
        }
        Ok(())
    }

    fn refuse(&mut self, place: String, fault: Fault) {
        self.refused.push(Refusal { reason: FormatError::Malformed { place: place.clone(), fault }, place });
    }
}
