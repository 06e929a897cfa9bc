//! Where each number of a network stands in a file.
//!
//! `PyTorch` keeps a layer's kernel as [out, in], ours are [in, out]. Its
//! layers are numbered by their place in an `nn.Sequential`, where every dense
//! layer is followed by its activation: 0, 2, 4, and again from 0 in the decoder.

use std::collections::{HashMap, HashSet};

use ndarray::{Array1, ArrayView2};
use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize as to_safetensors};

use super::{Fault, fault};
use crate::{
    nn::{Architecture, Autoencoder, Dense},
    store::printable,
};

/// Tensors of these names are a checkpoint's, beside its weights.
const OPTIMISER: &str = "adam.";

/// The names of one dense layer's tensors.
struct Names {
    weight: String,
    bias: String,
}

/// The names of all layers, from the input to the output.
fn names(encoder_layers: usize) -> impl Iterator<Item = Names> {
    ["encoder", "decoder"].into_iter().flat_map(move |part| {
        (0..encoder_layers).map(move |layer| Names {
            weight: format!("{part}.{}.weight", 2 * layer),
            bias: format!("{part}.{}.bias", 2 * layer),
        })
    })
}

/// Bytes of all weights and biases of such a network.
pub(super) fn bytes_of_weights(architecture: &Architecture) -> u128 {
    // Sizes come from the command line; their product may leave 64 bits.
    let parameters = |sizes: &[usize]| (sizes[0] as u128 + 1).saturating_mul(sizes[1] as u128);
    architecture
        .sizes()
        .windows(2)
        .map(parameters)
        .fold(0, u128::saturating_add)
        .saturating_mul(size_of::<f32>() as u128)
}

/// The file of a network.
pub(super) fn serialize(net: &Autoencoder, metadata: HashMap<String, String>) -> Vec<u8> {
    let mut tensors: Vec<(String, Vec<usize>, Vec<u8>)> = Vec::new();
    for (Names { weight, bias }, Dense { w, b, .. }) in names(net.encoder.len()).zip(net.layers()) {
        tensors.push((weight, vec![w.ncols(), w.nrows()], bytes(w.t().iter())));
        tensors.push((bias, vec![b.len()], bytes(b.iter())));
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
    let shapes: Vec<[usize; 2]> = (0..)
        .map_while(|layer| {
            let weight = tensors.tensor(&format!("encoder.{}.weight", 2 * layer));
            weight.ok()?.shape().try_into().ok()
        })
        .collect();
    let encoder: Vec<usize> = shapes.iter().map(|[outputs, _]| *outputs).collect();
    let Some(wanted) = fallback else {
        let encoder = match encoder.as_slice() {
            [] => "SIZES".into(),
            sizes => fault::encoder_option(sizes),
        };
        return Err(Fault::NoArchitecture { encoder });
    };
    // Without a single layer of ours, what is missing is said tensor by tensor.
    if let Some(&[_, inputs]) = shapes.first() {
        let found = Architecture {
            inputs,
            encoder,
            latent_activation: wanted.latent_activation,
        };
        if found != *wanted {
            return Err(Fault::other_architecture(&found, wanted));
        }
    }
    Ok(wanted.clone())
}

/// The network of this architecture in a file that holds exactly it.
pub(super) fn network(
    tensors: &SafeTensors,
    architecture: &Architecture,
) -> Result<Autoencoder, Fault> {
    // All shapes first: only then is memory asked for, and no more than the file has.
    check_tensors(tensors, architecture)?;
    let mut net = Autoencoder::zeros(architecture);
    let layers = net.encoder.iter_mut().chain(&mut net.decoder);
    for (names, layer) in names(architecture.encoder.len()).zip(layers) {
        let (inputs, outputs) = layer.w.dim();
        let weight = finite_values(tensors, &names.weight)?;
        let weight = ArrayView2::from_shape((outputs, inputs), &weight)
            .expect("the shapes have been compared");
        layer.w.assign(&weight.t());
        layer.b = Array1::from(finite_values(tensors, &names.bias)?);
    }
    Ok(net)
}

/// Exactly our names, each with our shape, in 32-bit floats.
fn check_tensors(tensors: &SafeTensors, architecture: &Architecture) -> Result<(), Fault> {
    let mut known = HashSet::new();
    let sizes = architecture.sizes();
    for (names, size) in names(architecture.encoder.len()).zip(sizes.windows(2)) {
        let (inputs, outputs) = (size[0], size[1]);
        for (name, expected) in [
            (names.weight, vec![outputs, inputs]),
            (names.bias, vec![outputs]),
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
