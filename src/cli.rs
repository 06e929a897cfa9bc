//! The command line: arguments to calls, and their ends to exit codes.
//!
//! One file a command. Whatever can be refused is refused here, in one line,
//! before the screen changes. It knows what can be asked for, and nothing of
//! how any of it is done.

mod again;
mod appearance;
mod compare;
mod data;
mod decode;
mod encode;
mod evaluate;
mod evidence;
mod explore;
mod export;
mod figures;
mod film;
mod images;
mod manual;
mod origin;
mod outcome;
mod output;
mod progress;
mod reconstruct;
mod room;
mod signals;
mod sweep;
mod tour;
mod train;
mod values;
mod watch;
mod weights;

use std::{
    ffi::OsString,
    io::{self, ErrorKind, Write},
    path::Path,
    process::ExitCode,
};

use clap::{Parser, Subcommand, error::ContextKind};
use thiserror::Error;

use crate::{
    memory,
    message::{SampleId, SplitName},
    store::folder,
    ui::terminal,
    words::{printable, quote, unnumbered},
};

/// Train autoencoders and watch them learn, in a terminal.
#[derive(Debug, Parser)]
#[command(
    name = "ae-tui",
    version,
    about = "Train autoencoders and watch them learn, in a terminal",
    long_about = LONG_ABOUT,
    after_long_help = EXIT_CODES,
    args_conflicts_with_subcommands = true,
    max_term_width = 100
)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    train: train::TrainArguments,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Train and watch (the default: `ae-tui --epochs 3` needs no `train`)
    #[command(long_about = train::LONG_ABOUT, after_long_help = EXIT_CODES)]
    Train(Box<train::TrainArguments>),
    /// Take the tour: what an autoencoder is, step by step, on the live program
    #[command(long_about = tour::LONG_ABOUT)]
    Tour(tour::TourArguments),
    /// Look at saved weights in the dashboard, without training
    Explore(explore::ExploreArguments),
    /// Tell what saved weights are good for, as a table or as JSON
    #[command(long_about = evaluate::LONG_ABOUT, after_long_help = EXIT_CODES)]
    Evaluate(evaluate::EvaluateArguments),
    /// Draw images over what a network makes of them, as a picture
    #[command(long_about = reconstruct::LONG_ABOUT)]
    Reconstruct(reconstruct::ReconstructArguments),
    /// Write the codes of images, for other programs
    #[command(long_about = encode::LONG_ABOUT)]
    Encode(encode::EncodeArguments),
    /// Draw what a network makes of codes
    #[command(long_about = decode::LONG_ABOUT)]
    Decode(decode::DecodeArguments),
    /// Write weights as files of other programs: ONNX, Keras
    #[command(long_about = export::LONG_ABOUT)]
    Export(export::ExportArguments),
    /// Take a kept run home as a film, a GIF or an asciicast
    #[command(long_about = film::LONG_ABOUT)]
    Film(film::FilmArguments),
    /// Draw figures for a paper of a run or of saved weights, as SVG and PNG
    #[command(long_about = figures::LONG_ABOUT, after_long_help = EXIT_CODES)]
    Figures(figures::FiguresArguments),
    /// Hold runs and weights against one another: recipes, measures, pictures
    #[command(long_about = compare::LONG_ABOUT, after_long_help = EXIT_CODES)]
    Compare(compare::CompareArguments),
    /// Train a grid of networks, several at a time, and compare them
    #[command(long_about = sweep::LONG_ABOUT, after_long_help = EXIT_CODES)]
    Sweep(Box<sweep::SweepArguments>),
    /// Watch what somebody else trains, by the files that it writes
    #[command(long_about = watch::LONG_ABOUT, after_long_help = EXIT_CODES)]
    Watch(watch::WatchArguments),
    /// Print the folder of the unpacked MNIST files
    #[command(long_about = data::LONG_ABOUT)]
    Data,
    /// Print what a shell completes, for bash, zsh, fish and others
    #[command(long_about = manual::COMPLETIONS)]
    Completions(manual::CompletionsArguments),
    /// Print the manual page, or write a page for each command
    #[command(long_about = manual::MAN)]
    Man(manual::ManArguments),
}

const LONG_ABOUT: &str = "\
Train autoencoders and watch them learn, in a terminal.

  ae-tui                                        train on MNIST, inside the program, and watch
  ae-tui tour                                   the same, explained step by step
  ae-tui --preset deep --epochs 3               another network, fewer epochs
  ae-tui --headless --save digits.safetensors   no dashboard: lines, and a file
  ae-tui explore digits.safetensors             look at what was saved
  ae-tui --run digits                           keep the whole run in a folder, to go on from
  ae-tui evaluate digits.safetensors            what it is good for, in numbers

An autoencoder is a network that learns to repeat its input through a narrow middle, the code. \
What it learns on the way is of use: features to classify by, a few numbers in place of many, \
images without their noise, compression.";

const EXIT_CODES: &str = "\
Exit codes: 0 done, quitting included; 1 it failed; 2 wrong usage or value; \
128+n ended by signal n.";

/// How a command ended that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// It is done, or the user left.
    Done,
    /// A signal of this number ended it.
    Signal(i32),
}

/// A value or a combination of options that was refused.
#[derive(Debug, Error)]
#[error("{0}")]
struct Misuse(String);

/// What the dashboard shows first: an 8 that takes some learning.
const FIRST_SAMPLE: SampleId = SampleId {
    split: SplitName::Test,
    index: 110,
};

/// Exit codes of failures.
const FAILED: u8 = 1;
const MISUSED: u8 = 2;

/// Does what the arguments, the program's name first, ask for.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    terminal::install_hook();
    memory::before_last_words(terminal::restore);
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(refusal) if refusal.use_stderr() => {
            tell(&match suggestion(&refusal) {
                Some(better) => format!("error: {better}"),
                None => in_one_line(&refusal.to_string()),
            });
            return ExitCode::from(MISUSED);
        }
        Err(answer) => return answered(&answer),
    };
    let end = match arguments.command {
        None => train::run(&arguments.train),
        Some(Command::Train(arguments)) => train::run(&arguments),
        Some(Command::Tour(arguments)) => tour::run(arguments),
        Some(Command::Explore(arguments)) => explore::run(&arguments),
        Some(Command::Evaluate(arguments)) => evaluate::run(&arguments),
        Some(Command::Reconstruct(arguments)) => reconstruct::run(&arguments),
        Some(Command::Encode(arguments)) => encode::run(&arguments),
        Some(Command::Decode(arguments)) => decode::run(&arguments),
        Some(Command::Export(arguments)) => export::run(&arguments),
        Some(Command::Film(arguments)) => film::run(&arguments),
        Some(Command::Figures(arguments)) => figures::run(&arguments),
        Some(Command::Compare(arguments)) => compare::run(&arguments),
        Some(Command::Sweep(arguments)) => sweep::run(&arguments),
        Some(Command::Watch(arguments)) => watch::run(&arguments),
        Some(Command::Data) => data::run(),
        Some(Command::Completions(arguments)) => manual::completions(&arguments),
        Some(Command::Man(arguments)) => manual::man(&arguments),
    };
    match end {
        Ok(End::Done) => ExitCode::SUCCESS,
        Ok(End::Signal(number)) => ExitCode::from(128 + number as u8),
        Err(error) => {
            tell(&format!("error: {error:#}"));
            ExitCode::from(if error.is::<Misuse>() {
                MISUSED
            } else {
                FAILED
            })
        }
    }
}

/// The end of a question for help or the version: it failed if the answer was not written.
fn answered(answer: &clap::Error) -> ExitCode {
    match answer.print().and_then(|()| io::stdout().flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            tell(&format!("error: cannot write to standard output: {error}"));
            ExitCode::from(FAILED)
        }
        _ => ExitCode::SUCCESS,
    }
}

/// What was meant by a word that has no place here, where that can be told.
fn suggestion(refusal: &clap::Error) -> Option<String> {
    let word = [ContextKind::InvalidArg, ContextKind::InvalidSubcommand]
        .into_iter()
        .find_map(|kind| refusal.get(kind))?
        .to_string();
    // It may hold what would move the cursor, and goes into a shell as it is shown.
    let word = word.replace(char::is_control, "");
    if word == "help" {
        return Some("help comes first: see ae-tui help COMMAND, or ae-tui COMMAND --help".into());
    }
    let (path, file) = (Path::new(&word), quote(&word));
    let ending = path.extension().unwrap_or_default();
    if ["safetensors", "npz"].map(|weights| ending.eq_ignore_ascii_case(weights)) != [false; 2] {
        return Some(format!(
            "saved weights are looked at with: ae-tui explore {file} (to train on from them: --init {file})"
        ));
    }
    if folder::is_run(path) {
        return Some(format!(
            "a kept run is looked at with: ae-tui explore {file} (to go on with it: --resume {file})"
        ));
    }
    path.is_dir().then(|| {
        format!("{file} is a folder and no command; to train on images in it: --data {file}")
    })
}

/// A refusal without the usage that follows it: which value, and what it may be.
fn in_one_line(refusal: &str) -> String {
    let said = refusal
        .split("\n\n")
        .take_while(|paragraph| !paragraph.starts_with("Usage:"))
        .filter(|paragraph| !paragraph.starts_with("For more information"));
    let words: Vec<&str> = said.flat_map(str::split_whitespace).collect();
    format!("{}; see --help", words.join(" "))
}

/// A line on standard error, whatever the words are made of. Where that is closed, there
/// is nobody to tell.
fn tell(words: &str) {
    let line = printable(&unnumbered(words).replace('\n', " "), usize::MAX);
    let _ = writeln!(io::stderr(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_refusal_is_one_line_that_names_the_value_and_the_cure() {
        let refused = |words: &[&str]| {
            let refusal = Arguments::try_parse_from(words).unwrap_err();
            in_one_line(&refusal.to_string())
        };
        assert_eq!(
            refused(&["ae-tui", "--preset", "foo"]),
            "error: invalid value 'foo' for '--preset <NAME>' \
             [possible values: article, map, deep, sparse, denoising, conv, vae]; see --help"
        );
        assert_eq!(
            refused(&["ae-tui", "--epoch", "3"]),
            "error: unexpected argument '--epoch' found \
             tip: a similar argument exists: '--epochs'; see --help"
        );
    }

    #[test]
    fn what_was_meant_is_suggested_as_a_shell_takes_it() {
        let suggested = |words: &[&str]| {
            let words = [&["ae-tui"], words].concat();
            suggestion(&Arguments::try_parse_from(words).unwrap_err())
        };
        for words in [&["train", "help"][..], &["--epochs", "3", "help"]] {
            let said = suggested(words).unwrap();
            assert!(
                said.ends_with("see ae-tui help COMMAND, or ae-tui COMMAND --help"),
                "{said}"
            );
        }
        for (file, shown) in [
            ("a.safetensors", "explore a.safetensors "),
            ("dir/B-2.SafeTensors", "explore dir/B-2.SafeTensors "),
            ("my a.safetensors", "explore 'my a.safetensors' "),
            ("it's.safetensors", r"explore 'it'\''s.safetensors' "),
            ("a\u{1b}[2J.safetensors", "explore 'a[2J.safetensors' "),
        ] {
            for words in [&[file][..], &["train", file], &["--epochs", "3", file]] {
                let said = suggested(words).unwrap();
                assert!(said.contains(shown), "{words:?}: {said}");
            }
        }
        for words in [
            &["file.txt"][..],
            &["explor"],
            &["--sed", "3"],
            &["--epochs", "x"],
        ] {
            assert_eq!(suggested(words), None, "{words:?}");
        }
    }

    #[test]
    fn options_of_train_need_no_command() {
        let short = Arguments::try_parse_from(["ae-tui", "--epochs", "3"]).unwrap();
        assert!(short.command.is_none());
        assert!(Arguments::try_parse_from(["ae-tui", "train", "--epochs", "3"]).is_ok());
        assert!(Arguments::try_parse_from(["ae-tui", "--epochs", "3", "data"]).is_err());
    }
}
