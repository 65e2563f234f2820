//! The chart as an SVG picture: readable in print, in grey, with any colour vision, and by a screen reader.

use std::ops::Range;

use plotters::{
    coord::{
        Shift,
        ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter},
    },
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};
use techo_core::present::{self, Axis, Chart, ChartPoint, Language};

use crate::terminal::plain;

/// Fonts with Japanese glyphs of the common systems; the last resort is the reader's own.
const FONTS: &str = "Noto Sans CJK JP, Noto Sans JP, Hiragino Sans, Yu Gothic, Meiryo, sans-serif";
const WIDTH: u32 = 960;
const PLOT_HEIGHT: u32 = 520;
const LEGEND_ROW: u32 = 26;
/// Values are written beside points that are at least this far apart, in pixels.
const ROOM_FOR_A_VALUE: f64 = 52.0;

/// Colours that stay apart for every kind of colour vision (Okabe and Ito, 2008), darkest first. The shape says the same.
const COLOURS: [RGBColor; 6] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
];
const BAND: RGBColor = RGBColor(225, 232, 240);
const INK: RGBColor = RGBColor(30, 30, 30);
/// Curves of a reference: grey, so that they read as background with any colour vision and in print.
const CURVE: RGBColor = RGBColor(130, 130, 130);

type Failed<'a> = DrawingAreaErrorKind<<SVGBackend<'a> as DrawingBackend>::ErrorType>;
type Plot<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<Ruled, Ruled>>;

/// Our own ticks: plotters would divide days as if they were plain numbers.
#[derive(Clone)]
struct Ruled(Axis);

impl Ranged for Ruled {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        let share = (value - self.0.low) / (self.0.high - self.0.low);
        let pixels = f64::from(limit.1 - limit.0).mul_add(share, f64::from(limit.0));
        #[expect(clippy::cast_possible_truncation, reason = "a pixel of a picture that is a thousand pixels wide")]
        let pixel = pixels.round() as i32;
        pixel
    }

    fn key_points<H: KeyPointHint>(&self, hint: H) -> Vec<f64> {
        if hint.weight().allow_light_points() { Vec::new() } else { self.0.ticks.iter().map(|tick| tick.at).collect() }
    }

    fn range(&self) -> Range<f64> {
        self.0.low..self.0.high
    }
}

impl ValueFormatter<f64> for Ruled {
    fn format(_: &f64) -> String {
        String::new()
    }

    fn format_ext(&self, value: &f64) -> String {
        self.0.ticks.iter().find(|tick| (tick.at - value).abs() < 1e-9).map(|tick| tick.label.clone()).unwrap_or_default()
    }
}

/// The picture; none where there is nothing to draw.
pub(crate) fn svg(chart: &Chart, language: Language) -> Option<String> {
    let axes = chart.axes.as_ref()?;
    let rows = legend_rows(chart, language);
    let height = PLOT_HEIGHT + LEGEND_ROW * u32::try_from(rows.len()).unwrap_or(0) + 16;
    let mut picture = String::new();
    {
        let root = SVGBackend::with_string(&mut picture, (WIDTH, height)).into_drawing_area();
        draw(&root, chart, axes, &rows).ok()?;
    }
    Some(described(&picture, chart, language))
}

/// What a legend row shows in front of its words.
enum Key {
    Line(usize),
    Band,
    /// Lines, or dots.
    Curve(bool),
    Words,
}

fn legend_rows(chart: &Chart, language: Language) -> Vec<(Key, String)> {
    let mut rows: Vec<(Key, String)> = if chart.is_several() {
        chart.lines.iter().enumerate().map(|(index, line)| (Key::Line(index), plain(&line.name))).collect()
    } else {
        Vec::new()
    };
    rows.extend(chart.band.iter().map(|band| (Key::Band, plain(&band.text))));
    rows.extend(
        chart
            .edition
            .iter()
            .map(|edition| (Key::Curve(chart.curves.iter().all(|curve| curve.joined)), curve_text(chart, edition, language))),
    );
    rows.extend(chart.along.iter().map(|along| (Key::Words, plain(along))));
    rows.extend(chart.marks.iter().map(|mark| (Key::Words, mark.legend(language))));
    rows.push((Key::Words, present::chart_note(language).to_owned()));
    rows
}

fn draw<'a>(
    root: &DrawingArea<SVGBackend<'a>, Shift>,
    chart: &Chart,
    axes: &present::Axes,
    rows: &[(Key, String)],
) -> Result<(), Failed<'a>> {
    root.fill(&WHITE)?;
    let (plot, legend) = root.split_vertically(PLOT_HEIGHT);
    let unit = chart.unit.as_deref().map(|unit| format!(" [{}]", plain(unit))).unwrap_or_default();
    let mut context: Plot<'_, 'a> = ChartBuilder::on(&plot)
        .caption(format!("{}{unit}", plain(&chart.title)), (FONTS, 26, &INK))
        .margin(16)
        .margin_right(32)
        .x_label_area_size(44)
        .y_label_area_size(72)
        .build_cartesian_2d(Ruled(axes.x.clone()), Ruled(axes.y.clone()))?;
    if let Some(band) = &chart.band {
        let (low, high) = (band.range.low.unwrap_or(axes.y.low), band.range.high.unwrap_or(axes.y.high));
        context.draw_series([Rectangle::new([(axes.x.low, low), (axes.x.high, high)], BAND.filled())])?;
    }
    context
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(INK.mix(0.15))
        .axis_style(INK)
        .label_style((FONTS, 15, &INK))
        .draw()?;
    for curve in &chart.curves {
        reference_curve(&mut context, curve)?;
    }
    for (index, line) in chart.lines.iter().enumerate() {
        let colour = colour(index);
        context.draw_series(LineSeries::new(line.points.iter().map(place), colour.stroke_width(2)))?;
        for point in &line.points {
            context.plotting_area().draw(&shape(index, place(point), colour))?;
            if point.corrected {
                context.plotting_area().draw(&Circle::new(place(point), 9, colour.stroke_width(1)))?;
            }
        }
        values(&mut context, axes, &line.points)?;
    }
    for (row, (key, text)) in rows.iter().enumerate() {
        legend_row(&legend, i32::try_from(row).unwrap_or(0), key, text)?;
    }
    root.present()
}

/// A curve of a reference with its name at its right end; dots where no line may join them.
fn reference_curve<'a>(context: &mut Plot<'_, 'a>, curve: &present::ReferenceCurve) -> Result<(), Failed<'a>> {
    let dots = || curve.points.iter().map(|dot| (dot.at, dot.height));
    if curve.joined {
        context.draw_series(LineSeries::new(dots(), CURVE.stroke_width(if curve.is_middle { 2 } else { 1 })))?;
    } else {
        context.draw_series(dots().map(|at| Circle::new(at, if curve.is_middle { 3 } else { 2 }, CURVE.filled())))?;
    }
    let Some(last) = dots().next_back() else { return Ok(()) };
    let style = TextStyle::from((FONTS, 13).into_font()).color(&INK).pos(Pos::new(HPos::Left, VPos::Center));
    context.draw_series([EmptyElement::at(last) + Text::new(plain(&curve.name), (5, 0), style)])?;
    Ok(())
}

/// Which percentiles the curves are, and whose.
fn curve_text(chart: &Chart, edition: &str, language: Language) -> String {
    let names: Vec<&str> = chart.curves.iter().map(|curve| curve.name.as_str()).collect();
    let names = if names.is_empty() { language.pick("線はありません", "no curves").to_owned() } else { names.join(", ") };
    plain(&format!("{names}{}{edition}", language.pick("：", ": ")))
}

fn place(point: &ChartPoint) -> (f64, f64) {
    (f64::from(point.day), point.height)
}

fn colour(index: usize) -> RGBColor {
    COLOURS.into_iter().cycle().nth(index).unwrap_or(INK)
}

/// The values as measured beside their points, with H or L: above, or below a low between two higher ones, out of the
/// line's way. Where points crowd, only the first, the last, and what is out of range.
fn values<'a>(context: &mut Plot<'_, 'a>, axes: &present::Axes, points: &[ChartPoint]) -> Result<(), Failed<'a>> {
    let pixels_a_day = f64::from(WIDTH - 120) / (axes.x.high - axes.x.low);
    let crowded = points.windows(2).any(|pair| match pair {
        [point, next] => f64::from(next.day - point.day) * pixels_a_day < ROOM_FOR_A_VALUE,
        _ => false,
    });
    for (index, point) in points.iter().enumerate() {
        let (before, after) = (index.checked_sub(1).and_then(|at| points.get(at)), points.get(index + 1));
        if crowded && point.mark.is_none() && before.is_some() && after.is_some() {
            continue;
        }
        let is_low =
            (before.is_some() || after.is_some()) && [before, after].into_iter().flatten().all(|other| other.height > point.height);
        let (offset, side) = if is_low { (9, VPos::Top) } else { (-9, VPos::Bottom) };
        let mark = point.mark.map(|mark| format!(" {}", mark.sign())).unwrap_or_default();
        let style = TextStyle::from((FONTS, 14).into_font()).color(&INK).pos(Pos::new(HPos::Center, side));
        let text = Text::new(format!("{}{mark}", plain(&point.value)), (0, offset), style);
        context.draw_series([EmptyElement::at(place(point)) + text])?;
    }
    Ok(())
}

/// A point's shape: circle, square, triangle, diamond, cross, ring.
fn shape<'a, C: Clone + 'static>(index: usize, at: C, colour: RGBColor) -> DynElement<'a, SVGBackend<'a>, C> {
    let filled = colour.filled();
    match index % 6 {
        0 => Circle::new(at, 5, filled).into_dyn(),
        1 => (EmptyElement::at(at) + Rectangle::new([(-5, -5), (5, 5)], filled)).into_dyn(),
        2 => TriangleMarker::new(at, 7, filled).into_dyn(),
        3 => (EmptyElement::at(at) + Polygon::new(vec![(0, -7), (7, 0), (0, 7), (-7, 0)], filled)).into_dyn(),
        4 => Cross::new(at, 5, colour.stroke_width(2)).into_dyn(),
        _ => Circle::new(at, 6, colour.stroke_width(2)).into_dyn(),
    }
}

fn legend_row<'a>(area: &DrawingArea<SVGBackend<'a>, Shift>, row: i32, key: &Key, text: &str) -> Result<(), Failed<'a>> {
    let middle = row * i32::try_from(LEGEND_ROW).unwrap_or(0) + 12;
    match key {
        Key::Line(index) => {
            let colour = colour(*index);
            area.draw(&PathElement::new(vec![(76, middle), (112, middle)], colour.stroke_width(2)))?;
            area.draw(&shape(*index, (94, middle), colour))?;
        }
        Key::Band => area.draw(&Rectangle::new([(76, middle - 7), (112, middle + 7)], BAND.filled()))?,
        Key::Curve(true) => area.draw(&PathElement::new(vec![(76, middle), (112, middle)], CURVE.stroke_width(2)))?,
        Key::Curve(false) => area.draw(&Circle::new((94, middle), 3, CURVE.filled()))?,
        Key::Words => {}
    }
    let left = if matches!(key, Key::Words) { 76 } else { 124 };
    let style = TextStyle::from((FONTS, 15).into_font()).color(&INK).pos(Pos::new(HPos::Left, VPos::Center));
    area.draw(&Text::new(text.to_owned(), (left, middle), style))
}

/// Puts a title, the sentence and every value in words into the picture, for those who hear it.
fn described(picture: &str, chart: &Chart, language: Language) -> String {
    let mut words = vec![chart.text.clone()];
    for line in &chart.lines {
        let name = if chart.is_several() { format!("{}: ", line.name) } else { String::new() };
        let values: Vec<&str> = line.points.iter().map(|point| point.text.as_str()).collect();
        words.push(format!("{name}{}", values.join("; ")));
    }
    let unit = chart.unit.as_deref().map(|unit| format!(" [{unit}]")).unwrap_or_default();
    let inside = format!("<title>{}</title>\n<desc>{}</desc>\n", escaped(&format!("{}{unit}", chart.title)), escaped(&words.join("\n")));
    let language = language.pick("ja", "en");
    picture.replacen("<svg ", &format!("<svg role=\"img\" lang=\"{language}\" "), 1).replacen(">\n", &format!(">\n{inside}"), 1)
}

fn escaped(text: &str) -> String {
    plain(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::chart_samples::{alp, single, titled};

    #[test]
    fn lines_differ_in_shape_and_the_values_are_written_as_measured() {
        let picture = svg(&alp(), Language::Japanese).unwrap();
        assert_eq!((picture.matches("<circle").count(), picture.matches("r=\"5\"").count()), (5, 5), "four points and the legend");
        for part in ["JSCC法", "IFCC法", "121 H", "基準範囲 38–113 U/L", "基準より高い", "2015-06-01、210 U/L"] {
            assert!(picture.contains(part), "{part}");
        }
        assert!(svg(&single(&[("2024-05-03", "5.60")]), Language::English).unwrap().contains("5.60"));
        assert_eq!(svg(&single(&[]), Language::English), None);
    }

    #[test]
    fn a_name_cannot_break_out_of_its_place_and_the_picture_is_the_same_every_time() {
        let chart = titled("</text><script>\u{0}&\"");
        let picture = svg(&chart, Language::English).unwrap();
        assert!(!picture.contains("<script") && !picture.contains('\u{0}'), "{picture}");
        assert_eq!(picture, svg(&chart, Language::English).unwrap());
    }

    /// `TECHO_SHOW_SVG=folder cargo test -p techo pictures` leaves the pictures for looking at.
    #[test]
    fn pictures_for_the_eye_are_well_formed() {
        let many: Vec<(String, String)> = (0..40)
            .map(|month| (format!("{}-{:02}-10", 2020 + month / 12, 1 + month % 12), format!("{}.{}", 5 + month % 3, month % 10)))
            .collect();
        let many: Vec<(&str, &str)> = many.iter().map(|(day, value)| (day.as_str(), value.as_str())).collect();
        let pictures = [("alp", alp()), ("one", single(&[("2024-05-03", "5.60")])), ("many", single(&many))];
        for (name, chart) in pictures {
            let picture = svg(&chart, Language::Japanese).unwrap();
            assert_eq!(picture.matches("<text").count(), picture.matches("</text>").count(), "{name}");
            assert!(picture.starts_with("<svg role=\"img\"") && picture.trim_end().ends_with("</svg>"), "{name}");
            if let Some(folder) = std::env::var_os("TECHO_SHOW_SVG") {
                std::fs::write(std::path::Path::new(&folder).join(format!("{name}.svg")), picture).unwrap();
            }
        }
    }
}
