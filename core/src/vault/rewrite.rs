//! Writing the vault anew. Zeroing what is deleted (`secure_delete`) is not enough: when SQLite balances its trees it moves
//! rows to other pages and leaves their bytes behind in the gaps. After an erasure every page is therefore written afresh
//! in a new epoch, and the old one is removed.

use super::{
    Kept, Vault, VaultError,
    engine::{Holding, Open, Role},
    epoch::{self, Beginning, Owner},
    migrate::MIGRATIONS,
    open::{self, Proven, Sealed},
    witness::MAIN,
};

/// What leaves no gaps. It sorts in memory (temporary files would be clear text): about the size of the vault.
pub(super) const REWRITE: &str = "VACUUM";

impl Vault {
    /// Writes every page anew in a new epoch, makes it current, and removes the old one and all copies kept aside. Long.
    ///
    /// # Errors
    /// `Locked`; `ReadOnly` in a rescue; `NoSpace` when there is no room for a second vault. The vault goes on as it was then.
    pub(super) fn rewrite(&self) -> Result<(), VaultError> {
        self.checkpoint()?;
        self.end_watch();
        let rewritten = {
            let mut guard = self.shared.held();
            let open = guard.take().ok_or(VaultError::Locked)?;
            let (open, rewritten) = rewritten(open);
            self.set_interrupt(&open);
            *guard = Some(open);
            rewritten
        };
        self.watch();
        rewritten
    }
}

/// The vault in its new epoch, or as it was and why.
fn rewritten(open: Open) -> (Open, Result<(), VaultError>) {
    let Open { conn, role, place, is_distrusted } = open;
    let (Role::Witnessed(witness), Some(place)) = (&role, place) else {
        return (Open { conn, role, place: None, is_distrusted }, Err(VaultError::ReadOnly));
    };
    let position = witness.tip().position();
    let owner = Owner { directory: &place.directory, envelope: &place.envelope, key: &place.key, keys: &place.keys };
    let built = place.directory.remove_unfinished().and_then(|()| place.epoch.next()).and_then(|new| {
        epoch::build(&owner, new, &Beginning::PagesOf(&place.path.join(MAIN)), Some(position), |conn| Ok(conn.execute_batch(REWRITE)?))?;
        let path = place.directory.unfinished_path(new);
        // Opened before it counts: if it does not open, the old epoch is still the one.
        let sealed = Sealed { path: path.clone(), epoch: new, envelope: &place.envelope, key: &place.key, keys: &place.keys };
        drop(open::prove(&sealed, MIGRATIONS.len(), None)?);
        place.directory.publish(new)?;
        let path = place.directory.epoch_path(new);
        let sealed = Sealed { path: path.clone(), epoch: new, envelope: &place.envelope, key: &place.key, keys: &place.keys };
        Ok((new, path, open::prove(&sealed, MIGRATIONS.len(), None)?))
    });
    match built {
        Ok((new, path, Proven { conn: fresh, witness, .. })) => {
            let old = place.epoch;
            drop((conn, role));
            let removed = place.directory.keep(old, Kept::Replaced).and_then(|()| place.directory.remove_kept(&Kept::ALL));
            let place = Holding { epoch: new, path, ..place };
            let open = Open { conn: fresh, role: Role::Witnessed(Box::new(witness)), place: Some(place), is_distrusted: false };
            (open, removed.map(drop))
        }
        Err(error) => (Open { conn, role, place: Some(place), is_distrusted }, Err(error)),
    }
}
