//! Everything the relay and its libraries log in this process, kept in memory, for tests that look for what must not be
//! there.

use std::{
    io,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use tracing_subscriber::fmt::MakeWriter;

/// What was logged in this process since the first [`Logs::capture`]. One for all relays: look for what is in one only.
#[derive(Clone, Debug, Default)]
pub struct Logs(Arc<Mutex<Vec<u8>>>);

static LOGS: OnceLock<Option<Logs>> = OnceLock::new();

impl Logs {
    /// Begins to capture, at every level. `None` where this process has another subscriber already.
    pub fn capture() -> Option<Self> {
        let begin = || {
            let logs = Self::default();
            let subscriber =
                tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false).with_writer(logs.clone()).finish();
            tracing::subscriber::set_global_default(subscriber).is_ok().then_some(logs)
        };
        LOGS.get_or_init(begin).clone()
    }

    /// Whether this text was logged anywhere.
    pub fn contains(&self, text: &str) -> bool {
        self.text().contains(text)
    }

    /// Everything.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl io::Write for Logs {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Logs {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
