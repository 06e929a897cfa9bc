//! A log of records that somebody else writes, in a file or down a line, as plain numbers.

use std::{
    fs::{self, File},
    io::{self, Read},
    os::fd::AsFd,
    path::Path,
    time::{Instant, SystemTime},
};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::{Lines, Story, Tail, Turn, numbers::numbers};
use crate::{
    message::{Absence, End, Scalars, Writer},
    store::events::EventFollower,
    words::shown,
};

/// Bytes that are taken down a line at once.
const GULP: usize = 64 << 10;
/// After so many silent seconds whoever writes files seems dead.
const SILENCE: u64 = 600;

/// Numbers that somebody else writes, wherever they stand.
#[derive(Debug)]
pub struct ScalarFollower {
    place: Place,
    lines: Lines,
    story: Story,
    end: Option<End>,
    /// Whether the line was closed.
    closed: bool,
    last_word: Instant,
    silent_before: u64,
    caught_up: bool,
}

#[derive(Debug)]
enum Place {
    Log(Tail),
    Line(File),
    Events(EventFollower),
}

/// What was heard, and how it stood there.
#[derive(Debug, Default)]
pub struct Numbers {
    /// The numbers.
    pub scalars: Scalars,
    /// The records, where they are lines of JSON.
    pub lines: Vec<String>,
    /// Whether there is more already.
    pub more: bool,
}

impl ScalarFollower {
    /// A file of records, one a line.
    pub fn of_log(path: &Path) -> Self {
        Self::at(Place::Log(Tail::of(path)), silence_of(path))
    }

    /// Records that come down a line.
    pub fn of_line(line: File) -> Self {
        Self::at(Place::Line(line), 0)
    }

    /// Event files.
    pub fn of_events(root: &Path) -> Self {
        Self::at(Place::Events(EventFollower::of(root)), silence_of(root))
    }

    fn at(place: Place, silent_before: u64) -> Self {
        Self {
            place,
            lines: Lines::default(),
            story: Story::default(),
            end: None,
            closed: false,
            last_word: Instant::now(),
            silent_before,
            caught_up: false,
        }
    }

    /// What is new.
    pub fn poll(&mut self) -> Numbers {
        let mut heard = Numbers::default();
        let bytes = match &mut self.place {
            Place::Events(events) => {
                let events = events.poll();
                heard.scalars.scalars = events.scalars;
                heard.scalars.remarks = events.remarks;
                heard.more = events.more;
                Vec::new()
            }
            Place::Log(tail) => match tail.read() {
                Ok(piece) => {
                    if piece.anew {
                        self.lines.forget();
                        (self.story, self.end) = (Story::default(), None);
                        heard.scalars.back_to = Some(0);
                    }
                    heard.more = piece.more;
                    piece.bytes
                }
                Err(reason) => {
                    let words = format!("cannot read {}: {reason}", shown(tail.path()));
                    heard.scalars.remarks.push(words);
                    Vec::new()
                }
            },
            Place::Line(line) => match gulp(line) {
                Ok(bytes) => {
                    self.closed |= bytes.as_ref().is_some_and(Vec::is_empty);
                    heard.more = bytes.as_ref().is_some_and(|bytes| !bytes.is_empty());
                    bytes.unwrap_or_default()
                }
                Err(reason) => {
                    self.closed = true;
                    let words = format!("cannot read standard input: {reason}");
                    heard.scalars.remarks.push(words);
                    Vec::new()
                }
            },
        };
        self.read(&bytes, &mut heard);
        heard.scalars.remarks.extend(self.story.remark());
        if !heard.lines.is_empty() || !heard.scalars.scalars.is_empty() {
            self.last_word = Instant::now();
            if self.caught_up {
                self.silent_before = 0;
            }
        }
        self.caught_up |= !heard.more;
        heard
    }

    fn read(&mut self, bytes: &[u8], heard: &mut Numbers) {
        let (story, end) = (&mut self.story, &mut self.end);
        self.lines.feed(bytes, |line| {
            if line.trim_ascii().is_empty() {
                return;
            }
            heard.lines.push(String::from_utf8_lossy(line).into_owned());
            let (scalars, is_ours) = numbers(line).unwrap_or((Vec::new(), true));
            if !scalars.is_empty() {
                *end = None;
            }
            // Other programs' records have no story.
            match is_ours.then(|| story.hear(line)).flatten() {
                Some(Turn::BackTo(step)) => {
                    heard.scalars.scalars.retain(|scalar| scalar.step <= step);
                    let back_to = &mut heard.scalars.back_to;
                    *back_to = Some(back_to.map_or(step, |first| first.min(step)));
                }
                Some(Turn::End(how)) => *end = Some(how),
                _ => {}
            }
            heard.scalars.scalars.extend(scalars);
        });
    }

    /// What has become of whoever writes it.
    pub fn writer(&self) -> Writer {
        let silent = self.last_word.elapsed().as_secs();
        let silent = silent.saturating_add(self.silent_before);
        match (self.end, self.closed, &self.place) {
            (Some(end), ..) => Writer::Ended(end),
            (None, true, _) => Writer::Gone(silent, Absence::Closed),
            (None, false, Place::Log(_) | Place::Events(_)) if silent >= SILENCE => {
                Writer::Gone(silent, Absence::Silence)
            }
            _ => Writer::Writes(silent),
        }
    }
}

/// What has come down a line: nothing yet, or nothing any more, where it is empty.
fn gulp(line: &mut File) -> io::Result<Option<Vec<u8>>> {
    let none = Timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    let mut watched = [PollFd::from_borrowed_fd(line.as_fd(), PollFlags::IN)];
    if poll(&mut watched, Some(&none))? == 0 {
        return Ok(None);
    }
    let mut bytes = vec![0; GULP];
    let count = line.read(&mut bytes)?;
    bytes.truncate(count);
    Ok(Some(bytes))
}

/// Seconds since a file was written to.
fn silence_of(path: &Path) -> u64 {
    let about = fs::metadata(path).ok().filter(fs::Metadata::is_file);
    let modified = about.and_then(|about| about.modified().ok());
    let since = modified.and_then(|modified| SystemTime::now().duration_since(modified).ok());
    since.map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_log_is_numbers_until_its_end_and_one_that_begins_anew_goes_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        fs::write(
            &path,
            "{\"event\":\"start\",\"seed\":4}\n{\"event\":\"step\",\"step\":1,\"epoch\":1,\"loss\":0.5}\n",
        )
        .unwrap();
        let mut log = ScalarFollower::of_log(&path);
        let heard = log.poll();
        assert_eq!((heard.lines.len(), heard.scalars.scalars.len()), (2, 1));
        assert!(matches!(log.writer(), Writer::Writes(_)));
        let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
        file.write_all(b"{\"event\":\"end\",\"status\":\"failed\"}\n")
            .unwrap();
        log.poll();
        assert_eq!(log.writer(), Writer::Ended(End::Failed));
        file.write_all(b"{\"event\":\"start\"}\n{\"event\":\"step\",\"step\":1,\"loss\":0.4}\n")
            .unwrap();
        let heard = log.poll();
        assert_eq!(heard.scalars.back_to, Some(0));
        assert_eq!(heard.scalars.scalars.len(), 1);
        assert!(matches!(log.writer(), Writer::Writes(_)));
    }

    #[test]
    fn a_line_that_is_closed_is_told() {
        let (reader, mut writer) = std::io::pipe().unwrap();
        let mut line = ScalarFollower::of_line(File::from(std::os::fd::OwnedFd::from(reader)));
        assert!(line.poll().lines.is_empty());
        writer
            .write_all(b"{\"step\":3,\"loss\":0.5}\n{\"st")
            .unwrap();
        let heard = line.poll();
        assert_eq!(heard.scalars.scalars[0].step, 3);
        assert!(matches!(line.writer(), Writer::Writes(_)));
        drop(writer);
        line.poll();
        assert!(matches!(line.writer(), Writer::Gone(_, Absence::Closed)));
    }
}
