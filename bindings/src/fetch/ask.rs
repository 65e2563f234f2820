//! The question: shown in plain words, answered item by item, spent once. Nothing that was not answered with yes is
//! permitted.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use techo_core::{
    base::{PartialDate, make_random},
    consent::{
        Actor, Answer, Answered, Basis, ConsentGrant, ConsentId, ConsentRequest, Cover, Frame, Item, Keeping, Operator, Period, Purpose,
        Service, Wish,
    },
    present,
    sync::{Profile, Return, start_sync, unfinished},
};

use super::{SyncSession, read_profile};
use crate::{
    TechoError, Vault,
    reading::person_id,
    redacted::redacted,
    room::{Room, now},
};

/// By what right somebody acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum ActsAs {
    /// The person, with their own card.
    Oneself,
    /// A parent or guardian (法定代理人), with the child's card.
    Parent,
    /// A 代理人 registered at Mynaportal, with the proxy's own card.
    Proxy,
}

/// What is to be asked for.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct FetchWish {
    /// Whose data, by id.
    pub person: String,
    /// By what right.
    pub acts_as: ActsAs,
    /// Who acts, by id, where it is somebody else of this vault.
    pub actor: Option<String>,
    /// It is to be kept and shown at a medical institution, and not only to be kept.
    pub for_showing: bool,
    /// The items, by id. One at least.
    pub items: Vec<String>,
    /// From this day on: `2024-05-03`, `2024-05` or `2024`.
    pub from: Option<String>,
    /// Until this day.
    pub until: Option<String>,
}

/// The question, ready to be shown and answered item by item.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ConsentView {
    /// Whose data.
    pub subject: String,
    /// Who acts, and by what right.
    pub actor: String,
    /// What for.
    pub purpose: String,
    /// What is asked for; each is answered by itself.
    pub items: Vec<ConsentItem>,
    /// Who obtains it, and what they see.
    pub obtained_by: String,
    /// How long it is kept: at the relay, and in the notebook.
    pub kept: Vec<String>,
    /// What the portal returns beyond all of it, and what becomes of that.
    pub surplus: Option<String>,
    /// How often the card is needed.
    pub card: String,
    /// All of it, a line each, in the order in which it is read out.
    pub lines: Vec<String>,
}

/// One item that is asked for.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ConsentItem {
    /// Its public id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// About which days.
    pub period: String,
}

/// What was answered.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ConsentAnswered {
    /// The items that were granted, by id.
    pub granted: Vec<String>,
    /// The items that were not.
    pub declined: Vec<String>,
    /// In words.
    pub text: String,
}

/// Where the browser comes back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum ReturnTo {
    /// To the app, by the address that is registered for it.
    AppLink,
    /// To a port of this machine, on which the shell listens.
    Loopback {
        /// Which.
        port: u16,
    },
}

redacted!(FetchWish, ConsentView, ConsentItem, ConsentAnswered);

impl From<ReturnTo> for Return {
    fn from(back: ReturnTo) -> Self {
        match back {
            ReturnTo::AppLink => Self::AppLink,
            ReturnTo::Loopback { port } => Self::Loopback { port },
        }
    }
}

/// A question that waits for its answer, and then for the fetch it pays for.
#[derive(uniffi::Object)]
pub struct ConsentQuestion {
    room: Arc<Room>,
    profile: Profile,
    services: Vec<Service>,
    view: ConsentView,
    standing: Mutex<Standing>,
}

/// Each is left for the next, and for no other.
enum Standing {
    Asked(Box<ConsentRequest>),
    Granted(Box<ConsentGrant>),
    Declined,
    Spent,
}

#[uniffi::export]
impl Vault {
    /// *Quick.* Prepares the question for a fetch, and writes into the ledger that it was asked. Needs presence. `profile` is the TOML
    /// of the relay's operator.
    ///
    /// `FetchRunning` where the person has an unfinished fetch, also one whose time is over: bring it to its end first.
    pub fn ask_consent(&self, profile: String, wish: FetchWish) -> Result<Arc<ConsentQuestion>, TechoError> {
        let (vault, language) = (&self.room.vault, self.room.language());
        let profile = read_profile(&profile)?;
        let services = services(&profile);
        let request = request(wish, &profile, &services)?;
        vault.require_presence(now())?;
        vault.person(request.subject)?;
        if unfinished(vault)?.iter().any(|left| left.subject == request.subject) {
            return Err(TechoError::FetchRunning);
        }
        let view = ConsentView::of(&present::consent_request(vault, &request, language)?, language);
        vault.note_consent_asked(&request, now())?;
        let standing = Mutex::new(Standing::Asked(Box::new(request)));
        Ok(Arc::new(ConsentQuestion { room: Arc::clone(&self.room), profile, services, view, standing }))
    }
}

#[uniffi::export]
impl ConsentQuestion {
    /// *Instant.* The question in words.
    pub fn view(&self) -> ConsentView {
        self.view.clone()
    }

    /// *Instant.* What the portal returns beyond just these items, and what becomes of it: asked once more before the answer counts.
    pub fn surplus_of(&self, granted: Vec<String>) -> Option<String> {
        let items: BTreeSet<Item> = granted.iter().filter_map(|id| id.parse().ok()).collect();
        let cover = Cover::smallest(&self.services, &items).ok()?;
        present::surplus_text(&cover.surplus, self.room.language())
    }

    /// *Quick.* The answer: the items that are granted; the others are declined. Writes the receipt. Nothing granted is a no.
    ///
    /// `ConsentSpent` where it was answered already; `NotFound` for what is no item.
    pub fn answer(&self, granted: Vec<String>) -> Result<ConsentAnswered, TechoError> {
        let yes = granted.iter().map(|id| id.parse()).collect::<Result<BTreeSet<Item>, _>>()?;
        let mut standing = self.standing.lock().unwrap_or_else(PoisonError::into_inner);
        let Standing::Asked(request) = &*standing else { return Err(TechoError::ConsentSpent) };
        let answers: Vec<Answer> =
            request.wishes.iter().map(|wish| Answer { item: wish.item, granted: yes.contains(&wish.item) }).collect();
        let answered = (**request).clone().answer(&answers, &self.services, now())?;
        let receipt = match &answered {
            Answered::Granted(grant) => &grant.permitted().receipt,
            Answered::Declined(receipt) => receipt,
        };
        self.room.vault.note_consent_answered(receipt, now())?;
        let done = ConsentAnswered {
            granted: receipt.granted.iter().map(|wish| wish.item.id().to_owned()).collect(),
            declined: receipt.declined.iter().map(|item| item.id().to_owned()).collect(),
            text: present::answered_text(receipt, self.room.language()),
        };
        *standing = match answered {
            Answered::Granted(grant) => Standing::Granted(Box::new(grant)),
            Answered::Declined(_) => Standing::Declined,
        };
        Ok(done)
    }

    /// *Quick.* Spends the yes and begins the fetch; once. Needs presence, and without it the yes is not spent.
    ///
    /// `ConsentNeeded` where there is no yes or it is too old; `ConsentSpent` the second time.
    pub fn start(&self, back: ReturnTo) -> Result<Arc<SyncSession>, TechoError> {
        let mut standing = self.standing.lock().unwrap_or_else(PoisonError::into_inner);
        match &*standing {
            Standing::Asked(_) | Standing::Declined => return Err(TechoError::ConsentNeeded),
            Standing::Spent => return Err(TechoError::ConsentSpent),
            Standing::Granted(_) => {}
        }
        // Asked before the grant is gone.
        self.room.vault.require_presence(now())?;
        let Standing::Granted(grant) = std::mem::replace(&mut *standing, Standing::Spent) else { return Err(TechoError::ConsentSpent) };
        let session = start_sync(&self.room.vault, *grant, &self.profile, back.into(), now())?;
        SyncSession::of(&self.room, session, &self.profile)
    }
}

/// The services of the profile. One that returns something this version has no name for is left out: nobody could be told
/// what they consent to.
fn services(profile: &Profile) -> Vec<Service> {
    let items = |ids: &[String]| ids.iter().map(|id| id.parse::<Item>().ok()).collect::<Option<BTreeSet<Item>>>();
    let known = profile.services.iter().filter_map(|service| Some((service.id.clone(), items(&service.items)?)));
    known.map(|(id, items)| Service { id, items }).collect()
}

fn request(wish: FetchWish, profile: &Profile, services: &[Service]) -> Result<ConsentRequest, TechoError> {
    let subject = wish.person.parse()?;
    let actor = match (wish.acts_as, person_id(wish.actor)?) {
        (ActsAs::Oneself, _) => Some(subject),
        (ActsAs::Parent | ActsAs::Proxy, actor) => actor,
    };
    let basis = match wish.acts_as {
        ActsAs::Oneself => Basis::OwnCard,
        ActsAs::Parent => Basis::ChildsCard,
        ActsAs::Proxy => Basis::RegisteredProxy,
    };
    let bad_period = |_| TechoError::WishInvalid { field: "period".to_owned() };
    let date = |text: Option<String>| text.map(|text| text.parse::<PartialDate>()).transpose().map_err(bad_period);
    let period = Period { from: date(wish.from)?.map(|day| day.first_day()), until: date(wish.until)?.map(|day| day.last_day()) };
    let items = wish.items.iter().map(|id| id.parse()).collect::<Result<BTreeSet<Item>, _>>()?;
    let frame = Frame {
        id: ConsentId::from_bytes(make_random()?),
        subject,
        actor: Actor { basis, person: actor },
        purpose: if wish.for_showing { Purpose::Show } else { Purpose::Keep },
        operator: Operator {
            japanese: profile.operator.ja.clone(),
            english: profile.operator.en.clone(),
            contact: profile.operator.contact.clone(),
        },
        keeping: Keeping { relay_seconds: profile.keeping_seconds },
    };
    let wishes = items.into_iter().map(|item| Wish { item, period }).collect();
    Ok(ConsentRequest::new(frame, wishes, services)?)
}

impl ConsentView {
    fn of(view: &present::ConsentView, language: present::Language) -> Self {
        Self {
            subject: view.subject.clone(),
            actor: view.actor.clone(),
            purpose: view.purpose.to_owned(),
            items: view
                .items
                .iter()
                .map(|line| ConsentItem { id: line.item.id().to_owned(), name: line.name.to_owned(), period: line.period.clone() })
                .collect(),
            obtained_by: view.obtained_by.clone(),
            kept: view.kept.to_vec(),
            surplus: view.surplus.clone(),
            card: view.card.clone(),
            lines: view.lines(language),
        }
    }
}
