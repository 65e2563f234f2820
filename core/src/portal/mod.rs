//! Floor 3: the conversation with Mynaportal as steps. Thinks, and never does: no sockets, no clock, nothing at rest.
//! What is to be sent is a value, and what came back is brought to it.

mod exchange;

pub use exchange::{Doubt, Exchange, Method, Reply, Trouble};
