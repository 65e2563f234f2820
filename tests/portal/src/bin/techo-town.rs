//! A town for programs that are not Rust: relay and stand-in on loopback ports, spoken to over pipes, a JSON object a line.
//!
//! It says first where the relay's profile is: `{"profile":"…/relay.toml"}`. Then each line on its input is answered with
//! one: `{"visit":"https://…","citizen":"hanako"}` plays the browser and says where it comes back to,
//! `{"back":"https://…"}`; what cannot be done is answered with `{"error":"…"}`. `"agrees":false` declines on the portal's
//! pages. Everything ends with its input.
#![expect(clippy::print_stdout, reason = "its answers are lines on standard output")]

use std::{
    io::{self, BufRead as _, Write as _},
    process::ExitCode,
};

use serde_json::{Value, json};
use techo_portal_standin::{Card, Plan, StandInError, TownThread, Visit};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Whoever reads our lines reads this one too.
            println!("{}", json!({ "error": error.to_string() }));
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), StandInError> {
    let town = TownThread::start(Plan::default())?;
    let folder = tempfile::tempdir()?;
    let profile = folder.path().join("relay.toml");
    std::fs::write(&profile, town.profile_text()?)?;
    say(&json!({ "profile": profile }))?;
    for line in io::stdin().lock().lines() {
        let answer = match visit(&town, &line?) {
            Ok(back) => json!({ "back": back }),
            Err(reason) => json!({ "error": reason }),
        };
        say(&answer)?;
    }
    town.stop();
    Ok(())
}

fn say(line: &Value) -> Result<(), StandInError> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

/// Plays a citizen from the address an app opened to the one it gets back. It is for apps with an app link: the operating
/// system hands them that address, and no browser opens it.
fn visit(town: &TownThread, line: &str) -> Result<String, String> {
    let order: Value = serde_json::from_str(line).map_err(|_| "not a JSON object".to_owned())?;
    let text = |name: &str| order.get(name).and_then(Value::as_str);
    let address = text("visit").ok_or("no address to visit")?;
    let citizen = text("citizen").ok_or("no citizen")?;
    let card = Card::of_id(citizen).ok_or_else(|| format!("no such citizen: {citizen}"))?;
    let visit = Visit::with(card).stopping_before_delivery();
    let is_refused = order.get("agrees").and_then(Value::as_bool) == Some(false);
    let visit = if is_refused { visit.refusing() } else { visit };
    let arrival = town.visit(address, &visit).map_err(|error| error.to_string())?;
    let back = arrival.address().filter(|back| back.query_pairs().any(|(name, _)| name == "code" || name == "error"));
    back.map(ToString::to_string).ok_or_else(|| format!("the browser stayed at a page with status {}", arrival.status))
}
