//! Where a network puts every held-out image, on axes that stay as they are while it
//! learns.
//!
//! The axes of a moment follow from its step and from the moments before that have
//! been drawn, whatever came first to the screen: a range grows and never shrinks from
//! step to step, and principal axes keep their order and signs. Only where the codes would
//! fill next to nothing of the plane, as in the first seconds of a run that uses one of its numbers,
//! the axes fit them. So going back and
//! forth through a run shows each moment as it was. Moments that are gone back to follow
//! all that was drawn, and those of the run as it goes on follow each other alone: looking
//! back changes nothing of what comes.

use std::{collections::BTreeMap, sync::Arc};

use ndarray::{Array2, ArrayView2};

use super::{
    nice::{NiceRange, at_least, fit},
    projection::Projection,
    territory,
};
use crate::{
    data::Split,
    lens::Sample,
    message::{Map, Plane},
    nn::Code,
};

/// Standard deviations of the distribution that Gaussian codes are held to for
/// which a map has room from the start: 99 of 100 draws lie within.
const PRIOR_REACH: f32 = 3.0;

/// Where codes fill less than this part of the plane, its axes fit them; and where they did so at
/// the moment before, until codes fill the second, so that no map goes to and fro.
const FILLED: f32 = 0.1;
const FILLED_AGAIN: f32 = 0.15;

/// Moments whose axes are remembered one by one: more than a film has seconds of.
const MOST: usize = 1024;

/// Whose moment is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Drawing {
    /// The run's, as it goes on.
    Live,
    /// One that was gone back to.
    Visit,
}

/// The map, and the axes of the moments it was drawn of.
#[derive(Debug)]
pub(super) struct Cartographer {
    live: Drawn,
    visited: Drawn,
    labels: Arc<[u8]>,
    code: Code,
}

/// The axes of moments, by their steps.
#[derive(Debug, Default)]
struct Drawn(BTreeMap<u64, Axes>);

/// What the codes of one moment need.
#[derive(Debug, Clone)]
struct Axes {
    projection: Projection,
    ranges: [NiceRange; 2],
    /// Where two-sided axes begin to bend: the median size of a value, rounded up.
    units: [f32; 2],
    /// Where the axes fit the codes of this moment alone, between what.
    fitted: Option<[[f32; 2]; 2]>,
}

impl Cartographer {
    pub(super) fn new(test: &Split, code: Code) -> Self {
        Self {
            live: Drawn::default(),
            visited: Drawn::default(),
            labels: test.labels().into(),
            code,
        }
    }

    /// The map of these codes of the held-out images after `step` steps.
    pub(super) fn draw(
        &mut self,
        step: u64,
        codes: ArrayView2<f32>,
        chosen: &Sample,
        drawing: Drawing,
    ) -> Map {
        let projection = self.projection(step, codes, drawing);
        let labels = &self.labels;
        let points = projection.places(codes, |row| f32::from(labels[row]));
        let ranges = [0, 1].map(|axis| self.range_of(axis, &points, codes.ncols()));
        let prior = self.prior(&projection, codes.ncols());
        let chosen = place_of(&projection, chosen);
        let units = [0, 1].map(|axis| unit_of(axis, &points));
        let plane = Projection::plane(codes.ncols());
        let mut axes = Axes {
            projection,
            ranges,
            units,
            fitted: None,
        };
        let range = self.ranges(step, codes.ncols(), &axes, drawing);
        if prior.is_none() {
            axes.fitted = self.fitted(step, &points, (plane, range), drawing);
        }
        let range = axes.fitted.unwrap_or(range);
        match drawing {
            Drawing::Live => self.live.remember(step, axes),
            Drawing::Visit => self.visited.remember(step, axes),
        }
        Map {
            step,
            plane,
            range,
            units: self.units(step, drawing),
            labels: Arc::clone(&self.labels),
            digit_losses: None,
            chosen,
            prior,
            points,
        }
    }

    /// Where a sample lies on the map of a moment that has been drawn.
    pub(super) fn place(&self, step: u64, sample: &Sample) -> Option<[f32; 2]> {
        let axes = self.drawn_at(step)?;
        Some(place_of(&axes.projection, sample))
    }

    /// The way from codes to the map of a moment that has been drawn.
    pub(super) fn projection_at(&self, step: u64) -> Option<Projection> {
        self.drawn_at(step).map(|axes| axes.projection.clone())
    }

    fn drawn_at(&self, step: u64) -> Option<&Axes> {
        let visited = || self.visited.0.get(&step);
        self.live.0.get(&step).or_else(visited)
    }

    /// What a moment of this sort follows.
    fn before_it(&self, drawing: Drawing) -> impl Iterator<Item = &Drawn> {
        let visited = (drawing == Drawing::Visit).then_some(&self.visited);
        std::iter::once(&self.live).chain(visited)
    }

    /// As it was, if this moment has been drawn before; otherwise like its neighbour's.
    fn projection(&self, step: u64, codes: ArrayView2<f32>, drawing: Drawing) -> Projection {
        let drawn = || self.before_it(drawing);
        if let Some(known) = drawn().find_map(|drawn| drawn.0.get(&step)) {
            return known.projection.clone();
        }
        let before = drawn().filter_map(|drawn| drawn.0.range(..step).next_back());
        let after = drawn().filter_map(|drawn| drawn.0.range(step..).next());
        let before = before.max_by_key(|(step, _)| **step);
        let neighbour = before.or_else(|| after.min_by_key(|(step, _)| **step));
        Projection::of(codes, neighbour.map(|(_, axes)| &axes.projection))
    }

    fn range_of(&self, axis: usize, points: &[[f32; 2]], latent: usize) -> NiceRange {
        let mut values: Vec<f32> = points.iter().map(|point| point[axis]).collect();
        let range = NiceRange::of(&mut values);
        if self.code == Code::Gaussian && latent == 2 {
            range.union(NiceRange::of(&mut [-PRIOR_REACH, PRIOR_REACH]))
        } else {
            range
        }
    }

    /// Axes that fit these places, where they fill too little of such a range.
    fn fitted(
        &self,
        step: u64,
        points: &[[f32; 2]],
        (plane, range): (Plane, [[f32; 2]; 2]),
        drawing: Drawing,
    ) -> Option<[[f32; 2]; 2]> {
        let drawn = self.before_it(drawing);
        let before = drawn.filter_map(|drawn| drawn.0.range(..=step).next_back());
        let before = before.max_by_key(|(step, _)| **step);
        let did = before.is_some_and(|(_, axes)| axes.fitted.is_some());
        let enough = if did { FILLED_AGAIN } else { FILLED };
        if territory::filled(points, range) >= enough {
            return None;
        }
        let values = |axis: usize| points.iter().map(|point| point[axis]).collect();
        let fitted = |axis: usize| fit(values(axis)).unwrap_or(range[axis]);
        // Classes are counted, and have their places.
        let classes = plane == Plane::Line;
        Some([fitted(0), if classes { range[1] } else { fitted(1) }])
    }

    /// All that has been seen up to this step fits, also what is `here`. A code of one value has
    /// the classes on its other axis.
    fn ranges(&self, step: u64, latent: usize, here: &Axes, drawing: Drawing) -> [[f32; 2]; 2] {
        let drawn = self.before_it(drawing);
        let seen = drawn.flat_map(|drawn| drawn.0.range(..=step));
        let seen = seen.map(|(_, axes)| axes.ranges);
        let [x, y] = seen.fold(here.ranges, united).map(NiceRange::ends);
        let most = self.labels.iter().max().copied().unwrap_or_default();
        let classes = [0.0, f32::from(most.max(1))];
        [x, if latent == 1 { classes } else { y }]
    }

    /// The largest up to this step: like the ranges they never shrink, so that nothing on the map
    /// goes back and forth.
    fn units(&self, step: u64, drawing: Drawing) -> [f32; 2] {
        let drawn = self.before_it(drawing);
        let seen = drawn.flat_map(|drawn| drawn.0.range(..=step));
        let largest = |a: [f32; 2], b: [f32; 2]| [0, 1].map(|axis| a[axis].max(b[axis]));
        seen.map(|(_, axes)| axes.units).fold([0.0; 2], largest)
    }

    /// The axes are two code values or orthonormal directions among them, and so
    /// the standard normal distribution has its shape on any map.
    fn prior(&self, projection: &Projection, latent: usize) -> Option<[f32; 2]> {
        if self.code != Code::Gaussian || latent < 2 {
            return None;
        }
        let middle = Array2::zeros((1, latent));
        Some(projection.places(middle.view(), |_| 0.0)[0])
    }
}

impl Drawn {
    /// Of too many moments every second one hands its ranges on to the next and goes.
    fn remember(&mut self, step: u64, axes: Axes) {
        self.0.insert(step, axes);
        if self.0.len() <= MOST {
            return;
        }
        let drawn = std::mem::take(&mut self.0);
        let last = drawn.len() - 1;
        let mut handed_on = <[NiceRange; 2]>::default();
        let mut units_handed_on = [0.0_f32; 2];
        for (index, (at, mut axes)) in drawn.into_iter().enumerate() {
            axes.ranges = united(std::mem::take(&mut handed_on), axes.ranges);
            let units = std::mem::take(&mut units_handed_on);
            axes.units = [0, 1].map(|axis| axes.units[axis].max(units[axis]));
            let goes = (last - index) % 2 == 1 && at != step;
            if goes {
                handed_on = axes.ranges;
                units_handed_on = axes.units;
            } else {
                self.0.insert(at, axes);
            }
        }
    }
}

fn united(before: [NiceRange; 2], here: [NiceRange; 2]) -> [NiceRange; 2] {
    [0, 1].map(|axis| before[axis].union(here[axis]))
}

/// The median size of what is not zero on an axis, as a nice number.
fn unit_of(axis: usize, points: &[[f32; 2]]) -> f32 {
    let sizes = points.iter().map(|point| point[axis].abs());
    let mut sizes: Vec<f32> = sizes
        .filter(|size| size.is_finite() && *size > 0.0)
        .collect();
    if sizes.is_empty() {
        return 0.0;
    }
    let middle = sizes.len() / 2;
    let (_, &mut median, _) = sizes.select_nth_unstable_by(middle, f32::total_cmp);
    at_least(median)
}

/// Where a sample lies on a map of this projection.
pub(super) fn place_of(projection: &Projection, sample: &Sample) -> [f32; 2] {
    let code = ArrayView2::from_shape((1, sample.code.len()), &sample.code)
        .expect("one row holds the whole code");
    projection.places(code, |_| f32::from(sample.label))[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Sample {
        Sample {
            index: 0,
            label: 3,
            original: Vec::new(),
            noisy: None,
            reconstruction: Vec::new(),
            code: vec![1.0, 2.0],
            loss: 0.0,
        }
    }

    /// Codes that reach as far as this.
    fn codes(reach: f32) -> Array2<f32> {
        Array2::from_shape_fn((50, 2), |(row, axis)| {
            reach * (1.0 - (row * (axis + 1) % 50) as f32 / 50.0)
        })
    }

    fn cartographer() -> Cartographer {
        let images = Split::new(vec![0; 50 * crate::data::PIXELS], vec![0; 50]);
        Cartographer::new(&images, Code::Values)
    }

    #[test]
    fn ranges_follow_the_steps_in_whatever_order_they_are_drawn() {
        let moments = [(10, 3.0), (20, 9.0), (30, 5.0), (40, 30.0)];
        let expected = [3.0, 10.0, 10.0, 30.0];
        let mut cartographer = cartographer();
        // First the last, then all of them once more.
        for (step, reach) in [moments[3], moments[0], moments[2], moments[1]] {
            cartographer.draw(step, codes(reach).view(), &sample(), Drawing::Live);
        }
        for ((step, reach), expected) in moments.into_iter().zip(expected) {
            let map = cartographer.draw(step, codes(reach).view(), &sample(), Drawing::Live);
            assert_eq!(map.range, [[0.0, expected]; 2], "step {step}");
        }
        assert_eq!(cartographer.place(20, &sample()), Some([1.0, 2.0]));
        assert_eq!(cartographer.place(25, &sample()), None);
    }

    #[test]
    fn where_an_axis_bends_goes_up_with_the_steps_and_never_back() {
        let mut cartographer = cartographer();
        let mut units = |step, reach| {
            let map = cartographer.draw(step, codes(reach).view(), &sample(), Drawing::Live);
            map.units[0]
        };
        let [first, wide, narrow] = [units(10, 3.0), units(20, 30.0), units(30, 1.0)];
        assert!(first > 0.0 && wide > first, "{first} {wide}");
        assert_eq!(narrow, wide);
    }

    /// Codes that lie on a line, `width` of it wide, from `from` to twice that.
    fn line(from: f32, width: f32) -> Array2<f32> {
        Array2::from_shape_fn((2500, 2), |(row, axis)| match axis {
            0 => from * (1.0 + (row / 50) as f32 / 50.0),
            _ => width * (row % 50) as f32 / 50.0,
        })
    }

    #[test]
    fn axes_fit_codes_that_fill_next_to_nothing_until_they_fill_more() {
        let mut cartographer = cartographer();
        let mut draw = |step, codes: Array2<f32>| {
            let map = cartographer.draw(step, codes.view(), &sample(), Drawing::Live);
            let filled = territory::filled(&map.points, map.range);
            (map.range, filled)
        };
        let (whole, _) = draw(10, line(20.0, 30.0));
        assert_eq!(whole, [[0.0, 45.0], [0.0, 30.0]]);
        // Of two numbers one sleeps: a line across the middle, from end to end.
        let ([x, y], filled) = draw(20, line(20.0, 0.0));
        assert!(x[0] > 15.0 && x[1] < 45.0, "{x:?}");
        assert_eq!(y, [-0.5, 0.5]);
        assert!(filled > 0.9 / 24.0, "a cell of each column: {filled}");
        // A blot in the corner is seen large.
        let (_, filled) = draw(30, line(1.0, 1.0));
        assert!(filled > 0.5, "{filled}");
        // And what fills enough has the axes that it had.
        let (range, _) = draw(40, line(20.0, 30.0));
        assert_eq!(range, whole);
        let again = draw(20, line(20.0, 0.0));
        assert_eq!(again.0, [x, y]);
    }

    #[test]
    fn axes_that_fit_do_not_come_and_go() {
        let mut cartographer = cartographer();
        let mut fits = |step, width| {
            let codes = line(20.0, width);
            let map = cartographer.draw(step, codes.view(), &sample(), Drawing::Live);
            map.range != [[0.0, 45.0], [0.0, 30.0]]
        };
        assert!(!fits(10, 30.0));
        // On those axes an eighth of the plane, a sixteenth, an eighth, a fifth and an eighth.
        let [eighth, sixteenth, fifth] = [5.7, 1.2, 15.0];
        assert!(!fits(20, eighth));
        assert!(fits(30, sixteenth));
        assert!(fits(40, eighth), "as the moment before");
        assert!(!fits(50, fifth));
        assert!(!fits(60, eighth));
    }

    #[test]
    fn a_code_of_one_value_that_is_narrow_keeps_its_classes_and_numbers_that_are_none_no_axes() {
        let mut cartographer = cartographer();
        let codes = Array2::from_shape_fn((50, 1), |(row, _)| 9.0 + row as f32 / 100.0);
        let one = Sample {
            code: vec![9.0],
            ..sample()
        };
        let map = cartographer.draw(10, codes.view(), &one, Drawing::Live);
        assert!(map.range[0][0] > 8.9, "{:?}", map.range);
        assert_eq!(map.range[1], [0.0, 1.0]);
        let none = Array2::from_elem((50, 1), f32::NAN);
        let map = cartographer.draw(20, none.view(), &one, Drawing::Live);
        assert!(map.range.as_flattened().iter().all(|end| end.is_finite()));
    }

    #[test]
    fn looking_back_moves_no_axis_of_what_comes() {
        let mut cartographer = cartographer();
        let mut draw = |step, reach, drawing| {
            let map = cartographer.draw(step, codes(reach).view(), &sample(), drawing);
            map.range[0][1]
        };
        assert_eq!(draw(10, 3.0, Drawing::Live), 3.0);
        assert_eq!(draw(50, 6.0, Drawing::Live), 6.0);
        assert_eq!(draw(30, 30.0, Drawing::Visit), 30.0);
        assert_eq!(draw(40, 1.0, Drawing::Visit), 30.0);
        assert_eq!(draw(60, 6.0, Drawing::Live), 6.0);
    }

    #[test]
    fn a_long_run_is_remembered_in_fewer_moments_with_all_its_ranges() {
        let mut cartographer = cartographer();
        for step in 0..3 * MOST as u64 {
            let reach = if step == 700 { 9.0 } else { 3.0 };
            let map = cartographer.draw(step, codes(reach).view(), &sample(), Drawing::Live);
            let expected = if step < 700 { 3.0 } else { 10.0 };
            assert_eq!(map.range[0], [0.0, expected], "step {step}");
        }
        assert!(cartographer.live.0.len() <= MOST);
    }
}
