//! The core as Kotlin and Swift call it. This crate converts and never decides: what is decided is decided in `techo_core`.
//!
//! Few objects (`Vault`, `ImportDraft`, `ConsentQuestion`, `SyncSession`), plain records, no callbacks: long work is done in
//! steps, and who calls may stop by not calling. The first words of every function say how long it may take: *instant* (on
//! any thread), *quick* (below 50 ms on a phone) or *long*; quick and long are never called on the thread that draws.
//! `surface.txt` lists everything that is exported, and a test holds it to that. Records print their name and nothing else.
#![expect(clippy::needless_pass_by_value, reason = "what comes from Kotlin and Swift comes as a value")]

mod card;
mod charts;
mod clinic;
mod codes;
mod consents;
mod days;
mod errors;
mod export;
mod family;
mod fetch;
mod hand_over;
mod import;
mod keep;
mod keys;
mod ledger;
mod legal;
mod links;
mod marks;
mod medicines;
mod pen;
mod people;
mod plan;
mod reading;
mod redacted;
mod room;
mod settings;
mod trouble;
mod vault;
mod words;

pub use card::{CardRow, CardSheet, CardState, CardWord, erase_card, open_card};
pub use charts::{ChartBand, ChartLine, ChartMark, ChartPoint, ChartRow, ChartTick, ChartView, QuantityLine};
pub use clinic::{ClinicChoice, ClinicName, ClinicPart, ClinicRow, ClinicScreen, clinic_occasions, clinic_parts};
pub use codes::{CodeSquares, CodesForm, CodesView};
pub use consents::ConsentLine;
pub use days::{DayLine, DayView, DaysPage, SampleLine};
pub use errors::TechoError;
pub use export::{ArchiveDone, ArchivePerson, Erased, Erasure, ExportDone, ExportFormat, restore};
pub use family::{BoardRow, ExplainView, ExplainedItem, ForgetRow, ForgetsView, GrowthChart, GrowthCurve, GrowthRow, GrowthView};
pub use fetch::{
    ActsAs, ConsentAnswered, ConsentItem, ConsentQuestion, ConsentView, DigestView, FetchState, FetchStep, FetchWish, ItemName, ReturnTo,
    SyncSession, UnfinishedFetch, fetch_items,
};
pub use hand_over::{HandOverQuestion, SliceWish};
pub use import::{DraftDocument, DraftView, ImportDone, ImportDraft, RefusedLine};
pub use keep::{TableColumn, TableReading};
pub use keys::{Key, NewKeys, RecoveryKit, SlotKind, make_device_secret, slot_kinds, vault_exists};
pub use ledger::{LedgerLine, LedgerPage};
pub use legal::{LegalKind, LegalText, legal_text};
pub use links::{EventDifference, EventSource, RelatedEvent, SameEvent};
pub use marks::{AttachedDocument, Mark, Written};
pub use medicines::{LeftOver, MedicineRow, MedicinesView};
pub use pen::{ChangeRow, ChangesPage, EntryDone, FieldTrouble, FieldValue, FormChoice, FormField, Writer};
pub use people::{NewPerson, PersonView, Sex};
pub use plan::{DoseLine, DueItem, DuePage, VaccinationPlan};
pub use reading::{Detail, EventView, KindName, Original, RecordView, SearchPage, TimelinePage, TimelineQuery, TimelineRow};
pub use settings::{Agreement, Setting, Settings, SwitchLine};
pub use trouble::{Trouble, error_text};
pub use vault::{Position, RootLine, Vault, Verification};
pub use words::{Language, version};

uniffi::setup_scaffolding!("techo");
