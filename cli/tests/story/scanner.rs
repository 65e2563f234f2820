//! A file is looked at by the scanner of malware before it is taken in: by Debian's real `clamd`, with one signature of our
//! own (its official ones are not needed for that), and what happens where there is none.

use std::{
    fs,
    io::Read as _,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::notebook::{FAMILY, Notebook};

const HANAKO: &str = FAMILY[0].0;
/// The harmless file that every scanner calls malware, in two halves: the whole of it would have this file quarantined.
const EICAR: [&str; 2] = ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!$H+H*"];
/// What clamd is set to look at, at most.
const LIMIT: usize = 1 << 20;

/// A clamd that looks for the EICAR file and knows nothing else.
struct Clamd {
    program: Child,
    home: tempfile::TempDir,
}

impl Clamd {
    /// None, said loudly, where it is not installed.
    fn start() -> Option<Self> {
        let places = std::env::var_os("PATH").unwrap_or_default();
        let places = std::env::split_paths(&places).chain([PathBuf::from("/usr/sbin"), PathBuf::from("/usr/local/sbin")]);
        let Some(clamd) = places.map(|place| place.join("clamd")).find(|clamd| clamd.is_file()) else {
            assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "clamd must be there in continuous integration");
            println!("SKIPPED: clamd is not there (apt-get install clamav-daemon)");
            return None;
        };
        let home = tempfile::tempdir().unwrap();
        let signatures = home.path().join("signatures");
        fs::create_dir(&signatures).unwrap();
        let wanted: String = EICAR.concat().bytes().map(|byte| format!("{byte:02x}")).collect();
        fs::write(signatures.join("own.ndb"), format!("Techo.Test.Eicar:0:0:{wanted}\n")).unwrap();
        let socket = home.path().join("socket").display().to_string();
        let settings =
            format!("LocalSocket {socket}\nDatabaseDirectory {}\nForeground yes\nStreamMaxLength {LIMIT}\n", signatures.display());
        fs::write(home.path().join("clamd.conf"), settings).unwrap();
        let mut command = Command::new(clamd);
        command.arg("-c").arg(home.path().join("clamd.conf")).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut clamd = Self { program: command.spawn().unwrap(), home };
        let began = Instant::now();
        while std::os::unix::net::UnixStream::connect(clamd.socket()).is_err() {
            assert_eq!(clamd.program.try_wait().unwrap(), None, "clamd has ended");
            assert!(began.elapsed() < Duration::from_secs(120), "clamd does not listen");
            thread::sleep(Duration::from_millis(20));
        }
        Some(clamd)
    }

    fn socket(&self) -> PathBuf {
        self.home.path().join("socket")
    }
}

impl Drop for Clamd {
    fn drop(&mut self) {
        drop(self.program.kill());
        drop(self.program.wait());
    }
}

fn text<'v>(line: &'v Value, field: &str) -> &'v str {
    line[field].as_str().unwrap_or_else(|| panic!("{field} of {line}"))
}

fn records(notebook: &Notebook) -> usize {
    notebook.run(&["timeline", "--person", HANAKO, "--json"]).ok().lines().len()
}

/// A good document that is longer than clamd is set to look at.
fn write_long(file: &Path) {
    let padding = "x".repeat(LIMIT + 1);
    let objects = "1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n2 0 obj << /Type /Pages /Kids [] /Count 0 >> endobj\n";
    fs::write(file, format!("%PDF-1.4\n%{padding}\n{objects}trailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n")).unwrap();
}

#[test]
fn what_clamd_finds_is_refused_and_nothing_of_it_is_kept() {
    let Some(clamd) = Clamd::start() else { return };
    let (notebook, socket) = (Notebook::of_the_family(), clamd.socket().display().to_string());
    fs::write(notebook.path("attached.pdf"), EICAR.concat()).unwrap();
    fs::write(notebook.path("good.txt"), "JAHISTC08,1\n1,手帳 花子,2,19720415,,,,,,,ﾃﾁｮｳ ﾊﾅｺ\n4,よい記録,20260401,2\n").unwrap();
    let said = notebook.run(&["import", "attached.pdf", "--person", HANAKO, "--scanner", &socket]).ended(45);
    assert!(said.err.contains("Techo.Test.Eicar") && said.err.contains("attached.pdf"), "{}", said.err);
    assert_eq!(records(&notebook), 0);
    // The next file is taken in all the same, and its line says that it was looked at.
    let both = ["import", "attached.pdf", "good.txt", "--person", HANAKO, "--scanner", &socket, "--require-scan", "--json"];
    let lines = notebook.run(&both).ended(3).lines();
    assert_eq!(lines.iter().map(|line| text(line, "scan")).collect::<Vec<_>>(), ["found", "clean"]);
    assert_eq!(records(&notebook), 1);
    let event = notebook.run(&["timeline", "--person", HANAKO, "--json"]).ok().line();
    notebook.run(&["attach", text(&event, "id"), "attached.pdf", "--scanner", &socket, "--yes"]).ended(45);
}

#[test]
fn what_clamd_is_set_not_to_look_at_is_named_and_refused_only_where_a_scan_is_required() {
    let Some(clamd) = Clamd::start() else { return };
    let (notebook, socket) = (Notebook::of_the_family(), clamd.socket().display().to_string());
    write_long(&notebook.path("long.pdf"));
    let import = ["import", "long.pdf", "--person", HANAKO, "--scanner", &socket];
    notebook.run(&[&import[..], &["--require-scan"]].concat()).ended(46);
    assert_eq!(records(&notebook), 0);
    let said = notebook.run(&import).ok();
    assert!(said.err.contains("上限より大きい"), "{}", said.err);
    assert!(records(&notebook) > 0);
}

#[test]
fn without_clamd_a_file_is_taken_in_with_one_line_about_it_unless_a_scan_is_required() {
    let notebook = Notebook::of_the_family();
    for name in ["a.txt", "b.txt"] {
        fs::write(notebook.path(name), format!("JAHISTC08,1\n1,手帳 花子,2,19720415,,,,,,,ﾃﾁｮｳ ﾊﾅｺ\n4,{name},20260401,2\n")).unwrap();
    }
    let import = ["import", "a.txt", "b.txt", "--person", HANAKO, "--scanner", "no/such/socket"];
    notebook.run(&[&import[..], &["--require-scan"]].concat()).ended(46);
    notebook.run(&["import", "a.txt", "--person", HANAKO, "--scanner", "off", "--require-scan"]).ended(46);
    assert_eq!(records(&notebook), 0);
    let said = notebook.run(&import).ok();
    assert_eq!(said.err.matches("clamd").count(), 1, "{}", said.err);
    let again = notebook.run(&[&import[..], &["--json"]].concat()).ok();
    assert_eq!(again.err, "");
    assert!(again.lines().iter().all(|line| text(line, "scan") == "absent"));
}

#[test]
fn nothing_goes_to_another_computer_and_to_no_port_that_was_not_named() {
    let notebook = Notebook::of_the_family();
    fs::write(notebook.path("a.txt"), "JAHISTC08,1\n1,手帳 花子,2,19720415,,,,,,,ﾃﾁｮｳ ﾊﾅｺ\n4,a,20260401,2\n").unwrap();
    notebook.run(&["import", "a.txt", "--person", HANAKO, "--scanner", "scanner.example:3310"]).ended(2);
    // Whoever listens there and says anything but clamd's own words has found nothing and cleared nothing.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().to_string();
    let liar = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut head = [0; 10];
        stream.read_exact(&mut head).unwrap();
        std::io::Write::write_all(&mut stream, b"stream: OK, surely\0").unwrap();
        head
    });
    let said = notebook.run(&["import", "a.txt", "--person", HANAKO, "--scanner", &port, "--json"]).ok().line();
    assert_eq!((text(&said, "scan"), &liar.join().unwrap()), ("no_answer", b"zINSTREAM\0"));
}
