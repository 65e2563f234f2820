//! `techo-entry`: what a person wrote down by hand in a notebook of ours. One JSON object with exactly one way to write it;
//! `docs/formats/techo-entry.md` describes it.

mod guard;
mod read;
mod wire;
mod write;

pub use guard::{Guarded, guarded};
pub use read::{PARSER, parse, read};
pub use write::write;
