//! Territories: where a class holds more than two fifths of a region.
//!
//! The region of a cell is the 3x3 cells around it. A class's mark stands where
//! its own images are densest within its territory, so that letters appear one
//! by one as the classes part.

use std::cmp::Reverse;

use super::cells::MapCells;
use crate::data::MOST_CLASSES;

/// Cells to each side that belong to a cell's region.
const REACH: usize = 1;
/// A class holds a region when it has more than `SHARE.0 / SHARE.1` of its images.
const SHARE: (u32, u32) = (2, 5);
/// A region with fewer images belongs to nobody; nor does one with less than a
/// four hundredth of them all.
const REGION_LEAST: u32 = 10;
const REGION_PART: u32 = 400;

/// A cell whose region a class holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Claim {
    pub(super) class: u8,
    pub(super) column: u16,
    pub(super) row: u16,
    /// The class's images in the region.
    pub(super) weight: u32,
}

/// Every cell that a class can put its letter on: it holds the region and has
/// images in the cell itself.
pub(super) fn claims(cells: &MapCells) -> Vec<Claim> {
    let (columns, rows) = cells.size();
    let (width, height) = (usize::from(columns), usize::from(rows));
    let classes = cells.classes();
    if width == 0 || height == 0 || classes == 0 {
        return Vec::new();
    }
    let counts: Vec<u16> = (0..rows)
        .flat_map(|row| (0..columns).flat_map(move |column| cells.cell(column, row)))
        .collect();
    let images: u32 = counts.iter().copied().map(u32::from).sum();
    let least = REGION_LEAST.max(images / REGION_PART);
    let mut regions = around(&counts, width * classes, classes);
    regions = around(&regions, counts.len(), width * classes);
    let mut claims = Vec::new();
    let regions = regions.chunks_exact(classes);
    for (place, (region, own)) in regions.zip(counts.chunks_exact(classes)).enumerate() {
        let total: u32 = region.iter().copied().map(u32::from).sum();
        if total < least {
            continue;
        }
        for (class, (&weight, &own)) in region.iter().zip(own).enumerate() {
            let weight = u32::from(weight);
            if weight * SHARE.1 > total * SHARE.0 && own > 0 {
                claims.push(Claim {
                    class: class as u8,
                    column: (place % width) as u16,
                    row: (place / width) as u16,
                    weight,
                });
            }
        }
    }
    claims
}

/// For each number the sum of it and of those one stride before and after it in its line, where
/// numbers stand in lines of so many.
fn around(numbers: &[u16], line: usize, stride: usize) -> Vec<u16> {
    let mut sums = numbers.to_vec();
    let lines = sums.chunks_exact_mut(line).zip(numbers.chunks_exact(line));
    for (sums, own) in lines {
        let rest = line.saturating_sub(REACH * stride);
        let mut add = |places: std::ops::Range<usize>, from: &[u16]| {
            for (sum, more) in sums[places].iter_mut().zip(from) {
                *sum = sum.saturating_add(*more);
            }
        };
        add(0..rest, &own[line - rest..]);
        add(line - rest..line, &own[..rest]);
    }
    sums
}

/// One place for each class that has a claim where `is_free`: where it is
/// densest, the densest class first, no two letters side by side.
pub(super) fn letters(claims: &[Claim], is_free: impl Fn(u16, u16) -> bool) -> Vec<Claim> {
    let mut letters: Vec<Claim> = Vec::new();
    let mut waiting: Vec<u8> = {
        let mut peaks = [0; MOST_CLASSES];
        for claim in claims {
            let peak = &mut peaks[usize::from(claim.class)];
            *peak = claim.weight.max(*peak);
        }
        let known = 0..MOST_CLASSES as u8;
        let mut classes: Vec<u8> = known.filter(|&c| peaks[usize::from(c)] > 0).collect();
        classes.sort_by_key(|&class| (peaks[usize::from(class)], Reverse(class)));
        classes
    };
    while let Some(class) = waiting.pop() {
        let apart = |claim: &Claim| {
            letters
                .iter()
                .all(|letter| letter.row != claim.row || letter.column.abs_diff(claim.column) > 1)
        };
        let best = claims
            .iter()
            .filter(|claim| claim.class == class && is_free(claim.column, claim.row))
            .filter(|claim| apart(claim))
            .max_by_key(|claim| claim.weight);
        letters.extend(best);
    }
    letters
}
