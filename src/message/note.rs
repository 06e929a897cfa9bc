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
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Why {
    /// What it is about, for who waits for it.
    pub about: About,
    /// A short paragraph; its numbers were measured when it was told.
    pub paragraph: String,
    /// What to look at, in words.
    pub look: &'static str,
    /// Where that is.
    pub at: Pane,
    /// What to press.
    pub press: Vec<Press>,
}

/// What a sentence is about, as far as anybody waits for it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum About {
    /// Something else.
    #[default]
    Else,
    /// The loss has come near the average's.
    Average,
    /// This class has a place of its own.
    OwnPlace(u8),
    /// Two classes share a place.
    SharedPlace(Shared),
}

/// Two classes that share a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shared {
    /// Both, the lower first.
    pub classes: [u8; 2],
    /// The one that is drawn worse.
    pub looked_at: u8,
    /// What was counted of it among the other, where there was time.
    pub confusion: Option<Confusion>,
}

/// How often images of one class have one of another as the nearest code.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Confusion {
    /// Images of the class that were looked at.
    pub images: usize,
    /// Those whose nearest code is one of the other class.
    pub nearest: usize,
    /// One of them.
    pub example: usize,
    /// What is drawn of those costs.
    pub cost: f32,
    /// What the images with the nearest codes would cost in place of what is drawn.
    pub sharp: f32,
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
