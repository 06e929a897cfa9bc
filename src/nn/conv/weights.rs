//! A convolution's weights in the order in which the kernels read them.
//!
//! Of the windows of 3 by 3 of an up-sampled map, those at even and odd rows and columns see only 2
//! by 2 different numbers, so each of the four *phases* is a convolution of the small map by sums
//! of weights.

use super::KERNEL;
use crate::nn::{Convolution, Padding, kernels::block_width};
use bytemuck::must_cast;

/// The weights of one convolution.
#[derive(Debug, Clone)]
pub(super) struct Weights {
    /// The kernel `[in, out]`, or those of the four phases.
    forward: Vec<Vec<f32>>,
    pub(super) b: Vec<f32>,
    /// The kernel turned round, `[out, in]`.
    pub(super) backward: Vec<f32>,
    /// What stands in for a bias, backward.
    pub(super) no_bias: Vec<f32>,
}

impl Weights {
    /// Those of a convolution of maps as they are, or of maps that are `upsampled` first.
    pub(super) fn of(layer: &Convolution, upsampled: bool) -> Self {
        let (ins, outs) = (layer.from.channels, layer.b.len());
        let (phases, side) = if upsampled { (4, 2) } else { (1, KERNEL) };
        let mut weights = Self {
            forward: vec![vec![0.0; ins * side * side * outs]; phases],
            b: vec![0.0; outs],
            backward: vec![0.0; outs * KERNEL * KERNEL * ins],
            no_bias: vec![0.0; ins],
        };
        weights.take(layer);
        weights
    }

    /// Takes those of a layer of the same shape.
    pub(super) fn take(&mut self, layer: &Convolution) {
        let [w, b] = layer.parameters();
        self.b.copy_from_slice(b);
        let (ins, outs) = (layer.from.channels, b.len());
        let (kernels, _) = w.as_chunks::<KERNEL>().0.as_chunks();
        let kernel = |o, c| &kernels[o * ins + c];
        let whole = |o, c| -> [f32; KERNEL * KERNEL] { must_cast(*kernel(o, c)) };
        lay_out(&mut self.backward, [outs, ins], |o, c| {
            let mut turned = whole(o, c);
            turned.reverse();
            turned
        });
        if let [forward] = &mut self.forward[..] {
            lay_out(forward, [ins, outs], |c, o| whole(o, c));
        } else {
            for (phase, forward) in PHASES.into_iter().zip(&mut self.forward) {
                lay_out(forward, [ins, outs], |c, o| {
                    seen(layer.padding, kernel(o, c), phase)
                });
            }
        }
    }

    /// The kernel of a convolution of maps as they are.
    pub(super) fn whole(&self) -> &[f32] {
        debug_assert_eq!(self.forward.len(), 1);
        &self.forward[0]
    }

    /// The kernels of the four phases, each with its row and column.
    pub(super) fn phases(&self) -> impl Iterator<Item = ((usize, usize), &[f32])> {
        PHASES
            .into_iter()
            .zip(self.forward.iter().map(Vec::as_slice))
    }
}

/// Even and odd rows, and columns within them.
const PHASES: [(usize, usize); 4] = [(0, 0), (0, 1), (1, 0), (1, 1)];

/// The weights between two maps.
type Kernel = [[f32; KERNEL]; KERNEL];

/// Kernels of `PLACES` weights, `[in, PLACES, out]`, in the blocks that the kernels read.
fn lay_out<const PLACES: usize>(
    weights: &mut [f32],
    [ins, outs]: [usize; 2],
    kernel: impl Fn(usize, usize) -> [f32; PLACES],
) {
    let width = block_width(outs);
    for (number, weights) in weights.chunks_exact_mut(PLACES * width).enumerate() {
        let (first, c) = (number / ins * width, number % ins);
        for o in 0..width {
            let places = weights[o..].iter_mut().step_by(width);
            for (place, weight) in places.zip(kernel(c, first + o)) {
                *place = weight;
            }
        }
    }
}

/// The sums of weights by which a window of an up-sampled map sees its 2 by 2 different numbers,
/// in a phase of rows and columns.
fn seen(padding: Padding, kernel: &Kernel, (a, b): (usize, usize)) -> [f32; 4] {
    let [top, middle, bottom] = kernel.map(|row| seen_in_line(padding, row, b));
    let column = |v: usize| seen_in_line(padding, [top[v], middle[v], bottom[v]], a);
    let ([upper_left, lower_left], [upper_right, lower_right]) = (column(0), column(1));
    [upper_left, upper_right, lower_left, lower_right]
}

/// The sums of the weights that see the first and the second of two numbers.
fn seen_in_line(padding: Padding, [x, y, z]: [f32; KERNEL], phase: usize) -> [f32; 2] {
    match (padding, phase) {
        (Padding::Same, 0) | (Padding::Valid, 1) => [x, y + z],
        _ => [x + y, z],
    }
}
