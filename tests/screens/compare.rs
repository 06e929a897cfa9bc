//! Two runs beside each other, at every size, and what keys do there.

use std::sync::Arc;

use ae_tui::{
    lens::Sample,
    message::{Cause, Command, Failure, Look, Measured, News, Observation, Phase, Row, When},
    recipe::{
        Preset, Recipe,
        differences::{Known, in_words},
    },
    ui::{
        app::{App, Kind, Plan},
        compare::{
            Unseen, act, draw,
            pair::{Pair, PairExit},
        },
        runs::{Lineage, RunTold},
        theme::{Depth, Glyphs, Theme, Tone},
        update::Request,
    },
};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    ASCII, PLAIN, SIZES,
    fixture::{data, kept, loss_at, observation, plan},
    rows,
};

const PRESETS: [Preset; 2] = [Preset::Article, Preset::Vae];

fn side(preset: Preset, live: bool) -> App {
    let recipe = Recipe::preset(preset);
    let mut app = App::new(Plan {
        title: preset.name().into(),
        kind: Kind::of(&recipe),
        recipe,
        trains: live,
        ..plan()
    });
    app.paired = true;
    app
}

fn pair(known: Known, live: bool) -> Pair {
    let recipes = PRESETS.map(Recipe::preset);
    let differences = in_words([&recipes[0], &recipes[1]], known);
    let sides = PRESETS.map(|preset| side(preset, live));
    let mut pair = Pair::new(sides, differences, known, live);
    for side in 0..2 {
        pair.hear(side, News::Loaded(data()));
    }
    pair
}

/// The run after so many steps; of B all losses are lower.
fn seen(side: usize, step: u64, phase: Phase) -> Observation {
    let mut seen = kept(observation(step, phase));
    let better = if side == 0 { 1.0 } else { 0.93 };
    let film = seen.moment.film;
    let mut curve = (*seen.curve).clone();
    let steps = (0..=step).filter(|step| film.tick(*step).is_some_and(|tick| tick % 8 == 0));
    let measured = steps.map(|step| Measured {
        step,
        loss: 9.0,
        reconstruction: better * loss_at(step),
        digits: None,
    });
    curve.measured = measured.collect();
    seen.curve = Arc::new(curve);
    let samples = seen.row.samples.iter().map(|sample| Sample {
        loss: better * sample.loss,
        ..sample.clone()
    });
    seen.row = Arc::new(Row {
        chosen: seen.row.chosen,
        samples: samples.collect(),
    });
    if let Some((_, measures)) = &mut seen.appraisal.measured {
        let measures = Arc::make_mut(measures);
        measures.reconstruction.network.all.cross_entropy *= f64::from(better);
        if let Some(features) = &mut measures.features {
            features.network += 0.1 * side as f64;
        }
    }
    seen
}

fn tell(pair: &mut Pair, side: usize, step: u64, phase: Phase) {
    let seen = Arc::new(seen(side, step, phase));
    pair.hear(side, News::Observed(seen));
}

fn live(step: u64) -> Pair {
    let mut pair = pair(Known::Recipes, true);
    for side in 0..2 {
        tell(&mut pair, side, step, Phase::Training);
    }
    pair
}

fn still(known: Known) -> Pair {
    let mut pair = pair(known, false);
    for side in 0..2 {
        tell(&mut pair, side, 18_750, Phase::Exploring);
    }
    pair
}

fn drawn(pair: &Pair, theme: Theme, (width, height): (u16, u16)) -> Vec<String> {
    let area = Rect::new(0, 0, width, height);
    let mut buf = Buffer::empty(area);
    draw::render(pair, theme, area, &mut buf);
    rows(&buf)
}

fn keep(name: &str, pair: &Pair, theme: Theme, size: (u16, u16)) {
    let text: Vec<String> = drawn(pair, theme, size)
        .iter()
        .map(|row| row.trim_end().to_owned())
        .collect();
    let name = format!("{name}-{}x{}", size.0, size.1);
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, text.join("\n"));
    });
}

fn press(pair: &mut Pair, code: KeyCode) -> Vec<(usize, Request)> {
    act::press(pair, KeyEvent::new(code, KeyModifiers::NONE))
}

#[test]
fn pairs_look_as_they_did() {
    for size in SIZES {
        keep("compare", &still(Known::Recipes), PLAIN, size);
    }
    keep("compare-live", &live(6600), PLAIN, (120, 36));
    keep("compare-live", &live(6600), PLAIN, (80, 24));
    keep("compare-ascii", &live(6600), ASCII, (120, 36));
    keep(
        "compare-elsewhere",
        &still(Known::Networks),
        PLAIN,
        (120, 36),
    );
    let mut helped = live(6600);
    press(&mut helped, KeyCode::Char('?'));
    keep("compare-help", &helped, PLAIN, (80, 24));
}

#[test]
fn every_size_is_drawn_whatever_is_known() {
    let mut wild = still(Known::Recipes);
    let mut seen = seen(1, 18_750, Phase::Exploring);
    let mut curve = (*seen.curve).clone();
    curve.measured = [(0, f32::NAN), (9, f32::INFINITY), (10, 1e30), (11, 0.0)]
        .map(|(step, reconstruction)| Measured {
            step,
            loss: 0.0,
            reconstruction,
            digits: None,
        })
        .into();
    curve.mean_image = None;
    seen.curve = Arc::new(curve);
    wild.hear(1, News::Observed(Arc::new(seen)));
    let pairs = vec![
        pair(Known::Recipes, true),
        still(Known::Networks),
        live(0),
        live(30),
        wild,
    ];
    let colours = Theme {
        depth: Depth::True,
        tone: Tone::Light,
        glyphs: Glyphs::Blocks,
    };
    for pair in &pairs {
        for size in [
            (1, 1),
            (59, 20),
            (60, 20),
            (77, 25),
            (80, 24),
            (119, 60),
            (120, 36),
            (250, 80),
        ] {
            for theme in [PLAIN, ASCII, colours] {
                drawn(pair, theme, size);
            }
        }
    }
}

/// The steps that are seen of both.
fn steps(pair: &Pair) -> [u64; 2] {
    let seen = pair.seen().expect("both were told");
    seen.each_ref().map(|seen| seen.seen.step)
}

#[test]
fn both_are_always_seen_at_one_step() {
    let mut pair = live(6600);
    tell(&mut pair, 0, 6662, Phase::Training);
    tell(&mut pair, 0, 6724, Phase::Training);
    assert_eq!(steps(&pair), [6600, 6600]);
    tell(&mut pair, 1, 6662, Phase::Training);
    assert_eq!(steps(&pair), [6662, 6662]);
    // One was busy, and has left a step out.
    tell(&mut pair, 1, 6786, Phase::Training);
    assert_eq!(steps(&pair), [6662, 6662]);
    tell(&mut pair, 0, 6786, Phase::Training);
    assert_eq!(steps(&pair), [6786, 6786]);
    // One that is at its end stands.
    tell(&mut pair, 0, 7000, Phase::Finished);
    tell(&mut pair, 1, 7000, Phase::Training);
    tell(&mut pair, 1, 7062, Phase::Training);
    assert_eq!(steps(&pair), [7000, 7062]);
}

#[test]
fn one_that_diverges_does_not_stop_the_other_on_the_screen() {
    let mut pair = live(6600);
    // It took steps of which no weights are numbers.
    let mut last = seen(0, 6662, Phase::Training);
    last.moment.step = 6690;
    pair.hear(0, News::Observed(Arc::new(last)));
    tell(&mut pair, 1, 6662, Phase::Training);
    tell(&mut pair, 1, 6724, Phase::Training);
    assert_eq!(steps(&pair), [6662, 6662]);
    pair.hear(
        0,
        News::Failed(Failure::Diverged {
            step: 6691,
            loss: f32::NAN,
            cause: Cause::Steps(1.0),
        }),
    );
    assert_eq!(steps(&pair), [6662, 6724]);
    tell(&mut pair, 1, 6786, Phase::Training);
    assert_eq!(steps(&pair), [6662, 6786]);
    let header = drawn(&pair, PLAIN, (120, 36)).swap_remove(0);
    assert!(header.contains("A stopped, B training"), "{header}");
    assert!(!header.contains("same step"), "{header}");
}

#[test]
fn what_is_the_same_of_both_is_said_and_no_more() {
    let header = |pair: &Pair| drawn(pair, PLAIN, (160, 40)).swap_remove(0);
    let mut pair = live(6600);
    let said = header(&pair);
    assert!(
        said.contains("same images, same order, same step"),
        "{said}"
    );
    pair.sides[1].plan.recipe.seed += 1;
    let said = header(&pair);
    assert!(said.contains("same images, same step"), "{said}");
    for app in &mut pair.sides {
        app.plan.recipe.shuffle = false;
    }
    assert!(header(&pair).contains("same order"));
}

#[test]
fn numbers_of_other_steps_say_so_or_are_not_shown() {
    let mut pair = pair(Known::Recipes, true);
    for (side, measured) in [(0, 6000), (1, 5000)] {
        let mut seen = seen(side, 6600, Phase::Training);
        let (step, _) = seen.appraisal.measured.as_mut().unwrap();
        *step = measured;
        let mut curve = (*seen.curve).clone();
        let known = curve.measured.iter().filter(|known| known.step <= measured);
        curve.measured = known.cloned().collect();
        seen.curve = Arc::new(curve);
        pair.hear(side, News::Observed(Arc::new(seen)));
    }
    let rows = drawn(&pair, PLAIN, (160, 48));
    let row = |name: &str| {
        let row = rows.iter().find(|row| row.contains(name));
        row.unwrap_or_else(|| panic!("no {name}: {rows:#?}"))
            .clone()
    };
    for name in ["10 nearest", "PSNR"] {
        let row = row(name);
        let (_, numbers) = row.split_once(name).unwrap();
        let dashes = numbers.split_whitespace().filter(|word| *word == "-");
        assert_eq!(dashes.count(), 2, "{row}");
    }
    // The last moment up to which both are known: B's last in the film's ticks.
    for said in [row("lower"), row("held-out at")] {
        assert!(said.contains("at step 4,853"), "{said}");
    }
}

#[test]
fn a_command_to_one_is_one_to_both_whoever_leads() {
    let mut pair = live(6600);
    press(&mut pair, KeyCode::Char(' '));
    let coming = pair.sides.each_ref().map(App::coming_phase);
    assert_eq!(coming, [Phase::Paused; 2]);
    // Before that is obeyed A ends, and B leads: the key takes the pause back.
    let mut ended = seen(0, 7000, Phase::Finished);
    ended.moment.obeyed = 0;
    pair.hear(0, News::Observed(Arc::new(ended)));
    let asked = press(&mut pair, KeyCode::Char(' '));
    assert!(
        asked.contains(&(1, Request::Command(Command::Resume))),
        "{asked:?}"
    );
}

#[test]
fn keys_speak_to_one_and_the_other_follows() {
    let mut pair = live(6600);
    let asked = press(&mut pair, KeyCode::Right);
    let samples: Vec<_> = asked
        .iter()
        .filter_map(|(side, request)| match request {
            Request::Look(Look::Gaze(gaze)) => Some((*side, gaze.sample.index)),
            _ => None,
        })
        .collect();
    assert_eq!(samples, [(0, 111), (1, 111)]);
    let asked = press(&mut pair, KeyCode::Char(' '));
    // Whoever trains both is told once.
    assert_eq!(asked, [(0, Request::Command(Command::Pause))]);
    press(&mut pair, KeyCode::Char('4'));
    let filters = pair.sides.each_ref().map(|app| app.filter);
    assert_eq!(filters[0], filters[1]);
    assert!(filters[0].contains(4) && !filters[0].contains(5));
    // A step back is one of both.
    let asked = press(&mut pair, KeyCode::Char(','));
    assert_eq!(asked.len(), 2);
    assert_eq!(pair.sides[0].when, pair.sides[1].when);
    // What is for one alone says so.
    press(&mut pair, KeyCode::Char('p'));
    let words = drawn(&pair, PLAIN, (120, 36)).concat();
    assert!(words.contains("a or b opens it with all views"), "{words}");
}

/// The gazes that were told to that side.
fn gazes(asked: &[(usize, Request)], side: usize) -> Vec<When> {
    let told = asked.iter().filter_map(|(whose, request)| match request {
        Request::Look(Look::Gaze(gaze)) if *whose == side => Some(gaze.when),
        _ => None,
    });
    told.collect()
}

#[test]
fn the_past_is_played_step_by_step_in_both() {
    let mut pair = live(6600);
    press(&mut pair, KeyCode::Char('['));
    let When::At(step) = pair.sides[0].when else {
        panic!("{:?}", pair.sides[0].when);
    };
    let asked = press(&mut pair, KeyCode::Char(' '));
    assert_eq!(gazes(&asked, 0), [When::PlayFrom(step)]);
    assert_eq!(pair.sides[1].when, When::At(step));
    let played = |side: usize, step: u64, plays: bool| {
        let mut seen = seen(side, step, Phase::Training);
        seen.moment.step = 6600;
        seen.seen.past = Some(step);
        (seen.seen.plays, seen.heard) = (plays, u64::MAX);
        News::Observed(Arc::new(seen))
    };
    let mut shown = Vec::new();
    for step in [step, step + 400, step + 800] {
        let asked = pair.hear(0, played(0, step, true));
        let told = gazes(&asked, 1);
        assert!(told.iter().all(|when| *when == When::At(step)), "{told:?}");
        assert_eq!(pair.sides[1].when, When::At(step));
        pair.hear(1, played(1, step, false));
        shown.push(steps(&pair));
    }
    assert_eq!(shown, [step, step + 400, step + 800].map(|step| [step; 2]));
    let keys = drawn(&pair, PLAIN, (120, 36)).pop().unwrap();
    assert!(keys.contains("space stop"), "{keys}");
    // The film has come to now, and so has the other.
    let mut now = seen(0, 6600, Phase::Training);
    now.heard = u64::MAX;
    let asked = pair.hear(0, News::Observed(Arc::new(now)));
    assert_eq!(gazes(&asked, 1), [When::Now]);
    // Whoever plays leads, though another still trains.
    press(&mut pair, KeyCode::Char('['));
    press(&mut pair, KeyCode::Char(' '));
    let mut ended = seen(0, step, Phase::Finished);
    ended.moment.step = 6700;
    (ended.seen.past, ended.seen.plays) = (Some(step), true);
    pair.hear(0, News::Observed(Arc::new(ended)));
    press(&mut pair, KeyCode::Char(' '));
    assert!(matches!(pair.sides[0].when, When::At(_)));
}

#[test]
fn before_the_first_step_nobody_is_even() {
    let words = drawn(&live(0), PLAIN, (120, 36)).concat();
    assert!(words.contains("Neither has taken a step yet."), "{words}");
    assert!(!words.contains("even"), "{words}");
}

#[test]
fn the_run_that_was_left_for_a_pair_is_led_back_to_and_asked_for_once() {
    let mut pair = live(6600);
    // Nothing was left for this one.
    press(&mut pair, KeyCode::Char('B'));
    assert_eq!(pair.exit, None);
    pair.left = Some(Lineage::default());
    press(&mut pair, KeyCode::Right);
    let keys = drawn(&pair, PLAIN, (120, 36)).pop().unwrap();
    assert!(keys.contains("B back"), "{keys}");
    press(&mut pair, KeyCode::Char('B'));
    assert_eq!(pair.exit.take(), Some(PairExit::Back(1)));
    // With steps of it in no file.
    let left = seen(0, 9375, Phase::Paused);
    for app in &mut pair.sides {
        app.plan.kept = true;
        app.plan.runs.others = vec![RunTold {
            lineage: Lineage::default(),
            recipe: String::new(),
            plan: Recipe::preset(Preset::Article),
            step: 9375,
            phase: Phase::Paused,
            film: left.moment.film,
            curve: Arc::clone(&left.curve),
            row: None,
            tape: Arc::default(),
            unsaved: 9375,
        }];
    }
    press(&mut pair, KeyCode::Char('q'));
    let asked = drawn(&pair, PLAIN, (80, 24)).pop().unwrap();
    assert!(
        asked.contains("Run 1 is in no file; B leads back. q again quits."),
        "{asked}"
    );
    assert_eq!(pair.exit, None);
    // Any other key is an answer, too.
    press(&mut pair, KeyCode::Right);
    press(&mut pair, KeyCode::Char('q'));
    assert_eq!(pair.exit, None);
    press(&mut pair, KeyCode::Char('q'));
    assert_eq!(pair.exit, Some(PairExit::Quit));
}

#[test]
fn one_is_opened_alone_and_led_back_from() {
    let mut pair = live(6600);
    press(&mut pair, KeyCode::Char('b'));
    assert_eq!(pair.exit, Some(PairExit::Only(1)));
    let app = pair.alone(1);
    app.sample.index = 115;
    let asked = pair.together(1);
    assert_eq!(pair.exit, None);
    let told: Vec<usize> = asked.iter().map(|(side, _)| *side).collect();
    assert_eq!(told, [1, 0]);
    assert_eq!(pair.sides[0].sample.index, 115);
    press(&mut pair, KeyCode::Char('q'));
    assert_eq!(pair.exit, Some(PairExit::Quit));
    // Before anything is seen, nothing of it can be.
    let mut empty = self::pair(Known::Recipes, true);
    press(&mut empty, KeyCode::Char('a'));
    assert_eq!(empty.exit, None);
}

#[test]
fn what_comes_of_one_while_the_other_is_alone_is_kept_and_a_failure_is_said() {
    let (tell, events) = crossbeam_channel::unbounded();
    let mut unseen = Unseen::of(&pair(Known::Recipes, true).sides[1]);
    assert!(unseen.hear(1, &events).is_none());
    for step in [6600, 6662] {
        let seen = Arc::new(seen(1, step, Phase::Training));
        tell.send(News::Observed(seen)).unwrap();
    }
    assert!(unseen.hear(1, &events).is_none());
    tell.send(News::Failed(Failure::Died("it fell".into())))
        .unwrap();
    let Some(News::Remark(words)) = unseen.hear(1, &events) else {
        panic!("nobody was told");
    };
    assert!(words.starts_with("B stopped"), "{words}");
    let [News::Observed(last), News::Failed(_)] = &unseen.kept[..] else {
        panic!("{:?}", unseen.kept);
    };
    assert_eq!(last.seen.step, 6662);
}

#[test]
fn an_observer_that_is_gone_without_a_word_has_failed_and_that_is_said_once() {
    let (tell, events) = crossbeam_channel::unbounded();
    drop(tell);
    let mut unseen = Unseen::of(&pair(Known::Recipes, true).sides[1]);
    let Some(News::Remark(words)) = unseen.hear(1, &events) else {
        panic!("nobody was told");
    };
    assert!(words.contains("B stopped: the observer"), "{words}");
    assert!(matches!(
        &unseen.kept[..],
        [News::Failed(Failure::Unwatched)]
    ));
    assert!(unseen.hear(1, &events).is_none(), "it was said");
    // Nor of one of which it was known.
    let mut known = pair(Known::Recipes, true);
    known.hear(1, News::Failed(Failure::Unwatched));
    let mut unseen = Unseen::of(&known.sides[1]);
    assert!(unseen.hear(1, &events).is_none());
}
