//! Typed values: taken where the recipe's own check allows them, refused in a few words else.

use super::{Line, can_have_price, width};
use crate::{
    data::corrupt::{Noise, NoiseError},
    recipe::{Recipe, RecipeError},
    store::weights,
};

/// Sets the line's value to what was typed.
pub(super) fn set(recipe: &mut Recipe, line: Line, typed: &str) -> Result<(), String> {
    let mut changed = recipe.clone();
    let number = || typed.parse::<f64>().map_err(|_| "no number".to_owned());
    match line {
        Line::Rate => changed.learning_rate = number()?,
        Line::Price if !can_have_price(recipe) => return Err("none in this kind".into()),
        Line::Price => changed.l1 = number()?,
        Line::Noise => changed.noise = strength(recipe.noise, typed)?,
        Line::Numbers => set_width(&mut changed, whole(typed)?)?,
        Line::Batch => changed.batch_size = whole(typed)?,
        Line::Seed => changed.seed = typed.parse().map_err(|_| "up to 2^64 - 1".to_owned())?,
        Line::Preset => return Err("left and right choose".into()),
    }
    changed.check().map_err(|error| brief(&error))?;
    *recipe = changed;
    Ok(())
}

/// Another width of the code, if its weights can be saved.
pub(super) fn set_width(recipe: &mut Recipe, to: usize) -> Result<(), String> {
    if width(recipe).is_none() {
        return Err("fixed in this kind".into());
    }
    let mut sizes = recipe
        .network
        .encoder_sizes()
        .map_or_else(Vec::new, <[_]>::to_vec);
    if let Some(last) = sizes.last_mut() {
        *last = to;
    }
    let mut changed = recipe.clone();
    let set = changed.set_encoder(sizes).and_then(|()| changed.check());
    set.map_err(|error| brief(&error))?;
    weights::fits(&changed.architecture()).map_err(|_| "more than a file holds".to_owned())?;
    *recipe = changed;
    Ok(())
}

fn whole(typed: &str) -> Result<usize, String> {
    // A number of more digits than a machine's is more than any check allows.
    typed.parse().map_err(|_| "too large".into())
}

fn strength(noise: Noise, typed: &str) -> Result<Noise, String> {
    let number = || typed.parse().map_err(|_| "no number".to_owned());
    match noise {
        Noise::None => Err("choose a noise first".into()),
        Noise::Gaussian(_) => Ok(Noise::Gaussian(number()?)),
        Noise::SaltPepper(_) => Ok(Noise::SaltPepper(number()?)),
        Noise::Mask(_) => {
            let side = typed.parse();
            side.map(Noise::Mask)
                .map_err(|_| "whole pixels a side".into())
        }
    }
}

/// What would do, in the columns that a row has left.
fn brief(error: &RecipeError) -> String {
    match error {
        RecipeError::LearningRate(_) | RecipeError::Noise(NoiseError::Deviation(_)) => {
            "above 0".into()
        }
        RecipeError::L1(_) => "0 or above".into(),
        RecipeError::Noise(NoiseError::Share(_)) => "above 0, to 1".into(),
        RecipeError::Noise(NoiseError::Side { most, .. }) => format!("1 to {most}"),
        RecipeError::BatchSize(_) => "1 to 65,536".into(),
        RecipeError::Encoder { .. } => "at least 1".into(),
        other => other.to_string(),
    }
}
