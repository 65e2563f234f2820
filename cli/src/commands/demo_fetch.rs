//! The part of the demo that fetches: relay and stand-in in this process, and a robot that plays the browser and holds the
//! cards. Everything else is what `fetch` does.

use std::cell::RefCell;

use techo_core::{consent::Item, vault::Vault};
use techo_portal_standin::{Card, Plan, Visit};

use super::{
    fetch::{Stops, Voice, begin},
    stand_in,
};
use crate::{
    Session,
    args::{self, ActsAs, PurposeWord},
    exit::Failure,
    terminal::Page,
};

/// Whose, by which right and card, and what.
const FETCHES: &[(Card, ActsAs, Option<Card>, &[Item])] = &[
    // No service returns procedures alone: something comes back beyond the choice, and is cut.
    (Card::Hanako, ActsAs::Oneself, None, &[Item::Checkup, Item::Medication, Item::Procedure]),
    (
        Card::Hanako,
        ActsAs::Oneself,
        None,
        &[Item::CancerScreening, Item::Pregnancy, Item::Vaccination, Item::Prescription, Item::Expense, Item::Care],
    ),
    // Illnesses, allergies, infections, laboratory reports: no item of a consent names them.
    (Card::Hanako, ActsAs::Oneself, None, &[Item::Other]),
    (Card::Ichiro, ActsAs::Oneself, None, &[Item::Checkup]),
    (Card::Taro, ActsAs::Parent, Some(Card::Hanako), &[Item::Vaccination, Item::InfantCheckup, Item::Other]),
];

/// Fetches for the family.
pub(super) fn fetch(session: &Session, page: &mut Page, vault: &Vault) -> Result<(), Failure> {
    let town = stand_in::start(Plan::default())?;
    let profile = town.profile().map_err(|error| stand_in::failure(&error))?;
    let page = RefCell::new(page);
    let out = |text: &str| session.line(&mut page.borrow_mut(), text);
    for (subject, acts_as, actor, items) in FETCHES {
        let visit = Visit::with(*subject);
        // It plays on a thread of its own, as a browser would.
        let robot = |url: &str| drop(town.visit_beside(url, &visit));
        let voice = Voice { session, json: false, language: session.language, out: &out, open: Some(&robot), tells_address: false };
        let arguments = args::Fetch {
            person: Some(subject.person().name.to_owned()),
            items: items.to_vec(),
            from: None,
            until: None,
            acts_as: *acts_as,
            actor: actor.map(|card| card.person().name.to_owned()),
            purpose: PurposeWord::Keep,
            relay: None,
            no_browser: true,
            consent: args::Consent { yes: true },
            answers: Vec::new(),
            resume: None,
        };
        begin(&voice, vault, &profile, &arguments, Stops::Never)?;
        out("")?;
    }
    Ok(())
}
