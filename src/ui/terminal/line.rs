//! Whether the line to the terminal keeps up with the frames.
//!
//! Between the program and a terminal far away lie buffers that take more than the line carries, and
//! what they hold is seen late. So with a frame the terminal is asked whether it is well (DSR 5), which every
//! terminal answers once it has come so far, and how long that takes tells how much is under way.
//! Beyond what the quickest answer took frames are left out until it comes: a slow line gets
//! fewer frames, not old ones. A terminal that never answers is asked no more, and never waited for.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

/// Whether it is well.
const QUESTION: &[u8] = b"\x1b[5n";
/// By how much later than the quickest an answer may come before frames are left out.
const BEHIND: Duration = Duration::from_millis(120);
/// Without an answer for so long none is waited for.
const DEAF: Duration = Duration::from_secs(3);

/// Whether an answer is under way, which the shell must not get.
static OWED: AtomicBool = AtomicBool::new(false);

/// What is known of the line.
#[derive(Debug, Default)]
pub struct Line {
    /// When the question was asked that is not answered yet.
    asked: Option<Instant>,
    /// How long the quickest answer took.
    quickest: Option<Duration>,
    /// Whether no answer is to be hoped for.
    deaf: bool,
}

impl Line {
    /// A line over which nothing is asked where nothing would be answered.
    pub fn new(answers: bool) -> Self {
        Self {
            deaf: !answers,
            ..Self::default()
        }
    }

    /// What is sent at the end of a frame.
    pub fn question(&mut self, now: Instant) -> &'static [u8] {
        if let Some(asked) = self.asked
            && now.saturating_duration_since(asked) >= DEAF
        {
            self.asked = None;
            self.deaf = true;
        }
        if self.deaf || self.asked.is_some() {
            return &[];
        }
        self.asked = Some(now);
        OWED.store(true, Ordering::SeqCst);
        QUESTION
    }

    /// The terminal has answered.
    pub fn hear(&mut self, now: Instant) {
        settle();
        if let Some(asked) = self.asked.take() {
            let took = now.saturating_duration_since(asked);
            self.quickest = Some(self.quickest.map_or(took, |quickest| quickest.min(took)));
        }
    }

    /// What was asked may have been answered to somebody else: the program was stopped.
    pub fn forget(&mut self) {
        settle();
        self.asked = None;
    }

    /// Whether more is under way than the line carries in time.
    pub fn is_behind(&self, now: Instant) -> bool {
        let (Some(asked), Some(quickest)) = (self.asked, self.quickest) else {
            return false;
        };
        let since = now.saturating_duration_since(asked);
        (quickest + BEHIND..DEAF).contains(&since)
    }
}

/// Whether the answer is still to come.
pub(super) fn is_owed() -> bool {
    OWED.load(Ordering::SeqCst)
}

/// It has come, or nobody waits for it.
pub(super) fn settle() -> bool {
    OWED.swap(false, Ordering::SeqCst)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    #[test]
    fn frames_are_left_out_while_an_answer_is_later_than_usual() {
        let (mut line, start) = (Line::new(true), Instant::now());
        assert_eq!(line.question(start), QUESTION);
        // Asked once, and with nothing to compare with never waited for.
        assert_eq!(line.question(start), b"");
        assert!(!line.is_behind(start + after(2000)));
        line.hear(start + after(80));
        let start = start + after(100);
        assert_eq!(line.question(start), QUESTION);
        assert!(!line.is_behind(start + after(199)));
        assert!(line.is_behind(start + after(200)));
        line.hear(start + after(400));
        assert!(!line.is_behind(start + after(401)));
        // The quickest counts, not the last.
        line.question(start + after(500));
        assert!(line.is_behind(start + after(700)));
        // What the shell may have got is not waited for.
        line.forget();
        assert!(!line.is_behind(start + after(700)));
        assert_eq!(line.question(start + after(700)), QUESTION);
    }

    #[test]
    fn a_terminal_that_stops_answering_is_neither_asked_nor_waited_for() {
        let (mut line, start) = (Line::new(true), Instant::now());
        line.question(start);
        line.hear(start + after(1));
        line.question(start + after(10));
        assert!(line.is_behind(start + after(1000)));
        let late = start + after(10) + DEAF;
        assert!(!line.is_behind(late));
        assert_eq!(line.question(late), b"");
        assert_eq!(line.question(late + DEAF), b"");
        assert_eq!(Line::new(false).question(start), b"");
    }
}
