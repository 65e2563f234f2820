//! The arguments of writing by hand: `add`, `edit`, `remove`, `undo`, `changes`. The fields of `add` and `edit` are the
//! fields of the core's forms, every one a flag.

use std::collections::BTreeMap;

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, ValueEnum};
use techo_core::{
    present::{Language, kind_name},
    record::Relation,
    terms::{Field, Kind, Shape, form},
};

use super::Consent;

/// Who writes, and why.
#[derive(Args, Debug)]
pub(crate) struct PenArgs {
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
    #[arg(long = "as", value_enum, value_name = "self|parent|proxy|other")]
    pub(crate) writes_as: Option<RelationWord>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    #[command(flatten)]
    pub(crate) consent: Consent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RelationWord {
    #[value(name = "self")]
    Oneself,
    Parent,
    Proxy,
    Other,
}

impl From<RelationWord> for Relation {
    fn from(word: RelationWord) -> Self {
        match word {
            RelationWord::Oneself => Self::Myself,
            RelationWord::Parent => Self::Parent,
            RelationWord::Proxy => Self::Proxy,
            RelationWord::Other => Self::Other,
        }
    }
}

#[derive(Args, Debug)]
pub(crate) struct Add {
    #[arg(value_name = "KIND")]
    pub(crate) kind: Kind,
    #[arg(long, value_name = "NAME")]
    pub(crate) person: Option<String>,
    #[command(flatten)]
    pub(crate) pen: PenArgs,
    #[command(flatten)]
    pub(crate) fields: FieldFlags,
}

#[derive(Args, Debug)]
pub(crate) struct Edit {
    #[arg(value_name = "RECORD")]
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) pen: PenArgs,
    #[command(flatten)]
    pub(crate) fields: FieldFlags,
}

#[derive(Args, Debug)]
pub(crate) struct Remove {
    #[arg(value_name = "RECORD|EVENT")]
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) pen: PenArgs,
}

#[derive(Args, Debug)]
pub(crate) struct Undo {
    #[arg(value_name = "ENTRY")]
    pub(crate) entry: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub(crate) person: Option<String>,
    #[command(flatten)]
    pub(crate) pen: PenArgs,
}

#[derive(Args, Debug)]
pub(crate) struct Changes {
    #[arg(value_name = "RECORD|EVENT")]
    pub(crate) id: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub(crate) person: Option<String>,
}

/// What was typed into the fields of a form, in the order of the forms.
#[derive(Clone, Debug, Default)]
pub(crate) struct FieldFlags(pub(crate) Vec<(String, String)>);

/// Every field of every form once, with the kinds that have it.
pub(crate) fn fields() -> Vec<(&'static Field, Vec<Kind>)> {
    let mut places: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut all: Vec<(&'static Field, Vec<Kind>)> = Vec::new();
    for kind in Kind::ALL {
        for field in form(*kind) {
            if let Some((_, kinds)) = places.get(field.id).and_then(|place| all.get_mut(*place)) {
                kinds.push(*kind);
            } else {
                places.insert(field.id, all.len());
                all.push((field, vec![*kind]));
            }
        }
    }
    all
}

/// What the help says of a field's flag; none where there is no such field.
pub(crate) fn field_help(id: &str, language: Language) -> Option<String> {
    let (field, kinds) = fields().into_iter().find(|(field, _)| field.id == id)?;
    let label = language.pick(field.japanese, field.english);
    let names: Vec<&str> = kinds.iter().map(|kind| kind_name(*kind, language)).collect();
    let of = if kinds.len() > 3 {
        String::new()
    } else {
        format!("{}{}{}", language.pick("（", " ("), names.join(language.pick("・", ", ")), language.pick("）", ")"))
    };
    Some(format!("{label}{of}"))
}

/// The items of checkups are many; they are flags too, and stand in `techo add KIND` when a terminal asks, not in the help.
const fn is_item(field: &Field) -> bool {
    matches!(field.shape, Shape::ValueOf(_) | Shape::ItemOf(_))
}

impl Args for FieldFlags {
    fn augment_args(mut command: Command) -> Command {
        for (field, _) in fields() {
            let name = if matches!(field.shape, Shape::Date | Shape::AnyDate) { "DATE" } else { "TEXT" };
            let flag = Arg::new(field.id).long(field.id.replace('_', "-")).value_name(name).allow_hyphen_values(true);
            command = command.arg(flag.hide(is_item(field)));
        }
        command
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for FieldFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = |id: &str| matches.try_get_one::<String>(id).ok().flatten().cloned();
        Ok(Self(fields().into_iter().filter_map(|(field, _)| Some((field.id.to_owned(), given(field.id)?))).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
