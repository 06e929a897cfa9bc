//! Where everything of the view stands: from the frame and the network's shape alone, so
//! that nothing moves while units live and die.
//!
//! ```text
//!  wide                                       narrow
//!  unit 22 looks for   the table of layers    unit     the table of layers
//!    28x14 cells       what it means          picture  what it means
//!  excites it most     first gallery          best fit first gallery
//!    four images                              picture  second gallery, if there is room
//!    in words          second gallery         in words
//! ```

use ratatui::layout::Rect;

use crate::{
    lens::{LayerPlace, UnitLayer},
    message::{Sight, UnitLook},
    nn::Architecture,
    ui::{
        frame::{Body, Frame, GUTTER, TITLE},
        widget::cut::Cut,
    },
};

/// The cuts that tiles have, the largest first.
const CUTS: [Cut; 3] = [Cut::Full, Cut::Half, Cut::Thumb];
/// More tiles than so many say no more, and are not at hand.
const MOST: u16 = 48;
/// The table of a wide view, with its title, and that of a network of as many layers.
const TABLE: u16 = 11;
/// Up to so many layers have two rows each.
const FEW: usize = 4;

/// The places of the view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) wide: bool,
    /// How the chosen unit is cut.
    pub(super) cut: Cut,
    /// The chosen unit, with its title.
    pub(super) unit: Rect,
    /// The images that suit it, with their title.
    pub(super) fits: Rect,
    /// What is said of it in words.
    pub(super) facts: Rect,
    pub(super) table: Table,
    /// A second is not always there.
    pub(super) galleries: Vec<Tiles>,
    /// The view's sentence, where the frame has a row for it.
    pub(super) narrator: Option<Rect>,
}

/// The table of layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) title: Rect,
    /// The rows of layers.
    pub(super) rows: Rect,
    /// Rows that each layer has.
    pub(super) each: u16,
    /// What is left for words.
    pub(super) notes: Rect,
}

impl Table {
    /// The place of a layer's rows.
    pub(super) fn row(&self, layer: usize) -> Option<Rect> {
        let top = u16::try_from(layer).ok()?.checked_mul(self.each)?;
        (top + self.each <= self.rows.height).then(|| Rect {
            y: self.rows.y + top,
            height: self.each,
            ..self.rows
        })
    }
}

/// A gallery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tiles {
    pub(super) title: Rect,
    pub(super) area: Rect,
    pub(super) columns: u16,
    pub(super) rows: u16,
    pub(super) pitch: [u16; 2],
    pub(super) shape: TileShape,
}

impl Tiles {
    /// Tiles that there are places for.
    pub(super) fn count(&self) -> usize {
        usize::from(self.columns) * usize::from(self.rows)
    }

    /// The place of one of them.
    pub(super) fn place(&self, number: usize) -> Option<Rect> {
        let number = u16::try_from(number).ok()?;
        let (row, column) = (number / self.columns.max(1), number % self.columns.max(1));
        (row < self.rows).then(|| Rect {
            x: self.area.x + column * self.pitch[0],
            y: self.area.y + row * self.pitch[1],
            width: self.shape.columns(),
            height: self.shape.rows(),
        })
    }
}

/// What a tile is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TileShape {
    /// A picture, its number and answer on it.
    Picture(Cut),
    /// A kernel with number and answer beside it, and below it the map that it makes.
    KernelAndMap,
    /// A picture over the map that it makes.
    PictureAndMap,
    /// A small map of so many rows alone.
    Map(u16),
}

impl TileShape {
    /// Columns of it.
    pub(super) const fn columns(self) -> u16 {
        match self {
            Self::Picture(cut) => cut.columns(),
            _ => Cut::Thumb.columns(),
        }
    }

    /// Rows of it.
    pub(super) const fn rows(self) -> u16 {
        match self {
            Self::Picture(cut) => cut.rows(),
            Self::KernelAndMap => KERNEL_ROWS + Cut::Thumb.rows(),
            Self::PictureAndMap => 2 * Cut::Thumb.rows(),
            Self::Map(rows) => rows,
        }
    }

    /// Rows from one to the next below it.
    const fn pitch(self) -> u16 {
        match self {
            Self::Picture(_) => self.rows(),
            _ => self.rows() + 1,
        }
    }
}

/// Rows of a kernel of three by three, each weight two columns wide.
pub(super) const KERNEL_ROWS: u16 = 3;

/// What the galleries show of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shown {
    /// The layers of the table.
    pub(super) layers: usize,
    /// What the tiles of the galleries are, where they are small: of the first, and of the second,
    /// if there are two.
    pub(super) shapes: [Option<TileShape>; 2],
    /// Units of the galleries, of the one that has more; and whether it is the only one.
    units: usize,
    alone: bool,
}

impl Shown {
    /// Of this network, when the galleries belong to that sight alone, or to the first and the
    /// last.
    pub(super) fn of(architecture: &Architecture, alone: Option<Sight>) -> Self {
        let all = UnitLayer::all(architecture);
        let maps = all.iter().any(|layer| layer.map.is_some());
        let shapes = match (alone.map(|sight| sight.look), maps) {
            (_, false) => [Some(TileShape::Picture(Cut::Thumb)); 2],
            (None, true) => {
                let code = all.iter().find(|layer| layer.place == LayerPlace::Code);
                let rows = code.and_then(|code| code.map).map_or(0, |size| size.height);
                [
                    Some(TileShape::KernelAndMap),
                    Some(TileShape::Map(rows.clamp(1, 14) as u16)),
                ]
            }
            (Some(UnitLook::Fits), true) => [Some(TileShape::PictureAndMap), None],
            (Some(_), true) => [Some(TileShape::KernelAndMap), None],
        };
        let units = |layer: usize| all.get(layer).map_or(0, |layer| layer.units);
        Self {
            layers: all.len(),
            shapes,
            units: match alone {
                Some(sight) => units(sight.layer),
                // The last layer is the picture.
                None => units(0).max(units(all.len().saturating_sub(2))),
            },
            alone: alone.is_some(),
        }
    }
}

impl Layout {
    /// Where everything stands.
    pub(super) fn of(frame: &Frame, shown: Shown) -> Self {
        match frame.body {
            Body::Wide(body) => wide(body, shown),
            Body::Narrow(at) => {
                let [unit, fits, facts] = at.pair();
                let (table, galleries) = narrow(at.right, shown);
                Self {
                    wide: false,
                    cut: at.cut,
                    unit,
                    fits,
                    facts,
                    table,
                    galleries,
                    narrator: Some(at.narrator),
                }
            }
        }
    }
}

fn part(area: Rect, top: u16, height: u16) -> Rect {
    let top = top.min(area.height);
    Rect {
        y: area.y + top,
        height: height.min(area.height - top),
        ..area
    }
}

fn wide(body: Rect, shown: Shown) -> Layout {
    let picture = TITLE + Cut::Full.rows();
    let left = Rect {
        width: Cut::Full.columns(),
        ..body
    };
    let right = Rect {
        x: left.right() + GUTTER,
        width: body.width - left.width - GUTTER,
        ..body
    };
    let each = if shown.layers <= FEW { 2 } else { 1 };
    let rows = (shown.layers as u16)
        .saturating_mul(each)
        .min(TABLE - TITLE);
    let height = match shown.shapes {
        [Some(TileShape::Picture(_)), _] => TABLE,
        _ => TITLE + rows.max(each) + 2,
    };
    let table = Table {
        title: part(right, 0, TITLE),
        rows: part(right, TITLE, rows),
        each,
        notes: part(right, TITLE + rows, height - TITLE - rows),
    };
    Layout {
        wide: true,
        cut: Cut::Full,
        unit: part(left, 0, picture),
        fits: part(left, picture, picture),
        facts: part(left, 2 * picture, left.height - 2 * picture),
        table,
        galleries: galleries(part(right, height, right.height - height), shown),
        narrator: None,
    }
}

fn narrow(right: Rect, shown: Shown) -> (Table, Vec<Tiles>) {
    let first = shown.shapes[0].map_or(0, TileShape::rows);
    let most = right.height.saturating_sub(2 * TITLE + first);
    let rows = u16::try_from(shown.layers).unwrap_or(u16::MAX).min(most);
    let used = TITLE + rows;
    let two = 2 * (TITLE + first) + 1;
    let note = u16::from(right.height > used + TITLE + first);
    let table = Table {
        title: part(right, 0, TITLE),
        rows: part(right, TITLE, rows),
        each: 1,
        notes: part(right, used, note),
    };
    let left = part(right, used + note, right.height - used - note);
    let shown = if left.height >= two && matches!(shown.shapes[0], Some(TileShape::Picture(_))) {
        shown
    } else {
        Shown {
            shapes: [shown.shapes[0], None],
            ..shown
        }
    };
    (table, galleries(left, shown))
}

/// One gallery over the other, as many rows of tiles each as there is room for. A few rows that
/// are left over stand above them, and many below.
fn galleries(area: Rect, shown: Shown) -> Vec<Tiles> {
    let mut found = rows_of(area, shown);
    let height = |(shape, rows): (TileShape, u16)| {
        // The last row needs no gap below it.
        TITLE + rows * shape.pitch() - (shape.pitch() - shape.rows())
    };
    let heights = |found: &[(TileShape, u16)]| found.iter().copied().map(height).sum::<u16>();
    while heights(&found) > area.height {
        found.remove(0);
    }
    let spare = area.height - heights(&found);
    // In a narrow view a blank row sets two alike apart, where there is one to spare.
    let is_pair = matches!(found[..], [first, second] if first == second);
    let gap = u16::from(is_pair && spare > 0);
    let mut top = match spare - gap {
        few @ ..=FEW_ROWS => area.y + few,
        _ => area.y,
    };
    let mut tiles = Vec::new();
    for (shape, rows) in found {
        let place = Rect {
            y: top,
            height: height((shape, rows)),
            ..area
        };
        let columns = columns_of(shape, area.width);
        let pitch = match (shape, columns) {
            (TileShape::Picture(Cut::Thumb), 0..4) => (area.width - shape.columns()) / 2,
            _ => 0,
        };
        tiles.push(Tiles {
            title: part(place, 0, TITLE),
            area: part(place, TITLE, place.height - TITLE),
            columns,
            rows,
            pitch: [pitch.max(shape.columns() + 1), shape.pitch()],
            shape,
        });
        top = place.bottom() + gap;
    }
    tiles
}

/// Of more units so many tiles are enough for a gallery of larger ones.
const ENOUGH: usize = 24;
/// Up to so many rows left over stand above the galleries.
const FEW_ROWS: u16 = 2;

/// Tiles beside each other.
fn columns_of(shape: TileShape, width: u16) -> u16 {
    ((width + 1) / (shape.columns() + 1)).max(1)
}

/// What the galleries are made of, and how many rows of it each has.
fn rows_of(area: Rect, shown: Shown) -> Vec<(TileShape, u16)> {
    let rows_in = |shape: TileShape, height: u16| {
        let gap = shape.pitch() - shape.rows();
        let rows = (height + gap).saturating_sub(TITLE) / shape.pitch();
        rows.min((MOST / columns_of(shape, area.width)).max(1))
    };
    let mut found: Vec<(TileShape, u16)> = match shown.shapes {
        [None, _] => Vec::new(),
        [Some(TileShape::Picture(_)), second] => {
            return pictures(area, shown.units, shown.alone, second.is_some(), rows_in);
        }
        [Some(first), None] => vec![(first, rows_in(first, area.height))],
        [Some(first), Some(second)] => {
            let below = TITLE + second.rows();
            let first_rows = rows_in(first, area.height.saturating_sub(below));
            vec![(first, first_rows), (second, 1)]
        }
    };
    found.retain(|(_, rows)| *rows > 0);
    found
}

/// In the largest cut in which all units are seen, or enough of them.
fn pictures(
    area: Rect,
    units: usize,
    alone: bool,
    two: bool,
    rows_in: impl Fn(TileShape, u16) -> u16,
) -> Vec<(TileShape, u16)> {
    let half = if two { area.height / 2 } else { area.height };
    // Alone they have the places of both, as one.
    let height = if alone { area.height } else { half };
    for shape in CUTS.map(TileShape::Picture) {
        let (columns, rows) = (columns_of(shape, area.width), rows_in(shape, height));
        if usize::from(columns * rows) < units.min(ENOUGH) {
            continue;
        }
        if two && !alone {
            return vec![(shape, rows); 2];
        }
        let needed = units.div_ceil(usize::from(columns));
        return vec![(
            shape,
            rows.min(u16::try_from(needed).unwrap_or(rows)).max(1),
        )];
    }
    let smallest = TileShape::Picture(Cut::Thumb);
    vec![(smallest, rows_in(smallest, half)); if two { 2 } else { 1 }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        nn::Activation,
        recipe::{Preset, Recipe},
    };

    fn at(width: u16, height: u16, shown: Shown) -> Option<Layout> {
        let frame = Frame::of(Rect::new(0, 0, width, height))?;
        Some(Layout::of(&frame, shown))
    }

    fn of(preset: Preset) -> Shown {
        Shown::of(&Recipe::preset(preset).architecture(), None)
    }

    #[test]
    fn the_drawn_sizes_get_their_drawn_places() {
        let wide = at(120, 36, of(Preset::Article)).unwrap();
        assert_eq!(wide.table.rows, Rect::new(31, 2, 88, 8));
        assert_eq!(wide.table.notes, Rect::new(31, 10, 88, 2));
        let titles: Vec<u16> = wide.galleries.iter().map(|tiles| tiles.title.y).collect();
        assert_eq!(titles, [12, 23]);
        assert_eq!((wide.galleries[0].columns, wide.galleries[0].rows), (8, 2));
        assert_eq!((wide.fits.y, wide.facts), (16, Rect::new(1, 31, 28, 3)));
        let deep = at(120, 36, of(Preset::Deep)).unwrap();
        assert_eq!((deep.table.rows.height, deep.table.notes.height), (10, 0));
        let conv = at(120, 36, of(Preset::Conv)).unwrap();
        let titles: Vec<u16> = conv.galleries.iter().map(|tiles| tiles.title.y).collect();
        assert_eq!(titles, [11, 29]);
        assert_eq!(
            (conv.galleries[0].rows, conv.galleries[1].area.height),
            (2, 4)
        );
        let small = at(80, 24, of(Preset::Article)).unwrap();
        let titles: Vec<u16> = small.galleries.iter().map(|tiles| tiles.title.y).collect();
        assert_eq!((titles, small.galleries[0].columns), (vec![8, 15], 5));
        let smallest = at(60, 20, of(Preset::Article)).unwrap();
        assert_eq!(
            (smallest.galleries.len(), smallest.galleries[0].columns),
            (1, 3)
        );
        assert_eq!(smallest.galleries[0].pitch[0], 16);
        // Where there is room they are larger: the code's two values alone, and all on a large
        // screen.
        let alone = Some(Sight {
            layer: 1,
            look: UnitLook::Fits,
        });
        let code = Shown::of(&Recipe::preset(Preset::Article).architecture(), alone);
        let places = |width, height, shown| at(width, height, shown).unwrap().galleries;
        let full = places(120, 36, code);
        assert_eq!(full.len(), 1);
        assert_eq!(full[0].shape, TileShape::Picture(Cut::Full));
        assert_eq!(places(60, 20, code)[0].shape, TileShape::Picture(Cut::Half));
        for preset in [Preset::Article, Preset::Deep] {
            let large = places(200, 60, of(preset));
            assert_eq!(large.len(), 2);
            let shape = TileShape::Picture(Cut::Half);
            assert!(large.iter().all(|tiles| tiles.shape == shape));
        }
    }

    #[test]
    fn at_any_size_every_place_is_its_own_and_there_is_a_gallery() {
        let mut every: Vec<Shown> = Preset::ALL.map(of).into();
        let many = Architecture::dense(784, vec![16; 20], Activation::Relu);
        every.push(Shown::of(&many, None));
        let conv = Recipe::preset(Preset::Conv).architecture();
        for look in [UnitLook::Filter, UnitLook::Fits, UnitLook::Atom] {
            every.push(Shown::of(&conv, Some(Sight { layer: 0, look })));
        }
        // Codes alone, from one value to many.
        for values in [1, 2, 3, 8, 32, 128] {
            let dense = Architecture::dense(784, vec![40, values], Activation::Relu);
            let (layer, look) = (1, UnitLook::Fits);
            every.push(Shown::of(&dense, Some(Sight { layer, look })));
        }
        for width in (60..240).step_by(7) {
            for height in 20..90 {
                for &shown in &every {
                    let at = at(width, height, shown).unwrap();
                    let mut places = vec![at.unit, at.fits, at.facts];
                    places.extend([at.table.title, at.table.rows, at.table.notes]);
                    places.extend(at.narrator);
                    for tiles in &at.galleries {
                        places.extend([tiles.title, tiles.area]);
                        for number in 0..tiles.count() {
                            let tile = tiles.place(number).unwrap();
                            assert_eq!(tile.intersection(tiles.area), tile, "{width}x{height}");
                        }
                    }
                    assert!(!at.galleries.is_empty(), "{width}x{height} {shown:?}");
                    for (number, place) in places.iter().enumerate() {
                        for other in &places[..number] {
                            assert!(place.intersection(*other).is_empty(), "{width}x{height}");
                        }
                    }
                }
            }
        }
    }
}
