//! Where everything of a figure is, in pixels from its top left corner.
//!
//! Ten images stand beside each other; more go on in the next band. A band is a
//! line of labels, a row of tiles for each kind of picture, and a line of losses.

use crate::data::IMAGE_SIDE;
use crate::raster::{GLYPH, LINE};

/// Images beside each other.
const COLUMNS: usize = 10;
/// Pixels of the figure for each pixel of an image, each way.
pub(super) const SCALE: usize = 4;
/// The side of a picture.
const TILE: usize = SCALE * IMAGE_SIDE;
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
/// Letters that fit over a whole band.
const LONGEST_TITLE: usize = (CAPTION + COLUMNS * (TILE + GUTTER) - GUTTER) / GLYPH;

/// The places in a figure of so many images and rows a band.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    images: usize,
    strips: usize,
    /// The widest title.
    title: usize,
}

impl Layout {
    pub(super) fn new(images: usize, strips: usize, titles: &[String]) -> Self {
        let letters = titles.iter().map(|title| title.chars().count()).max();
        Self {
            images,
            strips,
            title: letters.unwrap_or_default() * GLYPH,
        }
    }

    /// Width and height.
    pub(super) fn size(&self) -> [usize; 2] {
        let columns = self.images.min(COLUMNS);
        let pictures = CAPTION + columns * (TILE + GUTTER) - GUTTER;
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
        let left = MARGIN + CAPTION + image % COLUMNS * (TILE + GUTTER);
        [left, self.row(image / COLUMNS, row)]
    }

    /// The middle of the top edge of an image's label.
    pub(super) fn label(&self, image: usize) -> [usize; 2] {
        let [left, top] = self.tile(image, 0);
        [left + TILE / 2, top - AIR - LINE]
    }

    /// The middle of the top edge of an image's loss.
    pub(super) fn loss(&self, image: usize) -> [usize; 2] {
        let [left, _] = self.tile(image, 0);
        [left + TILE / 2, self.under_rows(image / COLUMNS)]
    }

    /// The left end of a row's caption, and the row's middle.
    pub(super) fn caption(&self, band: usize, row: usize) -> [usize; 2] {
        [MARGIN, self.row(band, row) + TILE / 2]
    }

    /// The top left corner of the caption of the losses.
    pub(super) fn loss_caption(&self, band: usize) -> [usize; 2] {
        [MARGIN, self.under_rows(band)]
    }

    fn under_rows(&self, band: usize) -> usize {
        self.row(band, self.strips) - GUTTER + AIR
    }

    /// The top of a row of pictures.
    fn row(&self, band: usize, row: usize) -> usize {
        self.top(band) + LINE + AIR + row * (TILE + GUTTER)
    }

    /// The top of a band.
    fn top(&self, band: usize) -> usize {
        let pictures = self.strips * (TILE + GUTTER) - GUTTER;
        let height = LINE + AIR + pictures + AIR + LINE;
        MARGIN + 2 * LINE + AIR + BREAK + band * (height + BREAK)
    }
}

/// A title that fits over a whole band.
pub(super) fn shortened(title: &str) -> String {
    if title.chars().count() <= LONGEST_TITLE {
        return title.into();
    }
    let kept: String = title.chars().take(LONGEST_TITLE - 3).collect();
    kept + "..."
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let mut areas = vec![
            (Layout::title(0), [title * GLYPH, LINE]),
            (Layout::title(1), [title * GLYPH, LINE]),
        ];
        for image in 0..images {
            areas.push(centred(layout.label(image), "59999: 9".len()));
            areas.push(centred(layout.loss(image), "16.118".len()));
            areas.extend((0..strips).map(|row| (layout.tile(image, row), [TILE, TILE])));
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
        for (images, strips, title) in [
            (1, 2, 0),
            (1, 3, LONGEST_TITLE),
            (9, 2, 60),
            (10, 3, LONGEST_TITLE),
            (11, 2, 60),
            (34, 3, 1),
        ] {
            let layout = Layout::new(images, strips, &["x".repeat(title)]);
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
        let layout = Layout::new(11, 2, &[]);
        assert_eq!(layout.bands(), 2);
        assert_eq!(layout.tile(9, 0)[1], layout.tile(0, 0)[1]);
        assert_eq!(layout.tile(10, 0)[0], layout.tile(0, 0)[0]);
        assert!(layout.tile(10, 0)[1] > layout.tile(0, 1)[1] + TILE);
        assert_eq!(layout.tile(1, 0)[0] - layout.tile(0, 0)[0], TILE + GUTTER);
    }

    #[test]
    fn a_long_title_is_cut_where_a_full_band_ends() {
        assert_eq!(shortened("article"), "article");
        let cut = shortened(&"é".repeat(1000));
        assert!(cut.ends_with("é..."));
        assert_eq!(cut.chars().count(), LONGEST_TITLE);
        let full = Layout::new(10, 2, &[]).size()[0];
        assert_eq!(Layout::new(10, 2, &[cut]).size()[0], full);
    }
}
