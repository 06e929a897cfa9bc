//! What a run begins from: nothing, weights of a file, a run that was kept, or the recipe
//! of one. Whatever contradicts it among the options is refused here.

mod again;
mod resumed;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;

use again::again;
use resumed::{expect_the_same_labels, resumed};

use super::{TrainArguments, misuse};
use crate::{
    cli::{again::Config, evidence, images::DataSet, origin::Origin},
    image::ImageSize,
    nn::Autoencoder,
    recipe::{Preset, Recipe},
    state::State,
    store::{
        checkpoint,
        folder::{self, Branch, Found, Lock, ReadFrom, RunFile},
        metrics::Logged,
        weights::{self, About, Parent},
    },
    train::Start,
    words::{counted, shown},
};

/// A recipe, and what its run begins from.
pub(super) struct Beginning {
    pub(super) recipe: Recipe,
    pub(super) from: From,
    /// The run.toml that says what it is, if one does.
    pub(super) config: Option<Config>,
}

/// What a run begins from.
pub(super) enum From {
    /// Weights named by the seed.
    Seed,
    /// Weights of a file.
    Weights(Box<(Autoencoder, Origin)>),
    /// The run of a folder, which goes on there.
    Folder(Lock, Box<Found>),
    /// A state, which is left where it is.
    State(Box<Left>),
    /// A run that was kept, made again.
    Again(Box<RunFile>, Option<Box<State>>),
}

/// A state that a run goes on from elsewhere.
pub(super) struct Left {
    pub(super) path: PathBuf,
    pub(super) state: State,
    pub(super) about: About,
    /// Where the images of its run were read, if that is known.
    pub(super) images: Option<ReadFrom>,
    pub(super) notices: Vec<String>,
}

impl Left {
    /// What is at hand where nothing lies beside it: the first state, if the seed gives it.
    fn alone(&self, recipe: &Recipe) -> Before {
        let fresh = self.about.parent.is_none();
        let first = fresh.then(|| Arc::new(State::start(recipe, None)));
        Before {
            states: first.into_iter().collect(),
            ..Before::default()
        }
    }
}

/// What is at hand of the steps before the one that a run goes on from.
#[derive(Default)]
pub(super) struct Before {
    pub(super) states: Vec<Arc<State>>,
    pub(super) logged: Logged,
}

impl Beginning {
    /// Reads what the options name; a run that begins is on these images, or MNIST.
    pub(super) fn of(arguments: &TrainArguments, images: Option<&DataSet>) -> anyhow::Result<Self> {
        let beginning = match (&arguments.resume, &arguments.config) {
            (Some(path), _) => resumed(path, arguments)?,
            (None, Some(path)) => again(path, arguments, images)?,
            (None, None) => named(arguments, images)?,
        };
        let architecture = beginning.recipe.architecture();
        weights::fits(&architecture).map_err(|error| misuse(&error))?;
        Ok(beginning)
    }

    /// The digest of the images that the run is of, and what they are called, where there
    /// is no choice.
    pub(super) fn images(&self) -> Option<(PathBuf, About)> {
        let of_file = |file: &RunFile| About {
            digest: Some(file.digest.clone()),
            data_name: Some(file.data.clone()),
            ..About::default()
        };
        match &self.from {
            From::Seed | From::Weights(..) => None,
            From::Folder(_, found) => Some((found.path.clone(), of_file(&found.file))),
            From::State(left) => Some((left.path.clone(), left.about.clone())),
            From::Again(file, _) => Some(("--config".into(), of_file(file))),
        }
    }

    /// The images of the run, where nobody names others.
    pub(super) fn own_images(&self) -> anyhow::Result<DataSet> {
        let (digest, images) = match &self.from {
            From::Seed | From::Weights(..) => return Ok(DataSet::inside()),
            From::Folder(_, found) => (Some(&found.file.digest), &found.file.images),
            From::State(left) => (left.about.digest.as_ref(), &left.images),
            From::Again(file, _) => (Some(&file.digest), &file.images),
        };
        DataSet::of_run(digest.map_or("", String::as_str), images.as_ref())
    }

    /// Refuses other images than those the run is of. Where it is made again, images
    /// that somebody names make another run of it.
    pub(super) fn expect_images(&self, data: &DataSet) -> anyhow::Result<()> {
        let Some((path, about)) = self.images() else {
            return Ok(());
        };
        if matches!(self.from, From::Again(..)) && data.was_named {
            return Ok(());
        }
        if data.was_named
            && let Some(theirs) = about.other_images(&data.name, &data.digest)
        {
            return Err(misuse(&format!(
                "--data: the run of {} is on {theirs}, not on {}; name their folder",
                shown(&path),
                data.name
            )));
        }
        Ok(weights::expect_data(
            &path,
            &about,
            &data.name,
            &data.digest,
        )?)
    }

    /// Refuses other labels than those the run is of, where it goes on.
    pub(super) fn expect_labels(
        &self,
        arguments: &TrainArguments,
        data: &DataSet,
    ) -> anyhow::Result<()> {
        match self.resumed() {
            Some(_) => expect_the_same_labels(&self.recipe, arguments, data.classes.count()),
            None => Ok(()),
        }
    }

    /// The step that it goes on from, if it was there before.
    pub(super) fn resumed(&self) -> Option<u64> {
        match &self.from {
            From::Folder(_, found) => Some(found.step()),
            From::State(left) => Some(left.state.step()),
            From::Seed | From::Weights(..) | From::Again(..) => None,
        }
    }

    /// What is at hand of the steps before it goes on; of a run that begins, nothing.
    pub(super) fn before(&self) -> Before {
        let of_folder = |found: &Found, step| {
            let mut states = found.states();
            states.retain(|state| state.step() <= step);
            let logged = found.logged(step);
            Before { states, logged }
        };
        match &self.from {
            From::Seed | From::Weights(..) | From::Again(..) => Before::default(),
            From::Folder(_, found) => of_folder(found, found.step()),
            From::State(left) => {
                let folder = folder::run_of(&left.path).unwrap_or_else(|| left.path.clone());
                let found = folder::read(&folder);
                found.map_or_else(
                    |_| left.alone(&self.recipe),
                    |found| of_folder(&found, left.state.step()),
                )
            }
        }
    }

    /// Where the trainer starts, and where another run of this recipe would.
    pub(super) fn starts(&self, recipe: &Recipe) -> (Option<Box<Start>>, Option<Box<Start>>) {
        let of_state = |state: &State| {
            let (state, at) = (state.clone(), state.step());
            Some(Box::new(Start { state, at }))
        };
        match &self.from {
            From::Seed => (None, None),
            From::Weights(weights) => {
                let (net, _) = &**weights;
                let start = Start::of_weights(recipe, net.clone());
                (Some(start.clone()), Some(start))
            }
            From::Folder(_, found) => {
                let first = found.file.init.is_some().then(|| found.place(0));
                let first = first.and_then(|place| checkpoint::load(&place).ok());
                let newest = found.newest.as_ref();
                (
                    newest.and_then(|newest| of_state(&newest.state)),
                    first.and_then(|(state, _)| of_state(&state)),
                )
            }
            From::State(left) => {
                // What began from weights can't be made again from its seed.
                let again = left.about.parent.is_some();
                let again = again.then(|| of_state(&left.state)).flatten();
                (of_state(&left.state), again)
            }
            From::Again(_, first) => {
                let first = first.as_ref().and_then(|state| of_state(state));
                (first.clone(), first)
            }
        }
    }

    /// The weights of a file that the run began from, if it did.
    pub(super) fn parent(&self) -> Option<Parent> {
        match &self.from {
            From::Seed => None,
            From::Weights(weights) => Some(weights.1.as_parent()),
            From::Folder(_, found) => found.file.init.clone(),
            From::State(left) => left.about.parent.as_deref().cloned(),
            From::Again(file, _) => file.init.clone(),
        }
    }

    /// What a new folder of the run says it is.
    pub(super) fn run_file(&self, recipe: &Recipe, data: &DataSet) -> RunFile {
        let parent = match &self.from {
            From::State(left) => Some(Branch {
                folder: left.path.display().to_string(),
                step: left.state.step(),
            }),
            _ => None,
        };
        RunFile {
            init: self.parent(),
            parent,
            images: data.read_from.as_ref().and_then(ReadFrom::from_anywhere),
            ..RunFile::new(recipe, &data.name, &data.digest)
        }
    }

    /// What is to be told of it before it begins.
    pub(super) fn notices(&self) -> Vec<String> {
        let gone_on = |path: &Path, step: u64, about: Option<&About>| {
            let steps_per_epoch = about.and_then(|about| about.steps_per_epoch);
            let end = self.end(steps_per_epoch);
            let path = shown(path);
            if end.is_some_and(|end| step >= end) {
                // A limit of steps may have ended it long before its epochs did.
                let done = steps_per_epoch.map_or(self.recipe.epochs, |steps| step / steps);
                format!(
                    "the run of {path} is finished, {}; to go on: --epochs N, N in all and {} at least",
                    counted(step, "step"),
                    done + 1
                )
            } else {
                format!("going on with {path} from step {step}")
            }
        };
        match &self.from {
            From::Seed | From::Weights(..) => Vec::new(),
            From::Folder(_, found) => {
                let about = found.newest.as_ref().map(|newest| &newest.about);
                let words = gone_on(&found.path, found.step(), about);
                [vec![words], found.notices.clone()].concat()
            }
            From::State(left) => {
                let words = gone_on(&left.path, left.state.step(), Some(&left.about));
                [vec![words], left.notices.clone()].concat()
            }
            From::Again(file, _) => file.maker.stranger().into_iter().collect(),
        }
    }

    /// The last step that is asked for.
    fn end(&self, steps_per_epoch: Option<u64>) -> Option<u64> {
        let epochs = steps_per_epoch.map(|steps| steps.saturating_mul(self.recipe.epochs));
        epochs.into_iter().chain(self.recipe.max_steps).min()
    }
}

/// The recipe with the end that was asked for, if one was: that of so many epochs in all.
fn lengthened(mut recipe: Recipe, arguments: &TrainArguments) -> anyhow::Result<Recipe> {
    if let Some(epochs) = arguments.epochs {
        recipe.epochs = epochs;
        recipe.max_steps = arguments.max_steps;
    }
    if arguments.max_steps.is_some() {
        recipe.max_steps = arguments.max_steps;
    }
    recipe.check().map_err(|error| misuse(&error))?;
    Ok(recipe)
}

/// The recipe that the options name, and the weights to start from.
fn named(arguments: &TrainArguments, images: Option<&DataSet>) -> anyhow::Result<Beginning> {
    let size = images.map_or(ImageSize::MNIST, |images| images.size);
    let preset = arguments.preset.unwrap_or(Preset::Article);
    let of_size = |preset| Recipe {
        image: size,
        ..Recipe::preset(preset)
    };
    let asked = overridden(of_size(preset), arguments)?;
    weights::fits(&asked.architecture()).map_err(|error| misuse(&error))?;
    let Some(path) = &arguments.init else {
        return Ok(Beginning {
            recipe: asked,
            from: From::Seed,
            config: None,
        });
    };
    let (net, origin) = weights_of(path, &asked, arguments, images)?;
    // What was said of the network has to be true of the file's, and the file says the rest.
    let recipe = if arguments.preset.is_some() {
        asked
    } else {
        let mut recipe = of_size(origin.about.preset().unwrap_or(preset));
        origin.about.amend(&mut recipe);
        recipe.digits = asked.digits;
        recipe.seed = Recipe::preset(preset).seed;
        recipe.network = net.architecture().network;
        overridden(recipe, arguments)?
    };
    weights::expect_architecture(path, &net.architecture(), &recipe.architecture())
        .map_err(|error| misuse(&error))?;
    Ok(Beginning {
        recipe,
        from: From::Weights(Box::new((net, origin))),
        config: None,
    })
}

/// The weights of a file, for a run that was asked to be of this recipe.
fn weights_of(
    path: &Path,
    asked: &Recipe,
    arguments: &TrainArguments,
    images: Option<&DataSet>,
) -> anyhow::Result<(Autoencoder, Origin)> {
    let claim = arguments.layers.claim(arguments.preset, asked);
    let saved = evidence::load(path, &claim, images).context("--init")?;
    weights::expect_pixels(path, &saved.net.architecture(), asked.image.pixels())?;
    let origin = Origin {
        path: path.to_owned(),
        digest: saved.digest,
        about: saved.about.unwrap_or_default(),
        remarks: saved.remarks,
    };
    Ok((saved.net, origin))
}

/// The recipe with all that was asked for instead of its own.
fn overridden(mut recipe: Recipe, arguments: &TrainArguments) -> anyhow::Result<Recipe> {
    arguments.layers.apply(&mut recipe)?;
    set(&mut recipe.l1, arguments.l1);
    set(&mut recipe.noise, arguments.noise);
    trained_as_asked(recipe, arguments)
}

/// The run that follows on the same screen: the preset's network, price and
/// noise, trained as the command line says, with seed and images of the run before.
pub(super) fn following(
    before: &Recipe,
    preset: Preset,
    arguments: &TrainArguments,
) -> anyhow::Result<Recipe> {
    let own = Recipe {
        image: before.image,
        classes: before.classes.clone(),
        ..Recipe::preset(preset)
    };
    let recipe = trained_as_asked(own, arguments)?;
    Ok(Recipe {
        seed: before.seed,
        digits: before.digits,
        ..recipe
    })
}

/// The recipe with what was asked for of its training.
fn trained_as_asked(mut recipe: Recipe, arguments: &TrainArguments) -> anyhow::Result<Recipe> {
    set(&mut recipe.epochs, arguments.epochs);
    set(&mut recipe.batch_size, arguments.batch_size);
    set(&mut recipe.learning_rate, arguments.learning_rate);
    set(&mut recipe.seed, arguments.seed);
    set(&mut recipe.digits, arguments.digits);
    recipe.shuffle = !arguments.no_shuffle;
    recipe.max_steps = arguments.max_steps;
    recipe.check().map_err(|error| misuse(&error))?;
    Ok(recipe)
}

fn set<T>(field: &mut T, asked: Option<T>) {
    if let Some(value) = asked {
        *field = value;
    }
}
