//! The network of a file that does not name it: what somebody says of it, held
//! against the tensors.
//!
//! Shapes tell the kind of a network and its sizes, and not what follows a plain
//! code layer; that is asked for, never guessed. Whatever is offered as a cure
//! has been tried: the tensors make that network.

use std::iter;

use safetensors::SafeTensors;

use super::{
    Fault,
    fault::{self, TensorFault},
    layout,
};
use crate::{
    image::ImageSize,
    nn::{Activation, Architecture, Autoencoder, Network},
};

/// What is said of the network of a file that may not say it itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The size of the images that it is to take.
    pub image: ImageSize,
    /// How much of it is said.
    pub said: Said,
}

/// How much of a network is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Nothing.
    Nothing,
    /// The sizes of a dense network's encoder.
    Encoder(Vec<usize>),
    /// What follows the code layer of a dense network.
    LatentActivation(Activation),
    /// All of it.
    Network(Network),
}

impl Claim {
    /// That the network is this one.
    pub fn of(architecture: &Architecture) -> Self {
        Self {
            image: architecture.image,
            said: Said::Network(architecture.network.clone()),
        }
    }
}

/// The network in a file that does not name it.
pub(super) fn network(tensors: &SafeTensors, claim: Option<&Claim>) -> Result<Autoencoder, Fault> {
    let said = claim.map_or(&Said::Nothing, |claim| &claim.said);
    let mut found = fitting(tensors).map_err(|nearest| unlike(tensors, claim, nearest))?;
    if let Some(claim) = claim {
        if claim.image.pixels() != found.inputs() {
            return Err(Fault::OtherImages {
                file: found.inputs(),
                data: claim.image.pixels(),
            });
        }
        // Tensors tell how many pixels there are, not how they lie.
        found.image = claim.image;
    }
    match agreed(said, &found) {
        Ok(network) => layout::network(tensors, &Architecture { network, ..found }),
        Err(unsaid) => {
            // What follows a code layer is in no tensor: as these load now, they load then.
            layout::network(tensors, &found)?;
            Err(unsaid)
        }
    }
}

/// The one network that has tensors of just these names and shapes; of a dense
/// one, what follows its code is a guess that nobody may rely on.
fn fitting(tensors: &SafeTensors) -> Result<Architecture, TensorFault> {
    let mut nearest = None;
    for architecture in candidates(tensors) {
        match layout::check_shapes(tensors, &architecture) {
            Ok(()) => return Ok(architecture),
            Err(fault) => nearest = nearest.or(Some(fault)),
        }
    }
    Err(nearest.unwrap_or(TensorFault::NoLayer))
}

/// The networks of each kind that have such an encoder, the likeliest first.
fn candidates(tensors: &SafeTensors) -> Vec<Architecture> {
    let kernels = dense_kernels(tensors);
    let Some(&[_, inputs]) = kernels.first() else {
        return convolutional(tensors).into_iter().collect();
    };
    let outputs: Vec<usize> = kernels.iter().map(|[outputs, _]| *outputs).collect();
    let dense = Architecture::dense(inputs, outputs.clone(), Activation::Relu);
    let variational = halved(outputs).map(|encoder| Architecture {
        image: ImageSize::of_pixels(inputs),
        network: Network::Variational { encoder },
    });
    iter::once(dense).chain(variational).collect()
}

/// The kernels `[out, in]` of an encoder of dense layers.
fn dense_kernels(tensors: &SafeTensors) -> Vec<[usize; 2]> {
    (0..)
        .map_while(|layer| {
            let weight = tensors.tensor(&format!("encoder.{}.weight", 2 * layer));
            weight.ok()?.shape().try_into().ok()
        })
        .collect()
}

/// The sizes of an encoder with two outputs for each value of the code.
fn halved(mut outputs: Vec<usize>) -> Option<Vec<usize>> {
    let last = outputs.last_mut()?;
    let halves = *last > 0 && last.is_multiple_of(2);
    *last /= 2;
    halves.then_some(outputs)
}

/// The convolutions, where the first kernel is one. They take images of any square,
/// and no kernel tells which: ours are of 28 pixels a side.
fn convolutional(tensors: &SafeTensors) -> Option<Architecture> {
    let kernel = tensors.tensor("encoder.0.weight").ok()?;
    (kernel.shape().len() == 4).then_some(Architecture {
        image: ImageSize::MNIST,
        network: Network::Convolutional,
    })
}

/// The network that the tensors and what is said are both true of, or what is
/// yet to be said.
fn agreed(said: &Said, found: &Architecture) -> Result<Network, Fault> {
    let (of, cure) = (
        fault::sizes_of_tensors(found),
        fault::options_beside_tensors(&found.network),
    );
    let wanted = match said {
        Said::Nothing => return Err(Fault::NoArchitecture { found: of, cure }),
        Said::Encoder(sizes) if found.network.encoder_sizes() == Some(sizes) => {
            return Err(Fault::NoArchitecture { found: of, cure });
        }
        Said::Encoder(sizes) => format!("--encoder {}", fault::encoder_option(sizes)),
        Said::LatentActivation(activation) => match &found.network {
            Network::Dense { encoder, .. } => {
                return Ok(Network::Dense {
                    encoder: encoder.clone(),
                    latent_activation: *activation,
                });
            }
            _ => format!("--latent-activation {activation}"),
        },
        Said::Network(network) if alike(network, &found.network) => return Ok(network.clone()),
        Said::Network(network) => fault::sizes_and_code(&Architecture {
            image: found.image,
            network: network.clone(),
        }),
    };
    Err(Fault::OtherTensors {
        found: of,
        wanted,
        cure,
    })
}

/// Whether both have the same tensors.
fn alike(a: &Network, b: &Network) -> bool {
    a.name() == b.name() && a.encoder_sizes() == b.encoder_sizes()
}

/// What to say of tensors that make no network: where they part from the one that
/// was named, or else from the likeliest.
fn unlike(tensors: &SafeTensors, claim: Option<&Claim>, nearest: TensorFault) -> Fault {
    if let Some(Claim {
        image,
        said: Said::Network(network),
    }) = claim
    {
        let named = Architecture {
            image: *image,
            network: network.clone(),
        };
        if let Err(fault) = layout::check_shapes(tensors, &named) {
            return Fault::Tensor(fault.into());
        }
    }
    Fault::NoNetwork(nearest.into())
}
