//! The last few of something, by what they answer.

use std::collections::VecDeque;

/// So many values that were asked for last; what was not asked for longest goes first.
#[derive(Debug)]
pub(super) struct Recent<K, V> {
    most: usize,
    kept: VecDeque<(K, V)>,
}

impl<K: PartialEq, V: Clone> Recent<K, V> {
    pub(super) fn new(most: usize) -> Self {
        Self {
            most,
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
        if self.kept.len() == self.most {
            self.kept.pop_front();
        }
        self.kept.push_back((key, value));
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
}
