//! The arguments of `hand-over` and `slice`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use techo_core::base::PartialDate;

use super::{ArchivePassphrase, Consent};

#[derive(Args, Debug)]
pub(crate) struct HandOver {
    #[arg(long, value_name = "NAME")]
    pub(crate) person: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    #[arg(long, required_unless_present = "end_access", conflicts_with = "end_access")]
    pub(crate) keep_access: bool,
    #[arg(long)]
    pub(crate) end_access: bool,
    #[arg(long, value_name = "15|18", default_value_t = 18)]
    pub(crate) age: u32,
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<PartialDate>,
    #[command(flatten)]
    pub(crate) archive: ArchivePassphrase,
    #[command(flatten)]
    pub(crate) consent: Consent,
}

#[derive(Args, Debug)]
pub(crate) struct Slice {
    #[arg(long, value_name = "NAME")]
    pub(crate) person: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    #[arg(long, value_enum, value_name = "growth")]
    pub(crate) only: Option<SliceOf>,
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<PartialDate>,
    #[arg(long, value_name = "DATE")]
    pub(crate) until: Option<PartialDate>,
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
    #[arg(long)]
    pub(crate) include_sensitive: bool,
    #[arg(long)]
    pub(crate) with_hidden: bool,
    #[command(flatten)]
    pub(crate) archive: ArchivePassphrase,
}

/// What a slice is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SliceOf {
    Growth,
}

impl SliceOf {
    /// The id in the file.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Growth => "growth",
        }
    }
}
