//! The file that has no name of its own yet, and those that a killed process
//! left behind.

use std::{
    ffi::OsStr,
    fs::{self, File, OpenOptions, Permissions},
    io::{self, ErrorKind},
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown},
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU64, Ordering},
};

use rustix::{
    fs::OFlags,
    io::Errno,
    process::{Pid, test_kill_process},
};

use super::target::Old;
use crate::store::disk;

const PREFIX: &str = ".ae-tui-";
const SUFFIX: &str = ".tmp";

/// Numbers the temporary files of this process.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// A file under a temporary name, which goes when this value does.
#[derive(Debug)]
pub(super) struct Temporary {
    file: File,
    /// `None` once the file has taken its final name.
    path: Option<PathBuf>,
}

impl Temporary {
    /// A new empty file in `folder`, with what the process gives to any file.
    pub(super) fn create_new(folder: &Path) -> io::Result<Self> {
        Self::open(folder, OpenOptions::new().write(true).create_new(true))
    }

    /// A new empty file in `folder` that can take the place of the `old` one,
    /// with its owner, group and permissions; `None` where no other file can.
    pub(super) fn create(folder: &Path, old: Option<&Old>) -> io::Result<Option<Self>> {
        let Some(old) = old else {
            return Self::create_new(folder).map(Some);
        };
        if old.names > 1 {
            return Ok(None);
        }
        // The final permissions follow; until then nobody else may look.
        let mut options = OpenOptions::new();
        let temporary = Self::open(folder, options.write(true).create_new(true).mode(0o600))?;
        let own = temporary.file.metadata()?;
        let another = |is: u32, wanted: u32| (is != wanted).then_some(wanted);
        let owner = another(own.uid(), old.owner);
        let group = another(own.gid(), old.group);
        let given = (owner, group) == (None, None) || fchown(&temporary.file, owner, group).is_ok();
        if !given {
            return Ok(None);
        }
        // After the owner: a change of owner may take permissions away.
        let permissions = Permissions::from_mode(old.mode);
        temporary.file.set_permissions(permissions)?;
        Ok(Some(temporary))
    }

    fn open(folder: &Path, options: &OpenOptions) -> io::Result<Self> {
        let (file, path) = loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = folder.join(format!("{PREFIX}{}-{number}{SUFFIX}", process::id()));
            match disk::open(options, &path) {
                Ok(file) => break (file, path),
                // Left by another process that had our number.
                Err(reason) if reason.kind() == ErrorKind::AlreadyExists => {}
                Err(reason) => return Err(reason),
            }
        };
        // Tells `remove_orphans` of processes that cannot see ours, as in
        // another container, that it lives. Not every file system can lock.
        let _ = file.try_lock();
        Ok(Self {
            file,
            path: Some(path),
        })
    }

    /// Writes `bytes` down to the disk.
    pub(super) fn fill(&mut self, bytes: &[u8]) -> io::Result<()> {
        disk::write_all(&self.file, bytes, self.path())?;
        disk::sync(&self.file, self.path())
    }

    /// Takes the name `target`, from the file that has it, if one does.
    pub(super) fn replace(mut self, target: &Path) -> io::Result<()> {
        disk::rename(self.path(), target)?;
        self.path = None;
        sync_folder_of(target);
        Ok(())
    }

    /// Takes the name `target` if no file has it.
    ///
    /// A second link to the file is made, which fails when the name exists,
    /// and the first link removed. File systems without links (FAT) rename
    /// with the flag that forbids replacing, which in turn NFS cannot do.
    pub(super) fn take_free_name(&mut self, target: &Path) -> io::Result<()> {
        match disk::link(self.path(), target) {
            Ok(()) => {
                let _ = disk::remove(self.path());
            }
            Err(reason)
                if matches!(
                    reason.kind(),
                    ErrorKind::PermissionDenied | ErrorKind::Unsupported
                ) =>
            {
                disk::rename_without_replacing(self.path(), target)?;
            }
            Err(reason) => return Err(reason),
        }
        self.path = None;
        sync_folder_of(target);
        Ok(())
    }

    fn path(&self) -> &Path {
        self.path
            .as_deref()
            .expect("a temporary file takes its final name once")
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            let _ = disk::remove(path);
        }
    }
}

/// Makes the new name last. By now the file is in place, and whole under
/// either name; a folder that cannot be read or synced is no reason to say
/// that it was not saved.
fn sync_folder_of(target: &Path) {
    if let Some(folder) = target.parent() {
        let _ = File::open(folder).and_then(|open| disk::sync(&open, folder));
    }
}

/// Removes the temporary files in `folder` whose processes were killed before
/// they could.
///
/// What cannot be removed stays: it is in nobody's way.
pub(super) fn remove_orphans(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let owner = entry.file_name().to_str().and_then(owner);
        if owner.is_some_and(is_dead) && is_unlocked_file(&entry.path()) {
            let _ = disk::remove(&entry.path());
        }
    }
}

/// Whether a file of that name is a temporary one, of a process that lives or is dead.
pub(in crate::store) fn is_one(name: &OsStr) -> bool {
    name.to_str().and_then(owner).is_some()
}

/// The process that a temporary file's name tells of.
fn owner(name: &str) -> Option<Pid> {
    let numbers = name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?;
    let (process, number) = numbers.split_once('-')?;
    number.parse::<u64>().ok()?;
    let process: i32 = process.parse().ok()?;
    if process > 0 {
        Pid::from_raw(process)
    } else {
        None
    }
}

fn is_dead(process: Pid) -> bool {
    test_kill_process(process) == Err(Errno::SRCH)
}

fn is_unlocked_file(path: &Path) -> bool {
    // Neither follow a link of that name nor wait for a pipe of that name.
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let opened = OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(path);
    opened.is_ok_and(|file| {
        file.metadata().is_ok_and(|metadata| metadata.is_file()) && file.try_lock().is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_our_making_tell_an_owner() {
        assert_eq!(owner(".ae-tui-17-0.tmp"), Pid::from_raw(17));
        for name in [
            "ae-tui-17-0.tmp",
            ".ae-tui-17.tmp",
            ".ae-tui-0-0.tmp",
            ".ae-tui--17-0.tmp",
            ".ae-tui-17-x.tmp",
            ".ae-tui-99999999999-0.tmp",
            ".ae-tui-17-0",
        ] {
            assert_eq!(owner(name), None, "{name}");
        }
    }

    #[test]
    fn a_taken_temporary_name_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let next = NEXT.load(Ordering::Relaxed);
        // More than other tests may use up in the meantime.
        for number in next..next + 1000 {
            let name = format!("{PREFIX}{}-{number}{SUFFIX}", process::id());
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let target = folder.path().join("weights");
        let mut temporary = Temporary::create_new(folder.path()).unwrap();
        temporary.fill(b"bytes").unwrap();
        temporary.replace(&target).unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"bytes");
    }

    #[test]
    fn a_rename_without_links_replaces_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let [from, to] = ["from", "to"].map(|name| folder.path().join(name));
        fs::write(&from, "new").unwrap();
        fs::write(&to, "old").unwrap();
        let refused = disk::rename_without_replacing(&from, &to).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&to).unwrap(), b"old");
        fs::remove_file(&to).unwrap();
        disk::rename_without_replacing(&from, &to).unwrap();
        assert_eq!(fs::read(&to).unwrap(), b"new");
        assert!(!from.exists());
    }

    #[test]
    fn a_killed_process_leaves_nothing_for_long() {
        let folder = tempfile::tempdir().unwrap();
        let mut child = process::Command::new("true").spawn().unwrap();
        let dead = child.id();
        child.wait().unwrap();
        let name = |process: u32, number| {
            let name = format!("{PREFIX}{process}-{number}{SUFFIX}");
            folder.path().join(name)
        };
        fs::write(name(dead, 0), "orphan").unwrap();
        fs::write(name(dead, 1), "of a process we cannot see").unwrap();
        fs::write(name(process::id(), 2), "ours").unwrap();
        let locked = File::open(name(dead, 1)).unwrap();
        locked.try_lock().unwrap();
        remove_orphans(folder.path());
        assert!(!name(dead, 0).exists());
        assert!(name(dead, 1).exists());
        assert!(name(process::id(), 2).exists());
    }
}
