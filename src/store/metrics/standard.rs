//! Standard output by its other names: `/dev/stdout`, `/dev/fd/1`, `/dev/tty`, the
//! name of the terminal, a link to any of them.
//!
//! Who writes there under another name writes into what others write there: into a
//! dashboard, or over the lines of a file. What a name stands for is asked of the
//! system; names themselves are not compared.

use std::{
    fs::{self, File, Metadata},
    io,
    os::{
        fd::AsFd,
        unix::fs::{FileTypeExt, MetadataExt},
    },
    path::Path,
};

use rustix::{process::getsid, termios::tcgetsid};

/// The terminal that a process belongs to, by the name that stands for it everywhere.
const OWN_TERMINAL: &str = "/dev/tty";

/// Whether a file of this name is what standard output is.
pub(super) fn is_output(name: &Path) -> bool {
    let (Ok(file), Ok(output)) = (fs::metadata(name), of_output()) else {
        return false;
    };
    if !file.file_type().is_char_device() {
        return (file.dev(), file.ino()) == (output.dev(), output.ino());
    }
    // One terminal may have several files.
    file.rdev() == output.rdev() || (is_own_terminal(file.rdev()) && output_is_own_terminal())
}

/// What the system says of standard output, whose numbers have the same width as a
/// file's on every system only where the standard library tells them.
fn of_output() -> io::Result<Metadata> {
    File::from(io::stdout().as_fd().try_clone_to_owned()?).metadata()
}

fn is_own_terminal(device: u64) -> bool {
    fs::metadata(OWN_TERMINAL).is_ok_and(|own| own.rdev() == device)
}

/// Whether standard output is the terminal of this session.
fn output_is_own_terminal() -> bool {
    match (tcgetsid(io::stdout()), getsid(None)) {
        (Ok(session), Ok(own)) => session == own,
        _ => false,
    }
}
