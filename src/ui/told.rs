//! Which of the narrator's sentences is spoken of: the one that was chosen, or the one that
//! stands at the moment that is seen.

use crate::message::{Note, Observation};

/// Its place among those told.
pub(in crate::ui) fn marked(seen: &Observation, chosen: Option<usize>) -> usize {
    let told = &seen.curve.told;
    let last = told.len().saturating_sub(1);
    let stands = || {
        let note = seen.curve.note.as_ref()?;
        told.iter().rposition(|one| one == note)
    };
    let before = || told.partition_point(|note| note.step <= seen.seen.step);
    let standing = || stands().unwrap_or_else(|| before().saturating_sub(1));
    chosen.unwrap_or_else(standing).min(last)
}

/// The sentence itself.
pub(in crate::ui) fn note(seen: &Observation, chosen: Option<usize>) -> Option<&Note> {
    seen.curve.told.get(marked(seen, chosen))
}
