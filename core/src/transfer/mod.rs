//! Floor 6: what leaves and comes in as files: the Techo archive, backup and restore, the originals, tables for a
//! spreadsheet, FHIR, summaries, notebooks and checkups for other programs. Knows no screen; the caller asks and shows.
//!
//! Every function that leaves records in a file or takes them out of one writes one line into the ledger, and every file
//! appears whole or not at all.

mod act;
mod archive;
mod card;
mod cell;
mod checkups;
mod choice;
mod codes;
mod count;
mod error;
mod fhir;
mod hand_over;
mod incoming;
mod leave;
mod markup;
mod originals;
mod output;
mod parcel;
mod portal;
mod progress;
mod report;
mod restore;
mod samples;
mod table;
mod trouble;

pub use archive::{
    ArchiveContent, ArchiveForm, ArchiveImport, HandOverMark, PersonImport, archive_form, archive_form_at, backup, check_archive,
    export_archive, import_archive, import_archive_into,
};
pub use card::{card_page, card_picture, erase_card, keep_card, open_card, seal_card};
pub use checkups::{export_checkups, export_notebook};
pub use choice::{Choice, Exported, Missing, Withhold, WithholdDay};
pub use codes::{Codes, CodesForm, show_clinic_codes, show_codes};
pub use error::TransferError;
pub use fhir::{export_fhir, export_fhir_in_detail, export_phr, export_summary};
pub use hand_over::{HandOver, end_access, export_slice, hand_over, keep_access, years_on};
pub use incoming::{IncomingFile, read_incoming};
pub use originals::export_originals;
pub use portal::export_portal;
pub use progress::{Progress, Step};
pub use report::{ReportOf, export_report, report_of, report_page};
pub use restore::restore;
pub use samples::SampleDetail;
pub use table::export_csv;

#[cfg(test)]
mod tests;
