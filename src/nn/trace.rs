//! What a forward pass leaves for the backward pass.

use super::{Architecture, Code, Objective, code::Normal, loss};
use ndarray::{Array2, ArrayView1, ArrayView2, ArrayViewMut2, Zip, s};

/// The outputs of every layer and the loss's derivative by each of them.
///
/// Made once for the largest batch and used again for every step; a smaller
/// batch uses the first rows. Nothing else remembers a forward pass, so a
/// preview never disturbs training.
#[derive(Debug, Clone)]
pub struct Trace {
    objective: Objective,
    batch: usize,
    layers: Vec<LayerTrace>,
    /// The number of the layer whose outputs are the code.
    code_layer: usize,
    /// What the decoder sees of a Gaussian code.
    draw: Option<Draw>,
}

/// Draws from a Gaussian code, `[max_batch, Z]`.
#[derive(Debug, Clone)]
struct Draw {
    epsilon: Array2<f32>,
    /// The draws and the derivative by them.
    z: LayerTrace,
}

/// `y` and `dy` of one layer, `[max_batch, out]` each.
#[derive(Debug, Clone)]
struct LayerTrace {
    y: Array2<f32>,
    dy: Array2<f32>,
}

/// What [`Dense::backward`](super::Dense::backward) needs of a trace.
pub(super) struct BackwardViews<'a> {
    /// The layer's input, unless that is the batch itself.
    pub(super) x: Option<ArrayView2<'a, f32>>,
    /// The derivative by that input.
    pub(super) dx: Option<ArrayViewMut2<'a, f32>>,
    /// The layer's output.
    pub(super) y: ArrayView2<'a, f32>,
    /// The derivative by that output.
    pub(super) dy: ArrayViewMut2<'a, f32>,
}

impl LayerTrace {
    fn zeros(max_batch: usize, size: usize) -> Self {
        Self {
            y: Array2::zeros((max_batch, size)),
            dy: Array2::zeros((max_batch, size)),
        }
    }
}

impl Trace {
    /// Room for batches of up to `max_batch` images.
    pub fn new(architecture: &Architecture, objective: Objective, max_batch: usize) -> Self {
        let encoder = architecture.encoder();
        let code_layer = encoder.len() - 1;
        let layers = encoder.into_iter().chain(architecture.decoder());
        let size = architecture.latent();
        Self {
            objective,
            batch: 0,
            layers: layers
                .map(|layer| LayerTrace::zeros(max_batch, layer.outputs()))
                .collect(),
            code_layer,
            draw: (architecture.code() == Code::Gaussian).then(|| Draw {
                epsilon: Array2::zeros((max_batch, size)),
                z: LayerTrace::zeros(max_batch, size),
            }),
        }
    }

    /// `N` of the last forward pass.
    pub fn batch(&self) -> usize {
        self.batch
    }

    /// The logits of the last forward pass, `[N, I]`.
    pub fn logits(&self) -> ArrayView2<'_, f32> {
        self.last().y.slice(s![..self.batch, ..])
    }

    /// What the encoder said in the last forward pass: `[N, Z]`, twice as wide for a
    /// Gaussian code.
    pub fn encoded(&self) -> ArrayView2<'_, f32> {
        self.layers[self.code_layer].y.slice(s![..self.batch, ..])
    }

    /// `ε` `[max_batch, Z]` of the forward pass that follows, for a Gaussian code.
    pub fn epsilon_mut(&mut self) -> Option<ArrayViewMut2<'_, f32>> {
        self.draw.as_mut().map(|draw| draw.epsilon.view_mut())
    }

    /// The loss `J` of the last forward pass against the targets `[N, I]`, and, kept
    /// for the backward pass, its derivative by the logits.
    ///
    /// # Panics
    ///
    /// When the targets have another shape than the logits.
    pub fn loss(&mut self, target: ArrayView2<f32>) -> f64 {
        let code = self.code();
        let encoded = self.encoded();
        let price = |code_of: ArrayView1<f32>| {
            f64::from(self.objective.price(code, code_of.iter().copied()))
        };
        let prices = encoded.rows().into_iter().map(price).sum::<f64>();
        let price = prices / self.batch as f64;
        let weight = Objective::pixel_weight(code, target.ncols());
        let rows = s![..self.batch, ..];
        let LayerTrace { y, dy } = self.layers.last_mut().expect(HAS_LAYERS);
        let mut dlogits = dy.slice_mut(rows);
        let reconstruction =
            loss::output_loss_and_gradient(y.slice(rows), target, dlogits.view_mut());
        dlogits *= weight as f32;
        weight * reconstruction + price
    }

    fn code(&self) -> Code {
        match self.draw {
            Some(_) => Code::Gaussian,
            None => Code::Values,
        }
    }

    /// Draws what the decoder sees, once the encoder has spoken.
    pub(super) fn draw(&mut self) {
        let Some(Draw { epsilon, z }) = &mut self.draw else {
            return;
        };
        let encoded = self.layers[self.code_layer].y.view();
        let (means, log_variances) = encoded.split_at(ndarray::Axis(1), encoded.ncols() / 2);
        Zip::from(&mut z.y)
            .and(means)
            .and(log_variances)
            .and(epsilon)
            .for_each(|z, &mean, &log_variance, &mut epsilon| {
                *z = Normal { mean, log_variance }.draw(epsilon);
            });
    }

    /// The derivative of `J` by what the encoder says, from the derivative by what
    /// the decoder saw.
    pub(super) fn derive_code(&mut self) {
        let weight = (self.batch as f32).recip();
        let LayerTrace { y, dy } = &mut self.layers[self.code_layer];
        let Some(Draw { epsilon, z }) = &self.draw else {
            let price = self.objective.l1 * weight;
            Zip::from(dy).and(y).for_each(|dy, &mut y| {
                if y != 0.0 {
                    *dy += price.copysign(y);
                }
            });
            return;
        };
        let latent = epsilon.ncols();
        for ((image, unit), &dz) in z.dy.indexed_iter() {
            let normal = Normal {
                mean: y[[image, unit]],
                log_variance: y[[image, latent + unit]],
            };
            let [dmean, dlog_variance] = normal.slopes(epsilon[[image, unit]], dz, weight);
            dy[[image, unit]] = dmean;
            dy[[image, latent + unit]] = dlog_variance;
        }
    }

    /// Sets `N` for the forward pass that follows.
    ///
    /// # Panics
    ///
    /// When the batch is larger than the trace was made for.
    pub(super) fn start(&mut self, batch: usize) {
        let room = self.last().y.nrows();
        assert!(
            batch <= room,
            "a trace for {room} images cannot hold {batch}"
        );
        self.batch = batch;
    }

    /// Input and output of one layer; the first layer's input is `x`.
    pub(super) fn forward_views<'a>(
        &'a mut self,
        layer: usize,
        x: ArrayView2<'a, f32>,
    ) -> (ArrayView2<'a, f32>, ArrayViewMut2<'a, f32>) {
        let rows = s![..self.batch, ..];
        let (before, rest) = self.layers.split_at_mut(layer);
        let drawn = self.draw.as_ref().filter(|_| layer == self.code_layer + 1);
        let previous = drawn.map(|draw| &draw.z).or(before.last());
        let x = previous.map_or(x, |previous| previous.y.slice(rows));
        (x, rest[0].y.slice_mut(rows))
    }

    /// Input and output of one layer, with the derivatives by them.
    pub(super) fn backward_views(&mut self, layer: usize) -> BackwardViews<'_> {
        let rows = s![..self.batch, ..];
        let (before, rest) = self.layers.split_at_mut(layer);
        let LayerTrace { y, dy } = &mut rest[0];
        let drawn = self.draw.as_mut().filter(|_| layer == self.code_layer + 1);
        let (x, dx) = match drawn.map(|draw| &mut draw.z).or(before.last_mut()) {
            Some(previous) => (
                Some(previous.y.slice(rows)),
                Some(previous.dy.slice_mut(rows)),
            ),
            None => (None, None),
        };
        BackwardViews {
            x,
            dx,
            y: y.slice(rows),
            dy: dy.slice_mut(rows),
        }
    }

    fn last(&self) -> &LayerTrace {
        self.layers.last().expect(HAS_LAYERS)
    }
}

const HAS_LAYERS: &str = "an autoencoder has at least one layer on each side";
