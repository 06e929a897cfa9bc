//! `ae-tui tour`: the tutorial's run, with the tour over it.

use clap::Args;

use super::{End, Misuse, appearance::Appearance, train};

pub(super) const LONG_ABOUT: &str = "\
Take the tour: what an autoencoder is, in ten chapters on the live program.

The tutorial's network is trained on MNIST, and the film stops at moments that teach something. Each \
chapter points at one pane, says two or three sentences, asks for a key and answers what it did. \
Space goes on, Backspace back, Esc leaves and stays; every other key works as ever. In a run that \
is watched F1 begins it.

It needs a terminal of 80x24 or more.";

#[derive(Debug, Args)]
pub(super) struct TourArguments {
    #[command(flatten)]
    appearance: Appearance,
}

pub(super) fn run(arguments: TourArguments) -> anyhow::Result<End> {
    if !train::has_screen() {
        return Err(Misuse("tour: it needs a terminal of 80x24 or more".into()).into());
    }
    train::tour(arguments.appearance)
}
