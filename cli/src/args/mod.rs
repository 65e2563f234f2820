//! What can be written on the command line. The texts of the help are in `help.rs`, in both languages; here is only
//! the shape.

mod clinic;
mod decide;
mod family;
mod fetch;
mod hand;
mod leave;
mod pen;
mod plan;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use techo_core::{
    base::PartialDate,
    record::{Gestation, Sex},
    terms::Kind,
};

pub(crate) use clinic::{Card, Clinic, Report, ToShow};
pub(crate) use decide::{Attach, Decide, MarkSensitive, Medicines};
pub(crate) use family::{Board, Explain, Forgets, Growth};
pub(crate) use fetch::{
    ActsAs, AgreedText, Asked, Fetch, Ledger, Legal, LegalName, OnOff, Settings, SettingsCommand, Switch, Withdraw, given,
};
#[cfg(feature = "stand-in")]
pub(crate) use fetch::{PortalStandIn, PurposeWord};
pub(crate) use hand::{HandOver, Slice};
pub(crate) use leave::{Backup, Export, ExportFormat, NamedId, Qr, Restore, Samples};
#[cfg(test)]
pub(crate) use pen::fields;
pub(crate) use pen::{Add, Changes, Edit, PenArgs, RelationWord, Remove, Undo, field_help};
pub(crate) use plan::{Due, Vaccines};

#[derive(Debug, Parser)]
#[command(name = "techo", disable_help_flag = true, disable_version_flag = true, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options that stand before or after the command.
#[derive(Args, Debug)]
pub(crate) struct Global {
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) vault: Option<PathBuf>,
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    #[arg(long, global = true, value_enum, value_name = "ja|en")]
    pub(crate) lang: Option<Lang>,
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[arg(long, global = true)]
    pub(crate) no_pager: bool,
    #[arg(long, global = true)]
    pub(crate) rescue: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    Ja,
    En,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Init(Init),
    #[command(subcommand)]
    Person(PersonCommand),
    Import(Import),
    Add(Add),
    Edit(Edit),
    Remove(Remove),
    Undo(Undo),
    Attach(Attach),
    Hide(Decide),
    Unhide(Decide),
    Sensitive(MarkSensitive),
    Medicines(Medicines),
    Vaccines(Vaccines),
    Due(Due),
    Growth(Growth),
    Forgets(Forgets),
    Explain(Explain),
    Board(Board),
    Clinic(Clinic),
    Card(Card),
    Report(Report),
    Changes(Changes),
    Fetch(Fetch),
    Timeline(Timeline),
    Show(Show),
    History(History),
    Search(Search),
    Links(Links),
    Unlink(Unlink),
    Link(LinkTwo),
    Export(Export),
    Qr(Qr),
    Slice(Slice),
    HandOver(HandOver),
    Backup(Backup),
    Restore(Restore),
    #[command(subcommand)]
    Erase(EraseCommand),
    Ledger(Ledger),
    Consents,
    Withdraw(Withdraw),
    Settings(Settings),
    Legal(Legal),
    Verify,
    AcceptLoss(AcceptLoss),
    Recover(Recover),
    Kit,
    Passphrase(Passphrase),
    Demo(Demo),
    #[cfg(feature = "stand-in")]
    PortalStandIn(PortalStandIn),
}

#[derive(Args, Debug)]
pub(crate) struct Init {
    #[arg(long)]
    pub(crate) no_keystore: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PersonCommand {
    Add(PersonAdd),
    List,
}

#[derive(Args, Debug)]
pub(crate) struct PersonAdd {
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    #[arg(long, value_name = "DATE")]
    pub(crate) born: PartialDate,
    #[arg(long, value_enum, value_name = "male|female")]
    pub(crate) sex: SexWord,
    #[arg(long, value_name = "TEXT")]
    pub(crate) kana: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) former_name: Vec<String>,
    #[arg(long, value_name = "32w3d")]
    pub(crate) gestation: Option<Gestation>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SexWord {
    #[value(aliases = ["男", "男性", "m"])]
    Male,
    #[value(aliases = ["女", "女性", "f"])]
    Female,
}

impl From<SexWord> for Sex {
    fn from(word: SexWord) -> Self {
        match word {
            SexWord::Male => Self::Male,
            SexWord::Female => Self::Female,
        }
    }
}

#[derive(Args, Debug)]
pub(crate) struct Import {
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Not required by the shape, because an archive brings its people along.
    #[arg(long, value_name = "NAME")]
    pub(crate) person: Option<String>,
    #[arg(long)]
    pub(crate) anyway: bool,
    #[arg(long)]
    pub(crate) look: bool,
    #[arg(long = "as", value_enum, value_name = "document")]
    pub(crate) taken_as: Option<TakenAs>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<PartialDate>,
    #[arg(long, value_name = "FILE")]
    pub(crate) keys: Vec<PathBuf>,
    #[arg(long, value_name = "FILE.toml|WORD=COLUMN,…")]
    pub(crate) mapping: Option<String>,
    #[command(flatten)]
    pub(crate) scan: ScanArgs,
    #[command(flatten)]
    pub(crate) archive: ArchivePassphrase,
    #[command(flatten)]
    pub(crate) consent: Consent,
}

/// Whether and by which clamd a file is looked at before it is taken in.
#[derive(Args, Clone, Debug)]
pub(crate) struct ScanArgs {
    #[arg(long, value_name = "SOCKET|127.0.0.1:PORT|off")]
    pub(crate) scanner: Option<String>,
    #[arg(long)]
    pub(crate) require_scan: bool,
}

/// What a file is taken for, where it could be several things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TakenAs {
    Document,
}

/// An archive may be sealed with another passphrase than the vault.
#[derive(Args, Debug)]
pub(crate) struct ArchivePassphrase {
    #[arg(long, value_name = "FILE")]
    pub(crate) archive_passphrase_file: Option<PathBuf>,
}

/// The answer to the questions a command would ask.
#[derive(Args, Debug)]
pub(crate) struct Consent {
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Timeline {
    #[arg(long, value_name = "NAME")]
    pub(crate) person: Option<String>,
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<Kind>,
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<PartialDate>,
    #[arg(long, value_name = "DATE")]
    pub(crate) until: Option<PartialDate>,
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<u32>,
}

#[derive(Args, Debug)]
pub(crate) struct Show {
    #[arg(value_name = "ID")]
    pub(crate) id: String,
}

#[derive(Args, Debug)]
pub(crate) struct History {
    #[arg(value_name = "QUANTITY")]
    pub(crate) quantity: String,
    #[arg(long, value_name = "NAME")]
    pub(crate) person: Option<String>,
    #[arg(long, value_name = "FILE.svg")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Search {
    #[arg(required = true, value_name = "WORDS")]
    pub(crate) words: Vec<String>,
    #[arg(long, value_name = "NAME")]
    pub(crate) person: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Links {
    #[arg(value_name = "EVENT")]
    pub(crate) event: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub(crate) person: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Unlink {
    #[arg(value_name = "EVENT")]
    pub(crate) event: String,
    #[arg(value_name = "EVENT")]
    pub(crate) other: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct LinkTwo {
    #[arg(value_name = "EVENT")]
    pub(crate) one: String,
    #[arg(value_name = "EVENT")]
    pub(crate) other: String,
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum EraseCommand {
    Record(Erase),
    Document(Erase),
    Person(Erase),
}

#[derive(Args, Debug)]
pub(crate) struct Erase {
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) consent: Consent,
}

#[derive(Args, Debug)]
pub(crate) struct AcceptLoss {
    #[command(flatten)]
    pub(crate) consent: Consent,
}

#[derive(Args, Debug)]
pub(crate) struct Recover {
    #[arg(long, value_name = "FILE")]
    pub(crate) code_file: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) new_passphrase_file: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Passphrase {
    #[arg(long, value_name = "FILE")]
    pub(crate) new_passphrase_file: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Demo {
    #[arg(long)]
    pub(crate) keep: bool,
}
