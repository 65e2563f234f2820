//! What the relay says to the government's servers.

pub mod jwt;
