//! `--memory`: room for the moments of a run that can be gone back to.

use clap::Args;

use super::values;
use crate::{recipe::Recipe, train::Keeping};

#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Memory {
    /// Memory for the moments that can be gone back to: 64MiB, 1GiB, or bytes; 0 keeps none
    #[arg(long = "memory", value_name = "SIZE", value_parser = values::size, default_value = "256MiB", allow_hyphen_values = true, help_heading = "Watching")]
    bytes: u64,
}

impl Memory {
    /// The moments of a run of this recipe that there is memory for.
    pub(super) fn keeping(self, recipe: &Recipe) -> Keeping {
        let parameters = recipe.architecture().parameter_count();
        let parameters = u64::try_from(parameters).unwrap_or(u64::MAX);
        Keeping::within(self.bytes, parameters)
    }

    /// The memory for the moments of the runs that were left on the same screen: what a run
    /// leaves of all there is (see [`Keeping::within`]).
    pub(super) fn of_others(self) -> u64 {
        self.bytes / 17 * 9
    }
}
