//! A disk that refuses, below one folder and for as long as a test says.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use rustix::io::Errno;

/// What it refuses.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) enum Refuses {
    /// Nothing; what is asked is counted.
    Nothing,
    /// What is asked for the so-many-th time, counted from 0, and nothing else.
    Only(u64),
    /// That and all that is asked later.
    From(u64),
    /// Any byte after so many.
    BytesAfter(u64),
}

/// What a disk was asked below a folder.
#[derive(Debug)]
struct Watch {
    folder: PathBuf,
    refuses: Refuses,
    asked: u64,
    written: u64,
}

static WATCHES: Mutex<Vec<Watch>> = Mutex::new(Vec::new());

fn watches() -> MutexGuard<'static, Vec<Watch>> {
    WATCHES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Below this folder the disk refuses, until this is dropped. Threads are no matter.
#[derive(Debug)]
pub(in crate::store) struct Faulty(PathBuf);

impl Faulty {
    pub(in crate::store) fn below(folder: &Path, refuses: Refuses) -> Self {
        watches().push(Watch {
            folder: folder.to_owned(),
            refuses,
            asked: 0,
            written: 0,
        });
        Self(folder.to_owned())
    }

    /// How often it was asked for anything so far, and how many bytes were written.
    pub(in crate::store) fn asked(&self) -> (u64, u64) {
        let watches = watches();
        let own = watches.iter().find(|watch| watch.folder == self.0);
        own.map_or((0, 0), |watch| (watch.asked, watch.written))
    }
}

impl Drop for Faulty {
    fn drop(&mut self) {
        watches().retain(|watch| watch.folder != self.0);
    }
}

pub(super) fn ask(path: &Path) -> io::Result<()> {
    ask_to_write(path, 0).map(drop)
}

/// How many of so many bytes may be written, one at least; or what the system says.
pub(super) fn ask_to_write(path: &Path, bytes: usize) -> io::Result<usize> {
    let mut watches = watches();
    let Some(watch) = watches
        .iter_mut()
        .find(|watch| path.starts_with(&watch.folder))
    else {
        return Ok(bytes);
    };
    let asked = watch.asked;
    watch.asked += 1;
    let may = match watch.refuses {
        Refuses::Only(at) if asked == at => return Err(Errno::IO.into()),
        Refuses::From(at) if asked >= at => return Err(Errno::IO.into()),
        Refuses::BytesAfter(room) => bytes.min((room - watch.written) as usize),
        _ => bytes,
    };
    if bytes > 0 && may == 0 {
        return Err(Errno::NOSPC.into());
    }
    watch.written += may as u64;
    Ok(may)
}

/// Whether every number of bytes is to be tried where some do otherwise: minutes.
pub(in crate::store) fn all() -> bool {
    std::env::var_os("AE_TUI_TEST_ALL").is_some()
}
