//! An event file that is written: scalars and pictures, for TensorBoard.

use std::{
    fs::{self, File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use prost::Message;

use super::{
    framing::framed,
    message::{Content, Event, Image, Summary, Value, What},
};
use crate::store::StoreError;

/// What the first record of every file says.
const VERSION: &str = "brain.Event:2";

/// An event file of a run.
#[derive(Debug)]
pub struct EventLog {
    path: PathBuf,
    file: File,
}

impl EventLog {
    /// Begins a new file in a folder, which is made where there is none. What other runs wrote
    /// there stays.
    ///
    /// # Errors
    /// Whatever the system refuses.
    pub fn create(folder: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(folder).map_err(|reason| StoreError::folder(folder, reason))?;
        let mut number = seconds() as u64;
        loop {
            // TensorBoard knows them by the beginning, and takes them in the order of the number.
            let path = folder.join(format!("events.out.tfevents.{number:010}.ae-tui"));
            match OpenOptions::new().append(true).create_new(true).open(&path) {
                Ok(file) => {
                    let mut log = Self { path, file };
                    log.write(0, What::FileVersion(VERSION.into()))?;
                    return Ok(log);
                }
                Err(reason) if reason.kind() == std::io::ErrorKind::AlreadyExists => number += 1,
                Err(reason) => return Err(StoreError::write(&path, reason)),
            }
        }
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Numbers by their names, all of a step.
    ///
    /// # Errors
    /// Whatever the system refuses.
    pub fn scalars(&mut self, step: u64, values: &[(&str, f32)]) -> Result<(), StoreError> {
        let value = |&(tag, number): &(&str, f32)| Value {
            tag: tag.into(),
            content: Some(Content::Simple(number)),
            metadata: None,
        };
        let values = values.iter().map(value).collect();
        self.write(step, What::Summary(Summary { values }))
    }

    /// A picture of so many columns and rows, as a PNG.
    ///
    /// # Errors
    /// Whatever the system refuses.
    pub fn picture(
        &mut self,
        step: u64,
        tag: &str,
        [width, height]: [usize; 2],
        png: Vec<u8>,
    ) -> Result<(), StoreError> {
        let image = Image {
            height: height as i32,
            width: width as i32,
            colorspace: 3,
            encoded: png,
        };
        let value = Value {
            tag: tag.into(),
            content: Some(Content::Image(image)),
            metadata: None,
        };
        self.write(
            step,
            What::Summary(Summary {
                values: vec![value],
            }),
        )
    }

    /// In one piece, so that whoever reads along finds it whole, or cut once.
    fn write(&mut self, step: u64, what: What) -> Result<(), StoreError> {
        let event = Event {
            wall_time: seconds(),
            step: step.cast_signed(),
            what: Some(what),
        };
        self.file
            .write_all(&framed(&event.encode_to_vec()))
            .map_err(|reason| StoreError::write(&self.path, reason))
    }
}

/// Seconds since 1970, as the format has them.
fn seconds() -> f64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0.0, |now| now.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::events::{EventFollower, reading::is_event_file};

    #[test]
    fn what_is_written_is_read_again_and_more_as_it_comes() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("logs");
        let mut follower = EventFollower::of(&root);
        assert!(!follower.finds_any());
        let mut log = EventLog::create(&root.join("train")).unwrap();
        assert!(is_event_file(log.path()));
        assert!(follower.finds_any());
        log.scalars(3, &[("loss", 0.5), ("rate", 0.25)]).unwrap();
        log.picture(3, "digits", [1, 1], vec![1, 2, 3]).unwrap();
        let heard = |follower: &mut EventFollower| {
            let events = follower.poll();
            assert!(events.remarks.is_empty(), "{:?}", events.remarks);
            let scalar = |scalar: crate::message::Scalar| (scalar.tag, scalar.step, scalar.value);
            events.scalars.into_iter().map(scalar).collect::<Vec<_>>()
        };
        assert_eq!(
            heard(&mut follower),
            [
                ("train/loss".into(), 3, 0.5),
                ("train/rate".into(), 3, 0.25)
            ]
        );
        assert!(heard(&mut follower).is_empty());
        log.scalars(4, &[("loss", 0.25)]).unwrap();
        assert_eq!(heard(&mut follower), [("train/loss".into(), 4, 0.25)]);
        assert!(follower.written().is_some());
        // A second file of the same second has a name of its own.
        let other = EventLog::create(&root.join("train")).unwrap();
        assert_ne!(other.path(), log.path());
    }

    #[test]
    fn a_file_is_read_to_its_end_before_the_one_that_goes_on_from_it() {
        let folder = tempfile::tempdir().unwrap();
        let long = "x".repeat(200);
        let mut first = EventLog::create(folder.path()).unwrap();
        for step in 1..6000 {
            first.scalars(step, &[(&long, 0.5)]).unwrap();
        }
        let mut second = EventLog::create(folder.path()).unwrap();
        second.scalars(10, &[(&long, 0.25)]).unwrap();
        let mut follower = EventFollower::of(folder.path());
        let (mut steps, mut polls, mut more) = (Vec::new(), 0, true);
        while more {
            let events = follower.poll();
            steps.extend(events.scalars.iter().map(|scalar| scalar.step));
            (polls, more) = (polls + 1, events.more);
        }
        assert!(polls > 1, "it is too short to tell");
        assert!(steps.into_iter().eq((1..6000).chain([10])));
    }
}
