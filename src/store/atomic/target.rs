//! What a path given by a person stands for, with links followed.

use std::{
    fs::{self, File, Metadata, OpenOptions},
    io::{self, ErrorKind, IsTerminal},
    os::unix::{
        ffi::OsStrExt,
        fs::{FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt},
    },
    path::{Path, PathBuf},
};

use rustix::fs::OFlags;

use super::super::StoreError;

/// Links followed before a chain counts as a loop; Linux follows as many.
const LINKS: usize = 40;

/// Where bytes can go.
#[derive(Debug)]
pub(super) enum Target {
    /// A regular file, there already or to be.
    File {
        /// The folder it stands in, free of links.
        folder: PathBuf,
        /// The file in that folder.
        file: PathBuf,
        /// What the file that is there is to keep.
        old: Option<Old>,
    },
    /// A character device, such as `/dev/null`, open for writing. It has no
    /// name to take and nothing to keep whole.
    Device(File),
}

/// What a file has beside its bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Old {
    pub(super) owner: u32,
    pub(super) group: u32,
    /// Its permissions.
    pub(super) mode: u32,
    /// How many names it has.
    pub(super) names: u64,
}

impl Target {
    /// What `path` stands for.
    pub(super) fn of(path: &Path) -> Result<Self, StoreError> {
        let refused = |reason| StoreError::write(path, reason);
        let metadata = match fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(reason) if reason.kind() == ErrorKind::NotFound => return Self::new_file(path),
            Err(reason) => return Err(refused(reason)),
        };
        let kind = metadata.file_type();
        if kind.is_file() {
            may_be_written(path, &metadata)?;
            let file = fs::canonicalize(path).map_err(refused)?;
            let folder = parent(&file).to_owned();
            return Ok(Self::File {
                folder,
                file,
                old: Some(Old {
                    owner: metadata.uid(),
                    group: metadata.gid(),
                    mode: metadata.permissions().mode() & 0o7777,
                    names: metadata.nlink(),
                }),
            });
        }
        let path = path.to_owned();
        if kind.is_dir() {
            Err(StoreError::IsFolder { path })
        } else if kind.is_char_device() {
            open_device(path).map(Self::Device)
        } else {
            let kind = if kind.is_fifo() {
                "a pipe"
            } else if kind.is_socket() {
                "a socket"
            } else {
                "a disk"
            };
            Err(StoreError::NotAFile { path, kind })
        }
    }

    /// A file that is to be; behind links that lead nowhere yet, if `path` is one.
    fn new_file(path: &Path) -> Result<Self, StoreError> {
        let mut end = path.to_owned();
        for _ in 0..LINKS {
            let Ok(next) = fs::read_link(&end) else { break };
            end = parent(&end).join(next);
        }
        let is_folder = end.as_os_str().as_bytes().ends_with(b"/");
        let folder = real_folder(path, parent(&end))?;
        match end.file_name() {
            Some(name) if !is_folder => Ok(Self::File {
                file: folder.join(name),
                folder,
                old: None,
            }),
            _ if path.as_os_str().is_empty() => Err(StoreError::write(
                path,
                io::Error::new(ErrorKind::InvalidInput, "the name is empty"),
            )),
            _ => Err(StoreError::IsFolder {
                path: path.to_owned(),
            }),
        }
    }
}

/// Whether the file of that name may be written, found out by opening it: its
/// folder may allow to put another in its place, which nobody asked for.
pub(super) fn may_be_written(path: &Path, about: &Metadata) -> Result<(), StoreError> {
    // Not even the superuser's, who may write it all the same.
    if about.permissions().mode() & 0o222 == 0 {
        let path = path.to_owned();
        return Err(StoreError::ReadOnly { path });
    }
    match OpenOptions::new().write(true).open(path) {
        Ok(_) => Ok(()),
        Err(reason) if reason.kind() == ErrorKind::PermissionDenied => Err(StoreError::Forbidden {
            path: path.to_owned(),
        }),
        Err(reason) => Err(StoreError::write(path, reason)),
    }
}

/// The folder in which a path stands, as the path has it.
pub(super) fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// `folder` free of links; `path` is the file it is wanted for.
pub(super) fn real_folder(path: &Path, folder: &Path) -> Result<PathBuf, StoreError> {
    let missing = || StoreError::NoFolder {
        path: path.to_owned(),
        folder: folder.to_owned(),
    };
    match fs::canonicalize(folder) {
        Ok(real) if real.is_dir() => Ok(real),
        Ok(_) => Err(missing()),
        Err(reason) if reason.kind() == ErrorKind::NotFound => Err(missing()),
        Err(reason) => Err(StoreError::write(path, reason)),
    }
}

fn open_device(path: PathBuf) -> Result<File, StoreError> {
    // Neither wait for a line to answer nor become a process of that terminal.
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    let opened = OpenOptions::new()
        .write(true)
        .custom_flags(flags.bits().cast_signed())
        .open(&path);
    match opened {
        Ok(device) if device.is_terminal() => Err(StoreError::NotAFile {
            path,
            kind: "a terminal",
        }),
        Ok(device) => Ok(device),
        Err(reason) => Err(StoreError::Write { path, reason }),
    }
}
