//! The same short run with other numbers of numbers in the middle, on a thread of its own that
//! hurries nobody: one after the other, each told when it is done.

use std::{
    cell::Cell,
    num::NonZeroUsize,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
};

use crossbeam_channel::{Receiver, Sender, TryRecvError, bounded, unbounded};
use thiserror::Error;

use super::{DataSource, Trainer};
use crate::{
    data::Dataset,
    lens::Lens,
    measure::{CalledOff, Effort, Known, vote},
    message::TriedWidth,
    pool::{NoThread, Pool, piece_of_work, start},
    recipe::Recipe,
};

/// The widths that are tried.
const WIDTHS: [usize; 4] = [1, 2, 3, 16];
/// Images whose pictures are told, from this one on.
const PICTURED: std::ops::Range<usize> = 110..120;

/// So many of the widths will not be done: their run could not go on, or their thread died.
#[derive(Debug, Error)]
#[error("{0} of the four short runs of other widths will not be done")]
pub struct TriedNoMore(usize);

/// The thread, from outside. It ends when this is dropped.
pub struct Widths {
    done: Receiver<TriedWidth>,
    /// Those that nobody has been told of.
    left: Cell<usize>,
    ends: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Widths {
    /// Tries them on the images that this source brings, once it has brought them; the source that
    /// is returned brings the same.
    ///
    /// # Errors
    ///
    /// When there is no thread to be had.
    pub fn beside(recipe: &Recipe, data: DataSource) -> Result<(Self, DataSource), NoThread> {
        let (brought, images) = bounded(1);
        let (tell, done) = unbounded();
        let ends = Arc::new(AtomicBool::new(false));
        let (ended, recipe) = (Arc::clone(&ends), recipe.clone());
        let thread = start("ae-tui widths", move || {
            if let Ok(images) = images.recv() {
                try_all(&recipe, &images, &tell, &ended);
            }
        })?;
        let data: DataSource = Box::new(move || {
            let images = data()?;
            let _ = brought.send(Arc::clone(&images));
            Ok(images)
        });
        let widths = Self {
            done,
            left: Cell::new(WIDTHS.len()),
            ends,
            thread: Some(thread),
        };
        Ok((widths, data))
    }

    /// The next that is done, if one is; once, that the rest will not be.
    pub fn next(&self) -> Option<Result<TriedWidth, TriedNoMore>> {
        let left = self.left.get();
        match self.done.try_recv() {
            Ok(tried) => {
                self.left.set(left - 1);
                Some(Ok(tried))
            }
            Err(TryRecvError::Disconnected) if left > 0 => {
                self.left.set(0);
                Some(Err(TriedNoMore(left)))
            }
            Err(_) => None,
        }
    }
}

impl Drop for Widths {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn try_all(
    recipe: &Recipe,
    data: &Arc<Dataset>,
    tell: &Sender<TriedWidth>,
    ends: &Arc<AtomicBool>,
) {
    for width in WIDTHS {
        let Some(tried) = try_one(recipe, width, data, ends) else {
            return;
        };
        if tell.send(tried).is_err() {
            return;
        }
    }
}

/// What a run of this width comes to; nothing where it was called off or failed on the way.
fn try_one(
    recipe: &Recipe,
    width: usize,
    data: &Arc<Dataset>,
    ends: &Arc<AtomicBool>,
) -> Option<TriedWidth> {
    let mut recipe = recipe.clone();
    let mut encoder = recipe.network.encoder_sizes()?.to_vec();
    *encoder.last_mut()? = width;
    recipe.set_encoder(encoder).ok()?;
    let pool = Pool::new(NonZeroUsize::MIN);
    let mut trainer = Trainer::new(recipe.clone(), Arc::clone(data), None, pool.clone());
    let steps = trainer.steps_per_epoch() * recipe.epochs;
    for _ in 0..steps {
        if ends.load(Ordering::Relaxed) {
            return None;
        }
        piece_of_work();
        trainer.step().ok()?;
    }
    let net = trainer.net();
    let lens = Lens::new(&net, &recipe, &pool);
    let codes = lens.codes(&data.train);
    let asked = lens.codes(&data.test);
    let known = Known {
        codes: codes.view(),
        labels: data.train.labels(),
    };
    let is_wanted = || !ends.load(Ordering::Relaxed);
    let go_on = || is_wanted().then_some(()).ok_or(CalledOff);
    let voted = vote(known, asked.view(), None, Effort::asking(&pool, &go_on)).ok()?;
    let right = voted
        .iter()
        .zip(data.test.labels())
        .filter(|(voted, label)| **voted == Some(**label));
    let told = right.count() as f32 / voted.len().max(1) as f32;
    let pictured = PICTURED.start.min(data.test.len())..PICTURED.end.min(data.test.len());
    let first = pictured.start;
    let pictures = lens.samples(&data.test, pictured);
    Some(TriedWidth {
        width,
        held_out: trainer.validate().reconstruction,
        told,
        first,
        pictures: pictures
            .into_iter()
            .map(|sample| sample.reconstruction)
            .collect(),
    })
}
