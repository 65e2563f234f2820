//! Opens the system's browser: `BROWSER` where the person has set it, else whatever opens addresses on this platform. The
//! programs are started by us and not by a library, so that none of them inherits the passphrase.

use std::{
    env,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::secret::PASSPHRASE_VARIABLE;

/// A program that failed after this long had shown the page before: asking the next one would show it twice.
const HANDED_OVER: Duration = Duration::from_secs(3);

/// Opens the address in the background. The first program that does not fail at once is it; that none of them works is
/// not noticed here: the address stands on the terminal too.
pub(crate) fn open(url: &str) {
    let mut programs = chosen(&env::var("BROWSER").unwrap_or_default(), url);
    programs.extend(open::commands(url));
    let tried = thread::Builder::new().name("browser".to_owned()).spawn(move || programs.into_iter().any(opens));
    // Without a thread no browser; the address is there.
    drop(tried);
}

fn opens(mut program: Command) -> bool {
    program.env_remove(PASSPHRASE_VARIABLE).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // Ctrl-C on our terminal is meant for us.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut program, 0);
    let started = Instant::now();
    let Ok(mut running) = program.spawn() else { return false };
    running.wait().is_ok_and(|ended| ended.success()) || started.elapsed() > HANDED_OVER
}

/// The programs of the variable: commands separated by `:`, the address in the place of `%s` or at the end.
fn chosen(variable: &str, url: &str) -> Vec<Command> {
    variable.split(':').filter_map(|line| command(line, url)).collect()
}

fn command(line: &str, url: &str) -> Option<Command> {
    let mut words = line.split_whitespace();
    let mut command = Command::new(words.next()?);
    let mut has_place = false;
    for word in words {
        has_place |= word.contains("%s");
        command.arg(word.replace("%s", url));
    }
    if !has_place {
        command.arg(url);
    }
    Some(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_names_programs_and_the_place_of_the_address() {
        let lines = |variable: &str| -> Vec<String> {
            let of = |command: &Command| {
                let words = std::iter::once(command.get_program()).chain(command.get_args());
                words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
            };
            chosen(variable, "https://example.jp/?a=%s&b=c").iter().map(of).collect()
        };
        assert_eq!(lines("firefox"), ["firefox https://example.jp/?a=%s&b=c"]);
        assert_eq!(lines("a --url=%s --new: b "), ["a --url=https://example.jp/?a=%s&b=c --new", "b https://example.jp/?a=%s&b=c"]);
        assert!(lines("").is_empty() && lines(" : ").is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_fails_at_once_or_is_not_there_is_not_the_one() {
        assert!(opens(Command::new("true")));
        assert!(!opens(Command::new("false")));
        assert!(!opens(Command::new("no-such-browser-is-here")));
    }
}
