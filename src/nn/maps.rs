//! Stacks of maps: what convolutions see in a row of numbers.
//!
//! An image's numbers stand in the order `[channel, height, width]`, so an image
//! of one channel is its pixels in reading order.

use ndarray::{ArrayView1, ArrayView3, ArrayViewMut1, ArrayViewMut3};

/// How many maps there are, one a channel, and how large each is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Maps {
    /// `C`, the maps.
    pub channels: usize,
    /// Rows of a map.
    pub height: usize,
    /// Columns of a map.
    pub width: usize,
}

impl Maps {
    /// Places of one map.
    pub fn places(self) -> usize {
        self.height * self.width
    }

    /// Numbers of all maps together.
    pub fn numbers(self) -> usize {
        self.channels * self.places()
    }

    /// The same places with other channels.
    pub(super) fn with_channels(self, channels: usize) -> Self {
        Self { channels, ..self }
    }

    /// One image's numbers as maps.
    pub(super) fn view<F>(self, image: ArrayView1<F>) -> ArrayView3<F> {
        let shape = (self.channels, self.height, self.width);
        image.into_shape_with_order(shape).expect(ONE_ROW)
    }

    /// One image's numbers as maps, to be changed.
    pub(super) fn view_mut<F>(self, image: ArrayViewMut1<F>) -> ArrayViewMut3<F> {
        let shape = (self.channels, self.height, self.width);
        image.into_shape_with_order(shape).expect(ONE_ROW)
    }
}

const ONE_ROW: &str = "an image is one row of as many numbers as its maps have";
