//! 医療費 as a Basic with extensions of ours: R4 has resources for what an insurer is asked to pay, none for what a person
//! paid. Amounts are words, since they stay as they were written.

use super::{
    build::{Object, date, extension, reference, word},
    context::{Context, fact},
    datatypes::{choice_of_dates, concept_of, moment, shared},
    facts::{Place, what},
    own,
    read::{Reader, Refused, fault},
    write::marks,
};
use crate::{
    base::Decimal,
    formats::{Fault, json::Node},
    record::{Body, Expense, Fact},
    terms::Kind,
};

pub(super) fn resource<'a>(fact: &'a Fact, expense: &'a Expense, place: &Place<'a>) -> Node<'a> {
    let amounts = [&expense.points, &expense.total, &expense.own_share, &expense.days];
    let amounts = own::EXPENSE_AMOUNTS.into_iter().zip(amounts).map(|(url, amount)| extension(url, amount.as_ref()?.as_str()));
    let event = |encounter| Object::new().with("url", word(own::ENCOUNTER)).with("valueReference", reference(encounter)).done();
    let class = expense.class.as_deref().and_then(|class| extension(own::EXPENSE_CLASS, class));
    let notes = expense.notes.iter().map(|note| extension(own::EXPENSE_NOTE, note));
    let is_one = Object::new().with("url", word(own::EXPENSE)).with("valueBoolean", Node::Bool(true)).done();
    let all: Vec<Option<Node<'a>>> = [Some(is_one), place.encounter.map(event), class].into_iter().chain(amounts).chain(notes).collect();
    marks(fact, Object::resource("Basic"), all)
        .with("code", what(fact))
        .with("subject", reference(place.patient))
        .maybe("created", place.when.as_ref().map(|when| date(&when.day)))
        .done()
}

/// Whether a Basic is a 医療費 of our export.
pub(super) fn is_one(node: &Node<'_>) -> bool {
    node.extension(own::EXPENSE).is_some()
}

pub(super) fn read(reader: &mut Reader<'_>, index: usize, context: &Context) -> Result<(), Refused> {
    let Some(resource) = reader.library.get(index) else { return Ok(()) };
    let node = resource.node;
    let when = match node.text("created") {
        Some(written) => Some(moment(written).map_err(|reason| fault("created", reason))?),
        None => choice_of_dates(node, "effective").map_err(|(path, reason)| fault(path, reason))?,
    };
    let said = |url: &str| node.extension(url).and_then(|extension| extension.text("valueString"));
    let mut amounts: [Option<Decimal>; 4] = Default::default();
    for (url, amount) in own::EXPENSE_AMOUNTS.into_iter().zip(&mut amounts) {
        *amount = said(url).map(str::parse).transpose().map_err(|_| fault("extension", Fault::Number))?;
    }
    let [points, total, own_share, days] = amounts;
    let of_notes = node.list("extension").iter().filter(|extension| extension.text("url") == Some(own::EXPENSE_NOTE));
    let notes = of_notes.filter_map(|extension| extension.text("valueString")).map(str::to_owned).collect();
    let expense = Expense { points, total, own_share, days, class: said(own::EXPENSE_CLASS).map(shared), notes };
    let what = concept_of(node, "code").unwrap_or_default();
    let fact = fact(Kind::Expense, what, when.clone(), Body::Expense(expense), resource.place.clone());
    reader.drafts.push(context.draft(Kind::Expense, when.as_ref(), fact));
    Ok(())
}
