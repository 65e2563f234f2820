//! Ten thousand phones that wait, each on a connection of its own, and others that ask meanwhile.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use techo_protocol::message::{LONGEST_WAIT, Stage};
use tokio::{
    sync::mpsc,
    task::JoinSet,
    time::{Instant, sleep, sleep_until},
};

use crate::{
    Failure, Figure, Size, http::Connection, milliseconds, phone::Phone, portal::Portal, quantile, server::Operator, server::Server,
};

/// Status requests a second that come besides.
const RATE: u32 = 500;
/// Connections of the balancer on which they come.
const CONNECTIONS: usize = 64;

pub(crate) async fn measure(size: Size) -> Result<Vec<Figure>, Failure> {
    let Size { phones: count, runs, run } = size;
    let portal = Portal::start(0).await?;
    let relay = Operator::new(&portal.base(), None)?.start(None)?;
    let [empty, _] = relay.memory()?;
    let mut connections = Vec::new();
    for _ in 0..CONNECTIONS {
        connections.push(Connection::open(relay.api).await?);
    }
    let phones: Vec<Arc<Phone>> = (0..count).map(|_| Phone::new().map(Arc::new)).collect::<Result<_, _>>()?;
    for (phone, at) in phones.iter().zip((0..CONNECTIONS).cycle()) {
        phone.begin(connections.get_mut(at).ok_or("no connection")?).await?;
    }
    // They come one after another, as people do, so that their polls end one after another, too.
    let failures = Arc::new(AtomicUsize::new(0));
    let mut waiting = JoinSet::new();
    let begun = Instant::now();
    for (number, phone) in (0_u32..).zip(&phones) {
        let at = begun + Duration::from_secs(LONGEST_WAIT.into()) * number / u32::try_from(count)?;
        waiting.spawn(wait(relay.api, Arc::clone(phone), at, Arc::clone(&failures)));
    }
    let (told, mut free) = mpsc::unbounded_channel();
    for connection in connections {
        told.send(connection).map_err(|_| "nobody takes connections")?;
    }
    sleep_until(begun + Duration::from_secs(LONGEST_WAIT.into()) + Duration::from_secs(1)).await;
    let (mut medians, mut nineties, mut present) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..runs {
        let mut times = ask(&phones, run, &told, &mut free).await?;
        medians.push(quantile(&mut times, 50));
        nineties.push(quantile(&mut times, 99));
        present.push(there(&relay).await?);
    }
    let failed = failures.load(Ordering::Relaxed);
    // A poll that has just ended is not counted as waiting, and begins again at once.
    let least = quantile(&mut present, 0);
    #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
    let is_crowded = least >= 0.98 * count as f64;
    if failed > 0 || !is_crowded {
        return Err(format!("{failed} polls failed, and only {least} of {count} waited").into());
    }
    let [memory, peak] = relay.memory()?;
    waiting.abort_all();
    let of = |what: &str| format!("{what}, {count} phones waiting");
    Ok(vec![
        Figure::new("memory of a relay that has just started", empty, "MB"),
        Figure::new(of("memory of the relay"), memory, "MB"),
        Figure::new(of("memory of the relay at its peak"), peak, "MB").at_most(200.0),
        Figure::new(of(&format!("status answer at {RATE}/s, median")), quantile(&mut medians, 50), "ms"),
        Figure::new(of(&format!("status answer at {RATE}/s, p99")), quantile(&mut nineties, 50), "ms").at_most(10.0),
    ])
}

/// How many wait, as the relay counts.
async fn there(relay: &Server) -> Result<f64, Failure> {
    relay.metric("techo_relay_waiting ").await
}

/// One phone: polls again and again.
async fn wait(relay: std::net::SocketAddr, phone: Arc<Phone>, at: Instant, failures: Arc<AtomicUsize>) {
    sleep_until(at).await;
    let polling = async {
        let mut connection = Connection::open(relay).await?;
        loop {
            phone.wait(&mut connection, Stage::AwaitingIdentity).await?;
        }
    };
    let ended: Result<(), Failure> = polling.await;
    if ended.is_err() {
        failures.fetch_add(1, Ordering::Relaxed);
    }
}

/// Status requests at a steady rate, whether or not the ones before are answered; how long each took.
async fn ask(
    phones: &[Arc<Phone>],
    run: Duration,
    told: &mpsc::UnboundedSender<Connection>,
    free: &mut mpsc::UnboundedReceiver<Connection>,
) -> Result<Vec<f64>, Failure> {
    let begun = Instant::now();
    let mut asked = JoinSet::new();
    // Far apart, so that no session asks too often.
    for (number, phone) in (0_u32..).zip(phones.iter().step_by(7).cycle()) {
        let at = begun + Duration::from_secs(1) * number / RATE;
        if at >= begun + run {
            break;
        }
        sleep_until(at).await;
        let (come, phone, told) = (Instant::now(), Arc::clone(phone), told.clone());
        let mut connection = free.recv().await.ok_or("no connection")?;
        asked.spawn(async move {
            phone.status(&mut connection).await?;
            told.send(connection).map_err(|_| "nobody takes connections")?;
            Ok::<_, Failure>(milliseconds(come.elapsed()))
        });
    }
    let mut times = Vec::new();
    while let Some(time) = asked.join_next().await {
        times.push(time??);
    }
    sleep(Duration::from_millis(100)).await;
    Ok(times)
}
