//! What is logged: that something happened, never what. Everything that any library says at any level is caught here, in
//! a process of its own, because what is caught is the process's.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

#[path = "../relay/fake.rs"]
#[expect(dead_code, reason = "shared with the relay's other tests")]
mod fake;
#[path = "../relay/shelf.rs"]
#[expect(dead_code, reason = "shared with the relay's other tests")]
mod shelf;
#[path = "../relay/world.rs"]
#[expect(dead_code, reason = "shared with the relay's other tests")]
mod world;

use std::{
    io,
    sync::{Arc, Mutex},
};

use techo_protocol::message::Stage;
use tracing_subscriber::{fmt::MakeWriter, layer::SubscriberExt as _, registry::Registry};

use crate::{
    fake::{Act, CANARIES, IDENTITY_TOKEN, RESULT, TOKEN, USERINFO},
    world::World,
};

#[derive(Clone, Default)]
struct Caught(Arc<Mutex<Vec<u8>>>);

impl Caught {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Caught {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Caught {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn no_name_token_code_state_or_address_is_logged_whatever_happens() {
    let caught = Caught::default();
    let everything = Registry::default().with(tracing_subscriber::fmt::layer().with_writer(caught.clone()));
    tracing::subscriber::set_global_default(everything).unwrap();

    let world = World::new().await;
    let phone = world.requested().await;
    let states = [phone.identity_state.to_text(), phone.authorization_state.to_text()];
    for state in &states {
        let address = format!("http://{}/redirect?code=canary-code-portal&state={}", world.relay.public(), **state);
        world.http.get(address).send().await.unwrap();
    }
    world.ready().await;
    phone.wait(Stage::Requested).await.unwrap();
    phone.sealed("result").await.unwrap();
    phone.delete_sealed("result").await;
    world.call_back(&world.relay, "canary-data").await;
    // The same with everything that can go wrong.
    for (path, act) in [
        (IDENTITY_TOKEN, Act::Answer(400, r#"{"error":"canary-data"}"#.to_owned())),
        (USERINFO, Act::Answer(200, r#"{"sub":"canary-subject","name":"canary-data"}"#.to_owned())),
        (USERINFO, Act::Cut(120)),
        (TOKEN, Act::Answer(401, r#"{"error":"canary-data"}"#.to_owned())),
        (TOKEN, Act::Answer(200, r#"{"access_token":["canary-data"]}"#.to_owned())),
        (RESULT, Act::Answer(200, "canary-data".to_owned())),
        (RESULT, Act::Cut(200)),
    ] {
        world.fake.next(path, [act]);
        let phone = world.phone();
        phone.start().await.unwrap();
        world.fake.nonce.lock().unwrap().clone_from(&phone.nonce.to_text());
        phone.identity("canary-code-identity").await.unwrap();
        phone.delete_sealed("identity").await;
        if phone.authorization("canary-code-portal").await.is_ok_and(|progress| progress.stage == Stage::Requested) {
            world.ready().await;
            phone.wait(Stage::Requested).await.unwrap();
        }
    }
    let World { relay, fake, .. } = world;
    relay.stop().await;

    let log = caught.text();
    for said in ["started", "begun", "reached", "called", "stopping", "code_refused", "malformed"] {
        assert!(log.contains(said), "{said} is not in the log:\n{log}");
    }
    for canary in CANARIES {
        assert!(!log.contains(canary), "{canary} is in the log:\n{log}");
    }
    let secrets = [&*phone.secret.to_text(), &*phone.nonce.to_text(), &*phone.verifier.to_text(), &*states[0], &*states[1]];
    for secret in secrets.into_iter().map(String::as_str).chain([phone.id.to_string().as_str(), &fake.process()]) {
        assert!(!log.contains(secret), "a secret is in the log:\n{log}");
    }
    for part in ["?code", "state=", "Bearer", "commonHeader"] {
        assert!(!log.contains(part), "{part} is in the log:\n{log}");
    }
}

#[test]
fn the_programs_log_is_the_relays_own_events_and_nothing_of_its_libraries() {
    let caught = Caught::default();
    let _guard = tracing::subscriber::set_default(techo_relay::log::subscriber(caught.clone()));
    tracing::error!(target: "hyper", uri = "canary", "canary");
    tracing::error!(target: "reqwest::connect", "canary");
    tracing::info!(target: "techo_relay::service", stage = "taken", "reached");
    tracing::debug!(target: "techo_relay::service", "canary");
    let log = caught.text();
    assert!(log.contains(r#""stage":"taken""#), "{log}");
    assert_eq!(log.lines().count(), 1, "{log}");
}
