//! The relay: the courier between Mynaportal and a phone. It holds the operator's credentials, exchanges the codes that the
//! phone brings, fetches the answer, seals it to the phone's one-time key, and forgets it. `docs/relay.md` says how to run
//! one and what it can see.

mod clock;
mod config;
mod http;
mod key_ring;
pub mod log;
mod metrics;
mod rates;
mod relay;
mod serve;
mod service;
mod store;
mod upstream;
mod wakes;
mod wire;

pub use clock::{Clock, HandClock, SystemClock};
pub use config::{
    AndroidApp, Apps, Bind, Certified, Config, ConfigError, DEFAULT_CALLBACK, Environment, Folder, IdentityClient, Limits, Listener,
    PortalClient, StoreChoice,
};
pub use key_ring::{KeyRing, KeyRingError};
pub use relay::{Relay, RelayError, Running};
pub use store::{
    Attempt, Awaited, BadAddress, Begun, Change, MemoryStore, Pending, Revision, SeenFor, Session, Store, StoreError, ValkeyAddress,
    ValkeyStore, Wake,
};
pub use upstream::jwt::{BadToken, ClientKey};
