//! What is asked when, by clocks that the tests set.

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
