//! The network: an encoder and a decoder, as one plain value.

use super::{
    Architecture, Code, Layer, LayerShape, Network, Objective, loss,
    real::{real, wide},
};
use crate::image::ImageSize;
use ndarray::{Array2, ArrayView1, ArrayView2, NdFloat};
use ndarray_rand::{
    rand::Rng,
    rand_distr::{Distribution, Uniform},
};
use std::iter::Sum;

/// An encoder and a decoder.
///
/// A value without hidden state: files hold it, pictures show it, and a preview
/// of it never disturbs training. The decoder's last layer is linear, its
/// outputs are logits, and [`decode`](Self::decode) puts the sigmoid on them.
#[derive(Debug, Clone, PartialEq)]
pub struct Autoencoder<F = f32> {
    /// What goes in, and comes back.
    pub image: ImageSize,
    /// From the image to the code.
    pub encoder: Vec<Layer<F>>,
    /// What the encoder's outputs are to the decoder.
    pub code: Code,
    /// From the code to the logits of the image.
    pub decoder: Vec<Layer<F>>,
}

/// What a forward pass leaves for the backward pass.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace<F = f32> {
    /// What every layer of the encoder says, `[N, out]` each.
    encoder: Vec<Array2<F>>,
    /// What a Gaussian code was drawn with.
    epsilon: Option<Array2<F>>,
    /// What the decoder sees.
    z: Array2<F>,
    /// What every layer of the decoder says.
    decoder: Vec<Array2<F>>,
}

impl<F> Trace<F> {
    /// What the encoder says: `[N, Z]`, twice as wide for a Gaussian code.
    ///
    /// # Panics
    ///
    /// Never: an encoder has a layer.
    pub fn encoded(&self) -> &Array2<F> {
        self.encoder.last().expect(HAS_LAYERS)
    }

    /// The logits, `[N, I]`.
    ///
    /// # Panics
    ///
    /// Never: a decoder has a layer.
    pub fn logits(&self) -> &Array2<F> {
        self.decoder.last().expect(HAS_LAYERS)
    }
}

/// The loss's derivative by every parameter: `dw` in place of each `w`, `db`
/// in place of each `b`.
pub type Gradients<F = f32> = Autoencoder<F>;

impl Autoencoder {
    /// A fresh network: Glorot-uniform kernels, zero biases, layer by layer.
    ///
    /// Kernels are uniform in `±√(6 / (in + out))` (Glorot and Bengio 2010,
    /// formula 16), which is also where Keras starts.
    ///
    /// # Panics
    ///
    /// When a layer has neither inputs nor units.
    pub fn glorot(architecture: &Architecture, rng: &mut impl Rng) -> Self {
        let mut net = Self::zeros(architecture);
        for layer in net.layers_mut() {
            let fans = layer.shape().fans();
            let (Some([inputs, units]), Some([kernel, _])) = (fans, layer.parameters_mut()) else {
                continue;
            };
            let limit = (6.0 / (inputs + units) as f32).sqrt();
            let range = Uniform::new_inclusive(-limit, limit).expect("the limit is finite");
            kernel.fill_with(|| range.sample(rng));
        }
        net
    }

    /// Filled with zeros: a place for weights from a file, for gradients or for moments.
    pub fn zeros(architecture: &Architecture) -> Self {
        Self::of_zeros(architecture)
    }

    /// The images `[N, I]` of codes `[N, Z]`: the sigmoid of the logits.
    ///
    /// # Panics
    ///
    /// When the codes have another length than this network's.
    pub fn decode(&self, z: ArrayView2<f32>) -> Array2<f32> {
        loss::probabilities(self.decode_logits(z).view())
    }

    /// Images `[N, I]`, through the code and back.
    pub fn reconstruct(&self, x: ArrayView2<f32>) -> Array2<f32> {
        self.decode(self.encode(x).view())
    }
}

impl<F: NdFloat + Sum> Autoencoder<F> {
    /// [`zeros`](Autoencoder::zeros) of either sort of numbers.
    pub(super) fn of_zeros(architecture: &Architecture) -> Self {
        Self {
            image: architecture.image,
            encoder: architecture.encoder().iter().map(Layer::zeros).collect(),
            code: architecture.code(),
            decoder: architecture.decoder().iter().map(Layer::zeros).collect(),
        }
    }

    /// The shape of this network.
    ///
    /// # Panics
    ///
    /// When the encoder has no layer, or is of no sort of [`Network`].
    pub fn architecture(&self) -> Architecture {
        let shapes = || self.encoder.iter().map(Layer::shape);
        let first = shapes().next().expect(HAS_LAYERS);
        let last = shapes().next_back().expect(HAS_LAYERS);
        let network = match (first, last) {
            (
                LayerShape::Dense { .. },
                LayerShape::Dense {
                    units, activation, ..
                },
            ) => {
                let mut encoder: Vec<usize> = shapes().map(|shape| shape.outputs()).collect();
                let code = encoder.len() - 1;
                encoder[code] = self.code.length(units);
                match self.code {
                    Code::Values => Network::Dense {
                        encoder,
                        latent_activation: activation,
                    },
                    Code::Gaussian => Network::Variational { encoder },
                }
            }
            (LayerShape::Convolution { .. }, LayerShape::MaxPool { .. }) => {
                let pooled = |shape| match shape {
                    LayerShape::MaxPool { from } => Some(from.channels),
                    _ => None,
                };
                Network::Convolutional {
                    channels: shapes().filter_map(pooled).collect(),
                }
            }
            _ => panic!("an encoder is dense layers, or convolutions and their poolings"),
        };
        Architecture {
            image: self.image,
            network,
        }
    }

    /// The codes `[N, Z]` of images `[N, I]`; of a Gaussian code, the means.
    pub fn encode(&self, x: ArrayView2<F>) -> Array2<F> {
        let encoded = last(&self.encoder, x);
        self.code.draw(&encoded, None)
    }

    /// The logits `[N, I]` of the images of codes `[N, Z]`.
    pub fn decode_logits(&self, z: ArrayView2<F>) -> Array2<F> {
        last(&self.decoder, z)
    }

    /// Forward: what every layer says of the images `x` `[N, I]`. A Gaussian code is drawn
    /// from with `ε` `[N, Z]`; without it, the decoder sees the means.
    ///
    /// # Panics
    ///
    /// When the encoder has no layer.
    pub fn forward(&self, x: ArrayView2<F>, epsilon: Option<Array2<F>>) -> Trace<F> {
        let encoder = outputs(&self.encoder, x);
        let z = self
            .code
            .draw(encoder.last().expect(HAS_LAYERS), epsilon.as_ref());
        Trace {
            decoder: outputs(&self.decoder, z.view()),
            encoder,
            epsilon,
            z,
        }
    }

    /// The loss `J` of a forward pass against the targets `[N, I]`, and its derivative by
    /// the logits.
    ///
    /// # Panics
    ///
    /// When the targets have another shape than the logits.
    pub fn loss(
        &self,
        trace: &Trace<F>,
        objective: Objective,
        target: ArrayView2<F>,
    ) -> (f64, Array2<F>) {
        let encoded = trace.encoded();
        let price = |said: ArrayView1<F>| wide(objective.price(self.code, said.iter().copied()));
        let prices = encoded.rows().into_iter().map(price).sum::<f64>();
        let weight = Objective::pixel_weight(self.code, target.ncols());
        let (reconstruction, dlogits) = loss::of_batch(trace.logits().view(), target);
        let price = prices / encoded.nrows() as f64;
        (weight * reconstruction + price, dlogits * real::<F>(weight))
    }

    /// Backward: the chain rule from the logits to the first kernel, for the forward pass of
    /// the same `x`. Comes to the derivatives by every kernel and bias.
    #[must_use]
    pub fn backward(
        &self,
        x: ArrayView2<F>,
        trace: &Trace<F>,
        objective: Objective,
        dlogits: Array2<F>,
    ) -> Gradients<F> {
        let (decoder, dz) = chain(&self.decoder, trace.z.view(), &trace.decoder, dlogits);
        let (said, epsilon) = (trace.encoded(), trace.epsilon.as_ref());
        let dencoded = self.code.derive(objective, said, epsilon, dz);
        let (encoder, _) = chain(&self.encoder, x, &trace.encoder, dencoded);
        Autoencoder {
            image: self.image,
            encoder,
            code: self.code,
            decoder,
        }
    }

    /// The layers, from the image to the logits.
    pub fn layers(&self) -> impl DoubleEndedIterator<Item = &Layer<F>> {
        self.encoder.iter().chain(&self.decoder)
    }

    /// The layers, to be changed.
    pub fn layers_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut Layer<F>> {
        self.encoder.iter_mut().chain(&mut self.decoder)
    }

    /// Kernel and bias of layer after layer, each in row-major order.
    ///
    /// This is the one order of parameters: the optimiser, files and tests keep it.
    pub fn parameters(&self) -> impl Iterator<Item = &[F]> {
        self.layers().filter_map(Layer::parameters).flatten()
    }

    /// The [`parameters`](Self::parameters), to be changed.
    pub fn parameters_mut(&mut self) -> impl Iterator<Item = &mut [F]> {
        self.layers_mut()
            .filter_map(Layer::parameters_mut)
            .flatten()
    }

    /// Whether no weight is NaN or infinite.
    pub fn is_finite(&self) -> bool {
        self.parameters().flatten().all(|value| value.is_finite())
    }
}

/// Forward: what each layer says, one after the other.
fn outputs<F: NdFloat>(layers: &[Layer<F>], x: ArrayView2<F>) -> Vec<Array2<F>> {
    let mut said: Vec<Array2<F>> = Vec::with_capacity(layers.len());
    for layer in layers {
        let x = said.last().map_or(x, |before| before.view());
        said.push(layer.forward(x));
    }
    said
}

/// Backward: the chain rule through layers that have said `y` of `x`, to the derivatives by
/// their parameters and by `x`.
fn chain<F: NdFloat>(
    layers: &[Layer<F>],
    x: ArrayView2<F>,
    y: &[Array2<F>],
    mut dy: Array2<F>,
) -> (Vec<Layer<F>>, Array2<F>) {
    let mut gradients = Vec::with_capacity(layers.len());
    for (index, layer) in layers.iter().enumerate().rev() {
        let x = y[..index].last().map_or(x, |before| before.view());
        let (gradient, dx) = layer.backward(x, y[index].view(), dy);
        gradients.push(gradient);
        dy = dx;
    }
    gradients.reverse();
    (gradients, dy)
}

/// The last of what layers say.
fn last<F: NdFloat>(layers: &[Layer<F>], x: ArrayView2<F>) -> Array2<F> {
    outputs(layers, x).pop().expect(HAS_LAYERS)
}

const HAS_LAYERS: &str = "an autoencoder has at least one layer on each side";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{
        Activation,
        proof::{assert_near, derivative_by},
    };
    use ndarray::s;
    use ndarray_rand::{
        RandomExt,
        rand::{SeedableRng, rngs::StdRng},
        rand_distr::StandardNormal,
    };

    fn dense(latent_activation: Activation) -> Architecture {
        Architecture::dense(9, vec![6, 3], latent_activation)
    }

    fn small() -> Architecture {
        dense(Activation::Relu)
    }

    fn variational() -> Architecture {
        let encoder = vec![6, 2];
        Architecture {
            image: ImageSize::of_pixels(9),
            network: Network::Variational { encoder },
        }
    }

    /// The smallest images that convolutions take: 2, 1 and 1 pixels a side in the
    /// encoder, 2, 4 and 2 on the way back.
    fn convolutional() -> Architecture {
        Architecture {
            image: ImageSize::of_pixels(16),
            network: Network::convolutional(Vec::new()),
        }
    }

    /// A small network that has left its start, so that no bias is zero, and
    /// some images for it.
    fn example(architecture: &Architecture) -> (Autoencoder, Array2<f32>) {
        let mut rng = StdRng::seed_from_u64(3);
        let mut net = Autoencoder::glorot(architecture, &mut rng);
        for layer in net.layers_mut() {
            if let Some([_, bias]) = layer.parameters_mut() {
                bias.fill_with(|| rng.random_range(0.0..0.5));
            }
        }
        let unit = Uniform::new(0.0, 1.0).unwrap();
        let x = Array2::random_using((5, architecture.inputs()), unit, &mut rng);
        (net, x)
    }

    /// Every derivative of the objective, for inputs that are not the targets.
    fn check(architecture: &Architecture, objective: Objective) {
        let (net, x) = example(architecture);
        let target = x.mapv(|x| 1.0 - x * x);
        let mut rng = StdRng::seed_from_u64(4);
        let epsilon: Array2<f32> =
            Array2::random_using((5, architecture.latent()), StandardNormal, &mut rng);
        let trace = net.forward(x.view(), Some(epsilon.clone()));
        let (loss, dlogits) = net.loss(&trace, objective, target.view());
        let gradients = net.backward(x.view(), &trace, objective, dlogits);
        assert_eq!(gradients.architecture(), *architecture);

        let wide = net.wide();
        let [x, target, epsilon] = [x, target, epsilon].map(|array| array.mapv(f64::from));
        let of_network = |net: &Autoencoder<f64>| {
            let trace = net.forward(x.view(), Some(epsilon.clone()));
            net.loss(&trace, objective, target.view()).0
        };
        let expected = of_network(&wide);
        // 45 f32 terms or some hundreds, each right to a few roundings.
        assert!(
            (loss / expected - 1.0).abs() < 1e-6,
            "{loss}, not {expected}"
        );
        for (index, gradient) in gradients.layers().enumerate() {
            let Some(layer) = wide.layers().nth(index) else {
                continue;
            };
            for (which, actual) in gradient.parameters().into_iter().flatten().enumerate() {
                let expected = derivative_by(layer, which, |layer| {
                    let mut moved = wide.clone();
                    if let Some(place) = moved.layers_mut().nth(index) {
                        *place = layer.clone();
                    }
                    of_network(&moved)
                });
                let actual = ArrayView2::from_shape(expected.dim(), actual).unwrap();
                let name = format!("{} of layer {index}", ["dw", "db"][which]);
                assert_near(&name, actual, &expected);
            }
        }
    }

    #[test]
    fn every_gradient_is_the_slope_of_the_loss() {
        for latent_activation in Activation::ALL {
            check(&dense(latent_activation), Objective::default());
        }
    }

    /// Images that are no squares, of three classes or any other number: the layers do
    /// not ask.
    #[test]
    fn every_gradient_is_the_slope_of_the_loss_of_12_by_9_pixels() {
        let image = ImageSize {
            height: 12,
            width: 9,
        };
        for network in [
            Network::Dense {
                encoder: vec![5, 3],
                latent_activation: Activation::Relu,
            },
            Network::Variational {
                encoder: vec![4, 2],
            },
        ] {
            check(&Architecture { image, network }, Objective::default());
        }
    }

    #[test]
    fn every_gradient_is_the_slope_of_the_loss_and_the_codes_price() {
        for latent_activation in Activation::ALL {
            check(&dense(latent_activation), Objective { l1: 0.3 });
        }
    }

    #[test]
    fn every_gradient_is_the_slope_of_the_loss_of_draws_and_their_divergence() {
        check(&variational(), Objective::default());
    }

    #[test]
    fn every_gradient_is_the_slope_of_the_loss_of_convolutions() {
        check(&convolutional(), Objective::default());
    }

    /// One pooling and four, sides that lose two before the drawing and before each of the
    /// last up-samplings.
    #[test]
    fn every_gradient_is_the_slope_of_the_loss_of_convolutions_of_any_channels() {
        for (channels, side) in [
            (&[3][..], 4),
            (&[1, 3], 6),
            (&[3, 2, 5], 6),
            (&[2, 1, 1, 2], 10),
        ] {
            let architecture = Architecture {
                image: ImageSize::of_pixels(side * side),
                network: Network::convolutional(channels.into()),
            };
            check(&architecture, Objective::default());
        }
    }

    #[test]
    fn encoding_and_decoding_are_the_halves_of_the_trace() {
        for architecture in [small(), variational(), convolutional()] {
            let (net, x) = example(&architecture);
            let trace = net.forward(x.view(), None);
            let z = net.encode(x.view());
            assert_eq!(z, trace.encoded().slice(s![.., ..architecture.latent()]));
            // Without a draw the decoder sees the means.
            assert_eq!(net.decode_logits(z.view()), trace.logits());
            let sigmoid = trace.logits().mapv(|l| 1.0 / (1.0 + f64::from(-l).exp()));
            assert_near("reconstruction", net.reconstruct(x.view()).view(), &sigmoid);
        }
    }

    #[test]
    fn parameters_come_kernel_and_bias_layer_by_layer() {
        let (mut net, _) = example(&small());
        let lengths: Vec<usize> = net.parameters().map(<[f32]>::len).collect();
        assert_eq!(lengths, [54, 6, 18, 3, 18, 6, 54, 9]);
        let count = lengths.iter().sum::<usize>() as u128;
        assert_eq!(count, small().parameter_count());
        for (number, values) in net.parameters_mut().enumerate() {
            values.fill(number as f32);
        }
        assert!(
            net.encoder[1].parameters().unwrap()[0]
                .iter()
                .all(|&w| w == 2.0)
        );
        assert!(
            net.decoder[1].parameters().unwrap()[1]
                .iter()
                .all(|&b| b == 7.0)
        );
    }

    #[test]
    fn a_fresh_network_fills_the_range_of_glorot() {
        for architecture in [dense(Activation::Linear), variational(), convolutional()] {
            let net = Autoencoder::glorot(&architecture, &mut StdRng::seed_from_u64(1));
            assert_eq!(net.architecture(), architecture);
            for layer in net.layers() {
                let Some([kernel, bias]) = layer.parameters() else {
                    continue;
                };
                let [inputs, units] = layer.shape().fans().unwrap();
                let limit = (6.0 / (inputs + units) as f32).sqrt();
                let largest = kernel
                    .iter()
                    .fold(0.0_f32, |largest, w| largest.max(w.abs()));
                // 12 draws or more leave the upper half empty once in 2^12, and the seed is fixed.
                assert!(largest <= limit && largest > limit / 2.0);
                assert!(bias.iter().all(|&b| b == 0.0));
            }
        }
    }

    #[test]
    fn one_bad_weight_is_noticed() {
        let (mut net, _) = example(&small());
        assert!(net.is_finite());
        net.decoder[0].parameters_mut().unwrap()[0][5] = f32::INFINITY;
        assert!(!net.is_finite());
    }
}
