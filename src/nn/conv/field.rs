//! The maps of sixteen images.

use crate::nn::{Maps, kernels::Grid, lanes::Lanes};

/// Maps of sixteen images with a margin of zeros around each, so that no window
/// reaches over a border.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) maps: Maps,
    pub(super) margin: usize,
    pub(super) lanes: Vec<Lanes>,
}

impl Field {
    pub(super) fn zeros(maps: Maps, margin: usize) -> Self {
        let mut field = Self {
            maps,
            margin,
            lanes: Vec::new(),
        };
        field.lanes = vec![Lanes::ZERO; maps.channels * field.map()];
        field
    }

    /// Numbers of a row, margins included.
    pub(super) fn row(&self) -> usize {
        self.maps.width + 2 * self.margin
    }

    /// Numbers of a map, margins included.
    pub(super) fn map(&self) -> usize {
        self.row() * (self.maps.height + 2 * self.margin)
    }

    /// The maps from a row and a column on, which are counted from the margin's first.
    pub(super) fn grid(&self, row: usize, column: usize) -> Grid {
        Grid {
            first: row * self.row() + column,
            map: self.map(),
            row: self.row(),
            column: 1,
        }
    }

    /// The maps without their margin.
    pub(super) fn inside(&self) -> Grid {
        self.grid(self.margin, self.margin)
    }

    /// The windows of 3 by 3 around the maps' numbers.
    pub(super) fn windows(&self) -> Grid {
        self.grid(self.margin - 1, self.margin - 1)
    }

    /// Where a row of a map begins.
    pub(super) fn row_start(&self, channel: usize, row: usize) -> usize {
        channel * self.map() + (row + self.margin) * self.row() + self.margin
    }

    fn index(&self, number: usize) -> usize {
        let (channel, place) = (number / self.maps.places(), number % self.maps.places());
        self.row_start(channel, place / self.maps.width) + place % self.maps.width
    }

    /// The number that stands at this place of `[channel, height, width]`.
    pub(super) fn number(&self, number: usize) -> &Lanes {
        &self.lanes[self.index(number)]
    }

    /// Its place.
    pub(super) fn number_mut(&mut self, number: usize) -> &mut Lanes {
        let index = self.index(number);
        &mut self.lanes[index]
    }
}
