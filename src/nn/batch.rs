//! A batch of images on its way into a network.

use super::{
    kernels::{self, Lit},
    lanes::{LANES, Lanes, padded},
    shards::{SHARDS, cut, shares, together},
};
use crate::pool::Pool;

/// How many images before an image is taken its bytes are asked for: enough for them to arrive,
/// and few enough for those of all between to find room in a core's cache.
const AHEAD: usize = 32;

/// Inputs of up to so many images, as numbers from 0 to 1, in panels.
///
/// Beside the panels there are lists of the images that light them, for the first layer
/// when these are few. The inputs are cut into the same parts as the last
/// layer's units, so a core finds the targets it compares with in its own cache.
/// Made once, and filled again for every batch.
#[derive(Debug, Clone)]
pub struct Batch {
    images: usize,
    inputs: usize,
    /// Images there is room for, whole rows of sixteen; rows without an image are zero.
    rows: usize,
    x: Vec<Lanes>,
    parts: Vec<Lit>,
    /// What goes in instead of the images, once that has been asked for.
    corrupted: Corrupted,
    /// `ε` of every image, row by row: empty until drawn.
    epsilon: Vec<f32>,
}

/// The images as the network gets them, where that is not as they are.
#[derive(Debug, Clone, Default)]
struct Corrupted {
    /// Whether it is this batch's.
    holds: bool,
    /// An image a row, where it is corrupted.
    rows: Vec<f32>,
    /// The same in panels.
    x: Vec<Lanes>,
}

/// What goes into a layer.
#[derive(Debug, Clone, Copy)]
pub(super) enum Input<'a> {
    /// Panels of as many rows as the batch has room for.
    Dense(&'a [Lanes]),
    /// The same, and where they are lit, by parts.
    Sparse(&'a [Lanes], &'a [Lit]),
}

impl Batch {
    /// Room for up to `images` images of `inputs` numbers.
    pub fn new(inputs: usize, images: usize) -> Self {
        let rows = padded(images);
        let panels = inputs.div_ceil(LANES);
        let part = |panels: std::ops::Range<usize>| {
            Lit::new(panels.start * LANES..panels.end * LANES, rows)
        };
        Self {
            images: 0,
            inputs,
            rows,
            x: vec![Lanes::ZERO; panels * rows],
            parts: shares(panels, SHARDS).map(part).collect(),
            corrupted: Corrupted::default(),
            epsilon: Vec::new(),
        }
    }

    /// Takes `images` images; `image` gives the bytes of each, of which 255 becomes 1.
    ///
    /// It is also asked for up to 32 beyond those, where it has any, so that they are on their way
    /// from memory before they are taken.
    ///
    /// # Panics
    ///
    /// When there is no room for as many, or an image has another number of bytes
    /// than the network has inputs.
    pub fn fill<'a>(
        &mut self,
        pool: &Pool,
        images: usize,
        image: impl Fn(usize) -> Option<&'a [u8]> + Sync,
    ) {
        let (rows, inputs) = (self.rows, self.inputs);
        assert!(images <= rows, "a batch of {rows} cannot take {images}");
        self.images = images;
        self.corrupted.holds = false;
        let parts = cut(&mut self.x, self.parts.iter_mut(), |part| {
            part.range.len() / LANES * rows
        });
        together(pool, parts, |(part, x)| {
            part.clear();
            let here = part.range.start..part.range.end.min(inputs);
            for first in (0..rows).step_by(LANES) {
                let bytes = std::array::from_fn(|n| {
                    let n = first + n;
                    if n >= images {
                        return &[][..];
                    }
                    if let Some(next) = image(n + AHEAD) {
                        kernels::prefetch(&next[here.clone()]);
                    }
                    let bytes = image(n).expect("as many images as were promised");
                    assert_eq!(bytes.len(), inputs, "a byte for each input");
                    &bytes[here.clone()]
                });
                part.take(bytes, first, x);
            }
        });
    }

    /// Corrupts what goes into the network; what should come out stays as it is.
    ///
    /// `corrupt` is handed each image's number in the batch and its pixels.
    pub fn corrupt(&mut self, pool: &Pool, corrupt: impl Fn(usize, &mut [f32]) + Sync) {
        let (rows, inputs, images) = (self.rows, self.inputs, self.images);
        let clean = &self.x;
        let corrupted = &mut self.corrupted;
        corrupted.holds = true;
        corrupted.rows.resize(rows * inputs, 0.0);
        corrupted.x.resize(clean.len(), Lanes::ZERO);

        let block = rows.div_ceil(SHARDS);
        let blocks = corrupted.rows.chunks_mut(block * inputs).enumerate();
        together(pool, blocks, |(number, block_rows)| {
            let first = number * block;
            let here = block_rows.chunks_exact_mut(inputs).zip(first..images);
            for (pixels, n) in here {
                for (panel, pixels) in pixels.chunks_mut(LANES).enumerate() {
                    pixels.copy_from_slice(&clean[panel * rows + n].0[..pixels.len()]);
                }
                corrupt(n, pixels);
            }
        });
        for (panel, x) in corrupted.x.chunks_exact_mut(rows).enumerate() {
            let pixels = corrupted.rows.chunks_exact(inputs);
            for (x, pixels) in x[..images].iter_mut().zip(pixels) {
                let pixels = &pixels[panel * LANES..inputs.min((panel + 1) * LANES)];
                x.0[..pixels.len()].copy_from_slice(pixels);
            }
            x[images..].fill(Lanes::ZERO);
        }
    }

    /// Draws `ε`, `latent` numbers for each image, for a Gaussian code.
    ///
    /// `draw` is handed each image's number in the batch and the place for its numbers.
    pub fn draw_epsilon(&mut self, latent: usize, mut draw: impl FnMut(usize, &mut [f32])) {
        self.epsilon.resize(self.rows * latent, 0.0);
        let images = self.epsilon.chunks_exact_mut(latent).take(self.images);
        images.enumerate().for_each(|(n, epsilon)| draw(n, epsilon));
    }

    /// `ε` of one image for one code unit; 0 where none was drawn.
    pub(super) fn epsilon(&self, image: usize, unit: usize, latent: usize) -> f32 {
        let epsilon = self.epsilon.get(image * latent + unit);
        epsilon.copied().unwrap_or_default()
    }

    /// Images in it.
    pub fn images(&self) -> usize {
        self.images
    }

    /// The first layer's input: visiting only where it is lit pays while that is less than
    /// two thirds.
    pub(super) fn input(&self) -> Input<'_> {
        if self.corrupted.holds {
            return Input::Dense(&self.corrupted.x);
        }
        let visited: usize = self.parts.iter().map(Lit::visited).sum();
        if visited * 3 < self.images * self.inputs * 2 {
            Input::Sparse(&self.x, &self.parts)
        } else {
            Input::Dense(&self.x)
        }
    }

    /// One panel of the inputs, as targets.
    pub(super) fn panel(&self, panel: usize) -> &[Lanes] {
        &self.x[panel * self.rows..][..self.rows]
    }

    /// Whether what goes in is not what should come out.
    pub(super) fn is_corrupted(&self) -> bool {
        self.corrupted.holds
    }

    /// One panel of what goes in.
    pub(super) fn seen_panel(&self, panel: usize) -> &[Lanes] {
        let x = if self.corrupted.holds {
            &self.corrupted.x
        } else {
            &self.x
        };
        &x[panel * self.rows..][..self.rows]
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    pub(super) fn inputs(&self) -> usize {
        self.inputs
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{num::NonZeroUsize, ops::Range};

    #[test]
    fn a_corrupted_batch_keeps_its_targets_until_it_is_filled_again() {
        let pool = Pool::new(NonZeroUsize::new(2).unwrap());
        let images = [[255_u8; 20], [0; 20], [51; 20]];
        let mut batch = Batch::new(20, 3);
        let fill = |batch: &mut Batch, count| {
            batch.fill(&pool, count, |n| images.get(n).map(|image| &image[..]));
        };
        fill(&mut batch, 3);
        batch.corrupt(&pool, |n, pixels| {
            assert_eq!(pixels.len(), 20);
            pixels[17] += n as f32;
        });
        let Input::Dense(x) = batch.input() else {
            panic!("corrupted images are visited everywhere")
        };
        // The second panel holds pixels 16 to 19, a row an image.
        assert_eq!([x[16].0[1], x[17].0[1], x[18].0[1]], [1.0, 1.0, 2.2]);
        assert_eq!(x[16].0[0], 1.0);
        assert_eq!(batch.panel(1)[1], Lanes::ZERO);
        fill(&mut batch, 1);
        assert!(matches!(batch.input(), Input::Dense(x) if x[16].0[1] == 1.0));
    }

    /// Inputs that fill no panel, in four parts, and images that fill no row of sixteen.
    #[test]
    fn a_batch_is_visited_where_it_is_lit_while_that_is_little() {
        let pool = Pool::new(NonZeroUsize::new(2).unwrap());
        let mut batch = Batch::new(81, 33);
        let lit = |inputs: Range<usize>| {
            let mut image = vec![0_u8; 81];
            image[inputs].fill(51);
            image
        };
        let mut fill = |images: &[Vec<u8>]| {
            batch.fill(&pool, images.len(), |n| {
                assert!(n < images.len() + AHEAD, "image {n} is far ahead");
                images.get(n).map(|image| &image[..])
            });
            let visited: usize = batch.parts.iter().map(Lit::visited).sum();
            let is_sparse = matches!(batch.input(), Input::Sparse(..));
            (visited, is_sparse)
        };
        // A last four has but one input.
        assert_eq!(fill(&vec![lit(0..81); 33]), (33 * 84, false));
        // Two thirds of 81 are 54.
        assert_eq!(fill(&vec![lit(0..53); 33]), (33 * 56, false));
        assert_eq!(fill(&vec![lit(0..52); 33]), (33 * 52, true));
        assert_eq!(fill(&[lit(5..6), lit(40..41), lit(80..81)]), (3 * 4, true));
        for panel in 0..6 {
            for (image, row) in batch.panel(panel).iter().enumerate() {
                let input = [5, 40, 80].get(image).copied().unwrap_or(usize::MAX);
                let at = |lane| {
                    if panel * LANES + lane == input {
                        0.2
                    } else {
                        0.0
                    }
                };
                assert_eq!(
                    row.0,
                    std::array::from_fn(at),
                    "image {image}, panel {panel}"
                );
            }
        }
    }
}
