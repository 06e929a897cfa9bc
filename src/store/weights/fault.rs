//! What can be wrong with a weights file.

use std::{
    fmt::{self, Display},
    io,
};

use thiserror::Error;

use super::{Foreign, MAX_BYTES, about::FORMAT};
use crate::{
    arrays::ArrayFault,
    nn::{Activation, Architecture, MOST_MAPS, MOST_STAGES, Network},
    recipe::{Preset, Recipe},
    store::printable,
};

/// What is wrong with a weights file, and what helps. It follows the file's
/// name in [`StoreError::NotWeights`](crate::store::StoreError::NotWeights).
#[derive(Debug, Error)]
pub enum Fault {
    /// The system refused to open or read it.
    #[error("{0}; check the name and its permissions")]
    Unreadable(io::Error),
    /// It is a folder.
    #[error("it is a folder; name a weights file in it")]
    IsFolder,
    /// It is a pipe or a device.
    #[error("it is no regular file; name a .safetensors file")]
    NotAFile,
    /// It is larger than any weights of ours.
    #[error("it has more than {} MiB; name a file of weights", MAX_BYTES >> 20)]
    TooLarge,
    /// It is not in the format, or not all of it is there.
    #[error("it is no whole safetensors file ({0}); copy or save it again")]
    NotSafetensors(String),
    /// Its header cannot begin as it does.
    #[error("it is no safetensors file; name one, as --save and Python's safetensors write")]
    Unlike,
    /// It is something else, which is known.
    #[error("{0}")]
    Foreign(Foreign),
    /// It is an archive of arrays, which cannot be read.
    #[error("{0}")]
    Arrays(ArrayFault),
    /// What it says of itself cannot be understood.
    #[error("its ae_tui metadata is damaged ({0}); copy or save it again")]
    Description(String),
    /// It comes from a later version of this program.
    #[error("its format version is {version}, and this ae-tui knows {FORMAT}; use a newer ae-tui")]
    Newer {
        /// The file's version.
        version: u64,
    },
    /// It has weights and no state.
    #[error(
        "it has weights, and not the optimiser's moments that a run goes on from; \
         to start a run from these weights: --init in place of --resume"
    )]
    NoMoments,
    /// It does not say what network it belongs to, and nobody else said enough.
    #[error("it does not say its network; its tensors are those of {found}: add {cure}")]
    NoArchitecture {
        /// The layers that its tensors are of.
        found: String,
        /// The options that say what the tensors do not.
        cure: String,
    },
    /// It does not say its network, and its tensors are not of the one named for it.
    #[error(
        "its tensors are those of {found}, and {wanted} was asked for; in place of that say {cure}"
    )]
    OtherTensors {
        /// The layers that its tensors are of.
        found: String,
        /// The network of the options.
        wanted: String,
        /// The options that agree with the tensors.
        cure: String,
    },
    /// It does not say its network, and its tensors are of none.
    #[error(
        "it does not say its network, and its tensors make none that ae-tui has: {0}; \
         docs/PYTHON.md has the names and shapes of each"
    )]
    NoNetwork(Box<TensorFault>),
    /// Its network is not the one asked for.
    #[error("it holds a network of {found}, and {wanted} was asked for; use {cure}")]
    OtherArchitecture {
        /// The file's layers and latent activation.
        found: String,
        /// The layers and latent activation of the options.
        wanted: String,
        /// The options that agree with the file.
        cure: String,
    },
    /// Its convolutions may be of images of many sizes.
    #[error(
        "it does not say the size of its images, and its convolutions take many: add --size 28, or --size 32x40"
    )]
    NoSize,
    /// Its network takes other images.
    #[error(
        "its network takes {file} pixels an image, and those that were named have {data}; name other \
         images or weights"
    )]
    OtherImages {
        /// Pixels the network takes.
        file: usize,
        /// Pixels of the data.
        data: usize,
    },
    /// Its network was trained on other images than those it is to be used on.
    #[error(
        "its weights were trained on {theirs}, not on {ours}; name their folder with --data DIR{or}"
    )]
    OtherData {
        /// What to call the images of the weights.
        theirs: String,
        /// What the images at hand are called.
        ours: String,
        /// What else helps.
        or: String,
    },
    /// Its tensors are not the network's.
    #[error("{0}; name weights of that network")]
    Tensor(Box<TensorFault>),
    /// A tensor is not of 32-bit floats.
    #[error("its tensor {tensor} is {dtype}; save it as float32")]
    Dtype {
        /// Its name.
        tensor: String,
        /// What its values are.
        dtype: String,
    },
    /// A tensor holds NaN or an infinity.
    #[error("its tensor {tensor} holds values that are not finite; use an earlier save")]
    NotFinite {
        /// Its name.
        tensor: String,
    },
    /// Its moments are of no run.
    #[error("its adam.v, means of squares, has negative values; use an earlier save")]
    NegativeSquares,
}

/// Where a file's tensors and a network part.
#[derive(Debug, Error)]
pub enum TensorFault {
    /// There is no layer.
    #[error("none of their names ends in .weight or .kernel")]
    NoLayer,
    /// There are more layers than anybody has.
    #[error("they are {layers} layers")]
    TooMany {
        /// How many.
        layers: usize,
    },
    /// A bias, or what a bias is called, has no kernel beside.
    #[error("its tensor {tensor} has no weight beside it")]
    LoneBias {
        /// Its name.
        tensor: String,
    },
    /// A kernel's sides are none of a layer of ours.
    #[error("its tensor {tensor} is {shape:?}, and kernels have two sides or four")]
    Sides {
        /// Its name.
        tensor: String,
        /// Its sides.
        shape: Vec<usize>,
    },
    /// It normalises what comes through.
    #[error(
        "its tensor {tensor} is of a normalisation, which ae-tui's networks have not; where it \
         follows a Linear at once, this line of Python puts it into that: \
         linear = torch.nn.utils.fusion.fuse_linear_bn_eval(linear.eval(), norm.eval())"
    )]
    Normalisation {
        /// Its name.
        tensor: String,
    },
    /// A bias has other numbers than its kernel has units.
    #[error(
        "its layer {layer} has a kernel of {kernel:?} and a bias of {bias:?}, which do not go together, \
         or not as those of the other layers do"
    )]
    OtherBias {
        /// The layer's name.
        layer: String,
        /// The kernel's sides.
        kernel: Vec<usize>,
        /// The bias's.
        bias: Vec<usize>,
    },
    /// Some layers are dense, some convolutions.
    #[error("its layer {layer} is a convolution, and others are dense")]
    Mixed {
        /// The first that is one.
        layer: String,
    },
    /// A convolution's window is none of ours.
    #[error("its tensor {tensor} is {shape:?}, and ae-tui's convolutions have windows of 3x3")]
    Window {
        /// Its name.
        tensor: String,
        /// Its sides.
        shape: Vec<usize>,
    },
    /// They are convolutions, and not ours.
    #[error(
        "its convolutions make {found} maps, and ae-tui's go from 1 to others and on, one to {MOST_STAGES} \
         of them with up to {MOST_MAPS} maps, back by the same numbers, and to 1"
    )]
    Convolutions {
        /// From and to how many maps each goes.
        found: String,
    },
    /// No order makes a network of the layers.
    #[error("its layers, {layers}, are no encoder with a decoder that mirrors it")]
    NoChain {
        /// Numbers that go in and come out.
        layers: String,
    },
    /// Several orders make one.
    #[error(
        "its layers fit together in several ways, and their names do not tell which is meant; {0}"
    )]
    Several(Order),
    /// A layer beside encoder and decoder may be part of the way, or not.
    #[error(
        "its layer {layer} is in neither half, and may stand between any two; leave it out, or call it \
         by its place in one of them"
    )]
    Aside {
        /// Its name.
        layer: String,
    },
    /// A layer gives deviations where log-variances are needed.
    #[error(
        "its layer {layer} seems to give a deviation; where that is its logarithm, this line of Python \
         makes a log-variance of it: import safetensors.torch as s; t = s.load_file(FILE); \
         t.update({{f\"logvar.{{k}}\": 2 * t.pop(f\"{name}.{{k}}\") for k in ('weight', 'bias')}}); \
         s.save_file(t, \"weights.safetensors\")"
    )]
    Deviation {
        /// Its name.
        layer: String,
        /// The same, with what stands before all names.
        name: String,
    },
    /// A tensor is not there.
    #[error("it has no tensor {tensor}, which {sizes} needs")]
    Missing {
        /// Its name.
        tensor: String,
        /// The network's layer sizes.
        sizes: String,
    },
    /// A tensor is there that the network has no use for.
    #[error("its tensor {tensor} is no part of {sizes}")]
    Extra {
        /// Its name.
        tensor: String,
        /// The network's layer sizes.
        sizes: String,
    },
    /// A tensor has another shape than its layer.
    #[error("its tensor {tensor} is {found:?} where {sizes} needs {expected:?}")]
    Shape {
        /// Its name.
        tensor: String,
        /// The file's.
        found: Vec<usize>,
        /// The layer's.
        expected: Vec<usize>,
        /// The network's layer sizes.
        sizes: String,
    },
}

/// The line of Python that names layers so that their order is known.
#[derive(Debug)]
pub struct Order {
    layers: Vec<String>,
}

impl Order {
    /// Of layers of these names.
    pub(super) fn of(layers: Vec<&str>) -> Self {
        let plain = |name: &&str| {
            name.chars()
                .all(|c| c.is_ascii_alphanumeric() || "._/-".contains(c))
        };
        // Few enough for a line, and nothing that Python would take for something else.
        let all = layers.len() <= 16 && layers.iter().all(plain);
        let layers = if all { layers } else { vec!["FIRST", "SECOND"] };
        Self {
            layers: layers.into_iter().map(|name| printable(name, 60)).collect(),
        }
    }
}

impl Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "put these in order, from image to image, in this line of Python: \
             import safetensors.torch as s; t = s.load_file(FILE); layers = {:?}; n = len(layers) // 2; \
             s.save_file({{f\"{{('encoder', 'decoder')[i // n]}}.{{2 * (i % n)}}.{{k}}\": t[f\"{{name}}.{{k}}\"] \
             for i, name in enumerate(layers) for k in ('weight', 'bias')}}, \"weights.safetensors\")",
            self.layers
        )
    }
}

impl Fault {
    pub(super) fn not_safetensors(error: &impl Display) -> Self {
        Self::NotSafetensors(printable(&error.to_string(), 200))
    }

    pub(super) fn other_architecture(found: &Architecture, wanted: &Architecture) -> Self {
        Self::OtherArchitecture {
            found: sizes_and_code(found),
            wanted: sizes_and_code(wanted),
            cure: options(found, wanted),
        }
    }
}

/// Layer sizes, as many as a line takes.
pub(super) fn sizes(architecture: &Architecture) -> String {
    printable(&architecture.to_string(), 100)
}

pub(super) fn sizes_and_code(architecture: &Architecture) -> String {
    let code = match &architecture.network {
        Network::Dense {
            latent_activation, ..
        } => latent_activation.name(),
        Network::Variational { .. } => "Gaussian",
        Network::Convolutional { .. } => return sizes(architecture),
    };
    format!("{} with a {code} code", sizes(architecture))
}

/// The options that ask for a network as the one found is, in place of the wanted one.
fn options(found: &Architecture, wanted: &Architecture) -> String {
    match &found.network {
        Network::Dense {
            encoder,
            latent_activation,
        } => {
            let preset = match wanted.network {
                Network::Dense { .. } => "",
                Network::Variational { .. } | Network::Convolutional { .. } => "--preset article ",
            };
            let encoder = encoder_option(encoder);
            format!("{preset}--encoder {encoder} --latent-activation {latent_activation}")
        }
        Network::Variational { encoder } => {
            format!("--preset vae --encoder {}", encoder_option(encoder))
        }
        Network::Convolutional { .. } => conv_options(&found.network),
    }
}

/// The layers that tensors are of, whose shapes do not tell what follows a plain code.
pub(super) fn sizes_of_tensors(architecture: &Architecture) -> String {
    match architecture.network {
        Network::Dense { .. } | Network::Convolutional { .. } => sizes(architecture),
        Network::Variational { .. } => sizes_and_code(architecture),
    }
}

/// The options that say of a network what its tensors do not.
pub(super) fn options_beside_tensors(network: &Network) -> String {
    match network {
        Network::Dense { .. } => {
            let [relu, linear] = [Activation::Relu, Activation::Linear]
                .map(|name| format!("--latent-activation {name}"));
            format!("{relu} if a ReLU follows its code layer, or {linear} if nothing does")
        }
        Network::Variational { encoder } => {
            let preset = Recipe::preset(Preset::Vae).network;
            match preset.encoder_sizes() {
                Some(sizes) if sizes == encoder => "--preset vae".into(),
                _ => format!("--preset vae --encoder {}", encoder_option(encoder)),
            }
        }
        Network::Convolutional { .. } => conv_options(network),
    }
}

/// The options that ask for convolutions of these maps.
fn conv_options(network: &Network) -> String {
    match network.other_channels() {
        [] => "--preset conv".into(),
        channels => format!("--preset conv --channels {}", encoder_option(channels)),
    }
}

/// Encoder sizes as the option has them, as many as a line takes.
pub(super) fn encoder_option(encoder: &[usize]) -> String {
    let encoder: Vec<String> = encoder.iter().map(usize::to_string).collect();
    printable(&encoder.join(","), 100)
}
