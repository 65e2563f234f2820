//! The rules by name: id, edition and what each says about itself, Japanese first. A rule that changes gets a new edition.

/// A rule of reconciliation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// One dose from two sources.
    Dose,
    /// One checkup from two sources.
    Checkup,
    /// One laboratory report from two sources, also where one of them is a checkup.
    Laboratory,
    /// One screening from two sources.
    Screening,
    /// One dispensing from two sources.
    Dispensing,
    /// One prescription from two sources.
    Prescription,
    /// A prescription and its dispensing.
    PrescriptionStory,
    /// A screening and its detailed examination.
    ScreeningStory,
    /// The person said so.
    Person,
}

impl Rule {
    /// Every rule.
    pub const ALL: &'static [Self] = &[
        Self::Dose,
        Self::Checkup,
        Self::Laboratory,
        Self::Screening,
        Self::Dispensing,
        Self::Prescription,
        Self::PrescriptionStory,
        Self::ScreeningStory,
        Self::Person,
    ];

    /// The public id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Dose => "dose",
            Self::Checkup => "checkup",
            Self::Laboratory => "laboratory",
            Self::Screening => "screening",
            Self::Dispensing => "dispensing",
            Self::Prescription => "prescription",
            Self::PrescriptionStory => "prescription-story",
            Self::ScreeningStory => "screening-story",
            Self::Person => "person",
        }
    }

    /// The rule with this id.
    pub fn of_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.id() == id)
    }

    /// Grows whenever the rule would answer otherwise than before.
    pub const fn edition(self) -> u32 {
        1
    }

    /// Why two events are linked by it, for the person.
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::Dose => "同じ日に同じワクチンで、ロット番号と回数が食い違いません（ロットが同じなら1日のずれまで）",
            Self::Checkup => "同じ日の健診で、測定値が3つ以上一致し、食い違いがなく、機関名も食い違いません",
            Self::Laboratory => "同じ日の検査で、測定値が一致し（検査どうしは3つ、健診とは5つ以上）、食い違いがありません",
            Self::Screening => "同じ日の同じ検診で、結果が3つ以上一致し、食い違いがありません",
            Self::Dispensing => "同じ日（月しか書かれていないレセプトはその月）に同じ薬局で、薬の組み合わせと日数・量が一致します",
            Self::Prescription => "同じ日の処方で、薬の組み合わせと日数・量が一致します",
            Self::PrescriptionStory => {
                "処方から4日以内の調剤で、調剤された薬がすべて処方にあります。処方と調剤は別の出来事なので、まとめずに並べます"
            }
            Self::ScreeningStory => "検診のあと1年以内の、同じ部位の精密検査です。別の出来事なので、まとめずに並べます",
            Self::Person => "ご本人がまとめました",
        }
    }

    /// The same in English.
    pub const fn english(self) -> &'static str {
        match self {
            Self::Dose => "the same vaccine on the same day; lot and dose number do not contradict (a day's slip only with the same lot)",
            Self::Checkup => "a checkup of the same day: three or more values agree, none contradicts, nor does the institution",
            Self::Laboratory => {
                "an examination of the same day: values agree (three between reports, five with a checkup) and none contradicts"
            }
            Self::Screening => "the same screening on the same day: three or more results agree and none contradicts",
            Self::Dispensing => {
                "the same day (for a claim with a month only, that month) and pharmacy; the medicines with their days and amounts agree"
            }
            Self::Prescription => "a prescription of the same day; the medicines with their days and amounts agree",
            Self::PrescriptionStory => {
                "dispensed within four days of the prescription, and every medicine was on it; two events, so shown together and not merged"
            }
            Self::ScreeningStory => {
                "a detailed examination of the same organ within a year of the screening; two events, so shown together and not merged"
            }
            Self::Person => "joined by the person",
        }
    }
}
