//! Two runs that are trained beside each other, on the same images.

use std::{path::Path, sync::Arc};

use anyhow::{Context, bail};

use super::{
    CompareArguments,
    both::{Both, Named, say_farewell},
    screen::{GRACE, concluded},
};
use crate::{
    cli::{End, FIRST_SAMPLE, Misuse, images::DataSet, signals, train::has_screen},
    data::Dataset,
    pace::Pace,
    recipe::{Preset, Recipe},
    store::{
        folder::{self, RunFile},
        weights::{self, About},
    },
    ui::{Dashboard, Manner},
    words::shown,
};

/// What one of the words on the command line names.
enum Word {
    Preset(Preset),
    Run(Box<RunFile>),
}

impl Word {
    /// # Errors
    ///
    /// When it is neither a preset nor a run.toml, or one whose run has another beginning.
    fn of(path: &Path) -> anyhow::Result<Self> {
        if let Some(preset) = path.to_str().and_then(Preset::named) {
            return Ok(Self::Preset(preset));
        }
        let file = if path.is_dir() {
            folder::run_file_in(path)
        } else {
            path.to_owned()
        };
        if !file.exists() {
            let presets = Preset::ALL.map(Preset::name).join(", ");
            return Err(Misuse(format!(
                "{}: --live trains presets ({presets}) and the recipes of run.toml files, and this is neither",
                shown(path)
            ))
            .into());
        }
        let run = RunFile::read(&file)?;
        if let Some(init) = &run.init {
            return Err(Misuse(format!(
                "{}: its run began from the weights {}; --live trains two from their seeds",
                shown(&file),
                init.name
            ))
            .into());
        }
        Ok(Self::Run(Box::new(run)))
    }

    fn named(self, path: &Path, data: &DataSet, epochs: Option<u64>) -> anyhow::Result<Named> {
        let (title, mut recipe) = match self {
            Self::Preset(preset) => {
                if !preset.network().takes(data.size) {
                    bail!(
                        "{}: it takes no images of {}, as those of {} are",
                        preset.name(),
                        data.size,
                        data.name
                    );
                }
                let recipe = data.for_run(Recipe::preset(preset));
                (preset.name().to_owned(), recipe)
            }
            Self::Run(run) => {
                let about = About {
                    digest: Some(run.digest.clone()),
                    data_name: Some(run.data.clone()),
                    ..About::default()
                };
                weights::expect_data(path, &about, &data.name, &data.digest)?;
                let name = if path.is_dir() {
                    path.file_name()
                } else {
                    path.parent().and_then(Path::file_name)
                };
                let name = name.unwrap_or(path.as_os_str());
                (shown(name.as_ref()), run.recipe)
            }
        };
        if let Some(epochs) = epochs {
            (recipe.epochs, recipe.max_steps) = (epochs, None);
        }
        recipe.check().map_err(|error| Misuse(error.to_string()))?;
        Ok(Named {
            title,
            recipe,
            start: None,
        })
    }
}

/// Trains both until the viewer leaves.
pub(super) fn run(arguments: &CompareArguments) -> anyhow::Result<End> {
    let manner = arguments.appearance.manner()?;
    let [one, other] = &arguments.networks[..] else {
        let count = arguments.networks.len();
        return Err(Misuse(format!("--live trains two beside each other, not {count}")).into());
    };
    let words = [Word::of(one)?, Word::of(other)?];
    let data = data(arguments, &words)?;
    let [first, second] = words;
    let named = [
        first.named(one, &data, arguments.epochs)?,
        second.named(other, &data, arguments.epochs)?,
    ];
    let labels = named[0].recipe.digits;
    if named[1].recipe.digits != labels {
        return Err(Misuse(format!(
            "{} is trained on the labels {labels}, and {} on {}; --live trains both on the same images",
            named[0].title, named[1].title, named[1].recipe.digits
        ))
        .into());
    }
    for named in &named {
        arguments.memory.expect_room_of_two(&named.recipe)?;
    }
    if !has_screen() {
        bail!(
            "compare --live needs a terminal on standard input and output; ae-tui sweep trains several without one"
        );
    }
    data.tell();
    let images = (data.only(labels)?.source)()?;
    show(named, &images, manner, arguments)
}

/// The images that were named, or those of the first run that remembers its own.
fn data(arguments: &CompareArguments, words: &[Word; 2]) -> anyhow::Result<DataSet> {
    if let Some(named) = arguments.data.named()? {
        return Ok(named);
    }
    let run = words.iter().find_map(|word| match word {
        Word::Run(run) => Some(run),
        Word::Preset(_) => None,
    });
    run.map_or_else(
        || Ok(DataSet::inside()),
        |run| DataSet::of_run(&run.digest, run.images.as_ref()),
    )
}

fn show(
    named: [Named; 2],
    images: &Arc<Dataset>,
    manner: Manner,
    arguments: &CompareArguments,
) -> anyhow::Result<End> {
    let ending = signals::listen(GRACE)?;
    let signal = || ending.signal();
    let both = Both {
        named,
        images: Arc::clone(images),
        pace: arguments.pace.unwrap_or(Pace::FILM),
        memory: arguments.memory,
        sample: FIRST_SAMPLE,
        pca: None,
        left: None,
    };
    let seen = both.show(&mut Dashboard::new(manner), &signal)?;
    if signal().is_none() {
        seen.left.context("the terminal can no longer be used")?;
        // Done is done, whether anybody hears of it or not.
        let _ = say_farewell(&seen.titles, &seen.ended);
    }
    concluded(
        seen.titles.each_ref().map(String::as_str),
        &seen.ended,
        signal(),
    )
}
