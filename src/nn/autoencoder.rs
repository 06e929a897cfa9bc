//! The network: an encoder and a decoder, as one plain value.

use super::{
    Architecture, Code, Layer, LayerShape, Network, Trace, kernels, trace::BackwardViews,
};
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
            let [inputs, units] = layer.shape().fans();
            let limit = (6.0 / (inputs + units) as f32).sqrt();
            let range = Uniform::new_inclusive(-limit, limit).expect("the limit is finite");
            let [kernel, _] = layer.parameters_mut();
            kernel.iter_mut().for_each(|w| *w = range.sample(rng));
        }
        net
    }

    /// The same shapes, filled with zeros: a place for weights from a file, for
    /// gradients or for moments.
    pub fn zeros(architecture: &Architecture) -> Self {
        Self {
            encoder: architecture.encoder().iter().map(Layer::zeros).collect(),
            code: architecture.code(),
            decoder: architecture.decoder().iter().map(Layer::zeros).collect(),
        }
    }

    /// The shape of this network.
    ///
    /// # Panics
    ///
    /// When the encoder has no layer.
    pub fn architecture(&self) -> Architecture {
        let shapes = || self.encoder.iter().map(Layer::shape);
        let first = shapes().next().expect("an encoder has at least one layer");
        let last = shapes().last().expect("an encoder has at least one layer");
        match (first, last) {
            (
                LayerShape::Dense { inputs, .. },
                LayerShape::Dense {
                    units, activation, ..
                },
            ) => {
                let mut encoder: Vec<usize> = shapes().map(|shape| shape.outputs()).collect();
                let code = encoder.len() - 1;
                encoder[code] = self.code.length(units);
                let network = match self.code {
                    Code::Values => Network::Dense {
                        encoder,
                        latent_activation: activation,
                    },
                    Code::Gaussian => Network::Variational { encoder },
                };
                Architecture { inputs, network }
            }
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
        let mut y = self.decode_logits(z);
        kernels::sigmoid(y.as_slice_mut().expect("a new array is in standard layout"));
        y
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
        self.layers().flat_map(Layer::parameters)
    }

    /// The [`parameters`](Self::parameters), to be changed.
    pub fn parameters_mut(&mut self) -> impl Iterator<Item = &mut [f32]> {
        self.layers_mut().flat_map(Layer::parameters_mut)
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
        loss,
        reference::{self, Layer, assert_near, derivative},
    };
    use ndarray::s;
    use ndarray_rand::rand::{SeedableRng, rngs::StdRng};

    fn small() -> Architecture {
        Architecture {
            inputs: 9,
            encoder: vec![6, 3],
            latent_activation: Activation::Relu,
        }
    }

    /// A small network that has left its start, so that no bias is zero, and
    /// some images for it.
    fn example(architecture: &Architecture) -> (Autoencoder, Array2<f32>) {
        let mut rng = StdRng::seed_from_u64(3);
        let mut net = Autoencoder::glorot(architecture, &mut rng);
        for layer in net.layers_mut() {
            layer.b.mapv_inplace(|_| rng.random_range(0.0..0.5));
        }
        let unit = Uniform::new(0.0, 1.0).unwrap();
        let x = Array2::random_using((5, architecture.inputs), unit, &mut rng);
        (net, x)
    }

    /// One forward and backward pass: the loss and all derivatives.
    fn pass(net: &Autoencoder, x: ArrayView2<f32>, trace: &mut Trace) -> (f64, Gradients) {
        let mut gradients = Gradients::zeros(&net.architecture());
        net.forward(x, trace);
        let (logits, dlogits) = trace.logits_and_gradient();
        let loss = loss::output_loss_and_gradient(logits, x, dlogits);
        net.backward(x, trace, &mut gradients);
        (loss, gradients)
    }

    #[test]
    fn every_gradient_is_the_slope_of_the_loss() {
        for latent_activation in Activation::ALL {
            let architecture = Architecture {
                latent_activation,
                ..small()
            };
            let (net, x) = example(&architecture);
            let mut trace = Trace::new(&architecture, 5);
            let (loss, gradients) = pass(&net, x.view(), &mut trace);

            let reference: Vec<Layer> = net.layers().map(Layer::of).collect();
            let x = x.mapv(f64::from);
            let loss_of = |net: &[Layer]| reference::loss(&reference::logits(net, &x), &x);
            // 45 f32 losses of about 0.7, each right to a few roundings.
            assert!((loss - loss_of(&reference)).abs() < 1e-6);
            for (index, gradient) in gradients.layers().enumerate() {
                let dw = derivative(&reference[index].w, |w| {
                    let mut moved = reference.clone();
                    moved[index].w.assign(w);
                    loss_of(&moved)
                });
                let db = derivative(&reference[index].b, |b| {
                    let mut moved = reference.clone();
                    moved[index].b.assign(b);
                    loss_of(&moved)
                });
                let row = (1, gradient.b.len());
                assert_near(&format!("dw of layer {index}"), gradient.w.view(), &dw);
                let gradient = gradient.b.to_shape(row).unwrap();
                assert_near(&format!("db of layer {index}"), gradient.view(), &db);
            }
        }
    }

    #[test]
    fn a_short_batch_leaves_nothing_of_the_long_one_before() {
        let (net, x) = example(&small());
        let short = x.slice(s![..2, ..]);
        let mut used = Trace::new(&small(), 5);
        pass(&net, x.view(), &mut used);
        let expected = pass(&net, short, &mut Trace::new(&small(), 2));
        assert_eq!(pass(&net, short, &mut used), expected);
        assert_eq!(used.batch(), 2);
        assert_eq!(used.logits().dim(), (2, 9));
    }

    #[test]
    fn encoding_and_decoding_are_the_halves_of_the_trace() {
        let (net, x) = example(&small());
        let mut trace = Trace::new(&small(), 5);
        net.forward(x.view(), &mut trace);
        let z = net.encode(x.view());
        assert_eq!(z, trace.codes());
        assert_eq!(net.decode_logits(z.view()), trace.logits());
        let sigmoid = trace.logits().mapv(|l| 1.0 / (1.0 + f64::from(-l).exp()));
        assert_near("reconstruction", net.reconstruct(x.view()).view(), &sigmoid);
    }

    #[test]
    fn parameters_come_kernel_and_bias_layer_by_layer() {
        let (mut net, _) = example(&small());
        let lengths: Vec<usize> = net.parameters().map(<[f32]>::len).collect();
        assert_eq!(lengths, [54, 6, 18, 3, 18, 6, 54, 9]);
        assert_eq!(lengths.iter().sum::<usize>(), small().parameter_count());
        for (number, values) in net.parameters_mut().enumerate() {
            values.fill(number as f32);
        }
        assert!(net.encoder[1].w.iter().all(|&w| (w - 2.0).abs() < 0.5));
        assert!(net.decoder[1].b.iter().all(|&b| (b - 7.0).abs() < 0.5));
    }

    #[test]
    fn a_fresh_network_fills_the_range_of_glorot() {
        let architecture = Architecture {
            latent_activation: Activation::Linear,
            ..small()
        };
        let net = Autoencoder::glorot(&architecture, &mut StdRng::seed_from_u64(1));
        assert_eq!(net.architecture(), architecture);
        for layer in net.layers() {
            let limit = (6.0 / (layer.w.nrows() + layer.w.ncols()) as f32).sqrt();
            let largest = layer.w.fold(0.0_f32, |largest, w| largest.max(w.abs()));
            // 18 draws or more leave the upper half empty once in 2^18.
            assert!(largest <= limit && largest > limit / 2.0);
            assert!(layer.b.iter().all(|&b| b.abs() < f32::MIN_POSITIVE));
        }
    }

    #[test]
    fn one_bad_weight_is_noticed() {
        let (mut net, _) = example(&small());
        assert!(net.is_finite());
        net.decoder[0].w[[1, 2]] = f32::INFINITY;
        assert!(!net.is_finite());
    }

    #[test]
    #[should_panic(expected = "a trace for 4 images cannot hold 5")]
    fn a_batch_larger_than_the_trace_is_refused() {
        let (net, x) = example(&small());
        net.forward(x.view(), &mut Trace::new(&small(), 4));
    }
}
