//! The card as one A6 page to print, and as a picture for the lock screen of a phone. Neither has a script nor asks for
//! anything from elsewhere.

use std::fmt::Write as _;

use crate::{
    present::{CardView, card_title},
    transfer::markup::{escaped, wrapped},
};

const STYLE: &str = "@page{size:105mm 148mm;margin:7mm}*{box-sizing:border-box}html{font:9pt/1.3 'Noto Sans CJK JP','Noto Sans JP','Hiragino Sans','Yu Gothic',Meiryo,sans-serif;color:#111;background:#fff}\
body{margin:0 auto;max-width:91mm}h1{font-size:12pt;margin:0 0 2mm;padding:1.5mm 2.5mm;background:#b00020;color:#fff;-webkit-print-color-adjust:exact;print-color-adjust:exact}\
.who{font-size:13pt;font-weight:700;margin:0}.born{margin:0 0 2mm}dl{margin:0}dt{font-weight:700;font-size:8pt;margin-top:1mm;border-top:.3mm solid #777;padding-top:.5mm}\
dd{margin:0;overflow-wrap:anywhere}footer{margin-top:1.5mm;border-top:.3mm solid #777;padding-top:.6mm;font-size:7pt;color:#333;break-inside:avoid}p{margin:0}";

/// One A6 page as self-contained HTML. CSS has no word for A6, so that the size stands in millimetres.
pub fn card_page(card: &CardView) -> String {
    let language = card.language.pick("ja", "en");
    let title = card_title(card.language);
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         <title>{title}</title><style>{STYLE}</style></head><body>\n<h1>{title}</h1>\n<p class=\"who\">{}{}</p>\n<p class=\"born\">{} {}　{}</p>\n<dl>\n",
        escaped(&card.name),
        card.kana.as_deref().map(|kana| format!(" <small>{}</small>", escaped(kana))).unwrap_or_default(),
        escaped(&card.born),
        card.language.pick("生まれ", "born"),
        escaped(&card.sex),
    );
    for row in &card.rows {
        let _ = writeln!(page, "<dt>{}</dt>", escaped(&row.label));
        for line in &row.lines {
            let _ = writeln!(page, "<dd>{}</dd>", escaped(line));
        }
    }
    page.push_str("</dl>\n<footer>");
    let made = format!("{} {}", card.language.pick("作成日", "Made on"), card.made_on);
    for text in card.left_out.iter().chain([&made, &card.note]) {
        let _ = write!(page, "<p>{}</p>", escaped(text));
    }
    page.push_str("</footer>\n</body></html>\n");
    page
}

const WIDTH: usize = 1080;
const HEIGHT: usize = 2160;
const FONTS: &str = "Noto Sans CJK JP, Noto Sans JP, Hiragino Sans, Yu Gothic, Meiryo, sans-serif";
/// Below the clock of a lock screen, and above the buttons at its foot.
const TOP: usize = 660;
const BOTTOM: usize = 1940;

/// A picture for the lock screen, as SVG: the clock's place at the top and the buttons' at the foot stay free. What does not
/// fit is said not to.
pub fn card_picture(card: &CardView) -> String {
    let mut lines: Vec<(usize, bool, String)> = Vec::new();
    let mut put = |size: usize, bold: bool, text: &str| {
        // Half a full-width character is half the size wide.
        let most = (WIDTH - 140) * 2 / size;
        lines.extend(wrapped(text, most).into_iter().map(|line| (size, bold, line)));
    };
    put(34, true, card_title(card.language));
    put(58, true, &card.name);
    put(34, false, &format!("{} {}  {}", card.born, card.language.pick("生まれ", "born"), card.sex));
    for row in &card.rows {
        put(30, true, &row.label);
        row.lines.iter().for_each(|line| put(36, false, line));
    }
    let made = format!("{} {}", card.language.pick("作成日", "Made on"), card.made_on);
    card.left_out.iter().chain([&made]).for_each(|text| put(26, false, text));

    let language = card.language.pick("ja", "en");
    let mut picture = format!(
        "<svg role=\"img\" lang=\"{language}\" xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"{FONTS}\">\n\
         <title>{}</title>\n<rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#101418\"/>\n<rect x=\"40\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"28\" fill=\"#ffffff\"/>\n\
         <rect x=\"40\" y=\"{}\" width=\"18\" height=\"{}\" fill=\"#b00020\"/>\n",
        escaped(card_title(card.language)),
        TOP - 60,
        WIDTH - 80,
        BOTTOM - TOP + 120,
        TOP - 60,
        BOTTOM - TOP + 120,
    );
    let mut at = TOP;
    let count = lines.len();
    for (number, (size, bold, text)) in lines.into_iter().enumerate() {
        // A heading keeps away from what stands above it.
        at += size + size / 4 + if bold && number > 1 { 16 } else { 0 };
        let is_full = at + 50 > BOTTOM && number + 1 < count;
        let (size, bold, text) = if is_full {
            (30, true, card.language.pick("…続きは紙のカードか手帳に", "… more on the paper card or in the notebook").to_owned())
        } else {
            (size, bold, text)
        };
        let weight = if bold { " font-weight=\"700\"" } else { "" };
        let _ = writeln!(picture, "<text x=\"84\" y=\"{at}\" font-size=\"{size}\"{weight} fill=\"#111111\">{}</text>", escaped(&text));
        if is_full {
            break;
        }
    }
    picture.push_str("</svg>\n");
    picture
}
