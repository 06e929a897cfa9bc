//! One convolution, with the pooling after it or the up-sampling before it.
//!
//! An up-sampled map is never made: it is read in phases (see [`weights`](super::weights)).
//! Backward, a number is told the sum over its four copies: what it sees of the derivative are
//! sums of four neighbours, which are the same for all maps.

use super::{KERNEL, field::Field, max_pool, weights::Weights};
use crate::nn::{
    Activation, Convolution, Maps, Padding,
    kernels::{self, Grid, Largest, Size, block_width},
    lanes::Lanes,
};
use std::ops::Range;

/// Maps that are unpooled together, so few that two rows of them stay in the fastest cache.
const STRIP_MAPS: usize = 8;
/// Places that are multiplied with their windows before sums are added up, about: with 28 or 196
/// the products of 14 by 14 took an eighth longer.
const BAND_PLACES: usize = 98;

/// A convolution laid out for the kernels.
#[derive(Debug, Clone)]
pub(super) struct Stage {
    reads: Reads,
    /// The maps it reads, as they are kept.
    from: Maps,
    /// The maps the convolution makes.
    to: Maps,
    activation: Activation,
    weights: Weights,
}

/// What a convolution reads and leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reads {
    /// Maps as they are; all of the output is kept.
    Plain,
    /// Maps as they are; of the output the largest of every four are kept.
    ThenPools,
    /// Maps that are up-sampled first.
    Upsampled(Padding),
}

/// What a stage makes of a group.
#[derive(Debug, Clone)]
pub(super) struct Outputs {
    /// What is kept.
    pub(super) y: Field,
    /// Two rows of some maps before their pooling.
    strip: Field,
    /// Which of each four was the largest.
    largest: Vec<Largest>,
}

/// What a stage makes of the loss's derivative.
#[derive(Debug, Clone)]
pub(super) struct Slopes {
    /// By its outputs, and after [`Stage::backward`] by their sums.
    pub(super) dy: Field,
    /// By the sums before their pooling: all rows, or two of some maps at a time where
    /// nobody asks for the derivative by the inputs.
    unpooled: Field,
    /// Sums of four neighbours of `dy`, for an up-sampled input.
    fours: Field,
    /// By every weight and bias, for each of the sixteen images.
    dw: Vec<Lanes>,
    db: Vec<Lanes>,
    /// Room for `dw` in the order of an up-sampled input.
    sums: Vec<f32>,
}

impl Stage {
    /// A convolution of maps as they are, or of maps that are up-sampled first.
    pub(super) fn of(layer: &Convolution, upsampled: Option<Maps>) -> Self {
        let reads = match upsampled {
            Some(_) => Reads::Upsampled(layer.padding),
            None => Reads::Plain,
        };
        assert!(
            reads != Reads::Plain || layer.padding == Padding::Same,
            "maps that are read as they are keep their size"
        );
        Self {
            reads,
            from: upsampled.unwrap_or(layer.from),
            to: layer.to(),
            activation: layer.activation,
            weights: Weights::of(layer, upsampled.is_some()),
        }
    }

    /// Puts a pooling behind the convolution.
    pub(super) fn pool(&mut self) {
        assert_eq!(self.reads, Reads::Plain, "only maps as they are");
        self.reads = Reads::ThenPools;
    }

    /// The maps it reads.
    pub(super) fn from(&self) -> Maps {
        self.from
    }

    pub(super) fn take_weights(&mut self, layer: &Convolution) {
        self.weights.take(layer);
    }

    /// Room for what it makes of a group. The margin is what [`Self::backward`] needs
    /// around the derivatives.
    pub(super) fn outputs(&self) -> Outputs {
        let margin = match self.reads {
            Reads::Upsampled(Padding::Valid) => 2,
            _ => 1,
        };
        let (y, strip_maps) = match self.reads {
            Reads::ThenPools => (max_pool::output(self.to), block_width(self.to.channels)),
            _ => (self.to, 0),
        };
        Outputs {
            y: Field::zeros(y, margin),
            strip: self.strip(strip_maps),
            largest: match self.reads {
                Reads::ThenPools => vec![Largest::default(); y.numbers()],
                _ => Vec::new(),
            },
        }
    }

    /// Room for the derivatives; whether somebody `asks` for the one by the inputs.
    pub(super) fn slopes(&self, asks: bool) -> Slopes {
        let none = self.to.with_channels(0);
        let unpooled = match (self.reads, asks) {
            (Reads::ThenPools, true) => Field::zeros(self.to, 1),
            (Reads::ThenPools, false) => self.strip(self.to.channels.min(STRIP_MAPS)),
            _ => Field::zeros(none, 0),
        };
        let fours = match self.reads {
            Reads::Upsampled(_) => Maps {
                channels: self.to.channels,
                height: 2 * self.from.height + 1,
                width: 2 * self.from.width + 1,
            },
            _ => none,
        };
        Slopes {
            dy: self.outputs().y,
            unpooled,
            fours: Field::zeros(fours, 0),
            dw: vec![Lanes::ZERO; self.weights.backward.len()],
            db: vec![Lanes::ZERO; self.weights.b.len()],
            sums: vec![0.0; self.weights.backward.len()],
        }
    }

    /// Forward, from the maps `x`.
    pub(super) fn forward(&self, x: &Field, outputs: &mut Outputs) {
        let Outputs { y, strip, largest } = outputs;
        match self.reads {
            Reads::Plain => {
                let (from, to) = ((&x.lanes[..], x.windows()), y.inside());
                let to = (&mut y.lanes[..], to);
                let (w, b) = (self.weights.whole(), &self.weights.b);
                kernels::convolve::<KERNEL, 1>(from, w, b, self.activation, size(self.to), to);
            }
            Reads::ThenPools => self.convolve_and_pool(x, strip, y, largest),
            Reads::Upsampled(padding) => {
                let reach = padding.reach();
                for ((a, b), w) in self.weights.phases() {
                    let start = |phase| x.margin - reach + phase * reach;
                    let from = (&x.lanes[..], x.grid(start(a), start(b)));
                    let to = Grid {
                        row: 2 * y.row(),
                        column: 2,
                        ..y.grid(y.margin + a, y.margin + b)
                    };
                    let size = Size {
                        height: self.to.height / 2,
                        width: self.to.width / 2,
                    };
                    let to = (&mut y.lanes[..], to);
                    let b = &self.weights.b;
                    kernels::convolve::<2, 1>(from, w, b, self.activation, size, to);
                }
            }
        }
    }

    /// A block of channels at a time, and of it two rows, which are pooled to one while they are in
    /// the fastest cache.
    fn convolve_and_pool(
        &self,
        x: &Field,
        strip: &mut Field,
        y: &mut Field,
        largest: &mut [Largest],
    ) {
        let (w, b) = (self.weights.whole(), &self.weights.b);
        let channels = block_width(self.to.channels);
        let weights = w.len() / b.len() * channels;
        let blocks = w.chunks_exact(weights).zip(b.chunks_exact(channels));
        for (first, (w, b)) in (0..).step_by(channels).zip(blocks) {
            for i in 0..y.maps.height {
                let size = self.strip_size(i);
                let from = (&x.lanes[..], x.windows().at_row(2 * i));
                let grid = strip.inside();
                let to = (&mut strip.lanes[..], grid);
                kernels::convolve::<KERNEL, 1>(from, w, b, self.activation, size, to);
                for number in 0..channels {
                    let c = first + number;
                    let start = y.row_start(c, i);
                    let row = &mut y.lanes[start..][..y.maps.width];
                    let largest = &mut largest[pooled_row(y.maps, c, i)];
                    kernels::pool(&strip.lanes, grid.at_map(number), size, row, largest);
                }
            }
        }
    }

    /// Room for two rows of so many maps before their pooling.
    fn strip(&self, channels: usize) -> Field {
        let maps = Maps {
            channels,
            height: 2,
            width: self.to.width,
        };
        Field::zeros(maps, 0)
    }

    /// The rows that are pooled to row `i`, one or two.
    fn strip_size(&self, i: usize) -> Size {
        Size {
            height: (self.to.height - 2 * i).min(2),
            width: self.to.width,
        }
    }

    /// Backward: from the derivative by the outputs, `slopes.dy`, to the one by the
    /// inputs `dx`, if somebody asks, and what a group adds to those by weights and biases.
    pub(super) fn backward(
        &self,
        x: &Field,
        outputs: &Outputs,
        slopes: &mut Slopes,
        dx: Option<&mut Field>,
    ) {
        kernels::activation_gradient(self.activation, &outputs.y.lanes, &mut slopes.dy.lanes);
        let Slopes {
            dy,
            unpooled,
            fours,
            dw,
            db,
            ..
        } = slopes;
        for (map, db) in dy.lanes.chunks_exact(dy.map()).zip(db) {
            kernels::add_rows(&[kernels::sum_of_rows(map)], std::slice::from_mut(db));
        }
        match (self.reads, dx) {
            (Reads::Plain, dx) => self.backward_plain(x, dy, dw, dx),
            (Reads::ThenPools, Some(dx)) => {
                for i in 0..dy.maps.height {
                    let to = unpooled.inside().at_row(2 * i);
                    let to = (&mut unpooled.lanes[..], to);
                    self.unpool((dy, &outputs.largest), 0..dy.maps.channels, i, to);
                }
                self.backward_plain(x, unpooled, dw, Some(dx));
            }
            (Reads::ThenPools, None) => {
                let weights = dw.len() / dy.maps.channels;
                for (number, dw) in dw.chunks_mut(STRIP_MAPS * weights).enumerate() {
                    let (first, maps) = (number * STRIP_MAPS, dw.len() / weights);
                    for i in 0..dy.maps.height {
                        let grid = unpooled.inside();
                        let to = (&mut unpooled.lanes[..], grid);
                        self.unpool((dy, &outputs.largest), first..first + maps, i, to);
                        let windows = (&x.lanes[..], x.windows().at_row(2 * i));
                        let still = (&unpooled.lanes[..], grid);
                        let size = self.strip_size(i);
                        kernels::add_window_products::<1>(still, maps, windows, size, dw);
                    }
                }
            }
            (Reads::Upsampled(_), dx) => self.backward_upsampled(x, dy, fours, dw, dx),
        }
    }

    /// `dw` and `dx` of a convolution of maps as they are, from the derivative by its sums.
    fn backward_plain(&self, x: &Field, ds: &Field, dw: &mut [Lanes], dx: Option<&mut Field>) {
        for (first, size) in bands(self.to) {
            let still = (&ds.lanes[..], ds.inside().at_row(first));
            let windows = (&x.lanes[..], x.windows().at_row(first));
            kernels::add_window_products::<1>(still, self.to.channels, windows, size, dw);
        }
        if let Some(dx) = dx {
            let from = (&ds.lanes[..], ds.windows());
            let grid = dx.inside();
            let to = (&mut dx.lanes[..], grid);
            let (w, b) = (&self.weights.backward, &self.weights.no_bias);
            kernels::convolve::<KERNEL, 1>(from, w, b, Activation::Linear, size(self.from), to);
        }
    }

    /// The same for maps that are up-sampled first.
    fn backward_upsampled(
        &self,
        x: &Field,
        ds: &Field,
        fours: &mut Field,
        dw: &mut [Lanes],
        dx: Option<&mut Field>,
    ) {
        let map = fours.map();
        let maps = ds.lanes.chunks_exact(ds.map());
        for (ds_map, fours) in maps.zip(fours.lanes.chunks_exact_mut(map)) {
            kernels::sums_of_four(ds_map, ds.row(), fours);
        }
        for (first, size) in bands(self.from) {
            let still = (&x.lanes[..], x.inside().at_row(first));
            let windows = (&fours.lanes[..], fours.inside().at_row(2 * first));
            let maps = self.from.channels;
            kernels::add_window_products::<2>(still, maps, windows, size, dw);
        }
        if let Some(dx) = dx {
            let from = (&fours.lanes[..], fours.inside());
            let grid = dx.inside();
            let to = (&mut dx.lanes[..], grid);
            let (w, b) = (&self.weights.backward, &self.weights.no_bias);
            kernels::convolve::<KERNEL, 2>(from, w, b, Activation::Linear, size(self.from), to);
        }
    }

    /// One row of some maps of `dy`, in the places of the largest.
    fn unpool(
        &self,
        (dy, largest): (&Field, &[Largest]),
        channels: Range<usize>,
        i: usize,
        (to, grid): (&mut [Lanes], Grid),
    ) {
        for (number, c) in channels.enumerate() {
            let row = &dy.lanes[dy.row_start(c, i)..][..dy.maps.width];
            let largest = &largest[pooled_row(dy.maps, c, i)];
            kernels::unpool(row, largest, self.strip_size(i), to, grid.at_map(number));
        }
    }

    /// The derivatives by weights `[out, in, 3, 3]` and biases, summed over the images
    /// of all groups since [`Slopes::clear`].
    pub(super) fn write_gradient(&self, slopes: &mut Slopes, gradient: [&mut [f32]; 2]) {
        let [dw, db] = gradient;
        kernels::sums_of_lanes(&slopes.db, db);
        if !matches!(self.reads, Reads::Upsampled(_)) {
            kernels::sums_of_lanes(&slopes.dw, dw);
            return;
        }
        // These stand [in, out] and turned round.
        kernels::sums_of_lanes(&slopes.dw, &mut slopes.sums);
        let (ins, outs) = (self.from.channels, self.to.channels);
        for (index, sums) in slopes.sums.chunks_exact(KERNEL * KERNEL).enumerate() {
            let (c, o) = (index / outs, index % outs);
            let dw = dw[(o * ins + c) * sums.len()..].iter_mut();
            dw.zip(sums.iter().rev()).for_each(|(dw, &sum)| *dw = sum);
        }
    }
}

impl Slopes {
    /// Forgets the groups before.
    pub(super) fn clear(&mut self) {
        self.dw.fill(Lanes::ZERO);
        self.db.fill(Lanes::ZERO);
    }
}

#[cfg(test)]
impl Outputs {
    pub(super) fn bytes(&self) -> usize {
        let numbers = self.y.lanes.len() + self.strip.lanes.len();
        numbers * size_of::<Lanes>() + self.largest.len() * size_of::<Largest>()
    }
}

#[cfg(test)]
impl Slopes {
    pub(super) fn bytes(&self) -> usize {
        let fields = [&self.dy, &self.unpooled, &self.fours].map(|field| field.lanes.len());
        let numbers = fields.iter().sum::<usize>() + self.dw.len() + self.db.len();
        numbers * size_of::<Lanes>() + self.sums.len() * size_of::<f32>()
    }
}

fn size(maps: Maps) -> Size {
    Size {
        height: maps.height,
        width: maps.width,
    }
}

/// Where a row stands among maps without margins.
fn pooled_row(maps: Maps, channel: usize, row: usize) -> Range<usize> {
    let start = channel * maps.places() + row * maps.width;
    start..start + maps.width
}

/// So few rows at a time that some maps of them stay in the fastest cache, and so
/// many that it pays to fetch the sums they are added to.
fn bands(maps: Maps) -> impl Iterator<Item = (usize, Size)> {
    let rows = (BAND_PLACES / maps.width).max(2);
    (0..maps.height).step_by(rows).map(move |first| {
        let size = Size {
            height: rows.min(maps.height - first),
            width: maps.width,
        };
        (first, size)
    })
}
