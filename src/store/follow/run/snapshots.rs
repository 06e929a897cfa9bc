//! The snapshots in a folder that somebody else writes: which are read, and when they are whole.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use super::{Heard, stamp::Stamp};
use crate::{
    nn::Snapshot,
    state::State,
    store::{
        folder::{self, RunFile},
        follow::story::{MOST_STEPS, Story},
        weights::{self, Claim},
    },
    words::{grouped, shown},
};

/// More snapshots than a film has moments; of more that are there, some are taken, evenly.
pub(super) const MOST_SNAPSHOTS: usize = 1200;
/// Snapshots that are read at once; the rest comes the next time.
const AT_ONCE: usize = 4;
/// A file that cannot be read may be being written; after so long it is not any more.
const BEING_WRITTEN: Duration = Duration::from_secs(5);
/// However still a folder of snapshots seems, it is looked through so often: a file that is
/// written in its place leaves no trace in its folder.
pub(super) const LOOK_THROUGH: Duration = Duration::from_secs(1);
/// Looking takes no more than this part of the time, however many there are.
const OF_THE_TIME: u32 = 50;

/// What is known of the run that they are of.
pub(super) struct Run<'a> {
    pub(super) path: &'a Path,
    pub(super) file: &'a RunFile,
    pub(super) story: &'a Story,
}

/// Those that were looked at.
#[derive(Debug, Default)]
pub(super) struct Snapshots {
    /// Those that were read, or cannot be.
    known: HashMap<u64, Known>,
    /// Their folder when all in it had been looked at, and until when that does.
    looked: Option<(Stamp, Instant)>,
    /// Whether the first state, which the seed gives, was told of.
    gave_first: bool,
}

/// A snapshot's file as it was last looked at.
#[derive(Debug)]
enum Known {
    /// It was read, or refused for good.
    Settled(Stamp),
    /// It could not be read, since then: it may be being written.
    Refused(Stamp, Instant),
}

impl Snapshots {
    /// Reads what is new, a few at a time.
    pub(super) fn read(&mut self, run: &Run, heard: &mut Heard) {
        let (folder, begun) = (folder::checkpoints_in(run.path), Instant::now());
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
            *step <= MOST_STEPS && !run.story.is_over(*step, written)
        };
        steps.retain(is_of_the_run);
        let mut read = 0;
        for step in taken(&steps) {
            if read == AT_ONCE {
                heard.more = true;
                return;
            }
            read += usize::from(self.read_one(run, &folder, step, heard));
        }
        self.known
            .retain(|step, _| steps.binary_search(step).is_ok());
        if !self.gave_first {
            self.gave_first = true;
            heard.snapshots.extend(first(run.file, &steps));
        }
        let is_refused = |known: &Known| matches!(known, Known::Refused(..));
        if !self.known.values().any(is_refused) {
            let rest = LOOK_THROUGH.max(begun.elapsed() * OF_THE_TIME);
            self.looked = stamp.map(|stamp| (stamp, begun + rest));
        }
    }

    /// Whether a file was read for it.
    fn read_one(&mut self, run: &Run, folder: &Path, step: u64, heard: &mut Heard) -> bool {
        let path = folder::snapshot_in(folder, step);
        let Some(stamp) = Stamp::of(&path) else {
            return false;
        };
        let since = match self.known.get(&step) {
            Some(Known::Settled(known)) if *known == stamp => return false,
            Some(Known::Refused(known, since)) if *known == stamp => {
                if since.elapsed() < BEING_WRITTEN {
                    return false;
                }
                Some(*since)
            }
            _ => None,
        };
        let known = match load(run.file, &path, step) {
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
        self.known.insert(step, known);
        true
    }
}

pub(super) fn load(file: &RunFile, path: &Path, step: u64) -> Result<Snapshot, String> {
    let architecture = file.recipe.architecture();
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
fn first(file: &RunFile, steps: &[u64]) -> Option<Arc<Snapshot>> {
    let is_ours = file.maker.is_ours() && file.init.is_none();
    (is_ours && !steps.contains(&0)).then(|| {
        let net = State::start(&file.recipe, None).net;
        Arc::new(Snapshot { step: 0, net })
    })
}

/// Of these steps, in order, those whose snapshots are read, the newest first, for it is what
/// is seen. Counted from the first, each time twice as far apart: what was taken stays so
/// when more are there.
pub(super) fn taken(steps: &[u64]) -> impl Iterator<Item = u64> {
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
pub(super) fn newest_in(path: &Path) -> Option<PathBuf> {
    let folder = folder::checkpoints_in(path);
    let step = folder::steps_in(&folder).pop()?;
    Some(folder::snapshot_in(&folder, step))
}
