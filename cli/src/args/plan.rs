//! The arguments of what is to be done: `vaccines` and `due`.

use std::path::PathBuf;

use clap::Args;
use techo_core::base::PartialDate;

#[derive(Args, Debug)]
pub(crate) struct Vaccines {
    #[arg(long, value_name = "NAME")]
    pub(crate) person: Option<String>,
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<PartialDate>,
}

#[derive(Args, Debug)]
pub(crate) struct Due {
    #[arg(long, value_name = "NAME")]
    pub(crate) person: Option<String>,
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<PartialDate>,
    #[arg(long, value_name = "FILE.ics")]
    pub(crate) calendar: Option<PathBuf>,
    #[arg(long, requires = "calendar")]
    pub(crate) plain_words: bool,
}
