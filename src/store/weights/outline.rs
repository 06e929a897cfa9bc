//! The network of a file that does not say its own, found in the names and shapes of its tensors.
//!
//! Names are taken as `PyTorch`, Keras and JAX's libraries give them, whatever stands before;
//! kernels lie as the biases beside them tell. What can be read in two ways, and what cannot be
//! known, is left to somebody who knows more; whatever is not read is told.

use ndarray::ArrayView2;

use super::{
    Fault,
    chain::{self, Chain, CodeLayer, Link, Tangle},
    fault::{Order, TensorFault},
    gathered::{Gathered, Kernels, Member},
    layout::{self, Parameters},
    names::{self, Gives, Half},
    tensors,
};
use crate::{
    image::ImageSize,
    nn::{Activation, Architecture, Autoencoder, LayerShape, Network},
    store::printable,
};

/// The layers that may be no part of the network and are looked at one by one.
const MOST_ASIDE: usize = 8;

/// A network, as far as its tensors tell.
#[derive(Debug)]
pub(super) struct Outline<'a> {
    /// What follows a dense code is a guess that nobody may rely on.
    pub(super) architecture: Architecture,
    /// Layer by layer, as our networks have them.
    layers: Vec<Reads>,
    /// Whether two layers give means and log-variances, and no name tells which does which.
    pub(super) heads: Option<[String; 2]>,
    members: Vec<Member<'a>>,
    kernels: Kernels,
    /// What is told of how it was read.
    pub(super) remarks: Vec<String>,
}

/// The members that a layer of ours is read from.
#[derive(Debug, Clone, Copy)]
enum Reads {
    One(usize),
    /// Means from the first, log-variances from the second.
    Heads(usize, usize),
}

impl<'a> Outline<'a> {
    /// The network that these tensors are of.
    pub(super) fn of(gathered: Gathered<'a>, pixels: Option<usize>) -> Result<Self, TensorFault> {
        let kernels = gathered.kernels()?;
        let of_maps = |member: &Member| member.kernel.shape.len() == 4;
        let outline = if gathered.members.iter().all(of_maps) {
            Self::of_convolutions(gathered, kernels)
        } else if let Some(member) = gathered.members.iter().find(|member| of_maps(member)) {
            return Err(TensorFault::Mixed {
                layer: printable(&member.name, 80),
            });
        } else {
            Self::of_dense(gathered, kernels, pixels)
        };
        outline.map(Self::told)
    }

    fn of_dense(
        gathered: Gathered<'a>,
        kernels: Kernels,
        pixels: Option<usize>,
    ) -> Result<Self, TensorFault> {
        let links: Vec<Link> = gathered
            .members
            .iter()
            .map(|member| {
                let [inputs, outputs] = kernels.sides(member.kernel);
                Link {
                    inputs,
                    outputs,
                    half: member.half,
                }
            })
            .collect();
        let (chain, aside) = chained(&gathered, &links, pixels)?;
        let inputs = links[chain
            .encoder
            .first()
            .copied()
            .unwrap_or_else(|| code_of(&chain))]
        .inputs;
        let sizes = chain.encoder.iter().map(|layer| links[*layer].outputs);
        let code = links[*chain.decoder.first().expect("a chain has a way back")].inputs;
        let encoder: Vec<usize> = sizes.chain([code]).collect();
        let mut heads = None;
        let reads = match chain.code {
            CodeLayer::Plain(layer) | CodeLayer::Both(layer) => Reads::One(layer),
            CodeLayer::Heads(layers) => {
                let [one, other] = layers.map(|layer| &gathered.members[layer]);
                match which_is_which(one, other)? {
                    Some(true) => Reads::Heads(layers[1], layers[0]),
                    told => {
                        if told.is_none() {
                            heads = Some([one, other].map(|head| printable(&head.name, 60)));
                        }
                        Reads::Heads(layers[0], layers[1])
                    }
                }
            }
        };
        let network = match chain.code {
            CodeLayer::Plain(_) => Network::Dense {
                encoder,
                latent_activation: Activation::Relu,
            },
            CodeLayer::Both(_) | CodeLayer::Heads(_) => Network::Variational { encoder },
        };
        let way_in = chain.encoder.iter().copied().map(Reads::One);
        let way_back = chain.decoder.iter().copied().map(Reads::One);
        let mut remarks = Vec::new();
        if let CodeLayer::Both(layer) = chain.code {
            let name = printable(&gathered.members[layer].name, 60);
            remarks.push(format!(
                "{name} is read as the code's means, then its log-variances"
            ));
        }
        let left = aside
            .iter()
            .map(|layer| gathered.members[*layer].name.clone());
        Ok(Self {
            architecture: Architecture {
                image: ImageSize::of_pixels(inputs),
                network,
            },
            layers: way_in.chain([reads]).chain(way_back).collect(),
            heads,
            remarks: [gathered.remarks(left.collect()), remarks].concat(),
            members: gathered.members,
            kernels,
        })
    }

    /// The convolutions take images of any square, and no kernel tells which: ours are of 28
    /// pixels a side.
    fn of_convolutions(gathered: Gathered<'a>, kernels: Kernels) -> Result<Self, TensorFault> {
        let members = &gathered.members;
        let found: Vec<[usize; 2]> = members
            .iter()
            .map(|member| kernels.sides(member.kernel))
            .collect();
        // As many on the way back, and one that draws.
        let way_in = &found[..found.len() / 2];
        let network = Network::Convolutional {
            channels: way_in.iter().map(|[_, channels]| *channels).collect(),
        };
        let architecture = Architecture {
            image: ImageSize::MNIST,
            network,
        };
        let shapes = [architecture.encoder(), architecture.decoder()].concat();
        let wanted: Vec<[usize; 2]> = shapes
            .iter()
            .filter_map(|shape| match shape {
                LayerShape::Convolution { from, channels, .. } => Some([from.channels, *channels]),
                _ => None,
            })
            .collect();
        let other_window = |member: &&Member| kernels.window(member.kernel) != Some(layout::WINDOW);
        if let Some(member) = members.iter().find(other_window) {
            return Err(TensorFault::Window {
                tensor: printable(&member.kernel_name, 80),
                shape: member.kernel.shape.clone(),
            });
        }
        if found != wanted || !architecture.network.takes(architecture.image) {
            return Err(TensorFault::Convolutions {
                found: listed(&found),
            });
        }
        if !gathered.numbered {
            return Err(several(&gathered));
        }
        Ok(Self {
            architecture,
            layers: (0..members.len()).map(Reads::One).collect(),
            heads: None,
            remarks: gathered.remarks(Vec::new()),
            members: gathered.members,
            kernels,
        })
    }

    /// Also that numbers were of another kind than ours.
    fn told(mut self) -> Self {
        let read = self.read();
        let read = read.flat_map(|member| [Some(member.kernel), member.bias]);
        if let Some(words) = tensors::other_kinds(read.flatten()) {
            self.remarks.insert(0, words);
        }
        let without: Vec<String> = self
            .read()
            .filter(|member| member.bias.is_none())
            .map(|member| member.name.clone())
            .collect();
        if !without.is_empty() {
            let words = format!(
                "without a bias, read as 0: {}",
                super::gathered::some(&without)
            );
            self.remarks.push(words);
        }
        self
    }

    /// The members that layers are read from.
    fn read(&self) -> impl Iterator<Item = &Member<'a>> {
        let places = self.layers.iter().flat_map(|reads| match *reads {
            Reads::One(layer) => [Some(layer), None],
            Reads::Heads(means, variances) => [Some(means), Some(variances)],
        });
        places.flatten().map(|place| &self.members[place])
    }

    /// The network of this architecture, which has these layers; `turned` where the second of
    /// two heads gives the means.
    pub(super) fn network(
        &self,
        architecture: &Architecture,
        turned: bool,
    ) -> Result<Autoencoder, Fault> {
        let layers = self.layers.iter().map(|reads| match *reads {
            Reads::One(layer) => self.parameters(layer),
            Reads::Heads(means, variances) => {
                let [first, second] = if turned {
                    [variances, means]
                } else {
                    [means, variances]
                };
                // Kernels lie unit by unit.
                let mut both = self.parameters(first)?;
                let second = self.parameters(second)?;
                both.kernel.extend(second.kernel);
                both.bias.extend(second.bias);
                Ok(both)
            }
        });
        layout::filled(architecture, layers)
    }

    /// A member's numbers as ours lie.
    fn parameters(&self, member: usize) -> Result<Parameters, Fault> {
        let member = &self.members[member];
        let [_, units] = self.kernels.sides(member.kernel);
        let kernel = member.kernel.values(&member.kernel_name)?;
        let bias = match (member.bias, &member.bias_name) {
            (Some(bias), Some(name)) => bias.values(name)?,
            _ => vec![0.0; units],
        };
        let kernel = match self.kernels {
            Kernels::UnitsFirst => kernel,
            // Whatever else has sides: the units are the last.
            Kernels::UnitsLast => {
                let each = kernel.len() / units.max(1);
                let values = ArrayView2::from_shape((each, units), &kernel)
                    .expect("a kernel has as many numbers as its shape says");
                let of_unit = |unit| values.column(unit).to_vec();
                let by_unit = (0..units).map(of_unit);
                match *member.kernel.shape.as_slice() {
                    // [height, width, in] to [in, height, width].
                    [height, width, inputs, _] => by_unit
                        .flat_map(|of_unit| {
                            let places = height * width;
                            let of_input =
                                move |input| (0..places).map(move |place| place * inputs + input);
                            let order = (0..inputs).flat_map(of_input);
                            order.map(|place| of_unit[place]).collect::<Vec<f32>>()
                        })
                        .collect(),
                    _ => by_unit.flatten().collect(),
                }
            }
        };
        Ok(Parameters { kernel, bias })
    }
}

fn code_of(chain: &Chain) -> usize {
    match chain.code {
        CodeLayer::Plain(layer) | CodeLayer::Both(layer) | CodeLayer::Heads([layer, _]) => layer,
    }
}

/// The layers in order, and those that are no part of it.
fn chained(
    gathered: &Gathered,
    links: &[Link],
    pixels: Option<usize>,
) -> Result<(Chain, Vec<usize>), TensorFault> {
    let fault = |tangle| match tangle {
        Tangle::None => TensorFault::NoChain {
            layers: listed(
                &links
                    .iter()
                    .map(|l| [l.inputs, l.outputs])
                    .collect::<Vec<_>>(),
            ),
        },
        Tangle::Several => several(gathered),
    };
    let tangle = match chain::chain(links, gathered.numbered, pixels) {
        Ok(chain) => return Ok((chain, Vec::new())),
        Err(tangle) => tangle,
    };
    let of_half = |half| (0..links.len()).filter(move |&link| links[link].half == half);
    let aside: Vec<usize> = of_half(Half::Unsaid).collect();
    let has_halves = [Half::Encoder, Half::Decoder]
        .into_iter()
        .all(|half| of_half(half).next().is_some());
    if tangle == Tangle::Several || !has_halves || aside.len() > MOST_ASIDE {
        return Err(fault(tangle));
    }
    // As few as can be are no part of it.
    for out in 1..=aside.len() as u32 {
        let mut found = Vec::new();
        for set in (0_u32..1 << aside.len()).filter(|set| set.count_ones() == out) {
            let left = |link: &usize| {
                let place = aside.iter().position(|aside| aside == link);
                place.is_some_and(|place| set >> place & 1 == 1)
            };
            let kept: Vec<usize> = (0..links.len()).filter(|link| !left(link)).collect();
            let of_kept: Vec<Link> = kept.iter().map(|link| links[*link]).collect();
            match chain::chain(&of_kept, gathered.numbered, pixels) {
                Ok(chain) => found.push((chain.at(&kept), set)),
                Err(Tangle::None) => {}
                Err(Tangle::Several) => return Err(several(gathered)),
            }
        }
        match found.pop() {
            None => {}
            Some(_) if !found.is_empty() => return Err(several(gathered)),
            Some((chain, set)) => {
                let left = aside
                    .iter()
                    .enumerate()
                    .filter(|(place, _)| set >> place & 1 == 1);
                let left: Vec<usize> = left.map(|(_, link)| *link).collect();
                // What gives as many numbers as it takes may stand between any two.
                if let Some(link) = left
                    .iter()
                    .find(|link| links[**link].inputs == links[**link].outputs)
                {
                    return Err(TensorFault::Aside {
                        layer: printable(&gathered.members[*link].name, 80),
                    });
                }
                return Ok((chain, left));
            }
        }
    }
    Err(fault(Tangle::None))
}

/// Whether the second of two layers gives the means; `None` if no name tells.
fn which_is_which(one: &Member, other: &Member) -> Result<Option<bool>, TensorFault> {
    let deviates = |head: &&Member| names::gives(&head.name) == Gives::Deviation;
    if let Some(head) = [one, other].into_iter().find(|head| deviates(head)) {
        return Err(TensorFault::Deviation {
            layer: printable(&head.name, 80),
            name: printable(&head.full_name, 80),
        });
    }
    Ok(match (names::gives(&one.name), names::gives(&other.name)) {
        (Gives::Mean, Gives::LogVariance | Gives::Unsaid) | (Gives::Unsaid, Gives::LogVariance) => {
            Some(false)
        }
        (Gives::LogVariance | Gives::Unsaid, Gives::Mean) | (Gives::LogVariance, Gives::Unsaid) => {
            Some(true)
        }
        _ => None,
    })
}

fn several(gathered: &Gathered) -> TensorFault {
    let names = gathered.members.iter().map(|member| &*member.full_name);
    TensorFault::Several(Order::of(names.collect()))
}

/// Numbers that go in and come out, as many as a line takes.
fn listed(sides: &[[usize; 2]]) -> String {
    const SOME: usize = 12;
    let some = sides.iter().take(SOME);
    let mut words: Vec<String> = some.map(|[from, to]| format!("{from} to {to}")).collect();
    if sides.len() > SOME {
        words.push(format!("{} more", sides.len() - SOME));
    }
    words.join(", ")
}
