//! Whatever comes in whatever order: no panic, nothing is filed under somebody it is not about, never two receipts.

use chrono::TimeDelta;
use proptest::prelude::*;
use techo_core::{
    consent::{Basis, Item},
    sync::{Doubt, Reply, SyncStep, Trouble},
};
use techo_protocol::message::{Failure, RefusalKind, Stage};

use crate::{
    relay::{Plan, answered, progress, refused},
    scene::{AS_HANAKO, AS_ICHIRO, HANAKO, OF_HANAKO, OF_ICHIRO, Scene, doses},
};

#[derive(Clone, Debug, PartialEq)]
enum Happening {
    /// What should come.
    Honest,
    Answered(u16, Vec<u8>),
    Refused(usize),
    Stage(usize, bool),
    Failed(usize),
    /// An address that was seen before.
    Replayed(usize),
    Address(String),
    Decided(bool),
    Ticked(u16),
    Died,
    Stopped,
}

const KINDS: &[RefusalKind] = &[
    RefusalKind::BadRequest,
    RefusalKind::UnknownSession,
    RefusalKind::WrongStage,
    RefusalKind::Taken,
    RefusalKind::SlowDown,
    RefusalKind::Busy,
    RefusalKind::Internal,
];
const STAGES: &[Stage] = &[
    Stage::AwaitingIdentity,
    Stage::IdentitySealed,
    Stage::AwaitingAuthorization,
    Stage::Requested,
    Stage::ResultSealed,
    Stage::Taken,
    Stage::Failed,
];
const TROUBLES: &[Trouble] =
    &[Trouble::Offline, Trouble::TimedOut, Trouble::Broken, Trouble::Unexpected, Trouble::Cancelled, Trouble::NotTheRelay(Doubt::Expired)];

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        30 => Just(Happening::Honest),
        1 => (any::<u16>(), proptest::collection::vec(any::<u8>(), 0..80)).prop_map(|(status, body)| Happening::Answered(status, body)),
        1 => (0..KINDS.len()).prop_map(Happening::Refused),
        2 => (0..STAGES.len(), any::<bool>()).prop_map(|(stage, failure)| Happening::Stage(stage, failure)),
        3 => (0..TROUBLES.len()).prop_map(Happening::Failed),
        3 => any::<usize>().prop_map(Happening::Replayed),
        1 => "https://www.example.jp/redirect\\?(code=[a-z]{0,3}&)?(error=[a-z]{0,3}&)?state=[A-Za-z0-9_-]{0,43}".prop_map(Happening::Address),
        1 => ".{0,40}".prop_map(Happening::Address),
        2 => any::<bool>().prop_map(Happening::Decided),
        2 => (0..400_u16).prop_map(Happening::Ticked),
        2 => Just(Happening::Died),
        1 => Just(Happening::Stopped),
    ]
}

fn reply(happening: &Happening) -> Option<Reply> {
    Some(match happening {
        Happening::Answered(status, body) => answered(*status, body),
        Happening::Refused(kind) => refused(KINDS[*kind]),
        Happening::Stage(stage, failure) => progress(STAGES[*stage], failure.then_some(Failure::Late)),
        Happening::Failed(trouble) => Reply::Failed(TROUBLES[*trouble]),
        _ => return None,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_filed_under_somebody_it_is_not_about_and_there_is_one_receipt(
        happenings in proptest::collection::vec(happening(), 1..45),
        (is_her_card, whose_answer, rounds) in (proptest::bool::weighted(0.8), 0..4_u8, 1..=2_usize),
    ) {
        let mut scene = Scene::new();
        scene.relay.is_lied_about = true;
        let answer = match whose_answer {
            0 => doses(OF_ICHIRO, &["20240401"]),
            1 => doses("", &["20240401"]),
            _ => doses(OF_HANAKO, &["20240401"]),
        };
        *scene.plan() = Plan::of(if is_her_card { AS_HANAKO } else { AS_ICHIRO }, &answer);
        let wishes = [Scene::own(Item::Vaccination), Scene::own(Item::Checkup)];
        let mut session = scene.start_for(HANAKO, Basis::OwnCard, None, &wishes[..rounds]);
        let id = session.id();
        let mut addresses: Vec<String> = Vec::new();
        for happening in &happenings {
            if let SyncStep::Browse { url, .. } = session.step() && *happening == Happening::Honest {
                addresses.push(scene.relay.browse(url));
            }
            // Errors are answers too; what counts is below.
            let _ = match happening {
                Happening::Honest => match session.step() {
                    SyncStep::Done(_) | SyncStep::Ended(_) => Ok(()),
                    SyncStep::Browse { .. } => session.redirect(&scene.vault, addresses.last().unwrap(), scene.now),
                    _ => {
                        scene.advance(&mut session);
                        Ok(())
                    }
                },
                Happening::Replayed(number) => match addresses.get(number % addresses.len().max(1)) {
                    Some(address) => session.redirect(&scene.vault, address, scene.now),
                    None => Ok(()),
                },
                Happening::Address(address) => session.redirect(&scene.vault, address, scene.now),
                Happening::Decided(yes) => session.decide(&scene.vault, *yes, scene.now),
                Happening::Ticked(seconds) => {
                    scene.now += TimeDelta::seconds(i64::from(*seconds));
                    session.tick(&scene.vault, scene.now)
                }
                Happening::Stopped => session.cancel(&scene.vault, scene.now),
                Happening::Died => {
                    scene.die();
                    if let Ok(again) = scene.resume(id) {
                        session = again;
                    }
                    Ok(())
                }
                other => session.answer(&scene.vault, reply(other).unwrap(), scene.now),
            };
            let (receipts, running) = (scene.receipts().len(), techo_core::sync::unfinished(&scene.vault).unwrap().len());
            prop_assert_eq!(receipts + running, 1, "either it runs or there is its receipt");
            if !is_her_card || whose_answer == 0 {
                prop_assert_eq!(scene.documents(), 0);
            }
            for document in scene.vault.documents(None).unwrap() {
                prop_assert_eq!((document.person, document.about.consent), (HANAKO, Some(id)));
            }
            match session.step() {
                SyncStep::Done(digest) => prop_assert_eq!(scene.documents(), digest.documents.len()),
                SyncStep::Ended(_) => prop_assert_eq!(scene.documents(), 0),
                _ => {}
            }
        }
    }
}
