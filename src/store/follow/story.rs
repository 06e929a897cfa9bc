//! What a log's lines tell of a run, whoever wrote them.
//!
//! It is read with more patience than our own: fields that a stranger's program leaves out
//! are done without, a loss that is no number tells nothing but that, and what is no record
//! is counted and said once.

use std::{borrow::Cow, time::SystemTime};

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::{
    lens::HeldOut,
    message::{End, Epoch},
};

/// Steps beyond this are a slip of the pen: numbers in JSON are exact up to there.
pub(super) const MOST_STEPS: u64 = 1 << 53;

/// The story that a log tells, line for line.
#[derive(Debug, Default)]
pub(super) struct Story {
    step: u64,
    line: u64,
    /// Lines that are no records, and the first of them.
    strange: (u64, u64),
    /// The first step whose loss is no number.
    no_number: Option<u64>,
    told: bool,
    begun: bool,
    /// The step that the log goes on from, and when that was.
    went_on: Option<(u64, Option<SystemTime>)>,
}

/// What a line tells.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Turn {
    /// A step was taken.
    Step(u64, f32),
    /// An epoch ended.
    Epoch(Epoch),
    /// The run goes on from this step, or begins anew from none.
    BackTo(u64),
    /// It is at its end.
    End(End),
}

/// A record as far as it tells of these.
#[derive(Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
enum Line {
    Start {
        time: Option<String>,
    },
    Step {
        step: u64,
        loss: Option<f32>,
    },
    Epoch(EpochLine),
    Resume {
        step: u64,
        time: Option<String>,
    },
    End {
        status: Option<Status>,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct EpochLine {
    epoch: u64,
    step: u64,
    train_loss: Option<f32>,
    val_loss: Option<f32>,
    val_reconstruction: Option<f32>,
    seconds: Option<f64>,
    samples_per_second: Option<f64>,
    #[serde(default)]
    dead_units: Vec<usize>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Finished,
    Stopped,
    Failed,
    #[serde(other)]
    Other,
}

impl Story {
    /// A line of the log that is none of this story's.
    pub(super) fn pass_over(&mut self) {
        self.line += 1;
    }

    /// What a line tells, if it tells of the run.
    pub(super) fn hear(&mut self, line: &[u8]) -> Option<Turn> {
        self.line += 1;
        let line = line.trim_ascii();
        if line.is_empty() {
            return None;
        }
        let Some((_, line)) = parse(line) else {
            self.strange = match self.strange {
                (0, _) => (1, self.line),
                (count, first) => (count + 1, first),
            };
            return None;
        };
        self.turn(line)
    }

    fn turn(&mut self, line: Line) -> Option<Turn> {
        match line {
            Line::Step { step, loss } => {
                // What is told a second time is known.
                let is_next = step > self.step && step <= MOST_STEPS;
                self.begun |= is_next;
                if is_next {
                    self.step = step;
                }
                let loss = loss.filter(|loss| loss.is_finite());
                if loss.is_none() {
                    self.no_number.get_or_insert(step);
                }
                loss.filter(|_| is_next).map(|loss| Turn::Step(step, loss))
            }
            Line::Epoch(line) => self.epoch(line).map(Turn::Epoch),
            Line::Start { time } => {
                let again = std::mem::replace(&mut self.begun, true);
                self.step = 0;
                self.goes_on(0, time, again);
                again.then_some(Turn::BackTo(0))
            }
            Line::Resume { step, time } => {
                self.begun = true;
                let back = step < self.step;
                self.goes_on(step, time, back);
                self.step = self.step.min(step);
                back.then_some(Turn::BackTo(step))
            }
            Line::End { status } => Some(Turn::End(match status {
                Some(Status::Finished) => End::Finished,
                Some(Status::Failed) => End::Failed,
                Some(Status::Stopped | Status::Other) | None => End::Stopped,
            })),
            Line::Other => None,
        }
    }

    fn epoch(&mut self, line: EpochLine) -> Option<Epoch> {
        let known = line.step < self.step || line.step == 0 || line.step > MOST_STEPS;
        if known {
            return None;
        }
        (self.step, self.begun) = (line.step, true);
        let number = |loss: Option<f32>| loss.filter(|loss| loss.is_finite());
        let loss = number(line.val_loss).or(number(line.val_reconstruction));
        let (Some(train_loss), Some(loss)) = (number(line.train_loss), loss) else {
            self.no_number.get_or_insert(line.step);
            return None;
        };
        let rate = |value: Option<f64>| value.filter(|value| value.is_finite()).unwrap_or(0.0);
        Some(Epoch {
            number: line.epoch,
            step: line.step,
            train_loss,
            held_out: HeldOut {
                loss,
                reconstruction: number(line.val_reconstruction).unwrap_or(loss),
            },
            seconds: rate(line.seconds),
            samples_per_second: rate(line.samples_per_second),
            dead_units: line.dead_units,
        })
    }

    fn goes_on(&mut self, from: u64, time: Option<String>, goes_back: bool) {
        let time = time.and_then(|time| humantime::parse_rfc3339(&time).ok());
        if goes_back || time.is_some() {
            self.went_on = Some((from, time));
        }
    }

    /// Whether weights of this step, written then, are of what the log has gone back behind.
    pub(super) fn is_over(&self, step: u64, written: Option<SystemTime>) -> bool {
        match self.went_on {
            Some((from, Some(time))) => {
                step > from && written.is_some_and(|written| written < time)
            }
            // Without times it is so until the log has come there again.
            Some((from, None)) => step > from && step > self.step,
            None => false,
        }
    }

    /// What there is to say of the log itself, once.
    pub(super) fn remark(&mut self) -> Option<String> {
        if self.told {
            return None;
        }
        let words = match (self.strange, self.no_number) {
            ((1, first), _) => format!("line {first} of the log is no record; it was passed over"),
            ((count @ 2.., first), _) => format!(
                "{count} lines of the log are no records (the first: line {first}); they were passed over"
            ),
            ((0, _), Some(step)) => format!("the loss is no number at step {step} of the log"),
            ((0, _), None) => return None,
        };
        self.told = true;
        Some(words)
    }
}

/// A line as JSON, or as what Python writes for it: `NaN` and `Infinity` are no JSON. The
/// text is that of the JSON.
pub(super) fn parse<T: DeserializeOwned>(line: &[u8]) -> Option<(Cow<'_, str>, T)> {
    let text = str::from_utf8(line).ok()?;
    if let Ok(record) = serde_json::from_str(text) {
        return Some((text.into(), record));
    }
    let mended = text.replace("-Infinity", "null");
    let mended = mended.replace("Infinity", "null").replace("NaN", "null");
    let record = serde_json::from_str(&mended).ok()?;
    Some((mended.into(), record))
}

/// The text of a line that is a JSON object.
pub(super) fn object(line: &[u8]) -> Option<String> {
    let (text, _) = parse::<Map<String, Value>>(line)?;
    Some(text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(story: &mut Story, line: &str) -> Option<Turn> {
        story.hear(line.as_bytes())
    }

    #[test]
    fn a_strangers_log_is_read_with_what_it_has() {
        let story = &mut Story::default();
        assert_eq!(heard(story, r#"{"event":"start","who":"me"}"#), None);
        assert_eq!(
            heard(story, r#"{"event":"step","step":1,"loss":0.5}"#),
            Some(Turn::Step(1, 0.5))
        );
        // Told twice, or of a step that nobody takes.
        assert_eq!(
            heard(story, r#"{"event":"step","step":1,"loss":0.4}"#),
            None
        );
        assert_eq!(
            heard(
                story,
                r#"{"event":"step","step":18446744073709551615,"loss":0.4}"#
            ),
            None
        );
        let Some(Turn::Epoch(epoch)) = heard(
            story,
            r#"{"event":"epoch","epoch":1,"step":4,"train_loss":0.3,"val_loss":0.2}"#,
        ) else {
            panic!("an epoch");
        };
        assert_eq!((epoch.step, epoch.held_out.reconstruction), (4, 0.2));
        assert_eq!(story.step, 4);
        assert_eq!(
            heard(story, r#"{"event":"resume","step":2}"#),
            Some(Turn::BackTo(2))
        );
        assert_eq!(heard(story, r#"{"event":"start"}"#), Some(Turn::BackTo(0)));
        assert_eq!(
            heard(story, r#"{"event":"end","status":"finished","step":4}"#),
            Some(Turn::End(End::Finished))
        );
        assert_eq!(story.remark(), None);
    }

    #[test]
    fn what_is_no_record_and_what_is_no_number_is_said_once() {
        let story = &mut Story::default();
        for line in [
            r#"{"event":"step","step":3,"loss":NaN}"#,
            r#"{"event":"step","step":4,"loss":null}"#,
        ] {
            assert_eq!(heard(story, line), None);
        }
        let words = story.remark().unwrap();
        assert!(words.contains("no number at step 3"), "{words}");
        assert_eq!(story.remark(), None);
        let story = &mut Story::default();
        for line in ["", "Epoch 1/10", "[1, 2]", r#"{"event":"eval","x":1}"#] {
            assert_eq!(heard(story, line), None);
        }
        let words = story.remark().unwrap();
        assert!(
            words.starts_with("2 lines") && words.contains("line 2"),
            "{words}"
        );
    }
}
