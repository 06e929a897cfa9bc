//! Two runs side by side: each is what it is alone, and what is told is of one step of both.

use ae_tui::{
    message::{Command, Failure, Phase, Progress, Report},
    nn::Autoencoder,
    pace::Pace,
    recipe::{Preset, Recipe},
    train::{PairHandle, Setup, Start, spawn_pair},
};
use crossbeam_channel::{Receiver, bounded, select};

use super::{PATIENCE, data, last_weights, losses, recipe, setup, start, until};

struct Both {
    handle: PairHandle,
    events: [Receiver<Progress>; 2],
    told: [Vec<Report>; 2],
    failed: [Option<Failure>; 2],
    closed: [bool; 2],
}

impl Both {
    fn begin(recipes: [Recipe; 2], pace: Pace) -> Self {
        Self::of(recipes.map(|recipe| setup(recipe, pace)))
    }

    fn of(setups: [Setup; 2]) -> Self {
        let (handle, events) = spawn_pair(setups).unwrap();
        Self {
            handle,
            events,
            told: [Vec::new(), Vec::new()],
            failed: [None, None],
            closed: [false; 2],
        }
    }

    fn command(&self, command: Command) {
        self.handle.commands().send(command).unwrap();
    }

    /// Reads both until that is true of them.
    fn read_until(&mut self, wanted: impl Fn(&Self) -> bool) {
        while !wanted(self) {
            let never = crossbeam_channel::never();
            let open = [0, 1].map(|side| {
                if self.closed[side] {
                    never.clone()
                } else {
                    self.events[side].clone()
                }
            });
            let (side, heard) = select! {
                recv(open[0]) -> heard => (0, heard),
                recv(open[1]) -> heard => (1, heard),
                default(PATIENCE) => panic!("nothing is told any more: {:?}", self.steps()),
            };
            match heard {
                Ok(Progress::Report(report)) => self.told[side].push(report),
                Ok(Progress::Failed(failure)) => self.failed[side] = Some(failure),
                Ok(_) => {}
                Err(_) => self.closed[side] = true,
            }
        }
    }

    fn are(&self, phase: Phase) -> bool {
        self.told
            .iter()
            .all(|told| told.last().is_some_and(|last| last.phase == phase))
    }

    /// The steps that each was told to be at.
    fn steps(&self) -> [Vec<u64>; 2] {
        [0, 1].map(|side| {
            let mut steps: Vec<u64> = self.told[side].iter().map(Report::steps_done).collect();
            steps.dedup();
            steps
        })
    }

    /// Whether each has all the losses and the weights of a run alone.
    fn expect_as_alone(&self, recipes: [Recipe; 2]) {
        for (told, recipe) in self.told.iter().zip(recipes) {
            let (_handle, events) = start(recipe, Pace::Full);
            let alone = until(&events, Phase::Finished);
            assert_eq!(losses(told), losses(&alone));
            assert_eq!(last_weights(told), last_weights(&alone));
            let epochs = |reports: &[Report]| -> Vec<f32> {
                let epochs = reports.iter().flat_map(|report| report.epochs.clone());
                epochs.map(|epoch| epoch.held_out.loss).collect()
            };
            assert_eq!(epochs(told), epochs(&alone));
        }
    }
}

fn two() -> [Recipe; 2] {
    let mut vae = Recipe {
        epochs: 3,
        ..Recipe::preset(Preset::Vae)
    };
    vae.set_encoder(vec![24, 2]).unwrap();
    [recipe(3), vae]
}

#[test]
fn two_side_by_side_are_what_they_are_alone_and_are_told_at_one_step() {
    let mut both = Both::begin(two(), Pace::Full);
    both.read_until(|both| both.are(Phase::Finished));
    let [one, other] = both.steps();
    assert_eq!(one, other);
    assert_eq!(one.last(), Some(&12));
    both.expect_as_alone(two());
}

#[test]
fn they_pause_and_go_on_together_and_change_no_bit() {
    // At this pace nothing is over before a command is obeyed.
    let mut both = Both::begin(two(), Pace::Even { seconds: 600.0 });
    both.read_until(|both| !both.told.iter().any(Vec::is_empty));
    both.command(Command::Pause);
    both.command(Command::Pace(Pace::Full));
    both.read_until(|both| both.are(Phase::Paused));
    let [one, other] = both.steps();
    assert_eq!(one.last(), other.last());
    let paused = *one.last().unwrap();
    both.command(Command::Steps(2));
    both.read_until(|both| {
        both.are(Phase::Paused)
            && both
                .steps()
                .iter()
                .all(|steps| steps.contains(&(paused + 2)))
    });
    both.command(Command::Epochs(1));
    let end = ((paused + 2) / 4 + 1) * 4;
    both.read_until(|both| both.steps().iter().all(|steps| steps.contains(&end)));
    both.command(Command::Resume);
    both.read_until(|both| both.are(Phase::Finished));
    let obeyed = both.told.each_ref().map(|told| told.last().unwrap().obeyed);
    assert_eq!(obeyed, [5, 5]);
    both.expect_as_alone(two());
    // At their ends: an epoch more of both.
    both.command(Command::Resume);
    both.read_until(|both| {
        both.are(Phase::Finished) && both.steps().iter().all(|steps| steps.contains(&16))
    });
    let longer = two().map(|recipe| Recipe {
        epochs: 4,
        ..recipe
    });
    both.expect_as_alone(longer);
}

/// At this pace a step takes minutes.
const CRAWL: Pace = Pace::Even { seconds: 6000.0 };

#[test]
fn a_command_on_the_way_is_obeyed_at_once_at_one_step_of_both() {
    let mut both = Both::begin(two(), CRAWL);
    both.read_until(|both| !both.told.iter().any(Vec::is_empty));
    // Nobody waits for the next tick of the film.
    both.command(Command::Pause);
    both.read_until(|both| both.are(Phase::Paused));
    both.command(Command::Resume);
    both.read_until(|both| both.are(Phase::Training));
    // One that is quicker is not waited for at its pace, and what is on the way is not waited for.
    both.command(Command::Pace(Pace::Full));
    both.command(Command::Pace(CRAWL));
    both.command(Command::Pause);
    both.read_until(|both| {
        both.are(Phase::Paused)
            && both
                .told
                .iter()
                .all(|told| told.last().unwrap().obeyed == 5)
    });
    let [one, other] = both.steps();
    assert_eq!(one, other);
    let last = both.told.each_ref().map(|told| told.last().unwrap().pace);
    assert_eq!(last, [CRAWL; 2]);
    // The pace holds after the way to the other's step, too.
    both.command(Command::Pace(Pace::Full));
    both.command(Command::Resume);
    both.read_until(|both| both.are(Phase::Finished));
    both.expect_as_alone(two());
}

#[test]
fn however_often_they_are_halted_they_are_told_at_one_step_and_change_no_bit() {
    let recipes = || {
        let [one, other] = two();
        [one, other].map(|recipe| Recipe {
            epochs: 3,
            batch_size: 10,
            ..recipe
        })
    };
    let mut both = Both::begin(recipes(), Pace::Full);
    let last = |both: &Both| {
        both.told
            .each_ref()
            .map(|told| told.last().map_or(0, Report::steps_done))
    };
    for _ in 0..8 {
        let before = last(&both);
        both.read_until(|both| {
            let now = last(both);
            now[0] > before[0] && now[1] > before[1]
        });
        if both.are(Phase::Finished) {
            break;
        }
        both.command(Command::Pause);
        both.read_until(|both| both.are(Phase::Paused) || both.are(Phase::Finished));
        let [one, other] = last(&both);
        assert_eq!(one, other);
        if both.are(Phase::Finished) {
            break;
        }
        both.command(Command::Resume);
    }
    both.read_until(|both| both.are(Phase::Finished));
    let [one, other] = both.steps();
    assert_eq!(one, other);
    both.expect_as_alone(recipes());
}

#[test]
fn one_that_is_at_its_end_stands_while_the_other_goes_on() {
    let recipes = || {
        let short = Recipe {
            batch_size: 20,
            ..recipe(1)
        };
        [short, recipe(3)]
    };
    let mut both = Both::begin(recipes(), Pace::Full);
    both.read_until(|both| both.are(Phase::Finished));
    let ends = both.steps().map(|steps| *steps.last().unwrap());
    assert_eq!(ends, [5, 12]);
    both.expect_as_alone(recipes());
    // They are not of one step any more: nothing goes on, and the word was heard.
    both.command(Command::Resume);
    both.read_until(|both| {
        both.told
            .iter()
            .all(|told| told.last().unwrap().obeyed == 1)
    });
    assert!(both.are(Phase::Finished));
}

#[test]
fn one_that_fails_holds_the_other_up_in_nothing_and_both_end_when_told() {
    let mut init = Autoencoder::zeros(&recipe(3).architecture());
    let [_, bias] = init.decoder.last_mut().unwrap().parameters_mut().unwrap();
    bias[0] = f32::NAN;
    let wild = Setup {
        start: Some(Start::of_weights(&recipe(3), init)),
        ..setup(recipe(3), Pace::Full)
    };
    let mut both = Both::of([wild, setup(recipe(3), Pace::Full)]);
    both.read_until(|both| {
        let last = both.told[1].last();
        both.failed[0].is_some() && last.is_some_and(|last| last.phase == Phase::Finished)
    });
    assert_eq!(both.steps()[1].last(), Some(&12));
    let told = both.told[0].len();
    both.command(Command::Resume);
    both.read_until(|both| both.told[1].last().is_some_and(|last| last.obeyed == 1));
    both.handle.stop();
    both.read_until(|both| both.closed == [true; 2]);
    // Nothing follows the failure, whatever is asked of the other.
    assert_eq!(both.told[0].len(), told);
}

#[test]
fn an_epoch_of_both_is_one_of_each_though_one_takes_more_steps() {
    let recipes = [1, 4].map(|batch_size| Recipe {
        batch_size,
        ..recipe(2)
    });
    let mut both = Both::begin(recipes, Pace::Even { seconds: 600.0 });
    both.read_until(|both| !both.told.iter().any(Vec::is_empty));
    both.command(Command::Pause);
    both.command(Command::Pace(Pace::Full));
    both.read_until(|both| both.are(Phase::Paused));
    both.command(Command::Epochs(1));
    let obeyed = |both: &Both| {
        both.told
            .iter()
            .all(|told| told.last().unwrap().obeyed == 3)
    };
    both.read_until(|both| obeyed(both) && both.are(Phase::Paused));
    let ends = both.steps().map(|steps| *steps.last().unwrap());
    assert_eq!(ends, [100, 25]);
    // A step of both is one of each, too.
    both.command(Command::Steps(1));
    both.read_until(|both| {
        let ends = both.steps().map(|steps| *steps.last().unwrap());
        both.are(Phase::Paused) && ends == [101, 26]
    });
}

#[test]
fn more_commands_than_a_busy_trainer_has_room_for_hold_nobody_up() {
    let (open, gate) = bounded::<()>(1);
    let busy = Setup {
        data: Box::new(move || {
            let _ = gate.recv();
            Ok(data())
        }),
        ..setup(recipe(3), Pace::Full)
    };
    let mut both = Both::of([busy, setup(recipe(3), Pace::Full)]);
    // As many as hold a key down for seconds; a trainer has room for 64.
    for _ in 0..99 {
        both.command(Command::Pace(Pace::FILM));
    }
    both.command(Command::Pace(Pace::Full));
    open.send(()).unwrap();
    both.read_until(|both| both.are(Phase::Finished));
    let last = both.told.each_ref().map(|told| told.last().unwrap());
    assert_eq!(last.map(|last| last.obeyed), [100; 2]);
    assert_eq!(last.map(|last| last.pace), [Pace::Full; 2]);
    both.handle.stop();
    both.read_until(|both| both.closed == [true; 2]);
}

#[test]
fn both_end_in_the_middle_when_told() {
    let mut both = Both::begin(two(), Pace::Even { seconds: 600.0 });
    both.read_until(|both| !both.told.iter().any(Vec::is_empty));
    both.handle.stop();
    both.read_until(|both| both.closed == [true; 2]);
    let last = both.told.each_ref().map(|told| told.last().unwrap().phase);
    assert_eq!(last, [Phase::Paused; 2]);
}
