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
    store::atomic,
    words::shown,
};

/// The name that stands for standard input or output.
const STANDARD: &str = "-";

/// Whether a path is standard input or output.
pub(super) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == STANDARD
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

/// A place that can be written to.
pub(super) struct Output {
    path: PathBuf,
    form: Form,
}

impl OutputArguments {
    /// The place, found before any work is done for it.
    pub(super) fn open(&self) -> anyhow::Result<Output> {
        let output = Output {
            path: self.out.clone(),
            form: self.form()?,
        };
        if !is_standard(&self.out) {
            atomic::check_writable(&self.out).context("--out")?;
        } else if output.form != Form::Csv && io::stdout().is_terminal() {
            let words = format!(
                "--out -: a terminal shows no {}; name a file, or pipe it to a program",
                output.form.name()
            );
            return Err(Misuse(words).into());
        }
        Ok(output)
    }

    /// The file that is named, where it is one.
    pub(super) fn path(&self) -> &Path {
        &self.out
    }

    fn form(&self) -> anyhow::Result<Form> {
        let of_name = || {
            if is_standard(&self.out) {
                Some(Form::Csv)
            } else {
                Form::of(&self.out)
            }
        };
        self.form.or_else(of_name).ok_or_else(|| {
            let words = format!(
                "--out {}: name a file that ends in .npz, .npy or .csv, or say --form",
                shown(&self.out)
            );
            Misuse(words).into()
        })
    }
}

impl Output {
    /// Writes a table. A reader that has gone has read enough.
    pub(super) fn write(&self, table: &Table) -> anyhow::Result<()> {
        let bytes = table.bytes(self.form).context("--out")?;
        if !is_standard(&self.path) {
            return atomic::write(&self.path, &bytes).context("--out");
        }
        let mut stdout = io::stdout().lock();
        match stdout.write_all(&bytes).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(error).context("cannot write to standard output")
            }
            _ => Ok(()),
        }
    }
}
