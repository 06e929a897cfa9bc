//! Measures what the network is good for, on a thread of its own.
//!
//! The principal components come first, for the curve waits for them; then the other
//! rivals, once; then the newest network that there is, again and again. It is long work
//! that nobody waits for: one thread does it, in pieces of milliseconds, some dozens for convolutions, and rests
//! between them as long as the trainer's need demands. What is measured is therefore
//! behind the moment, and says of which step it is.
//!
//! One piece is longer: the axes of the components, which for small images a library finds in
//! one go of some tenths of a second. Whoever leaves in that moment does not wait for it.

use std::{
    num::NonZeroUsize,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, Sender, unbounded};

use crate::{
    data::{Dataset, corrupt::Noise},
    measure::{CalledOff, Effort, Measures, Pca, Rivals, Stretch, Task},
    message::Components,
    nn::Snapshot,
    pool::{NoThread, Pool, piece_of_work, start},
};

/// How much of the time may be worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Haste {
    /// The trainer needs every moment.
    Sparing,
    /// Somebody else trains, perhaps on this machine, and watching is to cost next to nothing.
    Guest,
    /// The trainer keeps a pace that leaves some.
    Easy,
    /// Nobody trains.
    Free,
}

impl Haste {
    /// Rest after a piece of work, in times the work.
    const fn rest(self, components_known: bool) -> u32 {
        match self {
            // Half a percent of two cores is nothing a run can feel.
            Self::Sparing if components_known => 100,
            // Two are little, for seconds, and the curve has its line before the run ends.
            Self::Sparing => 50,
            // Four percent of a core: for some tens of seconds after weights of dense layers.
            Self::Guest => 24,
            Self::Easy => 2,
            Self::Free => 0,
        }
    }
}

/// The longest rest, so that one long piece does not delay what follows for a minute.
const LONGEST: Duration = Duration::from_secs(5);

/// What was measured.
#[derive(Debug)]
pub(super) enum Finding {
    /// The axes, for runs that follow on the same images.
    Pca(Arc<Pca>),
    /// Once, before any vote.
    Components(Components),
    /// Once.
    Rivals(Arc<Rivals>),
    /// Of the network after so many steps.
    Measures(u64, Arc<Measures>),
}

/// The measuring thread, from outside. Without its handle it ends by itself, after the piece of
/// work that it is at, and nobody waits for it.
pub(super) struct Appraiser {
    desk: Arc<Desk>,
    findings: Receiver<Finding>,
}

impl Appraiser {
    /// Begins with the rivals of codes of `values` values; `pca` is that of the training
    /// images, if a run before has found it.
    ///
    /// # Errors
    ///
    /// When the system refuses another thread.
    pub(super) fn begin(
        data: Arc<Dataset>,
        noise: Noise,
        values: usize,
        pca: Option<Arc<Pca>>,
    ) -> Result<Self, NoThread> {
        let desk = Arc::new(Desk {
            orders: Mutex::new(Orders {
                haste: Haste::Sparing,
                snapshot: None,
                components_known: false,
                closed: false,
            }),
            news: Condvar::new(),
        });
        let (found, findings) = unbounded();
        let orders = Arc::clone(&desk);
        let work = move || {
            // Called off is as good an end as any.
            let _ = orders.work(&data, noise, values, pca, &found);
        };
        start("appraiser", work)?;
        Ok(Self { desk, findings })
    }

    /// What it finds.
    pub(super) fn findings(&self) -> &Receiver<Finding> {
        &self.findings
    }

    /// What is to be measured next, and how hastily.
    pub(super) fn order(&self, newest: Option<Arc<Snapshot>>, haste: Haste) {
        let mut orders = self.desk.orders();
        if orders.haste != haste || newest.is_some() || orders.snapshot.is_some() {
            (orders.haste, orders.snapshot) = (haste, newest);
            self.desk.news.notify_all();
        }
    }
}

impl Drop for Appraiser {
    fn drop(&mut self) {
        self.desk.orders().closed = true;
        self.desk.news.notify_all();
    }
}

/// Where orders lie, for the thread to look at between two pieces of work.
struct Desk {
    orders: Mutex<Orders>,
    /// Rings when they changed.
    news: Condvar,
}

struct Orders {
    haste: Haste,
    /// The newest network.
    snapshot: Option<Arc<Snapshot>>,
    components_known: bool,
    closed: bool,
}

impl Desk {
    fn orders(&self) -> MutexGuard<'_, Orders> {
        lock(&self.orders)
    }

    /// The life of the thread.
    fn work(
        &self,
        data: &Dataset,
        noise: Noise,
        values: usize,
        pca: Option<Arc<Pca>>,
        found: &Sender<Finding>,
    ) -> Result<(), CalledOff> {
        let pool = Pool::new(NonZeroUsize::MIN);
        let awake = Mutex::new(Instant::now());
        let go_on = || self.rest(&mut lock(&awake));
        let effort = Effort::asking(&pool, &go_on);
        let task = Task {
            train: &data.train,
            asked: Stretch::held_out(&data.test),
            noise,
        };
        let tell = |finding| found.send(finding).map_err(|_| CalledOff);
        let pca = match pca {
            Some(pca) if pca.suffices(values) => pca,
            _ => Arc::new(Pca::of(task.train, values, effort)?),
        };
        tell(Finding::Pca(Arc::clone(&pca)))?;
        let components = Rivals::components(&task, &pca, values, effort)?;
        tell(Finding::Components(Components {
            count: values,
            loss: components.all.cross_entropy as f32,
        }))?;
        self.orders().components_known = true;
        let rivals = Arc::new(Rivals::beside(components, &task, &pca, values, effort)?);
        tell(Finding::Rivals(Arc::clone(&rivals)))?;
        let mut measured: Option<Arc<Snapshot>> = None;
        loop {
            go_on()?;
            let snapshot = self.next_after(measured.as_deref())?;
            // Waiting was no work.
            *lock(&awake) = Instant::now();
            let measures = Measures::of(&snapshot.net, &task, &rivals, effort)?;
            tell(Finding::Measures(snapshot.step, Arc::new(measures)))?;
            measured = Some(snapshot);
        }
    }

    /// Waits for another network than this one.
    fn next_after(&self, measured: Option<&Snapshot>) -> Result<Arc<Snapshot>, CalledOff> {
        let mut orders = self.orders();
        loop {
            if orders.closed {
                return Err(CalledOff);
            }
            match &orders.snapshot {
                Some(snapshot) if measured.is_none_or(|known| *known != **snapshot) => {
                    return Ok(Arc::clone(snapshot));
                }
                _ => orders = self.wait(orders),
            }
        }
    }

    fn wait<'a>(&self, orders: MutexGuard<'a, Orders>) -> MutexGuard<'a, Orders> {
        let woken = self.news.wait(orders);
        woken.unwrap_or_else(PoisonError::into_inner)
    }

    /// Rests as long as the work since the last rest asks for; `awake` is when that ended.
    fn rest(&self, awake: &mut Instant) -> Result<(), CalledOff> {
        piece_of_work();
        let (worked, tired) = (awake.elapsed(), Instant::now());
        let mut orders = self.orders();
        loop {
            if orders.closed {
                return Err(CalledOff);
            }
            let rest = worked * orders.haste.rest(orders.components_known);
            let left = rest.min(LONGEST).saturating_sub(tired.elapsed());
            if left.is_zero() {
                *awake = Instant::now();
                return Ok(());
            }
            let woken = self.news.wait_timeout(orders, left);
            orders = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

/// What lies behind a lock makes sense at any time, whoever panicked.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
