//! What a run leaves behind: its losses, thinned to what a curve can show, its
//! epochs and its milestones. All of it follows from the reports' numbers, so
//! the same run has the same history at any pace.

use std::{collections::VecDeque, sync::Arc};

use super::{story::Story, territory::Territories};
use crate::{
    message::{Curve, Milestone, Report},
    pace::Film,
    store::metrics::EpochRecord,
};

/// Steps kept one by one: more than the widest row of the screen.
const RECENT: usize = 400;

/// What a network should get below, in the order in which it does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Baselines {
    pub(super) one_grey: f32,
    pub(super) mean_image: f32,
}

/// The history of one run.
#[derive(Debug)]
pub(super) struct History {
    ticks: Vec<Tick>,
    recent: VecDeque<f32>,
    epochs: Vec<EpochRecord>,
    train_loss: Option<f32>,
    held_out: Option<f32>,
    milestones: Vec<Milestone>,
    baselines: Option<Baselines>,
    story: Story,
    step: u64,
}

/// The losses of a twentieth of a second of film time.
#[derive(Debug, Clone, Copy, Default)]
struct Tick {
    sum: f64,
    steps: u32,
}

impl History {
    pub(super) fn new() -> Self {
        Self {
            ticks: Vec::new(),
            recent: VecDeque::with_capacity(RECENT),
            epochs: Vec::new(),
            train_loss: None,
            held_out: None,
            milestones: Vec::new(),
            baselines: None,
            story: Story::new(),
            step: 0,
        }
    }

    pub(super) fn set_baselines(&mut self, baselines: Baselines) {
        self.baselines = Some(baselines);
    }

    /// A held-out loss measured between epochs.
    pub(super) fn set_held_out(&mut self, loss: f32) {
        self.held_out = Some(loss);
    }

    pub(super) fn held_out(&self) -> Option<f32> {
        self.held_out
    }

    pub(super) fn mean_image(&self) -> Option<f32> {
        self.baselines.map(|baselines| baselines.mean_image)
    }

    pub(super) fn train_loss(&self) -> Option<f32> {
        self.train_loss
    }

    /// Tells the narrator what was measured on a map.
    pub(super) fn surveyed(&mut self, step: u64, territories: &Territories) {
        self.story.surveyed(step, territories);
    }

    /// Takes in a report.
    pub(super) fn absorb(&mut self, report: &Report) {
        for (step, &loss) in (report.first_step..).zip(&report.losses) {
            self.add_step(&report.film, step, loss);
        }
        if self.step > 0 {
            self.train_loss = Some(report.train_loss);
        }
        for epoch in &report.epochs {
            self.held_out = Some(epoch.val_loss);
            self.story.epoch_ended(epoch, self.epochs.last());
            self.epochs.push(epoch.clone());
        }
        self.story.phase(report.phase, self.step, self.held_out);
    }

    fn add_step(&mut self, film: &Film, step: u64, loss: f32) {
        self.step = step;
        let tick = (film.time_of(step) * Curve::TICKS_PER_SECOND) as usize;
        if self.ticks.len() <= tick {
            self.ticks.resize(tick + 1, Tick::default());
        }
        self.ticks[tick].sum += f64::from(loss);
        self.ticks[tick].steps += 1;
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(loss);
        self.pass_milestones(step);
    }

    /// Baselines are passed by the mean of the last steps: single batches scatter.
    fn pass_milestones(&mut self, step: u64) {
        let (Some(baselines), Some(smooth)) = (self.baselines, self.smooth()) else {
            return;
        };
        self.story.step(step, smooth, baselines);
        let names = [
            (baselines.one_grey, "below one grey"),
            (baselines.mean_image, "below the mean image"),
        ];
        if let Some(&(level, name)) = names.get(self.milestones.len())
            && smooth < level
        {
            self.milestones.push(Milestone { step, name });
        }
    }

    /// The mean of the last 20 losses, or of half of what there is at the start.
    fn smooth(&self) -> Option<f32> {
        let steps = (self.recent.len() / 2).clamp(1, 20).min(self.recent.len());
        (steps > 0).then(|| self.recent.iter().rev().take(steps).sum::<f32>() / steps as f32)
    }

    /// All of it, ready to draw.
    pub(super) fn curve(&self) -> Arc<Curve> {
        Arc::new(Curve {
            ticks: self
                .ticks
                .iter()
                .map(|tick| (tick.steps > 0).then(|| (tick.sum / f64::from(tick.steps)) as f32))
                .collect(),
            recent: self.recent.iter().copied().collect(),
            epochs: self.epochs.clone(),
            train_loss: self.train_loss,
            held_out: self.held_out,
            mean_image: self.mean_image(),
            milestones: self.milestones.clone(),
            note: self.story.note().cloned(),
            dead_units: self
                .epochs
                .last()
                .map(|epoch| epoch.dead_units.clone())
                .unwrap_or_default(),
        })
    }
}
