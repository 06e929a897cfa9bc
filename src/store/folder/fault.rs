//! What can be wrong with a run folder.

use std::io;

use thiserror::Error;

use super::run_file::FORMAT;

/// What is wrong with a run folder, and what helps. It follows the name in
/// [`StoreError::NotRun`](crate::store::StoreError::NotRun).
#[derive(Debug, Error)]
pub enum RunFault {
    /// Somebody else writes it.
    #[error("another ae-tui is writing this run; wait for its end, or name another folder")]
    InUse,
    /// There is a run, and another was to begin.
    #[error("a run is kept there; go on with it by --resume {0}, or name another folder")]
    HoldsRun(String),
    /// There are files that are none of ours.
    #[error("it is not empty, and no run of ae-tui; name a new folder, or an empty one")]
    NotOurs,
    /// There is no run.
    #[error("it holds no run; name a folder that --run made, which has a run.toml")]
    NoRun,
    /// It is no folder.
    #[error("it is no folder; name one")]
    NotAFolder,
    /// The system refused to read.
    #[error("{0}; check the name and its permissions")]
    Unreadable(io::Error),
    /// It is no TOML, or tells of no run.
    #[error("{place}{words}; correct it there")]
    Words {
        /// The line, if it is known.
        place: String,
        /// What is wrong.
        words: String,
    },
    /// It comes from a later version of this program.
    #[error("its format version is {0}, and this ae-tui knows {FORMAT}; use a newer ae-tui")]
    Newer(u64),
    /// There is nothing to look at yet.
    #[error("it has no checkpoint yet; train on: ae-tui train --resume {0}")]
    NoCheckpoint(String),
    /// There were some, and going on would write over all that is known of the run.
    #[error(
        "none of its checkpoints can be read ({newest}), and nothing was changed; to make the run \
         again in a new folder: ae-tui train --config {run_file} --run NEW"
    )]
    Torn {
        /// What is wrong with the newest.
        newest: String,
        /// What tells what the run is.
        run_file: String,
    },
    /// The run cannot be made again from its seed.
    #[error(
        "it has no checkpoint that can be read, and the run began from {0}, which no seed gives; \
         begin anew with --init and another folder"
    )]
    Lost(String),
    /// The weights and the recipe are of two networks.
    #[error("it is of {found}, and run.toml of {wanted}; correct run.toml, or take that file away")]
    OtherNetwork {
        /// The checkpoint's layers.
        found: String,
        /// The recipe's.
        wanted: String,
    },
    /// The checkpoint and the recipe are of two runs.
    #[error(
        "run.toml says {field} is {says}, and this step was trained with {was}; correct run.toml, \
         or make a run of it that begins anew: --config"
    )]
    OtherRun {
        /// What differs.
        field: &'static str,
        /// What run.toml says.
        says: String,
        /// What the checkpoint says.
        was: String,
    },
    /// Its steps go on behind this one.
    #[error(
        "the run has later checkpoints; go on from the last: --resume {0}, or from this one in a \
         folder of its own: add --run DIR"
    )]
    NotTheLast(String),
}
