//! What travels between a relay and its store, byte for byte: a tap stands between the two.

use std::{
    io::{Read as _, Write as _},
    os::unix::net::{UnixListener, UnixStream},
    path::PathBuf,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use techo_protocol::{
    message::{Answer, Identity, Stage},
    seal::Leg,
};
use techo_relay::{Relay, Store as _, ValkeyAddress, ValkeyStore, Wake};
use tokio::time::timeout;

use crate::{
    fake::CANARIES,
    faults::{keyed, world},
    world::config,
};

/// Passes everything on and keeps a copy.
struct Tap {
    folder: tempfile::TempDir,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Tap {
    fn before(server: &str) -> Self {
        let server = PathBuf::from(server.strip_prefix("unix://").unwrap());
        let tap = Self { folder: tempfile::tempdir().unwrap(), heard: Arc::default() };
        let listener = UnixListener::bind(tap.folder.path().join("tap")).unwrap();
        let heard = Arc::clone(&tap.heard);
        thread::spawn(move || {
            for relay in listener.incoming().map_while(Result::ok) {
                let store = UnixStream::connect(&server).unwrap();
                for (from, to) in [(relay.try_clone().unwrap(), store.try_clone().unwrap()), (store, relay)] {
                    let heard = Arc::clone(&heard);
                    thread::spawn(move || pass_on(from, to, &heard));
                }
            }
        });
        tap
    }

    fn address(&self) -> String {
        format!("unix://{}", self.folder.path().join("tap").display())
    }

    fn has(&self, word: &[u8]) -> bool {
        self.heard.lock().unwrap().windows(word.len()).any(|window| window == word)
    }
}

/// Until one of the two hangs up.
fn pass_on(mut from: UnixStream, mut to: UnixStream, heard: &Mutex<Vec<u8>>) {
    let mut piece = [0; 4096];
    while let Ok(length @ 1..) = from.read(&mut piece) {
        heard.lock().unwrap().extend_from_slice(&piece[..length]);
        if to.write_all(&piece[..length]).is_err() {
            return;
        }
    }
}

#[tokio::test]
async fn nothing_plain_travels_between_relay_and_store_in_a_whole_fetch() {
    let Some((world, ring)) = world().await else { return };
    let tap = Tap::before(&world.shelf.server(|server| server.address()).unwrap());
    let store = ValkeyStore::new(&ValkeyAddress::new(&tap.address(), None).unwrap(), ring.clone());
    let mut wakes = store.wakes();
    assert_eq!(timeout(Duration::from_secs(30), wakes.recv()).await.unwrap(), Ok(Wake::All));
    let mut tapped = config(&world.fake);
    keyed(&mut tapped, &ring);
    let relay = Relay::start_with(tapped, Arc::new(store), world.clock.clone()).await.unwrap();

    let phone = world.phone().at(&relay);
    phone.start().await.unwrap();
    world.fake.nonce.lock().unwrap().clone_from(&phone.nonce.to_text());
    assert_eq!(phone.identity("canary-code-identity").await.unwrap().stage, Stage::IdentitySealed);
    let identity: Identity = phone.open(Leg::Identity, &phone.sealed("identity").await.unwrap());
    assert_eq!(identity.name.as_str(), "手帳 花子");
    assert_eq!(phone.delete_sealed("identity").await, 204);
    assert_eq!(phone.authorization("canary-code-portal").await.unwrap().stage, Stage::Requested);
    world.call_back(&relay, &world.fake.process()).await;
    assert_eq!(phone.wait(Stage::Requested).await.unwrap().stage, Stage::ResultSealed);
    let answer: Answer = phone.open(Leg::Result, &phone.sealed("result").await.unwrap());
    assert_eq!(answer.self_personal_data.as_str(), *world.fake.data.lock().unwrap());
    assert_eq!(phone.delete_sealed("result").await, 204);

    // The tap hears what travels: the session's id is in every command.
    assert!(tap.has(phone.id.to_string().as_bytes()));
    for canary in CANARIES {
        assert!(!tap.has(canary.as_bytes()), "{canary} travelled");
    }
}
