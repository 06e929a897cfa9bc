//! The lock of a folder, which tells whether its writer lives.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use crate::store::folder::{self, Hold};

/// As long as it writes nobody asks again for a lock that it is known to hold.
pub(super) const ASK_FOR_LOCK: u64 = 2;
/// To ask is to take the lock for a moment, which another writer could happen to want.
const ASK_AGAIN: Duration = Duration::from_secs(5);

/// What is known of a folder's lock.
#[derive(Debug, Default)]
pub(super) struct LockSeen {
    /// Who held it, when it was last asked.
    pub(super) last: Option<(Hold, Instant)>,
    /// Whether its writer was seen to hold it: over a network it may be a file like others.
    pub(super) was_held: bool,
}

impl LockSeen {
    /// Who holds it, as far as it is known; it is asked seldom.
    pub(super) fn hold(&mut self, folder: &Path, silent: u64) -> Hold {
        let is_due = |(_, asked): (Hold, Instant)| asked.elapsed() >= ASK_AGAIN;
        if self.last.is_none_or(is_due) && (!self.was_held || silent >= ASK_FOR_LOCK) {
            let hold = folder::hold_of(folder);
            self.was_held |= hold == Hold::Held;
            self.last = Some((hold, Instant::now()));
        }
        self.last.map_or(Hold::Unknown, |(hold, _)| hold)
    }
}
