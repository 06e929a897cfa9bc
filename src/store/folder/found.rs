//! A run as its folder has it: what it is, and the newest state that can be read.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{CHECKPOINTS, LOG, RUN_FILE, RunFault, RunFile, lock, shelf};
use crate::{
    lens::HeldOut,
    recipe::Recipe,
    state::State,
    store::{
        StoreError, checkpoint,
        metrics::{self, Logged},
        weights::About,
    },
    words::{quoted, shown},
};

/// What a run folder holds.
#[derive(Debug)]
pub struct Found {
    /// The folder.
    pub path: PathBuf,
    /// What the run is.
    pub file: RunFile,
    /// The newest state that can be read.
    pub newest: Option<Newest>,
    /// The steps of all states that are there, in order.
    pub steps: Vec<u64>,
    /// Steps whose files give no state.
    pub(super) passed_over: Vec<u64>,
    /// What is to be told of it.
    pub notices: Vec<String>,
}

/// A state, and what its file says of it.
#[derive(Debug)]
pub struct Newest {
    /// The state.
    pub state: State,
    /// What its file says of it.
    pub about: About,
}

impl Found {
    /// The step that the run goes on from.
    pub fn step(&self) -> u64 {
        self.newest.as_ref().map_or(0, |newest| newest.state.step())
    }

    /// The newest state, or why there is nothing to look at.
    ///
    /// # Errors
    /// [`RunFault::NoCheckpoint`].
    pub fn looked_at(self) -> Result<(RunFile, Newest), StoreError> {
        let Some(newest) = self.newest else {
            let fault = RunFault::NoCheckpoint(quoted(&self.path));
            return Err(StoreError::not_run(&self.path, fault));
        };
        Ok((self.file, newest))
    }

    /// All states that are at hand, in order: the first, where the seed gives it, and those on
    /// disk that can be read and are of this run. Somebody may be writing it, so one may have
    /// gone since.
    pub fn states(&self) -> Vec<Arc<State>> {
        let recipe = &self.file.recipe;
        let of_disk = self.steps.iter().filter_map(|&step| {
            let place = self.place(step);
            let (state, about) = checkpoint::load(&place).ok()?;
            let is_it = state.step() == step && expect_run(&place, &state, &about, recipe).is_ok();
            is_it.then_some(state)
        });
        let fresh = self.file.init.is_none() && self.steps.first() != Some(&0);
        let first = fresh.then(|| State::start(recipe, None));
        first.into_iter().chain(of_disk).map(Arc::new).collect()
    }

    /// What its log tells of the steps up to that one.
    pub fn logged(&self, step: u64) -> Logged {
        Logged::read(&self.path.join(LOG), step)
    }

    /// Whether somebody is writing it.
    pub fn is_being_written(&self) -> bool {
        lock::is_held(&self.path)
    }

    /// Refuses to go on from another step than the last.
    ///
    /// # Errors
    /// [`RunFault::NotTheLast`].
    pub fn expect_newest(&self, step: u64) -> Result<(), StoreError> {
        if self.step() == step {
            return Ok(());
        }
        let fault = RunFault::NotTheLast(quoted(&self.path));
        Err(StoreError::not_run(&self.place(step), fault))
    }

    /// The file of a state that is there.
    pub fn place(&self, step: u64) -> PathBuf {
        shelf::path_of(&self.path.join(CHECKPOINTS), step)
    }
}

/// Whether a path is a folder that holds a run.
pub fn is_run(path: &Path) -> bool {
    path.join(RUN_FILE).is_file()
}

/// What the log of a run's folder tells last of the held-out images, and after which step.
pub fn last_held_out(folder: &Path) -> Option<(u64, HeldOut)> {
    metrics::last_held_out(&folder.join(LOG))
}

/// The folder of the run that a file is a checkpoint of, if it is one's.
pub fn run_of(file: &Path) -> Option<PathBuf> {
    let file = file.canonicalize().ok()?;
    let checkpoints = file.parent()?;
    let folder = checkpoints.parent()?;
    (checkpoints.ends_with(CHECKPOINTS) && folder.join(RUN_FILE).is_file())
        .then(|| folder.to_owned())
}

/// Where the first state of the run of that run.toml is, if it is kept.
pub fn first_state_beside(run_file: &Path) -> PathBuf {
    shelf::path_of(&run_file.with_file_name(CHECKPOINTS), 0)
}

/// Reads a run folder; nothing in it is changed.
///
/// # Errors
/// A folder that holds no run, a run.toml that tells of none, and a state that is
/// not of that run. Of states that cannot be read the one before is taken; where none can,
/// nothing is. A run that has none yet begins again, if its seed gives its first state.
pub fn read(path: &Path) -> Result<Found, StoreError> {
    let run_file = path.join(RUN_FILE);
    if !run_file.exists() {
        return Err(StoreError::not_run(path, RunFault::NoRun));
    }
    let file = RunFile::read(&run_file)?;
    let checkpoints = path.join(CHECKPOINTS);
    let mut found = Found {
        path: path.to_owned(),
        file,
        newest: None,
        steps: shelf::steps_in(&checkpoints),
        passed_over: Vec::new(),
        notices: Vec::new(),
    };
    let mut refusals = Vec::new();
    while let Some(&step) = found.steps.last() {
        let place = shelf::path_of(&checkpoints, step);
        match checkpoint::load(&place) {
            Ok((state, about)) if state.step() == step => {
                expect_run(&place, &state, &about, &found.file.recipe)?;
                found.newest = Some(Newest { state, about });
                break;
            }
            Ok((state, _)) => {
                refusals.push(format!("{} is of step {}", shown(&place), state.step()));
            }
            Err(refusal) => refusals.push(refusal.to_string()),
        }
        found.steps.pop();
        found.passed_over.push(step);
    }
    match (&found.newest, &found.file.init) {
        (None, Some(init)) => {
            let fault = RunFault::Lost(init.name.clone());
            return Err(StoreError::not_run(path, fault));
        }
        (None, None) if !refusals.is_empty() => {
            let fault = RunFault::Torn {
                newest: refusals.swap_remove(0),
                run_file: quoted(&run_file),
            };
            return Err(StoreError::not_run(path, fault));
        }
        _ => {}
    }
    let passed_over = |refusal| format!("{refusal}; it was passed over");
    found.notices.extend(found.file.maker.stranger());
    found.notices.extend(refusals.into_iter().map(passed_over));
    Ok(found)
}

/// Refuses a state of another run than that of the recipe: going on from it would be
/// neither of the two.
fn expect_run(
    place: &Path,
    state: &State,
    about: &About,
    recipe: &Recipe,
) -> Result<(), StoreError> {
    let refuse = |fault| Err(StoreError::not_run(place, fault));
    let [found, wanted] = [state.net.architecture(), recipe.architecture()];
    if found != wanted {
        return refuse(RunFault::OtherNetwork {
            found: found.to_string(),
            wanted: wanted.to_string(),
        });
    }
    let Some(own) = &about.recipe else {
        return Ok(());
    };
    let differing = difference(&past(own, state.step()), &past(recipe, state.step()));
    match differing {
        Some((field, was, says)) => refuse(RunFault::OtherRun { field, says, was }),
        None => Ok(()),
    }
}

/// A recipe as far as it has decided the first `step` steps.
fn past(recipe: &Recipe, step: u64) -> Recipe {
    let mut past = recipe.clone();
    past.edits.retain(|edit| edit.step < step);
    past
}

/// A field by its name, and its value in words.
type Field = (&'static str, fn(&Recipe) -> String);

/// The first field in which two recipes train otherwise, and both its values.
fn difference(a: &Recipe, b: &Recipe) -> Option<(&'static str, String, String)> {
    let fields: [Field; 8] = [
        ("batch_size", |recipe| recipe.batch_size.to_string()),
        ("seed", |recipe| recipe.seed.to_string()),
        ("digits", |recipe| recipe.digits.to_string()),
        ("shuffle", |recipe| recipe.shuffle.to_string()),
        ("learning_rate", |recipe| {
            format!("{:?}", recipe.learning_rate)
        }),
        ("l1", |recipe| format!("{:?}", recipe.l1)),
        ("noise", |recipe| recipe.noise.to_string()),
        ("edits", |recipe| {
            let steps = recipe.edits.iter().map(|edit| format!("{edit:?}"));
            steps.collect::<Vec<_>>().join(", ")
        }),
    ];
    fields.into_iter().find_map(|(name, of)| {
        let [a, b] = [of(a), of(b)];
        (a != b).then_some((name, a, b))
    })
}
