//! The surface as a shell calls it: one file for each part of a person's life with the notebook.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod canaries;
mod codes;
mod errors;
mod faults;
mod fetch;
mod handing;
mod import;
mod life;
mod scene;
