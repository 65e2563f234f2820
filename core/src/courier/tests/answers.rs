//! What is sent, and what is made of every kind of answer, whole or cut.

use std::collections::BTreeSet;

use zeroize::Zeroizing;

use super::{Authority, CANARY, ENDLESS, Patience, Play, Server, answer, ask, courier, exchange, server::Speech, trouble};
use crate::portal::{Method, Trouble};

fn say(head: &str, body: &str) -> Play {
    Play::Say(format!("HTTP/1.1 {head}\r\n\r\n{body}").into_bytes())
}

/// A server that always plays the same, and what its courier brings back.
fn reply_to(root: &Authority, play: Play) -> crate::portal::Reply {
    let server = Server::tls(root.server(), move |_| play.clone());
    courier(&server, &[root], Patience { tries: 1, ..ENDLESS }).carry(&ask())
}

#[test]
fn a_request_says_what_it_must_and_nothing_else() {
    let root = Authority::new("root");
    let server = Server::tls(root.server(), |_| say("204 No Content", ""));
    let courier = courier(&server, &[&root], ENDLESS);
    let mut post = exchange(Method::Post, "/v1/sessions/x/identity");
    post.body = Some(Zeroizing::new(b"{\"code\":1}".to_vec()));
    for exchange in [
        &post,
        &exchange(Method::Get, "/v1/sessions/x?seen=requested&wait=20"),
        &exchange(Method::Delete, "/v1/sessions/x"),
        &exchange(Method::Put, "//other.example/v1"),
    ] {
        assert_eq!(answer(&courier.carry(exchange)), (204, None, Vec::new()));
    }
    let requests = server.requests();
    let lines: Vec<&str> = requests.iter().filter_map(|request| request.lines().next()).collect();
    assert_eq!(
        lines,
        [
            "POST /v1/sessions/x/identity HTTP/1.1",
            "GET /v1/sessions/x?seen=requested&wait=20 HTTP/1.1",
            "DELETE /v1/sessions/x HTTP/1.1",
            "PUT //other.example/v1 HTTP/1.1"
        ]
    );
    let headers = |request: &str| -> BTreeSet<String> {
        let head = request.split_once("\r\n\r\n").unwrap().0;
        head.lines().skip(1).filter(|line| !line.starts_with("host: ")).map(str::to_owned).collect()
    };
    let secret = format!("authorization: Bearer {CANARY}");
    let expected = |more: &[&str]| -> BTreeSet<String> {
        ["accept: */*", "techo-protocol: 1", &secret].iter().chain(more).map(|line| (*line).to_owned()).collect()
    };
    assert_eq!(headers(&requests[0]), expected(&["content-type: application/json", "content-length: 10"]));
    assert!(requests[0].ends_with("\r\n\r\n{\"code\":1}"));
    assert_eq!(headers(&requests[1]), expected(&[]));
    assert_eq!(server.connections(), 4, "a connection for each call");
}

#[test]
fn answers_and_refusals_of_the_relay_are_brought_as_they_are() {
    let root = Authority::new("root");
    let message = |status| format!("{status}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: 2");
    assert_eq!(answer(&reply_to(&root, say(&message("200 OK"), "{}"))), (200, None, b"{}".to_vec()));
    assert_eq!(answer(&reply_to(&root, say(&message("404 Not Found"), "{}"))), (404, None, b"{}".to_vec()));
    assert_eq!(answer(&reply_to(&root, say(&message("503 Busy\r\nretry-after: 7"), "{}"))), (503, Some(7), b"{}".to_vec()));
    let sealed = say("200 OK\r\ncontent-type: application/octet-stream\r\ntransfer-encoding: chunked", "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n");
    assert_eq!(answer(&reply_to(&root, sealed)), (200, None, b"abc".to_vec()));
    let later = "503 Busy\r\nretry-after: Fri, 31 Dec 1999 23:59:59 GMT\r\ncontent-length: 0";
    assert_eq!(answer(&reply_to(&root, say(later, ""))), (503, None, Vec::new()));
}

#[test]
fn what_is_not_of_the_protocol_is_not_believed() {
    let root = Authority::new("root");
    for head in ["200 OK\r\ncontent-type: text/html", "200 OK", "404 Not Found\r\ncontent-type: text/plain"] {
        assert_eq!(trouble(&reply_to(&root, say(&format!("{head}\r\ncontent-length: 2"), "{}"))), Trouble::Unexpected, "{head}");
    }
    assert_eq!(trouble(&reply_to(&root, say("101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x", ""))), Trouble::Unexpected);
    assert_eq!(trouble(&reply_to(&root, Play::Say(b"NO HTTP AT ALL\r\n\r\n".to_vec()))), Trouble::Broken);
}

#[test]
fn the_page_of_a_balancer_is_dropped_but_its_status_counts() {
    let root = Authority::new("root");
    let page = "503 Service Unavailable\r\nretry-after: 30\r\ncontent-type: text/html\r\ncontent-length: 4";
    assert_eq!(answer(&reply_to(&root, say(page, "<p/>"))), (503, Some(30), Vec::new()));
}

#[test]
fn an_answer_is_counted_while_it_is_read() {
    let root = Authority::new("root");
    let kind = "200 OK\r\ncontent-type: application/octet-stream";
    let promised = |length: usize| say(&format!("{kind}\r\ncontent-length: {length}"), &"x".repeat(length));
    let chunked = |length: usize| {
        say(&format!("{kind}\r\ntransfer-encoding: chunked"), &format!("{length:x}\r\n{}\r\n0\r\n\r\n", "x".repeat(length)))
    };
    let until_the_end = |length: usize| say(kind, &"x".repeat(length));
    for play in [&promised as &dyn Fn(usize) -> Play, &chunked, &until_the_end] {
        assert_eq!(answer(&reply_to(&root, play(64))).2.len(), 64);
        assert_eq!(trouble(&reply_to(&root, play(65))), Trouble::TooLarge);
        assert_eq!(trouble(&reply_to(&root, play(100_000))), Trouble::TooLarge);
    }
}

#[test]
fn an_answer_that_is_cut_at_any_byte_is_broken_and_never_half() {
    let root = Authority::new("root");
    let whole = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 7\r\n\r\n{\"a\":1}";
    let end = whole.len();
    // Even connections end with a good-bye, odd ones without.
    let server = Server::tls(root.server(), move |number| {
        let part = whole[..number / 2].to_vec();
        if number % 2 == 0 { Play::Say(part) } else { Play::Cut(part) }
    });
    let courier = courier(&server, &[&root], Patience { tries: 1, ..ENDLESS });
    for number in 0..end * 2 {
        assert_eq!(trouble(&courier.carry(&ask())), Trouble::Broken, "after {} of {end} bytes", number / 2);
    }
    assert_eq!(answer(&courier.carry(&ask())), (200, None, b"{\"a\":1}".to_vec()));
    let truncated = Play::Cut(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{}".to_vec());
    assert_eq!(trouble(&reply_to(&root, truncated)), Trouble::Broken, "an answer without a length ends with a good-bye or not at all");
}

#[test]
fn what_broke_is_tried_again_a_few_times() {
    let root = Authority::new("root");
    let server = Server::tls(root.server(), |number| if number == 2 { say("204 No Content", "") } else { Play::Cut(b"HTTP".to_vec()) });
    let courier = courier(&server, &[&root], ENDLESS);
    assert_eq!(answer(&courier.carry(&ask())).0, 204);
    assert_eq!(server.connections(), 3);
    assert_eq!(trouble(&courier.carry(&ask())), Trouble::Broken);
    assert_eq!(server.connections(), 6);
}

#[test]
fn a_relay_that_hangs_up_or_is_not_there_says_so() {
    let root = Authority::new("root");
    let deaf = Server::new(Speech::Deaf, |_| Play::Say(Vec::new()));
    assert_eq!(trouble(&courier(&deaf, &[&root], ENDLESS).carry(&ask())), Trouble::Broken);
    assert_eq!(deaf.connections(), 3);
    let courier = courier(&deaf, &[&root], ENDLESS);
    drop(deaf);
    assert_eq!(trouble(&courier.carry(&ask())), Trouble::Offline);
}
