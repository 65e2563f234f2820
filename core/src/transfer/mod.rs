//! Floor 6: what leaves and comes in as files: the Techo archive, backup and restore, the originals, tables for a
//! spreadsheet. Knows no screen; the caller asks and shows.

mod act;
mod archive;
mod error;
mod output;
mod progress;
mod restore;

pub use archive::{
    ArchiveContent, ArchiveForm, ArchiveImport, PersonImport, archive_form, backup, check_archive, export_archive, import_archive,
};
pub use error::TransferError;
pub use progress::{Progress, Step};
pub use restore::restore;
