//! `ae-tui export`: saved weights as other programs' files.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use super::{
    End,
    output::{expect_ending, expect_not_read},
    weights::{Loaded, SizeArgument, WeightsArguments},
};
use crate::store::{atomic, weights};

pub(super) const LONG_ABOUT: &str = "\
Write saved weights as files that other programs read.

  ae-tui export digits.safetensors --onnx digits.onnx    a graph for onnxruntime and others
  ae-tui export digits.safetensors --keras net.npz       net.set_weights(list(np.load(\"net.npz\").values()))

The graph takes images [n, height, width] of 0 to 1, and gives codes [n, values] and \
reconstructions [n, height, width]; a variational code is its means. For PyTorch there is nothing \
to do: load_state_dict takes weights as they are saved.";

#[derive(Debug, Args)]
pub(super) struct ExportArguments {
    #[command(flatten)]
    weights: WeightsArguments,
    #[command(flatten)]
    size: SizeArgument,
    #[command(flatten)]
    forms: Forms,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
struct Forms {
    /// Write an ONNX graph of encoder and decoder; replaces the file
    #[arg(long, value_name = "FILE", help_heading = "Results")]
    onnx: Option<PathBuf>,
    /// Write arrays in the order of Keras's `get_weights`; replaces the file
    #[arg(long, value_name = "FILE", help_heading = "Results")]
    keras: Option<PathBuf>,
}

pub(super) fn run(arguments: &ExportArguments) -> anyhow::Result<End> {
    let Forms { onnx, keras } = &arguments.forms;
    let files = [("--onnx", onnx, "onnx"), ("--keras", keras, "npz")];
    for (option, path, ending) in files {
        if let Some(path) = path {
            expect_ending(option, path, ending)?;
            expect_not_read(option, path, [&*arguments.weights.weights])?;
            atomic::check_writable(path).context(option)?;
        }
    }
    let Loaded {
        net,
        recipe,
        origin,
    } = arguments.weights.load_alone(arguments.size)?;
    let about = &origin.about;
    if let Some(path) = onnx {
        let bytes = weights::to_onnx(&net, recipe.image, about)?;
        atomic::write(path, &bytes).context("--onnx")?;
    }
    if let Some(path) = keras {
        let bytes = weights::to_keras(&net, about)?;
        atomic::write(path, &bytes).context("--keras")?;
    }
    Ok(End::Done)
}
