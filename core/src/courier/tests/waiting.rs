//! Limits of time, and stopping.

use std::{sync::mpsc, thread, time::Duration};

use super::{Authority, ENDLESS, Patience, Play, Server, answer, ask, courier, trouble};
use crate::{courier::block_on, portal::Trouble};

const SHORT: Duration = Duration::from_millis(100);
const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 60\r\n\r\n";

fn of_one_kind(play: Play) -> (Authority, Server) {
    let root = Authority::new("root");
    let server = Server::tls(root.server(), move |_| play.clone());
    (root, server)
}

#[test]
fn silence_before_and_within_an_answer_ends_in_time_and_is_not_tried_again() {
    for bytes in [&b""[..], HEAD] {
        let (root, server) = of_one_kind(Play::Stall(bytes.to_vec()));
        let courier = courier(&server, &[&root], Patience { connect: SHORT, silence: SHORT, ..ENDLESS });
        assert_eq!(trouble(&courier.carry(&ask())), Trouble::TimedOut);
        assert!(server.connections() <= 1);
    }
}

#[test]
fn an_answer_that_never_ends_is_ended() {
    let (root, server) = of_one_kind(Play::Drip([HEAD, &b" ".repeat(10)].concat()));
    let mut patient = ask();
    patient.largest_reply = usize::MAX;
    let endless = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n".to_vec();
    let (other_root, dripping) = of_one_kind(Play::Drip(endless));
    let limits = Patience { whole: SHORT * 2, ..ENDLESS };
    assert_eq!(trouble(&courier(&dripping, &[&other_root], limits).carry(&patient)), Trouble::TimedOut);
    // What drips but is whole before the limit is an answer.
    assert_eq!(answer(&courier(&server, &[&root], ENDLESS).carry(&ask())).2.len(), 60);
}

#[test]
fn a_relay_that_was_asked_to_wait_may_wait() {
    let whole = [HEAD, &[b' '; 60]].concat();
    let (root, server) = of_one_kind(Play::Late(SHORT * 3, whole));
    let limits = Patience { silence: SHORT, whole: SHORT, connect: SHORT, ..ENDLESS };
    let mut waiting = ask();
    waiting.wait = 600;
    let courier = courier(&server, &[&root], Patience { connect: ENDLESS.connect, ..limits });
    assert_eq!(answer(&courier.carry(&waiting)).0, 200);
    waiting.wait = 0;
    assert_eq!(trouble(&courier.carry(&waiting)), Trouble::TimedOut);
}

#[test]
fn a_stop_from_another_thread_ends_a_wait_and_only_that() {
    let root = Authority::new("root");
    let server =
        Server::tls(root.server(), |number| if number == 0 { Play::Stall(Vec::new()) } else { Play::Say([HEAD, &[b' '; 60]].concat()) });
    let courier = courier(&server, &[&root], ENDLESS);
    courier.cancel();
    thread::scope(|scope| {
        let carried = scope.spawn(|| courier.carry(&ask()));
        server.wait_for_a_request();
        courier.cancel();
        assert_eq!(trouble(&carried.join().unwrap()), Trouble::Cancelled);
    });
    assert_eq!(answer(&courier.carry(&ask())).0, 200, "a stop is for one exchange");
}

#[test]
fn a_stop_ends_the_pause_between_two_tries() {
    let (root, server) = of_one_kind(Play::Cut(Vec::new()));
    let an_hour = Duration::from_hours(1);
    let courier = courier(&server, &[&root], Patience { pause: an_hour, whole: an_hour, ..ENDLESS });
    thread::scope(|scope| {
        let carried = scope.spawn(|| courier.carry(&ask()));
        server.wait_for_a_request();
        courier.cancel();
        assert_eq!(trouble(&carried.join().unwrap()), Trouble::Cancelled);
    });
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_name_lookup_that_hangs_in_the_system_holds_nobody_up() {
    let (let_go, held) = mpsc::channel::<()>();
    let done = block_on(async {
        // As the look-up does: a blocking task that nobody can stop.
        drop(tokio::task::spawn_blocking(move || held.recv_timeout(Duration::from_secs(10))));
        Err::<(), _>(Trouble::Cancelled)
    });
    assert_eq!(done, Err(Trouble::Cancelled));
    // Still there: it was not waited for.
    assert_eq!(let_go.send(()), Ok(()));
}
