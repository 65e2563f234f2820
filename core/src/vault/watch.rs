//! The background check after every unlock: does the vault on the disk add up to the anchored page root? It reads 16
//! bytes a page beside the running vault and takes the mutex only to compare.

use std::{
    fs::File,
    ops::Range,
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

use ring::hmac;

use super::{
    VaultError,
    engine::{Role, Shared},
    files,
    page::{self, PAGE, Root},
    witness::{MAIN, Witness},
};

/// A vault under bulk import checkpoints often; after this many disturbed rounds the check waits its turn instead.
const ROUNDS: usize = 3;
const PAGES_AT_ONCE: u32 = 256;

/// Tells running work that the vault is being locked.
#[derive(Debug, Default)]
pub(super) struct Stop(AtomicBool);

impl Stop {
    pub(super) fn stop(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    pub(super) fn begin(&self) {
        self.0.store(false, Ordering::SeqCst);
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// Starts the check. `None` when there is nothing to check or the system gives no thread; `verify` checks as well.
pub(super) fn begin(shared: &Arc<Shared>) -> Option<JoinHandle<()>> {
    let weak = Arc::downgrade(shared);
    thread::Builder::new().name("techo-vault-check".into()).spawn(move || check(&weak)).ok()
}

/// The main file at one moment between two checkpoints.
struct Snapshot {
    main: File,
    key: hmac::Key,
    pages: u32,
    checkpoints: u64,
}

fn check(shared: &Weak<Shared>) {
    for _ in 0..ROUNDS {
        let Some(snapshot) = shared.upgrade().and_then(|shared| take(&shared)) else { return };
        let mut sum = Root::default();
        let mut next = 1;
        while next <= snapshot.pages {
            if shared.upgrade().is_none_or(|shared| shared.stop.is_stopped()) {
                return;
            }
            let end = next.saturating_add(PAGES_AT_ONCE).min(snapshot.pages.saturating_add(1));
            if add(&snapshot, &mut sum, next..end).is_err() {
                return;
            }
            next = end;
        }
        match shared.upgrade().map(|shared| compare(&shared, &snapshot, sum)) {
            Some(Outcome::Disturbed) => {}
            _ => return,
        }
    }
    if let Some(shared) = shared.upgrade() {
        check_at_once(&shared);
    }
}

/// The last resort: everything under the mutex.
fn check_at_once(shared: &Shared) {
    let mut guard = shared.held();
    let Some(open) = guard.as_mut() else { return };
    let Role::Witnessed(witness) = &open.role else { return };
    let tip = witness.tip();
    let scanned = page::scan(witness.main(), witness.root_key(), tip.pages, witness.overlay());
    open.is_distrusted |= scanned.is_ok_and(|root| root != tip.root);
}

enum Outcome {
    Done,
    Disturbed,
}

fn take(shared: &Shared) -> Option<Snapshot> {
    let guard = shared.held();
    let Role::Witnessed(witness) = &guard.as_ref()?.role else { return None };
    let length = files::length(&witness.path().join(MAIN)).ok()??;
    Some(Snapshot {
        main: witness.main().try_clone().ok()?,
        key: witness.root_key().clone(),
        pages: u32::try_from(length / PAGE as u64).ok()?,
        checkpoints: witness.checkpoints(),
    })
}

fn add(snapshot: &Snapshot, sum: &mut Root, pages: Range<u32>) -> Result<(), VaultError> {
    for page in pages {
        sum.add(&snapshot.key, page, &page::tag_in(&snapshot.main, page)?);
    }
    Ok(())
}

fn compare(shared: &Shared, snapshot: &Snapshot, sum: Root) -> Outcome {
    let mut guard = shared.held();
    let Some(open) = guard.as_mut() else { return Outcome::Done };
    let Role::Witnessed(witness) = &open.role else { return Outcome::Done };
    if witness.checkpoints() != snapshot.checkpoints {
        return Outcome::Disturbed;
    }
    // A read error is the disk's to report, not a verdict on the content.
    if let Ok(false) = adds_up(witness, snapshot, sum) {
        open.is_distrusted = true;
    }
    Outcome::Done
}

/// Puts the pages that stand in the log in the place of those in the main file, and compares.
fn adds_up(witness: &Witness, snapshot: &Snapshot, mut sum: Root) -> Result<bool, VaultError> {
    let tip = witness.tip();
    for (page, tag) in witness.overlay() {
        if *page <= snapshot.pages {
            sum.subtract(&snapshot.key, *page, &page::tag_in(&snapshot.main, *page)?);
        }
        if *page <= tip.pages {
            sum.add(&snapshot.key, *page, tag);
        }
    }
    let is_logged = |page: &u32| witness.overlay().contains_key(page);
    for page in (snapshot.pages.saturating_add(1)..=tip.pages).filter(|page| !is_logged(page)) {
        sum.add(&snapshot.key, page, &page::tag_in(&snapshot.main, page)?);
    }
    for page in (tip.pages.saturating_add(1)..=snapshot.pages).filter(|page| !is_logged(page)) {
        sum.subtract(&snapshot.key, page, &page::tag_in(&snapshot.main, page)?);
    }
    Ok(sum == tip.root)
}
