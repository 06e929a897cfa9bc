//! Dense layers one after the other, laid out for speed, and the forward pass through them
//! that training and evaluating share.

use ndarray::{ArrayView1, ArrayView2};

use super::{columns::Columns, rows::Rows};
use crate::{
    nn::{
        Activation, Autoencoder, Code, Dense, Layer,
        batch::Batch,
        code::panels::Draws,
        kernels,
        lanes::{LANES, Lanes, padded, value, value_mut},
        shards::{SHARDS, cut, shares, shares_of_adding, sum_of, together},
    },
    pool::Pool,
};

/// Layers with fewer weights than this are not worth a second core's attention.
const WORTH_SHARING: usize = 4096;

/// The parameters of a network of dense layers, cut for the cores; or a moment of each.
#[derive(Debug, Clone)]
pub(in crate::nn) struct Stack {
    pub(super) first: First,
    /// The layers after the first, at least one, each cut by its units.
    pub(super) later: Vec<Vec<Columns>>,
    /// Units of every layer.
    units: Vec<usize>,
    encoder_layers: usize,
    code: Code,
}

/// The first layer: its kernel, cut by its inputs, and its bias.
#[derive(Debug, Clone)]
pub(super) struct First {
    pub(super) parts: Vec<Rows>,
    pub(super) b: Vec<Lanes>,
    pub(super) activation: Activation,
}

/// What a forward pass leaves, in panels of `rows` rows.
#[derive(Debug, Clone)]
pub(super) struct Outputs {
    pub(super) rows: usize,
    /// What each part of the first layer's inputs contributes.
    sums: Vec<Vec<Lanes>>,
    /// What every layer says that there is room for.
    pub(super) y: Vec<Vec<Lanes>>,
    /// What the decoder sees of a Gaussian code.
    pub(super) draws: Option<Draws>,
    encoder_layers: usize,
}

impl Stack {
    /// A network's, or that of its moments.
    ///
    /// # Panics
    ///
    /// When a layer is of another sort, or there is but one.
    pub(in crate::nn) fn of(net: &Autoencoder) -> Self {
        let mut layers = net.layers().map(|layer| layer.dense().expect(ALL_DENSE));
        let later = |layer: &Dense| {
            let shards = if layer.w.len() < WORTH_SHARING {
                1
            } else {
                SHARDS
            };
            let panels = shares(layer.b.len().div_ceil(LANES), shards);
            panels.map(|panels| Columns::of(layer, panels)).collect()
        };
        Self {
            first: First::of(layers.next().expect(TWO_LAYERS)),
            later: layers.map(later).collect(),
            units: net.layers().map(|layer| layer.shape().outputs()).collect(),
            encoder_layers: net.encoder.len(),
            code: net.code,
        }
    }

    /// Puts everything back in its place.
    pub(super) fn write_to(&self, net: &mut Autoencoder) {
        let mut layers = net.layers_mut().filter_map(Layer::dense_mut);
        self.first.write_to(layers.next().expect(TWO_LAYERS));
        for (layer, shards) in layers.zip(&self.later) {
            for columns in shards {
                columns.write_to(layer);
            }
        }
    }

    /// How many layers there are.
    pub(super) fn layers(&self) -> usize {
        self.units.len()
    }

    /// The number of the layer whose outputs are the code.
    pub(super) fn code_layer(&self) -> usize {
        self.encoder_layers - 1
    }

    /// Units of a layer.
    pub(super) fn units(&self, layer: usize) -> usize {
        self.units[layer]
    }

    /// Room for what the first so many layers say of `rows` images.
    pub(super) fn outputs(&self, layers: usize, rows: usize) -> Outputs {
        let panels = |units: usize| vec![Lanes::ZERO; padded(units) / LANES * rows];
        Outputs {
            rows,
            sums: self
                .first
                .parts
                .iter()
                .map(|_| panels(self.units[0]))
                .collect(),
            y: self.units[..layers]
                .iter()
                .map(|&units| panels(units))
                .collect(),
            draws: match self.code {
                Code::Values => None,
                Code::Gaussian => Some(Draws::new(self.units[self.code_layer()] / 2, rows)),
            },
            encoder_layers: self.encoder_layers,
        }
    }

    /// Forward from the images to what the encoder says of them, and what the decoder will
    /// see of that.
    pub(super) fn encode(&self, batch: &Batch, outputs: &mut Outputs, pool: &Pool) {
        self.first.forward(batch, outputs, pool);
        for layer in 1..self.encoder_layers {
            self.forward(layer, outputs, pool);
        }
        let Outputs { y, draws, .. } = outputs;
        if let Some(draws) = draws {
            draws.draw(&y[self.code_layer()], batch);
        }
    }

    /// Forward from the code, as far as there is room.
    pub(super) fn decode(&self, outputs: &mut Outputs, pool: &Pool) {
        for layer in self.encoder_layers..outputs.y.len() {
            self.forward(layer, outputs, pool);
        }
    }

    /// Forward through a layer after the first.
    fn forward(&self, layer: usize, outputs: &mut Outputs, pool: &Pool) {
        let rows = outputs.rows;
        let (x, y) = outputs.around(layer);
        let shards = cut(y, self.later[layer - 1].iter(), |columns| {
            columns.panels.len() * rows
        });
        together(pool, shards, |(columns, y)| {
            columns.forward(0..columns.panels.len(), x, rows, y);
        });
    }
}

impl First {
    fn of(layer: &Dense) -> Self {
        let panels = layer.w.nrows().div_ceil(LANES);
        let parts = shares(panels, SHARDS).enumerate();
        Self {
            parts: parts
                .map(|(part, panels)| Rows::of(layer, part, panels))
                .collect(),
            b: row_of_panels(layer.b.view()),
            activation: layer.activation,
        }
    }

    fn write_to(&self, layer: &mut Dense) {
        for rows in &self.parts {
            rows.write_to(layer);
        }
        let bias = self.b.iter().flat_map(|row| row.0);
        layer.b.iter_mut().zip(bias).for_each(|(to, b)| *to = b);
    }

    /// Forward: `y = f(x w + b)`.
    fn forward(&self, batch: &Batch, outputs: &mut Outputs, pool: &Pool) {
        let (rows, x) = (outputs.rows, batch.input());
        let Outputs { sums, y, .. } = outputs;
        let parts = self.parts.iter().zip(&mut *sums);
        together(pool, parts, |(part, sums)| part.forward(x, rows, sums));
        let shares = shares_of_adding(self.b.len(), rows);
        let pieces = cut(&mut y[0], shares, |panels| panels.len() * rows);
        together(pool, pieces, |(panels, y)| {
            for (panel, y) in panels.zip(y.chunks_exact_mut(rows)) {
                sum_of(sums, panel * rows, y);
                kernels::activate(self.activation, &self.b[panel], y);
            }
        });
    }
}

impl Outputs {
    /// What a layer after the first sees of the one before it.
    pub(super) fn seen_by(&self, layer: usize) -> &[Lanes] {
        match &self.draws {
            Some(draws) if layer == self.encoder_layers => &draws.z,
            _ => &self.y[layer - 1],
        }
    }

    /// What such a layer sees, and the place for what it says.
    fn around(&mut self, layer: usize) -> (&[Lanes], &mut [Lanes]) {
        let (before, here) = self.y.split_at_mut(layer);
        let x = match &self.draws {
            Some(draws) if layer == self.encoder_layers => &draws.z,
            _ => &before[layer - 1],
        };
        (x, &mut here[0])
    }

    /// Takes codes in place of what an encoder says.
    pub(super) fn take_codes(&mut self, codes: ArrayView2<f32>) {
        let rows = self.rows;
        let z = match &mut self.draws {
            Some(draws) => &mut draws.z,
            None => &mut self.y[self.encoder_layers - 1],
        };
        z.fill(Lanes::ZERO);
        for ((image, unit), &code) in codes.indexed_iter() {
            *value_mut(z, rows, image, unit) = code;
        }
    }

    /// The first `count` numbers that a layer says of an image.
    pub(super) fn said(
        &self,
        layer: usize,
        image: usize,
        count: usize,
    ) -> impl ExactSizeIterator<Item = f32> + Clone {
        let (panels, rows) = (&self.y[layer], self.rows);
        (0..count).map(move |unit| value(panels, rows, image, unit))
    }
}

/// Sixteen of these numbers a row.
fn row_of_panels(numbers: ArrayView1<f32>) -> Vec<Lanes> {
    let mut rows = vec![Lanes::ZERO; numbers.len().div_ceil(LANES)];
    for (index, &number) in numbers.iter().enumerate() {
        rows[index / LANES].0[index % LANES] = number;
    }
    rows
}

const ALL_DENSE: &str = "only networks of dense layers are laid out in panels";
pub(super) const TWO_LAYERS: &str = "an encoder and a decoder have a layer each";
