//! What a scanner of malware says about a file before it is taken in: told in one line where nobody looked, and refused
//! where something was found.

use std::{cell::Cell, fs::File, io::Read, path::Path};

use crate::{
    Session,
    args::ScanArgs,
    exit::{Exit, Failure, file_failure},
    scanner::{NotHere, Scanner, Verdict, Why},
    terminal::plain,
    words::{Word, say},
};

/// Names the scanner, as `--scanner` does.
const VARIABLE: &str = "TECHO_CLAMD";

/// The scanner of one command.
pub(super) struct Gate<'a> {
    session: &'a Session,
    scanner: Scanner,
    is_required: bool,
    /// That there is none is said once.
    is_told: Cell<bool>,
}

impl<'a> Gate<'a> {
    pub(super) fn of(session: &'a Session, arguments: &ScanArgs) -> Result<Self, Failure> {
        let named = arguments.scanner.clone().or_else(|| std::env::var(VARIABLE).ok().filter(|place| !place.is_empty()));
        let scanner = named.map(|place| {
            let elsewhere = |NotHere| say(Word::ScannerElsewhere, session.language, &[("place", &plain(&place))]);
            place.parse().map_err(|error| Failure::new(Exit::Usage, elsewhere(error)))
        });
        let scanner: Scanner = scanner.transpose()?.unwrap_or_default();
        if scanner == Scanner::Off && arguments.require_scan {
            return Err(Exit::NotScanned.into());
        }
        Ok(Self { session, scanner, is_required: arguments.require_scan, is_told: Cell::new(false) })
    }

    /// Lets a file through that is read from the disk as a stream.
    pub(super) fn pass_file(&self, file: &Path) -> Result<Verdict, Failure> {
        let mut open = File::open(file).map_err(|error| file_failure(file, &error))?;
        self.pass(file, &mut open)
    }

    /// Lets a file through, or refuses it.
    pub(super) fn pass(&self, file: &Path, bytes: &mut impl Read) -> Result<Verdict, Failure> {
        let verdict = self.scanner.look(bytes).map_err(|error| file_failure(file, &error))?;
        match &verdict {
            Verdict::Clean => {}
            Verdict::Found(name) => return Err(Failure::new(Exit::Malware, format!("{}（{name}）", file.display()))),
            Verdict::NotScanned(_) if self.is_required => return Err(Failure::from(Exit::NotScanned).of_file(file)),
            Verdict::NotScanned(why) => self.tell(*why, file),
        }
        Ok(verdict)
    }

    /// With `--json` the document's own line says it.
    fn tell(&self, why: Why, file: &Path) {
        let word = match why {
            Why::Off => return,
            Why::Absent if self.is_told.replace(true) => return,
            Why::Absent => Word::NoScanner,
            Why::TooLarge => Word::NotScannedTooLarge,
            Why::NoAnswer => Word::NotScannedNoAnswer,
        };
        if !self.session.json {
            crate::note(&say(word, self.session.language, &[("file", &plain(&file.display().to_string()))]));
        }
    }
}
