//! Samples on their way out: by days or one by one, chosen by day, held back, and counted where a format has no place.

use std::{fs, io::Cursor};

use techo_core::{
    formats::NotCarried,
    intake::{Permissions, SeriesKind, take_series},
    present::{Language, Marked},
    terms::Kind,
    transfer::{self, Choice, Exported, SampleDetail, TransferError},
    vault::{DayId, StoredDay},
};

use crate::fixtures::{Notebook, export, notebook, now, records, zipped};

/// Three days: of each three samples of steps and one of weight, and some more on the first.
fn measured() -> Notebook {
    let notebook = notebook();
    let zip = zipped(&export(&records(3)));
    take_series(
        &notebook.vault,
        &notebook.hanako,
        &mut Cursor::new(zip),
        Some("a.zip"),
        SeriesKind::AppleHealth,
        Permissions::default(),
        now(),
    )
    .unwrap();
    notebook
}

/// Every day of every quantity, with how many samples it has.
fn days(notebook: &Notebook) -> Vec<(DayId, String, u64)> {
    let lines = notebook.vault.sample_lines(notebook.hanako.id).unwrap();
    let of_line = |line| notebook.vault.sample_days(line, None, None, None, 100).unwrap();
    lines.iter().flat_map(|line| of_line(line).into_iter().map(|day| (day.id, line.quantity.clone(), u64::from(day.sum.count)))).collect()
}

fn missing(done: &Exported, reason: NotCarried) -> u64 {
    done.not_carried.iter().filter(|one| one.reason == reason && one.kind == Kind::Measurement).map(|one| one.records).sum()
}

#[test]
fn every_format_says_what_became_of_the_samples() {
    let notebook = measured();
    let (vault, out) = (&notebook.vault, notebook.home.path().join("out"));
    let all = Choice { kinds: &[Kind::Measurement], ..Choice::of(Some(notebook.hanako.id)) };
    let counts: Vec<u64> = days(&notebook).into_iter().map(|(.., count)| count).collect();
    let (days, samples) = (counts.len() as u64, counts.iter().sum::<u64>());
    let alone = counts.iter().filter(|count| **count == 1).count() as u64;
    assert!(days > 6 && samples > days && alone > 0);

    let by_day = transfer::export_fhir(vault, &all, &out, now(), &mut |_| {}).unwrap();
    assert!(by_day.records() >= days);
    assert_eq!(missing(&by_day, NotCarried::DayOnly), samples - alone);
    let each = transfer::export_fhir_in_detail(vault, &all, SampleDetail::Each, &out, now(), &mut |_| {}).unwrap();
    assert_eq!((each.records() - by_day.records(), missing(&each, NotCarried::DayOnly)), (samples - days, 0));
    let phr = transfer::export_phr(vault, &all, &out, now(), &mut |_| {}).unwrap();
    assert_eq!((phr.records(), missing(&phr, NotCarried::DayOnly)), (by_day.records(), samples - alone));
    assert!(fs::read_to_string(&out).unwrap().contains("自己測定（歩数）"));
    let summary = transfer::export_summary(vault, &all, &out, now(), &mut |_| {}).unwrap();
    assert!(missing(&summary, NotCarried::NoPlace) >= samples);
    let table = transfer::export_csv(vault, &all, &out, Language::Japanese, now(), &mut |_| {}).unwrap();
    assert_eq!(table.records() - each.records(), 0);
    let writers = [transfer::export_notebook, transfer::export_checkups, transfer::export_portal];
    for (write, reason) in writers.into_iter().zip([NotCarried::NoPlace, NotCarried::NoPlace, NotCarried::NotFromPortal]) {
        let Err(TransferError::NothingToWrite { not_carried }) = write(vault, &all, &out, now(), &mut |_| {}) else { unreachable!() };
        let done = Exported { not_carried, ..Exported::default() };
        assert!(missing(&done, reason) >= samples, "{done:?}");
    }
}

#[test]
fn a_day_can_be_chosen_and_held_back() {
    let notebook = measured();
    let (vault, out) = (&notebook.vault, notebook.home.path().join("out"));
    let steps = days(&notebook).into_iter().find(|(_, quantity, count)| quantity == "steps" && *count == 3).unwrap().0;
    let one = [steps];
    let choice = Choice { days: &one, ..Choice::of(Some(notebook.hanako.id)) };
    let table = transfer::export_csv(vault, &choice, &out, Language::Japanese, now(), &mut |_| {}).unwrap();
    assert_eq!(table.records(), 3);
    let held = |day: &StoredDay| day.quantity == "steps";
    let choice = Choice { withhold_day: Some(&held), ..choice };
    for export in [transfer::export_fhir, transfer::export_phr] {
        let done = export(vault, &choice, &out, now(), &mut |_| {}).unwrap();
        assert_eq!((done.records(), missing(&done, NotCarried::Withheld)), (0, 3));
        assert!(!fs::read_to_string(&out).unwrap().contains("歩数"));
    }
    assert!(Marked::day_reason(&vault.sample_day(steps, 0).unwrap()).is_none(), "steps are nothing to be careful about");
}
