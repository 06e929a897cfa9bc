//! The command that makes a run again, to the bit.

use std::path::{Path, PathBuf};

use crate::{
    data::Labels,
    nn::Network,
    recipe::{MOST_EPOCHS, Preset, Recipe},
    store::keeper::Ran,
    words::printable,
};

/// What a run was asked for beside its recipe.
#[derive(Debug, Clone, Default)]
pub(super) struct Sources {
    /// `--data`, where it was named.
    pub(super) data: Option<PathBuf>,
    /// `--init`.
    pub(super) init: Option<PathBuf>,
}

/// The command of a run that a folder keeps.
pub(super) fn of_folder(folder: &Path, stopped_at: Option<u64>, sources: &Sources) -> String {
    let mut words = vec![format!("--config {}", quoted(&folder.join("run.toml")))];
    words.extend(stopped_at.map(|steps| format!("--max-steps {steps}")));
    words.extend(data(sources));
    command(&words)
}

/// The command that goes on with the run of a folder; one that is finished has to be asked for
/// more.
pub(super) fn resuming(folder: &Path, ran: &Ran, sources: &Sources) -> String {
    let mut words = vec![format!("--resume {}", quoted(folder))];
    if ran.stopped_at.is_none() {
        let epochs = ran.recipe.epochs;
        // What was to end within an epoch has epochs left.
        let more = if ran.recipe.max_steps.is_some() {
            epochs
        } else {
            epochs.saturating_mul(2).min(MOST_EPOCHS)
        };
        words.push(format!("--epochs {more}"));
    }
    words.extend(data(sources));
    command(&words)
}

/// The command of a run of this recipe; none where it was changed on the way, which no
/// option says.
pub(super) fn of_recipe(
    recipe: &Recipe,
    stopped_at: Option<u64>,
    sources: &Sources,
) -> Option<String> {
    if !recipe.edits.is_empty() {
        return None;
    }
    let max_steps = stopped_at.or(recipe.max_steps);
    let preset = Recipe::preset(recipe.preset);
    // Weights of a file bring price and noise of their own.
    let all = sources.init.is_some();
    let mut words = Vec::new();
    let mut say = |differs: bool, option: &str, value: String| {
        if differs {
            words.push(format!("{option} {value}"));
        }
    };
    say(
        all || recipe.preset != Preset::Article,
        "--preset",
        recipe.preset.name().into(),
    );
    if let Some(sizes) = recipe.network.encoder_sizes() {
        let of_preset = preset.network.encoder_sizes();
        let words: Vec<String> = sizes.iter().map(usize::to_string).collect();
        say(
            all || of_preset != Some(sizes),
            "--encoder",
            words.join(","),
        );
    }
    if let Some(activation) = recipe.network.latent_activation() {
        let of_preset = preset.network.latent_activation();
        say(
            all || of_preset != Some(activation),
            "--latent-activation",
            activation.name().into(),
        );
    }
    let l1 = all && matches!(recipe.network, Network::Dense { .. });
    say(
        l1 || recipe.l1 != preset.l1,
        "--l1",
        format!("{:?}", recipe.l1),
    );
    say(
        all || recipe.noise != preset.noise,
        "--noise",
        recipe.noise.to_string(),
    );
    say(
        recipe.epochs != preset.epochs,
        "--epochs",
        recipe.epochs.to_string(),
    );
    say(
        recipe.batch_size != preset.batch_size,
        "--batch-size",
        recipe.batch_size.to_string(),
    );
    say(
        recipe.learning_rate != preset.learning_rate,
        "--learning-rate",
        format!("{:?}", recipe.learning_rate),
    );
    say(
        recipe.seed != preset.seed,
        "--seed",
        recipe.seed.to_string(),
    );
    say(
        recipe.digits != Labels::ALL,
        "--digits",
        recipe.digits.to_string(),
    );
    if !recipe.shuffle {
        words.push("--no-shuffle".into());
    }
    words.extend(max_steps.map(|steps| format!("--max-steps {steps}")));
    words.extend(
        sources
            .init
            .as_ref()
            .map(|file| format!("--init {}", quoted(file))),
    );
    words.extend(data(sources));
    Some(command(&words))
}

fn data(sources: &Sources) -> Option<String> {
    let folder = sources.data.as_ref()?;
    Some(format!("--data {}", quoted(folder)))
}

fn command(words: &[String]) -> String {
    let words = [&["ae-tui train".to_owned()], words].concat();
    words.join(" ")
}

/// A path as a shell takes it.
pub(super) fn quoted(path: &Path) -> String {
    quote(&printable(&path.to_string_lossy(), usize::MAX))
}

/// A word as a shell takes it.
pub(super) fn quote(word: &str) -> String {
    if word.contains(|c: char| !(c.is_alphanumeric() || "._-/~+=,@%".contains(c))) {
        format!("'{}'", word.replace('\'', r"'\''"))
    } else {
        word.into()
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use proptest::prelude::*;

    use super::*;
    use crate::{
        cli::{Arguments, Command, train::recipe_of},
        data::corrupt::Noise,
        nn::Activation,
        recipe::{Change, Edit},
    };

    /// The recipe that a command asks for.
    fn asked(command: &str) -> Recipe {
        let words = command.split(' ');
        let parsed = Arguments::try_parse_from(words).unwrap();
        let Some(Command::Train(arguments)) = parsed.command else {
            panic!("{command}")
        };
        recipe_of(&arguments).unwrap()
    }

    #[test]
    fn a_command_says_what_is_not_the_presets() {
        let said = |recipe: &Recipe| of_recipe(recipe, None, &Sources::default()).unwrap();
        assert_eq!(said(&Recipe::preset(Preset::Article)), "ae-tui train");
        let deep = Recipe {
            epochs: 3,
            l1: 0.5,
            ..Recipe::preset(Preset::Deep)
        };
        assert_eq!(
            said(&deep),
            "ae-tui train --preset deep --l1 0.5 --epochs 3"
        );
        let edited = Recipe {
            edits: vec![Edit {
                step: 1,
                change: Change::Seed(1),
            }],
            ..deep
        };
        assert_eq!(of_recipe(&edited, None, &Sources::default()), None);
    }

    #[test]
    fn files_are_named_as_a_shell_takes_them() {
        let sources = Sources {
            data: Some("my images".into()),
            init: None,
        };
        assert_eq!(
            of_folder(Path::new("a b"), Some(7), &sources),
            "ae-tui train --config 'a b/run.toml' --max-steps 7 --data 'my images'"
        );
    }

    proptest! {
        #[test]
        fn a_command_asks_for_the_recipe_it_was_made_of(
            preset in prop::sample::select(Preset::ALL.to_vec()),
            sizes in prop::collection::vec(1..900_usize, 1..5),
            linear in any::<bool>(),
            l1 in prop_oneof![Just(0.0), Just(1e-4), 1e-30..1.0_f64],
            noise in prop_oneof![
                Just(Noise::None),
                Just(Noise::Gaussian(0.5)),
                (1e-6..3.0_f64).prop_map(Noise::Gaussian),
                (0.01..1.0_f64).prop_map(Noise::SaltPepper),
                (1..28_usize).prop_map(Noise::Mask),
            ],
            learning_rate in prop_oneof![Just(0.001), 1e-30..10.0_f64],
            numbers in (1..1000_u64, 1..9999_usize, any::<u64>(), any::<bool>()),
            max_steps in proptest::option::of(1..u64::MAX),
            stopped_at in proptest::option::of(1..u64::MAX),
        ) {
            let (epochs, batch_size, seed, shuffle) = numbers;
            let mut recipe = Recipe {
                noise, epochs, batch_size, learning_rate, seed, shuffle, max_steps,
                ..Recipe::preset(preset)
            };
            let _ = recipe.set_encoder(sizes);
            let activation = if linear { Activation::Linear } else { Activation::Relu };
            let _ = recipe.set_latent_activation(activation);
            if matches!(recipe.network, Network::Dense { .. }) {
                recipe.l1 = l1;
            }
            let command = of_recipe(&recipe, stopped_at, &Sources::default()).unwrap();
            recipe.max_steps = stopped_at.or(max_steps);
            prop_assert_eq!(asked(&command), recipe, "{}", command);
        }
    }
}
