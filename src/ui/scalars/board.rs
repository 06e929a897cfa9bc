//! What is known of numbers by their names, and which of them are looked at. No ratatui.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::{
    message::{Course, Failure, Scalar, Scalars, Writer},
    ui::views::TABLE,
};

/// More names are no run's.
const MOST_SERIES: usize = 1000;

/// A number over the steps.
#[derive(Debug)]
pub struct Series {
    /// Its name.
    pub tag: String,
    /// What it was, thinned to what a chart can show.
    pub course: Course,
}

/// What the screen remembers.
#[derive(Debug)]
pub struct Board {
    /// Where the numbers come from.
    pub title: String,
    /// In the order of their names.
    pub series: Vec<Series>,
    /// The entry of the list that is looked at.
    pub chosen: usize,
    /// What has become of whoever writes them.
    pub writer: Writer,
    /// What there is to say, and whether it warns.
    pub status: Option<(String, bool)>,
    /// Why there are numbers alone, where there would be more; it is said as long as nothing
    /// else is.
    pub reason: Option<String>,
    /// Names that there was no room for.
    pub left_out: bool,
    /// Whether nobody reads them any more.
    pub is_unread: bool,
}

/// A line of the list, and what the chart shows of it.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is called.
    pub name: String,
    /// The series, by their places; the training's first.
    pub series: Vec<usize>,
}

/// What a key leads to, beyond the board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// The way out.
    Leave,
    /// Back to the shell for a while.
    Suspend,
    /// All of it anew.
    Redraw,
}

/// What is known of a loss by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Training,
    Validation,
}

/// The role of a series of this name, if it is a loss like others': `loss/train`,
/// `train_loss`, `epoch_loss`, `val_loss`, `validation/epoch_loss`.
fn role(tag: &str) -> Option<Role> {
    let tag = tag.to_lowercase();
    let words: Vec<&str> = tag
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let validates = ["val", "valid", "validation", "test", "eval", "dev"];
    let trains = [
        "loss", "train", "training", "epoch", "step", "batch", "total", "logs", "mean",
    ];
    let known = |word: &&str| validates.contains(word) || trains.contains(word);
    if !words.contains(&"loss") || !words.iter().all(known) {
        return None;
    }
    let is_validation = words.iter().any(|word| validates.contains(word));
    Some(if is_validation {
        Role::Validation
    } else {
        Role::Training
    })
}

impl Board {
    /// Nothing is known yet.
    pub fn new(title: String) -> Self {
        Self {
            title,
            series: Vec::new(),
            chosen: 0,
            writer: Writer::Writes(0),
            status: None,
            reason: None,
            left_out: false,
            is_unread: false,
        }
    }

    /// Whoever reads them lives for as long as the screen, unless it died of a panic.
    pub fn lose_reader(&mut self) {
        self.is_unread = true;
        let failure = Failure::Unfollowed;
        let words = format!("{failure}; {}", failure.advice());
        self.reason = Some(words.clone());
        self.status = Some((words, true));
    }

    /// Something was read.
    pub fn hear(&mut self, told: Scalars) {
        if let Some(step) = told.back_to {
            for series in &mut self.series {
                series.course.cut(step);
            }
        }
        let name = self
            .entries()
            .get(self.chosen)
            .map(|entry| entry.name.clone());
        for scalar in told.scalars {
            self.put(scalar);
        }
        // Other names may have come before it.
        let place = self
            .entries()
            .iter()
            .position(|entry| Some(&entry.name) == name.as_ref());
        self.chosen = place.unwrap_or(0);
        if let Some(words) = told.remarks.into_iter().last() {
            self.status = Some((words, true));
        }
        if let Some(writer) = told.writer {
            let said = self.writer.obituary();
            self.writer = writer;
            // It is said when it turns out, and counts on as long as it is not read away.
            let stands =
                said.is_none() || self.status.as_ref().map(|(words, _)| words) == said.as_ref();
            if let Some(words) = writer.obituary().filter(|_| stands) {
                self.status = Some((words, true));
            }
        }
    }

    fn put(&mut self, scalar: Scalar) {
        let Scalar { tag, step, value } = scalar;
        let found = self.series.binary_search_by(|series| series.tag.cmp(&tag));
        let place = match found {
            Ok(place) => place,
            Err(_) if self.series.len() >= MOST_SERIES => {
                self.left_out = true;
                return;
            }
            Err(place) => {
                let course = Course::default();
                self.series.insert(place, Series { tag, course });
                place
            }
        };
        // A program that was begun again tells its steps again.
        self.series[place].course.tell_again(step, value);
    }

    /// The list: the losses together, where there are any, and then every other name.
    pub fn entries(&self) -> Vec<Entry> {
        let role_of = |place: usize| role(&self.series[place].tag);
        let places = || 0..self.series.len();
        let mut losses: Vec<usize> = places().filter(|&place| role_of(place).is_some()).collect();
        losses.sort_by_key(|&place| role_of(place));
        let loss = (!losses.is_empty()).then(|| Entry {
            name: "loss".into(),
            series: losses,
        });
        let others = places().filter(|&place| role_of(place).is_none());
        let other = |place: usize| Entry {
            name: self.series[place].tag.clone(),
            series: vec![place],
        };
        loss.into_iter().chain(others.map(other)).collect()
    }

    /// Whether a series is a validation's.
    pub fn is_validation(&self, place: usize) -> bool {
        role(&self.series[place].tag) == Some(Role::Validation)
    }

    /// The last step of all.
    pub fn step(&self) -> u64 {
        let last = |series: &Series| series.course.last().map(|(step, _)| step);
        self.series.iter().filter_map(last).max().unwrap_or(0)
    }

    /// A key.
    pub fn press(&mut self, key: KeyEvent) -> Option<Wish> {
        self.status = None;
        let last = self.entries().len().saturating_sub(1);
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Char('c') if control => return Some(Wish::Leave),
            KeyCode::Char('z') if control => return Some(Wish::Suspend),
            KeyCode::Char('l') if control => return Some(Wish::Redraw),
            KeyCode::Char(_) if control || key.modifiers.contains(KeyModifiers::ALT) => {}
            KeyCode::Char('q') => return Some(Wish::Leave),
            KeyCode::Up => self.chosen = self.chosen.saturating_sub(1),
            KeyCode::Down => self.chosen = (self.chosen + 1).min(last),
            KeyCode::Home => self.chosen = 0,
            KeyCode::End => self.chosen = last,
            KeyCode::Tab | KeyCode::BackTab => self.needs_weights("the other views"),
            KeyCode::Char(letter) => {
                if let Some(entry) = TABLE.iter().find(|entry| entry.letter == letter) {
                    if entry.name != "Curves" {
                        self.needs_weights(entry.name);
                    }
                } else {
                    self.status = Some(("↑↓ choose, q leaves".into(), false));
                }
            }
            _ => {}
        }
        None
    }

    fn needs_weights(&mut self, view: &str) {
        let words = format!(
            "Only numbers come from there: {view} would need weights, as a run's folder has them."
        );
        self.status = Some((words, false));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Absence;

    fn told(scalars: &[(&str, u64, f32)]) -> Scalars {
        let scalar = |&(tag, step, value): &(&str, u64, f32)| Scalar {
            tag: tag.into(),
            step,
            value,
        };
        Scalars {
            scalars: scalars.iter().map(scalar).collect(),
            ..Scalars::default()
        }
    }

    #[test]
    fn losses_are_known_by_their_usual_names() {
        for name in [
            "loss",
            "loss/train",
            "train_loss",
            "train_loss_epoch",
            "epoch_loss",
            "train/epoch_loss",
            "Loss/Train",
        ] {
            assert_eq!(role(name), Some(Role::Training), "{name}");
        }
        for name in [
            "val_loss",
            "loss/validation",
            "validation/epoch_loss",
            "eval_loss",
            "Loss/test",
        ] {
            assert_eq!(role(name), Some(Role::Validation), "{name}");
        }
        for name in ["accuracy", "lr", "glossary", "loss_scale", "val_accuracy"] {
            assert_eq!(role(name), None, "{name}");
        }
    }

    #[test]
    fn the_losses_come_first_together_and_a_choice_stays_with_its_name() {
        let mut board = Board::new("x".into());
        board.hear(told(&[
            ("lr", 1, 0.1),
            ("val_loss", 1, 0.5),
            ("loss", 1, 0.6),
        ]));
        let names = |board: &Board| -> Vec<String> {
            board
                .entries()
                .into_iter()
                .map(|entry| entry.name)
                .collect()
        };
        assert_eq!(names(&board), ["loss", "lr"]);
        let losses = &board.entries()[0].series;
        let tags: Vec<&str> = losses
            .iter()
            .map(|&place| &*board.series[place].tag)
            .collect();
        assert_eq!(tags, ["loss", "val_loss"]);
        board.press(KeyEvent::new(KeyCode::Down, KeyModifiers::NONE));
        board.hear(told(&[("accuracy", 1, 0.9), ("lr", 2, 0.05)]));
        assert_eq!(board.entries()[board.chosen].name, "lr");
        assert_eq!(board.step(), 2);
    }

    #[test]
    fn a_step_that_is_told_again_takes_what_was_behind_it() {
        let mut board = Board::new("x".into());
        board.hear(told(&[
            ("loss", 1, 0.6),
            ("loss", 2, 0.5),
            ("loss", 3, 0.4),
        ]));
        board.hear(told(&[("loss", 2, 0.55)]));
        let course: Vec<_> = board.series[0].course.iter().collect();
        assert_eq!(course, [(1, 0.6), (2, 0.55)]);
    }

    #[test]
    fn the_silence_of_the_dead_counts_on_until_a_key_is_pressed() {
        let mut board = Board::new("x".into());
        let gone = |seconds| Scalars {
            writer: Some(Writer::Gone(seconds, Absence::Silence)),
            ..Scalars::default()
        };
        let said = |board: &Board| board.status.as_ref().map(|(words, _)| words.clone());
        board.hear(gone(660));
        assert!(said(&board).unwrap().ends_with("last word 11 min ago"));
        board.hear(gone(7200));
        assert!(said(&board).unwrap().ends_with("last word 2 h ago"));
        board.press(KeyEvent::new(KeyCode::Up, KeyModifiers::NONE));
        board.hear(gone(10_800));
        assert_eq!(said(&board), None);
    }

    #[test]
    fn other_views_say_why_there_is_nothing() {
        let mut board = Board::new("x".into());
        for entry in TABLE.iter().filter(|entry| entry.name != "Curves") {
            board.press(KeyEvent::new(
                KeyCode::Char(entry.letter),
                KeyModifiers::NONE,
            ));
            let (words, _) = board.status.take().unwrap();
            assert!(
                words.contains(entry.name) && words.contains("weights"),
                "{words}"
            );
        }
        let quit = |modifiers| KeyEvent::new(KeyCode::Char('q'), modifiers);
        for modifiers in [KeyModifiers::CONTROL, KeyModifiers::ALT] {
            assert_eq!(board.press(quit(modifiers)), None);
        }
        assert_eq!(board.press(quit(KeyModifiers::NONE)), Some(Wish::Leave));
    }
}
