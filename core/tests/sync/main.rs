//! A fetch against a relay that is pure data: every path, every fault, a kill after every step, and any order of
//! events. No sockets and no clock: both are values here.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod any_order;
mod faults;
mod kills;
mod paths;
mod redirects;
mod relay;
mod scene;
mod secrets;
mod subjects;
mod words;
