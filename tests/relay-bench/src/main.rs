//! The benchmark behind `cargo xtask bench relay`: the relay's own program, as a process of its own, with phones that wait,
//! phones that ask, whole fetches, and two relays on one store. TLS is ended before it, as behind a balancer.
//!
//! Each figure is the median of several runs. Everything is on one machine, this program included: read the ratios.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark prints a table")]

mod fetches;
mod http;
mod phone;
mod portal;
mod server;
mod shared;
mod waiting;

use std::{
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant},
};

use clap::Parser;
use serde::Serialize;
use techo_protocol::{
    GrantDigest, SessionId,
    seal::{self, Binding, Leg, PrivateKey},
};

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[derive(Parser)]
struct Arguments {
    /// A thousand phones and short runs.
    #[arg(long)]
    quick: bool,
    /// Writes the rows as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
}

/// How much is measured.
#[derive(Clone, Copy)]
struct Size {
    /// Phones that wait.
    phones: usize,
    /// Runs of each kind.
    runs: usize,
    /// Length of a run.
    run: Duration,
}

/// One measured figure.
#[derive(Clone, Debug, Serialize)]
struct Figure {
    name: String,
    value: f64,
    unit: &'static str,
    /// What it may be at most.
    bar: Option<f64>,
}

impl Figure {
    fn new(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self { name: name.into(), value, unit, bar: None }
    }

    fn at_most(self, bar: f64) -> Self {
        Self { bar: Some(bar), ..self }
    }
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    let size = if arguments.quick {
        Size { phones: 1_000, runs: 1, run: Duration::from_secs(2) }
    } else {
        Size { phones: 10_000, runs: 5, run: Duration::from_secs(10) }
    };
    // One thread, so that the relay has the rest of the machine.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut figures = vec![sealing()?];
    eprintln!("{} phones wait …", size.phones);
    figures.extend(runtime.block_on(waiting::measure(size))?);
    match techo_valkey_server::ValkeyServer::start() {
        Some(store) => {
            eprintln!("two relays on one store …");
            figures.extend(runtime.block_on(shared::measure(size, &store.address()))?);
            eprintln!("whole fetches …");
            figures.extend(runtime.block_on(fetches::measure(size, &store.address()))?);
        }
        None => eprintln!("no server for a shared store: those rows are missing"),
    }
    println!("{:<72} {:>10} {:<10} {:>8}", "", "", "", "at most");
    for Figure { name, value, unit, bar } in &figures {
        let bar = bar.map_or_else(String::new, |bar| format!("{bar}{}", if *value <= bar { "" } else { "  MISSED" }));
        println!("{name:<72} {value:>10.2} {unit:<10} {bar:>8}");
    }
    if let Some(path) = &arguments.json {
        std::fs::write(path, serde_json::to_vec_pretty(&figures)?)?;
    }
    Ok(())
}

/// Sealing one megabyte to a phone.
fn sealing() -> Result<Figure, Failure> {
    let (phone, relay) = (PrivateKey::make()?.public()?, PrivateKey::make()?);
    let binding = Binding { session: SessionId::make()?, grant: GrantDigest::of(&[1; 32], b"bench"), leg: Leg::Result };
    let plain = vec![7; 1_000_000];
    let mut times = Vec::new();
    for _ in 0..101 {
        let begun = Instant::now();
        let sealed = seal::seal(&binding, &phone, &relay, &plain)?;
        times.push(milliseconds(begun.elapsed()));
        if sealed.len() != seal::sealed_length(plain.len()) {
            return Err("sealed to another length".into());
        }
    }
    Ok(Figure::new("sealing 1 MB", quantile(&mut times, 50), "ms").at_most(5.0))
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// The value below which so many hundredths lie.
fn quantile(values: &mut [f64], hundredths: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = (values.len() * hundredths).div_ceil(100).saturating_sub(1);
    values.get(at).copied().unwrap_or(f64::NAN)
}
