//! Fetching from Mynaportal, as its users meet it: the real program against relay and stand-in, with a robot in the place
//! of the browser. This file holds the words; each story ends with [`Scene::ends_well`].

mod acting;
mod browser;
mod doors;
mod ends;
mod first;
mod stops;
mod surplus;
mod withdrawn;

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _},
    path::PathBuf,
    process::{Child, ChildStdout, Command},
    sync::OnceLock,
};

use serde_json::Value;
use techo_portal_standin::{Arrival, Card, Logs, Orders, Plan, TownThread, Visit};
use techo_relay::ValkeyAddress;
use techo_valkey_server::ValkeyServer;

use super::IS_SHARED;
use crate::notebook::{FAMILY, Notebook, Said, copy};

/// Hanako, who fetches in most stories.
pub(crate) const HANAKO: &str = FAMILY[0].0;

/// A notebook with the family in it, and a town to fetch from.
pub(crate) struct Scene {
    pub(crate) notebook: Notebook,
    pub(crate) town: TownThread,
    logs: Logs,
    /// Where the relay keeps its sessions, where that is not its own memory. After the town, which is connected to it.
    valkey: Option<ValkeyServer>,
    /// What the program said.
    told: String,
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

    /// It ended with this code; where that is no success, the person was told what happened and what to do, in the language
    /// of the notebook.
    #[track_caller]
    pub(crate) fn ended(self, code: i32) -> Self {
        assert_eq!(self.said.code, code, "{}{}", self.said.out, self.said.err);
        if code != 0 && code != 3 {
            let error = self.said.error();
            let message = error["message"].as_str().unwrap();
            assert!(message.contains('。') && message.chars().count() > 20, "no sentence that helps: {message}");
        }
        self
    }
}

/// A fetch that is under way.
pub(crate) struct Running {
    child: Child,
    lines: BufReader<ChildStdout>,
    out: String,
}

impl Running {
    pub(crate) fn of(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines, out: String::new() }
    }

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
    #[track_caller]
    pub(crate) fn until(&mut self, step: &str) -> Value {
        while let Some(line) = self.next() {
            if line["step"] == step {
                return line;
            }
        }
        panic!("no {step} in {}", self.out);
    }

    /// Ends it as a power cut would.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Presses Ctrl-C.
    #[cfg(unix)]
    pub(crate) fn interrupt(&self) {
        assert!(Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().unwrap().success());
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

/// A notebook with the family in it. Made once: stretching a passphrase takes its time.
pub(crate) fn family() -> Notebook {
    static MADE: OnceLock<Notebook> = OnceLock::new();
    let made = MADE.get_or_init(Notebook::of_the_family);
    let notebook = Notebook::nowhere();
    copy(&made.path("vault"), &notebook.path("vault"));
    notebook
}

impl Scene {
    /// None, with a loud word, where the store of this pass is not to be had.
    pub(crate) fn new() -> Option<Self> {
        Self::with(Plan::default())
    }

    pub(crate) fn with(mut plan: Plan) -> Option<Self> {
        let valkey = if IS_SHARED { Some(ValkeyServer::start()?) } else { None };
        plan.valkey = valkey.as_ref().map(|server| ValkeyAddress::new(&server.address(), None).unwrap());
        let logs = Logs::capture().expect("nobody else listens to this process's logs");
        let town = TownThread::start(plan).unwrap();
        let scene = Self { notebook: family(), town, logs, valkey, told: String::new() };
        scene.write_profile();
        Some(scene)
    }

    /// Every byte that the relay keeps, or that its store holds for it.
    pub(crate) fn kept(&self) -> Vec<u8> {
        match &self.valkey {
            Some(server) => server.dump(),
            None => self.town.town().unwrap().memory(0).map(|memory| memory.dump()).unwrap_or_default(),
        }
    }

    /// Whether the relay has forgotten every session.
    pub(crate) fn relay_keeps_nothing(&self) -> bool {
        match &self.valkey {
            Some(server) => server.command("DBSIZE").unwrap() == ":0",
            None => self.kept().is_empty(),
        }
    }

    pub(crate) fn write_profile(&self) {
        fs::write(self.notebook.path("relay.toml"), self.town.profile_text().unwrap()).unwrap();
    }

    pub(crate) fn orders(&self) -> &Orders {
        self.town.orders().unwrap()
    }

    /// Begins `techo fetch` with these arguments; nobody plays the browser yet.
    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        let all = [&["fetch", "--relay", "relay.toml", "--no-browser", "--json"], arguments].concat();
        Running::of(self.notebook.command(&all))
    }

    /// Begins a fetch of these items by Hanako, for herself.
    pub(crate) fn start_hanako(&self, items: &str) -> Running {
        self.start(&["--person", HANAKO, "--items", items, "--yes"])
    }

    /// The browser goes to where the line says, as `visit` does it.
    pub(crate) fn browse(&self, line: &Value, visit: &Visit) -> Arrival {
        self.town.visit(line["url"].as_str().unwrap(), visit).unwrap()
    }

    /// Plays a fetch to its end: the robot does what `visit` says, on every leg.
    pub(crate) fn play(&mut self, mut running: Running, visit: &Visit) -> Fetched {
        let mut arrivals = Vec::new();
        while let Some(line) = running.next() {
            if line["step"] == "browse" {
                arrivals.push(self.browse(&line, visit));
            }
        }
        let said = running.end();
        self.told.extend([&said.out, &said.err].map(String::as_str));
        Fetched { said, arrivals }
    }

    /// Hanako fetches these items, with her own card.
    pub(crate) fn fetch(&mut self, items: &str) -> Fetched {
        let running = self.start_hanako(items);
        self.play(running, &Visit::with(Card::Hanako))
    }

    /// Goes on with what was left, with Hanako's card.
    pub(crate) fn resume(&mut self) -> Fetched {
        let running = self.start(&["--resume"]);
        self.play(running, &Visit::with(Card::Hanako))
    }

    /// The lines of the ledger.
    pub(crate) fn ledger(&self) -> Vec<Value> {
        self.notebook.run(&["ledger", "--json"]).ok().lines()
    }

    /// Every file in the home.
    pub(crate) fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
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

    /// How every story ends: the vault is sound, its ledger whole, each fetch that began has one receipt, and no token is
    /// anywhere: not on the disk, not in what the program said to the person, not in the relay's logs. And where nothing
    /// came of it, no record was added.
    #[track_caller]
    pub(crate) fn ends_well(&self, records: usize) {
        let verified = self.notebook.run(&["verify", "--json"]).ok().line();
        assert_eq!((verified["ok"].as_bool(), verified["problems"].as_array().unwrap().len()), (Some(true), 0));
        let kept: u64 = verified["people"].as_array().unwrap().iter().map(|person| person["records"].as_u64().unwrap()).sum();
        assert_eq!(usize::try_from(kept).unwrap(), records, "records in the notebook");
        assert_eq!(self.notebook.run(&["ledger", "--verify", "--json"]).ok().line()["ok"], true);
        let ledger = self.ledger();
        let consents = |acts: &[&str]| -> Vec<String> {
            let is_one = |line: &&Value| acts.contains(&line["act"].as_str().unwrap());
            let mut of: Vec<String> =
                ledger.iter().filter(is_one).map(|line| line["detail"]["consent"].as_str().unwrap().to_owned()).collect();
            of.sort();
            of
        };
        assert_eq!(consents(&["fetch_started"]), consents(&["fetched", "fetch_ended"]), "one receipt for each fetch");
        let (logged, files, listed, kept) = (self.logs.text(), self.files(), Value::from(ledger).to_string(), self.kept());
        let holds = |bytes: &[u8], token: &str| bytes.windows(token.len()).any(|window| window == token.as_bytes());
        for token in self.town.stand_in().unwrap().given_out() {
            assert!(!self.told.contains(&token) && !listed.contains(&token), "a code or token was told to the person");
            assert!(!holds(&kept, &token), "a code or token is in the relay's store");
            for (path, bytes) in &files {
                assert!(!holds(bytes, &token), "a code or token is in {}", path.display());
            }
            for line in logged.lines().filter(|line| line.contains("techo_relay")) {
                assert!(!line.contains(&token) && !line.contains("手帳"), "in the log of the relay: {line}");
            }
        }
    }
}

/// The receipt of the last fetch.
pub(crate) fn receipt(ledger: &[Value]) -> &Value {
    ledger.iter().rev().find(|line| line["act"] == "fetched" || line["act"] == "fetch_ended").expect("a receipt")
}
