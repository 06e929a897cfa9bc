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
    message::Failure,
    nn::Snapshot,
    pace::Film,
    pool::{NoThread, Pool, piece_of_work, start},
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
            if self.make(&order, words, &mut trainer, made).is_err() {
                // Steps that were taken once are these no more: better none than others.
                return;
            }
            at_work = Some((order.recipe, trainer));
        }
    }

    /// Until it is made, or another word is said.
    fn make(
        &self,
        order: &Order,
        words: u64,
        trainer: &mut Trainer,
        made: &Sender<Made>,
    ) -> Result<(), Failure> {
        let film = Film::new(trainer.steps_per_epoch(), 1);
        while trainer.steps_done() < order.to {
            if self.orders().words != words {
                return Ok(());
            }
            piece_of_work();
            trainer.step()?;
            let step = trainer.steps_done();
            if step < order.to && Tape::begins_quarter(step, &film) {
                // The observer may have left.
                let _ = made.send(Made::Passed(Arc::new(trainer.state())));
            }
        }
        let step = trainer.steps_done();
        let net = trainer.net();
        let _ = made.send(Made::Moment(Arc::new(Snapshot { step, net })));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        data::{Classes, PIXELS, Split},
        recipe::Preset,
    };

    fn data() -> Arc<Dataset> {
        let images = |count: usize| {
            let pixels = (0..count * PIXELS).map(|n| (n * 37 % 256) as u8);
            Split::new(pixels.collect(), vec![0; count])
        };
        Arc::new(Dataset {
            name: "noise".into(),
            classes: Classes::numbered(10),
            train: images(32),
            test: images(8),
            digest: String::new(),
        })
    }

    /// Eight steps an epoch.
    fn recipe() -> Arc<Recipe> {
        Arc::new(Recipe {
            batch_size: 4,
            ..Recipe::preset(Preset::Article)
        })
    }

    fn order(to: u64) -> Order {
        let recipe = recipe();
        let from = Arc::new(State::start(&recipe, None));
        Order { recipe, from, to }
    }

    /// What comes until the moment does: the steps of the states on the way, and it.
    fn made(remaker: &Remaker) -> (Vec<u64>, Arc<Snapshot>) {
        let mut passed = Vec::new();
        loop {
            match remaker.made().recv().unwrap() {
                Made::Passed(state) => passed.push(state.step()),
                Made::Moment(snapshot) => return (passed, snapshot),
            }
        }
    }

    #[test]
    fn a_moment_is_made_again_with_the_states_on_the_way() {
        let remaker = Remaker::begin(data()).unwrap();
        remaker.order(order(7));
        let (passed, snapshot) = made(&remaker);
        assert_eq!((passed, snapshot.step), (vec![2, 4, 6], 7));
        let mut trainer = Trainer::new(
            (*recipe()).clone(),
            data(),
            None,
            Pool::new(NonZeroUsize::MIN),
        );
        for _ in 0..7 {
            trainer.step().unwrap();
        }
        assert!(snapshot.net == trainer.net());
        // It goes on from where it is; before that it begins with the state.
        remaker.order(order(9));
        assert_eq!(made(&remaker).0, [8]);
        remaker.order(order(3));
        let (passed, snapshot) = made(&remaker);
        assert_eq!((passed, snapshot.step), (vec![2], 3));
    }

    #[test]
    fn the_latest_order_counts_and_nobody_waits_for_the_end_of_another() {
        let remaker = Remaker::begin(data()).unwrap();
        // More steps than anybody lives to see.
        remaker.order(order(u64::MAX));
        while !matches!(remaker.made().recv(), Ok(Made::Passed(_))) {}
        remaker.order(order(5));
        assert_eq!(made(&remaker).1.step, 5);
        remaker.order(order(u64::MAX));
        drop(remaker);
    }
}
