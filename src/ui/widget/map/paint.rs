//! Cells of the map, in each style and for each kind of terminal.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{LatentMap, MapStyle, cells::majority, set_char, territory};
use crate::ui::theme::{Depth, Glyphs, Theme};

/// The shade of a single image; the fullest places have 1.
const LEAST_SHADE: f32 = 0.4;
/// Up to so many images are too few to be called by their digit.
const FEW: u32 = 2;

/// What a cell gets: a character and its style.
type Drawn = Option<(char, Style)>;

/// Draws all images.
pub(super) fn images(map: &LatentMap, plot: Rect, buf: &mut Buffer) {
    let (columns, rows) = map.cells.size();
    let crowd = map.cells.crowd();
    for row in 0..rows.min(plot.height) {
        for column in 0..columns.min(plot.width) {
            let drawn = match drawing(map) {
                MapStyle::Density => density(map, column, row, crowd),
                MapStyle::Dots => dots(map, column, row),
                MapStyle::Letters => letter(map, column, row),
            };
            let (character, style) = drawn.unwrap_or((' ', Style::new()));
            set_char(buf, (plot.x + column, plot.y + row), character, style);
        }
    }
}

/// Density needs shades: without them, letters tell more.
fn drawing(map: &LatentMap) -> MapStyle {
    match (map.style, map.theme.depth) {
        (MapStyle::Density, Depth::None | Depth::Sixteen) => MapStyle::Letters,
        (style, _) => style,
    }
}

/// A letter on each territory, where neither another letter nor the marker is.
pub(super) fn letters(map: &LatentMap, plot: Rect, marker: Option<Rect>, buf: &mut Buffer) {
    if drawing(map) != MapStyle::Density {
        return;
    }
    let is_free = |column: u16, row: u16| {
        let place = (plot.x.saturating_add(column), plot.y.saturating_add(row)).into();
        plot.contains(place) && !marker.is_some_and(|marker| marker.contains(place))
    };
    for claim in territory::letters(map.cells.claims(), is_free) {
        let place = (
            plot.x.saturating_add(claim.column),
            plot.y.saturating_add(claim.row),
        );
        let chip = map.theme.digit_chip(claim.digit);
        set_char(buf, place, char::from(b'0' + claim.digit), chip);
    }
}

fn density(map: &LatentMap, column: u16, row: u16, crowd: u32) -> Drawn {
    let color = |(digit, images)| map.theme.digit_shade(digit, strength(images, crowd));
    if map.theme.glyphs == Glyphs::Ascii {
        let both = majority(&map.cells.cell(column, row))?;
        return Some((' ', Style::new().bg(color(both))));
    }
    // An empty half shows the terminal's own background.
    match map.cells.halves(column, row).map(majority) {
        [None, None] => None,
        [Some(upper), None] => Some(('▀', Style::new().fg(color(upper)))),
        [None, Some(lower)] => Some(('▄', Style::new().fg(color(lower)))),
        [Some(upper), Some(lower)] => Some(('▀', Style::new().fg(color(upper)).bg(color(lower)))),
    }
}

/// The shade of so many images: their logarithm against that of a crowd.
fn strength(images: u32, crowd: u32) -> f32 {
    let part = (images as f32).ln() / (crowd.max(2) as f32).ln();
    LEAST_SHADE + (1.0 - LEAST_SHADE) * part.min(1.0)
}

fn dots(map: &LatentMap, column: u16, row: u16) -> Drawn {
    let (digit, _) = majority(&map.cells.cell(column, row))?;
    let character = match map.theme.glyphs {
        Glyphs::Blocks => char::from_u32(0x2800 + u32::from(map.cells.dots(column, row)))?,
        Glyphs::Ascii => match map.cells.halves(column, row).map(majority) {
            [Some(_), Some(_)] => ':',
            [Some(_), None] => '\'',
            _ => '.',
        },
    };
    Some((character, foreground(map.theme, digit)))
}

fn letter(map: &LatentMap, column: u16, row: u16) -> Drawn {
    let (digit, images) = majority(&map.cells.cell(column, row))?;
    let character = if images <= FEW {
        map.theme.symbols().few
    } else {
        char::from(b'0' + digit)
    };
    Some((character, foreground(map.theme, digit)))
}

fn foreground(theme: Theme, digit: u8) -> Style {
    match theme.depth {
        Depth::None => Style::new(),
        _ => Style::new().fg(theme.digit(digit)),
    }
}
