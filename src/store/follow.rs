//! Follows files that somebody else writes, as they grow: logs, run folders, event files.
//!
//! Nothing is changed and no lock is held; sizes and numbers of files are looked at, so a
//! folder over a network does. What is half written is waited for. This module knows files;
//! how often to look, and what becomes of what was heard, is for others to know.

mod lines;
mod log;
mod numbers;
mod run;
mod story;
mod tail;

use lines::Lines;
pub use log::{Numbers, ScalarFollower};
pub use run::{FileNews, Heard, RunFollower};
use story::{Story, Turn};
pub(in crate::store) use tail::Tail;
