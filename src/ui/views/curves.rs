//! Curves: how the loss fell, step by step, and a ruler that reads it.
//!
//! ```text
//!  at the ruler ─ 110: an 8  loss  ·· step  ━ smoothed  ━ held-out  ━ run 1 ── log axis
//!     as the weights of       .28┤   rate .001 > .004┊           │          grey .391 ↑
//!     that moment drew it     .26┤┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┊┄┄┄┄┄┄┄┄┄┄┄│┄┄┄┄┄┄┄  mean .263
//!                              .2┤       lines        ┊           │
//!  ruler ───────── epoch 4.8     └step ──100──500──1──2────3────4─┴─5────6────7
//!  step              9,000   each digit, held out: how much it has learned ────────
//!  step loss        0.1932    0   ··········░░░░░░░░▒▒▒▒▒▒▒▒▒▒▒▒▒▒│▒▒▒▒    42%  .220
//! ```

mod axis;
mod chart;
mod digits;
mod furniture;
mod layout;
mod marks;
mod moving;
mod ruler;
mod series;

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::Stage;
use crate::{
    message::{Ask, CurvesAnswer, CurvesAsk, Measured, Observation},
    recipe::Price,
    ui::{app::App, chrome::narrator, pane::pictures, widget::text},
};
use axis::{Across, Axis};
use layout::Layout;
use series::{Losses, SMOOTHINGS};

pub(super) use moving::{act, point};

/// What it remembers while another view is looked at.
#[derive(Debug, Clone)]
pub struct Place {
    /// The step at the ruler; none: the moment that is seen.
    ruler: Option<u64>,
    scale: Scale,
    across: Across,
    /// Which of the smoothings.
    smoothing: usize,
    /// How often the axis was halved.
    zoom: u8,
}

impl Default for Place {
    fn default() -> Self {
        Self {
            ruler: None,
            scale: Scale::Logarithmic,
            across: Across::Film,
            smoothing: 1,
            zoom: 0,
        }
    }
}

/// What is drawn, and how it becomes a height.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scale {
    /// Even ratios, from the mean image down: after the first epoch all the rest would be one
    /// flat line otherwise.
    Logarithmic,
    /// Even steps, from the first loss on.
    Linear,
    /// A line for each digit.
    Digits,
    /// The two parts of an objective that has two.
    Parts,
}

impl Scale {
    const fn next(self, price: Price) -> Self {
        match (self, price) {
            (Self::Logarithmic, _) => Self::Linear,
            (Self::Linear, _) => Self::Digits,
            (Self::Digits, Price::L1 | Price::Divergence) => Self::Parts,
            (Self::Digits, Price::None) | (Self::Parts, _) => Self::Logarithmic,
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Logarithmic => "log axis",
            Self::Linear => "linear axis",
            Self::Digits => "each digit, log axis",
            Self::Parts => "its two parts, linear",
        }
    }
}

/// What is said in place of lines, in full and in few columns.
const NO_HISTORY: &str = "This file has no history: train to see one.";
const NO_HISTORY_IN_BRIEF: &str = "No history: train to see one.";

/// What the price of a code is called beside a loss.
const fn price_name(price: Price) -> &'static str {
    match price {
        Price::None => "",
        Price::L1 => "price",
        Price::Divergence => "divergence",
    }
}

/// What it asks of the weights.
pub(super) fn asks(app: &App) -> Ask {
    let answer = app
        .seen
        .as_ref()
        .and_then(|seen| seen.answers.curves.as_ref());
    Ask::Curves(CurvesAsk {
        step: app.places.curves.ruler,
        known: answer.map_or(0, |answer| answer.measured.len()),
    })
}

/// The step at the ruler.
fn ruler(place: &Place, seen: &Observation) -> u64 {
    place.ruler.unwrap_or(seen.seen.step)
}

/// The part of the run that is seen.
fn axis(place: &Place, seen: &Observation) -> Axis {
    Axis::of(
        seen.moment.film,
        place.across,
        place.zoom,
        ruler(place, seen),
    )
}

/// All that the panes are drawn from.
struct Scene<'a> {
    stage: &'a Stage<'a>,
    place: &'a Place,
    at: Layout,
    axis: Axis,
    losses: Losses,
    /// What was measured as the run went and since, in the order of the steps.
    measured: Vec<Measured>,
    /// The step at the ruler.
    ruler: u64,
    /// What was answered of the ruler, as far as it is of the chosen sample.
    answer: Option<&'a CurvesAnswer>,
}

impl<'a> Scene<'a> {
    fn of(stage: &'a Stage<'a>) -> Self {
        let place = &stage.app.places.curves;
        let seen = stage.seen;
        Self {
            stage,
            place,
            at: Layout::of(&stage.frame),
            axis: axis(place, seen),
            losses: Losses::of(&seen.curve.course),
            measured: series::together(
                &seen.curve.measured,
                seen.answers
                    .curves
                    .as_deref()
                    .map_or(&[], |answer| &answer.measured),
            ),
            ruler: ruler(place, seen),
            answer: seen.answers.curves.as_deref(),
        }
    }

    fn smoothing(&self) -> f64 {
        SMOOTHINGS[self.place.smoothing.min(SMOOTHINGS.len() - 1)]
    }

    /// The mean about a step, where there is a loss to have one of.
    fn smoothed(&self, step: u64) -> Option<f32> {
        let known = self.losses.last().is_some_and(|last| step <= last);
        known
            .then(|| self.losses.mean(&self.axis.around(step, self.smoothing())))
            .flatten()
    }

    /// The chosen sample as it was drawn at the ruler, and the step of the weights that drew it.
    fn drawn(&self) -> Option<(u64, &crate::lens::Sample)> {
        let row = &self.stage.seen.row;
        if self.place.ruler.is_none() {
            return Some((self.stage.seen.seen.step, row.sample()));
        }
        let answer = self.answer.filter(|answer| answer.drawn.id == row.chosen)?;
        (answer.asked == self.ruler).then(|| (answer.drawn.step, &*answer.drawn.sample))
    }
}

/// Draws the view.
pub(super) fn render(stage: &Stage, buf: &mut Buffer) {
    let scene = Scene::of(stage);
    picture(&scene, buf);
    ruler::render(&scene, buf);
    chart::render(&scene, buf);
    digits::render(&scene, buf);
    say(&scene, buf);
}

/// The chosen sample as the network drew it at the ruler. Until that is known the tile is
/// empty and stands where it will.
fn picture(scene: &Scene, buf: &mut Buffer) {
    let (theme, area) = (scene.stage.theme, scene.at.picture);
    let chosen = scene.stage.seen.row.sample();
    let name = match scene.drawn() {
        Some((step, _)) if step != scene.ruler && area.width >= 28 => {
            format!("drawn at {}", crate::words::grouped(step))
        }
        Some((step, _)) if step != scene.ruler && area.width >= 20 => {
            format!("at {}", crate::words::grouped(step))
        }
        Some(_) if area.width < 20 => "ruler".into(),
        _ => "at the ruler".into(),
    };
    let classes = scene.stage.app.classes();
    let short = chosen.index.to_string();
    let long = text::image(&short, &classes, chosen.label);
    let room = area.width.saturating_sub(text::width(&name) + 2);
    let says = [long, short]
        .into_iter()
        .find(|words| text::width(words) <= room);
    let says = says.unwrap_or_default();
    text::title(buf, area, theme, &name, &[(&says, theme.dim())]);
    if let Some((_, sample)) = scene.drawn() {
        let view = pictures::View::on(scene.stage, sample, scene.at.cut);
        view.draw_reconstruction(theme, text::body(area), buf);
    } else {
        let nothing = crate::lens::Sample {
            reconstruction: vec![0.0; chosen.reconstruction.len()],
            ..chosen.clone()
        };
        let view = pictures::View::on(scene.stage, &nothing, scene.at.cut);
        view.draw_reconstruction(theme, text::body(area), buf);
    }
}

/// What the ruler stands at, or else the narrator's words.
fn say(scene: &Scene, buf: &mut Buffer) {
    let (theme, area) = (scene.stage.theme, scene.at.narrator);
    let at_ruler = scene.place.ruler.and_then(|_| marks::mark_at(scene));
    let Some((words, style)) = at_ruler else {
        let Stage { app, seen, .. } = *scene.stage;
        if area.height == 1 {
            return narrator::render(app, seen, theme, area, buf);
        }
        let (words, style) = narrator::sentence(app, seen, theme, u16::MAX);
        return paragraph(&words, style, area, buf);
    };
    paragraph(&words, style, area, buf);
}

/// As many lines of a sentence as there are rows.
fn paragraph(words: &str, style: Style, area: Rect, buf: &mut Buffer) {
    let lines = text::wrapped(words, area.width);
    for (row, line) in area.rows().zip(&lines) {
        text::left(buf, row, &[(line, style)]);
    }
}
