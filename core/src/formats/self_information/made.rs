//! What several items of one entry make together: a medicine, a procedure, a condition, an allergy, an expense, or one value
//! of a table with a value a row. The items belong together where they stand in one object, or in one row.

use unicode_normalization::UnicodeNormalization;

use crate::{
    base::Decimal,
    record::{Allergy, Body, Coding, Concept, Condition, Expense, Fact, Medication, MedicationStage, Procedure, Standing, When},
    terms::{Kind, Meaning, Part},
};

/// レセプト電算処理システム医薬品コード and YJ コード (spec §5.1).
const CLAIM_MEDICINES: &str = "1.2.392.100495.20.2.71";
const YJ: &str = "1.2.392.100495.20.2.73";

/// A thing being gathered.
pub(super) struct Thing {
    /// How many facts come before it.
    pub(super) before: usize,
    at: String,
    when: Option<When>,
    kind: Kind,
    name: Option<String>,
    code: Option<String>,
    body: Body,
}

impl Thing {
    /// A thing of an entry of this kind; none where its items make none.
    pub(super) fn new(kind: Kind, before: usize, at: &str, when: Option<&When>) -> Option<Self> {
        let body = match kind {
            Kind::Medication => Body::Medication(Medication::default()),
            Kind::Prescription => Body::Medication(Medication { stage: MedicationStage::Prescribed, ..Medication::default() }),
            Kind::Procedure => Body::Procedure(Procedure::default()),
            Kind::Condition | Kind::Infection => Body::Condition(Condition::default()),
            Kind::Allergy => Body::Allergy(Allergy::default()),
            Kind::Expense => Body::Expense(Expense::default()),
            _ => return None,
        };
        Some(Self { before, at: at.to_owned(), when: when.cloned(), kind, name: None, code: None, body })
    }

    /// Takes a part; `false` where it is none of this thing, says nothing it can hold, or was said already.
    pub(super) fn take(&mut self, part: Part, words: &str, at: &str) -> bool {
        let is_name = match self.body {
            Body::Medication(_) => part == Part::Medicine,
            Body::Procedure(_) => matches!(part, Part::Procedure | Part::ItemName),
            Body::Condition(_) => part == Part::Condition,
            Body::Allergy(_) => matches!(part, Part::Allergy | Part::Medicine | Part::Ingredient),
            _ => false,
        };
        if is_name && self.name.is_none() {
            self.name = Some(words.to_owned());
            at.clone_into(&mut self.at);
            return true;
        }
        if matches!(part, Part::MedicineCode | Part::ProcedureCode) && self.code.is_none() && !matches!(self.body, Body::Expense(_)) {
            self.code = Some(words.to_owned());
            return true;
        }
        match &mut self.body {
            Body::Medication(medicine) => of_medicine(medicine, part, words),
            Body::Procedure(procedure) => match part {
                Part::Class | Part::Quantity | Part::Unit | Part::Days => {
                    procedure.notes.push(format!("{}: {words}", label(part)));
                    true
                }
                _ => false,
            },
            Body::Condition(condition) => part == Part::Status && set(&mut condition.clinical_status, Concept::text(words)),
            Body::Allergy(allergy) => match part {
                Part::Reaction => {
                    allergy.reactions.push(words.to_owned());
                    true
                }
                Part::Status => set(&mut allergy.clinical_status, Concept::text(words)),
                _ => false,
            },
            Body::Expense(expense) => of_expense(expense, part, words),
            _ => false,
        }
    }

    /// Whether it has a name already, so that another name is another thing.
    pub(super) const fn is_named(&self) -> bool {
        self.name.is_some()
    }

    pub(super) fn fact(self) -> Fact {
        let title = self.name.clone().or_else(|| self.code.clone()).unwrap_or_else(|| self.kind.japanese().to_owned());
        let codings = self.code.map(|code| coding(self.kind, code)).into_iter().collect();
        let concept = Concept { codings, text: Some(title.clone()) };
        Fact {
            kind: self.kind,
            title,
            concept,
            when: self.when,
            body: self.body,
            at: self.at,
            said_by: None,
            standing: Standing::Understood,
        }
    }
}

/// What a meaning is in an entry of this kind: 回数 is a dose of a vaccine and a quantity of a medicine.
pub(super) fn part_of(meaning: Meaning, kind: Kind) -> Option<Part> {
    let is_medicine = matches!(kind, Kind::Medication | Kind::Prescription);
    match meaning {
        Meaning::Part(Part::Days) if is_medicine => Some(Part::Quantity),
        Meaning::Part(part) => Some(part),
        Meaning::Dose if is_medicine => Some(Part::Quantity),
        Meaning::Amount if is_medicine => Some(Part::MedicineDose),
        Meaning::Dose if matches!(kind, Kind::Expense | Kind::Procedure) => Some(Part::Days),
        _ => None,
    }
}

/// Whether a part says what an expense is, so that what stands beside it is of that expense.
pub(super) const fn is_amount(part: Part) -> bool {
    matches!(part, Part::OwnShare | Part::Total | Part::Points)
}

/// An amount of money, points or days: `12,340円`, `１２３点`; none for anything else.
pub(super) fn amount(words: &str) -> Option<Decimal> {
    let folded: String = words.nfkc().filter(|c| !matches!(c, ',' | ' ' | '¥' | '、')).collect();
    let digits = folded.trim_end_matches(['円', '点', '日', '回', '枚']);
    let is_plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    if is_plain { digits.parse().ok() } else { None }
}

fn set<T>(slot: &mut Option<T>, value: T) -> bool {
    let is_free = slot.is_none();
    if is_free {
        *slot = Some(value);
    }
    is_free
}

fn of_medicine(medicine: &mut Medication, part: Part, words: &str) -> bool {
    let owned = words.to_owned();
    match part {
        Part::MedicineDose => set(&mut medicine.dose, owned),
        Part::Unit => set(&mut medicine.dose_unit, owned),
        Part::Usage => set(&mut medicine.usage, Concept::text(owned)),
        Part::Quantity => set(&mut medicine.quantity, owned),
        Part::QuantityUnit => set(&mut medicine.quantity_unit, owned),
        Part::Form | Part::Class => set(&mut medicine.form, owned),
        Part::Generic => set(&mut medicine.generic, Concept::text(owned)),
        Part::Prescriber => set(&mut medicine.prescriber, owned),
        Part::Ingredient => {
            medicine.ingredients.push(Concept::text(owned));
            true
        }
        _ => false,
    }
}

fn of_expense(expense: &mut Expense, part: Part, words: &str) -> bool {
    let slot = match part {
        Part::OwnShare => &mut expense.own_share,
        Part::Total => &mut expense.total,
        Part::Points => &mut expense.points,
        Part::Days => &mut expense.days,
        Part::Class => return set(&mut expense.class, words.to_owned()),
        _ => return false,
    };
    amount(words).is_some_and(|amount| set(slot, amount))
}

const fn label(part: Part) -> &'static str {
    match part {
        Part::Class => "区分",
        Part::Quantity => "数量",
        Part::Days => "日数・回数",
        _ => "単位",
    }
}

/// A code by its own form; one of another form is of no system we know.
fn coding(kind: Kind, code: String) -> Coding {
    let digits = code.bytes().all(|byte| byte.is_ascii_digit());
    let is_medicine = matches!(kind, Kind::Medication | Kind::Prescription);
    let system = match code.len() {
        // HOT9 has nine digits too; codes of claims for medicines begin with 6.
        9 if is_medicine && digits && code.starts_with('6') => Some(CLAIM_MEDICINES),
        12 if is_medicine && code.bytes().all(|byte| byte.is_ascii_alphanumeric()) && !digits => Some(YJ),
        _ => None,
    };
    Coding { system: system.map(str::to_owned), code, display: None }
}

/// One row of a table with a value a row.
#[derive(Default)]
pub(super) struct Row {
    pub(super) code: Option<String>,
    pub(super) name: Option<String>,
    pub(super) value: Option<String>,
    pub(super) unit: Option<String>,
    pub(super) notes: Vec<String>,
}

impl Row {
    /// Takes a part; `false` where it is none of a row, or was said already.
    pub(super) fn take(&mut self, part: Part, words: &str) -> bool {
        let owned = words.to_owned();
        match part {
            Part::ItemCode => set(&mut self.code, owned),
            Part::ItemName => set(&mut self.name, owned),
            Part::ItemValue => set(&mut self.value, owned),
            Part::Unit | Part::QuantityUnit => set(&mut self.unit, owned),
            Part::Method => {
                self.notes.push(format!("検査方法: {words}"));
                true
            }
            Part::Reference => {
                self.notes.push(format!("基準値: {words}"));
                true
            }
            Part::Interpretation => {
                self.notes.push(format!("判定: {words}"));
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_in_every_way_it_is_printed() {
        let read = |words: &str| amount(words).map(|amount| amount.to_string());
        for (words, wanted) in [("12,340円", "12340"), ("１２３点", "123"), ("¥1,200", "1200"), ("3 日", "3"), ("0", "0")] {
            assert_eq!(read(words).as_deref(), Some(wanted), "{words}");
        }
        for words in ["", "円", "3割", "なし", "12 34 x"] {
            assert_eq!(read(words), None, "{words}");
        }
    }

    #[test]
    fn a_code_gets_a_system_by_its_form_only() {
        let system = |code: &str| coding(Kind::Medication, code.to_owned()).system;
        assert_eq!(system("620000001").as_deref(), Some(CLAIM_MEDICINES));
        assert_eq!(system("2171022F2010").as_deref(), Some(YJ));
        assert_eq!(system("111501701"), None);
        assert_eq!(coding(Kind::Procedure, "620000001".to_owned()).system, None);
    }
}
