//! A place on the map that is far from all images and yet among them.

use crate::message::Map;

/// Cells of the grid that is searched, on each side.
const GRID: usize = 40;

/// The middle of the empty cell that is farthest from all that are not, among those that have
/// images on all four sides.
pub(in crate::ui) fn hole(map: &Map) -> Option<[f32; 2]> {
    let root = |value: f32| value.abs().sqrt().copysign(value);
    let ends = map.range.map(|range| range.map(root));
    let cell = |point: &[f32; 2], axis: usize| {
        let [low, high] = ends[axis];
        let part = (root(point[axis]) - low) / (high - low);
        ((part * GRID as f32) as usize).min(GRID - 1)
    };
    let mut filled = [[false; GRID]; GRID];
    for point in &map.points {
        filled[cell(point, 1)][cell(point, 0)] = true;
    }
    let empty = |row: usize, column: usize| !filled[row][column];
    let surrounded = |row: usize, column: usize| {
        let in_row =
            |columns: std::ops::Range<usize>| columns.into_iter().any(|at| filled[row][at]);
        let in_column =
            |rows: std::ops::Range<usize>| rows.into_iter().any(|at| filled[at][column]);
        in_row(0..column)
            && in_row(column + 1..GRID)
            && in_column(0..row)
            && in_column(row + 1..GRID)
    };
    let places = (0..GRID).flat_map(|row| (0..GRID).map(move |column| (row, column)));
    let images: Vec<(usize, usize)> = places
        .clone()
        .filter(|&(row, column)| filled[row][column])
        .collect();
    let distance = |&(row, column): &(usize, usize)| {
        let far = images
            .iter()
            .map(|&(r, c)| r.abs_diff(row).pow(2) + c.abs_diff(column).pow(2));
        far.min().unwrap_or(0)
    };
    let holes = places.filter(|&(row, column)| empty(row, column) && surrounded(row, column));
    let (row, column) = holes.max_by_key(distance)?;
    let middle = |place: usize, axis: usize| {
        let [low, high] = ends[axis];
        let at = low + (high - low) * (place as f32 + 0.5) / GRID as f32;
        at * at.abs()
    };
    Some([middle(column, 0), middle(row, 1)])
}
