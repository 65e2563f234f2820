//! What opens something is in no text: not in a step or session as printed, not in an error, not in the ledger.

use std::fmt::Write as _;

use techo_core::{
    consent::{Basis, Item},
    sync::SyncStep,
};

use crate::scene::{AS_ICHIRO, HANAKO, Scene};

#[test]
fn no_secret_token_or_name_is_printed_or_written_into_the_ledger() {
    for is_her_card in [true, false] {
        let mut scene = Scene::new();
        if !is_her_card {
            scene.relay.plans.get_mut("ST0002").unwrap().login = AS_ICHIRO;
        }
        let (mut printed, mut secrets) = (String::new(), vec!["手帳".to_owned(), "one-time".to_owned(), "19720415".to_owned()]);
        let mut session = scene.start_for(HANAKO, Basis::OwnCard, None, &[Scene::own(Item::Vaccination), Scene::own(Item::Checkup)]);
        loop {
            assert!(printed.len() < 100_000);
            writeln!(printed, "{session:?} {:?}", session.step()).unwrap();
            match session.step() {
                SyncStep::Exchange(exchange) => secrets.extend(exchange.bearer.as_ref().map(|bearer| bearer.to_string())),
                SyncStep::Browse { url, .. } => {
                    let opening = ["state", "nonce", "code_challenge"];
                    secrets.extend(url.query_pairs().filter(|(name, _)| opening.contains(&&**name)).map(|(_, value)| value.into_owned()));
                }
                SyncStep::Done(_) | SyncStep::Ended(_) => break,
                SyncStep::Confirm(_) | SyncStep::Wait { .. } => {}
            }
            scene.advance(&mut session);
        }
        let error = session.redirect(&scene.vault, "https://www.example.jp/redirect?code=one-time", scene.now).unwrap_err();
        writeln!(printed, "{error} {error:?}").unwrap();
        // The question names the operator; everything after it names nobody.
        let began = scene.ledger().iter().position(|entry| entry.act == "fetch_started").unwrap();
        for entry in scene.ledger().split_off(began) {
            writeln!(printed, "{entry:?}").unwrap();
        }
        assert!(secrets.len() > 10 && printed.len() > 1000);
        for secret in secrets {
            assert!(!printed.contains(&secret), "{secret} in {printed}");
        }
    }
}
