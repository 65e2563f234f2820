//! `kill -9` in the middle of writing: whatever was acknowledged is there, and the vault opens clean.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Command, Stdio},
};

use super::*;

const CHILD: &str = "TECHO_TEST_CRASH_DIR";

/// Not a test of its own: the process that gets killed. It says each note's number once `write` has returned.
#[test]
#[ignore = "run as a child of a_killed_process_loses_nothing_it_acknowledged"]
fn writes_until_killed() {
    let Some(dir) = std::env::var_os(CHILD) else { return };
    let vault = open(Path::new(&dir)).unwrap();
    let from = count(&vault).unwrap();
    for number in from.. {
        add(&vault, &format!("note {number}")).unwrap();
        // Now and then something large, so that checkpoints are hit as well.
        if number % 5 == 0 {
            let size = 400_000;
            vault
                .write(|tx| Ok(tx.execute("INSERT OR REPLACE INTO papers (name, bytes) VALUES ('large', zeroblob(?1))", [size])?))
                .unwrap();
        }
        let mut out = std::io::stdout();
        writeln!(out, "acknowledged {}", number + 1).unwrap();
        out.flush().unwrap();
    }
}

#[test]
fn a_killed_process_loses_nothing_it_acknowledged() {
    let scene = Scene::new();
    let mut acknowledged = 0;
    for round in 0..40_u64 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "vault::tests::crash::writes_until_killed", "--ignored", "--nocapture", "--test-threads=1"])
            .env(CHILD, scene.dir())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // Killed after a different number of changes each time, at whatever the child is doing then.
        let mut wanted = 1 + round * 7 % 23;
        while wanted > 0 {
            let line = lines.next().unwrap().unwrap();
            if let Some(number) = line.split_once("acknowledged ").map(|(_, number)| number.parse::<i64>().unwrap()) {
                assert!(number > acknowledged);
                acknowledged = number;
                wanted -= 1;
            }
        }
        std::thread::sleep(std::time::Duration::from_micros(round * 397 % 3000));
        child.kill().unwrap();
        // What it said before it died counts as well.
        for line in lines.map_while(Result::ok) {
            if let Some(number) = line.split_once("acknowledged ").and_then(|(_, number)| number.parse().ok()) {
                acknowledged = number;
            }
        }
        child.wait().unwrap();
        let vault = scene.open().unwrap();
        let found = count(&vault).unwrap();
        assert!(found == acknowledged || found == acknowledged + 1, "round {round}: {found} found, {acknowledged} acknowledged");
        assert_eq!(vault.verify().unwrap().problems, [], "round {round}");
        acknowledged = found;
    }
    assert!(acknowledged > 100);
}
