//! What the settings sheet says was measured: the held-out loss of `article` by the width of
//! its code and by its learning rate, everything else as the preset has it.
//!
//! ```text
//! cargo run --release --example settings
//! ```

use std::{
    io::{self, Write},
    sync::Arc,
};

use ae_tui::{
    data::{Dataset, mnist},
    pool::Pool,
    recipe::{Preset, Recipe},
    train::Trainer,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let data = Arc::new(mnist::embedded()?);
    let article = Recipe::preset(Preset::Article);
    let widths = Preset::Article.held_out_by_width().unwrap_or_default();
    for &(width, known) in widths {
        let mut recipe = article.clone();
        recipe.set_encoder(vec![32, width])?;
        let loss = held_out(recipe, &data)?;
        writeln!(
            io::stdout(),
            "width {width:>2}: {loss:.4}, kept as {known:.4}"
        )?;
    }
    for learning_rate in [1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 1.0] {
        let recipe = Recipe {
            learning_rate,
            ..article.clone()
        };
        let loss = held_out(recipe, &data)?;
        writeln!(io::stdout(), "rate {learning_rate}: {loss:.4}")?;
    }
    Ok(())
}

/// The held-out loss at the end of a run.
fn held_out(recipe: Recipe, data: &Arc<Dataset>) -> Result<f32, Box<dyn std::error::Error>> {
    let epochs = recipe.epochs;
    let mut trainer = Trainer::new(recipe, Arc::clone(data), None, Pool::of_the_machine());
    for _ in 0..epochs * trainer.steps_per_epoch() {
        trainer.step().map_err(|failure| failure.to_string())?;
    }
    Ok(trainer.validate().reconstruction)
}
