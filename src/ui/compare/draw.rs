//! Draws a pair: green is A, orange is B, and what is drawn alike is of both. Changes nothing.

mod curves;
mod samples;
mod tables;

use ratatui::{buffer::Buffer, layout::Rect, style::Style, widgets::Widget};

use super::{
    layout::Layout,
    pair::{Pair, name},
    words,
};
use crate::{
    message::{Observation, Phase, Plane, When},
    recipe::differences,
    ui::{
        app::App,
        chrome::{header, keys, tape},
        frame::SMALLEST,
        overlay,
        past::Past,
        theme::{Depth, Glyphs, Theme},
        view,
        widget::{
            fine::{Fine, FinePicture},
            map::{Axes, Bare, Chosen, LatentMap, MapCells},
            text::{self, Span},
        },
    },
    words::grouped,
};

/// Draws the whole screen.
pub fn render(pair: &Pair, theme: Theme, area: Rect, buf: &mut Buffer) {
    draw(pair, theme, area, &Fine::unwanted(), buf);
}

/// Draws it, and tells which pictures on it there are with all their pixels.
pub(super) fn render_fine(
    pair: &Pair,
    theme: Theme,
    area: Rect,
    buf: &mut Buffer,
) -> Vec<FinePicture> {
    let fine = Fine::wanted();
    draw(pair, theme, area, &fine, buf);
    fine.uncovered(buf)
}

fn draw(pair: &Pair, theme: Theme, area: Rect, fine: &Fine, buf: &mut Buffer) {
    let Some(at) = Layout::of(area, pair.differences.len()) else {
        return too_small(theme, area, buf);
    };
    header(pair, theme, at.header, buf);
    match pair.seen() {
        Some([one, other]) => {
            let seen = [&**one, &**other];
            panes(pair, seen, theme, fine, &at, buf);
            let leader = pair.leader();
            let app = &pair.sides[leader];
            if pair.live {
                tape::render(app, seen[leader], theme, at.tape, buf);
            }
        }
        None => overlay::waiting(&pair.sides[0], theme, area, buf),
    }
    hints(pair, theme, at.keys, buf);
    if pair.help {
        help(pair, theme, area, buf);
    }
    if theme.glyphs == Glyphs::Ascii {
        view::keep_to_ascii(area, buf);
    }
}

fn too_small(theme: Theme, area: Rect, buf: &mut Buffer) {
    let (width, height) = SMALLEST;
    let words = format!(
        "Comparing needs {width}x{height}, this is {}x{}. q leaves.",
        area.width, area.height
    );
    for (row, line) in area.rows().zip(text::wrapped(&words, area.width)) {
        text::left(buf, row, &[(&line, theme.text())]);
    }
}

/// What a side is drawn in.
fn style(theme: Theme, side: usize) -> Style {
    if side == 0 {
        theme.accent()
    } else {
        theme.changed()
    }
}

fn panes(
    pair: &Pair,
    seen: [&Observation; 2],
    theme: Theme,
    fine: &Fine,
    at: &Layout,
    buf: &mut Buffer,
) {
    for (side, (seen, area)) in seen.into_iter().zip(at.maps).enumerate() {
        map(pair, side, seen, theme, area, buf);
    }
    if let Some(area) = at.curves {
        curves::render(pair.live, seen, theme, area, buf);
    }
    narrator(pair, seen, theme, at.narrator, buf);
    if at.tells_both() {
        tables::recipes(pair, theme, at.recipes, buf);
    } else {
        tables::recipes_in_brief(pair, theme, at.recipes, buf);
    }
    tables::measures(pair, seen, theme, at.measures, buf);
    samples::render(pair, seen, theme, fine, &at.samples, buf);
}

fn map(pair: &Pair, side: usize, seen: &Observation, theme: Theme, area: Rect, buf: &mut Buffer) {
    let (app, map) = (&pair.sides[side], &seen.map);
    let numbers = differences::numbers(&app.plan.recipe);
    let says = match map.plane {
        Plane::Line | Plane::Codes => format!("{numbers} each"),
        Plane::Principal(_) | Plane::Pair(_) => format!("a plane of {numbers}"),
    };
    heading(app, side, &says, theme, area, buf);
    let plot = text::body(area);
    let axes = Axes {
        digits: map.plane == Plane::Line,
        units: map.units,
        ..Axes::from(map.range)
    };
    let classes = app.classes();
    let shown = (app.filter, classes.count());
    let size = (plot.width, plot.height);
    let cells = MapCells::bin(&map.points, &map.labels, shown, axes, size);
    Bare(LatentMap {
        cells: &cells,
        chosen: Some(Chosen {
            point: map.chosen,
            label: seen.row.sample().label,
        }),
        prior: None,
        style: app.map_style,
        classes: &classes,
        theme,
    })
    .render(plot, buf);
}

/// `A article ─────── two numbers each`; what is said gives way, and then the name is cut.
fn heading(app: &App, side: usize, says: &str, theme: Theme, area: Rect, buf: &mut Buffer) {
    let row = Rect { height: 1, ..area };
    let title = text::plain(&app.plan.title, theme);
    let own = style(theme, side);
    let bold = if theme.depth == Depth::None {
        own
    } else {
        own.bold()
    };
    let start = text::left(buf, row, &[(name(side), bold), (" ", own), (&title, bold)]);
    let free = Rect {
        x: (start + 1).min(row.right()),
        width: row.right().saturating_sub(start + 1),
        ..row
    };
    // A column apart, at the least.
    let fits = text::width(says) < free.width;
    let end = if fits {
        text::right(buf, free, &[(says, theme.dim())]) - 1
    } else {
        row.right()
    };
    text::rule(buf, theme, row, start + 1, end);
}

fn narrator(pair: &Pair, seen: [&Observation; 2], theme: Theme, area: Rect, buf: &mut Buffer) {
    let said = words::narrated(pair, seen);
    let room = area.width.saturating_sub(2);
    let fits = said.iter().find(|words| text::width(words) <= room);
    let words = fits.or(said.last()).map_or("", String::as_str);
    let sign = theme.symbols().milestone.to_string();
    let spans = [
        (&*sign, theme.accent()),
        (" ", theme.text()),
        (words, theme.text()),
    ];
    text::left(buf, area, &spans);
}

/// The program, who is who, and what both do. When it gets short, what they have in common goes
/// first, then how far they are, and then the names are cut.
fn header(pair: &Pair, theme: Theme, area: Rect, buf: &mut Buffer) {
    let row = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    };
    let tab = if theme.depth == Depth::None {
        "[Compare]"
    } else {
        " Compare "
    };
    let [far, state] = at_right(pair, theme);
    let gap = ("  ", theme.text());
    let right: [Span; 3] = [(&far.0, far.1), gap, (&state.0, state.1)];
    let titles = [0, 1].map(|side| text::plain(&pair.sides[side].plan.title, theme));
    let common = words::common(pair);
    let data = pair.sides[0].data.as_ref();
    let data = data.map_or_else(String::new, |data| text::plain(&data.name, theme));
    let left: [Span; 10] = [
        ("ae-tui ", theme.accent().bold()),
        (tab, theme.active_tab()),
        ("  A ", style(theme, 0)),
        (&titles[0], theme.text()),
        ("   B ", style(theme, 1)),
        (&titles[1], theme.text()),
        ("   ", theme.text()),
        (&common, theme.dim()),
        (", ", theme.dim()),
        (&data, theme.dim()),
    ];
    let fits = |left: &[Span], right: &[Span]| {
        text::columns(left).saturating_add(text::columns(right) + 2) <= row.width
    };
    let (whole, brief, bare) = (&left[..10], &left[..8], &left[..6]);
    let sides = [
        (whole, &right[..]),
        (brief, &right[..]),
        (bare, &right[..]),
        (bare, &right[2..]),
    ];
    let fitting = sides.into_iter().find(|(left, right)| fits(left, right));
    let (left, right) = fitting.unwrap_or((bare, &right[2..]));
    let start = text::right(buf, row, right);
    let room = Rect {
        width: start.saturating_sub(row.x + 1),
        ..row
    };
    text::left(buf, room, left);
}

/// How far they are, and what they do; of widths that do not change while they run.
fn at_right(pair: &Pair, theme: Theme) -> [(String, Style); 2] {
    let Some(seen) = pair.seen() else {
        return [
            (String::new(), theme.text()),
            ("reading".into(), theme.accent()),
        ];
    };
    let leader = pair.leader();
    if !pair.live {
        let steps = [0, 1].map(|side| format!("{} {}", name(side), grouped(seen[side].seen.step)));
        let steps = format!("steps {}, {}", steps[0], steps[1]);
        return [(steps, theme.text()), ("at rest".into(), theme.accent())];
    }
    if let Some(past) = Past::of(&seen[leader]) {
        let chip = format!(" {} {} ", past.sign(theme), past.place());
        return [(past.steps(), theme.text()), (chip, theme.past_chip())];
    }
    let far = header::epoch(&seen[leader].moment);
    let does = |side: usize| match (&pair.sides[side].failure, seen[side].moment.phase) {
        (Some(_), _) => "stopped",
        (None, Phase::Training) => "training",
        (None, Phase::Paused) => "paused",
        (None, Phase::Finished | Phase::Exploring) => "finished",
    };
    let words = match [does(0), does(1)] {
        [one, other] if one == other => format!("both {one}"),
        [one, other] => format!("A {one}, B {other}"),
    };
    let moves = does(0) == "training" || does(1) == "training";
    let sign = if moves { theme.symbols().play } else { ' ' };
    let own = if pair.sides.iter().any(|app| app.failure.is_some()) {
        theme.warning()
    } else {
        theme.accent()
    };
    [
        (far, theme.text()),
        (format!("{sign} {words:<13}"), own.bold()),
    ]
}

/// Keys of both, with their weights.
fn of_both(pair: &Pair) -> Vec<(&'static str, &'static str, u8)> {
    let still = [("←→", "sample", 9), ("↑↓", "±10", 3)];
    let live = [
        ("space", space(pair), 9),
        (", .", "step", 4),
        ("[ ]", "epoch", 2),
        ("+ -", "pace", 3),
        ("f", "full speed", 4),
    ];
    let last = [
        ("0-9", "digit", 5),
        ("a b", "only A, B", 8),
        ("B", "back", 7),
        ("?", "help", 6),
        ("q", "quit", 9),
    ];
    let live = live.into_iter().filter(|_| pair.live);
    let last = last
        .into_iter()
        .filter(|hint| hint.0 != "B" || pair.left.is_some());
    still.into_iter().chain(live).chain(last).collect()
}

/// What Space does.
fn space(pair: &Pair) -> &'static str {
    match pair.sides[pair.leader()].when {
        When::At(_) => "play",
        When::PlayFrom(_) => "stop",
        When::Now if pair.sides.iter().any(App::moves) => "pause",
        When::Now => "train",
    }
}

fn hints(pair: &Pair, theme: Theme, area: Rect, buf: &mut Buffer) {
    let row = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    };
    if let Some(status) = pair.status() {
        let style = if status.warning {
            theme.warning()
        } else {
            theme.text()
        };
        text::left(buf, row, &[(&text::plain(&status.words, theme), style)]);
        return;
    }
    keys::line(&of_both(pair), theme, row, buf);
}

/// What the keys of both do, in a panel.
fn help(pair: &Pair, theme: Theme, area: Rect, buf: &mut Buffer) {
    let classes = pair.sides[0].classes();
    let live = [
        ("space", "pause both, train both"),
        (", .", "a moment back, on; at now a step of both"),
        ("[ ] { }", "ends of epochs; the start, and now"),
        ("+ - f", "faster, slower, full speed"),
    ];
    let keys = [
        ("←→ ↑↓", "sample before, after; ten back, ten on"),
        ("n N", "the next of the same digit, and before"),
        ("r Home End", "any sample, the first, the last"),
        ("t", "held-out images, or those trained on"),
        ("0-9", "these digits alone on the maps; Esc: all"),
        ("v", "another way to draw both maps"),
    ]
    .into_iter()
    .chain(live.into_iter().filter(|_| pair.live))
    .chain([("a b", "only that run, all views; C leads back")])
    .chain(
        pair.left
            .iter()
            .map(|_| ("B", "back to the run that was left for these")),
    )
    .chain([("x X", "this screen as a picture"), ("q Ctrl-C", "leave")]);
    let mut lines: Vec<Vec<(String, Style)>> = keys
        .map(|(keys, words)| {
            let keys = keys::in_glyphs(keys, theme.glyphs);
            vec![
                (format!("{keys:<12}"), theme.accent()),
                (classes.said(words), theme.text()),
            ]
        })
        .collect();
    let meanings = [
        "Losses are held-out and of the pictures alone: a price on the",
        "code does not count. Each map has axes of its own: the units of",
        "one network mean nothing to the other.",
    ];
    // Where there is no room for all of it, the keys come first.
    let room = usize::from(area.height).saturating_sub(4 + lines.len());
    if room > meanings.len() {
        lines.push(Vec::new());
        lines.extend(meanings.map(|words| vec![(words.to_owned(), theme.dim())]));
    }
    overlay::panel(theme, "compare", theme.title(), &lines, area, buf);
}
