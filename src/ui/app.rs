//! All that the screen remembers. No ratatui types, no channels, no clock.

use std::{path::PathBuf, sync::Arc};

use rand_chacha::ChaCha8Rng;

use super::{
    find::Find,
    frame::SMALLEST,
    keymap::Scene,
    lesson::Lesson,
    runs::Runs,
    settings::Settings,
    tour::Tour,
    views::{Places, View},
    widget::map::MapStyle,
};
use crate::{
    data::{CLASSES, Classes, Dataset, Labels, corrupt::Noise},
    image::ImageSize,
    message::{Ask, Failure, Gaze, Observation, Phase, SampleId, When, Writer},
    nn::CodeShape,
    pace::Pace,
    random::{Stream, generator},
    recipe::{Price, Recipe},
};

/// What a run is: known before it begins, and changed only by the viewer.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Its preset's name, or the file that is explored.
    pub title: String,
    /// What it is, with what was changed so far.
    pub recipe: Recipe,
    /// What there is to see of it now.
    pub kind: Kind,
    /// The first sample to show.
    pub sample: SampleId,
    /// How fast it is to go.
    pub pace: Pace,
    /// Whether there is a trainer.
    pub trains: bool,
    /// The file that the weights are written to at the end without being asked
    /// for; the next run, if one follows, replaces it.
    pub result: Option<PathBuf>,
    /// Whether a folder keeps the run, and all of it.
    pub kept: bool,
    /// What each preset would be if it followed: as the command line has it.
    pub presets: Vec<Recipe>,
    /// Which of the runs on this screen it is, and the others.
    pub runs: Runs,
}

/// What there is to see of a run beside the original, its reconstruction and
/// the map. It is known before the run begins, so that no pane has to move unless
/// the viewer brings noise in, or takes it away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// Whether the network is shown noise on its images.
    pub noisy: bool,
    /// How its codes are arranged.
    pub code: CodeShape,
    /// What its loss counts beside the pictures.
    pub price: Price,
}

impl Kind {
    /// Whether a code has more values than a map shows one by one.
    pub fn has_more_than_a_map(self) -> bool {
        !matches!(self.code, CodeShape::Values(..=2))
    }

    /// What there is to see of a run of this recipe.
    pub fn of(recipe: &Recipe) -> Self {
        let architecture = recipe.architecture();
        Self {
            noisy: recipe.noise != Noise::None,
            code: architecture.code_shape(),
            price: recipe.price(),
        }
    }
}

/// Which picture stands over a reconstruction, where the network is shown a
/// noisy one and there is room for one of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Above {
    /// What the network is shown.
    Noisy,
    /// What it should have seen.
    Original,
}

/// The state of the screen.
#[derive(Debug)]
pub struct App {
    /// What was known at the start.
    pub plan: Plan,
    /// The images, once they are loaded: for their labels and their number.
    pub data: Option<Arc<Dataset>>,
    /// What there is to see.
    pub seen: Option<Arc<Observation>>,
    /// Commands given to the trainer. What is seen may not know of the last ones.
    pub commanded: u64,
    /// What the trainer does once it has obeyed them all.
    pub coming: Phase,
    /// What the observer was told last that is looked at.
    pub told: Gaze,
    /// Gazes told to the observer. What is seen may not know of the last ones.
    pub gazed: u64,
    /// Why the training ended, if it failed.
    pub failure: Option<Failure>,
    /// Who writes the run, where it is only watched.
    pub writer: Option<Writer>,
    /// Whether it is one of a pair: that is led back to, and no other run follows.
    pub paired: bool,
    /// The sample that was asked for.
    pub sample: SampleId,
    /// The moment that was asked for.
    pub when: When,
    /// Columns and rows of the screen; none before it has told them.
    pub screen: (u16, u16),
    /// What the mouse has taken hold of.
    pub grip: Grip,
    /// What is looked at.
    pub view: View,
    /// The lesson that Train is, if it is one.
    pub lesson: Option<Lesson>,
    /// What each view remembers.
    pub places: Places,
    /// The classes on the map.
    pub filter: Labels,
    /// How the map is drawn.
    pub map_style: MapStyle,
    /// What stands over the reconstructions.
    pub above: Above,
    /// What lies over the view.
    pub overlay: Overlay,
    /// The tour, while it is taken.
    pub tour: Option<Tour>,
    /// The tour where it was left.
    pub tour_left: Option<Tour>,
    /// The pace that was asked for.
    pub pace: Pace,
    /// What full speed returns to.
    pub unhurried: Pace,
    /// What the last key led to, until the next key.
    pub status: Option<Status>,
    /// The step of the last file written to stay.
    pub saved_step: Option<u64>,
    /// Whether and how the screen is to close.
    pub exit: Option<Exit>,
    /// Chooses samples at random.
    pub chance: ChaCha8Rng,
}

/// What the mouse has taken hold of, while its button is down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grip {
    /// Nothing that can be drawn along.
    Nothing,
    /// The tape.
    Tape,
    /// Something of the view.
    View,
}

/// What lies over the view; Esc takes it away.
#[derive(Debug, Clone, PartialEq)]
pub enum Overlay {
    /// Nothing.
    None,
    /// The keys and what the numbers mean, from this page on.
    Help(usize),
    /// What the network is good for, in numbers.
    Measures,
    /// What a sentence of the narrator means: this one of those told, or the one that stands.
    Why(Option<usize>),
    /// Why the training ended.
    Failure,
    /// A number is being typed.
    Typing(Prompt, String),
    /// The weights could not be saved, and this is why; a name for them is being typed.
    Naming {
        /// What the last attempt came to.
        why: String,
        /// What has been typed.
        typed: String,
    },
    /// Whether to leave without saving.
    ConfirmQuit,
    /// What holds from the next step, and what begins anew.
    Settings(Box<Settings>),
    /// Something is being looked for by its name.
    Find(Find),
    /// The runs on this screen; this entry of the list is marked.
    Branches(usize),
    /// Whether to forget the run of this entry.
    ConfirmForget(usize),
    /// What can be put beside this run; this entry of the list is marked.
    Beside(usize),
    /// The same network is to be trained again: this seed is marked.
    Restart(usize),
    /// Whether to begin the run of this recipe without saving this one.
    ConfirmRestart(Box<Recipe>),
}

impl Overlay {
    /// Whether something is asked that is told on the smallest screen too.
    pub const fn is_question(&self) -> bool {
        matches!(
            self,
            Self::ConfirmQuit
                | Self::ConfirmForget(_)
                | Self::ConfirmRestart(_)
                | Self::Naming { .. }
        )
    }
}

/// What a number is typed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prompt {
    /// A sample to go to.
    Sample,
    /// How far to train.
    RunFor,
    /// A class to show.
    Class,
}

impl Prompt {
    /// What the status line asks.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Sample => "go to sample",
            Self::RunFor => "train for steps (or 2e: epochs)",
            Self::Class => "only the class of this mark or name",
        }
    }
}

/// An answer in the line of hints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// What happened.
    pub words: String,
    /// Whether it went wrong.
    pub warning: bool,
}

impl Status {
    /// Something that is not as it might be thought.
    pub fn warning(words: String) -> Self {
        Self {
            words,
            warning: true,
        }
    }
}

/// How the screen closes.
#[derive(Debug, Clone, PartialEq)]
pub enum Exit {
    /// The user left.
    Quit,
    /// A signal of this number arrived.
    Signal(i32),
    /// A run of this recipe is to follow on the same screen, from its first step.
    Anew(Box<Recipe>),
    /// A run is to follow that goes on from a moment of this one.
    Branch(Box<Branch>),
    /// The run of this number, which was left before, is to be shown at this moment.
    Visit(usize, When),
    /// Back to the pair that it is one of.
    Pair,
    /// This run's recipe and another's are to be trained beside each other.
    Beside(Box<Beside>),
}

/// What is put beside a run.
#[derive(Debug, Clone, PartialEq)]
pub enum Beside {
    /// A run of this recipe.
    Preset(Recipe),
    /// The run of this number, which was left before.
    Run(usize),
}

/// A run that leaves another in the middle.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// Steps that both have.
    pub step: u64,
    /// What it is; what is changed from there on are the last of its edits.
    pub recipe: Recipe,
    /// What is changed, in words.
    pub differs: String,
}

impl App {
    /// The screen before anything is known.
    pub fn new(plan: Plan) -> Self {
        Self {
            sample: plan.sample,
            told: Gaze {
                when: When::Now,
                sample: plan.sample,
                ask: Ask::Nothing,
            },
            pace: plan.pace,
            unhurried: match plan.pace {
                Pace::Full => Pace::FILM,
                pace => pace,
            },
            plan,
            data: None,
            seen: None,
            commanded: 0,
            coming: Phase::Training,
            gazed: 0,
            failure: None,
            writer: None,
            paired: false,
            when: When::Now,
            screen: (0, 0),
            grip: Grip::Nothing,
            view: View::default(),
            lesson: None,
            places: Places::default(),
            filter: Labels::ALL,
            map_style: MapStyle::Density,
            above: Above::Noisy,
            overlay: Overlay::None,
            tour: None,
            tour_left: None,
            status: None,
            saved_step: None,
            exit: None,
            chance: generator(0, Stream::Browsing, 0),
        }
    }

    /// The screen of the run that follows: the images and the viewer's choices
    /// stay, all that is known of the run before goes.
    #[must_use]
    pub fn anew(self, plan: Plan) -> Self {
        Self {
            data: self.data,
            screen: self.screen,
            view: self.view,
            lesson: self.lesson.map(Lesson::anew),
            places: self.places,
            filter: self.filter,
            map_style: self.map_style,
            above: self.above,
            unhurried: self.unhurried,
            chance: self.chance,
            ..Self::new(plan)
        }
    }

    /// The tour begins with the run, which waits for it; other widths are tried beside it.
    pub fn take_the_tour(&mut self) {
        self.tour = Some(Tour::with_widths());
        self.wait_at_first();
    }

    /// The run is told to wait before its first step.
    pub fn wait_at_first(&mut self) {
        self.commanded += 1;
        self.coming = Phase::Paused;
    }

    /// All that is looked at.
    pub(in crate::ui) fn gaze(&self) -> Gaze {
        Gaze {
            when: self.when,
            sample: self.sample,
            ask: (self.view.entry().asks)(self),
        }
    }

    /// All that is looked at, to be told to the observer, where that is something else than
    /// it was told last.
    pub fn look(&mut self) -> Option<Gaze> {
        let gaze = self.gaze();
        if gaze == self.told {
            return None;
        }
        self.gazed += 1;
        self.told = gaze.clone();
        Some(gaze)
    }

    /// The step that was asked for, or that playing from there has come to; none at now.
    pub fn asked_step(&self) -> Option<u64> {
        match (self.when, &self.seen) {
            (When::Now, _) => None,
            (When::PlayFrom(from), Some(seen)) if seen.seen.plays => Some(seen.seen.step.max(from)),
            (When::At(step) | When::PlayFrom(step), _) => Some(step),
        }
    }

    /// What there is for keys to do something with.
    pub fn scene(&self) -> Scene {
        Scene {
            view: self.view,
            trains: self.plan.trains,
            noisy: self.plan.kind.noisy,
            many: self.plan.kind.has_more_than_a_map(),
            classes: match self.classes() {
                Classes::Unlabelled => 0,
                classes => classes.count(),
            },
            paired: self.paired,
            film: self
                .seen
                .as_ref()
                .is_some_and(|seen| !seen.tape.steps.is_empty()),
            history: self.seen.as_ref().is_none_or(|seen| seen.has_history()),
        }
    }

    /// Whether the screen is known to have room for a lesson.
    pub fn has_room_for_a_lesson(&self) -> bool {
        let ((width, height), (columns, rows)) = (self.screen, Lesson::SMALLEST);
        width >= columns && height >= rows
    }

    /// The lesson, where that is what is seen.
    pub fn shown_lesson(&self) -> Option<&Lesson> {
        let seen = self.view == View::Train && self.has_room_for_a_lesson();
        self.lesson.as_ref().filter(|_| seen)
    }

    /// Whether the screen is known to have no room for a run.
    pub fn is_too_small(&self) -> bool {
        let (width, height) = self.screen;
        let is_known = self.screen != (0, 0);
        is_known && (width < SMALLEST.0 || height < SMALLEST.1)
    }

    /// What the trainer does, as far as is known.
    pub fn phase(&self) -> Option<Phase> {
        self.seen.as_ref().map(|seen| seen.moment.phase)
    }

    /// What the trainer does once it has obeyed what it was told. A key that means
    /// the opposite of what is going on is pressed to change this, though the screen
    /// may be behind.
    pub fn coming_phase(&self) -> Phase {
        match &self.seen {
            Some(seen) if seen.moment.obeyed >= self.commanded => seen.moment.phase,
            _ => self.coming,
        }
    }

    /// Says something in the line of hints, until the next key.
    pub fn say(&mut self, words: impl Into<String>) {
        self.status = Some(Status {
            words: words.into(),
            warning: false,
        });
    }

    /// Whether steps are being taken.
    pub fn moves(&self) -> bool {
        self.failure.is_none() && self.phase() == Some(Phase::Training)
    }

    /// What the labels stand for, as far as is known.
    pub fn classes(&self) -> Classes {
        let known = self.data.as_ref().map(|data| data.classes.clone());
        known.unwrap_or_else(|| Classes::numbered(CLASSES))
    }

    /// The classes that are shown, in order.
    pub fn shown(&self) -> impl Iterator<Item = u8> {
        let filter = self.filter;
        (0..self.classes().count() as u8).filter(move |&class| filter.contains(class))
    }

    /// What the classes that are shown are called, and their marks alone.
    pub fn shown_names(&self) -> [String; 2] {
        let classes = self.classes();
        let names: Vec<_> = self
            .shown()
            .map(|class| classes.name(class).into_owned())
            .collect();
        [
            names.join(", "),
            self.shown().map(|class| classes.mark(class)).collect(),
        ]
    }

    /// Rows and columns of the images.
    pub fn image(&self) -> ImageSize {
        let known = self.data.as_ref().map(|data| data.image_size());
        known.unwrap_or(self.plan.recipe.image)
    }

    /// Images in the split that is looked at.
    pub fn split_len(&self) -> Option<usize> {
        let data = self.data.as_ref()?;
        Some(self.sample.split.of(data).len())
    }

    /// Steps of training that no file holds; 0 where the end will write them.
    pub fn unsaved_steps(&self) -> u64 {
        match self.plan.result {
            Some(_) => 0,
            None => self.passing_steps(),
        }
    }

    /// Steps of training that no file will hold once another run has followed.
    pub fn passing_steps(&self) -> u64 {
        let step = self.seen.as_ref().map_or(0, |seen| seen.moment.step);
        if self.plan.trains && !self.plan.kept {
            step.saturating_sub(self.saved_step.unwrap_or(0))
        } else {
            0
        }
    }

    /// Earlier runs on this screen with steps of training that no file holds, by their numbers.
    pub fn unsaved_others(&self) -> Vec<usize> {
        let others = self.plan.runs.others.iter();
        let unsaved = others.filter(|run| run.unsaved > 0);
        unsaved.map(|run| run.lineage.number).collect()
    }

    /// What the run is at the newest step, as far as is known, and what it was told to be
    /// from the next one on.
    pub fn held(&self) -> Recipe {
        let step = self.seen.as_ref().map_or(0, |seen| seen.moment.step);
        self.plan.recipe.held_at(step)
    }

    /// The recipes of this run again: the same seed, and a new one.
    pub fn seeds(&self) -> [Recipe; 2] {
        let seed = self.plan.recipe.seed;
        [seed, seed.wrapping_add(1)].map(|seed| Recipe {
            seed,
            ..self.plan.recipe.clone()
        })
    }

    /// Whether a run can leave this one: something of it has been seen.
    pub fn can_branch(&self) -> bool {
        self.can_restart() && self.seen.is_some()
    }

    /// Whether another run can follow this one: there is a trainer, and it has
    /// its images.
    pub fn can_restart(&self) -> bool {
        self.plan.trains && self.data.is_some() && !self.paired
    }
}
