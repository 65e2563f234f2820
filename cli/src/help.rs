//! The help in the chosen language: every command and argument has a row in `texts`. Japanese comes first.

mod errors;
#[cfg(test)]
mod tests;
mod texts;

use clap::{Arg, ArgAction, Command, CommandFactory as _};
use techo_core::present::Language;

use self::texts::TEXTS;
use crate::args::{Cli, field_help};

pub(crate) use errors::explain;

/// The whole command line, with its help in `language`.
pub(crate) fn command(language: Language) -> Command {
    let command = Cli::command()
        .version(env!("CARGO_PKG_VERSION"))
        .arg(Arg::new("help").long("help").short('h').global(true).action(ArgAction::Help))
        .arg(Arg::new("version").long("version").short('V').action(ArgAction::Version));
    localise(command, "techo", language)
}

fn localise(command: Command, path: &str, language: Language) -> Command {
    let heading = |arg: &Arg| {
        let words = match (arg.is_positional(), arg.is_global_set()) {
            (true, _) => language.pick("入力", "Arguments"),
            (false, false) => language.pick("オプション", "Options"),
            (false, true) => language.pick("どのコマンドでも", "With every command"),
        };
        words.to_owned()
    };
    let template = match language {
        Language::Japanese => "{about}\n\n使い方: {usage}\n\n{all-args}\n",
        Language::English => "{about}\n\nUsage: {usage}\n\n{all-args}\n",
    };
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let mut command = command
        .about(text(path, language).unwrap_or_default())
        .help_template(template)
        .subcommand_help_heading(language.pick("コマンド", "Commands"))
        .subcommand_value_name(language.pick("コマンド", "COMMAND"))
        .mut_args(|arg| {
            let id = arg.get_id().as_str();
            let help = text(&format!("{path}.{id}"), language).or_else(|| text(&format!("*.{id}"), language)).map(str::to_owned);
            let help = help.or_else(|| field_help(id, language)).unwrap_or_default();
            let heading = heading(&arg);
            let takes_values = arg.get_action().takes_values();
            let arg = arg.help(help).help_heading(heading);
            // The choices stand in the value's name; clap would list them a second time, in English.
            if takes_values { arg.hide_possible_values(true) } else { arg }
        });
    for name in names {
        let below = if path == "techo" { name.clone() } else { format!("{path} {name}") };
        command = command.mut_subcommand(name, |sub| localise(sub, &below, language));
    }
    command
}

fn text(key: &str, language: Language) -> Option<&'static str> {
    TEXTS.iter().find(|(known, ..)| *known == key).map(|(_, japanese, english)| language.pick(japanese, english))
}
