//! A run folder that somebody else writes: its log, its `run.toml`, its snapshots.

use std::{
    collections::HashMap,
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use super::{
    Lines, Story, Tail, Turn,
    story::{MOST_STEPS, object},
};
use crate::{
    message::{Absence, End, Epoch, Writer},
    nn::Snapshot,
    state::State,
    store::{
        StoreError,
        folder::{self, Hold, RunFile},
        weights::{self, Claim},
    },
    words::{grouped, shown},
};

/// More snapshots than a film has moments; of more that are there, some are taken, evenly.
const MOST_SNAPSHOTS: usize = 1200;
/// Snapshots that are read at once; the rest comes the next time.
const AT_ONCE: usize = 4;
/// A file that cannot be read may be being written; after so long it is not any more.
const BEING_WRITTEN: Duration = Duration::from_secs(5);
/// A writer that has been silent for so long, without a lock that would tell, seems dead.
const SILENCE: u64 = 600;
/// As long as it writes nobody asks again for a lock that it is known to hold.
const ASK_FOR_LOCK: u64 = 2;
/// To ask is to take the lock for a moment, which another writer could happen to want.
const ASK_AGAIN: Duration = Duration::from_secs(5);
/// However still a folder of snapshots seems, it is looked through so often: a file that is
/// written in its place leaves no trace in its folder.
const LOOK_THROUGH: Duration = Duration::from_secs(1);
/// Looking takes no more than this part of the time, however many there are.
const OF_THE_TIME: u32 = 50;

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
    /// Snapshots that were read, or cannot be.
    snapshots: HashMap<u64, Known>,
    /// Their folder when all in it had been looked at, and until when that does.
    looked: Option<(Stamp, Instant)>,
    /// How the log says that the run ended, unless it went on.
    end: Option<End>,
    /// When something was last heard.
    last_word: Instant,
    /// Seconds that had passed before it was first looked at; none, once something has come.
    silent_before: u64,
    /// Whether all that was there from the start has been read.
    caught_up: bool,
    lock: LockSeen,
    /// Whether the first state, which the seed gives, was told of.
    gave_first: bool,
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

/// What tells one file of a name from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    number: u64,
    length: u64,
    changed: (i64, i64),
}

impl Stamp {
    fn of(path: &Path) -> Option<Self> {
        let about = fs::metadata(path).ok()?;
        Some(Self {
            number: about.ino(),
            length: about.len(),
            changed: (about.mtime(), about.mtime_nsec()),
        })
    }
}

/// What is known of a folder's lock.
#[derive(Debug, Default)]
struct LockSeen {
    /// Who held it, when it was last asked.
    last: Option<(Hold, Instant)>,
    /// Whether its writer was seen to hold it: over a network it may be a file like others.
    was_held: bool,
}

impl LockSeen {
    /// Who holds it, as far as it is known; it is asked seldom.
    fn hold(&mut self, folder: &Path, silent: u64) -> Hold {
        let is_due = |(_, asked): (Hold, Instant)| asked.elapsed() >= ASK_AGAIN;
        if self.last.is_none_or(is_due) && (!self.was_held || silent >= ASK_FOR_LOCK) {
            let hold = folder::hold_of(folder);
            self.was_held |= hold == Hold::Held;
            self.last = Some((hold, Instant::now()));
        }
        self.last.map_or(Hold::Unknown, |(hold, _)| hold)
    }
}

/// A snapshot's file as it was last looked at.
#[derive(Debug)]
enum Known {
    /// It was read, or refused for good.
    Settled(Stamp),
    /// It could not be read, since then: it may be being written.
    Refused(Stamp, Instant),
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
            snapshots: HashMap::new(),
            looked: None,
            end: None,
            last_word: Instant::now(),
            silent_before: modified.min().map_or(0, |silent| silent.as_secs()),
            caught_up: false,
            lock: LockSeen::default(),
            gave_first: false,
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
            self.read_snapshots(&mut heard);
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

    fn read_snapshots(&mut self, heard: &mut Heard) {
        let (folder, begun) = (folder::checkpoints_in(&self.path), Instant::now());
        let stamp = Stamp::of(&folder);
        let is_still = |&(known, until): &(Stamp, Instant)| Some(known) == stamp && begun < until;
        if self.looked.as_ref().is_some_and(is_still) {
            return;
        }
        self.looked = None;
        let mut steps = folder::steps_in(&folder);
        let is_of_the_run = |step: &u64| {
            let written = fs::metadata(folder::snapshot_in(&folder, *step));
            let written = written.ok().and_then(|about| about.modified().ok());
            *step <= MOST_STEPS && !self.story.is_over(*step, written)
        };
        steps.retain(is_of_the_run);
        let mut read = 0;
        for step in taken(&steps) {
            if read == AT_ONCE {
                heard.more = true;
                return;
            }
            read += usize::from(self.read_snapshot(&folder, step, heard));
        }
        self.snapshots
            .retain(|step, _| steps.binary_search(step).is_ok());
        if !self.gave_first {
            self.gave_first = true;
            heard.snapshots.extend(self.first(&steps));
        }
        let is_refused = |known: &Known| matches!(known, Known::Refused(..));
        if !self.snapshots.values().any(is_refused) {
            let rest = LOOK_THROUGH.max(begun.elapsed() * OF_THE_TIME);
            self.looked = stamp.map(|stamp| (stamp, begun + rest));
        }
    }

    /// Whether a file was read for it.
    fn read_snapshot(&mut self, folder: &Path, step: u64, heard: &mut Heard) -> bool {
        let path = folder::snapshot_in(folder, step);
        let Some(stamp) = Stamp::of(&path) else {
            return false;
        };
        let since = match self.snapshots.get(&step) {
            Some(Known::Settled(known)) if *known == stamp => return false,
            Some(Known::Refused(known, since)) if *known == stamp => {
                if since.elapsed() < BEING_WRITTEN {
                    return false;
                }
                Some(*since)
            }
            _ => None,
        };
        let known = match self.load(&path, step) {
            Ok(snapshot) => {
                heard.snapshots.push(Arc::new(snapshot));
                Known::Settled(stamp)
            }
            // One that goes on being refused is said, and left.
            Err(words) if since.is_some() => {
                heard.remarks.push(format!("{words}; it was passed over"));
                Known::Settled(stamp)
            }
            Err(_) => Known::Refused(stamp, Instant::now()),
        };
        self.snapshots.insert(step, known);
        true
    }

    fn load(&self, path: &Path, step: u64) -> Result<Snapshot, String> {
        let architecture = self.file.recipe.architecture();
        let claim = Claim::of(&architecture);
        let saved = weights::load(path, Some(&claim)).map_err(|fault| fault.to_string())?;
        let found = saved.net.architecture();
        if found != architecture {
            return Err(format!(
                "{} is of {found}, and run.toml of {architecture}",
                shown(path)
            ));
        }
        match saved.about.and_then(|about| about.step) {
            Some(own) if own != step => Err(format!(
                "{} says it is of step {}",
                shown(path),
                grouped(own)
            )),
            _ => Ok(Snapshot {
                step,
                net: saved.net,
            }),
        }
    }

    /// The weights that our own runs begin with, which their seed gives.
    fn first(&self, steps: &[u64]) -> Option<Arc<Snapshot>> {
        let is_ours = self.file.maker.is_ours() && self.file.init.is_none();
        (is_ours && !steps.contains(&0)).then(|| {
            let net = State::start(&self.file.recipe, None).net;
            Arc::new(Snapshot { step: 0, net })
        })
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

/// Of these steps, in order, those whose snapshots are read, the newest first, for it is what
/// is seen. Counted from the first, each time twice as far apart: what was taken stays so
/// when more are there.
fn taken(steps: &[u64]) -> impl Iterator<Item = u64> {
    let every = steps.len().div_ceil(MOST_SNAPSHOTS).max(1);
    let rest = steps.len().saturating_sub(1);
    let evenly = steps[..rest].iter().step_by(every.next_power_of_two());
    let evenly: Vec<u64> = evenly.copied().collect();
    steps
        .last()
        .copied()
        .into_iter()
        .chain(evenly.into_iter().rev())
}

/// The file of the newest snapshot.
fn newest_in(path: &Path) -> Option<PathBuf> {
    let folder = folder::checkpoints_in(path);
    let step = folder::steps_in(&folder).pop()?;
    Some(folder::snapshot_in(&folder, step))
}

#[cfg(test)]
mod tests;
