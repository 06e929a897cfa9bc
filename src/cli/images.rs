//! Images as they are named on a command line: `--data`, `--images`, `--split`, `--range`.

mod data_set;

use std::{
    ffi::OsString,
    io,
    ops::Range,
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
};

use anyhow::Context;
use clap::{
    Arg, Args, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser as _},
};
pub(super) use data_set::DataSet;

use super::{Misuse, output::is_standard, tell, weights::Loaded};
use crate::{
    arrays::{Column, bytes_of},
    data::{
        Classes, Dataset, Labels, Reading, Split,
        reading::{self, WantedSize},
        source::{self, Loose},
    },
    message::SplitName,
    store::folder::{ReadFrom, RunFile},
};

/// Images of one's own, and how they are read.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Images")]
pub(super) struct DataArguments {
    /// Images of your own: a folder or a file of IDX (MNIST's format), .npz or .npy arrays, or a
    /// folder of PNG or JPEG with a sub-folder for each class [default: MNIST, inside the program]
    #[arg(long, value_name = "PATH")]
    pub(super) data: Option<PathBuf>,
    #[command(flatten)]
    reading: ReadingArguments,
    /// Hold this part of each class out, of images without a held-out half [default: 0.1]
    #[arg(long, value_name = "PART", value_parser = reading::part, allow_hyphen_values = true)]
    hold_out: Option<f64>,
}

/// How pictures are read.
#[derive(Debug, Clone, Copy, Args)]
#[command(next_help_heading = "Images")]
struct ReadingArguments {
    /// Make the images this large: 8 to 64 pixels a side
    #[arg(long, value_name = "N|HxW", allow_hyphen_values = true)]
    resize: Option<WantedSize>,
    /// Exchange rows and columns, as EMNIST's files need it
    #[arg(long)]
    transpose: bool,
    /// Make black white and white black: networks here draw light on dark
    #[arg(long)]
    invert: bool,
}

impl ReadingArguments {
    fn reading(self) -> Reading {
        Reading {
            resize: self.resize.map(|WantedSize(size)| size),
            transpose: self.transpose,
            invert: self.invert,
            hold_out: None,
        }
    }
}

impl DataArguments {
    /// How its images are read.
    pub(super) fn reading(&self) -> Reading {
        Reading {
            hold_out: self.hold_out,
            ..self.reading.reading()
        }
    }

    /// Where images of one's own are, and how they are read.
    pub(super) fn read_from(&self) -> Option<ReadFrom> {
        let path = self.data.clone()?;
        let reading = self.reading();
        Some(ReadFrom { path, reading })
    }

    /// The options again, for another `ae-tui`.
    pub(super) fn words(&self) -> Vec<OsString> {
        let path = self.data.iter();
        let path = path.flat_map(|path| ["--data".into(), path.clone().into_os_string()]);
        let reading = self.reading().to_string();
        path.chain(reading.split_whitespace().map(Into::into))
            .collect()
    }

    /// Reads the images that were named, if some were.
    pub(super) fn named(&self) -> anyhow::Result<Option<DataSet>> {
        let reading = self.reading();
        match &self.data {
            Some(path) => Ok(Some(DataSet::at(path, reading)?)),
            None if reading == Reading::default() => Ok(None),
            None => {
                // MNIST has a held-out half.
                let of_mnist = match reading.hold_out {
                    None => " (MNIST's: --data \"$(ae-tui data)\")",
                    Some(_) => "",
                };
                Err(Misuse(format!(
                    "{reading} tells how images are read, and none are named; add --data PATH{of_mnist}"
                ))
                .into())
            }
        }
    }

    /// The images that were named, or MNIST.
    pub(super) fn read(&self) -> anyhow::Result<DataSet> {
        Ok(self.named()?.unwrap_or_else(DataSet::inside))
    }
}

/// Which images a command is about.
#[derive(Debug, Args)]
#[command(next_help_heading = "Images")]
pub(super) struct ImageArguments {
    /// The images trained on, those held out, or both
    #[arg(long, value_name = "SPLIT", default_value = "test")]
    split: SplitChoice,
    /// Images A up to but not B, counted from 0, as in 110..120 [default: all of the split]
    #[arg(long, value_name = "A..B", value_parser = range, allow_hyphen_values = true)]
    range: Option<Range<usize>>,
    #[command(flatten)]
    data: DataArguments,
}

/// Images of a data set, or ones that belong to none.
#[derive(Debug, Args)]
#[command(next_help_heading = "Images")]
pub(super) struct AnyImages {
    #[command(flatten)]
    images: ImageArguments,
    /// Images in one heap instead, with or without labels: an array, a folder or one picture; - is
    /// an array or a picture on standard input
    #[arg(long = "images", value_name = "FILE", conflicts_with_all = ["data", "split", "hold_out"])]
    heap: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SplitChoice {
    Train,
    Test,
    /// Training images, then test images, numbered on
    Both,
}

impl SplitChoice {
    const fn halves(self) -> &'static [SplitName] {
        match self {
            Self::Train => &[SplitName::Train],
            Self::Test => &[SplitName::Test],
            Self::Both => &[SplitName::Train, SplitName::Test],
        }
    }

    /// What its images are called, with a space after it.
    const fn words(self) -> &'static str {
        match self {
            Self::Train => "training ",
            Self::Test => "test ",
            Self::Both => "",
        }
    }
}

/// `--split`, of a command that is about one half.
pub(super) fn of_one_half(split: Arg) -> Arg {
    let choices = PossibleValuesParser::new(["train", "test"]);
    split.value_parser(choices.map(|choice| match choice.as_str() {
        "train" => SplitChoice::Train,
        _ => SplitChoice::Test,
    }))
}

/// A stretch of one half of a data set.
#[derive(Debug, Clone)]
pub(super) struct Images {
    pub(super) data: Arc<Dataset>,
    pub(super) split: SplitName,
    /// The numbers of the images in their split; at least one.
    pub(super) range: Range<usize>,
    /// How many images are numbered before those of its split.
    pub(super) before: usize,
}

impl Images {
    /// The half that the images are in.
    pub(super) fn split(&self) -> &Split {
        self.split.of(&self.data)
    }
}

/// The images that were named: a stretch of one half, or of one and the next.
#[derive(Debug)]
pub(super) struct Chosen {
    /// At least one.
    pub(super) stretches: Vec<Images>,
    /// What the half is called, with a space after it; nothing of a heap, or of both.
    pub(super) half: &'static str,
    labels: Option<Vec<u8>>,
}

impl Chosen {
    fn of(stretches: Vec<Images>, half: &'static str) -> Self {
        let labelled = stretches[0].data.classes != Classes::Unlabelled;
        let labels = |images: &Images| images.split().labels()[images.range.clone()].to_vec();
        Self {
            labels: labelled.then(|| stretches.iter().flat_map(labels).collect()),
            stretches,
            half,
        }
    }

    /// The data set that they are of.
    pub(super) fn data(&self) -> &Dataset {
        &self.stretches[0].data
    }

    /// How many they are.
    pub(super) fn len(&self) -> usize {
        self.stretches.iter().map(|images| images.range.len()).sum()
    }

    /// What is known of each without a network: its number, and its label if it has one.
    pub(super) fn columns(&self) -> Vec<(&'static str, Column<'_>)> {
        let numbers = |images: &Images| {
            let before = images.before;
            images.range.clone().map(move |own| (before + own) as u32)
        };
        let numbers = self.stretches.iter().flat_map(numbers);
        let mut columns = vec![("index", Column::Whole(numbers.collect()))];
        if let Some(labels) = &self.labels {
            columns.push(("label", Column::Small(labels)));
        }
        columns
    }
}

impl AnyImages {
    /// All that is read of files where these weights are used on them.
    pub(super) fn files<'a>(&'a self, weights: &'a Path) -> Vec<&'a Path> {
        let images = self.heap.as_deref().or(self.images.data.data.as_deref());
        [weights].into_iter().chain(images).collect()
    }

    /// Reads the images.
    pub(super) fn read(&self) -> anyhow::Result<DataSet> {
        let Some(path) = &self.heap else {
            return self.images.read();
        };
        let reading = self.images.data.reading.reading();
        let Loose {
            name,
            split,
            classes,
            notices,
        } = if is_standard(path) {
            let name = "standard input";
            let bytes = bytes_of(io::stdin()).context("cannot read standard input")?;
            source::loose_bytes(&bytes, name, &reading)?
        } else {
            source::loose(path, &reading)?
        };
        let size = split.size();
        let data = Arc::new(Dataset {
            name: name.clone(),
            classes: classes.clone(),
            train: Split::of_size(size, Vec::new(), Vec::new()),
            test: split,
            digest: String::new(),
        });
        Ok(DataSet {
            name,
            digest: String::new(),
            size,
            classes,
            at_hand: Some(Arc::clone(&data)),
            source: Box::new(move || Ok(data)),
            was_named: true,
            read_from: None,
            said: None,
            notices,
        })
    }

    /// Whether somebody said which of them.
    pub(super) fn names_range(&self) -> bool {
        self.images.range.is_some()
    }

    /// Reads the images, or those of a run, where none are named.
    pub(super) fn read_or_of_run(&self, run: &RunFile) -> anyhow::Result<DataSet> {
        if self.heap.is_some() {
            return self.read();
        }
        match self.images.data.named()? {
            Some(data) => Ok(data),
            None => DataSet::of_run(&run.digest, run.images.as_ref()),
        }
    }

    /// The images of what was read that the weights are to be used on.
    pub(super) fn of(
        &self,
        data: DataSet,
        weights: &Loaded,
        otherwise: Option<Range<usize>>,
    ) -> anyhow::Result<Chosen> {
        self.of_labels(data, weights, otherwise, Labels::ALL)
    }

    /// Those of these labels alone, of a data set.
    pub(super) fn of_labels(
        &self,
        data: DataSet,
        weights: &Loaded,
        otherwise: Option<Range<usize>>,
        labels: Labels,
    ) -> anyhow::Result<Chosen> {
        if self.heap.is_none() {
            return self.images.of(data, weights, otherwise, labels);
        }
        weights.expect_size(&data)?;
        data.tell();
        self.images.within(data, otherwise, "")
    }
}

impl ImageArguments {
    /// Reads the images.
    pub(super) fn read(&self) -> anyhow::Result<DataSet> {
        self.data.read()
    }

    /// The images of what was read that the weights are to be used on.
    ///
    /// Only those of these labels are counted. Without `--range` it is `otherwise`, as far as
    /// there are images, or the whole split.
    pub(super) fn of(
        &self,
        data: DataSet,
        weights: &Loaded,
        otherwise: Option<Range<usize>>,
        labels: Labels,
    ) -> anyhow::Result<Chosen> {
        // Labels of other images stand for something else.
        let about = &weights.origin.about;
        let others = about.other_images(&data.name, &data.digest).is_some();
        let labels = if others { Labels::ALL } else { labels };
        let judged = weights.origin.judged(&data)?;
        weights.expect_size(&data)?;
        if let Some(words) = judged {
            tell(&words);
        }
        data.tell();
        self.within(data.only(labels)?, otherwise, self.split.words())
    }

    /// Those of the stretch that was named.
    fn within(
        &self,
        data: DataSet,
        otherwise: Option<Range<usize>>,
        half: &'static str,
    ) -> anyhow::Result<Chosen> {
        let data = (data.source)()?;
        let halves = self.split.halves();
        let len = halves.iter().map(|half| half.of(&data).len()).sum();
        let range = match &self.range {
            Some(Range { start, end }) if *end > len => {
                let words =
                    format!("--range {start}..{end}: the {half}images are numbered 0..{len}");
                return Err(Misuse(words).into());
            }
            Some(range) => range.clone(),
            None => match otherwise {
                Some(range) if range.start < len => range.start..range.end.min(len),
                _ => 0..len,
            },
        };
        let mut before = 0;
        let mut stretches = Vec::new();
        for &split in halves {
            let count = split.of(&data).len();
            let own = |number: usize| number.saturating_sub(before).min(count);
            let range = own(range.start)..own(range.end);
            if !range.is_empty() {
                stretches.push(Images {
                    data: Arc::clone(&data),
                    split,
                    range,
                    before,
                });
            }
            before += count;
        }
        Ok(Chosen::of(stretches, half))
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
