//! What the relay says to the government's servers: the exchange of codes, who logged in, the request and its result.
//! Everything that came from there is judged here; nothing of it is logged.

pub(crate) mod call;
pub(crate) mod identity;
pub(crate) mod jwt;
pub(crate) mod portal;
pub(crate) mod telegram;
