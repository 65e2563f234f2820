//! One relay and two on a shared store, each with one thread: how many sessions they begin, tell of and forget.

use std::{net::SocketAddr, time::Duration};

use tokio::{task::JoinSet, time::Instant};

use crate::{Failure, Figure, Size, http::Connection, phone::Phone, portal::Portal, quantile, server::Operator};

/// Phones that ask without a pause.
const PHONES: usize = 32;

pub(crate) async fn measure(size: Size, store: &str) -> Result<Vec<Figure>, Failure> {
    let portal = Portal::start(0).await?;
    let operator = Operator::new(&portal.base(), Some(store))?;
    let (one, two) = (operator.start(Some(1))?, operator.start(Some(1))?);
    let (mut alone, mut together, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..size.runs {
        // By turns, so that what else the machine does falls on both.
        let (first, second) = (requests(&[one.api], size.run / 2).await?, requests(&[one.api, two.api], size.run / 2).await?);
        alone.push(first);
        together.push(second);
        ratios.push(second / first);
    }
    Ok(vec![
        Figure::new("one relay of one thread on a shared store", quantile(&mut alone, 50), "requests/s"),
        Figure::new("two relays of one thread on a shared store", quantile(&mut together, 50), "requests/s"),
        Figure::new("two relays to one", quantile(&mut ratios, 50), "times"),
    ])
}

/// Requests a second, of which half write.
async fn requests(relays: &[SocketAddr], run: Duration) -> Result<f64, Failure> {
    let mut phones = JoinSet::new();
    let begun = Instant::now();
    for relay in relays.iter().cycle().take(PHONES) {
        phones.spawn(sessions(*relay, begun + run));
    }
    let mut count = 0;
    while let Some(one) = phones.join_next().await {
        count += one??;
    }
    Ok(f64::from(count) / begun.elapsed().as_secs_f64())
}

async fn sessions(relay: SocketAddr, end: Instant) -> Result<u32, Failure> {
    let mut connection = Connection::open(relay).await?;
    let mut count = 0;
    while Instant::now() < end {
        let phone = Phone::new()?;
        phone.begin(&mut connection).await?;
        phone.status(&mut connection).await?;
        phone.status(&mut connection).await?;
        phone.forget(&mut connection).await?;
        count += 4;
    }
    Ok(count)
}
