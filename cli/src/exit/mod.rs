//! How a command ends, and what it says when it failed.

mod failure;
mod table;

pub(crate) use failure::{Failure, file_failure};
pub(crate) use table::Exit;
