//! How a layer is cut into shards, one for each block of work, and how what they contribute
//! becomes one again.
//!
//! Cuts depend on shapes alone, never on the number of threads.

use super::{kernels, lanes::Lanes};
use crate::pool::Pool;
use std::ops::Range;

/// The most shards there are of a layer: enough for four cores, and few enough
/// that adding up their parts of a gradient costs little.
pub(super) const SHARDS: usize = 4;

/// The panels of each of up to `shards` shards: as even as can be.
pub(super) fn shares(panels: usize, shards: usize) -> impl Iterator<Item = Range<usize>> {
    let shards = panels.clamp(1, shards);
    let end = move |shard: usize| (shard * panels).div_ceil(shards);
    (0..shards).map(move |shard| end(shard)..end(shard + 1))
}

/// Every owner with the piece of the whole that has the length it says.
pub(super) fn cut<T>(
    mut whole: &mut [Lanes],
    owners: impl Iterator<Item = T>,
    length: impl Fn(&T) -> usize,
) -> impl Iterator<Item = (T, &mut [Lanes])> {
    owners.map_while(move |owner| {
        let piece = whole.split_off_mut(..length(&owner))?;
        Some((owner, piece))
    })
}

/// Both lists as one, spread evenly, so that each core gets its part of both.
pub(super) fn interleaved<T>(
    few: impl ExactSizeIterator<Item = T>,
    many: impl ExactSizeIterator<Item = T>,
) -> impl Iterator<Item = T> {
    let (few_count, many_count) = (few.len(), many.len());
    let (mut few, mut many) = (few.peekable(), many.peekable());
    let (mut from_few, mut from_many) = (0, 0);
    std::iter::from_fn(move || {
        // Item i of n stands at (2i + 1) / 2n of the way.
        let few_is_next = (2 * from_few + 1) * many_count < (2 * from_many + 1) * few_count;
        if many.peek().is_none() || (few_is_next && few.peek().is_some()) {
            from_few += 1;
            few.next()
        } else {
            from_many += 1;
            many.next()
        }
    })
}

/// With so many rows of sixteen, adding parts takes longer than meeting for it.
const WORTH_MEETING: usize = 1024;

/// The panels of each who adds up parts, of so many rows a panel: of one, where they are few.
pub(super) fn shares_of_adding(panels: usize, rows: usize) -> impl Iterator<Item = Range<usize>> {
    let enough = panels * rows >= WORTH_MEETING;
    shares(panels, if enough { SHARDS } else { 1 })
}

/// `y = Σ parts`, of which `y` has the rows from `first` on.
pub(super) fn sum_of(parts: &[Vec<Lanes>], first: usize, y: &mut [Lanes]) {
    let here = first..first + y.len();
    let (part, others) = parts.split_first().expect("each layer has a shard");
    y.copy_from_slice(&part[here.clone()]);
    for part in others {
        kernels::add_rows(&part[here.clone()], y);
    }
}

/// Works on the items, one for each shard or share, on as many cores as there are. The shards
/// are those of one layer or of two.
pub(super) fn together<T: Send>(
    pool: &Pool,
    items: impl Iterator<Item = T>,
    work: impl Fn(T) + Sync,
) {
    let mut places = [const { None }; 2 * SHARDS];
    let mut count = 0;
    for item in items {
        places[count] = Some(item);
        count += 1;
    }
    pool.for_each(&mut places[..count], |_, place| {
        place.take().into_iter().for_each(&work);
    });
}
