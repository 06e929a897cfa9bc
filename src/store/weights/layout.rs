//! Where each number of a network stands in a file.
//!
//! `PyTorch` keeps a dense layer's kernel as [out, in], ours are [in, out]; a
//! convolution's is the same in both. Its layers are numbered by their place in
//! an `nn.Sequential`, where every layer with weights is followed by its
//! activation, and poolings and up-samplings stand in their places: 0, 2, 4 or
//! 0, 3, 6, and again from 0 in the decoder.

use std::collections::{HashMap, HashSet};

use ndarray::ArrayView2;
use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize as to_safetensors};

use super::{Fault, fault};
use crate::{
    image::ImageSize,
    nn::{Architecture, Autoencoder, Code, Convolution, Dense, Layer, LayerShape, Network},
    store::printable,
};

/// Tensors of these names are a checkpoint's, beside its weights.
const OPTIMISER: &str = "adam.";

/// Rows and columns of a convolution's kernel.
const KERNEL: [usize; 2] = [3, 3];

/// Where one layer stands in a file.
struct Place {
    weight: String,
    /// The kernel's shape there.
    kernel: Vec<usize>,
    bias: String,
    units: usize,
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
                    [&[channels, from.channels], &KERNEL[..]].concat()
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

/// The file of a network.
pub(super) fn serialize(net: &Autoencoder, metadata: HashMap<String, String>) -> Vec<u8> {
    let mut tensors: Vec<(String, Vec<usize>, Vec<u8>)> = Vec::new();
    let kernels_and_biases = net.layers().filter_map(|layer| match layer {
        Layer::Dense(Dense { w, b, .. }) => Some((bytes(w.t().iter()), bytes(b.iter()))),
        Layer::Convolution(Convolution { w, b, .. }) => Some((bytes(w.iter()), bytes(b.iter()))),
        Layer::MaxPool(_) | Layer::Upsample(_) => None,
    });
    let places = places(&net.architecture()).into_iter();
    for (place, (kernel, bias)) in places.zip(kernels_and_biases) {
        tensors.push((place.weight, place.kernel, kernel));
        tensors.push((place.bias, vec![place.units], bias));
    }
    let views = tensors.iter().map(|(name, shape, bytes)| {
        let view = TensorView::new(Dtype::F32, shape.clone(), bytes)
            .expect("a tensor has four bytes for each number");
        (name, view)
    });
    to_safetensors(views, Some(metadata)).expect("a header of bounded numbers and names fits")
}

fn bytes<'a>(values: impl Iterator<Item = &'a f32>) -> Vec<u8> {
    values.flat_map(|value| value.to_le_bytes()).collect()
}

/// The architecture of a file that names none: `fallback`, if the tensors look
/// like it.
pub(super) fn architecture_like(
    tensors: &SafeTensors,
    fallback: Option<&Architecture>,
) -> Result<Architecture, Fault> {
    let Some(wanted) = fallback else {
        let cure = cure_of_silence(tensors);
        return Err(Fault::NoArchitecture { cure });
    };
    let shapes = dense_shapes(tensors);
    // Without a single layer of its sort, what is missing is said tensor by tensor.
    if let Some(&[_, inputs]) = shapes.first()
        && let Some(network) = like(&wanted.network, &shapes)
    {
        let found = Architecture {
            image: ImageSize::of_pixels(inputs),
            network,
        };
        if found != *wanted {
            return Err(Fault::other_architecture(&found, wanted));
        }
    }
    Ok(wanted.clone())
}

/// The options of a file that says nothing of itself, from its tensors.
fn cure_of_silence(tensors: &SafeTensors) -> String {
    let first = tensors.tensor("encoder.0.weight");
    if first.is_ok_and(|kernel| kernel.shape().ends_with(&KERNEL) && kernel.shape().len() == 4) {
        return "--preset conv".into();
    }
    let encoder: Vec<usize> = dense_shapes(tensors).iter().map(|shape| shape[0]).collect();
    let encoder = match encoder.as_slice() {
        [] => "SIZES".into(),
        sizes => fault::encoder_option(sizes),
    };
    format!("--encoder {encoder} and --latent-activation")
}

/// The kernels `[out, in]` of an encoder of dense layers.
fn dense_shapes(tensors: &SafeTensors) -> Vec<[usize; 2]> {
    (0..)
        .map_while(|layer| {
            let weight = tensors.tensor(&format!("encoder.{}.weight", 2 * layer));
            weight.ok()?.shape().try_into().ok()
        })
        .collect()
}

/// A network of that kind whose encoder has these kernels, if it is made of such.
fn like(network: &Network, kernels: &[[usize; 2]]) -> Option<Network> {
    let mut outputs: Vec<usize> = kernels.iter().map(|[outputs, _]| *outputs).collect();
    match network {
        Network::Dense {
            latent_activation, ..
        } => Some(Network::Dense {
            encoder: outputs,
            latent_activation: *latent_activation,
        }),
        Network::Variational { .. } => {
            if let Some(last) = outputs.last_mut() {
                *last = Code::Gaussian.length(*last);
            }
            Some(Network::Variational { encoder: outputs })
        }
        Network::Convolutional => None,
    }
}

/// The network of this architecture in a file that holds exactly it.
pub(super) fn network(
    tensors: &SafeTensors,
    architecture: &Architecture,
) -> Result<Autoencoder, Fault> {
    // All shapes first: only then is memory asked for, and no more than the file has.
    check_tensors(tensors, architecture)?;
    let mut net = Autoencoder::zeros(architecture);
    let with_weights = net
        .layers_mut()
        .filter(|layer| layer.parameters().is_some());
    for (place, layer) in places(architecture).into_iter().zip(with_weights) {
        let values = finite_values(tensors, &place.weight)?;
        let biases = finite_values(tensors, &place.bias)?;
        if let Some([kernel, bias]) = layer.parameters_mut() {
            kernel.copy_from_slice(&values);
            bias.copy_from_slice(&biases);
        }
        if let Layer::Dense(dense) = layer {
            let (inputs, units) = dense.w.dim();
            let values = ArrayView2::from_shape((units, inputs), &values)
                .expect("the shapes have been compared");
            dense.w.assign(&values.t());
        }
    }
    Ok(net)
}

/// Exactly our names, each with our shape, in 32-bit floats.
fn check_tensors(tensors: &SafeTensors, architecture: &Architecture) -> Result<(), Fault> {
    let mut known = HashSet::new();
    for place in places(architecture) {
        for (name, expected) in [
            (place.weight, place.kernel),
            (place.bias, vec![place.units]),
        ] {
            check_tensor(tensors, &name, expected, architecture)?;
            known.insert(name);
        }
    }
    let is_extra = |name: &&str| !known.contains(*name) && !name.starts_with(OPTIMISER);
    // The least of them, so that the same file always gives the same words.
    match tensors.names().into_iter().filter(is_extra).min() {
        Some(extra) => Err(Fault::Extra {
            tensor: printable(extra, 80),
            sizes: fault::sizes(architecture),
        }),
        None => Ok(()),
    }
}

fn check_tensor(
    tensors: &SafeTensors,
    name: &str,
    expected: Vec<usize>,
    architecture: &Architecture,
) -> Result<(), Fault> {
    let tensor = name.to_owned();
    let sizes = || fault::sizes(architecture);
    let Ok(view) = tensors.tensor(name) else {
        return Err(Fault::Missing {
            tensor,
            sizes: sizes(),
        });
    };
    if view.dtype() != Dtype::F32 {
        return Err(Fault::Dtype {
            tensor,
            dtype: format!("{:?}", view.dtype()),
        });
    }
    if view.shape() != expected {
        // A shape can be of any length; a line cannot.
        let found = view.shape().iter().copied().take(8).collect();
        return Err(Fault::Shape {
            tensor,
            found,
            expected,
            sizes: sizes(),
        });
    }
    Ok(())
}

fn finite_values(tensors: &SafeTensors, name: &str) -> Result<Vec<f32>, Fault> {
    let view = tensors.tensor(name).expect("the names have been looked up");
    let (values, _) = view.data().as_chunks();
    let values: Vec<f32> = values
        .iter()
        .map(|&bytes| f32::from_le_bytes(bytes))
        .collect();
    if values.iter().all(|value| value.is_finite()) {
        Ok(values)
    } else {
        Err(Fault::NotFinite {
            tensor: name.to_owned(),
        })
    }
}
