//! `qr`: a notebook for a pharmacy or a summary for a clinic as QR codes, one picture each. No server is asked.

use std::{
    fs,
    path::{Path, PathBuf},
};

use image::{GrayImage, ImageFormat, Luma};
use techo_core::{
    formats::qr::{QUIET, Squares},
    present::{self, Marked},
    transfer::{self, Choice, CodesForm, TransferError},
    vault::{StoredDay, StoredEvent},
};

use super::{
    Names, door,
    export::{Sensitive, nothing_written, of_file, refuse_existing, tell_lacking},
    now, one_person,
};
use crate::{
    Session,
    args::Qr,
    exit::{Exit, Failure},
    json,
    terminal::plain,
    words::{Word, say},
};

/// Pixels on the side of a square: as sharp on a printer as on a screen.
const PIXELS: u32 = 8;

pub(super) fn qr(session: &Session, arguments: &Qr) -> Result<Exit, Failure> {
    let vault = door::open_present(session)?;
    let person = one_person(&vault, arguments.what.person.as_deref(), session)?;
    refuse_existing(&arguments.out)?;
    let sensitive = Sensitive::of(&vault, Some(person.id))?;
    let is_withheld = |stored: &StoredEvent, place: usize| sensitive.has(stored, place);
    let is_day_withheld = |day: &StoredDay| Marked::day_reason(day).is_some();
    let choice = Choice {
        person: Some(person.id),
        kinds: &arguments.what.kind,
        from: arguments.what.from,
        until: arguments.what.until,
        withhold: (!arguments.what.include_sensitive).then_some(&is_withheld),
        withhold_day: (!arguments.what.include_sensitive).then_some(&is_day_withheld),
        ..Choice::default()
    };
    let form = CodesForm::from(arguments.form);
    let made = match transfer::show_codes(&vault, &choice, form, now()) {
        Err(TransferError::NothingToWrite { not_carried }) => return nothing_written(session, form.id(), &not_carried),
        made => made?,
    };
    let files = write_all(&arguments.out, &made.codes).map_err(of_file(&arguments.out))?;
    if session.json {
        let names = Names::of(&vault)?;
        let people = made.exported.people.iter().map(|root| names.root_line(root)).collect();
        let codes = files.iter().map(|file| file.display().to_string()).collect();
        session.print(&json::line(&json::QrLine { codes, export: super::export::export_line(form.id(), None, people, &made.exported) }))?;
        return Ok(Exit::Done);
    }
    let count = files.len().to_string();
    let folder = plain(&arguments.out.display().to_string());
    session.print(&say(Word::CodesMade, session.language, &[("count", &count), ("folder", &folder)]))?;
    session.print(&present::export_text(made.exported.people.len(), made.exported.records(), session.language))?;
    tell_lacking(session, &made.exported)?;
    crate::note(Word::CodesWarning.text(session.language));
    Ok(Exit::Done)
}

/// Writes the pictures into a new folder; where one cannot be written, none stays.
fn write_all(folder: &Path, codes: &[Squares]) -> Result<Vec<PathBuf>, TransferError> {
    fs::create_dir(folder)?;
    let width = codes.len().to_string().len().max(2);
    let mut files = Vec::new();
    for (number, code) in (1..).zip(codes) {
        let path = folder.join(format!("code-{number:0width$}-of-{:0width$}.png", codes.len()));
        if let Err(error) = picture(code).save_with_format(&path, ImageFormat::Png) {
            let _gone = fs::remove_dir_all(folder);
            return Err(match error {
                image::ImageError::IoError(error) => error.into(),
                _ => TransferError::Internal(40),
            });
        }
        files.push(path);
    }
    Ok(files)
}

/// A code with its empty border.
fn picture(code: &Squares) -> GrayImage {
    let quiet = u32::try_from(QUIET).unwrap_or(4);
    let side = (u32::try_from(code.side()).unwrap_or_default() + 2 * quiet) * PIXELS;
    let mut picture = GrayImage::from_pixel(side, side, Luma([255]));
    for (y, row) in (quiet..).zip(code.rows()) {
        for (x, _) in (quiet..).zip(row).filter(|(_, dark)| **dark) {
            for (down, right) in (0..PIXELS).flat_map(|down| (0..PIXELS).map(move |right| (down, right))) {
                picture.put_pixel(x * PIXELS + right, y * PIXELS + down, Luma([0]));
            }
        }
    }
    picture
}
