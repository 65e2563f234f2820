//! What the machine says counts for nothing: neither the roots it trusts nor the proxies it names. Both are read from the
//! environment of a process, so a process of their own is started, in which a client of the same library without our
//! configuration shows that the environment has an effect at all.

use std::process::Command;

use super::{Authority, ENDLESS, Play, Server, answer, ask, courier, server::Speech, trouble};
use crate::{
    courier::{Courier, CourierError, block_on},
    portal::{Doubt, Trouble},
};

const WELL: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";

/// Runs the ignored test of this name alone, in a process with these variables.
fn child(name: &str, variables: &[(&str, &str)]) {
    let path = format!("{}::{name}", module_path!().split_once("::").unwrap().1);
    let arguments = ["--exact", &path, "--ignored", "--nocapture"];
    let out = Command::new(std::env::current_exe().unwrap()).args(arguments).envs(variables.iter().copied()).output().unwrap();
    let said = String::from_utf8_lossy(&out.stdout);
    assert!(out.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&out.stderr));
}

/// What a client without our configuration makes of it: a status, or that it failed.
fn ordinary_client(url: &str) -> Option<u16> {
    // The whole process's provider, which nothing but this client asks for. A second time is no harm.
    rustls::crypto::ring::default_provider().install_default().ok();
    let client = reqwest::Client::builder().build().unwrap();
    let url = url.to_owned();
    block_on(async move { client.get(url).send().await.map(|answer| answer.status().as_u16()).map_err(|_| Trouble::Broken) }).ok()
}

#[test]
fn a_root_that_the_system_trusts_is_not_ours() {
    let trusted = Authority::new("the system's");
    let server = Server::tls(trusted.server(), |_| Play::Say(WELL.to_vec()));
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), trusted.pem()).unwrap();
    child("the_system_trusts_a_root", &[("SSL_CERT_FILE", file.path().to_str().unwrap()), ("TECHO_TEST_URL", server.url().as_str())]);
    assert_eq!(server.requests().len(), 1, "only the ordinary client's request arrived");
}

#[test]
#[ignore = "run as a child of a_root_that_the_system_trusts_is_not_ours"]
fn the_system_trusts_a_root() {
    let url = std::env::var("TECHO_TEST_URL").unwrap();
    assert_eq!(ordinary_client(&url), Some(200), "the system does trust this root");
    let ours = Courier::with(&url.parse().unwrap(), &[Authority::new("root").pem()], ENDLESS).unwrap();
    assert_eq!(trouble(&ours.carry(&ask())), Trouble::NotTheRelay(Doubt::UnknownRoot));
    assert_eq!(Courier::with(&url.parse().unwrap(), &[], ENDLESS).err(), Some(CourierError::NoRoot), "nor where there is no root of ours");
}

#[test]
fn a_proxy_of_the_environment_is_not_asked() {
    let proxy = Server::new(Speech::Deaf, |_| Play::Say(Vec::new()));
    let address = proxy.url().as_str().replace("https", "http");
    let variables =
        ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"].map(|name| (name, address.as_str()));
    child("the_environment_names_a_proxy", &variables);
    assert_eq!(proxy.connections(), 1, "only the ordinary client asked it");
}

#[test]
#[ignore = "run as a child of a_proxy_of_the_environment_is_not_asked"]
fn the_environment_names_a_proxy() {
    let root = Authority::new("root");
    let server = Server::tls(root.server(), |_| Play::Say(WELL.to_vec()));
    assert_eq!(answer(&courier(&server, &[&root], ENDLESS).carry(&ask())).0, 200);
    assert_eq!(ordinary_client(server.url().as_str()), None);
    assert_eq!(server.connections(), 1, "the ordinary client went to the proxy, which hung up");
}
