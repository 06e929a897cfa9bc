//! How well the pixels themselves tell MNIST's digits apart, by the vote that measures
//! codes: the number to hold the codes of any network against.
//!
//! ```text
//! cargo run --release --example raw_pixels
//! ```

use std::io::{self, Write};

use ae_tui::{
    data::{PIXELS, Split, mnist},
    measure::{Effort, Known, NEIGHBOURS, vote},
    pool::Pool,
};
use ndarray::Array2;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let data = mnist::embedded()?;
    let pool = Pool::of_the_machine();
    let pixels = |split: &Split| {
        let pixels = split.pixels().iter().map(|&byte| f32::from(byte));
        Array2::from_shape_vec((split.len(), PIXELS), pixels.collect())
    };
    let known_pixels = pixels(&data.train)?;
    let known = Known {
        codes: known_pixels.view(),
        labels: data.train.labels(),
    };
    let asked = pixels(&data.test)?;
    let voted = vote(known, asked.view(), None, Effort::full(&pool)).expect("nobody calls it off");
    let told = voted.iter().zip(data.test.labels());
    let right = told
        .filter(|(voted, label)| **voted == Some(**label))
        .count();
    let share = 100.0 * right as f64 / voted.len() as f64;
    writeln!(
        io::stdout(),
        "raw pixels: {NEIGHBOURS} neighbours tell {share:.2} % of the digits"
    )?;
    Ok(())
}
