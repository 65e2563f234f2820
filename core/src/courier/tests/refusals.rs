//! Whoever cannot prove to be the relay is refused before a byte of the request is sent, and is not asked twice.

use rustls::version::TLS12;

use super::{Authority, ENDLESS, Play, Server, answer, ask, authority, courier, trouble};
use super::{CANARY, Courier, server::Speech};
use crate::{
    courier::CourierError,
    portal::{Doubt, Trouble},
};

const WELL: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";

/// What a courier that trusts `root` says of a server, which must not have been told anything.
#[track_caller]
fn refused(server: &Server, root: &Authority) -> Trouble {
    let trouble = trouble(&courier(server, &[root], ENDLESS).carry(&ask()));
    assert_eq!(server.connections(), 1, "a refusal is final");
    assert!(!server.requests().iter().any(|request| request.contains(CANARY)), "something was said before the proof");
    trouble
}

#[test]
fn each_kind_of_wrong_certificate_is_refused_by_name() {
    let root = Authority::new("root");
    let other_host = rcgen::CertificateParams::new(vec!["relay.example".to_owned()]).unwrap();
    for (config, doubt) in [
        (Authority::new("foreign").server(), Doubt::UnknownRoot),
        (Authority::new("foreign").server_below(), Doubt::UnknownRoot),
        // It bears the name of our root, and only the name.
        (Authority::new("root").server(), Doubt::UnknownRoot),
        (authority::self_signed(), Doubt::UnknownRoot),
        (root.server_with(&authority::expired()), Doubt::Expired),
        (root.server_with(&authority::not_yet_valid()), Doubt::NotYet),
        (root.server_with(&other_host), Doubt::OtherHost),
        (root.server_of_version(&TLS12), Doubt::Handshake),
    ] {
        let server = Server::tls(config, |_| Play::Say(WELL.to_vec()));
        assert_eq!(refused(&server, &root), Trouble::NotTheRelay(doubt));
    }
}

#[test]
fn the_root_in_reserve_and_an_issuer_below_a_root_are_believed() {
    let (first, reserve) = (Authority::new("first"), Authority::new("reserve"));
    for config in [first.server(), reserve.server(), first.server_below()] {
        let server = Server::tls(config, |_| Play::Say(WELL.to_vec()));
        assert_eq!(answer(&courier(&server, &[&first, &reserve], ENDLESS).carry(&ask())), (200, None, b"{}".to_vec()));
    }
}

#[test]
fn plain_http_is_refused() {
    let root = Authority::new("root");
    let server = Server::new(Speech::Plain, |_| Play::Say(WELL.to_vec()));
    assert_eq!(refused(&server, &root), Trouble::NotTheRelay(Doubt::Handshake));
    let mut plain = server.url();
    plain.set_scheme("http").unwrap();
    assert_eq!(Courier::with(&plain, &[root.pem()], ENDLESS).err(), Some(CourierError::Address));
}

#[test]
fn a_server_that_talks_down_to_tls_1_1_is_refused() {
    // A ServerHello that names TLS 1.1 and TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA.
    let random = [7; 32];
    let hello = [&[0x03, 0x02][..], &random, &[0], &[0xC0, 0x13], &[0]].concat();
    let length = u8::try_from(hello.len()).unwrap();
    let record = [&[0x16, 0x03, 0x02, 0, length + 4, 0x02, 0, 0, length][..], &hello].concat();
    let server = Server::new(Speech::Plain, move |_| Play::Say(record.clone()));
    assert_eq!(refused(&server, &Authority::new("root")), Trouble::NotTheRelay(Doubt::Handshake));
}

#[test]
fn a_redirect_is_not_followed() {
    let root = Authority::new("root");
    let elsewhere = Server::tls(root.server(), |_| Play::Say(WELL.to_vec()));
    for status in [301, 302, 303, 307, 308] {
        let away = format!(
            "HTTP/1.1 {status} Away\r\nlocation: {}\r\ncontent-type: application/json\r\ncontent-length: 0\r\n\r\n",
            elsewhere.url()
        );
        let server = Server::tls(root.server(), move |_| Play::Say(away.clone().into_bytes()));
        assert_eq!(trouble(&courier(&server, &[&root], ENDLESS).carry(&ask())), Trouble::Unexpected, "{status}");
        assert_eq!(server.connections(), 1);
    }
    assert_eq!(elsewhere.connections(), 0);
}

#[test]
fn a_profile_whose_roots_are_not_roots_has_no_courier() {
    let url = url::Url::parse("https://relay.example").unwrap();
    let good = Authority::new("root").pem();
    let made = |roots: &[&str]| Courier::with(&url, &roots.iter().map(|root| (*root).to_owned()).collect::<Vec<_>>(), ENDLESS).err();
    assert_eq!(made(&[&good]), None);
    assert_eq!(made(&[]), Some(CourierError::NoRoot));
    assert_eq!(made(&[&good, ""]), Some(CourierError::Root { position: 2 }));
    assert_eq!(made(&[&format!("{good}{good}")]), Some(CourierError::Root { position: 1 }));
    assert_eq!(made(&["-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"]), Some(CourierError::Root { position: 1 }));
    assert_eq!(made(&[&good.replacen("MII", "MIJ", 1)]), Some(CourierError::Root { position: 1 }));
}
