//! What is told of a run that somebody else trains: what its files say, as it comes.

use std::sync::Arc;

use super::Epoch;
use crate::{nn::Snapshot, recipe::Recipe};

/// What has been heard since the last time.
#[derive(Debug, Clone)]
pub struct Hearsay {
    /// The run has gone back to this step, and what is told here follows that; 0, where it
    /// begins anew.
    pub back_to: Option<u64>,
    /// Losses of steps, each with its step, in order; of every Nth step, perhaps.
    pub losses: Vec<(u64, f32)>,
    /// The epochs that ended.
    pub epochs: Vec<Epoch>,
    /// Weights that were written down, in any order.
    pub snapshots: Vec<Arc<Snapshot>>,
    /// What the run is, as far as it is known.
    pub recipe: Arc<Recipe>,
    /// Whether it has come to its end.
    pub ended: bool,
}

/// Whoever writes a run that is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writer {
    /// It writes, and last did so many seconds ago.
    Writes(u64),
    /// It seems to be dead; its last word came so many seconds ago.
    Gone(u64, Absence),
    /// It has said that the run is at its end.
    Ended(End),
}

/// Why a writer is thought to be dead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// Nobody holds the folder's lock.
    LockIsFree,
    /// Nothing has come for long, and there is no lock that would tell.
    Silence,
    /// What it wrote into was closed.
    Closed,
    /// Nothing has come for long, and its files are of a kind that tells no end.
    Unsaid,
}

/// How a run ended, by its own word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// All that was asked for is done.
    Finished,
    /// Somebody ended it before.
    Stopped,
    /// No step could follow.
    Failed,
}

impl Writer {
    /// One word for what it does, and a sign for it in either alphabet.
    pub const fn word(self) -> (char, char, &'static str) {
        match self {
            Self::Writes(silent) if silent < SILENT => ('▶', '>', "watching"),
            Self::Writes(_) => ('‖', '=', "silent"),
            Self::Gone(_, Absence::Unsaid) => ('●', '*', "silent"),
            Self::Gone(..) => ('■', '!', "dead?"),
            Self::Ended(End::Finished) => ('●', '*', "finished"),
            Self::Ended(End::Stopped) => ('●', '*', "stopped"),
            Self::Ended(End::Failed) => ('■', '!', "failed"),
        }
    }

    /// When it was last heard of; nothing while its words come as they should.
    pub fn last_word(self) -> Option<String> {
        match self {
            Self::Writes(silent) if silent < SILENT => None,
            Self::Writes(silent) | Self::Gone(silent, _) => {
                Some(format!("last word {} ago", span(silent)))
            }
            Self::Ended(_) => None,
        }
    }

    /// The sentence for one that seems dead.
    pub fn obituary(self) -> Option<String> {
        let Self::Gone(silent, absence) = self else {
            return None;
        };
        let why = match absence {
            Absence::LockIsFree => "nobody holds the folder's lock, and its log has no end",
            Absence::Silence => "it is silent, and no lock tells more",
            Absence::Closed => "its line was closed without an end record",
            Absence::Unsaid => return None,
        };
        Some(format!(
            "the writer seems dead: {why}; last word {} ago",
            span(silent)
        ))
    }
}

/// Silence of less than so many seconds is none.
const SILENT: u64 = 5;

/// Seconds in words of one unit: `14 s`, `3 min`.
fn span(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        7200..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_told_once_it_is_one() {
        assert_eq!(Writer::Writes(4).last_word(), None);
        let told = |silent| Writer::Writes(silent).last_word().unwrap();
        assert_eq!(told(14), "last word 14 s ago");
        assert_eq!(told(150), "last word 2 min ago");
        assert_eq!(told(7200), "last word 2 h ago");
        assert_eq!(told(400_000), "last word 4 days ago");
        assert_eq!(Writer::Ended(End::Finished).obituary(), None);
        let dead = Writer::Gone(700, Absence::LockIsFree).obituary().unwrap();
        assert!(dead.contains("nobody holds") && dead.ends_with("last word 11 min ago"));
        // Whose files never tell an end is silent, and that is all.
        let silent = Writer::Gone(700, Absence::Unsaid);
        assert_eq!((silent.obituary(), silent.word().2), (None, "silent"));
        assert_eq!(silent.last_word().unwrap(), "last word 11 min ago");
    }
}
