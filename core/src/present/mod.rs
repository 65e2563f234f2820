//! Floor 5: what a screen shows, sorted and labelled in the person's language, to be shown as it is. Reads only; decides
//! nothing that is stored.

mod attached;
mod by_hand;
mod changes;
mod chart;
mod consents;
mod days;
mod details;
mod done;
mod draft;
mod erasure;
mod fetch;
mod history;
mod ledger;
mod legal;
mod links;
mod mapping;
mod medicines;
mod record;
mod sensitive;
mod settings;
mod taken;
mod timeline;
mod trouble;
mod words;
mod written;

pub use attached::Attached;
pub use by_hand::{FieldView, field_trouble_text, field_view, form};
pub use changes::{ChangeView, ChangesView, author_text, change, change_name, changes};
pub use chart::{
    Axes, Axis, Band, Chart, ChartLine, ChartPoint, LeftOut, Mark, ReferenceRange, Tick, chart, chart_note, left_out_text, mark_of,
    not_charted_text, nothing_to_draw_text, series_chart,
};
pub use consents::{ConsentLine, consent_line, consent_standing_text, consents, out_of_reach, out_of_reach_title, withdrawn_text};
pub use days::{DayDetail, DaysPage, SampleView, day, days};
pub use done::{
    KitText, answered_text, archive_text, backup_text, export_text, merged_text, not_carried_text, recovery_kit, sex_name, time_text,
    unfinished_text,
};
pub use draft::{DraftLine, DraftView, RefusedText, draft, draft_trouble, format_name};
pub use erasure::{erased_text, erasure_question};
pub use fetch::{
    ConsentView, DigestView, EndText, ItemLine, browse_text, consent_request, delay_text, digest, end_text, milestone_text, question_text,
    round_text, surplus_text,
};
pub use history::{HistoryView, PointId, PointView, QuantityLine, SeriesView, history, quantities};
pub use ledger::{LedgerLine, copies_elsewhere, ledger, ledger_line};
pub use legal::{LegalText, legal};
pub use links::{DifferenceLine, LinkLine, LinkText, RelatedLine, SameEvent, SourceLine, class_name, links, same_event, sources_text};
pub use mapping::{MappingView, column_text, mapping, order_text, row_text};
pub use medicines::{LeftOver, MedicineRow, MedicineSource, MedicinesView, SameText, medicines};
pub use record::{Detail, RecordView, event, record, search};
pub use sensitive::{Marked, Sensitive};
pub use settings::{AgreementLine, SettingsView, SwitchLine, lock_after_text, setting_name, settings};
pub use taken::{import_sum_text, not_taken_text, outcome_text, taken_text};
pub use timeline::{TimelineRow, TimelineView, timeline};
pub use trouble::{Trouble, TroubleKind, reason_text};
pub use words::{Language, date_text, kind_name, place_text, refusal_text, standing_text};
pub use written::WrittenView;
