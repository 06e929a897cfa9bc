//! Which digits, or classes of other data, have a place of their own on the map, and which share one.

use crate::{
    data::MOST_CLASSES,
    message::{Map, Plane},
};

/// Cells of the grid that the map is divided into, on each side.
const GRID: usize = 24;
/// A digit is at home where it is the majority; with this share of its images
/// at home it has a place of its own.
const OWN: f32 = 0.6;
/// Two digits share a place when one has this share of its images where the
/// other is the majority.
const SHARED: f32 = 0.2;

/// The cell of the grid on which a place lies within a range, on axes that shorten long tails as
/// the map's do.
fn cell_of(point: [f32; 2], range: [[f32; 2]; 2]) -> usize {
    let place = |axis: usize| {
        let root = |value: f32| value.abs().sqrt().copysign(value);
        let [low, high] = range[axis].map(root);
        let part = (root(point[axis]) - low) / (high - low);
        ((part * GRID as f32) as usize).min(GRID - 1)
    };
    place(1) * GRID + place(0)
}

/// The part of the plane, of cells of the grid, on which there is any place within a range; of few
/// places, the part that they could fill.
pub(super) fn filled(points: &[[f32; 2]], range: [[f32; 2]; 2]) -> f32 {
    let mut taken = [false; GRID * GRID];
    for point in points {
        taken[cell_of(*point, range)] = true;
    }
    let cells = taken.iter().filter(|taken| **taken).count();
    cells as f32 / taken.len().min(points.len()).max(1) as f32
}

/// For every digit, the share of its images in cells where each digit is the majority.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Territories {
    shares: Vec<Vec<f32>>,
}

/// The share of a class's images that lie where it is the most frequent, on a map that tells.
pub fn share_at_home(map: &Map, class: u8) -> Option<f32> {
    let (territories, class) = (Territories::of(map)?, usize::from(class));
    territories.shares.get(class)?.get(class).copied()
}

impl Territories {
    /// Surveys a map, unless one of its axes is the label: on such a map every class has
    /// a place of its own, whatever the network does. A single class has nobody to part from.
    pub(super) fn of(map: &Map) -> Option<Self> {
        let several = map.labels.iter().any(|&label| label != map.labels[0]);
        let learnt = map.plane != Plane::Line && several;
        learnt.then(|| Self::survey(&map.points, &map.labels, map.range))
    }

    /// Surveys places within a range.
    fn survey(points: &[[f32; 2]], labels: &[u8], range: [[f32; 2]; 2]) -> Self {
        let cell_of = |point: &[f32; 2]| cell_of(*point, range);
        let known = |label: &u8| usize::from(*label) < MOST_CLASSES;
        let classes = labels.iter().copied().filter(known).max();
        let classes = classes.map_or(0, |most| usize::from(most) + 1);
        let labelled = points.iter().zip(labels).filter(|(_, label)| known(label));
        let mut counts = vec![0u32; classes * GRID * GRID];
        for (point, &label) in labelled {
            counts[cell_of(point) * classes + usize::from(label)] += 1;
        }
        let mut images = vec![0u32; classes];
        let mut shared = vec![vec![0u32; classes]; classes];
        for cell in counts.chunks_exact(classes.max(1)) {
            let majority = (0..classes).max_by_key(|&class| cell[class]).unwrap_or(0);
            for (class, count) in cell.iter().enumerate() {
                images[class] += count;
                shared[class][majority] += count;
            }
        }
        let part = |shared: Vec<u32>, images: u32| {
            let of_all = |count| count as f32 / images.max(1) as f32;
            shared.into_iter().map(of_all).collect()
        };
        let shares = shared.into_iter().zip(images);
        let shares = shares.map(|(shared, images)| part(shared, images));
        Self {
            shares: shares.collect(),
        }
    }

    fn classes(&self) -> std::ops::Range<usize> {
        0..self.shares.len()
    }

    /// The digit that is most at home, and how large a share of it is, if it has a place of its
    /// own.
    pub(super) fn most_at_home(&self) -> Option<(usize, f32)> {
        let home = |digit: &usize| self.shares[*digit][*digit];
        let most = self.classes().max_by(|a, b| home(a).total_cmp(&home(b)))?;
        (home(&most) >= OWN).then(|| (most, home(&most)))
    }

    /// Whether a digit still lives where the other is the majority.
    pub(super) fn shares(&self, digit: usize, other: usize) -> bool {
        let shares = self.shares.get(digit).and_then(|shares| shares.get(other));
        shares.is_some_and(|share| *share >= SHARED)
    }

    /// The digit that most often lives where another is the majority, and that other.
    pub(super) fn most_shared(&self) -> Option<(usize, usize)> {
        let classes = self.classes();
        let pairs = self
            .classes()
            .flat_map(|a| classes.clone().map(move |b| (a, b)));
        let share = |&(a, b): &(usize, usize)| self.shares[a][b];
        let most = pairs
            .filter(|(a, b)| a != b)
            .max_by(|a, b| share(a).total_cmp(&share(b)))?;
        (share(&most) >= SHARED).then_some(most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANGE: [[f32; 2]; 2] = [[0.0, 1.0], [0.0, 1.0]];

    #[test]
    fn digits_apart_are_at_home_and_digits_together_share() {
        let apart = Territories::survey(&[[0.1, 0.1], [0.9, 0.9]], &[3, 5], RANGE);
        assert!(apart.most_at_home().is_some());
        assert_eq!(apart.most_shared(), None);

        // Three 9s and a 4 in one place: the 4 lives among 9s.
        let together = Territories::survey(&[[0.5, 0.5]; 4], &[9, 4, 9, 9], RANGE);
        assert_eq!(together.most_shared(), Some((4, 9)));
        assert_eq!(together.most_at_home(), Some((9, 1.0)));
    }

    #[test]
    fn a_map_with_the_label_as_an_axis_tells_nothing() {
        let map = |plane| Map {
            step: 0,
            plane,
            points: vec![[0.5, 0.1], [0.5, 0.9]],
            labels: vec![1, 9].into(),
            chosen: [0.0; 2],
            prior: None,
            range: RANGE,
            units: [0.0; 2],
            digit_losses: None,
        };
        assert_eq!(Territories::of(&map(Plane::Line)), None);
        assert!(Territories::of(&map(Plane::Codes)).is_some());
        let alone = Map {
            labels: vec![0, 0].into(),
            ..map(Plane::Codes)
        };
        assert_eq!(Territories::of(&alone), None, "images without labels");
    }

    #[test]
    fn forty_seven_classes_have_territories_too() {
        // Each class in a cell of its own, but for some of the last, which live with the one before.
        let place = |class: usize| [class % 8, class / 8].map(|place| place as f32 / 8.0 + 0.01);
        let labels: Vec<u8> = (0..47)
            .flat_map(|class| [class; 3])
            .chain([46; 2])
            .collect();
        let points: Vec<[f32; 2]> = labels
            .iter()
            .enumerate()
            .map(|(image, &class)| match (image, class) {
                (..140, 46) => place(45),
                (_, class) => place(class.into()),
            })
            .map(|[x, y]: [f32; 2]| [x * x, y * y])
            .collect();
        let survey = Territories::survey(&points, &labels, RANGE);
        assert_eq!(survey.most_at_home(), Some((45, 1.0)));
        assert_eq!(survey.most_shared(), Some((46, 45)));
        assert!(survey.shares(46, 45) && !survey.shares(45, 46));
    }

    #[test]
    fn places_beyond_the_range_and_strange_labels_do_no_harm() {
        let points = [[f32::NAN, 0.0], [1e9, -1e9], [0.5, 0.5]];
        let survey = Territories::survey(&points, &[1, 2, 200], RANGE);
        assert_eq!(survey.most_shared(), None);
    }
}
