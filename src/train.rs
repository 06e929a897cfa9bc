//! Training, and the thread it runs on. Knows neither the screen nor files.
//!
//! [`Trainer`] is plain code: a step is a function call. The worker around it
//! obeys [`Command`]s between steps, keeps the pace, and reports.

mod clock;
mod draws;
mod keepsakes;
mod pair;
mod trainer;
mod widths;
mod worker;

use std::{num::NonZeroU64, sync::Arc, thread::JoinHandle};

use crossbeam_channel::{Receiver, Sender, bounded};

pub use pair::{PairHandle, spawn_pair};
pub use trainer::Trainer;
pub use widths::Widths;

use crate::{
    data::{DataError, Dataset},
    message::{Command, Progress},
    nn::Autoencoder,
    pace::Pace,
    pool::{NoThread, Pool, start},
    recipe::Recipe,
    state::State,
};

/// Brings the images when the trainer's thread asks for them.
pub type DataSource = Box<dyn FnOnce() -> Result<Arc<Dataset>, DataError> + Send>;

/// What a run starts from.
pub struct Setup {
    /// What is computed.
    pub recipe: Recipe,
    /// The images.
    pub data: DataSource,
    /// Where to start from, if not from fresh weights.
    pub start: Option<Box<Start>>,
    /// Which moments to tell beside the newest.
    pub keeping: Keeping,
    /// How fast to go at first.
    pub pace: Pace,
    /// Who computes the held-out loss.
    pub pool: Pool,
}

/// A moment that a run starts from.
#[derive(Debug, Clone, PartialEq)]
pub struct Start {
    /// A state of a run of this recipe...
    pub state: State,
    /// ...from which the steps up to this one are made again before anything is told.
    pub at: u64,
}

impl Start {
    /// These weights, before a first step of a run of this recipe.
    pub fn of_weights(recipe: &Recipe, net: Autoencoder) -> Box<Self> {
        let state = State::start(recipe, Some(net));
        Box::new(Self { state, at: 0 })
    }
}

/// The moments of a run that somebody wants to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Keeping {
    /// At most so many snapshots at ticks of the film.
    pub frames: usize,
    /// At most so many states at quarters of epochs.
    pub states: usize,
    /// Every state at an epoch's end, and after every so many steps, to be written down.
    pub checkpoints: Option<Checkpoints>,
}

/// Bytes of a number of a network, as it is kept.
const NUMBER: u64 = 4;
/// A state has the weights and two moments of each.
const NUMBERS_OF_A_STATE: u64 = 3;
/// Beyond so many states the room is better spent on snapshots: what lies between two
/// is made again. So the ticks of ten epochs of the tutorial's network fit into the default.
pub(crate) const MOST_STATES: u64 = 48;
/// More snapshots than a film of half a minute has ticks, twice over.
const MOST_FRAMES: u64 = 1200;

impl Keeping {
    /// As much as fits into half of so many bytes, for a network of so many parameters;
    /// nothing where not one moment does. The other half is for the runs before it on
    /// the same screen, and for what is made again.
    pub fn within(bytes: u64, parameters: u64) -> Self {
        // What is made again has an eighth of either's places.
        let room = bytes / 17 * 8;
        let (frame, state) = sizes(parameters);
        let states = (room / 2 / state).min(MOST_STATES);
        if states == 0 {
            return Self::default();
        }
        let frames = ((room - states * state) / frame).min(MOST_FRAMES);
        Self {
            frames: frames as usize,
            states: states as usize,
            checkpoints: None,
        }
    }

    /// The least memory of which a moment is kept.
    pub fn least(parameters: u64) -> u64 {
        let (_, state) = sizes(parameters);
        // As above, from the other end.
        state.saturating_mul(2).div_ceil(8).saturating_mul(17)
    }
}

/// Bytes of a snapshot and of a state.
fn sizes(parameters: u64) -> (u64, u64) {
    let frame = parameters.saturating_mul(NUMBER).max(1);
    (frame, frame.saturating_mul(NUMBERS_OF_A_STATE))
}

/// When a state is to be written down, beside every end of an epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Checkpoints {
    /// After every so many steps.
    pub every: Option<NonZeroU64>,
}

/// The trainer's thread, from outside.
pub struct Handle {
    commands: Sender<Command>,
    thread: Option<JoinHandle<()>>,
}

impl Handle {
    /// Where its commands go.
    pub fn commands(&self) -> &Sender<Command> {
        &self.commands
    }

    /// Asks it to end; the last report follows, and then the events close.
    pub fn stop(&self) {
        // A trainer that has already gone needs no telling.
        let _ = self.commands.send(Command::Stop);
    }
}

impl Drop for Handle {
    /// Whoever holds the events must have dropped them or be reading them.
    fn drop(&mut self) {
        self.stop();
        if let Some(thread) = self.thread.take() {
            // Its panics were caught and reported inside.
            let _ = thread.join();
        }
    }
}

/// Starts training. The events are to be read by one reader until they close.
///
/// # Errors
///
/// When the system refuses another thread; nothing has begun then.
pub fn spawn(setup: Setup) -> Result<(Handle, Receiver<Progress>), NoThread> {
    // One report may wait; while it does, the trainer goes on gathering.
    let (events, reader) = bounded(1);
    // Keys arrive singly; a burst of them may fill this and then wait for a step.
    let (commands, orders) = bounded(64);
    let thread = start("trainer", move || worker::run(setup, &orders, events))?;
    let handle = Handle {
        commands,
        thread: Some(thread),
    };
    Ok((handle, reader))
}
