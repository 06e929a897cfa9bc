//! TensorBoard's event files: what most trainers write beside their own logs.
//!
//! A file is a row of records, each with the checksums of its length and of its bytes; a
//! record is a message of protobuf. Read here are scalars, however they are spelled; written
//! are scalars and pictures. This module knows the format; where the files are, and what the
//! scalars mean, is for others to know.

mod framing;
mod message;
mod reading;
mod writing;

use framing::{Frames, is_record};
pub use reading::{EventFollower, Events};
pub use writing::EventLog;
