//! The figures in the decision records, measured again: in the release profile,
//! `cargo test --release -p techo-core --lib -- --ignored --nocapture figures`.

use std::{
    io::Write as _,
    time::{Duration, Instant},
};

use super::*;

fn say(what: &str, took: Duration) {
    writeln!(std::io::stdout(), "{what}: {:.3} ms", took.as_secs_f64() * 1000.0).unwrap();
}

fn best(rounds: usize, mut work: impl FnMut()) -> Duration {
    let mut once = || {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..rounds).map(|_| once()).min().unwrap()
}

#[test]
#[ignore = "measures; proves nothing"]
fn figures() {
    let scene = Scene::new();
    let vault = scene.open().unwrap();
    for number in 0..40 {
        vault.write(|tx| Ok(tx.execute("INSERT INTO papers (name, bytes) VALUES (?1, randomblob(1000000))", [number])?)).unwrap();
    }
    vault.checkpoint().unwrap();
    let pages = vault.verify().unwrap().pages;
    writeln!(std::io::stdout(), "{pages} pages, {:.1} MB", f64::from(pages) * 4096.0 / 1e6).unwrap();
    say("verify, best of 20", best(20, || assert!(vault.verify().unwrap().ok)));
    say("scan of the page root, best of 20", best(20, || vault.with(|open| open.rescan()).unwrap()));
    let text = "血圧の記録".repeat(4);
    let document = || {
        vault
            .write(|tx| {
                for _ in 0..65 {
                    tx.prepare_cached("INSERT INTO notes (day, text) VALUES ('2026-05-03', ?1)")?.execute([&text])?;
                }
                Ok(())
            })
            .unwrap();
    };
    let start = Instant::now();
    (0..500).for_each(|_| document());
    say("a write of 65 rows, mean of 500, checkpoints included", start.elapsed() / 500);
    vault.lock();
    let opening = || {
        let secret = DeviceSecret::from_bytes(SECRET);
        let start = Instant::now();
        let vault = Vault::open(&scene.dir(), Unlock::Device(&secret)).unwrap();
        let last: i64 = vault.read(|conn| Ok(conn.query_row("SELECT max(id) FROM notes", [], |row| row.get(0))?)).unwrap();
        let took = start.elapsed();
        assert!(last > 0);
        let start = Instant::now();
        vault.lock();
        (took, start.elapsed())
    };
    let opened: Vec<_> = (0..20).map(|_| opening()).collect();
    say("open with a key and read one row, best of 20", opened.iter().map(|(open, _)| *open).min().unwrap());
    say("lock, best of 20", opened.iter().map(|(_, lock)| *lock).min().unwrap());
    let vault = scene.open().unwrap();
    let mut left = scene.dir();
    left.push(scene.file("anchor"));
    let anchor = fs::File::options().write(true).open(&left).unwrap();
    vault.lock();
    let bytes = fs::read(&left).unwrap();
    say(
        "4 KiB and fdatasync alone, best of 50",
        best(50, || {
            crate::vault::files::write_at(&anchor, &bytes[..4096], 0).unwrap();
            anchor.sync_data().unwrap();
        }),
    );
    let passphrase = crate::base::Passphrase::new("桜の咲く朝").unwrap();
    let vault = scene.open().unwrap();
    say("sealing under a passphrase", best(3, || vault.put_passphrase(&passphrase).unwrap()));
}
