use std::{
    fs::{self, File, Permissions},
    os::unix::{fs::PermissionsExt, fs::symlink},
    process::Command,
    thread,
};

use tempfile::{TempDir, tempdir};

use super::*;
use crate::store::disk::faults::{Faulty, Refuses};

fn names(folder: &TempDir) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_new_file_has_the_permissions_of_any_new_file() {
    let folder = tempdir().unwrap();
    let any = folder.path().join("any");
    File::create(&any).unwrap();
    let path = folder.path().join("weights");
    write(&path, b"bytes").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"bytes");
    assert_eq!(mode(&path), mode(&any));
    assert_eq!(names(&folder), ["any", "weights"]);
}

#[test]
fn an_old_file_is_replaced_and_keeps_its_permissions() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("weights");
    for kept in [0o640, 0o600, 0o666, 0o755] {
        fs::write(&path, "something longer than the new").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(kept)).unwrap();
        check_writable(&path).unwrap();
        write(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(mode(&path), kept);
        assert_eq!(names(&folder), ["weights"]);
    }
}

#[test]
fn a_file_of_several_names_stays_one_file() {
    let folder = tempdir().unwrap();
    let [one, other] = ["one.x", "other.x"].map(|name| folder.path().join(name));
    fs::write(&one, "something longer than the new").unwrap();
    fs::set_permissions(&one, Permissions::from_mode(0o640)).unwrap();
    fs::hard_link(&one, &other).unwrap();
    for bytes in ["new", "newer, and longer than what there was before"] {
        check_writable(&one).unwrap();
        write(&one, bytes.as_bytes()).unwrap();
        assert_eq!(fs::read_to_string(&other).unwrap(), bytes);
        assert_eq!(mode(&other), 0o640);
        assert_eq!(names(&folder), ["one.x", "other.x"]);
    }
}

#[test]
fn owner_and_group_stay_when_somebody_else_replaces_a_file() {
    use std::os::unix::fs::{MetadataExt, chown};
    let folder = tempdir().unwrap();
    let path = folder.path().join("weights");
    fs::write(&path, "old").unwrap();
    // Only the superuser gives files away; for others the file stays their own.
    let _ = chown(&path, Some(65_534), Some(65_533));
    fs::set_permissions(&path, Permissions::from_mode(0o664)).unwrap();
    let of = |path| {
        let about = fs::metadata(path).unwrap();
        (about.uid(), about.gid(), about.mode())
    };
    let before = of(&path);
    write(&path, b"new").unwrap();
    assert_eq!(of(&path), before);
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(names(&folder), ["weights"]);
}

#[test]
fn a_mark_comes_before_the_extension_and_never_makes_a_name_too_long() {
    let marked = |path: &str| beside(Path::new(path), "-2").display().to_string();
    assert_eq!(marked("a/b.safetensors"), "a/b-2.safetensors");
    assert_eq!(marked("b"), "b-2");
    assert_eq!(marked("a.b/.c"), "a.b/.c-2");
    let long = format!("{}.x", "ä".repeat(126));
    let shorter = beside(Path::new(&long), "-2");
    assert_eq!(shorter, Path::new(&format!("{}-2.x", "ä".repeat(125))));
}

#[test]
fn a_link_is_kept_and_what_it_points_at_is_written() {
    let folder = tempdir().unwrap();
    let elsewhere = tempdir().unwrap();
    let there = elsewhere.path().join("there");
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    symlink("two", &one).unwrap();
    symlink(&there, &two).unwrap();
    for round in ["made at the end of two links", "replaced there"] {
        check_writable(&one).unwrap();
        write(&one, round.as_bytes()).unwrap();
        assert_eq!(fs::read(&there).unwrap(), round.as_bytes());
        assert_eq!(fs::read_link(&one).unwrap(), Path::new("two"));
        assert_eq!(fs::read_link(&two).unwrap(), there);
        assert_eq!(names(&folder), ["one", "two"]);
        assert_eq!(names(&elsewhere), ["there"]);
    }
}

#[test]
fn a_target_that_cannot_be_a_file_is_refused_before_and_at_the_save() {
    let folder = tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("folder")).unwrap();
    fs::write(at("file"), "old").unwrap();
    fs::write(at("precious"), "old").unwrap();
    fs::set_permissions(at("precious"), Permissions::from_mode(0o444)).unwrap();
    symlink(at("loop"), at("loop")).unwrap();
    symlink(at("missing/file"), at("astray")).unwrap();
    let made = Command::new("mkfifo").arg(at("pipe")).status().unwrap();
    assert!(made.success());
    let before = names(&folder);
    let long = "n".repeat(256);
    for (name, words) in [
        ("folder", "it is a folder; name a file in it"),
        ("new/", "it is a folder"),
        ("missing/file", "there is no folder"),
        ("missing/..", "there is no folder"),
        ("file/file", "Not a directory"),
        ("astray", "there is no folder"),
        ("loop", "; name another file"),
        ("pipe", "it is a pipe; name a file"),
        ("precious", "it is read-only"),
        (&long, "shorten the name"),
    ] {
        for refused in [check_writable(&at(name)), write(&at(name), b"new")] {
            let said = refused.expect_err(name).to_string();
            assert!(said.contains(words), "{name}: {said}");
            assert!(said.contains(name), "{name}: {said}");
            assert_eq!(said.lines().count(), 1, "{name}: {said}");
        }
        assert_eq!(names(&folder), before, "{name}");
    }
    assert_eq!(fs::read(at("file")).unwrap(), b"old");
    assert_eq!(fs::read(at("precious")).unwrap(), b"old");
    let nameless = check_writable(Path::new("")).unwrap_err().to_string();
    assert!(nameless.contains("the name is empty"), "{nameless}");
}

#[test]
fn a_folder_is_tried_and_not_believed() {
    let folder = tempdir().unwrap();
    fs::set_permissions(&folder, Permissions::from_mode(0o555)).unwrap();
    // The superuser may write here whatever the permissions say.
    let allowed = File::create_new(folder.path().join("any")).is_ok();
    let path = folder.path().join("weights");
    assert_eq!(check_writable(&path).is_ok(), allowed);
    assert_eq!(write(&path, b"bytes").is_ok(), allowed);
    assert_eq!(
        write_new(&folder.path().join("weights.new"), b"").is_ok(),
        allowed
    );
}

#[test]
fn the_longest_name_there_can_be_is_written() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("n".repeat(255));
    check_writable(&path).unwrap();
    write(&path, b"bytes").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"bytes");
}

#[test]
fn a_device_takes_the_bytes_or_says_why_not() {
    check_writable(Path::new("/dev/null")).unwrap();
    write(Path::new("/dev/null"), b"bytes").unwrap();
    let kind = fs::metadata("/dev/null").unwrap().file_type();
    assert!(std::os::unix::fs::FileTypeExt::is_char_device(&kind));
    if Path::new("/dev/full").exists() {
        let full = write(Path::new("/dev/full"), b"bytes").unwrap_err();
        assert!(full.to_string().contains("free some space"), "{full}");
    }
}

#[test]
fn new_names_are_numbered_and_replace_nothing() {
    let folder = tempdir().unwrap();
    symlink("nowhere", folder.path().join("w-2.x")).unwrap();
    for expected in ["w.x", "w-3.x", "w-4.x"] {
        let path = write_new(&folder.path().join("w.x"), expected.as_bytes()).unwrap();
        assert_eq!(path, folder.path().join(expected));
    }
    for kept in ["w.x", "w-3.x", "w-4.x"] {
        assert_eq!(fs::read(folder.path().join(kept)).unwrap(), kept.as_bytes());
    }
    assert_eq!(names(&folder), ["w-2.x", "w-3.x", "w-4.x", "w.x"]);
}

#[test]
fn writers_at_the_same_moment_get_names_of_their_own() {
    let folder = tempdir().unwrap();
    let written: Vec<(PathBuf, String)> = thread::scope(|scope| {
        let writers: Vec<_> = (0..16)
            .map(|writer| {
                let folder = folder.path();
                scope.spawn(move || {
                    let bytes = format!("writer {writer}");
                    let path = write_new(&folder.join("w.x"), bytes.as_bytes()).unwrap();
                    (path, bytes)
                })
            })
            .collect();
        writers.into_iter().map(|it| it.join().unwrap()).collect()
    });
    for (path, bytes) in &written {
        assert_eq!(&fs::read_to_string(path).unwrap(), bytes);
    }
    assert_eq!(names(&folder).len(), 16);
}

#[test]
fn a_missing_folder_gets_no_new_file() {
    let folder = tempdir().unwrap();
    let gone = folder.path().join("gone");
    let refused = write_new(&gone.join("w.x"), b"bytes").unwrap_err();
    assert!(matches!(refused, StoreError::NoFolder { .. }), "{refused}");
}

/// Each save of `new` on a disk that refuses something else, for as long as there is something:
/// what it said, and what is there then.
fn on_faulty_disks(
    save: impl Fn(&Path) -> Result<(), StoreError>,
    set: impl Fn(&TempDir),
    check: impl Fn(&TempDir, bool, Refuses),
) -> usize {
    let folder = tempdir().unwrap();
    let real = folder.path().canonicalize().unwrap();
    let tried = |refuses| {
        for name in names(&folder) {
            fs::remove_file(folder.path().join(name)).unwrap();
        }
        set(&folder);
        let faulty = Faulty::below(&real, refuses);
        let saved = save(&folder.path().join("weights")).is_ok();
        let asked = faulty.asked();
        drop(faulty);
        check(&folder, saved, refuses);
        asked
    };
    let (operations, bytes) = tried(Refuses::Nothing);
    let mut count = 0;
    for at in 0..operations {
        tried(Refuses::Only(at));
        tried(Refuses::From(at));
        count += 2;
    }
    for room in 0..bytes {
        tried(Refuses::BytesAfter(room));
        count += 1;
    }
    count
}

const OLD: &[u8] = b"what was there before";
const NEW: &[u8] = &[b'n'; 300];

#[test]
fn whatever_the_disk_refuses_the_file_is_old_or_new() {
    let mut count = 0;
    for old in [None, Some(OLD)] {
        count += on_faulty_disks(
            |path| write(path, NEW),
            |folder| {
                if let Some(old) = old {
                    fs::write(folder.path().join("weights"), old).unwrap();
                }
            },
            |folder, saved, refuses| {
                let there = fs::read(folder.path().join("weights")).ok();
                let expected = if saved { Some(NEW) } else { old };
                assert_eq!(there.as_deref(), expected, "{refuses:?}");
                // Nothing is left beside it, unless not even that can be removed.
                let beside = names(folder).len() - usize::from(there.is_some());
                assert!(
                    beside == 0 || matches!(refuses, Refuses::From(_)),
                    "{refuses:?}"
                );
            },
        );
    }
    assert!(count > 2 * NEW.len(), "{count} faults");
}

#[test]
fn whatever_the_disk_refuses_a_new_name_has_all_or_is_free() {
    on_faulty_disks(
        |path| write_new(path, NEW).map(drop),
        |_| {},
        |folder, saved, refuses| {
            let there = fs::read(folder.path().join("weights")).ok();
            assert_eq!(there.as_deref(), saved.then_some(NEW), "{refuses:?}");
        },
    );
}

#[test]
fn whatever_the_disk_refuses_a_file_of_two_names_is_whole_or_has_a_whole_copy() {
    on_faulty_disks(
        |path| write(path, NEW),
        |folder| {
            fs::write(folder.path().join("weights"), OLD).unwrap();
            let [from, to] = ["weights", "other"].map(|name| folder.path().join(name));
            fs::hard_link(from, to).unwrap();
        },
        |folder, saved, refuses| {
            let [there, copy] =
                ["other", "weights-2"].map(|name| fs::read(folder.path().join(name)).ok());
            let is = |what: &[u8]| there.as_deref() == Some(what);
            let kept = is(OLD) || is(NEW) || copy.as_deref() == Some(NEW);
            assert!(if saved { is(NEW) } else { kept }, "{refuses:?}: {there:?}");
        },
    );
}
