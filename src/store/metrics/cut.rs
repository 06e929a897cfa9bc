//! A log that goes on from a step before its end: what lies behind happens again, and
//! is told again, so that no step stands there twice.

use std::{fs, io::ErrorKind, path::Path};

use serde::Deserialize;

use crate::store::{StoreError, atomic};

/// What a record of ours tells of its place.
#[derive(Deserialize)]
struct Place {
    #[serde(rename = "event")]
    _event: String,
    step: Option<u64>,
}

/// Takes what happened after that step out of a log, and a last line that is not whole.
/// What is no record of ours stays. Tells whether nothing is left, or there was nothing.
///
/// # Errors
/// Whatever the system refuses; the log is as it was then.
pub fn cut(path: &Path, step: u64) -> Result<bool, StoreError> {
    let old = match fs::read(path) {
        Ok(old) => old,
        Err(reason) if reason.kind() == ErrorKind::NotFound => return Ok(true),
        Err(reason) => return Err(StoreError::write(path, reason)),
    };
    let new = before(&old, step);
    if new != old {
        atomic::write(path, &new)?;
    }
    Ok(new.is_empty())
}

fn before(log: &[u8], step: u64) -> Vec<u8> {
    let lines = log.split_inclusive(|&byte| byte == b'\n');
    let stays = |line: &&[u8]| match serde_json::from_slice::<Place>(line) {
        Ok(place) => place.step.is_none_or(|of_record| of_record <= step),
        Err(_) => line.ends_with(b"\n"),
    };
    lines.filter(stays).flatten().copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_behind_the_step_goes_and_all_else_stays() {
        let log = "{\"event\":\"start\",\"seed\":42}\n{\"event\":\"step\",\"step\":5}\nnotes\n\
                   {\"event\":\"epoch\",\"epoch\":1,\"step\":8}\n{\"event\":\"end\",\"step\":9}\n\
                   {\"event\":\"st";
        let cut = |step| String::from_utf8(before(log.as_bytes(), step)).unwrap();
        let lines = |step| cut(step).lines().count();
        assert_eq!(cut(9), log.rsplit_once('\n').unwrap().0.to_owned() + "\n");
        assert_eq!(
            [lines(9), lines(8), lines(7), lines(5), lines(4)],
            [5, 4, 3, 3, 2]
        );
        // A whole record without its line's end is one.
        assert_eq!(before(b"{\"event\":\"step\",\"step\":5}", 5).len(), 25);
    }

    #[test]
    fn a_log_that_is_not_there_is_new() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        assert!(super::cut(&path, 5).unwrap());
        assert!(!path.exists());
    }
}
