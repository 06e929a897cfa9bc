//! Makes a moment of the run again that is not at hand, from the nearest state before it.
//!
//! A run is deterministic, so its steps taken again are the same steps, to the bit. They
//! are taken on a thread of its own, one at a time, by a trainer that tells nobody but the
//! observer and writes nothing. The latest order is the one that counts: another ends the
//! one under way between two steps. It never makes the observer wait.

use std::{
    num::NonZeroUsize,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
};

use crossbeam_channel::{Receiver, Sender, unbounded};

use super::tape::Tape;
use crate::{
    data::Dataset,
    nn::Snapshot,
    pace::Film,
    pool::{NoThread, Pool, start},
    recipe::Recipe,
    state::State,
    train::Trainer,
};

/// A moment that is wanted.
#[derive(Debug, Clone)]
pub(super) struct Order {
    /// The run, with its edits.
    pub(super) recipe: Arc<Recipe>,
    /// The nearest state before it.
    pub(super) from: Arc<State>,
    /// Its step.
    pub(super) to: u64,
}

/// What was made again.
#[derive(Debug)]
pub(super) enum Made {
    /// A state on the way, where another quarter of an epoch begins.
    Passed(Arc<State>),
    /// The moment that was wanted.
    Moment(Arc<Snapshot>),
}

/// The thread, from outside. It ends with its handle.
pub(super) struct Remaker {
    desk: Arc<Desk>,
    made: Receiver<Made>,
    thread: Option<JoinHandle<()>>,
}

impl Remaker {
    /// Waits for orders.
    ///
    /// # Errors
    ///
    /// When the system refuses another thread.
    pub(super) fn begin(data: Arc<Dataset>) -> Result<Self, NoThread> {
        let desk = Arc::new(Desk::default());
        let (send, made) = unbounded();
        let orders = Arc::clone(&desk);
        let thread = start("remaker", move || orders.work(&data, &send))?;
        Ok(Self {
            desk,
            made,
            thread: Some(thread),
        })
    }

    /// What has been made.
    pub(super) fn made(&self) -> &Receiver<Made> {
        &self.made
    }

    /// Make this; whatever else is under way is wanted no more.
    pub(super) fn order(&self, order: Order) {
        self.desk.say(|orders| orders.next = Some(order));
    }

    /// Nothing is wanted.
    pub(super) fn call_off(&self) {
        self.desk.say(|orders| orders.next = None);
    }
}

impl Drop for Remaker {
    fn drop(&mut self) {
        self.desk.say(|orders| orders.closed = true);
        if let Some(thread) = self.thread.take() {
            // A panic has been told by the hook.
            let _ = thread.join();
        }
    }
}

/// Where orders lie, for the thread to look at between two steps.
#[derive(Default)]
struct Desk {
    orders: Mutex<Orders>,
    /// Rings when they changed.
    news: Condvar,
}

#[derive(Default)]
struct Orders {
    next: Option<Order>,
    /// Grows with every word.
    words: u64,
    closed: bool,
}

impl Desk {
    fn orders(&self) -> MutexGuard<'_, Orders> {
        // What lies behind the lock makes sense at any time, whoever panicked.
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn say(&self, what: impl FnOnce(&mut Orders)) {
        let mut orders = self.orders();
        what(&mut orders);
        orders.words += 1;
        self.news.notify_all();
    }

    /// The next order and the number of its words; `None` when there will be none.
    fn next(&self) -> Option<(Order, u64)> {
        let mut orders = self.orders();
        loop {
            if orders.closed {
                return None;
            }
            if let Some(order) = orders.next.take() {
                return Some((order, orders.words));
            }
            let woken = self.news.wait(orders);
            orders = woken.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The life of the thread.
    fn work(&self, data: &Arc<Dataset>, made: &Sender<Made>) {
        let pool = Pool::new(NonZeroUsize::MIN);
        let mut at_work: Option<(Arc<Recipe>, Trainer)> = None;
        while let Some((order, words)) = self.next() {
            let mut trainer = match at_work.take() {
                // What was made last is as good a start, if it is nearer.
                Some((recipe, trainer))
                    if recipe == order.recipe
                        && (order.from.step()..=order.to).contains(&trainer.steps_done()) =>
                {
                    trainer
                }
                _ => {
                    let (recipe, state) = ((*order.recipe).clone(), (*order.from).clone());
                    Trainer::resume(recipe, Arc::clone(data), state, pool.clone())
                }
            };
            self.make(&order, words, &mut trainer, made);
            at_work = Some((order.recipe, trainer));
        }
    }

    /// Until it is made, or another word is said.
    fn make(&self, order: &Order, words: u64, trainer: &mut Trainer, made: &Sender<Made>) {
        let film = Film::new(trainer.steps_per_epoch(), 1);
        while trainer.steps_done() < order.to {
            if self.orders().words != words || trainer.step().is_err() {
                return;
            }
            let step = trainer.steps_done();
            if step < order.to && Tape::begins_quarter(step, &film) {
                // The observer may have left.
                let _ = made.send(Made::Passed(Arc::new(trainer.state())));
            }
        }
        let step = trainer.steps_done();
        let net = trainer.net();
        let _ = made.send(Made::Moment(Arc::new(Snapshot { step, net })));
    }
}
