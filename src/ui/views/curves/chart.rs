//! The plot: steps as dots, other runs in grey, the mean of the steps, what was held out;
//! lines to compare with, and what happened on the way.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{Scale, Scene, has_no_history, price_name, ruler, series::Range};
use crate::{
    message::{Curve, Failure, Measured},
    ui::{
        settings::words,
        theme::Depth,
        widget::{
            chart::{Ink, Plot},
            text::{self, Span},
        },
    },
    words::grouped,
};

/// What lies over what.
const STEPS: u8 = 1;
const OTHERS: u8 = 2;
const SMOOTHED: u8 = 3;
const HELD_OUT: u8 = 4;

/// Dots of steps in a column of dots at most; the more, the less the lines are seen.
const STEPS_A_COLUMN: usize = 2;
/// Of more changes than these only the newest has words; the ruler tells the others.
const MARKS_WITH_WORDS: usize = 3;

/// Draws title, plot and axes.
pub(super) fn render(scene: &Scene, buf: &mut Buffer) {
    let Scene { stage, at, .. } = scene;
    let theme = stage.theme;
    title(scene, buf);
    if has_no_history(stage.seen) {
        let row = Rect {
            y: at.plot.y + at.plot.height / 2,
            height: 1,
            ..at.plot
        };
        let words = "This file has no history: train to see one.";
        let fits = text::width(words) <= row.width;
        let words = if fits {
            words
        } else {
            "No history: train to see one."
        };
        text::left(buf, row, &[(words, theme.dim())]);
        return;
    }
    let inks = inks(scene);
    let columns = 2 * i32::from(at.plot.width);
    let smoothed: Vec<Option<f32>> = (0..columns)
        .map(|x| scene.smoothed(step_at_dot(scene, x)))
        .collect();
    let drawn: Vec<f32> = smoothed.iter().copied().flatten().collect();
    let scale_of_digits = scene.answer.map(|answer| answer.scale);
    let range = Range::of(
        scene.place.scale,
        &stage.seen.curve,
        &scene.measured,
        scale_of_digits,
        &scene.axis,
        &drawn,
    );
    let plot = lines(scene, range, &smoothed);
    plot.render(&inks, theme, at.plot, buf);
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
            for digit in scene.stage.app.digits.iter() {
                let known: Vec<Measured> = scene
                    .measured
                    .iter()
                    .filter(|known| known.digits.is_some())
                    .copied()
                    .collect();
                let value = |known: &Measured| {
                    known
                        .digits
                        .map_or(f32::NAN, |digits| digits[usize::from(digit)])
                };
                measured(&mut plot, digit + 1, &known, &value);
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
        let of_digit = |digit: u8| {
            let figure = char::from(b'0' + digit);
            ink(Style::new().fg(theme.digit(digit)), figure, Some(figure))
        };
        return (0..10).map(of_digit).collect();
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
            _ if theme.glyphs == crate::ui::theme::Glyphs::Ascii => ink.ascii.to_string(),
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

/// Something that happened on the way.
struct Mark {
    step: u64,
    words: String,
}

/// Where the run left another and what was changed, in the order of the steps.
fn changes(scene: &Scene) -> Vec<Mark> {
    let recipe = &scene.stage.seen.recipe;
    let own = &scene.stage.app.plan.runs.own;
    let left = own.parent.map(|(_, step)| step);
    let mut marks: Vec<Mark> = Vec::new();
    for edits in recipe.edits.chunk_by(|one, next| one.step == next.step) {
        let step = edits[0].step;
        let before = recipe.held_at(step.saturating_sub(1));
        let changed: Vec<_> = edits.iter().map(|edit| edit.change).collect();
        let words = words::changes(&before, &changed);
        let words = match left {
            Some(left) if left == step => format!("branch, {words}"),
            _ => words,
        };
        marks.push(Mark { step, words });
    }
    if let Some(step) = left.filter(|left| *left > 0 && marks.iter().all(|mark| mark.step != *left))
    {
        marks.push(Mark {
            step,
            words: "branch".into(),
        });
        marks.sort_by_key(|mark| mark.step);
    }
    marks
}

/// What the ruler stands at: a change, a milestone, or the end of what could be trained.
pub(super) fn mark_at(scene: &Scene) -> Option<(String, Style)> {
    let theme = scene.stage.theme;
    let columns = scene.at.plot.width;
    let here = scene.axis.column(scene.ruler, columns)?;
    let is_here = |step: u64| scene.axis.column(step, columns) == Some(here);
    let nearest = |step: &u64| step.abs_diff(scene.ruler);
    let changed = changes(scene).into_iter().filter(|mark| is_here(mark.step));
    if let Some(mark) = changed.min_by_key(|mark| nearest(&mark.step)) {
        let words = format!("Step {}: {}.", grouped(mark.step), mark.words);
        return Some((words, theme.changed()));
    }
    let milestones = scene.stage.seen.curve.milestones.iter();
    let reached = milestones.filter(|milestone| is_here(milestone.step));
    let milestone = reached.min_by_key(|milestone| nearest(&milestone.step))?;
    let sign = theme.symbols().milestone;
    let words = format!(
        "{sign} Step {}: {}.",
        grouped(milestone.step),
        milestone.name
    );
    Some((words, theme.text()))
}

/// All about the lines: axes, lines to compare with, marks, and the ruler.
struct Furniture<'a> {
    scene: &'a Scene<'a>,
    range: Range,
    plot: &'a Plot,
}

impl Furniture<'_> {
    fn render(&self, buf: &mut Buffer) {
        let theme = self.scene.stage.theme;
        self.upright(buf);
        self.across(buf);
        let references = self.references(buf);
        let changes = changes(self.scene);
        for mark in &changes {
            self.stem(mark.step, theme.symbols().edited, theme.changed(), buf);
        }
        self.ruler(buf);
        self.name_references(&references, buf);
        // Words last, so that nothing cuts through them.
        let with_words = match changes.len() {
            ..=MARKS_WITH_WORDS => 0,
            all => all - 1,
        };
        for (place, mark) in (0..).zip(&changes[with_words..]) {
            self.name(mark.step, place, &mark.words, theme.changed(), buf);
        }
        self.milestones(buf);
        self.fault(buf);
    }

    fn area(&self) -> Rect {
        self.scene.at.plot
    }

    fn column(&self, step: u64) -> Option<u16> {
        self.scene.axis.column(step, self.area().width)
    }

    /// The axis at the left, with its numbers.
    fn upright(&self, buf: &mut Buffer) {
        let (theme, area, x) = (self.scene.stage.theme, self.area(), self.scene.at.upright());
        for y in area.top()..area.bottom() {
            set(buf, (x, y), theme.symbols().axis, theme.faint());
        }
        for (row, words) in self.range.ticks(area.height) {
            let y = area.y + row;
            set(buf, (x, y), theme.symbols().tick, theme.faint());
            let place = Rect::new(x - 4, y, 4, 1);
            text::right(buf, place, &[(&words, theme.dim())]);
        }
    }

    /// The axis below.
    fn across(&self, buf: &mut Buffer) {
        let (theme, row) = (self.scene.stage.theme, self.scene.at.across());
        let symbols = theme.symbols();
        set(
            buf,
            (self.scene.at.upright(), row.y),
            symbols.corner,
            theme.faint(),
        );
        text::rule(buf, theme, row, row.x, row.right());
        let (word, labels) = self.scene.axis.labels(row.width);
        text::left(buf, row, &[(word, theme.dim())]);
        for (start, name) in labels {
            let place = Rect {
                x: row.x + start,
                width: row.width - start,
                ..row
            };
            text::left(buf, place, &[(&name, theme.dim())]);
        }
        // A number under the ruler stays whole.
        let foot = self
            .column(self.scene.ruler)
            .map(|column| (row.x + column, row.y));
        let is_rule = |place: &(u16, u16)| buf[*place].symbol().chars().eq([symbols.rule]);
        if let Some(place) = foot.filter(is_rule) {
            set(buf, place, symbols.foot, theme.text());
        }
    }

    /// What the loss is held against: each with its name and its row, if it has one.
    fn references(&self, buf: &mut Buffer) -> Vec<(Option<u16>, String)> {
        let (theme, area) = (self.scene.stage.theme, self.area());
        if self.scene.place.scale == Scale::Digits {
            return Vec::new();
        }
        let curve = &self.scene.stage.seen.curve;
        let pca = curve.components;
        let pca_name = pca.map_or_else(String::new, |pca| format!("PCA-{}", pca.count));
        let lines = [
            ("mean", curve.mean_image),
            (&*pca_name, pca.map(|pca| pca.loss)),
            ("grey", curve.one_grey),
            ("copy", curve.copy),
        ];
        let mut named: Vec<(Option<u16>, String)> = Vec::new();
        for (name, value) in lines {
            let Some(value) = value.filter(|value| value.is_finite()) else {
                continue;
            };
            let short = format!("{value:.3}");
            let words = format!("{name} {}", short.trim_start_matches('0'));
            if value > self.range.high {
                let words = format!("{words} {}", theme.symbols().above);
                // The highest would only push the others away.
                if !named.iter().any(|(row, _)| *row == Some(0)) {
                    named.push((Some(0), words));
                }
                continue;
            }
            let row = self.range.scale().row(value, area.height);
            let Some(row) = row.filter(|_| value >= self.range.low) else {
                continue;
            };
            if named.iter().any(|(taken, _)| *taken == Some(row)) {
                continue;
            }
            for column in 0..area.width {
                if self.plot.is_empty(column, row) {
                    set(
                        buf,
                        (area.x + column, area.y + row),
                        theme.symbols().dashed,
                        theme.faint(),
                    );
                }
            }
            named.push((Some(row), words));
        }
        named
    }

    /// In the margin, or at the right end of their lines, over the dots.
    fn name_references(&self, references: &[(Option<u16>, String)], buf: &mut Buffer) {
        let (theme, area) = (self.scene.stage.theme, self.area());
        let title = self.scene.at.title;
        for (row, words) in references {
            let Some(row) = row else { continue };
            let place = Rect {
                x: area.x,
                y: area.y + row,
                width: title.right().saturating_sub(area.x),
                height: 1,
            };
            let words = if title.right() > area.right() {
                words.clone()
            } else {
                format!(" {words}")
            };
            let width = text::width(&words);
            if width <= place.width {
                let x = place.right() - width;
                write(buf, Rect { x, width, ..place }, &words, theme.dim());
            }
        }
    }

    /// A line from top to bottom, where nothing is.
    fn stem(&self, step: u64, symbol: char, style: Style, buf: &mut Buffer) {
        let Some(column) = self.column(step) else {
            return;
        };
        let area = self.area();
        for row in 0..area.height {
            if self.plot.is_empty(column, row) {
                set(buf, (area.x + column, area.y + row), symbol, style);
            }
        }
    }

    fn ruler(&self, buf: &mut Buffer) {
        let Some(column) = self.column(self.scene.ruler) else {
            return;
        };
        let (theme, area) = (self.scene.stage.theme, self.area());
        for row in 0..area.height {
            let place = (area.x + column, area.y + row);
            if self.plot.is_empty(column, row) || theme.depth == Depth::None {
                set(buf, place, theme.symbols().axis, theme.text());
            } else {
                // The dots stay to be seen, on a strip of the ruler's own.
                buf[place].set_bg(theme.faint().fg.unwrap_or_default());
            }
        }
    }

    /// Words beside a stem: at its left where there is room.
    fn name(&self, step: u64, row: u16, words: &str, style: Style, buf: &mut Buffer) {
        let area = self.area();
        let Some(column) = self.column(step).filter(|_| row < area.height) else {
            return;
        };
        let width = text::width(words);
        let y = area.y + row;
        let start = if width <= column {
            area.x + column - width
        } else if column + 1 + width <= area.width {
            area.x + column + 1
        } else {
            // Of too long ones the ruler tells.
            return;
        };
        write(buf, Rect::new(start, y, width, 1), words, style);
    }

    /// What was reached, with its words where nothing else is: in the lowest rows, where the
    /// lines come last.
    fn milestones(&self, buf: &mut Buffer) {
        let (theme, area) = (self.scene.stage.theme, self.area());
        let lowest = area.height.saturating_sub(1);
        let mut told: Vec<Rect> = Vec::new();
        for milestone in &self.scene.stage.seen.curve.milestones {
            let Some(column) = self.column(milestone.step) else {
                continue;
            };
            let is_free = |place: Rect| {
                let in_plot = area.intersection(place) == place;
                let is_empty = |x: u16, y: u16| {
                    self.plot.is_empty(x - area.x, y - area.y) && buf[(x, y)].symbol() == " "
                };
                in_plot
                    && told.iter().all(|other| !other.intersects(place))
                    && place.positions().all(|place| is_empty(place.x, place.y))
            };
            let words = text::plain(&milestone.name, theme);
            let words = format!("{} {words}", theme.symbols().milestone);
            // A blank beside the words, so that they do not run into others.
            let at = |row: u16, width: u16| Rect::new(area.x + column, area.y + row, width, 1);
            let rows = (area.height / 2 + 1..area.height).rev();
            let wide = rows
                .map(|row| at(row, text::width(&words) + 1))
                .find(|place| is_free(*place));
            let (place, words) = match wide {
                Some(place) => (place, words),
                None if is_free(at(lowest, 1)) => {
                    (at(lowest, 1), theme.symbols().milestone.to_string())
                }
                None => continue,
            };
            text::left(buf, place, &[(&words, theme.dim())]);
            told.push(place);
        }
    }

    /// Where no step could follow.
    fn fault(&self, buf: &mut Buffer) {
        let Some(Failure::Diverged { step, .. }) = &self.scene.stage.app.failure else {
            return;
        };
        let (theme, area) = (self.scene.stage.theme, self.area());
        let Some(column) = self.column(*step) else {
            return;
        };
        let known = self.scene.losses.last();
        let loss = known.and_then(|last| self.scene.smoothed(last));
        let y = loss.and_then(|loss| self.plot.height(self.range.scale(), loss));
        let row = y.map_or(0, |y| (y / 4).clamp(0, i32::from(area.height) - 1) as u16);
        set(
            buf,
            (area.x + column, area.y + row),
            theme.symbols().fault,
            theme.warning(),
        );
        let words = format!(" step {} ", grouped(*step));
        self.name(*step, row, &words, theme.warning(), buf);
    }
}

/// Words of which nothing that stood there shines through.
fn write(buf: &mut Buffer, place: Rect, words: &str, style: Style) {
    for place in place.positions() {
        buf[place].reset();
    }
    text::left(buf, place, &[(words, style)]);
}

fn set(buf: &mut Buffer, place: (u16, u16), character: char, style: Style) {
    buf[place].reset();
    buf[place].set_char(character).set_style(style);
}
