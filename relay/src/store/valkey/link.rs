//! A connection to the store that is made when it is needed and made again when it breaks. Every wait has an end, so a
//! store that is away costs a phone a moment and not its patience.

use std::time::Duration;

use redis::{
    AsyncConnectionConfig, Client, Cmd, ErrorKind, FromRedisValue, RedisError, ScriptInvocation, ServerErrorKind,
    aio::MultiplexedConnection,
};
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

use super::super::StoreError;

/// To connect, with TLS.
const CONNECT: Duration = Duration::from_secs(2);
/// After a failed connecting nobody tries for so long: all who wait are told at once.
pub(super) const REST: Duration = Duration::from_millis(200);

pub(super) struct Link {
    client: Client,
    /// How long an answer may take.
    patience: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Which connection the present one is.
    number: u64,
    connection: Option<MultiplexedConnection>,
    failed: Option<Instant>,
}

/// What is said to the store.
pub(super) enum Call<'a> {
    Command(Cmd),
    Script(ScriptInvocation<'a>),
}

impl From<Cmd> for Call<'_> {
    fn from(command: Cmd) -> Self {
        Self::Command(command)
    }
}

impl<'a> From<ScriptInvocation<'a>> for Call<'a> {
    fn from(script: ScriptInvocation<'a>) -> Self {
        Self::Script(script)
    }
}

impl Call<'_> {
    async fn once<T: FromRedisValue>(&self, connection: &mut MultiplexedConnection) -> Result<T, RedisError> {
        match self {
            Self::Command(command) => command.query_async(connection).await,
            Self::Script(script) => script.invoke_async(connection).await,
        }
    }
}

impl Link {
    pub(super) fn new(client: Client, patience: Duration) -> Self {
        Self { client, patience, state: Mutex::default() }
    }

    /// Runs `call` on the connection, and once more on a new one if it broke. Every call of ours may be repeated: a
    /// writing knows itself again.
    pub(super) async fn run<T: FromRedisValue>(&self, call: &Call<'_>) -> Result<T, StoreError> {
        let both = async {
            let mut is_second = false;
            loop {
                let (number, mut connection) = self.connection().await?;
                let error = match call.once(&mut connection).await {
                    Ok(answer) => return Ok(answer),
                    Err(error) => error,
                };
                let is_lost = is_lost(&error);
                if is_lost {
                    self.lose(number).await;
                }
                if is_second || !is_lost {
                    // The server's words may quote what was said to it; the code does not.
                    tracing::warn!(code = error.code(), kind = ?error.kind(), "store");
                    return Err(match error.kind() {
                        ErrorKind::Parse | ErrorKind::UnexpectedReturnType => StoreError::Unreadable,
                        _ => StoreError::Away,
                    });
                }
                is_second = true;
            }
        };
        timeout(CONNECT + self.patience, both).await.unwrap_or(Err(StoreError::Away))
    }

    async fn connection(&self) -> Result<(u64, MultiplexedConnection), StoreError> {
        let mut state = self.state.lock().await;
        if let Some(connection) = &state.connection {
            return Ok((state.number, connection.clone()));
        }
        if state.failed.is_some_and(|failed| failed.elapsed() < REST) {
            return Err(StoreError::Away);
        }
        let config = AsyncConnectionConfig::new().set_connection_timeout(Some(CONNECT)).set_response_timeout(Some(self.patience));
        match self.client.get_multiplexed_async_connection_with_config(&config).await {
            Ok(connection) => {
                state.number += 1;
                state.connection = Some(connection.clone());
                state.failed = None;
                Ok((state.number, connection))
            }
            Err(error) => {
                tracing::warn!(code = error.code(), kind = ?error.kind(), "no connection to the store");
                state.failed = Some(Instant::now());
                Err(StoreError::Away)
            }
        }
    }

    async fn lose(&self, number: u64) {
        let mut state = self.state.lock().await;
        if state.number == number {
            state.connection = None;
        }
    }
}

/// Whether another connection may do better: this one broke, or leads to a server that is not the first any more.
fn is_lost(error: &RedisError) -> bool {
    let elsewhere = [ServerErrorKind::ReadOnly, ServerErrorKind::MasterDown, ServerErrorKind::BusyLoading];
    error.is_unrecoverable_error()
        || (error.is_io_error() && !error.is_timeout())
        || elsewhere.iter().any(|kind| error.kind() == ErrorKind::Server(*kind))
}
