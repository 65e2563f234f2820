//! Rust source as a flat list of tokens, so that rules about it can be written as patterns: comments and strings do
//! not confuse them, and what stands inside a macro is seen too.

use std::{
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// One token and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// An identifier, a literal as written, or one punctuation character; groups appear as their brackets.
    pub(crate) text: String,
    /// Whether it is a literal (a doc comment is one too).
    pub(crate) is_literal: bool,
    /// The line, from 1.
    pub(crate) line: usize,
    /// How many inline modules are around it.
    pub(crate) inline_modules: usize,
    /// Whether it is compiled for tests only.
    pub(crate) in_test: bool,
}

/// Every token of a file.
pub(crate) fn tokens(source: &str) -> Result<Vec<Token>, String> {
    let stream: TokenStream = source.parse().map_err(|error| format!("does not lex: {error}"))?;
    let mut flat = Vec::new();
    flatten(stream, 0, false, &mut flat);
    Ok(flat)
}

fn flatten(stream: TokenStream, inline_modules: usize, in_test: bool, flat: &mut Vec<Token>) {
    let trees: Vec<TokenTree> = stream.into_iter().collect();
    // Set by `#[cfg(test)]`, until the item it stands before has ended.
    let mut item_in_test = false;
    for (position, tree) in trees.iter().enumerate() {
        let before = |steps: usize| position.checked_sub(steps).and_then(|at| trees.get(at)).map(ToString::to_string);
        let mut push = |text: String, is_literal: bool, span: proc_macro2::Span| {
            let line = span.start().line;
            flat.push(Token { text, is_literal, line, inline_modules, in_test: in_test || item_in_test });
        };
        match tree {
            TokenTree::Ident(ident) => push(ident.to_string(), false, ident.span()),
            TokenTree::Literal(literal) => push(literal.to_string(), true, literal.span()),
            TokenTree::Punct(punct) => {
                push(punct.to_string(), false, punct.span());
                item_in_test &= punct.as_char() != ';';
            }
            TokenTree::Group(group) => {
                let (open, close) = brackets(group.delimiter());
                push(open.to_owned(), false, group.span_open());
                let is_module = group.delimiter() == Delimiter::Brace && before(2).as_deref() == Some("mod");
                flatten(group.stream(), inline_modules + usize::from(is_module), in_test || item_in_test, flat);
                let end = group.span_close().start().line;
                flat.push(Token { text: close.to_owned(), is_literal: false, line: end, inline_modules, in_test });
                if group.delimiter() == Delimiter::Bracket && before(1).as_deref() == Some("#") {
                    item_in_test |= is_for_tests(&group.stream());
                } else if group.delimiter() == Delimiter::Brace {
                    item_in_test = false;
                }
            }
        }
    }
}

fn is_for_tests(attribute: &TokenStream) -> bool {
    let written: String = attribute.to_string().split_whitespace().collect();
    written == "cfg(test)" || written.starts_with("cfg(all(test,")
}

fn brackets(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    }
}

/// Every file below `folder` that `wanted` takes, sorted; `target` and hidden folders are not entered.
pub(crate) fn files(folder: &Path, wanted: &dyn Fn(&Path) -> bool) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return found };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() {
            if name != "target" && name != ".git" {
                found.extend(files(&path, wanted));
            }
        } else if wanted(&path) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Whether the file is Rust source.
pub(crate) fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs")
}

/// The root of the workspace.
pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_path_buf)
}
