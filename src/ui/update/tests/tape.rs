//! The tape as a player: every key of it in every state, and the mouse.

use super::*;
use crate::{
    message::Tape,
    ui::{
        pointer::{Button, Pointer, Side},
        view,
    },
};

/// What is kept of a run of three epochs of ten steps; its fifth step of every epoch is not.
const KEPT: [u64; 9] = [0, 2, 4, 6, 8, 12, 14, 16, 18];
const LIVE: u64 = 19;

/// A moment as it is seen while that much of the run is kept.
fn moment(phase: Phase, seen: Seen) -> Observation {
    Observation {
        seen,
        tape: Arc::new(Tape { steps: KEPT.into() }),
        ..observation(u64::MAX, LIVE, phase)
    }
}

fn show(app: &mut App, seen: Observation) {
    hear(app, News::Observed(Arc::new(seen)));
}

/// The past of this step, as it is once the step has been made.
fn past(step: u64, plays: bool) -> Seen {
    Seen {
        step,
        past: Some(step),
        plays,
    }
}

/// A run in each phase, seen live.
fn live(phase: Phase) -> App {
    let mut app = if phase == Phase::Exploring {
        exploring()
    } else {
        app()
    };
    show(&mut app, moment(phase, Seen::now(LIVE)));
    app
}

/// The same after this moment was asked for and is seen.
fn at(phase: Phase, step: u64) -> App {
    let mut app = live(phase);
    app.when = When::At(step);
    app.look();
    show(&mut app, moment(phase, past(step, false)));
    app
}

fn playing(phase: Phase, from: u64, step: u64) -> App {
    let mut app = at(phase, from);
    types(&mut app, " ");
    show(&mut app, moment(phase, past(step, true)));
    app
}

fn gaze(when: When) -> Vec<Request> {
    let sample = plan().sample;
    vec![Request::Look(Look::Gaze(Gaze {
        when,
        sample,
        ask: Ask::Nothing,
    }))]
}

const PHASES: [Phase; 4] = [
    Phase::Training,
    Phase::Paused,
    Phase::Finished,
    Phase::Exploring,
];

#[test]
fn keys_go_back_from_now_in_every_phase_and_command_nobody() {
    for phase in PHASES {
        for (key, step) in [(",", 18), ("[", 10), ("{", 0)] {
            let mut app = live(phase);
            assert_eq!(
                types(&mut app, key),
                gaze(When::At(step)),
                "{key} {phase:?}"
            );
            assert_eq!(app.when, When::At(step));
        }
        let mut app = live(phase);
        assert_eq!(types(&mut app, "}"), [], "it is now");
        assert_eq!(tap(&mut app, KeyCode::Esc), []);
    }
}

#[test]
fn keys_go_back_and_on_from_where_one_stands() {
    for phase in PHASES {
        for (from, key, when) in [
            (12, ",", When::At(8)),
            (12, ".", When::At(14)),
            // Between two that are kept.
            (10, ",", When::At(8)),
            (10, ".", When::At(12)),
            (12, "[", When::At(10)),
            (10, "[", When::At(0)),
            (3, "]", When::At(10)),
            (10, "]", When::Now),
            (18, ".", When::Now),
            (12, "{", When::At(0)),
            (12, "}", When::Now),
        ] {
            let mut app = at(phase, from);
            assert_eq!(
                types(&mut app, key),
                gaze(when),
                "{key} from {from}, {phase:?}"
            );
        }
    }
    let shift = |code| Message::Key(KeyEvent::new(code, KeyModifiers::SHIFT));
    let mut app = at(Phase::Paused, 12);
    assert_eq!(update(&mut app, shift(KeyCode::Left)), gaze(When::At(10)));
    assert_eq!(update(&mut app, shift(KeyCode::Right)), gaze(When::Now));
    assert_eq!(
        update(&mut app, shift(KeyCode::Right)),
        asks(Command::Epochs(1))
    );
}

#[test]
fn quick_keys_count_from_what_was_asked_for() {
    // Nothing of it is seen meanwhile.
    let mut app = live(Phase::Training);
    assert_eq!(types(&mut app, ",,,,"), gaze(When::At(12)));
    assert_eq!(types(&mut app, ",,."), gaze(When::At(8)));
    assert_eq!(types(&mut app, "[[["), []);
    assert_eq!(app.when, When::At(0));
    // Nor does a late sight of another moment change it.
    show(&mut app, moment(Phase::Training, past(12, false)));
    assert_eq!(types(&mut app, "."), gaze(When::At(2)));
}

/// Makes a screen.
type Make = fn() -> App;

#[test]
fn with_nothing_earlier_it_says_so_and_nothing_moves() {
    let nothing_kept: Make = || {
        let mut app = app();
        show(
            &mut app,
            Observation {
                tape: Arc::default(),
                ..moment(Phase::Paused, Seen::now(LIVE))
            },
        );
        app
    };
    // Of a run that trains the first moment is at hand where there is room for any.
    let no_room = "No earlier moment is kept: --memory SIZE has no room for one.";
    let nothing = "No earlier moment is kept.";
    let not_yet = "Not yet: there is nothing to see so far.";
    let cases: [(Make, &str); 6] = [
        (nothing_kept, no_room),
        (app, no_room),
        (exploring, nothing),
        (failed, no_room),
        (|| App::new(plan()), not_yet),
        (|| at(Phase::Paused, 0), nothing),
    ];
    for (make, words) in cases {
        for key in [",", "[", "{"] {
            let mut app = make();
            app.overlay = Overlay::None;
            let when = app.when;
            assert_eq!(types(&mut app, key), [], "{key}");
            assert_eq!(app.when, when);
            let status = app.status.expect("an answer");
            assert_eq!((status.words.as_str(), status.warning), (words, false));
        }
    }
}

#[test]
fn what_is_not_kept_cannot_be_gone_back_to() {
    // A run that went on from a file has no earlier beginning.
    let mut seen = moment(Phase::Paused, Seen::now(LIVE));
    seen.tape = Arc::new(Tape {
        steps: vec![14, 16],
    });
    let mut app = app();
    show(&mut app, seen);
    assert_eq!(types(&mut app, "["), gaze(When::At(14)));
    assert_eq!(types(&mut app, "["), []);
    assert!(app.status.is_some());
}

#[test]
fn where_none_is_kept_between_a_moment_is_a_tick_of_the_film() {
    // Twenty epochs of a hundred steps; gone on with from the end of the tenth.
    let resumed = |seen: Seen| {
        let observation = observation(u64::MAX, 1010, Phase::Paused);
        Observation {
            seen,
            tape: Arc::new(Tape {
                steps: vec![0, 1000, 1005],
            }),
            moment: Moment {
                film: Film::new(100, 20),
                ..observation.moment.clone()
            },
            ..observation
        }
    };
    // Ten steps a second at first, and about sixty later: a twentieth of a second is a step
    // here and some there.
    for (from, key, to) in [
        (0, ".", 1..=1),
        (500, ".", 502..=508),
        (500, ",", 492..=498),
        (1000, ",", 992..=998),
        (999, ".", 1000..=1000),
        (1000, ".", 1005..=1005),
        (1005, ",", 1000..=1000),
    ] {
        let mut app = app();
        show(&mut app, resumed(Seen::now(1010)));
        app.when = When::At(from);
        show(&mut app, resumed(past(from, false)));
        let When::At(step) = asked(&types(&mut app, key)) else {
            panic!("{key} from {from}: {:?}", app.when)
        };
        assert!(to.contains(&step), "{key} from {from}: {step}");
    }
}

#[test]
fn at_now_the_keys_that_go_on_speak_to_the_trainer() {
    for (key, command) in [(".", Command::Steps(1)), ("]", Command::Epochs(1))] {
        for phase in [Phase::Training, Phase::Paused, Phase::Finished] {
            let mut app = live(phase);
            assert_eq!(types(&mut app, key), asks(command));
            assert_eq!(app.when, When::Now);
        }
        assert_eq!(types(&mut live(Phase::Exploring), key), []);
    }
}

#[test]
fn space_in_the_past_plays_and_stops_and_leaves_the_trainer_alone() {
    for phase in PHASES {
        let mut app = at(phase, 4);
        assert_eq!(types(&mut app, " "), gaze(When::PlayFrom(4)));
        // Nothing of it was seen yet.
        assert_eq!(types(&mut app, " "), gaze(When::At(4)));

        let mut app = playing(phase, 4, 13);
        assert_eq!(types(&mut app, " "), gaze(When::At(13)));
        assert_eq!(app.commanded, 0);
    }
    let mut lost = at(Phase::Paused, 4);
    hear(&mut lost, News::Failed(Failure::Died("gone".into())));
    assert_eq!(
        types(&mut lost, " "),
        gaze(When::PlayFrom(4)),
        "the film is there"
    );
}

#[test]
fn keys_stop_what_plays_where_it_has_come_to() {
    for (key, when) in [
        (",", When::At(12)),
        (".", When::At(14)),
        ("[", When::At(10)),
        ("]", When::Now),
        ("{", When::At(0)),
        ("}", When::Now),
    ] {
        let mut app = playing(Phase::Training, 4, 13);
        assert_eq!(types(&mut app, key), gaze(when), "{key}");
    }
}

#[test]
fn what_plays_is_at_now_once_it_is_seen_to_have_caught_up() {
    let mut app = playing(Phase::Training, 4, 18);
    show(&mut app, moment(Phase::Training, Seen::now(LIVE)));
    assert_eq!(app.when, When::Now);
    assert_eq!(types(&mut app, " "), asks(Command::Pause));

    // Sights of now from before the wish was heard end neither standing nor playing.
    let now = |heard| Observation {
        heard,
        ..moment(Phase::Training, Seen::now(LIVE))
    };
    let mut app = live(Phase::Training);
    types(&mut app, ",");
    show(&mut app, now(0));
    assert_eq!(app.when, When::At(18));
    types(&mut app, " ");
    show(&mut app, now(1));
    assert_eq!(app.when, When::PlayFrom(18));
    // A film so short that nothing of it was seen has caught up all the same.
    show(&mut app, now(2));
    assert_eq!(app.when, When::Now);
    // Nor does one stand in a past of which nothing is at hand.
    types(&mut app, ",");
    show(&mut app, now(3));
    assert_eq!(app.when, When::Now);
}

#[test]
fn esc_goes_one_level_back_to_now_before_it_shows_all_digits() {
    let mut app = at(Phase::Paused, 4);
    types(&mut app, "7m");
    assert_eq!(tap(&mut app, KeyCode::Esc), [], "the measures close");
    assert_eq!(app.overlay, Overlay::None);
    assert_eq!(tap(&mut app, KeyCode::Esc), gaze(When::Now));
    assert_eq!(app.filter, Labels::NONE.with(7));
    tap(&mut app, KeyCode::Esc);
    assert_eq!(app.filter, Labels::ALL);
}

#[test]
fn samples_are_browsed_in_the_past() {
    let mut app = at(Phase::Training, 4);
    let asked = tap(&mut app, KeyCode::Right);
    let Some(Request::Look(Look::Gaze(gaze))) = asked.first() else {
        panic!("{asked:?}")
    };
    assert_eq!((gaze.when, gaze.sample.index), (When::At(4), 13));
}

#[test]
fn what_is_saved_of_the_past_says_its_step_and_makes_nothing_later_unsaved() {
    let mut app = at(Phase::Paused, 4);
    hear(&mut app, saved_as("now.safetensors"));
    app.saved_step = Some(LIVE);
    assert_eq!(types(&mut app, "s"), [Request::Look(Look::Save)]);
    let path = "then.safetensors".into();
    hear(&mut app, News::Saved { path, step: 4 });
    let words = app.status.as_ref().map(|status| status.words.as_str());
    assert_eq!(words, Some("saved step 4 as then.safetensors"));
    assert_eq!(app.unsaved_steps(), 0);
}

#[test]
fn another_run_begins_at_now() {
    assert_eq!(at(Phase::Paused, 4).anew(plan()).when, When::Now);
}

const SCREEN: (u16, u16) = (120, 36);
/// The row of the tape there.
const TAPE: u16 = 34;

fn point(app: &mut App, button: Button, (column, row): (u16, u16)) -> Vec<Request> {
    let pointer = Pointer {
        button,
        side: Side::Left,
        column,
        row,
    };
    update(app, Message::Mouse(pointer, SCREEN))
}

/// The column of the moment after this step.
fn column(app: &App, step: u64) -> u16 {
    let seen = app.seen.clone().expect("it is seen");
    let track = view::track(app, &seen, SCREEN).expect("there is a tape");
    track.column(step)
}

fn asked(requests: &[Request]) -> When {
    match requests {
        [Request::Look(Look::Gaze(gaze))] => gaze.when,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_mouse_goes_where_it_points_and_to_now_at_the_live_end() {
    for phase in PHASES {
        let mut app = live(phase);
        let there = column(&app, 12);
        let when = asked(&point(&mut app, Button::Pressed, (there, TAPE)));
        let When::At(step) = when else {
            panic!("{when:?}")
        };
        assert_eq!(column(&app, step), there);
        // Drawn along, also beside the row, and let go where it is.
        let further = column(&app, 4);
        let When::At(step) = asked(&point(&mut app, Button::Dragged, (further, 3))) else {
            panic!()
        };
        assert_eq!(column(&app, step), further);
        assert_eq!(
            point(&mut app, Button::Dragged, (0, TAPE)),
            gaze(When::At(0))
        );
        assert_eq!(point(&mut app, Button::Released, (0, TAPE)), []);
        assert_eq!(point(&mut app, Button::Dragged, (further, TAPE)), []);
        // Its live end, and all beyond.
        let end = column(&app, LIVE);
        assert_eq!(
            point(&mut app, Button::Pressed, (end, TAPE)),
            gaze(When::Now)
        );
        assert_eq!(point(&mut app, Button::Dragged, (119, TAPE)), []);
        assert_eq!(app.when, When::Now);
    }
}

#[test]
fn the_mouse_does_nothing_beside_the_tape_or_under_an_overlay() {
    let mut app = live(Phase::Paused);
    let there = column(&app, 12);
    for place in [(there, TAPE - 1), (there, TAPE + 1), (1, TAPE), (119, TAPE)] {
        assert_eq!(point(&mut app, Button::Pressed, place), [], "{place:?}");
        assert_eq!(
            point(&mut app, Button::Dragged, (there, TAPE)),
            [],
            "{place:?}"
        );
    }
    types(&mut app, "?");
    assert_eq!(point(&mut app, Button::Pressed, (there, TAPE)), []);
    assert_eq!(app.overlay, Overlay::Help(0));
    assert_eq!(
        point(&mut App::new(plan()), Button::Pressed, (there, TAPE)),
        []
    );
}

#[test]
fn the_mouse_too_is_told_that_nothing_is_kept() {
    let mut app = app();
    show(
        &mut app,
        Observation {
            tape: Arc::default(),
            ..moment(Phase::Paused, Seen::now(LIVE))
        },
    );
    let there = column(&app, 4);
    assert_eq!(point(&mut app, Button::Pressed, (there, TAPE)), []);
    assert_eq!(app.when, When::Now);
    assert!(app.status.is_some());
}
