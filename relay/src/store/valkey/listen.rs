//! Hears what any relay has written. What was said while nobody listened is not said again, so after every new beginning
//! all who wait are woken to look for themselves.

use std::time::Duration;

use futures_util::StreamExt as _;
use redis::{Client, RedisError};
use tokio::{
    sync::broadcast,
    time::{sleep, timeout},
};

use super::{WAKES, Wake};

/// To connect, and to answer that one is there.
const ANSWER: Duration = Duration::from_secs(3);
/// After such a silence the server is asked whether it is there: a connection can be gone without a word.
const SILENCE: Duration = Duration::from_secs(10);
/// Between two tries.
const REST: Duration = Duration::from_millis(250);

/// Never ends by itself.
pub(super) async fn listen(client: Client, wakes: broadcast::Sender<Wake>) {
    loop {
        // How it ended does not matter: the operations that follow will say it, too.
        let _ = hear(&client, &wakes).await;
        sleep(REST).await;
    }
}

async fn hear(client: &Client, wakes: &broadcast::Sender<Wake>) -> Result<(), RedisError> {
    let subscribed = async {
        let (mut asking, messages) = client.get_async_pubsub().await?.split();
        asking.subscribe(WAKES).await?;
        Ok::<_, RedisError>((asking, messages))
    };
    let Ok(subscribed) = timeout(ANSWER, subscribed).await else { return Ok(()) };
    let (mut asking, mut messages) = subscribed?;
    // An error of sending says that nobody waits.
    let _ = wakes.send(Wake::All);
    loop {
        match timeout(SILENCE, messages.next()).await {
            Ok(Some(message)) => {
                // Who says something else may know more than we: then everybody looks.
                let id = message.get_payload::<String>().ok().and_then(|id| id.parse().ok());
                let _ = wakes.send(id.map_or(Wake::All, Wake::Session));
            }
            Ok(None) => return Ok(()),
            Err(_) => match timeout(ANSWER, asking.ping::<redis::Value>()).await {
                Ok(answer) => drop(answer?),
                Err(_) => return Ok(()),
            },
        }
    }
}
