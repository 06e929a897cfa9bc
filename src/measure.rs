//! What a network is good for, in numbers, and what honest rivals make of the same
//! images. Knows images and networks, not training.
//!
//! [`Rivals`] are measured once for a set of images and a length of code;
//! [`Measures`] holds a network against them.

pub mod auc;
mod baseline;
mod effort;
mod gaps;
mod measures;
mod median;
mod neighbours;
mod pca;
mod plain;
mod reconstruction;
mod rivals;
mod sparsity;
mod stretch;

pub use baseline::{
    copy_loss, copy_losses, empty_share, image_in_place, mean_image_loss, mean_image_losses,
    one_grey, one_grey_loss,
};
pub use effort::{CalledOff, Effort};
pub use gaps::{GapSearch, Gaps, Nearby, Verdict};
pub use measures::{Compression, Denoising, Features, Measures, Reconstructions};
pub use median::median_filtered;
pub use neighbours::{Known, NEIGHBOURS, vote};
pub use pca::Pca;
pub use reconstruction::{DigitQuality, Fidelity, Quality, Reconstruction, decibels};
pub use rivals::{Noisy, Rivals, Task};
pub use sparsity::Sparsity;
pub use stretch::Stretch;
