//! Whole fetches, from the start of a session to its end, and what of a processor each costs the relay: that is how many one
//! relay is enough for, whatever else this machine does.

use std::{net::SocketAddr, time::Duration};

use techo_protocol::{
    message::Answer,
    seal::{self, Binding, Leg},
};
use tokio::{task::JoinSet, time::Instant};

use crate::{Failure, Figure, Size, http::Connection, phone::Phone, portal::Portal, quantile, server::Operator};

/// The portal's answer: some years of a family's records.
const ANSWER: usize = 256 * 1024;
/// Phones that fetch at the same time.
const PHONES: usize = 16;

pub(crate) async fn measure(size: Size, store: &str) -> Result<Vec<Figure>, Failure> {
    let portal = Portal::start(ANSWER).await?;
    let operator = Operator::new(&portal.base(), Some(store))?;
    let (one, two) = (operator.start(Some(1))?, operator.start(Some(1))?);
    // A call-back reaches any relay, as behind a balancer.
    portal.call_back(&[one.public, two.public]);
    is_whole(&operator, one.api).await?;
    let (mut costs, mut rates) = (Vec::new(), Vec::new());
    for _ in 0..size.runs {
        let before = one.used()? + two.used()?;
        let begun = Instant::now();
        let count = fetches(&[one.api, two.api], size.run / 2).await?;
        rates.push(f64::from(count) / begun.elapsed().as_secs_f64());
        costs.push((one.used()? + two.used()? - before) / f64::from(count));
    }
    let cost = quantile(&mut costs, 50);
    Ok(vec![
        Figure::new("a whole fetch of 256 KiB, time of a processor in the relay", cost, "ms"),
        Figure::new("fetches an hour for which one core of a relay is enough", 3_600_000.0 / cost, "fetches"),
        Figure::new("fetches through two relays of one thread, everything on this machine", quantile(&mut rates, 50), "fetches/s"),
    ])
}

/// What is measured is a fetch: its answer opens and is the portal's.
async fn is_whole(operator: &Operator, relay: SocketAddr) -> Result<(), Failure> {
    let phone = Phone::new()?;
    let sealed = phone.fetch(&mut Connection::open(relay).await?).await?;
    let binding = Binding { session: phone.id, grant: phone.grant, leg: Leg::Result };
    let answer: Answer = serde_json::from_slice(&seal::open(&binding, &phone.key, &operator.seal, &sealed)?)?;
    if answer.self_personal_data.as_str().len() == ANSWER { Ok(()) } else { Err("the answer is not the portal's".into()) }
}

async fn fetches(relays: &[SocketAddr], run: Duration) -> Result<u32, Failure> {
    let end = Instant::now() + run;
    let mut phones = JoinSet::new();
    for relay in relays.iter().copied().cycle().take(PHONES) {
        phones.spawn(async move {
            let mut connection = Connection::open(relay).await?;
            let mut count = 0;
            while Instant::now() < end {
                Phone::new()?.fetch(&mut connection).await?;
                count += 1;
            }
            Ok::<u32, Failure>(count)
        });
    }
    let mut count = 0;
    while let Some(one) = phones.join_next().await {
        count += one??;
    }
    Ok(count)
}
