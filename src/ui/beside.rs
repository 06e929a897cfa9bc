//! What can be put beside the run that is shown, to be trained together with it, and what Enter
//! does then. Knows recipes, no keys and no colours.

use super::{
    app::{App, Beside},
    compare::in_one_order,
    settings::words,
};
use crate::{recipe::Recipe, words::grouped};

/// An entry of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// What is put beside the run.
    pub beside: Beside,
    /// Its recipe.
    pub recipe: Recipe,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub about: String,
}

/// The presets that are another recipe than the run's, each with the seed of the run, so that
/// both have the images in one order; then the runs that were left.
pub fn choices(app: &App) -> Vec<Choice> {
    let own = &app.plan.recipe;
    let presets = app.plan.presets.iter().map(|preset| Recipe {
        seed: own.seed,
        ..preset.clone()
    });
    let presets = presets.filter(|preset| preset != own).map(|recipe| Choice {
        beside: Beside::Preset(recipe.clone()),
        name: recipe.preset.name().into(),
        about: words::of_preset(recipe.preset).into(),
        recipe,
    });
    let runs = app.plan.runs.others.iter().map(|run| Choice {
        beside: Beside::Run(run.lineage.number),
        recipe: run.plan.clone(),
        name: run.lineage.name(),
        about: if run.lineage.differs.is_empty() {
            run.recipe.clone()
        } else {
            run.lineage.differs.clone()
        },
    });
    presets.chain(runs).collect()
}

/// What Enter will do, in full sentences.
pub fn enter(app: &App, choice: &Choice) -> String {
    let own = &app.plan.recipe;
    let order = if in_one_order([own, &choice.recipe]) {
        "in the same order"
    } else {
        "each in an order of its own"
    };
    let unsaved = if app.passing_steps() > 0 && app.plan.result.is_none() {
        " Its weights are kept with the tape, not on disk."
    } else {
        ""
    };
    format!(
        "Trains two side by side from step 0: A {}, B {}, on the same images, {order}. {} stops at \
         step {} and stays: the key B leads back to it.{unsaved}",
        told(&app.plan.title, own),
        told(&choice.name, &choice.recipe),
        words::capital(&app.plan.runs.own.name()),
        grouped(app.seen.as_ref().map_or(0, |seen| seen.moment.step)),
    )
}

fn told(name: &str, recipe: &Recipe) -> String {
    format!("{name} {}", recipe.architecture())
}
