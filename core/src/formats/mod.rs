//! Floor 3: from bytes to records and back. Pure functions: no vault, no portal, no clock.
//!
//! One folder per format (`wire.rs`, `read.rs`, `write.rs`); [`read`] looks at the content and picks the reader.

mod encoding;
mod error;
pub mod fhir;
pub mod my_number;
mod reading;
mod xml;

pub use error::{Fault, FormatError, Unread};
pub use reading::{Contents, FormatId, Member, Part, Reading, Refusal};
