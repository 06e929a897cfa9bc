//! The loss: all epochs in film time, and the recent steps.

use ratatui::{buffer::Buffer, layout::Rect, widgets::Widget};

use crate::{
    message::{Curve, Observation, Phase},
    pace::Film,
    recipe::Price,
    ui::{
        app::App,
        past::Past,
        theme::{Depth, Theme},
        widget::chart::{AreaChart, BarPaint, Bars, Ghost, Labelled, Point, Reference, Scale},
        widget::text::{self, Span},
    },
    words::{grouped, pointed},
};

/// The loss of a network that answers half grey everywhere: ln 2, rounded up.
const KNOWS_NOTHING: f32 = 0.70;
/// Below what the tutorial's network reaches; the axis goes lower in steps of this.
const FLOOR: f32 = 0.18;
const FLOOR_STEP: f32 = 0.04;
/// So many steps tell what training costs now: batches differ, the mean of a hundred hardly does,
/// and the weights have not changed much meanwhile.
const LAST_STEPS: usize = 100;
/// The recent steps span at least this, so that a calm run does not look wild.
const RECENT_SPAN: f32 = 0.02;

/// Draws the pane: title, chart, and a last row for the recent steps.
pub(in crate::ui) fn render(
    app: &App,
    seen: &Observation,
    theme: Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    let curve = &seen.curve;
    heading(app, seen, theme, area, buf);
    let body = text::body(area);
    // On the lowest pane every row is needed for the chart.
    let exploring = seen.moment.phase == Phase::Exploring;
    let bars = u16::from(body.height > 4 && !exploring);
    let chart = Rect {
        height: body.height - bars,
        ..body
    };
    let columns = AreaChart::columns(chart.width);
    let film = &seen.moment.film;
    let (low, high) = range(curve);
    let named = |name: &str, loss: Option<f32>| {
        let loss = loss?;
        Some((loss, format!("{name} {}", pointed(&format!("{loss:.3}")))))
    };
    // Saved weights have no curve; their loss stands beside the one to beat.
    let components = curve.components;
    let pca = components.map_or_else(String::new, |pca| format!("PCA-{}", pca.count));
    let lines = [
        named("average", curve.mean_image),
        named("these weights", curve.held_out.filter(|_| exploring)),
        named(&pca, components.map(|pca| pca.loss)),
        named("one grey", curve.one_grey),
    ];
    let references: Vec<Reference> = lines
        .iter()
        .flatten()
        .map(|(value, label)| Reference {
            value: *value,
            label,
        })
        .collect();
    let column = |step: u64| {
        let part = film.time_of(step) / film.duration();
        (part * f64::from(columns.saturating_sub(1))).round() as u16
    };
    let held_out: Vec<Point> = curve
        .epochs
        .iter()
        .map(|epoch| Point {
            column: column(epoch.step),
            value: epoch.held_out.loss,
        })
        .collect();
    let edits = seen.recipe.edits.iter();
    let changes: Vec<u16> = edits.map(|edit| column(edit.step)).collect();
    let past = Past::of(seen);
    AreaChart {
        values: &resampled(curve, film.duration(), columns),
        scale: Scale::logarithmic(low, high),
        references: &references,
        points: &held_out,
        changes: &changes,
        seen: past.map(|past| column(past.step())),
        theme,
    }
    .render(chart, buf);
    if app.plan.trains {
        count_steps(seen, theme, chart, buf);
    }
    // What it left goes on in grey; the steps that both have are its own.
    if let Some(other) = app.plan.runs.parent() {
        let left = app.plan.runs.own.parent.map_or(0, |(_, step)| column(step));
        let mut values = resampled(&other.curve, film.duration(), columns);
        values
            .iter_mut()
            .take(left.into())
            .for_each(|value| *value = None);
        Ghost {
            values: &values,
            scale: Scale::logarithmic(low, high),
            theme,
        }
        .render(chart, buf);
    }
    if bars == 1 {
        let row = Rect {
            y: chart.bottom(),
            height: 1,
            ..body
        };
        let recent = last(curve, columns);
        Labelled {
            label: "now",
            bars: match past {
                Some(_) => recent_bars(&[], BarPaint::Dim, theme),
                None => recent_bars(&recent, BarPaint::Dim, theme),
            },
        }
        .render(row, buf);
        if past.is_some() {
            let place = AreaChart::plot(row);
            text::left(buf, place, &[(&live(curve), theme.dim())]);
        }
    }
}

/// `step 12,345` over the end of the curve, where nothing stands unless something has gone wrong.
fn count_steps(seen: &Observation, theme: Theme, chart: Rect, buf: &mut Buffer) {
    let words = format!("step {}", grouped(seen.seen.step));
    let plot = AreaChart::plot(Rect { height: 1, ..chart });
    let width = text::width(&words);
    if plot.width < 2 * width {
        return;
    }
    let place = Rect {
        x: plot.right() - width,
        width,
        ..plot
    };
    if place.positions().all(|place| buf[place].symbol() == " ") {
        text::left(buf, place, &[(&words, theme.dim())]);
    }
}

/// How far the run has come meanwhile.
fn live(curve: &Curve) -> String {
    match curve.epochs.last() {
        Some(epoch) => {
            let loss = text::loss(epoch.held_out.loss);
            format!("live held-out {loss} at epoch {}", epoch.number)
        }
        None => "live, in its first epoch".into(),
    }
}

/// The recent steps as a pane of their own.
pub(in crate::ui) fn recent(seen: &Observation, theme: Theme, area: Rect, buf: &mut Buffer) {
    let name = format!("last {} steps", area.width);
    let newest = seen.curve.recent.last();
    let says = newest.map_or_else(String::new, |loss| text::loss(*loss));
    text::title(buf, area, theme, &name, &[(&says, theme.text())]);
    recent_bars(&last(&seen.curve, area.width), BarPaint::Area, theme)
        .render(text::body(area), buf);
}

/// The losses of as many steps as there are columns.
fn last(curve: &Curve, columns: u16) -> Vec<Option<f32>> {
    let shown = curve.recent.len().min(usize::from(columns));
    curve.recent[curve.recent.len() - shown..]
        .iter()
        .copied()
        .map(Some)
        .collect()
}

fn recent_bars(steps: &[Option<f32>], paint: BarPaint, theme: Theme) -> Bars<'_> {
    let [low, high] = span(steps);
    Bars {
        values: steps,
        scale: Scale::linear(low, high),
        paint,
        theme,
    }
}

/// Lowest and highest of the steps, apart enough to be drawn.
fn span(steps: &[Option<f32>]) -> [f32; 2] {
    let finite = || {
        steps
            .iter()
            .flatten()
            .copied()
            .filter(|loss| loss.is_finite())
    };
    let low = finite().fold(f32::INFINITY, f32::min);
    let high = finite().fold(f32::NEG_INFINITY, f32::max);
    if low > high {
        return [0.0, 1.0];
    }
    let widen = ((RECENT_SPAN - (high - low)) / 2.0).max(0.0);
    [low - widen, high + widen]
}

fn heading(app: &App, seen: &Observation, theme: Theme, area: Rect, buf: &mut Buffer) {
    // What the numbers beside the name have in them: those of the moment that is seen.
    let price = match Past::of(seen) {
        Some(past) => seen.recipe.as_of(past.step()).price(),
        None => app.plan.kind.price,
    };
    let name = format!("loss{}", price.sign());
    let number = |loss: Option<f32>| loss.map_or_else(|| "     ".into(), text::loss);
    let (trained, held_out) = (trained(&seen.curve), number(seen.curve.held_out));
    let train = number(trained.loss());
    let point = match theme.depth {
        Depth::None => theme.symbols().point,
        _ => theme.symbols().swatch,
    }
    .to_string();
    let held: [Span; 3] = [
        (&point, theme.text()),
        (" held-out ", theme.text()),
        (&held_out, theme.title()),
    ];
    if seen.moment.phase == Phase::Exploring {
        return text::title(buf, area, theme, &name, &held[1..]);
    }
    let in_past = Past::of(seen).is_some();
    let says = |then: &'static str, words: &'static str, gap: &'static str| -> Vec<Span<'_>> {
        let train: [Span; 4] = [
            (then, theme.text()),
            (words, theme.text()),
            (&train, theme.title()),
            (gap, theme.text()),
        ];
        [&train[..], &held].concat()
    };
    let room = |name: &str| area.width.saturating_sub(3 + text::width(name));
    // The longest that fits; that it is of the past is told at the cost of words.
    let then = if in_past { "then " } else { "" };
    let all = [then, ""].into_iter().flat_map(|then| {
        let words = trained.words().into_iter();
        words.flat_map(move |words| [(then, words, "  "), (then, words, " ")])
    });
    let all = all.map(|(then, words, gap)| says(then, words, gap));
    let fitting = all
        .into_iter()
        .find(|says| text::columns(says) <= room(&name));
    let says = fitting.unwrap_or_else(|| says("", trained.words()[1], " "));
    // The divergence is of whole images, and lines of a run without a screen tell it so.
    let long = format!("{name} nats/pixel");
    let fits = text::columns(&says) <= room(&long);
    let name = match price {
        Price::Divergence if fits && !in_past => long,
        _ => name,
    };
    text::title(buf, area, theme, &name, &says);
}

/// What stands beside the held-out loss, which is of the newest weights.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Trained {
    /// The mean over the last steps, whose weights were nearly those.
    LastSteps(Option<f32>),
    /// The mean over an epoch, much of which had worse weights: all that is known of a run whose
    /// steps were not seen.
    Epoch(f32),
}

impl Trained {
    fn loss(self) -> Option<f32> {
        match self {
            Self::LastSteps(loss) => loss,
            Self::Epoch(loss) => Some(loss),
        }
    }

    /// What it is called, and where columns are few.
    fn words(self) -> [&'static str; 2] {
        match self {
            Self::LastSteps(_) => ["last steps ", "steps "],
            Self::Epoch(_) => ["train ", "train "],
        }
    }
}

fn trained(curve: &Curve) -> Trained {
    let last = &curve.recent[curve.recent.len().saturating_sub(LAST_STEPS)..];
    match curve.train_loss {
        Some(loss) if last.is_empty() => Trained::Epoch(loss),
        _ => {
            let mean = last.iter().sum::<f32>() / last.len() as f32;
            Trained::LastSteps((!last.is_empty()).then_some(mean))
        }
    }
}

/// The axis: from ln 2 down to the tutorial's end, and lower if the run goes
/// lower; higher if it starts higher.
fn range(curve: &Curve) -> (f32, f32) {
    let seen = || {
        let epochs = curve.epochs.iter().map(|epoch| epoch.held_out.loss);
        curve
            .ticks
            .iter()
            .flatten()
            .copied()
            .chain(epochs)
            .filter(|loss| loss.is_finite())
    };
    let lowest = seen().fold(FLOOR, f32::min);
    let highest = seen().fold(KNOWS_NOTHING, f32::max);
    // A thousandth of a step forgives the division its last bits.
    let steps = ((FLOOR - lowest) / FLOOR_STEP - 0.001).ceil().max(0.0);
    let low = (FLOOR - steps * FLOOR_STEP).max(0.0);
    let high = if highest > KNOWS_NOTHING {
        (highest * 10.0).ceil() / 10.0
    } else {
        KNOWS_NOTHING
    };
    (low, high)
}

/// One value a column of film time; columns between two steps repeat the one before.
fn resampled(curve: &Curve, duration: f64, columns: u16) -> Vec<Option<f32>> {
    let ticks = duration * Film::TICKS_PER_SECOND;
    let mut before = None;
    (0..columns)
        .map(|column| {
            let edge = |column: u16| (f64::from(column) / f64::from(columns) * ticks) as usize;
            let (from, to) = (edge(column), edge(column + 1).max(edge(column) + 1));
            let seen = curve.ticks.get(from..to.min(curve.ticks.len()))?;
            let losses = || seen.iter().flatten();
            let count = losses().count();
            if count > 0 {
                before = Some(losses().sum::<f32>() / count as f32);
            }
            before
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(ticks: Vec<Option<f32>>) -> Curve {
        Curve {
            ticks,
            ..Curve::default()
        }
    }

    #[test]
    fn columns_are_means_of_film_time_and_end_where_the_run_is() {
        // Two seconds of film, 40 ticks, on four columns of ten ticks each.
        let mut ticks = vec![Some(0.5); 10];
        ticks.extend([Some(0.25); 5]);
        let columns = resampled(&curve(ticks), 2.0, 4);
        assert_eq!(columns, [Some(0.5), Some(0.25), None, None]);
    }

    #[test]
    fn a_column_without_a_step_repeats_the_one_before() {
        let ticks = vec![Some(0.5), None, None, Some(0.3)];
        assert_eq!(
            resampled(&curve(ticks), 0.2, 4),
            [Some(0.5), Some(0.5), Some(0.5), Some(0.3)]
        );
    }

    #[test]
    fn beside_held_out_stand_the_last_steps_and_an_epochs_mean_where_those_are_unknown() {
        let of = |recent: Vec<f32>, train_loss| {
            trained(&Curve {
                recent,
                train_loss,
                ..Curve::default()
            })
        };
        assert_eq!(of(vec![], None), Trained::LastSteps(None));
        assert_eq!(of(vec![], Some(0.25)), Trained::Epoch(0.25));
        // The first is more than a hundred steps ago.
        let mut recent = vec![0.5; 100];
        recent.insert(0, 9.0);
        assert_eq!(of(recent, Some(0.75)), Trained::LastSteps(Some(0.5)));
        let failed = of(vec![0.5, f32::NAN], None).loss();
        assert!(failed.is_some_and(f32::is_nan));
    }

    #[test]
    fn the_axis_goes_lower_and_higher_only_for_what_is_beyond_it() {
        assert_eq!(range(&curve(vec![Some(0.69), Some(0.2)])), (0.18, 0.70));
        let (low, high) = range(&curve(vec![Some(1.23), Some(0.1)]));
        // Two steps of 0.04 below 0.18, and the tenth above 1.23; f32 in the last places.
        assert!(
            (low - 0.10).abs() < 1e-6 && (high - 1.3).abs() < 1e-6,
            "{low} {high}"
        );
        assert_eq!(range(&curve(vec![Some(f32::NAN), None])), (0.18, 0.70));
    }
}
