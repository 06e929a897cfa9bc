//! What was changed on the way, as far as it has been told.
//!
//! Changes of the same step are one to the reader: what they come to is told, from what held
//! before it to what holds behind it.

use crate::{
    recipe::{Edit, Recipe},
    words::grouped,
};

/// The edits that were told.
#[derive(Debug, Clone, Default)]
pub(super) struct Changes {
    told: Vec<Edit>,
    /// The step of the last one, until an epoch has ended since.
    open: Option<u64>,
}

impl Changes {
    /// Goes back to this step.
    pub(super) fn cut(&mut self, step: u64) {
        self.told.retain(|edit| edit.step <= step);
        self.open = self.open.filter(|changed| *changed <= step);
    }

    /// The step from which on the last of them holds; 0 without any.
    pub(super) fn last(&self) -> u64 {
        self.told.last().map_or(0, |edit| edit.step)
    }

    /// What is new of a recipe's edits up to this step, by their steps; nothing is said of changes
    /// that come to none.
    pub(super) fn news(&mut self, recipe: &Recipe, step: u64) -> Vec<(u64, Option<String>)> {
        let edits = recipe.edits.iter();
        let so_far = edits.take_while(|edit| edit.step <= step);
        let untold: Vec<Edit> = so_far.skip(self.told.len()).copied().collect();
        self.told.extend(&untold);
        self.open = untold.last().map(|edit| edit.step).or(self.open);
        let of_a_step = untold.chunk_by(|one, other| one.step == other.step);
        of_a_step
            .map(|edits| (edits[0].step, words(recipe, edits[0].step)))
            .collect()
    }

    /// Whether an epoch that ends after this step is the first since a change within it.
    pub(super) fn close(&mut self, step: u64) -> bool {
        self.open.take_if(|changed| *changed < step).is_some()
    }
}

/// What became of the recipe after this step: `Changed: rate .001 > .004, from step 1,876.`
fn words(recipe: &Recipe, step: u64) -> Option<String> {
    let mut before = recipe.clone();
    before.edits.retain(|edit| edit.step < step);
    let (before, after) = (before.held_at(step), recipe.held_at(step));
    let changes = before.changes_to(&after)?;
    let values: Vec<String> = changes.iter().map(|one| one.told(&before)).collect();
    let (last, first) = values.split_last()?;
    let values = if first.is_empty() {
        last.clone()
    } else {
        format!("{} and {last}", first.join("; "))
    };
    Some(format!(
        "Changed: {values}, from step {}.",
        grouped(step + 1)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        data::corrupt::Noise,
        recipe::{Change, Preset},
    };

    fn edited(edits: &[(u64, Change)]) -> Recipe {
        let edits = edits.iter().map(|&(step, change)| Edit { step, change });
        Recipe {
            edits: edits.collect(),
            ..Recipe::preset(Preset::Article)
        }
    }

    #[test]
    fn what_was_changed_is_told_once_from_what_to_what_and_since_when() {
        let rate = |rate| Change::LearningRate(rate);
        let recipe = edited(&[
            (0, Change::Seed(7)),
            (1234, rate(0.004)),
            (1234, Change::L1(0.001)),
            (2000, rate(0.1)),
            (2000, Change::Noise(Noise::Mask(9))),
            (2000, rate(0.01)),
            (3000, rate(0.5)),
            (3000, rate(0.01)),
        ]);
        let mut changes = Changes::default();
        let told = |changes: &mut Changes, step| -> Vec<(u64, String)> {
            let news = changes.news(&recipe, step).into_iter();
            news.map(|(step, words)| (step, words.unwrap_or_default()))
                .collect()
        };
        let seed = (0, "Changed: seed 32 > 7, from step 1.".into());
        let both = "Changed: rate .001 > .004 and price 0 > .001, from step 1,235.";
        assert_eq!(told(&mut changes, 1233), [seed]);
        assert_eq!(told(&mut changes, 1300), [(1234, both.into())]);
        assert_eq!(told(&mut changes, 1999), []);
        let last = "Changed: rate .004 > .01 and noise none > mask:9, from step 2,001.";
        let nothing = (3000, String::new());
        assert_eq!(told(&mut changes, 9999), [(2000, last.into()), nothing]);
        // A branch of a step tells what came there anew, and no more.
        changes.cut(1999);
        assert_eq!(told(&mut changes, 2000), [(2000, last.into())]);
    }

    #[test]
    fn an_epoch_closes_what_was_changed_before_its_end() {
        let recipe = edited(&[(10, Change::Seed(7))]);
        let mut changes = Changes::default();
        assert!(!changes.close(10));
        changes.news(&recipe, 10);
        // It holds from the next step on.
        assert_eq!(
            [10, 20, 30].map(|step| changes.close(step)),
            [false, true, false]
        );
    }
}
