//! A fetch as a shell drives it, against a relay and a portal of our own: asked, answered, carried, killed and gone on with.

use std::{
    collections::BTreeSet,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use techo_bindings::{
    ActsAs, ConsentAnswered, FetchState, FetchStep, FetchWish, PersonView, ReturnTo, SyncSession, TechoError, TimelineQuery, Vault,
    fetch_items,
};
use techo_portal_standin::{Card, Door, Leg, Plan, TownThread, Visit};

use crate::scene::{Notebook, add_hanako, add_taro, device_key};

/// A notebook with Hanako and Taro in it, and a town.
struct Scene {
    notebook: Notebook,
    vault: Arc<Vault>,
    hanako: PersonView,
    taro: PersonView,
    town: TownThread,
    profile: String,
}

impl Scene {
    fn new() -> Self {
        let town = TownThread::start(Plan::default()).unwrap();
        let profile = town.profile_text().unwrap();
        let (notebook, vault) = Notebook::made();
        let (hanako, taro) = (add_hanako(&vault), add_taro(&vault));
        Self { notebook, vault, hanako, taro, town, profile }
    }

    fn wish(&self, items: &[&str]) -> FetchWish {
        FetchWish {
            person: self.hanako.id.clone(),
            acts_as: ActsAs::Oneself,
            actor: None,
            for_showing: false,
            items: items.iter().map(|item| (*item).to_owned()).collect(),
            from: None,
            until: None,
        }
    }

    /// A fetch of these items that has begun.
    fn begun(&self, items: &[&str]) -> Arc<SyncSession> {
        let question = self.vault.ask_consent(self.profile.clone(), self.wish(items)).unwrap();
        question.answer(owned(items)).unwrap();
        question.start(ReturnTo::AppLink).unwrap()
    }

    /// One step. The browser's part is played by a robot that hands over the address instead of opening it.
    fn step(&self, session: &SyncSession, visit: &Visit) -> Result<FetchState, TechoError> {
        match session.state().step {
            FetchStep::Exchange => session.advance(),
            FetchStep::Browse { url, text } => {
                assert!(!text.is_empty());
                let arrival = self.town.visit(&url, &visit.clone().stopping_before_delivery()).unwrap();
                session.came_back(arrival.address().unwrap().to_string())
            }
            FetchStep::Wait { seconds, .. } => {
                thread::sleep(Duration::from_secs(seconds.into()));
                session.advance()
            }
            FetchStep::Confirm { .. } => session.decide(true),
            FetchStep::Done { .. } | FetchStep::Ended { .. } => Ok(session.state()),
        }
    }

    fn to_its_end(&self, session: &SyncSession, visit: &Visit) -> FetchState {
        for _ in 0..60 {
            let state = self.step(session, visit).unwrap();
            assert_eq!(session.state(), state);
            if matches!(state.step, FetchStep::Done { .. } | FetchStep::Ended { .. }) {
                return state;
            }
        }
        panic!("no end: {:?}", session.state().milestone_text);
    }

    /// Goes on until the browser is to be opened.
    fn to_the_browser(&self, session: &SyncSession) -> String {
        for _ in 0..20 {
            if let FetchStep::Browse { url, .. } = self.step_without_browser(session).step {
                return url;
            }
        }
        panic!("no browser");
    }

    fn step_without_browser(&self, session: &SyncSession) -> FetchState {
        match session.state().step {
            FetchStep::Browse { .. } => session.state(),
            _ => self.step(session, &Visit::with(Card::Hanako)).unwrap(),
        }
    }

    fn rows(vault: &Vault) -> usize {
        let all = TimelineQuery { person: None, kind: None, from: None, until: None, after: None, limit: 1000 };
        vault.timeline(all).unwrap().rows.len()
    }
}

fn owned(items: &[&str]) -> Vec<String> {
    items.iter().map(|item| (*item).to_owned()).collect()
}

#[test]
fn what_was_granted_comes_and_the_ledger_and_the_consents_say_so() {
    let scene = Scene::new();
    let wished = ["checkup", "medication"];
    let question = scene.vault.ask_consent(scene.profile.clone(), scene.wish(&wished)).unwrap();
    let view = question.view();
    assert_eq!((view.subject.as_str(), view.items.len()), ("手帳 花子", 2));
    assert!(view.lines.len() >= 8 && view.obtained_by.contains("運営者"), "{:?}", view.lines);
    assert_eq!(question.start(ReturnTo::AppLink).err(), Some(TechoError::ConsentNeeded));
    let ConsentAnswered { granted, declined, text } = question.answer(owned(&["checkup"])).unwrap();
    assert_eq!((granted, declined), (owned(&["checkup"]), owned(&["medication"])));
    assert!(text.contains("健診") && text.contains("薬"));
    assert_eq!(question.answer(owned(&["medication"])).err(), Some(TechoError::ConsentSpent));

    let session = question.start(ReturnTo::AppLink).unwrap();
    assert_eq!(question.start(ReturnTo::AppLink).err(), Some(TechoError::ConsentSpent));
    assert_eq!(scene.vault.unfinished().unwrap()[0].id, session.id());
    let again = scene.vault.ask_consent(scene.profile.clone(), scene.wish(&wished)).err();
    assert_eq!(again, Some(TechoError::FetchRunning));

    let end = scene.to_its_end(&session, &Visit::with(Card::Hanako));
    let FetchStep::Done { digest } = &end.step else { panic!("not done") };
    assert!(digest.sum.contains("新しい記録") && digest.missing.is_none(), "{}", digest.sum);
    assert!(Scene::rows(&scene.vault) > 0);
    assert_eq!(scene.vault.unfinished(), Ok(Vec::new()));
    let consents = scene.vault.consents().unwrap();
    assert!(consents.len() == 1 && consents[0].can_withdraw && consents[0].documents > 0 && consents[0].standing_text == "取得した");
    let ledger = scene.vault.ledger(None, 1000).unwrap();
    assert!(ledger.lines.len() >= 5 && ledger.next.is_none(), "{}", ledger.lines.len());
    // What is over stays over.
    assert_eq!(session.advance().unwrap(), end);
    assert_eq!(session.came_back("https://relay.example/".to_owned()).err(), Some(TechoError::ForeignRedirect));
    assert_eq!(session.decide(true).err(), Some(TechoError::OutOfTurn));

    let told = scene.vault.withdraw(consents[0].id.clone(), true, Some(scene.profile.clone())).unwrap();
    assert!(told[0].contains("撤回しました") && told.len() > 3, "{told:?}");
    assert_eq!(Scene::rows(&scene.vault), 0);
}

#[test]
fn a_fetch_goes_on_in_another_process_after_every_single_step() {
    let mut scene = Scene::new();
    let mut session = scene.begun(&["checkup"]);
    let id = session.id();
    let (mut killed, mut browsers) = (0, BTreeSet::new());
    loop {
        let state = scene.step(&session, &Visit::with(Card::Hanako)).unwrap();
        // Whoever comes back while the browser is out asks the relay first, and then is where it was: once is enough.
        if let FetchStep::Browse { url, .. } = &state.step
            && !browsers.insert(url.clone())
        {
            continue;
        }
        if matches!(state.step, FetchStep::Done { .. } | FetchStep::Ended { .. }) {
            assert!(matches!(state.step, FetchStep::Done { .. }));
            break;
        }
        killed += 1;
        assert!(killed < 40, "no end");
        // The process is gone: what is left is what lies on the disk.
        let left = scene.notebook.copy();
        scene.vault.lock();
        drop(session);
        scene.notebook = left;
        scene.vault = scene.notebook.open().unwrap();
        assert_eq!(scene.vault.unfinished().unwrap().len(), 1);
        session = scene.vault.resume_fetch(scene.profile.clone(), id.clone()).unwrap();
    }
    assert!(killed > 6, "killed {killed} times");
    assert!(Scene::rows(&scene.vault) > 0);
    assert_eq!(scene.vault.resume_fetch(scene.profile.clone(), id).err(), Some(TechoError::NotFound));
}

#[test]
fn a_deep_link_from_a_stranger_changes_nothing() {
    let scene = Scene::new();
    let session = scene.begun(&["checkup"]);
    let url = scene.to_the_browser(&session);
    let before = session.state();
    let right = scene.town.visit(&url, &Visit::with(Card::Hanako).stopping_before_delivery()).unwrap().address().unwrap().clone();
    let mut other_state = right.clone();
    other_state.set_query(Some("code=abc&state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
    for foreign in ["https://evil.example/techo?code=1&state=2", "techo://back", "", "not an address", url.as_str(), other_state.as_str()] {
        assert_eq!(session.came_back(foreign.to_owned()).err(), Some(TechoError::ForeignRedirect), "{foreign}");
        assert_eq!(session.state(), before);
    }
    session.came_back(right.to_string()).unwrap();
    // A second time it is an old one.
    assert_eq!(session.came_back(right.to_string()).err(), Some(TechoError::ForeignRedirect));
    assert!(matches!(scene.to_its_end(&session, &Visit::with(Card::Hanako)).step, FetchStep::Done { .. }));
}

#[test]
fn while_the_relay_is_waited_for_the_state_can_be_asked_for_and_the_fetch_be_stopped() {
    let scene = Scene::new();
    let session = scene.begun(&["checkup"]);
    let url = scene.to_the_browser(&session);
    // The door is shut: whatever the relay asks there, nobody answers until it is opened again.
    scene.town.orders().unwrap().hold(Door::Token(Leg::Identity));
    let back = scene.town.visit(&url, &Visit::with(Card::Hanako).stopping_before_delivery()).unwrap().address().unwrap().to_string();
    session.came_back(back).unwrap();
    let waiting = Arc::clone(&session);
    let (ready, heard) = std::sync::mpsc::channel();
    let carrier = thread::spawn(move || {
        ready.send(()).unwrap();
        // Until the exchange that is held: the ones before it are answered at once.
        let mut turns = 0;
        loop {
            turns += 1;
            let from = Instant::now();
            let state = waiting.advance().unwrap();
            if from.elapsed() > Duration::from_millis(1500) || turns > 50 {
                return (state, from.elapsed());
            }
        }
    });
    heard.recv().unwrap();
    thread::sleep(Duration::from_secs(2));
    let asked = Instant::now();
    let state = session.state();
    let people = scene.vault.people().unwrap().len();
    assert!(asked.elapsed() < Duration::from_millis(200), "{:?}", asked.elapsed());
    assert_eq!((people, matches!(state.step, FetchStep::Exchange)), (2, true));
    let stopped = Instant::now();
    session.stop();
    let (state, held) = carrier.join().unwrap();
    assert!(stopped.elapsed() < Duration::from_secs(1), "stopped after {:?}, held for {held:?}", stopped.elapsed());
    assert!(matches!(state.step, FetchStep::Exchange), "the same exchange is next");
    // Where nothing is carried, the next call is the one that is stopped.
    session.stop();
    let at_once = Instant::now();
    assert_eq!(session.advance().unwrap(), state);
    assert!(at_once.elapsed() < Duration::from_millis(200));
    scene.town.orders().unwrap().release(Door::Token(Leg::Identity));
    assert!(matches!(scene.to_its_end(&session, &Visit::with(Card::Hanako)).step, FetchStep::Done { .. }));
}

#[test]
fn a_fetch_that_is_given_up_files_nothing_and_leaves_room_for_another() {
    let scene = Scene::new();
    let session = scene.begun(&["checkup"]);
    scene.to_the_browser(&session);
    session.cancel().unwrap();
    let end = scene.to_its_end(&session, &Visit::with(Card::Hanako));
    assert!(matches!(&end.step, FetchStep::Ended { was_cancelled: true, .. }));
    assert_eq!((Scene::rows(&scene.vault), scene.vault.unfinished().unwrap().len()), (0, 0));
    let other = scene.begun(&["checkup"]);
    assert_ne!(other.id(), session.id());
}

#[test]
fn a_reply_that_comes_after_the_fetch_was_given_up_is_thrown_away() {
    let scene = Scene::new();
    let session = scene.begun(&["checkup"]);
    let url = scene.to_the_browser(&session);
    scene.town.orders().unwrap().hold(Door::Token(Leg::Identity));
    let back = scene.town.visit(&url, &Visit::with(Card::Hanako).stopping_before_delivery()).unwrap().address().unwrap().to_string();
    session.came_back(back).unwrap();
    let waiting = Arc::clone(&session);
    // Until the exchange that is held has had its reply, or an end.
    let carrier = thread::spawn(move || {
        for _ in 0..20 {
            let from = Instant::now();
            waiting.advance().unwrap();
            if from.elapsed() > Duration::from_millis(1500) {
                return;
            }
        }
        panic!("nothing was held");
    });
    thread::sleep(Duration::from_secs(2));
    let given_up = session.cancel().unwrap();
    assert!(matches!(given_up.step, FetchStep::Exchange), "the relay is to be told");
    scene.town.orders().unwrap().release(Door::Token(Leg::Identity));
    carrier.join().unwrap();
    // What came was the reply of another exchange: the relay has not been told yet.
    assert_eq!(session.state(), given_up);
    let end = scene.to_its_end(&session, &Visit::with(Card::Hanako));
    assert!(matches!(&end.step, FetchStep::Ended { was_cancelled: true, .. }));
    assert_eq!(Scene::rows(&scene.vault), 0);
}

#[test]
fn looking_again_leaves_the_browser_where_it_is() {
    let scene = Scene::new();
    let session = scene.begun(&["checkup"]);
    let url = scene.to_the_browser(&session);
    let looked = session.look_again().unwrap();
    assert!(matches!(&looked.step, FetchStep::Browse { url: same, .. } if *same == url));
    assert!(matches!(scene.to_its_end(&session, &Visit::with(Card::Hanako)).step, FetchStep::Done { .. }));
}

#[test]
fn a_strangers_card_ends_the_fetch_and_says_what_to_do() {
    let scene = Scene::new();
    let session = scene.begun(&["checkup"]);
    let end = scene.to_its_end(&session, &Visit::with(Card::Jiro));
    let FetchStep::Ended { kind, what, todo, was_cancelled } = &end.step else { panic!("not ended") };
    assert_eq!(kind, "not_you");
    assert!(what.contains("違います") && !todo.is_empty() && !was_cancelled, "{what}");
    assert_eq!(Scene::rows(&scene.vault), 0);
}

#[test]
fn a_question_needs_presence_a_profile_and_something_to_ask_for() {
    let mut scene = Scene::new();
    let ask = |scene: &Scene, items: &[&str]| scene.vault.ask_consent(scene.profile.clone(), scene.wish(items)).err();
    assert_eq!(ask(&scene, &[]), Some(TechoError::WishInvalid { field: "items".to_owned() }));
    assert_eq!(ask(&scene, &["everything"]), Some(TechoError::NotFound));
    let ends_before = FetchWish { from: Some("2025".to_owned()), until: Some("2024".to_owned()), ..scene.wish(&["checkup"]) };
    let refused = scene.vault.ask_consent(scene.profile.clone(), ends_before).err();
    assert_eq!(refused, Some(TechoError::WishInvalid { field: "period".to_owned() }));
    let broken = scene.profile.replace("keeping_seconds = ", "keeping_seconds = 99");
    let bad = scene.vault.ask_consent(broken, scene.wish(&["checkup"])).err();
    assert_eq!(bad, Some(TechoError::BadProfile { field: "keeping_seconds".to_owned() }));
    let unreadable = scene.vault.ask_consent("canary-profile".to_owned(), scene.wish(&["checkup"])).err();
    assert_eq!(unreadable, Some(TechoError::BadProfile { field: "profile".to_owned() }));
    assert_eq!(scene.vault.consents(), Ok(Vec::new()));
    assert_eq!(fetch_items(techo_bindings::Language::English).len(), 11);

    scene.vault.lock();
    scene.vault = scene.notebook.open().unwrap();
    assert_eq!(ask(&scene, &["checkup"]), Some(TechoError::PresenceNeeded));
    scene.vault.confirm_presence(device_key()).unwrap();
    let declined = scene.vault.ask_consent(scene.profile.clone(), scene.wish(&["checkup"])).unwrap();
    assert!(declined.answer(Vec::new()).unwrap().granted.is_empty());
    assert_eq!(declined.start(ReturnTo::AppLink).err(), Some(TechoError::ConsentNeeded));
}

#[test]
fn what_comes_back_beyond_the_choice_is_asked_about_and_a_parent_fetches_for_a_child() {
    let scene = Scene::new();
    let wish = FetchWish {
        person: scene.taro.id.clone(),
        acts_as: ActsAs::Parent,
        actor: Some(scene.hanako.id.clone()),
        ..scene.wish(&["vaccination"])
    };
    let question = scene.vault.ask_consent(scene.profile.clone(), wish).unwrap();
    assert!(question.view().actor.contains("手帳 花子"));
    // No service returns procedures alone.
    let procedures = scene.vault.ask_consent(scene.profile.clone(), scene.wish(&["procedure"])).unwrap();
    let surplus = procedures.surplus_of(owned(&["procedure"]));
    assert_eq!(surplus, procedures.view().surplus);
    assert!(surplus.unwrap().contains("切り取り"));
    assert_eq!(procedures.surplus_of(Vec::new()), None);

    question.answer(owned(&["vaccination"])).unwrap();
    let session = question.start(ReturnTo::AppLink).unwrap();
    assert!(matches!(scene.to_its_end(&session, &Visit::with(Card::Taro)).step, FetchStep::Done { .. }));
    assert_eq!(scene.vault.people().unwrap().iter().filter(|person| person.records > 0).count(), 1);
}
