//! One fetch while it runs. Neither its own mutex nor the vault's is held while the relay is waited for, so that the state
//! can be asked for and the fetch be stopped at any moment.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use techo_core::{
    courier::Courier,
    sync::{self, Exchange, Profile, SyncStep},
};

use super::FetchState;
use crate::{
    TechoError,
    room::{Room, now},
};

/// One fetch in progress.
#[derive(uniffi::Object)]
pub struct SyncSession {
    id: String,
    room: Arc<Room>,
    courier: Courier,
    run: Mutex<Run>,
    /// What was told last; has a mutex of its own, which nobody ever holds for long.
    state: Mutex<FetchState>,
    /// Somebody wants the exchange that is being carried, or else the next one, to end at once.
    is_stopped: AtomicBool,
}

/// The conversation, and how often it has moved on.
struct Run {
    session: sync::SyncSession,
    /// A reply belongs to the turn in which its exchange was taken, and to no later one.
    turn: u64,
}

impl SyncSession {
    pub(crate) fn of(room: &Arc<Room>, session: sync::SyncSession, profile: &Profile) -> Result<Arc<Self>, TechoError> {
        let state = FetchState::of(room, &session)?;
        Ok(Arc::new(Self {
            id: session.id().to_string(),
            room: Arc::clone(room),
            courier: Courier::new(profile)?,
            run: Mutex::new(Run { session, turn: 0 }),
            state: Mutex::new(state),
            is_stopped: AtomicBool::new(false),
        }))
    }

    fn run(&self) -> MutexGuard<'_, Run> {
        self.run.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with the conversation and tells where it is then. What failed has changed nothing.
    fn moved(
        &self,
        run: &mut Run,
        work: impl FnOnce(&mut sync::SyncSession) -> Result<(), sync::SyncError>,
    ) -> Result<FetchState, TechoError> {
        run.turn += 1;
        work(&mut run.session)?;
        let state = FetchState::of(&self.room, &run.session)?;
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&state);
        Ok(state)
    }

    /// Carries the exchange of this step, if there is one, and brings its reply. A fetch that moved on meanwhile, because the
    /// browser came back or the person gave up, has no use for the reply.
    fn carry(&self) -> Result<FetchState, TechoError> {
        let (exchange, turn): (Exchange, u64) = {
            let run = self.run();
            let SyncStep::Exchange(exchange) = run.session.step() else { return Ok(self.state()) };
            (exchange.clone(), run.turn)
        };
        let reply = self.courier.carry_unless(&exchange, &self.is_stopped);
        self.is_stopped.store(false, Ordering::SeqCst);
        let mut run = self.run();
        if run.turn != turn {
            return Ok(self.state());
        }
        self.moved(&mut run, |session| session.answer(&self.room.vault, reply, now()))
    }
}

#[uniffi::export]
impl SyncSession {
    /// *Instant.* The id of the consent that pays for it.
    pub fn id(&self) -> String {
        self.id.clone()
    }

    /// *Instant.* Where it is; answers at once, also while another thread is in `advance`.
    pub fn state(&self) -> FetchState {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// *Long.* Goes on: at most one exchange with the relay, which may take 20 seconds and more. To be called at `Exchange`, and at
    /// `Wait` when its seconds are over. Does nothing at another step.
    pub fn advance(&self) -> Result<FetchState, TechoError> {
        if self.is_stopped.swap(false, Ordering::SeqCst) {
            return Ok(self.state());
        }
        {
            let mut run = self.run();
            if matches!(run.session.step(), SyncStep::Wait { .. }) {
                self.moved(&mut run, |session| session.tick(&self.room.vault, now()))?;
            }
        }
        self.carry()
    }

    /// *Quick*, *long* where an answer of many records is filed. Brings the address with which the browser came back.
    ///
    /// `ForeignRedirect` leaves everything as it was: a stranger's link, an old one, or one of another fetch.
    pub fn came_back(&self, url: String) -> Result<FetchState, TechoError> {
        let mut run = self.run();
        self.moved_unless_foreign(&mut run, &url)
    }

    /// *Quick*, *long* where an answer of many records is filed. Brings the person's answer to a question. A no ends the fetch, and
    /// nothing is filed.
    pub fn decide(&self, yes: bool) -> Result<FetchState, TechoError> {
        let mut run = self.run();
        self.moved(&mut run, |session| session.decide(&self.room.vault, yes, now()))
    }

    /// *Long.* While the browser is out: asks the relay whether it still knows this fetch, so that nobody goes on tapping a card for
    /// one that is lost. The browser may come back meanwhile. Does nothing at another step.
    pub fn look_again(&self) -> Result<FetchState, TechoError> {
        {
            let mut run = self.run();
            if !matches!(run.session.step(), SyncStep::Browse { .. }) {
                return Ok(self.state());
            }
            run.turn += 1;
            // What is told stays `Browse`: the person goes on in the browser.
            run.session.tick(&self.room.vault, now())?;
        }
        self.carry()
    }

    /// *Instant*, on any thread. Ends the exchange that is being carried; where none is, the next `advance` returns at once. The fetch
    /// is as it was and can be gone on with.
    pub fn stop(&self) {
        self.is_stopped.store(true, Ordering::SeqCst);
        self.courier.cancel();
    }

    /// *Quick.* Gives the fetch up: nothing is filed, also of what came already. Where the step is `Exchange` afterwards, one more
    /// `advance` tells the relay to forget; it may be left out.
    pub fn cancel(&self) -> Result<FetchState, TechoError> {
        let mut run = self.run();
        self.moved(&mut run, |session| session.cancel(&self.room.vault, now()))
    }
}

impl SyncSession {
    /// A foreign address must not even cost an exchange that is being carried its reply.
    fn moved_unless_foreign(&self, run: &mut Run, url: &str) -> Result<FetchState, TechoError> {
        let turn = run.turn;
        let done = self.moved(run, |session| session.redirect(&self.room.vault, url, now()));
        if done == Err(TechoError::ForeignRedirect) {
            run.turn = turn;
        }
        done
    }
}
