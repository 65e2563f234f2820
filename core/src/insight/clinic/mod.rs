//! What is shown at a clinic: for which occasion which parts, how far back, and which quantities; or what the person chose
//! instead. Pure choice: it knows no records, and its table is our own and says so.

mod occasions;

use chrono::{Days, NaiveDate};

pub use occasions::{OCCASIONS_EDITION, Occasion, occasion, occasions};

use crate::{
    base::{PartialDate, fold},
    terms::{Kind, find_quantities},
};

/// A part of what can be shown, in the order it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// アレルギー・副作用 what must not be given.
    Allergies,
    /// 薬
    Medicines,
    /// 傷病名・感染症
    Conditions,
    /// 手術・処置
    Procedures,
    /// 検査・計測の値
    Results,
    /// 予防接種
    Vaccinations,
}

impl Part {
    /// Every part, in the order it is shown.
    pub const ALL: [Self; 6] = [Self::Allergies, Self::Medicines, Self::Conditions, Self::Procedures, Self::Results, Self::Vaccinations];

    /// The public id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Allergies => "allergies",
            Self::Medicines => "medicines",
            Self::Conditions => "conditions",
            Self::Procedures => "procedures",
            Self::Results => "results",
            Self::Vaccinations => "vaccinations",
        }
    }

    /// The Japanese name a person sees.
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::Allergies => "アレルギー・副作用",
            Self::Medicines => "薬",
            Self::Conditions => "病名・既往歴",
            Self::Procedures => "手術・処置",
            Self::Results => "検査・測定の値",
            Self::Vaccinations => "予防接種",
        }
    }

    /// The English name a person sees.
    pub const fn english(self) -> &'static str {
        match self {
            Self::Allergies => "Allergies and reactions",
            Self::Medicines => "Medicines",
            Self::Conditions => "Conditions",
            Self::Procedures => "Operations and procedures",
            Self::Results => "Results",
            Self::Vaccinations => "Vaccinations",
        }
    }

    /// The kinds of records that stand in it; of values none, which are found by what was measured.
    pub const fn kinds(self) -> &'static [Kind] {
        match self {
            Self::Allergies => &[Kind::Allergy],
            Self::Medicines => &[Kind::Medication, Kind::Prescription],
            Self::Conditions => &[Kind::Condition, Kind::Infection],
            Self::Procedures => &[Kind::Procedure],
            Self::Vaccinations => &[Kind::Vaccination],
            Self::Results => &[],
        }
    }

    /// The part of an id or a name in either language.
    pub fn read(text: &str) -> Option<Self> {
        let wanted = fold(text);
        Self::ALL.into_iter().find(|part| [part.id(), part.japanese(), part.english()].iter().any(|name| fold(name) == wanted))
    }
}

/// A part with how far back it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChosenPart {
    /// The part.
    pub part: Part,
    /// So many days back from the day of the showing; everything when none.
    pub days: Option<u32>,
}

/// What is to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// The occasion's id; none where the person chose all of it.
    pub occasion: Option<&'static str>,
    /// The parts, in the order they are shown.
    pub parts: Vec<ChosenPart>,
    /// Ids of the quantities whose values are shown.
    pub quantities: Vec<&'static str>,
    /// Only what happened on this day or later; the person's own word, which outranks how far back a part goes. Allergies
    /// are shown whenever they were noted.
    pub from: Option<PartialDate>,
    /// Only what happened on this day or earlier.
    pub until: Option<PartialDate>,
    /// Whether what is sensitive is shown: only by the person's explicit choice.
    pub sensitive: bool,
    /// Whether every dose is shown with product, lot and place.
    pub sheet: bool,
    /// Whether the QR code of the medicine notebook belongs to it.
    pub code: bool,
}

/// The person chose something that is neither a part nor a quantity; where it stands among what was chosen, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("item {0} is neither a part nor a quantity")]
pub struct UnknownItem(pub usize);

/// How far back medicines go where nobody says it.
pub const MEDICINE_DAYS: u32 = 365;

impl Selection {
    /// What an occasion shows.
    pub fn of(occasion: &Occasion) -> Self {
        Self {
            occasion: Some(occasion.id),
            parts: occasion.parts.clone(),
            quantities: occasion.quantities.clone(),
            from: None,
            until: None,
            sensitive: false,
            sheet: occasion.sheet,
            code: occasion.code,
        }
    }

    /// What the person chose: parts, and quantities by id or name; they stand in the place of what the occasion would show.
    /// `results` by itself means the occasion's quantities, else those of a checkup.
    ///
    /// # Errors
    /// [`UnknownItem`].
    pub fn of_items(at: Option<&Occasion>, items: &[String]) -> Result<Self, UnknownItem> {
        let mut chosen = Self {
            occasion: at.map(|occasion| occasion.id),
            parts: Vec::new(),
            quantities: Vec::new(),
            from: None,
            until: None,
            sensitive: false,
            sheet: at.is_some_and(|occasion| occasion.sheet),
            code: false,
        };
        for (place, item) in items.iter().enumerate() {
            if let Some(part) = Part::read(item) {
                chosen.add(part, at);
                continue;
            }
            let found = find_quantities(item.trim());
            if found.is_empty() {
                return Err(UnknownItem(place));
            }
            chosen.quantities.extend(found.iter().map(|quantity| quantity.id));
            chosen.add(Part::Results, at);
        }
        if chosen.has(Part::Results) && chosen.quantities.is_empty() {
            let usual = at.filter(|at| !at.quantities.is_empty()).or_else(|| occasion("checkup_advice"));
            chosen.quantities = usual.map(|usual| usual.quantities.clone()).unwrap_or_default();
        }
        chosen.code = at.is_some_and(|occasion| occasion.code) && chosen.has(Part::Medicines);
        chosen.quantities.dedup();
        chosen.parts.sort_by_key(|chosen| chosen.part);
        Ok(chosen)
    }

    fn add(&mut self, part: Part, at: Option<&Occasion>) {
        if !self.has(part) {
            let usual = at.and_then(|at| at.parts.iter().find(|chosen| chosen.part == part)).copied();
            let days = (part == Part::Medicines).then_some(MEDICINE_DAYS);
            self.parts.push(usual.unwrap_or(ChosenPart { part, days }));
        }
    }

    /// Whether a part was chosen.
    pub fn has(&self, part: Part) -> bool {
        self.parts.iter().any(|chosen| chosen.part == part)
    }

    /// The days of which a part is shown on the day of the showing, both ends included.
    pub fn period(&self, part: Part, on: NaiveDate) -> (Option<PartialDate>, Option<PartialDate>) {
        if part == Part::Allergies {
            return (None, None);
        }
        if self.from.is_some() || self.until.is_some() {
            return (self.from, self.until);
        }
        let days = self.parts.iter().find(|chosen| chosen.part == part).and_then(|chosen| chosen.days);
        let from = days.and_then(|days| on.checked_sub_days(Days::new(days.into()))).map(PartialDate::Day);
        (from, None)
    }

    /// The ids of what is shown, for the ledger: parts and quantities, never a value.
    pub fn items(&self) -> Vec<String> {
        let parts = self.parts.iter().map(|chosen| chosen.part.id().to_owned());
        parts.chain(self.quantities.iter().map(|id| (*id).to_owned())).collect()
    }
}

#[cfg(test)]
mod tests;
