//! An image in a square that has more pixels than it, or fewer.
//!
//! Where there is room each pixel becomes a square of pixels, and nothing is invented. Where there
//! is none, pixels become their mean: four to one where both sides are even and that leaves the
//! picture a good part of the square, and by their areas else. Quantising comes after.

use crate::image::ImageSize;

/// Pixels on a side of the largest square that is gathered before it is drawn.
pub const MOST: usize = 28;

/// Values of an image, row by row; where there are too few, paper follows.
#[derive(Debug, Clone, Copy)]
pub struct Image<'a> {
    /// Its rows and columns.
    pub size: ImageSize,
    /// Its values.
    pub values: &'a [f32],
}

impl Image<'_> {
    /// The value of a column and row; paper beyond the border.
    pub fn at(&self, x: usize, y: usize) -> f32 {
        let ImageSize { height, width } = self.size;
        let inside = x < width && y < height;
        let value = inside.then(|| self.values.get(y * width + x)).flatten();
        value.copied().unwrap_or(0.0)
    }
}

/// The part of an image that is shown, in its own pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crop {
    /// Its first column and row.
    pub from: [usize; 2],
    /// Its rows and columns.
    pub size: ImageSize,
}

impl Crop {
    /// All of it.
    pub fn whole(size: ImageSize) -> Self {
        Self { from: [0; 2], size }
    }
}

/// How a part of an image is shown on so many pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fit {
    crop: Crop,
    scale: Scale,
    columns: usize,
    rows: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scale {
    /// A pixel is a square of this side.
    Larger(usize),
    /// Two by two are one.
    Half,
    /// A pixel is the mean of the area that it covers.
    Area,
}

impl Fit {
    /// As large as a square of this side has room for.
    pub fn within(crop: Crop, side: usize) -> Self {
        let ImageSize { height, width } = crop.size;
        let larger = height.max(width).max(1);
        let even = height.is_multiple_of(2) && width.is_multiple_of(2);
        let (scale, [columns, rows]) = if larger <= side {
            let times = side / larger;
            (Scale::Larger(times), [width, height].map(|own| own * times))
        } else if even && larger <= 2 * side && 3 * larger >= 4 * side {
            // Two thirds of the square, at least, and none of its pixels a mixture of parts.
            (Scale::Half, [width, height].map(|own| own / 2))
        } else {
            let part = |own: usize| (2 * own * side + larger) / (2 * larger);
            (Scale::Area, [width, height].map(|own| part(own).max(1)))
        };
        Self {
            crop,
            scale,
            columns,
            rows,
        }
    }

    /// The same in cells of two pixels, one over the other. Where each pixel is a mean anyhow they
    /// fill the last cell too.
    #[must_use]
    pub fn in_cells(self) -> Self {
        let rows = match self.scale {
            Scale::Area => self.rows.div_ceil(2) * 2,
            Scale::Larger(_) | Scale::Half => self.rows,
        };
        Self { rows, ..self }
    }

    /// Pixels across.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Pixels down.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// What is shown of an image at a column and row; paper beyond it.
    pub fn value(&self, image: Image, x: usize, y: usize) -> f32 {
        let [left, top] = self.crop.from;
        if x >= self.columns || y >= self.rows {
            return 0.0;
        }
        match self.scale {
            Scale::Larger(times) => image.at(left + x / times, top + y / times),
            Scale::Half => {
                let (x, y) = (left + 2 * x, top + 2 * y);
                let four = image.at(x, y)
                    + image.at(x + 1, y)
                    + image.at(x, y + 1)
                    + image.at(x + 1, y + 1);
                four / 4.0
            }
            Scale::Area => self.area(image, x, y),
        }
    }

    /// The mean of the area below a pixel, in parts of which an image's pixel has as many across
    /// as there are columns, and as many down as there are rows.
    fn area(&self, image: Image, x: usize, y: usize) -> f32 {
        let ImageSize { height, width } = self.crop.size;
        let [left, top] = self.crop.from;
        let covered = |place: usize, own: usize, shown: usize| {
            let (from, to) = (place * own, (place + 1) * own);
            (from / shown..to.div_ceil(shown)).map(move |pixel| {
                let parts = to.min((pixel + 1) * shown) - from.max(pixel * shown);
                (pixel, parts as f32)
            })
        };
        let mut sum = 0.0;
        for (row, tall) in covered(y, height, self.rows) {
            for (column, broad) in covered(x, width, self.columns) {
                sum += tall * broad * image.at(left + column, top + row);
            }
        }
        sum / (width * height) as f32
    }

    /// The pixel of the image that a pixel shows, or the middle one of those.
    pub fn pixel_at(&self, x: usize, y: usize) -> Option<[usize; 2]> {
        let [left, top] = self.crop.from;
        let own = |place: usize, own: usize, shown: usize| (2 * place + 1) * own / (2 * shown);
        let ImageSize { height, width } = self.crop.size;
        (x < self.columns && y < self.rows).then(|| {
            [
                left + own(x, width, self.columns),
                top + own(y, height, self.rows),
            ]
        })
    }

    /// The same of a place beyond the picture too: the pixel nearest to it.
    pub fn nearest_pixel(&self, x: usize, y: usize) -> [usize; 2] {
        let (x, y) = (x.min(self.columns - 1), y.min(self.rows - 1));
        self.pixel_at(x, y).unwrap_or(self.crop.from)
    }

    /// Where a pixel of the image begins, and how many pixels it is shown on, on a side: one, where
    /// it is not shown alone.
    pub fn place_of(&self, [x, y]: [usize; 2]) -> ([usize; 2], usize) {
        let [left, top] = self.crop.from;
        let ImageSize { height, width } = self.crop.size;
        let (x, y) = (x.saturating_sub(left), y.saturating_sub(top));
        match self.scale {
            Scale::Larger(times) => ([x * times, y * times], times),
            Scale::Half | Scale::Area => ([x * self.columns / width, y * self.rows / height], 1),
        }
    }

    /// Columns and rows of a picture that has all pixels of what is shown, in the proportions of
    /// the cells.
    pub fn fine_size(&self) -> [usize; 2] {
        let ImageSize { height, width } = self.crop.size;
        let rows = self.rows.next_multiple_of(2);
        match self.scale {
            Scale::Larger(1) => [width, rows],
            Scale::Larger(_) if rows > self.rows => [self.columns, rows],
            Scale::Half => [width, 2 * rows],
            Scale::Larger(_) | Scale::Area => [width, height],
        }
    }

    /// The value of such a picture at a column and row.
    pub fn fine_value(&self, image: Image, x: usize, y: usize) -> f32 {
        let [left, top] = self.crop.from;
        if self.fine_size()[0] != self.crop.size.width {
            return self.value(image, x, y);
        }
        if y < self.crop.size.height {
            image.at(left + x, top + y)
        } else {
            0.0
        }
    }
}

/// What is shown, gathered: even rows of values.
#[derive(Debug, Clone, PartialEq)]
pub struct Pixels {
    columns: usize,
    rows: usize,
    values: [f32; MOST * MOST],
}

impl Pixels {
    /// So many columns and rows, and paper below an uneven number of them; what the largest square
    /// has no room for is left out.
    pub fn gather([columns, rows]: [usize; 2], value: impl Fn(usize, usize) -> f32) -> Self {
        let columns = columns.min(MOST);
        let mut values = [0.0; MOST * MOST];
        for y in 0..rows.min(MOST) {
            for x in 0..columns {
                values[y * columns + x] = value(x, y);
            }
        }
        Self {
            columns,
            rows: rows.next_multiple_of(2).min(MOST),
            values,
        }
    }

    /// What a fit shows.
    pub fn fitted(fit: Fit, value: impl Fn(usize, usize) -> f32) -> Self {
        Self::gather([fit.columns, fit.rows], value)
    }

    /// A small map of values, row by row, each magnified to `scale` by `scale`
    /// pixels; what is more than a picture has room for is left out.
    pub fn magnified(map: Image, scale: usize) -> Self {
        let ImageSize { height, width } = map.size;
        // A cell holds two pixels, one over the other.
        let shown = [width, height].map(|side| (side.min(MOST) * scale).next_multiple_of(2));
        Self::gather(shown, |x, y| map.at(x / scale, y / scale))
    }

    /// Pixels across.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Pixels down: an even number.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The value at a column and row below those.
    pub fn at(&self, x: usize, y: usize) -> f32 {
        self.values[y * self.columns + x]
    }

    /// All of them, row by row.
    #[cfg(test)]
    pub(super) fn values(&self) -> &[f32] {
        &self.values[..self.columns * self.rows]
    }
}

#[cfg(test)]
mod tests;
