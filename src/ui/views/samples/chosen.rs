//! The chosen image by itself, and how it stands among all.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{layout::Chosen, place, words};
use crate::{
    data::Classes,
    message::Losses,
    ui::{
        pane::pictures::View,
        views::Stage,
        widget::{cut::Cut, text},
    },
    words::grouped,
};

/// Draws it.
pub(super) fn render(stage: &Stage, place: Chosen, buf: &mut Buffer) {
    match place {
        Chosen::Beside(area) => beside(stage, area, buf),
        Chosen::Above([upper, lower], cut) => {
            let view = View::on(stage, stage.seen.row.sample(), cut);
            let (split, classes) = (stage.seen.row.chosen.split, stage.app.classes());
            view.image(stage.app.above, split, &classes, stage.theme, upper, buf);
            view.reconstruction(stage.theme, lower, buf);
        }
        Chosen::Words(area) => in_words(stage, area, buf),
    }
}

/// Its loss among all, where both are known.
fn rank<'a>(stage: &Stage<'a>) -> Option<(String, &'a Losses)> {
    let losses = place::losses(stage.app)?;
    Some((words::rank(losses, stage.app.sample.index)?, losses))
}

fn beside(stage: &Stage, area: Rect, buf: &mut Buffer) {
    let theme = stage.theme;
    let sample = stage.seen.row.sample();
    let classes = stage.app.classes();
    let name = text::image(&sample.index.to_string(), &classes, sample.label);
    let loss = format!("loss {}", text::loss(sample.loss));
    text::title(buf, area, theme, &name, &[(&loss, theme.text())]);
    let body = text::body(area);
    let view = View::on(stage, sample, Cut::Half);
    let pictures = Rect {
        width: Cut::Half.columns(),
        height: Cut::Half.rows().min(body.height),
        ..body
    };
    view.draw_image(stage.app.above, theme, pictures, buf);
    let right = Rect {
        x: pictures.right(),
        ..pictures
    };
    view.draw_reconstruction(theme, right.intersection(area), buf);
    let Some((rank, losses)) = rank(stage) else {
        return;
    };
    let mean = losses.digits.get(usize::from(sample.label));
    let mean = mean.filter(|mean| mean.is_finite() && classes != Classes::Unlabelled);
    let mean = mean.map(|mean| {
        let its = classes.said("its digit");
        format!("{its}: mean {mean:.3}")
    });
    let all = grouped(losses.sorted.len() as u64);
    let lines = [Some(format!("{rank} of {all}")), mean];
    for (words, y) in lines
        .into_iter()
        .flatten()
        .zip(pictures.bottom()..area.bottom())
    {
        let row = Rect::new(area.x, y, area.width, 1);
        text::left(buf, row, &[(&words, theme.dim())]);
    }
}

fn in_words(stage: &Stage, area: Rect, buf: &mut Buffer) {
    let theme = stage.theme;
    let sample = stage.seen.row.sample();
    let rows: Vec<Rect> = area.rows().collect();
    let [first, second] = rows[..] else { return };
    let classes = stage.app.classes();
    if classes != Classes::Unlabelled {
        let label = classes.name(sample.label);
        text::left(buf, first, &[("label", theme.dim())]);
        text::right(buf, first, &[(&label, theme.text())]);
    }
    let loss = words::short(sample.loss);
    let rank = rank(stage).map(|(rank, _)| rank);
    let rank = rank.filter(|rank| text::width(rank) + 1 + text::width(&loss) <= second.width);
    let name = rank.as_deref().unwrap_or("loss");
    text::left(buf, second, &[(name, theme.dim())]);
    text::right(buf, second, &[(&loss, theme.text())]);
}
