//! Which question about the weights is answered next, and how long to rest after it.
//!
//! Watching must cost training next to nothing, so after an answer comes a rest in
//! proportion to the work. A row of ten is cheap and comes first, then what the view asks; they
//! rest only while the trainer needs every moment, and never for what was just chosen. The map
//! of all held-out images is dear, and so is what some views study of it. An answer stands
//! until another step, sample or view asks for another. This is arithmetic on steps and on moments that it is handed: it knows
//! neither weights nor clocks.

use std::time::{Duration, Instant};

use crate::message::SampleId;

/// The shortest rest after a map, and the longest while something moves: what else there
/// is to see is seen sooner, and the map of a large network is dear.
const SHORTEST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(16);
/// Rest, in times the work: when the trainer needs every moment, and when its pace
/// leaves some.
const REST_WHEN_BUSY: u32 = 40;
const REST_AT_A_PACE: u32 = 2;

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wanted {
    /// The step whose weights are shown.
    pub(super) step: u64,
    /// The chosen sample.
    pub(super) sample: SampleId,
    /// Whether the trainer needs every moment.
    pub(super) busy: bool,
    /// Whether it is a moment of the past, which somebody waits for: it does not come
    /// again by itself.
    pub(super) past: bool,
    /// The number of what the view asks, if it asks anything.
    pub(super) ask: Option<u64>,
    /// The number of what the view needs studied of all images, if it does.
    pub(super) study: Option<u64>,
}

impl Wanted {
    /// Whether looking is to cost the trainer next to nothing.
    fn spares(self) -> bool {
        self.busy && !self.past
    }
}

/// What can be asked of weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    /// The ten samples that the chosen one stands among.
    Row,
    /// The codes of all held-out images.
    Map,
    /// The codes and, where there is time for them, the losses of all held-out images.
    MapAndLosses,
    /// What the view asks.
    View,
    /// What the view needs of all images, beside map and losses.
    Study,
}

impl Question {
    /// Whether it is asked of all images.
    pub(super) const fn is_dear(self) -> bool {
        match self {
            Self::Row | Self::View => false,
            Self::Map | Self::MapAndLosses | Self::Study => true,
        }
    }
}

/// What has been answered, and what may be asked when.
#[derive(Debug)]
pub(super) struct Schedule {
    row: Option<(u64, SampleId)>,
    map: Option<u64>,
    losses: Option<u64>,
    /// While the trainer needs every moment, no row of the same sample before this one.
    row_rests_until: Instant,
    map_rest: Rest,
    /// Whether a map is being drawn.
    map_begun: bool,
    /// What the view was answered, and how much was at hand then.
    view: Option<(u64, SampleId, u64, u64)>,
    view_rests_until: Instant,
    /// How many maps and studies there have been.
    at_hand: u64,
    /// What was studied, of which map.
    study: Option<(u64, u64)>,
    /// What is being studied, of the map that there was when it began.
    study_begun: Option<(u64, u64)>,
    study_rest: Rest,
}

/// The rest after something dear.
#[derive(Debug, Default)]
struct Rest {
    /// When it was last done, and the work that it was.
    done: Option<(Instant, Duration)>,
    /// Whether the viewer has turned to another moment since.
    turned: bool,
}

impl Rest {
    /// How long it is not to be done again.
    fn left(&self, wanted: Wanted, now: Instant) -> Duration {
        let Some((done, work)) = self.done else {
            return Duration::ZERO;
        };
        let times = if wanted.spares() && !self.turned {
            REST_WHEN_BUSY
        } else {
            REST_AT_A_PACE
        };
        let rest = work.saturating_mul(times).clamp(SHORTEST, LONGEST);
        (done + rest).saturating_duration_since(now)
    }

    fn begin(&mut self, end: Instant, work: Duration) {
        self.done = Some((end, work));
        self.turned = false;
    }
}

impl Schedule {
    /// Nothing has been answered.
    pub(super) fn new(now: Instant) -> Self {
        Self {
            row: None,
            map: None,
            losses: None,
            row_rests_until: now,
            map_rest: Rest::default(),
            map_begun: false,
            view: None,
            view_rests_until: now,
            at_hand: 0,
            study: None,
            study_begun: None,
            study_rest: Rest::default(),
        }
    }

    /// The viewer looks at another moment and waits for it.
    pub(super) fn turn(&mut self) {
        (self.row, self.view) = (None, None);
        (self.map_rest.turned, self.study_rest.turned) = (true, true);
        (self.map_begun, self.study_begun) = (false, None);
    }

    /// What was answered holds no more.
    pub(super) fn forget(&mut self) {
        (self.row, self.map, self.losses) = (None, None, None);
        (self.view, self.study) = (None, None);
        (self.map_begun, self.study_begun) = (false, None);
    }

    /// What is to be answered now, if anything is.
    pub(super) fn next(&self, wanted: Wanted, now: Instant) -> Option<Question> {
        let rests = wanted.spares() && now < self.row_rests_until;
        let row_is_due = match self.row {
            Some((step, sample)) if sample == wanted.sample => step != wanted.step && !rests,
            _ => true,
        };
        if row_is_due {
            return Some(Question::Row);
        }
        if self.view_is_due(wanted, now) {
            return Some(Question::View);
        }
        let map = self.behind(wanted);
        let map = map.filter(|_| self.map_rests(wanted, now).is_zero());
        let study = self.unstudied(wanted);
        let study = study.filter(|_| self.study_rests(wanted, now).is_zero());
        map.or(study)
    }

    /// How long no map is drawn.
    fn map_rests(&self, wanted: Wanted, now: Instant) -> Duration {
        if self.map_begun {
            return Duration::ZERO;
        }
        self.map_rest.left(wanted, now)
    }

    /// How long nothing is studied.
    fn study_rests(&self, wanted: Wanted, now: Instant) -> Duration {
        if self.study_begun.is_some() {
            return Duration::ZERO;
        }
        self.study_rest.left(wanted, now)
    }

    fn view_is_due(&self, wanted: Wanted, now: Instant) -> bool {
        let Some(ask) = wanted.ask else { return false };
        let rests = wanted.spares() && now < self.view_rests_until;
        match self.view {
            Some((step, sample, number, at_hand)) if (sample, number) == (wanted.sample, ask) => {
                (step, at_hand) != (wanted.step, self.at_hand) && !rests
            }
            _ => true,
        }
    }

    /// How long until something is to be answered that nobody has to ask for again.
    pub(super) fn wait(&self, wanted: Wanted, now: Instant) -> Option<Duration> {
        let map = self.behind(wanted);
        let map = map.map(|_| self.map_rests(wanted, now));
        let study = self.unstudied(wanted);
        let study = study.map(|_| self.study_rests(wanted, now));
        map.into_iter().chain(study).min()
    }

    /// What a view needs of the last map and has not been told.
    fn unstudied(&self, wanted: Wanted) -> Option<Question> {
        let study = (self.map?, wanted.study?);
        (self.study != Some(study)).then_some(Question::Study)
    }

    /// What the map lacks: other weights, or the losses there was no time for before.
    fn behind(&self, wanted: Wanted) -> Option<Question> {
        let step = Some(wanted.step);
        match (self.map == step, self.losses == step, wanted.spares()) {
            (true, true, _) | (true, _, true) => None,
            (false, _, true) => Some(Question::Map),
            (_, _, false) => Some(Question::MapAndLosses),
        }
    }

    /// A question begins to be answered, which may take its time: other maps may come meanwhile.
    /// What was begun goes on without a rest.
    pub(super) fn begun(&mut self, question: Question, wanted: Wanted) {
        match question {
            Question::Row | Question::View => {}
            Question::Map | Question::MapAndLosses => self.map_begun = true,
            Question::Study => self.study_begun = self.map.zip(wanted.study),
        }
    }

    /// The study that was begun comes to no end.
    pub(super) fn leaves_study(&mut self) {
        self.study_begun = None;
    }

    /// A question has been answered, with work from one moment to another.
    pub(super) fn answered(
        &mut self,
        question: Question,
        wanted: Wanted,
        [start, end]: [Instant; 2],
    ) {
        let work = end.saturating_duration_since(start);
        self.recalled(question, wanted);
        let rested = end + work.saturating_mul(REST_WHEN_BUSY).min(LONGEST);
        match question {
            Question::Row => self.row_rests_until = rested,
            Question::View => self.view_rests_until = rested,
            Question::Map | Question::MapAndLosses => self.map_rest.begin(end, work),
            Question::Study => self.study_rest.begin(end, work),
        }
    }

    /// The answer to a question was at hand, and cost nothing.
    pub(super) fn recalled(&mut self, question: Question, wanted: Wanted) {
        match question {
            Question::Row => self.row = Some((wanted.step, wanted.sample)),
            Question::Map => {
                self.map_begun = false;
                self.map = Some(wanted.step);
                self.at_hand += 1;
            }
            Question::MapAndLosses => {
                self.map_begun = false;
                self.map = Some(wanted.step);
                self.losses = Some(wanted.step);
                self.at_hand += 1;
            }
            Question::View => {
                let ask = wanted.ask.unwrap_or_default();
                self.view = Some((wanted.step, wanted.sample, ask, self.at_hand));
            }
            Question::Study => {
                let begun = self.study_begun.take();
                self.study = begun.or(self.map.zip(wanted.study));
                self.at_hand += 1;
            }
        }
    }

    /// Whether this question about it has been answered.
    pub(super) fn knows(&self, question: Question, wanted: Wanted) -> bool {
        match question {
            Question::Row => self.row == Some((wanted.step, wanted.sample)),
            Question::Map => self.map == Some(wanted.step),
            Question::MapAndLosses => {
                self.map == Some(wanted.step) && self.losses == Some(wanted.step)
            }
            Question::View => {
                let ask = wanted.ask.unwrap_or_default();
                self.view == Some((wanted.step, wanted.sample, ask, self.at_hand))
            }
            Question::Study => self.unstudied(wanted).is_none(),
        }
    }
}

#[cfg(test)]
mod tests;
