//! Floor 2: what health records *are*. An [`Event`] is what happened on one day according to one document; its
//! [`Fact`]s are the records: a measurement, an answer, a dose, a medicine, a condition.
//!
//! Nothing here knows files, JSON or SQL. The derives of serde describe the data; the writing is done elsewhere.

mod clinical;
mod coding;
mod entry;
mod event;
mod mismatch;
mod observation;
mod person;

pub use clinical::{Allergy, Attachment, Condition, Expense, Medication, MedicationStage, Narrative, Procedure, Vaccination};
pub use coding::{Coding, Concept, canonical_system};
pub use entry::{Author, Change, ChangeKind, Entry, EntryAct, Relation, Target, TargetDigest};
pub use event::{Body, Event, Fact, Reason, SignatureCheck, Standing, When};
pub use mismatch::Mismatch;
pub use observation::{AbsentReason, Comparator, Observation, ReferenceRange, Unit, Value};
pub use person::{BadGestation, BadPerson, Gestation, Person, Sex, Subject};
