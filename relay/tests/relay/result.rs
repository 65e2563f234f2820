//! The request, the call-back and the result: one fetch, however often it is announced, and a clear word where it fails.

use std::sync::Arc;

use serde_json::{Value, json};
use techo_protocol::{
    message::{Answer, Failure, LARGEST_ANSWER, RefusalKind, Stage},
    seal::Leg,
};
use tokio::sync::Notify;

use crate::{
    fake::{Act, REQUEST, RESULT, TOKEN},
    world::{Phone, World},
};

fn telegram(process: &str, error: &str, data: Option<&str>) -> Act {
    telegram_as(200, process, error, data)
}

fn telegram_as(status: u16, process: &str, error: &str, data: Option<&str>) -> Act {
    let mut body = json!({
        "commonHeader": { "telegramId": "x", "telegramType": "IFA0303-S01", "mode": "1", "processId": process, "errorCode": error },
    });
    if let Some(data) = data {
        body["selfPersonalDataProvisionInfo"] = json!({ "selfPersonalData": data });
    }
    Act::Answer(status, body.to_string())
}

fn portal(code: &str) -> Failure {
    Failure::Portal { code: code.to_owned() }
}

async fn until(done: impl Fn() -> bool) {
    while !done() {
        tokio::task::yield_now().await;
    }
}

async fn result(phone: &Phone) -> Answer {
    assert_eq!(phone.wait(Stage::Requested).await.unwrap().stage, Stage::ResultSealed);
    phone.open(Leg::Result, &phone.sealed("result").await.unwrap())
}

#[tokio::test]
async fn a_call_back_is_answered_with_its_own_header() {
    let world = World::new().await;
    let _phone = world.requested().await;
    let (status, body) = world.call_back(&world.relay, &world.fake.process()).await;
    assert_eq!(status, 200);
    let header = json!({
        "telegramId": "TL-99999999-261121093000-0007", "telegramType": "IFA0302-S01", "mode": "1",
        "processId": world.fake.process(), "errorCode": "",
    });
    assert_eq!(body, json!({ "commonHeader": header }));
}

#[tokio::test]
async fn a_call_back_that_comes_often_fetches_once() {
    let world = World::new().await;
    let phone = world.requested().await;
    let bell = Arc::new(Notify::new());
    world.fake.next(RESULT, [Act::Wait(bell.clone())]);
    world.ready().await;
    until(|| world.fake.came(RESULT).len() == 1).await;
    for _ in 0..3 {
        world.ready().await;
    }
    bell.notify_one();
    assert_eq!(phone.wait(Stage::Requested).await.unwrap().stage, Stage::ResultSealed);
    world.ready().await;
    phone.delete_sealed("result").await;
    world.ready().await;
    assert_eq!(phone.status().await.unwrap().stage, Stage::Taken);
    assert_eq!(world.fake.came(RESULT).len(), 1);
}

#[tokio::test]
async fn a_call_back_is_a_hint_and_must_name_a_request_of_ours() {
    let world = World::new().await;
    let phone = world.requested().await;
    for process in ["PROCESS-7", "process-1", "1"] {
        let (status, body) = world.call_back(&world.relay, process).await;
        assert_eq!((status.as_u16(), body), (404, Value::Null), "{process}");
    }
    let address = format!("http://{}/portal/result-ready", world.relay.public());
    let long = json!({ "commonHeader": { "processId": "9".repeat(200) } }).to_string();
    let odd = json!({ "commonHeader": { "processId": world.fake.process(), "telegramId": "<b> " } }).to_string();
    for body in ["", "{}", "[]", r#"{"commonHeader":{}}"#, r#"{"commonHeader":{"processId":1}}"#, &long, &odd] {
        let response = world.http.post(&address).body(body.to_owned()).send().await.unwrap();
        assert_eq!(response.status(), 400, "{body}");
    }
    assert_eq!(world.http.get(&address).send().await.unwrap().status(), 405);
    assert_eq!(phone.status().await.unwrap().stage, Stage::Requested);
    assert!(world.fake.came(RESULT).is_empty());
    // What it says beside the number is not believed.
    let error = json!({ "commonHeader": { "processId": world.fake.process(), "errorCode": "E99" }, "more": [1] }).to_string();
    assert_eq!(world.http.post(&address).body(error).send().await.unwrap().status(), 200);
    assert_eq!(phone.wait(Stage::Requested).await.unwrap().stage, Stage::ResultSealed);
}

#[tokio::test]
async fn a_call_back_that_is_faster_than_the_answer_to_the_request_is_not_lost() {
    let world = World::with(|config| config.limits.callback_patience = std::time::Duration::from_millis(800)).await;
    let phone = world.logged_in().await;
    let bell = Arc::new(Notify::new());
    world.fake.next(REQUEST, [Act::Wait(bell.clone())]);
    let early = async {
        until(|| !world.fake.came(REQUEST).is_empty()).await;
        // The fake has counted the request and withholds its answer.
        tokio::join!(world.ready(), async { bell.notify_one() });
    };
    let (said, ()) = tokio::join!(phone.authorization("canary-code-portal"), early);
    assert!(said.is_ok());
    assert_eq!(phone.wait(Stage::Requested).await.unwrap().stage, Stage::ResultSealed);
}

#[tokio::test]
async fn a_lost_call_back_is_made_up_for_by_whoever_looks_when_it_is_overdue() {
    let world = World::new().await;
    let phone = world.requested().await;
    world.clock.advance(359);
    assert_eq!(phone.status().await.unwrap().stage, Stage::Requested);
    assert!(world.fake.came(RESULT).is_empty());
    world.clock.advance(1);
    let answer = result(&phone).await;
    assert_eq!(answer.self_personal_data.as_str(), *world.fake.data.lock().unwrap());
    assert_eq!(world.fake.came(RESULT).len(), 1);
    // A call-back that comes after all finds it done.
    world.ready().await;
    assert_eq!(phone.status().await.unwrap().stage, Stage::ResultSealed);
    assert_eq!(world.fake.came(RESULT).len(), 1);
}

#[tokio::test]
async fn a_result_that_is_not_there_when_it_is_overdue_is_late() {
    for act in [
        telegram("PROCESS-1", "TM99", None),
        telegram("PROCESS-1", "", None),
        telegram_as(404, "PROCESS-1", "", None),
        Act::Answer(202, String::new()),
    ] {
        let world = World::new().await;
        let phone = world.requested().await;
        world.fake.next(RESULT, [act]);
        world.clock.advance(360);
        assert_eq!(phone.failure(Stage::Requested).await, Failure::Late);
        assert_eq!(phone.sealed("result").await.unwrap_err().1, RefusalKind::WrongStage);
    }
    for (act, expected) in [(503, Failure::Maintenance), (500, Failure::Unreachable)] {
        let world = World::new().await;
        let phone = world.requested().await;
        world.fake.next(RESULT, [(); 3].map(|()| Act::Answer(act, String::new())));
        world.clock.advance(360);
        assert_eq!(phone.failure(Stage::Requested).await, expected);
    }
}

#[tokio::test]
async fn a_result_is_believed_only_if_it_is_the_answer_to_this_request() {
    let big = "x".repeat(LARGEST_ANSWER);
    for (act, expected) in [
        (telegram("PROCESS-2", "", Some("{}")), Failure::Malformed),
        (telegram("", "", Some("{}")), Failure::Malformed),
        (telegram("PROCESS-1", "", None), Failure::Malformed),
        (telegram("PROCESS-1", "TM99-<1>", Some("{}")), portal("TM991")),
        (telegram_as(400, "PROCESS-1", "TM99", None), portal("TM99")),
        (telegram_as(400, "PROCESS-1", "", Some("{}")), Failure::Malformed),
        (Act::Answer(200, String::new()), Failure::Malformed),
        (Act::Answer(200, "<html>".to_owned()), Failure::Malformed),
        (
            Act::Answer(
                200,
                r#"{"commonHeader":{"processId":"PROCESS-1"},"selfPersonalDataProvisionInfo":{"selfPersonalData":{}}}"#.to_owned(),
            ),
            Failure::Malformed,
        ),
        (Act::Answer(200, r#"{"selfPersonalDataProvisionInfo":{"selfPersonalData":""}}"#.to_owned()), Failure::Malformed),
        (telegram("PROCESS-1", "", Some(&big)), Failure::TooLarge),
        (Act::Answer(503, String::new()), Failure::Maintenance),
    ] {
        let world = World::new().await;
        let phone = world.requested().await;
        // Said again when it is overdue: until then it could mean "not ready".
        world.fake.next(RESULT, [act.clone(), act]);
        world.ready().await;
        until(|| world.fake.came(RESULT).len() == 1).await;
        world.clock.advance(360);
        assert_eq!(phone.failure(Stage::Requested).await, expected);
        assert!(!String::from_utf8_lossy(&world.shelf.dump()).contains("ticket"), "the ticket outlived the fetch");
    }
}

#[tokio::test]
async fn a_result_without_an_announced_length_is_counted_while_it_is_read() {
    let world = World::new().await;
    let phone = world.requested().await;
    world.fake.next(RESULT, [Act::Endless]);
    world.ready().await;
    assert_eq!(phone.failure(Stage::Requested).await, Failure::TooLarge);
}

#[tokio::test]
async fn a_large_result_is_handed_over_whole() {
    let world = World::new().await;
    let phone = world.requested().await;
    // Of many parts, and quick enough without optimisation.
    let data = "手\n".repeat(LARGEST_ANSWER / 16);
    world.fake.data.lock().unwrap().clone_from(&data);
    world.ready().await;
    assert_eq!(result(&phone).await.self_personal_data.as_str(), data);
}

#[tokio::test]
async fn a_result_is_asked_for_again_when_the_portal_stumbles() {
    let world = World::new().await;
    let phone = world.requested().await;
    world.fake.next(RESULT, [Act::Answer(500, String::new()), Act::Cut(200)]);
    world.ready().await;
    assert_eq!(phone.wait(Stage::Requested).await.unwrap().stage, Stage::ResultSealed);
    assert_eq!(world.fake.came(RESULT).len(), 3);
    let world = World::new().await;
    let phone = world.requested().await;
    world.fake.next(RESULT, [(); 3].map(|()| Act::Cut(0)));
    world.ready().await;
    assert_eq!(phone.failure(Stage::Requested).await, Failure::Unreachable);
    assert_eq!(world.fake.came(RESULT).len(), 3);
}

#[tokio::test]
async fn a_connection_cut_anywhere_in_the_result_gives_the_whole_result_or_none() {
    let world = World::new().await;
    let mut cut = 0;
    loop {
        let phone = world.requested().await;
        world.fake.next(RESULT, [(); 3].map(|()| Act::Cut(cut)));
        world.ready().await;
        let progress = phone.wait(Stage::Requested).await.unwrap();
        if progress.stage == Stage::ResultSealed {
            let answer: Answer = phone.open(Leg::Result, &phone.sealed("result").await.unwrap());
            assert_eq!(answer.self_personal_data.as_str(), *world.fake.data.lock().unwrap());
            break;
        }
        assert_eq!(progress.failure, Some(Failure::Unreachable), "cut at {cut}");
        cut += 23;
    }
    assert!(cut > 200, "the whole answer is longer than {cut} bytes");
}

#[tokio::test]
async fn a_request_is_made_once_whatever_the_portal_does() {
    let header = |process: &str, error: &str| telegram(process, error, None);
    for (path, act, expected) in [
        (TOKEN, Act::Answer(401, json!({ "error": "invalid_grant" }).to_string()), Failure::CodeRefused),
        (TOKEN, Act::Answer(400, String::new()), Failure::CodeRefused),
        (TOKEN, Act::Answer(500, String::new()), Failure::Unreachable),
        (TOKEN, Act::Answer(503, String::new()), Failure::Maintenance),
        (TOKEN, Act::Answer(200, "{}".to_owned()), Failure::Malformed),
        (TOKEN, Act::Cut(30), Failure::Unreachable),
        (REQUEST, header("", ""), Failure::Malformed),
        (REQUEST, header("a b", ""), Failure::Malformed),
        (REQUEST, header("", "TM99"), portal("TM99")),
        (REQUEST, Act::Answer(500, String::new()), Failure::Unreachable),
        (REQUEST, Act::Answer(503, String::new()), Failure::Maintenance),
        (REQUEST, Act::Answer(401, String::new()), Failure::Malformed),
        (REQUEST, Act::Cut(0), Failure::Unreachable),
    ] {
        let world = World::new().await;
        let phone = world.logged_in().await;
        world.fake.next(path, [act]);
        let progress = phone.authorization("canary-code-portal").await.unwrap();
        assert_eq!((progress.stage, progress.failure.as_ref()), (Stage::Failed, Some(&expected)));
        assert_eq!(phone.authorization("canary-code-portal").await.unwrap().failure, Some(expected));
        assert_eq!(world.fake.came(path).len(), 1);
        assert_eq!(world.fake.came(TOKEN).len(), 1);
    }
}

#[tokio::test]
async fn a_portal_that_is_not_there_is_tried_again_and_costs_no_code() {
    // The identity leg went to a server that is there; the portal's address leads nowhere.
    let nowhere = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = nowhere.local_addr().unwrap();
    drop(nowhere);
    let relay = World::with(|config| {
        let techo_relay::Environment::StandIn { sp, .. } = &mut config.environment else { unreachable!() };
        *sp = format!("http://{address}").parse().unwrap();
    })
    .await;
    let phone = relay.logged_in().await;
    assert_eq!(phone.authorization("canary-code-portal").await.unwrap().failure, Some(Failure::Unreachable));
    let (_, metrics) = relay.admin("/metrics").await;
    let line = metrics.lines().find(|line| line.contains("_count{call=\"portal_token\",outcome=\"unreachable\"}"));
    assert_eq!(line.unwrap().rsplit(' ').next(), Some("3"));
}

#[tokio::test]
async fn a_call_back_that_came_too_early_costs_the_person_nothing() {
    for act in [telegram("PROCESS-1", "TM99", None), telegram("PROCESS-1", "", None), Act::Answer(404, String::new())] {
        let world = World::new().await;
        let phone = world.requested().await;
        world.fake.next(RESULT, [act]);
        world.ready().await;
        until(|| world.fake.came(RESULT).len() == 1).await;
        // The fetch was given back when another call-back may begin it.
        while world.fake.came(RESULT).len() == 1 {
            assert_ne!(phone.status().await.unwrap().stage, Stage::Failed);
            world.ready().await;
        }
        let answer = result(&phone).await;
        assert_eq!(answer.self_personal_data.as_str(), *world.fake.data.lock().unwrap());
        assert_eq!(world.fake.came(RESULT).len(), 2);
    }
}

#[tokio::test]
async fn a_result_that_was_not_ready_is_asked_for_again_without_a_second_call_back() {
    let world = World::new().await;
    let phone = world.requested().await;
    world.fake.next(RESULT, [telegram("PROCESS-1", "TM99", None)]);
    world.ready().await;
    until(|| world.fake.came(RESULT).len() == 1).await;
    while world.fake.came(RESULT).len() == 1 {
        assert_eq!(phone.status().await.unwrap().stage, Stage::Requested);
        world.clock.advance(1);
    }
    assert_eq!(result(&phone).await.process, world.fake.process());
}

#[tokio::test]
async fn call_backs_that_come_too_early_again_and_again_fetch_a_few_times_and_end_nothing() {
    let world = World::new().await;
    let phone = world.requested().await;
    world.fake.next(RESULT, std::iter::repeat_with(|| telegram("PROCESS-1", "TM99", None)).take(6));
    while world.fake.came(RESULT).len() < 6 {
        world.ready().await;
    }
    for _ in 0..50 {
        world.ready().await;
        assert_eq!(phone.status().await.unwrap().stage, Stage::Requested);
    }
    assert_eq!(world.fake.came(RESULT).len(), 6);
    // When it is overdue it is fetched once more, and that is the answer.
    world.clock.advance(360);
    assert_eq!(result(&phone).await.process, world.fake.process());
    assert_eq!(world.fake.came(RESULT).len(), 7);
}

#[tokio::test]
async fn strangers_who_call_back_are_not_all_waited_with() {
    let world = World::with(|config| config.limits.callback_patience = std::time::Duration::from_hours(1)).await;
    let phone = world.requested().await;
    let address = format!("http://{}/portal/result-ready", world.relay.public());
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..40 {
        let body = json!({ "commonHeader": { "processId": format!("NOBODY-{number}") } }).to_string();
        let call = world.http.post(&address).body(body).send();
        calls.spawn(async move { call.await.unwrap().status().as_u16() });
    }
    for _ in 0..8 {
        let told = tokio::time::timeout(std::time::Duration::from_secs(60), calls.join_next()).await;
        assert_eq!(told.expect("all of them are waited with").unwrap().unwrap(), 404);
    }
    // The portal's own is answered as ever.
    world.ready().await;
    assert_eq!(phone.wait(Stage::Requested).await.unwrap().stage, Stage::ResultSealed);
    calls.abort_all();
}
