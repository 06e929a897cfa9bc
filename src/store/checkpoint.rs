//! A state as a file: a file of weights like any other, with the optimiser's moments
//! beside, and the sums of the epoch that it is in among its metadata.
//!
//! Whatever loads weights loads a checkpoint, and a run goes on from one to the bit.

use std::path::Path;

use super::{
    StoreError, atomic,
    weights::{self, About, Fault},
};
use crate::state::State;

/// Writes a state to `path`, whole, replacing what was there.
///
/// # Errors
/// A state that is not finite or too large, and those of [`atomic::write`].
pub fn save(path: &Path, state: &State, about: &About) -> Result<(), StoreError> {
    atomic::write(path, &weights::state_to_bytes(state, about)?)
}

/// Reads a state, and what the file says of it.
///
/// # Errors
/// [`StoreError::NotWeights`] with what is wrong with the file; weights alone are
/// no state.
pub fn load(path: &Path) -> Result<(State, About), StoreError> {
    read(path).map_err(|fault| StoreError::not_weights(path, fault))
}

/// The same, with what is wrong alone.
pub(super) fn read(path: &Path) -> Result<(State, About), Fault> {
    weights::read_state(path)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::{
        nn::Autoencoder,
        random::{Stream, generator},
        recipe::{Preset, Recipe},
        state::EpochSoFar,
    };

    /// A state with a number of its own at every place.
    fn state(recipe: &Recipe) -> State {
        let net = |seed| {
            let rng = &mut generator(seed, Stream::Weights, 0);
            Autoencoder::glorot(&recipe.architecture(), rng)
        };
        let mut state = State::start(recipe, Some(net(1)));
        (state.adam.m, state.adam.v, state.adam.t) = (net(2), net(3), 1234);
        let squares = state.adam.v.parameters_mut().flatten();
        squares.for_each(|square| *square *= *square);
        let units = recipe.architecture().latent();
        state.so_far = EpochSoFar {
            images: 77,
            loss: 0.1 + 0.2,
            unit_lives: (0..units).map(|unit| unit % 3 == 0).collect(),
        };
        state
    }

    fn about(recipe: &Recipe) -> About {
        About {
            step: Some(1234),
            ..About::of(recipe)
        }
    }

    #[test]
    fn a_state_of_every_kind_comes_back_to_the_bit_and_is_weights_for_everybody_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.safetensors");
        for preset in Preset::ALL {
            let recipe = Recipe::preset(preset);
            let state = state(&recipe);
            save(&path, &state, &about(&recipe)).unwrap();
            let (read, told) = load(&path).unwrap();
            assert!(read == state, "{}", preset.name());
            assert_eq!(told, about(&recipe));
            assert_eq!(weights::glance(&path).unwrap(), Some(told));
            assert!(weights::load(&path, None).unwrap().net == state.net);
        }
    }

    #[test]
    fn weights_are_no_state_and_it_says_what_to_do_with_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.safetensors");
        let recipe = Recipe::preset(Preset::Article);
        weights::save(&path, &state(&recipe).net, &about(&recipe)).unwrap();
        let words = load(&path).unwrap_err().to_string();
        assert!(words.contains("--init in place of --resume"), "{words}");
    }

    #[test]
    fn a_torn_or_foreign_checkpoint_is_refused_at_any_length() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.safetensors");
        let recipe = Recipe::preset(Preset::Article);
        let whole = weights::state_to_bytes(&state(&recipe), &about(&recipe)).unwrap();
        for length in [0, 7, 8, 500, whole.len() / 3, whole.len() - 1] {
            fs::write(&path, &whole[..length]).unwrap();
            assert!(load(&path).is_err(), "{length}");
            assert!(weights::glance(&path).is_err(), "{length}");
        }
        let mut state = state(&recipe);
        state.so_far.unit_lives.push(true);
        save(&path, &state, &about(&recipe)).unwrap();
        assert!(load(&path).unwrap_err().to_string().contains("its sums"));
    }

    #[test]
    fn means_of_squares_that_are_negative_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.safetensors");
        let recipe = Recipe::preset(Preset::Article);
        let mut state = state(&recipe);
        for values in state.adam.v.parameters_mut().skip(3).take(1) {
            values[0] = -1e-9;
        }
        save(&path, &state, &about(&recipe)).unwrap();
        let told = load(&path).unwrap_err().to_string();
        assert!(
            told.contains("negative values; use an earlier save"),
            "{told}"
        );
    }

    #[test]
    fn what_is_not_finite_is_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.safetensors");
        let recipe = Recipe::preset(Preset::Article);
        let mut state = state(&recipe);
        for values in state.adam.v.parameters_mut().take(1) {
            values[0] = f32::INFINITY;
        }
        let refused = save(&path, &state, &about(&recipe)).unwrap_err();
        assert!(matches!(refused, StoreError::NotFinite));
        assert!(!path.exists());
    }
}
