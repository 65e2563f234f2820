//! Faults to order: what goes wrong at the stand-in, how often, and in which session. Nothing goes wrong by itself.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::watch;

use crate::{
    card::Card,
    journal::{Door, Leg},
};

/// What is wrong with an ID token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenFlaw {
    /// Another nonce than was asked for.
    Nonce,
    /// No nonce.
    NoNonce,
    /// Another client is the audience.
    Audience,
    /// Another issuer.
    Issuer,
    /// It expired an hour ago.
    Expired,
    /// Signed by a key that is not in `certs`, under the name of one that is.
    OtherKey,
    /// `alg: none` and no signature.
    Unsigned,
    /// HS256 under the public key, a classic confusion.
    Symmetric,
}

/// What is wrong with an answer's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Malformed {
    /// `selfPersonalData` is cut in the middle of its JSON.
    Cut,
    /// `selfPersonalData` is text that is no JSON.
    NotJson,
    /// `selfPersonalData` is a list where municipalities should be.
    OtherShape,
    /// The whole response is HTML.
    Html,
    /// The response has no `selfPersonalDataProvisionInfo`.
    Missing,
    /// `selfPersonalData` is an object and not a string of JSON.
    Object,
    /// The response is not UTF-8.
    NotUtf8,
    /// The XML of every medical group is cut; the rest is as it should be.
    CutXml,
}

/// Something that goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// `error=access_denied` without asking anybody.
    Refuse(Leg),
    /// The certificate on the card has expired: the page says so and sends back an error.
    CardExpired(Leg),
    /// The browser goes back with a code that has expired.
    ExpiredCode(Leg),
    /// Somebody else has spent the code before it is brought.
    ReplayedCode(Leg),
    /// The browser goes back with another state.
    ForeignState(Leg),
    /// The browser goes back without a state.
    NoState(Leg),
    /// The browser goes back to the right host, at another path.
    WrongRedirect(Leg),
    /// The door answers 503, as web servers do during maintenance.
    Maintenance(Door),
    /// The door answers with this status and no telegram.
    ServerError(Door, u16),
    /// The door closes the connection without an answer, after the work is done.
    Hangup(Door),
    /// The door answers after this time.
    Slow(Door, Duration),
    /// The ID token is wrong.
    IdToken(TokenFlaw),
    /// `userinfo` is somebody else's, under the right subject.
    IdentityOf(Card),
    /// `userinfo` has another subject than the ID token.
    OtherSubject,
    /// `userinfo` has no name.
    IdentityWithoutName,
    /// Birth date and sex as `YYYY-MM-DD` and `male`/`female`.
    OtherIdentityEncoding,
    /// The call-back comes twice.
    CallbackTwice,
    /// No call-back comes; the result is there all the same.
    CallbackLost,
    /// The call-back comes before `request` is answered.
    CallbackEarly,
    /// The call-back comes this much later.
    CallbackLate(Duration),
    /// The call-back names a process that the relay never began; the right one follows.
    CallbackForeign,
    /// The call-back comes while the result is not there yet.
    NotReady,
    /// The answer is about this person.
    AnswerOf(Card),
    /// The answer does not say whose it is by name: birth date and sex only.
    AnswerWithoutName,
    /// The answer has the groups of these items as well.
    MoreItems(&'static [&'static str]),
    /// The answer has no group at all.
    NothingThere,
    /// The response is not what it should be.
    Malformed(Malformed),
    /// The connection breaks after this many bytes of the response's body.
    CutResult(usize),
    /// The answer is longer than this many bytes, by more and more dispensings.
    Large(usize),
    /// The response is about another process.
    WrongProcess,
    /// The telegram carries this error code. Real ones are not known: use one that cannot be real.
    ErrorCode(Door, &'static str),
}

#[derive(Clone, Debug)]
struct Order {
    fault: Fault,
    session: Option<String>,
    left: Option<u32>,
}

#[derive(Debug)]
struct Book {
    orders: Mutex<Vec<Order>>,
    held: watch::Sender<BTreeSet<Door>>,
}

/// The orders that are open. A copy is the same book.
#[derive(Clone, Debug)]
pub struct Orders(Arc<Book>);

impl Default for Orders {
    fn default() -> Self {
        Self(Arc::new(Book { orders: Mutex::default(), held: watch::Sender::new(BTreeSet::new()) }))
    }
}

impl Orders {
    /// Nothing goes wrong.
    pub fn none() -> Self {
        Self::default()
    }

    fn book(&self) -> MutexGuard<'_, Vec<Order>> {
        self.0.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It goes wrong each time, until [`Orders::cancel`].
    pub fn always(&self, fault: Fault) -> &Self {
        self.book().push(Order { fault, session: None, left: None });
        self
    }

    /// It goes wrong `times` times, then it is fine.
    pub fn times(&self, times: u32, fault: Fault) -> &Self {
        self.book().push(Order { fault, session: None, left: Some(times) });
        self
    }

    /// It goes wrong the next time only.
    pub fn once(&self, fault: Fault) -> &Self {
        self.times(1, fault)
    }

    /// It goes wrong each time in the session whose `state` this is.
    pub fn in_session(&self, state: &str, fault: Fault) -> &Self {
        self.book().push(Order { fault, session: Some(state.to_owned()), left: None });
        self
    }

    /// Withdraws every order and lets everything go on that is held.
    pub fn cancel(&self) {
        self.book().clear();
        self.0.held.send_modify(BTreeSet::clear);
    }

    /// Whoever comes to this door waits inside, before anything is done, until [`Orders::release`].
    pub fn hold(&self, door: Door) -> &Self {
        self.0.held.send_modify(|held| {
            held.insert(door);
        });
        self
    }

    /// Lets those who wait at this door go on.
    pub fn release(&self, door: Door) {
        self.0.held.send_modify(|held| {
            held.remove(&door);
        });
    }

    /// Waits as long as the door is held.
    pub(crate) async fn pass(&self, door: Door) {
        let mut held = self.0.held.subscribe();
        // The sender lives as long as `self`, so this ends only when the door is open.
        let _open = held.wait_for(|held| !held.contains(&door)).await;
    }

    /// The first open order that `wanted` takes, counted as used.
    pub(crate) fn take<T>(&self, session: Option<&str>, wanted: impl Fn(&Fault) -> Option<T>) -> Option<T> {
        let mut book = self.book();
        let is_for = |order: &Order| order.left != Some(0) && (order.session.is_none() || order.session.as_deref() == session);
        let (order, found) =
            book.iter_mut().filter(|order| is_for(order)).find_map(|order| wanted(&order.fault).map(|found| (order, found)))?;
        if let Some(left) = &mut order.left {
            *left -= 1;
        }
        Some(found)
    }

    /// Whether this very fault is ordered here.
    pub(crate) fn has(&self, session: Option<&str>, fault: &Fault) -> bool {
        self.take(session, |ordered| (ordered == fault).then_some(())).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_used_up_and_counts_only_in_its_session() {
        let orders = Orders::none();
        orders.times(2, Fault::NotReady).in_session("mine", Fault::CallbackLost);
        assert!(orders.has(None, &Fault::NotReady) && orders.has(Some("any"), &Fault::NotReady) && !orders.has(None, &Fault::NotReady));
        assert!(!orders.has(Some("yours"), &Fault::CallbackLost) && !orders.has(None, &Fault::CallbackLost));
        assert!(orders.has(Some("mine"), &Fault::CallbackLost) && orders.has(Some("mine"), &Fault::CallbackLost));
        orders.cancel();
        assert!(!orders.has(Some("mine"), &Fault::CallbackLost));
    }
}
