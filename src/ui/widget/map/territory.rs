//! Territories: where a digit holds more than two fifths of a region.
//!
//! The region of a cell is the 3x3 cells around it. A digit's letter stands where
//! its own images are densest within its territory, so that letters appear one
//! by one as the digits part.

use std::cmp::Reverse;

use super::cells::{Counts, MapCells};

/// Cells to each side that belong to a cell's region.
const REACH: usize = 1;
/// A digit holds a region when it has more than `SHARE.0 / SHARE.1` of its images.
const SHARE: (u32, u32) = (2, 5);
/// A region with fewer images belongs to nobody; nor does one with less than a
/// four hundredth of them all.
const REGION_LEAST: u32 = 10;
const REGION_PART: u32 = 400;

/// A cell whose region a digit holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Claim {
    pub(super) digit: u8,
    pub(super) column: u16,
    pub(super) row: u16,
    /// The digit's images in the region.
    pub(super) weight: u32,
}

/// Every cell that a digit can put its letter on: it holds the region and has
/// images in the cell itself.
pub(super) fn claims(cells: &MapCells) -> Vec<Claim> {
    let (columns, rows) = cells.size();
    let (width, height) = (usize::from(columns), usize::from(rows));
    let counts: Vec<Counts> = (0..rows)
        .flat_map(|row| (0..columns).map(move |column| cells.cell(column, row)))
        .collect();
    let images: u32 = counts.iter().flatten().copied().map(u32::from).sum();
    let least = REGION_LEAST.max(images / REGION_PART);
    let across = sums(&counts, |cell| {
        let (row, column) = (cell / width, cell % width);
        let last = (column + REACH).min(width - 1);
        row * width + column.saturating_sub(REACH)..=row * width + last
    });
    let regions = sums(&across, |cell| {
        let (row, column) = (cell / width, cell % width);
        let last = (row + REACH).min(height - 1);
        (row.saturating_sub(REACH) * width + column..=last * width + column).step_by(width)
    });
    let mut claims = Vec::new();
    for (place, (region, own)) in regions.iter().zip(&counts).enumerate() {
        let total: u32 = region.iter().copied().map(u32::from).sum();
        if total < least {
            continue;
        }
        for (digit, (&weight, &own)) in region.iter().zip(own).enumerate() {
            let weight = u32::from(weight);
            if weight * SHARE.1 > total * SHARE.0 && own > 0 {
                claims.push(Claim {
                    digit: digit as u8,
                    column: (place % width) as u16,
                    row: (place / width) as u16,
                    weight,
                });
            }
        }
    }
    claims
}

/// For each place the sum over the places that belong to it.
fn sums<I: Iterator<Item = usize>>(counts: &[Counts], places: impl Fn(usize) -> I) -> Vec<Counts> {
    let sum = |place| {
        let mut sum = [0_u16; 10];
        for from in places(place) {
            for (sum, more) in sum.iter_mut().zip(&counts[from]) {
                *sum = sum.saturating_add(*more);
            }
        }
        sum
    };
    (0..counts.len()).map(sum).collect()
}

/// One place for each digit that has a claim where `is_free`: where it is
/// densest, the densest digit first, no two letters side by side.
pub(super) fn letters(claims: &[Claim], is_free: impl Fn(u16, u16) -> bool) -> Vec<Claim> {
    let mut letters: Vec<Claim> = Vec::new();
    let mut waiting: Vec<u8> = {
        let mut peaks = [0; 10];
        for claim in claims {
            let peak = &mut peaks[usize::from(claim.digit)];
            *peak = claim.weight.max(*peak);
        }
        let mut digits: Vec<u8> = (0..10).filter(|&d| peaks[usize::from(d)] > 0).collect();
        digits.sort_by_key(|&digit| (peaks[usize::from(digit)], Reverse(digit)));
        digits
    };
    while let Some(digit) = waiting.pop() {
        let apart = |claim: &Claim| {
            letters
                .iter()
                .all(|letter| letter.row != claim.row || letter.column.abs_diff(claim.column) > 1)
        };
        let best = claims
            .iter()
            .filter(|claim| claim.digit == digit && is_free(claim.column, claim.row))
            .filter(|claim| apart(claim))
            .max_by_key(|claim| claim.weight);
        letters.extend(best);
    }
    letters
}
