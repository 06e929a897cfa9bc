//! A dense layer with what Adam keeps of it, on its way into shards and back.

use crate::nn::{Adam, Autoencoder, Dense, Layer};

/// Which of the numbers that are kept for every parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// The parameter itself.
    Value,
    /// Adam's `m` of it.
    FirstMoment,
    /// Adam's `v` of it.
    SecondMoment,
}

/// A layer and its moments, each in the layer's shape.
#[derive(Debug, Clone, Copy)]
pub(super) struct Learning<'a> {
    pub(super) layer: &'a Dense,
    pub(super) m: &'a Dense,
    pub(super) v: &'a Dense,
}

impl<'a> Learning<'a> {
    /// The layers of a network of dense ones.
    ///
    /// # Panics
    ///
    /// When a layer is of another sort.
    pub(super) fn layers(
        net: &'a Autoencoder,
        adam: &'a Adam,
    ) -> impl Iterator<Item = Learning<'a>> {
        let dense = |layer: &'a Layer| layer.dense().expect(ALL_DENSE);
        let moments = adam.m.layers().zip(adam.v.layers());
        net.layers().zip(moments).map(move |(layer, (m, v))| Self {
            layer: dense(layer),
            m: dense(m),
            v: dense(v),
        })
    }
}

pub(super) const ALL_DENSE: &str = "only networks of dense layers are laid out in shards";
