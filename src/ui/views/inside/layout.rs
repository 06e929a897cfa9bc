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
    message::UnitLook,
    nn::Architecture,
    ui::{
        frame::{Body, Frame, GUTTER, TITLE},
        widget::cut::Cut,
    },
};

/// From one tile to the next.
const PITCH: u16 = Cut::Thumb.columns() + 1;
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
            width: Cut::Thumb.columns(),
            height: self.shape.rows(),
        })
    }
}

/// What a tile is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TileShape {
    /// A picture, its number and answer on it.
    Picture,
    /// A kernel with number and answer beside it, and below it the map that it makes.
    KernelAndMap,
    /// A picture over the map that it makes.
    PictureAndMap,
    /// A small map of so many rows alone.
    Map(u16),
}

impl TileShape {
    /// Rows of it.
    pub(super) const fn rows(self) -> u16 {
        match self {
            Self::Picture => Cut::Thumb.rows(),
            Self::KernelAndMap => KERNEL_ROWS + Cut::Thumb.rows(),
            Self::PictureAndMap => 2 * Cut::Thumb.rows(),
            Self::Map(rows) => rows,
        }
    }

    /// Rows from one to the next below it.
    const fn pitch(self) -> u16 {
        match self {
            Self::Picture => self.rows(),
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
    /// What the tiles of the galleries are: of the first, and of the second, if there are two.
    pub(super) shapes: [Option<TileShape>; 2],
}

impl Shown {
    /// Of this network, when the galleries belong to that look at a layer alone, or to the
    /// first and the last.
    pub(super) fn of(architecture: &Architecture, alone: Option<UnitLook>) -> Self {
        let all = UnitLayer::all(architecture);
        let maps = all.iter().any(|layer| layer.map.is_some());
        let shapes = match (alone, maps) {
            (_, false) => [Some(TileShape::Picture); 2],
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
        Self {
            layers: all.len(),
            shapes,
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
        [Some(TileShape::Picture), _] => TABLE,
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
    let shown = if left.height >= two && shown.shapes[0] == Some(TileShape::Picture) {
        shown
    } else {
        Shown {
            shapes: [shown.shapes[0], None],
            ..shown
        }
    };
    (table, galleries(left, shown))
}

/// One gallery over the other, as many rows of tiles each as there is room for; what is left
/// over stands above them.
fn galleries(area: Rect, shown: Shown) -> Vec<Tiles> {
    let columns = (area.width + 1) / PITCH;
    let pitch = match columns {
        0..4 => (area.width.saturating_sub(Cut::Thumb.columns()) / 2).max(PITCH),
        _ => PITCH,
    };
    let [Some(first), second] = shown.shapes else {
        return Vec::new();
    };
    let needs = |shape: TileShape, rows: u16| TITLE + rows * shape.pitch();
    let rows_in = |shape: TileShape, height: u16| {
        // The last row needs no gap below it.
        let gap = shape.pitch() - shape.rows();
        let rows = (height + gap).saturating_sub(TITLE) / shape.pitch();
        rows.min((MOST / columns.max(1)).max(1))
    };
    let mut found: Vec<(TileShape, u16)> = Vec::new();
    match second {
        None => found.push((first, rows_in(first, area.height))),
        Some(second) if second == first => {
            let half = rows_in(first, area.height / 2);
            found.extend([(first, half); 2]);
        }
        Some(second) => {
            let below = TITLE + second.rows();
            found.push((first, rows_in(first, area.height.saturating_sub(below))));
            found.push((second, 1));
        }
    }
    let height = |(shape, rows): (TileShape, u16)| {
        needs(shape, rows).saturating_sub(shape.pitch() - shape.rows())
    };
    let mut bottom = area.bottom();
    let mut tiles = Vec::new();
    for (number, (shape, rows)) in found.into_iter().enumerate().rev() {
        if rows == 0 {
            continue;
        }
        let height = height((shape, rows));
        let Some(top) = bottom.checked_sub(height).filter(|top| *top >= area.y) else {
            break;
        };
        let place = Rect {
            y: top,
            height,
            ..area
        };
        tiles.push(Tiles {
            title: part(place, 0, TITLE),
            area: part(place, TITLE, height - TITLE),
            columns: columns.max(1),
            rows,
            pitch: [pitch, shape.pitch()],
            shape,
        });
        // In a narrow view a blank row sets them apart, where there is one to spare.
        let spare = area.height.saturating_sub(2 * height);
        bottom = top - u16::from(number == 1 && spare > 0 && second == Some(first));
    }
    tiles.reverse();
    tiles
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
    }

    #[test]
    fn at_any_size_every_place_is_its_own_and_there_is_a_gallery() {
        let mut every: Vec<Shown> = Preset::ALL.map(of).into();
        let many = Architecture::dense(784, vec![16; 20], Activation::Relu);
        every.push(Shown::of(&many, None));
        let conv = Recipe::preset(Preset::Conv).architecture();
        for look in [UnitLook::Filter, UnitLook::Fits, UnitLook::Atom] {
            every.push(Shown::of(&conv, Some(look)));
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
