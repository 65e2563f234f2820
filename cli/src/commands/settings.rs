//! `settings`: what is set, and setting it; `legal`: the texts that a person agrees to.

use techo_core::{
    consent::LegalKind,
    present,
    vault::{LockAfter, Setting},
};

use super::{door, instant, ledger::local, now};
use crate::{
    Session,
    args::{self, AgreedText, LegalName, OnOff, SettingsCommand, Switch},
    exit::{Exit, Failure},
    json,
    terminal::{Page, plain},
};

pub(super) fn settings(session: &Session, arguments: &args::Settings) -> Result<Exit, Failure> {
    let vault = match &arguments.change {
        // Switching the guard off is what it guards from.
        Some(SettingsCommand::Reauthentication(Switch { to: OnOff::Off })) => door::open_present(session)?,
        _ => door::open(session)?,
    };
    let set = |setting: Setting, switch: &Switch| vault.set_setting(setting, switch.to == OnOff::On, now());
    match &arguments.change {
        None => {}
        Some(SettingsCommand::Reauthentication(switch)) => set(Setting::Reauthenticate, switch)?,
        Some(SettingsCommand::HideValues(switch)) => set(Setting::HideValues, switch)?,
        Some(SettingsCommand::SecureScreen(switch)) => set(Setting::SecureScreen, switch)?,
        Some(SettingsCommand::Notifications(switch)) => set(Setting::Notifications, switch)?,
        Some(SettingsCommand::LockAfter(after)) => {
            vault.set_lock_after(LockAfter::of_minutes(after.minutes).ok_or(Exit::Usage)?, now())?;
        }
        Some(SettingsCommand::Agree(text)) => {
            let kind = match text.text {
                AgreedText::Privacy => LegalKind::Privacy,
                AgreedText::Terms => LegalKind::Terms,
            };
            vault.agree(kind, present::legal(kind, session.language).version, now())?;
        }
    }
    let view = present::settings(&vault, session.language)?;
    if !session.json {
        for switch in &view.switches {
            session.print(&switch.text)?;
        }
        session.print(&view.lock_after_text)?;
        for line in &view.agreements {
            let at = line.at.map(|at| format!(" ({})", local(&instant(at)))).unwrap_or_default();
            session.print(&format!("{}{at}", line.text))?;
        }
        return Ok(Exit::Done);
    }
    let line = |setting: &str, on: Option<bool>, value: Option<u32>, at: Option<String>| {
        session.print(&json::line(&json::SettingLine { setting, on, value, at }))
    };
    for switch in &view.switches {
        line(switch.setting.id(), Some(switch.is_on), None, None)?;
    }
    line("lock_after", None, Some(view.lock_after.minutes()), None)?;
    for agreed in &view.agreements {
        let name = format!("agreed_{}", agreed.kind.id());
        line(&name, Some(agreed.is_current), agreed.version, agreed.at.map(instant))?;
    }
    Ok(Exit::Done)
}

pub(super) fn legal(session: &Session, arguments: &args::Legal) -> Result<Exit, Failure> {
    let kinds: Vec<LegalKind> = match arguments.text {
        None => LegalKind::ALL.to_vec(),
        Some(LegalName::Privacy) => vec![LegalKind::Privacy],
        Some(LegalName::Terms) => vec![LegalKind::Terms],
        Some(LegalName::Contact) => vec![LegalKind::Contact],
    };
    let mut page = Page::open(session.surface);
    let shown = kinds.into_iter().try_for_each(|kind| show(session, &mut page, kind));
    session.finish(page)?;
    shown.map(|()| Exit::Done)
}

fn show(session: &Session, page: &mut Page, kind: LegalKind) -> Result<(), Failure> {
    let text = present::legal(kind, session.language);
    if session.json {
        let line = json::LegalLine { text: kind.id(), version: text.version, title: text.title, paragraphs: text.paragraphs };
        return session.line(page, &json::line(&line));
    }
    session.line(page, &format!("{} {}", text.title, text.version_text))?;
    for paragraph in text.paragraphs {
        session.line(page, "")?;
        session.line(page, &plain(paragraph))?;
    }
    session.line(page, "")
}
