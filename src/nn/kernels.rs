//! The loops that decide the speed of a step, each beside its definition.
//!
//! A kernel is one branch-free loop, written once and compiled for AVX-512, for
//! AVX2 and for any processor; the best is chosen at run time. All sum in a fixed
//! order; in products, exponentials and losses a product and a sum are rounded once where
//! that costs nothing, so the last bits are those of an instruction set. The tests compare
//! them with the plain forms, in f64. What is not left to the compiler (products plus
//! something, Adam's step, scaling, listing and turning) is handed to the loops from [`avx512`],
//! [`avx2`] or [`portable`].
//!
//! Kernels know slices of numbers, no layers.

#![expect(
    clippy::inline_always,
    reason = "a loop takes its instruction set from the function it is inlined into"
)]

/// Calls a loop compiled for the best instruction set that this processor has.
///
/// Never inlined into one another: joined, they lose their vector instructions.
/// A loop may take constants: `TILE`, how many rows of sixteen numbers fit into the registers
/// beside what else is needed, and then those of the kernel. After a semicolon it may ask for
/// functions that [`avx512`], [`avx2`] and [`portable`] have, which are handed to it as its last
/// arguments.
macro_rules! dispatch {
    (
        $body:ident<TILE $(, $constant:ident)*>(
            $($argument:ident: $type:ty),*
            $(; $(|$($place:ident),*| $part:ident($($given:ident),*)),+)?
        ) -> $result:ty
    ) => {
        dispatch!(
            <$($constant),*>($($argument: $type),*) -> $result,
            avx512: $body::<16, $($constant),*>($($argument,)* $($(
                |$($place),*| crate::nn::kernels::avx512::$part($($given),*),
            )+)?),
            avx2: $body::<4, $($constant),*>($($argument,)* $($(
                |$($place),*| crate::nn::kernels::avx2::$part($($given),*),
            )+)?),
            any: $body::<4, $($constant),*>($($argument,)* $($(
                |$($place),*| crate::nn::kernels::portable::$part($($given),*),
            )+)?)
        )
    };
    (
        $body:ident(
            $($argument:ident: $type:ty),*
            $(; $(|$($place:ident),*| $part:ident($($given:ident),*)),+)?
        ) -> $result:ty
    ) => {
        dispatch!(
            <>($($argument: $type),*) -> $result,
            avx512: $body($($argument,)* $($(
                |$($place),*| crate::nn::kernels::avx512::$part($($given),*),
            )+)?),
            avx2: $body($($argument,)* $($(
                |$($place),*| crate::nn::kernels::avx2::$part($($given),*),
            )+)?),
            any: $body($($argument,)* $($(
                |$($place),*| crate::nn::kernels::portable::$part($($given),*),
            )+)?)
        )
    };
    (
        <$($constant:ident),*>($($argument:ident: $type:ty),*) -> $result:ty,
        avx512: $avx512:expr, avx2: $avx2:expr, any: $any:expr
    ) => {{
        #[cfg(target_arch = "x86_64")]
        {
            #[inline(never)]
            #[target_feature(enable = "avx512f")]
            fn avx512<$(const $constant: usize),*>($($argument: $type),*) -> $result {
                $avx512
            }

            #[inline(never)]
            #[target_feature(enable = "avx2,fma")]
            fn avx2<$(const $constant: usize),*>($($argument: $type),*) -> $result {
                $avx2
            }

            if crate::nn::kernels::instructions::has_avx512() {
                // SAFETY: the function's one requirement, AVX-512F, was just detected.
                #[expect(unsafe_code, reason = "the processor was asked for AVX-512F")]
                return unsafe { avx512::<$($constant),*>($($argument),*) };
            }
            if crate::nn::kernels::instructions::has_avx2() {
                // SAFETY: the function's requirements, AVX2 and FMA, were just detected.
                #[expect(unsafe_code, reason = "the processor was asked for AVX2 and FMA")]
                return unsafe { avx2::<$($constant),*>($($argument),*) };
            }
        }
        $any
    }};
}

/// Repeats an expression for each row of a tile, at most sixteen, or as many as are numbered after
/// a semicolon: what stands within each other is multiplied.
///
/// A loop would say the same, but a compiler that turns the loop over rows into
/// vector instructions, in place of the one over lanes, makes it fifty times slower.
macro_rules! for_rows {
    ($row:ident < $tile:ident => $body:expr) => {
        for_rows!($row < $tile => $body; 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15)
    };
    ($row:ident < $tile:ident => $body:expr; $($number:literal)*) => {
        $(
            let $row: usize = $number;
            if $row < $tile {
                $body;
            }
        )*
    };
}

mod adam;
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(test)]
mod case;
mod conv;
mod cross_entropy;
mod dense;
mod elementary;
mod grid;
mod instructions;
mod lit;
mod maps;
mod portable;
mod prefetch;
mod sparse;
mod windows;

#[cfg(test)]
use case::{Case, all_near, near, panels, product};
#[cfg(test)]
use instructions::forms::in_each_form;

pub(super) use adam::adam;
pub(super) use conv::{block_width, convolve};
pub(super) use cross_entropy::{
    add_cross_entropy, cross_entropy, panel_cross_entropy_and_gradient, sigmoid,
};
pub(super) use dense::{
    activate, activation_gradient, add_rows, descend, descend_bias, forward, input_gradient,
};
pub(super) use grid::{Grid, Size};
pub use instructions::instructions;
pub(super) use lit::Lit;
pub(super) use maps::{Largest, pool, sum_of_rows, sums_of_four, sums_of_lanes, transpose, unpool};
pub(super) use prefetch::prefetch;
pub(super) use sparse::{sparse_descend, sparse_products};
pub(super) use windows::add_window_products;
