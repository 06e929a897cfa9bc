//! Where a command's numbers go: `--out FILE` or `-`, and in which form.

use std::{
    io::{self, ErrorKind, IsTerminal, Write},
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap::Args;

use super::Misuse;
use crate::{
    arrays::{Form, Table},
    figure,
    store::atomic,
    words::shown,
};

/// The name that stands for standard input or output.
const STANDARD: &str = "-";

/// Whether a path is standard input or output.
pub(super) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == STANDARD
}

/// Writes on standard output. A reader that has gone has read enough.
pub(super) fn print(words: &[u8]) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(words).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(error).context("cannot write to standard output")
        }
        _ => Ok(()),
    }
}

/// Whether a file's name ends so.
pub(super) fn ends_in(path: &Path, ending: &str) -> bool {
    let own = path.extension().unwrap_or_default();
    own.eq_ignore_ascii_case(ending)
}

/// A file under another kind of name would be taken for something else, and a slip would replace
/// weights.
pub(super) fn expect_ending(option: &str, path: &Path, ending: &str) -> Result<(), Misuse> {
    if ends_in(path, ending) {
        return Ok(());
    }
    Err(Misuse(format!(
        "{option} {}: name a file that ends in .{ending}",
        shown(path)
    )))
}

/// Refuses to write over what is read in the same go: the file itself, or one in a folder that is
/// read. Weights in such a folder are no images, and are saved there again and again.
pub(super) fn expect_not_read<'a>(
    option: &str,
    out: &Path,
    read: impl IntoIterator<Item = &'a Path>,
) -> Result<(), Misuse> {
    // What is not there yet is lost to nobody.
    let Ok(there) = out.canonicalize() else {
        return Ok(());
    };
    let is_read = |path: PathBuf| {
        path == there || (there.starts_with(path) && !ends_in(&there, "safetensors"))
    };
    let mut read = read.into_iter().filter_map(|path| path.canonicalize().ok());
    if there.is_file() && read.any(is_read) {
        return Err(Misuse(format!(
            "{option} {}: it is read too, and would be lost; name another file",
            shown(out)
        )));
    }
    Ok(())
}

/// Refuses more images than one picture shows, with what helps.
pub(super) fn expect_few(images: usize, cure: &str) -> Result<(), Misuse> {
    let most = figure::MAX_IMAGES;
    if images <= most {
        return Ok(());
    }
    Err(Misuse(format!(
        "{images} images are too many for one picture; name at most {most}, {cure}"
    )))
}

/// Where numbers are written to.
#[derive(Debug, Args)]
pub(super) struct OutputArguments {
    /// The file, which is replaced; - is standard output
    #[arg(long, value_name = "FILE", help_heading = "Results")]
    out: PathBuf,
    /// npz, npy or csv [default: what the file's name ends in; csv on standard output]
    #[arg(long, value_name = "FORM", help_heading = "Results")]
    form: Option<Form>,
}

/// What is made of the numbers, by the name of the file.
pub(super) enum Product {
    /// A picture of them.
    Picture(PathBuf),
    /// Themselves.
    Numbers(Output),
}

/// A place that can be written to.
pub(super) struct Output {
    path: PathBuf,
    form: Form,
}

impl OutputArguments {
    /// The place, found before any work is done for it; it is none of what is read.
    pub(super) fn open(&self, read: &[&Path]) -> anyhow::Result<Output> {
        self.open_as(self.form_or(".npz, .npy or .csv")?, read)
    }

    fn open_as(&self, form: Form, read: &[&Path]) -> anyhow::Result<Output> {
        expect_not_read("--out", &self.out, read.iter().copied())?;
        if !is_standard(&self.out) {
            atomic::check_writable(&self.out).context("--out")?;
        } else if form != Form::Csv && io::stdout().is_terminal() {
            let words = format!(
                "--out -: a terminal shows no {}; name a file, or pipe it to a program",
                form.name()
            );
            return Err(Misuse(words).into());
        }
        Ok(Output {
            path: self.out.clone(),
            form,
        })
    }

    /// The place, of a command that makes pictures too: those are what a name that ends in .png
    /// asks for.
    pub(super) fn product(&self, read: &[&Path]) -> anyhow::Result<Product> {
        if self.form.is_none() && ends_in(&self.out, "png") {
            expect_not_read("--out", &self.out, read.iter().copied())?;
            atomic::check_writable(&self.out).context("--out")?;
            return Ok(Product::Picture(self.out.clone()));
        }
        let numbers = self.form_or(".png for a picture, or in .npz, .npy or .csv")?;
        self.open_as(numbers, read).map(Product::Numbers)
    }

    /// The form that was asked for; a name that tells none should end in one of these.
    fn form_or(&self, endings: &str) -> anyhow::Result<Form> {
        let of_name = || {
            if is_standard(&self.out) {
                Some(Form::Csv)
            } else {
                Form::of(&self.out)
            }
        };
        self.form.or_else(of_name).ok_or_else(|| {
            let words = format!(
                "--out {}: name a file that ends in {endings}, or say --form",
                shown(&self.out)
            );
            Misuse(words).into()
        })
    }
}

impl Output {
    /// Writes a table.
    pub(super) fn write(&self, table: &Table) -> anyhow::Result<()> {
        let bytes = table.bytes(self.form).context("--out")?;
        if !is_standard(&self.path) {
            return atomic::write(&self.path, &bytes).context("--out");
        }
        print(&bytes)
    }
}
