//! The arguments of what leaves the notebook and what comes back of it: files, codes, backups.

use std::{path::PathBuf, str::FromStr};

use clap::{Args, ValueEnum};
use techo_core::{
    base::PartialDate,
    terms::Kind,
    transfer::CodesForm,
    vault::{BadRowId, DayId, EventId},
};

use super::{ArchivePassphrase, Consent};

/// Whose records leave, and which of them.
#[derive(Args, Debug)]
pub(crate) struct Leaving {
    #[arg(long, value_name = "NAME")]
    pub(crate) person: Option<String>,
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    pub(crate) kind: Vec<Kind>,
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<PartialDate>,
    #[arg(long, value_name = "DATE")]
    pub(crate) until: Option<PartialDate>,
    #[arg(long)]
    pub(crate) include_sensitive: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Qr {
    #[arg(long = "as", value_enum, value_name = "jahis|ips")]
    pub(crate) form: QrForm,
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) what: Leaving,
}

/// What QR codes hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum QrForm {
    Jahis,
    Ips,
}

impl From<QrForm> for CodesForm {
    fn from(form: QrForm) -> Self {
        match form {
            QrForm::Jahis => Self::Notebook,
            QrForm::Ips => Self::Summary,
        }
    }
}

#[derive(Args, Debug)]
pub(crate) struct Export {
    #[arg(long, value_enum, value_name = "originals|techo|fhir|csv|ips|phr|jahis|kenshin|portal")]
    pub(crate) format: ExportFormat,
    #[arg(long, value_name = "PATH")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) what: Leaving,
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub(crate) event: Vec<NamedId>,
    #[arg(long)]
    pub(crate) with_hidden: bool,
    #[arg(long, value_enum, value_name = "days|each")]
    pub(crate) samples: Option<Samples>,
    #[arg(long)]
    pub(crate) plain: bool,
    #[command(flatten)]
    pub(crate) archive: ArchivePassphrase,
    #[command(flatten)]
    pub(crate) consent: Consent,
}

/// An event, or a day of what was measured at home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NamedId {
    Event(EventId),
    Day(DayId),
}

impl FromStr for NamedId {
    type Err = BadRowId;

    fn from_str(text: &str) -> Result<Self, BadRowId> {
        text.parse().map(Self::Event).or_else(|_| text.parse().map(Self::Day))
    }
}

/// How finely what was measured at home leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Samples {
    Days,
    Each,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    Originals,
    Techo,
    Fhir,
    Csv,
    Ips,
    Phr,
    Jahis,
    Kenshin,
    Portal,
}

impl ExportFormat {
    /// Whether documents leave whole, so that nothing smaller can be chosen.
    pub(crate) const fn is_whole(self) -> bool {
        matches!(self, Self::Originals | Self::Techo)
    }

    /// Whether what the institutions printed leaves with it.
    pub(crate) const fn has_originals(self) -> bool {
        matches!(self, Self::Originals | Self::Portal)
    }

    /// Whether it is made to be handed to somebody, so that what is sensitive stays behind unless it is chosen.
    pub(crate) const fn is_hand_over(self) -> bool {
        matches!(self, Self::Fhir | Self::Ips | Self::Phr | Self::Jahis | Self::Kenshin)
    }

    /// The id, as in JSON.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Originals => "originals",
            Self::Techo => "techo",
            Self::Fhir => "fhir",
            Self::Csv => "csv",
            Self::Ips => "ips",
            Self::Phr => "phr",
            Self::Jahis => "jahis",
            Self::Kenshin => "kenshin",
            Self::Portal => "portal",
        }
    }
}

#[derive(Args, Debug)]
pub(crate) struct Backup {
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) archive: ArchivePassphrase,
}

#[derive(Args, Debug)]
pub(crate) struct Restore {
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) archive: ArchivePassphrase,
    #[arg(long)]
    pub(crate) no_keystore: bool,
}
