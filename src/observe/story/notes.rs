//! Every sentence of the narrator with its step, so that what was told of a moment can
//! be told again.

use crate::message::Note;

/// More than a run has events; of more, those of the opening go.
const MOST: usize = 1024;

/// What stood from which step on; nothing where a sentence was taken back.
#[derive(Debug, Default)]
pub(super) struct Notes {
    all: Vec<(u64, Option<Note>)>,
}

impl Notes {
    /// From this step on it is this; what was told later of an earlier step stands before
    /// what follows it.
    pub(super) fn put(&mut self, step: u64, note: Option<Note>) {
        let place = self.all.partition_point(|(told, _)| *told <= step);
        self.all.insert(place, (step, note));
        if self.all.len() > MOST {
            self.all.remove(0);
        }
    }

    /// What stood after this step.
    pub(super) fn at(&self, step: u64) -> Option<&Note> {
        let place = self.all.partition_point(|(told, _)| *told <= step);
        self.all.get(place.checked_sub(1)?)?.1.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_stands_from_its_step_to_the_next() {
        let note = |step, words: &str| {
            let words = words.into();
            let warning = false;
            Some(Note {
                step,
                words,
                warning,
            })
        };
        let mut notes = Notes::default();
        for (step, words) in [(1, "a"), (100, "b"), (300, "d"), (200, "c")] {
            notes.put(step, note(step, words));
        }
        notes.put(400, None);
        let words = |step| notes.at(step).map(|note| note.words.as_str());
        assert_eq!(words(0), None);
        assert_eq!(
            [1, 99, 100, 250, 300].map(words),
            ["a", "a", "b", "c", "d"].map(Some)
        );
        assert_eq!(words(999), None);
        (0..2 * MOST as u64).for_each(|step| notes.put(step, None));
        assert_eq!(notes.all.len(), MOST);
    }
}
