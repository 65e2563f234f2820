//! How a conversation can end without an answer. Each end has an id that is public and never renamed: it stands in the
//! ledger, and `present` has the sentence for it.

use techo_protocol::{message::Failure, seal::Leg};

use super::Doubt;
use crate::record::Mismatch;

/// Longest code of the portal or the browser that is kept and shown.
const CODE_LENGTH: usize = 32;

/// Why nothing came of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    // The person's doing.
    /// Consent was refused on the portal's own page, or the card was not read to the end.
    Refused,
    /// The certificate on the card has expired.
    CardExpired,
    /// Stopped by the person.
    Cancelled,
    /// The consent was withdrawn while the fetch was under way.
    Withdrawn,
    /// The person whose data it was about was erased while the fetch was under way.
    Erased,
    /// The person did not confirm a question.
    NotConfirmed,

    // Somebody else.
    /// Who logged in, or whom the answer is about, is not whom the consent is for.
    NotYou {
        /// Which leg said so.
        leg: Leg,
        /// In what they differ.
        differs: Mismatch,
    },
    /// What the relay handed over does not open: not sealed by this relay, for this phone or for this consent.
    Forged,
    /// Whoever answered could not prove to be the relay. Nothing was sent to them.
    NotTheRelay(Doubt),

    // Time.
    /// The fetch was not brought to its end in time.
    Expired,
    /// The relay no longer knows the session: it was started anew, or the time was over.
    Forgotten,
    /// The code of the browser was refused: too old, or used before.
    CodeRefused,
    /// The portal did not answer in time.
    Late,

    // The portal.
    /// The browser came back with another error of the portal.
    BrowserFailed {
        /// Its code: letters, digits and underscores.
        code: String,
    },
    /// The identity service's answer did not prove anything.
    IdentityRefused,
    /// The portal is closed for maintenance.
    Maintenance,
    /// The portal answered with an error.
    PortalRefused {
        /// Its code: letters and digits.
        code: String,
    },
    /// The relay could not reach the portal.
    PortalUnreachable,
    /// The answer is larger than any that is handed over.
    TooLarge,
    /// The answer is not in a form that can be read.
    Malformed,
    /// The answer carries an Individual Number (My Number), which is never taken in.
    MyNumber,

    // The relay.
    /// The answer was handed over before, and not to us.
    Taken,
    /// The relay speaks another version of the protocol.
    OtherVersion,
    /// The relay does not offer the service that was consented to.
    NotOffered,
    /// The relay answered what makes no sense.
    RelayFault,
    /// What was kept of the conversation cannot be read by this version.
    StateUnreadable,
}

impl End {
    /// Every id there is.
    pub const IDS: &'static [&'static str] = &[
        "refused",
        "card_expired",
        "cancelled",
        "withdrawn",
        "erased",
        "not_confirmed",
        "not_you",
        "forged",
        "not_the_relay",
        "expired",
        "forgotten",
        "code_refused",
        "late",
        "browser_failed",
        "identity_refused",
        "maintenance",
        "portal_refused",
        "portal_unreachable",
        "too_large",
        "malformed",
        "my_number",
        "taken",
        "other_version",
        "not_offered",
        "relay_fault",
        "state_unreadable",
    ];

    /// The public id.
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::CardExpired => "card_expired",
            Self::Cancelled => "cancelled",
            Self::Withdrawn => "withdrawn",
            Self::Erased => "erased",
            Self::NotConfirmed => "not_confirmed",
            Self::NotYou { .. } => "not_you",
            Self::Forged => "forged",
            Self::NotTheRelay(_) => "not_the_relay",
            Self::Expired => "expired",
            Self::Forgotten => "forgotten",
            Self::CodeRefused => "code_refused",
            Self::Late => "late",
            Self::BrowserFailed { .. } => "browser_failed",
            Self::IdentityRefused => "identity_refused",
            Self::Maintenance => "maintenance",
            Self::PortalRefused { .. } => "portal_refused",
            Self::PortalUnreachable => "portal_unreachable",
            Self::TooLarge => "too_large",
            Self::Malformed => "malformed",
            Self::MyNumber => "my_number",
            Self::Taken => "taken",
            Self::OtherVersion => "other_version",
            Self::NotOffered => "not_offered",
            Self::RelayFault => "relay_fault",
            Self::StateUnreadable => "state_unreadable",
        }
    }

    /// The code that goes with the id, where there is one: the portal's own, or which leg.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::BrowserFailed { code } | Self::PortalRefused { code } => Some(code),
            Self::NotYou { leg: Leg::Identity, .. } => Some("identity"),
            Self::NotYou { leg: Leg::Result, .. } => Some("answer"),
            Self::NotTheRelay(doubt) => Some(doubt.id()),
            _ => None,
        }
    }

    /// The end of this id and code, as the ledger has them; none for an id of another version. In what a person
    /// differs is not in the ledger's id, so it reads back as nothing in particular.
    pub fn read(id: &str, code: Option<&str>) -> Option<Self> {
        let leg = if code == Some("identity") { Leg::Identity } else { Leg::Result };
        let doubt = code.and_then(Doubt::read).unwrap_or(Doubt::Handshake);
        let code = code_of(code.unwrap_or_default());
        let all = [
            Self::Refused,
            Self::CardExpired,
            Self::Cancelled,
            Self::Withdrawn,
            Self::Erased,
            Self::NotConfirmed,
            Self::NotYou { leg, differs: Mismatch::default() },
            Self::Forged,
            Self::NotTheRelay(doubt),
            Self::Expired,
            Self::Forgotten,
            Self::CodeRefused,
            Self::Late,
            Self::BrowserFailed { code: code.clone() },
            Self::IdentityRefused,
            Self::Maintenance,
            Self::PortalRefused { code },
            Self::PortalUnreachable,
            Self::TooLarge,
            Self::Malformed,
            Self::MyNumber,
            Self::Taken,
            Self::OtherVersion,
            Self::NotOffered,
            Self::RelayFault,
            Self::StateUnreadable,
        ];
        all.into_iter().find(|end| end.id() == id)
    }

    /// Whether the answers of earlier rounds may be kept when a later one ends so. Not where the person stopped it, and
    /// not where anything suggests that somebody else is at work.
    pub const fn spares_earlier_answers(&self) -> bool {
        match self {
            Self::Refused
            | Self::CardExpired
            | Self::Expired
            | Self::Forgotten
            | Self::CodeRefused
            | Self::Late
            | Self::BrowserFailed { .. }
            | Self::IdentityRefused
            | Self::Maintenance
            | Self::PortalRefused { .. }
            | Self::PortalUnreachable
            | Self::TooLarge
            | Self::Malformed
            | Self::OtherVersion
            | Self::NotOffered
            | Self::RelayFault => true,
            Self::Cancelled
            | Self::Withdrawn
            | Self::Erased
            | Self::NotConfirmed
            | Self::NotYou { .. }
            | Self::Forged
            | Self::NotTheRelay(_)
            | Self::MyNumber
            | Self::Taken
            | Self::StateUnreadable => false,
        }
    }
}

impl End {
    /// Whether the relay still holds the session then, and should be told to forget it.
    pub(crate) const fn leaves_a_session(&self) -> bool {
        match self {
            Self::Refused
            | Self::CardExpired
            | Self::Cancelled
            | Self::NotConfirmed
            | Self::NotYou { .. }
            | Self::Forged
            | Self::BrowserFailed { .. }
            | Self::Maintenance
            | Self::TooLarge
            | Self::Malformed => true,
            Self::Withdrawn
            | Self::Erased
            | Self::NotTheRelay(_)
            | Self::Expired
            | Self::Forgotten
            | Self::CodeRefused
            | Self::Late
            | Self::IdentityRefused
            | Self::PortalRefused { .. }
            | Self::PortalUnreachable
            | Self::MyNumber
            | Self::Taken
            | Self::OtherVersion
            | Self::NotOffered
            | Self::RelayFault
            | Self::StateUnreadable => false,
        }
    }
}

impl From<Failure> for End {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::CodeRefused => Self::CodeRefused,
            Failure::IdentityRefused => Self::IdentityRefused,
            Failure::Maintenance => Self::Maintenance,
            Failure::Portal { code } => Self::PortalRefused { code: code_of(&code) },
            Failure::Unreachable => Self::PortalUnreachable,
            Failure::Late => Self::Late,
            Failure::TooLarge => Self::TooLarge,
            Failure::Malformed => Self::Malformed,
        }
    }
}

/// Somebody else's code as it may be kept and shown: a sentence or a name does not pass.
pub(super) fn code_of(text: &str) -> String {
    text.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_').take(CODE_LENGTH).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_reads_back_from_the_ledger() {
        for id in ["refused", "not_you", "portal_refused", "not_the_relay", "state_unreadable"] {
            assert_eq!(End::read(id, Some("E01")).map(|end| end.id()), Some(id));
        }
        assert_eq!(End::read("portal_refused", Some("E01")), Some(End::PortalRefused { code: "E01".to_owned() }));
        assert_eq!(End::read("not_the_relay", Some("expired")), Some(End::NotTheRelay(Doubt::Expired)));
        assert_eq!(End::read("bored", None), None);
    }

    #[test]
    fn a_foreign_code_keeps_its_letters_only() {
        let end = End::from(Failure::Portal { code: "E-01 手帳 花子<script>".to_owned() });
        assert_eq!(end.code(), Some("E01script"));
        assert_eq!(code_of(&"x".repeat(99)).len(), CODE_LENGTH);
    }
}
