//! Which images are held out of a heap that has no held-out half: so many of each class,
//! drawn once for all, so that every run and every seed measures with the same.

use ndarray_rand::rand::seq::SliceRandom;

use crate::random::{Stream, generator};

/// What names the draw; no run's seed does.
const SEED: u64 = 0;

/// Whether each image is held out, by its label: this part of each class, rounded, at least one
/// image in all, and never the last image of a class that is to be learnt.
pub(super) fn held_out(labels: &[u8], part: f64) -> Vec<bool> {
    let mut held = vec![false; labels.len()];
    for class in 0..=u8::MAX {
        let mut its: Vec<usize> = (0..labels.len()).filter(|&n| labels[n] == class).collect();
        if its.is_empty() {
            continue;
        }
        its.shuffle(&mut generator(SEED, Stream::HeldOut, class.into()));
        let wanted = (its.len() as f64 * part).round() as usize;
        for &image in &its[..wanted.min(its.len() - 1)] {
            held[image] = true;
        }
    }
    if !held.contains(&true) && labels.len() > 1 {
        // Classes of a few images each: one image will do, the last.
        held[labels.len() - 1] = true;
    }
    held
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_each_class_is_held_out_and_always_the_same() {
        let labels: Vec<u8> = (0..1000).map(|n| (n % 7 % 3) as u8).collect();
        let held = held_out(&labels, 0.1);
        assert_eq!(held, held_out(&labels, 0.1));
        for class in 0..3 {
            let of = |wanted: bool| {
                let its = labels.iter().zip(&held);
                its.filter(|(label, held)| **label == class && **held == wanted)
                    .count()
            };
            let (out, all) = (of(true), of(true) + of(false));
            assert_eq!(out, (all as f64 / 10.0).round() as usize, "{class}");
        }
        // No stretch of them: films of one thing lie beside each other.
        let longest = held
            .chunk_by(|a, b| a == b)
            .filter(|run| run[0])
            .map(<[bool]>::len)
            .max();
        assert!(longest < Some(10), "{longest:?}");
    }

    /// Runs of an older version go on only while this holds.
    #[test]
    fn what_is_held_out_is_the_same_in_every_version() {
        let held = held_out(&[0; 20], 0.1);
        let out: Vec<usize> = (0..20).filter(|&n| held[n]).collect();
        assert_eq!(out, [15, 19]);
    }

    #[test]
    fn a_class_keeps_an_image_to_learn_and_all_together_hold_one_out() {
        assert_eq!(
            held_out(&[0, 0], 0.9).iter().filter(|held| **held).count(),
            1
        );
        assert_eq!(held_out(&[0, 1, 2], 0.9), [false, false, true]);
        assert_eq!(held_out(&[0, 1, 2], 0.1), [false, false, true]);
        assert_eq!(held_out(&[5], 0.5), [false]);
    }
}
