//! Pictures that are none of the data's, and what they cost: whatever a network has not learnt
//! to redraw it should redraw badly, and this tells how badly.

use std::sync::Arc;

use super::super::Scope;
use crate::{
    data::{Dataset, Split, corrupt::Noise},
    measure::auc,
    message::{Losses, Strange, Strangers},
};

/// The deviation of the noise on [`Strangers::Noisy`].
const NOISE: f64 = 0.5;

/// The strangers that were met last.
#[derive(Default)]
pub(super) struct Gallery {
    images: Option<(Strangers, Arc<Split>)>,
    costs: Option<(Strangers, u64, Vec<f32>)>,
    told: Option<Arc<Strange>>,
}

impl Gallery {
    /// Measures them.
    pub(super) fn study(&mut self, who: Strangers, scope: &Scope) {
        let images = match &self.images {
            Some((known, images)) if *known == who => Arc::clone(images),
            _ => {
                let images = Arc::new(of(who, scope.data));
                self.images = Some((who, Arc::clone(&images)));
                images
            }
        };
        let mut losses = scope.lens.losses(&images);
        losses.sort_unstable_by(f32::total_cmp);
        self.costs = Some((who, scope.snapshot.step, losses));
    }

    /// What they cost, beside the real images.
    pub(super) fn costs(&mut self, who: Strangers, real: Option<&Losses>) -> Option<Arc<Strange>> {
        let (known, step, sorted) = self.costs.as_ref()?;
        if *known != who {
            return None;
        }
        let of_one_step = real.filter(|real| real.step == *step);
        match &self.told {
            Some(told) if (told.who, told.step) == (who, *step) => {
                if told.auc.is_some() || of_one_step.is_none() {
                    return Some(Arc::clone(told));
                }
            }
            _ => {}
        }
        let strange = Arc::new(Strange {
            who,
            step: *step,
            auc: of_one_step.and_then(|real| auc::of_sorted(&real.sorted, sorted)),
            sorted: sorted.clone(),
        });
        self.told = Some(Arc::clone(&strange));
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
        Strangers::Noisy => made(test, |n, image, _| {
            let mut pixels: Vec<f32> = image.iter().map(|&x| f32::from(x) / 255.0).collect();
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
