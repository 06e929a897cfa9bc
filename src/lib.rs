//! Train autoencoders and watch them learn, in a terminal.
//!
//! Imports go one way; a module may use those to its left, and
//! `tests/layers.rs` keeps it so:
//!
//! ```text
//! image, random, pool, words, memory, raster < arrays < nn, data < recipe, pace < lens, state < measure < message < store, train < observe, follow < ui | headless | figure < cli < main
//! ```

pub mod arrays;
pub mod cli;
pub mod data;
pub mod figure;
pub mod follow;
pub mod headless;
pub mod image;
pub mod lens;
pub mod measure;
pub mod memory;
pub mod message;
pub mod nn;
pub mod observe;
pub mod pace;
pub mod pool;
pub mod random;
pub mod raster;
pub mod recipe;
pub mod state;
pub mod store;
pub mod train;
pub mod ui;
pub mod words;
