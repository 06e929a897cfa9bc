//! The command that makes a run again, to the bit.

use std::path::{Path, PathBuf};

use crate::{
    data::Reading,
    nn::Network,
    recipe::{MOST_EPOCHS, Preset, Recipe},
    store::{folder::ReadFrom, keeper::Ran},
    words::{printable, quoted},
};

/// What a run was asked for beside its recipe.
#[derive(Debug, Clone, Default)]
pub(super) struct Sources {
    /// `--data`, where it was named, and how its images are read.
    pub(super) data: Option<ReadFrom>,
    /// `--init`.
    pub(super) init: Option<PathBuf>,
    /// `--config`.
    pub(super) config: Option<Config>,
    /// The file whose weights it began from, by its name alone, where neither of these names it.
    pub(super) unnamed: Option<String>,
}

/// A run.toml that was named, and the recipe that it had.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Config {
    pub(super) path: PathBuf,
    pub(super) recipe: Recipe,
    /// Whether its run began from weights of a file.
    pub(super) from_weights: bool,
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

/// The command of a run of this recipe.
///
/// # Errors
///
/// Why no command says what it is, in words.
pub(super) fn of_recipe(
    recipe: &Recipe,
    stopped_at: Option<u64>,
    sources: &Sources,
) -> Result<String, String> {
    let of_config = |config: &Config| {
        // What else a run is, options say.
        let is_said = recipe.edits == config.recipe.edits
            && recipe.preset == config.recipe.preset
            && (config.recipe.shuffle || !recipe.shuffle);
        is_said.then(|| {
            let first = vec![format!("--config {}", quoted(&config.path))];
            [first, options(&config.recipe, recipe, false, stopped_at)].concat()
        })
    };
    let of_preset = || {
        if !recipe.edits.is_empty() {
            return Err("it was changed on the way".to_owned());
        }
        if let Some(name) = &sources.unnamed {
            let name = printable(name, usize::MAX);
            return Err(format!("it began from {name}, which nothing here names"));
        }
        // Weights of a file bring price and noise of their own.
        let all = sources.init.is_some();
        let preset = Recipe::preset(recipe.preset);
        let first = (all || recipe.preset != Preset::Article)
            .then(|| format!("--preset {}", recipe.preset.name()));
        let more = options(&preset, recipe, all, stopped_at);
        Ok(first.into_iter().chain(more).collect())
    };
    let of_config = sources.config.as_ref().and_then(of_config);
    let mut words: Vec<String> = of_config.map_or_else(of_preset, Ok)?;
    let init = sources.init.as_ref();
    words.extend(init.map(|file| format!("--init {}", quoted(file))));
    words.extend(data(sources));
    Ok(command(&words))
}

/// The options that make a recipe of the same preset the other, or all that say what it is.
fn options(own: &Recipe, wanted: &Recipe, all: bool, stopped_at: Option<u64>) -> Vec<String> {
    let mut words = Vec::new();
    let mut say = |differs: bool, option: &str, value: String| {
        if differs {
            words.push(format!("{option} {value}"));
        }
    };
    if let Some(sizes) = wanted.network.encoder_sizes() {
        let differs = own.network.encoder_sizes() != Some(sizes);
        let words: Vec<String> = sizes.iter().map(usize::to_string).collect();
        say(all || differs, "--encoder", words.join(","));
    }
    if let Some(maps) = wanted.network.channels() {
        let differs = own.network.channels() != Some(maps);
        let words: Vec<String> = maps.iter().map(usize::to_string).collect();
        say(all || differs, "--channels", words.join(","));
    }
    if let Some(activation) = wanted.network.latent_activation() {
        let differs = own.network.latent_activation() != Some(activation);
        say(
            all || differs,
            "--latent-activation",
            activation.name().into(),
        );
    }
    let l1 = all && matches!(wanted.network, Network::Dense { .. });
    say(
        l1 || wanted.l1 != own.l1,
        "--l1",
        format!("{:?}", wanted.l1),
    );
    say(
        all || wanted.noise != own.noise,
        "--noise",
        wanted.noise.to_string(),
    );
    // So many epochs are all of them, whatever limit the other recipe has.
    let max_steps = stopped_at.or(wanted.max_steps);
    let no_limit = max_steps.is_none() && own.max_steps.is_some();
    let epochs = no_limit || wanted.epochs != own.epochs;
    say(epochs, "--epochs", wanted.epochs.to_string());
    say(
        wanted.batch_size != own.batch_size,
        "--batch-size",
        wanted.batch_size.to_string(),
    );
    say(
        wanted.learning_rate != own.learning_rate,
        "--learning-rate",
        format!("{:?}", wanted.learning_rate),
    );
    say(wanted.seed != own.seed, "--seed", wanted.seed.to_string());
    say(
        wanted.digits != own.digits,
        "--digits",
        wanted.digits.to_string(),
    );
    if own.shuffle && !wanted.shuffle {
        words.push("--no-shuffle".into());
    }
    let limit = max_steps.filter(|steps| epochs || own.max_steps != Some(*steps));
    words.extend(limit.map(|steps| format!("--max-steps {steps}")));
    words
}

fn data(sources: &Sources) -> Option<String> {
    let ReadFrom { path, reading } = sources.data.as_ref()?;
    let options = if *reading == Reading::default() {
        String::new()
    } else {
        format!(" {reading}")
    };
    Some(format!("--data {}{options}", quoted(path)))
}

fn command(words: &[String]) -> String {
    let words = [&["ae-tui train".to_owned()], words].concat();
    words.join(" ")
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
        store::folder::RunFile,
    };

    /// The recipe that a command asks for.
    fn asked(command: &str) -> Recipe {
        let words = command.split(' ');
        let parsed = Arguments::try_parse_from(words).unwrap();
        let Some(Command::Train(arguments)) = parsed.command else {
            panic!("{command}")
        };
        recipe_of(&arguments, None).unwrap()
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
        assert!(of_recipe(&edited, None, &Sources::default()).is_err());
    }

    #[test]
    fn files_are_named_as_a_shell_takes_them() {
        let sources = Sources {
            data: Some(ReadFrom {
                path: "my images".into(),
                reading: Reading {
                    invert: true,
                    ..Reading::default()
                },
            }),
            ..Sources::default()
        };
        assert_eq!(
            of_folder(Path::new("a b"), Some(7), &sources),
            "ae-tui train --config 'a b/run.toml' --max-steps 7 --data 'my images' --invert"
        );
    }

    /// A recipe as its run.toml has it, and the source that names that file.
    fn kept(folder: &Path, recipe: &Recipe) -> Sources {
        let path = folder.join("run.toml");
        RunFile::new(recipe, "MNIST", "").write(&path).unwrap();
        let config = Config {
            path,
            recipe: recipe.clone(),
            from_weights: false,
        };
        Sources {
            config: Some(config),
            ..Sources::default()
        }
    }

    #[test]
    fn a_run_that_was_made_again_is_made_again_by_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let edit = |step, rate| Edit {
            step,
            change: Change::LearningRate(rate),
        };
        let edited = Recipe {
            edits: vec![edit(1, 0.01)],
            max_steps: Some(30),
            ..Recipe::preset(Preset::Deep)
        };
        let sources = kept(folder.path(), &edited);
        let said = |recipe: &Recipe| of_recipe(recipe, None, &sources);
        let file = folder.path().join("run.toml");
        let own = format!("ae-tui train --config {}", file.display());
        assert_eq!(said(&edited), Ok(own.clone()));
        let whole = Recipe {
            seed: 7,
            max_steps: None,
            ..edited.clone()
        };
        assert_eq!(said(&whole), Ok(format!("{own} --epochs 10 --seed 7")));
        // What was changed while it was watched is in no file.
        let live = Recipe {
            edits: vec![edit(1, 0.01), edit(9, 0.1)],
            ..edited.clone()
        };
        assert!(said(&live).is_err());
        // Another network has nothing of it.
        let sparse = Recipe::preset(Preset::Sparse);
        assert_eq!(said(&sparse), Ok("ae-tui train --preset sparse".into()));
    }

    #[test]
    fn weights_that_nothing_names_are_said_to_be_missing() {
        let sources = Sources {
            unnamed: Some("a.safetensors".into()),
            ..Sources::default()
        };
        let said = of_recipe(&Recipe::preset(Preset::Article), None, &sources);
        assert!(said.unwrap_err().contains("began from a.safetensors"));
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
            of_file in (1..1000_u64, any::<u64>(), proptest::option::of(1..u64::MAX)),
        ) {
            let (epochs, batch_size, seed, shuffle) = numbers;
            let mut recipe = Recipe {
                noise, epochs, batch_size, learning_rate, seed, shuffle, max_steps,
                ..Recipe::preset(preset)
            };
            let _ = recipe.set_channels(sizes.iter().map(|size| 1 + size % 9).collect());
            let _ = recipe.set_encoder(sizes);
            let activation = if linear { Activation::Linear } else { Activation::Relu };
            let _ = recipe.set_latent_activation(activation);
            if matches!(recipe.network, Network::Dense { .. }) {
                recipe.l1 = l1;
            }
            let command = of_recipe(&recipe, stopped_at, &Sources::default()).unwrap();
            recipe.max_steps = stopped_at.or(max_steps);
            prop_assert_eq!(&asked(&command), &recipe, "{}", command);
            // So does one that begins with a file, whatever that says.
            let folder = tempfile::tempdir().unwrap();
            let file = Recipe {
                epochs: of_file.0, seed: of_file.1, max_steps: of_file.2,
                edits: vec![Edit { step: 3, change: Change::Seed(8) }],
                ..Recipe::preset(preset)
            };
            recipe.edits.clone_from(&file.edits);
            let sources = kept(folder.path(), &file);
            let command = of_recipe(&recipe, None, &sources).unwrap();
            prop_assert_eq!(asked(&command), recipe, "{}", command);
        }
    }
}
