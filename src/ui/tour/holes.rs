//! A place on the map that is far from all images and yet among them.

use crate::message::Map;

/// Cells of the grid that is searched, on each side.
const GRID: usize = 40;

/// The middle of the empty cell that is, in the code's own units, farthest from all that are not, among those that have
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
    let middle = |place: usize, axis: usize| {
        let [low, high] = ends[axis];
        let at = low + (high - low) * (place as f32 + 0.5) / GRID as f32;
        at * at.abs()
    };
    // In plain units of the code, as the distance to the data is told.
    let distance = |&(row, column): &(usize, usize)| {
        let here = [middle(column, 0), middle(row, 1)];
        let far = images.iter().map(|&(row, column)| {
            let away = [here[0] - middle(column, 0), here[1] - middle(row, 1)];
            away[0] * away[0] + away[1] * away[1]
        });
        far.fold(f32::INFINITY, f32::min)
    };
    let holes = places.filter(|&(row, column)| empty(row, column) && surrounded(row, column));
    let (row, column) = holes.max_by(|a, b| distance(a).total_cmp(&distance(b)))?;
    Some([middle(column, 0), middle(row, 1)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Plane;

    #[test]
    fn a_hole_lies_among_the_images_and_far_from_each() {
        // Images all round, and one in the middle of the left half.
        let ring = (0..=20).flat_map(|place| {
            let along = place as f32 * 5.0;
            [[along, 0.0], [along, 100.0], [0.0, along], [100.0, along]]
        });
        let points: Vec<[f32; 2]> = ring.chain([[25.0, 50.0]]).collect();
        let map = Map {
            step: 0,
            plane: Plane::Codes,
            labels: vec![0; points.len()].into(),
            points,
            chosen: [0.0; 2],
            prior: None,
            range: [[0.0, 100.0]; 2],
            units: [0.0; 2],
            digit_losses: None,
        };
        let [x, y] = hole(&map).unwrap();
        // The farthest place of all is some 37 from each, and a cell there five wide.
        let nearest = map.points.iter().map(|[px, py]| (px - x).hypot(py - y));
        let nearest = nearest.fold(f32::INFINITY, f32::min);
        assert!(nearest > 37.0 - 5.0, "{x} {y}: {nearest}");
        let alone = Map {
            points: vec![[1.0, 1.0]],
            labels: vec![0].into(),
            ..map
        };
        assert_eq!(hole(&alone), None);
    }
}
