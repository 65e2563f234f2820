//! Techo's core: all that a phone runs. It keeps a family's health records in one encrypted file, reads the documents
//! that Japanese institutions hand out, and shows or hands over exactly what the person chose.
//!
//! The rooms and who may look at whom are in `ARCHITECTURE.md`; `tests/architecture.rs` holds the rule.

pub mod base;
pub mod consent;
pub mod courier;
pub mod formats;
pub mod insight;
pub mod intake;
pub mod portal;
pub mod present;
pub mod record;
pub mod sync;
pub mod terms;
pub mod transfer;
pub mod vault;
