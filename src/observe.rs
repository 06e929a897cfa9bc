//! Watches a run: keeps its history, turns the weights of a moment into what a
//! screen shows, and writes the files that are asked for. Knows no screen.
//!
//! Its thread stands between the trainer and the screen, so that neither waits
//! for the other. What it computes it computes from snapshots: plain values
//! that the training has long left behind.

mod appraisals;
mod appraiser;
mod asked;
mod baselines;
mod cartographer;
mod confusion;
mod gazing;
mod history;
mod looking;
mod losses;
mod nice;
mod observer;
mod past;
mod projection;
mod recent;
mod remake;
mod rivalry;
mod run;
mod scene;
mod schedule;
mod speedometer;
mod story;
mod survey;
mod tape;
mod territory;
mod under_way;
mod view;

use std::{sync::Arc, thread::JoinHandle};

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};

pub(crate) use asked::inside::pictures::weights as unit_weights;
pub use past::Past;
pub(crate) use projection::Projection;
#[cfg(test)]
pub(crate) use story::every_why;
pub(crate) use story::{cure_of_dead_units, dead_units};
pub use tape::Tape;
pub use territory::share_at_home;

use crate::{
    lens::HeldOut,
    measure::Pca,
    message::{Components, Look, News, Progress, SampleId},
    nn::Snapshot,
    pool::{NoThread, Pool, start},
    recipe::{Price, Recipe},
    state::State,
    store::{
        keeper::{Files, Kept},
        weights::About,
    },
    train::DataSource,
    words::counted,
};

/// Where the weights come from.
pub enum Source {
    /// A trainer's events.
    Trainer(Receiver<Progress>),
    /// What is heard of a run that somebody else trains. Nothing of it is made again, and
    /// nothing is written.
    Told(Receiver<Progress>),
    /// A file that was loaded.
    Saved {
        /// Its weights.
        snapshot: Arc<Snapshot>,
        /// What it says of them, which is said again when they are saved.
        about: Box<About>,
        /// The images to show them on.
        data: DataSource,
    },
    /// A run that was kept: the newest of its states is seen, and the moments before it
    /// come to hand while a trainer makes it again. Nothing of that is written.
    Kept {
        /// The events of that trainer; no step beyond the newest state is of interest.
        replay: Receiver<Progress>,
        /// The newest weights.
        snapshot: Arc<Snapshot>,
        /// What is said of them.
        about: Box<About>,
        /// The states that are at hand at once.
        states: Vec<Arc<State>>,
        /// The images, the same that the trainer has.
        data: DataSource,
    },
}

/// What an observer needs to begin.
pub struct Setup {
    /// What it watches.
    pub source: Source,
    /// The run's recipe, which saved files tell.
    pub recipe: Recipe,
    /// Where it writes.
    pub files: Files,
    /// The first sample to show.
    pub sample: SampleId,
    /// Where moments are kept: with places for as many as the trainer tells.
    pub tape: Tape,
    /// What is known of the run before its first report.
    pub past: Past,
    /// The principal components of the training images, if a run before has found them.
    pub pca: Option<Arc<Pca>>,
    /// Whether the networks that are seen are measured against their rivals.
    pub measures: bool,
    /// Who computes held-out losses.
    pub pool: Pool,
}

/// A held-out loss with the price of the code in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Priced {
    price: Price,
    loss: f32,
    /// Pixels of an image.
    pixels: usize,
}

/// How a run ended, as far as it was seen.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Steps done.
    pub step: u64,
    /// The last held-out loss: the pictures' alone, which baselines compare with.
    pub held_out: Option<f32>,
    /// The same as training makes it small, with the code's price, where it has one.
    pub with_price: Option<Priced>,
    /// The mean image's, to compare with.
    pub mean_image: Option<f32>,
    /// Principal components', as many as the code has values, to compare with too.
    pub components: Option<Components>,
    /// What has become of its files.
    pub kept: Kept,
    /// Why the training failed, if it did.
    pub failure: Option<crate::message::Failure>,
    /// The images' principal components, for a run that follows.
    pub pca: Option<Arc<Pca>>,
    /// What the run was in the end, with its edits.
    pub recipe: Option<Arc<Recipe>>,
    /// The moments that can be gone back to, for a run that follows.
    pub tape: Tape,
    /// What was seen of the run, for one that follows.
    pub past: Past,
}

impl Outcome {
    /// What the run came to: each number by its name, and by its unit where there are two.
    pub fn result(&self) -> Option<String> {
        let held_out = self.held_out?;
        let after = counted(self.step, "step");
        Some(match self.with_price {
            Some(Priced {
                price: Price::L1,
                loss,
                ..
            }) => format!("held-out loss {held_out:.4} after {after}, {loss:.4} with L1"),
            Some(Priced {
                price: Price::Divergence,
                loss,
                pixels,
            }) => format!(
                "held-out loss {held_out:.4} nats/pixel after {after}, \
                 {loss:.4} nats/image with KL ({:.4} nats/pixel)",
                loss / pixels as f32
            ),
            _ => format!("held-out loss {held_out:.4} after {after}"),
        })
    }

    /// Takes the last held-out loss down, as far as it is a number.
    pub(crate) fn measured(&mut self, held_out: Option<HeldOut>, recipe: &Recipe) {
        let held_out = held_out.filter(|held_out| held_out.reconstruction.is_finite());
        self.held_out = held_out.map(|held_out| held_out.reconstruction);
        let priced = held_out.map(|held_out| Priced {
            price: recipe.price(),
            loss: held_out.loss,
            pixels: recipe.image.pixels(),
        });
        self.with_price =
            priced.filter(|priced| priced.price != Price::None && priced.loss.is_finite());
    }

    /// What there is to tell in the end when this run has followed that one.
    #[must_use]
    pub fn after(self, before: Self) -> Self {
        Self {
            kept: self.kept.after(before.kept),
            ..self
        }
    }
}

/// The observer's thread, from outside.
pub struct Handle {
    looks: Sender<Look>,
    events: Receiver<News>,
    thread: JoinHandle<Outcome>,
}

impl Handle {
    /// Where the screen's looks go.
    pub fn looks(&self) -> &Sender<Look> {
        &self.looks
    }

    /// What there is to see.
    pub fn events(&self) -> &Receiver<News> {
        &self.events
    }

    /// Ends the watching: takes the trainer's last report, writes what is to be
    /// left behind, and tells how it went. The trainer is to be stopped first.
    pub fn finish(self) -> Outcome {
        drop(self.looks);
        drop(self.events);
        self.thread.join().unwrap_or_else(|_| Outcome {
            kept: Kept {
                save_error: Some("the observer stopped unexpectedly".into()),
                ..Kept::default()
            },
            ..Outcome::default()
        })
    }
}

/// Starts watching.
///
/// # Errors
///
/// When the system refuses another thread; nothing has been written then.
pub fn spawn(setup: Setup) -> Result<Handle, NoThread> {
    // Looks come from keys: few, small, and never to be lost.
    let (looks, asked) = unbounded();
    // An observation that the screen has not taken yet is followed, not queued.
    let (events, shown) = bounded(4);
    let thread = start("observer", move || observer::run(setup, &asked, events))?;
    Ok(Handle {
        looks,
        events: shown,
        thread,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Preset;

    #[test]
    fn two_numbers_never_have_one_name() {
        let told = |preset, loss| {
            let mut outcome = Outcome {
                step: 1,
                ..Outcome::default()
            };
            let held_out = HeldOut {
                loss,
                reconstruction: 0.25,
            };
            outcome.measured(Some(held_out), &Recipe::preset(preset));
            outcome.result().unwrap_or_default()
        };
        assert_eq!(
            told(Preset::Deep, 0.25),
            "held-out loss 0.2500 after 1 step"
        );
        assert_eq!(
            told(Preset::Sparse, 0.375),
            "held-out loss 0.2500 after 1 step, 0.3750 with L1"
        );
        assert_eq!(
            told(Preset::Vae, 294.0),
            "held-out loss 0.2500 nats/pixel after 1 step, \
             294.0000 nats/image with KL (0.3750 nats/pixel)"
        );
        // An infinite price takes nothing from what the pictures came to.
        assert_eq!(
            told(Preset::Sparse, f32::INFINITY),
            "held-out loss 0.2500 after 1 step"
        );
        assert_eq!(Outcome::default().result(), None);
    }
}
