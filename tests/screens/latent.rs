//! Latent: what its keys and the mouse ask for, what it looks like, and that its numbers are the
//! lens's.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod values;
mod walked;

use std::sync::Arc;

use ae_tui::{
    image::ImageSize,
    measure::Verdict,
    message::{
        Ask, Base, Dot, Gap, Here, LatentAnswer, LatentAsk, Look, Map, Near, News, Phase, Plane,
        SampleId, Scale, SplitName, Spot,
    },
    nn::{CodeShape, Network},
    recipe::{Preset, Recipe},
    ui::{
        app::App,
        pointer::{Button, Pointer, Side},
        theme::{Depth, Glyphs},
        update::{Message, Request, update},
    },
};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::{
    ASCII, PLAIN, SIZES, drawn,
    fixture::hear,
    rows,
    snapshots::keep,
    states::{changed, exploring, failed, gone_back, standing},
    theme,
};

const WHOLE: (u16, u16) = (120, 36);

/// What the view asks for last among these requests.
fn asked(requests: &[Request]) -> Option<LatentAsk> {
    requests.iter().rev().find_map(|request| match request {
        Request::Look(Look::Gaze(gaze)) => match &gaze.ask {
            Ask::Latent(ask) => Some(ask.clone()),
            _ => None,
        },
        _ => None,
    })
}

fn tap(app: &mut App, code: KeyCode) -> Option<LatentAsk> {
    let key = KeyEvent::new(code, KeyModifiers::NONE);
    asked(&update(app, Message::Key(key)))
}

fn types(app: &mut App, keys: &str) -> Option<LatentAsk> {
    let asked = keys.chars().map(|key| tap(app, KeyCode::Char(key)));
    asked.last().flatten()
}

/// That run in the view, on a screen of this size, with what it asked for answered.
fn latent(mut app: App, size: (u16, u16)) -> App {
    update(&mut app, Message::Screen(size));
    let ask = types(&mut app, "gl").unwrap_or_default();
    answer(&mut app, &ask);
    app
}

/// Types, and has the last of it answered.
fn after(mut app: App, keys: &str) -> App {
    if let Some(ask) = types(&mut app, keys) {
        answer(&mut app, &ask);
    }
    app
}

/// A stroke whose place depends on the code.
fn picture(code: &[f32]) -> Vec<f32> {
    let slant = code.first().copied().unwrap_or(0.0).clamp(-30.0, 30.0) / 4.0;
    let pixel = |place: usize| {
        let (x, y) = ((place % 28) as f32, (place / 28) as f32);
        let middle = 14.0 + slant * (14.0 - y) / 14.0;
        let thick = (1.0 - ((x - middle) / 2.5).abs()).max(0.0);
        if (5.0..23.0).contains(&y) { thick } else { 0.0 }
    };
    (0..784).map(pixel).collect()
}

/// A code of the shape that the screen shows, near a place of the map.
fn code_at(app: &App, at: [f32; 2]) -> Vec<f32> {
    let count = match app.plan.kind.code {
        CodeShape::Values(count) => count,
        CodeShape::Maps { count, size } => count.saturating_mul(size.pixels()).min(4096),
    };
    let value = |place: usize| match place {
        0 | 1 => at[place],
        more if more % 5 == 3 => 0.0,
        more => ((more * 7) % 11) as f32,
    };
    (0..count).map(value).collect()
}

/// Answers as a lens might, by arithmetic: data lives up to 25 on the first axis.
fn answer(app: &mut App, ask: &LatentAsk) {
    let seen = Arc::clone(app.seen.as_ref().unwrap());
    let chosen = match ask.values {
        Some(values) => on_values(&seen.map, values).chosen,
        None => seen.map.chosen,
    };
    let place = |spot: &Spot| spot.at.unwrap_or(chosen);
    let here = |at: [f32; 2], code: Vec<f32>| Here {
        at,
        picture: picture(&code),
        gap: Some(gap(at)),
        code,
    };
    let of = |spot: &Spot| match &spot.base {
        Base::Code(code) if spot.at.is_none() => here(chosen, code.to_vec()),
        _ => here(place(spot), code_at(app, place(spot))),
    };
    let ends = [place(&ask.ends[0]), place(&ask.ends[1])];
    let between = |part: f32| {
        [0, 1].map(|axis: usize| ends[0][axis] + part * (ends[1][axis] - ends[0][axis]))
    };
    let cursor = match ask.along {
        Some(part) => here(between(part), code_at(app, between(part))),
        None => of(&ask.cursor),
    };
    let shown = |label: u8| {
        ask.labels
            .as_ref()
            .is_none_or(|labels| labels.contains(&label))
    };
    let path = (0..ask.frames).map(|frame| {
        let at = between(frame as f32 / (ask.frames - 1).max(1) as f32);
        here(at, code_at(app, at))
    });
    let count = cursor.code.len();
    let told = LatentAnswer {
        step: seen.seen.step,
        real_at: Some(seen.seen.step),
        plane: ask
            .values
            .map(|values| Arc::new(on_values(&seen.map, values))),
        nearest: shown(1).then(|| Near {
            index: 749,
            label: 1,
            at: cursor.at.map(|value| value - 1.5),
            picture: picture(&[3.0]),
            distance: gap(cursor.at).distance,
        }),
        usual: Some(0.08),
        path: path.collect(),
        line: (0..96)
            .map(|place| between(place as f32 / 95.0))
            .map(|at| Dot {
                at,
                verdict: gap(at).judged.map(|(_, verdict)| verdict),
            })
            .collect(),
        grid: ask
            .grid
            .iter()
            .map(|&at| (picture(&at), gap(at).judged.map(|(_, verdict)| verdict)))
            .collect(),
        chosen: code_at(app, chosen),
        scales: (0..count)
            .map(|value| Scale {
                low: 0.0,
                high: 12.0,
                most: [1.0, 6.0],
                dead: value % 5 == 3,
            })
            .collect(),
        share: match (ask.values, seen.map.plane) {
            (Some(_), _) => Some(0.07),
            (None, Plane::Principal(_)) => Some(0.42),
            _ => None,
        },
        cursor,
    };
    let mut seen = (*seen).clone();
    seen.answers.latent = Some(Arc::new(told));
    hear(app, News::Observed(Arc::new(seen)));
}

/// The same images on two values, as if those were the map's axes from zero on.
fn on_values(map: &Map, values: [usize; 2]) -> Map {
    let from_zero = |[x, y]: [f32; 2]| [(x + 15.0).max(0.0), (y + 15.0).max(0.0)];
    Map {
        plane: Plane::Pair(values),
        points: map.points.iter().copied().map(from_zero).collect(),
        chosen: from_zero(map.chosen),
        range: [[0.0, 45.0], [0.0, 45.0]],
        units: [8.0, 6.0],
        ..map.clone()
    }
}

fn gap([x, _]: [f32; 2]) -> Gap {
    let (narrower, verdict) = match x {
        ..20.0 => (0.96, Verdict::Among),
        ..25.0 => (0.995, Verdict::Edge),
        _ => (1.0, Verdict::Void),
    };
    Gap {
        distance: (x / 20.0).abs(),
        judged: Some((narrower, verdict)),
    }
}

fn training() -> App {
    changed(|seen| Arc::make_mut(&mut seen.map).units = [8.0, 6.0])
}

/// As many images as can be drawn a thousand times.
const IMAGES: usize = 300;

/// The plane as pictures, on a screen of this size.
pub(crate) fn manifold(size: (u16, u16)) -> App {
    after(latent(training(), size), "v")
}

/// The run with codes of this shape, and few images.
fn with_few_images(shape: CodeShape) -> App {
    let mut app = with_codes(shape);
    if let Some(seen) = &mut app.seen {
        let map = Arc::make_mut(&mut Arc::make_mut(seen).map);
        map.points.truncate(IMAGES);
    }
    app
}

/// The run with codes of this shape.
fn with_codes(shape: CodeShape) -> App {
    let count = match shape {
        CodeShape::Values(count) => count,
        CodeShape::Maps { count, size } => count * size.pixels(),
    };
    let mut recipe = Recipe::preset(match shape {
        CodeShape::Values(_) => Preset::Article,
        CodeShape::Maps { .. } => Preset::Conv,
    });
    if let Network::Dense { encoder, .. } = &mut recipe.network {
        *encoder = vec![32, count];
    }
    // What the trainer tells is what the run is.
    changed(|seen| {
        seen.recipe = Arc::new(recipe);
        let map = Arc::make_mut(&mut seen.map);
        match count {
            1 => map.plane = Plane::Line,
            2 => {}
            more => map.plane = Plane::Principal(more),
        }
        if count == 1 {
            map.range[1] = [0.0, 9.0];
        }
        if count > 2 {
            for point in map.points.iter_mut().chain([&mut map.chosen]) {
                *point = point.map(|value| value - 15.0);
            }
            map.range = [[-20.0, 30.0], [-20.0, 30.0]];
            map.units = [10.0, 8.0];
        }
    })
}

const MAPS: CodeShape = CodeShape::Maps {
    count: 8,
    size: ImageSize {
        height: 4,
        width: 4,
    },
};

/// All shapes of codes that presets have, and others.
const SHAPES: [CodeShape; 6] = [
    CodeShape::Values(1),
    CodeShape::Values(2),
    CodeShape::Values(3),
    CodeShape::Values(32),
    CodeShape::Values(128),
    MAPS,
];

#[test]
fn the_views_screens_that_are_kept_look_as_they_did() {
    for size in [(60, 20), (80, 24), WHOLE] {
        keep(
            "latent",
            &after(latent(training(), size), "LL"),
            PLAIN,
            size,
        );
    }
    keep(
        "latent-void",
        &after(latent(training(), WHOLE), "LLLLLLK"),
        PLAIN,
        WHOLE,
    );
    keep(
        "latent-manifold",
        &after(latent(training(), WHOLE), "v"),
        PLAIN,
        WHOLE,
    );
    keep(
        "latent-manifold-large",
        &after(latent(training(), (80, 24)), "vz"),
        PLAIN,
        (80, 24),
    );
    keep(
        "latent-code-of-1",
        &latent(with_codes(SHAPES[0]), WHOLE),
        PLAIN,
        WHOLE,
    );
    keep(
        "latent-code-of-32",
        &after(latent(with_codes(SHAPES[3]), WHOLE), "ijj"),
        PLAIN,
        WHOLE,
    );
    keep(
        "latent-code-of-32",
        &after(latent(with_codes(SHAPES[3]), (80, 24)), "i"),
        PLAIN,
        (80, 24),
    );
    keep(
        "latent-two-values-of-32",
        &after(after(latent(with_codes(SHAPES[3]), WHOLE), "o"), "LLK"),
        PLAIN,
        WHOLE,
    );
    keep(
        "latent-two-values-of-32",
        &after(after(latent(with_codes(SHAPES[3]), (60, 20)), "o"), "LLK"),
        ASCII,
        (60, 20),
    );
    keep(
        "latent-two-values-of-maps",
        &after(latent(with_codes(MAPS), WHOLE), "ijjjjue"),
        PLAIN,
        WHOLE,
    );
    keep(
        "latent-code-of-maps",
        &latent(with_codes(MAPS), WHOLE),
        PLAIN,
        WHOLE,
    );
    keep(
        "latent-no-such-digit",
        &after(latent(training(), WHOLE), "4"),
        PLAIN,
        WHOLE,
    );
    keep(
        "latent-pinned",
        &after(after(latent(training(), WHOLE), "LLb"), "JJ"),
        ASCII,
        WHOLE,
    );
    keep(
        "latent-past",
        &latent(gone_back(Phase::Training, standing(4312)), (80, 24)),
        PLAIN,
        (80, 24),
    );
    keep(
        "latent-exploring",
        &latent(exploring(), (60, 20)),
        PLAIN,
        (60, 20),
    );
}

/// Every state that the view can be in, in every shape of code.
fn states(size: (u16, u16)) -> Vec<App> {
    let mut apps = Vec::new();
    for shape in SHAPES {
        for keys in ["", "LLK", "zzL", "vz", "v4", "i", "bHHa", "w", "ozL", "ov4"] {
            // What a map shows all of has no other plane.
            if keys.starts_with('o') && matches!(shape, CodeShape::Values(..=2)) {
                continue;
            }
            apps.push(after(latent(with_few_images(shape), size), keys));
        }
        // Nothing is answered yet.
        let mut app = with_few_images(shape);
        update(&mut app, Message::Screen(size));
        types(&mut app, "gl");
        apps.push(app);
    }
    apps.push(latent(failed(crate::fixture::diverged()), size));
    apps
}

#[test]
fn the_view_is_drawn_at_any_size_in_any_state() {
    let all = SIZES.map(states);
    let sizes = (1..=220)
        .step_by(13)
        .flat_map(|width| (1..=70).step_by(9).map(move |height| (width, height)));
    for (turn, size) in sizes.chain(SIZES).enumerate() {
        // The answers may be of another size.
        for app in all[turn % SIZES.len()].iter().skip(turn % 13).step_by(13) {
            drawn(app, PLAIN, size);
            drawn(app, theme(Depth::True, Glyphs::Blocks), size);
        }
    }
}

#[test]
fn the_view_is_drawn_in_every_depth_and_its_panes_stand_still() {
    for size in SIZES {
        for app in states(size) {
            for depth in [Depth::None, Depth::Sixteen, Depth::Indexed, Depth::True] {
                for glyphs in [Glyphs::Blocks, Glyphs::Ascii] {
                    drawn(&app, theme(depth, glyphs), size);
                }
            }
        }
        // From before the first answer to the last, titles do not move.
        let mut waiting = training();
        update(&mut waiting, Message::Screen(size));
        types(&mut waiting, "gl");
        let [before, later] =
            [waiting, latent(training(), size)].map(|app| rows(&drawn(&app, PLAIN, size)));
        for word in ["decoded", "nearest", "latent space", "path: "] {
            let at = |screen: &[String]| {
                let found = screen.iter().enumerate();
                found
                    .map(|(row, line)| (row, line.find(word).map(|at| line[..at].chars().count())))
                    .find(|(_, at)| at.is_some())
            };
            assert_eq!(at(&before), at(&later), "{word} at {size:?}");
        }
    }
}

#[test]
fn numbers_that_are_none_are_drawn_calmly() {
    for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, -0.0] {
        for keys in ["", "v", "zz", "LLw"] {
            let mut app = after(latent(training(), WHOLE), keys);
            let mut seen = (**app.seen.as_ref().unwrap()).clone();
            let mut told = (**seen.answers.latent.as_ref().unwrap()).clone();
            told.cursor.at = [value; 2];
            told.cursor.code = vec![value; 2];
            told.cursor.picture = vec![value; 784];
            told.cursor.gap = Some(Gap {
                distance: value,
                judged: None,
            });
            let line = told.line.iter();
            told.line = line
                .map(|dot| Dot {
                    at: [value; 2],
                    ..*dot
                })
                .collect();
            told.usual = Some(value);
            told.share = Some(value);
            seen.answers.latent = Some(Arc::new(told));
            let map = Arc::make_mut(&mut seen.map);
            (map.range, map.units, map.chosen) =
                ([[-value, value], [value, 0.0]], [value; 2], [value; 2]);
            hear(&mut app, News::Observed(Arc::new(seen)));
            for size in SIZES {
                drawn(&app, theme(Depth::True, Glyphs::Blocks), size);
            }
            types(&mut app, "hjklHJKLzZvabcw");
            drawn(&app, PLAIN, WHOLE);
        }
    }
}

/// What is asked now.
fn asks(app: &App) -> LatentAsk {
    match &app.told.ask {
        Ask::Latent(ask) => ask.clone(),
        other => panic!("the view asks {other:?}"),
    }
}

/// Where the cursor was put.
fn at(ask: Option<LatentAsk>) -> [f32; 2] {
    ask.unwrap().cursor.at.unwrap()
}

#[test]
fn keys_move_the_cursor_by_a_cell_and_by_five_and_not_off_the_map() {
    let mut app = latent(training(), WHOLE);
    let start = at(types(&mut app, "h"));
    let right = at(types(&mut app, "l"));
    assert!(right[0] > start[0] && right[1].to_bits() == start[1].to_bits());
    let five = at(types(&mut app, "L"));
    let back = at(types(&mut app, "hhhhh"));
    assert!(five[0] > right[0]);
    assert!((back[0] - right[0]).abs() < 1e-3, "{back:?} {right:?}");
    let up = at(types(&mut app, "k"));
    assert!(up[1] > back[1]);
    types(&mut app, "LLLLLLLLLLLLLLLLLLLLLKKKKKKKKKK");
    let corner = at(Some(asks(&app)));
    let range = app.seen.as_ref().unwrap().map.range;
    assert!(
        (0..2).all(|axis| corner[axis] <= range[axis][1] && corner[axis] > 0.9 * range[axis][1])
    );
    // A larger range moves the map, not the code.
    let mut seen = (**app.seen.as_ref().unwrap()).clone();
    Arc::make_mut(&mut seen.map).range = [[0.0, 80.0]; 2];
    hear(&mut app, News::Observed(Arc::new(seen)));
    assert_eq!(types(&mut app, "z"), None, "what is asked is the same");
}

#[test]
fn enter_takes_the_nearest_image_and_c_goes_back_to_the_chosen_one() {
    let mut app = latent(training(), WHOLE);
    types(&mut app, "L");
    tap(&mut app, KeyCode::Enter);
    let taken = SampleId {
        split: SplitName::Test,
        index: 749,
    };
    assert_eq!(app.sample, taken);
    assert_eq!(types(&mut app, "c").unwrap().cursor, Spot::default());
    // Where no image of the chosen digits is, there is none to take.
    let mut app = after(latent(training(), WHOLE), "4");
    tap(&mut app, KeyCode::Enter);
    assert_ne!(app.sample, taken);
    assert!(app.status.is_some());
}

#[test]
fn ends_are_pinned_where_the_cursor_is_and_esc_takes_them_off() {
    let mut app = latent(training(), WHOLE);
    let first = types(&mut app, "L").unwrap();
    answer(&mut app, &first);
    assert_eq!(first.ends, [Spot::default(), first.cursor.clone()]);
    let pinned = types(&mut app, "a").unwrap();
    assert_eq!(pinned.ends[0], first.cursor);
    let moved = types(&mut app, "K").unwrap();
    assert_eq!(moved.ends, [first.cursor.clone(), moved.cursor.clone()]);
    let free = tap(&mut app, KeyCode::Esc).unwrap();
    assert_eq!(free.ends, [Spot::default(), moved.cursor]);
}

#[test]
fn a_walk_goes_along_the_path_and_back_and_stops_where_it_is_told() {
    let mut app = after(latent(training(), WHOLE), "L");
    assert_eq!(types(&mut app, "w").unwrap().along, Some(0.0));
    let beat = |app: &mut App| asked(&update(app, Message::Beat)).and_then(|ask| ask.along);
    let way: Vec<f32> = (0..150).filter_map(|_| beat(&mut app)).collect();
    assert!(way[..74].windows(2).all(|two| two[0] < two[1]));
    assert!(way[75..].windows(2).all(|two| two[0] > two[1]));
    assert!(way.contains(&1.0) && way.last() == Some(&0.0));
    assert_eq!(tap(&mut app, KeyCode::Esc).unwrap().along, None);
    assert_eq!(beat(&mut app), None);
    // In another view nothing walks.
    types(&mut app, "wgt");
    assert_eq!(update(&mut app, Message::Beat), []);
}

#[test]
fn the_plane_asks_for_as_many_pictures_as_it_shows() {
    for (size, keys, count) in [
        (WHOLE, "v", 12 * 8),
        (WHOLE, "vz", 6 * 4),
        ((80, 24), "v", 7 * 5),
        ((60, 20), "v", 5 * 4),
    ] {
        let mut app = latent(training(), size);
        let ask = types(&mut app, keys).unwrap();
        assert_eq!((ask.grid.len(), ask.frames), (count, 0), "{size:?} {keys}");
        // Even steps on the map's axes, row by row from the top.
        let [first, second] = [ask.grid[0], ask.grid[1]];
        assert!(first[0] < second[0] && first[1].to_bits() == second[1].to_bits());
        assert!(ask.grid[count - 1][1] < first[1]);
        let next = at(types(&mut app, "l"));
        assert!(
            ask.grid
                .iter()
                .any(|place| place[0].to_bits() == next[0].to_bits())
        );
        assert!(types(&mut app, "v").unwrap().grid.is_empty());
    }
}

#[test]
fn sliders_take_the_cursors_keys_and_change_one_value() {
    let mut app = latent(with_codes(CodeShape::Values(32)), WHOLE);
    let before = app
        .seen
        .as_ref()
        .unwrap()
        .answers
        .latent
        .as_ref()
        .unwrap()
        .cursor
        .code
        .clone();
    types(&mut app, "ij");
    let ask = types(&mut app, "l").unwrap();
    let Base::Code(code) = &ask.cursor.base else {
        panic!("the code was changed")
    };
    let changed: Vec<usize> = (0..32)
        .filter(|&value| code[value] != before[value])
        .collect();
    assert_eq!(changed, [1]);
    // By a fortieth of its reach.
    assert!(
        (code[1] - (before[1] + 12.0 / 40.0)).abs() < 1e-5,
        "{} {}",
        code[1],
        before[1]
    );
    answer(&mut app, &ask);
    types(&mut app, "HH");
    let ask = asks(&app);
    let Base::Code(code) = &ask.cursor.base else {
        panic!("the code was changed")
    };
    assert!(code[1].abs() < 9.0);
    // Esc gives the keys back.
    tap(&mut app, KeyCode::Esc);
    assert!(types(&mut app, "h").unwrap().cursor.at.is_some());
    // A code that the map shows has none.
    let mut app = latent(training(), WHOLE);
    types(&mut app, "i");
    assert!(app.status.is_some());
}

fn point(
    app: &mut App,
    button: Button,
    (column, row): (u16, u16),
    size: (u16, u16),
) -> Option<LatentAsk> {
    let pointer = Pointer {
        button,
        side: Side::Left,
        column,
        row,
    };
    asked(&update(app, Message::Mouse(pointer, size)))
}

#[test]
fn the_mouse_puts_the_cursor_zooms_and_pans() {
    let mut app = latent(training(), WHOLE);
    let low = at(point(&mut app, Button::Pressed, (40, 20), WHOLE));
    let high = at(point(&mut app, Button::Dragged, (100, 5), WHOLE));
    assert!(high[0] > low[0] && high[1] > low[1]);
    // A drag that leaves stays on the map.
    let corner = at(point(&mut app, Button::Dragged, (119, 35), WHOLE));
    assert!(corner[0] > high[0] && corner[1] < low[1]);
    point(&mut app, Button::Released, (119, 35), WHOLE);
    assert_eq!(point(&mut app, Button::Dragged, (60, 10), WHOLE), None);
    // What is under the wheel stays there.
    let mut app = latent(training(), WHOLE);
    let before = at(point(&mut app, Button::Pressed, (70, 10), WHOLE));
    point(&mut app, Button::Released, (70, 10), WHOLE);
    for _ in 0..3 {
        point(&mut app, Button::WheelUp, (70, 10), WHOLE);
    }
    let zoomed = at(point(&mut app, Button::Pressed, (71, 10), WHOLE));
    assert!(
        zoomed[0] > before[0] && zoomed[0] - before[0] < 0.5,
        "{before:?} {zoomed:?}"
    );
    // Drawn to the right, the map shows more of its left.
    point(&mut app, Button::Dragged, (91, 10), WHOLE);
    point(&mut app, Button::Released, (91, 10), WHOLE);
    let held = at(
        point(&mut app, Button::Pressed, (91, 10), WHOLE).or(Some(LatentAsk {
            cursor: Spot {
                base: Base::Chosen,
                at: Some(zoomed),
            },
            ..LatentAsk::default()
        })),
    );
    assert!((held[0] - zoomed[0]).abs() < 0.2, "{held:?} {zoomed:?}");
    tap(&mut app, KeyCode::Esc);
    assert!(at(point(&mut app, Button::Pressed, (70, 10), WHOLE))[0] - before[0] < 1e-3);
    // Beside everything there is nothing to do.
    assert_eq!(point(&mut app, Button::Pressed, (30, 35), WHOLE), None);
}

#[test]
fn the_mouse_moves_sliders_and_chooses_pictures() {
    let mut app = latent(with_codes(CodeShape::Values(32)), WHOLE);
    let ask = point(&mut app, Button::Pressed, (43, 4), WHOLE).unwrap();
    let Base::Code(code) = &ask.cursor.base else {
        panic!("a slider was moved")
    };
    // In the middle of the track, of the third value.
    assert!((code[2] - 6.0).abs() < 0.8, "{}", code[2]);
    let mut app = latent(training(), WHOLE);
    let grid = types(&mut app, "v").unwrap().grid;
    let picked = at(point(&mut app, Button::Pressed, (36 + 7 * 2, 3), WHOLE));
    assert_eq!(picked, grid[2]);
}

#[test]
fn only_a_variational_code_is_drawn_from_its_prior() {
    let mut app = latent(training(), WHOLE);
    assert_eq!(types(&mut app, "d"), None);
    assert!(app.status.is_some());
    let mut app = latent(training(), WHOLE);
    app.plan.recipe = Recipe::preset(Preset::Vae);
    let [first, second] = [at(types(&mut app, "d")), at(types(&mut app, "d"))];
    assert_ne!(first, second);
    assert!(first.iter().chain(&second).all(|value| value.abs() < 6.0));
}

#[test]
fn each_view_keeps_its_place() {
    let mut app = latent(training(), WHOLE);
    let ask = types(&mut app, "LLK").unwrap();
    types(&mut app, "gt");
    assert_eq!(types(&mut app, "gl").unwrap(), ask);
}

#[test]
fn gaps_to_codes_of_an_earlier_step_say_of_which() {
    let mut app = latent(exploring(), WHOLE);
    let says = |app: &App| rows(&drawn(app, PLAIN, WHOLE)).join("\n");
    assert!(says(&app).contains("straight in the code"));
    let mut seen = (**app.seen.as_ref().unwrap()).clone();
    let mut told = (**seen.answers.latent.as_ref().unwrap()).clone();
    told.real_at = Some(1234);
    seen.answers.latent = Some(Arc::new(told));
    hear(&mut app, News::Observed(Arc::new(seen)));
    assert!(says(&app).contains(" at step 1,234"), "{}", says(&app));
}
