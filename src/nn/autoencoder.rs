//! The network: an encoder and a decoder, as one plain value.

use super::{Architecture, Code, Layer, LayerShape, Network, Trace, loss, trace::BackwardViews};
use crate::image::ImageSize;
use ndarray::{Array2, ArrayView2, s};
use ndarray_rand::{
    rand::Rng,
    rand_distr::{Distribution, Uniform},
};

/// An encoder and a decoder.
///
/// A value without hidden state: files hold it, pictures show it, and a preview
/// of it never disturbs training. The decoder's last layer is linear, its
/// outputs are logits, and [`decode`](Self::decode) puts the sigmoid on them.
#[derive(Debug, Clone, PartialEq)]
pub struct Autoencoder {
    /// What goes in, and comes back.
    pub image: ImageSize,
    /// From the image to the code.
    pub encoder: Vec<Layer>,
    /// What the encoder's outputs are to the decoder.
    pub code: Code,
    /// From the code to the logits of the image.
    pub decoder: Vec<Layer>,
}

/// The loss's derivative by every parameter: `dw` in place of each `w`, `db`
/// in place of each `b`.
pub type Gradients = Autoencoder;

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

    /// The same shapes, filled with zeros: a place for weights from a file, for
    /// gradients or for moments.
    pub fn zeros(architecture: &Architecture) -> Self {
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
        let first = shapes().next().expect("an encoder has at least one layer");
        let last = shapes()
            .next_back()
            .expect("an encoder has at least one layer");
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
    pub fn encode(&self, x: ArrayView2<f32>) -> Array2<f32> {
        let encoded = apply(&self.encoder, x);
        match self.code {
            Code::Values => encoded,
            Code::Gaussian => {
                let latent = self.code.length(encoded.ncols());
                encoded.slice(s![.., ..latent]).to_owned()
            }
        }
    }

    /// The logits `[N, I]` of the images of codes `[N, Z]`.
    pub fn decode_logits(&self, z: ArrayView2<f32>) -> Array2<f32> {
        apply(&self.decoder, z)
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

    /// Forward: every layer's output for the images `x` `[N, I]`, into the trace.
    ///
    /// # Panics
    ///
    /// When the batch is larger than the trace was made for.
    pub fn forward(&self, x: ArrayView2<f32>, trace: &mut Trace) {
        trace.start(x.nrows());
        for (index, layer) in self.layers().enumerate() {
            if index == self.encoder.len() {
                trace.draw();
            }
            let (x, y) = trace.forward_views(index, x);
            layer.forward(x, y);
        }
    }

    /// Backward: the chain rule from the logits to the first kernel.
    ///
    /// The trace holds the forward pass of the same `x` and the loss's derivative
    /// by the logits (see [`Trace::loss`]); `gradients` takes the derivatives by
    /// every kernel and bias. Nobody asks for the images' own.
    pub fn backward(&self, x: ArrayView2<f32>, trace: &mut Trace, gradients: &mut Gradients) {
        let layers = self.layers().rev().zip(gradients.layers_mut().rev());
        let last = self.encoder.len() + self.decoder.len() - 1;
        for ((layer, gradient), index) in layers.zip((0..=last).rev()) {
            if index + 1 == self.encoder.len() {
                trace.derive_code();
            }
            let BackwardViews {
                x: before,
                dx,
                y,
                dy,
            } = trace.backward_views(index);
            layer.backward(before.unwrap_or(x), y, dy, dx, gradient);
        }
    }

    /// The layers, from the image to the logits.
    pub fn layers(&self) -> impl DoubleEndedIterator<Item = &Layer> {
        self.encoder.iter().chain(&self.decoder)
    }

    /// The layers, to be changed.
    pub fn layers_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut Layer> {
        self.encoder.iter_mut().chain(&mut self.decoder)
    }

    /// Kernel and bias of layer after layer, each in row-major order.
    ///
    /// This is the one order of parameters: the optimiser, files and tests keep it.
    pub fn parameters(&self) -> impl Iterator<Item = &[f32]> {
        self.layers().filter_map(Layer::parameters).flatten()
    }

    /// The [`parameters`](Self::parameters), to be changed.
    pub fn parameters_mut(&mut self) -> impl Iterator<Item = &mut [f32]> {
        self.layers_mut()
            .filter_map(Layer::parameters_mut)
            .flatten()
    }

    /// Whether no weight is NaN or infinite.
    pub fn is_finite(&self) -> bool {
        self.parameters().flatten().all(|value| value.is_finite())
    }
}

/// One layer after the other.
fn apply(layers: &[Layer], x: ArrayView2<f32>) -> Array2<f32> {
    match layers.split_first() {
        Some((first, rest)) => rest
            .iter()
            .fold(first.apply(x), |x, layer| layer.apply(x.view())),
        None => x.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{
        Activation, Objective,
        reference::{self, assert_near, derivative},
    };
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

    /// One forward and backward pass: the loss and all derivatives.
    fn pass(
        net: &Autoencoder,
        x: ArrayView2<f32>,
        target: ArrayView2<f32>,
        trace: &mut Trace,
    ) -> (f64, Gradients) {
        let mut gradients = Gradients::zeros(&net.architecture());
        net.forward(x, trace);
        let loss = trace.loss(target);
        net.backward(x, trace, &mut gradients);
        (loss, gradients)
    }

    /// Every derivative of the objective, for inputs that are not the targets.
    fn check(architecture: &Architecture, objective: Objective) {
        let (net, x) = example(architecture);
        let target = x.mapv(|x| 1.0 - x * x);
        let mut trace = Trace::new(architecture, objective, 5);
        let mut rng = StdRng::seed_from_u64(4);
        let normals: Array2<f32> =
            Array2::random_using((5, architecture.latent()), StandardNormal, &mut rng);
        if let Some(mut epsilon) = trace.epsilon_mut() {
            epsilon.assign(&normals);
        }
        let (loss, gradients) = pass(&net, x.view(), target.view(), &mut trace);

        let reference = reference::Network::of(&net, objective, &normals);
        let (x, target) = (x.mapv(f64::from), target.mapv(f64::from));
        let expected = reference.objective(&x, &target);
        // 45 f32 terms or some hundreds, each right to a few roundings.
        assert!(
            (loss / expected - 1.0).abs() < 1e-6,
            "{loss}, not {expected}"
        );
        for (index, gradient) in gradients.layers().enumerate() {
            let Some([kernel, bias]) = gradient.parameters() else {
                continue;
            };
            let layer = &reference.layers[index];
            let moved = |layer| reference.with_layer(index, layer).objective(&x, &target);
            let dw = derivative(&layer.w, |w| moved(layer.with_kernel(w)));
            let db = derivative(&layer.b, |b| moved(layer.with_bias(b)));
            let near = |name, actual: &[f32], expected: &Array2<f64>| {
                let actual = ArrayView2::from_shape(expected.dim(), actual).unwrap();
                assert_near(&format!("{name} of layer {index}"), actual, expected);
            };
            near("dw", kernel, &dw);
            near("db", bias, &db);
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
    fn a_short_batch_leaves_nothing_of_the_long_one_before() {
        for architecture in [small(), variational(), convolutional()] {
            let (net, x) = example(&architecture);
            let short = x.slice(s![..2, ..]);
            let trace = |batch| Trace::new(&architecture, Objective::default(), batch);
            let mut used = trace(5);
            pass(&net, x.view(), x.view(), &mut used);
            let expected = pass(&net, short, short, &mut trace(2));
            assert_eq!(pass(&net, short, short, &mut used), expected);
            assert_eq!(used.batch(), 2);
            assert_eq!(used.logits().dim(), (2, architecture.inputs()));
        }
    }

    #[test]
    fn encoding_and_decoding_are_the_halves_of_the_trace() {
        for architecture in [small(), variational(), convolutional()] {
            let (net, x) = example(&architecture);
            let mut trace = Trace::new(&architecture, Objective::default(), 5);
            net.forward(x.view(), &mut trace);
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

    #[test]
    #[should_panic(expected = "a trace for 4 images cannot hold 5")]
    fn a_batch_larger_than_the_trace_is_refused() {
        let (net, x) = example(&small());
        let mut trace = Trace::new(&small(), Objective::default(), 4);
        net.forward(x.view(), &mut trace);
    }
}
