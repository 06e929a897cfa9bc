//! `--memory`: room for the moments of a run that can be gone back to.

use clap::Args;

use super::{Misuse, values};
use crate::{recipe::Recipe, train::Keeping};

/// What is taken where none is named.
const DEFAULT: u64 = 256 << 20;

#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Memory {
    /// Memory for the moments that can be gone back to: 64MiB, 1GiB, or bytes; 0 keeps none
    /// [default: 256MiB]
    #[arg(long = "memory", value_name = "SIZE", value_parser = values::size, allow_hyphen_values = true, help_heading = "Watching")]
    named: Option<u64>,
}

impl Memory {
    fn bytes(self) -> u64 {
        self.named.unwrap_or(DEFAULT)
    }

    /// Refuses a size that was named and holds no moment of a run of this recipe: who wants none
    /// says so.
    pub(super) fn expect_room(self, recipe: &Recipe) -> Result<(), Misuse> {
        self.expect_room_in(self.keeping(recipe), 1, recipe)
    }

    /// The same for either run of a pair.
    pub(super) fn expect_room_of_two(self, recipe: &Recipe) -> Result<(), Misuse> {
        self.expect_room_in(self.keeping_of_half(recipe), 2, recipe)
    }

    fn expect_room_in(self, keeping: Keeping, runs: u64, recipe: &Recipe) -> Result<(), Misuse> {
        match self.named {
            Some(bytes @ 1..) if keeping.states == 0 => {
                let least = runs * Keeping::least(parameters(recipe)).div_ceil(1 << 10);
                let share = if runs == 1 { "" } else { "half of " };
                Err(Misuse(format!(
                    "--memory {bytes}: no moment of this run, {}, fits into {share}so many bytes; \
                     give it {least}KiB or more, or 0 to keep none",
                    recipe.architecture()
                )))
            }
            _ => Ok(()),
        }
    }

    /// The moments of a run of this recipe that there is memory for.
    pub(super) fn keeping(self, recipe: &Recipe) -> Keeping {
        Keeping::within(self.bytes(), parameters(recipe))
    }

    /// The moments of either run of a pair: of both as many, so that they are of the same steps.
    pub(super) fn keeping_of_two(self, recipes: [&Recipe; 2]) -> Keeping {
        let [one, other] = recipes.map(|recipe| self.keeping_of_half(recipe));
        Keeping {
            frames: one.frames.min(other.frames),
            states: one.states.min(other.states),
            ..one
        }
    }

    fn keeping_of_half(self, recipe: &Recipe) -> Keeping {
        Keeping::within(self.bytes() / 2, parameters(recipe))
    }

    /// The memory for the moments of the runs that were left on the same screen: what a run
    /// leaves of all there is (see [`Keeping::within`]).
    pub(super) fn of_others(self) -> u64 {
        self.bytes() / 17 * 9
    }
}

fn parameters(recipe: &Recipe) -> u64 {
    let parameters = recipe.architecture().parameter_count();
    u64::try_from(parameters).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Preset;

    #[test]
    fn a_size_that_holds_nothing_is_refused_with_the_least_that_does() {
        for preset in Preset::ALL {
            let recipe = Recipe::preset(preset);
            let of = |named| Memory { named };
            let Misuse(words) = of(Some(1)).expect_room(&recipe).unwrap_err();
            let (_, least) = words.split_once("give it ").unwrap();
            let least = values::size(least.split(' ').next().unwrap()).unwrap();
            assert!(of(Some(least)).expect_room(&recipe).is_ok(), "{words}");
            assert!(of(Some(least)).keeping(&recipe).states > 0, "{words}");
            // It is in whole KiB.
            let less = of(Some(least - 1024));
            assert!(less.expect_room(&recipe).is_err(), "{words}");
            // Either of two has half.
            let two = of(Some(least)).expect_room_of_two(&recipe);
            let Misuse(words) = two.unwrap_err();
            let (_, twice) = words.split_once("give it ").unwrap();
            let twice = values::size(twice.split(' ').next().unwrap()).unwrap();
            assert!(of(Some(twice)).expect_room_of_two(&recipe).is_ok());
            assert!(of(Some(twice)).keeping_of_two([&recipe; 2]).states > 0);
            // None at all, and what nobody named, are no slips.
            for named in [Some(0), None] {
                assert!(of(named).expect_room(&recipe).is_ok());
            }
        }
    }
}
