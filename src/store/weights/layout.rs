//! Where each number of a network stands in a file.
//!
//! `PyTorch` keeps a dense layer's kernel as [out, in], ours are [in, out]; a
//! convolution's is the same in both. Its layers are numbered by their place in
//! an `nn.Sequential`, where every layer with weights is followed by its
//! activation, and poolings and up-samplings stand in their places: 0, 2, 4 or
//! 0, 3, 6, and again from 0 in the decoder.

use std::collections::{HashMap, HashSet};

use ndarray::ArrayView2;
use safetensors::tensor::{Dtype, TensorView, serialize as to_safetensors};

use super::{
    Fault,
    fault::{self, TensorFault},
    tensors::Tensors,
};
use crate::{
    nn::{Architecture, Autoencoder, Convolution, Dense, Layer, LayerShape},
    store::printable,
};

/// Tensors of these names are a checkpoint's, beside its weights.
const OPTIMISER: &str = "adam.";

/// What stands before the names of weights in those of their moments, first and second.
pub(super) const MOMENTS: [&str; 2] = ["adam.m.", "adam.v."];

/// Rows and columns of a convolution's window.
pub(super) const WINDOW: [usize; 2] = [3, 3];

/// Where one layer stands in a file.
struct Place {
    weight: String,
    /// The kernel's shape there.
    kernel: Vec<usize>,
    bias: String,
    units: usize,
}

impl Place {
    /// The names and shapes of its tensors.
    fn tensors(self) -> [(String, Vec<usize>); 2] {
        [(self.weight, self.kernel), (self.bias, vec![self.units])]
    }
}

/// The places of all layers that have weights, from the input to the output.
fn places(architecture: &Architecture) -> Vec<Place> {
    let mut places = Vec::new();
    for (part, layers) in [
        ("encoder", architecture.encoder()),
        ("decoder", architecture.decoder()),
    ] {
        let mut number = 0;
        for layer in layers {
            let kernel = match layer {
                LayerShape::Dense { inputs, units, .. } => vec![units, inputs],
                LayerShape::Convolution { from, channels, .. } => {
                    [&[channels, from.channels], &WINDOW[..]].concat()
                }
                LayerShape::MaxPool { .. } | LayerShape::Upsample { .. } => {
                    number += 1;
                    continue;
                }
            };
            places.push(Place {
                weight: format!("{part}.{number}.weight"),
                bias: format!("{part}.{number}.bias"),
                units: kernel[0],
                kernel,
            });
            number += 2;
        }
    }
    places
}

/// Bytes of all weights and biases of such a network.
pub(super) fn bytes_of_weights(architecture: &Architecture) -> u128 {
    architecture
        .parameter_count()
        .saturating_mul(size_of::<f32>() as u128)
}

/// The file of networks of one architecture, the names of each with its own beginning.
pub(super) fn serialize(
    parts: &[(&str, &Autoencoder)],
    metadata: HashMap<String, String>,
) -> Vec<u8> {
    let mut tensors: Vec<(String, Vec<usize>, Vec<u32>)> = Vec::new();
    for (beginning, net) in parts {
        let kernels_and_biases = net.layers().filter_map(|layer| match layer {
            Layer::Dense(Dense { w, b, .. }) => Some((words(w.t().iter()), words(b.iter()))),
            Layer::Convolution(Convolution { w, b, .. }) => {
                Some((words(w.iter()), words(b.iter())))
            }
            Layer::MaxPool(_) | Layer::Upsample(_) => None,
        });
        let places = places(&net.architecture()).into_iter();
        for (place, (kernel, bias)) in places.zip(kernels_and_biases) {
            tensors.push((format!("{beginning}{}", place.weight), place.kernel, kernel));
            tensors.push((
                format!("{beginning}{}", place.bias),
                vec![place.units],
                bias,
            ));
        }
    }
    let views = tensors.iter().map(|(name, shape, words)| {
        let view = TensorView::new(Dtype::F32, shape.clone(), bytemuck::cast_slice(words))
            .expect("a tensor has four bytes for each number");
        (name, view)
    });
    to_safetensors(views, Some(metadata)).expect("a header of bounded numbers and names fits")
}

/// The numbers' bits, in the order of bytes that the format has.
fn words<'a>(values: impl Iterator<Item = &'a f32>) -> Vec<u32> {
    values.map(|value| value.to_bits().to_le()).collect()
}

/// The network of this architecture in a file that holds exactly it.
pub(super) fn network(
    tensors: &Tensors,
    architecture: &Architecture,
) -> Result<Autoencoder, Fault> {
    // All shapes first: only then is memory asked for, and no more than the file has.
    check_shapes(tensors, architecture).map_err(|fault| Fault::Tensor(fault.into()))?;
    part(tensors, architecture, "")
}

/// The network of this architecture whose tensors' names begin so.
pub(super) fn part(
    tensors: &Tensors,
    architecture: &Architecture,
    beginning: &str,
) -> Result<Autoencoder, Fault> {
    for place in places(architecture) {
        for (name, expected) in place.tensors() {
            check_shape(
                tensors,
                &format!("{beginning}{name}"),
                expected,
                architecture,
            )
            .map_err(|fault| Fault::Tensor(fault.into()))?;
        }
    }
    let values = |name: &str| {
        let name = format!("{beginning}{name}");
        let tensor = tensors.get(&name).expect("its shape has been looked at");
        tensor.values(&name)
    };
    let layers = places(architecture).into_iter().map(|place| {
        Ok(Parameters {
            kernel: values(&place.weight)?,
            bias: values(&place.bias)?,
        })
    });
    filled(architecture, layers)
}

/// A layer's numbers as they stand in a file.
#[derive(Debug)]
pub(super) struct Parameters {
    pub(super) kernel: Vec<f32>,
    pub(super) bias: Vec<f32>,
}

/// The network of this architecture with the numbers of each of its layers that has weights.
pub(super) fn filled(
    architecture: &Architecture,
    layers: impl Iterator<Item = Result<Parameters, Fault>>,
) -> Result<Autoencoder, Fault> {
    let mut net = Autoencoder::zeros(architecture);
    let with_weights = net
        .layers_mut()
        .filter(|layer| layer.parameters().is_some());
    for (parameters, layer) in layers.zip(with_weights) {
        let Parameters { kernel, bias } = parameters?;
        if let Some([own_kernel, own_bias]) = layer.parameters_mut() {
            own_kernel.copy_from_slice(&kernel);
            own_bias.copy_from_slice(&bias);
        }
        if let Layer::Dense(dense) = layer {
            let (inputs, units) = dense.w.dim();
            let values = ArrayView2::from_shape((units, inputs), &kernel)
                .expect("the shapes have been compared");
            dense.w.assign(&values.t());
        }
    }
    Ok(net)
}

/// Exactly our names, each with our shape, of any numbers.
pub(super) fn check_shapes(
    tensors: &Tensors,
    architecture: &Architecture,
) -> Result<(), TensorFault> {
    let mut known = HashSet::new();
    for place in places(architecture) {
        for (name, expected) in place.tensors() {
            check_shape(tensors, &name, expected, architecture)?;
            known.insert(name);
        }
    }
    let is_extra = |name: &&str| !known.contains(*name) && !name.starts_with(OPTIMISER);
    // The least of them, so that the same file always gives the same words.
    match tensors.names().filter(is_extra).min() {
        Some(extra) => Err(TensorFault::Extra {
            tensor: printable(extra, 80),
            sizes: fault::sizes(architecture),
        }),
        None => Ok(()),
    }
}

fn check_shape(
    tensors: &Tensors,
    name: &str,
    expected: Vec<usize>,
    architecture: &Architecture,
) -> Result<(), TensorFault> {
    let tensor = name.to_owned();
    let sizes = || fault::sizes(architecture);
    let Some(found) = tensors.get(name) else {
        return Err(TensorFault::Missing {
            tensor,
            sizes: sizes(),
        });
    };
    if found.shape != expected {
        // A shape can be of any length; a line cannot.
        let found = found.shape.iter().copied().take(8).collect();
        return Err(TensorFault::Shape {
            tensor,
            found,
            expected,
            sizes: sizes(),
        });
    }
    Ok(())
}
