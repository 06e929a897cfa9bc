//! The view Inside: kept screens, keys and mouse by messages alone, and no size at which
//! drawing fails. What is answered is made by arithmetic; that the numbers are the lens's is said
//! beside the observer.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;

use ae_tui::{
    image::ImageSize,
    lens::{LayerPlace, Norms, UnitLayer},
    message::{
        Answers, Ask, Finding, Fit, Gallery, InsideAnswer, InsideAsk, LayerSeen, News, Observation,
        Phase, SampleId, Sight, SplitName, Tile, UnitLook, UnitMap, UnitOrder, UnitSeen,
    },
    nn::{Activation, Network},
    recipe::{Preset, Recipe},
    ui::{
        app::{App, Kind, Plan},
        keymap::BINDINGS,
        pointer::{Button, Pointer, Side},
        theme::{Depth, Glyphs},
        update::{Message, update},
    },
};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;

use crate::{
    ASCII, PLAIN, drawn,
    fixture::{app, hear, observation, plan},
    rows,
    snapshots::keep,
    theme,
};

const SMALLEST: (u16, u16) = (60, 20);
const SMALL: (u16, u16) = (80, 24);
const WHOLE: (u16, u16) = (120, 36);

/// A number between 0 and 1 that is the same everywhere.
fn some(number: usize, other: usize) -> f32 {
    ((number * 37 + other * 101 + number * other * 13) % 97) as f32 / 96.0
}

/// A picture of waves that no other unit has.
fn picture(unit: usize, size: ImageSize) -> Vec<f32> {
    let value = |place: usize| {
        let (y, x) = (place / size.width, place % size.width);
        let wave = (x * (unit % 3 + 1) + y * (unit % 5 + 1) + 3 * unit) % 19;
        (wave as f32 - 9.0) / 9.0
    };
    (0..size.pixels()).map(value).collect()
}

fn layer_seen(layer: UnitLayer, last: bool) -> LayerSeen {
    let dead = |unit: usize| layer.rectified && unit % 4 == 3;
    let says = |unit: usize| {
        let says = some(unit, layer.first);
        match layer.map {
            _ if dead(unit) || says < 0.3 => 0.0,
            Some(_) => 0.2 * says,
            None if layer.rectified => 8.0 * says,
            None => 4.0 * says - 2.0,
        }
    };
    let units = if last { 0 } else { layer.units };
    LayerSeen {
        says: (0..units).map(says).collect(),
        dead: (0..units).map(dead).collect(),
        layer,
    }
}

fn tile(sight: Sight, seen: &LayerSeen, unit: usize) -> Tile {
    let size = match (seen.layer.map, sight.look) {
        (Some(_), UnitLook::Filter | UnitLook::Atom) => ImageSize {
            height: 3,
            width: 3,
        },
        _ => ImageSize::MNIST,
    };
    let map = seen.layer.map.map(|handed_on| {
        let size = match seen.layer.place {
            LayerPlace::Encoder(1) => ImageSize::MNIST,
            _ => handed_on,
        };
        let values = picture(unit, size).into_iter().map(f32::abs);
        UnitMap {
            size,
            values: values.collect(),
        }
    });
    Tile {
        unit,
        size,
        picture: picture(unit, size),
        map,
        says: seen.says[unit],
        dead: seen.dead[unit],
    }
}

/// What is answered of a network of this recipe.
pub(crate) fn answer(recipe: &Recipe, seen: &Observation, ask: &InsideAsk) -> InsideAnswer {
    let all = UnitLayer::all(&recipe.architecture());
    let sights = Sight::all(all.iter());
    let last = all.len() - 1;
    let layers: Vec<LayerSeen> = all
        .into_iter()
        .enumerate()
        .map(|(number, layer)| layer_seen(layer, number == last))
        .collect();
    let chosen = ask.sight.min(sights.len() - 1);
    let cursor = |sight: usize| {
        let live = layers[sights[sight].layer]
            .dead
            .iter()
            .position(|dead| !dead);
        let cursor = ask.cursors.get(sight).copied().flatten();
        cursor.unwrap_or(live.unwrap_or(0))
    };
    let gallery = |sight: usize| {
        let seen = &layers[sights[sight].layer];
        let mut order: Vec<usize> = (0..seen.layer.units)
            .filter(|unit| !seen.dead[*unit])
            .collect();
        if ask.order == UnitOrder::Answer {
            order.sort_by(|a, b| seen.says[*b].total_cmp(&seen.says[*a]).then(a.cmp(b)));
        }
        let at = order
            .iter()
            .position(|unit| *unit == cursor(sight))
            .unwrap_or(0);
        let first = at.saturating_sub(48);
        let around = &order[first..order.len().min(at + 48)];
        Gallery {
            sight,
            at,
            first,
            tiles: around
                .iter()
                .map(|unit| tile(sights[sight], seen, *unit))
                .collect(),
            order: order.into(),
        }
    };
    let shown = if ask.alone {
        vec![chosen]
    } else {
        Sight::first_and_last(&sights, &layers).into()
    };
    let of_chosen = &layers[sights[chosen].layer];
    let samples = seen.row.samples.iter().cycle().take(16).enumerate();
    let best = samples.map(|(place, sample)| Fit {
        index: 7450 - 613 * (place % 12) + place,
        label: sample.label,
        says: 9.0 - place as f32 / 2.0,
        pixels: sample.original.clone(),
    });
    let tile = tile(sights[chosen], of_chosen, cursor(chosen));
    let norms = |column: usize| -> Arc<[Norms]> {
        let norms = (0..layers.len()).map(|layer| Norms {
            weight: 1.7 * (1 + layer) as f32 * (3 + column) as f32 / 4.0,
            gradient: 0.02 / (1 + layer) as f32 / (1 + column) as f32,
            weights: 100,
        });
        norms.collect()
    };
    InsideAnswer {
        step: seen.seen.step,
        sample: seen.row.chosen,
        galleries: shown.into_iter().map(gallery).collect(),
        unit: UnitSeen {
            sight: chosen,
            silent: Some(if tile.dead { 10_000 } else { 7_306 }),
            best: best.filter(|_| !tile.dead).collect(),
            tile,
        },
        studied: Some(10_000),
        studied_at: Some(seen.seen.step),
        norms: (0..14)
            .map(|column| (column != 5).then(|| norms(column)))
            .collect(),
        norms_here: Some(norms(13)),
        norms_at: Some(seen.seen.step),
        findings: Vec::new(),
        sights,
        layers,
    }
}

fn plan_of(recipe: Recipe, title: &str) -> Plan {
    Plan {
        title: title.into(),
        kind: Kind::of(&recipe),
        recipe,
        ..plan()
    }
}

fn press(app: &mut App, key: KeyCode) {
    update(app, Message::Key(KeyEvent::new(key, KeyModifiers::NONE)));
}

/// What the view asks now.
fn asked(app: &App) -> InsideAsk {
    match &app.told.ask {
        Ask::Inside(ask) => ask.clone(),
        other => panic!("{other:?}"),
    }
}

/// The observer answers what was asked last, with something changed.
fn answered_with(app: &mut App, change: impl FnOnce(&mut InsideAnswer)) {
    let seen = app.seen.clone().unwrap();
    let mut answer = answer(&app.plan.recipe, &seen, &asked(app));
    change(&mut answer);
    let answers = Answers {
        inside: Some(Arc::new(answer)),
        ..Answers::default()
    };
    let seen = Observation {
        answers,
        ..(*seen).clone()
    };
    hear(app, News::Observed(Arc::new(seen)));
}

fn answered(app: &mut App) {
    answered_with(app, |_| {});
}

/// A network of this recipe, seen inside, before anything is answered.
fn unanswered(recipe: &Recipe, title: &str) -> App {
    let seen = Observation {
        recipe: Arc::new(recipe.clone()),
        ..observation(18_750, Phase::Finished)
    };
    let mut app = app(seen);
    app.plan = plan_of(recipe.clone(), title);
    press(&mut app, KeyCode::Char('g'));
    press(&mut app, KeyCode::Char('i'));
    app
}

fn of(preset: Preset) -> App {
    let mut app = unanswered(&Recipe::preset(preset), preset.name());
    answered(&mut app);
    app
}

/// The same after these keys, each of them answered.
fn after(mut app: App, keys: &str) -> App {
    for key in keys.chars() {
        press(&mut app, KeyCode::Char(key));
        answered(&mut app);
    }
    app
}

/// Dense networks of other codes than the presets have.
fn with_code(values: usize, latent_activation: Activation) -> Recipe {
    Recipe {
        network: Network::Dense {
            encoder: vec![40, values],
            latent_activation,
        },
        ..Recipe::preset(Preset::Article)
    }
}

#[test]
fn the_screens_that_are_kept_look_as_they_did() {
    for size in [SMALLEST, SMALL, WHOLE] {
        keep("inside", &after(of(Preset::Article), "ll"), PLAIN, size);
    }
    for size in [SMALL, WHOLE] {
        keep("inside-deep", &of(Preset::Deep), PLAIN, size);
        keep("inside-conv", &of(Preset::Conv), PLAIN, size);
    }
    let of_middle = after(of(Preset::Deep), "JJvz");
    keep("inside-a-middle-layer", &of_middle, PLAIN, WHOLE);
    keep("inside-ascii", &of(Preset::Vae), ASCII, SMALL);
    keep(
        "inside-waiting",
        &unanswered(&Recipe::preset(Preset::Article), "article"),
        PLAIN,
        WHOLE,
    );
    keep("inside-advice", &advised(), PLAIN, WHOLE);
    keep("inside-exploring", &exploring(), PLAIN, WHOLE);
}

fn advised() -> App {
    let mut app = of(Preset::Article);
    answered_with(&mut app, |answer| {
        answer.findings = vec![Finding::OnlyAverage];
    });
    app
}

fn exploring() -> App {
    let mut app = app(observation(18_750, Phase::Exploring));
    app.plan = Plan {
        trains: false,
        ..plan_of(Recipe::preset(Preset::Article), "article.safetensors")
    };
    press(&mut app, KeyCode::Char('g'));
    press(&mut app, KeyCode::Char('i'));
    answered_with(&mut app, |answer| answer.norms.clear());
    app
}

/// Everything that can be looked at.
fn all() -> Vec<App> {
    let mut all = Vec::new();
    for preset in Preset::ALL {
        let recipe = Recipe::preset(preset);
        all.push(unanswered(&recipe, preset.name()));
        for keys in ["", "v", "J", "JJv", "JJJJJJJJJJJ", "oLLzz", "ljvJvK"] {
            all.push(after(of(preset), keys));
        }
    }
    for values in [1, 2, 3, 32, 128] {
        for activation in Activation::ALL {
            let mut app = unanswered(&with_code(values, activation), "mine");
            answered(&mut app);
            all.push(after(app, "J"));
        }
    }
    for value in [f32::NAN, f32::INFINITY, f32::MAX, -0.0] {
        for preset in [Preset::Article, Preset::Conv] {
            let mut app = of(preset);
            answered_with(&mut app, |answer| unreal(answer, value));
            all.push(app);
        }
    }
    for finding in every_finding() {
        for preset in [Preset::Article, Preset::Deep] {
            let mut app = of(preset);
            answered_with(&mut app, |answer| answer.findings = vec![finding.clone()]);
            all.push(app);
        }
    }
    all.push(exploring());
    let mut of_dead = of(Preset::Article);
    answered_with(&mut of_dead, |answer| {
        for layer in &mut answer.layers {
            layer.dead.fill(true);
        }
        for gallery in &mut answer.galleries {
            gallery.tiles.clear();
            (gallery.order, gallery.at, gallery.first) = (Arc::from([]), 0, 0);
        }
        answer.unit.tile.dead = true;
        answer.unit.best.clear();
        answer.unit.silent = Some(10_000);
    });
    all.push(of_dead);
    all
}

fn unreal(answer: &mut InsideAnswer, value: f32) {
    for layer in &mut answer.layers {
        layer
            .says
            .iter_mut()
            .step_by(2)
            .for_each(|says| *says = value);
    }
    for tile in answer
        .galleries
        .iter_mut()
        .flat_map(|gallery| &mut gallery.tiles)
    {
        tile.says = value;
        tile.picture.fill(value);
        if let Some(map) = &mut tile.map {
            map.values.fill(value);
        }
    }
    answer.unit.tile.says = value;
    let norms = |_| Norms {
        weight: value,
        gradient: value,
        weights: 1,
    };
    let norms: Arc<[Norms]> = (0..answer.layers.len()).map(norms).collect();
    answer.norms = vec![Some(Arc::clone(&norms)); 14];
    answer.norms_here = Some(norms);
}

fn every_finding() -> Vec<Finding> {
    vec![
        Finding::Exploding { layer: 1 },
        Finding::OnlyAverage,
        Finding::Collapsed,
        Finding::Vanishing { layer: 0 },
        Finding::Dead {
            layer: 0,
            units: (0..300).collect(),
            of: 512,
        },
        Finding::InUse {
            used: 12,
            costs: vec![1.25; 16],
        },
    ]
}

#[test]
fn no_size_makes_drawing_fail_and_nothing_is_cut() {
    let apps = all();
    let mut turn = 0;
    for width in (1..=220).step_by(3) {
        for height in (1..=70).step_by(2) {
            for app in apps.iter().skip(turn % 31).step_by(31) {
                drawn(app, PLAIN, (width, height));
            }
            turn += 1;
        }
    }
    for size in [SMALLEST, SMALL, (100, 30), WHOLE, (200, 60)] {
        for app in &apps {
            for depth in [Depth::None, Depth::Sixteen, Depth::Indexed, Depth::True] {
                drawn(app, theme(depth, Glyphs::Blocks), size);
            }
            drawn(app, ASCII, size);
        }
    }
}

/// Columns and rows of everything that is drawn in one style of words.
fn places(screen: &[String], word: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (row, line) in screen.iter().enumerate() {
        let starts = line.match_indices(word);
        found.extend(starts.map(|(byte, _)| (row, line[..byte].chars().count())));
    }
    found
}

#[test]
fn nothing_shifts_when_there_is_an_answer_or_advice() {
    for preset in [Preset::Article, Preset::Deep, Preset::Conv] {
        for size in [SMALLEST, SMALL, WHOLE, (200, 60)] {
            let waiting = rows(&drawn(
                &unanswered(&Recipe::preset(preset), ""),
                PLAIN,
                size,
            ));
            let calm = rows(&drawn(&of(preset), PLAIN, size));
            let mut warned = of(preset);
            answered_with(&mut warned, |answer| answer.findings = every_finding());
            let warned = rows(&drawn(&warned, PLAIN, size));
            for word in ["what 110", " gradient ", "─ weight", "excites it most"] {
                let here = places(&calm, word);
                for other in [&waiting, &warned] {
                    let there = places(other, word);
                    // The words of advice and meaning are no titles.
                    assert_eq!(there.first(), here.first(), "{word} at {size:?}");
                }
            }
            let titles = |screen: &[String]| -> Vec<usize> {
                let titled = |(row, line): (usize, &String)| line.contains("──").then_some(row);
                screen.iter().enumerate().filter_map(titled).collect()
            };
            assert_eq!(
                titles(&calm),
                titles(&warned),
                "{} at {size:?}",
                preset.name()
            );
        }
    }
}

#[test]
fn each_number_stands_on_the_screen() {
    let app = of(Preset::Article);
    let seen = app.seen.clone().unwrap();
    let answer = seen.answers.inside.clone().unwrap();
    let screen = rows(&drawn(&app, PLAIN, WHOLE)).join("\n");
    let unit = &answer.unit;
    for words in [
        format!("unit {} looks for", unit.tile.unit),
        format!("{:.2}", unit.tile.says),
        "73% of images".into(),
        unit.best[0].index.to_string(),
        unit.best[3].index.to_string(),
        format!("{} dead", answer.layers[0].dead_count()),
        format!("{:.2}", answer.layers[1].says[0]),
        "of 10,000".into(),
    ] {
        assert!(screen.contains(&words), "{words}\n{screen}");
    }
    for gallery in &answer.galleries {
        for tile in gallery.tiles.iter().take(16) {
            if tile.says >= 0.05 {
                assert!(screen.contains(&format!("{:.1}", tile.says)));
            }
        }
    }
    let here = answer.norms_here.clone().unwrap();
    for norms in here.iter() {
        let weight = if norms.weight < 9.95 {
            format!("{:.1}", norms.weight)
        } else {
            format!("{:.0}", norms.weight)
        };
        let gradient = format!("{:.3}", norms.gradient).replacen("0.", ".", 1);
        if norms.gradient >= 0.0005 {
            assert!(screen.contains(&gradient), "{gradient}");
        }
        assert!(screen.contains(&weight), "{weight}");
    }
}

#[test]
fn advice_fits_where_it_stands() {
    for finding in every_finding() {
        for preset in [Preset::Article, Preset::Deep] {
            for size in [SMALLEST, SMALL, WHOLE] {
                let mut app = of(preset);
                answered_with(&mut app, |answer| answer.findings = vec![finding.clone()]);
                let calm = rows(&drawn(&of(preset), PLAIN, size));
                let screen = rows(&drawn(&app, PLAIN, size));
                assert_ne!(screen, calm, "{finding:?} at {size:?} of {}", preset.name());
            }
        }
    }
}

#[test]
fn keys_go_from_unit_to_unit_and_from_layer_to_layer() {
    let mut app = of(Preset::Article);
    let cursor = |app: &App| {
        let ask = asked(app);
        ask.cursors.get(ask.sight).copied().flatten()
    };
    assert_eq!(cursor(&app), None, "the first there is");
    // Units 0, 1, 2, 4, 5 live: every fourth is dead.
    app = after(app, "lll");
    assert_eq!(cursor(&app), Some(4));
    app = after(app, "h");
    assert_eq!(cursor(&app), Some(2));
    app = after(app, "j");
    assert_eq!(cursor(&app), Some(13));
    app = after(app, "kkk");
    assert_eq!(cursor(&app), Some(0));
    app = after(app, "LLLL");
    assert_eq!(cursor(&app), Some(30), "the last that lives");
    // The code, then the decoder, and no further.
    app = after(app, "JJJJ");
    assert_eq!((asked(&app).sight, cursor(&app)), (2, None));
    app = after(app, "K");
    assert_eq!(asked(&app).sight, 1);
    app = after(app, "KKKK");
    assert_eq!(
        (asked(&app).sight, cursor(&app)),
        (0, Some(30)),
        "it was there"
    );
    app = after(app, "vo");
    let ask = asked(&app);
    assert!(ask.alone && ask.order == UnitOrder::Answer && ask.ordered == 1);
}

/// Headings do not stand over nothing, and what is said in place of pictures is whole.
#[test]
fn what_is_not_measured_yet_says_so() {
    let mut app = of(Preset::Deep);
    answered_with(&mut app, |answer| {
        (answer.norms, answer.norms_here) = (vec![None; 14], None);
        (answer.studied, answer.unit.silent) = (None, None);
        answer.unit.best.clear();
    });
    let whole = rows(&drawn(&app, PLAIN, WHOLE)).join("\n");
    for words in [
        "being measured",
        "being counted",
        "all images are being asked",
    ] {
        assert!(whole.contains(words), "{words}\n{whole}");
    }
    for (size, left) in [(SMALLEST, 15), (SMALL, 21)] {
        let screen = rows(&drawn(&app, PLAIN, size));
        let column: Vec<String> = screen
            .iter()
            .map(|row| row.chars().take(left).collect::<String>().trim().to_owned())
            .collect();
        let said = column.join(" ");
        assert!(said.contains("all images are being asked"), "{said}");
        let silent = column.iter().find(|row| row.starts_with("silent for"));
        assert!(silent.is_none_or(|row| row.ends_with('-')), "{said}");
    }
    // Norms of this moment alone stand in its column, which at the end is the last.
    answered_with(&mut app, |answer| answer.norms = vec![None; 14]);
    let screen = rows(&drawn(&app, PLAIN, WHOLE));
    let chart = |row: &str| row.chars().skip(31 + 51).take(14).collect::<String>();
    let encoder = screen.iter().find(|row| row.contains("enc 1"));
    let bars = chart(encoder.unwrap());
    assert!(
        bars.starts_with("         ") && !bars.ends_with(' '),
        "{bars:?}"
    );
}

/// Down is the tile below, and a page as many as are seen, whatever the screen.
#[test]
fn a_row_and_a_page_are_those_of_the_screen() {
    let cursor = |app: &App| asked(app).cursors.first().copied().flatten();
    // Every fourth unit is dead: the fifth place is unit 6, the eighth 10, the eleventh 14.
    for (size, below, page) in [(SMALL, 6, 6), (WHOLE, 10, 21), ((200, 60), 14, 30)] {
        let mut app = of(Preset::Article);
        update(&mut app, Message::Screen(size));
        assert_eq!(cursor(&after(app, "j")), Some(below), "{size:?}");
        let mut app = of(Preset::Article);
        update(&mut app, Message::Screen(size));
        press(&mut app, KeyCode::PageDown);
        assert_eq!(cursor(&app), Some(page), "{size:?}");
    }
}

/// Every key that the line of hints offers of weights alone changes what is looked at, or asks
/// for something.
#[test]
fn of_weights_alone_every_key_that_is_offered_acts() {
    // In the middle of the units and of the images that suit them, from where all ways are open.
    let explored = || after(exploring(), "lz");
    let scene = explored().scene();
    let offered = BINDINGS
        .iter()
        .filter(|binding| binding.serves(scene) && binding.weight_in(scene.view, false) > 0);
    for binding in offered {
        let acts = binding.key_events().any(|key| {
            let (mut app, before) = (explored(), explored());
            let asked = update(&mut app, Message::Key(key));
            let looked_at = |app: &App| format!("{:?} {:?}", app.places.inside, app.sample);
            let (now, then) = (looked_at(&app), looked_at(&before));
            !asked.is_empty() || now != then || app.overlay != before.overlay || app.exit.is_some()
        });
        assert!(acts, "{} {}", binding.keys, binding.words);
    }
}

/// Nothing here is of one digit: a key that chooses some says what it does elsewhere.
#[test]
fn a_digit_that_is_chosen_for_other_views_is_told() {
    let mut app = of(Preset::Article);
    let offers = |app: &App| rows(&drawn(app, PLAIN, WHOLE)).pop().unwrap();
    assert!(!offers(&app).contains("one digit"), "{}", offers(&app));
    press(&mut app, KeyCode::Char('3'));
    press(&mut app, KeyCode::Char('5'));
    assert!(offers(&app).contains("In the other views: only digit 3, 5."));
    press(&mut app, KeyCode::Char('3'));
    press(&mut app, KeyCode::Char('5'));
    assert!(offers(&app).contains("In the other views: all digits."));
}

#[test]
fn another_view_leaves_the_place_as_it_is() {
    let mut app = after(of(Preset::Article), "llv");
    let before = asked(&app);
    press(&mut app, KeyCode::Tab);
    press(&mut app, KeyCode::BackTab);
    assert_eq!(asked(&app), before);
}

#[test]
fn enter_takes_the_image_that_stands_out() {
    let mut app = after(of(Preset::Article), "zz");
    let seen = app.seen.clone().unwrap();
    // As many images as the data has are a choice; these are of a smaller one.
    let best = seen.answers.inside.clone().unwrap().unit.best[2].index;
    press(&mut app, KeyCode::Enter);
    let split = SplitName::Test;
    assert_eq!(app.sample, SampleId { split, index: best });
    let mut app = of(Preset::Article);
    press(&mut app, KeyCode::Char('Z'));
    press(&mut app, KeyCode::Enter);
    assert_eq!(app.sample.index, 7450);
}

fn click(app: &mut App, (column, row): (u16, u16)) {
    let pointer = Pointer {
        button: Button::Pressed,
        side: Side::Left,
        column,
        row,
    };
    update(app, Message::Mouse(pointer, WHOLE));
    answered(app);
}

#[test]
fn a_click_chooses_a_unit_a_layer_or_an_image() {
    let mut app = of(Preset::Article);
    // The second tile of the second row of the first gallery: the tenth that lives.
    click(&mut app, (43, 19));
    assert_eq!(asked(&app).cursors[0], Some(12));
    // The first of the other gallery.
    click(&mut app, (35, 25));
    assert_eq!((asked(&app).sight, asked(&app).cursors[2]), (2, Some(0)));
    // The code, in the table.
    click(&mut app, (32, 4));
    assert_eq!(asked(&app).sight, 1);
    // The fourth of the images that suit it.
    click(&mut app, (25, 28));
    assert_eq!(app.sample.index, 7450 - 613 * 3 + 3);
    let before = asked(&app);
    // Nothing lies there, or nothing of the view.
    for place in [(29, 10), (119, 20), (0, 35)] {
        click(&mut app, place);
        assert_eq!(asked(&app), before, "{place:?}");
    }
}

#[test]
fn a_click_anywhere_at_any_size_is_calm() {
    for preset in [Preset::Article, Preset::Conv, Preset::Deep] {
        let mut app = of(preset);
        for size in [SMALLEST, SMALL, WHOLE] {
            for place in (0..size.0)
                .step_by(3)
                .flat_map(|x| (1..size.1).map(move |y| (x, y)))
            {
                for button in [Button::Pressed, Button::WheelDown, Button::WheelUp] {
                    let pointer = Pointer {
                        button,
                        side: Side::Left,
                        column: place.0,
                        row: place.1,
                    };
                    update(&mut app, Message::Mouse(pointer, size));
                }
            }
        }
    }
}

/// A chosen tile can be told without colours too.
#[test]
fn the_chosen_unit_is_marked_at_every_size_and_depth() {
    for size in [SMALLEST, SMALL, WHOLE] {
        let app = after(of(Preset::Article), "l");
        let plain = rows(&drawn(&app, PLAIN, size)).join("\n");
        assert!(plain.contains("[1]"), "{plain}");
        let colours = theme(Depth::True, Glyphs::Blocks);
        let chips = |buf: &Buffer| {
            let tab = |cell: &&ratatui::buffer::Cell| cell.bg == colours.accent().fg.unwrap();
            buf.content().iter().filter(tab).count()
        };
        let inside = chips(&drawn(&app, colours, size));
        // The tab has a chip, and the number.
        assert!(inside > " Inside ".len(), "{inside}");
    }
}

#[test]
fn what_was_measured_at_an_earlier_step_says_at_which() {
    let mut app = of(Preset::Article);
    let says = |app: &App| rows(&drawn(app, PLAIN, (120, 36))).join("\n");
    assert!(!says(&app).contains("at step"));
    answered_with(&mut app, |answer| answer.norms_at = Some(5000));
    let screen = says(&app);
    assert!(screen.contains("at step 5,000: gradient"), "{screen}");
    answered_with(&mut app, |answer| answer.studied_at = Some(4000));
    let screen = says(&app);
    assert!(screen.contains("at step 4,000 "), "{screen}");
}
