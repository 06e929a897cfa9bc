//! A log of records that somebody else writes, in a file or down a line, as plain numbers.

use std::{
    fs::{self, File},
    io::{self, Read},
    os::fd::AsFd,
    path::Path,
    time::{Instant, SystemTime},
};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use serde_json::{Map, Value};

use super::{Lines, Story, Tail, Turn, numbers::numbers, story::parse};
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
    /// Whose records they are.
    author: Author,
    /// Whether the line was closed.
    closed: bool,
    last_word: Instant,
    silent_before: u64,
    caught_up: bool,
    /// What was said and need not be said again.
    said: Vec<String>,
}

/// Whose records were heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Author {
    /// None were.
    Unknown,
    /// They are events, and there is one for the end.
    Ours,
    /// They are numbers, and the last of them says nothing of being the last.
    Others,
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
    /// The records, where they are JSON, one a line.
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
        let mut events = EventFollower::of(root);
        let silent = silence_since(events.written());
        Self::at(Place::Events(events), silent)
    }

    fn at(place: Place, silent_before: u64) -> Self {
        Self {
            place,
            lines: Lines::default(),
            story: Story::default(),
            end: None,
            author: Author::Unknown,
            closed: false,
            last_word: Instant::now(),
            silent_before,
            caught_up: false,
            said: Vec::new(),
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
                    let words = format!("cannot read what comes down the line: {reason}");
                    heard.scalars.remarks.push(words);
                    Vec::new()
                }
            },
        };
        self.read(&bytes, &mut heard);
        let remarks = &mut heard.scalars.remarks;
        remarks.extend(self.story.remark());
        remarks.retain(|words| !self.said.contains(words));
        self.said.extend(remarks.iter().cloned());
        if !bytes.is_empty() || !heard.scalars.scalars.is_empty() {
            self.last_word = Instant::now();
            if self.caught_up {
                self.silent_before = 0;
            }
        }
        self.caught_up |= !heard.more;
        heard
    }

    fn read(&mut self, bytes: &[u8], heard: &mut Numbers) {
        let (story, end, author) = (&mut self.story, &mut self.end, &mut self.author);
        self.lines.feed(bytes, |line| {
            let record = parse::<Map<String, Value>>(line);
            if let Some((_, record)) = &record {
                *author = match *author {
                    Author::Ours => Author::Ours,
                    _ if record.contains_key("event") => Author::Ours,
                    _ => Author::Others,
                };
            }
            let found = record.as_ref().and_then(|(_, record)| numbers(record));
            heard
                .lines
                .extend(record.map(|(text, _)| text.into_owned()));
            let (scalars, is_ours) = found.unwrap_or((Vec::new(), true));
            if !scalars.is_empty() {
                *end = None;
            }
            // Other programs' records have no story.
            let turn = if is_ours {
                story.hear(line)
            } else {
                story.pass_over();
                None
            };
            match turn {
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
            // Who never tells an end closes the line at the end, and not within a record.
            (None, true, _) if self.author == Author::Others && self.lines.are_whole() => {
                Writer::Ended(End::Finished)
            }
            (None, true, _) => Writer::Gone(silent, Absence::Closed),
            (None, false, Place::Line(_)) => Writer::Writes(silent),
            (None, false, _) if silent < SILENCE => Writer::Writes(silent),
            (None, false, Place::Log(_)) if self.author != Author::Others => {
                Writer::Gone(silent, Absence::Silence)
            }
            (None, false, _) => Writer::Gone(silent, Absence::Unsaid),
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
    silence_since(modified)
}

fn silence_since(written: Option<SystemTime>) -> u64 {
    let since = written.and_then(|written| SystemTime::now().duration_since(written).ok());
    since.map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use std::{io::Write, time::Duration};

    use super::*;
    use crate::store::events::EventLog;

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
    fn only_records_are_passed_on_and_what_is_none_is_counted_among_all_lines() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let text =
            "{\"step\":1,\"loss\":0.5}\n{\"step\":2,\"loss\":NaN,\"rate\":0.25}\n\nEpoch 1\n[3]\n";
        fs::write(&path, text).unwrap();
        let heard = ScalarFollower::of_log(&path).poll();
        let records = [
            "{\"step\":1,\"loss\":0.5}",
            "{\"step\":2,\"loss\":null,\"rate\":0.25}",
        ];
        assert_eq!(heard.lines, records);
        assert_eq!(heard.scalars.scalars.len(), 2, "{heard:?}");
        let [remark] = &heard.scalars.remarks[..] else {
            panic!("{heard:?}")
        };
        assert!(
            remark.contains("2 lines") && remark.contains("line 4"),
            "{remark}"
        );
    }

    #[test]
    fn what_cannot_be_read_is_said_once() {
        let folder = tempfile::tempdir().unwrap();
        // A folder is no log.
        let mut log = ScalarFollower::of_log(folder.path());
        assert_eq!(log.poll().scalars.remarks.len(), 1);
        assert!(log.poll().scalars.remarks.is_empty());
    }

    #[test]
    fn event_files_of_last_month_are_nobodys_who_writes() {
        let folder = tempfile::tempdir().unwrap();
        let log = EventLog::create(&folder.path().join("version_0")).unwrap();
        let file = File::options().append(true).open(log.path()).unwrap();
        let long_ago = SystemTime::now() - Duration::from_secs(30 * 24 * 3600);
        file.set_modified(long_ago).unwrap();
        let mut events = ScalarFollower::of_events(folder.path());
        events.poll();
        assert!(matches!(events.writer(), Writer::Gone(_, Absence::Unsaid)));
    }

    #[test]
    fn a_silent_log_is_that_of_the_dead_only_where_it_would_have_told_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        for (record, why) in [
            (r#"{"step":3,"loss":0.5}"#, Absence::Unsaid),
            (r#"{"event":"step","step":3,"loss":0.5}"#, Absence::Silence),
            ("", Absence::Silence),
        ] {
            fs::write(&path, record).unwrap();
            let file = File::options().append(true).open(&path).unwrap();
            let before = SystemTime::now() - Duration::from_secs(3600);
            file.set_modified(before).unwrap();
            let mut log = ScalarFollower::of_log(&path);
            log.poll();
            assert!(
                matches!(log.writer(), Writer::Gone(_, found) if found == why),
                "{record}"
            );
        }
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

    #[test]
    fn closing_the_line_is_the_end_of_what_tells_no_other() {
        let told = |text: &str| {
            let (reader, mut writer) = std::io::pipe().unwrap();
            let mut line = ScalarFollower::of_line(File::from(std::os::fd::OwnedFd::from(reader)));
            writer.write_all(text.as_bytes()).unwrap();
            drop(writer);
            while line.poll().more {}
            line.writer()
        };
        let finished = Writer::Ended(End::Finished);
        assert_eq!(told("{\"step\":3,\"loss\":0.5}\n"), finished);
        assert_eq!(
            told("{\"step\":3,\"loss\":0.5}"),
            finished,
            "a whole record has no more"
        );
        for cut in [
            "",
            "{\"step\":3,\"loss\":0.5}\n{\"step\":4,",
            "{\"event\":\"step\",\"step\":3,\"loss\":0.5}\n",
        ] {
            assert!(
                matches!(told(cut), Writer::Gone(_, Absence::Closed)),
                "{cut}"
            );
        }
    }
}
