//! What a loss can be held against. Knows images, not training.

mod baseline;

pub use baseline::{mean_image_loss, one_grey_loss};
