//! The process dies after every single step, and with every answer on its way. It goes on from what is on the disk, and
//! comes to the same end.

use techo_core::{
    consent::{Basis, ConsentId, Item},
    sync::{SyncError, SyncSession, SyncStep},
    vault::Act,
};

use crate::{
    relay::{Plan, name},
    scene::{AS_HANAKO, AS_ICHIRO, HANAKO, OF_A_BOY, Scene, TARO, doses},
};

/// How a story begins, and what its end must be.
struct Story {
    name: &'static str,
    prepare: fn(&mut Scene),
    begin: fn(&Scene) -> SyncSession,
    act: Act,
    words: &'static str,
    documents: usize,
}

fn stories() -> Vec<Story> {
    fn both(scene: &Scene) -> SyncSession {
        scene.start_for(HANAKO, Basis::OwnCard, None, &[Scene::own(Item::Vaccination), Scene::own(Item::Checkup)])
    }
    fn boy(scene: &Scene) -> SyncSession {
        scene.start_for(TARO, Basis::ChildsCard, Some(HANAKO), &[Scene::own(Item::Vaccination)])
    }
    fn twins(scene: &mut Scene) {
        scene.add_twin();
        *scene.plan() = Plan::of(["テチョウ　タロウ", "20190620", "1"], &doses(OF_A_BOY, &["20240401"]));
    }
    vec![
        Story { name: "two rounds", prepare: |_| (), begin: both, act: Act::Fetched, words: "P-0001", documents: 2 },
        Story { name: "twins", prepare: twins, begin: boy, act: Act::Fetched, words: "P-0001", documents: 1 },
        Story {
            name: "partial",
            prepare: |scene| scene.relay.plans.get_mut("ST0002").unwrap().browser[1] = Some("error=access_denied"),
            begin: both,
            act: Act::Fetched,
            words: r#""reason":"refused""#,
            documents: 1,
        },
        Story {
            name: "wrong card",
            prepare: |scene| scene.plan().login = AS_ICHIRO,
            begin: Scene::start,
            act: Act::FetchEnded,
            words: "not_you",
            documents: 0,
        },
        Story {
            name: "wrong person in the answer",
            prepare: |scene| *scene.plan() = Plan::of(AS_HANAKO, &doses(OF_A_BOY, &["20240401"])),
            begin: Scene::start,
            act: Act::FetchEnded,
            words: "not_you",
            documents: 0,
        },
    ]
}

/// Where the process dies.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Death {
    /// After the call.
    After,
    /// When the relay has done its part and the answer is on its way, or the browser has and the app is asleep.
    Before,
}

fn is_over(session: &SyncSession) -> bool {
    matches!(session.step(), SyncStep::Done(_) | SyncStep::Ended(_))
}

/// Runs a story; the process dies at the steps that `dies` names. How many steps there were.
fn run(story: &Story, dies: &dyn Fn(usize) -> Option<Death>) -> usize {
    let mut scene = Scene::new();
    (story.prepare)(&mut scene);
    let mut session = (story.begin)(&scene);
    let id: ConsentId = session.id();
    let mut steps = 0;
    loop {
        assert!(steps < 200, "{} never ends", story.name);
        if is_over(&session) {
            break;
        }
        if let SyncStep::Exchange(exchange) = session.step()
            && name(exchange) == "Get "
        {
            // Asked after every resumption and kept nowhere: whoever died after each of these would be asking for ever. So it
            // dies here once, and comes to the same place.
            drop(scene.relay.carry(exchange));
            let before = scene.vault.fetch(id).unwrap().state;
            scene.die();
            session = scene.resume(id).unwrap();
            scene.advance(&mut session);
            assert!(matches!(session.step(), SyncStep::Browse { .. }), "{}: {:?}", story.name, session.step());
            assert!(before == scene.vault.fetch(id).unwrap().state);
        }
        let death = dies(steps);
        steps += 1;
        if death == Some(Death::Before) {
            match session.step() {
                SyncStep::Exchange(exchange) => drop(scene.relay.carry(exchange)),
                SyncStep::Browse { url, .. } => {
                    // The browser is out when the app dies; it comes back to the app that was started anew.
                    let address = scene.relay.browse(url);
                    drop(session);
                    scene.die();
                    session = scene.resume(id).unwrap();
                    session.redirect(&scene.vault, &address, scene.now).unwrap();
                    continue;
                }
                _ => {}
            }
        } else {
            scene.advance(&mut session);
        }
        if death.is_some() {
            drop(session);
            scene.die();
            session = match scene.resume(id) {
                Ok(session) => session,
                // Over: there is nothing to go on with.
                Err(SyncError::NoSuchFetch) => break,
                Err(other) => panic!("{}: {other}", story.name),
            };
        }
    }
    let receipt = scene.is_over_with_one_receipt();
    let detail = receipt.detail.unwrap();
    assert_eq!((receipt.act.as_str(), scene.documents()), (story.act.id(), story.documents), "{}: {detail}", story.name);
    assert!(detail.contains(story.words), "{}: {detail}", story.name);
    assert!(scene.vault.verify().unwrap().ok);
    steps
}

#[test]
fn it_comes_to_the_same_end_though_it_dies_once_at_any_step() {
    for story in stories() {
        let steps = run(&story, &|_| None);
        for at in 0..steps {
            for death in [Death::After, Death::Before] {
                run(&story, &|step| (step == at).then_some(death));
            }
        }
    }
}

#[test]
fn it_comes_to_the_same_end_though_it_dies_after_every_step() {
    for story in stories() {
        run(&story, &|_| Some(Death::After));
        // Dying before an answer arrives forever gets nowhere: every second one arrives.
        run(&story, &|step| Some(if step % 2 == 0 { Death::Before } else { Death::After }));
    }
}

#[test]
fn a_state_of_another_version_is_the_end_and_not_a_fetch_that_cannot_end() {
    let mut scene = Scene::new();
    let session = scene.start();
    let id = session.id();
    scene.vault.keep_fetch_state(id, br#"{"version":999}"#, None).unwrap();
    let mut session = scene.resume(id).unwrap();
    assert_eq!(scene.run(&mut session).end().id(), "state_unreadable");
    scene.is_over_with_one_receipt();
}

#[test]
fn a_locked_vault_changes_nothing_and_the_fetch_goes_on_after_it_is_opened() {
    let mut scene = Scene::new();
    let mut session = scene.start();
    let mut steps = 0;
    while !is_over(&session) {
        scene.vault.lock();
        let locked = match session.step() {
            SyncStep::Exchange(exchange) => {
                let reply = scene.relay.carry(exchange);
                session.answer(&scene.vault, reply, scene.now)
            }
            SyncStep::Browse { url, .. } => {
                let address = scene.relay.browse(url);
                session.redirect(&scene.vault, &address, scene.now)
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(locked, Err(SyncError::Locked));
        // The same session goes on, without being resumed.
        scene.die();
        for _ in 0..2 {
            if !is_over(&session) {
                scene.advance(&mut session);
            }
        }
        steps += 1;
        assert!(steps < 50);
    }
    assert_eq!(scene.run(&mut session).digest().documents.len(), 1);
    scene.is_over_with_one_receipt();
}

#[test]
fn a_lock_at_any_moment_of_a_call_loses_nothing() {
    // Not at the same moments in every run; whatever the moment is, it must come to the same end.
    for round in 0..12_u32 {
        let mut scene = Scene::new();
        let mut session = scene.start();
        let mut locks = 0;
        for step in 0..200_u32 {
            if is_over(&session) {
                break;
            }
            let reply = match session.step() {
                SyncStep::Exchange(exchange) => Ok(scene.relay.carry(exchange)),
                SyncStep::Browse { url, .. } => Err(scene.relay.browse(url)),
                other => panic!("{other:?}"),
            };
            let (vault, now) = (&scene.vault, scene.now);
            let done = std::thread::scope(|threads| {
                threads.spawn(|| {
                    for _ in 0..(step * 37 + round * 101) % 97 * 40 {
                        std::thread::yield_now();
                    }
                    vault.lock();
                });
                match reply {
                    Ok(reply) => session.answer(vault, reply, now),
                    Err(address) => session.redirect(vault, &address, now),
                }
            });
            match done {
                Ok(()) => {}
                Err(SyncError::Locked) => locks += 1,
                Err(other) => panic!("{other}"),
            }
            scene.die();
            if !is_over(&session) && step % 2 == 1 {
                scene.advance(&mut session);
            }
        }
        // The last call may have been locked out after it had filed everything: then there is nothing to go on with.
        assert!(is_over(&session) || scene.resume(session.id()).is_err(), "{:?}", session.step());
        assert_eq!(scene.documents(), 1, "{locks} locks: {:?}", session.step());
        scene.is_over_with_one_receipt();
    }
}
