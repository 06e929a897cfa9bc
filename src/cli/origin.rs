//! Where loaded weights come from: the file, and the images they were trained on,
//! which have to be the images at hand, or ones that somebody asked for.

use std::path::PathBuf;

use super::images::DataSet;
use crate::{
    store::weights::{self, About, Parent},
    words::shown,
};

/// A file of weights, and what it says of them.
pub(super) struct Origin {
    pub(super) path: PathBuf,
    /// SHA-256 of the file.
    pub(super) digest: String,
    pub(super) about: About,
    /// How it was read, where there is something to tell.
    pub(super) remarks: Vec<String>,
}

impl Origin {
    /// Whether the weights may be used on these images: trained on others, they are
    /// refused, unless somebody named the images; then there is something to tell.
    pub(super) fn judged(&self, data: &DataSet) -> anyhow::Result<Option<String>> {
        if !data.was_named {
            weights::expect_data_or_purpose(&self.path, &self.about, &data.name, &data.digest)?;
        }
        let theirs = self.about.other_images(&data.name, &data.digest);
        Ok(theirs.map(|theirs| {
            let (name, data) = (self.name(), &data.name);
            format!("{name} was trained on {theirs}, and is used on {data}")
        }))
    }

    /// How the file was read, in one line, where there is something to tell.
    pub(super) fn remarked(&self) -> Option<String> {
        let words = || format!("{}: {}", self.name(), self.remarks.join("; "));
        (!self.remarks.is_empty()).then(words)
    }

    /// The words that a run starts from these weights.
    pub(super) fn warm_start(&self) -> String {
        let mut known = Vec::new();
        known.extend(self.about.preset().map(|preset| preset.name().to_owned()));
        known.extend(self.about.step.map(|step| format!("step {step}")));
        let known = match known.as_slice() {
            [] => String::new(),
            known => format!(" ({})", known.join(", ")),
        };
        format!("warm start from {}{known}", self.name())
    }

    /// What the files of such a run say of it.
    pub(super) fn as_parent(&self) -> Parent {
        Parent {
            name: self.name(),
            sha256: self.digest.clone(),
            step: self.about.step,
        }
    }

    /// The file's name, fit for one line.
    fn name(&self) -> String {
        shown(
            self.path
                .file_name()
                .unwrap_or(self.path.as_os_str())
                .as_ref(),
        )
    }
}
