//! Tables of measurements as meters and their apps write them. No maker publishes its columns, so a mapping is proposed
//! from the words over them and the person confirms it. `docs/formats/measurements-csv.md` describes it.

mod mapping;
mod moment;
mod propose;
mod read;
mod table;

pub use mapping::{BadMapping, Column, DateOrder, Mapping};
pub use propose::{PreviewRow, Proposal, Question, looks_like, propose, with_mapping};
pub use read::{PARSER, read};
