//! The network of a file that does not name it: what somebody says of it, held
//! against the tensors.
//!
//! Shapes tell the kind of a network and its sizes, and not what follows a plain
//! code layer; where that is not said there are several readings, and none is guessed.
//! Whatever is offered as a cure has been tried: the tensors make that network.

use super::{
    Fault, MAX_BYTES,
    fault::{self, TensorFault},
    gathered::Gathered,
    layout,
    outline::Outline,
    tensors::Tensors,
};
use crate::{
    image::ImageSize,
    nn::{Activation, Architecture, Autoencoder, Network},
};

/// What is said of the network of a file that may not say it itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The size of the images that it is to take, where somebody says it.
    pub image: Option<ImageSize>,
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
            image: Some(architecture.image),
            said: Said::Network(architecture.network.clone()),
        }
    }
}

/// The networks that the tensors of a file may be of, which does not name it: one, or several
/// where what is said leaves more.
pub(super) fn readings(
    tensors: &Tensors,
    claim: Option<&Claim>,
) -> Result<(Readings, Vec<String>), Fault> {
    let said = claim.map_or(&Said::Nothing, |claim| &claim.said);
    let image = claim.and_then(|claim| claim.image);
    let pixels = image.map(ImageSize::pixels);
    let mut outline = Gathered::of(tensors)
        .and_then(|gathered| Outline::of(gathered, pixels))
        .map_err(|nearest| unlike(tensors, claim, nearest))?;
    let found = &mut outline.architecture;
    if layout::bytes_of_weights(found) > u128::from(MAX_BYTES) {
        return Err(Fault::TooLarge);
    }
    // Convolutions have the same tensors for images of many sizes.
    let any_size = matches!(found.network, Network::Convolutional { .. });
    if let Some(image) = image {
        if any_size && found.network.takes(image) {
            found.image = image;
        }
        if image.pixels() != found.inputs() {
            return Err(Fault::OtherImages {
                file: found.inputs(),
                data: image.pixels(),
            });
        }
        // Tensors tell how many pixels there are, not how they lie.
        found.image = image;
    } else if any_size {
        return Err(Fault::NoSize);
    }
    let networks = agreed(said, &outline.architecture)?;
    let mut readings = Vec::new();
    for network in networks {
        let of = |turned| {
            let architecture = Architecture {
                network: network.clone(),
                ..outline.architecture.clone()
            };
            outline.network(&architecture, turned)
        };
        match &outline.heads {
            None => readings.push(Reading {
                name: match network.latent_activation() {
                    Some(activation) => activation.name().into(),
                    None => String::new(),
                },
                net: of(false)?,
            }),
            Some(heads) => {
                for (head, turned) in heads.iter().zip([false, true]) {
                    readings.push(Reading {
                        name: format!("{head} for the means"),
                        net: of(turned)?,
                    });
                }
            }
        }
    }
    let cure = match &outline.heads {
        None => fault::options_beside_tensors(&outline.architecture.network),
        Some([one, other]) => format!(
            "mu to the name of the one of {one} and {other} that gives means, and logvar to the other's"
        ),
    };
    let readings = Readings {
        all: readings,
        unsaid: Unsaid {
            found: fault::sizes_of_tensors(&outline.architecture),
            cure,
        },
    };
    Ok((readings, outline.remarks))
}

/// A network that a file may hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// What tells it from the others: `relu`, `linear`.
    pub name: String,
    /// The network.
    pub net: Autoencoder,
}

/// All the networks that a file may hold, one at least.
#[derive(Debug, Clone, PartialEq)]
pub struct Readings {
    /// They have the same numbers.
    pub all: Vec<Reading>,
    /// What is to be said where nobody knows which it is.
    pub(super) unsaid: Unsaid,
}

/// What a file does not say.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Unsaid {
    found: String,
    cure: String,
}

impl Readings {
    /// Of a file that says what it holds.
    pub(super) fn of(net: Autoencoder) -> Self {
        let name = String::new();
        Self {
            all: vec![Reading { name, net }],
            unsaid: Unsaid::default(),
        }
    }

    /// The refusal to choose among them.
    pub(super) fn undecided(self) -> Fault {
        let Unsaid { found, cure } = self.unsaid;
        Fault::NoArchitecture { found, cure }
    }
}

/// The networks that the tensors and what is said are both true of.
fn agreed(said: &Said, found: &Architecture) -> Result<Vec<Network>, Fault> {
    let any = || match &found.network {
        Network::Dense { encoder, .. } => Activation::ALL
            .map(|latent_activation| Network::Dense {
                encoder: encoder.clone(),
                latent_activation,
            })
            .to_vec(),
        other => vec![other.clone()],
    };
    let wanted = match said {
        Said::Nothing => return Ok(any()),
        Said::Encoder(sizes) if found.network.encoder_sizes() == Some(sizes) => return Ok(any()),
        Said::Encoder(sizes) => format!("--encoder {}", fault::encoder_option(sizes)),
        Said::LatentActivation(activation) => match &found.network {
            Network::Dense { encoder, .. } => {
                return Ok(vec![Network::Dense {
                    encoder: encoder.clone(),
                    latent_activation: *activation,
                }]);
            }
            _ => format!("--latent-activation {activation}"),
        },
        Said::Network(network) if alike(network, &found.network) => {
            return Ok(vec![network.clone()]);
        }
        Said::Network(network) => fault::sizes_and_code(&Architecture {
            image: found.image,
            network: network.clone(),
        }),
    };
    Err(Fault::OtherTensors {
        found: fault::sizes_of_tensors(found),
        wanted,
        cure: fault::options_beside_tensors(&found.network),
    })
}

/// Whether both have the same tensors.
fn alike(a: &Network, b: &Network) -> bool {
    a.name() == b.name() && a.encoder_sizes() == b.encoder_sizes() && a.channels() == b.channels()
}

/// What to say of tensors that make no network: where they part from the one that
/// was named, or else from the likeliest.
fn unlike(tensors: &Tensors, claim: Option<&Claim>, nearest: TensorFault) -> Fault {
    if let Some(Claim {
        image: Some(image),
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
