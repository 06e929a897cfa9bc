//! What is wrong with one of the things that a folder has, until it is mended.

use crate::store::StoreError;

/// Told once, and true until the thing is as it should be.
#[derive(Debug, Default)]
pub(super) struct Amiss {
    untold: Option<StoreError>,
    words: Option<String>,
}

impl Amiss {
    /// Something went wrong. A disk that stays full is told of once.
    pub(super) fn befalls(&mut self, fault: StoreError) {
        let words = fault.to_string();
        if self.words.as_ref() != Some(&words) {
            self.words = Some(words);
            self.untold = Some(fault);
        }
    }

    /// It is as it should be.
    pub(super) fn mended(&mut self) {
        *self = Self::default();
    }

    /// What has not been told.
    pub(super) fn take_untold(&mut self) -> Option<StoreError> {
        self.untold.take()
    }

    /// What is wrong, if anything is.
    pub(super) fn words(&self) -> Option<&str> {
        self.words.as_deref()
    }
}
