//! What is kept of a conversation between two exchanges.

use serde::{Deserialize, Serialize};
use techo_protocol::{
    CodeVerifier, Digest, GrantDigest, Nonce, PublicKey, SecretText, SessionId, SessionSecret, State,
    message::{Return, Stage},
    profile::Profile,
    seal::Leg,
};

use super::{VERSION, write};
use crate::{
    base::PersonId,
    portal::{Doubtful, End, Login, Milestone, secrets::Secrets},
    record::Mismatch,
};

/// One fetch: a round for each service, one after the other.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Conversation {
    pub(super) version: u16,
    /// Digest of the profile: a conversation goes on with the relay it began with, as the person was told of it.
    relay: Digest,
    /// Service ids, in the order of their rounds.
    pub(crate) services: Vec<String>,
    /// Rounds that brought an answer.
    pub(crate) over: Vec<Over>,
    /// The round under way.
    pub(crate) round: Option<Round>,
    /// Why the remaining rounds brought nothing, by id and code, where earlier answers are kept all the same.
    short: Option<(String, Option<String>)>,
    /// Where the person said that twelve digits in a text are no My Number: which answer, and the place in it.
    pub(crate) digits_checked: Vec<(u16, String)>,
}

/// A round whose answer is kept in the vault.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Over {
    /// The session its answer is sealed for.
    pub(crate) session: SessionId,
}

/// One round: one session of the relay, one service, two legs of the browser.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Round {
    /// Which service.
    pub(crate) service: String,
    /// The relay's session.
    pub(crate) session: SessionId,
    pub(in crate::portal) secret: SessionSecret,
    pub(in crate::portal) identity_state: State,
    pub(in crate::portal) authorization_state: State,
    pub(in crate::portal) verifier: CodeVerifier,
    pub(in crate::portal) nonce: Nonce,
    /// The one-time key of the phone.
    pub(in crate::portal) phone: PublicKey,
    /// The digest of the grant that pays.
    pub(in crate::portal) grant: GrantDigest,
    /// Where the browser comes back to; fixed for the session.
    pub(crate) back: Return,
    pub(in crate::portal) place: Place,
    /// Who logged in, once that was judged.
    login: Option<Judgement>,
    /// The person said that the answer is about whom it should be.
    pub(crate) is_confirmed: bool,
    /// Troubles in a row. Not kept: a new beginning may try again at once.
    #[serde(skip)]
    pub(in crate::portal) troubles: u32,
    /// Of these, answers that were nonsense. Not kept either.
    #[serde(skip)]
    pub(in crate::portal) faults: u32,
}

/// What comes next in a round.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Place {
    /// The relay is to be told of the session.
    Begin,
    /// The browser is to be opened.
    Ask(Leg),
    /// The code is to be brought.
    Bring(Leg, SecretText),
    /// The relay has the code, and is at this stage.
    Await(Leg, Stage),
    /// The sealed bytes are to be taken.
    Take(Leg),
    /// They are in the vault; the relay is to forget them.
    LetGo(Leg),
    /// They are to be opened and judged.
    Judge(Leg),
    /// Nothing: the answer is kept and is the person's.
    Over,
}

/// A [`Login`] as it is kept.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Judgement {
    Subject,
    Actor,
    Unknown,
    NotYou(Mismatch),
    Shared(Vec<PersonId>),
    TooLittle,
}

impl Conversation {
    /// A conversation that has not begun.
    pub(crate) fn new(services: Vec<String>, profile: &Profile) -> Self {
        Self { version: VERSION, relay: relay(profile), services, over: Vec::new(), round: None, short: None, digits_checked: Vec::new() }
    }

    /// Whether it began with the relay of this profile.
    pub(crate) fn is_with(&self, profile: &Profile) -> bool {
        self.relay == relay(profile)
    }

    /// The service of the next round; none where no round is left.
    pub(crate) fn next_service(&self) -> Option<&str> {
        if self.short.is_some() { None } else { self.services.get(self.over.len()).map(String::as_str) }
    }

    /// How far it is.
    pub(crate) fn milestone(&self) -> Milestone {
        match &self.round {
            Some(round) => round.milestone(),
            None if self.next_service().is_some() => Milestone::Beginning,
            None => Milestone::Filing,
        }
    }

    /// Why the remaining rounds brought nothing.
    pub(crate) fn shortfall(&self) -> Option<End> {
        let (id, code) = self.short.as_ref()?;
        Some(End::read(id, code.as_deref()).unwrap_or(End::RelayFault))
    }

    /// Ends the round under way and all later ones, and keeps the earlier answers.
    pub(crate) fn fall_short(&mut self, end: &End) {
        self.short = Some((end.id().to_owned(), end.code().map(str::to_owned)));
        self.round = None;
    }

    /// Counts the round under way among those whose answer is kept.
    pub(crate) fn close_round(&mut self) {
        if let Some(round) = self.round.take() {
            self.over.push(Over { session: round.session });
        }
    }
}

fn relay(profile: &Profile) -> Digest {
    let Profile { environment, operator, api, redirect, seal, roots: _, identity_client, provider, services, groups, keeping_seconds } =
        profile;
    // All but the roots: who they are, what they offer, and where the browser goes, is what the person said yes to.
    Digest::of(&write(&((environment, operator, api, redirect), (seal, identity_client, provider), (services, groups, keeping_seconds))))
}

impl Round {
    /// A round that has not begun.
    pub(crate) fn new(service: String, secrets: Secrets, phone: PublicKey, grant: GrantDigest, back: Return) -> Self {
        let Secrets { session, secret, identity_state, authorization_state, verifier, nonce } = secrets;
        Self {
            service,
            session,
            secret,
            identity_state,
            authorization_state,
            verifier,
            nonce,
            phone,
            grant,
            back,
            place: Place::Begin,
            login: None,
            is_confirmed: false,
            troubles: 0,
            faults: 0,
        }
    }

    /// Who logged in, once that was judged.
    pub(crate) fn login(&self) -> Option<Login> {
        Some(match self.login.as_ref()? {
            Judgement::Subject => Login::Subject,
            Judgement::Actor => Login::Actor,
            Judgement::Unknown => Login::Unknown,
            Judgement::NotYou(differs) => Login::NotYou(*differs),
            Judgement::Shared(people) => Login::Ask(Doubtful::Shared(people.clone())),
            Judgement::TooLittle => Login::Ask(Doubtful::TooLittle),
        })
    }

    /// Keeps who logged in.
    pub(crate) fn keep_login(&mut self, login: &Login) {
        self.login = Some(match login {
            Login::Subject => Judgement::Subject,
            Login::Actor => Judgement::Actor,
            Login::Unknown => Judgement::Unknown,
            Login::NotYou(differs) => Judgement::NotYou(*differs),
            Login::Ask(Doubtful::Shared(people)) => Judgement::Shared(people.clone()),
            Login::Ask(Doubtful::TooLittle) => Judgement::TooLittle,
        });
    }
}
