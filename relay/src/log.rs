//! The relay's log: one line of JSON an event, of the relay's own events only. What libraries say can carry addresses with
//! codes in them, so none of it is written, whatever its level.

use std::io;

use tracing::{Level, Subscriber};
use tracing_subscriber::{Layer as _, filter::Targets, fmt, fmt::MakeWriter, layer::SubscriberExt as _, registry::Registry};

/// What writes the log to `writer`.
pub fn subscriber<W: for<'a> MakeWriter<'a> + Send + Sync + 'static>(writer: W) -> impl Subscriber + Send + Sync {
    let ours = Targets::new().with_target("techo_relay", Level::INFO);
    Registry::default().with(fmt::layer().json().flatten_event(true).with_writer(writer).with_filter(ours))
}

/// Writes the log of this process to the standard error stream.
///
/// # Errors
/// When the process has a log already.
pub fn begin() -> Result<(), io::Error> {
    tracing::subscriber::set_global_default(subscriber(io::stderr)).map_err(io::Error::other)
}
