//! Train autoencoders and watch them learn, in a terminal.
//!
//! Imports go one way; a module may use those to its left, and
//! `tests/layers.rs` keeps it so:
//!
//! ```text
//! random < nn, data < config < measure, store < train < observe < ui | headless < cli < main
//! ```

pub mod data;
pub mod random;
