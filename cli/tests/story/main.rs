//! The product as its users meet it: the real program, on real files, from the first command to the last. Each file
//! here is one part of the story; `notebook.rs` holds the words it is told in.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout, reason = "tests")]

mod documents;
mod doors;
mod erasure;
mod in_memory;
mod in_valkey;
mod intake;
mod kill;
mod ledger;
mod measurements;
mod notebook;
mod pen;
mod samples;
#[cfg(unix)]
mod scanner;
mod spine;
#[cfg(feature = "stand-in")]
mod stand_in;
mod words;
