//! Real codes and how far they are from one another: what says whether data lives somewhere in a
//! latent space, for whichever view asks.
//!
//! Distances are to the codes of the last map. How wide gaps are among the data is studied, in
//! pieces; the codes that a study was begun with are those of all its pieces, whatever maps come
//! meanwhile.

use std::sync::Arc;

use ndarray::Array2;

use super::{Scope, scales};
use crate::{
    measure::{GapSearch, Gaps, Nearby},
    message::{Gap, Scale},
    observe::survey::Survey,
};

/// A code of so many values is searched in no time.
const FEW_VALUES: usize = 2;
/// Places that a thread holds against real codes at a time, where it is not.
const PLACES: usize = 8;

/// What is known of real codes.
#[derive(Default)]
pub(super) struct Neighbourhood {
    real: Option<Real>,
    studied: Studied,
    begun: Option<(Real, Survey, GapSearch)>,
    /// Whether what was studied judges the codes that are looked at.
    judges: bool,
}

/// The real codes of a moment, ready to be searched.
#[derive(Clone)]
struct Real {
    codes: Arc<Array2<f32>>,
    nearby: Arc<Nearby>,
}

/// What all real codes have come to.
#[derive(Default)]
pub(super) struct Studied {
    /// The step of the codes; none before there was time for it.
    pub(super) step: Option<u64>,
    pub(super) gaps: Option<Gaps>,
    pub(super) scales: Arc<[Scale]>,
    /// The part of their variance that the map's plane holds.
    pub(super) share: Option<f32>,
    /// The part that each value has.
    shares: Vec<f32>,
}

impl Studied {
    /// The part of the variance that two values have.
    pub(super) fn share_of(&self, values: [usize; 2]) -> Option<f32> {
        let shares = values.map(|value| self.shares.get(value).copied());
        Some(shares[0]? + shares[1]?)
    }
}

/// What answers hang on beside the weights: of which steps the real codes are, and what judges.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Yardstick {
    real: Option<u64>,
    studied: Option<u64>,
    /// Whether what was studied judges the codes that are looked at.
    pub(super) judges: bool,
}

impl Neighbourhood {
    /// A study begins. Its first piece takes the codes of the map that there is by then.
    pub(super) fn begin(&mut self) {
        self.begun = None;
    }

    /// Looks for some more of the gaps among all codes. Whether those were the last.
    pub(super) fn study(&mut self, scope: &Scope) -> bool {
        let begun = self.begun.take().or_else(|| {
            let survey = scope.survey?.clone();
            let search = GapSearch::of(survey.codes.view());
            Some((self.real(&survey.codes).clone(), survey, search))
        });
        let Some((real, survey, mut search)) = begun else {
            return true;
        };
        let codes = real.codes.view();
        if !search.go_on(codes, &real.nearby, scope.pool) {
            self.begun = Some((real, survey, search));
            return false;
        }
        self.studied = Studied {
            step: Some(survey.step),
            gaps: Some(search.found()),
            scales: scales::of(codes).into(),
            share: survey.projection.share(codes),
            shares: scales::shares(codes),
        };
        true
    }

    fn real(&mut self, codes: &Arc<Array2<f32>>) -> &Real {
        let kept = self.real.take();
        let kept = kept.filter(|real| Arc::ptr_eq(&real.codes, codes));
        self.real.insert(kept.unwrap_or_else(|| Real {
            codes: Arc::clone(codes),
            nearby: Arc::new(Nearby::of(codes.view())),
        }))
    }

    /// Looks at the codes of the map that there is, and whether what was studied can judge what
    /// is looked at: that of a later moment does not.
    pub(super) fn attend(&mut self, scope: &Scope) -> Yardstick {
        let real = scope.survey.map(|survey| survey.step);
        if let Some(survey) = scope.survey {
            self.real(&survey.codes);
            let studied = self.studied.step;
            self.judges = studied.is_some_and(|step| step <= survey.step && scope.is_of_now(step));
        }
        Yardstick {
            real,
            studied: self.studied.step,
            judges: self.judges,
        }
    }

    /// What all codes have come to.
    pub(super) fn studied(&self) -> &Studied {
        &self.studied
    }

    /// The real codes, ready to be searched.
    pub(super) fn nearby(&self) -> Option<&Nearby> {
        Some(&*self.real.as_ref()?.nearby)
    }

    /// How far a place is from the data.
    pub(super) fn gap(&self, code: &[f32]) -> Option<Gap> {
        let (_, distance) = self.nearby()?.nearest(code, |_| true)?;
        let gaps = self.studied.gaps.as_ref().filter(|_| self.judges);
        let judged = gaps.and_then(|gaps| {
            let narrower = gaps.narrower(distance)?;
            Some((narrower, gaps.verdict(distance)?))
        });
        Some(Gap { distance, judged })
    }

    /// The share of real codes that are nearer to another than so far, where that judges what is
    /// looked at.
    pub(super) fn narrower(&self, gap: f32) -> Option<f32> {
        let gaps = self.studied.gaps.as_ref().filter(|_| self.judges)?;
        Some(gaps.narrower(gap)? as f32)
    }

    /// [`gap`](Self::gap) of many places, in a long code by all threads.
    pub(super) fn gaps(&self, codes: &[Vec<f32>], scope: &Scope) -> Vec<Option<Gap>> {
        let gaps = |codes: &[Vec<f32>]| -> Vec<Option<Gap>> {
            codes.iter().map(|code| self.gap(code)).collect()
        };
        if codes.first().is_none_or(|code| code.len() <= FEW_VALUES) {
            return gaps(codes);
        }
        let blocks: Vec<&[Vec<f32>]> = codes.chunks(PLACES).collect();
        scope
            .pool
            .map(blocks.len(), |block| gaps(blocks[block]))
            .concat()
    }
}
