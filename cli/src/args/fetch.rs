//! The arguments of fetching from Mynaportal and of what belongs to it: the ledger, the consents, the settings and the
//! stand-in.

use std::{collections::BTreeMap, path::PathBuf, str::FromStr};

use clap::{Args, Subcommand, ValueEnum};
use techo_core::{
    base::PartialDate,
    consent::{Basis, Item, Purpose},
};

use super::Consent;

#[derive(Args, Debug)]
pub(crate) struct Fetch {
    #[arg(long, value_name = "NAME")]
    pub(crate) person: Option<String>,
    #[arg(long, value_name = "ITEM,…", value_delimiter = ',', required_unless_present = "resume")]
    pub(crate) items: Vec<Item>,
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<PartialDate>,
    #[arg(long, value_name = "DATE")]
    pub(crate) until: Option<PartialDate>,
    #[arg(long = "as", value_enum, value_name = "self|parent|proxy", default_value = "self")]
    pub(crate) acts_as: ActsAs,
    #[arg(long, value_name = "NAME")]
    pub(crate) actor: Option<String>,
    #[arg(long, value_enum, value_name = "keep|show", default_value = "keep")]
    pub(crate) purpose: PurposeWord,
    #[arg(long, value_name = "FILE.toml")]
    pub(crate) relay: Option<PathBuf>,
    #[arg(long)]
    pub(crate) no_browser: bool,
    #[command(flatten)]
    pub(crate) consent: Consent,
    #[arg(long, value_name = "ITEM=yes|no,…", value_delimiter = ',')]
    pub(crate) answers: Vec<GivenAnswer>,
    /// `Some(None)` is `--resume` without an id: the one that is unfinished.
    #[arg(long, value_name = "ID", num_args = 0..=1, conflicts_with_all = ["items", "from", "until", "acts_as", "actor", "purpose"])]
    #[expect(clippy::option_option, reason = "how the parser says: not there, there, there with an id")]
    pub(crate) resume: Option<Option<String>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ActsAs {
    #[value(name = "self")]
    Oneself,
    Parent,
    Proxy,
}

impl From<ActsAs> for Basis {
    fn from(word: ActsAs) -> Self {
        match word {
            ActsAs::Oneself => Self::OwnCard,
            ActsAs::Parent => Self::ChildsCard,
            ActsAs::Proxy => Self::RegisteredProxy,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PurposeWord {
    Keep,
    Show,
}

impl From<PurposeWord> for Purpose {
    fn from(word: PurposeWord) -> Self {
        match word {
            PurposeWord::Keep => Self::Keep,
            PurposeWord::Show => Self::Show,
        }
    }
}

/// What an answer that is given beforehand is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Asked {
    /// An item of the request.
    Item(Item),
    /// That more comes back than was chosen, and is cut.
    Surplus,
    /// Whether it is this person who logged in or whom the answer is about, where that cannot be told.
    Person,
    /// That twelve digits are no My Number.
    Digits,
}

/// `checkup=yes`, `medication=no`, `person=yes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GivenAnswer {
    pub(crate) asked: Asked,
    pub(crate) yes: bool,
}

/// The text is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an answer is written as item=yes or item=no")]
pub(crate) struct BadAnswer;

impl FromStr for GivenAnswer {
    type Err = BadAnswer;

    fn from_str(text: &str) -> Result<Self, BadAnswer> {
        let (asked, answer) = text.split_once('=').ok_or(BadAnswer)?;
        let asked = match asked {
            "surplus" => Asked::Surplus,
            "person" => Asked::Person,
            "digits" => Asked::Digits,
            item => Asked::Item(item.parse().map_err(|_| BadAnswer)?),
        };
        let yes = match answer {
            "yes" | "はい" => true,
            "no" | "いいえ" => false,
            _ => return Err(BadAnswer),
        };
        Ok(Self { asked, yes })
    }
}

/// The answers that were given beforehand. Yes and no to the same question is a no.
pub(crate) fn given(answers: &[GivenAnswer]) -> BTreeMap<Asked, bool> {
    let mut given = BTreeMap::new();
    for answer in answers {
        given.entry(answer.asked).and_modify(|yes| *yes &= answer.yes).or_insert(answer.yes);
    }
    given
}

#[derive(Args, Debug)]
pub(crate) struct Ledger {
    #[arg(long, conflicts_with_all = ["person", "export"])]
    pub(crate) verify: bool,
    #[arg(long, value_name = "NAME")]
    pub(crate) person: Option<String>,
    /// The chain is one for everybody: a part of it would prove nothing.
    #[arg(long, value_name = "FILE.jsonl", conflicts_with = "person")]
    pub(crate) export: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Withdraw {
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    #[arg(long)]
    pub(crate) erase: bool,
    #[command(flatten)]
    pub(crate) consent: Consent,
}

#[derive(Args, Debug)]
pub(crate) struct Settings {
    #[command(subcommand)]
    pub(crate) change: Option<SettingsCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SettingsCommand {
    Reauthentication(Switch),
    HideValues(Switch),
    SecureScreen(Switch),
    Notifications(Switch),
    LockAfter(LockAfter),
    Agree(Agree),
}

#[derive(Args, Debug)]
pub(crate) struct LockAfter {
    #[arg(value_name = "1|5|15", value_parser = minutes)]
    pub(crate) minutes: u32,
}

/// One of the choices.
fn minutes(text: &str) -> Result<u32, String> {
    let choice = text.parse().ok().and_then(techo_core::vault::LockAfter::of_minutes);
    choice.map(techo_core::vault::LockAfter::minutes).ok_or_else(|| "1, 5, 15".to_owned())
}

#[derive(Args, Debug)]
pub(crate) struct Agree {
    #[arg(value_enum, value_name = "privacy|terms")]
    pub(crate) text: AgreedText,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum AgreedText {
    Privacy,
    Terms,
}

#[derive(Args, Debug)]
pub(crate) struct Legal {
    #[arg(value_enum, value_name = "privacy|terms|contact")]
    pub(crate) text: Option<LegalName>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LegalName {
    Privacy,
    Terms,
    Contact,
}

#[derive(Args, Debug)]
pub(crate) struct Switch {
    #[arg(value_enum, value_name = "on|off")]
    pub(crate) to: OnOff,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnOff {
    On,
    Off,
}

#[cfg(feature = "stand-in")]
#[derive(Args, Debug)]
pub(crate) struct PortalStandIn {
    #[arg(long, value_name = "FILE.toml")]
    pub(crate) profile_out: Option<PathBuf>,
    #[arg(long)]
    pub(crate) cards: bool,
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn an_answer_names_an_item_and_says_yes_or_no() {
        assert_eq!("checkup=yes".parse(), Ok(GivenAnswer { asked: Asked::Item(Item::Checkup), yes: true }));
        assert_eq!("person=いいえ".parse(), Ok(GivenAnswer { asked: Asked::Person, yes: false }));
        for text in ["checkup", "checkup=", "checkup=maybe", "yes", "=yes", "Checkup=yes", "checkup=yes=no"] {
            assert_eq!(text.parse::<GivenAnswer>(), Err(BadAnswer), "{text}");
        }
    }

    #[test]
    fn yes_and_no_to_the_same_item_is_a_no() {
        let answers = ["checkup=yes", "checkup=no", "care=yes"].map(|text| text.parse().unwrap());
        let given = given(&answers);
        assert_eq!(given.get(&Asked::Item(Item::Checkup)), Some(&false));
        assert_eq!(given.get(&Asked::Item(Item::Care)), Some(&true));
        assert_eq!(given.get(&Asked::Person), None);
    }
}
