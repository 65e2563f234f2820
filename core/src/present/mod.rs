//! Floor 5: what a screen shows, sorted and labelled in the person's language, to be shown as it is. Reads only; decides
//! nothing that is stored.

mod attached;
mod board;
mod by_hand;
mod card;
mod changes;
mod chart;
mod clinic;
mod consents;
mod days;
mod details;
mod done;
mod draft;
mod due;
mod erasure;
mod explain;
mod fetch;
mod forgets;
mod growth;
mod history;
mod ledger;
mod legal;
mod links;
mod mapping;
mod medicines;
mod record;
mod recorded;
mod sensitive;
mod settings;
mod source;
mod taken;
mod timeline;
mod trouble;
mod vaccines;
mod words;
mod written;

pub use attached::Attached;
pub use board::{BoardRow, LastChange, LastCheckup, NextDue, board};
pub use by_hand::{FieldView, field_trouble_text, field_view, form};
pub use card::{CardRow, CardView, card, card_field_name, card_state_text, card_title};
pub use changes::{ChangeView, ChangesView, author_text, change, change_name, changes};
pub use chart::{
    Axes, Axis, Band, Chart, ChartLine, ChartPoint, LeftOut, Mark, ReferenceCurve, ReferenceDot, ReferenceRange, Tick, chart, chart_note,
    left_out_text, mark_of, not_charted_text, nothing_to_draw_text, series_chart,
};
pub use clinic::{
    ClinicLine, ClinicSection, ClinicView, DoseLine, LeftOutReasons, SectionId, clinic, clinic_in_depth, occasion_name, part_name,
    shown_for_text, shown_note, unknown_item_text,
};
pub use consents::{ConsentLine, consent_line, consent_standing_text, consents, out_of_reach, out_of_reach_title, withdrawn_text};
pub use days::{DayDetail, DaysPage, SampleView, day, days};
pub use done::{
    KitText, answered_text, archive_text, backup_text, code_place_text, codes_text, codes_warning, end_access_question, export_text,
    hand_over_question, handed_over_text, lacking_text, merged_text, not_carried_text, notebook_codes_title, recovery_kit, sex_name,
    slice_text, sliced_text, summary_codes_title, time_text, unfinished_text,
};
pub use draft::{DraftLine, DraftView, RefusedText, draft, draft_trouble, format_name};
pub use due::{DueRow, DueView, due};
pub use erasure::{erased_text, erasure_question};
pub use explain::{ExplainView, ExplainedItem, explain, explain_record};
pub use fetch::{
    ConsentView, DigestView, EndText, ItemLine, browse_text, consent_request, delay_text, digest, end_text, milestone_text, question_text,
    round_text, surplus_text,
};
pub use forgets::{ForgetRow, ForgetsView, forgets};
pub use growth::{GrowthRow, GrowthView, GrowthWish, growth, measure_name, reference_name};
pub use history::{HistoryView, PointId, PointView, QuantityLine, SeriesView, history, quantities};
pub use ledger::{LedgerLine, copies_elsewhere, ledger, ledger_line};
pub use legal::{LegalText, legal};
pub use links::{DifferenceLine, LinkLine, LinkText, RelatedLine, SameEvent, SourceLine, class_name, links, same_event, sources_text};
pub use mapping::{MappingView, column_text, mapping, order_text, row_text};
pub use medicines::{LeftOver, MedicineRow, MedicineSource, MedicinesView, SameText, medicines};
pub use record::{Detail, RecordView, event, record, search};
pub use sensitive::{Marked, Sensitive};
pub use settings::{AgreementLine, SettingsView, SwitchLine, lock_after_text, setting_name, settings};
pub use source::source_text;
pub use taken::{import_sum_text, not_taken_text, outcome_text, taken_text};
pub use timeline::{TimelineRow, TimelineView, timeline};
pub use trouble::{Trouble, TroubleKind, reason_text};
pub use vaccines::{VaccineRow, VaccinesView, dose_status_text, vaccination_rules, vaccines};
pub use words::{Language, date_text, kind_name, place_text, refusal_text, standing_text};
pub use written::WrittenView;
