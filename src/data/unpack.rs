//! The archive inside the program, and the folder it is unpacked into.
//!
//! The folder's name is made of the contents' digest, so whoever writes there
//! writes the same bytes: programs that start together cannot harm each other.
//! Without a cache, one folder of the user's among the temporary files does as
//! well, for whoever wants the files to stay; a run wants them for a moment only.

use std::{
    env,
    fs::{self, DirBuilder, File},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process,
    time::Duration,
};

use brotli_decompressor::Decompressor;
use crc32c::crc32c_append;
use etcetera::{BaseStrategy, base_strategy::Xdg};
use rustix::process::geteuid;
use sha2::{Digest, Sha256};

use super::{DataError, hex, mnist::FILES};

/// The four files one after the other, as one brotli stream.
static ARCHIVE: &[u8] = include_bytes!("../../assets/mnist.br");

/// Large enough that a call costs little beside its bytes.
const BUFFER: usize = 1 << 17;

/// No first run takes as long; what is older was left by one that was killed.
const ABANDONED: Duration = Duration::from_secs(60 * 60);

/// Where files may be put.
pub(super) struct Places {
    /// ae-tui's folder in the user's cache; none without a home.
    pub(super) cache: Option<PathBuf>,
    /// For the time of one run.
    pub(super) temporary: PathBuf,
}

impl Places {
    /// The places of the user who runs the program.
    pub(super) fn of_user() -> Self {
        Self {
            cache: Xdg::new().ok().map(|user| user.cache_dir().join("ae-tui")),
            temporary: env::temp_dir(),
        }
    }
}

/// Folders of the user's that are tried among the temporary files; others may
/// have taken some of the names.
const NAMES: u32 = 100;
/// How the folders of single runs begin there.
const OF_ONE_RUN: &str = "ae-tui-run-";

/// The four files, whole.
pub(super) enum Unpacked {
    /// What an earlier run has left: what follows their headers, read while it was checked.
    Before([Vec<u8>; 4]),
    /// In a folder that has just been filled, for all runs.
    Lasting(PathBuf),
    /// The same for this run; removed when dropped.
    Temporary(Scratch),
}

/// Where files stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stay {
    /// In the user's cache.
    Cached(PathBuf),
    /// Among the temporary files, until somebody clears them away.
    Temporary(PathBuf),
}

/// A new folder of our own, removed when dropped unless it has been moved away.
pub(super) struct Scratch(pub(super) PathBuf);

impl Scratch {
    /// Makes a folder that did not exist before: others may know the name, but
    /// they cannot have put anything there.
    fn new_in(parent: &Path, prefix: &str) -> io::Result<Self> {
        let process = process::id();
        let mut number = 0;
        loop {
            let folder = parent.join(format!("{prefix}{process}-{number}"));
            match DirBuilder::new().mode(0o700).create(&folder) {
                Ok(()) => return Ok(Self(folder)),
                Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists && number < 1000 => {
                    number += 1;
                }
                Err(cause) => return Err(cause),
            }
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Moved away or beyond help: in either case there is nothing to say.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Makes sure that the four files are unpacked and whole, for one run.
///
/// A damaged cache is repaired; one that cannot be written is no failure, but
/// means a temporary folder.
pub(super) fn unpack(places: &Places) -> Result<Unpacked, DataError> {
    if let Some(cache) = places.cache.as_deref() {
        let home = cache.join(folder_name());
        if let Some(contents) = contents(&home) {
            return Ok(Unpacked::Before(contents));
        }
        if fill(cache, &home).is_ok() {
            return Ok(Unpacked::Lasting(home));
        }
    }
    let left = own_folders(&places.temporary)
        .filter(|folder| is_ours(folder))
        .find_map(|folder| contents(&folder.join(folder_name())));
    if let Some(contents) = left {
        return Ok(Unpacked::Before(contents));
    }
    remove_abandoned(&places.temporary, OF_ONE_RUN);
    let scratch = Scratch::new_in(&places.temporary, OF_ONE_RUN)
        .map_err(|cause| not_unpacked(&places.temporary, cause))?;
    write_files(ARCHIVE, &scratch.0)?;
    Ok(Unpacked::Temporary(scratch))
}

/// Makes sure that the four files are unpacked and whole, to stay, and says
/// where: in the cache, or else always in the same folder of the user's among the
/// temporary files.
pub(super) fn unpack_to_stay(places: &Places) -> Result<Stay, DataError> {
    if let Some(cache) = places.cache.as_deref() {
        let home = cache.join(folder_name());
        if is_whole(&home) || fill(cache, &home).is_ok() {
            return Ok(Stay::Cached(home));
        }
    }
    for own in own_folders(&places.temporary) {
        let home = own.join(folder_name());
        match DirBuilder::new().mode(0o700).create(&own) {
            Err(cause) if cause.kind() != io::ErrorKind::AlreadyExists => {
                return Err(not_unpacked(&places.temporary, cause));
            }
            _ if !is_ours(&own) => {}
            _ => {
                if !is_whole(&home) {
                    fill(&own, &home)?;
                }
                return Ok(Stay::Temporary(home));
            }
        }
    }
    let taken = io::Error::new(io::ErrorKind::AlreadyExists, "others have taken the names");
    Err(not_unpacked(&places.temporary, taken))
}

/// The names that a folder of the user's may have there, the usual one first.
fn own_folders(temporary: &Path) -> impl Iterator<Item = PathBuf> {
    let user = geteuid().as_raw();
    (1..=NAMES).map(move |number| match number {
        1 => temporary.join(format!("ae-tui-{user}")),
        _ => temporary.join(format!("ae-tui-{user}-{number}")),
    })
}

/// Whether this is a folder, not a link to one, in which nobody else can put anything.
fn is_ours(folder: &Path) -> bool {
    fs::symlink_metadata(folder).is_ok_and(|about| {
        let of_others = about.permissions().mode() & 0o077;
        about.is_dir() && about.uid() == geteuid().as_raw() && of_others == 0
    })
}

fn folder_name() -> String {
    format!("mnist-{}", &super::mnist::DIGEST[..12])
}

fn not_unpacked(folder: &Path, cause: io::Error) -> DataError {
    DataError::NotUnpacked {
        folder: folder.to_owned(),
        cause,
    }
}

/// Unpacks beside `home` and moves the result there in one step.
fn fill(cache: &Path, home: &Path) -> Result<(), DataError> {
    let refused = |cause| not_unpacked(cache, cause);
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(cache)
        .map_err(refused)?;
    let prefix = format!("{}.new-", folder_name());
    remove_abandoned(cache, &prefix);
    let scratch = Scratch::new_in(cache, &prefix).map_err(refused)?;
    write_files(ARCHIVE, &scratch.0)?;

    if fs::rename(&scratch.0, home).is_ok() || is_whole(home) {
        return Ok(());
    }
    // Something is damaged there. Each file is replaced in one step, so that
    // nobody who reads the folder ever misses one.
    for file in FILES {
        fs::rename(scratch.0.join(file.name), home.join(file.name)).map_err(refused)?;
    }
    Ok(())
}

/// Removes what first runs that were killed have left.
fn remove_abandoned(cache: &Path, prefix: &str) {
    let Ok(entries) = fs::read_dir(cache) else {
        return;
    };
    for entry in entries.flatten() {
        let named = entry.file_name().to_string_lossy().starts_with(prefix);
        let ours = named && is_ours(&entry.path());
        let age = entry.metadata().and_then(|about| about.modified());
        let age = age.ok().and_then(|changed| changed.elapsed().ok());
        if ours && age.is_some_and(|age| age > ABANDONED) {
            // It may well be another program that removes it first.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Unpacks into an empty folder, and checks what it unpacks.
fn write_files(archive: &[u8], folder: &Path) -> Result<(), DataError> {
    let damaged = |reason: &str| DataError::DamagedArchive {
        reason: reason.to_owned(),
    };
    let mut unpacked = Decompressor::new(archive, BUFFER);
    let mut buffer = vec![0; BUFFER];
    for wanted in FILES {
        let mut file = File::create_new(folder.join(wanted.name))
            .map_err(|cause| not_unpacked(folder, cause))?;
        let mut digest = Sha256::new();
        let mut rest = wanted.header.file_len() as usize;
        while rest > 0 {
            let want = rest.min(BUFFER);
            let got = unpacked
                .read(&mut buffer[..want])
                .map_err(|cause| damaged(&cause.to_string()))?;
            if got == 0 {
                return Err(damaged("it ends early"));
            }
            digest.update(&buffer[..got]);
            file.write_all(&buffer[..got])
                .map_err(|cause| not_unpacked(folder, cause))?;
            rest -= got;
        }
        if hex(&digest.finalize()) != wanted.sha256 {
            return Err(damaged("its SHA-256 differs"));
        }
    }
    Ok(())
}

/// Whether all four files are there, undamaged.
fn is_whole(folder: &Path) -> bool {
    FILES.iter().all(|wanted| is_right(folder, wanted, |_| {}))
}

/// What follows the headers of all four files, if they are there, undamaged.
fn contents(folder: &Path) -> Option<[Vec<u8>; 4]> {
    let mut contents = FILES.map(|_| Vec::new());
    for (wanted, content) in FILES.iter().zip(&mut contents) {
        content.reserve_exact(wanted.header.payload_len() as usize);
        let mut of_header = wanted.header.kind.header_len();
        let right = is_right(folder, wanted, |bytes| {
            let skipped = of_header.min(bytes.len());
            of_header -= skipped;
            content.extend_from_slice(&bytes[skipped..]);
        });
        if !right {
            return None;
        }
    }
    Some(contents)
}

/// Whether a file is there with the right size and CRC-32C; `take` is handed what is read of it,
/// piece by piece, whether it will prove right or not.
///
/// Whoever may write in the user's cache is trusted, so this is about damage, and one checksum overlooks one
/// damage in four thousand million. A SHA-256 at every start would take a quarter of a second
/// of a processor without instructions for it, a tenth of a whole run; a CRC takes a hundredth of that.
fn is_right(folder: &Path, wanted: &super::mnist::File, take: impl FnMut(&[u8])) -> bool {
    let path = folder.join(wanted.name);
    // Looked at before it is opened: a pipe would block.
    let right_size = fs::metadata(&path)
        .is_ok_and(|about| about.is_file() && u128::from(about.len()) == wanted.header.file_len());
    right_size && crc32c_of(&path, take).is_ok_and(|found| found == wanted.crc32c)
}

fn crc32c_of(path: &Path, mut take: impl FnMut(&[u8])) -> io::Result<u32> {
    let mut file = File::open(path)?;
    let mut checksum = 0;
    let mut buffer = vec![0; BUFFER];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(checksum),
            Ok(got) => {
                checksum = crc32c_append(checksum, &buffer[..got]);
                take(&buffer[..got]);
            }
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
            Err(cause) => return Err(cause),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{sync::Barrier, thread};
    use tempfile::TempDir;

    fn places(root: &Path) -> Places {
        let temporary = root.join("temporary");
        fs::create_dir_all(&temporary).unwrap();
        Places {
            cache: Some(root.join("home/.cache/ae-tui")),
            temporary,
        }
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_cache_is_filled_once_repaired_when_damaged_and_holds_nothing_else() {
        let root = TempDir::new().unwrap();
        let places = places(root.path());
        let cache = places.cache.as_deref().unwrap();
        let Stay::Cached(home) = unpack_to_stay(&places).unwrap() else {
            panic!("the cache can be written");
        };
        assert_eq!(home, cache.join(folder_name()));
        assert!(is_whole(&home));
        assert_eq!(names(cache), [folder_name()]);

        let images = home.join(FILES[0].name);
        let labels = home.join(FILES[3].name);
        let filled = fs::metadata(&images).unwrap().modified().unwrap();
        unpack(&places).unwrap();
        assert_eq!(fs::metadata(&images).unwrap().modified().unwrap(), filled);

        // Damage: a bit, a missing file, a pipe that would block whoever opens it.
        let mut bytes = fs::read(&labels).unwrap();
        bytes[5000] ^= 1;
        fs::write(&labels, bytes).unwrap();
        assert!(!is_whole(&home));
        unpack(&places).unwrap();
        assert!(is_whole(&home));

        fs::remove_file(&labels).unwrap();
        let pipe = process::Command::new("mkfifo").arg(&labels).status();
        assert!(pipe.unwrap().success());
        fs::remove_file(&images).unwrap();
        assert!(matches!(unpack(&places).unwrap(), Unpacked::Lasting(folder) if folder == home));
        assert!(is_whole(&home));
        assert!(matches!(unpack(&places).unwrap(), Unpacked::Before(_)));
        assert_eq!(names(cache), [folder_name()]);
        assert_eq!(names(&places.temporary), [""; 0]);
    }

    #[test]
    fn first_runs_at_the_same_time_share_one_folder() {
        let root = TempDir::new().unwrap();
        let places = places(root.path());
        let home = places.cache.as_deref().unwrap().join(folder_name());
        let together = Barrier::new(3);
        thread::scope(|scope| {
            let runs = [(); 3].map(|()| {
                scope.spawn(|| {
                    together.wait();
                    let unpacked = unpack(&places).unwrap();
                    assert!(!matches!(unpacked, Unpacked::Temporary(_)));
                    is_whole(&home)
                })
            });
            for run in runs {
                assert!(run.join().unwrap());
            }
        });
        assert_eq!(names(places.cache.as_deref().unwrap()), [folder_name()]);
        assert_eq!(names(&places.temporary), [""; 0]);
    }

    #[test]
    fn a_cache_that_cannot_be_written_means_a_temporary_folder() {
        let root = TempDir::new().unwrap();
        let places = places(root.path());
        fs::write(root.path().join("home"), "a file where a folder should be").unwrap();
        let Unpacked::Temporary(scratch) = unpack(&places).unwrap() else {
            panic!("the cache cannot be written");
        };
        let folder = scratch.0.clone();
        assert_eq!(folder.parent(), Some(&*places.temporary));
        assert!(is_whole(&folder));
        drop(scratch);
        assert!(!folder.exists(), "it is removed after use");
    }

    #[test]
    fn without_a_cache_the_files_stay_in_one_folder_that_is_the_users_own() {
        let root = TempDir::new().unwrap();
        let places = Places {
            cache: None,
            ..places(root.path())
        };
        let stay = || match unpack_to_stay(&places).unwrap() {
            Stay::Temporary(folder) => folder,
            Stay::Cached(folder) => panic!("there is no cache: {}", folder.display()),
        };
        let own: Vec<_> = own_folders(&places.temporary).take(3).collect();
        // What somebody else may have put there is neither believed nor touched.
        let elsewhere = root.path().join("elsewhere");
        DirBuilder::new().mode(0o700).create(&elsewhere).unwrap();
        std::os::unix::fs::symlink(&elsewhere, &own[0]).unwrap();
        fs::create_dir(&own[1]).unwrap();
        fs::set_permissions(&own[1], fs::Permissions::from_mode(0o770)).unwrap();
        for _ in 0..2 {
            let folder = stay();
            assert_eq!(folder.parent(), Some(&*own[2]));
            assert!(is_whole(&folder));
            assert_eq!(
                names(&places.temporary).len(),
                3,
                "one folder, always the same"
            );
        }
        assert_eq!(names(&elsewhere), [""; 0]);
        assert_eq!(names(&own[1]), [""; 0]);

        // A run reads what is there; what is damaged is mended for the next who asks.
        assert!(matches!(unpack(&places).unwrap(), Unpacked::Before(_)));
        let labels = stay().join(FILES[3].name);
        fs::write(&labels, "damaged").unwrap();
        assert!(matches!(unpack(&places).unwrap(), Unpacked::Temporary(_)));
        assert!(is_whole(&stay()));
        assert_eq!(names(&places.temporary).len(), 3);
    }

    #[test]
    fn no_place_at_all_is_an_error_that_names_the_last_one_tried() {
        let nowhere = Places {
            cache: None,
            temporary: PathBuf::from("/dev/null/nowhere"),
        };
        let Err(error) = unpack(&nowhere) else {
            panic!("nothing can be made in a device");
        };
        assert!(matches!(error, DataError::NotUnpacked { .. }));
        assert!(error.to_string().starts_with("/dev/null/nowhere: "));
    }

    #[test]
    fn what_a_killed_first_run_left_is_removed_when_it_is_old() {
        let root = TempDir::new().unwrap();
        let make = |name: &str, age: Duration| {
            let folder = root.path().join(name);
            DirBuilder::new().mode(0o700).create(&folder).unwrap();
            let then = std::time::SystemTime::now() - age;
            File::open(&folder).unwrap().set_modified(then).unwrap();
        };
        make("ours.new-1-0", 2 * ABANDONED);
        make("ours.new-2-0", Duration::ZERO);
        make("other", 2 * ABANDONED);
        remove_abandoned(root.path(), "ours.new-");
        assert_eq!(names(root.path()), ["other", "ours.new-2-0"]);
    }

    #[test]
    fn a_damaged_archive_is_noticed() {
        let mut changed = ARCHIVE.to_vec();
        changed[ARCHIVE.len() / 2] ^= 0x10;
        for archive in [
            &[],
            &ARCHIVE[..1000],
            &ARCHIVE[..ARCHIVE.len() / 2],
            &*changed,
        ] {
            let root = TempDir::new().unwrap();
            let error = write_files(archive, root.path()).unwrap_err();
            assert!(matches!(error, DataError::DamagedArchive { .. }), "{error}");
        }
    }
}
