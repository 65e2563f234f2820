//! Floor 3: the conversation with Mynaportal as steps. Thinks, and never does: no sockets, no clock, nothing at rest.
//! What is to be sent is a value, and what came back is brought to it.

mod browser;
mod end;
mod exchange;
mod identity;
mod round;
mod secrets;
mod wire;

pub use browser::ForeignRedirect;
pub use end::End;
pub use exchange::{Doubt, Exchange, Method, Reply, Trouble};
pub use identity::{Doubtful, Login, Match, Question, compare, judge_login, subject_of};
pub(crate) use round::{Answer, Misfit, Step};
pub use round::{Delay, Milestone};
pub(crate) use secrets::Secrets;
pub use techo_protocol::{message::Return, profile::Profile, seal::Leg};
pub(crate) use wire::{Conversation, Round, read_answer, read_identity, receipt};
