//! The scenarios of `tests/scenarios`, played by the real `techo` program: the same stories that the other shells play with
//! their own views. One test for each file, by its name; what came of them is written down for `cargo xtask scenarios`.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod family;
mod pen;
mod program;
mod reading;
mod results;
mod shell;
mod verbs;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

macro_rules! scenarios {
    ($($name:ident,)*) => {
        $(#[test]
        fn $name() {
            play(stringify!($name));
        })*

        /// The scenarios that are played, by the names of their files.
        fn played() -> Vec<String> {
            vec![$(stringify!($name).replace('_', "-")),*]
        }
    };
}

scenarios! {
    another_persons_document,
    checkup_explained,
    checkup_explained_in_english,
    clinic,
    damaged_vault,
    document_with_title,
    edit_and_undo,
    emergency_card,
    erase_a_document,
    export,
    fetch_with_consent,
    fetch_with_consent_in_english,
    first_start,
    growth,
    hand_entry,
    history_with_chart,
    home_blood_pressure,
    import_a_file,
    kinds_of_a_child,
    kinds_of_a_mother,
    linked_checkups,
    lock,
    lost_wal,
    medicines,
    no_consent_no_fetch,
    one_record,
    report_and_codes,
    search,
    settings,
    somebody_elses_card,
    timeline,
    timeline_in_english,
    two_children,
    vaccination_plan,
    what_the_state_forgets,
    withdraw,
    wrong_passphrase,
}

/// Plays one and writes down how it ended.
fn play(name: &str) {
    let name = name.replace('_', "-");
    let played = catch_unwind(AssertUnwindSafe(|| verbs::play(&reading::scenario(&name))));
    let reason = played.as_ref().err().map(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
    });
    results::note(&name, reason.as_deref().unwrap_or("passed"));
    if let Err(panic) = played {
        resume_unwind(panic);
    }
}

#[test]
fn every_scenario_has_its_test_and_every_test_its_scenario() {
    assert_eq!(reading::names(), played());
}
