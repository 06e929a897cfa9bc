//! What the cursor's place becomes, over the real image that is nearest to it.
//! White is real, green was made by the network.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::words;
use crate::{
    data::Labels,
    measure::Verdict,
    message::Here,
    ui::{
        theme::{Depth, Theme},
        views::Stage,
        widget::{
            cut::{Cut, Window},
            fit::Image,
            picture::{Paint, Part},
            text::{self, Span},
        },
    },
    words::grouped,
};

/// What the network makes of the cursor's place, and whether data lives there.
pub(super) fn decoded(stage: &Stage, cut: Cut, area: Rect, buf: &mut Buffer) {
    let theme = stage.theme;
    let Some(answer) = &stage.seen.answers.latent else {
        text::title(buf, area, theme, "decoded here", &[]);
        return draw(
            stage,
            &[],
            Paint::Network,
            Window::MIDDLE,
            cut,
            text::body(area),
            buf,
        );
    };
    heading(&answer.cursor, theme, area, buf);
    draw(
        stage,
        &answer.cursor.picture,
        Paint::Network,
        Window::MIDDLE,
        cut,
        text::body(area),
        buf,
    );
}

/// The longest name and verdict that fit.
fn heading(here: &Here, theme: Theme, area: Rect, buf: &mut Buffer) {
    let names = ["decoded here", "decoded"];
    let Some((_, verdict)) = here.gap.and_then(|gap| gap.judged) else {
        return text::title(buf, area, theme, names[0], &[]);
    };
    let forms = words::verdict(verdict);
    // The third stands before a number.
    let pairs = forms[..2]
        .iter()
        .flat_map(|form| names.map(|name| (name, *form)));
    let fits =
        |(name, form): &(&str, &str)| text::width(name) + 2 + text::width(form) <= area.width;
    let (name, form) = pairs.into_iter().find(fits).unwrap_or((names[1], ""));
    let (form, style) = chip(theme, verdict, form);
    text::title(buf, area, theme, name, &[(form, style)]);
}

/// A void is a chip; without colours its words stand alone.
fn chip(theme: Theme, verdict: Verdict, words: &str) -> (&str, Style) {
    match (verdict, theme.depth) {
        (Verdict::Void, Depth::None) => (words.trim(), Style::new()),
        (Verdict::Void, _) => (words, theme.warning_chip()),
        _ => (words, words::style(theme, Some(verdict))),
    }
}

/// The real image whose code is nearest.
pub(super) fn nearest(stage: &Stage, cut: Cut, area: Rect, buf: &mut Buffer) {
    let &Stage { app, theme, .. } = stage;
    let only = if app.filter == Labels::ALL {
        String::new()
    } else {
        let [_, marks] = app.shown_names();
        marks
    };
    let answer = stage.seen.answers.latent.as_ref();
    let Some(near) = answer.and_then(|answer| answer.nearest.as_ref()) else {
        text::title(buf, area, theme, "nearest real", &[]);
        if answer.is_none() {
            draw(
                stage,
                &[],
                Paint::Original,
                Window::MIDDLE,
                cut,
                text::body(area),
                buf,
            );
        } else {
            let words = app.classes().said("no test image of that digit");
            for (row, line) in text::body(area)
                .rows()
                .zip(text::wrapped(&words, area.width))
            {
                text::left(buf, row, &[(&line, theme.dim())]);
            }
        }
        return;
    };
    let index = grouped(near.index as u64);
    let long = text::image(&index, &app.classes(), near.label);
    let names = if only.is_empty() {
        ["nearest real".into(), "nearest".into()]
    } else {
        [format!("nearest {only}"), "nearest".into()]
    };
    let pairs = names
        .iter()
        .flat_map(|name| [&long, &index].map(|says| (name, says)));
    let fits =
        |(name, says): &(&String, &String)| text::width(name) + 2 + text::width(says) <= area.width;
    let chosen = pairs.into_iter().find(fits);
    let (name, says) = chosen.map_or((names[1].as_str(), ""), |(name, says)| (name, says));
    text::title(buf, area, theme, name, &[(says, theme.dim())]);
    let window = Window::around(Image {
        size: app.image(),
        values: &near.picture,
    });
    draw(
        stage,
        &near.picture,
        Paint::Original,
        window,
        cut,
        text::body(area),
        buf,
    );
}

pub(super) fn draw(
    stage: &Stage,
    image: &[f32],
    paint: Paint,
    window: Window,
    cut: Cut,
    area: Rect,
    buf: &mut Buffer,
) {
    Part {
        image: Image {
            size: stage.app.image(),
            values: image,
        },
        cut,
        window,
        paint,
        theme: stage.theme,
    }
    .render(stage.fine, area, buf);
}

/// The code, its gap and the usual one; on a narrow screen the label and the gap.
pub(super) fn facts(stage: &Stage, area: Rect, buf: &mut Buffer) {
    let theme = stage.theme;
    let Some(answer) = &stage.seen.answers.latent else {
        return;
    };
    // Where some classes are asked for, how far the one is that is shown; nothing judges that.
    let chosen = stage.app.filter != Labels::ALL;
    let gap = answer.cursor.gap.filter(|_| !chosen);
    let name = words::gap(gap);
    let verdict = gap.and_then(|gap| gap.judged).map(|(_, verdict)| verdict);
    let style = words::style(theme, verdict);
    let shown = answer.nearest.as_ref().filter(|_| chosen);
    let distance = gap
        .map(|gap| gap.distance)
        .or(shown.map(|near| near.distance));
    let number = distance.map(words::distance).unwrap_or_default();
    let mut rows = area.rows();
    if area.width < Cut::Full.columns() {
        let classes = stage.app.classes();
        let label = answer.nearest.as_ref();
        let label = label.map(|near| classes.name(near.label).into_owned());
        let label = label.unwrap_or_default();
        let both: [(&str, &str, Style); 2] =
            [("label", &label, theme.text()), (name, &number, style)];
        for (name, says, style) in both {
            let Some(row) = rows.next() else { return };
            text::left(buf, row, &[(name, theme.dim())]);
            text::right(buf, row, &[(says, style)]);
        }
        return;
    }
    if let Some(row) = rows.next() {
        let places = &answer.cursor.at[..answer.cursor.code.len().min(2)];
        let values: Vec<String> = places
            .iter()
            .map(|value| format!("{:>10}", words::value(*value)))
            .collect();
        let values = values.concat();
        text::left(buf, row, &[("code", theme.dim())]);
        text::right(buf, row, &[(&values, theme.accent())]);
    }
    if let Some(row) = rows.next() {
        let (name, number) = (format!("{name:<4}"), format!("{number:>6}"));
        let spans: [Span; 2] = [(&name, theme.dim()), (&number, style)];
        text::left(buf, row, &spans);
        if let Some(usual) = answer.usual.filter(|_| !chosen) {
            let usual = format!("real ones {:>6}", words::distance(usual));
            text::right(buf, row, &[(&usual, theme.dim())]);
        }
    }
    if let (Some(row), Some(wider)) = (rows.next(), gap.and_then(words::wider)) {
        text::left(buf, row, &[(&wider, theme.dim())]);
    }
}
