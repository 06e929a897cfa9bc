//! What the ruler reads: exact values of its step, and the best that there was.

use ratatui::{buffer::Buffer, style::Style};

use super::{Scene, price_name, series};
use crate::{
    message::{Curve, Measured},
    recipe::Price,
    ui::{runs::RunTold, widget::text},
    words::{briefly, grouped, pointed},
};

/// Columns that all words have room in, and those that no zero before a point has room in.
const FULL: u16 = 28;
const NARROW: u16 = 20;

/// A line of the pane: a name and a value, or the beginning of another part.
enum Line {
    Title(&'static str, String),
    Value {
        name: String,
        value: String,
        style: Style,
        /// How long it stays when there are fewer rows; 0: always.
        goes: u8,
    },
    Blank,
}

/// Draws the pane.
pub(super) fn render(scene: &Scene, buf: &mut Buffer) {
    let (theme, area) = (scene.stage.theme, scene.at.readings);
    let mut lines = lines(scene);
    while lines.len() > usize::from(area.height) {
        let weight = |line: &Line| match line {
            Line::Blank => u8::MAX,
            Line::Title(..) => 0,
            Line::Value { goes, .. } => *goes,
        };
        let lightest = (0..lines.len())
            .rev()
            .max_by_key(|&place| weight(&lines[place]));
        match lightest {
            Some(place) if weight(&lines[place]) > 0 => lines.remove(place),
            _ => break,
        };
    }
    for (row, line) in area.rows().zip(&lines) {
        match line {
            Line::Blank => {}
            Line::Title(name, says) => text::title(buf, row, theme, name, &[(says, theme.dim())]),
            Line::Value {
                name, value, style, ..
            } => {
                text::left(buf, row, &[(name, theme.dim())]);
                text::right(buf, row, &[(value, *style)]);
            }
        }
    }
}

/// The run that the own one is held against: the one that it left, or the last before it.
pub(super) fn other<'a>(scene: &Scene<'a>) -> Option<&'a RunTold> {
    let runs = &scene.stage.app.plan.runs;
    runs.parent().or(runs.others.last())
}

fn lines(scene: &Scene) -> Vec<Line> {
    let (theme, curve) = (scene.stage.theme, &*scene.stage.seen.curve);
    let is_narrow = scene.at.readings.width < NARROW;
    let number = |loss: f32| exact(loss, is_narrow);
    let value = |name: &str, value: Option<f32>, style, goes| Line::Value {
        name: name.into(),
        value: value.map_or_else(|| "-".into(), number),
        style,
        goes,
    };
    let step = scene.ruler;
    let film = scene.stage.seen.moment.film;
    let epochs = step as f64 / film.steps_per_epoch() as f64;
    let known = series::measured_at(&scene.measured, step);
    let loss = curve
        .course
        .nearest(step)
        .filter(|(nearest, _)| *nearest == step);
    let mut lines = vec![
        Line::Title("ruler", format!("epoch {epochs:.1}")),
        Line::Value {
            name: "step".into(),
            value: grouped(step),
            style: theme.text(),
            goes: 0,
        },
        value(
            if is_narrow { "loss" } else { "step loss" },
            loss.map(|(_, loss)| loss),
            theme.area(),
            0,
        ),
        value("smoothed", scene.smoothed(step), theme.accent(), 0),
        held_out(scene, known, is_narrow),
    ];
    // Where its name has no room for that.
    if scene.at.readings.width < FULL {
        lines.push(Line::Value {
            name: "of step".into(),
            value: grouped(known.map_or(step, |known| known.step)),
            style: theme.dim(),
            goes: 6,
        });
    }
    let price = scene.stage.seen.recipe.as_of(step).price();
    if price != Price::None {
        let parts = known.map(|known| (known.reconstruction, known.price()));
        let name = |part: &str| match scene.at.readings.width {
            FULL.. => format!("its {part}"),
            _ => part.into(),
        };
        let its_price = match scene.at.readings.width {
            ..NARROW => price.sign().trim_start_matches('+'),
            _ => price_name(price),
        };
        let [pictures, its_price] = ["pictures", its_price].map(name);
        let parts = [parts.map(|parts| parts.0), parts.map(|parts| parts.1)];
        lines.push(value(&pictures, parts[0], theme.text(), 1));
        lines.push(value(&its_price, parts[1], theme.text(), 1));
    }
    let others = other(scene);
    if let Some(run) = others {
        let long = format!("{} held-out", run.lineage.name());
        let name = if scene.at.readings.width < FULL {
            run.lineage.name()
        } else {
            long
        };
        lines.push(value(&name, held_out_of(&run.curve, step), theme.dim(), 2));
    }
    let rate = scene
        .stage
        .seen
        .recipe
        .as_of(step.saturating_sub(1))
        .learning_rate;
    lines.push(Line::Value {
        name: "rate".into(),
        value: briefly(rate),
        style: theme.text(),
        goes: 3,
    });
    let index = scene.stage.seen.row.sample().index;
    let drawn = scene.drawn().map(|(_, sample)| sample.loss);
    let room = usize::from(scene.at.readings.width.saturating_sub(1));
    let room = room.saturating_sub(drawn.map_or(1, |loss| number(loss).len()));
    let alone = format!("{index} alone");
    let alone = Some(alone).filter(|name| name.len() <= room);
    let alone = alone.unwrap_or_else(|| index.to_string());
    lines.push(value(&alone, drawn, theme.accent(), 2));
    lines.extend(best(scene, curve, others, is_narrow));
    lines
}

/// The last that was measured up to the ruler; where that was at another step, its name says so,
/// if there is room.
fn held_out(scene: &Scene, known: Option<&Measured>, is_narrow: bool) -> Line {
    let theme = scene.stage.theme;
    // Of weights that were measured alone, theirs.
    let alone = scene.stage.seen.curve.held_out;
    let alone = alone.filter(|_| scene.place.ruler.is_none());
    let loss = known.map(|known| known.loss).or(alone);
    let (name, is_narrow) = match (known, scene.at.readings.width) {
        (Some(known), FULL..) if known.step != scene.ruler => {
            (format!("held-out at {}", grouped(known.step)), false)
        }
        _ => ("held-out".into(), is_narrow),
    };
    Line::Value {
        name,
        value: loss.map_or_else(|| "-".into(), |loss| exact(loss, is_narrow)),
        style: theme.title(),
        goes: 0,
    }
}

/// The held-out loss of a run at a step that it came to.
fn held_out_of(curve: &Curve, step: u64) -> Option<f32> {
    let came_to = curve.measured.last().is_some_and(|last| last.step >= step);
    let known = series::measured_at(&curve.measured, step).filter(|_| came_to);
    known.map(|known| known.loss)
}

/// The least held-out loss up to the moment that is seen, and beside it that of the other run
/// up to the same step, where it came so far.
fn best(scene: &Scene, curve: &Curve, other: Option<&RunTold>, is_narrow: bool) -> Vec<Line> {
    let theme = scene.stage.theme;
    let step = scene.stage.seen.seen.step;
    let finite = |measured: &[Measured]| -> Option<Measured> {
        let then = measured.iter().filter(|known| known.step <= step);
        let known = then.filter(|known| known.loss.is_finite());
        known
            .min_by(|one, other| one.loss.total_cmp(&other.loss))
            .cloned()
    };
    let Some(best) = finite(&scene.measured) else {
        return Vec::new();
    };
    let value = |name: String, value: f32, style| Line::Value {
        name,
        value: exact(value, is_narrow),
        style,
        goes: 5,
    };
    let is_wide = scene.at.readings.width >= FULL;
    let at_step = Line::Value {
        name: "at step".into(),
        value: grouped(best.step),
        style: theme.text(),
        // The step says nothing without what was best at it.
        goes: 7,
    };
    if !is_wide {
        return vec![
            Line::Blank,
            value("best".into(), best.loss, theme.title()),
            at_step,
        ];
    }
    let mut lines = vec![
        Line::Blank,
        Line::Title("best so far", String::new()),
        value("held-out".into(), best.loss, theme.title()),
        at_step,
    ];
    let gain = |name: &str, above: f32, own: f32| {
        let (word, style) = if above >= own {
            ("below", theme.accent())
        } else {
            ("above", theme.changed())
        };
        value(format!("{word} {name} by"), (above - own).abs(), style)
    };
    if let Some(components) = curve.components {
        let name = format!("PCA-{}", components.count);
        lines.push(gain(&name, components.loss, best.reconstruction));
    }
    let other = other.filter(|run| run.step >= step);
    if let Some((run, its)) = other.and_then(|run| Some((run, finite(&run.curve.measured)?))) {
        lines.push(gain(&run.lineage.name(), its.loss, best.loss));
    }
    lines
}

/// Four decimals; in a narrow column without the zero before them.
fn exact(loss: f32, is_narrow: bool) -> String {
    let longest = if is_narrow { 9.5 } else { 99.5 };
    if !loss.is_finite() || loss.abs() >= longest {
        return text::loss(loss).trim().to_owned();
    }
    let words = format!("{loss:.4}");
    if is_narrow { pointed(&words) } else { words }
}
