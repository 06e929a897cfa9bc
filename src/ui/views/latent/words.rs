//! What the view says of the cursor's place, in words.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use crate::{
    measure::Verdict,
    message::{Gap, LatentAnswer},
    ui::{theme::Theme, views::Stage, widget::text},
    words::grouped,
};

/// A verdict at three lengths.
pub(super) fn verdict(verdict: Verdict) -> [&'static str; 3] {
    match verdict {
        Verdict::Among => ["among the data", "in data", "gap"],
        Verdict::Edge => ["edge of the data", "edge of data", "far"],
        Verdict::Void => [" no data here ", " no data ", "void"],
    }
}

/// Its colour, as text.
pub(super) fn style(theme: Theme, verdict: Option<Verdict>) -> Style {
    match verdict {
        Some(Verdict::Among) => theme.accent(),
        Some(Verdict::Edge) => theme.added(),
        Some(Verdict::Void) => theme.warning(),
        None => theme.dim(),
    }
}

/// What a gap is called before its number.
pub(super) fn gap(gap: Option<Gap>) -> &'static str {
    let judged = gap.and_then(|gap| gap.judged);
    judged.map_or("gap", |(_, of)| verdict(of)[2])
}

/// A distance in as many digits as tell something.
pub(super) fn distance(distance: f32) -> String {
    match distance {
        // Nothing is not the same as next to nothing.
        ..0.00995 if distance > 0.0 => format!("{distance:.0e}"),
        ..9.995 => format!("{distance:.2}"),
        ..99.95 => format!("{distance:.1}"),
        ..99_999.5 => format!("{distance:.0}"),
        _ => format!("{distance:.0e}"),
    }
}

/// A value of a code in so many columns.
pub(super) fn value(value: f32) -> String {
    match value.abs() {
        ..999.995 => format!("{value:.2}"),
        ..99_999.5 => format!("{value:.0}"),
        _ => format!("{value:.0e}"),
    }
}

/// How many real gaps are narrower than this one.
pub(super) fn wider(gap: Gap) -> Option<String> {
    let (narrower, of) = gap.judged?;
    Some(match of {
        Verdict::Among => format!("wider than {}% of real gaps", (narrower * 100.0) as u32),
        Verdict::Edge => "wider than 99% of real gaps".into(),
        Verdict::Void => "beyond 99.9% of real gaps".into(),
    })
}

/// The view's own sentence: the longest form that fits.
pub(super) fn narrator(stage: &Stage, area: Rect, buf: &mut Buffer) {
    let Some(answer) = &stage.seen.answers.latent else {
        return;
    };
    let sentences = sentences(stage, answer);
    let said = sentences
        .iter()
        .find(|said| text::width(said) <= area.width);
    if let Some(said) = said {
        text::left(buf, area, &[(said, stage.theme.text())]);
    }
}

fn sentences(stage: &Stage, answer: &LatentAnswer) -> Vec<String> {
    let app = stage.app;
    let place = &app.places.latent;
    if place.holds_values {
        return vec![
            "j k choose a value, h l change it, e u make it an axis.".into(),
            "j k choose, h l change, i gives back.".into(),
            "j k choose, h l change.".into(),
        ];
    }
    if place.manifold.is_some() {
        return vec![
            "Each picture is one place; dim ones hold no real image.".into(),
            "Each picture is one place, dim: no data.".into(),
        ];
    }
    let near = answer.nearest.as_ref();
    let judged = answer.cursor.gap.and_then(|gap| gap.judged);
    match (near, judged) {
        (None, _) => vec![app.classes().said("No test image of that digit.")],
        (Some(near), Some((_, Verdict::Void))) => {
            let far = distance(near.distance);
            vec![
                format!("No image lives here: the nearest code is {far} away."),
                format!("No image lives here: {far} to the nearest."),
                "No image lives here.".into(),
            ]
        }
        (Some(near), Some((_, Verdict::Edge))) => {
            let (index, one) = (grouped(near.index as u64), app.classes().one(near.label));
            vec![
                format!("At the edge of the data: nearest is {index}, {one}."),
                format!("The edge of the data: {index}, {one}."),
                "The edge of the data.".into(),
            ]
        }
        // How near is near is not known yet.
        (Some(near), None) => {
            let index = grouped(near.index as u64);
            vec![format!("The nearest image is {index}.")]
        }
        (Some(near), Some((_, Verdict::Among))) => {
            let index = grouped(near.index as u64);
            let one = app.classes().one(near.label);
            let real = match one.split_once(' ') {
                Some(("a" | "an", what)) => format!("A real {what}"),
                _ => format!("A real one, {one},"),
            };
            vec![
                format!("{real} has nearly this code: {index}."),
                format!("{real} is nearest: {index}."),
            ]
        }
    }
}
