//! The one spelling of a recipe: its fields as files have them.
//!
//! Flat, so that scripts find a field by its name, and so that a record may have it
//! among its own fields. What has its default and would say nothing is left out.

use serde::{Deserialize, Serialize};

use super::{Change, Edit, Preset, Recipe, RecipeError, whole};
use crate::{
    data::{Labels, corrupt::Noise},
    image::ImageSize,
    nn::{Activation, Network},
    words::printable,
};

/// The longest name of a class.
const LONGEST_NAME: usize = 64;

/// A recipe as it is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Written {
    preset: String,
    /// Rows and columns.
    image: [usize; 2],
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    classes: Vec<String>,
    /// The labels that it is trained on, where those are not all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    digits: Option<String>,
    /// What the network is called.
    network: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    encoder: Vec<usize>,
    /// Where those of its convolutions are others than the preset's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    channels: Vec<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    latent_activation: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    l1: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    noise: Option<String>,
    #[serde(default = "adam")]
    optimiser: String,
    learning_rate: f64,
    batch_size: usize,
    shuffle: bool,
    #[serde(serialize_with = "whole::write", deserialize_with = "whole::read")]
    seed: u64,
    epochs: u64,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "whole::write_if_any",
        deserialize_with = "whole::read_if_any"
    )]
    max_steps: Option<u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    edits: Vec<Edit>,
}

/// An edit as it is written: its step and the field it changes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenEdit {
    #[serde(serialize_with = "whole::write", deserialize_with = "whole::read")]
    step: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    learning_rate: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    l1: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    noise: Option<String>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "whole::write_if_any",
        deserialize_with = "whole::read_if_any"
    )]
    seed: Option<u64>,
}

/// The only optimiser.
fn adam() -> String {
    "adam".into()
}

impl From<Recipe> for Written {
    fn from(recipe: Recipe) -> Self {
        let ImageSize { height, width } = recipe.image;
        let latent_activation = recipe.network.latent_activation();
        Self {
            preset: recipe.preset.name().into(),
            image: [height, width],
            digits: (recipe.digits != Labels::ALL).then(|| recipe.digits.to_string()),
            network: recipe.network.name().into(),
            encoder: recipe.network.encoder_sizes().unwrap_or_default().into(),
            channels: recipe.network.other_channels().into(),
            latent_activation: latent_activation.map(|activation| activation.name().into()),
            l1: Some(recipe.l1).filter(|&l1| l1 > 0.0),
            noise: (recipe.noise != Noise::None).then(|| recipe.noise.to_string()),
            optimiser: adam(),
            learning_rate: recipe.learning_rate,
            batch_size: recipe.batch_size,
            shuffle: recipe.shuffle,
            seed: recipe.seed,
            epochs: recipe.epochs,
            max_steps: recipe.max_steps,
            classes: recipe.classes,
            edits: recipe.edits,
        }
    }
}

impl From<Edit> for WrittenEdit {
    fn from(Edit { step, change }: Edit) -> Self {
        let only = Self {
            step,
            ..Self::default()
        };
        match change {
            Change::LearningRate(rate) => Self {
                learning_rate: Some(rate),
                ..only
            },
            Change::L1(price) => Self {
                l1: Some(price),
                ..only
            },
            Change::Noise(noise) => Self {
                noise: Some(noise.to_string()),
                ..only
            },
            Change::Seed(seed) => Self {
                seed: Some(seed),
                ..only
            },
        }
    }
}

impl TryFrom<Written> for Recipe {
    type Error = RecipeError;

    fn try_from(written: Written) -> Result<Self, RecipeError> {
        let unknown = |field, value: &str| RecipeError::Unknown {
            field,
            value: value.into(),
        };
        let preset = Preset::named(&written.preset);
        if written.optimiser != adam() {
            return Err(unknown("optimiser", &written.optimiser));
        }
        let [height, width] = written.image;
        let recipe = Self {
            preset: preset.ok_or_else(|| unknown("preset", &written.preset))?,
            image: ImageSize { height, width },
            digits: written.digits.as_deref().map_or(Ok(Labels::ALL), digits)?,
            network: network(
                &written.network,
                written.encoder,
                written.channels,
                written.latent_activation.as_deref(),
            )?,
            l1: written.l1.unwrap_or_default(),
            noise: written.noise.as_deref().map_or(Ok(Noise::None), noise)?,
            epochs: written.epochs,
            batch_size: written.batch_size,
            learning_rate: written.learning_rate,
            seed: written.seed,
            shuffle: written.shuffle,
            max_steps: written.max_steps,
            classes: classes(written.classes),
            edits: written.edits,
        };
        recipe.check()?;
        Ok(recipe)
    }
}

impl TryFrom<WrittenEdit> for Edit {
    type Error = RecipeError;

    fn try_from(written: WrittenEdit) -> Result<Self, RecipeError> {
        let step = written.step;
        let changed = (
            written.learning_rate,
            written.l1,
            written.noise,
            written.seed,
        );
        let change = match changed {
            (Some(rate), None, None, None) => Change::LearningRate(rate),
            (None, Some(price), None, None) => Change::L1(price),
            (None, None, Some(words), None) => Change::Noise(noise(&words)?),
            (None, None, None, Some(seed)) => Change::Seed(seed),
            _ => return Err(RecipeError::EditOfMany { step }),
        };
        Ok(Self { step, change })
    }
}

/// As many names as a byte has values, each fit to be shown.
fn classes(names: Vec<String>) -> Vec<String> {
    let most = usize::from(u8::MAX) + 1;
    let names = names.into_iter().take(most);
    names.map(|name| printable(&name, LONGEST_NAME)).collect()
}

fn network(
    name: &str,
    encoder: Vec<usize>,
    channels: Vec<usize>,
    latent_activation: Option<&str>,
) -> Result<Network, RecipeError> {
    let unknown = |field, value: &str| RecipeError::Unknown {
        field,
        value: value.into(),
    };
    match name {
        "dense" => {
            let words = latent_activation.unwrap_or_default();
            let activation = Activation::named(words);
            Ok(Network::Dense {
                encoder,
                latent_activation: activation.ok_or_else(|| unknown("latent_activation", words))?,
            })
        }
        "variational" => Ok(Network::Variational { encoder }),
        "convolutional" => Ok(Network::convolutional(channels)),
        other => Err(unknown("network", other)),
    }
}

fn digits(words: &str) -> Result<Labels, RecipeError> {
    words.parse().map_err(|_| RecipeError::Unknown {
        field: "digits",
        value: words.into(),
    })
}

fn noise(words: &str) -> Result<Noise, RecipeError> {
    words.parse().map_err(|_| RecipeError::Unknown {
        field: "noise",
        value: words.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn there_and_back(recipe: &Recipe) -> Recipe {
        let text = serde_json::to_string(recipe).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn a_recipe_is_written_flat_by_the_names_of_its_options() {
        let article = serde_json::to_value(Recipe::preset(Preset::Article)).unwrap();
        assert_eq!(
            article,
            json!({
                "preset": "article",
                "image": [28, 28],
                "classes": ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
                "network": "dense",
                "encoder": [32, 2],
                "latent_activation": "relu",
                "optimiser": "adam",
                "learning_rate": 0.001,
                "batch_size": 32,
                "shuffle": true,
                "seed": 32,
                "epochs": 10,
            })
        );
        // What it was before there was a choice goes unsaid.
        let mut conv = Recipe::preset(Preset::Conv);
        let written = serde_json::to_value(&conv).unwrap();
        assert!(written.get("channels").is_none() && written["network"] == "convolutional");
        conv.set_channels(vec![8, 4]).unwrap();
        assert_eq!(
            serde_json::to_value(&conv).unwrap()["channels"],
            json!([8, 4])
        );
        let edits = vec![
            Edit {
                step: 7,
                change: Change::LearningRate(0.004),
            },
            Edit {
                step: 9,
                change: Change::Noise(Noise::Mask(3)),
            },
        ];
        let edited = Recipe {
            edits,
            ..Recipe::preset(Preset::Denoising)
        };
        let written = serde_json::to_value(&edited).unwrap();
        assert_eq!(
            written["edits"],
            json!([{"step": 7, "learning_rate": 0.004}, {"step": 9, "noise": "mask:3"}])
        );
        assert_eq!(written["noise"], "gaussian:0.5");
    }

    #[test]
    fn what_is_no_recipe_is_refused_by_field_and_value() {
        let good = serde_json::to_value(Recipe::preset(Preset::Article)).unwrap();
        let refused = |field: &str, value: Value| {
            let mut wrong = good.clone();
            wrong[field] = value;
            let error = serde_json::from_value::<Recipe>(wrong).unwrap_err();
            error.to_string()
        };
        for (field, value) in [
            ("preset", json!("artikel")),
            ("network", json!("transformer")),
            ("latent_activation", json!("tanh")),
            ("noise", json!("fog:1")),
            ("digits", json!("8-0")),
            ("digits", json!("")),
            ("optimiser", json!("sgd")),
        ] {
            let words = refused(field, value.clone());
            let value = value.as_str().unwrap();
            assert!(words.contains(field) && words.contains(value), "{words}");
        }
        assert!(refused("batch_size", json!(0)).contains("batch size 0"));
        assert!(refused("image", json!([0, 28])).contains("0x28"));
        assert!(refused("edits", json!([{"step": 3}])).contains("step 3"));
        let both = json!([{"step": 3, "l1": 1.0, "noise": "none"}]);
        assert!(refused("edits", both).contains("step 3"));
        let backwards = json!([{"step": 9, "l1": 1.0}, {"step": 3, "l1": 0.1}]);
        assert!(refused("edits", backwards).contains("step 3"));
    }

    fn changes() -> impl Strategy<Value = Change> {
        prop_oneof![
            (1e-6..1.0_f64).prop_map(Change::LearningRate),
            (0.0..1.0_f64).prop_map(Change::L1),
            (0.01..1.0_f64).prop_map(|d| Change::Noise(Noise::Gaussian(d))),
            any::<u64>().prop_map(Change::Seed),
        ]
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_was_written(
            preset in prop::sample::select(Preset::ALL.to_vec()),
            seed in any::<u64>(),
            learning_rate in 1e-6..1.0_f64,
            max_steps in proptest::option::of(1..u64::MAX),
            digits in prop::collection::vec(0..10_u8, 1..12),
            channels in prop::collection::vec(1..30_usize, 1..=4),
            mut edits in prop::collection::vec((0..1000_u64, changes()), 0..4),
        ) {
            edits.sort_by_key(|(step, _)| *step);
            let edits = edits.into_iter().map(|(step, change)| Edit { step, change });
            let mut recipe = Recipe {
                seed,
                learning_rate,
                max_steps,
                digits: digits.into_iter().collect(),
                edits: edits.collect(),
                ..Recipe::preset(preset)
            };
            let _ = recipe.set_channels(channels);
            if !matches!(recipe.network, Network::Dense { .. }) {
                recipe.edits.retain(|edit| !matches!(edit.change, Change::L1(_)));
            }
            prop_assert_eq!(there_and_back(&recipe), recipe);
        }
    }
}
