//! A bar for long work, on standard error and only when that is a terminal, so that pipes and scripts hear nothing.

use std::{io::IsTerminal as _, time::Duration};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How far a long piece of work is. It vanishes when it is dropped.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// A bar for `steps` steps, with what is being done in front. `wanted` is false with `--json`.
    pub(crate) fn new(doing: &str, steps: u64, wanted: bool) -> Self {
        let visible = wanted && std::io::stderr().is_terminal();
        let target = if visible { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(steps), target).with_message(doing.to_owned());
        // The template is ours and constant; should it not parse, the default bar is good enough.
        if let Ok(style) = ProgressStyle::with_template("{msg} {bar:30} {pos}/{len}") {
            bar.set_style(style.progress_chars("=> "));
        }
        Self(bar)
    }

    /// A spinner for work of unknown length. `wanted` is false with `--json`.
    pub(crate) fn spinner(wanted: bool) -> Self {
        let spinner = Self::new("", 0, wanted);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
            spinner.0.set_style(style);
        }
        if !spinner.0.is_hidden() {
            spinner.0.enable_steady_tick(Duration::from_millis(120));
        }
        spinner
    }

    /// What is being done now.
    pub(crate) fn doing(&self, what: &str) {
        self.0.set_message(what.to_owned());
    }

    /// Takes it off the screen.
    pub(crate) fn clear(&self) {
        self.0.finish_and_clear();
    }

    /// One step is done.
    pub(crate) fn step(&self) {
        self.0.inc(1);
    }

    /// So much of so much is done.
    pub(crate) fn at(&self, done: u64, of: u64) {
        self.0.set_length(of);
        self.0.set_position(done);
    }

    /// Writes a line above the bar (on standard error), without tearing it.
    pub(crate) fn above(&self, write: impl FnOnce()) {
        self.0.suspend(write);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_counts_and_stays_silent_where_nobody_looks() {
        let progress = Progress::new("取り込み", 3, false);
        progress.step();
        progress.step();
        assert_eq!((progress.0.position(), progress.0.length()), (2, Some(3)));
        assert!(progress.0.is_hidden());
    }
}
