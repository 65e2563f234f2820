//! What a reader may make of one document. Context that is copied to every record (an institution's name, the path of a
//! place) lets a hostile document grow far beyond its own size; an honest one copies a few hundred kilobytes.

use super::FormatError;
use crate::base::limits;

/// Records made and bytes copied so far.
#[derive(Debug, Default)]
pub(super) struct Budget {
    facts: usize,
    bytes: usize,
}

impl Budget {
    /// Counts `facts` more records that come with `bytes` of copied context.
    pub(super) fn take(&mut self, facts: usize, bytes: usize, place: &str) -> Result<(), FormatError> {
        self.facts = self.facts.saturating_add(facts);
        self.bytes = self.bytes.saturating_add(bytes);
        let what = if self.facts > limits::FACTS {
            "records"
        } else if self.bytes > limits::DOCUMENT_BYTES {
            "size"
        } else {
            return Ok(());
        };
        Err(FormatError::Limit { what, place: place.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_and_copies_are_bounded() {
        let mut budget = Budget::default();
        assert_eq!(budget.take(limits::FACTS, limits::DOCUMENT_BYTES, "x"), Ok(()));
        assert_eq!(budget.take(1, 0, "x"), Err(FormatError::Limit { what: "records", place: "x".to_owned() }));
        assert!(matches!(Budget::default().take(0, limits::DOCUMENT_BYTES + 1, "x"), Err(FormatError::Limit { what: "size", .. })));
    }
}
