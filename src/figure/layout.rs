//! Where everything of a figure is, in pixels from its top left corner.
//!
//! Ten images stand beside each other; more go on in the next band. A band is a
//! line of labels, a row of tiles for each kind of picture, and a line of losses.

use crate::{
    image::ImageSize,
    raster::{GLYPH, LINE},
};

/// Images beside each other.
const COLUMNS: usize = 10;
/// About the longer side of a picture: four pixels for each of MNIST's.
const TILE: usize = 112;
/// The least width of a picture's place: a number and a label stand over it.
const LEAST_PLACE: usize = 9 * GLYPH;
/// Letters of the longest label, beside the image's number.
const MOST_LETTERS: usize = 18;
/// Around everything.
const MARGIN: usize = 24;
/// Between pictures.
const GUTTER: usize = 8;
/// Between a picture and its label or loss.
const AIR: usize = 6;
/// Between bands, and between the titles and the first.
const BREAK: usize = 20;
/// The captions left of the pictures: the longest word is `reconstruction`.
const CAPTION: usize = 14 * GLYPH + 2 * GUTTER;

/// Pixels of the figure for each pixel of an image of this size, each way: a whole number.
pub(super) fn scale(image: ImageSize) -> usize {
    let larger = image.height.max(image.width).max(1);
    ((TILE + larger / 2) / larger).max(1)
}

/// What stands in a place: an image under its label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tile {
    pub(super) image: ImageSize,
    /// Letters of the longest label, with the number before it.
    letters: usize,
}

impl Tile {
    pub(super) fn new(image: ImageSize, letters: usize) -> Self {
        let letters = letters.min(MOST_LETTERS);
        Self { image, letters }
    }

    /// From one picture of a band to the next.
    fn pitch(self) -> usize {
        let picture = scale(self.image) * self.image.width;
        picture.max(self.letters * GLYPH).max(LEAST_PLACE) + GUTTER
    }

    /// Letters that have room over a picture.
    pub(super) fn letters(self) -> usize {
        (self.pitch() - GUTTER) / GLYPH
    }

    fn size(self) -> [usize; 2] {
        let ImageSize { height, width } = self.image;
        [width, height].map(|side| scale(self.image) * side)
    }

    /// Letters that fit over a whole band.
    fn longest_title(self) -> usize {
        (CAPTION + COLUMNS * self.pitch() - GUTTER) / GLYPH
    }
}

/// The places in a figure of so many images and rows a band.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    images: usize,
    strips: usize,
    tile: Tile,
    /// The widest title.
    title: usize,
}

impl Layout {
    pub(super) fn new(images: usize, strips: usize, tile: Tile, titles: &[String]) -> Self {
        let letters = titles.iter().map(|title| title.chars().count()).max();
        Self {
            images,
            strips,
            tile,
            title: letters.unwrap_or_default() * GLYPH,
        }
    }

    /// Width and height.
    pub(super) fn size(&self) -> [usize; 2] {
        let columns = self.images.min(COLUMNS);
        let pictures = CAPTION + columns * self.tile.pitch() - GUTTER;
        let width = pictures.max(self.title) + 2 * MARGIN;
        [width, self.top(self.bands()) - BREAK + MARGIN]
    }

    /// Rows of up to ten images.
    pub(super) fn bands(&self) -> usize {
        self.images.div_ceil(COLUMNS)
    }

    /// The top left corner of a title line.
    pub(super) fn title(line: usize) -> [usize; 2] {
        [MARGIN, MARGIN + line * (LINE + AIR)]
    }

    /// The top left corner of an image's picture in a row of its band.
    pub(super) fn tile(&self, image: usize, row: usize) -> [usize; 2] {
        // Narrow ones stand in the middle of their place.
        let free = self.tile.pitch() - GUTTER - self.tile_width();
        let left = MARGIN + CAPTION + image % COLUMNS * self.tile.pitch() + free / 2;
        [left, self.row(image / COLUMNS, row)]
    }

    /// The middle of the top edge of an image's label.
    pub(super) fn label(&self, image: usize) -> [usize; 2] {
        let [left, top] = self.tile(image, 0);
        [left + self.tile_width() / 2, top - AIR - LINE]
    }

    /// The middle of the top edge of an image's loss.
    pub(super) fn loss(&self, image: usize) -> [usize; 2] {
        let [left, _] = self.tile(image, 0);
        [
            left + self.tile_width() / 2,
            self.under_rows(image / COLUMNS),
        ]
    }

    /// The left end of a row's caption, and the row's middle.
    pub(super) fn caption(&self, band: usize, row: usize) -> [usize; 2] {
        [MARGIN, self.row(band, row) + self.tile_height() / 2]
    }

    /// The top left corner of the caption of the losses.
    pub(super) fn loss_caption(&self, band: usize) -> [usize; 2] {
        [MARGIN, self.under_rows(band)]
    }

    fn tile_width(&self) -> usize {
        self.tile.size()[0]
    }

    fn tile_height(&self) -> usize {
        self.tile.size()[1]
    }

    fn under_rows(&self, band: usize) -> usize {
        self.row(band, self.strips) - GUTTER + AIR
    }

    /// The top of a row of pictures.
    fn row(&self, band: usize, row: usize) -> usize {
        self.top(band) + LINE + AIR + row * (self.tile_height() + GUTTER)
    }

    /// The top of a band.
    fn top(&self, band: usize) -> usize {
        let pictures = self.strips * (self.tile_height() + GUTTER) - GUTTER;
        let height = LINE + AIR + pictures + AIR + LINE;
        MARGIN + 2 * LINE + AIR + BREAK + band * (height + BREAK)
    }
}

/// A title that fits over a whole band.
pub(super) fn shortened(title: &str, tile: Tile) -> String {
    let longest = tile.longest_title();
    if title.chars().count() <= longest {
        return title.into();
    }
    let kept: String = title.chars().take(longest - 3).collect();
    kept + "..."
}

#[cfg(test)]
mod tests {
    use super::*;

    const MNIST: Tile = tile(28, 28, 8);
    const TILES: [Tile; 6] = [
        MNIST,
        tile(28, 28, MOST_LETTERS),
        tile(8, 8, 8),
        tile(20, 28, 12),
        tile(64, 8, 18),
        tile(64, 64, 3),
    ];

    const fn tile(height: usize, width: usize, letters: usize) -> Tile {
        Tile {
            image: ImageSize { height, width },
            letters,
        }
    }

    type Area = ([usize; 2], [usize; 2]);

    fn overlap((a, a_size): &Area, (b, b_size): &Area) -> bool {
        (0..2).all(|axis| a[axis] < b[axis] + b_size[axis] && b[axis] < a[axis] + a_size[axis])
    }

    fn centred([middle, top]: [usize; 2], letters: usize) -> Area {
        let width = letters * GLYPH;
        ([middle - width / 2, top], [width, LINE])
    }

    /// Everything that is drawn, with the longest words there can be.
    fn areas(layout: &Layout, images: usize, strips: usize, title: usize) -> Vec<Area> {
        let size = layout.tile.size();
        let mut areas = vec![
            (Layout::title(0), [title * GLYPH, LINE]),
            (Layout::title(1), [title * GLYPH, LINE]),
        ];
        for image in 0..images {
            areas.push(centred(layout.label(image), layout.tile.letters()));
            areas.push(centred(layout.loss(image), "16.118".len()));
            areas.extend((0..strips).map(|row| (layout.tile(image, row), size)));
        }
        for band in 0..layout.bands() {
            areas.push((layout.loss_caption(band), [4 * GLYPH, LINE]));
            for row in 0..strips {
                let [x, middle] = layout.caption(band, row);
                areas.push(([x, middle - LINE], [14 * GLYPH, 2 * LINE]));
            }
        }
        areas
    }

    #[test]
    fn nothing_lies_over_anything_else_or_over_the_edge() {
        for (case, tile) in [
            (1, 2, 0),
            (1, 3, usize::MAX),
            (9, 2, 60),
            (10, 3, usize::MAX),
            (11, 2, 60),
            (34, 3, 1),
        ]
        .into_iter()
        .flat_map(|case| TILES.map(|tile| (case, tile)))
        {
            let (images, strips, title) = case;
            let title = title.min(tile.longest_title());
            let layout = Layout::new(images, strips, tile, &["x".repeat(title)]);
            let areas = areas(&layout, images, strips, title);
            let [width, height] = layout.size();
            for (place, area) in areas.iter().enumerate() {
                let ([x, y], [w, h]) = *area;
                assert!(x >= MARGIN && x + w <= width - MARGIN, "{images}: {area:?}");
                assert!(
                    y >= MARGIN && y + h <= height - MARGIN,
                    "{images}: {area:?}"
                );
                for other in &areas[place + 1..] {
                    assert!(!overlap(area, other), "{images}: {area:?} {other:?}");
                }
            }
        }
    }

    #[test]
    fn ten_images_stand_beside_each_other_and_the_next_below_the_first() {
        let layout = Layout::new(11, 2, MNIST, &[]);
        assert_eq!(layout.bands(), 2);
        assert_eq!(layout.tile(9, 0)[1], layout.tile(0, 0)[1]);
        assert_eq!(layout.tile(10, 0)[0], layout.tile(0, 0)[0]);
        assert!(layout.tile(10, 0)[1] > layout.tile(0, 1)[1] + TILE);
        assert_eq!(layout.tile(1, 0)[0] - layout.tile(0, 0)[0], TILE + GUTTER);
    }

    #[test]
    fn a_long_title_is_cut_where_a_full_band_ends() {
        assert_eq!(shortened("article", MNIST), "article");
        let cut = shortened(&"é".repeat(1000), MNIST);
        assert!(cut.ends_with("é..."));
        assert_eq!(cut.chars().count(), MNIST.longest_title());
        let full = Layout::new(10, 2, MNIST, &[]).size()[0];
        assert_eq!(Layout::new(10, 2, MNIST, &[cut]).size()[0], full);
    }
}
