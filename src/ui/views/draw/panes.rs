//! The panes of the view, drawn.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    layout::{Layout, Paper, Words},
    map, paper, place, scales, spoiling,
};
use crate::{
    message::{Around, Made},
    ui::{
        pane::pictures,
        views::Stage,
        widget::{
            bitmap::Bitmap,
            cut::{Cut, Window},
            fit::{Crop, Fit, Image},
            picture::{Paint, Part},
            text,
        },
    },
};

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
        paper::drawing(stage, canvas, shown, &at, buf);
        paper::pen(stage, canvas, at.pen, buf);
    }
    reconstruction(stage, made, &at, buf);
    if let Some(area) = at.map {
        map::render(stage, made, area, buf);
    }
    if let Some(area) = at.difference {
        difference(stage, made, area, buf);
    }
    // Of nothing there is nothing to be said.
    let judged = made.filter(|_| !empty);
    scales::render(stage, judged, at.scales, buf);
    if let Some(area) = at.nearest {
        let around = made.and_then(|made| made.around.as_ref());
        nearest(stage, around, at.cut, area, buf);
    }
    spoiling::render(stage, &at, buf);
    words(stage, empty, &at, buf);
}

fn reconstruction(stage: &Stage, made: Option<&Made>, at: &Layout, buf: &mut Buffer) {
    let (theme, area) = (stage.theme, at.reconstruction);
    let loss = made.map(|made| format!("loss {}", text::loss(made.sample.loss)));
    let loss = loss.unwrap_or_default();
    text::title(buf, area, theme, "reconstruction", &[(&loss, theme.dim())]);
    let nothing = Vec::new();
    let pixels = made.map_or(&nothing, |made| &made.sample.reconstruction);
    let body = text::body(area);
    if at.magnified > 1 {
        magnified(stage, pixels, at.magnified, body, buf);
    } else {
        picture(stage, pixels, Paint::Network, Cut::Full, body, buf);
    }
}

/// What the network made, with larger pixels.
fn magnified(stage: &Stage, values: &[f32], scale: u16, area: Rect, buf: &mut Buffer) {
    let (theme, image) = (stage.theme, image_of(stage, values));
    let side = usize::from(scale * Cut::Full.columns());
    let fit = Fit::within(Crop::whole(image.size), side).in_cells();
    let paper = Paper::within(area, fit);
    paper::half_blocks(image, paper, Paint::Network, theme, buf);
    let value = |x, y| fit.fine_value(image, x, y);
    let bitmap = || Bitmap::of(fit.fine_size(), Paint::Network, theme, value);
    stage.fine.declare(paper.area, buf, bitmap);
}

fn image_of<'a>(stage: &Stage, values: &'a [f32]) -> Image<'a> {
    let size = stage.app.image();
    Image { size, values }
}

/// What was lost of the picture, and what was added to it.
fn difference(stage: &Stage, made: Option<&Made>, area: Rect, buf: &mut Buffer) {
    let theme = stage.theme;
    let says = [("-lost", theme.lost()), (" +added", theme.added())];
    text::title(buf, area, theme, "difference", &says);
    let Some(made) = made else { return };
    let images = [&made.sample.original, &made.sample.reconstruction];
    let images = images.map(|values| image_of(stage, values));
    let seen = (Cut::Full, Window::Frame);
    pictures::difference(images, seen, theme, stage.fine, text::body(area), buf);
}

fn picture(stage: &Stage, image: &[f32], paint: Paint, cut: Cut, area: Rect, buf: &mut Buffer) {
    Part {
        image: image_of(stage, image),
        cut,
        window: Window::Frame,
        paint,
        theme: stage.theme,
    }
    .render(stage.fine, area, buf);
}

/// The image whose code is nearest, and what the network makes of it.
fn nearest(stage: &Stage, around: Option<&Around>, cut: Cut, area: Rect, buf: &mut Buffer) {
    let theme = stage.theme;
    let says = around.map(|around| {
        let image = &around.nearest;
        text::image(&image.index.to_string(), &stage.app.classes(), image.label)
    });
    let says = says.unwrap_or_default();
    text::title(buf, area, theme, "nearest real", &[(&says, theme.dim())]);
    let (side, rows) = (cut.columns(), cut.rows());
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
        picture(stage, image, paint, cut, place, buf);
    }
    let row = Rect {
        y: body.y + rows,
        height: 1,
        ..body
    };
    text::left(buf, row, &[("real", theme.dim())]);
    text::right(buf, row, &[("and redrawn", theme.dim())]);
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
