//! `ae-tui explore`: saved weights in the dashboard, without a trainer.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::bail;
use clap::Args;

use super::{
    End, FIRST_SAMPLE, Misuse,
    appearance::Appearance,
    outcome, signals,
    train::{has_screen, images},
    values::{self, Encoder},
};
use crate::{
    config::{Preset, TrainConfig},
    data::PIXELS,
    message::Picture,
    nn::Activation,
    observe::{self, Recorder, Source},
    pace::Pace,
    pool::Pool,
    store::weights,
    ui::{self, app},
};

/// How soon the program ends after a signal.
const GRACE: Duration = Duration::from_secs(2);

#[derive(Debug, Args)]
pub(super) struct ExploreArguments {
    /// Weights that ae-tui or `PyTorch` saved (.safetensors)
    weights: PathBuf,
    /// Folder of four IDX files named as MNIST's, raw or .gz [default: MNIST, inside the program]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Units of each encoder layer, for a file that does not say [default: 32,2]
    #[arg(long, value_name = "SIZES", allow_hyphen_values = true)]
    encoder: Option<Encoder>,
    /// What follows the code layer, for a file that does not say [default: relu]
    #[arg(long, value_name = "NAME", value_parser = values::activation())]
    latent_activation: Option<Activation>,
    #[command(flatten)]
    appearance: Appearance,
}

pub(super) fn run(arguments: &ExploreArguments) -> anyhow::Result<End> {
    let path = &arguments.weights;
    let mut config = TrainConfig::preset(Preset::Article);
    if let Some(Encoder(encoder)) = &arguments.encoder {
        config.encoder.clone_from(encoder);
    }
    if let Some(activation) = arguments.latent_activation {
        config.latent_activation = activation;
    }
    config.check().map_err(|error| Misuse(error.to_string()))?;
    let saved = weights::load(path, Some(&config.architecture(PIXELS)))?;
    let architecture = saved.net.architecture();
    weights::expect_pixels(path, &architecture, PIXELS)?;
    let about = saved.about.unwrap_or_default();
    config.preset = about.preset.unwrap_or(config.preset);
    config.seed = about.seed.unwrap_or(config.seed);
    config.encoder.clone_from(&architecture.encoder);
    config.latent_activation = architecture.latent_activation;
    let (_, data) = images(arguments.data.as_deref())?;
    if !has_screen() {
        bail!("explore needs a terminal on standard input and output");
    }
    let ending = signals::listen(GRACE)?;
    let signal = || ending.signal();
    let theme = arguments.appearance.theme();
    let observer = observe::spawn(observe::Setup {
        source: Source::Saved {
            picture: Arc::new(Picture {
                step: about.step.unwrap_or(0),
                net: saved.net,
            }),
            about,
            data,
        },
        config,
        sample: FIRST_SAMPLE,
        folder: ".".into(),
        save: None,
        recorder: Recorder::default(),
        pool: Pool::of_the_machine(),
    });
    let name = path.file_name().unwrap_or(path.as_os_str());
    let left = ui::run(&ui::Session {
        plan: app::Plan {
            title: name.to_string_lossy().into_owned(),
            architecture: architecture.to_string(),
            sample: FIRST_SAMPLE,
            pace: Pace::Full,
            trains: false,
            saves_itself: false,
        },
        theme,
        commands: None,
        looks: observer.looks(),
        events: observer.events(),
        signal: &signal,
    });
    let outcome = observer.finish();
    let outcome = outcome::after_the_screen(left, outcome, &signal)?;
    outcome::conclude(&outcome, signal())
}
