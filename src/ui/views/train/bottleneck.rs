//! The narrow middle in a row: pixels, the few numbers that are left of them, and pixels again.
//!
//! It stands between the original and what is drawn from the code: white is real, green was made,
//! and the numbers have the colour that they have on the map's axes.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use crate::{
    nn::CodeShape,
    ui::{
        theme::Theme,
        widget::text::{self, Span},
    },
    words::{grouped, pointed},
};

/// The most bars of a code.
const MOST_BARS: usize = 32;
/// The same where they stand in a column of their own.
const STACKED_BARS: u16 = 16;
/// The shortest arrow, with its head.
const LEAST_ARROW: u16 = 2;
/// From this many columns on a row between two pictures has room for a loss.
const WITH_LOSS: u16 = 20;

/// What goes through.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bottleneck<'a> {
    /// Pixels of an image.
    pub(super) pixels: usize,
    /// How the code's values are arranged.
    pub(super) shape: CodeShape,
    /// The chosen sample's.
    pub(super) code: &'a [f32],
    /// What its reconstruction costs.
    pub(super) loss: f32,
    pub(super) theme: Theme,
}

impl Bottleneck<'_> {
    /// From the picture at the left to that at the right.
    pub(super) fn across(self, row: Rect, buf: &mut Buffer) {
        let theme = self.theme;
        let pixels = self.pixels_in_words();
        let ends = 2 * (text::width(&pixels) + 1);
        let room = row.width.saturating_sub(ends + 2 * (LEAST_ARROW + 1));
        let middle = self.middle(room);
        let middle = spans_of(&middle);
        let made = theme.accent();
        let free = row.width.saturating_sub(ends + text::columns(&middle) + 2);
        let arrow = |columns: u16| {
            let mut arrow = theme.symbols().rule.to_string();
            arrow = arrow.repeat(usize::from(columns.saturating_sub(1)));
            arrow.push(theme.symbols().play);
            arrow
        };
        let (into, out) = (arrow(free / 2), arrow(free.div_ceil(2)));
        let gap = (" ", theme.text());
        let mut spans: Vec<Span> = vec![(&pixels, theme.title()), gap, (&into, theme.dim()), gap];
        spans.extend(middle);
        spans.extend([gap, (&out, theme.dim()), gap, (&pixels, made)]);
        text::left(buf, row, &spans);
    }

    /// From the picture above to that below, with what it costs where there is room.
    pub(super) fn down(self, row: Rect, buf: &mut Buffer) {
        let theme = self.theme;
        let head = theme.symbols().seen.to_string();
        let loss = pointed(text::loss(self.loss).trim_start());
        let loss: &[Span] = match row.width {
            ..WITH_LOSS => &[],
            _ => &[(&loss, theme.dim())],
        };
        let gap = match row.width {
            ..WITH_LOSS => "",
            _ => " ",
        };
        let taken = 2 * (1 + text::width(gap)) + text::columns(loss);
        let room = row
            .width
            .saturating_sub(taken + u16::from(!loss.is_empty()));
        let middle = self.brief(room);
        let gap = (gap, theme.text());
        let mut spans: Vec<Span> = vec![(&head, theme.title()), gap];
        spans.extend(spans_of(&middle));
        spans.extend([gap, (&head, theme.accent())]);
        let end = text::left(buf, row, &spans);
        let rest = Rect {
            x: end,
            width: row.right().saturating_sub(end),
            ..row
        };
        text::right(buf, rest, loss);
    }

    /// How many pixels an image has.
    pub(super) fn pixels_in_words(self) -> String {
        format!("{} pixels", grouped(self.pixels as u64))
    }

    /// The code in rows over each other.
    pub(super) fn stacked(self) -> Vec<(String, Style)> {
        let (accent, dim) = (self.theme.accent(), self.theme.dim());
        match self.shape {
            CodeShape::Values(1 | 2) => {
                let numbers = self.code.iter();
                numbers.map(|value| (number(*value), accent)).collect()
            }
            CodeShape::Values(count) => vec![
                (self.bars(STACKED_BARS), accent),
                (format!("{} numbers", grouped(count as u64)), dim),
            ],
            CodeShape::Maps { count, .. } => {
                let numbers = grouped(self.shape.values() as u64);
                vec![
                    (format!("{numbers} numbers"), accent),
                    (format!("in {} maps", grouped(count as u64)), dim),
                ]
            }
        }
    }

    /// The code with the names of its numbers.
    fn middle(self, room: u16) -> Vec<(String, Style)> {
        let (accent, dim) = (self.theme.accent(), self.theme.dim());
        match (self.shape, self.code) {
            (CodeShape::Values(1), [one]) => {
                vec![("first ".into(), dim), (number(*one), accent)]
            }
            (CodeShape::Values(2), [one, other]) => vec![
                ("first ".into(), dim),
                (number(*one), accent),
                ("  second ".into(), dim),
                (number(*other), accent),
            ],
            (CodeShape::Values(count), _) => {
                let words = format!(" {} numbers", grouped(count as u64));
                let bars = self.bars(room.saturating_sub(text::width(&words)));
                vec![(bars, accent), (words, dim)]
            }
            (CodeShape::Maps { count, .. }, _) => {
                let numbers = grouped(self.shape.values() as u64);
                let maps = format!("{} maps, ", grouped(count as u64));
                vec![(maps, dim), (format!("{numbers} numbers"), accent)]
            }
        }
    }

    /// The code alone.
    fn brief(self, room: u16) -> Vec<(String, Style)> {
        let accent = self.theme.accent();
        let words = match (self.shape, self.code) {
            (CodeShape::Values(1), [one]) => number(*one),
            (CodeShape::Values(2), [one, other]) => format!("{} {}", number(*one), number(*other)),
            (CodeShape::Values(_), _) => self.bars(room),
            (CodeShape::Maps { .. }, _) => {
                let numbers = grouped(self.shape.values() as u64);
                let words = [format!("{numbers} numbers"), numbers];
                let fits = |words: &String| text::width(words) <= room;
                words.into_iter().find(fits).unwrap_or_default()
            }
        };
        vec![(words, accent)]
    }

    /// A bar for each value, or for the strongest of each group of them where there are more than
    /// there is room for; a value of zero has the lowest.
    fn bars(self, room: u16) -> String {
        let most = usize::from(room).clamp(1, MOST_BARS);
        let group = self.code.len().div_ceil(most).max(1);
        let sizes = self.code.iter().map(|value| value.abs());
        let sizes: Vec<f32> = sizes
            .map(|size| if size.is_finite() { size } else { 0.0 })
            .collect();
        let largest = sizes.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
        let eighths = self.theme.symbols().eighths;
        let bar = |group: &[f32]| {
            let strongest = group.iter().copied().fold(0.0, f32::max);
            let height = (strongest / largest * (eighths.len() - 1) as f32).round();
            eighths[(height as usize).min(eighths.len() - 1)]
        };
        sizes.chunks(group).map(bar).collect()
    }
}

fn spans_of(words: &[(String, Style)]) -> Vec<Span<'_>> {
    words
        .iter()
        .map(|(words, style)| (words.as_str(), *style))
        .collect()
}

/// A value of a code in five columns.
fn number(value: f32) -> String {
    let forms = [
        format!("{value:.2}"),
        format!("{value:.1}"),
        format!("{value:.0}"),
        format!("{value:.0e}"),
    ];
    let short = forms.iter().find(|words| words.len() <= 5);
    format!("{:>5}", short.unwrap_or(&forms[3]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        image::ImageSize,
        ui::theme::{Depth, Glyphs, Tone},
    };

    fn of(shape: CodeShape, code: &[f32]) -> Bottleneck<'_> {
        Bottleneck {
            pixels: 784,
            shape,
            code,
            loss: 0.191,
            theme: Theme {
                depth: Depth::True,
                tone: Tone::Dark,
                glyphs: Glyphs::Blocks,
            },
        }
    }

    fn row(width: u16, draw: impl Fn(Rect, &mut Buffer)) -> String {
        let area = Rect::new(0, 0, width, 1);
        let mut buf = Buffer::empty(area);
        draw(area, &mut buf);
        buf.content
            .iter()
            .map(ratatui::buffer::Cell::symbol)
            .collect()
    }

    #[test]
    fn two_numbers_are_read_between_the_pictures_at_every_size() {
        let two = of(CodeShape::Values(2), &[13.04, 7.256]);
        assert_eq!(
            row(58, |area, buf| two.across(area, buf)),
            "784 pixels ───▶ first 13.04  second  7.26 ────▶ 784 pixels"
        );
        let down = |width| row(width, |area, buf| two.down(area, buf));
        assert_eq!(down(20), "▼ 13.04  7.26 ▼ .191");
        assert_eq!(down(14), "▼13.04  7.26▼ ");
        assert_eq!(down(28), "▼ 13.04  7.26 ▼         .191");
    }

    #[test]
    fn other_codes_are_told_as_bars_or_maps() {
        let wide: Vec<f32> = (0u8..16).map(f32::from).collect();
        let sixteen = of(CodeShape::Values(16), &wide);
        assert_eq!(
            row(58, |area, buf| sixteen.across(area, buf)),
            "784 pixels ──▶ ▁▁▂▂▃▃▄▄▅▅▆▆▇▇██ 16 numbers ───▶ 784 pixels"
        );
        // Of each three the strongest, without its sign.
        let long: Vec<f32> = (0u8..32).map(|value| -f32::from(value)).collect();
        let grouped = of(CodeShape::Values(32), &long);
        assert_eq!(
            row(20, |area, buf| grouped.down(area, buf)),
            "▼ ▁▂▃▃▄▅▆▆▇██ ▼ .191"
        );
        let one = of(CodeShape::Values(1), &[12.4]);
        assert_eq!(row(14, |area, buf| one.down(area, buf)), "▼12.40▼       ");
        let size = ImageSize {
            height: 4,
            width: 4,
        };
        let maps = of(CodeShape::Maps { count: 8, size }, &[]);
        let across = row(58, |area, buf| maps.across(area, buf));
        assert!(across.contains(" 8 maps, 128 numbers "), "{across}");
        assert_eq!(
            row(20, |area, buf| maps.down(area, buf)),
            "▼ 128 numbers ▼ .191"
        );
    }

    #[test]
    fn a_number_has_five_columns() {
        for (value, words) in [
            (0.0, " 0.00"),
            (-4.25, "-4.25"),
            (-12.34, "-12.3"),
            (123.456, "123.5"),
            (123_456.0, "  1e5"),
            (f32::NAN, "  NaN"),
        ] {
            assert_eq!(number(value), words);
        }
    }
}
