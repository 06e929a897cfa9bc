//! Images as they are named on a command line: `--split`, `--range`, `--data`.

use std::{
    ops::Range,
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
};

use clap::{Args, ValueEnum};

use super::{Misuse, tell, weights::Loaded};
use crate::{
    data::{Classes, DataError, Dataset, Labels, Split, mnist},
    image::ImageSize,
    message::SplitName,
    recipe::Recipe,
    train::DataSource,
};

/// The data set that `--data` names, or MNIST. That of a folder has been read, for
/// it may be refused; the program's own is unpacked when it is asked for.
pub(super) struct DataSet {
    pub(super) name: String,
    pub(super) digest: String,
    pub(super) size: ImageSize,
    pub(super) classes: Classes,
    /// Who brings the images.
    pub(super) source: DataSource,
    /// Whether somebody named it.
    pub(super) was_named: bool,
}

impl DataSet {
    /// The images of `--data`.
    pub(super) fn of(folder: Option<&Path>) -> anyhow::Result<Self> {
        let Some(folder) = folder else {
            return Ok(Self {
                name: mnist::NAME.into(),
                digest: mnist::DIGEST.into(),
                size: ImageSize::MNIST,
                classes: Classes::Digits,
                source: Box::new(|| mnist::embedded().map(Arc::new)),
                was_named: false,
            });
        };
        let data = Arc::new(mnist::from_dir(folder)?);
        Ok(Self {
            name: data.name.clone(),
            digest: data.digest.clone(),
            size: data.image_size(),
            classes: data.classes(),
            source: Box::new(move || Ok(data)),
            was_named: true,
        })
    }

    /// The images of these labels alone. Those of a folder are at hand, and refused here
    /// where they have none.
    pub(super) fn only(mut self, labels: Labels) -> Result<Self, DataError> {
        if labels == Labels::ALL {
            return Ok(self);
        }
        let source = self.source;
        self.source = if self.was_named {
            let data = Arc::new(source()?.only(labels)?);
            Box::new(move || Ok(data))
        } else {
            Box::new(move || source()?.only(labels).map(Arc::new))
        };
        Ok(self)
    }

    /// The recipe of a run on these images.
    pub(super) fn for_run(&self, recipe: Recipe) -> Recipe {
        Recipe {
            image: self.size,
            classes: self.classes.names(),
            ..recipe
        }
    }
}

/// Which images a command is about.
#[derive(Debug, Args)]
#[command(next_help_heading = "Images")]
pub(super) struct ImageArguments {
    /// The images trained on, or those held out
    #[arg(long, value_name = "SPLIT", default_value = "test")]
    split: SplitChoice,
    /// Images A up to but not B, counted from 0, as in 110..120 [default: all of the split]
    #[arg(long, value_name = "A..B", value_parser = range, allow_hyphen_values = true)]
    range: Option<Range<usize>>,
    /// Folder of four IDX files named as MNIST's, raw or .gz [default: MNIST, inside the program]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SplitChoice {
    Train,
    Test,
}

/// The images that were named: a stretch of one half of a data set.
#[derive(Debug, Clone)]
pub(super) struct Images {
    pub(super) data: Arc<Dataset>,
    pub(super) split: SplitName,
    /// The numbers of the images in their split; at least one.
    pub(super) range: Range<usize>,
}

impl Images {
    /// The half that the images are in.
    pub(super) fn split(&self) -> &Split {
        self.split.of(&self.data)
    }

    /// The numbers of the images in their split.
    pub(super) fn numbers(&self) -> Vec<u32> {
        self.range.clone().map(|number| number as u32).collect()
    }

    /// What they show.
    pub(super) fn labels(&self) -> &[u8] {
        &self.split().labels()[self.range.clone()]
    }
}

impl ImageArguments {
    /// Where the images are, if that was said.
    pub(super) fn folder(&self) -> Option<&Path> {
        self.data.as_deref()
    }

    /// Reads the data and finds the images in it that the weights are to be used on.
    ///
    /// Only those of these labels are counted. Without `--range` it is `otherwise`, as far as there are images, or the whole split.
    pub(super) fn load(
        &self,
        weights: &Loaded,
        otherwise: Option<Range<usize>>,
        labels: Labels,
    ) -> anyhow::Result<Images> {
        let data = DataSet::of(self.data.as_deref())?;
        // Labels of other images stand for something else.
        let others = weights.origin.about.other_images(&data.digest).is_some();
        let labels = if others { Labels::ALL } else { labels };
        if let Some(words) = weights.origin.judged(&data)? {
            tell(&words);
        }
        let data = (data.only(labels)?.source)()?;
        let (split, name) = match self.split {
            SplitChoice::Train => (SplitName::Train, "training"),
            SplitChoice::Test => (SplitName::Test, "test"),
        };
        let images = Images {
            range: 0..0,
            data,
            split,
        };
        let len = images.split().len();
        let range = match &self.range {
            Some(Range { start, end }) if *end > len => {
                let words =
                    format!("--range {start}..{end}: the {name} images are numbered 0..{len}");
                return Err(Misuse(words).into());
            }
            Some(range) => range.clone(),
            None => match otherwise {
                Some(range) if range.start < len => range.start..range.end.min(len),
                _ => 0..len,
            },
        };
        Ok(Images { range, ..images })
    }
}

/// `110..120`: from the first to the one before the second. Whether there are so many is
/// judged where the images are known.
fn range(words: &str) -> Result<Range<usize>, String> {
    let number = |words: &str| usize::from_str(words.trim()).ok();
    let ends = words.split_once("..");
    let ends = ends.and_then(|(start, end)| Some((number(start)?, number(end)?)));
    match ends {
        None => Err(
            "two whole numbers from 0 on with two dots between are needed, as in 110..120".into(),
        ),
        Some((start, end)) if start == end => Err(format!(
            "no image is in it; {start}..{} is image {start} alone",
            start.saturating_add(1)
        )),
        Some((start, end)) if start > end => {
            Err(format!("it runs backwards; {end}..{start} runs forwards"))
        }
        Some((start, end)) => Ok(start..end),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_half_open_and_has_an_image() {
        assert_eq!(range("110..120"), Ok(110..120));
        assert_eq!(range("0..1"), Ok(0..1));
        for wrong in [
            "", "7", "..", "5..", "..5", "a..b", "-1..5", "1...5", "1.5..3",
        ] {
            assert!(range(wrong).unwrap_err().contains("110..120"), "{wrong}");
        }
        assert!(range("5..5").unwrap_err().contains("5..6"));
        assert!(range("9..3").unwrap_err().contains("3..9"));
    }
}
