//! The arguments of `clinic`, `card` and `report`.

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
}

fn read_occasion(text: &str) -> Result<&'static Occasion, String> {
    let by_name = || occasions().iter().find(|known| known.japanese == text);
    occasion(text).or_else(by_name).ok_or_else(|| {
        let known: Vec<&str> = occasions().iter().map(|known| known.id).collect();
        known.join(", ")
    })
}
