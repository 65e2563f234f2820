//! What a trouble with a fetch means for a person. It stands here, because `sync` and `present` are on one floor and do not
//! know each other.

use super::CourierError;
use crate::{present::TroubleKind, sync::SyncError};

impl From<&SyncError> for TroubleKind {
    fn from(error: &SyncError) -> Self {
        // No `_` arm: a new error must be given a meaning here before it compiles.
        match error {
            SyncError::Locked => Self::Locked,
            SyncError::PresenceNeeded => Self::PresenceNeeded,
            SyncError::GrantExpired | SyncError::ConsentNeeded | SyncError::ConsentSpent => Self::ConsentNeeded,
            SyncError::FetchRunning => Self::FetchRunning,
            SyncError::NoSuchFetch => Self::NoSuchFetch,
            SyncError::OtherRelay => Self::OtherRelay,
            SyncError::ForeignRedirect => Self::ForeignRedirect,
            SyncError::NoRandomness => Self::System,
            SyncError::OutOfTurn | SyncError::Internal(_) => Self::Internal,
            SyncError::Vault(error) => error.into(),
        }
    }
}

impl From<&CourierError> for TroubleKind {
    fn from(error: &CourierError) -> Self {
        match error {
            CourierError::Address | CourierError::NoRoot | CourierError::Root { .. } => Self::BadProfile,
            CourierError::Setup => Self::Internal,
        }
    }
}
