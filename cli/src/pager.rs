//! The pager in front of what is shown, and the watch that closes it when its time is over.

use std::{
    io,
    process::{Child, Command},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// How a page ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Left {
    /// There was no pager: what was written stays where it is.
    Written,
    /// The person left the pager.
    ByThePerson,
    /// The time was over and the pager was closed.
    Closed,
}

/// The pager, and the watch that closes it.
pub(crate) struct Pager {
    child: Arc<Mutex<Child>>,
    closed: Arc<AtomicBool>,
    limit: Option<Duration>,
}

/// How often the watch looks whether the pager is still there.
const LOOK: Duration = Duration::from_millis(100);

impl Pager {
    pub(crate) fn new(child: Child, limit: Option<Duration>) -> Self {
        let pager = Self { child: Arc::new(Mutex::new(child)), closed: Arc::new(AtomicBool::new(false)), limit };
        if let Some(limit) = limit {
            let (child, closed) = (Arc::clone(&pager.child), Arc::clone(&pager.closed));
            // A thread of its own: a pager that is full lets whoever writes to it wait.
            thread::spawn(move || {
                let begun = Instant::now();
                while begun.elapsed() < limit {
                    if is_gone(&child) {
                        return;
                    }
                    thread::sleep(LOOK.min(limit));
                }
                if !is_gone(&child) {
                    closed.store(true, Ordering::SeqCst);
                    close(&child);
                }
            });
        }
        pager
    }

    pub(crate) fn left(self) -> io::Result<Left> {
        if self.limit.is_none() {
            self.child.lock().unwrap_or_else(PoisonError::into_inner).wait()?;
        }
        while !is_gone(&self.child) {
            thread::sleep(LOOK);
        }
        Ok(if self.closed.load(Ordering::SeqCst) { Left::Closed } else { Left::ByThePerson })
    }
}

fn is_gone(child: &Mutex<Child>) -> bool {
    !matches!(child.lock().unwrap_or_else(PoisonError::into_inner).try_wait(), Ok(None))
}

/// Asks the pager to go, so that it gives the terminal back as it found it; whatever does not go is ended.
fn close(child: &Mutex<Child>) {
    let id = child.lock().unwrap_or_else(PoisonError::into_inner).id();
    let asked = cfg!(unix) && Command::new("kill").args(["-TERM", &id.to_string()]).status().is_ok_and(|status| status.success());
    for _ in 0..if asked { 20 } else { 0 } {
        if is_gone(child) {
            return;
        }
        thread::sleep(LOOK);
    }
    child.lock().unwrap_or_else(PoisonError::into_inner).kill().ok();
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use std::process::Stdio;

    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_pager_is_closed_when_its_time_is_over_and_left_alone_before() {
        // It reads until its input ends, and its input is held open here.
        let started = || Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let mut waiting = started();
        let input = waiting.stdin.take();
        assert_eq!(Pager::new(waiting, Some(Duration::ZERO)).left().unwrap(), Left::Closed);
        drop(input);
        let mut read = started();
        drop(read.stdin.take());
        assert_eq!(Pager::new(read, Some(Duration::from_mins(10))).left().unwrap(), Left::ByThePerson);
        let mut unlimited = started();
        drop(unlimited.stdin.take());
        assert_eq!(Pager::new(unlimited, None).left().unwrap(), Left::ByThePerson);
    }
}
