//! The mathematics of autoencoders.
//!
//! This module knows layers, loss and optimiser. It may not know channels,
//! files or images: whoever trains brings batches of numbers between 0 and 1.
//!
//! The letters, here and in the files below:
//!
//! | letter | meaning |
//! |---|---|
//! | `N` | images in a batch, one a row |
//! | `I` | inputs, the pixels of an image |
//! | `H` | units of a hidden layer |
//! | `Z` | latent units: the length of a code |
//! | `C` | channels: the maps of a convolution |
//! | `x` | what goes into a layer, `[N, in]` |
//! | `y` | what comes out of it, `[N, out]` |
//! | `w`, `b` | its kernel, `[in, out]` if dense and `[out, in, 3, 3]` if a convolution, and bias `[out]` |
//! | `dx`, `dy`, `dw`, `db` | the loss's derivative by each of them, of the same shape |
//!
//! A step of training is four lines:
//!
//! ```
//! use ae_tui::nn::{Activation, Adam, AdamConfig, Architecture, Autoencoder, Objective};
//! use ndarray::Array2;
//! # use ndarray_rand::rand::{SeedableRng, rngs::StdRng};
//! # let mut rng = StdRng::seed_from_u64(1);
//!
//! let architecture = Architecture::dense(8, vec![4, 2], Activation::Relu);
//! let mut net = Autoencoder::glorot(&architecture, &mut rng);
//! let mut adam = Adam::new(&net);
//! let objective = Objective::default();
//! let x = Array2::from_elem((3, 8), 0.25);
//!
//! let trace = net.forward(x.view(), None);
//! let (loss, dlogits) = net.loss(&trace, objective, x.view());
//! let gradients = net.backward(x.view(), &trace, objective, dlogits);
//! adam.step(&AdamConfig::default(), &mut net, &gradients);
//! # assert!(loss > 0.0);
//! ```

#![expect(
    clippy::needless_pass_by_value,
    reason = "a view is a reference already; ndarray's own functions take it by value"
)]

mod activation;
mod adam;
mod architecture;
mod autoencoder;
mod batch;
mod code;
mod conv;
mod dense;
mod evaluator;
mod kernels;
mod lanes;
mod layer;
pub mod loss;
mod maps;
mod objective;
#[cfg(test)]
mod proof;
mod real;
mod shards;
mod snapshot;
mod training;

pub use activation::Activation;
pub use adam::{Adam, AdamConfig};
pub use architecture::{Architecture, CHANNELS, CodeShape, MOST_MAPS, MOST_STAGES, Network};
pub use autoencoder::{Autoencoder, Gradients, Trace};
pub use batch::Batch;
pub use code::Code;
pub use conv::{Convolution, Padding};
pub use dense::Dense;
pub use evaluator::{Cost, Evaluator};
pub use kernels::instructions;
pub use layer::{Layer, LayerShape};
pub use maps::Maps;
pub use objective::Objective;
pub use snapshot::Snapshot;
pub use training::Training;
