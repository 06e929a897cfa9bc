//! The help: every key, from the one table, and what the numbers mean.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{keys::written, notice, text};
use crate::ui::{
    app::App,
    keymap::{BINDINGS, Group},
    theme::Theme,
};

/// What a newcomer asks about the screen.
const MEANINGS: [(&str, &str); 9] = [
    ("white, green", "real; made by the network"),
    ("autoencoder", "a picture to a few numbers and back again"),
    ("latent space", "those numbers: a place for each image"),
    ("loss", "cross-entropy per pixel; less is better"),
    ("held-out", "the same on images it never trains on"),
    ("+L1 +KL", "and the code's price, where it has one"),
    ("0.693", "it knows nothing: every pixel half grey"),
    ("0.391 0.263", "one grey everywhere; the mean image"),
    ("0.058", "a perfect copy: its greys still cost"),
];

type Line = Vec<(String, Style)>;

/// Draws one page of the help over the view; after the last comes the first.
pub(super) fn render(app: &App, theme: Theme, page: usize, area: Rect, buf: &mut Buffer) {
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
            .filter(|binding| binding.serves(app.plan.trains, app.plan.kind.noisy))
            .map(|binding| {
                let keys = written(binding, theme.glyphs);
                line(theme, &keys, theme.accent().bold(), binding.words)
            })
            .collect();
        (!lines.is_empty()).then(|| section(theme, group.title(), lines))
    });
    let meanings = MEANINGS
        .iter()
        .map(|(term, words)| line(theme, term, theme.text(), words))
        .collect();
    keys.chain([section(theme, "what it shows", meanings)])
        .collect()
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
    use crate::ui::view::layout::SMALLEST;

    #[test]
    fn every_line_fits_the_smallest_screen() {
        // The panel's frame and its margins take six columns.
        let room = SMALLEST.0 - 6;
        for binding in BINDINGS {
            assert!(13 + text::width(binding.words) <= room, "{}", binding.words);
        }
        for (term, words) in MEANINGS {
            assert!(
                text::width(term) < 13 && 13 + text::width(words) <= room,
                "{words}"
            );
        }
    }

    #[test]
    fn sections_stay_whole_where_they_fit() {
        let lines = |count| vec![Vec::new(); count];
        let pages = paginate(&[lines(3), lines(4), lines(2), lines(12)], 8);
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [8, 2, 8, 4]);
    }
}
