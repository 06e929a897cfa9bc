//! All losses as a heap, with the chosen image in it, the line, and behind it the strangers.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{layout::Layout, place, words};
use crate::{
    message::{Losses, Strange, count_beyond, share_beyond},
    ui::{
        theme::{Depth, Theme},
        views::{Stage, behind},
        widget::text::{self, Span},
    },
    words::{grouped, noun},
};

/// Under this height there is no axis, and the title tells the shares.
const WITH_AXIS: u16 = 6;
/// Columns that the words on the shares need beside the line: `100% of negative`.
const SHARES: u16 = 16;
/// Rows of the stem under the chosen image's mark.
const STEM: u16 = 3;

/// Where the bins stand.
pub(super) fn plot(area: Rect) -> Rect {
    let has_axis = area.height >= WITH_AXIS;
    let margin = if has_axis { 3 } else { 2 };
    Rect {
        x: area.x + margin,
        y: area.y + 1,
        width: area.width.saturating_sub(margin),
        height: area.height.saturating_sub(1 + u16::from(has_axis)),
    }
}

/// Even bins from one loss to another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bins {
    range: [f32; 2],
    count: u16,
}

impl Bins {
    pub(super) const fn of(range: [f32; 2], count: u16) -> Self {
        Self { range, count }
    }

    /// Where a bin begins.
    pub(super) fn edge(self, bin: u16) -> f32 {
        let [low, high] = self.range;
        low + (high - low) * f32::from(bin) / f32::from(self.count.max(1))
    }

    /// The edge so many bins from a loss on.
    pub(super) fn edge_beside(self, loss: f32, by: i16) -> f32 {
        let bin = self.place(loss);
        // A loss on an edge has bits to either side of it.
        let nearest = bin.round();
        let on_edge = (bin - nearest).abs() < 1e-3;
        let there = match (on_edge, by < 0) {
            (true, _) => nearest + f32::from(by),
            (false, true) => bin.ceil() + f32::from(by),
            (false, false) => bin.floor() + f32::from(by),
        };
        self.edge(there.clamp(0.0, f32::from(self.count)) as u16)
    }

    /// How many bins from the first on a loss is.
    fn place(self, loss: f32) -> f32 {
        let [low, high] = self.range;
        (loss - low) / (high - low) * f32::from(self.count)
    }

    /// The bin of a loss; the first and the last have all that is beyond.
    fn bin(self, loss: f32) -> u16 {
        let last = f32::from(self.count.saturating_sub(1));
        let place = self.place(loss);
        if place.is_nan() {
            return last as u16;
        }
        place.clamp(0.0, last) as u16
    }

    /// How many of sorted losses are in each bin.
    fn counts(self, sorted: &[f32]) -> Vec<usize> {
        let upto = |bin: u16| match bin {
            0 => 0,
            bin if bin == self.count => sorted.len(),
            bin => {
                let edge = self.edge(bin);
                sorted.partition_point(|loss| *loss < edge)
            }
        };
        (0..self.count)
            .map(|bin| upto(bin + 1).saturating_sub(upto(bin)))
            .collect()
    }
}

/// Draws the heap with its title and axis.
pub(super) fn render(stage: &Stage, layout: &Layout, buf: &mut Buffer) {
    let area = layout.histogram;
    let theme = stage.theme;
    let losses = place::real(stage.app);
    let strange = place::strange(stage.app);
    title(stage, losses, strange, area, buf);
    let plot = plot(area);
    axis(theme, losses.map(|losses| losses.range), area, plot, buf);
    let Some(losses) = losses else {
        let words = "the losses are measured as soon as there is time";
        text::left(buf, plot, &[(words, theme.dim())]);
        return;
    };
    let bins = Bins::of(losses.range, plot.width);
    heaps(theme, bins, losses, strange, plot, buf);
    let line = place::line(stage.app);
    if let Some(line) = line {
        draw_line(theme, bins, line, plot, buf);
    }
    let own = place::losses(stage.app);
    if let Some(&loss) = own.and_then(|own| own.by_image.get(stage.app.sample.index)) {
        mark(theme, bins.bin(loss), plot, buf);
    }
    if let Some(line) = line.filter(|_| area.height >= WITH_AXIS) {
        shares(stage, losses, strange, line, bins, plot, buf);
    }
}

/// Both heaps, on one scale.
fn heaps(
    theme: Theme,
    bins: Bins,
    losses: &Losses,
    strange: Option<&Strange>,
    plot: Rect,
    buf: &mut Buffer,
) {
    let real = bins.counts(&losses.sorted);
    let strangers = strange.map_or_else(
        || vec![0; real.len()],
        |strange| bins.counts(&strange.sorted),
    );
    let highest = real.iter().chain(&strangers).copied().max().unwrap_or(0);
    // What there is is seen: at least an eighth of a row.
    let eighths = |count: usize| {
        let all = usize::from(plot.height) * 8;
        (count * all).div_ceil(highest.max(1))
    };
    for (x, (&real, &strange)) in (plot.x..plot.right()).zip(real.iter().zip(&strangers)) {
        let (real, strange) = (eighths(real), eighths(strange));
        for (row, y) in (plot.y..plot.bottom()).rev().enumerate() {
            let part = |height: usize| height.saturating_sub(row * 8).min(8);
            let cell = cell(theme, part(real), part(strange));
            if let Some((character, style)) = cell {
                buf[(x, y)].set_char(character).set_style(style);
            }
        }
    }
}

/// A cell that so many eighths of two heaps reach into.
fn cell(theme: Theme, real: usize, strange: usize) -> Option<(char, Style)> {
    let eighth = |part: usize| theme.symbols().eighths[part - 1];
    if theme.depth == Depth::None {
        return match (real, strange) {
            (0, 0) => None,
            (0, _) => Some((theme.symbols().strange, Style::new())),
            (real, _) => Some((eighth(real), Style::new())),
        };
    }
    let (both, higher) = (real.min(strange), real.max(strange));
    let of_higher = if real > strange {
        theme.area()
    } else {
        theme.strange()
    };
    let mixed = theme.both();
    Some(match (both, higher) {
        (_, 0) => return None,
        (0, part) => (eighth(part), of_higher),
        (8, _) => (eighth(8), mixed),
        (part, 8) => {
            let ground = of_higher.fg.unwrap_or_default();
            (eighth(part), mixed.bg(ground))
        }
        // Two edges in one cell: the one of the greater step is seen.
        (part, higher) if higher - part > part => (eighth(higher), of_higher),
        (_, higher) => (eighth(higher), mixed),
    })
}

/// The line, at the left edge of a bin.
fn draw_line(theme: Theme, bins: Bins, line: f32, plot: Rect, buf: &mut Buffer) {
    let x = plot.x + bins.bin(line);
    for y in plot.y..plot.bottom() {
        let style = theme.text();
        buf[(x, y)]
            .set_char(theme.symbols().edited)
            .set_style(style);
    }
}

/// Where the chosen image is.
fn mark(theme: Theme, bin: u16, plot: Rect, buf: &mut Buffer) {
    let x = plot.x + bin;
    let stem = STEM.min(plot.height.saturating_sub(1));
    let top = plot.bottom() - stem;
    let style = theme.title();
    for y in top..plot.bottom() {
        buf[(x, y)].set_char(theme.symbols().axis).set_style(style);
    }
    if top > plot.y {
        buf[(x, top - 1)]
            .set_char(theme.symbols().seen)
            .set_style(style);
    }
}

/// What lies beyond the line, in words beside it.
fn shares(
    stage: &Stage,
    losses: &Losses,
    strange: Option<&Strange>,
    line: f32,
    bins: Bins,
    plot: Rect,
    buf: &mut Buffer,
) {
    let theme = stage.theme;
    let beyond = count_beyond(&losses.sorted, line);
    let real = words::share(share_beyond(&losses.sorted, line));
    let mut lines = vec![
        (format!("{real} of real"), theme.area()),
        (
            format!(
                "{} {}",
                grouped(beyond as u64),
                noun(beyond as u64, "image")
            ),
            theme.dim(),
        ),
    ];
    if let Some(strange) = strange {
        let share = words::share(share_beyond(&strange.sorted, line));
        let who = words::of_strangers_beyond(strange.who);
        lines.insert(1, (format!("{share} of {who}"), theme.strange()));
        if let Some(auc) = strange.auc {
            lines.push((format!("ROC area {auc:.3}"), theme.dim()));
        }
    }
    let at = plot.x + bins.bin(line);
    // Beside the line, or to the left of all: where they cover least of the heaps.
    let places = [at + 2, plot.x + 1, at.saturating_sub(SHARES + 2)];
    let fits = |x: &u16| *x > plot.x && x + SHARES <= plot.right();
    let rows = plot.y..plot.y + lines.len() as u16;
    let covers = |x: &u16| {
        let cells = rows
            .clone()
            .flat_map(|y| (*x..x + SHARES).map(move |x| (x, y)));
        cells
            .filter(|place| buf.cell(*place).is_some_and(|cell| cell.symbol() != " "))
            .count()
    };
    let x = places
        .into_iter()
        .filter(fits)
        .min_by_key(covers)
        .unwrap_or(plot.x + 1);
    for ((words, style), y) in lines.iter().zip(plot.y..plot.bottom().saturating_sub(STEM)) {
        let row = Rect::new(x, y, plot.right().saturating_sub(x), 1);
        text::left(buf, row, &[(words, *style)]);
    }
}

fn title(
    stage: &Stage,
    losses: Option<&Losses>,
    strange: Option<&Strange>,
    area: Rect,
    buf: &mut Buffer,
) {
    let theme = stage.theme;
    let row = Rect {
        height: area.height.min(1),
        ..area
    };
    let line = place::line(stage.app);
    let (has_axis, who) = (
        area.height >= WITH_AXIS,
        words::of_strangers(place::strangers(stage.app), theme.glyphs),
    );
    let step = losses.map(|losses| losses.step);
    let behind = behind::at_step(step, stage.seen.seen.step);
    let name = match (losses, behind) {
        (_, Some(behind)) => format!("losses {behind}"),
        (Some(losses), _) if has_axis => {
            format!("all {} losses", grouped(losses.sorted.len() as u64))
        }
        (..) => "losses".into(),
    };
    let told = |sorted: &[f32]| match line {
        Some(line) if !has_axis => format!(" {}", words::share(share_beyond(sorted, line))),
        _ => String::new(),
    };
    let real = losses.map_or_else(String::new, |losses| told(&losses.sorted));
    let strangers = strange.map_or_else(String::new, |strange| told(&strange.sorted));
    let signs = match theme.depth {
        Depth::None => [theme.symbols().eighths[7], theme.symbols().strange],
        _ => [theme.symbols().swatch; 2],
    };
    let signs = signs.map(|sign| format!("  {sign}"));
    let (real, who) = (format!(" real{real}"), format!(" {who}{strangers}"));
    let spans: [Span; 5] = [
        (&name, theme.title()),
        (&signs[0], theme.area()),
        (&real, theme.dim()),
        (&signs[1], theme.strange()),
        (&who, theme.dim()),
    ];
    let end = text::left(buf, row, &spans);
    let says = line.map(words::short);
    let forms = ["threshold ", "line ", ""];
    let forms = if has_axis {
        &forms[..]
    } else {
        &["past the line ", "line ", ""]
    };
    let room = row.right().saturating_sub(end + 1);
    let fits = says.and_then(|line| {
        let words = forms.iter().map(|form| format!("{form}{line}"));
        words.into_iter().find(|words| text::width(words) <= room)
    });
    let start = match &fits {
        Some(words) => text::right(buf, row, &[(words, theme.text())]) - 1,
        None => row.right(),
    };
    text::rule(buf, theme, row, end + 1, start);
}

/// The two axes; losses stand at every tenth, or further apart where there are many.
fn axis(theme: Theme, range: Option<[f32; 2]>, area: Rect, plot: Rect, buf: &mut Buffer) {
    let symbols = theme.symbols();
    let (left, faint) = (plot.x - 1, theme.faint());
    for y in plot.y..plot.bottom() {
        buf[(left, y)].set_char(symbols.axis).set_style(faint);
    }
    if area.height < WITH_AXIS {
        return;
    }
    let row = Rect::new(left, plot.bottom(), plot.width + 1, 1);
    buf[(left, row.y)].set_char(symbols.corner).set_style(faint);
    text::rule(buf, theme, row, plot.x, plot.right());
    let Some([low, high]) = range else { return };
    let bins = Bins::of([low, high], plot.width);
    // A tick, and some blanks beside it.
    let most = f32::from(plot.width) / 8.0;
    let steps = [
        0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 100.0, 1000.0, 10_000.0,
    ];
    let step = steps.into_iter().find(|step| (high - low) / step <= most);
    let Some(step) = step else { return };
    let mut free = plot.x;
    for number in 1..=plot.width {
        let loss = f32::from(number) * step;
        if loss > high + step / 100.0 {
            break;
        }
        let words = tick(loss, step);
        let width = text::width(&words);
        // Its middle on the loss, and whole.
        let place = bins.place(loss).round().max(0.0) as u16;
        let x = (plot.x + place).saturating_sub(width / 2);
        let x = x.min(plot.right().saturating_sub(width));
        if loss >= low && x >= free {
            text::left(buf, Rect::new(x, row.y, width, 1), &[(&words, theme.dim())]);
            free = x + width + 1;
        }
    }
}

fn tick(loss: f32, step: f32) -> String {
    let words = match step {
        ..0.09 => format!("{loss:.2}"),
        ..0.9 => format!("{loss:.1}"),
        _ => return format!("{loss:.0}"),
    };
    match words.strip_prefix('0') {
        Some(fraction) => fraction.into(),
        None => words,
    }
}
