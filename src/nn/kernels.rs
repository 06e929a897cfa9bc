//! The loops that decide the speed of a step, each beside its definition.
//!
//! A kernel is one branch-free loop, written once and compiled for AVX-512, for
//! AVX2 and for any processor; the best is chosen at run time. It multiplies and
//! adds in two roundings and sums in a fixed order, so all three give the same
//! bits. `plain` has the definitions, in f64, and the tests compare.
//!
//! Kernels know slices of numbers, no layers.

#![expect(
    clippy::inline_always,
    reason = "a loop takes its instruction set from the function it is inlined into"
)]

/// Calls a loop compiled for the best instruction set that this processor has.
macro_rules! dispatch {
    ($body:ident($($argument:ident: $type:ty),*) -> $result:ty) => {{
        #[cfg(target_arch = "x86_64")]
        {
            #[target_feature(enable = "avx512f")]
            fn avx512($($argument: $type),*) -> $result {
                $body($($argument),*)
            }

            #[target_feature(enable = "avx2")]
            fn avx2($($argument: $type),*) -> $result {
                $body($($argument),*)
            }

            if is_x86_feature_detected!("avx512f") {
                // SAFETY: the function's one requirement, AVX-512F, was just detected.
                #[expect(unsafe_code, reason = "the processor was asked for AVX-512F")]
                return unsafe { avx512($($argument),*) };
            }
            if is_x86_feature_detected!("avx2") {
                // SAFETY: the function's one requirement, AVX2, was just detected.
                #[expect(unsafe_code, reason = "the processor was asked for AVX2")]
                return unsafe { avx2($($argument),*) };
            }
        }
        $body($($argument),*)
    }};
}

mod adam;
mod cross_entropy;
mod elementary;
#[cfg(test)]
mod plain;

pub(super) use adam::{AdamStep, adam};
pub(super) use cross_entropy::{cross_entropy, cross_entropy_and_gradient, sigmoid};
