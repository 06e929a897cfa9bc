//! What happened on the way: where the run left another, what was changed, what was reached.

use ratatui::style::Style;

use super::Scene;
use crate::{ui::settings::words, words::grouped};

/// Something that happened on the way.
pub(super) struct Mark {
    pub(super) step: u64,
    pub(super) words: String,
}

/// Where the run left another and what was changed, in the order of the steps.
pub(super) fn changes(scene: &Scene) -> Vec<Mark> {
    let recipe = &scene.stage.seen.recipe;
    let own = &scene.stage.app.plan.runs.own;
    let left = own.parent.map(|(_, step)| step);
    let mut marks: Vec<Mark> = Vec::new();
    for edits in recipe.edits.chunk_by(|one, next| one.step == next.step) {
        let step = edits[0].step;
        let before = recipe.held_at(step.saturating_sub(1));
        let changed: Vec<_> = edits.iter().map(|edit| edit.change).collect();
        let words = words::changes(&before, &changed);
        let words = match left {
            Some(left) if left == step => format!("branch, {words}"),
            _ => words,
        };
        marks.push(Mark { step, words });
    }
    if let Some(step) = left.filter(|left| *left > 0 && marks.iter().all(|mark| mark.step != *left))
    {
        marks.push(Mark {
            step,
            words: "branch".into(),
        });
        marks.sort_by_key(|mark| mark.step);
    }
    marks
}

/// What the ruler stands at: a change, a milestone, or the end of what could be trained.
pub(super) fn mark_at(scene: &Scene) -> Option<(String, Style)> {
    let theme = scene.stage.theme;
    let columns = scene.at.plot.width;
    let here = scene.axis.column(scene.ruler, columns)?;
    let is_here = |step: u64| scene.axis.column(step, columns) == Some(here);
    let nearest = |step: &u64| step.abs_diff(scene.ruler);
    let changed = changes(scene).into_iter().filter(|mark| is_here(mark.step));
    if let Some(mark) = changed.min_by_key(|mark| nearest(&mark.step)) {
        let words = format!("Step {}: {}.", grouped(mark.step), mark.words);
        return Some((words, theme.changed()));
    }
    let milestones = scene.stage.seen.curve.milestones.iter();
    let reached = milestones.filter(|milestone| is_here(milestone.step));
    let milestone = reached.min_by_key(|milestone| nearest(&milestone.step))?;
    let sign = theme.symbols().milestone;
    let words = format!(
        "{sign} Step {}: {}.",
        grouped(milestone.step),
        milestone.name
    );
    Some((words, theme.text()))
}
