//! Words inside HTML and SVG. Everything that was received passes here: a name must not become markup, and a direction
//! override must not turn a value around.

/// The text for an element or a quoted attribute.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(' '),
            one if one.is_control() => out.push('\u{FFFD}'),
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' => out.push('\u{FFFD}'),
            one => out.push(one),
        }
    }
    out
}

/// How wide a character is, in halves of a full-width one.
pub(super) const fn halves(character: char) -> usize {
    match character {
        '\u{20}'..='\u{7E}' | '\u{A0}'..='\u{2FF}' | '\u{FF61}'..='\u{FF9F}' => 1,
        _ => 2,
    }
}

/// The text in lines of at most so many halves. A word is broken where it must be: a card is narrow.
pub(super) fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for character in text.chars() {
        let wide = halves(character);
        if used + wide > most && used > 0 {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            line.push(character);
            used += wide;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_received_becomes_markup_and_no_line_is_too_long() {
        assert_eq!(escaped("<b a=\"1\" c='2'>&\u{1b}\u{202e}"), "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;\u{FFFD}\u{FFFD}");
        assert_eq!(wrapped("血圧abc圧", 5), ["血圧a", "bc圧"]);
        assert_eq!(wrapped("", 5), [""]);
    }
}
