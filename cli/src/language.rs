//! Which language to speak: what the command line says, else the locale, else Japanese.

use std::{borrow::Cow, env};

use techo_core::present::Language;

use crate::args::Lang;

/// The language to speak: what the command line says, else the locale, else Japanese.
///
/// Read before the command line is parsed, because its errors need a language too.
pub(crate) fn language_of(arguments: &[String], environment: impl Fn(&str) -> Option<String>) -> Language {
    let said = arguments.iter().enumerate().find_map(|(index, argument)| {
        let value: Cow<'_, str> = match argument.strip_prefix("--lang") {
            Some("") => arguments.get(index + 1)?.as_str().into(),
            Some(rest) => rest.strip_prefix('=')?.into(),
            None => return None,
        };
        Some(value.into_owned())
    });
    match said.as_deref() {
        Some("en") => return Language::English,
        Some(_) => return Language::Japanese,
        None => {}
    }
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| environment(name).filter(|value| !value.is_empty()));
    if locale.is_some_and(|locale| locale.starts_with("en")) { Language::English } else { Language::Japanese }
}

/// The environment, for [`language_of`].
pub(crate) fn environment(name: &str) -> Option<String> {
    env::var(name).ok()
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::Ja => Self::Japanese,
            Lang::En => Self::English,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_outranks_the_locale_and_japanese_is_the_default() {
        let language = |line: &str, locale: Option<(&str, &str)>| {
            let arguments: Vec<String> = line.split(' ').map(str::to_owned).collect();
            language_of(&arguments, |name| locale.filter(|(known, _)| *known == name).map(|(_, value)| value.to_owned()))
        };
        assert_eq!(language("techo verify", None), Language::Japanese);
        assert_eq!(language("techo verify", Some(("LANG", "C.UTF-8"))), Language::Japanese);
        assert_eq!(language("techo verify", Some(("LANG", "en_GB.UTF-8"))), Language::English);
        assert_eq!(language("techo verify", Some(("LC_ALL", "ja_JP.UTF-8"))), Language::Japanese);
        assert_eq!(language("techo verify --lang en", Some(("LC_ALL", "ja_JP.UTF-8"))), Language::English);
        assert_eq!(language("techo --lang=ja verify", Some(("LANG", "en_US"))), Language::Japanese);
    }
}
