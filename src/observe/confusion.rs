//! How often images of one class have one of another as the nearest code, and what is drawn
//! there costs.

use ndarray::ArrayView2;

use crate::{data::Split, measure, message::Confusion, nn::Cost};

/// Multiplications that may be spent on it: some hundredths of a second.
const EFFORT: usize = 50_000_000;

/// Counts images of a class among another, by the codes of all images and what each costs.
/// Where there are too many, every so many of them stands for its neighbours. None where no
/// image is one of those.
pub(super) fn count(
    codes: ArrayView2<f32>,
    costs: &[Cost],
    images: &Split,
    [class, other]: [usize; 2],
) -> Option<Confusion> {
    let labels = images.labels();
    let members = (0..labels.len()).filter(|&image| usize::from(labels[image]) == class);
    let members: Vec<usize> = members.collect();
    let work = members.len() * codes.len();
    let looked_at = members.iter().step_by(work.div_ceil(EFFORT).max(1));
    let (mut count, mut taken) = (0, Vec::new());
    for &image in looked_at {
        count += 1;
        let nearest = nearest(codes, image)?;
        if usize::from(labels[nearest]) == other {
            taken.push((image, nearest));
        }
    }
    if taken.is_empty() {
        return None;
    }
    let mean = |of: &dyn Fn(&(usize, usize)) -> f64| {
        (taken.iter().map(of).sum::<f64>() / taken.len() as f64) as f32
    };
    let sharp = |&(image, nearest): &(usize, usize)| {
        measure::image_in_place(images.image(nearest), images.image(image))
    };
    Some(Confusion {
        images: count,
        nearest: taken.len(),
        example: taken[0].0,
        cost: mean(&|(image, _)| f64::from(costs[*image].reconstruction)),
        sharp: mean(&sharp),
    })
}

/// The image with the nearest code to that of another.
fn nearest(codes: ArrayView2<f32>, image: usize) -> Option<usize> {
    let here = codes.row(image);
    let distance = |row: usize| -> f32 {
        let there = codes.row(row);
        let squares = here.iter().zip(there).map(|(a, b)| (a - b) * (a - b));
        squares.sum()
    };
    let others = (0..codes.nrows()).filter(|&row| row != image);
    let far = others.map(|row| (row, distance(row)));
    far.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(row, _)| row)
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::data::PIXELS;

    #[test]
    fn those_among_the_others_are_counted_with_what_they_cost() {
        // Two 4s, of which one lies beside a 9, and a 9.
        let codes = array![[0.0, 0.0], [0.1, 0.0], [5.0, 5.0], [5.1, 5.0]];
        let grey = |grey: u8| [grey; PIXELS];
        let pixels = [grey(255), grey(0), grey(255), grey(255)].concat();
        let images = Split::new(pixels, vec![4, 9, 4, 4]);
        let costs = [0.2, 0.3, 0.9, 0.9].map(|reconstruction| Cost {
            reconstruction,
            ..Cost::default()
        });
        let counted = count(codes.view(), &costs, &images, [4, 9]).unwrap();
        assert_eq!((counted.images, counted.nearest), (3, 1));
        assert_eq!(counted.example, 0);
        assert_eq!(counted.cost, 0.2);
        // White where all is black costs what the clip of the losses lets it.
        assert!(
            (counted.sharp - -(1e-7_f32).ln()).abs() < 1e-3,
            "{counted:?}"
        );
        assert_eq!(count(codes.view(), &costs, &images, [9, 7]), None);
    }
}
