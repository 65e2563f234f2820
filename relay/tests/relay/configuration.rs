//! The configuration file, as `docs/relay.md` shows it, and the program that reads it.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Command, Output, Stdio},
};

use rcgen::{CertificateParams, KeyPair};
use techo_protocol::{PublicKey, seal::PrivateKey};
use techo_relay::{Bind, Config, ConfigError, Environment, Limits, StoreChoice};
use techo_valkey_server::ValkeyServer;
use tempfile::TempDir;

use crate::{
    fake::Fake,
    world::{NOW, client},
};

const PAGE: &str = include_str!("../../../docs/relay.md");

/// The configuration that the page shows.
fn shown() -> String {
    PAGE.split("```toml\n").nth(1).unwrap().split("```").next().unwrap().to_owned()
}

fn write(folder: &Path, name: &str, text: &str, mode: u32) {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    chmod(&path, mode);
}

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
}

fn pem(name: &str) -> (String, String) {
    let key = KeyPair::generate().unwrap();
    (CertificateParams::new(vec![name.to_owned()]).unwrap().self_signed(&key).unwrap().pem(), key.serialize_pem())
}

/// A folder with every file that the page's configuration names.
fn folder() -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write(at, "seal.key", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE\n", 0o600);
    write(at, "ring.key", "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI", 0o400);
    write(at, "portal-roots.pem", &(pem("one").0 + &pem("two").0), 0o644);
    write(at, "client-key.pem", &pem("client").1, 0o600);
    for (certificate, key) in [("portal-client.pem", "portal-client.key"), ("www.pem", "www.key"), ("api.pem", "api.key")] {
        let (chain, secret) = pem("localhost");
        write(at, certificate, &chain, 0o644);
        write(at, key, &secret, 0o600);
    }
    write(at, "store-roots.pem", &pem("store").0, 0o644);
    let api = fs::read_to_string(at.join("api.key")).unwrap();
    (folder, api)
}

fn read(folder: &(TempDir, String), text: &str) -> Result<Config, ConfigError> {
    write(folder.0.path(), "relay.toml", text, 0o644);
    let environ = |name: &str| match name {
        "TECHO_RELAY_API_KEY" => Some(folder.1.clone()),
        "TECHO_RELAY_STORE" => Some("rediss://relay:canary-password@store.example:6380\n".to_owned()),
        _ => None,
    };
    Config::open(&folder.0.path().join("relay.toml"), &environ)
}

#[test]
fn the_configuration_that_the_page_shows_is_read_with_the_limits_that_hold_without_it() {
    let folder = folder();
    let config = read(&folder, &shown()).unwrap();
    assert_eq!(config.environment, Environment::Test);
    assert_eq!((config.roots.len(), config.portal.services.len()), (2, 2));
    assert_eq!(config.seal.as_bytes(), &[1; 32]);
    assert_eq!(format!("{:?}", config.key_ring), r#"["2026-11"]"#);
    assert_eq!(config.limits, Limits::default());
    assert_eq!((config.apps.android.len(), config.apps.apple.len()), (1, 1));
    assert!(matches!(config.admin.bind, Bind::Address(address) if address.ip().is_loopback()));
    assert!(config.api.tls.is_some() && config.public.tls.is_some() && config.admin.tls.is_none());
    assert!(matches!(config.store, StoreChoice::Valkey(_)));
    techo_relay::Relay::check(&config).unwrap();
}

#[test]
fn no_secret_is_printed_with_a_configuration() {
    let folder = folder();
    let printed = format!("{:?}", read(&folder, &shown()).unwrap());
    assert!(!printed.contains("canary-password"));
    for name in ["client-key.pem", "portal-client.key", "www.key", "api.key", "seal.key", "ring.key"] {
        let text = fs::read_to_string(folder.0.path().join(name)).unwrap();
        let line = text.lines().find(|line| !line.starts_with("---")).unwrap().trim();
        let bytes = data_encoding::BASE64.decode(line.as_bytes()).or_else(|_| data_encoding::BASE64URL_NOPAD.decode(line.as_bytes()));
        let bytes = bytes.unwrap();
        // The beginning of a PKCS#8 key is the same in all, and in certificates as well.
        let end = &bytes[bytes.len() - 8..];
        // As text, as hexadecimal, and as a list of numbers.
        let hexadecimal = data_encoding::HEXLOWER.encode(end);
        let numbers = format!("{end:?}");
        for form in [line, hexadecimal.as_str(), numbers.trim_matches(['[', ']'])] {
            assert!(!printed.contains(form), "{name}");
        }
    }
}

#[test]
fn whatever_is_wrong_is_refused_by_its_field() {
    let folder = folder();
    let at = folder.0.path();
    let refused = |from: &str, to: &str| {
        let text = shown();
        assert!(text.contains(from), "{from}");
        read(&folder, &text.replacen(from, to, 1)).unwrap_err().to_string()
    };
    let says = |error: String, field: &str| assert!(error.starts_with(field), "{error}");
    says(refused("https://www.example.jp/redirect", "http://www.example.jp/redirect"), "redirect:");
    says(refused("https://www.example.jp/redirect", "https://www.example.jp/redirect?x"), "redirect:");
    says(refused("https://www.example.jp/redirect", "https://www.example.jp"), "redirect:");
    says(refused("/portal/result-ready", "/redirect"), "callback:");
    says(refused("/portal/result-ready", "/{any}"), "callback:");
    says(refused("SP99999999", "SP9999999"), "portal.provider:");
    says(refused("ST0002", "st0002"), "portal.services:");
    says(refused(r#"["ST0001", "ST0002"]"#, "[]"), "portal.services:");
    says(refused("RP00000001", "RP-1"), "identity.client:");
    says(refused(r#"{ env = "TECHO_RELAY_STORE" }"#, r#"{ env = "NOWHERE" }"#), "store.valkey.address:");
    says(refused(r#"{ env = "TECHO_RELAY_STORE" }"#, r#"{ file = "www.pem" }"#), "store.valkey.address:");
    says(refused(r#"{ env = "TECHO_RELAY_STORE" }"#, r#"{ file = "www.key" }"#), "store.valkey.address:");
    says(refused("roots = \"store-roots.pem\"", ""), "store.valkey.roots:");
    says(refused("store-roots.pem", "seal.key"), "store.valkey.roots:");
    says(refused("client-key.pem", "www.pem"), "identity.key:");
    says(refused("client-key.pem", "nowhere.pem"), "identity.key:");
    says(refused(r#"certificate = "portal-client.pem""#, ""), "portal.certificate:");
    says(refused(r#"key = { file = "www.key" }"#, ""), "listen.key:");
    says(refused("TECHO_RELAY_API_KEY", "ANOTHER"), "listen.key: the environment variable");
    says(refused("portal-roots.pem", "seal.key"), "environment.roots:");
    says(refused(r#"roots = "portal-roots.pem""#, ""), "environment.roots:");
    says(refused(r#"name = "test""#, r#"name = "stand-in""#), "environment:");
    says(refused(r#"name = "test""#, "name = \"test\"\nsp = \"https://example.jp\""), "environment:");
    says(refused("file = \"ring.key\"", "file = \"www.pem\""), "key-ring:");
    says(refused("TEAM000000.jp.example.techo", "<TEAM>.x"), "apps.apple:");
    says(refused("00:11:22:33", "00:11:22:3"), "apps.android.certificates:");
    says(refused("attempts = 3", "attempts = 0"), "limits:");
    // What a person is told must be true of the other limits.
    says(refused("keeping = 1800", "keeping = 1739"), "limits.keeping:");
    says(refused("life = 600", "life = 661"), "limits.keeping:");
    says(refused("keeping = 1800", "keeping = 3601"), "limits.keeping:");
    assert!(read(&folder, &shown().replacen("keeping = 1800", "keeping = 1740", 1)).is_ok());
    says(refused("attempts = 3", "tries = 3"), "limits:");
    says(refused("[portal]", "[portal"), "not readable at line 14");
    says(refused("life = 600", "life = \"long\""), "not readable at line");
    says(refused("provider =", "secret = \"x\"\nprovider ="), "not readable at line");
    write(at, "short.key", "AQEB", 0o600);
    says(refused("file = \"seal.key\"", "file = \"short.key\""), "seal: 32 bytes");
}

#[test]
fn a_stand_in_is_named_with_its_addresses_and_may_be_plain_on_this_machine_only() {
    let folder = folder();
    let with = |host: &str| {
        let stand_in =
            format!("name = \"stand-in\"\nissuer = \"http://{host}/realm\"\napp = \"http://127.0.0.1:1/\"\nsp = \"http://127.0.0.1:1\"\n");
        read(&folder, &shown().replacen("name = \"test\"", &stand_in, 1).replacen("roots = \"portal-roots.pem\"", "", 1))
    };
    assert!(matches!(with("127.0.0.1:8080").unwrap().environment, Environment::StandIn { .. }));
    assert!(with("example.jp").unwrap_err().to_string().starts_with("environment.issuer:"));
}

#[test]
fn a_secret_that_others_can_read_is_refused() {
    let folder = folder();
    for (name, field) in [
        ("seal.key", "seal"),
        ("ring.key", "key-ring"),
        ("client-key.pem", "identity.key"),
        ("portal-client.key", "portal.key"),
        ("www.key", "listen.key"),
    ] {
        for mode in [0o640, 0o604, 0o660] {
            chmod(&folder.0.path().join(name), mode);
            assert_eq!(read(&folder, &shown()).unwrap_err(), ConfigError::Open { field }, "{name}");
        }
        chmod(&folder.0.path().join(name), 0o600);
    }
    assert!(read(&folder, &shown()).is_ok());
}

fn program(arguments: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_techo-relay"));
    program.env("TECHO_RELAY_STORE", "rediss://store.example").args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn the_program_makes_keys_that_only_their_owner_can_read_and_never_over_others() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let made = program(&["keys", "--folder", path]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    let mut keys = Vec::new();
    for name in ["seal.key", "ring.key"] {
        let file = folder.path().join(name);
        let bits = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).unwrap().permissions());
        assert_eq!(bits & 0o777, 0o600);
        let bytes = data_encoding::BASE64URL_NOPAD.decode(fs::read_to_string(&file).unwrap().trim().as_bytes()).unwrap();
        keys.push(<[u8; 32]>::try_from(bytes).unwrap());
    }
    assert_ne!(keys[0], keys[1]);
    let public: PublicKey = text(&made.stdout).split('"').nth(1).unwrap().parse().unwrap();
    assert_eq!(PrivateKey::from_bytes(keys[0]).public().unwrap(), public);
    for secret in &keys {
        assert!(!text(&made.stdout).contains(&data_encoding::BASE64URL_NOPAD.encode(secret)));
    }
    let again = program(&["keys", "--folder", path]);
    assert!(!again.status.success() && again.stdout.is_empty());
    assert!(text(&again.stderr).contains("is there already"));
}

#[test]
fn the_program_checks_a_configuration_without_starting_anything() {
    let folder = folder();
    let path = folder.0.path().join("relay.toml");
    write(folder.0.path(), "relay.toml", &shown().replace("{ env = \"TECHO_RELAY_API_KEY\" }", "{ file = \"api.key\" }"), 0o644);
    let checked = program(&["check", "--config", path.to_str().unwrap()]);
    assert!(checked.status.success(), "{}", text(&checked.stderr));
    let public = PrivateKey::from_bytes([1; 32]).public().unwrap().to_string();
    assert!(text(&checked.stdout).contains(&public));
    assert!(text(&checked.stdout).contains("keeping_seconds = 1800\nstore = valkey\n"));
    // The key of another certificate.
    fs::copy(folder.0.path().join("www.key"), folder.0.path().join("api.key")).unwrap();
    let checked = program(&["check", "--config", path.to_str().unwrap()]);
    assert!(!checked.status.success());
    assert!(text(&checked.stderr).contains("listen.api"), "{}", text(&checked.stderr));
    for arguments in [&["check", "--config", "nowhere.toml"][..], &["--config", "nowhere.toml"], &["--config"], &[]] {
        assert!(!program(arguments).status.success(), "{arguments:?}");
    }
}

fn without_store(settings: &str) -> String {
    let is_store = |line: &&str| line.starts_with("[store") || line.starts_with("address = { env = \"TECHO_RELAY_STORE\"");
    settings.lines().filter(|line| !is_store(line)).flat_map(|line| [line, "\n"]).collect()
}

#[tokio::test]
async fn the_program_serves_until_it_is_asked_to_stop() {
    let fake = Fake::start(NOW).await;
    let server = ValkeyServer::start();
    for (signal, server) in [("TERM", None), ("INT", server.as_ref())] {
        let folder = folder();
        let stand_in = format!("name = \"stand-in\"\nissuer = \"{}\"\napp = \"{1}\"\nsp = \"{1}\"\n", fake.issuer(), fake.base());
        let settings = shown().replacen("name = \"test\"", &stand_in, 1).replacen("roots = \"portal-roots.pem\"", "", 1);
        let settings = settings.replace("0.0.0.0:8443", "127.0.0.1:0").replace("0.0.0.0:8444", "127.0.0.1:0");
        let settings = settings.replace("127.0.0.1:9464", "127.0.0.1:0").replace("notice = 5", "notice = 0");
        // Over a socket of this machine, without TLS; or the default.
        let settings = settings.replacen("roots = \"store-roots.pem\"", "", 1);
        let settings = if server.is_some() { settings } else { without_store(&settings) };
        write(folder.0.path(), "relay.toml", &settings, 0o644);
        let mut program = Command::new(env!("CARGO_BIN_EXE_techo-relay"));
        program.env("TECHO_RELAY_STORE", server.map(ValkeyServer::address).unwrap_or_default());
        program.env("TECHO_RELAY_API_KEY", &folder.1).arg("--config").arg(folder.0.path().join("relay.toml"));
        let mut running = program.stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(running.stderr.take().unwrap()).lines();
        let started: serde_json::Value = serde_json::from_str(&log.next().unwrap().unwrap()).unwrap();
        assert_eq!(started["message"], "started");
        let ready = format!("http://{}/health/ready", started["admin"].as_str().unwrap());
        assert_eq!(client().get(&ready).send().await.unwrap().status(), 200);
        let asked = Command::new("kill").args(["-s", signal, &running.id().to_string()]).status().unwrap();
        assert!(asked.success());
        assert!(running.wait().unwrap().success());
        assert!(log.any(|line| line.unwrap().contains("stopping")));
        assert!(client().get(&ready).send().await.is_err());
    }
}
