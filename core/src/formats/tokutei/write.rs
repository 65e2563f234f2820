//! Writes V08 documents.
