//! Writes what a run comes to for TensorBoard: losses, and once an epoch ten images above
//! what the network makes of them.

use std::{
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use crate::{
    data::Dataset,
    image::ImageSize,
    lens::Lens,
    message::Report,
    pool::Pool,
    raster::Raster,
    store::{StoreError, events::EventLog},
};

/// Images of an epoch's pictures: the first of those held out.
const IMAGES: usize = 10;
/// Each pixel of theirs is so many of the picture's.
const ENLARGED: usize = 4;
/// Pixels between two images.
const GAP: usize = 4;
/// What is behind them.
const PAGE: [u8; 3] = [128; 3];

/// Event files of the runs of one screen: the first in the folder, the others in theirs.
#[derive(Debug)]
pub(super) struct Board {
    folder: PathBuf,
    log: EventLog,
    runs: u64,
}

impl Board {
    /// Begins a file in a folder, which is made where there is none.
    pub(super) fn begin(folder: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            folder: folder.to_owned(),
            log: EventLog::create(folder)?,
            runs: 0,
        })
    }

    /// A run begins: one that follows another has curves of its own.
    pub(super) fn run_begins(&mut self) -> Result<(), StoreError> {
        self.runs += 1;
        if self.runs > 1 {
            let folder = self.folder.join(format!("run-{}", self.runs));
            self.log = EventLog::create(&folder)?;
        }
        Ok(())
    }

    /// The losses of a report; of its steps those that are wanted.
    pub(super) fn losses(
        &mut self,
        report: &Report,
        wants_step: impl Fn(u64) -> bool,
    ) -> Result<(), StoreError> {
        for (step, &loss) in (report.first_step..).zip(&report.losses) {
            if wants_step(step) {
                self.log.scalars(step, &[("loss/step", loss)])?;
            }
        }
        for epoch in &report.epochs {
            let values = [
                ("loss/train", epoch.train_loss),
                ("loss/validation", epoch.held_out.loss),
                ("reconstruction/validation", epoch.held_out.reconstruction),
                ("images per second", epoch.samples_per_second as f32),
            ];
            self.log.scalars(epoch.step, &values)?;
        }
        Ok(())
    }

    /// Ten images, and what the weights of a report make of them, where an epoch has ended.
    pub(super) fn pictures(&mut self, report: &Report, data: &Dataset) -> Result<(), StoreError> {
        if report.epochs.is_empty() {
            return Ok(());
        }
        let snapshot = &report.snapshot;
        let pool = Pool::new(NonZeroUsize::MIN);
        let recipe = report.recipe.as_of(snapshot.step);
        let samples = Lens::new(&snapshot.net, &recipe, &pool)
            .samples(&data.test, 0..IMAGES.min(data.test.len()));
        let size = data.image_size();
        let originals = samples.iter().map(|sample| &*sample.original);
        let drawn = samples.iter().map(|sample| &*sample.reconstruction);
        for (tag, images) in [
            ("images/original", strip(originals.collect(), size)),
            ("images/reconstruction", strip(drawn.collect(), size)),
        ] {
            let size = [images.width(), images.pixels().len() / images.width()];
            self.log.picture(snapshot.step, tag, size, images.png())?;
        }
        Ok(())
    }
}

/// Images beside each other.
fn strip(images: Vec<&[f32]>, size: ImageSize) -> Raster {
    let [across, down] = [size.width, size.height].map(|pixels| pixels * ENLARGED);
    let width = images.len() * (across + GAP) - GAP;
    let mut raster = Raster::new([width, down], PAGE);
    for (place, pixels) in images.into_iter().enumerate() {
        let corner = [place * (across + GAP), 0];
        let grey = |ink: f32| [(ink.clamp(0.0, 1.0) * 255.0).round() as u8; 3];
        raster.picture(corner, (pixels, size.width), ENLARGED, grey);
    }
    raster
}
