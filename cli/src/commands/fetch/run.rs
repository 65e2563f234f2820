//! Drives a fetch: carries what is to be carried, opens the browser and waits for it to come back, asks what only the
//! person can say, and tells each step. Ctrl-C stops it where it is; the vault holds all that is needed to go on.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, Sender},
    },
    thread,
    time::Duration,
};

use techo_core::{
    courier::Courier,
    present,
    sync::{Delay, Leg, Milestone, Question, Return, SyncError, SyncSession, SyncStep},
    vault::Vault,
};

use super::{super::now, told, voice::Voice};
use crate::{
    args::{self, Asked, given},
    exit::{Exit, Failure},
    json,
    loopback::{Arrival, Loopback},
    progress::Progress,
    terminal::{self, plain},
    words::{Word, say},
};

/// While the browser is out, the relay is asked this often whether it still knows the session: nobody should go on tapping
/// a card for one that is lost.
const LOOK: Duration = Duration::from_secs(10);

/// Something from outside that a fetch waits for.
pub(super) enum Event {
    /// The browser came back.
    Arrived(Arrival),
    /// The person typed a line.
    Line(String),
    /// Ctrl-C, or the system wants us to end.
    Stopped,
}

impl From<Arrival> for Event {
    fn from(arrival: Arrival) -> Self {
        Self::Arrived(arrival)
    }
}

/// Whether the person can stop a run and go on with it later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::commands) enum Stops {
    AtCtrlC,
    /// It asks nothing and waits for nobody; Ctrl-C ends the program as ever.
    Never,
}

pub(super) struct Run<'a> {
    voice: &'a Voice<'a>,
    vault: &'a Vault,
    courier: Arc<Courier>,
    arguments: &'a args::Fetch,
    ear: Loopback,
    events: Sender<Event>,
    heard: Receiver<Event>,
    stopped: Arc<AtomicBool>,
    progress: Progress,
    /// What was told last of how far it is.
    at: Option<(u16, Milestone)>,
    /// The leg for which the browser was opened last.
    out: Option<(u16, Leg)>,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        voice: &'a Voice<'a>,
        vault: &'a Vault,
        courier: Courier,
        arguments: &'a args::Fetch,
        (ear, events, heard): (Loopback, Sender<Event>, Receiver<Event>),
        stops: Stops,
    ) -> Result<Self, Failure> {
        let (courier, stopped) = (Arc::new(courier), Arc::new(AtomicBool::new(false)));
        if stops == Stops::AtCtrlC {
            let (courier, stopped, events) = (Arc::clone(&courier), Arc::clone(&stopped), events.clone());
            let handler = move || {
                stopped.store(true, Ordering::SeqCst);
                courier.cancel();
                // Nobody waits any more: then there is nothing to stop.
                drop(events.send(Event::Stopped));
            };
            ctrlc::set_handler(handler).map_err(|_| Failure::from(Exit::Internal))?;
        }
        let progress = Progress::spinner(!voice.json);
        Ok(Self { voice, vault, courier, arguments, ear, events, heard, stopped, progress, at: None, out: None })
    }

    /// Brings the fetch to its end, or to where it can be gone on with.
    pub(super) fn drive(mut self, mut sync: SyncSession, how: &str) -> Result<Exit, Failure> {
        self.tell_begun(&sync, how)?;
        loop {
            if self.stopped.load(Ordering::SeqCst) {
                return Err(Failure::new(Exit::Cancelled, sync.id().to_string()));
            }
            self.tell_at(&sync)?;
            match sync.step() {
                SyncStep::Exchange(_) => self.courier.advance(self.vault, &mut sync, now).map_err(self.voice.failed())?,
                SyncStep::Browse { .. } => self.browse(&mut sync)?,
                SyncStep::Confirm(question) => {
                    let question = question.clone();
                    if let Some(yes) = self.confirm(&sync, &question)? {
                        sync.decide(self.vault, yes, now()).map_err(self.voice.failed())?;
                    }
                }
                SyncStep::Wait { why: Delay::Offline, .. } => return Err(Failure::new(Exit::Offline, sync.id().to_string())),
                SyncStep::Wait { seconds, why } => {
                    let (seconds, why) = (*seconds, *why);
                    self.pause(&sync, seconds, why)?;
                    sync.tick(self.vault, now()).map_err(self.voice.failed())?;
                }
                SyncStep::Done(digest) => {
                    self.progress.clear();
                    return told::done(self.voice, self.vault, sync.id(), digest);
                }
                SyncStep::Ended(end) => {
                    self.progress.clear();
                    return told::ended(self.voice, sync.id(), end);
                }
            }
        }
    }

    /// One line on standard output, above the spinner.
    fn print(&self, text: &str) -> Result<(), Failure> {
        let mut printed = Ok(());
        self.progress.above(|| printed = self.voice.print(text));
        printed
    }

    fn tell_begun(&self, sync: &SyncSession, how: &str) -> Result<(), Failure> {
        let (id, (_, rounds)) = (sync.id().to_string(), sync.rounds());
        if self.voice.json {
            let expires = super::super::instant(sync.expires());
            return self.print(&json::line(&json::BegunStep { step: how, consent: id, rounds, expires }));
        }
        let word = if how == "started" { Word::FetchStarted } else { Word::FetchResumed };
        self.print(&say(word, self.voice.language, &[("id", &id), ("rounds", &rounds.to_string())]))
    }

    /// Tells how far it is, once for each milestone. Where the browser is out, its own line tells it.
    fn tell_at(&mut self, sync: &SyncSession) -> Result<(), Failure> {
        let ((round, rounds), milestone) = (sync.rounds(), sync.milestone());
        let is_over = matches!(sync.step(), SyncStep::Done(_) | SyncStep::Ended(_));
        if is_over || self.at == Some((round, milestone)) {
            return Ok(());
        }
        self.at = Some((round, milestone));
        let id = match milestone {
            Milestone::Beginning => "beginning",
            Milestone::Identity | Milestone::Authorization => return Ok(()),
            Milestone::Comparing => "comparing",
            Milestone::Waiting => "waiting",
            Milestone::Taking => "taking",
            Milestone::Filing => "filing",
        };
        let text = present::milestone_text(milestone, self.voice.language);
        self.progress.doing(text);
        if self.voice.json {
            let consent = sync.id().to_string();
            return self.print(&json::line(&json::AtStep { step: "at", consent, round, rounds, at: id }));
        }
        self.print(&format!("・{text}"))
    }

    fn browse(&mut self, sync: &mut SyncSession) -> Result<(), Failure> {
        let SyncStep::Browse { round, rounds, leg, url } = sync.step() else { return Ok(()) };
        let back = sync.back();
        if back != (Return::Loopback { port: self.ear.port() }) {
            let port = if let Return::Loopback { port } = back { port.to_string() } else { "-".to_owned() };
            let detail = say(Word::PortTaken, self.voice.language, &[("port", &port)]);
            return Err(Failure::new(Exit::Cancelled, detail));
        }
        if self.out == Some((*round, *leg)) {
            return self.await_browser(sync);
        }
        self.out = Some((*round, *leg));
        if self.voice.json {
            let leg = match leg {
                Leg::Identity => "identity",
                Leg::Result => "authorization",
            };
            let consent = sync.id().to_string();
            let line = json::BrowseStep { step: "browse", consent, round: *round, rounds: *rounds, leg, url: url.as_str() };
            self.print(&json::line(&line))?;
        } else {
            let language = self.voice.language;
            let round = present::round_text(*round, *rounds, language).map(|round| format!("{round}  ")).unwrap_or_default();
            self.print(&format!("{round}{}", present::browse_text(*leg, language)))?;
            if self.voice.tells_address {
                self.print(&format!("  {}", Word::IfItDoesNotOpen.text(language)))?;
                self.print(&format!("    {url}"))?;
            }
        }
        self.progress.doing(Word::AwaitingBrowser.text(self.voice.language));
        if let Some(open) = self.voice.open {
            open(url.as_str());
        }
        self.await_browser(sync)
    }

    /// Until the browser comes back with what this leg waits for, it is time to look, or the person stops it.
    fn await_browser(&self, sync: &mut SyncSession) -> Result<(), Failure> {
        loop {
            let left = (sync.expires() - now()).to_std().unwrap_or_default();
            match self.heard.recv_timeout(left.min(LOOK)) {
                Ok(Event::Arrived(arrival)) => {
                    let brought = sync.redirect(self.vault, &arrival.url, now());
                    arrival.answer(brought != Err(SyncError::ForeignRedirect));
                    match brought {
                        Err(SyncError::ForeignRedirect) => self.tell_foreign(sync)?,
                        other => return other.map_err(self.voice.failed()),
                    }
                }
                Ok(Event::Line(_)) => {}
                Ok(Event::Stopped) => return Ok(()),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    return sync.tick(self.vault, now()).map_err(self.voice.failed());
                }
            }
        }
    }

    fn tell_foreign(&self, sync: &SyncSession) -> Result<(), Failure> {
        if self.voice.json {
            return self.print(&json::line(&json::ForeignStep { step: "foreign", consent: sync.id().to_string() }));
        }
        self.print(Word::ForeignArrival.text(self.voice.language))
    }

    /// The person's answer; `None` where they stopped it instead.
    fn confirm(&self, sync: &SyncSession, question: &Question) -> Result<Option<bool>, Failure> {
        let (asked, id) = match question {
            Question::Digits { .. } => (Asked::Digits, "digits"),
            Question::Login { .. } | Question::Answer { .. } | Question::Unstated => (Asked::Person, "person"),
        };
        let subject = self.vault.fetch(sync.id())?.permitted.request.subject;
        let text = present::question_text(self.vault, subject, question, self.voice.language)?;
        if self.voice.json {
            let consent = sync.id().to_string();
            self.print(&json::line(&json::QuestionStep { step: "question", consent, asked: id, text: &text }))?;
        }
        if let Some(yes) = given(&self.arguments.answers).get(&asked) {
            return Ok(Some(*yes));
        }
        if self.voice.json || !terminal::can_ask() {
            return Err(Failure::new(Exit::AnswerNeeded, text));
        }
        self.progress.clear();
        let (language, events) = (self.voice.language, self.events.clone());
        let reading = move || drop(terminal::ask_line(&plain(&text), language).map(|line| events.send(Event::Line(line))));
        // On a thread of its own: a question that is being answered cannot be taken back, and Ctrl-C must be heard.
        thread::Builder::new().name("question".to_owned()).spawn(reading).map_err(|_| Failure::from(Exit::Internal))?;
        loop {
            match self.heard.recv() {
                Ok(Event::Line(line)) => return Ok(Some(terminal::is_yes(&line))),
                Ok(Event::Arrived(arrival)) => arrival.answer(false),
                Ok(Event::Stopped) | Err(_) => return Ok(None),
            }
        }
    }

    /// Waits as long as the conversation says, or until the person stops it.
    fn pause(&self, sync: &SyncSession, seconds: u32, why: Delay) -> Result<(), Failure> {
        if self.voice.json {
            let why = if why == Delay::Busy { "busy" } else { "no_answer" };
            let line = json::WaitStep { step: "wait", consent: sync.id().to_string(), seconds, why };
            self.print(&json::line(&line))?;
        } else {
            self.progress.doing(&present::delay_text(why, seconds, self.voice.language));
        }
        // A browser that comes now comes too early or twice; nothing but Ctrl-C ends the pause.
        let until = std::time::Instant::now() + Duration::from_secs(seconds.into());
        while let Some(left) = until.checked_duration_since(std::time::Instant::now()).filter(|left| !left.is_zero()) {
            match self.heard.recv_timeout(left) {
                Ok(Event::Arrived(arrival)) => arrival.answer(false),
                Ok(Event::Line(_)) => {}
                Ok(Event::Stopped) | Err(_) => break,
            }
        }
        Ok(())
    }
}
