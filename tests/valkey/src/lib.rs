//! A Valkey (or Redis) server for tests and for the benchmark: on a Unix socket in a folder of its own, or on a port with
//! TLS, nothing written to a disk, ended with the value.
//!
//! Where neither `valkey-server` nor `redis-server` is installed a test must say so and go on; in CI it must fail.
#![expect(clippy::panic, clippy::print_stdout, reason = "for tests: what does not work must stop them, and a skip must be seen")]

use std::{
    env, fs,
    io::{self, BufRead as _, BufReader, Write as _},
    net::{Ipv4Addr, TcpListener},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// Longest time a server is given to start.
const START: Duration = Duration::from_secs(20);

/// Files for TLS, in PEM.
#[derive(Clone, Copy, Debug)]
pub struct Tls<'a> {
    /// The server's certificate.
    pub certificate: &'a Path,
    /// Its key.
    pub key: &'a Path,
}

/// A server at work.
#[derive(Debug)]
pub struct ValkeyServer {
    program: PathBuf,
    folder: TempDir,
    port: Option<u16>,
    arguments: Vec<String>,
    process: Option<Child>,
}

impl ValkeyServer {
    /// Starts one. None, with a loud word, where no server is installed and this is not CI.
    pub fn start() -> Option<Self> {
        Self::start_with(None)
    }

    /// Starts one that speaks TLS on a port of the loopback interface besides.
    pub fn start_with_tls(tls: Tls<'_>) -> Option<Self> {
        Self::start_with(Some(tls))
    }

    fn start_with(tls: Option<Tls<'_>>) -> Option<Self> {
        let Some(program) = installed() else {
            assert!(env::var_os("CI").is_none_or(|value| value != "true"), "CI needs valkey-server or redis-server");
            println!("SKIPPED: neither valkey-server nor redis-server is installed");
            return None;
        };
        let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("no folder for the server: {error}"));
        let mut arguments: Vec<String> =
            ["--save", "", "--appendonly", "no", "--rdbcompression", "no", "--dbfilename", "dump", "--loglevel", "warning"]
                .map(str::to_owned)
                .to_vec();
        arguments.extend([
            "--dir".to_owned(),
            text(folder.path()),
            "--unixsocket".to_owned(),
            text(&socket(&folder)),
            "--port".to_owned(),
            "0".to_owned(),
        ]);
        let port = tls.map(|tls| {
            let port = free_port();
            let (certificate, key) = (text(tls.certificate), text(tls.key));
            let options =
                ["--tls-port", &port.to_string(), "--tls-cert-file", &certificate, "--tls-key-file", &key, "--tls-auth-clients", "no"];
            arguments.extend(options.map(str::to_owned));
            // The server must be given authorities, though it asks nobody for a certificate.
            arguments.extend(["--tls-ca-cert-file".to_owned(), certificate, "--bind".to_owned(), Ipv4Addr::LOCALHOST.to_string()]);
            port
        });
        let mut server = Self { program, folder, port, arguments, process: None };
        server.start_again();
        Some(server)
    }

    /// Where it is, as an address that a relay's configuration takes.
    pub fn address(&self) -> String {
        format!("unix://{}", socket(&self.folder).display())
    }

    /// Where it is over TLS.
    ///
    /// # Panics
    /// Where it was started without.
    pub fn tls_address(&self) -> String {
        let port = self.port.unwrap_or_else(|| panic!("started without TLS"));
        format!("rediss://{}:{port}", Ipv4Addr::LOCALHOST)
    }

    /// Ends it, as a machine that fails does. What it held is gone.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            // An error says that it has ended by itself.
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    /// Starts it at the same place, with what it was told to [save](Self::save), or empty.
    ///
    /// # Panics
    /// Where it does not start.
    pub fn start_again(&mut self) {
        self.kill();
        let _ = fs::remove_file(socket(&self.folder));
        let process =
            Command::new(&self.program).args(&self.arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        self.process = Some(process.unwrap_or_else(|error| panic!("{}: {error}", self.program.display())));
        let begun = Instant::now();
        while self.command("PING").ok().as_deref() != Some("+PONG") {
            let ended = self.process.as_mut().and_then(|process| process.try_wait().ok().flatten());
            assert!(ended.is_none(), "{} ended with {ended:?}: {}", self.program.display(), self.arguments.join(" "));
            assert!(begun.elapsed() < START, "{} did not start", self.program.display());
            sleep(Duration::from_millis(5));
        }
    }

    /// Lets it hang: it takes connections and commands, and answers nothing.
    pub fn hang(&self) {
        self.signal("-STOP");
    }

    /// Lets it go on after a hang, with everything it was told meanwhile.
    pub fn go_on(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let process = self.process.as_ref().map(|process| process.id().to_string());
        let sent =
            process.is_some_and(|process| Command::new("kill").args([signal, &process]).status().is_ok_and(|status| status.success()));
        assert!(sent, "kill {signal} did not reach the server");
    }

    /// Says one command, for example `EXISTS name`, and returns the first line of the answer.
    ///
    /// # Errors
    /// The server is not there.
    pub fn command(&self, command: &str) -> io::Result<String> {
        let mut stream = UnixStream::connect(socket(&self.folder))?;
        stream.write_all(format!("{command}\r\n").as_bytes())?;
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line)?;
        if line.is_empty() { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(line.trim_end().to_owned()) }
    }

    /// Writes down what it holds, for the next start: as an operator's server does that outlives its machine.
    ///
    /// # Panics
    /// Where it is not there.
    pub fn save(&self) {
        let answer = self.command("SAVE");
        assert!(answer.as_deref().is_ok_and(|answer| answer == "+OK"), "SAVE: {answer:?}");
    }

    /// Everything it holds, as it would lie on a disk, uncompressed.
    ///
    /// # Panics
    /// Where it is not there.
    pub fn dump(&self) -> Vec<u8> {
        let file = self.folder.path().join("dump");
        self.save();
        let bytes = fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let _ = fs::remove_file(file);
        bytes
    }

    /// Its number as a process.
    pub fn process(&self) -> Option<u32> {
        self.process.as_ref().map(Child::id)
    }
}

impl Drop for ValkeyServer {
    fn drop(&mut self) {
        self.kill();
    }
}

fn installed() -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let programs = ["valkey-server", "redis-server"];
    programs.iter().flat_map(|name| env::split_paths(&path).map(move |folder| folder.join(name))).find(|program| program.is_file())
}

fn socket(folder: &TempDir) -> PathBuf {
    folder.path().join("socket")
}

fn text(path: &Path) -> String {
    path.to_str().map_or_else(|| panic!("{}: not a path that a server takes", path.display()), str::to_owned)
}

fn free_port() -> u16 {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
    port.unwrap_or_else(|error| panic!("no free port: {error}")).port()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_server_starts_holds_ends_and_starts_empty_or_with_what_it_saved() {
        let Some(mut server) = ValkeyServer::start() else { return };
        assert_eq!(server.command("SET name canary-in-the-store").unwrap(), "+OK");
        assert!(server.dump().windows(19).any(|bytes| bytes == b"canary-in-the-store"));
        server.kill();
        assert!(server.command("PING").is_err());
        server.start_again();
        assert_eq!(server.command("EXISTS name").unwrap(), ":0");
        server.command("SET name kept").unwrap();
        server.save();
        server.start_again();
        assert_eq!(server.command("EXISTS name").unwrap(), ":1");
    }
}
