//! What a log tells last of the held-out images.

use std::{fs, path::Path};

use serde::Deserialize;

use crate::lens::HeldOut;

/// A record that may tell of them: `epoch` and `end` do.
#[derive(Deserialize)]
struct Line {
    step: u64,
    /// The step it was measured after, where that is another.
    val_step: Option<u64>,
    val_loss: Option<f32>,
    val_reconstruction: Option<f32>,
}

/// The last held-out loss in a log, and the step after which it was measured. A line that is
/// torn or none of ours tells nothing, nor does a log that cannot be read.
pub fn last_held_out(log: &Path) -> Option<(u64, HeldOut)> {
    let text = fs::read(log).ok()?;
    text.rsplit(|&byte| byte == b'\n').find_map(|line| {
        let line: Line = serde_json::from_slice(line).ok()?;
        let held_out = HeldOut {
            loss: line.val_loss?,
            reconstruction: line.val_reconstruction?,
        };
        Some((line.val_step.unwrap_or(line.step), held_out))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_counts_whatever_follows_it() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        assert_eq!(last_held_out(&log), None);
        let held_out = |loss, reconstruction| HeldOut {
            loss,
            reconstruction,
        };
        let epoch =
            r#"{"event":"epoch","epoch":1,"step":4,"val_loss":0.5,"val_reconstruction":0.25}"#;
        fs::write(
            &log,
            format!("{epoch}\n{{\"event\":\"step\",\"step\":5}}\n"),
        )
        .unwrap();
        assert_eq!(last_held_out(&log), Some((4, held_out(0.5, 0.25))));
        let end =
            r#"{"event":"end","step":9,"val_loss":0.4,"val_reconstruction":0.125,"val_step":8}"#;
        fs::write(&log, format!("{epoch}\n{end}\n{{\"event\":\"epoch\",\"st")).unwrap();
        assert_eq!(last_held_out(&log), Some((8, held_out(0.4, 0.125))));
        let failed =
            r#"{"event":"end","step":9,"val_loss":null,"val_reconstruction":null,"val_step":null}"#;
        fs::write(&log, format!("{epoch}\n{failed}\n")).unwrap();
        assert_eq!(last_held_out(&log), Some((4, held_out(0.5, 0.25))));
    }
}
