//! Where a fetch speaks and what it opens: the terminal and the system's browser, or the page and the robot of the demo.

use techo_core::{present::Language, sync::SyncError};

use super::told;
use crate::{Session, browser, exit::Failure};

/// Where a fetch speaks.
pub(in crate::commands) struct Voice<'a> {
    pub(in crate::commands) session: &'a Session,
    /// JSON lines instead of sentences.
    pub(in crate::commands) json: bool,
    pub(in crate::commands) language: Language,
    /// Takes a line.
    pub(in crate::commands) out: &'a dyn Fn(&str) -> Result<(), Failure>,
    /// Opens an address; none where the person does.
    pub(in crate::commands) open: Option<&'a dyn Fn(&str)>,
    /// Whether the address is told as well: for a person whose browser does not open.
    pub(in crate::commands) tells_address: bool,
}

impl<'a> Voice<'a> {
    /// The terminal, with the system's browser where it is wanted.
    pub(super) fn of_terminal(session: &'a Session, out: &'a dyn Fn(&str) -> Result<(), Failure>, no_browser: bool) -> Self {
        let open: Option<&dyn Fn(&str)> = if no_browser { None } else { Some(&browser::open) };
        Self { session, json: session.json, language: session.language, out, open, tells_address: true }
    }

    /// What to make of an error of the fetch.
    pub(super) fn failed(&self) -> impl Fn(SyncError) -> Failure {
        let language = self.language;
        move |error| told::failure(error, language)
    }

    /// One line.
    pub(super) fn print(&self, text: &str) -> Result<(), Failure> {
        (self.out)(text)
    }
}
