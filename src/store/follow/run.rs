//! A run folder that somebody else writes: its log, its `run.toml`, its snapshots.

mod lock;
mod snapshots;
mod stamp;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Instant, SystemTime},
};

use super::{Lines, Story, Tail, Turn, story::object};
use crate::{
    message::{Absence, End, Epoch, Writer},
    nn::Snapshot,
    store::{
        StoreError,
        folder::{self, Hold, RunFile},
    },
    words::shown,
};
use lock::{ASK_FOR_LOCK, LockSeen};
use snapshots::{Run, Snapshots, newest_in};
use stamp::Stamp;

/// A writer that has been silent for so long, without a lock that would tell, seems dead.
const SILENCE: u64 = 600;

/// A run folder that is followed.
#[derive(Debug)]
pub struct RunFollower {
    path: PathBuf,
    file: RunFile,
    /// What `run.toml` looked like when it was read.
    file_stamp: Option<Stamp>,
    log: Tail,
    lines: Lines,
    story: Story,
    snapshots: Snapshots,
    /// How the log says that the run ended, unless it went on.
    end: Option<End>,
    /// When something was last heard.
    last_word: Instant,
    /// Seconds that had passed before it was first looked at; none, once something has come.
    silent_before: u64,
    /// Whether all that was there from the start has been read.
    caught_up: bool,
    lock: LockSeen,
    /// What was said and need not be said again.
    said: Vec<String>,
    /// Whether its lines are wanted as they stand there, and no weights are.
    log_alone: bool,
}

/// What has been heard since the last time.
#[derive(Debug, Default)]
pub struct Heard {
    /// The run goes on from this step, or begins anew from none; what follows is told after it.
    pub back_to: Option<u64>,
    /// Losses of steps, in order.
    pub losses: Vec<(u64, f32)>,
    /// Epochs that ended, in order.
    pub epochs: Vec<Epoch>,
    /// Weights that were written down, in any order.
    pub snapshots: Vec<Arc<Snapshot>>,
    /// What has become of `run.toml`.
    pub file: Option<FileNews>,
    /// What is to be said of the files.
    pub remarks: Vec<String>,
    /// The records of the log as they stand there, where they were asked for.
    pub lines: Vec<String>,
    /// Whether there were any.
    spoke: bool,
    /// Whether there is more already.
    pub more: bool,
}

/// What has become of a `run.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileNews {
    /// The recipe was edited.
    Edited,
    /// It tells of another run, of which this follower cannot.
    OtherRun,
}

impl Heard {
    /// Whether anything of the run was heard.
    pub fn is_news(&self) -> bool {
        self.back_to.is_some()
            || self.file == Some(FileNews::Edited)
            || !self.losses.is_empty()
            || !self.epochs.is_empty()
            || !self.snapshots.is_empty()
    }
}

impl RunFollower {
    /// Begins to follow the run of a folder that has a `run.toml`.
    ///
    /// # Errors
    /// What is wrong with that file; nothing else need be there yet.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let run_file = folder::run_file_in(path);
        let file_stamp = Stamp::of(&run_file);
        let file = RunFile::read(&run_file)?;
        let log = folder::log_in(path);
        let words = [Some(log.clone()), newest_in(path)];
        let modified = words.iter().flatten().filter_map(|path| {
            let modified = fs::metadata(path).ok()?.modified().ok()?;
            SystemTime::now().duration_since(modified).ok()
        });
        Ok(Self {
            path: path.to_owned(),
            file,
            file_stamp,
            log: Tail::of(&log),
            lines: Lines::default(),
            story: Story::default(),
            snapshots: Snapshots::default(),
            end: None,
            last_word: Instant::now(),
            silent_before: modified.min().map_or(0, |silent| silent.as_secs()),
            caught_up: false,
            lock: LockSeen::default(),
            said: Vec::new(),
            log_alone: false,
        })
    }

    /// Follows the log alone, and tells its lines too.
    #[must_use]
    pub fn log_alone(self) -> Self {
        Self {
            log_alone: true,
            ..self
        }
    }

    /// What the run is.
    pub fn file(&self) -> &RunFile {
        &self.file
    }

    /// Its folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is new. What cannot be read is said, and tried again.
    pub fn poll(&mut self) -> Heard {
        let mut heard = Heard::default();
        self.look_at_file(&mut heard);
        self.read_log(&mut heard);
        // What the log tells of going back comes before the pictures of what follows.
        let reads_on = heard.more && !self.caught_up;
        if !self.log_alone && !reads_on {
            let run = Run {
                path: &self.path,
                file: &self.file,
                story: &self.story,
            };
            self.snapshots.read(&run, &mut heard);
        }
        heard.remarks.extend(self.story.remark());
        let said = &self.said;
        heard.remarks.retain(|words| !said.contains(words));
        self.said.extend(heard.remarks.iter().cloned());
        if heard.is_news() || heard.spoke {
            self.last_word = Instant::now();
            // Whoever speaks lives, whatever was known of the lock.
            self.lock.last = self.lock.last.map(|(_, asked)| (Hold::Unknown, asked));
            if self.caught_up {
                self.silent_before = 0;
            }
        }
        self.caught_up |= !heard.more;
        heard
    }

    /// The run may have been edited, or be another one by now.
    fn look_at_file(&mut self, heard: &mut Heard) {
        let path = folder::run_file_in(&self.path);
        let stamp = Stamp::of(&path);
        if stamp == self.file_stamp || stamp.is_none() {
            return;
        }
        // One that is half written is read the next time that it looks otherwise.
        self.file_stamp = stamp;
        match RunFile::read(&path) {
            Ok(file) if file == self.file => {}
            Ok(file) => {
                let is_other = file.recipe.architecture() != self.file.recipe.architecture()
                    || file.recipe.seed != self.file.recipe.seed
                    || file.digest != self.file.digest;
                heard.file = Some(if is_other {
                    FileNews::OtherRun
                } else {
                    FileNews::Edited
                });
                self.file = file;
            }
            Err(fault) => heard.remarks.push(fault.to_string()),
        }
    }

    fn read_log(&mut self, heard: &mut Heard) {
        let piece = match self.log.read() {
            Ok(piece) => piece,
            Err(reason) => {
                let path = shown(self.log.path());
                heard.remarks.push(format!("cannot read {path}: {reason}"));
                return;
            }
        };
        if piece.anew {
            self.lines.forget();
            self.story = Story::default();
            self.end = None;
            heard.back_to = Some(0);
        }
        heard.more |= piece.more;
        let (story, end, wants_lines) = (&mut self.story, &mut self.end, self.log_alone);
        self.lines.feed(&piece.bytes, |line| {
            heard.spoke = true;
            if wants_lines {
                heard.lines.extend(object(line));
            }
            match story.hear(line) {
                Some(Turn::Step(step, loss)) => {
                    *end = None;
                    heard.losses.push((step, loss));
                }
                Some(Turn::Epoch(epoch)) => {
                    *end = None;
                    heard.epochs.push(epoch);
                }
                Some(Turn::BackTo(step)) => {
                    *end = None;
                    heard.losses.retain(|(of, _)| *of <= step);
                    heard.epochs.retain(|epoch| epoch.step <= step);
                    heard.back_to = Some(heard.back_to.map_or(step, |first| first.min(step)));
                }
                Some(Turn::End(how)) => *end = Some(how),
                None => {}
            }
        });
    }

    /// What has become of whoever writes it.
    pub fn writer(&mut self) -> Writer {
        if let Some(end) = self.end {
            return Writer::Ended(end);
        }
        let silent = self.last_word.elapsed().as_secs();
        // What was there from the start came before it was looked at.
        let silent = silent.saturating_add(self.silent_before);
        match self.lock.hold(&self.path, silent) {
            _ if silent < ASK_FOR_LOCK => Writer::Writes(silent),
            Hold::Free if self.lock.was_held || silent >= SILENCE => {
                Writer::Gone(silent, Absence::LockIsFree)
            }
            Hold::Unknown if silent >= SILENCE => Writer::Gone(silent, Absence::Silence),
            Hold::Held | Hold::Free | Hold::Unknown => Writer::Writes(silent),
        }
    }
}

#[cfg(test)]
mod tests;
