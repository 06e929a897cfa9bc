//! Train autoencoders and watch them learn, in a terminal.
//!
//! Imports go one way; a module may use those to its left, and
//! `tests/layers.rs` keeps it so:
//!
//! ```text
//! random, pool < nn, data < config, pace < measure, store < message < train < observe < ui | headless < cli < main
//! ```

pub mod pace;
pub mod random;
pub mod ui;
