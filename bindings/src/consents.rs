//! Consents: what was permitted, and taking it back.

use techo_core::{
    consent::ConsentId,
    courier::Courier,
    intake, present,
    sync::{Exchange, Reply, farewell},
    vault::PAGE,
};

use crate::{TechoError, Vault, fetch::read_profile, redacted::redacted, room::now, words::time_text};

/// A consent, ready to show.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ConsentLine {
    /// Its id, and that of its fetch.
    pub id: String,
    /// Whose data; or that the person was erased.
    pub person_name: String,
    /// When it was asked, for the screen; empty where the ledger does not say.
    pub asked_text: String,
    /// What was granted and declined, who obtains it and how many documents came, in one line; empty where its words were erased.
    pub items_text: String,
    /// Where it stands.
    pub standing_text: String,
    /// Whether there is something to take back, or to erase.
    pub can_withdraw: bool,
    /// How many documents came by it and are here.
    pub documents: u32,
}

redacted!(ConsentLine);

#[uniffi::export]
impl Vault {
    /// *Quick.* The consents that the ledger tells of, the newest first, at most 100.
    pub fn consents(&self) -> Result<Vec<ConsentLine>, TechoError> {
        let line = |line: present::ConsentLine| ConsentLine {
            id: line.id.to_string(),
            person_name: line.name,
            asked_text: line.asked.map(time_text).unwrap_or_default(),
            items_text: line.about.unwrap_or_default(),
            standing_text: line.standing_text.to_owned(),
            can_withdraw: line.can_be_withdrawn,
            documents: u32::try_from(line.documents.len()).unwrap_or(u32::MAX),
        };
        let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
        Ok(present::consents(&self.room.vault, self.room.language())?.into_iter().take(page).map(line).collect())
    }

    /// *Quick.* What others were given by a consent and cannot be recalled from here, a line each; the first is the heading. Nothing
    /// where it was never used.
    pub fn withdrawal_text(&self, id: String) -> Result<Vec<String>, TechoError> {
        self.out_of_reach(id.parse()?)
    }

    /// *Long.* Takes a consent back. A fetch that runs is ended, and the relay is told to forget it where `profile` is its relay's.
    /// With `erase` what came by the consent is erased; that needs presence. Gives what was done and what is out of reach.
    pub fn withdraw(&self, id: String, erase: bool, profile: Option<String>) -> Result<Vec<String>, TechoError> {
        let id: ConsentId = id.parse()?;
        // Asked before anything is erased: afterwards the ledger no longer says whose exports they were.
        let out_of_reach = self.out_of_reach(id)?;
        let farewell = profile.and_then(|profile| self.farewell(id, &profile));
        let withdrawn = self.room.vault.withdraw_consent(id, erase, now())?;
        intake::reconcile(&self.room.vault).ok();
        // What counts is done; the relay forgets by itself, too, only later.
        let relay_told = withdrawn.running_fetch_ended.then(|| {
            farewell.is_some_and(|(courier, exchange)| matches!(courier.carry(&exchange), Reply::Answered { status: 200..300 | 404, .. }))
        });
        let mut lines = present::withdrawn_text(&withdrawn, relay_told, self.room.language());
        lines.extend(out_of_reach);
        Ok(lines)
    }
}

impl Vault {
    fn out_of_reach(&self, id: ConsentId) -> Result<Vec<String>, TechoError> {
        let language = self.room.language();
        let mut lines = present::out_of_reach(&self.room.vault, &self.room.vault.consent(id)?, language)?;
        if !lines.is_empty() {
            lines.insert(0, present::out_of_reach_title(language).to_owned());
        }
        Ok(lines)
    }

    /// What makes the relay forget, taken before the withdrawal takes it away. Without a fitting profile nobody is told.
    fn farewell(&self, id: ConsentId, profile: &str) -> Option<(Courier, Exchange)> {
        let profile = read_profile(profile).ok()?;
        let exchange = farewell(&self.room.vault, id, &profile).ok()??;
        Some((Courier::new(&profile).ok()?, exchange))
    }
}
