//! Answers to what is asked of all images by their losses.
//!
//! The losses of the held-out images come with their map, where there was time for them; all
//! others, those of training images and of strangers, are studied. Sorting is cheap, and the
//! pictures are those of one page.

mod losses;
mod strangers;
mod wall;

use std::sync::Arc;

use super::Scope;
use crate::{
    lens::Sample,
    message::{Order, SamplesAnswer, SamplesAsk, SplitName},
};
use losses::Known;
use strangers::Gallery;
use wall::Walls;

/// What has been studied for them.
#[derive(Default)]
pub(super) struct Samples {
    losses: Known,
    gallery: Gallery,
    walls: Walls,
    page: Option<(Page, Arc<[Sample]>)>,
}

/// Which pictures they are.
#[derive(Debug, Clone, PartialEq)]
struct Page {
    step: u64,
    split: SplitName,
    images: Vec<usize>,
}

impl Samples {
    /// What has to be studied for this.
    pub(super) fn study_of(ask: &SamplesAsk) -> u32 {
        let nearest = matches!(ask.sort.order, Order::Nearest(_));
        ask.split as u32 | u32::from(nearest) << 4 | (ask.strangers as u32) << 8
    }

    /// Studies some more images for it. Whether all are done.
    pub(super) fn study(&mut self, ask: &SamplesAsk, scope: &Scope) -> bool {
        let nearest = matches!(ask.sort.order, Order::Nearest(_));
        self.losses.study(ask.split, scope)
            && (!nearest || self.walls.study(ask.split, scope))
            && self.gallery.study(ask.strangers, scope)
    }

    /// The answer to it.
    pub(super) fn answer(&mut self, ask: &SamplesAsk, scope: &Scope) -> SamplesAnswer {
        let losses = self.losses.of(ask.split, scope);
        let real = match ask.split {
            SplitName::Unseen => self.losses.of(SplitName::Test, scope),
            SplitName::Train | SplitName::Test => losses.clone(),
        };
        let wall = self.walls.of(ask, losses.as_deref(), scope);
        let last = wall.order.len().min(ask.first.saturating_add(ask.count));
        let shown = wall.order.get(ask.first..last).unwrap_or_default();
        let page = Page {
            step: scope.snapshot.step,
            split: ask.split,
            images: shown.iter().map(|&image| image as usize).collect(),
        };
        SamplesAnswer {
            step: scope.snapshot.step,
            split: ask.split,
            wall,
            first: ask.first,
            page: self.page_of(page, scope),
            strangers: self
                .gallery
                .costs(ask.strangers, ask.split, real.as_deref()),
            losses,
            real,
        }
    }

    /// The pictures of a page, computed where they are other than those before.
    fn page_of(&mut self, page: Page, scope: &Scope) -> Arc<[Sample]> {
        match &self.page {
            Some((before, pictures)) if *before == page => Arc::clone(pictures),
            _ => {
                let split = page.split.of(scope.data);
                let pictures: Arc<[Sample]> = scope.lens.samples_of(split, &page.images).into();
                self.page = Some((page, Arc::clone(&pictures)));
                pictures
            }
        }
    }
}

#[cfg(test)]
mod tests;
