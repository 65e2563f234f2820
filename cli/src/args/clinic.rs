//! The arguments of `clinic`, `card` and `report`.

use std::path::PathBuf;

use clap::Args;
use techo_core::{
    base::PartialDate,
    insight::clinic::{Occasion, occasion, occasions},
};

use super::Lang;

/// What is shown to whom.
#[derive(Args, Debug)]
pub(crate) struct ToShow {
    #[arg(long, value_name = "NAME")]
    pub(crate) person: Option<String>,
    #[arg(long, value_name = "ID", value_parser = read_occasion)]
    pub(crate) occasion: Option<&'static Occasion>,
    #[arg(long, value_name = "ITEM,…", value_delimiter = ',')]
    pub(crate) items: Vec<String>,
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<PartialDate>,
    #[arg(long = "to", alias = "until", value_name = "DATE")]
    pub(crate) until: Option<PartialDate>,
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<PartialDate>,
    #[arg(long)]
    pub(crate) include_sensitive: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Clinic {
    #[command(flatten)]
    pub(crate) what: ToShow,
    #[arg(long, value_enum, value_name = "ja|en")]
    pub(crate) lang_for_doctor: Option<Lang>,
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=60))]
    pub(crate) minutes: Option<u32>,
}

fn read_occasion(text: &str) -> Result<&'static Occasion, String> {
    let by_name = || occasions().iter().find(|known| known.japanese == text);
    occasion(text).or_else(by_name).ok_or_else(|| {
        let known: Vec<&str> = occasions().iter().map(|known| known.id).collect();
        known.join(", ")
    })
}

#[derive(Args, Debug)]
pub(crate) struct Report {
    #[command(flatten)]
    pub(crate) what: ToShow,
    #[arg(long, value_enum, value_name = "ja|en")]
    pub(crate) lang_for_doctor: Option<Lang>,
    #[arg(long, value_name = "FILE.html")]
    pub(crate) out: PathBuf,
}

/// The emergency card. With nothing but a person it is shown.
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct Card {
    #[arg(long, value_name = "NAME")]
    pub(crate) person: Option<String>,
    #[arg(long, value_name = "FIELD=TEXT")]
    pub(crate) set: Vec<String>,
    #[arg(long, conflicts_with_all = ["off", "locked"])]
    pub(crate) show: bool,
    #[arg(long, conflicts_with_all = ["allow_without_unlocking", "only_unlocked", "set", "out"])]
    pub(crate) off: bool,
    #[arg(long, conflicts_with = "only_unlocked")]
    pub(crate) allow_without_unlocking: bool,
    #[arg(long)]
    pub(crate) only_unlocked: bool,
    #[arg(long, conflicts_with_all = ["set", "off", "allow_without_unlocking", "only_unlocked", "out"])]
    pub(crate) locked: bool,
    #[arg(long, value_name = "FILE.html|FILE.svg")]
    pub(crate) out: Option<PathBuf>,
}
