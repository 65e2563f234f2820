//! The portal's call-back to the operator's server (IF001-05), and the faults that a test can order for it.

use serde_json::{Value, json};

use crate::{
    journal::{Door, Outcome},
    orders::Fault,
    registration::Registration,
    telegram, tls,
    world::{Shared, make_token},
};

/// Makes the result ready and says so, as often as ordered: once, where nothing is ordered.
pub(crate) async fn deliver(shared: &Shared, process: &str) {
    let door = Door::Callback;
    let Some((session, registration)) = known(shared, process) else { return };
    shared.orders.pass(door).await;
    let late = |fault: &Fault| match fault {
        Fault::CallbackLate(time) => Some(*time),
        _ => None,
    };
    if let Some(time) = shared.orders.take(Some(&session), late) {
        tokio::time::sleep(time).await;
    }
    if let Some(process) = shared.world().processes.get_mut(process) {
        process.is_ready = true;
    }
    let has = |fault: Fault| shared.orders.has(Some(&session), &fault);
    if has(Fault::CallbackLost) {
        shared.note(door, Some(&session), Outcome::Ordered("lost"));
        return;
    }
    let foreign = if has(Fault::CallbackForeign) { make_token().ok() } else { None };
    let twice = has(Fault::CallbackTwice).then(|| process.to_owned());
    let error = shared.orders.take(Some(&session), |fault| match fault {
        Fault::ErrorCode(Door::Callback, code) => Some(*code),
        _ => None,
    });
    for named in foreign.into_iter().chain([process.to_owned()]).chain(twice) {
        let outcome = match send(shared, &registration, &named, error.unwrap_or_default()).await {
            Ok(()) => Outcome::Done,
            Err(reason) => Outcome::Refused(reason),
        };
        shared.note(door, Some(&session), outcome);
    }
}

fn known(shared: &Shared, process: &str) -> Option<(String, Registration)> {
    let world = shared.world();
    Some((world.processes.get(process)?.state.clone(), world.registration.clone()?))
}

/// One call-back. The real one's ways of trying again are not known: this one does not.
async fn send(shared: &Shared, registration: &Registration, process: &str, error: &str) -> Result<(), &'static str> {
    let serial = {
        let mut world = shared.world();
        world.serial += 1;
        world.serial
    };
    let names = &shared.names.portal;
    let telegram = telegram::id(registration.digits(), shared.clock.now(), serial);
    let header = |kind: &str| telegram::header(&telegram, kind, &names.mode.value, process, error);
    let tls = tls::client(&registration.callback_roots, None).map_err(|_| "no root for the call-back")?;
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(std::time::Duration::from_secs(10))
        .build()
        .map_err(|_| "no client for the call-back")?;
    let response = client
        .post(registration.callback.clone())
        .header("content-type", "application/json; charset=utf-8")
        .body(json!({ "commonHeader": header(telegram::READY) }).to_string())
        .send()
        .await
        .map_err(|_| "call-back did not arrive")?;
    if response.status() == reqwest::StatusCode::NOT_FOUND {
        return Err("call-back for an unknown process");
    }
    if response.status() != reqwest::StatusCode::OK {
        return Err("call-back was not taken");
    }
    let body = response.bytes().await.map_err(|_| "call-back was not acknowledged")?;
    let answered: Value = serde_json::from_slice(&body).map_err(|_| "call-back was not acknowledged")?;
    if answered.get("commonHeader") == Some(&header(&names.ready_telegram_answer.value)) {
        Ok(())
    } else {
        Err("call-back was not acknowledged")
    }
}
