//! The chosen unit: its picture as large as there is room for, and the images that it says
//! most of.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{layout::Layout, table, words};
use crate::{
    data::Classes,
    message::{Fit, InsideAnswer, UnitLook},
    ui::{
        theme::Theme,
        views::{Stage, behind},
        widget::{
            cut::{Cut, Window},
            fit::{Image, Pixels},
            picture::{Paint, Part, Picture},
            squares::Squares,
            text,
        },
    },
    words::grouped,
};

/// Pictures on a side of the place of one: of the few, and of the many.
const FEW: usize = 2;
const MANY: usize = 4;

/// What the images of a unit are.
const EXCITES: &str = "excites it most";
/// What is said in their place until they are known.
const ASKING: &str = "all images are being asked";

/// Draws both pictures, and what is said of them.
pub(super) fn render(stage: &Stage, answer: Option<&InsideAnswer>, at: &Layout, buf: &mut Buffer) {
    let theme = stage.theme;
    let Some(answer) = answer else {
        text::title(buf, at.unit, theme, "unit", &[]);
        say(
            "waiting for the first weights",
            theme.dim(),
            text::body(at.unit),
            buf,
        );
        let name = if at.wide { EXCITES } else { "best fit" };
        return text::title(buf, at.fits, theme, name, &[]);
    };
    picture(stage, answer, at, buf);
    fits(stage, answer, at, buf);
    facts(stage, answer, at, buf);
}

fn picture(stage: &Stage, answer: &InsideAnswer, at: &Layout, buf: &mut Buffer) {
    let theme = stage.theme;
    let unit = &answer.unit;
    let sight = answer.sights[unit.sight];
    let layer = &answer.layers[sight.layer].layer;
    let noun = words::noun(layer, sight.look);
    let number = words::number(layer, unit.tile.unit);
    let verb = words::verb(sight.look);
    let shows_map = unit.tile.map.is_some();
    let (name, says) = match (at.wide, shows_map) {
        (true, true) => (
            format!("{noun} {number} on {}", answer.sample.index),
            format!("layer {}", sight.layer + 1),
        ),
        (true, false) => (
            format!("{noun} {number} {verb}"),
            format!("layer {}", sight.layer + 1),
        ),
        (false, true) => (format!("{noun} {number}"), "its map".into()),
        (false, false) => (format!("{noun} {number}"), verb.into()),
    };
    text::title(buf, at.unit, theme, &name, &[(&says, theme.dim())]);
    let body = text::body(at.unit);
    if let Some(map) = &unit.tile.map {
        let image = Image {
            size: map.size,
            values: &map.values,
        };
        let (window, paint) = (Window::MIDDLE, Paint::Network);
        return part(stage, image, window, paint, at.cut, body, buf);
    }
    if unit.tile.dead {
        say("dead: it says nothing", theme.warning(), body, buf);
    }
    if !unit.tile.picture.is_empty() {
        let image = Image {
            size: unit.tile.size,
            values: &unit.tile.picture,
        };
        let (window, paint) = (Window::MIDDLE, Paint::Difference);
        part(stage, image, window, paint, at.cut, body, buf);
    } else if sight.look == UnitLook::Fits && !unit.tile.dead {
        say(ASKING, theme.dim(), body, buf);
    }
}

/// Words in place of a picture, on as many rows as they need.
fn say(words: &str, style: Style, area: Rect, buf: &mut Buffer) {
    for (row, line) in area.rows().zip(text::wrapped(words, area.width)) {
        text::left(buf, row, &[(&line, style)]);
    }
}

fn part(
    stage: &Stage,
    image: Image,
    window: Window,
    paint: Paint,
    cut: Cut,
    area: Rect,
    buf: &mut Buffer,
) {
    Part {
        image,
        cut,
        window,
        paint,
        theme: stage.theme,
    }
    .render(stage.fine, area, buf);
}

/// The images that suit it: one where there is room for one, else four or sixteen.
fn fits(stage: &Stage, answer: &InsideAnswer, at: &Layout, buf: &mut Buffer) {
    let theme = stage.theme;
    let nearer = stage.app.places.inside.nearer;
    let best = &answer.unit.best;
    let body = text::body(at.fits);
    if at.wide {
        let of = answer.studied.unwrap_or(stage.seen.map.points.len());
        let says = format!("of {}", grouped(of as u64));
        let behind = behind::at_step(answer.studied_at, answer.step);
        let names = [EXCITES, "excites most"];
        behind::title(buf, at.fits, theme, names, &says, behind.as_deref());
        let side = if nearer > 0 { MANY } else { FEW };
        if !best.is_empty() {
            mosaic(stage, best, side, body, buf);
        }
    } else {
        let fit = best.get(nearer.min(best.len().saturating_sub(1)));
        let says = fit.map_or_else(String::new, |fit| {
            let long = text::image(&fit.index.to_string(), &stage.app.classes(), fit.label);
            if text::width(&long) + 9 < at.fits.width {
                long
            } else {
                fit.index.to_string()
            }
        });
        let name = match nearer.min(best.len().saturating_sub(1)) {
            0 => "best fit".into(),
            nearer => format!("fit {}", nearer + 1),
        };
        text::title(buf, at.fits, theme, &name, &[(&says, theme.dim())]);
        if let Some(fit) = fit {
            let image = image_of(stage, fit);
            let (window, paint) = (Window::around(image), Paint::Original);
            part(stage, image, window, paint, at.cut, body, buf);
        }
    }
    if best.is_empty() {
        let words = match (answer.studied, answer.unit.silent) {
            (None, _) | (_, None) => ASKING,
            (Some(_), Some(_)) => "silent for all: none does",
        };
        say(words, theme.dim(), body, buf);
    }
}

/// The best images as one picture, so many on a side.
fn mosaic(stage: &Stage, best: &[Fit], side: usize, area: Rect, buf: &mut Buffer) {
    let whole = usize::from(Cut::Full.columns());
    let squares = Squares::new(stage.app.image(), whole / side);
    let image = |[column, row]: [usize; 2]| {
        let fit = best.get(row * side + column).filter(|_| column < side);
        fit.map(|fit| image_of(stage, fit))
    };
    let coarsely = |x, y| {
        let image = image(squares.square(x, y));
        image.map_or(0.0, |image| squares.value(image, x, y))
    };
    let finely = |x, y| {
        let image = image(squares.fine_square(x, y));
        image.map_or(0.0, |image| squares.fine_value(image, x, y))
    };
    Picture {
        pixels: &Pixels::gather([whole; 2], coarsely),
        paint: Paint::Original,
        theme: stage.theme,
    }
    .render_fine(
        stage.fine,
        ([side * squares.fine_side(); 2], finely),
        area,
        buf,
    );
}

fn image_of<'a>(stage: &Stage, fit: &'a Fit) -> Image<'a> {
    Image {
        size: stage.app.image(),
        values: &fit.pixels,
    }
}

/// The images' numbers, what the unit says of the sample, and how often it is silent.
fn facts(stage: &Stage, answer: &InsideAnswer, at: &Layout, buf: &mut Buffer) {
    let theme = stage.theme;
    let unit = &answer.unit;
    let sight = answer.sights[unit.sight];
    let layer = &answer.layers[sight.layer].layer;
    if let Some(row) = at.narrator {
        // What is amiss has no other row where the table needs them all.
        let amiss = answer.findings.iter().find(|finding| words::warns(finding));
        if let Some(finding) = amiss.filter(|_| at.table.notes.is_empty()) {
            table::warning(finding, answer, stage, row, buf);
        } else {
            let forms = words::sentence(answer);
            let fits = forms.iter().find(|form| text::width(form) <= row.width);
            text::left(buf, row, &[(fits.map_or("", |form| form), theme.text())]);
        }
    }
    let nearer = stage.app.places.inside.nearer;
    let label = stage.seen.row.sample().label;
    let of_sample = match (layer.map, at.wide) {
        (_, false) => "answer".into(),
        (Some(_), true) => format!("mean of its map on {}", answer.sample.index),
        (None, true) => match stage.app.classes() {
            Classes::Unlabelled => format!("for {}:", answer.sample.index),
            classes => format!("for {}, {}:", answer.sample.index, classes.one(label)),
        },
    };
    let says = format!("{:.2}", unit.tile.says);
    let share = answer
        .studied
        .and_then(|images| words::silent(unit, images));
    let silent = match (&share, at.wide) {
        (Some(share), true) => format!("{share} of images"),
        (Some(share), false) => share.clone(),
        (None, true) => "being counted".into(),
        (None, false) => "-".into(),
    };
    let mut rows = at.facts.rows();
    if at.wide
        && let Some(row) = rows.next()
    {
        indices(&unit.best, nearer, theme, row, buf);
    }
    if let Some(row) = rows.next() {
        text::left(buf, row, &[(&of_sample, theme.dim())]);
        text::right(buf, row, &[(&says, theme.accent())]);
    }
    if let Some(row) = rows.next() {
        text::left(buf, row, &[("silent for", theme.dim())]);
        text::right(buf, row, &[(&silent, theme.dim())]);
    }
}

/// The numbers of the images, four at a time; the one that Enter takes stands out.
fn indices(best: &[Fit], nearer: usize, theme: Theme, row: Rect, buf: &mut Buffer) {
    let few = FEW * FEW;
    let from = nearer.min(best.len().saturating_sub(1)) / few * few;
    let mut x = row.x;
    for (number, fit) in best.iter().enumerate().skip(from).take(few) {
        let words = fit.index.to_string();
        let place = Rect {
            x,
            width: row.right().saturating_sub(x),
            ..row
        };
        if text::width(&words) > place.width {
            break;
        }
        let style = if number == nearer {
            theme.accent()
        } else {
            theme.dim()
        };
        x = text::left(buf, place, &[(&words, style)]) + 2;
    }
}
