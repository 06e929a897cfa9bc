//! The data set that a command is about: whose images they are, before they are needed.

use std::{path::Path, sync::Arc};

use anyhow::Context;

use crate::{
    cli::tell,
    data::{Classes, DataError, Dataset, Labels, Reading, mnist, source},
    image::ImageSize,
    recipe::Recipe,
    store::folder::ReadFrom,
    train::DataSource,
};

/// The data set that `--data` names, or MNIST. That of a folder has been read, for
/// it may be refused; the program's own is unpacked when it is asked for.
pub(in crate::cli) struct DataSet {
    pub(in crate::cli) name: String,
    pub(in crate::cli) digest: String,
    pub(in crate::cli) size: ImageSize,
    pub(in crate::cli) classes: Classes,
    /// Who brings the images.
    pub(in crate::cli) source: DataSource,
    /// They themselves, where they have been read.
    pub(super) at_hand: Option<Arc<Dataset>>,
    /// Whether somebody named it.
    pub(in crate::cli) was_named: bool,
    /// Where it was read, and how; nowhere, of the program's own.
    pub(in crate::cli) read_from: Option<ReadFrom>,
    /// What was read, in a line, of images of one's own.
    pub(super) said: Option<String>,
    /// What may surprise of them, a line each.
    pub(in crate::cli) notices: Vec<String>,
}

impl DataSet {
    /// MNIST, inside the program.
    pub(in crate::cli) fn inside() -> Self {
        Self {
            name: mnist::NAME.into(),
            digest: mnist::DIGEST.into(),
            size: ImageSize::MNIST,
            classes: Classes::Digits,
            source: Box::new(|| mnist::embedded().map(Arc::new)),
            at_hand: None,
            was_named: false,
            read_from: None,
            said: None,
            notices: Vec::new(),
        }
    }

    /// The images at this place.
    pub(super) fn at(path: &Path, reading: Reading) -> Result<Self, DataError> {
        let source::Read {
            data,
            said,
            notices,
        } = source::read(path, &reading)?;
        let data = Arc::new(data);
        Ok(Self {
            name: data.name.clone(),
            digest: data.digest.clone(),
            size: data.image_size(),
            classes: data.classes.clone(),
            at_hand: Some(Arc::clone(&data)),
            source: Box::new(move || Ok(data)),
            was_named: true,
            read_from: Some(ReadFrom {
                path: path.to_owned(),
                reading,
            }),
            said: Some(said),
            notices,
        })
    }

    /// The images of a run that was kept, where it says which they are: those, where they are
    /// still there, or MNIST.
    ///
    /// # Errors
    ///
    /// When they cannot be read any more.
    pub(in crate::cli) fn of_run(
        digest: &str,
        read_from: Option<&ReadFrom>,
    ) -> anyhow::Result<Self> {
        let Some(ReadFrom { path, reading }) = read_from.filter(|_| digest != mnist::DIGEST) else {
            return Ok(Self::inside());
        };
        let data = Self::at(path, *reading);
        let data =
            data.context("the images of the run; if they were moved, name them with --data")?;
        Ok(Self {
            was_named: false,
            ..data
        })
    }

    /// The images, for whoever looks at some of them first.
    pub(in crate::cli) fn images(&self) -> Result<Arc<Dataset>, DataError> {
        match &self.at_hand {
            Some(data) => Ok(Arc::clone(data)),
            None => mnist::embedded().map(Arc::new),
        }
    }

    /// Tells what was read.
    pub(in crate::cli) fn tell_size(&self) {
        self.said.iter().for_each(|words| tell(words));
    }

    /// Tells what was read, and what may surprise.
    pub(in crate::cli) fn tell(&self) {
        self.tell_size();
        self.notices.iter().for_each(|words| tell(words));
    }

    /// The images of these labels alone. Those of a folder are at hand, and refused here
    /// where they have none.
    pub(in crate::cli) fn only(mut self, labels: Labels) -> Result<Self, DataError> {
        self.expect_labels(labels)?;
        let labels = labels.of(self.classes.count());
        if labels == Labels::ALL {
            return Ok(self);
        }
        let known = Labels::below(self.classes.count());
        let strange: Labels = labels
            .iter()
            .filter(|&label| !known.contains(label))
            .collect();
        if strange != Labels::NONE {
            return Err(DataError::Lacks {
                name: self.name,
                labels: strange,
                what: "to train on",
                has: known,
            });
        }
        let source = self.source;
        self.source = if self.at_hand.is_some() {
            let data = Arc::new(source()?.only(labels)?);
            Box::new(move || Ok(data))
        } else {
            Box::new(move || source()?.only(labels).map(Arc::new))
        };
        Ok(self)
    }

    /// Refuses to choose by labels where there are none.
    pub(in crate::cli) fn expect_labels(&self, labels: Labels) -> Result<(), DataError> {
        if labels != Labels::ALL && self.classes == Classes::Unlabelled {
            return Err(DataError::Unlabelled {
                name: self.name.clone(),
                labels,
            });
        }
        Ok(())
    }

    /// The recipe of a run on these images.
    pub(in crate::cli) fn for_run(&self, recipe: Recipe) -> Recipe {
        Recipe {
            image: self.size,
            classes: self.classes.names(),
            digits: recipe.digits.of(self.classes.count()),
            ..recipe
        }
    }
}
