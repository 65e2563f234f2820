//! A full disk: the change is refused as such, nothing acknowledged is lost, and the vault goes on once there is room.

use std::{io::Write as _, process::Command};

use super::*;

const CHILD: &str = "TECHO_TEST_FULL_DIR";
const DONE: &str = "went on after a full disk";

/// Not a test of its own: runs inside a mount namespace in which the directory is a file system of 3 MB.
#[test]
#[ignore = "run as a child of a_full_disk_is_named_and_the_vault_goes_on"]
fn fills_the_disk() {
    let Some(dir) = std::env::var_os(CHILD) else { return };
    let dir = Path::new(&dir).join("vault");
    let vault = create(&dir);
    let ballast = dir.join("ballast");
    for size in [0, 1, 5000, 100_000] {
        // Full to the last block, with the log, the vault file and the anchor at different lengths.
        add_original(&vault, &format!("before {size}"), 1000 + size).unwrap();
        let (before, notes) = (vault.position().unwrap(), count(&vault).unwrap());
        fill(&ballast);
        assert_eq!(add_original(&vault, &format!("too much {size}"), 2_000_000), Err(VaultError::NoSpace));
        // Small changes may still fit into the log's last block; the first that does not is refused, and only that.
        let mut fitted = 0;
        while add(&vault, &"x".repeat(3000)).is_ok() {
            fitted += 1;
            assert!(fitted < 1000);
        }
        assert_eq!(add(&vault, &"x".repeat(3000)), Err(VaultError::NoSpace));
        assert_eq!(count(&vault), Ok(notes + fitted));
        assert_eq!(vault.position().unwrap().generation, before.generation + u64::try_from(fitted).unwrap());
        assert_eq!(vault.verify().unwrap().problems, []);
        // A slot cannot be written either; the old envelope stays in force.
        let refused = vault.put_device_secret(&DeviceSecret::from_bytes([1; 32]));
        assert_eq!(refused, Err(VaultError::NoSpace));
        // Locked and opened again on the full disk.
        assert_eq!(vault.position().unwrap().generation, before.generation + u64::try_from(fitted).unwrap());
        fs::remove_file(&ballast).unwrap();
        add(&vault, "there is room again").unwrap();
        assert_eq!(vault.verify().unwrap().problems, []);
        vault.write(|tx| Ok(tx.execute("DELETE FROM notes", [])?)).unwrap();
    }
    let notes = count(&vault).unwrap();
    fill(&ballast);
    vault.lock();
    let vault = open(&dir).unwrap();
    assert_eq!(count(&vault), Ok(notes));
    assert!(vault.verify().unwrap().ok);
    drop(vault);
    fs::remove_file(&ballast).unwrap();
    let vault = open(&dir).unwrap();
    add(&vault, "and on").unwrap();
    assert!(vault.verify().unwrap().ok);
    writeln!(std::io::stdout(), "{DONE}").unwrap();
}

/// Writes until not one more byte fits.
fn fill(ballast: &Path) {
    let mut file = fs::File::create(ballast).unwrap();
    for size in [65536, 4096, 512, 1] {
        while file.write_all(&vec![0; size]).is_ok() {}
    }
}

#[test]
fn a_full_disk_is_named_and_the_vault_goes_on() {
    let home = tempfile::tempdir().unwrap();
    // Its own user and mount namespace: a real, small file system without being root.
    let script =
        r#"mount -t tmpfs -o size=3m tmpfs "$1" && exec "$2" --exact vault::tests::full_disk::fills_the_disk --ignored --nocapture"#;
    let output = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"])
        .arg(home.path())
        .arg(std::env::current_exe().unwrap())
        .env(CHILD, home.path())
        .output();
    let said = output.map(|output| format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)));
    let said = said.unwrap_or_else(|error| error.to_string());
    if !said.contains("running 1 test") {
        assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "no small file system to be had: {said}");
        writeln!(std::io::stderr(), "SKIPPED: a_full_disk_is_named_and_the_vault_goes_on: no small file system to be had").unwrap();
        return;
    }
    assert!(said.contains(DONE), "{said}");
}
