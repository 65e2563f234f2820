//! The lines of a notebook as they are written, and the list of what does not fit.

use std::borrow::Cow;

use super::{Loss, Lost, Written};
use crate::formats::jahis::field;

/// Writes lines and notes losses under the place that was last gone to.
#[derive(Default)]
pub(super) struct Pen {
    lines: Vec<String>,
    losses: Vec<Loss>,
    lacking: std::collections::BTreeSet<char>,
    place: String,
}

impl Pen {
    /// From here on, losses are those of the fact at `place`.
    pub(super) fn go_to(&mut self, place: &str) {
        place.clone_into(&mut self.place);
    }

    /// Notes a loss; the same twice at one place counts once.
    pub(super) fn lose(&mut self, what: Lost) {
        let loss = Loss { place: self.place.clone(), what };
        if self.losses.last() != Some(&loss) {
            self.losses.push(loss);
        }
    }

    /// A field of at most `bytes` bytes.
    pub(super) fn field(&mut self, text: &str, bytes: usize) -> String {
        let mut pieces = self.pieces(text, bytes).into_iter();
        let first = pieces.next().unwrap_or_default();
        if pieces.next().is_some() {
            self.lose(Lost::End);
        }
        first
    }

    /// A text as several fields of at most `bytes` bytes each, so that nothing of a long remark is lost.
    pub(super) fn pieces(&mut self, text: &str, bytes: usize) -> Vec<String> {
        let cleaned = field::clean(text);
        if cleaned.replaced > 0 {
            self.lose(Lost::Characters(cleaned.replaced));
            self.lacking.extend(field::lacking(text));
        }
        field::pieces(&cleaned.text, bytes)
    }

    /// A line of fields; empty ones at the end are left off.
    pub(super) fn row(&mut self, fields: &[&str]) {
        let used = fields.iter().rposition(|field| !field.is_empty()).map_or(0, |last| last + 1);
        self.lines.push(fields.get(..used).unwrap_or(fields).join(","));
    }

    /// The notebook.
    pub(super) fn finish(self) -> Written {
        let mut bytes = Vec::new();
        for line in &self.lines {
            let encoded: Cow<'_, [u8]> = encoding_rs::SHIFT_JIS.encode(line).0;
            bytes.extend_from_slice(&encoded);
            bytes.extend_from_slice(b"\r\n");
        }
        Written { bytes, losses: self.losses, lacking: self.lacking.into_iter().collect() }
    }
}
