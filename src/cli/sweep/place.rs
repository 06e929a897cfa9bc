//! One run of a sweep: its recipe, its folder, and how far it is there.

use std::path::{Path, PathBuf};

use super::{grid::Point, misuse};
use crate::{
    cli::{images::DataSet, train},
    data::corrupt::Noise,
    nn::{Architecture, Code},
    recipe::Recipe,
    store::folder,
    words::shown,
};

/// A run, and where it is kept.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) point: Point,
    pub(super) recipe: Recipe,
    pub(super) folder: PathBuf,
    digest: String,
    /// Steps that are done.
    pub(super) done: u64,
    /// Steps in all.
    pub(super) end: u64,
}

impl Place {
    /// The run of a point, refused where `ae-tui train` would refuse it.
    pub(super) fn of(point: Point, sweep: &Path, data: &DataSet) -> anyhow::Result<Self> {
        let recipe = train::recipe_named(&point.words, data)?;
        data.expect_labels(recipe.digits)?;
        let recipe = data.for_run(recipe);
        let name: Vec<String> = point
            .varied
            .iter()
            .map(|(option, value)| format!("{option}-{}", safe(value)))
            .collect();
        Ok(Self {
            folder: sweep.join(name.join("_")),
            recipe,
            digest: data.digest.clone(),
            point,
            done: 0,
            end: 0,
        })
    }

    /// Finds out how far it is, of a run on so many images.
    pub(super) fn find(&mut self, images: usize) -> anyhow::Result<()> {
        let steps = self.recipe.steps_per_epoch(images);
        let epochs = steps.saturating_mul(self.recipe.epochs);
        self.end = epochs.min(self.recipe.max_steps.unwrap_or(u64::MAX));
        // What was killed before it began has left a folder, and no run in it.
        if !folder::is_run(&self.folder) {
            return Ok(());
        }
        let found = folder::read(&self.folder)?;
        let ends_alike = |recipe: &Recipe| Recipe {
            epochs: self.recipe.epochs,
            max_steps: self.recipe.max_steps,
            ..recipe.clone()
        };
        if ends_alike(&found.file.recipe) != self.recipe || found.file.digest != self.digest {
            return Err(misuse(format!(
                "{}: it holds another run than this sweep's; name another folder with --out, or \
                 move it away",
                shown(&self.folder)
            )));
        }
        self.done = found.step().min(self.end);
        Ok(())
    }

    /// Steps that are to be done.
    pub(super) fn left(&self) -> u64 {
        self.end - self.done
    }

    /// Values of its code.
    pub(super) fn values(&self) -> usize {
        self.architecture().latent()
    }

    /// Whether what is drawn has a part in its losses: noise, or codes of a `vae`.
    pub(super) fn is_drawn(&self) -> bool {
        let gaussian = self.architecture().code() == Code::Gaussian;
        gaussian || self.recipe.noise != Noise::None
    }

    pub(super) fn architecture(&self) -> Architecture {
        self.recipe.architecture()
    }

    /// What `ae-tui` is asked for to do the rest of it.
    pub(super) fn words(&self) -> Vec<std::ffi::OsString> {
        let mut words: Vec<std::ffi::OsString> = vec!["train".into(), "--headless".into()];
        let kept = folder::is_run(&self.folder);
        if kept {
            words.extend(["--resume".into(), self.folder.clone().into()]);
            let of_end = |name: &str| {
                let place = self.point.words.iter().position(|word| word == name)?;
                self.point.words.get(place..place + 2)
            };
            let ends = ["--epochs", "--max-steps", "--checkpoint-every"];
            let ends = ends.into_iter().filter_map(of_end).flatten();
            words.extend(ends.map(Into::into));
            if !self.point.words.iter().any(|word| word == "--epochs") {
                words.extend(["--epochs".into(), self.recipe.epochs.to_string().into()]);
            }
        } else {
            words.extend(["--run".into(), self.folder.clone().into()]);
            words.extend(self.point.words.iter().map(Into::into));
        }
        words.extend(self.point.data.iter().map(Into::into));
        words
    }
}

/// A value as a part of a folder's name.
fn safe(value: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ',' | '-');
    value.replace(|c| !allowed(c), "-")
}
