//! The same samples side by side: as they are, and as A and B draw them.

use ratatui::{buffer::Buffer, layout::Rect};

use super::style;
use crate::{
    message::{Observation, Row, SplitName},
    ui::{
        app::Above,
        compare::{
            layout::Samples,
            pair::{Pair, name},
        },
        frame::GUTTER,
        pane::pictures::View,
        theme::Theme,
        widget::{
            cut::Cut,
            fine::Fine,
            text::{self, Span},
        },
    },
    words::pointed,
};

/// Draws ten of them, or the chosen one.
pub(super) fn render(
    pair: &Pair,
    seen: [&Observation; 2],
    theme: Theme,
    fine: &Fine,
    samples: &Samples,
    buf: &mut Buffer,
) {
    match *samples {
        Samples::Ten { area, cut } => ten(pair, seen, (theme, fine), (area, cut), buf),
        Samples::One { places, cut } => one(pair, seen, (theme, fine), (places, cut), buf),
    }
}

fn ten(
    pair: &Pair,
    [one, other]: [&Observation; 2],
    (theme, fine): (Theme, &Fine),
    (area, cut): (Rect, Cut),
    buf: &mut Buffer,
) {
    let (columns, rows) = (cut.columns(), cut.rows());
    let stride = (area.width + GUTTER) / Row::LENGTH as u16;
    let size = pair.sides[0].image();
    text::rule(buf, theme, area, area.x, area.right());
    let of_both = one.row.samples.iter().zip(&other.row.samples);
    for (place, (a, b)) in (0u16..).zip(of_both) {
        let x = area.x + place * stride;
        let heading = Rect::new(x, area.y, stride.min(area.right() - x), 1);
        number(one, a.index, theme, heading, buf);
        let at = |row: u16| Rect::new(x, area.y + 1 + row * rows, columns, rows).intersection(area);
        let view = View::of(a, size, cut, fine);
        view.draw_image(Above::Original, theme, at(0), buf);
        view.draw_reconstruction(theme, at(1), buf);
        View::of(b, size, cut, fine).draw_reconstruction(theme, at(2), buf);
        // Who drew them stands in the gaps, not in every one.
        if place % 4 == 0 {
            for side in 0..2 {
                let row = at(1 + side as u16);
                let gap = Rect::new(row.right(), row.y + row.height / 2, 1, 1);
                text::left(
                    buf,
                    gap.intersection(area),
                    &[(name(side), style(theme, side))],
                );
            }
        }
    }
}

fn number(seen: &Observation, index: usize, theme: Theme, heading: Rect, buf: &mut Buffer) {
    let number = index.to_string();
    let chosen = index == seen.row.chosen.index;
    let mark = theme.symbols().chosen.to_string();
    let spans: [Span; 3] = if chosen {
        let style = theme.accent().bold();
        [(&mark, style), (&number, style), (" ", style)]
    } else {
        [
            ("", theme.dim()),
            (&number, theme.dim()),
            (" ", theme.dim()),
        ]
    };
    text::left(buf, heading, &spans);
}

fn one(
    pair: &Pair,
    seen: [&Observation; 2],
    (theme, fine): (Theme, &Fine),
    (places, cut): ([Rect; 3], Cut),
    buf: &mut Buffer,
) {
    let size = pair.sides[0].image();
    let sample = seen[0].row.sample();
    let view = View::of(sample, size, cut, fine);
    let split = match seen[0].row.chosen.split {
        SplitName::Train => "train ",
        SplitName::Test => "",
        SplitName::Unseen => "unseen ",
    };
    let short = sample.index.to_string();
    let long = text::image(&short, &pair.sides[0].classes(), sample.label);
    let whole = format!("{split}{long}");
    let room = places[0].width;
    let words = [&whole, &long, &short]
        .into_iter()
        .find(|words| text::width(words) <= room)
        .map_or("", String::as_str);
    text::title(buf, places[0], theme, words, &[]);
    view.draw_image(Above::Original, theme, text::body(places[0]), buf);
    for side in 0..2 {
        let area = places[1 + side];
        let sample = seen[side].row.sample();
        let own = style(theme, side);
        let loss = pointed(text::loss(sample.loss).trim());
        let row = Rect { height: 1, ..area };
        let start = text::left(buf, row, &[(name(side), own)]);
        let end = text::right(buf, row, &[(&loss, own)]);
        text::rule(buf, theme, row, start + 1, end.saturating_sub(1));
        let view = View::of(sample, size, cut, fine);
        view.draw_reconstruction(theme, text::body(area), buf);
    }
}
