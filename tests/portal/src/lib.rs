//! Stands in for Mynaportal (自己情報取得API) and デジタル認証アプリ, for tests and the demo: strict where the real ones are,
//! with a synthetic family, on loopback ports, and with faults to order. Nothing in it is real, and no id or code of its
//! own can be.

mod answer;
mod browser;
mod callback;
mod card;
mod chromium;
mod citizen;
mod clock;
mod document;
mod door;
mod error;
mod id_token;
mod identity;
mod journal;
mod jws;
mod logs;
mod orders;
mod pages;
mod parameters;
mod portal;
mod registration;
mod resource;
mod serve;
pub mod service;
mod stand_in;
mod telegram;
#[cfg(test)]
mod tests;
pub mod tls;
mod town;
mod town_thread;
mod world;

pub use card::{Card, PIN, Person, Sex};
pub use chromium::{Chromium, is_browser_to_be_had, is_chromium_here, keep_picture};
pub use citizen::{Arrival, Citizen, Visit};
pub use clock::Clock;
pub use error::StandInError;
pub use journal::{Door, Journal, Leg, Line, Outcome};
pub use jws::SigningKey;
pub use logs::Logs;
pub use orders::{Fault, Malformed, Orders, TokenFlaw};
pub use registration::Registration;
pub use stand_in::StandIn;
pub use town::{ApiFace, Plan, Town};
pub use town_thread::{Browser, TownThread};
pub use world::Addresses;
