//! Follows a run that somebody else trains, as the trainer's place is taken by its files.
//!
//! A thread looks at the folder, and tells what it hears in the trainer's own channel; whoever
//! reads that does not care which it is. It writes nothing, and obeys nobody but the end.

use std::{sync::Arc, thread::JoinHandle, time::Duration};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, select};

use crate::{
    message::{Failure, Hearsay, Progress, Scalars, Writer},
    pool::{NoThread, piece_of_work, start},
    recipe::Recipe,
    store::follow::{FileNews, Heard, Numbers, RunFollower, ScalarFollower},
    train::DataSource,
};

/// How often the files are looked at: what is written is shown within a second.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// The thread, from outside. It ends with its handle.
pub struct Handle {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Handle {
    /// Asks it to end, and waits for that.
    pub fn stop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // A panic has been told by the hook.
            let _ = thread.join();
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Starts following. The events are to be read by one reader until they close.
///
/// # Errors
///
/// When the system refuses another thread.
pub fn spawn(run: RunFollower, data: DataSource) -> Result<(Handle, Receiver<Progress>), NoThread> {
    let (events, reader) = bounded(4);
    let (stop, stopped) = bounded(0);
    let told = Told { events, stopped };
    let thread = start("follower", move || {
        // Its reader, or whoever started it, has gone: that is its end.
        let _ = follow(run, data, &told);
    })?;
    let handle = Handle {
        stop: Some(stop),
        thread: Some(thread),
    };
    Ok((handle, reader))
}

/// The same of numbers alone.
///
/// # Errors
///
/// When the system refuses another thread.
pub fn spawn_scalars(
    mut follower: ScalarFollower,
) -> Result<(Handle, Receiver<Scalars>), NoThread> {
    let (events, reader) = bounded(4);
    let (stop, stopped) = bounded(0);
    let told = Told { events, stopped };
    let thread = start("follower", move || {
        let _ = follow_scalars(&mut follower, &told);
    })?;
    let handle = Handle {
        stop: Some(stop),
        thread: Some(thread),
    };
    Ok((handle, reader))
}

fn follow_scalars(follower: &mut ScalarFollower, told: &Told<Scalars>) -> Result<(), Over> {
    let mut writer = None;
    loop {
        piece_of_work();
        let Numbers { scalars, more, .. } = follower.poll();
        let now = Some(follower.writer()).filter(|now| !more && writer != Some(*now));
        writer = now.or(writer);
        let is_news = scalars.back_to.is_some()
            || !scalars.scalars.is_empty()
            || !scalars.remarks.is_empty()
            || now.is_some();
        if is_news {
            told.tell(Scalars {
                writer: now,
                ..scalars
            })?;
        }
        if !more {
            told.rest()?;
        }
    }
}

/// Nobody wants to hear more.
struct Over;

struct Told<T> {
    events: Sender<T>,
    stopped: Receiver<()>,
}

impl<T> Told<T> {
    fn tell(&self, progress: T) -> Result<(), Over> {
        select! {
            send(self.events, progress) -> sent => sent.map_err(|_| Over),
            recv(self.stopped) -> _ => Err(Over),
        }
    }

    fn rest(&self) -> Result<(), Over> {
        match self.stopped.recv_timeout(LOOK_AGAIN) {
            Err(RecvTimeoutError::Timeout) => Ok(()),
            _ => Err(Over),
        }
    }
}

fn follow(mut run: RunFollower, data: DataSource, told: &Told<Progress>) -> Result<(), Over> {
    match data() {
        Ok(data) => told.tell(Progress::Loaded(data))?,
        Err(error) => {
            let failure = Failure::NoData(error.to_string());
            return told.tell(Progress::Failed(failure));
        }
    }
    let mut recipe = Arc::new(run.file().recipe.clone());
    let mut writer = None;
    loop {
        piece_of_work();
        let heard = run.poll();
        if heard.file == Some(FileNews::Edited) {
            recipe = Arc::new(run.file().recipe.clone());
        }
        if heard.file == Some(FileNews::OtherRun) {
            let words = "another run is being written there; leave, and watch it anew";
            told.tell(Progress::Remark(words.into()))?;
            // Nothing of it is to be seen among what is of this one.
            while told.rest().is_ok() {}
            return Err(Over);
        }
        let (is_news, more) = (heard.is_news(), heard.more);
        let now = run.writer();
        for words in &heard.remarks {
            told.tell(Progress::Remark(words.clone()))?;
        }
        // The end of the run comes with its last steps.
        if is_news || ends(writer) != ends(Some(now)) {
            told.tell(Progress::Heard(hearsay(heard, &recipe, now)))?;
        }
        if !more && writer != Some(now) {
            told.tell(Progress::Writer(now))?;
        }
        if !more {
            writer = Some(now);
            told.rest()?;
        }
    }
}

fn ends(writer: Option<Writer>) -> bool {
    matches!(writer, Some(Writer::Ended(_)))
}

fn hearsay(heard: Heard, recipe: &Arc<Recipe>, writer: Writer) -> Hearsay {
    Hearsay {
        back_to: heard.back_to,
        losses: heard.losses,
        epochs: heard.epochs,
        snapshots: heard.snapshots,
        recipe: Arc::clone(recipe),
        ended: !heard.more && ends(Some(writer)),
    }
}
