//! Saved weights as they are named on a command line: the file, and what it may
//! not say of itself.

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::Args;

use super::{
    Misuse, evidence,
    images::DataSet,
    origin::Origin,
    tell,
    values::{self, Channels, Encoder},
};
use crate::{
    data::reading::WantedSize,
    image::ImageSize,
    nn::{Activation, Architecture, Autoencoder, Network},
    recipe::{Preset, Recipe},
    store::weights::{self, Claim, Said},
    words::shown,
};

/// The options of a network's layers.
#[derive(Debug, Args)]
pub(super) struct LayerArguments {
    /// Units of each encoder layer; the last is the code, the decoder mirrors them [default: the
    /// preset's]
    #[arg(
        long,
        value_name = "SIZES",
        allow_hyphen_values = true,
        help_heading = "Network"
    )]
    pub(super) encoder: Option<Encoder>,
    /// Maps after each of the encoder's convolutions, 1 to 4; the last are the code, the decoder
    /// mirrors them [default: the preset's; only conv has them]
    #[arg(
        long,
        value_name = "MAPS",
        allow_hyphen_values = true,
        help_heading = "Network"
    )]
    pub(super) channels: Option<Channels>,
    /// What follows the code layer [default: the preset's]
    #[arg(long, value_name = "NAME", value_parser = values::activation(), help_heading = "Network")]
    pub(super) latent_activation: Option<Activation>,
}

impl LayerArguments {
    /// Changes what was asked for.
    pub(super) fn apply(&self, recipe: &mut Recipe) -> anyhow::Result<()> {
        let misuse = |error: crate::recipe::RecipeError| Misuse(error.to_string());
        if let Some(Encoder(encoder)) = &self.encoder {
            recipe.set_encoder(encoder.clone()).map_err(misuse)?;
        }
        if let Some(Channels(channels)) = &self.channels {
            recipe.set_channels(channels.clone()).map_err(misuse)?;
        }
        if let Some(activation) = self.latent_activation {
            recipe.set_latent_activation(activation).map_err(misuse)?;
        }
        Ok(())
    }

    /// What these options and `--preset` say of a network, if it is that of `asked`.
    pub(super) fn claim(&self, preset: Option<Preset>, asked: &Recipe) -> Claim {
        let said = match (preset, &self.encoder, self.latent_activation) {
            _ if self.channels.is_some() => Said::Network(asked.network.clone()),
            (None, None, None) => Said::Nothing,
            (None, Some(Encoder(sizes)), None) => Said::Encoder(sizes.clone()),
            (None, None, Some(activation)) => Said::LatentActivation(activation),
            (Some(_), ..) | (None, Some(_), Some(_)) => Said::Network(asked.network.clone()),
        };
        Claim {
            image: Some(asked.image),
            said,
        }
    }
}

/// Weights to be looked at.
#[derive(Debug, Args)]
pub(super) struct WeightsArguments {
    /// Weights that ae-tui or `PyTorch` saved (.safetensors), or of Keras (.npz); `explore` takes a
    /// run's folder too
    pub(super) weights: PathBuf,
    /// The network of a file that does not say its own
    #[arg(long, value_name = "NAME", value_parser = values::preset(), help_heading = "Network")]
    preset: Option<Preset>,
    #[command(flatten)]
    layers: LayerArguments,
}

/// The size of images that are not at hand.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct SizeArgument {
    /// The images of a network that does not say their size [default: a square of as many pixels]
    #[arg(
        long,
        value_name = "N|HxW",
        allow_hyphen_values = true,
        help_heading = "Network"
    )]
    size: Option<WantedSize>,
}

/// Weights, and how they were trained as far as it is known.
pub(super) struct Loaded {
    pub(super) net: Autoencoder,
    pub(super) recipe: Recipe,
    pub(super) origin: Origin,
}

impl Loaded {
    /// Tells how it was read, where there is something to tell.
    fn tell(&self) {
        self.origin.remarked().iter().for_each(|words| tell(words));
    }

    /// Refuses images of another size than the network's.
    pub(super) fn expect_size(&self, data: &DataSet) -> anyhow::Result<()> {
        let Architecture {
            image: own,
            network,
        } = self.net.architecture();
        let theirs = data.size;
        // Dense layers do not know how their pixels lie.
        let fits = match network {
            Network::Convolutional { .. } => own == theirs,
            Network::Dense { .. } | Network::Variational { .. } => own.pixels() == theirs.pixels(),
        };
        if fits {
            return Ok(());
        }
        bail!(
            "{}: its network is for images of {own}, and those of {} are {theirs}; --resize {own} makes them so",
            shown(&self.origin.path),
            data.name
        );
    }
}

impl WeightsArguments {
    /// A file of which nothing more is said.
    pub(super) fn of(path: &Path) -> Self {
        Self {
            weights: path.to_owned(),
            preset: None,
            layers: LayerArguments {
                encoder: None,
                channels: None,
                latent_activation: None,
            },
        }
    }

    /// Reads the file, as [`read`](Self::read), and tells how it was read.
    pub(super) fn load(&self, data: &DataSet) -> anyhow::Result<Loaded> {
        self.read(data).inspect(Loaded::tell)
    }

    /// Reads the file; what it does not say the images of `data` may tell. Whether its network is
    /// one for them is judged where it is known whose images it was trained on.
    pub(super) fn read(&self, data: &DataSet) -> anyhow::Result<Loaded> {
        self.read_for(Some(data.size), Some(data))
    }

    /// Reads the file where no images are at hand, and tells how it was read. Dense layers tell
    /// how many pixels they take; what else is to be known of the size, the option says.
    pub(super) fn load_alone(&self, size: SizeArgument) -> anyhow::Result<Loaded> {
        let size = size.size.map(|WantedSize(size)| size);
        let loaded = self.read_for(size, None)?;
        let own = loaded.recipe.image;
        if let Some(size) = size.filter(|size| *size != own) {
            let path = shown(&self.weights);
            bail!("{path}: its network is for images of {own}, not of {size}; leave out --size");
        }
        loaded.tell();
        Ok(loaded)
    }

    fn read_for(&self, size: Option<ImageSize>, data: Option<&DataSet>) -> anyhow::Result<Loaded> {
        // Only one preset has channels.
        let preset = self.preset.unwrap_or(match self.layers.channels {
            Some(_) => Preset::Conv,
            None => Preset::Article,
        });
        let mut asked = Recipe {
            image: size.unwrap_or(ImageSize::MNIST),
            ..Recipe::preset(preset)
        };
        self.layers.apply(&mut asked)?;
        asked.check().map_err(|error| Misuse(error.to_string()))?;
        let path = &self.weights;
        let claim = Claim {
            image: size,
            ..self.layers.claim(self.preset, &asked)
        };
        let saved = evidence::load(path, &claim, data)?;
        let architecture = saved.net.architecture();
        self.expect_what_was_said(&architecture)?;
        let about = saved.about.unwrap_or_default();
        let mut recipe = about.preset().map_or(asked, Recipe::preset);
        about.amend(&mut recipe);
        if let Some(own) = &about.recipe {
            recipe.classes.clone_from(&own.classes);
        }
        recipe.image = architecture.image;
        recipe.network = architecture.network;
        Ok(Loaded {
            net: saved.net,
            recipe,
            origin: Origin {
                path: path.clone(),
                digest: saved.digest,
                about,
                remarks: saved.remarks,
            },
        })
    }

    /// A run that was kept says its network itself.
    pub(super) fn expect_nothing_said_of_a_run(&self) -> anyhow::Result<()> {
        let LayerArguments {
            encoder,
            channels,
            latent_activation,
        } = &self.layers;
        let of_layers = encoder.is_some() || channels.is_some() || latent_activation.is_some();
        if self.preset.is_none() && !of_layers {
            return Ok(());
        }
        let words = format!(
            "{} is a folder, and a run says its network itself; leave out --preset, --encoder, --channels \
             and --latent-activation",
            shown(&self.weights)
        );
        Err(Misuse(words).into())
    }

    /// What was said of the network has to be true of the file's, and the file says the rest.
    fn expect_what_was_said(&self, found: &Architecture) -> anyhow::Result<()> {
        let path = &self.weights;
        let mut said = Recipe {
            image: found.image,
            ..Recipe::preset(self.preset.unwrap_or(Preset::Article))
        };
        if self.preset.is_none() {
            said.network = found.network.clone();
        }
        let applied = self.layers.apply(&mut said);
        applied.map_err(|error| Misuse(format!("{}: {error}", shown(path))))?;
        weights::expect_architecture(path, found, &said.architecture())
            .map_err(|error| Misuse(error.to_string()).into())
    }
}
