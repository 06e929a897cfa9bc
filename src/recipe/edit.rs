//! What can be changed while a run goes on.

use serde::{Deserialize, Serialize};

use super::{Recipe, written::WrittenEdit};
use crate::{data::corrupt::Noise, words::briefly};

/// A change, and where it was made.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(into = "WrittenEdit", try_from = "WrittenEdit")]
pub struct Edit {
    /// Steps done when it was made; it holds from the next one on.
    pub step: u64,
    /// What was changed.
    pub change: Change,
}

/// A value that a run may take in the middle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    /// The learning rate.
    LearningRate(f64),
    /// The price of a code's absolute values.
    L1(f64),
    /// What happens to the images on their way in.
    Noise(Noise),
    /// The seed of what is drawn from here on: the order of the images, noise, epsilon.
    Seed(u64),
}

impl Change {
    /// What is changed of what held before, from what to what: `rate .001 > .004`.
    pub fn told(self, before: &Recipe) -> String {
        match self {
            Self::LearningRate(rate) => {
                let now = before.learning_rate;
                format!("rate {} > {}", briefly(now), briefly(rate))
            }
            Self::L1(price) => format!("price {} > {}", briefly(before.l1), briefly(price)),
            Self::Noise(noise) => format!("noise {} > {noise}", before.noise),
            Self::Seed(seed) => format!("seed {} > {seed}", before.seed),
        }
    }
}

impl Recipe {
    /// What holds after `step` steps, as the recipe of a run of its own: without edits.
    #[must_use]
    pub fn held_at(&self, step: u64) -> Self {
        Self {
            edits: Vec::new(),
            ..self.as_of(step)
        }
    }

    /// What makes this recipe the other in the middle of a run, in the order in which it is to
    /// be changed: nothing where they are alike, `None` where only a run of its own can be the
    /// other. Edits made so far or still to come are not compared.
    pub fn changes_to(&self, other: &Self) -> Option<Vec<Change>> {
        let changes: Vec<Change> = [
            (self.learning_rate.to_bits() != other.learning_rate.to_bits())
                .then_some(Change::LearningRate(other.learning_rate)),
            (self.l1.to_bits() != other.l1.to_bits()).then_some(Change::L1(other.l1)),
            (self.noise != other.noise).then_some(Change::Noise(other.noise)),
            (self.seed != other.seed).then_some(Change::Seed(other.seed)),
        ]
        .into_iter()
        .flatten()
        .collect();
        let mut changed = self.clone();
        for change in &changes {
            changed.apply(*change);
        }
        changed.edits.clone_from(&other.edits);
        (changed == *other).then_some(changes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Preset;

    #[test]
    fn a_recipe_becomes_another_by_changes_or_not_at_all() {
        let article = Recipe::preset(Preset::Article);
        assert_eq!(article.changes_to(&article), Some(vec![]));
        let tuned = Recipe {
            learning_rate: 0.004,
            l1: 0.001,
            noise: Noise::Mask(9),
            seed: 7,
            ..article.clone()
        };
        let changes = article.changes_to(&tuned);
        let expected = vec![
            Change::LearningRate(0.004),
            Change::L1(0.001),
            Change::Noise(Noise::Mask(9)),
            Change::Seed(7),
        ];
        assert_eq!(changes, Some(expected));
        let batch = Recipe {
            batch_size: 8,
            ..article.clone()
        };
        assert_eq!(article.changes_to(&batch), None);
        assert_eq!(article.changes_to(&Recipe::preset(Preset::Deep)), None);
    }

    #[test]
    fn what_holds_is_a_recipe_without_edits() {
        let change = Change::LearningRate(0.01);
        let recipe = Recipe {
            edits: vec![Edit { step: 10, change }],
            ..Recipe::preset(Preset::Article)
        };
        assert_eq!(recipe.held_at(9), Recipe::preset(Preset::Article));
        let held = recipe.held_at(10);
        assert_eq!((held.learning_rate, held.edits.len()), (0.01, 0));
        // Edits alone make no difference.
        assert_eq!(recipe.changes_to(&recipe.held_at(9)), Some(vec![]));
    }
}
