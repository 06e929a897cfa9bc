//! What a weights file says of itself: one JSON object among its metadata.

use serde::{Deserialize, Serialize};

use super::Fault;
use crate::{
    data::file_prefix,
    image::ImageSize,
    nn::{Activation, Architecture, Network},
    recipe::{Preset, Recipe, whole},
    state::EpochSoFar,
    store::printable,
};

/// The version this program writes, and the newest it reads.
pub(super) const FORMAT: u64 = 1;

/// The longest description that is read: of thousands of edits, and a code of thousands of
/// units.
const MAX_DESCRIPTION: usize = 512 * 1024;

/// Where weights come from, as far as it is known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct About {
    /// What the run was. Of files from before recipes were written, what they said of it,
    /// among the values of their preset.
    pub recipe: Option<Recipe>,
    /// Steps done.
    pub step: Option<u64>,
    /// Steps of each of the run's epochs, at least 1.
    pub steps_per_epoch: Option<u64>,
    /// Mean training loss of the epoch so far, or of the last one at its end.
    pub train_loss: Option<f32>,
    /// Held-out loss, the latest measured.
    pub val_loss: Option<f32>,
    /// SHA-256 of the data set, in hexadecimal.
    pub digest: Option<String>,
    /// What the data set is called.
    pub data_name: Option<String>,
    /// The weights that the run started from, if it was a warm start.
    pub parent: Option<Box<Parent>>,
}

/// A file of weights that others were trained from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parent {
    /// Its name, without folders.
    pub name: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Steps that its weights had been trained, as far as it said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u64>,
}

impl About {
    /// Whole epochs done.
    pub fn epochs_done(&self) -> Option<u64> {
        self.step?.checked_div(self.steps_per_epoch?)
    }

    /// What a run of this recipe says of its weights, whatever the moment.
    pub fn of(recipe: &Recipe) -> Self {
        Self {
            recipe: Some(recipe.clone()),
            ..Self::default()
        }
    }

    /// The preset of the run.
    pub fn preset(&self) -> Option<Preset> {
        self.recipe.as_ref().map(|recipe| recipe.preset)
    }

    /// What to call the images that the weights were trained on, where those are
    /// known to be others than those of this name and digest.
    pub fn other_images(&self, name: &str, digest: &str) -> Option<String> {
        let theirs = self.digest.as_deref()?;
        (theirs != digest).then(|| match self.data_name.as_deref() {
            Some(own) if own == name => format!(
                "other images that were called {name} too (they have changed since, or were read with \
                 another --resize, --invert, --transpose or --hold-out)"
            ),
            Some(name) => format!("other images ({name})"),
            None => "other images".into(),
        })
    }

    /// Sets what the weights have been trained for, as far as it is known: digits, and price and
    /// noise as they were in the end.
    pub fn amend(&self, recipe: &mut Recipe) {
        if let Some(own) = &self.recipe {
            let last = own.as_of(self.step.unwrap_or(u64::MAX));
            (recipe.l1, recipe.noise, recipe.seed) = (last.l1, last.noise, last.seed);
            recipe.digits = last.digits;
        }
    }

    /// The name of a file of these weights, without its extension:
    /// `ae-tui-article-epoch10` at an epoch's end, `ae-tui-article-step0001234`
    /// within one, `faces-ae-tui-article-epoch10` of other data than MNIST, and
    /// `ae-tui-article-128,16-epoch10` of other sizes than the preset's.
    pub fn stem(&self) -> String {
        let data = self.data_name.as_deref();
        let mut stem = data.map(file_prefix).unwrap_or_default() + "ae-tui";
        let called = self.recipe.as_ref().map(Recipe::called);
        let preset = || self.preset().map(|preset| preset.name().to_owned());
        if let Some(called) = called.or_else(preset) {
            stem = format!("{stem}-{}", called.replace(' ', "-"));
        }
        match (self.step, self.steps_per_epoch) {
            (Some(step), Some(epoch)) if step.checked_rem(epoch) == Some(0) => {
                format!("{stem}-epoch{:02}", step / epoch)
            }
            (Some(step), _) => format!("{stem}-step{step:07}"),
            (None, _) => stem,
        }
    }

    /// The description of a network of this architecture, and of the epoch that its state is in.
    pub(super) fn describe(
        &self,
        architecture: &Architecture,
        so_far: Option<&EpochSoFar>,
    ) -> String {
        let description = Description {
            format: FORMAT,
            architecture: Shape {
                inputs: architecture.inputs(),
                kind: architecture.network.name().into(),
                encoder: architecture
                    .network
                    .encoder_sizes()
                    .unwrap_or_default()
                    .into(),
                channels: architecture.network.other_channels().into(),
                latent_activation: architecture
                    .network
                    .latent_activation()
                    .map(|activation| activation.name().into()),
            },
            recipe: self.recipe.clone(),
            step: self.step,
            epoch: self.epochs_done(),
            steps_per_epoch: self.steps_per_epoch,
            train_loss: self.train_loss,
            val_loss: self.val_loss,
            data: self.digest.clone(),
            data_name: self.data_name.clone(),
            parent: self.parent.as_deref().cloned(),
            so_far: so_far.map(WrittenSums::of),
        };
        serde_json::to_string(&description).expect("numbers and strings have a JSON form")
    }

    /// Reads a description.
    pub(super) fn parse(text: &str) -> Result<(Architecture, Self), Fault> {
        if text.len() > MAX_DESCRIPTION {
            return Err(Fault::Description("it is too long".into()));
        }
        let damaged =
            |error: serde_json::Error| Fault::Description(printable(&error.to_string(), 200));
        let Version { format } = serde_json::from_str(text).map_err(damaged)?;
        if format > FORMAT {
            return Err(Fault::Newer { version: format });
        }
        let written: WrittenRecipe = serde_json::from_str(text).map_err(damaged)?;
        let description: Description = serde_json::from_str(text).map_err(damaged)?;
        let mut architecture = description.architecture.check()?;
        let recipe = if written.image.is_some() {
            let recipe: Recipe = serde_json::from_str(text).map_err(damaged)?;
            let of_pixels = Architecture {
                image: ImageSize::of_pixels(recipe.image.pixels()),
                ..recipe.architecture()
            };
            if of_pixels != architecture {
                let words = "its recipe is of another network than its architecture";
                return Err(Fault::Description(words.into()));
            }
            architecture = recipe.architecture();
            Some(recipe)
        } else {
            written.among_the_values_of_its_preset(&architecture)
        };
        let about = Self {
            recipe,
            step: description.step,
            steps_per_epoch: description.steps_per_epoch.filter(|&steps| steps > 0),
            train_loss: description.train_loss.filter(|loss| loss.is_finite()),
            val_loss: description.val_loss.filter(|loss| loss.is_finite()),
            digest: description.data.map(|digest| printable(&digest, 128)),
            data_name: description.data_name.map(|name| printable(&name, 64)),
            parent: description.parent.map(|parent| {
                Box::new(Parent {
                    name: printable(&parent.name, 255),
                    sha256: printable(&parent.sha256, 128),
                    ..parent
                })
            }),
        };
        Ok((architecture, about))
    }
}

/// What every version of the description has.
#[derive(Deserialize)]
struct Version {
    format: u64,
}

/// The description as it is written.
#[derive(Serialize, Deserialize)]
struct Description {
    format: u64,
    architecture: Shape,
    #[serde(flatten, skip_deserializing)]
    recipe: Option<Recipe>,
    step: Option<u64>,
    /// Whole epochs done, for people: it follows from its neighbours.
    #[serde(skip_deserializing)]
    epoch: Option<u64>,
    steps_per_epoch: Option<u64>,
    train_loss: Option<f32>,
    val_loss: Option<f32>,
    data: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    data_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent: Option<Parent>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    so_far: Option<WrittenSums>,
}

/// What an epoch adds up to, as a checkpoint has it.
#[derive(Serialize, Deserialize)]
struct WrittenSums {
    images: usize,
    loss: f64,
    /// A digit for each unit of the code: whether it was other than zero for any image.
    lives: String,
}

impl WrittenSums {
    fn of(so_far: &EpochSoFar) -> Self {
        let digit = |&lives: &bool| if lives { '1' } else { '0' };
        Self {
            images: so_far.images,
            loss: so_far.loss,
            lives: so_far.unit_lives.iter().map(digit).collect(),
        }
    }

    fn of_units(self, units: usize) -> Option<EpochSoFar> {
        let lives = self.lives.bytes().map(|digit| match digit {
            b'0' => Some(false),
            b'1' => Some(true),
            _ => None,
        });
        let unit_lives: Vec<bool> = lives.collect::<Option<_>>()?;
        let sums = EpochSoFar {
            images: self.images,
            loss: self.loss,
            unit_lives,
        };
        (sums.unit_lives.len() == units).then_some(sums)
    }
}

/// The sums in a description, if it is a checkpoint's, of a code of so many units.
pub(super) fn so_far(text: &str, units: usize) -> Result<Option<EpochSoFar>, Fault> {
    #[derive(Deserialize)]
    struct Sums {
        so_far: Option<WrittenSums>,
    }
    let damaged = |words: String| Fault::Description(words);
    let sums: Sums =
        serde_json::from_str(text).map_err(|error| damaged(printable(&error.to_string(), 200)))?;
    let unlike = || damaged("its sums are of another code than its network's".into());
    sums.so_far
        .map(|sums| sums.of_units(units).ok_or_else(unlike))
        .transpose()
}

/// What files say of a recipe that was not written whole: those of before. `image` tells
/// whether it was.
#[derive(Deserialize)]
struct WrittenRecipe {
    image: Option<serde::de::IgnoredAny>,
    preset: Option<String>,
    l1: Option<f64>,
    noise: Option<String>,
    #[serde(default, deserialize_with = "whole::read_if_any")]
    seed: Option<u64>,
}

impl WrittenRecipe {
    /// `None` where no preset is named, or what is said makes no run.
    fn among_the_values_of_its_preset(self, architecture: &Architecture) -> Option<Recipe> {
        let of_preset = Recipe::preset(Preset::named(&self.preset?)?);
        let noise = self.noise.and_then(|noise| noise.parse().ok());
        let recipe = Recipe {
            image: architecture.image,
            network: architecture.network.clone(),
            l1: self.l1.unwrap_or_default(),
            noise: noise.unwrap_or_default(),
            seed: self.seed.unwrap_or(of_preset.seed),
            ..of_preset
        };
        recipe.check().is_ok().then_some(recipe)
    }
}

/// An architecture as it is written.
#[derive(Serialize, Deserialize)]
struct Shape {
    inputs: usize,
    /// What the network is called.
    #[serde(default = "dense")]
    kind: String,
    /// Units of each encoder layer, where the network is made of such sizes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    encoder: Vec<usize>,
    /// Maps after each of the encoder's convolutions, where those are others than of old.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    channels: Vec<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    latent_activation: Option<String>,
}

/// The only kind of network before there were others.
fn dense() -> String {
    "dense".into()
}

impl Shape {
    fn check(self) -> Result<Architecture, Fault> {
        let refuse = |words: &str| Err(Fault::Description(words.into()));
        if self.inputs == 0 || self.encoder.contains(&0) || self.channels.contains(&0) {
            return refuse("it has a layer of size 0");
        }
        let encoder = self.encoder;
        let network = match self.kind.as_str() {
            "convolutional" => Network::convolutional(self.channels),
            _ if encoder.is_empty() => return refuse("its encoder has no layer"),
            "dense" => match self.latent_activation.as_deref().map(Activation::named) {
                Some(Some(latent_activation)) => Network::Dense {
                    encoder,
                    latent_activation,
                },
                _ => return refuse("its latent activation is unknown"),
            },
            "variational" => Network::Variational { encoder },
            _ => return refuse("its kind of network is unknown"),
        };
        let image = ImageSize::of_pixels(self.inputs);
        if !network.takes(image) {
            return refuse("its network takes no images of that size");
        }
        Ok(Architecture { image, network })
    }
}
