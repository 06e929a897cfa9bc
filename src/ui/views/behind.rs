//! Of which step the numbers of a pane are, where those are behind the moment that is looked at:
//! all panes say it in the same words.

use crate::words::grouped;

/// `at step 12,040`, where that is known and is not the moment that is looked at.
pub(super) fn at_step(measured: Option<u64>, seen: u64) -> Option<String> {
    let measured = measured.filter(|step| *step != seen)?;
    Some(format!("at step {}", grouped(measured)))
}
