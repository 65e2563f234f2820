//! A relay as a process of its own: the program that operators run, with a configuration of its own.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
};

use data_encoding::{BASE64_MIME, BASE64URL_NOPAD};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};
use techo_protocol::{PublicKey, seal::PrivateKey};
use tempfile::TempDir;

use crate::{Failure, http::Connection};

/// The keys of an operator, which all relays have.
pub(crate) struct Operator {
    folder: TempDir,
    pub(crate) seal: PublicKey,
}

impl Operator {
    /// One whose portal is here, and whose sessions are in memory or at this address.
    pub(crate) fn new(portal: &str, store: Option<&str>) -> Result<Self, Failure> {
        let folder = tempfile::tempdir()?;
        let (seal, ring) = (PrivateKey::make()?, PrivateKey::make()?);
        let client = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).map_err(|_| "no key")?;
        let client =
            format!("-----BEGIN PRIVATE KEY-----\n{}-----END PRIVATE KEY-----\n", BASE64_MIME.encode(client.as_ref()).replace('\r', ""));
        write(folder.path(), "seal.key", &BASE64URL_NOPAD.encode(seal.as_bytes()))?;
        write(folder.path(), "ring.key", &BASE64URL_NOPAD.encode(ring.as_bytes()))?;
        write(folder.path(), "client.pem", &client)?;
        write(folder.path(), "store.url", store.unwrap_or_default())?;
        let store = if store.is_some() { "[store.valkey]\naddress = { file = \"store.url\" }" } else { "" };
        let settings = format!(
            r#"
redirect = "https://www.example.jp/redirect"
seal = {{ file = "seal.key" }}
[environment]
name = "stand-in"
issuer = "{portal}/realm"
app = "{portal}"
sp = "{portal}"
[identity]
client = "RP00000001"
key = {{ file = "client.pem" }}
[portal]
provider = "SP99999999"
services = ["ST0001"]
[listen.public]
address = "127.0.0.1:0"
[listen.api]
address = "127.0.0.1:0"
[listen.admin]
address = "127.0.0.1:0"
[[key-ring]]
id = "bench"
key = {{ file = "ring.key" }}
{store}
"#
        );
        write(folder.path(), "relay.toml", &settings)?;
        Ok(Self { folder, seal: seal.public()? })
    }

    /// Starts a relay, with so many threads if it is said.
    pub(crate) fn start(&self, threads: Option<u32>) -> Result<Server, Failure> {
        let program = std::env::current_exe()?.with_file_name("techo-relay");
        let mut command = Command::new(&program);
        command
            .arg("--config")
            .arg(self.folder.path().join("relay.toml"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        if let Some(threads) = threads {
            command.env("TOKIO_WORKER_THREADS", threads.to_string());
        }
        let mut process = command.spawn().map_err(|error| format!("{}: {error}", program.display()))?;
        let log = process.stderr.take().ok_or("no log")?;
        let mut server = Server { process, public: ([0; 4], 0).into(), api: ([0; 4], 0).into(), admin: ([0; 4], 0).into() };
        let mut log = BufReader::new(log);
        let mut line = String::new();
        log.read_line(&mut line)?;
        let started: serde_json::Value = serde_json::from_str(&line).map_err(|_| format!("the relay did not start: {line}"))?;
        let at = |name: &str| {
            started.get(name).and_then(|at| at.as_str()?.parse().ok()).ok_or_else(|| format!("the relay did not start: {line}"))
        };
        (server.public, server.api, server.admin) = (at("public")?, at("api")?, at("admin")?);
        // Read on, as somebody who keeps a log does, or the relay would wait for room.
        std::thread::spawn(move || {
            let mut piece = vec![0; 64 * 1024];
            while matches!(log.read(&mut piece), Ok(length) if length > 0) {}
        });
        Ok(server)
    }
}

fn write(folder: &Path, name: &str, text: &str) -> Result<(), Failure> {
    let path = folder.join(name);
    fs::write(&path, text)?;
    fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(())
}

/// A relay at work. Ends when dropped.
pub(crate) struct Server {
    process: Child,
    pub(crate) public: SocketAddr,
    pub(crate) api: SocketAddr,
    admin: SocketAddr,
}

impl Server {
    /// A value among its metrics.
    pub(crate) async fn metric(&self, name: &str) -> Result<f64, Failure> {
        let metrics = Connection::open(self.admin).await?.get(200, "GET", "/metrics", "", b"").await?;
        let text = String::from_utf8(metrics)?;
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
        value.ok_or_else(|| format!("{name}: not among the metrics").into())
    }

    /// Memory that it holds: now, and at most until now, in megabytes.
    pub(crate) fn memory(&self) -> Result<[f64; 2], Failure> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let megabytes = |name: &str| -> Result<f64, Failure> {
            let kilobytes = status.lines().find_map(|line| line.strip_prefix(name)?.trim().strip_suffix(" kB")?.parse::<f64>().ok());
            Ok(kilobytes.ok_or("no such figure of memory")? * 1024.0 / 1e6)
        };
        Ok([megabytes("VmRSS:")?, megabytes("VmHWM:")?])
    }

    /// Milliseconds of processors' time that it has used.
    pub(crate) fn used(&self) -> Result<f64, Failure> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        // What follows the name, which may hold anything: state is the first field, user and system time the 12th and 13th.
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        let ticks: f64 = fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum();
        let per_second = Command::new("getconf").arg("CLK_TCK").output()?.stdout;
        let per_second: f64 = String::from_utf8(per_second)?.trim().parse()?;
        Ok(ticks * 1000.0 / per_second)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // An error says that it has ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
