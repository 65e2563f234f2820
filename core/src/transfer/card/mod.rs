//! The emergency card outside of the vault: sealed in a small file of its own for the state in which it can be read without
//! unlocking, and as a page to print and a picture for the lock screen.

mod page;
mod seal;

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
};

pub use page::{card_page, card_picture};
pub use seal::{open_card, seal_card};

use super::{TransferError, output};

/// Keeps the sealed bytes under this name, whole or not at all.
///
/// # Errors
/// `NoSpace`, `Io`.
pub fn keep_card(path: &Path, sealed: &[u8]) -> Result<(), TransferError> {
    output::write_whole(path, |file| Ok(file.write_all(sealed)?), |_, ()| Ok(()))
}

/// Overwrites a sealed card and removes it; where there is none, that is fine. Blocks that a flash disk keeps aside are out of
/// reach; what lies there is sealed, and the shell destroys the key as well.
///
/// # Errors
/// `Io`: then the file may still be there.
pub fn erase_card(path: &Path) -> Result<(), TransferError> {
    let mut file = match fs::OpenOptions::new().write(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let length = usize::try_from(file.metadata()?.len()).unwrap_or(seal::MOST).min(seal::MOST);
    file.write_all(&vec![0; length])?;
    file.set_len(0)?;
    file.sync_all()?;
    drop(file);
    fs::remove_file(path)?;
    Ok(output::sync_directory(output::directory_of(path))?)
}

#[cfg(test)]
mod tests;
