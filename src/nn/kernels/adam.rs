//! The update of parameters and moments, many at a time.

use crate::nn::adam::AdamStep;

/// [`AdamStep::update`] of the parameters `p` with gradients `g` and moments `m`, `v`.
pub(in crate::nn) fn adam(p: &mut [f32], g: &[f32], m: &mut [f32], v: &mut [f32], step: AdamStep) {
    dispatch!(adam_loop(
        p: &mut [f32],
        g: &[f32],
        m: &mut [f32],
        v: &mut [f32],
        step: AdamStep
    ) -> ());
}

#[inline(always)]
fn adam_loop(p: &mut [f32], g: &[f32], m: &mut [f32], v: &mut [f32], step: AdamStep) {
    for (((p, &g), m), v) in p.iter_mut().zip(g).zip(m).zip(v) {
        step.update(p, g, m, v);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{
        kernels::{descend_bias, in_each_form},
        lanes::Lanes,
    };
    use proptest::{collection::vec, prelude::*};

    /// A few roundings of f32, each 6e-8 of the value.
    const ROUNDINGS: f64 = 5e-7;

    const STEP: AdamStep = AdamStep {
        rate: 0.001,
        one_minus_beta1: 0.1,
        one_minus_beta2: 0.001,
        epsilon: 1e-7,
    };

    /// The parameter and its moments after one step, in f64.
    fn wide([p, g, m, v]: [f32; 4]) -> [f64; 3] {
        let step = AdamStep {
            rate: STEP.rate.into(),
            one_minus_beta1: STEP.one_minus_beta1.into(),
            one_minus_beta2: STEP.one_minus_beta2.into(),
            epsilon: STEP.epsilon.into(),
        };
        let [mut p, g, mut m, mut v] = [p, g, m, v].map(f64::from);
        step.update(&mut p, g, &mut m, &mut v);
        [p, m, v]
    }

    proptest! {
        #[test]
        fn a_step_of_adam_is_its_definition(
            rows in vec((-1.0_f32..1.0, -0.1_f32..0.1, -0.1_f32..0.1, 0.0_f32..0.01), 1..100),
        ) {
            let mut p: Vec<f32> = rows.iter().map(|row| row.0).collect();
            let g: Vec<f32> = rows.iter().map(|row| row.1).collect();
            let mut m: Vec<f32> = rows.iter().map(|row| row.2).collect();
            let mut v: Vec<f32> = rows.iter().map(|row| row.3).collect();
            adam(&mut p, &g, &mut m, &mut v, STEP);
            for (index, row) in rows.iter().enumerate() {
                let expected = wide([row.0, row.1, row.2, row.3]);
                // Relative to the largest of the ranges above, as sums may cancel; a
                // tiny second moment may throw the parameter further.
                for (value, expected, range) in [
                    (p[index], expected[0], 1.0 + expected[0].abs()),
                    (m[index], expected[1], 0.1),
                    (v[index], expected[2], 0.01),
                ] {
                    let error = (f64::from(value) - expected).abs();
                    prop_assert!(error < ROUNDINGS * range, "{value} instead of {expected}");
                }
            }
        }
    }

    proptest! {
        /// As a kernel's step, which takes its quotient another way.
        #[test]
        fn sixteen_parameters_are_updated_alike_everywhere(
            rows in vec((-1.0_f32..1.0, -0.1_f32..0.1, -0.1_f32..0.1, 0.0_f32..0.01), 16),
            exponent in -30..1_i32,
        ) {
            let lanes = |part: fn(&(f32, f32, f32, f32)) -> f32| {
                Lanes(std::array::from_fn(|lane| part(&rows[lane])))
            };
            // Gradients and moments of all sizes, down to those that count as nothing.
            let scale = 10_f32.powi(exponent);
            let mut g = lanes(|row| row.1);
            g.0.iter_mut().for_each(|g| *g *= scale);
            let start = [lanes(|row| row.0), lanes(|row| row.2), lanes(|row| row.3)];
            let [p, mut m, mut v] = start;
            m.0.iter_mut().for_each(|m| *m *= scale);
            v.0.iter_mut().for_each(|v| *v *= scale * scale);
            let forms = in_each_form(|| {
                let [mut p, mut m, mut v] = [p, m, v];
                descend_bias(&[g], &mut p, &mut m, &mut v, STEP);
                [p, m, v]
            });
            for (here, lane) in forms.iter().flat_map(|here| (0..16).map(move |lane| (here, lane))) {
                let [p, m, v] = [p, m, v].map(|lanes| lanes.0[lane]);
                let expected = wide([p, g.0[lane], m, v]);
                let way = (expected[0] - f64::from(p)).abs();
                let bounds = [
                    // The parameter's rounding, and three of the way's.
                    6e-8 + ROUNDINGS * way,
                    ROUNDINGS * 0.2 * f64::from(scale) + 2e-30,
                    ROUNDINGS * 0.02 * f64::from(scale * scale) + 2e-30,
                ];
                for ((value, expected), bound) in here.iter().zip(expected).zip(bounds) {
                    let error = (f64::from(value.0[lane]) - expected).abs();
                    prop_assert!(error < bound, "{} instead of {expected}", value.0[lane]);
                }
            }
        }
    }

    /// A parameter with its gradient and moments after a step: alone, and in every form of sixteen.
    fn stepped([p, g, m, v]: [f32; 4]) -> Vec<[f32; 3]> {
        let ([mut alone], [mut m_alone], [mut v_alone]) = ([[p]], [[m]], [[v]]);
        adam(&mut alone, &[g], &mut m_alone, &mut v_alone, STEP);
        let forms = in_each_form(|| {
            let [mut p, g, mut m, mut v] = [p, g, m, v].map(|value| Lanes([value; 16]));
            descend_bias(&[g], &mut p, &mut m, &mut v, STEP);
            [p, m, v].map(|lanes| lanes.0[7])
        });
        let alone = [alone[0], m_alone[0], v_alone[0]];
        forms.into_iter().chain([alone]).collect()
    }

    #[test]
    fn moments_too_small_to_matter_become_zero() {
        for m in [1e-30, -1e-30] {
            for made in stepped([0.5, 0.0, m, 1e-30]) {
                assert_eq!(made, [0.5, 0.0, 0.0]);
            }
        }
    }

    #[test]
    fn no_step_hides_a_nan() {
        for nan in 1..4 {
            let mut before = [0.5, 0.1, 0.1, 0.1];
            before[nan] = f32::NAN;
            for [p, m, v] in stepped(before) {
                let of_moment = if nan == 3 { v } else { m };
                assert!(p.is_nan() && of_moment.is_nan(), "{before:?}");
            }
        }
    }
}
