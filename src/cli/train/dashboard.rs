//! A run with a dashboard: trainer, observer and screen, joined.

use super::Plan;
use crate::{
    data::PIXELS,
    observe::{self, Outcome, Source},
    train,
    ui::{self, app, theme::Theme},
};

/// Trains until the user leaves, a signal comes, or the terminal goes.
pub(super) fn watch(
    plan: Plan,
    theme: Theme,
    signal: &dyn Fn() -> Option<i32>,
) -> anyhow::Result<Outcome> {
    let Plan {
        setup,
        save,
        recorder,
        ..
    } = plan;
    let shown = app::Plan {
        title: setup.config.preset.name().into(),
        architecture: setup.config.architecture(PIXELS).to_string(),
        sample: crate::cli::FIRST_SAMPLE,
        pace: setup.pace,
        trains: true,
        saves_itself: save.is_some(),
    };
    let config = setup.config.clone();
    let pool = setup.pool.clone();
    let (trainer, events) = train::spawn(setup);
    let observer = observe::spawn(observe::Setup {
        source: Source::Trainer(events),
        config,
        sample: shown.sample,
        folder: ".".into(),
        save,
        recorder,
        pool,
    });
    let left = ui::run(&ui::Session {
        plan: shown,
        theme,
        commands: Some(trainer.commands()),
        looks: observer.looks(),
        events: observer.events(),
        signal,
    });
    // However the screen was left, the run is brought to its end in order.
    trainer.stop();
    let outcome = observer.finish();
    drop(trainer);
    crate::cli::outcome::after_the_screen(left, outcome, signal)
}
