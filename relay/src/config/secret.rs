//! Where a secret stands: in a file that only its owner can read, or in an environment variable. Never in the
//! configuration itself, and never among the arguments of a program.

use std::{fs, io::Read as _, path::Path};

use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::ConfigError;

/// A key is a few lines; a certificate chain a few pages.
const LARGEST: u64 = 1024 * 1024;

/// Where a secret stands.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Source {
    /// A file, beside the configuration or anywhere.
    File(String),
    /// An environment variable.
    Env(String),
}

/// Reads environment variables.
pub(super) type Environ<'a> = &'a dyn Fn(&str) -> Option<String>;

impl Source {
    pub(super) fn read(&self, field: &'static str, folder: &Path, environ: Environ<'_>) -> Result<Zeroizing<String>, ConfigError> {
        match self {
            Self::Env(name) => environ(name).map(Zeroizing::new).ok_or(ConfigError::Variable { field }),
            Self::File(path) => read(field, &folder.join(path), true),
        }
    }

    /// 32 bytes as base64url.
    pub(super) fn key(&self, field: &'static str, folder: &Path, environ: Environ<'_>) -> Result<Zeroizing<[u8; 32]>, ConfigError> {
        let expected = "32 bytes as base64url without padding";
        let text = self.read(field, folder, environ)?;
        let bytes = BASE64URL_NOPAD.decode(text.trim().as_bytes()).map(Zeroizing::new);
        let bytes = bytes.map_err(|_| ConfigError::Form { field, expected })?;
        let mut key = Zeroizing::new([0; 32]);
        if bytes.len() != key.len() {
            return Err(ConfigError::Form { field, expected });
        }
        key.copy_from_slice(&bytes);
        Ok(key)
    }
}

/// A file's text. A secret one may be readable by its owner only.
pub(super) fn read(field: &'static str, path: &Path, is_secret: bool) -> Result<Zeroizing<String>, ConfigError> {
    let gone = |_| ConfigError::File { field };
    let file = fs::File::open(path).map_err(gone)?;
    let about = file.metadata().map_err(gone)?;
    if about.len() > LARGEST {
        return Err(ConfigError::File { field });
    }
    // The file that was opened is judged, not whatever stands at the path a moment later.
    if is_secret && is_open(&about) {
        return Err(ConfigError::Open { field });
    }
    let mut text = Zeroizing::new(String::with_capacity(usize::try_from(about.len()).unwrap_or_default() + 1));
    file.take(LARGEST).read_to_string(&mut text).map_err(gone)?;
    Ok(text)
}

#[cfg(unix)]
fn is_open(about: &fs::Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open(_: &fs::Metadata) -> bool {
    false
}
