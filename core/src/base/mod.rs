//! Floor 0: what every other room needs and what knows nothing about health — dates with precision, exact decimals,
//! ids, fingerprints, folded text and limits.

mod date;
mod decimal;
mod fingerprint;
mod id;
pub mod limits;
mod listed;
mod recovery;
mod secret;
mod text;

pub use date::{BadDate, PartialDate};
pub use decimal::{BadDecimal, Decimal};
pub use fingerprint::{BadFingerprint, Fingerprint, FingerprintWriter};
pub use id::{BadId, PersonId};
pub(crate) use listed::closed_list;
pub use recovery::{BadRecoveryCode, RecoveryCode};
pub use secret::{DeviceSecret, EmptyPassphrase, NoRandomness, Passphrase, VaultKey, make_random};
pub use text::{fold, fold_name};
