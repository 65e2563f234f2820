//! The stand-in seen from outside: an operator with plain HTTP who keeps to the rules, breaks each of them, and meets
//! each fault that can be ordered.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod browser;
mod faults;
mod identity;
mod operator;
mod pages;
mod portal;
mod town;
