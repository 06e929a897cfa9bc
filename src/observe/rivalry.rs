//! When a network becomes better than principal components, as many as its code has
//! values.
//!
//! Pictures are compared with pictures: where the training loss is the cross-entropy of
//! the pictures, the mean of a hundred steps, which knows it to a thousandth; where it
//! has the price of a code in it, which may come and go on the way, the held-out reconstruction at an epoch's end. Both
//! follow from the run alone, so the milestone does not depend on when the components
//! were known.

use crate::message::{Components, Milestone};

/// Steps whose mean is compared: each hundred of the run, where all of it is known.
pub(super) const STEPS: u64 = 100;

/// The network's losses beside the components'.
#[derive(Debug, Clone, Default)]
pub(super) struct Rivalry {
    /// The sum of the steps that are not yet a mean, and their number.
    sum: f64,
    steps: u64,
    /// What was known of the pictures after so many steps, until it is compared.
    known: Vec<(u64, f32)>,
    components: Option<Components>,
    milestone: Option<Milestone>,
}

impl Rivalry {
    pub(super) fn components(&self) -> Option<Components> {
        self.components
    }

    pub(super) fn milestone(&self) -> Option<&Milestone> {
        self.milestone.as_ref()
    }

    /// The components are known.
    pub(super) fn meet(&mut self, components: Components) {
        self.components = Some(components);
    }

    /// A step's loss, by the pixel; one that is priced has more in it than pictures, and the
    /// mean begins anew after it.
    pub(super) fn step(&mut self, step: u64, loss: f32, priced: bool) {
        if priced {
            (self.sum, self.steps) = (0.0, 0);
        }
        if priced || self.milestone.is_some() {
            return;
        }
        self.sum += f64::from(loss);
        self.steps += 1;
        if step.is_multiple_of(STEPS) {
            if self.steps == STEPS {
                self.known.push((step, (self.sum / STEPS as f64) as f32));
            }
            (self.sum, self.steps) = (0.0, 0);
        }
    }

    /// Goes back to this step; `begun` has the losses since the last full hundred.
    pub(super) fn cut(&mut self, step: u64, begun: impl Iterator<Item = f32>) {
        self.known.retain(|(known, _)| *known <= step);
        self.milestone = self.milestone.take().filter(|reached| reached.step <= step);
        (self.sum, self.steps) = (0.0, 0);
        for loss in begun {
            self.sum += f64::from(loss);
            self.steps += 1;
        }
    }

    /// The held-out pictures at an epoch's end.
    pub(super) fn epoch(&mut self, step: u64, reconstruction: f32) {
        if self.milestone.is_none() {
            self.known.push((step, reconstruction));
        }
    }

    /// The milestone, if it has just come to be known.
    pub(super) fn news(&mut self) -> Option<(u64, Components)> {
        let components = self.components?;
        let new = self.known.drain(..);
        let below = new.filter(|(_, loss)| *loss < components.loss);
        let step = below.map(|(step, _)| step).min()?;
        self.milestone = Some(Milestone {
            step,
            name: format!("below PCA-{}", components.count).into(),
        });
        Some((step, components))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PCA_2: Components = Components {
        count: 2,
        loss: 0.23,
    };

    /// A loss that is below PCA-2 from step 500 on, and at the epoch's end after step 450.
    fn run(rivalry: &mut Rivalry, steps: std::ops::RangeInclusive<u64>) {
        for step in steps {
            rivalry.step(step, if step <= 500 { 0.25 } else { 0.21 }, false);
            if step == 450 {
                rivalry.epoch(450, 0.229);
            }
        }
    }

    #[test]
    fn the_milestone_is_the_same_whenever_the_components_are_known() {
        for known_after in [0, 100, 455, 600, 1000] {
            let mut rivalry = Rivalry::default();
            let mut told = Vec::new();
            for step in 0..=1000 {
                if step == known_after {
                    rivalry.meet(PCA_2);
                }
                run(&mut rivalry, step..=step);
                told.extend(rivalry.news());
            }
            assert_eq!(told, [(450, PCA_2)], "known after {known_after}");
            assert_eq!(rivalry.milestone().unwrap().name, "below PCA-2");
        }
    }

    #[test]
    fn a_price_is_no_part_of_the_comparison() {
        let mut rivalry = Rivalry::default();
        rivalry.meet(PCA_2);
        (1..=1000).for_each(|step| rivalry.step(step, 0.1, true));
        assert_eq!(rivalry.news(), None);
        rivalry.epoch(1000, 0.22);
        assert_eq!(rivalry.news(), Some((1000, PCA_2)));
    }
}
