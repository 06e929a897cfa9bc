//! The folder that figures go to, and their names there: which data they are of, and which figure.

use std::{
    fs::{self, File},
    io::{ErrorKind, Read},
    path::{Path, PathBuf},
};

use anyhow::Context;

use super::misuse;
use crate::{
    cli::output::expect_not_read,
    data::file_prefix,
    figure::{Drawing, is_ours},
    store::atomic,
    words::shown,
};

/// Bytes at the beginning of a file that tell who drew it.
const BEGINNING: u64 = 4096;

/// A folder for figures.
pub(super) struct Folder {
    path: PathBuf,
    /// What the names of figures begin with.
    prefix: String,
}

impl Folder {
    /// The folder that was named, where it is one or is not there yet.
    pub(super) fn named(path: &Path, read: &[&Path]) -> anyhow::Result<Self> {
        if path.exists() && !path.is_dir() {
            let words = format!("--out {}: it is no folder; name one", shown(path));
            return Err(misuse(words));
        }
        let folder = Self {
            path: path.to_owned(),
            prefix: String::new(),
        };
        // Of what is read a run's folder alone may be the figures' too.
        let images = read.iter().skip(1);
        for images in images {
            folder.expect_apart_from(Some(images))?;
        }
        Ok(folder)
    }

    /// Refuses a folder of images: its figures would be read as some of them.
    pub(super) fn expect_apart_from(&self, images: Option<&Path>) -> anyhow::Result<()> {
        let real = |path: &Path| path.canonicalize().ok();
        let inside = |images: &Path| {
            let (images, own) = (real(images)?, real(self.nearest())?);
            Some(images.is_dir() && own.starts_with(images))
        };
        if images.and_then(inside) != Some(true) {
            return Ok(());
        }
        Err(misuse(format!(
            "--out {}: the images are read there, and figures would be taken for some; name \
             another folder",
            shown(&self.path)
        )))
    }

    /// The folder, or the nearest above it that is there.
    fn nearest(&self) -> &Path {
        let above = self.path.ancestors().find(|path| path.exists());
        match above {
            Some(path) => path,
            None => Path::new("."),
        }
    }

    /// Makes the folder for figures of this data, where it is not there, and sees that they can be
    /// written: none in place of a file that is read, nor in a folder all of whose files are.
    pub(super) fn make<'a>(
        self,
        data: &str,
        read: impl Iterator<Item = &'a Path>,
    ) -> anyhow::Result<Self> {
        let path = &self.path;
        fs::create_dir_all(path)
            .with_context(|| format!("--out {}: it cannot be made", shown(path)))?;
        let folder = Self {
            prefix: file_prefix(data),
            ..self
        };
        let read: Vec<&Path> = read.collect();
        for (figure, _) in super::FIGURES {
            for file in folder.files(figure) {
                expect_not_read("--out", &file, read.iter().copied())?;
                expect_free(&file)?;
                atomic::check_writable(&file).context("--out")?;
            }
        }
        Ok(folder)
    }

    /// The two files of a figure.
    fn files(&self, figure: &str) -> [PathBuf; 2] {
        files(&self.path, &format!("{}{figure}", self.prefix))
    }

    /// Writes a figure; where it is.
    pub(super) fn write(&self, figure: &str, drawing: &Drawing) -> anyhow::Result<[PathBuf; 2]> {
        let name = format!("{}{figure}", self.prefix);
        write_both(&self.path, &name, drawing).context("--out")
    }
}

fn files(folder: &Path, name: &str) -> [PathBuf; 2] {
    ["svg", "png"].map(|ending| folder.join(format!("{name}.{ending}")))
}

/// Writes a figure as two files of a folder, in place of older figures of that name; where they
/// are.
pub(in crate::cli) fn write_both(
    folder: &Path,
    name: &str,
    drawing: &Drawing,
) -> anyhow::Result<[PathBuf; 2]> {
    let [svg, png] = files(folder, name);
    for file in [&svg, &png] {
        expect_free(file)?;
    }
    atomic::write(&svg, &drawing.svg())?;
    atomic::write(&png, &drawing.png())?;
    Ok([svg, png])
}

/// Refuses a name that something has which is no figure of ours.
fn expect_free(file: &Path) -> anyhow::Result<()> {
    let mut beginning = Vec::new();
    let read = File::open(file).and_then(|file| file.take(BEGINNING).read_to_end(&mut beginning));
    match read {
        Err(reason) if reason.kind() == ErrorKind::NotFound => Ok(()),
        Ok(_) if beginning.is_empty() || is_ours(&beginning) => Ok(()),
        _ => Err(misuse(format!(
            "{} is there, and no figure that ae-tui drew; move it away, or name another folder",
            shown(file)
        ))),
    }
}
