//! The arguments of `attach`, `hide`, `unhide`, `sensitive` and `medicines`.

use clap::Args;
use techo_core::base::PartialDate;

use super::{PenArgs, ScanArgs};

#[derive(Args, Debug)]
pub(crate) struct Attach {
    #[arg(value_name = "RECORD|EVENT")]
    pub(crate) id: String,
    #[arg(value_name = "FILE|DOCUMENT")]
    pub(crate) document: String,
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<PartialDate>,
    #[command(flatten)]
    pub(crate) scan: ScanArgs,
    #[command(flatten)]
    pub(crate) pen: PenArgs,
}

#[derive(Args, Debug)]
pub(crate) struct Decide {
    #[arg(value_name = "RECORD|EVENT")]
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) pen: PenArgs,
}

#[derive(Args, Debug)]
pub(crate) struct MarkSensitive {
    #[arg(value_name = "RECORD|EVENT")]
    pub(crate) id: String,
    #[arg(long)]
    pub(crate) undo: bool,
    #[command(flatten)]
    pub(crate) pen: PenArgs,
}

#[derive(Args, Debug)]
pub(crate) struct Medicines {
    #[arg(long, value_name = "NAME")]
    pub(crate) person: Option<String>,
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<PartialDate>,
    #[arg(long)]
    pub(crate) hidden: bool,
}
