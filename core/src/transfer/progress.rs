//! How far a long piece of work has come.

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Records are written into a file; counted in documents.
    Writing,
    /// A file is read and every checksum in it is checked; counted in bytes of the file.
    Checking,
    /// What a file holds goes into the vault; counted in bytes of the file.
    Filing,
}

/// How far it has come. Counts up to `of` within one step; steps follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub step: Step,
    /// How much of it is done.
    pub done: u64,
    /// How much there is.
    pub of: u64,
}
