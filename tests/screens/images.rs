//! Images of other sizes than MNIST's, of more classes, of fewer, and of none.

use std::sync::Arc;

use ae_tui::{
    data::{Classes, Dataset, Labels, Split},
    image::ImageSize,
    lens::Sample,
    message::{Map, News, Observation, Phase, Row},
    recipe::{Preset, Recipe},
    ui::{
        app::{App, Kind, Plan},
        pointer::{Button, Pointer, Side},
        theme::{Depth, Glyphs},
        update::{Message, update},
        view,
        views::View,
    },
};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    ASCII, PLAIN, SIZES, drawn, fixture, observed::Observed, rows, snapshots::keep, theme,
};

const fn size(height: usize, width: usize) -> ImageSize {
    ImageSize { height, width }
}

fn letters() -> Classes {
    let names: Vec<String> = ('a'..='z').map(String::from).collect();
    Classes::named(&names)
}

fn clothes() -> Classes {
    Classes::named(&[
        "T-shirt/top",
        "trouser",
        "pullover",
        "dress",
        "coat",
        "sandal",
        "shirt",
        "sneaker",
        "bag",
        "ankle boot",
    ])
}

/// A bar and a dot, which lie elsewhere for each class.
fn picture(size: ImageSize, class: usize) -> Vec<u8> {
    let ImageSize { height, width } = size;
    let (row, column) = (class * 5 % height, class * 3 % width);
    let pixel = |place: usize| {
        let (x, y) = (place % width, place / width);
        let dot = x.abs_diff(column) < 1 + width / 6 && y.abs_diff(row) < 1 + height / 6;
        let bar = x.abs_diff(width / 2) <= width / 12;
        if dot { 255 } else { 160 * u8::from(bar) }
    };
    (0..size.pixels()).map(pixel).collect()
}

fn split(size: ImageSize, classes: &Classes, images: usize) -> Split {
    let kinds = classes.count().max(7);
    let pixels = (0..images).flat_map(|image| picture(size, image % kinds));
    let labels = (0..images).map(|image| (image % classes.count()) as u8);
    Split::of_size(size, pixels.collect(), labels.collect())
}

fn data(size: ImageSize, classes: Classes) -> Dataset {
    Dataset {
        name: "own".into(),
        train: split(size, &classes, 150),
        test: split(size, &classes, 160),
        classes,
        digest: "own".into(),
    }
}

/// A moment of a run on such images, made by arithmetic.
fn seen(size: ImageSize, classes: &Classes) -> Observation {
    let seen = fixture::observation(6600, Phase::Training);
    let count = classes.count();
    let labels: Vec<u8> = (0..10_000).map(|image| (image % count) as u8).collect();
    let points = labels.iter().enumerate().map(|(image, &class)| {
        let turn = f32::from(class) / count as f32 * std::f32::consts::TAU;
        let spread = |n: usize| (image * n % 101) as f32 / 101.0 - 0.5;
        let [x, y] = [turn.cos(), turn.sin()];
        let at = |part: f32, n: usize| (22.0 + 14.0 * part + 5.0 * spread(n)).max(0.0);
        [at(x, 37), at(y, 59)]
    });
    let losses = || {
        (0..count)
            .map(|class| 0.15 + 0.004 * class as f32)
            .collect()
    };
    let sample = |sample: &Sample| {
        let original: Vec<f32> = picture(size, sample.index)
            .into_iter()
            .map(|byte| f32::from(byte) / 255.0)
            .collect();
        Sample {
            label: (sample.index % count) as u8,
            reconstruction: original.iter().map(|ink| 0.2 + 0.5 * ink).collect(),
            original,
            ..sample.clone()
        }
    };
    Observation {
        row: Arc::new(Row {
            samples: seen.row.samples.iter().map(sample).collect(),
            ..(*seen.row).clone()
        }),
        map: Arc::new(Map {
            points: points.collect(),
            labels: labels.into(),
            chosen: [14.0, 9.0],
            digit_losses: Some(losses()),
            ..(*seen.map).clone()
        }),
        curve: Arc::new(ae_tui::message::Curve {
            note: None,
            ..(*seen.curve).clone()
        }),
        ..seen
    }
}

fn recipe(size: ImageSize) -> Recipe {
    Recipe {
        image: size,
        ..Recipe::preset(Preset::Article)
    }
}

/// The screen of such a run.
fn app(size: ImageSize, classes: Classes) -> App {
    let seen = seen(size, &classes);
    let mut app = App::new(Plan {
        kind: Kind::of(&recipe(size)),
        recipe: recipe(size),
        ..fixture::plan()
    });
    app.sample = seen.row.chosen;
    fixture::hear(&mut app, News::Loaded(Arc::new(data(size, classes))));
    fixture::hear(&mut app, News::Observed(Arc::new(seen)));
    app
}

fn types(app: &mut App, keys: &str) {
    for key in keys.chars() {
        let code = match key {
            '\r' => KeyCode::Enter,
            other => KeyCode::Char(other),
        };
        update(app, Message::Key(KeyEvent::from(code)));
    }
}

fn text(app: &App, size: (u16, u16)) -> String {
    rows(&drawn(app, PLAIN, size)).join("\n")
}

#[test]
fn lines_of_more_classes_than_sixteen_colours_tell_are_told_by_their_marks() {
    let lines = |classes: Classes, depth| {
        let mut app = app(ImageSize::MNIST, classes);
        types(&mut app, "gcvv");
        assert_eq!(app.view, View::Curves);
        let screen = rows(&drawn(&app, theme(depth, Glyphs::Blocks), (120, 36))).join("\n");
        let braille = |letter: &char| ('\u{2801}'..='\u{28ff}').contains(letter);
        screen.chars().filter(braille).count()
    };
    assert!(lines(Classes::numbered(10), Depth::Sixteen) > 0);
    assert!(lines(letters(), Depth::True) > 0);
    assert_eq!(lines(letters(), Depth::Sixteen), 0);
}

#[test]
fn of_64_classes_no_loss_is_written_over_a_mark() {
    let many = app(size(28, 28), Classes::numbered(64));
    let mut losses = 0;
    let sizes = (120..200)
        .step_by(8)
        .flat_map(|width| [40, 44, 50, 60].map(|height| (width, height)));
    for (width, height) in sizes {
        let screen = text(&many, (width, height));
        for row in screen.lines() {
            let letters: Vec<char> = row.chars().collect();
            for at in 1..letters.len().saturating_sub(5) {
                let is_loss =
                    letters[at] == '.' && letters[at + 1..at + 4].iter().all(char::is_ascii_digit);
                let before = letters[at - 1 - usize::from(letters[at - 1] == '0')];
                losses += usize::from(is_loss);
                assert!(!is_loss || !before.is_alphanumeric(), "{width}: {row}");
            }
        }
    }
    assert!(losses > 64, "{losses}");
}

#[test]
fn the_screens_that_are_kept_look_as_they_did() {
    let tiny = Classes::named(&["cat", "dog", "emu"]);
    keep("own-8x8-of-3", &app(size(8, 8), tiny), PLAIN, (80, 24));
    let letters = app(size(20, 28), letters());
    keep("own-20x28-of-26", &letters, PLAIN, (120, 36));
    let many = app(size(64, 64), Classes::numbered(47));
    keep("own-64x64-of-47", &many, PLAIN, (120, 36));
    keep("own-64x64-of-47", &many, PLAIN, (200, 60));
    let none = app(size(64, 48), Classes::Unlabelled);
    keep("own-64x48-unlabelled", &none, PLAIN, (200, 60));
    let dressed = app(ImageSize::MNIST, clothes());
    keep("own-clothes", &dressed, PLAIN, (200, 60));
}

/// Each picture with all its pixels stands within the screen, and has the shape of its cells, but
/// for the pixels that an even number of rows takes.
fn pictures_are_whole(app: &App, (width, height): (u16, u16)) {
    let area = Rect::new(0, 0, width, height);
    let mut buf = Buffer::empty(area);
    let colours = theme(Depth::True, Glyphs::Blocks);
    for picture in view::render_fine(app, colours, area, &mut buf) {
        let place = picture.area;
        assert_eq!(place.intersection(area), place);
        let [across, down] = picture.bitmap.size().map(|side| side as f32);
        let [columns, rows] = [place.width, 2 * place.height].map(f32::from);
        let stretched = (across / columns) / (down / rows);
        assert!(
            (0.7..1.5).contains(&stretched),
            "{across}x{down} on {place}"
        );
    }
}

/// Every view of each kind of images, as a real observer answers it, at sizes of the terminal from
/// nothing up: drawing it must neither fail nor leave its buffer, which a write outside would.
#[test]
fn every_view_of_any_images_can_be_drawn_at_any_size() {
    let kinds = [
        (
            size(8, 8),
            Classes::named(&["cat", "dog", "emu"]),
            Preset::Article,
        ),
        (size(20, 28), letters(), Preset::Conv),
        (size(64, 64), Classes::numbered(64), Preset::Deep),
        (size(9, 31), Classes::Unlabelled, Preset::Vae),
    ];
    for (size, classes, preset) in kinds {
        let recipe = Recipe {
            image: size,
            ..Recipe::preset(preset)
        };
        let mut observed = Observed::on(recipe, data(size, classes.clone()));
        observed.until(|_, seen| seen.map.step == 7 && seen.map.digit_losses.is_some());
        for (view, keys) in [
            ("t", ""),
            ("c", "v"),
            ("l", "v"),
            ("l", "v"),
            ("s", "oo"),
            ("i", ""),
            ("d", "d"),
        ] {
            observed.keys("g");
            observed.keys(view);
            observed.keys(keys);
            observed.until(|app, seen| match app.view {
                View::Train => true,
                View::Curves => seen.answers.curves.is_some(),
                View::Latent => seen.answers.latent.is_some(),
                View::Samples => seen.answers.samples.is_some(),
                View::Inside => seen.answers.inside.is_some(),
                View::Draw => seen.answers.draw.is_some(),
            });
            let widths = (0..=130).step_by(26).chain([60, 80, 120, 200, 300]);
            for width in widths {
                for height in [0, 1, 19, 20, 24, 29, 36, 47, 60, 90] {
                    drawn(&observed.app, PLAIN, (width, height));
                }
            }
            for size in SIZES {
                pictures_are_whole(&observed.app, size);
                for depth in [Depth::None, Depth::Sixteen, Depth::Indexed, Depth::True] {
                    for glyphs in [Glyphs::Blocks, Glyphs::Ascii] {
                        drawn(&observed.app, theme(depth, glyphs), size);
                    }
                }
            }
        }
    }
}

#[test]
fn images_without_labels_have_no_class_anywhere() {
    let mut app = app(size(16, 16), Classes::Unlabelled);
    for size in SIZES {
        for key in ["t", "c", "s"] {
            types(&mut app, "g");
            types(&mut app, key);
            let text = text(&app, size);
            for word in ["class", "label", "digit"] {
                assert!(!text.contains(word), "{word} at {size:?}:\n{text}");
            }
        }
    }
    types(&mut app, "gt3");
    assert_eq!(app.filter, Labels::ALL);
    assert!(text(&app, (120, 36)).contains("These images have no labels."));
}

#[test]
fn a_class_beyond_ten_is_chosen_by_its_mark_its_name_and_a_click() {
    let mut app = app(size(20, 28), letters());
    types(&mut app, "#k\r");
    assert_eq!(app.filter, Labels::NONE.with(10));
    types(&mut app, "#Q\r");
    assert_eq!(app.filter, Labels::NONE.with(10).with(16));
    assert!(text(&app, (120, 36)).contains("only k, q"));
    types(&mut app, "#never\r");
    assert!(text(&app, (120, 36)).contains("no class is called that"));
    types(&mut app, "/only letter z\r");
    assert_eq!(app.filter, Labels::NONE.with(10).with(16).with(25));
    // The keys have the first ten, and the legend has all.
    types(&mut app, "0");
    assert!(app.filter.contains(0));
    let screen = (120, 36);
    let shown = rows(&drawn(&app, PLAIN, screen));
    let (row, legend) = shown
        .iter()
        .enumerate()
        .find(|(_, row)| row.contains("a · · "))
        .unwrap();
    let column = legend.chars().take_while(|letter| *letter != 'k').count();
    let click = Pointer {
        button: Button::Pressed,
        side: Side::Left,
        column: column as u16,
        row: row as u16,
    };
    update(&mut app, Message::Mouse(click, screen));
    assert_eq!(app.filter, Labels::NONE.with(0).with(16).with(25));
}

#[test]
fn a_key_beyond_the_classes_says_so_and_all_chosen_is_all() {
    let mut app = app(size(8, 8), Classes::named(&["cat", "dog", "emu"]));
    types(&mut app, "7");
    assert_eq!(app.filter, Labels::ALL);
    assert!(text(&app, (80, 24)).contains("no class 7"));
    types(&mut app, "012");
    assert_eq!(app.filter, Labels::ALL);
}

#[test]
fn names_from_outside_keep_an_ascii_screen_in_ascii() {
    let names = ["käse", "猫", "собака", "e"];
    let app = app(size(8, 8), Classes::named(&names));
    for size in SIZES {
        let text = rows(&drawn(&app, ASCII, size)).concat();
        assert!(text.is_ascii(), "{text}");
    }
}
