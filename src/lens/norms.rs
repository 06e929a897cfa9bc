//! How large the weights of each layer are, and how hard held-out images pull at them.

use std::ops::Range;

use ndarray::Array2;
use ndarray_rand::rand_distr::{Distribution, StandardNormal};

use super::Lens;
use crate::{
    data::{Split, batches, corrupt::Noise},
    nn::{Autoencoder, Gradients, Layer},
    random::{Stream, generator},
};

/// Images whose gradient is taken at a time. The cut is the same for any number of threads.
const LOT: usize = 125;

/// Of one layer with weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Norms {
    /// The root of the sum of the squares of its weights, biases left out.
    pub weight: f32,
    /// The same of the derivative of the objective by each of them.
    pub gradient: f32,
    /// How many weights these are.
    pub weights: usize,
}

impl Norms {
    /// The root of the mean of the squares of the derivatives: how hard one weight is pulled at.
    pub fn pull(&self) -> f32 {
        self.gradient / (self.weights.max(1) as f32).sqrt()
    }
}

impl Lens<'_> {
    /// Those of every layer of this network, the lens's own, with the gradient on the first
    /// `count` images, with the noise and the draws that they are always measured with.
    pub fn norms(&self, net: &Autoencoder, split: &Split, count: usize) -> Vec<Norms> {
        let count = count.min(split.len());
        let lots = count.div_ceil(LOT);
        let gradients = self.pool.map(lots, |lot| {
            let range = lot * LOT..count.min((lot + 1) * LOT);
            let share = range.len() as f32 / count as f32;
            (self.gradient(net, split, range), share)
        });
        let mut sum: Vec<Vec<f64>> = Vec::new();
        for (gradient, share) in &gradients {
            for (layer, kernel) in kernels(gradient).enumerate() {
                if sum.len() == layer {
                    sum.push(vec![0.0; kernel.len()]);
                }
                let pairs = sum[layer].iter_mut().zip(kernel);
                pairs.for_each(|(sum, slope)| *sum += f64::from(slope * share));
            }
        }
        let root = |squares: f64| squares.sqrt() as f32;
        kernels(net)
            .enumerate()
            .map(|(layer, kernel)| Norms {
                weights: kernel.len(),
                weight: root(kernel.iter().map(|&w| f64::from(w) * f64::from(w)).sum()),
                gradient: root(
                    sum.get(layer)
                        .map_or(0.0, |sum| sum.iter().map(|g| g * g).sum()),
                ),
            })
            .collect()
    }

    fn gradient(&self, net: &Autoencoder, split: &Split, range: Range<usize>) -> Gradients {
        let mut epsilon = Array2::zeros((range.len(), net.architecture().latent()));
        for (mut row, image) in epsilon.rows_mut().into_iter().zip(range.clone()) {
            let rng = &mut generator(0, Stream::HeldOutEpsilon, image as u64);
            row.iter_mut()
                .for_each(|epsilon| *epsilon = StandardNormal.sample(rng));
        }
        let target = batches::pixels(split, range.clone());
        let mut shown = target.clone();
        if self.noise != Noise::None {
            for (mut row, image) in shown.rows_mut().into_iter().zip(range) {
                let pixels = row.as_slice_mut().expect("rows are in standard layout");
                self.noise.corrupt_held_out(image, self.image, pixels);
            }
        }
        let trace = net.forward(shown.view(), Some(epsilon));
        let (_, dlogits) = net.loss(&trace, self.objective, target.view());
        net.backward(shown.view(), &trace, self.objective, dlogits)
    }
}

/// The kernel of each layer that has one.
fn kernels(net: &Autoencoder) -> impl Iterator<Item = &[f32]> {
    let parameters = net.layers().filter_map(Layer::parameters);
    parameters.map(|[kernel, _]| kernel)
}

#[cfg(test)]
mod tests;
