//! A draft in words: what a file holds and whose it is, before anything of it is taken in. What is shown here is the
//! document's own word for it; nothing is stored.

use super::{Language, Trouble, TroubleKind, date_text, kind_name, reason_text, refusal_text};
use crate::{
    base::{PartialDate, PersonId},
    formats::FormatId,
    intake::{Draft, DraftDocument, DraftReading, DraftState, Fits, IntakeError},
    record::{Person, Sex},
    vault::{Vault, VaultError},
};

/// A file that was looked at, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftView {
    /// Its documents, in the order of the file.
    pub documents: Vec<DraftLine>,
    /// It is an archive of ours, with its own people.
    pub is_archive: bool,
    /// The one person of the vault whom every document fits; none where that cannot be told.
    pub person: Option<PersonId>,
    /// Whether there is anything to take in.
    pub can_take: bool,
    /// All of it in one sentence.
    pub summary: String,
}

/// One document of a draft, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftLine {
    /// Its name.
    pub name: String,
    /// Its format, in the person's language; none where it is of no format that is read.
    pub format: Option<&'static str>,
    /// Whom it claims to be about, and who of the vault that is.
    pub person_text: Option<String>,
    /// Who of the vault that is, where it is one.
    pub person: Option<PersonId>,
    /// In what it differs from the only person of the vault, or from whoever has the same name.
    pub differs: Option<String>,
    /// Who issued it, as received.
    pub source: Option<String>,
    /// From which day to which.
    pub days: Option<String>,
    /// Each kind with its records: `予防接種 3`.
    pub kinds: Vec<String>,
    /// All records.
    pub records: u32,
    /// Entries that could not be read: place and reason.
    pub refused: Vec<RefusedText>,
    /// The same document is here already, and under whose name.
    pub here: Option<String>,
    /// What the person must answer first: twelve digits that could be a My Number.
    pub question: Option<String>,
    /// That parts are missing, and which.
    pub waiting: Option<String>,
    /// Why it cannot be read.
    pub trouble: Option<Trouble>,
}

/// An entry that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedText {
    /// Where it stands, without any value in it.
    pub place: String,
    /// Why.
    pub reason: String,
}

/// A draft in words. *Quick*.
pub fn draft(vault: &Vault, draft: &Draft, language: Language) -> Result<DraftView, VaultError> {
    let people = vault.people()?;
    let teller = Teller { people: &people, name: draft.name(), language };
    let documents: Vec<DraftLine> = draft.documents().iter().map(|document| teller.line(document)).collect();
    let told: Vec<PersonId> = documents.iter().filter(|line| line.format.is_some()).filter_map(|line| line.person).collect();
    let person = told.first().copied().filter(|first| told.iter().all(|other| other == first));
    let summary = summary(draft, &documents, language);
    Ok(DraftView { is_archive: draft.is_archive(), person, can_take: draft.has_news(), summary, documents })
}

/// A format in the person's language.
pub const fn format_name(format: FormatId, language: Language) -> &'static str {
    match format {
        FormatId::Tokutei => language.pick("特定健診のXML", "checkup (特定健診 XML)"),
        FormatId::JahisTc => language.pick("電子版お薬手帳", "medicine notebook (JAHIS)"),
        FormatId::Fhir => language.pick("医療情報（FHIR）", "health record (FHIR)"),
        FormatId::HealthCard => language.pick("署名つき証明書（SMART Health Card）", "signed card (SMART Health Card)"),
        FormatId::SelfInformation => language.pick("マイナポータルの自己情報", "answer of Mynaportal"),
        FormatId::InsuranceXml => language.pick("医療保険情報のXML", "health insurance information (XML)"),
        FormatId::Entry => language.pick("手帳に書かれた1件", "something written in a notebook"),
        FormatId::Table => language.pick("表 (CSV)", "table (CSV)"),
        FormatId::AppleHealth => language.pick("Appleヘルスケアの書き出し", "Apple Health export"),
        FormatId::HealthConnect => language.pick("ヘルスコネクトの記録", "Health Connect records"),
        FormatId::Measurements => language.pick("測定値の表（CSV）", "table of measurements (CSV)"),
        FormatId::HandOverCodes => language.pick("引き渡し用QRコード", "hand-over QR codes"),
        FormatId::Pdf => language.pick("PDFの文書", "document (PDF)"),
        FormatId::PictureDocument => language.pick("画像の文書", "document (picture)"),
    }
}

struct Teller<'a> {
    people: &'a [Person],
    name: Option<&'a str>,
    language: Language,
}

impl Teller<'_> {
    fn line(&self, document: &DraftDocument) -> DraftLine {
        let language = self.language;
        let file = self.name.unwrap_or(language.pick("名前のないファイル", "a file without a name"));
        let mut line = DraftLine {
            name: document.member.as_ref().map_or_else(|| file.to_owned(), |member| format!("{file}: {member}")),
            format: document.format.map(|format| format_name(format, language)),
            person_text: None,
            person: None,
            differs: None,
            source: document.author.clone(),
            days: None,
            kinds: Vec::new(),
            records: 0,
            refused: Vec::new(),
            here: None,
            question: None,
            waiting: None,
            trouble: None,
        };
        match &document.state {
            DraftState::Ready(reading) => self.reading(&mut line, reading),
            DraftState::Waiting { missing, of } => line.waiting = Some(waiting_text(missing, *of, language)),
            DraftState::Archive => {}
            DraftState::Unreadable(error) => line.trouble = Some(Trouble::of_intake(&IntakeError::Format(error.clone()), language)),
        }
        line
    }

    fn reading(&self, line: &mut DraftLine, reading: &DraftReading) {
        let language = self.language;
        line.person_text = Some(self.person_text(reading));
        line.person = match &reading.fits {
            Fits::One(person) => Some(*person),
            Fits::Several(_) | Fits::Nobody | Fits::Unstated => None,
        };
        line.differs = self.differs(reading);
        line.source.clone_from(&reading.source);
        line.days = reading.days.map(|days| days_text(days, language));
        line.kinds = reading.kinds.iter().map(|(kind, count)| format!("{} {count}", kind_name(*kind, language))).collect();
        line.records = reading.records;
        let refused = reading.refused.iter();
        line.refused =
            refused.map(|refusal| RefusedText { place: refusal.place.clone(), reason: refusal_text(&refusal.reason, language) }).collect();
        line.here = reading.here.first().map(|(person, _)| {
            let name = self.people.iter().find(|known| known.id == *person).map_or("?", |known| known.name.as_str());
            match language {
                Language::Japanese => format!("前に取り込んだ書類です（{name} さん）。もう一度取り込んでも、何も増えません"),
                Language::English => format!("This document is here already ({name}); taking it in again adds nothing"),
            }
        });
        line.question = reading.digits.as_ref().map(|place| {
            let reason = reason_text(&IntakeError::PossibleMyNumber { place: place.clone() }, language);
            let todo = language.pick(
                "マイナンバーでないと確かめられたときだけ、取り込めます",
                "It can be taken in only if you have checked that they are no Individual Number (My Number)",
            );
            format!("{reason}{}{todo}", language.pick("。", ". "))
        });
    }

    /// Whom it names, and who of the vault that is.
    fn person_text(&self, reading: &DraftReading) -> String {
        let language = self.language;
        let subject = &reading.subject;
        let mut said: Vec<String> = subject.names.first().cloned().into_iter().collect();
        said.extend(subject.born.map(|born| match language {
            Language::Japanese => format!("{born} 生まれ"),
            Language::English => format!("born {born}"),
        }));
        said.extend(subject.sex.map(|sex| match sex {
            Sex::Male => language.pick("男", "male").to_owned(),
            Sex::Female => language.pick("女", "female").to_owned(),
        }));
        let said = said.join(language.pick("、", ", "));
        let names = |ids: &[PersonId]| {
            let names: Vec<&str> =
                self.people.iter().filter(|person| ids.contains(&person.id)).map(|person| person.name.as_str()).collect();
            names.join(language.pick("、", ", "))
        };
        match (&reading.fits, language) {
            (Fits::One(person), Language::Japanese) => format!("{said}（{} さんに合います）", names(&[*person])),
            (Fits::One(person), Language::English) => format!("{said} (fits {})", names(&[*person])),
            (Fits::Several(people), Language::Japanese) => format!("{said}（{} さんのどなたにも合います）", names(people)),
            (Fits::Several(people), Language::English) => format!("{said} (fits each of {})", names(people)),
            (Fits::Nobody, Language::Japanese) => format!("{said}（この手帳の人ではないようです）"),
            (Fits::Nobody, Language::English) => format!("{said} (nobody of this notebook)"),
            (Fits::Unstated, Language::Japanese) if said.is_empty() => "だれの書類か書かれていません".to_owned(),
            (Fits::Unstated, Language::English) if said.is_empty() => "It does not say whose it is".to_owned(),
            (Fits::Unstated, Language::Japanese) => format!("{said}（だれの書類か、これだけでは決められません）"),
            (Fits::Unstated, Language::English) => format!("{said} (that alone does not tell whose it is)"),
        }
    }

    /// In what it differs from whom it nearly fits: the namesake, or the only person there is.
    fn differs(&self, reading: &DraftReading) -> Option<String> {
        if reading.fits != Fits::Nobody {
            return None;
        }
        let namesake = self.people.iter().find(|person| reading.subject.name_matches(person) == Some(true));
        let person = namesake.or(match self.people {
            [only] => Some(only),
            _ => None,
        })?;
        let differs = reason_text(&IntakeError::NotThisPerson(reading.differs(person)), self.language);
        Some(match self.language {
            Language::Japanese => format!("{} さんと{differs}", person.name),
            Language::English => format!("compared with {}, {differs}", person.name),
        })
    }
}

fn days_text((first, last): (PartialDate, PartialDate), language: Language) -> String {
    let (from, until) = (date_text(Some(first), language), date_text(Some(last), language));
    if from == until {
        return from;
    }
    match language {
        Language::Japanese => format!("{from} から {until} まで"),
        Language::English => format!("{from} to {until}"),
    }
}

fn waiting_text(missing: &[u32], of: u32, language: Language) -> String {
    let numbers: Vec<String> = missing.iter().map(ToString::to_string).collect();
    match language {
        Language::Japanese => format!("{of} 枚に分かれた書類の一部です。{} 枚目がまだです", numbers.join("・")),
        Language::English => format!("Part of a document in {of} parts; still missing: {}", numbers.join(", ")),
    }
}

fn summary(draft: &Draft, documents: &[DraftLine], language: Language) -> String {
    if draft.is_archive() {
        let text = language.pick(
            "手帳の控え（アーカイブ）です。中の人と記録をすべて、いまの手帳に加えます",
            "A backup or archive of a notebook: all of its people and records are added to this one",
        );
        return text.to_owned();
    }
    if let [DraftLine { trouble: Some(trouble), .. }] = documents {
        return trouble.kind.what(language).to_owned();
    }
    let readable = documents.iter().filter(|line| line.trouble.is_none()).count();
    let records: u32 = documents.iter().map(|line| line.records).sum();
    let refused = documents.len() - readable + documents.iter().map(|line| line.refused.len()).sum::<usize>();
    let mut text = match (language, refused) {
        (Language::Japanese, 0) => format!("書類 {readable} 件、記録 {records} 件"),
        (Language::English, 0) => format!("{readable} documents, {records} records"),
        (Language::Japanese, _) => format!("書類 {readable} 件、記録 {records} 件、読めないもの {refused} 件"),
        (Language::English, _) => format!("{readable} documents, {records} records, {refused} that cannot be read"),
    };
    if readable > 0 && !draft.has_news() {
        text.push_str(language.pick("。すべて前に取り込んだものです", "; all of it is here already"));
    }
    text
}

impl DraftLine {
    /// Whether it could be taken in at all.
    pub fn is_readable(&self) -> bool {
        self.trouble.is_none()
    }

    /// All of it, a line each, in the order in which it is read out.
    pub fn lines(&self, language: Language) -> Vec<String> {
        let mut lines = vec![match self.format {
            Some(format) => format!("{} — {format}", self.name),
            None => self.name.clone(),
        }];
        let labelled = |japanese: &str, english: &str, text: &str| format!("{}: {text}", language.pick(japanese, english));
        lines.extend(self.person_text.iter().map(|text| labelled("だれの", "Whose", text)));
        lines.extend(self.differs.iter().cloned());
        lines.extend(self.source.iter().map(|text| labelled("出どころ", "Source", text)));
        lines.extend(self.days.iter().map(|text| labelled("いつの", "Days", text)));
        if !self.kinds.is_empty() {
            lines.push(labelled("中身", "Records", &self.kinds.join(language.pick("、", ", "))));
        }
        lines.extend(self.refused.iter().map(|refused| labelled("読めないもの", "Cannot be read", &refused.reason)));
        lines.extend(self.here.iter().chain(&self.question).chain(&self.waiting).cloned());
        lines.extend(self.trouble.iter().map(|trouble| trouble.text(language)));
        lines
    }
}

/// The kind of trouble that keeps all of a draft out; none where something of it can be taken in.
pub fn draft_trouble(view: &DraftView) -> Option<TroubleKind> {
    let first = view.documents.first()?.trouble.as_ref()?.kind;
    view.documents.iter().all(|line| line.trouble.is_some()).then_some(first)
}
