//! The help: every key, from the one table, and what the numbers mean on the data at hand.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::notice;
use crate::{
    data::Classes,
    message::Curve,
    ui::{
        app::App,
        chrome::keys::written,
        keymap::{BINDINGS, Group},
        theme::{Depth, Theme, Tone},
        update::classes::KEYS,
        widget::text,
    },
};

/// What a newcomer asks about the screen, whatever the data.
pub(in crate::ui) const MEANINGS: [(&str, &str); 6] = [
    ("autoencoder", "a picture to a few numbers and back again"),
    ("latent space", "those numbers: a place for each image"),
    ("loss", "cross-entropy per pixel, in nats"),
    ("held-out", "the same on images it never trains on"),
    ("+L1 +KL", "with the code's price; KL by the pixel"),
    ("0.693", "it knows nothing: every pixel half grey"),
];

/// What the colours are for, where there are any.
fn colours(theme: Theme) -> Option<(&'static str, &'static str)> {
    let meaning = "real; made by the network";
    match (theme.depth, theme.tone) {
        (Depth::None, _) => None,
        (_, Tone::Dark) => Some(("white, green", meaning)),
        (_, Tone::Light) => Some(("black, green", meaning)),
    }
}

/// What losses mean on the images at hand, once they have been measured.
fn landmarks(curve: &Curve) -> Vec<(String, &'static str)> {
    let mut lines = Vec::new();
    if let (Some(grey), Some(mean)) = (curve.one_grey, curve.mean_image) {
        let losses = [grey, mean].map(text::loss);
        lines.push((
            losses.map(|loss| loss.trim_start().to_owned()).join(" "),
            "one grey everywhere; the average image",
        ));
    }
    if let Some(copy) = curve.copy {
        let loss = text::loss(copy).trim_start().to_owned();
        lines.push((loss, "a perfect copy: what greys still cost"));
    }
    lines
}

type Line = Vec<(String, Style)>;

/// Draws one page of the help over the view; after the last comes the first.
pub(in crate::ui) fn render(app: &App, theme: Theme, page: usize, area: Rect, buf: &mut Buffer) {
    let rows = usize::from(area.height.saturating_sub(6)).max(1);
    let sections = sections(app, theme);
    let pages = paginate(&sections, rows);
    let page = page % pages.len();
    let mut lines = pages[page].clone();
    let mut closing = vec![
        ("Esc".into(), theme.accent().bold()),
        (" close".into(), theme.dim()),
    ];
    if pages.len() > 1 {
        closing.extend([
            ("   ?".into(), theme.accent().bold()),
            (
                format!(" page {} of {}", page + 1, pages.len()),
                theme.dim(),
            ),
        ]);
    }
    lines.push(vec![]);
    lines.push(closing);
    notice::panel(theme, "help", theme.title(), &lines, area, buf);
}

/// Groups of lines that belong together, each with its heading.
fn sections(app: &App, theme: Theme) -> Vec<Vec<Line>> {
    let keys = Group::ALL.into_iter().filter_map(|group| {
        let lines: Vec<Line> = BINDINGS
            .iter()
            .filter(|binding| binding.group == group)
            .filter(|binding| binding.serves(app.scene()))
            .map(|binding| {
                let keys = written(binding, theme.glyphs);
                let words = app.classes().said(binding.words);
                line(theme, &keys, theme.accent().bold(), &words)
            })
            .collect();
        (!lines.is_empty()).then(|| section(theme, group.title(), lines))
    });
    let measured = app.seen.as_ref().map(|seen| landmarks(&seen.curve));
    let measured = measured.unwrap_or_default();
    let meanings = colours(theme)
        .into_iter()
        .chain(MEANINGS)
        .chain(measured.iter().map(|(term, words)| (term.as_str(), *words)))
        .map(|(term, words)| line(theme, term, theme.text(), words))
        .collect();
    keys.chain([section(theme, "what it shows", meanings)])
        .chain(names(app, theme))
        .collect()
}

/// Which mark is which class, where classes have names.
fn names(app: &App, theme: Theme) -> Option<Vec<Line>> {
    let classes = app.classes();
    let Classes::Named(_) = &classes else {
        return None;
    };
    let all = || 0..classes.count() as u8;
    if all().all(|class| classes.name(class).chars().eq([classes.mark(class)])) {
        return None;
    }
    let of_class = |class: u8| {
        let mark = text::mark(&classes, class, theme).to_string();
        let name = classes.name(class);
        let key = class.to_string();
        let words = if usize::from(class) < KEYS && key != mark {
            format!("{name}, with the key {key}")
        } else {
            name.into_owned()
        };
        line(theme, &mark, theme.text(), &words)
    };
    let lines = all().map(of_class).collect();
    Some(section(theme, "classes", lines))
}

fn section(theme: Theme, title: &str, lines: Vec<Line>) -> Vec<Line> {
    let heading = vec![(title.to_owned(), theme.title())];
    [heading].into_iter().chain(lines).collect()
}

fn line(theme: Theme, term: &str, style: Style, words: &str) -> Line {
    let pad = 13usize.saturating_sub(usize::from(text::width(term)));
    vec![
        (format!("{term}{}", " ".repeat(pad)), style),
        (words.to_owned(), theme.dim()),
    ]
}

/// Sections on pages of so many rows, unbroken where they fit on one.
fn paginate(sections: &[Vec<Line>], rows: usize) -> Vec<Vec<Line>> {
    let mut pages: Vec<Vec<Line>> = vec![Vec::new()];
    for section in sections {
        let page = pages.last_mut().expect("there is always a page");
        let gap = usize::from(!page.is_empty());
        if page.len() + gap + section.len() <= rows {
            page.extend((0..gap).map(|_| Vec::new()));
            page.extend(section.iter().cloned());
        } else {
            pages.extend(section.chunks(rows).map(<[Line]>::to_vec));
        }
    }
    pages.retain(|page| !page.is_empty());
    pages
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::{frame::SMALLEST, theme::Glyphs};
    use ratatui::style::Color;

    #[test]
    fn every_line_fits_the_smallest_screen() {
        // The panel's frame and its margins take six columns.
        let room = SMALLEST.0 - 6;
        for binding in BINDINGS {
            let words = Classes::numbered(10).said(binding.words);
            assert!(13 + text::width(&words) <= room, "{words}");
        }
        let widest = Curve {
            one_grey: Some(0.599),
            mean_image: Some(0.437),
            copy: Some(0.2),
            ..Curve::default()
        };
        let measured = landmarks(&widest);
        let measured = measured.iter().map(|(term, words)| (term.as_str(), *words));
        for (term, words) in MEANINGS.into_iter().chain(measured) {
            assert!(
                text::width(term) < 13 && 13 + text::width(words) <= room,
                "{words}"
            );
        }
    }

    #[test]
    fn the_legend_names_the_colours_that_are_drawn() {
        let of = |depth, tone| {
            let theme = Theme {
                depth,
                tone,
                glyphs: Glyphs::Blocks,
            };
            // Ink, at the full strength of a real pixel.
            (theme.original(1.0), colours(theme).map(|(names, _)| names))
        };
        let brightness = |colour| match colour {
            Color::Rgb(red, green, blue) => u32::from(red) + u32::from(green) + u32::from(blue),
            other => panic!("{other:?} is no colour of its own"),
        };
        let (ink, names) = of(Depth::True, Tone::Dark);
        assert!(brightness(ink) > 3 * 200 && names == Some("white, green"));
        let (ink, names) = of(Depth::True, Tone::Light);
        assert!(brightness(ink) < 3 * 50 && names == Some("black, green"));
        assert_eq!(of(Depth::None, Tone::Dark).1, None);
    }

    #[test]
    fn losses_are_told_of_the_data_at_hand_or_not_at_all() {
        let fashion = Curve {
            one_grey: Some(0.5991),
            mean_image: Some(0.4378),
            copy: Some(0.1914),
            ..Curve::default()
        };
        let terms: Vec<String> = landmarks(&fashion)
            .into_iter()
            .map(|(term, _)| term)
            .collect();
        assert_eq!(terms, ["0.599 0.438", "0.191"]);
        assert!(landmarks(&Curve::default()).is_empty());
    }

    #[test]
    fn sections_stay_whole_where_they_fit() {
        let lines = |count| vec![Vec::new(); count];
        let pages = paginate(&[lines(3), lines(4), lines(2), lines(12)], 8);
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [8, 2, 8, 4]);
    }
}
