//! Fetching from Mynaportal, as its users meet it: the real program against relay and stand-in, with a robot in the place
//! of the browser. This file holds the words; each story ends with [`Town::ends_well`].

mod first;

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead as _, BufReader, Read as _},
    process::{Child, ChildStdout},
};

use serde_json::Value;
use techo_portal_standin::{Arrival, Card, Logs, Orders, Plan, TownThread, Visit};

use crate::{
    ledger,
    notebook::{FAMILY, Notebook, Said},
};

/// Hanako, who fetches in most stories.
pub(crate) const HANAKO: &str = FAMILY[0].0;

/// A notebook with the family in it, and a town to fetch from.
pub(crate) struct Scene {
    pub(crate) notebook: Notebook,
    pub(crate) town: TownThread,
    logs: Logs,
    /// Codes and states that travelled, which must be found nowhere.
    secrets: BTreeSet<String>,
}

/// How a fetch ended, and what it said on the way.
pub(crate) struct Fetched {
    pub(crate) said: Said,
    /// Where the robot arrived, in order.
    pub(crate) arrivals: Vec<Arrival>,
}

impl Fetched {
    /// The lines of this step.
    pub(crate) fn steps(&self, step: &str) -> Vec<Value> {
        self.said.lines().into_iter().filter(|line| line["step"] == step).collect()
    }

    /// The one line of this step.
    #[track_caller]
    pub(crate) fn step(&self, step: &str) -> Value {
        let mut steps = self.steps(step);
        assert_eq!(steps.len(), 1, "{step} in {}{}", self.said.out, self.said.err);
        steps.remove(0)
    }

    /// It ended with this code, and told the person what to do.
    #[track_caller]
    pub(crate) fn ended(self, code: i32) -> Self {
        assert_eq!(self.said.code, code, "{}{}", self.said.out, self.said.err);
        Self { said: self.said, ..self }
    }
}

/// A fetch that is under way.
pub(crate) struct Running {
    child: Child,
    lines: BufReader<ChildStdout>,
    out: String,
}

impl Running {
    /// The next line; none at the end.
    pub(crate) fn next(&mut self) -> Option<Value> {
        let mut line = String::new();
        if self.lines.read_line(&mut line).unwrap() == 0 {
            return None;
        }
        self.out.push_str(&line);
        Some(serde_json::from_str(&line).unwrap_or_else(|_| panic!("not JSON: {line}")))
    }

    /// The next line of this step.
    pub(crate) fn until(&mut self, step: &str) -> Value {
        loop {
            let line = self.next().unwrap_or_else(|| panic!("no {step} in {}", self.out));
            if line["step"] == step {
                return line;
            }
        }
    }

    /// Ends it as a power cut would.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it said to its end.
    pub(crate) fn end(mut self) -> Said {
        self.lines.read_to_string(&mut self.out).unwrap();
        let mut err = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        let code = self.child.wait().unwrap().code().expect("the program ended by itself");
        Said { code, out: self.out, err }
    }
}

impl Scene {
    pub(crate) fn new() -> Self {
        Self::with(Plan::default())
    }

    pub(crate) fn with(plan: Plan) -> Self {
        let logs = Logs::capture().expect("nobody else listens to this process's logs");
        let town = TownThread::start(plan).unwrap();
        let notebook = Notebook::of_the_family();
        fs::write(notebook.path("relay.toml"), town.profile_text().unwrap()).unwrap();
        Self { notebook, town, logs, secrets: BTreeSet::new() }
    }

    pub(crate) fn orders(&self) -> &Orders {
        self.town.orders().unwrap()
    }

    /// Begins `techo fetch` with these arguments; nobody plays the browser yet.
    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        let all = [&["fetch", "--relay", "relay.toml", "--no-browser", "--json"], arguments].concat();
        let mut child = self.notebook.command(&all).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Running { child, lines, out: String::new() }
    }

    /// The browser goes to where the line says, as `visit` does it.
    pub(crate) fn browse(&mut self, line: &Value, visit: &Visit) -> Arrival {
        let url = line["url"].as_str().unwrap();
        let arrival = self.town.visit(url, visit).unwrap();
        self.secrets.extend(arrival.code());
        // The address itself is told to the person, state and all; the code is not.
        arrival
    }

    /// Plays a fetch to its end: the robot does what `visit` says, on every leg.
    pub(crate) fn play(&mut self, mut running: Running, visit: &Visit) -> Fetched {
        let mut arrivals = Vec::new();
        while let Some(line) = running.next() {
            if line["step"] == "browse" {
                arrivals.push(self.browse(&line, visit));
            }
        }
        Fetched { said: running.end(), arrivals }
    }

    /// Hanako fetches these items, with her own card.
    pub(crate) fn fetch(&mut self, items: &str) -> Fetched {
        let running = self.start(&["--person", HANAKO, "--items", items, "--yes"]);
        self.play(running, &Visit::with(Card::Hanako))
    }

    /// The acts of the ledger.
    pub(crate) fn acts(&self) -> Vec<String> {
        let lines = self.notebook.run(&["ledger", "--json"]).ok().lines();
        lines.iter().map(|line| line["act"].as_str().unwrap().to_owned()).collect()
    }

    /// The receipts in the ledger: one for each fetch that began.
    pub(crate) fn receipts(&self) -> Vec<Value> {
        let lines = self.notebook.run(&["ledger", "--json"]).ok().lines();
        lines.into_iter().filter(|line| line["act"] == "fetched" || line["act"] == "fetch_ended").collect()
    }

    /// How every story ends: the vault is sound, its ledger whole, each fetch that began has one receipt, and no token is
    /// anywhere: not on the disk, not in the logs of the relay.
    #[track_caller]
    pub(crate) fn ends_well(&self) {
        let verified = self.notebook.run(&["verify", "--json"]).ok().line();
        assert_eq!((verified["ok"].as_bool(), verified["problems"].as_array().unwrap().len()), (Some(true), 0));
        assert_eq!(self.notebook.run(&["ledger", "--verify", "--json"]).ok().line()["ok"], true);
        let started = self.acts().iter().filter(|act| *act == "fetch_started").count();
        assert_eq!(self.receipts().len(), started, "one receipt for each fetch");
        for (path, bytes) in self.files() {
            for secret in &self.secrets {
                let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
                assert!(!found, "a code is in {}", path.display());
            }
        }
    }

    /// Every file in the home.
    fn files(&self) -> Vec<(std::path::PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        let mut open = vec![self.notebook.home.path().to_owned()];
        while let Some(directory) = open.pop() {
            for entry in fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    files.push((path.clone(), fs::read(&path).unwrap()));
                }
            }
        }
        files
    }
}
