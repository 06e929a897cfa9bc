//! The last few of something, by what they answer.

use std::collections::VecDeque;

/// So many values that were asked for last, and as many as fit a number of bytes; what was not
/// asked for longest goes first.
#[derive(Debug)]
pub(super) struct Recent<K, V> {
    most: usize,
    most_bytes: usize,
    bytes: fn(&V) -> usize,
    kept: VecDeque<(K, V)>,
}

impl<K: PartialEq, V: Clone> Recent<K, V> {
    pub(super) fn new(most: usize) -> Self {
        Self::within(most, usize::MAX, |_| 0)
    }

    /// As many as fit, by what each takes; the last one always.
    pub(super) fn within(most: usize, most_bytes: usize, bytes: fn(&V) -> usize) -> Self {
        Self {
            most,
            most_bytes,
            bytes,
            kept: VecDeque::with_capacity(most),
        }
    }

    pub(super) fn get(&mut self, key: &K) -> Option<V> {
        let place = self.kept.iter().position(|(kept, _)| kept == key)?;
        let found = self.kept.remove(place)?;
        let value = found.1.clone();
        self.kept.push_back(found);
        Some(value)
    }

    pub(super) fn put(&mut self, key: K, value: V) {
        self.kept.retain(|(kept, _)| *kept != key);
        self.kept.push_back((key, value));
        while self.kept.len() > self.most || self.kept.len() > 1 && self.bytes() > self.most_bytes {
            self.kept.pop_front();
        }
    }

    /// What they take together.
    pub(super) fn bytes(&self) -> usize {
        let bytes = self.kept.iter().map(|(_, value)| (self.bytes)(value));
        bytes.fold(0, usize::saturating_add)
    }

    pub(super) fn clear(&mut self) {
        self.kept.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_last_stays() {
        let mut recent = Recent::new(2);
        recent.put(1, "one");
        recent.put(2, "two");
        assert_eq!(recent.get(&1), Some("one"));
        recent.put(3, "three");
        assert_eq!(recent.get(&2), None);
        recent.put(1, "uno");
        assert_eq!(
            (recent.get(&1), recent.get(&3)),
            (Some("uno"), Some("three"))
        );
        recent.clear();
        assert_eq!(recent.get(&1), None);
    }

    #[test]
    fn as_many_stay_as_fit_their_bytes_and_the_last_whatever_it_takes() {
        let mut recent = Recent::within(4, 10, |word: &&str| word.len());
        for (key, word) in [(1, "four"), (2, "five"), (3, "six")] {
            recent.put(key, word);
        }
        assert_eq!((recent.get(&1), recent.bytes()), (None, 7));
        recent.put(4, "twenty letters, and more");
        assert_eq!(recent.get(&3), None);
        assert_eq!(recent.get(&4), Some("twenty letters, and more"));
        recent.put(5, "five");
        assert_eq!(recent.bytes(), 4);
    }
}
