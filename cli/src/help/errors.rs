//! What clap says about a command line it cannot read, in the chosen language.

use std::fmt::Write as _;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use techo_core::present::Language;

use crate::exit::Exit;

/// What clap has to say, and the exit code that goes with it. Help and version are no failure.
pub(crate) fn explain(error: &clap::Error, language: Language) -> (Exit, String) {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return (Exit::Done, error.to_string());
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return (Exit::Usage, error.to_string());
    }
    let Some(message) = japanese(error).filter(|_| language == Language::Japanese) else { return (Exit::Usage, error.to_string()) };
    let mut text = format!("{message}\n");
    if let Some(usage) = context(error, ContextKind::Usage) {
        let _ = writeln!(text, "\n{}", usage.replacen("Usage:", "使い方:", 1));
    }
    text.push_str("\n詳しくは --help を付けて実行してください\n");
    (Exit::Usage, text)
}

/// The error as a Japanese sentence; none for kinds that people do not meet, which stay in clap's English.
fn japanese(error: &clap::Error) -> Option<String> {
    let argument = context(error, ContextKind::InvalidArg).unwrap_or_default();
    let value = context(error, ContextKind::InvalidValue).unwrap_or_default();
    let sentence = match error.kind() {
        ErrorKind::UnknownArgument => format!("「{argument}」というオプションはありません"),
        ErrorKind::InvalidSubcommand => {
            format!("「{}」というコマンドはありません", context(error, ContextKind::InvalidSubcommand).unwrap_or_default())
        }
        ErrorKind::MissingRequiredArgument => format!("足りないものがあります: {argument}"),
        ErrorKind::MissingSubcommand => "コマンドを書いてください".to_owned(),
        ErrorKind::InvalidValue if value.is_empty() => format!("「{argument}」には値が要ります"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => format!("「{value}」は {argument} の値として読めません"),
        ErrorKind::ArgumentConflict => {
            let other = context(error, ContextKind::PriorArg).unwrap_or_default();
            if other == argument {
                format!("「{argument}」は一度だけ書けます")
            } else {
                format!("「{argument}」と「{other}」は一緒に使えません")
            }
        }
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues | ErrorKind::NoEquals => {
            format!("「{argument}」の値の数が合いません")
        }
        ErrorKind::InvalidUtf8 => "文字として読めない入力があります".to_owned(),
        _ => return None,
    };
    let suggestion = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue]
        .into_iter()
        .find_map(|kind| context(error, kind))
        .map(|suggestion| format!("（「{suggestion}」のことですか）"));
    Some(sentence + &suggestion.unwrap_or_default())
}

fn context(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => Some(texts.join("、")),
        ContextValue::StyledStr(text) => Some(text.to_string()),
        _ => None,
    }
}
