//! `report`: one self-contained HTML for a visit, to read or to print.

use techo_core::{
    present::{self, Language},
    transfer::{self, ReportOf},
};

use super::{clinic, door, export, now, one_person};
use crate::{
    Session,
    args::Report,
    exit::{Exit, Failure},
    words::Word,
};

pub(super) fn report(session: &Session, arguments: &Report) -> Result<Exit, Failure> {
    let selection = clinic::selection(session, &arguments.what)?;
    let vault = door::open_present(session)?;
    let person = one_person(&vault, arguments.what.person.as_deref(), session)?;
    export::refuse_existing(&arguments.out)?;
    let language = arguments.lang_for_doctor.map_or(session.language, Language::from);
    let of = ReportOf { person: person.id, selection: &selection, on: clinic::day(&arguments.what), language };
    let done = transfer::export_report(&vault, of, &arguments.out, now()).map_err(export::of_file(&arguments.out))?;
    export::tell_written(session, &vault, &done, "report", &arguments.out, present::export_text)?;
    if !session.json {
        crate::note(Word::PlainWarning.text(session.language));
    }
    Ok(Exit::Done)
}
