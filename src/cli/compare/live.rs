//! Two runs that are trained beside each other, on the same images.

use std::{
    io::{self, Write as _},
    num::NonZeroUsize,
    path::Path,
    sync::Arc,
};

use anyhow::{Context, bail};

use super::{
    CompareArguments,
    screen::{GRACE, app_of, concluded, side},
};
use crate::{
    cli::{End, FIRST_SAMPLE, Misuse, images::DataSet, signals, train::has_screen},
    data::Dataset,
    message::Progress,
    observe::{self, Handle, Outcome, Past, Source, Tape},
    pace::Pace,
    pool::Pool,
    recipe::{
        Preset, Recipe,
        differences::{self, Known},
    },
    store::{
        folder::{self, RunFile},
        keeper::Files,
        weights::{self, About},
    },
    train::{self, Keeping, Setup},
    ui::{
        Dashboard, Manner,
        compare::{PairSession, pair::Pair},
    },
    words::shown,
};

/// A recipe that was named, and what it is called.
struct Named {
    title: String,
    recipe: Recipe,
}

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
        Ok(Named { title, recipe })
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
    show(&named, &images, manner, arguments)
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
    named: &[Named; 2],
    images: &Arc<Dataset>,
    manner: Manner,
    arguments: &CompareArguments,
) -> anyhow::Result<End> {
    let pace = arguments.pace.unwrap_or(Pace::FILM);
    let recipes = [&named[0].recipe, &named[1].recipe];
    let differences = differences::in_words(recipes, Known::Recipes);
    let sides = [0, 1].map(|side| {
        let mut app = app_of(named[side].title.clone(), recipes[side].clone());
        app.plan.trains = true;
        // Nothing of it is kept, and nobody is asked whether to leave a lesson.
        app.plan.kept = true;
        (app.plan.pace, app.pace) = (pace, pace);
        app
    });
    let mut pair = Pair::new(sides, differences, Known::Recipes, true);
    let ending = signals::listen(GRACE)?;
    let signal = || ending.signal();
    let keeping = arguments.memory.keeping_of_two(recipes);
    let setups = recipes.map(|recipe| {
        let images = Arc::clone(images);
        Setup {
            recipe: recipe.clone(),
            data: Box::new(move || Ok(images)),
            start: None,
            keeping,
            pace,
            pool: Pool::new(NonZeroUsize::MIN),
        }
    });
    let (trainers, [first, second]) = train::spawn_pair(setups)?;
    let pool = Pool::of_the_machine();
    let observed = |events, recipe| observed(events, recipe, &pool, keeping);
    let one = observed(first, recipes[0])?;
    let other = observed(second, recipes[1])?;
    let session = PairSession {
        commands: Some(trainers.commands()),
        sides: [&one, &other].map(side),
        signal: &signal,
    };
    let left = Dashboard::new(manner).show_pair(&session, &mut pair);
    // However the screen was left, both runs are brought to their ends.
    trainers.stop();
    let ended = [one.finish(), other.finish()];
    drop(trainers);
    if signal().is_none() {
        left.context("the terminal can no longer be used")?;
        // Done is done, whether anybody hears of it or not.
        let _ = say_farewell(named, &ended);
    }
    concluded([&named[0].title, &named[1].title], &ended, signal())
}

fn observed(
    events: crossbeam_channel::Receiver<Progress>,
    recipe: &Recipe,
    pool: &Pool,
    keeping: Keeping,
) -> anyhow::Result<Handle> {
    Ok(observe::spawn(observe::Setup {
        source: Source::Trainer(events),
        recipe: recipe.clone(),
        files: Files::default(),
        sample: FIRST_SAMPLE,
        tape: Tape::new(keeping),
        past: Past::default(),
        pca: None,
        measures: true,
        pool: pool.clone(),
    })?)
}

/// What both came to, a line each.
fn say_farewell(named: &[Named; 2], ended: &[Outcome; 2]) -> io::Result<()> {
    let mut out = io::stdout();
    for (side, (named, outcome)) in ["A", "B"].into_iter().zip(named.iter().zip(ended)) {
        if let Some(result) = outcome.result() {
            writeln!(out, "{side} {}: {result}", named.title)?;
        }
    }
    out.flush()
}
