//! What stands between the commands and the terminal: pages, tables that line up in East Asian widths, colour where it
//! is wanted, questions. Quiet and plain when the output goes elsewhere.

use std::{
    env,
    io::{self, BufRead as _, BufWriter, IsTerminal as _, Write},
    process::{Child, Command, Stdio},
    time::Duration,
};

use anstyle::{AnsiColor, Style};
use techo_core::present::Language;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::{
    pager::{Left, Pager},
    secret::PASSPHRASE_VARIABLE,
    words::{Word, say},
};

/// Where standard output goes, and what may be done there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Surface {
    /// Whether long output goes through the pager.
    pub(crate) pages: bool,
    /// Whether colour may be used, beside the marks that say the same without it.
    pub(crate) colours: bool,
    /// Columns to keep within; none where the output is not a terminal and nothing is cut.
    pub(crate) columns: Option<usize>,
}

impl Surface {
    /// Looks at standard output. With `json` or in a pipe nothing is paged, coloured or cut.
    pub(crate) fn of_stdout(json: bool, no_pager: bool) -> Self {
        let terminal = io::stdout().is_terminal() && !json;
        // https://no-color.org: set and not empty.
        let no_colour =
            env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) || env::var_os("TERM").is_some_and(|term| term == "dumb");
        let columns = || terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0));
        Self { pages: terminal && !no_pager, colours: terminal && !no_colour, columns: terminal.then(columns) }
    }
}

/// Standard output, or the pager in front of it.
pub(crate) struct Page {
    pager: Option<Pager>,
    out: BufWriter<Box<dyn Write>>,
}

impl Page {
    /// Starts the pager where pages are wanted and it can be started; else writes straight out.
    pub(crate) fn open(surface: Surface) -> Self {
        Self::open_for(surface, None)
    }

    /// The same; the pager is closed when this time is over.
    pub(crate) fn open_for(surface: Surface, limit: Option<Duration>) -> Self {
        let mut pager = surface.pages.then(start_pager).flatten();
        let pipe = pager.as_mut().and_then(|child| child.stdin.take());
        let out: Box<dyn Write> = pipe.map_or_else(|| Box::new(io::stdout()) as Box<dyn Write>, |pipe| Box::new(pipe));
        Self { pager: pager.map(|child| Pager::new(child, limit)), out: BufWriter::new(out) }
    }

    /// Writes a line. The reader's going away (`| head`, `q` in the pager) is no error: `false` says to stop.
    pub(crate) fn line(&mut self, text: &str) -> io::Result<bool> {
        still_read(writeln!(self.out, "{text}"))
    }

    /// Ends the page and waits for the person to leave the pager.
    pub(crate) fn finish(self) -> io::Result<()> {
        self.finished().map(drop)
    }

    /// The same, and how it ended.
    pub(crate) fn finished(mut self) -> io::Result<Left> {
        still_read(self.out.flush())?;
        drop(self.out);
        self.pager.take().map_or(Ok(Left::Written), Pager::left)
    }
}

fn still_read(written: io::Result<()>) -> io::Result<bool> {
    match written {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(error),
    }
}

fn start_pager() -> Option<Child> {
    let chosen = env::var("PAGER").unwrap_or_else(|_| "less".to_owned());
    let mut words = chosen.split_whitespace();
    let program = words.next()?;
    if program == "cat" {
        return None;
    }
    let mut command = Command::new(program);
    command.args(words).stdin(Stdio::piped());
    // Leave at once if it fits the screen, keep colours, cut no lines. No history file and no shell from within: what is
    // shown is a health record.
    command.env("LESS", "-FRX").env("LESSSECURE", "1").env("LESSHISTFILE", "-").env("LESSCHARSET", "utf-8");
    command.env_remove(PASSPHRASE_VARIABLE);
    command.spawn().ok()
}

/// Text from a document, made safe for a terminal: control characters could move the cursor or change what was written
/// before, and directional overrides could turn a value around.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => ' ',
            c if c.is_control() => '\u{FFFD}',
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' => '\u{FFFD}',
            c => c,
        })
        .collect()
}

/// On which side a column's text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A table with a heading.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<(String, Side)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these columns.
    pub(crate) fn new(columns: &[(&str, Side)]) -> Self {
        Self { columns: columns.iter().map(|(title, side)| ((*title).to_owned(), *side)).collect(), rows: Vec::new() }
    }

    /// Adds a row; cells are made [`plain`].
    pub(crate) fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) {
        self.rows.push(cells.into_iter().map(plain).collect());
    }

    /// The lines, the heading first. Where the terminal is too narrow the widest column is cut and ends in `…`.
    pub(crate) fn lines(&self, columns: Option<usize>) -> Vec<String> {
        let mut widths: Vec<usize> = self.columns.iter().map(|(title, _)| title.width()).collect();
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.width());
            }
        }
        if let Some(columns) = columns {
            narrow(&mut widths, columns);
        }
        let heading: Vec<String> = self.columns.iter().map(|(title, _)| title.clone()).collect();
        std::iter::once(&heading).chain(&self.rows).map(|row| self.row_line(row, &widths)).collect()
    }

    fn row_line(&self, row: &[String], widths: &[usize]) -> String {
        let mut line = String::new();
        for (index, ((cell, width), (_, side))) in row.iter().zip(widths).zip(&self.columns).enumerate() {
            if index > 0 {
                line.push_str(GAP);
            }
            let cell = cut(cell, *width);
            let padding = " ".repeat(width.saturating_sub(cell.width()));
            match side {
                Side::Left => line.extend([cell.as_str(), padding.as_str()]),
                Side::Right => line.extend([padding.as_str(), cell.as_str()]),
            }
        }
        line.truncate(line.trim_end().len());
        line
    }
}

const GAP: &str = "  ";
/// A column is not cut below this; then the line is allowed to be too long.
const NARROWEST: usize = 8;

fn narrow(widths: &mut [usize], columns: usize) {
    loop {
        let whole = widths.iter().sum::<usize>() + GAP.len() * widths.len().saturating_sub(1);
        let Some(widest) = widths.iter_mut().max() else { return };
        if whole <= columns || *widest <= NARROWEST {
            return;
        }
        *widest = widest.saturating_sub(whole - columns).max(*widest / 2).max(NARROWEST);
    }
}

/// The text within `width` columns, ending in `…` where something was cut off. A character two columns wide is never
/// cut in half.
pub(crate) fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 0;
    for c in text.chars() {
        let wide = c.width().unwrap_or(0);
        if used + wide + 1 > width {
            break;
        }
        used += wide;
        kept.push(c);
    }
    kept.push('…');
    kept
}

/// A mark that says something about a record or a check, by letters or a symbol; colour only repeats it. The marks of
/// values are the core's (`present::Mark`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Not understood, or quarantined.
    Doubtful,
    /// In order.
    Good,
    /// Not in order.
    Bad,
}

impl Mark {
    /// The symbol; a letter or a plain sign, one column wide everywhere.
    pub(crate) const fn sign(self) -> &'static str {
        match self {
            Self::Doubtful => "?",
            Self::Good => "OK",
            Self::Bad => "NG",
        }
    }

    /// The symbol in its colour, where colours are wanted. Yellow and blue differ for every kind of colour vision.
    pub(crate) fn shown(self, surface: Surface) -> String {
        let colour = match self {
            Self::Bad | Self::Doubtful => AnsiColor::Yellow,
            Self::Good => AnsiColor::Blue,
        };
        if surface.colours {
            let style = Style::new().bold().fg_color(Some(colour.into()));
            format!("{style}{}{style:#}", self.sign())
        } else {
            self.sign().to_owned()
        }
    }
}

/// Whether there is somebody to ask.
pub(crate) fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks a question that is answered with yes or no, on the terminal. Without a terminal the answer is no.
pub(crate) fn ask(question: &str, language: Language) -> io::Result<bool> {
    if !can_ask() {
        return Ok(false);
    }
    ask_line(question, language).map(|line| is_yes(&line))
}

/// A line that was typed in after `label`.
pub(crate) fn ask_for(label: &str) -> io::Result<String> {
    let mut stderr = io::stderr().lock();
    write!(stderr, "{label}: ")?;
    stderr.flush()?;
    drop(stderr);
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(answer)
}

/// The line that was typed in answer to a question of yes or no.
pub(crate) fn ask_line(question: &str, language: Language) -> io::Result<String> {
    let mut stderr = io::stderr().lock();
    write!(stderr, "{question}{}", say(Word::YesNo, language, &[]))?;
    stderr.flush()?;
    drop(stderr);
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(answer)
}

/// Whether a line says yes.
pub(crate) fn is_yes(answer: &str) -> bool {
    let answer = techo_core::base::fold(answer.trim());
    ["y", "yes", "はい"].contains(&answer.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(&[("日付", Side::Left), ("値", Side::Right), ("項目", Side::Left)]);
        table.row(["2024-05-03", "5.60", "尿酸"]);
        table.row(["2023", "110", "ﾍﾓｸﾞﾛﾋﾞﾝA1c（NGSP）"]);
        table
    }

    #[test]
    fn columns_line_up_in_full_and_half_width() {
        let lines = table().lines(None);
        assert_eq!(lines, ["日付          値  項目", "2024-05-03  5.60  尿酸", "2023         110  ﾍﾓｸﾞﾛﾋﾞﾝA1c（NGSP）"]);
        let value_ends: Vec<usize> = lines.iter().filter_map(|line| line.rsplit_once("  ").map(|(before, _)| before.width())).collect();
        assert_eq!(value_ends, [16, 16, 16]);
    }

    #[test]
    fn a_narrow_terminal_cuts_the_widest_column_and_no_character_in_half() {
        for columns in 20..60 {
            for line in table().lines(Some(columns)) {
                assert!(line.width() <= columns.max(30), "{columns}: {line} is {} wide", line.width());
            }
        }
        assert_eq!(cut("血圧血圧", 5), "血圧…");
        assert_eq!(cut("血圧血圧", 6), "血圧…");
        assert_eq!(cut("血圧血圧", 8), "血圧血圧");
        assert_eq!(cut("abc", 0), "…");
    }

    #[test]
    fn a_document_cannot_write_on_the_terminal() {
        let mut table = Table::new(&[("値", Side::Left)]);
        table.row(["5.6\u{1b}[2K\r異常なし\u{202e}6.5\u{9b}31m"]);
        let shown = table.lines(None).join("\n");
        assert!(!shown.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'), "{shown:?}");
        assert!(shown.contains("異常なし"));
    }

    #[test]
    fn marks_say_without_colour_what_they_say_with_it() {
        let grey = Surface { pages: false, colours: false, columns: None };
        let coloured = Surface { colours: true, ..grey };
        let marks = [Mark::Doubtful, Mark::Good, Mark::Bad];
        for mark in marks {
            assert_eq!(mark.shown(grey), mark.sign());
            assert!(mark.shown(coloured).contains(mark.sign()) && mark.shown(coloured).contains('\u{1b}'));
            assert_eq!(marks.iter().filter(|other| other.sign() == mark.sign()).count(), 1);
        }
    }

    #[test]
    fn only_a_yes_is_a_yes() {
        for yes in ["y", "YES\n", "はい", " ｙ "] {
            assert!(is_yes(yes), "{yes}");
        }
        for no in ["", "n", "いいえ", "ye", "\n"] {
            assert!(!is_yes(no), "{no}");
        }
    }
}
