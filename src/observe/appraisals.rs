//! What has been measured of a run's networks, and what is to be measured next: the one
//! that is seen. The measuring itself is the [appraiser](super::appraiser)'s.

use std::sync::Arc;

use crossbeam_channel::{Receiver, never};

use super::{
    appraiser::{Appraiser, Finding, Haste},
    recent::Recent,
};
use crate::{
    data::{Dataset, corrupt::Noise},
    measure::{Measures, Pca},
    message::{Appraisal, Components},
    nn::Snapshot,
};

/// Moments whose measures are kept.
const MOMENTS: usize = 16;

/// The measures of a run.
pub(super) struct Appraisals {
    data: Arc<Dataset>,
    /// Values of a code.
    values: usize,
    /// What the images are shown with while they are measured.
    noise: Noise,
    /// Measures on a thread of its own; a run without measures is still a run.
    appraiser: Option<Appraiser>,
    /// Of the training images, once it is known.
    pca: Option<Arc<Pca>>,
    /// Whether its rivals are those of the run as it goes on, which the curve shows.
    live: bool,
    appraisal: Appraisal,
    /// The measures of the latest step.
    latest: Option<(u64, Arc<Measures>)>,
    known: Recent<u64, Arc<Measures>>,
}

impl Appraisals {
    /// What is known of networks; measures of them are taken where they are wanted.
    pub(super) fn new(
        data: Arc<Dataset>,
        noise: Noise,
        values: usize,
        pca: Option<Arc<Pca>>,
        wanted: bool,
    ) -> Self {
        let begin = || Appraiser::begin(Arc::clone(&data), noise, values, pca.clone()).ok();
        Self {
            appraiser: wanted.then(begin).flatten(),
            data,
            values,
            noise,
            pca,
            live: true,
            appraisal: Appraisal::default(),
            latest: None,
            known: Recent::new(MOMENTS),
        }
    }

    /// The principal components of the training images, if they are known.
    pub(super) fn pca(&self) -> Option<Arc<Pca>> {
        self.pca.clone()
    }

    /// What is found.
    pub(super) fn findings(&self) -> Receiver<Finding> {
        let appraiser = self.appraiser.as_ref();
        appraiser.map_or_else(never, |appraiser| appraiser.findings().clone())
    }

    /// Nothing will be found any more.
    pub(super) fn end(&mut self) {
        self.appraiser = None;
        self.appraisal.under_way = false;
    }

    /// What was measured may be of weights that are of the run no more.
    pub(super) fn forget(&mut self) {
        self.known.clear();
        self.latest = None;
        self.appraisal.measured = None;
    }

    /// Something was measured; the components are for the curve too.
    pub(super) fn found(&mut self, finding: Finding) -> Option<Components> {
        match finding {
            Finding::Pca(pca) => self.pca = Some(pca),
            Finding::Components(components) => return self.live.then_some(components),
            Finding::Rivals(rivals) => self.appraisal.rivals = Some(rivals),
            Finding::Measures(step, measures) => {
                self.known.put(step, Arc::clone(&measures));
                if self
                    .latest
                    .as_ref()
                    .is_none_or(|(latest, _)| *latest <= step)
                {
                    self.latest = Some((step, Arc::clone(&measures)));
                }
                self.appraisal.measured = Some((step, measures));
            }
        }
        None
    }

    /// This network is seen and to be measured next, if it is not yet, with the noise that
    /// its run puts on images.
    pub(super) fn order(&mut self, seen: &Arc<Snapshot>, noise: Noise, past: bool, haste: Haste) {
        if noise != self.noise && self.appraiser.is_some() {
            // Other images, so to speak: the rivals are other ones too.
            let (data, pca) = (Arc::clone(&self.data), self.pca.clone());
            self.appraiser = None;
            *self = Self {
                live: !past,
                ..Self::new(data, noise, self.values, pca, true)
            };
        }
        let Some(appraiser) = &self.appraiser else {
            return;
        };
        let known = self.known.get(&seen.step);
        let known = known.map(|measures| (seen.step, measures));
        let found = match known {
            None if past => self.appraisal.measured.take(),
            None => self.latest.clone(),
            known => known,
        };
        let measured = found.as_ref().map(|(step, _)| *step) == Some(seen.step);
        self.appraisal.measured = found;
        self.appraisal.under_way = !measured;
        appraiser.order((!measured).then(|| Arc::clone(seen)), haste);
    }

    /// As far as it has been measured.
    pub(super) fn appraisal(&self) -> Appraisal {
        self.appraisal.clone()
    }
}
