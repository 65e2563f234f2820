//! The courier against small servers that misbehave to order, on the loopback interface. No test waits for the clock of the
//! machine: limits are either so short that only reaching them is the expected end, or so long that they are never reached.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod advance;
mod answers;
mod authority;
mod environment;
mod refusals;
mod server;
mod waiting;

use std::time::Duration;

use zeroize::Zeroizing;

use super::{Courier, patience::Patience};
use crate::portal::{Exchange, Method, Reply, Trouble};
use authority::Authority;
use server::{Play, Server};

/// Limits that are never reached, and no pause between tries.
const ENDLESS: Patience = Patience {
    connect: Duration::from_mins(1),
    silence: Duration::from_mins(1),
    whole: Duration::from_mins(2),
    tries: 3,
    pause: Duration::ZERO,
};

/// Never found outside a refused connection.
const CANARY: &str = "canary-of-the-session";

fn exchange(method: Method, path: &str) -> Exchange {
    Exchange { method, path: path.to_owned(), bearer: Some(Zeroizing::new(CANARY.to_owned())), body: None, wait: 0, largest_reply: 64 }
}

fn ask() -> Exchange {
    exchange(Method::Get, "/v1/sessions/x")
}

/// A courier to a server whose certificate leads to one of these.
fn courier(server: &Server, roots: &[&Authority], patience: Patience) -> Courier {
    let roots: Vec<String> = roots.iter().map(|root| root.pem()).collect();
    Courier::with(&server.url(), &roots, patience).unwrap()
}

#[track_caller]
fn trouble(reply: &Reply) -> Trouble {
    match reply {
        Reply::Failed(trouble) => *trouble,
        Reply::Answered { status, .. } => panic!("answered with {status}"),
    }
}

/// Status, seconds to wait, body.
#[track_caller]
fn answer(reply: &Reply) -> (u16, Option<u32>, Vec<u8>) {
    match reply {
        Reply::Answered { status, retry_after, body } => (*status, *retry_after, body.to_vec()),
        Reply::Failed(trouble) => panic!("{trouble:?}"),
    }
}
