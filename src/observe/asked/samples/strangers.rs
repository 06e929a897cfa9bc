//! Pictures that are none of the data's, and what they cost: whatever a network has not learnt
//! to redraw it should redraw badly, and this tells how badly.

use std::sync::Arc;

use super::super::Scope;
use crate::{
    data::{Dataset, Split, corrupt::Noise},
    measure::auc,
    message::{Losses, SplitName, Strange, Strangers},
};

/// The deviation of the noise on [`Strangers::Noisy`].
const NOISE: f64 = 0.5;

/// The strangers that were met last.
#[derive(Default)]
pub(super) struct Gallery {
    images: Option<(Strangers, Arc<Split>)>,
    costs: Option<(Strangers, u64, Vec<f32>)>,
    /// The first of them, while others are measured.
    part: Option<(Strangers, u64, Vec<f32>)>,
    /// What was told, beside which real ones of which step.
    told: Option<(SplitName, Option<u64>, Arc<Strange>)>,
}

impl Gallery {
    /// Measures some more of them. Whether all are done.
    pub(super) fn study(&mut self, who: Strangers, scope: &Scope) -> bool {
        let here = (who, scope.snapshot.step);
        let images = match &self.images {
            Some((known, images)) if *known == who => Arc::clone(images),
            _ => {
                let images = Arc::new(of(who, scope.data));
                self.images = Some((who, Arc::clone(&images)));
                images
            }
        };
        let begun = self.part.take();
        let begun = begun.filter(|(who, step, _)| (*who, *step) == here);
        let mut losses = begun.map_or_else(Vec::new, |(.., losses)| losses);
        let piece = scope.lens.piece(&images, losses.len());
        let all = piece.end == images.len();
        losses.extend(scope.lens.losses_of(&images, piece));
        if all {
            losses.sort_unstable_by(f32::total_cmp);
            self.costs = Some((who, here.1, losses));
        } else {
            self.part = Some((who, here.1, losses));
        }
        all
    }

    /// What they cost, beside the real images of a split.
    pub(super) fn costs(
        &mut self,
        who: Strangers,
        split: SplitName,
        real: Option<&Losses>,
    ) -> Option<Arc<Strange>> {
        let (known, step, sorted) = self.costs.as_ref()?;
        if *known != who {
            return None;
        }
        let beside = real.map(|real| real.step);
        if let Some((of, at, told)) = &self.told
            && (*of, *at, told.who, told.step) == (split, beside, who, *step)
        {
            return Some(Arc::clone(told));
        }
        let strange = Arc::new(Strange {
            who,
            step: *step,
            auc: real.and_then(|real| auc::of_sorted(&real.sorted, sorted)),
            sorted: sorted.clone(),
        });
        self.told = Some((split, beside, Arc::clone(&strange)));
        Some(strange)
    }
}

/// The pictures themselves.
fn of(who: Strangers, data: &Dataset) -> Split {
    let test = &data.test;
    match who {
        Strangers::Turned => made(test, |_, image, size| {
            let [height, width] = size;
            // Square or not, every pixel of the turned picture is one of the picture's.
            let from = |n: usize| {
                (
                    height - 1 - n % width * height / width,
                    n / width * width / height,
                )
            };
            (0..height * width)
                .map(|n| {
                    let (y, x) = from(n);
                    image[y * width + x]
                })
                .collect()
        }),
        Strangers::UpsideDown => made(test, |_, image, [_, width]| {
            image.chunks(width).rev().flatten().copied().collect()
        }),
        Strangers::Negative => made(test, |_, image, _| image.iter().map(|x| 255 - x).collect()),
        Strangers::Noisy => made(test, |n, _, _| {
            let mut pixels = test.pixels_of(n);
            Noise::Gaussian(NOISE).corrupt_held_out(n, test.size(), &mut pixels);
            pixels.iter().map(|x| (x * 255.0).round() as u8).collect()
        }),
        Strangers::Unseen => match test.left_out() {
            Some(others) => others.clone(),
            None => Split::of_size(test.size(), Vec::new(), Vec::new()),
        },
    }
}

/// Each image, made into another.
fn made(split: &Split, make: impl Fn(usize, &[u8], [usize; 2]) -> Vec<u8>) -> Split {
    let size = split.size();
    let image = |n: usize| make(n, split.image(n), [size.height, size.width]);
    let pixels = (0..split.len()).flat_map(image).collect();
    Split::of_size(size, pixels, split.labels().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{data::Classes, image::ImageSize};

    fn data() -> Dataset {
        let size = ImageSize {
            height: 2,
            width: 2,
        };
        let split = || Split::of_size(size, vec![1, 2, 3, 4], vec![0]);
        Dataset {
            name: "four".into(),
            classes: Classes::numbered(10),
            train: split(),
            test: split(),
            digest: String::new(),
        }
    }

    #[test]
    fn a_picture_is_turned_clockwise_or_upside_down_or_its_own_negative() {
        let of = |who| of(who, &data()).image(0).to_vec();
        // 1 2    3 1    3 4
        // 3 4    4 2    1 2
        assert_eq!(of(Strangers::Turned), [3, 1, 4, 2]);
        assert_eq!(of(Strangers::UpsideDown), [3, 4, 1, 2]);
        assert_eq!(of(Strangers::Negative), [254, 253, 252, 251]);
        // The same whenever it is asked for.
        assert_eq!(of(Strangers::Noisy), of(Strangers::Noisy));
        assert_ne!(of(Strangers::Noisy), [1, 2, 3, 4]);
    }

    #[test]
    fn a_picture_that_is_not_square_keeps_its_size() {
        let size = ImageSize {
            height: 2,
            width: 3,
        };
        let split = Split::of_size(size, vec![1, 2, 3, 4, 5, 6], vec![0]);
        let data = Dataset {
            train: split.clone(),
            test: split,
            ..data()
        };
        assert_eq!(of(Strangers::Turned, &data).image(0).len(), 6);
    }
}
