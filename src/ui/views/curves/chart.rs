//! The plot: steps as dots, other runs in grey, the mean of the steps, and what was held out.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{
    NO_HISTORY, NO_HISTORY_IN_BRIEF, Scale, Scene, furniture::Furniture, price_name, ruler,
    series::Range,
};
use crate::{
    message::{Curve, Measured},
    ui::{
        theme::{Depth, Glyphs, Theme},
        widget::{
            chart::{Ink, Plot},
            text::{self, Span},
        },
    },
};

/// What lies over what.
const STEPS: u8 = 1;
const OTHERS: u8 = 2;
const SMOOTHED: u8 = 3;
const HELD_OUT: u8 = 4;

/// Dots of steps in a column of dots at most; the more, the less the lines are seen.
const STEPS_A_COLUMN: usize = 2;

/// Draws title, plot and axes.
pub(super) fn render(scene: &Scene, buf: &mut Buffer) {
    let Scene { stage, at, .. } = scene;
    let theme = stage.theme;
    if !stage.seen.has_history() {
        let row = Rect {
            y: at.plot.y + at.plot.height / 2,
            height: 1,
            ..at.plot
        };
        let forms = [NO_HISTORY, NO_HISTORY_IN_BRIEF];
        let fits = forms.iter().find(|words| text::width(words) <= row.width);
        text::title(buf, at.title, theme, "loss", &[]);
        text::left(buf, row, &[(fits.unwrap_or(&forms[1]), theme.dim())]);
        return;
    }
    title(scene, buf);
    let inks = inks(scene);
    let columns = 2 * i32::from(at.plot.width);
    let smoothed: Vec<Option<f32>> = (0..columns)
        .map(|x| scene.smoothed(step_at_dot(scene, x)))
        .collect();
    let drawn: Vec<f32> = smoothed.iter().copied().flatten().collect();
    let scale_of_digits = scene.answer.map(|answer| &answer.scale);
    let range = Range::of(
        scene.place.scale,
        &stage.seen.curve,
        &scene.measured,
        scale_of_digits,
        &scene.axis,
        &drawn,
    );
    let plot = lines(scene, range, &smoothed);
    let drawn = if scene.place.scale == Scale::Digits && !theme.tells_classes(inks.len()) {
        // Lines of one colour are told by their marks, as where there is none.
        Theme {
            depth: Depth::None,
            ..theme
        }
    } else {
        theme
    };
    plot.render(&inks, drawn, at.plot, buf);
    Furniture {
        scene,
        range,
        plot: &plot,
    }
    .render(buf);
}

fn step_at_dot(scene: &Scene, x: i32) -> u64 {
    let dots = 2.0 * f64::from(scene.at.plot.width);
    scene.axis.step_at((f64::from(x) + 0.5) / dots)
}

/// The column of dots of a step. What is far outside is told to be outside.
fn dot_of(scene: &Scene, step: u64) -> i32 {
    let dots = 2 * i32::from(scene.at.plot.width);
    let part = scene.axis.part(step);
    let x = (part * f64::from(dots)).clamp(-Plot::FAR, Plot::FAR) as i32;
    match part {
        // Whole numbers are cut towards 0, and there is no dot before the first.
        ..0.0 => x - 1,
        // The end of the run is in the last.
        ..1.000_000_1 => x.min(dots - 1),
        _ => x,
    }
}

/// All that lies in the plot.
fn lines(scene: &Scene, range: Range, smoothed: &[Option<f32>]) -> Plot {
    let mut plot = Plot::new(scene.at.plot.width, scene.at.plot.height);
    let measured =
        |plot: &mut Plot, layer, known: &[Measured], value: &dyn Fn(&Measured) -> f32| {
            let points: Vec<(i32, i32)> = known
                .iter()
                .filter_map(|known| {
                    let y = plot.height(range.scale(), value(known))?;
                    Some((dot_of(scene, known.step), y))
                })
                .collect();
            plot.line(layer, points);
        };
    match scene.place.scale {
        Scale::Digits => {
            let known = scene.measured.iter().filter(|known| known.digits.is_some());
            let known: Vec<Measured> = known.cloned().collect();
            for class in scene.stage.app.shown() {
                let value = |known: &Measured| {
                    let classes = known.digits.as_deref().unwrap_or_default();
                    classes.get(usize::from(class)).copied().unwrap_or(f32::NAN)
                };
                measured(&mut plot, class + 1, &known, &value);
            }
        }
        Scale::Parts => {
            measured(&mut plot, OTHERS, &scene.measured, &Measured::price);
            measured(&mut plot, HELD_OUT, &scene.measured, &|known| {
                known.reconstruction
            });
        }
        Scale::Logarithmic | Scale::Linear => {
            steps(scene, range, &mut plot);
            for run in &scene.stage.app.plan.runs.others {
                let left = match scene.stage.app.plan.runs.own.parent {
                    Some((number, step)) if number == run.lineage.number => step,
                    _ => 0,
                };
                let own: Vec<Measured> = known_of(&run.curve)
                    .into_iter()
                    .filter(|known| known.step >= left)
                    .collect();
                measured(&mut plot, OTHERS, &own, &|known| known.loss);
            }
            let points: Vec<(i32, i32)> = (0..)
                .zip(smoothed)
                .filter_map(|(x, loss)| Some((x, plot.height(range.scale(), (*loss)?)?)))
                .collect();
            plot.line(SMOOTHED, points);
            measured(&mut plot, HELD_OUT, &scene.measured, &|known| known.loss);
        }
    }
    plot
}

/// What was measured of a run; of one that was only told, the ends of its epochs.
fn known_of(curve: &Curve) -> Vec<Measured> {
    if !curve.measured.is_empty() {
        return curve.measured.to_vec();
    }
    let ends = curve.epochs.iter().map(|epoch| Measured {
        step: epoch.step,
        loss: epoch.held_out.loss,
        reconstruction: epoch.held_out.reconstruction,
        digits: None,
    });
    ends.collect()
}

/// Of each column of dots a few steps, evenly chosen.
fn steps(scene: &Scene, range: Range, plot: &mut Plot) {
    let mut rest = scene.losses.within(&scene.axis.steps());
    while let Some((step, _)) = rest.first() {
        let x = dot_of(scene, *step);
        let here = rest.partition_point(|(step, _)| dot_of(scene, *step) <= x);
        let chosen = here.div_ceil(STEPS_A_COLUMN).max(1);
        for (_, loss) in rest[..here].iter().step_by(chosen) {
            if let Some(y) = plot.height(range.scale(), *loss) {
                plot.dot(STEPS, x, y);
            }
        }
        rest = &rest[here..];
    }
}

fn inks(scene: &Scene) -> Vec<Ink> {
    let theme = scene.stage.theme;
    let ink = |style, ascii, bare| Ink { style, ascii, bare };
    if scene.place.scale == Scale::Digits {
        let classes = scene.stage.app.classes();
        let of_class = |class: u8| {
            let mark = text::mark(&classes, class, theme);
            ink(Style::new().fg(theme.class(class)), mark, Some(mark))
        };
        return (0..classes.count() as u8).map(of_class).collect();
    }
    let symbols = theme.symbols();
    let others = match scene.place.scale {
        Scale::Parts => theme.changed(),
        _ => theme.dim(),
    };
    vec![
        ink(theme.area(), symbols.few, None),
        ink(others, symbols.circle, Some(symbols.circle)),
        ink(theme.accent(), symbols.played, None),
        ink(theme.text(), symbols.point, Some(symbols.point)),
    ]
}

/// A sign and what it stands for, as many as there is room for.
fn title(scene: &Scene, buf: &mut Buffer) {
    let (theme, area) = (scene.stage.theme, scene.at.title);
    let symbols = theme.symbols();
    let inks = inks(scene);
    let price = scene.stage.app.plan.kind.price;
    let name = format!("loss{}", price.sign());
    let plain = theme.depth == Depth::None;
    let sign = |layer: u8| {
        let ink = inks[usize::from(layer) - 1];
        match layer {
            STEPS => symbols.few.to_string().repeat(2),
            _ if theme.glyphs == Glyphs::Ascii => ink.ascii.to_string(),
            _ if plain => ink.bare.unwrap_or(symbols.played).to_string(),
            _ => symbols.played.to_string(),
        }
    };
    let other = ruler::other(scene).map(|run| run.lineage.name());
    let entries: Vec<(u8, [String; 2])> = match scene.place.scale {
        Scale::Digits => Vec::new(),
        Scale::Parts => vec![
            (HELD_OUT, ["its pictures".into(), "pictures".into()]),
            (OTHERS, [price_name(price).into(), price_name(price).into()]),
        ],
        Scale::Logarithmic | Scale::Linear => {
            let mut entries = vec![
                (STEPS, ["step".into(), "step".into()]),
                (SMOOTHED, ["smoothed".into(), "smooth".into()]),
                (HELD_OUT, ["held-out".into(), "held-out".into()]),
            ];
            entries.extend(other.map(|name| (OTHERS, [name.clone(), name])));
            entries
        }
    };
    let says = scene.stage.app.classes().said(scene.place.scale.words());
    let brief = says
        .split_once(' ')
        .map_or(&*says, |(first, _)| first)
        .to_owned();
    // Words get shorter, then the dots go, which explain themselves.
    let forms = [
        (0, 2, 0, &says),
        (1, 1, 0, &says),
        (1, 1, 1, &says),
        (1, 1, 1, &brief),
    ];
    for (place, (which, gap, first, says)) in forms.into_iter().enumerate() {
        let first = first.min(entries.len());
        let mut spans: Vec<(String, Style)> = vec![(name.clone(), theme.title())];
        for (layer, words) in &entries[first..] {
            spans.push((" ".repeat(gap), theme.dim()));
            spans.push((sign(*layer), inks[usize::from(*layer) - 1].style));
            spans.push((format!(" {}", words[which]), theme.dim()));
        }
        let spans: Vec<Span> = spans
            .iter()
            .map(|(words, style)| (&**words, *style))
            .collect();
        let columns = text::columns(&spans);
        if columns + text::width(says) + 4 > area.width && place < forms.len() - 1 {
            continue;
        }
        let end = text::left(buf, area, &spans);
        let free = Rect {
            x: (end + 1).min(area.right()),
            width: area.right().saturating_sub(end + 1),
            ..area
        };
        let start = text::right(buf, free, &[(says, theme.dim())]);
        text::rule(buf, theme, area, end + 1, start.saturating_sub(1));
        return;
    }
}
