//! The held-out losses of both over each other, of the pictures alone, so that no price counts.
//! They go along the film, as the tape does.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::style;
use crate::{
    message::{Measured, Observation},
    pace::Film,
    ui::{
        compare::pair::name,
        theme::Theme,
        widget::{
            chart::{Ink, Plot, Scale},
            text::{self, Span},
        },
    },
    words::pointed,
};

/// Columns of the axis upwards, its line among them.
const AXIS: u16 = 4;
/// Columns at the right, for who is who.
const NAMES: u16 = 2;
/// Room below what is reached, and above where the lines begin.
const BELOW: f32 = 0.95;
const ABOVE: f32 = 1.05;
/// Losses that are told at the axis, where they have a row.
const TICKS: [f32; 22] = [
    0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.12, 0.14, 0.16, 0.18, 0.2, 0.22, 0.25,
    0.3, 0.35, 0.4, 0.5, 0.6, 0.7,
];
/// Of these, the ones that come first where two share a row.
const ROUND: [f32; 9] = [0.1, 0.2, 0.3, 0.4, 0.05, 0.15, 0.25, 0.5, 0.7];

/// Draws title, lines and axes.
pub(super) fn render(
    live: bool,
    seen: [&Observation; 2],
    theme: Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    let says = ["held-out, without the price", "held-out"];
    let fits = says
        .iter()
        .find(|words| text::width(words) + 6 <= area.width);
    let says: Vec<Span> = fits
        .map(|words| (*words, theme.dim()))
        .into_iter()
        .collect();
    text::title(buf, area, theme, "loss", &says);
    let body = text::body(area);
    let courses = seen.map(course);
    let known = courses.iter().map(|course| course.len()).sum::<usize>();
    let place = Rect {
        x: body.x + AXIS,
        width: body.width.saturating_sub(AXIS + NAMES),
        height: body.height.saturating_sub(1),
        ..body
    };
    if known == 0 {
        let words = if live {
            "The first epoch will tell."
        } else {
            "No log tells how they came about."
        };
        let lines = text::wrapped(words, body.width);
        let middle = body.rows().skip(usize::from(body.height / 2));
        for (row, line) in middle.zip(lines) {
            text::left(buf, row, &[(&line, theme.dim())]);
        }
        return;
    }
    let (range, scale) = scale(seen, &courses);
    let films = seen.map(|seen| seen.moment.film);
    let longest = films.iter().map(Film::duration).fold(0.0, f64::max);
    let mut plot = Plot::new(place.width, place.height);
    let mut ends = [None; 2];
    for side in 0..2 {
        let dots: Vec<(i32, i32)> = courses[side]
            .iter()
            .filter_map(|known| {
                let along = films[side].time_of(known.step) / longest.max(f64::MIN_POSITIVE);
                let x = (along * f64::from(plot.dots()[0] - 1)).round() as i32;
                Some((x, plot.height(scale, known.reconstruction)?))
            })
            .collect();
        ends[side] = dots.last().copied();
        plot.line(1 + side as u8, dots);
    }
    plot.render(&inks(theme), theme, place, buf);
    references(seen, scale, &plot, theme, place, buf);
    upwards(range, scale, theme, place, buf);
    let film = if films[0].duration() >= films[1].duration() {
        films[0]
    } else {
        films[1]
    };
    along(&film, theme, place, buf);
    names(ends, theme, place, buf);
    if !live {
        lacking(&courses, theme, place, buf);
    }
}

/// What was measured up to the moment that is seen.
fn course(seen: &Observation) -> &[Measured] {
    let measured = &seen.curve.measured;
    let until = seen.seen.step;
    &measured[..measured.partition_point(|known| known.step <= until)]
}

fn inks(theme: Theme) -> [Ink; 2] {
    let ink = |side: usize, ascii: char, bare: Option<char>| Ink {
        style: style(theme, side),
        ascii,
        bare,
    };
    [ink(0, 'a', None), ink(1, 'b', Some('\u{b7}'))]
}

/// From below the lowest up to where one grey is, or where they began.
fn scale(seen: [&Observation; 2], courses: &[&[Measured]; 2]) -> ([f32; 2], Scale) {
    let losses = courses
        .iter()
        .flat_map(|course| course.iter())
        .map(|known| known.reconstruction);
    let losses = losses.filter(|loss| loss.is_finite());
    let (low, high) = losses.fold((f32::INFINITY, 0.0_f32), |(low, high), loss| {
        (low.min(loss), high.max(loss))
    });
    let grey = seen[0].curve.one_grey.filter(|grey| low < *grey);
    let mean = seen[0].curve.mean_image.filter(|mean| low < *mean);
    let high = match (grey, mean) {
        // Where a log begins with the first epoch's end, all lies below the average.
        (Some(_), Some(mean)) if high < mean => mean,
        (Some(grey), _) => high.min(grey),
        _ => high,
    };
    let low = if low.is_finite() { low } else { 0.0 };
    let range = [low * BELOW, high.max(low) * ABOVE];
    (range, Scale::logarithmic(range[0], range[1]))
}

/// What needs no training, where the lines leave room: the average, and principal components.
fn references(
    seen: [&Observation; 2],
    scale: Scale,
    plot: &Plot,
    theme: Theme,
    place: Rect,
    buf: &mut Buffer,
) {
    let mut told: Vec<(f32, String)> = Vec::new();
    told.extend(
        seen[0]
            .curve
            .mean_image
            .map(|loss| (loss, "average".to_owned())),
    );
    for components in seen.into_iter().filter_map(|seen| seen.curve.components) {
        let words = format!("PCA-{}", components.count);
        if told.iter().all(|(_, known)| *known != words) {
            told.push((components.loss, words));
        }
    }
    let mut taken: Vec<u16> = Vec::new();
    for (loss, words) in told {
        let dots = plot
            .height(scale, loss)
            .filter(|y| (0..plot.dots()[1]).contains(y));
        let Some(row) = dots.map(|y| (y / 4) as u16) else {
            continue;
        };
        if taken.contains(&row) {
            continue;
        }
        taken.push(row);
        let width = text::width(&words);
        let from = place.width.saturating_sub(width);
        let free = |column: u16| plot.is_empty(column, row);
        let y = place.y + row;
        let dashed = theme.symbols().dashed;
        for column in (0..from.saturating_sub(1)).filter(|&column| free(column)) {
            let cell = Rect::new(place.x + column, y, 1, 1);
            text::left(buf, cell, &[(&dashed.to_string(), theme.faint())]);
        }
        if (from..place.width).all(free) {
            let label = Rect::new(place.x + from, y, width, 1);
            text::left(buf, label, &[(&words, theme.dim())]);
        }
    }
}

fn upwards([low, high]: [f32; 2], scale: Scale, theme: Theme, place: Rect, buf: &mut Buffer) {
    let symbols = theme.symbols();
    let faint = theme.faint();
    let put = |y: u16, sign: char, buf: &mut Buffer| {
        let cell = Rect::new(place.x - 1, y, 1, 1);
        text::left(buf, cell, &[(&sign.to_string(), faint)]);
    };
    for y in place.top()..place.bottom() {
        put(y, symbols.axis, buf);
    }
    put(place.bottom(), symbols.corner, buf);
    let mut taken: Vec<u16> = Vec::new();
    for value in ROUND.into_iter().chain(TICKS) {
        let Some(row) = scale
            .row(value, place.height)
            .filter(|_| low < value && value < high)
        else {
            continue;
        };
        if taken.iter().any(|known| known.abs_diff(row) < 2) {
            continue;
        }
        taken.push(row);
        let words = pointed(&value.to_string());
        let label = Rect::new(place.x - AXIS, place.y + row, AXIS - 1, 1);
        text::right(buf, label, &[(&words, theme.dim())]);
        put(place.y + row, symbols.tick, buf);
    }
}

/// The ends of epochs, as many as have room.
fn along(film: &Film, theme: Theme, place: Rect, buf: &mut Buffer) {
    let row = Rect {
        y: place.bottom(),
        height: 1,
        ..place
    };
    text::rule(buf, theme, row, row.x, row.right());
    let mut end = row.right() + 1;
    let last = film.epochs();
    // The last first, then from the right as there is room.
    for epoch in (1..=last).rev() {
        let along = film.time_of(epoch.saturating_mul(film.steps_per_epoch())) / film.duration();
        let words = epoch.to_string();
        let width = text::width(&words);
        let x = row.x + (along * f64::from(row.width.saturating_sub(1))).round() as u16;
        let x = x.min(row.right().saturating_sub(width));
        if x + width < end && x >= row.x {
            text::left(buf, Rect { x, width, ..row }, &[(&words, theme.dim())]);
            end = x;
        }
        // Of many epochs the rest would have no room.
        if end <= row.x + 1 || last - epoch > 1000 {
            break;
        }
    }
}

/// Who is who, at the end of each line; the lower one gives way where both end in one row.
fn names(ends: [Option<(i32, i32)>; 2], theme: Theme, place: Rect, buf: &mut Buffer) {
    let row_of = |(_, y): (i32, i32)| (y / 4).clamp(0, i32::from(place.height) - 1) as u16;
    let mut rows = ends.map(|end| end.map(row_of));
    if let ([Some(a), Some(b)], [Some(one), Some(other)]) = (rows, ends)
        && a == b
    {
        let lower = usize::from(other.1 >= one.1);
        if b + 1 < place.height {
            rows[lower] = Some(b + 1);
        } else {
            rows[1 - lower] = Some(b.saturating_sub(1));
        }
    }
    for side in 0..2 {
        if let (Some(row), Some((x, _))) = (rows[side], ends[side]) {
            let column = (x.max(0) / 2) as u16 + 1;
            let cell = Rect::new(place.x + column, place.y + row, 2, 1);
            let spans: [(&str, Style); 2] = [(" ", theme.text()), (name(side), style(theme, side))];
            text::left(buf, cell, &spans);
        }
    }
}

/// That no log tells of one.
fn lacking(courses: &[&[Measured]; 2], theme: Theme, place: Rect, buf: &mut Buffer) {
    if let Some(side) = courses.iter().position(|course| course.is_empty()) {
        let words = format!("no log of {}", name(side));
        let row = Rect { height: 1, ..place };
        text::right(buf, row, &[(&words, style(theme, side))]);
    }
}
