//! The panes of the view, drawn.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Color, Style},
    widgets::Widget,
};

use super::{
    canvas::{Canvas, Tool},
    layout::{Layout, Words},
    likeness::{self, Likeness},
    place,
    sliders::Slider,
};
use crate::{
    data::Classes,
    image::ImageSize,
    message::{Around, Made, Plane},
    ui::{
        frame::Body,
        theme::{Depth, Glyphs, Theme},
        views::Stage,
        widget::{
            bitmap::{self, Bitmap},
            cut::{Cut, Window},
            map::{Axes, Bare, Chosen, LatentMap, MapCells},
            picture::{Paint, Part, Picture},
            text::{self, Span},
        },
    },
};

/// Columns of a scale, and of the words beside it, at the least.
const SCALE: u16 = 26;
/// Where a scale begins.
const SCALE_AT: u16 = 8;

/// Draws all of them.
pub(super) fn render(stage: &Stage, buf: &mut Buffer) {
    let at = Layout::of(&stage.frame);
    let answer = stage.seen.answers.draw.as_deref();
    let made = answer.and_then(|answer| answer.made.as_ref());
    let canvas = place::canvas(stage.app);
    let shown = place::shown(stage.app);
    let empty = shown
        .as_ref()
        .is_none_or(|shown| shown.iter().all(|&ink| ink == 0.0));
    if let (Some(canvas), Some(shown)) = (&canvas, &shown) {
        drawing(stage, canvas, shown, &at, buf);
        pen(stage, canvas, at.pen, buf);
    }
    reconstruction(stage, made, at.reconstruction, buf);
    if let Some(area) = at.map {
        map(stage, made, area, buf);
    }
    // Of nothing there is nothing to be said.
    let judged = made.filter(|_| !empty);
    scales(stage, judged, at.scales, buf);
    if let Some(area) = at.nearest {
        nearest(stage, made.and_then(|made| made.around.as_ref()), area, buf);
    }
    for slider in Slider::ALL {
        sliders(stage, slider, &at, buf);
    }
    words(stage, empty, &at, buf);
}

/// Where the picture on the canvas is from, and what was done to it: the longest wording that
/// fits.
fn origin(stage: &Stage, columns: u16) -> String {
    let (app, place) = (stage.app, &stage.app.places.draw);
    let from = if place::is_drawn(app) {
        "your drawing".to_owned()
    } else {
        let sample = app.sample;
        let label = app.data.as_ref().map(|data| {
            let split = sample.split.of(data);
            app.classes()
                .one(split.label(sample.index.min(split.len() - 1)))
        });
        format!("from {}: {}", sample.index, label.unwrap_or_default())
    };
    let mut did: Vec<&str> = Slider::ALL
        .into_iter()
        .filter(|slider| slider.is_on(&place.spoil))
        .map(Slider::did)
        .collect();
    did.dedup();
    let did = match &did[..] {
        [] => String::new(),
        [one] => format!(", {one}"),
        [first @ .., last] => format!(", {} and {last}", first.join(", ")),
    };
    let spoilt = if did.is_empty() { "" } else { ", spoilt" };
    let short = from.split_once(':').map_or(&*from, |(short, _)| short);
    let wordings = [
        format!("{from}{did}"),
        format!("{short}{spoilt}"),
        short.to_owned(),
    ];
    let fits = |words: &String| text::width(words) <= columns;
    wordings.into_iter().find(fits).unwrap_or_default()
}

fn drawing(stage: &Stage, canvas: &Canvas, shown: &[f32], at: &Layout, buf: &mut Buffer) {
    let theme = stage.theme;
    let name = "draw here";
    let origin = origin(stage, at.canvas.width.saturating_sub(text::width(name) + 3));
    text::title(buf, at.canvas, theme, name, &[(&origin, theme.dim())]);
    let pen = stage.app.places.draw.pen_at(canvas);
    let paper = at.paper();
    let ImageSize { height, width } = canvas.size();
    let fine = |[columns, rows]: [usize; 2], buf: &Buffer| {
        let place = Rect {
            width: columns as u16,
            height: rows as u16,
            ..paper
        };
        if paper.intersection(place) == place {
            let bitmap = || finely(canvas, shown, pen, theme);
            stage.fine.declare(place, buf, bitmap);
        }
    };
    if at.large {
        large(canvas, shown, pen, theme, paper, buf);
        fine([2 * width, height], buf);
        return;
    }
    let pixels = Cut::Full.of(shown, Window::Frame);
    let picture = Picture {
        pixels: &pixels,
        paint: Paint::Original,
        theme,
    };
    picture.render(paper, buf);
    half_block_pen(shown, canvas, pen, theme, paper, buf);
    fine([width, height / 2], buf);
}

/// All pixels, the pen's in its colour.
fn finely(canvas: &Canvas, shown: &[f32], [x, y]: [usize; 2], theme: Theme) -> Bitmap {
    let ImageSize { height, width } = canvas.size();
    let value = |x: usize, y: usize| shown[y * width + x];
    let mut bitmap = Bitmap::of([width, height], Paint::Original, theme, value);
    bitmap.mark([x, y], bitmap::in_full(theme).pen(value(x, y)));
    bitmap
}

/// A pixel in two cells side by side.
fn large(
    canvas: &Canvas,
    shown: &[f32],
    [pen_x, pen_y]: [usize; 2],
    theme: Theme,
    paper: Rect,
    buf: &mut Buffer,
) {
    let width = canvas.size().width;
    for (place, &ink) in shown.iter().enumerate() {
        let (x, y) = (place % width, place / width);
        let is_pen = (x, y) == (pen_x, pen_y);
        for half in 0..2 {
            let column = paper.x + u16::try_from(2 * x + half).unwrap_or(u16::MAX);
            let row = paper.y + u16::try_from(y).unwrap_or(u16::MAX);
            if !paper.contains((column, row).into()) {
                continue;
            }
            let cell = &mut buf[(column, row)];
            cell.reset();
            if theme.depth == Depth::None {
                cell.set_char(shade(ink, theme.glyphs));
            } else {
                cell.set_char(' ').set_bg(theme.original(ink));
            }
            if is_pen {
                cell.set_char(['[', ']'][half]);
                cell.set_style(Style::new().fg(pen_colour(ink, theme)));
            }
        }
    }
}

/// The pen's colour on so much ink: it must be seen on any.
fn pen_colour(ink: f32, theme: Theme) -> Color {
    match theme.depth {
        Depth::None => Color::Reset,
        _ if ink > 0.5 => theme.original(0.0),
        _ => theme.accent().fg.unwrap_or_default(),
    }
}

/// Characters by the ink they put on a cell.
fn shade(ink: f32, glyphs: Glyphs) -> char {
    let shades = match glyphs {
        Glyphs::Blocks => [' ', '░', '▒', '▓', '█'],
        Glyphs::Ascii => [' ', '.', '+', '*', '#'],
    };
    // The faintest ink shows.
    let shade = (ink * 4.0).ceil().clamp(0.0, 4.0);
    shades[shade as usize]
}

/// On half blocks the pen colours its pixel, and a mark beside the picture names its row.
fn half_block_pen(
    shown: &[f32],
    canvas: &Canvas,
    [x, y]: [usize; 2],
    theme: Theme,
    paper: Rect,
    buf: &mut Buffer,
) {
    let (Ok(column), Ok(row)) = (u16::try_from(x), u16::try_from(y / 2)) else {
        return;
    };
    let place = (paper.x + column, paper.y + row);
    if !paper.contains(place.into()) {
        return;
    }
    if theme.depth == Depth::None {
        buf[place].set_char('+');
    } else if theme.glyphs == Glyphs::Blocks {
        let ink = shown[y * canvas.size().width + x];
        let accent = theme.pen(ink);
        if y.is_multiple_of(2) {
            buf[place].set_fg(accent);
        } else {
            buf[place].set_bg(accent);
        }
    } else {
        buf[place].set_char('+').set_style(theme.accent());
    }
    if let Some(cell) = buf.cell_mut((paper.right(), place.1)) {
        cell.set_char(theme.symbols().stands)
            .set_style(theme.accent());
    }
}

/// What the pen does, and the pixel under it.
fn pen(stage: &Stage, canvas: &Canvas, area: Rect, buf: &mut Buffer) {
    let (theme, place) = (stage.theme, &stage.app.places.draw);
    let symbols = theme.symbols();
    let tool = match place.tool {
        Tool::Pen => "pen ",
        Tool::Eraser => "eraser ",
    };
    let sign = symbols.now.to_string();
    let [x, y] = place.pen_at(canvas);
    let ink = canvas.pixels()[y * canvas.size().width + x];
    let wide = area.width >= 40;
    let (down, up) = if wide { (" down", " up  ") } else { ("", "") };
    let (state, style) = if place.down {
        (down, theme.accent())
    } else {
        (up, theme.dim())
    };
    let gap = if wide { "   " } else { " " };
    let breadth = place.pen.words();
    let short = breadth.trim_end_matches(" px");
    let breadth = if wide { breadth } else { short };
    let left: [Span; 5] = [
        (tool, theme.dim()),
        (&sign, style),
        (state, style),
        (gap, theme.dim()),
        (breadth, theme.text()),
    ];
    let end = text::left(buf, area, &left);
    let right = if wide {
        format!("pixel {x:>2},{y:<2} {ink:.2}")
    } else {
        format!("{x},{y}")
    };
    let free = Rect {
        x: end + 1,
        width: area.right().saturating_sub(end + 1),
        ..area
    };
    text::right(buf, free, &[(&right, theme.dim())]);
}

fn reconstruction(stage: &Stage, made: Option<&Made>, area: Rect, buf: &mut Buffer) {
    let theme = stage.theme;
    let loss = made.map(|made| format!("loss {}", text::loss(made.sample.loss)));
    let loss = loss.unwrap_or_default();
    text::title(buf, area, theme, "reconstruction", &[(&loss, theme.dim())]);
    let nothing = Vec::new();
    let pixels = made.map_or(&nothing, |made| &made.sample.reconstruction);
    picture(
        stage,
        pixels,
        Paint::Network,
        Cut::Full,
        text::body(area),
        buf,
    );
}

fn picture(stage: &Stage, image: &[f32], paint: Paint, cut: Cut, area: Rect, buf: &mut Buffer) {
    Part {
        image,
        cut,
        window: Window::Frame,
        paint,
        theme: stage.theme,
    }
    .render(stage.fine, area, buf);
}

/// The map without its axes: where the code of the picture lies, and where the sample's does.
fn map(stage: &Stage, made: Option<&Made>, area: Rect, buf: &mut Buffer) {
    let &Stage {
        app, seen, theme, ..
    } = stage;
    let values = made.map(|made| &made.sample.code[..]);
    let says = match (seen.map.plane, values) {
        (Plane::Codes, Some([x, y])) => format!("{x:.1}  {y:.1}"),
        (Plane::Line, Some([value])) => format!("{value:.1}"),
        _ => String::new(),
    };
    text::title(buf, area, theme, "its place", &[(&says, theme.accent())]);
    let body = text::body(area);
    let axes = Axes {
        digits: seen.map.plane == Plane::Line,
        units: seen.map.units,
        ..Axes::from(seen.map.range)
    };
    let size = (body.width, body.height);
    let cells = MapCells::bin(&seen.map.points, &seen.map.labels, app.digits, axes, size);
    let chosen = Chosen {
        point: seen.map.chosen,
        label: seen.row.sample().label,
    };
    Bare(LatentMap {
        cells: &cells,
        chosen: Some(chosen),
        prior: None,
        style: app.map_style,
        theme,
    })
    .render(body, buf);
    if let Some((column, row)) = made.and_then(|made| cells.cell_of(made.place?)) {
        cross((body.x + column, body.y + row), theme, body, buf);
    }
}

/// A cross; its arms give way to the mark of the chosen sample.
fn cross((x, y): (u16, u16), theme: Theme, area: Rect, buf: &mut Buffer) {
    let symbols = theme.symbols();
    let arms = [
        (x.wrapping_sub(2), y, symbols.rule),
        (x.wrapping_sub(1), y, symbols.rule),
        (x + 1, y, symbols.rule),
        (x + 2, y, symbols.rule),
        (x, y.wrapping_sub(1), symbols.axis),
        (x, y + 1, symbols.axis),
        (x, y, symbols.cross),
    ];
    for (x, y, symbol) in arms {
        if area.contains((x, y).into()) {
            let cell = &mut buf[(x, y)];
            let marked = match theme.depth {
                Depth::None => matches!(cell.symbol(), "[" | "]"),
                _ => cell.style().bg == theme.selection().bg,
            };
            if marked {
                continue;
            }
            cell.reset();
            cell.set_char(symbol).set_style(theme.accent());
        }
    }
}

/// How like the data the picture is.
fn scales(stage: &Stage, made: Option<&Made>, area: Rect, buf: &mut Buffer) {
    let theme = stage.theme;
    let classes = stage.app.classes();
    let one = match classes {
        Classes::Digits => "a digit",
        Classes::Numbered => "one of these images",
    };
    let around = made.and_then(|made| made.around.as_ref());
    let worse = made.and_then(|made| made.worse_than);
    let farther = around.and_then(|around| around.farther_than);
    let says = likeness::sentence(worse, farther, one);
    let sentence = |row: Rect, buf: &mut Buffer| {
        let style = match worse.map(Likeness::of).max(farther.map(Likeness::of)) {
            Some(Likeness::Not) => theme.warning(),
            Some(Likeness::Hardly) => theme.added(),
            _ => theme.text(),
        };
        text::left(buf, row, &[(says.as_deref().unwrap_or(""), style)]);
    };
    if area.height < 4 {
        sentence(area, buf);
        return;
    }
    let mut rows = area.rows();
    let mut row = || rows.next().unwrap_or_default();
    let like = format!("how like {one} is this?");
    let near = match (around, stage.frame.body) {
        (Some(around), Body::Narrow(_)) => {
            let label = classes.one(around.nearest.label);
            format!("nearest real {}: {label}", around.nearest.index)
        }
        (Some(_), Body::Wide(_)) => format!("{} nearest codes", Around::NEIGHBOURS),
        (None, _) => String::new(),
    };
    text::title(buf, row(), theme, &like, &[(&near, theme.dim())]);
    scale("picture", "worse", worse, theme, row(), buf);
    scale("code", "farther", farther, theme, row(), buf);
    nearby(around, theme, row(), buf);
    sentence(row(), buf);
}

/// A share of the data on a line, with ticks at the middle and where the unusual begins.
fn scale(name: &str, word: &str, share: Option<f32>, theme: Theme, row: Rect, buf: &mut Buffer) {
    let symbols = theme.symbols();
    text::left(buf, row, &[(name, theme.dim())]);
    let left = row.x + SCALE_AT;
    if left + SCALE > row.right() {
        return;
    }
    for column in 0..SCALE {
        let symbol = match column {
            13 => symbols.cross,
            24 => symbols.tick,
            _ => symbols.rule,
        };
        buf[(left + column, row.y)]
            .set_char(symbol)
            .set_style(theme.faint());
    }
    let Some(share) = share else { return };
    let (column, style) = match Likeness::of(share) {
        // Evenly up to the tick, beyond it the rest.
        Likeness::Usual => ((share / 0.99 * 23.0).round() as u16, theme.accent()),
        Likeness::Hardly => (SCALE - 2, theme.added()),
        Likeness::Not => (SCALE - 1, theme.warning()),
    };
    buf[(left + column, row.y)]
        .set_char(symbols.now)
        .set_style(style);
    let words = likeness::share(word, share);
    let free = Rect {
        x: left + SCALE + 1,
        width: row.right().saturating_sub(left + SCALE + 1),
        ..row
    };
    text::right(buf, free, &[(&words, style)]);
}

/// The labels of the nearest codes, each as wide as its share.
fn nearby(around: Option<&Around>, theme: Theme, row: Rect, buf: &mut Buffer) {
    text::left(buf, row, &[("nearby", theme.dim())]);
    let Some(around) = around else { return };
    let total: usize = around.labels.iter().map(|(_, count)| count).sum();
    let left = row.x + SCALE_AT;
    if total == 0 || left + SCALE > row.right() {
        return;
    }
    let edge = |before: usize| (before * usize::from(SCALE) / total) as u16;
    let mut before = 0;
    for &(label, count) in &around.labels {
        let (from, to) = (edge(before), edge(before + count));
        before += count;
        for column in from..to {
            let first = column == from;
            let digit = char::from(b'0' + label % 10);
            let cell = &mut buf[(left + column, row.y)];
            cell.reset();
            match theme.depth {
                Depth::None => cell.set_char(if first { digit } else { symbol_of(theme) }),
                _ => cell
                    .set_char(if first { digit } else { ' ' })
                    .set_style(theme.digit_chip(label)),
            };
        }
    }
    if let Some((label, count)) = around.labels.first() {
        let words = format!("{count} of {total} are {label}s");
        let free = Rect {
            x: left + SCALE + 1,
            width: row.right().saturating_sub(left + SCALE + 1),
            ..row
        };
        text::right(buf, free, &[(&words, theme.text())]);
    }
}

fn symbol_of(theme: Theme) -> char {
    match theme.glyphs {
        Glyphs::Blocks => '█',
        Glyphs::Ascii => '#',
    }
}

/// The image whose code is nearest, and what the network makes of it.
fn nearest(stage: &Stage, around: Option<&Around>, area: Rect, buf: &mut Buffer) {
    let theme = stage.theme;
    let says = around.map(|around| {
        let image = &around.nearest;
        let label = stage.app.classes().one(image.label);
        format!("{}: {label}", image.index)
    });
    let says = says.unwrap_or_default();
    text::title(buf, area, theme, "nearest real", &[(&says, theme.dim())]);
    let (side, rows) = (Cut::Half.columns(), Cut::Half.rows());
    let body = text::body(area);
    let nothing = Vec::new();
    let images = around.map_or([&nothing; 2], |around| {
        [&around.nearest.original, &around.nearest.reconstruction]
    });
    for (number, (image, paint)) in images
        .into_iter()
        .zip([Paint::Original, Paint::Network])
        .enumerate()
    {
        let place = Rect {
            x: body.x + number as u16 * side,
            width: side,
            height: rows.min(body.height),
            ..body
        };
        picture(stage, image, paint, Cut::Half, place, buf);
    }
    let row = Rect {
        y: body.y + rows,
        height: 1,
        ..body
    };
    text::left(buf, row, &[("real", theme.dim())]);
    text::right(buf, row, &[("and redrawn", theme.dim())]);
}

/// One slider, and before the first their title.
fn sliders(stage: &Stage, slider: Slider, at: &Layout, buf: &mut Buffer) {
    let (theme, place) = (stage.theme, &stage.app.places.draw);
    if let (Some(area), Slider::Noise) = (at.sliders, slider) {
        let says = [("i  h l", theme.dim())];
        text::title(buf, area, theme, "spoil it", &says);
    }
    let (Some(row), Some(track)) = (at.row_of(slider), at.track_of(slider)) else {
        return;
    };
    let symbols = theme.symbols();
    let active = place.slider == Some(slider);
    let style = if active {
        theme.accent()
    } else if slider.is_on(&place.spoil) {
        theme.text()
    } else {
        theme.dim()
    };
    let indent = if at.large { 2 } else { 0 };
    let named = Rect {
        x: row.x + indent,
        width: row.width - indent,
        ..row
    };
    if active {
        let mark = row.x + indent - if at.large { 2 } else { 1 };
        buf[(mark, row.y)].set_char(symbols.chosen).set_style(style);
    }
    text::left(buf, named, &[(slider.name(), style)]);
    line(slider, place, theme, track, buf);
    let words = slider.words(&place.spoil, theme.glyphs);
    text::right(buf, row, &[(&words, style)]);
}

/// A slider's line, green from where it does nothing.
fn line(slider: Slider, place: &place::Place, theme: Theme, track: Rect, buf: &mut Buffer) {
    let symbols = theme.symbols();
    let last = f32::from(track.width - 1);
    let [here, nothing] = slider
        .along(&place.spoil)
        .map(|part| (part * last).round() as u16);
    for column in 0..track.width {
        let between = (here.min(nothing)..=here.max(nothing)).contains(&column) && here != nothing;
        let (symbol, style) = match (column == here, between) {
            (true, _) if here == nothing => (symbols.now, theme.dim()),
            (true, _) => (symbols.now, theme.accent()),
            (false, true) => (symbols.played, theme.accent()),
            (false, false) => (symbols.rule, theme.faint()),
        };
        buf[(track.x + column, track.y)]
            .set_char(symbol)
            .set_style(style);
    }
}

const EMPTY: &str = "Draw something: this is what it makes of nothing.";
const MOUSE: [&str; 2] = [
    "The mouse draws, its other button erases. Arrows bring",
    "another sample to the canvas, and u brings yours back.",
];
const MEANING: [&str; 2] = [
    "Every code decodes to something like the data: what it is",
    "like tells the loss, and how far its code is from others.",
];

/// What can be done, and what it shows.
fn words(stage: &Stage, empty: bool, at: &Layout, buf: &mut Buffer) {
    let (theme, place) = (stage.theme, &stage.app.places.draw);
    match at.words {
        Words::Beside([left, right]) => {
            for (row, words) in left.rows().zip(MOUSE) {
                text::left(buf, row, &[(words, theme.dim())]);
            }
            let said = if empty { [EMPTY, ""] } else { MEANING };
            for (row, words) in right.rows().zip(said) {
                text::left(buf, row, &[(words, theme.dim())]);
            }
        }
        Words::Narrator(row) => {
            let words = match place.slider {
                _ if empty => EMPTY.into(),
                Some(slider) if at.sliders.is_none() => format!(
                    "{} {}: h l changes, j k another, i back",
                    slider.name(),
                    slider.words(&place.spoil, theme.glyphs)
                ),
                _ => "Every code decodes to something: only the loss says no.".into(),
            };
            text::left(buf, row, &[(&words, theme.text())]);
        }
    }
}
