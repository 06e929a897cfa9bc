//! `ae-tui figures`: what a paper shows of a network, each figure as an SVG and as a PNG.
//!
//! What is drawn is asked of the lens and the measures, as everywhere; what cannot be drawn of this
//! network or these images is said with its reason.

mod folder;
mod numbers;
mod pictures;
mod plane;
mod subject;

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use serde::Serialize;

use super::{
    End, FIRST_SAMPLE, Misuse, compare,
    images::{AnyImages, of_one_half},
    output::{expect_few, print},
    progress::Progress,
    tell,
    weights::WeightsArguments,
};
use crate::{figure::Drawing, message::Row, store::folder as runs, words::shown};
use folder::Folder;
pub(super) use folder::write_both;
use subject::Subject;

/// A figure, or why there is none.
type Answer = Result<Drawing, String>;
/// A figure's name, and who draws it.
type Figure = (&'static str, fn(&Subject) -> Answer);

/// All figures, in the order in which they are drawn.
const FIGURES: [Figure; 7] = [
    ("first-four", |subject| Ok(pictures::first_four(subject))),
    ("before-and-after", |subject| {
        Ok(pictures::before_and_after(subject))
    }),
    ("loss", numbers::loss),
    ("map", numbers::map),
    ("manifold", pictures::manifold),
    ("filters", pictures::filters),
    ("class-losses", numbers::class_losses),
];

pub(super) const LONG_ABOUT: &str = "\
Draw figures of a run or of saved weights, each as an SVG and as a PNG, a column wide on white.

  ae-tui figures digits --out paper                     a run that was kept
  ae-tui figures digits.safetensors --out paper         saved weights
  ae-tui figures faces.safetensors --data faces --out paper --range 0..20

first-four are the first four training images; before-and-after is what comes back of test images \
110 to 119, or of --range; loss is the log's, epoch by epoch; map is where the codes of all images \
of the split lie, on their two values or on their two principal components; manifold what the \
places between decode to; filters the weights of the first layer; class-losses what each class \
costs. What cannot be drawn is left out, and it says why. Letters are outlines, pictures have all \
their pixels, and a PNG has 432 pixels to the inch. Files of these names are replaced, if they are \
figures of ae-tui; those of other images than MNIST begin with the data's name.";

#[derive(Debug, Args)]
#[command(
    mut_arg("weights", |run| run.value_name("RUN|WEIGHTS").help(
        "The folder of a run, or weights that ae-tui or `PyTorch` saved (.safetensors), or of Keras (.npz)"
    )),
    mut_arg("range", |range| range.help(
        "Images before and after: A up to but not B, counted from 0 [default: 110..120]"
    )),
    mut_arg("split", |split| of_one_half(split).help("The images trained on, or those held out"))
)]
pub(super) struct FiguresArguments {
    #[command(flatten)]
    weights: WeightsArguments,
    /// The folder of the figures, which is made where it is not there
    #[arg(long, value_name = "DIR", help_heading = "Results")]
    out: PathBuf,
    /// One JSON object in place of the files' names
    #[arg(long, help_heading = "Results")]
    json: bool,
    #[command(flatten)]
    images: AnyImages,
}

/// What was drawn. Scripts rely on the names of the fields.
#[derive(Debug, Serialize)]
struct Report {
    data: String,
    network: String,
    figures: Vec<Drawn>,
    left_out: Vec<LeftOut>,
}

#[derive(Debug, Serialize)]
struct Drawn {
    figure: &'static str,
    svg: String,
    png: String,
}

#[derive(Debug, Serialize)]
struct LeftOut {
    figure: &'static str,
    why: String,
}

pub(super) fn run(arguments: &FiguresArguments) -> anyhow::Result<End> {
    let path = &arguments.weights.weights;
    let read = arguments.images.files(path);
    let folder = Folder::named(&arguments.out, &read)?;
    let is_run = path.is_dir();
    let (weights, data, log) = if is_run {
        arguments.weights.expect_nothing_said_of_a_run()?;
        let found = runs::read(path)?;
        let data = arguments.images.read_or_of_run(&found.file)?;
        // Somebody may be writing it: the log ends where the weights are.
        let log = found.logged(found.step());
        (compare::loaded_of_run(found)?, data, Some(log))
    } else {
        let data = arguments.images.read()?;
        (arguments.weights.load(&data)?, data, None)
    };
    let from = data.read_from.as_ref().map(|from| from.path.clone());
    folder.expect_apart_from(from.as_deref())?;
    let first = FIRST_SAMPLE.index;
    let labels = weights.recipe.digits;
    let strip = Some(first..first + Row::LENGTH);
    let mut images = arguments.images.of_labels(data, &weights, strip, labels)?;
    if !arguments.images.names_range() {
        // Where there are not so many, the first will do.
        let range = &mut images.stretches[0].range;
        range.end = range.end.min(range.start + Row::LENGTH);
    }
    expect_few(images.len(), "as in --range 0..20")?;
    // No file of a run has the name of a figure.
    let read = read.into_iter().skip(usize::from(is_run));
    let read = read.chain(from.as_deref());
    let folder = folder.make(&images.data().name, read)?;
    let report = draw(&Subject::of(&weights, &images, log), &folder)?;
    for LeftOut { figure, why } in &report.left_out {
        tell(&format!("left out: {figure}: {why}"));
    }
    let words = if arguments.json {
        serde_json::to_string_pretty(&report).context("--json")? + "\n"
    } else {
        let files = report.figures.iter();
        let files = files.flat_map(|drawn| [&drawn.svg, &drawn.png]);
        files.flat_map(|file| [file.as_str(), "\n"]).collect()
    };
    print(words.as_bytes())?;
    Ok(End::Done)
}

/// Draws one after the other.
fn draw(subject: &Subject, folder: &Folder) -> anyhow::Result<Report> {
    let progress = Progress::of_parts(FIGURES.len());
    let mut report = Report {
        data: subject.data().to_owned(),
        network: subject.network().to_owned(),
        figures: Vec::new(),
        left_out: Vec::new(),
    };
    for (figure, draw) in FIGURES {
        progress.next_part(figure);
        match draw(subject) {
            Ok(drawing) => {
                let [svg, png] = folder.write(figure, &drawing)?;
                let [svg, png] = [svg, png].map(|file| shown(&file));
                report.figures.push(Drawn { figure, svg, png });
            }
            Err(why) => report.left_out.push(LeftOut { figure, why }),
        }
    }
    Ok(report)
}

/// A folder that figures cannot go to.
fn misuse(words: String) -> anyhow::Error {
    Misuse(words).into()
}
