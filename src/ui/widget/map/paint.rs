//! Cells of the map, in each style and for each kind of terminal.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{LatentMap, MapStyle, cells::majority, set_char, territory};
use crate::{
    data::Classes,
    ui::{
        theme::{Depth, Glyphs, Theme},
        widget::text,
    },
};

/// The shade of a single image; the fullest places have 1.
const LEAST_SHADE: f32 = 0.4;
/// Up to so many images are too few to be called by their class.
const FEW: u32 = 2;
/// So many classes have colours of 256 whose paler ones are no other's.
const FEW_CLASSES: usize = 10;

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
    if drawing(map) != MapStyle::Density || *map.classes == Classes::Unlabelled {
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
        let chip = map.theme.class_chip(claim.class);
        set_char(
            buf,
            place,
            text::mark(map.classes, claim.class, map.theme),
            chip,
        );
    }
}

fn density(map: &LatentMap, column: u16, row: u16, crowd: u32) -> Drawn {
    // Among many classes a paler colour of 256 may be another's own.
    let plain = map.theme.depth == Depth::Indexed && map.classes.count() > FEW_CLASSES;
    let color = |(class, images)| {
        if plain {
            map.theme.class(class)
        } else {
            map.theme.class_shade(class, strength(images, crowd))
        }
    };
    if map.theme.glyphs == Glyphs::Ascii {
        let both = majority(map.cells.cell(column, row))?;
        return Some((' ', Style::new().bg(color(both))));
    }
    // An empty half shows the terminal's own background.
    match map.cells.halves(column, row).map(of_half) {
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
    let (class, _) = majority(map.cells.cell(column, row))?;
    let character = match map.theme.glyphs {
        Glyphs::Blocks => char::from_u32(0x2800 + u32::from(map.cells.dots(column, row)))?,
        Glyphs::Ascii => match map.cells.halves(column, row).map(of_half) {
            [Some(_), Some(_)] => ':',
            [Some(_), None] => '\'',
            _ => '.',
        },
    };
    Some((character, foreground(map.theme, class)))
}

fn letter(map: &LatentMap, column: u16, row: u16) -> Drawn {
    let (class, images) = majority(map.cells.cell(column, row))?;
    let character = match (images <= FEW, map.classes) {
        (true, _) => map.theme.symbols().few,
        // Without labels there is only how many.
        (false, Classes::Unlabelled) => shade(images, map.cells.crowd(), map.theme.glyphs),
        (false, classes) => text::mark(classes, class, map.theme),
    };
    Some((character, foreground(map.theme, class)))
}

/// Characters by how full a cell is.
fn shade(images: u32, crowd: u32, glyphs: Glyphs) -> char {
    let shades = match glyphs {
        Glyphs::Blocks => ['░', '▒', '▓', '█'],
        Glyphs::Ascii => [':', '+', '*', '#'],
    };
    let last = shades.len() - 1;
    let part = (images as f32).ln() / ((2 * crowd.max(1)) as f32).ln();
    shades[((part * last as f32).round() as usize).min(last)]
}

fn of_half(counts: &[u16]) -> Option<(u8, u32)> {
    majority(counts.iter().copied())
}

fn foreground(theme: Theme, class: u8) -> Style {
    match theme.depth {
        Depth::None => Style::new(),
        _ => Style::new().fg(theme.class(class)),
    }
}
