//! The narrator: one sentence for what was just measured, never for the time.

use super::{history::Baselines, territory::Territories};
use crate::{
    config::TrainConfig,
    message::{Note, Phase},
    store::metrics::EpochRecord,
};

/// An epoch that lowers the held-out loss by less than this share is polish.
const POLISH: f32 = 0.01;

/// Before so many epochs all digits share their places.
const EPOCHS_TO_SETTLE: u64 = 2;

/// Chapters in the order in which a run passes them; none is told twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Chapter {
    Blank,
    MostlyBlack,
    Average,
    BetterThanAverage,
    FirstPlace,
    SharedPlace,
    Polish,
}

/// What has been told.
#[derive(Debug)]
pub(super) struct Story {
    chapter: Option<Chapter>,
    note: Option<Note>,
    ended: bool,
    epochs: u64,
    /// What helps against dead code units.
    cure: &'static str,
    /// Whether it was told that not all code units are used.
    told_unused: bool,
}

impl Story {
    pub(super) fn new(cure: &'static str) -> Self {
        Self {
            chapter: None,
            note: None,
            ended: false,
            epochs: 0,
            cure,
            told_unused: false,
        }
    }

    pub(super) fn note(&self) -> Option<&Note> {
        self.note.as_ref()
    }

    /// So many code units are other than zero for some image.
    pub(super) fn codes_seen(&mut self, step: u64, live: usize, all: usize) {
        if self.warns() || self.ended || self.chapter < Some(Chapter::Average) {
            return;
        }
        if live < all && !self.told_unused {
            self.told_unused = true;
            self.say(step, format!("It uses {live} of its {all} numbers so far."));
        } else if live == all && self.told_unused {
            self.told_unused = false;
            self.say(step, format!("Now it uses all {all} of its numbers."));
        }
    }

    /// The map was surveyed after `step` steps.
    pub(super) fn surveyed(&mut self, step: u64, territories: &Territories) {
        if self.warns() || self.ended || self.chapter < Some(Chapter::BetterThanAverage) {
            return;
        }
        if self.chapter < Some(Chapter::FirstPlace)
            && let Some(digit) = territories.most_at_home()
        {
            self.chapter = Some(Chapter::FirstPlace);
            self.say(
                step,
                format!("The {digit}s have found a place of their own."),
            );
        } else if self.chapter == Some(Chapter::FirstPlace)
            && self.epochs >= EPOCHS_TO_SETTLE
            && let Some((digit, other)) = territories.most_shared()
        {
            self.chapter = Some(Chapter::SharedPlace);
            self.say(
                step,
                format!("{digit} and {other} share a place; see what becomes of a {digit}."),
            );
        }
    }

    /// A step whose smoothed loss is `loss`.
    pub(super) fn step(&mut self, step: u64, loss: f32, baselines: Baselines) {
        // Within a tenth of the mean image's loss, the mean image is what it draws.
        let (chapter, words) = if loss < baselines.mean_image {
            (
                Chapter::BetterThanAverage,
                "Better than the average digit; the code now says something.".to_owned(),
            )
        } else if loss < baselines.mean_image * 1.1 {
            (
                Chapter::Average,
                "It draws the average, whatever it sees.".into(),
            )
        } else if loss < baselines.one_grey {
            (
                Chapter::MostlyBlack,
                "First lesson: most pixels are black.".into(),
            )
        } else {
            (
                Chapter::Blank,
                "It knows nothing; every pixel is half grey.".into(),
            )
        };
        if self.chapter < Some(chapter) {
            self.chapter = Some(chapter);
            if !self.warns() {
                self.say(step, words);
            }
        }
    }

    /// After `step` steps it was better than so many principal components.
    pub(super) fn passed(&mut self, step: u64, components: usize) {
        const COUNTS: [&str; 10] = [
            "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        ];
        if self.warns() || self.ended {
            return;
        }
        let count = match components
            .checked_sub(1)
            .and_then(|place| COUNTS.get(place))
        {
            Some(&count) => count.to_owned(),
            None => components.to_string(),
        };
        let plural = if components == 1 { "" } else { "s" };
        self.say(
            step,
            format!(
                "Better than PCA-{components}, the classical way to keep {count} number{plural}."
            ),
        );
    }

    /// An epoch ended; `before` is the one before it.
    pub(super) fn epoch_ended(&mut self, epoch: &EpochRecord, before: Option<&EpochRecord>) {
        self.epochs = epoch.epoch;
        if epoch.val_loss > std::f32::consts::LN_2 {
            self.note = Some(Note {
                step: epoch.step,
                words: "Worse than knowing nothing; try a smaller --learning-rate.".into(),
                warning: true,
            });
            return;
        }
        if !epoch.dead_units.is_empty() {
            self.note = Some(Note {
                step: epoch.step,
                words: dead_units(&epoch.dead_units, self.cure),
                warning: true,
            });
            return;
        }
        if self.warns() {
            self.say(epoch.step, "The warning is over.".into());
        }
        let Some(before) = before else {
            return self.say(
                epoch.step,
                format!("Every image seen once: held-out {:.3}.", epoch.val_loss),
            );
        };
        let gained = (before.val_loss - epoch.val_loss) / before.val_loss;
        if (0.0..POLISH).contains(&gained) && self.chapter < Some(Chapter::Polish) {
            self.chapter = Some(Chapter::Polish);
            self.say(
                epoch.step,
                format!(
                    "The rest is polish: {:.3} to {:.3}.",
                    before.val_loss, epoch.val_loss
                ),
            );
        }
    }

    /// What the trainer does now.
    pub(super) fn phase(&mut self, phase: Phase, step: u64, held_out: Option<f32>) {
        let ended = phase == Phase::Finished;
        if ended && !self.ended && !self.warns() {
            let loss = held_out.map_or_else(String::new, |loss| format!(" at {loss:.3}"));
            self.say(step, format!("Done{loss}: ] trains on, s saves."));
        }
        self.ended = ended;
    }

    /// A fault is told until it is mended.
    fn warns(&self) -> bool {
        self.note.as_ref().is_some_and(|note| note.warning)
    }

    fn say(&mut self, step: u64, words: String) {
        self.note = Some(Note {
            step,
            words,
            warning: false,
        });
    }
}

/// What helps against code units that are zero for every image.
pub(crate) fn cure_of_dead_units(config: &TrainConfig) -> &'static str {
    match config.network.latent_activation() {
        // A code with a price is meant to have zeros; without one they come from the ReLU.
        _ if config.l1 > 0.0 => "try another seed or a smaller `--l1`",
        Some(_) => "try another seed or `--latent-activation linear`",
        None => "try another seed",
    }
}

/// What to say of code units that were zero for every image, and what to do.
pub(crate) fn dead_units(units: &[usize], cure: &str) -> String {
    let cure = format!("zero for every image; {cure}");
    match units {
        [unit] => format!("code {unit} is dead: {cure}"),
        units => {
            let numbers: Vec<String> = units.iter().take(3).map(ToString::to_string).collect();
            let more = if units.len() > 3 {
                format!(" and {} more", units.len() - 3)
            } else {
                String::new()
            };
            format!("codes {}{more} are dead: {cure}", numbers.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CURE: &str = "try another seed or `--latent-activation linear`";

    const BASELINES: Baselines = Baselines {
        one_grey: 0.391,
        mean_image: 0.2625,
    };

    fn epoch(number: u64, val_loss: f32, dead_units: Vec<usize>) -> EpochRecord {
        EpochRecord {
            epoch: number,
            step: number * 1875,
            train_loss: val_loss,
            val_loss,
            val_reconstruction: val_loss,
            seconds: 1.0,
            samples_per_second: 60_000.0,
            dead_units,
        }
    }

    fn words(story: &Story) -> &str {
        &story.note().unwrap().words
    }

    #[test]
    fn each_chapter_is_told_when_it_is_measured_and_only_once() {
        let mut story = Story::new(CURE);
        for (step, loss, start) in [
            (1, 0.693, "It knows nothing"),
            (30, 0.38, "First lesson"),
            (31, 0.40, "First lesson"),
            (80, 0.277, "It draws the average"),
            (200, 0.256, "Better than the average digit; the code"),
            (201, 0.27, "Better than the average"),
        ] {
            story.step(step, loss, BASELINES);
            assert!(
                words(&story).starts_with(start),
                "step {step}: {}",
                words(&story)
            );
        }
        assert_eq!(story.note().unwrap().step, 200);
    }

    #[test]
    fn a_dead_unit_is_called_out_until_it_lives() {
        let mut story = Story::new(CURE);
        story.epoch_ended(&epoch(1, 0.24, vec![2]), None);
        assert!(story.note().unwrap().warning);
        assert_eq!(
            words(&story),
            "code 2 is dead: zero for every image; try another seed or `--latent-activation linear`"
        );
        story.phase(Phase::Finished, 1875, Some(0.24));
        assert!(story.note().unwrap().warning, "the end does not hide it");
        story.epoch_ended(&epoch(2, 0.22, vec![]), Some(&epoch(1, 0.24, vec![2])));
        assert!(!story.note().unwrap().warning);
    }

    #[test]
    fn unused_numbers_are_told_once_and_so_is_their_coming_to_life() {
        let mut story = Story::new(CURE);
        story.codes_seen(0, 1, 2);
        assert!(story.note().is_none(), "before it draws anything");
        story.step(80, 0.277, BASELINES);
        story.codes_seen(90, 1, 2);
        assert_eq!(words(&story), "It uses 1 of its 2 numbers so far.");
        story.codes_seen(100, 2, 2);
        assert_eq!(words(&story), "Now it uses all 2 of its numbers.");
        story.step(200, 0.256, BASELINES);
        story.codes_seen(210, 2, 2);
        assert!(words(&story).starts_with("Better than the average"));
    }

    #[test]
    fn the_classical_rival_is_named_with_its_numbers() {
        for (components, counted) in [(1, "one number."), (2, "two numbers."), (32, "32 numbers.")]
        {
            let mut story = Story::new(CURE);
            story.passed(1200, components);
            assert_eq!(
                words(&story),
                format!("Better than PCA-{components}, the classical way to keep {counted}")
            );
            assert_eq!(story.note().unwrap().step, 1200);
        }
        let mut story = Story::new(CURE);
        story.phase(Phase::Finished, 10, Some(0.2));
        story.passed(5, 2);
        assert!(words(&story).starts_with("Done"), "the end has been told");
    }

    #[test]
    fn a_loss_above_ignorance_is_a_warning() {
        let mut story = Story::new(CURE);
        story.epoch_ended(&epoch(1, 2.15, vec![1, 2]), None);
        assert!(story.note().unwrap().warning);
        assert!(words(&story).starts_with("Worse than knowing nothing"));
    }

    #[test]
    fn polish_is_measured_between_epochs() {
        let mut story = Story::new(CURE);
        story.epoch_ended(&epoch(2, 0.212, vec![]), Some(&epoch(1, 0.222, vec![])));
        assert!(story.note().is_none());
        story.epoch_ended(&epoch(3, 0.2114, vec![]), Some(&epoch(2, 0.212, vec![])));
        let before = story.note().cloned();
        story.epoch_ended(&epoch(4, 0.245, vec![]), Some(&epoch(3, 0.2114, vec![])));
        assert_eq!(story.note().cloned(), before, "worse is no polish");
        assert_eq!(words(&story), "The rest is polish: 0.212 to 0.211.");
    }

    #[test]
    fn the_end_is_told_again_after_training_on() {
        let mut story = Story::new(CURE);
        story.phase(Phase::Finished, 10, Some(0.2));
        assert!(words(&story).starts_with("Done at 0.200:"));
        story.phase(Phase::Training, 11, None);
        story.phase(Phase::Finished, 20, Some(0.19));
        assert!(words(&story).starts_with("Done at 0.190:"));
    }
}
