//! The first connections of a process, opened by several threads at the same moment: SQLCipher has begun before any of them is
//! given its key.

use std::{process::Command, sync::Barrier, thread};

use super::*;
use crate::{
    base::VaultKey,
    vault::connection::{Mode, connect},
};

const CHILD: &str = "TECHO_TEST_FIRST_DIR";
/// With these, one start in about eighty went wrong before `begin_engine` was there: not every run of this test would have seen it.
const THREADS: usize = 32;

/// Not a test of its own: a process in which nobody has opened anything yet.
#[test]
#[ignore = "run as a child of threads_that_open_first_at_the_same_moment_all_get_a_connection"]
fn opens_with_several_threads() {
    let Some(dir) = std::env::var_os(CHILD) else { return };
    let start = Barrier::new(THREADS);
    let opened: Vec<Result<(), VaultError>> = thread::scope(|scope| {
        let (dir, start) = (&dir, &start);
        let open = move |number: usize| {
            let path = Path::new(dir).join(number.to_string());
            start.wait();
            connect(&path, Mode::New, &VaultKey::from_bytes([7; 32]), &[8; 16]).map(|_| ())
        };
        let threads: Vec<_> = (0..THREADS).map(|number| scope.spawn(move || open(number))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(opened, vec![Ok(()); THREADS]);
}

#[test]
fn threads_that_open_first_at_the_same_moment_all_get_a_connection() {
    for round in 0..40 {
        let home = tempfile::tempdir().unwrap();
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "vault::tests::first::opens_with_several_threads", "--ignored", "--nocapture"])
            .env(CHILD, home.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains("1 passed"), "round {round}: {said}{}", String::from_utf8_lossy(&output.stderr));
    }
}
