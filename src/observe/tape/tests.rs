//! What is at hand, what is nearest, and what goes first.

use super::*;
use crate::{
    nn::{Activation, Architecture, Autoencoder},
    pace::Pace,
    recipe::{Preset, Recipe},
    train::MOST_STATES,
};

const KEEPING: Keeping = Keeping {
    frames: 16,
    states: 16,
    checkpoints: None,
};

fn net() -> Autoencoder {
    Autoencoder::zeros(&Architecture::dense(4, vec![2], Activation::Relu))
}

fn frame(step: u64) -> Arc<Snapshot> {
    Arc::new(Snapshot { step, net: net() })
}

fn state(step: u64) -> Arc<State> {
    let net = net();
    let mut adam = crate::nn::Adam::new(&net);
    adam.t = step;
    Arc::new(State {
        net,
        adam,
        so_far: crate::state::EpochSoFar::of_units(2),
    })
}

/// A report of these frames, each at a tick of its own, and of these states.
fn report(frames: &[u64], states: &[u64]) -> Report {
    let film = Film::new(100, 10);
    Report {
        first_step: 1,
        losses: Vec::new(),
        epochs: Vec::new(),
        train_loss: 0.0,
        phase: message::Phase::Training,
        obeyed: 0,
        pace: Pace::Full,
        film,
        end: film.steps(),
        snapshot: frame(0),
        recipe: Arc::new(Recipe::preset(Preset::Article)),
        frames: frames.iter().map(|&step| (step, frame(step))).collect(),
        states: states
            .iter()
            .map(|&step| (film.quarter_of(step), state(step)))
            .collect(),
        checkpoints: Vec::new(),
    }
}

fn tape(keeping: Keeping, frames: &[u64], states: &[u64]) -> Tape {
    let mut tape = Tape::new(keeping);
    tape.absorb(&report(frames, states));
    tape
}

#[test]
fn snapshots_and_states_are_both_at_hand() {
    let tape = tape(KEEPING, &[0, 3, 9], &[0, 25, 50]);
    assert_eq!(tape.told().steps, [0, 3, 9, 25, 50]);
    let nearest = |step| tape.nearest(step);
    assert_eq!(
        [1, 6, 7, 17, 18, 99].map(nearest),
        [0, 3, 9, 9, 25, 50].map(Some)
    );
    assert_eq!((tape.at_or_before(24), tape.after(25)), (Some(9), Some(50)));
    for step in [3, 25] {
        assert_eq!(tape.snapshot(step).map(|frame| frame.step), Some(step));
    }
    assert!(tape.snapshot(4).is_none());
    let state = |step| tape.state_before(step).map(|state| state.step());
    assert_eq!([0, 24, 25, 999].map(state), [0, 0, 25, 50].map(Some));
}

#[test]
fn without_room_nothing_is_kept() {
    let mut tape = tape(Keeping::default(), &[0, 3], &[0]);
    tape.put_filled(state(7));
    assert_eq!(*tape.told(), message::Tape::default());
    assert!(tape.nearest(1).is_none() && tape.state_before(1).is_none());
    assert_eq!(tape.bytes(), 0);
}

#[test]
fn what_was_made_again_is_at_hand_until_there_is_more_of_it() {
    let mut tape = tape(KEEPING, &[0], &[0, 100]);
    for step in [11, 12, 13] {
        tape.put_exact(frame(step));
        tape.put_filled(state(step + 20));
    }
    // Known already.
    tape.put_filled(state(100));
    assert_eq!(tape.told().steps, [0, 12, 13, 32, 33, 100]);
    assert_eq!(tape.state_before(99).map(|state| state.step()), Some(33));
}

#[test]
fn a_branch_shares_what_came_before_it() {
    let mut first = tape(KEEPING, &[0, 3, 9, 20], &[0, 25]);
    first.give(vec![state(5), state(60)]);
    let mut second = first.branch(9, KEEPING);
    assert_eq!(second.told().steps, [0, 3, 5, 9]);
    second.absorb(&report(&[9, 11], &[50]));
    assert_eq!(second.told().steps, [0, 3, 5, 9, 11, 50]);
    // And a branch of that shares of both.
    assert_eq!(second.branch(11, KEEPING).told().steps, [0, 3, 5, 9, 11]);
    assert!(
        second
            .branch(11, Keeping::default())
            .state_before(4)
            .is_none()
    );
}

#[test]
fn what_was_at_hand_from_the_start_counts_as_what_is_kept_does() {
    let bytes = |states: &[u64]| tape(KEEPING, &[], states).bytes();
    let mut given = tape(KEEPING, &[], &[]);
    given.give(vec![state(0), state(60)]);
    assert_eq!(given.bytes(), bytes(&[0, 25]));
    assert!(given.bytes() > 0);
}

#[test]
fn a_long_run_with_branches_stays_within_its_bytes() {
    let parameters = net().parameters().map(<[f32]>::len).sum::<usize>() as u64;
    for bytes in [20_000, 100_000, 1_000_000] {
        let keeping = Keeping::within(bytes, parameters);
        let mut tape = Tape::new(keeping);
        let mut most = 0;
        for step in 0..3000 {
            tape.absorb(&report(&[step], &[step * 25]));
            tape.put_exact(frame(step));
            tape.put_filled(state(step * 25 + 1));
            if step % 1000 == 999 {
                most = most.max(tape.bytes());
                tape = tape.branch(step * 20, keeping);
            }
        }
        assert!(most <= bytes, "{most} of {bytes}");
        // And not much less, where there is no other bound.
        assert!(
            most > bytes / 3 || keeping.states as u64 == MOST_STATES,
            "{most} of {bytes}"
        );
    }
    assert_eq!(Keeping::within(100, parameters), Keeping::default());
}
