//! Panics: on the screen's thread they end the dashboard and are printed where
//! they can be read; on any other thread they must not tear the screen away
//! from a dashboard that lives on.

use std::{
    panic,
    sync::{Mutex, PoisonError},
    thread,
};

use super::restore;

/// What the last other thread to panic said.
static MESSAGE: Mutex<Option<String>> = Mutex::new(None);

/// Installs the hook. To be called once, on the thread that will draw.
///
/// A panic there gives the terminal back and is then printed as usual. A panic
/// on another thread is kept for [`take_message`]; whoever waits for that
/// thread reports it.
pub fn install_hook() {
    let print = panic::take_hook();
    let drawing = thread::current().id();
    panic::set_hook(Box::new(move |info| {
        if thread::current().id() == drawing {
            restore();
            print(info);
        } else {
            let words = info.to_string().replace('\n', " ");
            *MESSAGE.lock().unwrap_or_else(PoisonError::into_inner) = Some(words);
        }
    }));
}

/// What the last thread to panic, other than the screen's, said and where.
pub fn take_message() -> Option<String> {
    MESSAGE
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take()
}
