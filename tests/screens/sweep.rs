//! Every size of a window, every state, and numbers that are none: drawing
//! never panics and never leaves its area.

use std::sync::Arc;

use ae_tui::{
    image::ImageSize,
    message::{Curve, Observation, Phase},
    nn::CodeShape,
    pace::{Film, Pace},
    ui::{
        app::App,
        theme::{Depth, Glyphs, Theme},
        view,
    },
};
use ratatui::{
    buffer::{Buffer, Cell},
    layout::Rect,
};

use crate::{
    PLAIN, SIZES, drawn,
    fixture::{app, observation},
    states::{STATES, changed, help},
    theme,
};

/// As many images as the sweep can draw ten thousand times.
const IMAGES: usize = 200;

fn with_few_images(app: &mut App) {
    if let Some(seen) = &mut app.seen {
        Arc::make_mut(&mut Arc::make_mut(seen).map)
            .points
            .truncate(IMAGES);
    }
}

/// What no run should ever come to, and some do.
fn unreal(value: f32) -> App {
    changed(|seen| {
        let curve = Arc::make_mut(&mut seen.curve);
        for tick in curve.ticks.iter_mut().step_by(3) {
            *tick = Some(value);
        }
        curve
            .recent
            .iter_mut()
            .step_by(2)
            .for_each(|loss| *loss = value);
        for epoch in &mut curve.epochs {
            epoch.held_out.loss = value;
        }
        (curve.train_loss, curve.held_out, curve.mean_image) =
            (Some(value), Some(value), Some(value));
        let row = Arc::make_mut(&mut seen.row);
        for sample in &mut row.samples {
            sample.loss = value;
            sample.code.fill(value);
            sample.noisy = Some(vec![value; 784]);
            sample
                .reconstruction
                .iter_mut()
                .step_by(5)
                .for_each(|pixel| *pixel = value);
        }
        let map = Arc::make_mut(&mut seen.map);
        map.chosen = [value; 2];
        map.prior = Some([value; 2]);
        map.points
            .iter_mut()
            .step_by(2)
            .for_each(|point| *point = [value; 2]);
        map.range = [[-value, value], [value, 0.0]];
        map.digit_losses = Some([value; 10].into());
        seen.moment.images_per_second = f64::from(value);
        seen.moment.seconds_left = Some(f64::from(value));
    })
}

fn empty() -> App {
    changed(|seen| {
        seen.curve = Arc::new(Curve::default());
        let map = Arc::make_mut(&mut seen.map);
        map.points.clear();
        map.range = [[0.0; 2]; 2];
    })
}

fn of_length(steps_per_epoch: u64, epochs: u64, step: u64) -> Observation {
    let mut seen = observation(6600, Phase::Training);
    seen.moment.film = Film::new(steps_per_epoch, epochs);
    seen.moment.step = step;
    seen
}

/// Runs of no length, of the longest that can be asked for, and past their end.
fn lengths() -> Vec<App> {
    [
        of_length(1, 0, 0),
        of_length(1, 1, 0),
        of_length(1, 1, 9),
        of_length(1875, 0, 3),
        of_length(1875, 99_999_999, 5000),
        of_length(1875, u64::MAX, u64::MAX),
        of_length(u64::MAX, 1, 1),
    ]
    .map(app)
    .into()
}

fn all() -> Vec<App> {
    let mut apps: Vec<App> = STATES.iter().map(|(_, state)| state()).collect();
    apps.extend([help(0), help(3), empty()]);
    // Maps of a code that no screen holds, and of none.
    for (count, height, width) in [
        (usize::MAX, 1, 1),
        (1, usize::MAX, usize::MAX),
        (3, 5, 5),
        (4, 2, 9),
        (0, 0, 0),
    ] {
        let mut app = changed(|_| {});
        let size = ImageSize { height, width };
        app.plan.kind.code = CodeShape::Maps { count, size };
        apps.push(app);
    }
    apps.extend(lengths());
    for value in [
        f32::NAN,
        f32::INFINITY,
        f32::NEG_INFINITY,
        f32::MAX,
        f32::MIN_POSITIVE,
        -0.0,
    ] {
        apps.push(unreal(value));
    }
    apps
}

#[test]
fn no_size_of_a_window_makes_drawing_fail() {
    let mut apps = all();
    apps.iter_mut().for_each(with_few_images);
    let widths: Vec<u16> = (0..=130).chain((131..=220).step_by(9)).collect();
    for &width in &widths {
        for height in 0..=70 {
            // Every state meets every kind of size, if not every size.
            let turn = usize::from(width) * 71 + usize::from(height);
            for app in apps.iter().skip(turn % 23).step_by(23) {
                drawn(app, PLAIN, (width, height));
            }
        }
    }
}

#[test]
fn every_state_can_be_drawn_at_the_promised_sizes_in_every_depth() {
    let sizes = SIZES
        .into_iter()
        .chain([(0, 0), (1, 1), (65_535, 1), (300, 90)]);
    let mut apps = all();
    apps.iter_mut().for_each(with_few_images);
    for size in sizes {
        for app in &apps {
            for depth in [Depth::None, Depth::Sixteen, Depth::Indexed, Depth::True] {
                for glyphs in [Glyphs::Blocks, Glyphs::Ascii] {
                    drawn(app, theme(depth, glyphs), size);
                }
            }
        }
    }
}

#[test]
fn nothing_is_drawn_outside_the_area_given() {
    let mut mark = Cell::new("~");
    mark.modifier = ratatui::style::Modifier::CROSSED_OUT;
    for app in &all() {
        for (width, height) in SIZES.into_iter().chain([(30, 5)]) {
            let area = Rect::new(3, 2, width, height);
            let mut buf = Buffer::filled(Rect::new(0, 0, width + 7, height + 5), mark.clone());
            let theme: Theme = PLAIN;
            view::render(app, theme, area, &mut buf);
            let outside = buf.area.positions().filter(|place| !area.contains(*place));
            for place in outside {
                assert_eq!(buf[place], mark, "{place} at {width}x{height}");
            }
        }
    }
}

#[test]
fn an_even_pace_of_any_length_can_be_drawn() {
    for pace in [Pace::Even { seconds: 1e-9 }, Pace::Film { speed: 0.3 }] {
        drawn(&changed(|seen| seen.moment.pace = pace), PLAIN, (120, 36));
    }
}
