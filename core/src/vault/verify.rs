//! `verify`: every page's own HMAC, the page root over the vault file and its log, and the log itself — on all
//! processors, in a few megabytes of memory, naming the page where it can.

use std::{collections::BTreeMap, fs::File, ops::Range};

use ring::hmac;

use super::{
    VaultError,
    engine::{Role, Vault},
    files, keys, open,
    page::{self, PAGE, Root, Tag},
    wal,
    witness::{self, TAGS, WAL, Witness},
};
use crate::base::VaultKey;

const PAGES_AT_ONCE: u32 = 64;

/// Pages in the log: their newest frame and its tag.
type Logged = BTreeMap<u32, (u32, Tag)>;

/// What `verify` found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// Nothing is wrong.
    pub ok: bool,
    /// How many pages were checked.
    pub pages: u32,
    /// What is wrong, by page.
    pub problems: Vec<Problem>,
}

/// One thing that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The page, counted from 1; `None` when it cannot be told.
    pub page: Option<u32>,
    /// What is wrong with it.
    pub kind: ProblemKind,
}

/// What can be wrong with a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// Bytes of the page have changed.
    Changed,
    /// A whole page, but not the one we wrote last: an older one or one from another place.
    Replaced,
    /// The write-ahead log is not what was anchored.
    Log,
    /// The vault as a whole does not add up to the anchored root.
    Root,
    /// The background check found the vault changed since it was opened.
    Distrusted,
}

impl ProblemKind {
    /// A short name that never changes, for machines.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Changed => "page-changed",
            Self::Replaced => "page-replaced",
            Self::Log => "log",
            Self::Root => "root",
            Self::Distrusted => "distrusted",
        }
    }
}

impl Vault {
    /// Checks every byte of the open vault against its anchor. Quick up to some 100 000 records, then long.
    ///
    /// # Errors
    /// `Locked`; `ReadOnly` in a rescue, where there is nothing to check against. What is *found* wrong is no error.
    pub fn verify(&self) -> Result<Verification, VaultError> {
        self.with(|open| {
            let (Role::Witnessed(witness), Some(place)) = (&mut open.role, &open.place) else { return Err(VaultError::ReadOnly) };
            witness.settle()?;
            let mut found = check(witness, &place.key, place.envelope.salt)?;
            if open.is_distrusted && found.ok {
                found.ok = false;
                found.problems.push(Problem { page: None, kind: ProblemKind::Distrusted });
            }
            Ok(found)
        })
    }
}

/// What one part of the pages came to.
#[derive(Default)]
struct Part {
    root: Root,
    problems: Vec<Problem>,
}

/// Checks what lies on the disk against what `witness` knows.
pub(super) fn check(witness: &Witness, key: &VaultKey, salt: [u8; 16]) -> Result<Verification, VaultError> {
    let tip = witness.tip();
    let page_key = keys::derive_page_mac(key, salt);
    let (logged, log_is_whole) = logged_pages(witness)?;
    let parts = page::in_parts(tip.pages, |range| check_main(witness, &page_key, salt, &logged, range))?;
    let mut root = Root::default();
    let mut problems = Vec::new();
    if !log_is_whole {
        problems.push(Problem { page: None, kind: ProblemKind::Log });
    }
    for part in parts {
        root.merge(part.root);
        problems.extend(part.problems);
    }
    problems.extend(check_log(witness, &page_key, &logged)?);
    if root != tip.root {
        let named: Vec<u32> = problems.iter().filter_map(|problem| problem.page).collect();
        let replaced = replaced_pages(witness, &logged)?;
        if replaced.is_empty() {
            problems.push(Problem { page: None, kind: ProblemKind::Root });
        }
        let unnamed = replaced.into_iter().filter(|page| !named.contains(page));
        problems.extend(unnamed.map(|page| Problem { page: Some(page), kind: ProblemKind::Replaced }));
    }
    problems.sort_by_key(|problem| problem.page);
    Ok(Verification { ok: problems.is_empty(), pages: tip.pages, problems })
}

/// For each page in the log, its newest frame; and whether the log is what was anchored.
fn logged_pages(witness: &Witness) -> Result<(Logged, bool), VaultError> {
    let tip = witness.tip();
    let log = open::read_log(witness.path())?.unwrap_or_default();
    let frames = (0..tip.wal.frames).zip(&log.frames).map(|(number, frame)| (frame.page, (number, frame.tag)));
    Ok((frames.collect(), log.reaches(&tip.wal)))
}

fn check_main(witness: &Witness, page_key: &hmac::Key, salt: [u8; 16], logged: &Logged, range: Range<u32>) -> Result<Part, VaultError> {
    let mut part = Part::default();
    let mut buffer = vec![0; PAGE * PAGES_AT_ONCE as usize];
    let mut next = range.start;
    while next < range.end {
        let end = next.saturating_add(PAGES_AT_ONCE).min(range.end);
        let found = files::read_at(witness.main(), &mut buffer, page::offset_of(next))?;
        buffer.get_mut(found..).unwrap_or_default().fill(0);
        for (page, bytes) in (next..end).zip(buffer.chunks_exact(PAGE)) {
            if let Some((_, tag)) = logged.get(&page) {
                part.root.add(witness.root_key(), page, tag);
                continue;
            }
            let has_salt = page != 1 || bytes.starts_with(&salt);
            if !has_salt || !page::is_whole(page_key, page, bytes) {
                part.problems.push(Problem { page: Some(page), kind: ProblemKind::Changed });
            }
            part.root.add(witness.root_key(), page, &page::tag_of(bytes));
        }
        next = end;
    }
    Ok(part)
}

fn check_log(witness: &Witness, page_key: &hmac::Key, logged: &Logged) -> Result<Vec<Problem>, VaultError> {
    let mut problems = Vec::new();
    if logged.is_empty() {
        return Ok(problems);
    }
    let file = File::open(witness.path().join(WAL))?;
    let mut bytes = vec![0; PAGE];
    for (page, (frame, _)) in logged {
        wal::read_page(&file, *frame, &mut bytes)?;
        if *page <= witness.tip().pages && !page::is_whole(page_key, *page, &bytes) {
            problems.push(Problem { page: Some(*page), kind: ProblemKind::Changed });
        }
    }
    Ok(problems)
}

/// Pages whose tag is not the one in the sidecar — if the sidecar itself adds up to the anchored root.
fn replaced_pages(witness: &Witness, logged: &Logged) -> Result<Vec<u32>, VaultError> {
    let tip = witness.tip();
    let Ok(tags) = File::open(witness.path().join(TAGS)) else { return Ok(Vec::new()) };
    let mut expected = Root::default();
    let mut replaced = Vec::new();
    for page in 1..=tip.pages {
        let mut tag = Tag::default();
        if let Some(known) = witness.overlay().get(&page) {
            tag = *known;
        } else {
            files::read_at(&tags, &mut tag, witness::tag_offset(page))?;
        }
        expected.add(witness.root_key(), page, &tag);
        let actual = match logged.get(&page) {
            Some((_, tag)) => *tag,
            None => page::tag_in(witness.main(), page)?,
        };
        if actual != tag {
            replaced.push(page);
        }
    }
    Ok(if expected == tip.root { replaced } else { Vec::new() })
}
