//! Which pictures there are in a folder, of which class and half.

use std::{
    cmp::Ordering,
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use crate::{
    data::{DataError, Unfit, name_of},
    words::{grouped, noun, shown},
};

/// Folders within folders of a class that are looked into.
const DEEPEST: usize = 8;
/// A picture's file, and the folder that is its class, where there are such.
pub(super) struct File {
    pub(super) path: PathBuf,
    pub(super) class: Option<String>,
}

/// The classes of pictures, in the order of their names.
pub(super) fn names_of<'a>(files: impl Iterator<Item = &'a File>) -> Vec<String> {
    let names: BTreeSet<&String> = files.filter_map(|file| file.class.as_ref()).collect();
    let mut names: Vec<String> = names.into_iter().cloned().collect();
    names.sort_by(|a, b| naturally(a, b));
    names
}

/// The pictures of a folder: to learn from, and held out where its sub-folders say so.
pub(super) fn listed(
    folder: &Path,
    notices: &mut Vec<String>,
) -> Result<(Vec<File>, Option<Vec<File>>), DataError> {
    let (pictures, folders) = entries(folder)?;
    let named = |wanted: &[&str]| {
        folders.iter().find(|path| {
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            wanted
                .iter()
                .any(|wanted| name.eq_ignore_ascii_case(wanted))
        })
    };
    let test = named(&["test", "testing"]).or_else(|| named(&["val", "valid", "validation"]));
    // What stands alone is no class.
    let alone = pictures.is_empty() && folders.len() == 1;
    match (named(&["train", "training"]), test) {
        (Some(train), Some(test)) => Ok((classed(train, notices)?, Some(classed(test, notices)?))),
        (Some(train), None) if alone => Ok((classed(train, notices)?, None)),
        (None, Some(half)) if alone => Err(DataError::unfit(
            folder,
            Unfit::NoTraining {
                half: name_of(half),
                example: shown(half),
            },
        )),
        _ => Ok((classed(folder, notices)?, None)),
    }
}

/// The pictures in a folder; where sub-folders have some, those are the classes, whose pictures
/// take turns: whoever looks at ten of them sees some of each.
fn classed(folder: &Path, notices: &mut Vec<String>) -> Result<Vec<File>, DataError> {
    let (pictures, folders) = entries(folder)?;
    let mut all = Vec::new();
    for below in folders {
        let mut found = Vec::new();
        gather(&below, DEEPEST, &mut found)?;
        let class = name_of(&below);
        let each = found.len() as f64;
        all.extend(found.into_iter().enumerate().map(|(place, path)| {
            let class = Some(class.clone());
            ((place as f64 + 0.5) / each, File { path, class })
        }));
    }
    // Stable: where two are as far along, the classes stand in their order.
    all.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let all: Vec<File> = all.into_iter().map(|(_, file)| file).collect();
    if all.is_empty() {
        return Ok(pictures
            .into_iter()
            .map(|path| File { path, class: None })
            .collect());
    }
    if !pictures.is_empty() {
        notices.push(format!(
            "left out {} {} of no class, beside the folders of the classes",
            grouped(pictures.len() as u64),
            noun(pictures.len() as u64, "picture")
        ));
    }
    Ok(all)
}

/// All pictures of a folder and of those in it.
fn gather(folder: &Path, deeper: usize, found: &mut Vec<PathBuf>) -> Result<(), DataError> {
    let (pictures, folders) = entries(folder)?;
    found.extend(pictures);
    if deeper > 0 {
        folders
            .iter()
            .try_for_each(|below| gather(below, deeper - 1, found))?;
    }
    Ok(())
}

/// The pictures and the folders in a folder by their names, but for hidden ones, in the order
/// that a person would put them in.
fn entries(folder: &Path) -> Result<(Vec<PathBuf>, Vec<PathBuf>), DataError> {
    let unreadable = |cause| DataError::Unreadable {
        file: folder.to_owned(),
        cause,
    };
    let (mut pictures, mut folders) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || name == "__MACOSX" {
            continue;
        }
        let path = entry.path();
        let ending = path
            .extension()
            .and_then(|ending| ending.to_str())
            .unwrap_or_default();
        let is_picture = ["png", "jpg", "jpeg"]
            .iter()
            .any(|one| ending.eq_ignore_ascii_case(one));
        let kind = entry.file_type().map_err(unreadable)?;
        // A link is what it leads to.
        let leads_to = |is: fn(&Path) -> bool| kind.is_symlink() && is(&path);
        if kind.is_dir() || leads_to(Path::is_dir) {
            folders.push((name, path));
        } else if is_picture && (kind.is_file() || leads_to(Path::is_file)) {
            pictures.push((name, path));
        }
    }
    let sorted = |mut all: Vec<(String, PathBuf)>| -> Vec<PathBuf> {
        all.sort_by(|(a, _), (b, _)| naturally(a, b));
        all.into_iter().map(|(_, path)| path).collect()
    };
    Ok((sorted(pictures), sorted(folders)))
}

/// `2` before `10`, and `a` before `b`.
pub(super) fn naturally(a: &str, b: &str) -> Ordering {
    let pieces = |text: &str| -> Vec<(u128, String)> {
        let pieces = text
            .as_bytes()
            .chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit());
        let piece = |piece: &[u8]| {
            let piece = String::from_utf8_lossy(piece).into_owned();
            // Figures come before letters, as in any table of characters.
            (piece.parse().unwrap_or(u128::MAX), piece)
        };
        pieces.map(piece).collect()
    };
    pieces(a).cmp(&pieces(b)).then_with(|| a.cmp(b))
}
