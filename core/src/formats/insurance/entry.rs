//! One medicine or one procedure.

use roxmltree::Node;

use super::names::{Origin, plain};
use crate::{
    formats::{Fault, FormatError, xml::words},
    record::{Body, Coding, Concept, Fact, Medication, MedicationStage, Procedure, Standing},
    terms::Kind,
};

/// レセプト電算処理システム医薬品コード, nine digits; the same system as 薬品コード種別 2 of JAHIS.
const CLAIM_MEDICINES: &str = "1.2.392.100495.20.2.71";

/// What holds for every medicine of one day.
pub(super) struct Context {
    pub(super) origin: Origin,
    pub(super) prescriber: Option<String>,
    /// The day it was ordered, where that is not the day it was handed out.
    pub(super) ordered: Option<String>,
}

impl Context {
    /// Bytes that are copied to each medicine.
    pub(super) fn bytes(&self) -> usize {
        [&self.prescriber, &self.ordered].into_iter().flatten().map(String::len).sum()
    }
}

/// A medicine.
pub(super) fn medicine(node: Node<'_, '_>, at: String, context: &Context) -> Result<Fact, FormatError> {
    let mut said = Said::of(node);
    let (code, name) = (said.take("DrugC"), said.take("DrugN"));
    let title = name.clone().or_else(|| code.clone()).ok_or_else(|| FormatError::Malformed { place: at.clone(), fault: Fault::Missing })?;
    let mut medication = Medication {
        stage: if context.origin == Origin::Ordered { MedicationStage::Prescribed } else { MedicationStage::Dispensed },
        dose: said.take("Qua1"),
        dose_unit: said.take("Unit"),
        usage: said.take("UsageN").map(Concept::text),
        quantity: said.take("Times"),
        ingredients: said.take("IngreN").map(Concept::text).into_iter().collect(),
        prescriber: context.prescriber.clone(),
        notes: said.take("SpInst").into_iter().collect(),
        ..Medication::default()
    };
    // A class in words is the form of use; a class in numbers has no public table.
    for (element, label) in [("MeTrIdCl", "診療識別"), ("UsageCl", "用法区分")] {
        match said.take(element) {
            Some(class) if class.bytes().all(|byte| byte.is_ascii_digit()) => medication.notes.push(format!("{label}: {class}")),
            Some(class) => medication.form = Some(class),
            None => {}
        }
    }
    medication.notes.extend(context.ordered.iter().map(|day| format!("処方日: {day}")));
    medication.notes.extend(said.rest());
    let kind = if context.origin == Origin::Ordered { Kind::Prescription } else { Kind::Medication };
    let mut concept = Concept { codings: Vec::new(), text: name };
    concept.codings.extend(code.map(|code| medicine_coding(&code)));
    Ok(Fact { kind, title, concept, when: None, body: Body::Medication(medication), at, said_by: None, standing: Standing::Understood })
}

/// A code of another form than nine digits is of no system we know.
fn medicine_coding(code: &str) -> Coding {
    let is_claims = code.len() == 9 && code.bytes().all(|byte| byte.is_ascii_digit());
    Coding { system: is_claims.then(|| CLAIM_MEDICINES.to_owned()), code: code.to_owned(), display: None }
}

/// A procedure (診療行為). Its codes are kept without a system: none is known from a source.
pub(super) fn procedure(node: Node<'_, '_>, at: String) -> Result<Fact, FormatError> {
    let mut said = Said::of(node);
    let (code, name) = (said.take("SinInfCd"), said.take("SinInfN"));
    let title = name.clone().or_else(|| code.clone()).ok_or_else(|| FormatError::Malformed { place: at.clone(), fault: Fault::Missing })?;
    let mut notes = Vec::new();
    let unit = said.take("Unit").unwrap_or_default();
    notes.extend(said.take("Qua1").map(|amount| format!("数量: {amount}{unit}")));
    notes.extend(said.take("Times").map(|times| format!("回数: {times}")));
    notes.extend(said.take("MeTrIdCl").map(|class| format!("診療識別: {class}")));
    notes.extend(said.rest());
    let codings = code.map(|code| Coding { system: None, code, display: name.clone() }).into_iter().collect();
    Ok(Fact {
        kind: Kind::Procedure,
        title,
        concept: Concept { codings, text: name },
        when: None,
        body: Body::Procedure(Procedure { notes, ..Procedure::default() }),
        at,
        said_by: None,
        standing: Standing::Understood,
    })
}

/// Something of a month or a day that no reader understands.
pub(super) fn unknown(node: Node<'_, '_>, label: Option<&str>, at: String) -> Option<Fact> {
    let said = words(node)?;
    let name = label.unwrap_or_else(|| plain(node)).to_owned();
    Some(Fact {
        kind: Kind::Other,
        title: name.clone(),
        concept: Concept::text(name),
        when: None,
        body: Body::Note(said),
        at,
        said_by: None,
        standing: Standing::NotUnderstood,
    })
}

/// The elements of an entry by their plain names, each taken once.
struct Said<'a>(Vec<(&'a str, String)>);

impl<'a> Said<'a> {
    fn of(node: Node<'a, '_>) -> Self {
        Self(node.children().filter(Node::is_element).filter_map(|child| Some((plain(child), words(child)?))).collect())
    }

    fn take(&mut self, name: &str) -> Option<String> {
        let index = self.0.iter().position(|(own, _)| *own == name)?;
        Some(self.0.remove(index).1)
    }

    /// What nobody took, with its name.
    fn rest(self) -> impl Iterator<Item = String> {
        self.0.into_iter().map(|(name, words)| format!("{name}: {words}"))
    }
}
