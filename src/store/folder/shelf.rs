//! The checkpoints of a run: which there are, and which stay.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::store::{disk, weights};

/// The newest that stay, whatever they come to.
const NEWEST: usize = 3;

/// A checkpoint that is whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Entry {
    pub(super) step: u64,
    /// The held-out loss, where it was measured: at an epoch's end.
    pub(super) val_loss: Option<f32>,
}

/// The folder of checkpoints, and what is in it.
#[derive(Debug)]
pub(super) struct Shelf {
    folder: PathBuf,
    entries: Vec<Entry>,
    /// Broken files, to be taken away once there is something newer. What only cannot be
    /// opened, or is of another step or of somebody else, is left alone.
    torn: Vec<u64>,
    /// Whether the first state of the run stays, which nothing gives again.
    keeps_first: bool,
}

impl Shelf {
    /// Of a run that has written nothing yet.
    pub(super) fn empty(folder: PathBuf, keeps_first: bool) -> Self {
        Self {
            folder,
            entries: Vec::new(),
            torn: Vec::new(),
            keeps_first,
        }
    }

    /// As a run before has left it.
    pub(super) fn find(folder: PathBuf, keeps_first: bool) -> Self {
        let mut shelf = Self::empty(folder, keeps_first);
        for step in steps_in(&shelf.folder) {
            let path = path_of(&shelf.folder, step);
            match weights::glance(&path) {
                Ok(Some(about)) if about.step == Some(step) => shelf.entries.push(Entry {
                    step,
                    val_loss: about.val_loss,
                }),
                Err(_) if can_be_opened(&path) => shelf.torn.push(step),
                Ok(_) | Err(_) => {}
            }
        }
        shelf
    }

    /// No state comes from these after all.
    pub(super) fn pass_over(&mut self, steps: &[u64]) {
        let (passed, whole) = self
            .entries
            .iter()
            .partition(|entry| steps.contains(&entry.step));
        self.entries = whole;
        let broken = |entry: &Entry| can_be_opened(&path_of(&self.folder, entry.step));
        let passed: Vec<Entry> = passed;
        let broken = passed.into_iter().filter(broken);
        self.torn.extend(broken.map(|entry| entry.step));
    }

    /// Where the state of that step goes.
    pub(super) fn place(&self, step: u64) -> PathBuf {
        path_of(&self.folder, step)
    }

    /// A checkpoint has been written, whole: what need not stay any more is removed.
    pub(super) fn put(&mut self, entry: Entry) {
        self.entries.retain(|other| other.step != entry.step);
        self.torn.retain(|&step| step != entry.step);
        self.entries.push(entry);
        let leave = leaving(&self.entries, self.keeps_first);
        self.entries.retain(|entry| !leave.contains(&entry.step));
        for step in leave.into_iter().chain(self.torn.drain(..)) {
            // One that cannot be removed costs room, and nothing else.
            let _ = disk::remove(&path_of(&self.folder, step));
        }
    }
}

/// The steps of those that need not stay: the newest and the best do.
pub(super) fn leaving(entries: &[Entry], keeps_first: bool) -> Vec<u64> {
    let mut steps: Vec<u64> = entries.iter().map(|entry| entry.step).collect();
    steps.sort_unstable();
    let older = &steps[..steps.len().saturating_sub(NEWEST)];
    let measured = entries
        .iter()
        .filter_map(|entry| Some((entry.val_loss?, entry.step)));
    let best = measured.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let stays = |step: u64| best.is_some_and(|best| best.1 == step) || (keeps_first && step == 0);
    older.iter().copied().filter(|&step| !stays(step)).collect()
}

/// Whether what is wrong with a file lies in the file.
fn can_be_opened(path: &Path) -> bool {
    fs::File::open(path).is_ok()
}

/// The steps of all files of that kind in a folder, in order.
pub(in crate::store) fn steps_in(folder: &Path) -> Vec<u64> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut steps: Vec<u64> = files
        .filter_map(|file| step_of(file.file_name().to_str()?))
        .collect();
    steps.sort_unstable();
    steps
}

/// The step in the name of a checkpoint.
fn step_of(name: &str) -> Option<u64> {
    let step = name.strip_prefix("step-")?.strip_suffix(".safetensors")?;
    let step = step.parse().ok()?;
    // No other spelling of the number.
    (name_of(step) == name).then_some(step)
}

fn name_of(step: u64) -> String {
    format!("step-{step:07}.safetensors")
}

pub(in crate::store) fn path_of(folder: &Path, step: u64) -> PathBuf {
    folder.join(name_of(step))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(of: &[(u64, Option<f32>)]) -> Vec<Entry> {
        let entry = |&(step, val_loss): &(u64, Option<f32>)| Entry { step, val_loss };
        of.iter().map(entry).collect()
    }

    #[test]
    fn the_newest_three_and_the_best_stay_and_a_first_that_no_seed_gives() {
        for (of, keeps_first, expected) in [
            (&[][..], false, &[][..]),
            (&[(1, None), (2, None), (3, None)], false, &[]),
            (&[(1, None), (2, None), (3, None), (4, None)], false, &[1]),
            (&[(4, None), (0, None), (3, None), (2, None)], false, &[0]),
            (&[(4, None), (0, None), (3, None), (2, None)], true, &[]),
            (
                &[
                    (1, Some(0.3)),
                    (2, Some(0.1)),
                    (3, Some(0.2)),
                    (4, None),
                    (5, None),
                    (6, None),
                ],
                false,
                &[1, 3],
            ),
            // Of equals the first.
            (
                &[
                    (1, Some(0.1)),
                    (2, Some(0.1)),
                    (3, None),
                    (4, None),
                    (5, None),
                ],
                false,
                &[2],
            ),
        ] {
            assert_eq!(leaving(&entries(of), keeps_first), expected, "{of:?}");
        }
    }

    #[test]
    fn only_files_of_that_name_are_checkpoints() {
        assert_eq!(step_of("step-0000012.safetensors"), Some(12));
        assert_eq!(step_of("step-123456789.safetensors"), Some(123_456_789));
        for other in [
            "step-12.safetensors",
            "step-.safetensors",
            "step-0000012",
            "step-+000012.safetensors",
        ] {
            assert_eq!(step_of(other), None, "{other}");
        }
    }
}
