//! The arguments of `growth`, `forgets`, `explain` and `board`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use techo_core::{
    base::PartialDate,
    insight::growth::{Measure, Reference},
};

#[derive(Args, Debug)]
pub(crate) struct Growth {
    #[arg(long, value_name = "NAME")]
    pub(crate) person: Option<String>,
    #[arg(long, value_enum, value_name = "weight|height|head|bmi")]
    pub(crate) measure: Option<MeasureWord>,
    #[arg(long, value_enum, value_name = "2023|2000|who")]
    pub(crate) reference: Option<ReferenceWord>,
    #[arg(long)]
    pub(crate) uncorrected: bool,
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<PartialDate>,
    #[arg(long, value_name = "FILE.svg")]
    pub(crate) svg: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MeasureWord {
    #[value(aliases = ["体重"])]
    Weight,
    #[value(aliases = ["身長"])]
    Height,
    #[value(aliases = ["頭囲"])]
    Head,
    Bmi,
}

impl From<MeasureWord> for Measure {
    fn from(word: MeasureWord) -> Self {
        match word {
            MeasureWord::Weight => Self::Weight,
            MeasureWord::Height => Self::Height,
            MeasureWord::Head => Self::Head,
            MeasureWord::Bmi => Self::Bmi,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReferenceWord {
    #[value(name = "2023")]
    Japan2023,
    #[value(name = "2000")]
    Japan2000,
    Who,
}

impl From<ReferenceWord> for Reference {
    fn from(word: ReferenceWord) -> Self {
        match word {
            ReferenceWord::Japan2023 => Self::Japan2023,
            ReferenceWord::Japan2000 => Self::Japan2000,
            ReferenceWord::Who => Self::Who,
        }
    }
}

#[derive(Args, Debug)]
pub(crate) struct Forgets {
    #[arg(long, value_name = "NAME")]
    pub(crate) person: Option<String>,
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<PartialDate>,
}

#[derive(Args, Debug)]
pub(crate) struct Explain {
    #[arg(value_name = "ID")]
    pub(crate) id: String,
}

#[derive(Args, Debug)]
pub(crate) struct Board {
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<PartialDate>,
}
