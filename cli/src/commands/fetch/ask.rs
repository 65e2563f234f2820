//! The question: shown in plain words, answered item by item, and once more where the portal returns more than was
//! chosen. Nothing that was not answered with yes is permitted.

use std::collections::{BTreeMap, BTreeSet};

use techo_core::{
    base::make_random,
    consent::{
        Actor, Answer, Answered, BadRequest, Basis, ConsentGrant, ConsentId, ConsentRequest, Cover, Frame, Item, Keeping, Operator, Period,
        Receipt, Service, Wish,
    },
    present,
    record::Person,
    sync::Profile,
    vault::{Vault, VaultError},
};

use super::super::{
    Names,
    consents::{basis_id, purpose_id},
    find_person, now,
};
use super::voice::Voice;
use crate::{
    args::{self, ActsAs, Asked, given},
    exit::{Exit, Failure},
    json,
    terminal::{ask as ask_person, plain},
    words::{Word, say},
};

/// Asks. `None` where nothing was granted; the ledger then says so.
pub(super) fn ask(
    voice: &Voice<'_>,
    vault: &Vault,
    profile: &Profile,
    arguments: &args::Fetch,
    person: &Person,
) -> Result<Option<ConsentGrant>, Failure> {
    let services = services(profile);
    let request = request(voice, vault, profile, arguments, person, &services)?;
    vault.note_consent_asked(&request, now())?;
    show(voice, vault, &request, person)?;
    let answers = answers(voice, &request, arguments, &services);
    let answered = request.answer(&answers, &services, now()).map_err(|_| Failure::from(Exit::Internal))?;
    let receipt = match &answered {
        Answered::Granted(grant) => &grant.permitted().receipt,
        Answered::Declined(receipt) => receipt,
    };
    vault.note_consent_answered(receipt, now())?;
    tell_answer(voice, receipt)?;
    Ok(match answered {
        Answered::Granted(grant) => Some(grant),
        Answered::Declined(_) => None,
    })
}

/// The services of the profile. One that returns something this version has no name for is left out: nobody could be told
/// what they consent to.
fn services(profile: &Profile) -> Vec<Service> {
    let items = |ids: &[String]| ids.iter().map(|id| id.parse::<Item>().ok()).collect::<Option<BTreeSet<Item>>>();
    let known = profile.services.iter().filter_map(|service| Some((service.id.clone(), items(&service.items)?)));
    known.map(|(id, items)| Service { id, items }).collect()
}

fn request(
    voice: &Voice<'_>,
    vault: &Vault,
    profile: &Profile,
    arguments: &args::Fetch,
    person: &Person,
    services: &[Service],
) -> Result<ConsentRequest, Failure> {
    let actor = match (arguments.acts_as, arguments.actor.as_deref()) {
        (ActsAs::Oneself, None) => Some(person.id),
        (ActsAs::Oneself, Some(_)) => return Err(Failure::new(Exit::Usage, Word::ActorNotNeeded.text(voice.language))),
        (ActsAs::Parent | ActsAs::Proxy, name) => {
            name.map(|name| find_person(vault, name, voice.session)).transpose()?.map(|actor| actor.id)
        }
    };
    let period = Period { from: arguments.from.map(|date| date.first_day()), until: arguments.until.map(|date| date.last_day()) };
    // Named twice is named once.
    let items: BTreeSet<Item> = arguments.items.iter().copied().collect();
    let frame = Frame {
        id: ConsentId::from_bytes(make_random().map_err(VaultError::from)?),
        subject: person.id,
        actor: Actor { basis: Basis::from(arguments.acts_as), person: actor },
        purpose: arguments.purpose.into(),
        operator: Operator {
            japanese: profile.operator.ja.clone(),
            english: profile.operator.en.clone(),
            contact: profile.operator.contact.clone(),
        },
        keeping: Keeping { relay_seconds: profile.keeping_seconds },
    };
    let wishes = items.into_iter().map(|item| Wish { item, period }).collect();
    ConsentRequest::new(frame, wishes, services).map_err(|bad| match bad {
        BadRequest::NotOffered(missing) => Failure::new(Exit::NotOffered, list(voice, missing.0)),
        BadRequest::Period(_) => Failure::new(Exit::Usage, Word::PeriodImpossible.text(voice.language)),
        // The arguments name at least one item, and here none twice.
        BadRequest::NoItems | BadRequest::Twice(_) => Failure::new(Exit::Internal, bad.to_string()),
    })
}

fn name(voice: &Voice<'_>, item: Item) -> &'static str {
    voice.language.pick(item.japanese(), item.english())
}

/// Items by name.
pub(super) fn list(voice: &Voice<'_>, items: impl IntoIterator<Item = Item>) -> String {
    let names: Vec<&str> = items.into_iter().map(|item| name(voice, item)).collect();
    names.join(voice.language.pick("、", ", "))
}

fn ids(items: impl IntoIterator<Item = Item>) -> Vec<&'static str> {
    items.into_iter().map(Item::id).collect()
}

fn show(voice: &Voice<'_>, vault: &Vault, request: &ConsentRequest, person: &Person) -> Result<(), Failure> {
    let names = Names::of(vault)?;
    let actor = request.actor.person.map(|id| names.name(id)).filter(|name| !name.is_empty());
    let operator = voice.language.pick(&request.operator.japanese, &request.operator.english);
    if voice.json {
        return voice.print(&json::line(&json::RequestStep {
            step: "request",
            consent: request.id.to_string(),
            person: &person.name,
            basis: basis_id(request.actor.basis),
            actor,
            purpose: purpose_id(request.purpose),
            items: request.wishes.iter().map(json::WishLine::from).collect(),
            operator,
            contact: &request.operator.contact,
            services: &request.cover.services,
            surplus: ids(request.cover.surplus.iter().copied()),
            relay_seconds: request.keeping.relay_seconds,
        }));
    }
    voice.print(Word::RequestTitle.text(voice.language))?;
    let view = present::consent_request(vault, request, voice.language)?;
    view.lines(voice.language).iter().try_for_each(|line| voice.print(&format!("  {}", plain(line))))
}

/// What was answered: beforehand, or now.
fn answers(voice: &Voice<'_>, request: &ConsentRequest, arguments: &args::Fetch, services: &[Service]) -> Vec<Answer> {
    let given = given(&arguments.answers);
    let mut answers = Vec::with_capacity(request.wishes.len());
    for wish in &request.wishes {
        let question = say(Word::AskItem, voice.language, &[("item", name(voice, wish.item))]);
        answers.push(Answer { item: wish.item, granted: yes(voice, arguments, &given, Asked::Item(wish.item), &question) });
    }
    let granted: BTreeSet<Item> = answers.iter().filter(|answer| answer.granted).map(|answer| answer.item).collect();
    let surplus = Cover::smallest(services, &granted).map(|cover| cover.surplus).unwrap_or_default();
    if !granted.is_empty() && !surplus.is_empty() {
        let items = list(voice, surplus);
        let question = say(Word::AskSurplus, voice.language, &[("items", &items)]);
        if !yes(voice, arguments, &given, Asked::Surplus, &question) {
            for answer in &mut answers {
                answer.granted = false;
            }
        }
    }
    answers
}

/// What was said beforehand counts; else the person is asked, and who cannot be asked has not said yes.
fn yes(voice: &Voice<'_>, arguments: &args::Fetch, given: &BTreeMap<Asked, bool>, asked: Asked, question: &str) -> bool {
    match given.get(&asked) {
        Some(yes) => *yes,
        None if arguments.consent.yes => true,
        None => !voice.json && ask_person(&plain(question), voice.language).unwrap_or(false),
    }
}

fn tell_answer(voice: &Voice<'_>, receipt: &Receipt) -> Result<(), Failure> {
    let cover = receipt.cover.as_ref();
    if voice.json {
        return voice.print(&json::line(&json::AnswerStep {
            step: "answer",
            consent: receipt.id.to_string(),
            granted: ids(receipt.granted.iter().map(|wish| wish.item)),
            declined: ids(receipt.declined.iter().copied()),
            services: cover.map(|cover| cover.services.as_slice()).unwrap_or_default(),
            surplus: ids(cover.into_iter().flat_map(|cover| cover.surplus.iter().copied())),
        }));
    }
    let none = || Word::Nothing.text(voice.language).to_owned();
    let some = |text: String| if text.is_empty() { none() } else { text };
    let granted = some(list(voice, receipt.granted.iter().map(|wish| wish.item)));
    let declined = some(list(voice, receipt.declined.iter().copied()));
    voice.print(&say(Word::YouAnswered, voice.language, &[("granted", &granted), ("declined", &declined)]))
}
