//! A run as a folder: what it is, its log, and states that it goes on from.
//!
//! ```text
//! run.toml                             the recipe with its edits, and what it was made by and on
//! metrics.jsonl                        the log
//! checkpoints/step-0001875.safetensors states: the newest three, and the best
//! lock                                 held by whoever writes the run
//! ```
//!
//! A program that was killed at any moment leaves a folder from which the run goes on.
//! This module knows files; when a state is due, and who trains, is for others to know.

mod amiss;
mod fault;
mod found;
mod lock;
mod run_file;
mod shelf;
mod writer;

use std::{
    fs::{self, DirEntry},
    io::ErrorKind,
    num::NonZeroU64,
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use amiss::Amiss;
pub use fault::RunFault;
pub use found::{Found, Newest, first_state_beside, is_run, last_held_out, read, run_of};
pub use lock::Lock;
pub(super) use lock::{Hold, hold_of};
pub use run_file::{Branch, Maker, ReadFrom, RunFile};
use shelf::{Entry, Shelf};
pub(super) use shelf::{path_of as snapshot_in, steps_in};
use writer::{Order, Writer};

use super::{
    StoreError,
    atomic::is_temporary,
    checkpoint, disk,
    keeper::Recorder,
    metrics::{self, Metrics, MetricsLog, MetricsTarget, Older, Record, ResumeRecord, StartRecord},
    weights::About,
};
use crate::{recipe::Recipe, state::State, words::quoted};

const RUN_FILE: &str = "run.toml";
const LOG: &str = "metrics.jsonl";
const CHECKPOINTS: &str = "checkpoints";
const LOCK: &str = "lock";

/// A folder that a run writes. Nobody else does while this lives.
#[derive(Debug)]
pub struct RunFolder {
    path: PathBuf,
    file: RunFile,
    /// Why the file on disk is another.
    file_amiss: Amiss,
    log: Recorder,
    /// What ended the log before the run.
    log_amiss: Amiss,
    /// Whether the log has to say what the run is.
    log_is_new: bool,
    /// The step that a run goes on from.
    resumed: Option<u64>,
    writer: Writer,
    /// Why the file does not say what the run is now, since that was last asked.
    _lock: Lock,
}

impl RunFolder {
    /// Makes a folder for a run that begins. `first` is its first state, where no seed
    /// gives that.
    ///
    /// # Errors
    /// A folder that holds a run or anything else, one that is being written, and
    /// whatever the system refuses.
    pub fn create(
        path: &Path,
        file: RunFile,
        first: Option<&State>,
        steps: Option<NonZeroU64>,
    ) -> Result<Self, StoreError> {
        let resumed = first.map(State::step).filter(|&step| step > 0);
        check_free(path, first)?;
        disk::create_folders(&path.join(CHECKPOINTS))
            .map_err(|reason| StoreError::write(path, reason))?;
        let lock = Lock::of(path)?;
        // Somebody else may have been faster.
        check_free(path, first)?;
        let mut shelf = Shelf::empty(path.join(CHECKPOINTS), file.init.is_some());
        if let Some(first) = first {
            let about = About {
                step: Some(first.step()),
                digest: Some(file.digest.clone()),
                data_name: Some(file.data.clone()),
                parent: file.init.clone().map(Box::new),
                ..About::of(&file.recipe)
            };
            checkpoint::save(&shelf.place(first.step()), first, &about)?;
            shelf.put(Entry {
                step: first.step(),
                val_loss: None,
            });
        }
        // The file last: with it the folder is a run, from which one can go on.
        let begun = log(path, steps).and_then(|log| {
            file.write(&path.join(RUN_FILE))?;
            Ok(log)
        });
        let log = begun.inspect_err(|_| {
            if let Some(first) = first {
                // Without a run it would be somebody else's, in whose folder none begins.
                let _ = disk::remove(&shelf.place(first.step()));
            }
        })?;
        Ok(Self {
            path: path.to_owned(),
            log: match resumed {
                Some(step) => log.going_on_from(&file.recipe, step),
                None => log,
            },
            log_amiss: Amiss::default(),
            log_is_new: true,
            resumed,
            file,
            file_amiss: Amiss::default(),
            writer: Writer::begin(shelf),
            _lock: lock,
        })
    }

    /// Opens a folder to go on with its run, as it is after so many steps.
    ///
    /// # Errors
    /// What is wrong with the folder, or who writes it.
    pub fn reopen(path: &Path) -> Result<(Lock, Found), StoreError> {
        let file = path.join(RUN_FILE);
        if !file.exists() {
            return Err(StoreError::not_run(path, RunFault::NoRun));
        }
        let lock = Lock::of(path)?;
        Ok((lock, read(path)?))
    }

    /// Goes on with a run as it was found, as that of this recipe: with more epochs, perhaps.
    ///
    /// # Errors
    /// Whatever the system refuses.
    pub fn go_on(
        lock: Lock,
        found: &Found,
        recipe: &Recipe,
        steps: Option<NonZeroU64>,
    ) -> Result<Self, StoreError> {
        let (path, step) = (&found.path, found.step());
        let file = RunFile {
            recipe: recipe.clone(),
            ..found.file.clone()
        };
        let checkpoints = path.join(CHECKPOINTS);
        disk::create_folders(&checkpoints).map_err(|reason| StoreError::write(path, reason))?;
        let mut shelf = Shelf::find(checkpoints, file.init.is_some());
        shelf.pass_over(&found.passed_over);
        // What lies behind this step happens again.
        let log_is_new = metrics::cut(&path.join(LOG), step)?;
        let log = log(path, steps)?;
        file.write(&path.join(RUN_FILE))?;
        Ok(Self {
            path: path.clone(),
            file,
            file_amiss: Amiss::default(),
            log: log.going_on_from(recipe, step),
            log_amiss: Amiss::default(),
            log_is_new,
            resumed: Some(step),
            writer: Writer::begin(shelf),
            _lock: lock,
        })
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the run is.
    pub fn file(&self) -> &RunFile {
        &self.file
    }

    /// Its log.
    pub(super) fn log(&mut self) -> &mut Recorder {
        &mut self.log
    }

    /// The run begins, or goes on.
    pub(super) fn begin(&mut self, start: &StartRecord) {
        if self.log_is_new {
            self.log.write(&Record::Start(Box::new(start.clone())));
        }
        // A branch goes on from where it left another run, as its first record says.
        if let Some(step) = self.resumed.filter(|_| start.branch.is_none()) {
            self.log.write(&Record::Resume(ResumeRecord::here(step)));
        }
    }

    /// The run is this one from now on. Whether its file says so; where it could not be
    /// written, it is tried again when the run is next told.
    pub(super) fn rewrite(&mut self, recipe: &Recipe) -> bool {
        if self.file.recipe == *recipe {
            self.mend_file();
        } else {
            self.file.recipe = recipe.clone();
            self.write_file();
        }
        self.file_amiss.words().is_none()
    }

    fn write_file(&mut self) {
        match self.file.write(&self.path.join(RUN_FILE)) {
            Ok(()) => self.file_amiss.mended(),
            Err(fault) => self.file_amiss.befalls(fault),
        }
    }

    /// Tries again what could not be written.
    fn mend_file(&mut self) {
        if self.file_amiss.words().is_some() {
            self.write_file();
        }
    }

    /// Has a state written, soon. What the log has before it goes out first: a run that
    /// goes on from there does not tell that again.
    pub(super) fn keep(&mut self, state: &Arc<State>, about: About) {
        self.mend_file();
        self.log.let_out();
        let state = Arc::clone(state);
        self.writer.put(Order { state, about });
    }

    /// When waiting lines of the log should go out at the latest, if there are any.
    pub(super) fn due(&self) -> Option<Instant> {
        self.log.due()
    }

    /// What has gone wrong since this was last asked.
    pub(super) fn take_fault(&mut self) -> Option<StoreError> {
        if let Some(fault) = self.log.take_fault() {
            self.log_amiss.befalls(fault);
        }
        let fault = self.writer.take_fault();
        let of_file = || self.file_amiss.take_untold();
        fault
            .or_else(of_file)
            .or_else(|| self.log_amiss.take_untold())
    }

    /// What is wrong with it as it is now, if anything is: what a later write has mended is not.
    pub(super) fn amiss(&self) -> Option<String> {
        let file = self.file_amiss.words().map(str::to_owned);
        let log = || self.log_amiss.words().map(str::to_owned);
        self.writer.amiss().or(file).or_else(log)
    }

    /// Waits until the last state is written.
    pub(super) fn finish(&mut self) {
        self.mend_file();
        self.writer.finish();
    }

    /// A path of that kind that nothing has yet: `runs/a-2` beside `runs/a`.
    pub fn beside(path: &Path) -> PathBuf {
        let name = path.file_name().unwrap_or(path.as_os_str());
        let mut number = 2_u64;
        loop {
            let mut name = name.to_owned();
            name.push(format!("-{number}"));
            let path = path.with_file_name(name);
            if !path.exists() {
                return path;
            }
            number += 1;
        }
    }
}

/// What says what the run of a folder is.
pub fn run_file_in(path: &Path) -> PathBuf {
    path.join(RUN_FILE)
}

/// The log of a folder's run.
pub fn log_in(path: &Path) -> PathBuf {
    path.join(LOG)
}

/// Where its states and snapshots are.
pub(super) fn checkpoints_in(path: &Path) -> PathBuf {
    path.join(CHECKPOINTS)
}

/// Refuses what is there already, unless it is nothing, or what the same run had begun with.
fn check_free(path: &Path, first: Option<&State>) -> Result<(), StoreError> {
    let refuse = |fault| Err(StoreError::not_run(path, fault));
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(reason) if reason.kind() == ErrorKind::NotFound => return Ok(()),
        Err(reason) if reason.kind() == ErrorKind::NotADirectory => {
            return refuse(RunFault::NotAFolder);
        }
        Err(reason) => return refuse(RunFault::Unreadable(reason)),
    };
    if path.join(RUN_FILE).exists() {
        return refuse(RunFault::HoldsRun(quoted(path)));
    }
    // A run that was killed before it began leaves these, and nothing in them but the state it
    // was to begin with: the log and the states of another would be taken for this one's.
    let is_first = |file: &Path| {
        first.is_some_and(|first| {
            checkpoint::load(file).is_ok_and(|(state, _)| state == *first)
                && file == shelf::path_of(&checkpoints_in(path), first.step())
        })
    };
    let is_left_over = |entry: DirEntry| {
        let name = entry.file_name();
        if name == LOG {
            entry.metadata().is_ok_and(|about| about.len() == 0)
        } else if name == CHECKPOINTS {
            fs::read_dir(entry.path()).is_ok_and(|mut files| {
                files.all(|file| {
                    file.is_ok_and(|file| is_temporary(&file.file_name()) || is_first(&file.path()))
                })
            })
        } else {
            name == LOCK || is_temporary(&name)
        }
    };
    if entries
        .into_iter()
        .all(|entry| entry.is_ok_and(is_left_over))
    {
        Ok(())
    } else {
        refuse(RunFault::NotOurs)
    }
}

fn log(path: &Path, steps: Option<NonZeroU64>) -> Result<Recorder, StoreError> {
    let log = MetricsLog::create(Metrics {
        target: MetricsTarget::File(path.join(LOG)),
        older: Older::Append,
        every: steps,
    })?;
    Ok(Recorder::new(log))
}

#[cfg(test)]
mod tests;
