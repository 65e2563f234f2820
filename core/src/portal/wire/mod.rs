//! JSON at the portal's border: what is kept of a conversation while the app sleeps, and what the relay says. Nothing else
//! in the room uses serde. The kept form is versioned; secrets in it are wiped when dropped, and it is written into the
//! vault only.

mod code;
mod kept;
pub(crate) mod receipt;

pub(super) use code::write_code;
pub(crate) use kept::{Conversation, Place, Round};
use serde::{Serialize, de::DeserializeOwned};
use techo_protocol::{
    message::{Answer, Identity, Progress, Refusal},
    seal::sealed_length,
};
use zeroize::Zeroizing;

/// Version of the kept form.
const VERSION: u16 = 2;
/// Room for a message or a kept state: reserved in full, for a buffer that grows leaves pieces behind in freed memory.
const ROOM: usize = 16 * 1024;

/// Most bytes of a message of the relay's own.
pub(super) const LARGEST_MESSAGE: usize = 16 * 1024;
/// Most bytes of a sealed identity.
pub(super) const LARGEST_IDENTITY: usize = sealed_length(LARGEST_MESSAGE);
/// Most bytes of a sealed answer.
pub(super) const LARGEST_RESULT: usize = sealed_length(techo_protocol::message::LARGEST_ANSWER);

/// JSON of a message or a kept state.
pub(super) fn write<T: Serialize>(message: &T) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(ROOM));
    // Derived serialisation into memory: it cannot fail, and nothing would be sent if it did.
    if serde_json::to_writer(&mut *out, message).is_err() {
        out.clear();
    }
    out
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    serde_json::from_slice(bytes).ok()
}

/// How far the relay says the session is.
pub(super) fn read_progress(body: &[u8]) -> Option<Progress> {
    read(body)
}

/// Why the relay refused.
pub(super) fn read_refusal(body: &[u8]) -> Option<Refusal> {
    read(body)
}

/// Who logged in, from the opened seal.
pub(crate) fn read_identity(plain: &[u8]) -> Option<Identity> {
    read(plain)
}

/// What the portal answered, from the opened seal.
pub(crate) fn read_answer(plain: &[u8]) -> Option<Answer> {
    read(plain)
}

/// The words of a ledger entry.
pub(crate) fn write_detail<T: Serialize>(detail: &T) -> String {
    // As above; an entry without words would still be an entry.
    serde_json::to_string(detail).unwrap_or_default()
}

impl Conversation {
    /// As it is kept.
    pub(crate) fn write(&self) -> Zeroizing<Vec<u8>> {
        write(self)
    }

    /// The kept conversation; none where another version wrote it, or it is damaged.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        read(bytes).filter(|kept: &Self| kept.version == VERSION)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use techo_protocol::{
        GrantDigest, PublicKey, SecretText,
        message::{AuthorizationCode, IdentityCode, Return},
        seal::Leg,
    };

    use super::*;
    use crate::{
        base::PersonId,
        portal::{Doubtful, End, Login, Secrets},
        record::Mismatch,
    };

    fn round(place: Place) -> Round {
        let grant = GrantDigest::of(&[1; 32], b"grant");
        let mut round = Round::new("ST0001".to_owned(), Secrets::make().unwrap(), PublicKey::from_bytes([2; 32]), grant, Return::AppLink);
        round.place = place;
        round
    }

    #[test]
    fn a_code_is_brought_in_the_protocols_own_form() {
        let code = || SecretText::new("one-time \"code\"".to_owned());
        let identity = round(Place::Bring(Leg::Identity, code()));
        let read: IdentityCode = serde_json::from_slice(&write_code(&identity)).unwrap();
        assert!(identity.identity_state.is(read.state.as_str()) && read.code == code());
        assert_eq!(read.verifier.challenge(), identity.verifier.challenge());
        assert_eq!(read.nonce.to_text(), identity.nonce.to_text());
        let authorization = round(Place::Bring(Leg::Result, code()));
        let read: AuthorizationCode = serde_json::from_slice(&write_code(&authorization)).unwrap();
        assert!(authorization.authorization_state.is(read.state.as_str()) && read.code == code());
    }

    /// What an older program kept must be read by a newer one, or the version must be raised.
    const KEPT: &str = r#"{"version":2,"relay":"AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM","services":["ST0001","ST0002"],"over":[{"session":"BAQEBAQEBAQEBAQEBAQEBA"}],"round":{"service":"ST0002","session":"BQUFBQUFBQUFBQUFBQUFBQ","secret":"BgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgY","identity_state":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc","authorization_state":"CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg","verifier":"CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk","nonce":"CgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgo","phone":"CwsLCwsLCwsLCwsLCwsLCwsLCwsLCwsLCwsLCwsLCws","grant":"DAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw","back":{"loopback":{"port":49152}},"place":{"await":["result","requested"]},"login":"subject","is_confirmed":false},"short":null,"digits_checked":[[0,"予防接種情報[1]"]]}"#;

    #[test]
    fn the_kept_form_never_changes_without_its_version() {
        let kept = Conversation::read(KEPT.as_bytes()).unwrap();
        assert_eq!(std::str::from_utf8(&kept.write()).unwrap(), KEPT);
        let round = kept.round.unwrap();
        assert_eq!((round.service.as_str(), round.login(), kept.over.len()), ("ST0002", Some(Login::Subject), 1));
        assert!(Conversation::read(KEPT.replace(r#""version":2"#, r#""version":1"#).as_bytes()).is_none());
        assert!(Conversation::read(b"{").is_none());
    }

    #[test]
    fn every_place_and_every_judgement_reads_back() {
        let code = || SecretText::new("c".to_owned());
        for place in [
            Place::Begin,
            Place::Ask(Leg::Identity),
            Place::Bring(Leg::Result, code()),
            Place::Take(Leg::Result),
            Place::LetGo(Leg::Identity),
            Place::Judge(Leg::Result),
            Place::Over,
        ] {
            for login in [
                Login::Actor,
                Login::Unknown,
                Login::NotYou(Mismatch { name: true, born: false, sex: true }),
                Login::Ask(Doubtful::Shared(vec![PersonId::from_bytes([4; 16])])),
                Login::Ask(Doubtful::TooLittle),
            ] {
                let mut conversation: Conversation = read(KEPT.as_bytes()).unwrap();
                let mut round = round(place_again(&place));
                round.keep_login(&login);
                conversation.round = Some(round);
                let again = Conversation::read(&conversation.write()).unwrap();
                assert_eq!(*again.write(), *conversation.write());
                assert_eq!(again.round.unwrap().login(), Some(login));
            }
        }
        let mut conversation: Conversation = read(KEPT.as_bytes()).unwrap();
        conversation.fall_short(&End::PortalRefused { code: "E1".to_owned() });
        let again = Conversation::read(&conversation.write()).unwrap();
        assert_eq!(again.shortfall(), Some(End::PortalRefused { code: "E1".to_owned() }));
        assert!(again.round.is_none() && again.next_service().is_none());
    }

    fn place_again(place: &Place) -> Place {
        serde_json::from_slice(&write(place)).unwrap()
    }
}
