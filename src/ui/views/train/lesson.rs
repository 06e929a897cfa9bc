//! Train as a lesson: two large pictures or the map, and the sentence in the middle of attention.
//!
//! ```text
//!  original ──────── 110: an 8                    reconstruction ───── loss .201
//!     each pixel two columns      784 pixels         each pixel two columns
//!     wide, a row high             the code          wide, a row high
//!
//!  ◆              Every image seen once: held-out .220.               space
//!
//!  one grey .391            average .263   now .220         a perfect copy .058
//! ```
//!
//! Difference, curve and strip are not shown.

mod band;
mod ladder;
mod layout;
mod narrowing;

use ratatui::{buffer::Buffer, layout::Rect};

use super::{bottleneck, is_sheet};
use crate::{
    image::ImageSize,
    message::SplitName,
    ui::{
        app::Above,
        frame::{Frame, GUTTER},
        lesson::{Lesson, Scene},
        pane::{map, pictures},
        views::Stage,
        widget::{
            bitmap::Bitmap,
            cut::{Cut, Window},
            fit::{Fit, Image},
            picture::{Paint, pair},
            text,
        },
    },
    words::pointed,
};
use layout::{Layout, Side};

/// Draws it, if the screen has room for it.
pub(super) fn render(stage: &Stage, lesson: &Lesson, buf: &mut Buffer) -> bool {
    let Some(at) = Layout::of(&stage.frame) else {
        return false;
    };
    // What is beside a sheet is seen whole, or not at all.
    let beside_sheet = is_sheet(&stage.app.overlay);
    match lesson.scene {
        Scene::Pictures => pictures(stage, &at, beside_sheet, buf),
        Scene::Map => beside_map(stage, &at, beside_sheet, buf),
    }
    band::render(stage, lesson, at.band, buf);
    ladder::render(&stage.seen.curve, stage.theme, at.ladder, buf);
    true
}

/// Where the map is, if that is the scene.
pub(super) fn map_of(frame: &Frame, lesson: &Lesson) -> Option<Rect> {
    let at = Layout::of(frame)?;
    (lesson.scene == Scene::Map).then_some(at.map)
}

/// The image, the way through the middle, and what comes of it.
fn pictures(stage: &Stage, at: &Layout, beside_sheet: bool, buf: &mut Buffer) {
    let (app, theme) = (stage.app, stage.theme);
    let sample = stage.seen.row.sample();
    let size = app.image();
    let image = |values| Image { size, values };
    let window = Window::around(image(&sample.original));
    let fit = at.fit(size, window);
    let (name, above) = match (app.above, &sample.noisy) {
        (Above::Noisy, Some(noisy)) => ("noisy", noisy),
        _ => ("original", &sample.original),
    };
    let draw = |side: Side, values, paint, buf: &mut Buffer| {
        let area = at.picture(side, fit);
        picture(stage, image(values), (fit, paint), area, buf);
    };
    draw(Side::Left, above, Paint::Original, buf);
    let which = which(stage);
    let mut title = at.title(Side::Left);
    if beside_sheet {
        let room = stage.frame.sheet().x.saturating_sub(title.x + GUTTER);
        title.width = title.width.min(room);
    }
    text::title(buf, title, theme, name, &[(&which, theme.dim())]);
    if beside_sheet {
        return;
    }
    draw(Side::Right, &sample.reconstruction, Paint::Network, buf);
    let loss = format!("loss {}", pointed(text::loss(sample.loss).trim_start()));
    let says = [(&*loss, theme.dim())];
    text::title(buf, at.title(Side::Right), theme, "reconstruction", &says);
    narrowing::render(bottleneck(stage), at.middle, buf);
}

/// Which image it is.
fn which(stage: &Stage) -> String {
    let sample = stage.seen.row.sample();
    let classes = stage.app.classes();
    let split = match stage.seen.row.chosen.split {
        SplitName::Train => "train ",
        SplitName::Test => "",
        SplitName::Unseen => "unseen ",
    };
    let image = text::image(&sample.index.to_string(), &classes, sample.label);
    format!("{split}{image}")
}

/// An image whose pixels have several cells each, where there is room for that.
fn picture(stage: &Stage, image: Image, (fit, paint): (Fit, Paint), area: Rect, buf: &mut Buffer) {
    for (row, y) in (area.top()..area.bottom()).enumerate() {
        for (column, x) in (area.left()..area.right()).enumerate() {
            let halves = [2 * row, 2 * row + 1].map(|half| fit.value(image, column, half));
            if let Some(cell) = buf.cell_mut((x, y)) {
                pair(cell, halves, paint, stage.theme);
            }
        }
    }
    let value = |x: usize, y: usize| fit.fine_value(image, x, y);
    let bitmap = || Bitmap::of(fit.fine_size(), paint, stage.theme, value);
    stage.fine.declare(area, buf, bitmap);
}

/// The map, and beside it the sample that is marked there.
fn beside_map(stage: &Stage, at: &Layout, beside_sheet: bool, buf: &mut Buffer) {
    let (app, theme) = (stage.app, stage.theme);
    let cut = at.beside_cut();
    let view = pictures::View::on(stage, stage.seen.row.sample(), cut);
    let [title, original, code, made] = at.beside(cut);
    text::title(buf, title, theme, &which(stage), &[]);
    view.draw_image(app.above, theme, original, buf);
    bottleneck(stage).down(code, buf);
    view.draw_reconstruction(theme, made, buf);
    if !beside_sheet {
        map::render(app, stage.seen, theme, at.map, buf);
    }
}

impl Layout {
    /// How an image is shown: all of it, or of a digit the part that has its ink where its pixels
    /// would have a cell each otherwise.
    fn fit(&self, size: ImageSize, window: Window) -> Fit {
        let whole = self.side >= 2 * Cut::Full.columns();
        let cut = if whole { Cut::Full } else { Cut::Ink };
        Fit::within(cut.crop(size, window), self.side.into()).in_cells()
    }
}
