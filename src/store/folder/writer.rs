//! Writes checkpoints on a thread of its own, so that nobody waits for a disk.
//!
//! A state that comes while one is being written waits; of those that wait only such are
//! written as stay then: the newest three, and the best. The newest is written first, so
//! that a program that is ended in haste has it.

use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
};

use super::{
    amiss::Amiss,
    shelf::{self, Entry, Shelf},
};
use crate::{
    pool::{piece_of_work, start},
    state::State,
    store::{StoreError, checkpoint, weights::About},
};

/// A state to be written, and what its file says of it.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) state: Arc<State>,
    pub(super) about: About,
}

impl Order {
    fn entry(&self) -> Entry {
        Entry {
            step: self.state.step(),
            val_loss: self.about.val_loss,
        }
    }
}

/// What the two threads tell each other.
#[derive(Debug, Default)]
struct Desk {
    waiting: Vec<Order>,
    /// Nothing more will come.
    closed: bool,
    /// What went wrong with the last one written: one that is there mends those that are not.
    amiss: Amiss,
}

impl Desk {
    /// The newest of those that wait.
    fn next(&mut self) -> Option<Order> {
        self.waiting.pop()
    }
}

#[derive(Debug)]
struct Office {
    desk: Mutex<Desk>,
    called: Condvar,
    /// For one hand at a time.
    shelf: Mutex<Shelf>,
}

impl Office {
    fn desk(&self) -> MutexGuard<'_, Desk> {
        // A desk is left in order between any two lines that touch it.
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, order: &Order) {
        let entry = order.entry();
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        let saved = checkpoint::save(&shelf.place(entry.step), &order.state, &order.about);
        match saved {
            Ok(()) => {
                shelf.put(entry);
                self.desk().amiss.mended();
            }
            // The run ends with the next step, and says so itself.
            Err(StoreError::NotFinite) => {}
            Err(fault) => self.desk().amiss.befalls(fault),
        }
    }
}

/// The thread, from outside.
#[derive(Debug)]
pub(super) struct Writer {
    office: Arc<Office>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Where the system refuses a thread, each state is written by whoever brings it.
    pub(super) fn begin(shelf: Shelf) -> Self {
        let office = Arc::new(Office {
            desk: Mutex::default(),
            called: Condvar::new(),
            shelf: Mutex::new(shelf),
        });
        let its_office = Arc::clone(&office);
        let thread = start("checkpoints", move || work(&its_office));
        Self {
            office,
            thread: thread.ok(),
        }
    }

    /// A state to be written soon.
    pub(super) fn put(&self, order: Order) {
        // One that died of a panic writes no more than one that was never there.
        if self.thread.as_ref().is_none_or(JoinHandle::is_finished) {
            return self.office.write(&order);
        }
        let mut desk = self.office.desk();
        desk.waiting.push(order);
        thin(&mut desk.waiting);
        drop(desk);
        self.office.called.notify_one();
    }

    /// What has gone wrong since this was last asked.
    pub(super) fn take_fault(&self) -> Option<StoreError> {
        self.office.desk().amiss.take_untold()
    }

    /// What is wrong with the last state that was written, if anything is.
    pub(super) fn amiss(&self) -> Option<String> {
        self.office.desk().amiss.words().map(str::to_owned)
    }

    /// Waits until the last state is written.
    pub(super) fn finish(&mut self) {
        self.office.desk().closed = true;
        self.office.called.notify_one();
        if let Some(thread) = self.thread.take() {
            // Should it have died of a panic, that was told where it happened.
            let _ = thread.join();
        }
        // It has left nothing, unless it died.
        loop {
            let next = self.office.desk().next();
            let Some(order) = next else { return };
            self.office.write(&order);
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.finish();
    }
}

/// What would be removed again is not written.
fn thin(waiting: &mut Vec<Order>) {
    let entries: Vec<Entry> = waiting.iter().map(Order::entry).collect();
    let leaving = shelf::leaving(&entries, false);
    waiting.retain(|order| !leaving.contains(&order.state.step()));
}

fn work(office: &Office) {
    let mut desk = office.desk();
    loop {
        if let Some(order) = desk.next() {
            drop(desk);
            piece_of_work();
            office.write(&order);
            desk = office.desk();
        } else if desk.closed {
            return;
        } else {
            let called = office.called.wait(desk);
            desk = called.unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::{Preset, Recipe};

    #[test]
    fn of_those_that_wait_the_newest_is_written_first() {
        let recipe = Recipe::preset(Preset::Article);
        let mut desk = Desk::default();
        for step in 1..=5 {
            let mut state = State::start(&recipe, None);
            state.adam.t = step;
            let (state, about) = (Arc::new(state), About::of(&recipe));
            desk.waiting.push(Order { state, about });
            thin(&mut desk.waiting);
        }
        let steps = std::iter::from_fn(|| desk.next()).map(|order| order.state.step());
        assert_eq!(steps.collect::<Vec<_>>(), [5, 4, 3]);
    }
}
