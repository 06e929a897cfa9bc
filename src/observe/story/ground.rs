//! What paragraphs may say of a run beside what was just measured: its data and its recipe.

use crate::{data::Classes, nn::Activation, recipe::Recipe, words::number_word};

/// What is known of a run from the start, or by an edit of its recipe.
#[derive(Debug, Clone)]
pub(super) struct Ground {
    /// Training images.
    pub(super) images: u64,
    /// Images of a step.
    pub(super) batch: u64,
    /// Numbers of the code.
    pub(super) width: usize,
    /// Whether what falls below zero is cut off there.
    pub(super) cuts: bool,
    pub(super) rate: f64,
    /// That with which its preset trains.
    pub(super) usual: f64,
    /// What a loss has in it beside the pictures, behind its name.
    pub(super) price: &'static str,
    /// What the code costs now.
    pub(super) l1: f64,
    pub(super) classes: Classes,
}

impl Ground {
    pub(super) fn of(recipe: &Recipe, classes: Classes, images: usize) -> Self {
        Self {
            images: images as u64,
            batch: recipe.batch_size as u64,
            width: recipe.architecture().latent(),
            cuts: recipe.network.latent_activation() == Some(Activation::Relu),
            rate: recipe.learning_rate,
            usual: Recipe::preset(recipe.preset).learning_rate,
            price: recipe.price().sign(),
            l1: recipe.l1,
            classes,
        }
    }

    /// What may be edited on the way.
    pub(super) fn follow(&mut self, recipe: &Recipe) {
        self.rate = recipe.learning_rate;
        self.price = recipe.price().sign();
        self.l1 = recipe.l1;
    }

    /// `the two numbers`, `its one number`.
    pub(super) fn numbers(&self) -> String {
        let count = number_word(self.width as u64);
        let plural = if self.width == 1 { "" } else { "s" };
        format!("{count} number{plural}")
    }

    pub(super) fn has_labels(&self) -> bool {
        self.classes != Classes::Unlabelled
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Preset;

    #[test]
    fn a_code_is_counted_in_words_as_far_as_there_are_any() {
        let of = |width| Ground {
            width,
            ..Ground::of(&Recipe::preset(Preset::Article), Classes::Digits, 60_000)
        };
        let words = [1, 2, 16].map(|width| of(width).numbers());
        assert_eq!(words, ["one number", "two numbers", "16 numbers"]);
    }
}
