//! Why a call of a fetch did nothing. An end of the fetch is no error: it is a step.

use techo_protocol::{BadToken, names::BadNames};

use crate::{
    portal::{ForeignRedirect, Misfit},
    vault::VaultError,
};

/// Why a call did nothing. The fetch is as it was; the call can be made again once the cause is gone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SyncError {
    // The person must act.
    /// The vault was locked; open it and go on with [`super::resume_sync`].
    #[error("the vault is locked")]
    Locked,
    /// The person must confirm that it is they who ask.
    #[error("the person must confirm that it is they who ask")]
    PresenceNeeded,
    /// The yes is too old; ask again.
    #[error("the consent has expired")]
    GrantExpired,
    /// This consent was not asked and answered in this vault.
    #[error("the vault knows no such consent")]
    ConsentNeeded,
    /// This consent has been used or withdrawn.
    #[error("the consent was used or withdrawn already")]
    ConsentSpent,
    /// A fetch for this person has not ended; go on with it or stop it first.
    #[error("another fetch for this person has not ended")]
    FetchRunning,
    /// There is no such fetch, or it has ended.
    #[error("there is no such fetch, or it has ended")]
    NoSuchFetch,
    /// The profile is another relay's than the one the person consented to, or the fetch began with.
    #[error("the profile is another relay's")]
    OtherRelay,

    // Somebody else.
    /// The address is not the one this fetch waits for: foreign, replayed, late or of another leg. Nothing was changed.
    #[error("the address is not the one this fetch waits for; nothing was changed")]
    ForeignRedirect,

    // Us.
    /// The call does not belong to this step.
    #[error("the call does not belong to this step")]
    OutOfTurn,
    /// The system gave no random bytes.
    #[error("the system has no random bytes to give")]
    NoRandomness,
    /// Our own mistake, by a number that is unique in this room.
    #[error("internal error {0}")]
    Internal(u16),
    /// The vault would not do it.
    #[error(transparent)]
    Vault(VaultError),
}

impl From<VaultError> for SyncError {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Locked => Self::Locked,
            VaultError::PresenceNeeded => Self::PresenceNeeded,
            VaultError::GrantExpired => Self::GrantExpired,
            VaultError::ConsentNeeded => Self::ConsentNeeded,
            VaultError::ConsentSpent => Self::ConsentSpent,
            VaultError::FetchRunning => Self::FetchRunning,
            other => Self::Vault(other),
        }
    }
}

impl From<Misfit> for SyncError {
    fn from(misfit: Misfit) -> Self {
        match misfit {
            Misfit::OutOfTurn => Self::OutOfTurn,
            Misfit::Foreign(ForeignRedirect) => Self::ForeignRedirect,
            Misfit::Names(BadNames) => Self::Internal(1),
        }
    }
}

impl From<BadToken> for SyncError {
    fn from(_: BadToken) -> Self {
        Self::NoRandomness
    }
}

/// An error of a call that is about one running fetch: what is not found there is the fetch.
pub(super) fn of_running(error: VaultError) -> SyncError {
    if error == VaultError::NotFound { SyncError::NoSuchFetch } else { error.into() }
}
