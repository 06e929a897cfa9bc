//! The path: what the network makes along the straight line between two places of the code, and
//! how far real codes are from it.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{layout, pictures, plane, words};
use crate::{
    data::Classes,
    measure::Verdict,
    message::Plane,
    ui::{
        views::{Stage, behind},
        widget::{
            cut::Window,
            picture::Paint,
            text::{self, Span},
        },
    },
};

/// Columns of the letter of an end.
const END: u16 = 2;

/// Draws the strip.
pub(super) fn render(stage: &Stage, path: layout::Path, buf: &mut Buffer) {
    let theme = stage.theme;
    heading(stage, path.area, buf);
    let body = text::body(path.area);
    let Some(answer) = &stage.seen.answers.latent else {
        return;
    };
    // One of another size was asked for a moment ago.
    if answer.path.len() == path.frames {
        let last = path.frames - 1;
        for (place, here) in answer.path.iter().enumerate() {
            let frame = Rect {
                x: body.x + place as u16 * path.pitch,
                width: path.cut.columns(),
                height: path.cut.rows(),
                ..body
            };
            pictures::draw(
                stage,
                &here.picture,
                Paint::Network,
                Window::MIDDLE,
                path.cut,
                frame,
                buf,
            );
            // The last letter may have no room below the picture, and keeps off the number before.
            let gutter = path.pitch - path.cut.columns();
            let more = if place == last {
                END.min(gutter.saturating_sub(1))
            } else {
                0
            };
            let below = Rect {
                x: frame.x - more,
                y: frame.bottom(),
                width: frame.width + more,
                height: 1,
            };
            let Some(gap) = here.gap else { continue };
            let verdict = gap.judged.map(|(_, verdict)| verdict);
            let number = words::distance(gap.distance);
            let style = match verdict {
                Some(Verdict::Among) | None => theme.dim(),
                some => words::style(theme, some),
            };
            let says = format!("{} {number:>4}", words::gap(Some(gap)));
            let end = match place {
                0 => "A ",
                _ if place == last => "B ",
                _ => "",
            };
            let fits = END + text::width(&says) <= below.width;
            let end = if fits { end } else { "" };
            let spans: [Span; 2] = [(end, theme.accent()), (&says, style)];
            text::right(buf, below, &spans);
        }
    }
    if path.words {
        explain(stage, path, buf);
    }
}

fn heading(stage: &Stage, area: Rect, buf: &mut Buffer) {
    let place = &stage.app.places.latent;
    let (label, classes) = (stage.seen.row.sample().label, stage.app.classes());
    let chosen = match classes {
        Classes::Unlabelled => "the chosen image".into(),
        _ => format!("the chosen {}", classes.name(label)),
    };
    let end = |pin: usize, other: &str| -> String {
        match place.pins[pin] {
            Some(_) => ["pinned a", "pinned b"][pin].into(),
            None => other.into(),
        }
    };
    let name = format!("path: {} to {}", end(0, &chosen), end(1, "the cursor"));
    // The pictures are of now, the real codes that they are held against of the last map.
    let answer = stage.seen.answers.latent.as_ref();
    let behind = answer.and_then(|answer| behind::at_step(answer.real_at, answer.step));
    let says = match behind.as_deref() {
        _ if place.walks() => "w stops",
        Some(behind) => behind,
        None => "straight in the code",
    };
    text::title(buf, area, stage.theme, &name, &[(says, stage.theme.dim())]);
}

fn explain(stage: &Stage, path: layout::Path, buf: &mut Buffer) {
    let theme = stage.theme;
    let row = Rect {
        y: path.area.bottom() - 1,
        height: 1,
        ..path.area
    };
    let answer = stage.seen.answers.latent.as_ref();
    let share = answer.and_then(|answer| answer.share);
    if let Some(share) = share {
        let share = 100.0 * share;
        let forms = match plane::map(stage.seen).plane {
            Plane::Pair(_) => [
                format!("The two hold {share:.0}% of the variance; the rest is the sample's."),
                format!("The two values hold {share:.0}% of the variance."),
            ],
            _ => [
                format!("The plane holds {share:.0}% of all that differs between the codes."),
                format!("The plane holds {share:.0}% of the variance."),
            ],
        };
        let fits = |words: &&String| text::width(words) <= row.width;
        let words = forms.iter().find(fits).unwrap_or(&forms[1]);
        text::left(buf, row, &[(words, theme.dim())]);
        return;
    }
    let gap = "gap: how far the nearest real code is";
    let void = "far: as 1 real one in 100; void: as 1 in 1,000";
    let end = text::left(buf, row, &[(gap, theme.dim())]);
    let rest = Rect {
        x: end + 2,
        width: row.right().saturating_sub(end + 2),
        ..row
    };
    text::right(buf, rest, &[(void, theme.dim())]);
}
