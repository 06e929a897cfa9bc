//! The scalars of event files that somebody else writes.

use std::{
    collections::BTreeMap,
    fs::{self, DirEntry, File},
    io::Read,
    path::{Path, PathBuf},
    time::{Duration, Instant, SystemTime},
};

use prost::Message;

use super::{
    Frames, is_record,
    message::{Event, What},
};
use crate::{
    message::Scalar,
    store::follow::Tail,
    words::{printable, shown},
};

/// What is in the name of every event file.
const NAME: &str = "tfevents";
/// Folders in folders are looked into so far.
const DEEPEST: usize = 5;
/// More files are no run's.
const MOST_FILES: usize = 512;
/// Nor are more entries of its folders looked at, wherever somebody points.
const MOST_ENTRIES: usize = 50_000;
/// How often it is looked for new files.
const LOOK_FOR_FILES: Duration = Duration::from_secs(2);
/// No scalar has a longer name.
const LONGEST_TAG: usize = 200;

/// Whether a file is one of events, by its name or its first bytes.
pub(super) fn is_event_file(path: &Path) -> bool {
    let mut head = [0; 12];
    let mut begins = || File::open(path).is_ok_and(|mut file| file.read_exact(&mut head).is_ok());
    path.is_file() && (is_named_so(path) || (begins() && is_record(&head)))
}

fn is_named_so(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().contains(NAME)
}

/// Event files, one or all of a folder, as they grow.
#[derive(Debug)]
pub struct EventFollower {
    root: PathBuf,
    files: BTreeMap<PathBuf, Followed>,
    looked: Option<Instant>,
    said: Vec<String>,
}

#[derive(Debug)]
struct Followed {
    tail: Tail,
    frames: Frames,
    /// What stands before its tags: the folder that it is in.
    run: String,
}

/// What has been read since the last time.
#[derive(Debug, Default)]
pub struct Events {
    /// In the order in which they stand in their files.
    pub scalars: Vec<Scalar>,
    /// What is to be said of the files.
    pub remarks: Vec<String>,
    /// Whether there is more already.
    pub more: bool,
}

impl EventFollower {
    /// A file, or a folder with such files in it, at any depth: of Keras, of Lightning.
    pub fn of(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            files: BTreeMap::new(),
            looked: None,
            said: Vec::new(),
        }
    }

    /// Whether there is a file.
    pub fn finds_any(&mut self) -> bool {
        self.looked = None;
        self.look_for_files();
        !self.files.is_empty()
    }

    fn look_for_files(&mut self) {
        if self
            .looked
            .is_some_and(|looked| looked.elapsed() < LOOK_FOR_FILES)
        {
            return;
        }
        self.looked = Some(Instant::now());
        let mut found = Vec::new();
        if is_event_file(&self.root) {
            found.push(self.root.clone());
        } else {
            gather(&self.root, DEEPEST, &mut MOST_ENTRIES.clone(), &mut found);
        }
        for path in found {
            let folder = path
                .parent()
                .and_then(|path| path.strip_prefix(&self.root).ok());
            let run = folder.map_or_else(String::new, |run| printable(&run.to_string_lossy(), 80));
            self.files.entry(path.clone()).or_insert_with(|| Followed {
                tail: Tail::of(&path),
                frames: Frames::default(),
                run,
            });
        }
    }

    /// When one of them was last written to.
    pub fn written(&mut self) -> Option<SystemTime> {
        self.look_for_files();
        let written = |path: &PathBuf| fs::metadata(path).ok()?.modified().ok();
        self.files.keys().filter_map(written).max()
    }

    /// What is new, of each file to its end before the next: their names are in the order of
    /// their beginnings, and what a later one of a folder tells comes after.
    pub fn poll(&mut self) -> Events {
        self.look_for_files();
        let mut events = Events::default();
        for file in self.files.values_mut() {
            file.read(&mut events);
            if events.more {
                break;
            }
        }
        let said = &self.said;
        events.remarks.retain(|words| !said.contains(words));
        self.said.extend(events.remarks.iter().cloned());
        events
    }
}

impl Followed {
    fn read(&mut self, events: &mut Events) {
        let piece = match self.tail.read() {
            Ok(piece) => piece,
            Err(reason) => {
                let path = shown(self.tail.path());
                return events.remarks.push(format!("cannot read {path}: {reason}"));
            }
        };
        if piece.anew {
            self.frames = Frames::default();
        }
        events.more |= piece.more;
        let run = &self.run;
        let mut strange = false;
        self.frames
            .feed(&piece.bytes, |record| match Event::decode(record) {
                Ok(event) => events.scalars.extend(scalars(event, run)),
                Err(_) => strange = true,
            });
        let strange = strange.then(|| "some of its records are no events".to_owned());
        for words in self.frames.amiss().into_iter().chain(strange) {
            events
                .remarks
                .push(format!("{}: {words}", shown(self.tail.path())));
        }
    }
}

fn scalars(event: Event, run: &str) -> Vec<Scalar> {
    let Some(What::Summary(summary)) = event.what else {
        return Vec::new();
    };
    let Ok(step) = u64::try_from(event.step) else {
        return Vec::new();
    };
    let scalar = |value: super::message::Value| {
        let number = value.number()?;
        let tag = printable(&value.tag, LONGEST_TAG);
        Some(Scalar {
            tag: if run.is_empty() {
                tag
            } else {
                format!("{run}/{tag}")
            },
            step,
            value: number,
        })
    };
    summary.values.into_iter().filter_map(scalar).collect()
}

/// The event files in a folder and those in it, as far as so many entries go.
fn gather(folder: &Path, depth: usize, entries: &mut usize, found: &mut Vec<PathBuf>) {
    let here = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut here: Vec<DirEntry> = here.take(*entries).collect();
    *entries -= here.len();
    here.sort_by_key(DirEntry::path);
    for entry in here {
        if found.len() >= MOST_FILES {
            return;
        }
        let path = entry.path();
        // Links count as what they lead to.
        let kind = entry.file_type().ok().filter(|kind| !kind.is_symlink());
        let is_folder = || kind.map_or_else(|| path.is_dir(), |kind| kind.is_dir());
        if is_named_so(&path) && kind.map_or_else(|| path.is_file(), |kind| kind.is_file()) {
            found.push(path);
        } else if depth > 0 && is_folder() {
            gather(&path, depth - 1, entries, found);
        }
    }
}
