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

/// What has been answered, and what may be asked when.
#[derive(Debug)]
pub(super) struct Schedule {
    row: Option<(u64, SampleId)>,
    map: Option<u64>,
    losses: Option<u64>,
    /// While the trainer needs every moment, no row of the same sample before this one.
    row_rests_until: Instant,
    map_rest: Rest,
    /// What the view was answered, and how much was at hand then.
    view: Option<(u64, SampleId, u64, u64)>,
    view_rests_until: Instant,
    /// How many maps and studies there have been.
    at_hand: u64,
    /// What was studied, of which map.
    study: Option<(u64, u64)>,
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
            view: None,
            view_rests_until: now,
            at_hand: 0,
            study: None,
            study_rest: Rest::default(),
        }
    }

    /// The viewer looks at another moment and waits for it.
    pub(super) fn turn(&mut self) {
        (self.row, self.view) = (None, None);
        self.map_rest.turned = true;
        self.study_rest.turned = true;
    }

    /// What was answered holds no more.
    pub(super) fn forget(&mut self) {
        (self.row, self.map, self.losses) = (None, None, None);
        (self.view, self.study) = (None, None);
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
        let map = map.filter(|_| self.map_rest.left(wanted, now).is_zero());
        let study = self.unstudied(wanted);
        let study = study.filter(|_| self.study_rest.left(wanted, now).is_zero());
        map.or(study)
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
        let map = map.map(|_| self.map_rest.left(wanted, now));
        let study = self.unstudied(wanted);
        let study = study.map(|_| self.study_rest.left(wanted, now));
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
                self.map = Some(wanted.step);
                self.at_hand += 1;
            }
            Question::MapAndLosses => {
                self.map = Some(wanted.step);
                self.losses = Some(wanted.step);
                self.at_hand += 1;
            }
            Question::View => {
                let ask = wanted.ask.unwrap_or_default();
                self.view = Some((wanted.step, wanted.sample, ask, self.at_hand));
            }
            Question::Study => {
                self.study = self.map.zip(wanted.study);
                self.at_hand += 1;
            }
        }
    }

    /// What was studied last was a piece of it: the next follows after the rest.
    pub(super) fn goes_on(&mut self) {
        self.study = None;
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
mod tests {
    use super::*;
    use crate::message::SplitName;

    const MS: Duration = Duration::from_millis(1);

    fn wanted(step: u64, index: usize, busy: bool) -> Wanted {
        let split = SplitName::Test;
        let sample = SampleId { split, index };
        Wanted {
            step,
            sample,
            busy,
            past: false,
            ask: None,
            study: None,
        }
    }

    fn past(step: u64, index: usize) -> Wanted {
        Wanted {
            past: true,
            ..wanted(step, index, true)
        }
    }

    /// Answers what is due now until nothing is, each in as much time, and tells what it was.
    fn answer_all(
        schedule: &mut Schedule,
        wanted: Wanted,
        now: Instant,
        work: Duration,
    ) -> Vec<Question> {
        let mut answered = Vec::new();
        while let Some(question) = schedule.next(wanted, now) {
            answered.push(question);
            schedule.answered(question, wanted, [now, now + work]);
        }
        answered
    }

    #[test]
    fn a_row_comes_first_and_an_answer_stands() {
        let now = Instant::now();
        let mut schedule = Schedule::new(now);
        let here = wanted(5, 110, false);
        let answered = answer_all(&mut schedule, here, now, MS);
        assert_eq!(answered, [Question::Row, Question::MapAndLosses]);
        assert_eq!(schedule.map, Some(5));
        // However long one waits.
        assert_eq!(schedule.next(here, now + 1000 * LONGEST), None);
        assert_eq!(schedule.wait(here, now), None);
        // Another sample among the same weights is only a row.
        let other = wanted(5, 111, false);
        assert_eq!(answer_all(&mut schedule, other, now, MS), [Question::Row]);
    }

    #[test]
    fn a_dear_map_rests_in_proportion_and_says_for_how_long() {
        for (busy, question, times) in [
            (true, Question::Map, REST_WHEN_BUSY),
            (false, Question::MapAndLosses, REST_AT_A_PACE),
        ] {
            let now = Instant::now();
            let mut schedule = Schedule::new(now);
            let work = 100 * MS;
            answer_all(&mut schedule, wanted(1, 110, busy), now, work);
            let (next, end) = (wanted(2, 110, busy), now + work);
            let rested = end + work * times;
            assert_eq!(schedule.wait(next, end), Some(work * times));
            let almost = end + (work * times).saturating_sub(MS);
            assert_ne!(schedule.next(next, almost), Some(question));
            let answered = answer_all(&mut schedule, next, rested, MS);
            assert_eq!(answered, [Question::Row, question]);
        }
    }

    #[test]
    fn rests_are_neither_shorter_nor_longer_than_a_viewer_can_bear() {
        let now = Instant::now();
        for (work, rest) in [(MS / 100, SHORTEST), (Duration::from_secs(60), LONGEST)] {
            let mut schedule = Schedule::new(now);
            answer_all(&mut schedule, wanted(1, 110, true), now, work);
            assert_eq!(schedule.wait(wanted(2, 110, true), now + work), Some(rest));
        }
    }

    #[test]
    fn a_busy_trainer_is_spared_rows_of_the_same_sample_but_not_of_another() {
        let now = Instant::now();
        let mut schedule = Schedule::new(now);
        let work = 10 * MS;
        answer_all(&mut schedule, wanted(1, 110, true), now, work);
        let soon = now + work + MS;
        assert_eq!(schedule.next(wanted(2, 110, true), soon), None);
        assert_eq!(
            schedule.next(wanted(2, 111, true), soon),
            Some(Question::Row)
        );
        // A pace leaves time for all of them.
        assert_eq!(
            schedule.next(wanted(2, 110, false), soon),
            Some(Question::Row)
        );
        let rested = now + work * (1 + REST_WHEN_BUSY);
        assert_eq!(
            schedule.next(wanted(2, 110, true), rested),
            Some(Question::Row)
        );
    }

    #[test]
    fn losses_that_there_was_no_time_for_follow_when_there_is() {
        let now = Instant::now();
        let mut schedule = Schedule::new(now);
        answer_all(&mut schedule, wanted(7, 110, true), now, MS);
        let later = now + LONGEST;
        assert_eq!(schedule.next(wanted(7, 110, true), later), None);
        let at_rest = wanted(7, 110, false);
        assert_eq!(schedule.next(at_rest, later), Some(Question::MapAndLosses));
    }

    #[test]
    fn who_looks_back_waits_for_no_rest_that_spares_a_trainer() {
        let now = Instant::now();
        let mut schedule = Schedule::new(now);
        let work = 100 * MS;
        answer_all(&mut schedule, wanted(500, 110, true), now, work);
        let soon = now + work + work * REST_AT_A_PACE;
        schedule.turn();
        // With the losses, whatever the trainer does; and rows without any rest.
        let all = [Question::Row, Question::MapAndLosses];
        assert_eq!(answer_all(&mut schedule, past(90, 110), soon, work), all);
        let next = soon + work + MS;
        assert_eq!(schedule.next(past(80, 110), next), Some(Question::Row));
        schedule.recalled(Question::Row, past(80, 110));
        assert_eq!(schedule.next(past(80, 110), next), None);
        let rest = (work * REST_AT_A_PACE).saturating_sub(MS);
        assert_eq!(schedule.wait(past(80, 110), next), Some(rest));
        // Back to now: once without the long rest, then with it.
        schedule.turn();
        let live = wanted(700, 110, true);
        assert_eq!(schedule.wait(live, next), Some(rest));
        let all = [Question::Row, Question::Map];
        assert_eq!(answer_all(&mut schedule, live, next + rest, work), all);
        let later = wanted(701, 110, true);
        let long = work * REST_WHEN_BUSY;
        assert_eq!(schedule.wait(later, next + rest + work), Some(long));
    }

    /// A view that asks this, and needs something studied.
    fn viewed(step: u64, ask: u64, busy: bool) -> Wanted {
        Wanted {
            ask: Some(ask),
            study: Some(1),
            ..wanted(step, 110, busy)
        }
    }

    #[test]
    fn what_a_view_asks_follows_the_row_and_again_what_it_hangs_on() {
        let now = Instant::now();
        let mut schedule = Schedule::new(now);
        let here = viewed(5, 1, false);
        let all = [
            Question::Row,
            Question::View,
            Question::MapAndLosses,
            Question::View,
            Question::Study,
            Question::View,
        ];
        assert_eq!(answer_all(&mut schedule, here, now, MS), all);
        assert_eq!(schedule.next(here, now + 1000 * LONGEST), None);
        // A cursor that moves asks for itself alone.
        let moved = viewed(5, 2, false);
        assert_eq!(answer_all(&mut schedule, moved, now, MS), [Question::View]);
        // Another view's study, and none where none is needed.
        let other = Wanted {
            study: Some(2),
            ..viewed(5, 3, false)
        };
        let later = now + LONGEST;
        let studied = [Question::View, Question::Study, Question::View];
        assert_eq!(answer_all(&mut schedule, other, later, MS), studied);
        let none = wanted(5, 110, false);
        assert_eq!(schedule.next(none, later + LONGEST), None);
    }

    #[test]
    fn a_cursor_waits_for_no_rest_and_a_study_rests_like_a_map() {
        let now = Instant::now();
        let mut schedule = Schedule::new(now);
        let work = 10 * MS;
        answer_all(&mut schedule, viewed(1, 1, true), now, work);
        let soon = now + work + MS;
        // The same view of newer weights rests, another place in it does not.
        assert_eq!(schedule.next(viewed(2, 1, true), soon), None);
        assert_eq!(
            schedule.next(viewed(2, 2, true), soon),
            Some(Question::View)
        );
        let rest = (work * REST_WHEN_BUSY).saturating_sub(MS);
        assert_eq!(schedule.wait(viewed(2, 1, true), soon), Some(rest));
        let rested = now + work * (1 + REST_WHEN_BUSY);
        let answered = answer_all(&mut schedule, viewed(2, 1, true), rested, MS);
        assert!(answered.contains(&Question::Study), "{answered:?}");
    }

    #[test]
    fn a_study_in_pieces_goes_on_after_the_rest_of_each() {
        let now = Instant::now();
        let mut schedule = Schedule::new(now);
        let (here, work) = (viewed(5, 1, false), 100 * MS);
        while schedule.study.is_none() {
            let question = schedule.next(here, now).unwrap();
            schedule.answered(question, here, [now, now + work]);
        }
        schedule.goes_on();
        // What is known of it is told at once, and the next piece rests.
        let end = now + work;
        assert_eq!(schedule.next(here, end), Some(Question::View));
        schedule.answered(Question::View, here, [end, end]);
        assert_eq!(schedule.next(here, end), None);
        assert_eq!(schedule.wait(here, end), Some(work * REST_AT_A_PACE));
        let rested = end + work * REST_AT_A_PACE;
        let rest = [Question::Study, Question::View];
        assert_eq!(answer_all(&mut schedule, here, rested, MS), rest);
        assert_eq!(schedule.next(here, rested + LONGEST), None);
    }
}
