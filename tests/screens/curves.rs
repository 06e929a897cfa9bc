//! Curves: the numbers at its ruler are those of the run, keys and mouse move it, and it can
//! be drawn of any run at any size.

use std::sync::Arc;

use ae_tui::{
    lens::Sample,
    message::{
        Ask, Course, Curve, CurvesAnswer, CurvesAsk, DigitScale, Drawn, Measured, News,
        Observation, Phase, When,
    },
    pace::Film,
    recipe::{Change, Edit, Preset, Recipe},
    ui::{
        app::{App, Kind, Plan},
        keymap::BINDINGS,
        pointer::{Button, Pointer, Side},
        runs::{Lineage, RunTold, Runs},
        theme::{Depth, Glyphs},
        update::{Message, update},
        views::View,
    },
};
use crossterm::event::{KeyCode, KeyEvent};

use crate::{
    ASCII, PLAIN, drawn,
    fixture::{app, data, diverged, hear, kept, observation, past, plan},
    rows,
    snapshots::keep,
    states::standing,
    theme,
};

const WHOLE: (u16, u16) = (120, 36);
const SMALL: (u16, u16) = (80, 24);
const SMALLEST: (u16, u16) = (60, 20);

fn press(app: &mut App, keys: &str) {
    for key in keys.chars() {
        let code = match key {
            '\n' => KeyCode::Enter,
            '\u{1b}' => KeyCode::Esc,
            key => KeyCode::Char(key),
        };
        update(app, Message::Key(KeyEvent::from(code)));
    }
}

/// The answer, as the observer would give it of weights that were kept.
fn answer(app: &App, seen: &Observation) -> CurvesAnswer {
    let Ask::Curves(CurvesAsk { step, .. }) = app.told.ask else {
        panic!("it asks nothing")
    };
    let asked = step.unwrap_or(seen.seen.step);
    let sample = seen.row.sample();
    CurvesAnswer {
        step: seen.seen.step,
        asked,
        drawn: Drawn {
            step: asked,
            id: seen.row.chosen,
            sample: Arc::new(Sample {
                loss: 0.1875,
                ..sample.clone()
            }),
        },
        scale: DigitScale {
            mean_image: (0..10).map(|digit| 0.2 + 0.01 * digit as f32).collect(),
            copy: [0.06; 10].into(),
        },
        measured: Arc::from([]),
    }
}

/// The view after these keys, with what is answered to them.
fn curves_of(mut app: App, keys: &str) -> App {
    press(&mut app, "gc");
    press(&mut app, keys);
    assert_eq!(app.view, View::Curves);
    let mut seen = (**app.seen.as_ref().expect("it is seen")).clone();
    seen.answers.curves = Some(Arc::new(answer(&app, &seen)));
    seen.heard = u64::MAX;
    hear(&mut app, News::Observed(Arc::new(seen)));
    app
}

fn curves(keys: &str) -> App {
    curves_of(app(kept(observation(13_100, Phase::Training))), keys)
}

/// A run whose rate was changed, and that left another before.
fn branch(keys: &str) -> App {
    let change = Change::LearningRate(0.004);
    let recipe = Recipe {
        edits: vec![
            Edit { step: 4312, change },
            Edit {
                step: 9000,
                change: Change::LearningRate(0.002),
            },
        ],
        ..Recipe::preset(Preset::Article)
    };
    let film = Film::new(1875, 10);
    let left = observation(18_750, Phase::Paused);
    let mut curve = (*left.curve).clone();
    curve.measured = curve
        .measured
        .iter()
        .map(|known| Measured {
            loss: known.loss + 0.006,
            ..known.clone()
        })
        .collect();
    let told = RunTold {
        lineage: Lineage::default(),
        recipe: "article 784-32-2-32-784, rate .001".into(),
        plan: recipe.clone(),
        step: 18_750,
        phase: Phase::Finished,
        film,
        curve: Arc::new(curve),
        row: None,
        tape: Arc::default(),
        unsaved: 0,
    };
    let mut app = App::new(Plan {
        recipe: recipe.clone(),
        runs: Runs {
            own: Lineage {
                number: 2,
                parent: Some((1, 4312)),
                differs: "rate .001 > .004".into(),
            },
            others: vec![told],
            forgotten: Vec::new(),
        },
        ..plan()
    });
    app.sample = plan().sample;
    hear(&mut app, News::Loaded(data()));
    let seen = Observation {
        recipe: Arc::new(recipe),
        ..kept(observation(13_100, Phase::Training))
    };
    hear(&mut app, News::Observed(Arc::new(seen)));
    curves_of(app, keys)
}

/// A run whose objective has two parts.
fn vae(keys: &str) -> App {
    let recipe = Recipe::preset(Preset::Vae);
    let mut seen = kept(observation(13_100, Phase::Paused));
    seen.recipe = Arc::new(recipe.clone());
    let curve = Arc::make_mut(&mut seen.curve);
    curve.measured = curve
        .measured
        .iter()
        .map(|known| Measured {
            reconstruction: known.loss - 0.03125,
            ..known.clone()
        })
        .collect();
    let mut app = app(seen);
    app.plan.kind = Kind::of(&recipe);
    app.plan.recipe = recipe;
    curves_of(app, keys)
}

/// Weights of which nothing else is known.
fn file() -> App {
    let mut seen = observation(6600, Phase::Exploring);
    let curve = Arc::make_mut(&mut seen.curve);
    (curve.course, curve.measured) = (Course::default(), Arc::from([]));
    curve.epochs.clear();
    let mut app = app(seen);
    app.plan.trains = false;
    curves_of(app, "")
}

fn failed() -> App {
    let mut app = curves("");
    hear(&mut app, News::Failed(diverged()));
    press(&mut app, "\u{1b}");
    app
}

/// Each with what is looked at there.
fn states() -> Vec<(&'static str, App)> {
    let begun = |step| curves_of(app(observation(step, Phase::Training)), "");
    vec![
        ("live", curves("")),
        ("ruler", curves("HHh")),
        ("linear", curves("v")),
        ("digits", curves("vv35")),
        ("steps", curves("oH")),
        ("epochs", curves("ooHzz")),
        ("zoomed", curves("zzz")),
        ("nearest", curves("Hzzzzzzzzz")),
        ("rough", curves("<<<<")),
        ("smooth", curves(">>>>>>")),
        ("branch", branch("HHH")),
        ("vae", vae("H")),
        ("vae-parts", vae("vvvH")),
        ("file", file()),
        ("failed", failed()),
        ("unbegun", begun(0)),
        ("first-steps", begun(7)),
        ("above-the-mean", begun(200)),
        (
            "past",
            curves_of(app(past(13_100, Phase::Training, standing(4312))), ""),
        ),
    ]
}

fn state(name: &str) -> App {
    let found = states().into_iter().find(|(known, _)| *known == name);
    found.unwrap_or_else(|| panic!("no state {name}")).1
}

fn text(app: &App, size: (u16, u16)) -> Vec<String> {
    rows(&drawn(app, PLAIN, size))
}

/// What stands at the end of the reading of this name.
fn reading(screen: &[String], name: &str) -> String {
    let row = screen.iter().find_map(|row| {
        let row: String = row.chars().take(29).collect();
        row.trim()
            .strip_prefix(name)
            .map(|value| value.trim().to_owned())
    });
    row.unwrap_or_else(|| panic!("no {name} in {screen:#?}"))
}

#[test]
fn the_screens_that_are_kept_look_as_they_did() {
    for (name, size) in [
        ("live", WHOLE),
        ("branch", WHOLE),
        ("branch", SMALL),
        ("vae", SMALLEST),
        ("vae-parts", WHOLE),
        ("digits", SMALL),
        ("file", SMALL),
        ("failed", WHOLE),
        ("past", SMALL),
    ] {
        keep(&format!("curves-{name}"), &state(name), PLAIN, size);
    }
    keep("ascii-curves", &state("branch"), ASCII, WHOLE);
}

#[test]
fn it_can_be_drawn_at_any_size_in_every_depth() {
    let states = states();
    let widths: Vec<u16> = (1..=130)
        .step_by(3)
        .chain((131..=220).step_by(17))
        .collect();
    for (turn, &width) in widths.iter().enumerate() {
        for height in (1..=70).step_by(3) {
            let (_, app) = &states[(turn * 31 + usize::from(height)) % states.len()];
            drawn(app, PLAIN, (width, height));
        }
    }
    for (name, app) in &states {
        for depth in [Depth::None, Depth::Sixteen, Depth::Indexed, Depth::True] {
            for size in [SMALLEST, SMALL, WHOLE, (200, 60)] {
                drawn(app, theme(depth, Glyphs::Blocks), size);
                let ascii = drawn(app, theme(depth, Glyphs::Ascii), size);
                let is_plain = |cell: &ratatui::buffer::Cell| cell.symbol().is_ascii();
                assert!(ascii.content().iter().all(is_plain), "{name} at {size:?}");
            }
        }
    }
}

#[test]
fn losses_that_are_none_and_runs_of_any_length_can_be_drawn() {
    let unreal = [f32::NAN, f32::INFINITY, -f32::INFINITY, f32::MAX, 0.0, -1.0];
    for value in unreal {
        let mut seen = observation(6600, Phase::Paused);
        let curve = Arc::make_mut(&mut seen.curve);
        let mut course = Course::default();
        (1..=6600).for_each(|step| course.push(step, if step % 3 == 0 { value } else { 0.3 }));
        curve.course = course;
        let known = |step| Measured {
            step,
            loss: value,
            reconstruction: value,
            digits: Some([value; 10].into()),
        };
        curve.measured = [10, 4000].map(known).into();
        (curve.mean_image, curve.one_grey, curve.copy) = (Some(value), Some(value), Some(value));
        for keys in ["", "v", "vv", "zzHz"] {
            let app = curves_of(app(seen.clone()), keys);
            for size in [SMALLEST, SMALL, WHOLE] {
                drawn(&app, PLAIN, size);
            }
        }
    }
    for (steps, epochs, step) in [
        (1, 0, 0),
        (1, 1, 9),
        (1875, 99_999_999, 5000),
        (1875, u64::MAX, u64::MAX),
        (u64::MAX, 1, 1),
    ] {
        let mut seen = observation(6600, Phase::Training);
        seen.moment.film = Film::new(steps, epochs);
        (seen.moment.step, seen.seen.step) = (step, step);
        for keys in ["", "o", "oo", "zzzH", "hhL\n"] {
            let app = curves_of(app(seen.clone()), keys);
            drawn(&app, PLAIN, WHOLE);
        }
    }
}

#[test]
fn each_number_at_the_ruler_is_the_runs() {
    let app = curves("HHh");
    let seen = app.seen.clone().unwrap();
    let Ask::Curves(CurvesAsk {
        step: Some(step), ..
    }) = app.told.ask
    else {
        panic!("the ruler was not moved")
    };
    let curve: &Curve = &seen.curve;
    let screen = text(&app, WHOLE);
    let number = |name| reading(&screen, name).parse::<f32>().unwrap();
    let steps = reading(&screen, "step ").replace(',', "");
    assert_eq!(steps.parse(), Ok(step));
    // As many decimals as are shown.
    let is = |shown: f32, value: f32| (shown - value).abs() <= 0.000_051;
    let (at, loss) = curve.course.nearest(step).unwrap();
    assert_eq!(at, step);
    assert!(is(number("step loss"), loss));
    let before = curve
        .measured
        .iter()
        .rfind(|known| known.step <= step)
        .unwrap();
    let held_out = format!("held-out at {}", ae_tui::words::grouped(before.step));
    assert!(is(number(&held_out), before.loss));
    assert!(is(number("110 alone"), 0.1875));
    let rate = reading(&screen, "rate");
    assert_eq!(rate, ".001");
    // A mean over a hundredth of the film, a tenth of a second either side.
    let film = seen.moment.film;
    let half = film.duration() / 200.0;
    let edge = |seconds: f64| film.step_at(seconds);
    let about = edge(film.time_of(step) - half)..=edge(film.time_of(step) + half);
    let within: Vec<f32> = curve
        .course
        .iter()
        .filter(|(step, _)| about.contains(step))
        .map(|(_, loss)| loss)
        .collect();
    let mean = within.iter().sum::<f32>() / within.len() as f32;
    assert!(is(number("smoothed"), mean), "{mean}");
    // The digits, by what lies between the average and a copy.
    let scale = &seen.answers.curves.as_ref().unwrap().scale;
    for digit in 0..10 {
        let loss = before.digits.as_ref().unwrap()[digit];
        let share = (100.0 * scale.learned(digit, loss).unwrap()).round();
        let row = &screen[23 + digit];
        let told = if share < 0.0 {
            "<0%".into()
        } else {
            format!("{share}%")
        };
        assert!(row.contains(&told), "{told} not in {row}");
    }
}

#[test]
fn a_price_is_told_apart_from_the_pictures() {
    let app = vae("H");
    let screen = text(&app, WHOLE);
    assert_eq!(reading(&screen, "its divergence"), "0.0312");
    let whole: f32 = screen
        .iter()
        .find_map(|row| row.trim().strip_prefix("held-out at ").map(str::to_owned))
        .and_then(|row| row.split_whitespace().nth(1)?.parse().ok())
        .unwrap();
    let pictures: f32 = reading(&screen, "its pictures").parse().unwrap();
    assert!((whole - pictures - 0.03125).abs() < 0.000_2);
}

#[test]
fn the_ruler_goes_on_and_back_and_is_at_now_again_at_the_end() {
    let mut app = curves("");
    let ruler = |app: &App| match app.told.ask {
        Ask::Curves(CurvesAsk { step, .. }) => step,
        _ => panic!("it asks nothing"),
    };
    assert_eq!(ruler(&app), None);
    press(&mut app, "h");
    let once = ruler(&app).unwrap();
    press(&mut app, "H");
    let far = ruler(&app).unwrap();
    assert!(far < once && once < 13_100);
    press(&mut app, "L");
    assert!(ruler(&app).unwrap() > far);
    press(&mut app, "LL");
    assert_eq!(ruler(&app), None, "it follows the run again");
    // Step by step at its beginning, whatever a column is.
    press(&mut app, &"H".repeat(9));
    assert_eq!(ruler(&app), Some(1));
    press(&mut app, "l");
    assert!(ruler(&app).unwrap() > 1);
    press(&mut app, "\u{1b}");
    assert_eq!(ruler(&app), None);
}

#[test]
fn enter_goes_to_the_moment_at_the_ruler() {
    let mut app = curves("HH");
    let Ask::Curves(CurvesAsk {
        step: Some(step), ..
    }) = app.told.ask
    else {
        panic!("the ruler was not moved")
    };
    press(&mut app, "\n");
    assert_eq!(app.when, When::At(step));
    // Esc brings the axis back, then the ruler, then the viewer.
    press(&mut app, "z\u{1b}\u{1b}");
    assert_eq!(app.when, When::At(step));
    press(&mut app, "\u{1b}");
    assert_eq!(app.when, When::Now);
}

#[test]
fn the_mouse_puts_the_ruler_where_it_points() {
    let mut app = curves("");
    let mut point = |button, column, row| {
        let pointer = Pointer {
            button,
            side: Side::Left,
            column,
            row,
        };
        update(&mut app, Message::Mouse(pointer, WHOLE));
        let Ask::Curves(CurvesAsk { step, .. }) = app.told.ask else {
            panic!("it asks nothing")
        };
        let column = rows(&drawn(&app, PLAIN, WHOLE))[5]
            .chars()
            .skip(36)
            .position(|cell| cell == '│');
        (step, column)
    };
    let (step, column) = point(Button::Pressed, 60, 5);
    assert!(step.is_some());
    assert_eq!(column, Some(24));
    let (later, _) = point(Button::Dragged, 70, 30);
    assert!(later > step);
    // A drag that leaves the plot ends at its edge.
    let (first, _) = point(Button::Dragged, 2, 0);
    assert_eq!(first, Some(1));
    point(Button::Released, 2, 0);
    // Beside the plot is nothing to take hold of.
    let (same, _) = point(Button::Pressed, 10, 5);
    assert_eq!(same, first);
    let (same, _) = point(Button::Dragged, 80, 5);
    assert_eq!(same, first);
    point(Button::Released, 80, 5);
    let (_, before) = point(Button::Pressed, 60, 25);
    let (_, nearer) = point(Button::WheelUp, 60, 5);
    assert_ne!(
        before, nearer,
        "the wheel brings the ruler's surroundings nearer"
    );
}

/// Of weights that nobody trains here nothing is drawn along an axis: no key about one is
/// offered, and whoever presses it hears why.
#[test]
fn keys_about_lines_are_offered_and_act_only_where_there_are_lines() {
    let about_lines = "hlHLvo<>zZ\n";
    for size in [SMALLEST, SMALL, WHOLE, (200, 60)] {
        let hints = |app: &App| text(app, size).pop().unwrap();
        for word in ["ruler", "log, linear", "x axis", "smoothing"] {
            assert!(!hints(&file()).contains(word), "{word} at {size:?}");
        }
        assert!(hints(&curves("")).contains("h l ruler"));
        let legend = &text(&file(), size)[1];
        assert!(
            !legend.contains("held-out") && !legend.contains("axis"),
            "{legend}"
        );
    }
    for key in about_lines.chars() {
        let (mut file, mut run) = (file(), curves("Hz"));
        let places = |app: &App| format!("{:?} {:?}", app.places.curves, app.when);
        let before = [places(&file), places(&run)];
        press(&mut file, &key.to_string());
        press(&mut run, &key.to_string());
        let said = file.status.map(|status| status.words).unwrap_or_default();
        assert_eq!(
            said, "This file has no history: train to see one.",
            "{key:?}"
        );
        assert_eq!(
            format!("{:?} {:?}", file.places.curves, file.when),
            before[0],
            "{key:?}"
        );
        assert_ne!(places(&run), before[1], "{key:?} does something of a run");
    }
    // What a key cannot do it says.
    for (keys, says) in [
        ("Z", "The whole run is on the axis."),
        ("zzzzzzzz", "This is as near as it gets."),
        ("\n", "The ruler stands at the moment that is seen."),
    ] {
        let mut app = curves("");
        press(&mut app, keys);
        assert_eq!(app.status.map(|status| status.words).as_deref(), Some(says));
    }
}

/// Every key that the line of hints offers of weights alone changes something, or asks for
/// something.
#[test]
fn of_weights_alone_every_key_that_is_offered_acts() {
    let state = |app: &App| {
        let looked_at = (
            app.view,
            app.sample,
            app.filter,
            app.map_style,
            &app.overlay,
        );
        format!(
            "{looked_at:?} {:?} {:?} {:?}",
            app.places, app.status, app.exit
        )
    };
    for view in ["t", "c"] {
        let mut explored = file();
        press(&mut explored, "g");
        press(&mut explored, view);
        let scene = explored.scene();
        let offered = BINDINGS
            .iter()
            .filter(|binding| binding.serves(scene) && binding.weight_in(scene.view, false) > 0);
        let mut count = 0;
        for binding in offered {
            let acts = binding.key_events().any(|key| {
                let mut app = file();
                press(&mut app, "g");
                press(&mut app, view);
                let before = state(&app);
                let asked = update(&mut app, Message::Key(key));
                !asked.is_empty() || state(&app) != before
            });
            assert!(acts, "{} {} in {view}", binding.keys, binding.words);
            count += 1;
        }
        assert!(count > 4, "{count} in {view}");
    }
}

/// What is best is best of what came before, for whoever looks at the past.
#[test]
fn in_the_past_the_best_is_the_best_up_to_there_and_run_1_is_no_further() {
    let at = |step: u64| {
        let mut app = branch("");
        let mut seen = (**app.seen.as_ref().unwrap()).clone();
        seen.seen = standing(step);
        app.when = When::At(step);
        hear(&mut app, News::Observed(Arc::new(seen)));
        app
    };
    let least = |measured: &[Measured], step: u64| {
        let then = measured.iter().filter(|known| known.step <= step);
        then.map(|known| known.loss).fold(f32::INFINITY, f32::min)
    };
    for step in [4312, 9000, 11_000] {
        let app = at(step);
        let curve = &app.seen.as_ref().unwrap().curve;
        let other = &app.plan.runs.others[0].curve;
        let screen = text(&app, WHOLE);
        let from = screen
            .iter()
            .position(|row| row.starts_with(" best so far"));
        let best = &screen[from.unwrap()..];
        let number = |name| reading(best, name).parse::<f32>().unwrap();
        let (own, its) = (least(&curve.measured, step), least(&other.measured, step));
        // As many decimals as are shown.
        assert!(
            (number("held-out") - own).abs() <= 0.000_051,
            "{own} at {step}"
        );
        assert!(
            (number("below run 1 by") - (its - own)).abs() <= 0.000_051,
            "{its} at {step}"
        );
        let found: u64 = reading(best, "at step").replace(',', "").parse().unwrap();
        assert!(found <= step, "{found} is after {step}");
    }
    // Of a run that did not come so far nothing can be said.
    let mut app = at(9000);
    app.plan.runs.others[0].step = 8000;
    assert!(!text(&app, WHOLE).join("").contains("run 1 by"));
}

#[test]
fn words_on_the_plot_are_never_cut() {
    for (name, app) in states() {
        for width in (60..=140).step_by(3) {
            for size in [(width, 24), (width, 36)] {
                let screen = text(&app, size).join("\n");
                for (begins, whole) in [
                    ("below o", "below one grey"),
                    ("below the a", "below the average"),
                    ("average .", "average .263"),
                    ("branch, ", "branch, rate .001 > .004"),
                ] {
                    let cut = screen.matches(begins).count() - screen.matches(whole).count();
                    assert_eq!(cut, 0, "{begins} is cut in {name} at {size:?}:\n{screen}");
                }
            }
        }
    }
}

#[test]
fn nothing_moves_while_the_ruler_does() {
    for size in [SMALLEST, SMALL, WHOLE] {
        let labels = |app: &App| -> Vec<String> {
            let screen = text(app, size);
            let names = screen.iter().map(|row| {
                row.chars()
                    .take(10)
                    .filter(|cell| cell.is_alphabetic())
                    .collect()
            });
            names.collect()
        };
        assert_eq!(labels(&curves("h")), labels(&curves("hH")), "{size:?}");
    }
}
