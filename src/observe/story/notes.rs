//! Every sentence of the narrator with its step, so that what was told of a moment can
//! be told again.

use std::sync::{Arc, OnceLock};

use super::State;
use crate::message::Note;

/// More than a run has events; of more, those of the opening go.
const MOST: usize = 1024;

/// A sentence, or that none stands any more, and what it says of how things are, if it does.
#[derive(Debug, Clone, Default)]
pub(super) struct Said {
    pub(super) note: Option<Note>,
    pub(super) state: Option<State>,
}

/// What stood from which step on.
#[derive(Debug, Clone, Default)]
pub(super) struct Notes {
    all: Vec<(u64, Said)>,
    /// Those that are sentences, as they were last asked for.
    told: OnceLock<Arc<[Note]>>,
}

impl Notes {
    /// From this step on it is this; what was told later of an earlier step stands before
    /// what follows it.
    pub(super) fn put(&mut self, step: u64, said: Said) {
        let place = self.all.partition_point(|(told, _)| *told <= step);
        self.all.insert(place, (step, said));
        self.told = OnceLock::new();
        if self.all.len() > MOST {
            self.all.remove(0);
        }
    }

    /// What stood after this step.
    pub(super) fn at(&self, step: u64) -> Option<&Said> {
        let place = self.all.partition_point(|(told, _)| *told <= step);
        Some(&self.all.get(place.checked_sub(1)?)?.1)
    }

    /// Forgets what was told of later steps.
    pub(super) fn cut(&mut self, step: u64) {
        self.all.retain(|(told, _)| *told <= step);
        self.told = OnceLock::new();
    }

    /// All sentences, oldest first. Of those that count the code's numbers one after the other
    /// the last is enough, and of what was said again the first.
    pub(super) fn told(&self) -> Arc<[Note]> {
        let counts = |said: &Said| matches!(said.state, Some(State::InUse(_)));
        let tell = || {
            let next = self.all.iter().skip(1).map(Some).chain([None]);
            let all = self.all.iter().zip(next);
            let last = all.filter(|((_, said), next)| {
                !(counts(said) && next.is_some_and(|(_, next)| counts(next)))
            });
            let mut told: Vec<Note> = last
                .filter_map(|((_, said), _)| said.note.clone())
                .collect();
            told.dedup_by(|later, note| later.words == note.words);
            told.into()
        };
        Arc::clone(self.told.get_or_init(tell))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(notes: &Notes, step: u64) -> Option<&str> {
        let said = notes.at(step)?;
        said.note.as_ref().map(|note| note.words.as_str())
    }

    #[test]
    fn a_sentence_stands_from_its_step_to_the_next() {
        let note = |step, words: &str| {
            let words = words.into();
            let warning = false;
            let note = Some(Note {
                step,
                words,
                warning,
                why: Arc::default(),
            });
            Said { note, state: None }
        };
        let mut notes = Notes::default();
        for (step, words) in [(1, "a"), (100, "b"), (300, "d"), (200, "c")] {
            notes.put(step, note(step, words));
        }
        notes.put(400, Said::default());
        assert_eq!(words(&notes, 0), None);
        assert_eq!(
            [1, 99, 100, 250, 300].map(|step| words(&notes, step)),
            ["a", "a", "b", "c", "d"].map(Some)
        );
        assert_eq!(words(&notes, 999), None);
        let told = |notes: &Notes| {
            let all = notes.told();
            let words: Vec<&str> = all.iter().map(|note| &*note.words).collect();
            words.concat()
        };
        assert_eq!(told(&notes), "abcd");
        notes.cut(250);
        assert_eq!(words(&notes, 999), Some("c"));
        assert_eq!(told(&notes), "abc");
        (0..2 * MOST as u64).for_each(|step| notes.put(step, Said::default()));
        assert_eq!(notes.all.len(), MOST);
    }
}
