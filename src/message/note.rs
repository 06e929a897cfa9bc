//! What the narrator says: a sentence, and what there is to say of it to whoever asks why.

use std::sync::Arc;

/// A sentence of the narrator.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// The step whose event it tells.
    pub step: u64,
    /// The sentence.
    pub words: String,
    /// Whether it reports a fault.
    pub warning: bool,
    /// What it means.
    pub why: Arc<Why>,
}

/// What a sentence means, and where that is to be seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Why {
    /// A short paragraph; its numbers were measured when it was told.
    pub paragraph: String,
    /// What to look at, in words.
    pub look: &'static str,
    /// Where that is.
    pub at: Pane,
    /// What to press.
    pub press: Vec<Press>,
}

/// Keys, one after the other, and what they show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Press {
    /// The keys, with a space between two.
    pub keys: String,
    /// What comes of them.
    pub words: String,
}

/// What can be pointed at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Pane {
    /// The chosen image.
    Original,
    /// What the network makes of it.
    #[default]
    Reconstruction,
    /// The numbers in the middle.
    Code,
    /// The curve of the loss.
    Loss,
    /// The latent space.
    Map,
    /// The ten images and what is made of them.
    Strip,
}
