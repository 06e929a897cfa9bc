//! Every figure, of much and of little, stays on its page, and both its files show the same.

use base64::Engine as _;

use super::*;
use crate::{image::ImageSize, raster::Rgb};

const SIZES: [[usize; 2]; 4] = [[28, 28], [8, 8], [20, 32], [64, 64]];

/// All of a figure is on the page.
fn on_its_page(figure: &str, drawing: &Drawing) {
    let [width, height] = drawing.size();
    assert_eq!(width, COLUMN, "{figure}");
    // The last pixel of what stands at the edge may be half there.
    for [[left, top], [right, bottom]] in drawing.bounds() {
        let inside = left >= 0.0 && top >= 0.0 && right <= width && bottom <= height;
        assert!(inside, "{figure}: {left} {top} {right} {bottom}");
    }
    let svg = String::from_utf8(drawing.svg()).unwrap();
    assert!(!svg.contains("NaN") && !svg.contains("inf"), "{figure}");
}

fn names(count: usize) -> Vec<String> {
    let name = |place| match place % 3 {
        0 => "a".to_owned(),
        1 => format!("class {place}"),
        _ => "a name that is far too long for its place".repeat(3),
    };
    (0..count).map(name).collect()
}

const TITLES: [&str; 2] = [
    "short: what",
    "a network with many layers on images with a very long name indeed: and what is seen of it here, at length",
];

#[test]
fn pictures_stay_on_the_page() {
    for ([height, width], count) in SIZES
        .into_iter()
        .flat_map(|size| [1, 4, 23].map(|n| (size, n)))
    {
        let size = ImageSize { height, width };
        let pictures = vec![vec![0.5; size.pixels()]; count];
        let row = |caption, paint| Strip {
            caption,
            paint,
            pictures: pictures.iter().map(|picture| &**picture).collect(),
        };
        let drawing = Strips {
            title: TITLES[1],
            size,
            columns: count.min(10),
            over: &names(count),
            under: &names(count),
            strips: &[row("before", Paint::Real), row("after", Paint::Made)],
        }
        .draw();
        on_its_page("strips", &drawing);
        let filters = vec![vec![-0.5; size.pixels()]; count];
        let title = TITLES[0];
        on_its_page(
            "filters",
            &Filters {
                title,
                size,
                filters: &filters,
            }
            .draw(),
        );
        for grid in [Manifold::places(size), Manifold::line(size)] {
            let pictures = vec![vec![0.5; size.pixels()]; grid[0] * grid[1]];
            let drawing = Manifold {
                title,
                axes: ["code value 1", "code value 2"],
                ends: [[-1234.5, 8765.0], [0.0, 1e-3]],
                grid,
                size,
                pictures: &pictures,
            }
            .draw();
            on_its_page("manifold", &drawing);
        }
    }
}

#[test]
fn numbers_stay_on_the_page() {
    for classes in [1, 10, 64] {
        let names = names(classes);
        let bars: Vec<Bar> = names
            .iter()
            .enumerate()
            .map(|(place, name)| Bar {
                name: name.clone(),
                value: place as f64 / 100.0,
            })
            .collect();
        let drawing = Bars {
            title: TITLES[1],
            across: "cross-entropy, nats per pixel",
            bars: &bars,
            all: (0.0, "mean"),
        }
        .draw();
        on_its_page("bars", &drawing);
        let named: Vec<Named> = names
            .into_iter()
            .map(|name| Named {
                name,
                mark: 'a',
                color: [0; 3],
            })
            .collect();
        let point = |n: u8| ([f32::from(n) * 10.0, -f32::from(n)], n % classes as u8);
        for count in [1, 200] {
            let points: Vec<([f32; 2], u8)> = (0..count).map(point).collect();
            let of = |classes, by_class| CodeMap {
                title: TITLES[0],
                axes: ["code", ""],
                points: &points,
                classes,
                by_class,
            };
            on_its_page("map", &of(&named, false).draw());
            on_its_page("map without classes", &of(&[], false).draw());
        }
        let points: Vec<([f32; 2], u8)> =
            (0..classes as u8).map(|n| ([3.0, n.into()], n)).collect();
        let line = CodeMap {
            title: TITLES[0],
            axes: ["code", "class"],
            points: &points,
            classes: &named,
            by_class: true,
        };
        on_its_page("line", &line.draw());
    }
}

/// A chart of lines through these points.
fn chart(across: Across, lines: &[&[[f64; 2]]]) -> Drawing {
    let lines: Vec<Line> = lines
        .iter()
        .enumerate()
        .map(|(number, points)| Line {
            name: format!("line {number} with a name"),
            color: HELD_OUT,
            dashed: number > 0,
            points: points.to_vec(),
            spread: vec![Spread {
                across: points[0][0],
                values: vec![0.2, 0.4],
            }],
        })
        .collect();
    Chart {
        title: TITLES[1],
        across,
        up: "loss",
        lines: &lines,
    }
    .draw()
}

#[test]
fn charts_stay_on_the_page_and_have_their_points_where_the_axes_say() {
    let one: &[[f64; 2]] = &[[1.0, 0.3]];
    let losses: &[[f64; 2]] = &[[1.0, 0.3], [2.0, 0.25], [4.0, 0.2], [32.0, 0.1]];
    for across in [Across::Time("epoch"), Across::Counts("values")] {
        on_its_page("one", &chart(across, &[one]));
        on_its_page(
            "many",
            &chart(across, &[losses, one, losses, losses, losses]),
        );
    }
    let bounds = chart(Across::Counts("values"), &[losses]).bounds();
    let side = |[[left, top], [right, bottom]]: &[[f32; 2]; 2]| [right - left, bottom - top];
    // The larger dots are the points themselves.
    let middles: Vec<[f32; 2]> = bounds
        .iter()
        .filter(|bounds| side(bounds).iter().all(|side| (side - 3.0).abs() < 1e-3))
        .map(|[[left, top], _]| [left + 1.5, top + 1.5])
        .collect();
    assert_eq!(middles.len(), 4);
    let [first, second, third, last] = [0, 1, 2, 3].map(|place| middles[place]);
    // Doublings are as far apart as each other, and so are losses.
    let close = |a: f32, b: f32| assert!((a - b).abs() < 1e-2, "{a} {b}");
    close(second[0] - first[0], third[0] - second[0]);
    close(last[0] - third[0], 3.0 * (third[0] - second[0]));
    close(second[1] - first[1], third[1] - second[1]);
    close(last[1] - third[1], 2.0 * (third[1] - second[1]));
}

#[test]
fn both_files_show_the_same_pixels() {
    let size = ImageSize {
        height: 2,
        width: 3,
    };
    let values = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0];
    let drawing = Strips {
        title: TITLES[0],
        size,
        columns: 1,
        over: &[],
        under: &[],
        strips: &[Strip {
            caption: "",
            paint: Paint::Real,
            pictures: vec![&values],
        }],
    }
    .draw();
    let greys: Vec<Rgb> = values.iter().map(|&grey| inks::real(grey)).collect();
    assert_eq!([greys[1], greys[5]], [[51; 3], [255; 3]]);
    let png = decoded(&drawing.png());
    let svg = String::from_utf8(drawing.svg()).unwrap();
    let (_, inside) = svg.split_once("base64,").unwrap();
    let (inside, _) = inside.split_once('"').unwrap();
    let inside = base64::engine::general_purpose::STANDARD
        .decode(inside)
        .unwrap();
    let inside = decoded(&inside);
    let scale = inside.0 / 3;
    for (place, grey) in greys.iter().enumerate() {
        let [x, y] = [place % 3 * scale + scale / 2, place / 3 * scale + scale / 2];
        assert_eq!(inside.1[y * inside.0 + x], *grey, "{place}");
    }
    // The picture is in the PNG as it is in the SVG.
    let is_there = |left: usize, top: usize| {
        (0..inside.1.len() / inside.0).all(|row| {
            let own = &inside.1[row * inside.0..][..inside.0];
            png.1[(top + row) * png.0 + left..].starts_with(own)
        })
    };
    let [corner, _] = drawing
        .bounds()
        .into_iter()
        .rfind(|[[left, _], [right, _]]| right - left > 100.0)
        .unwrap();
    let [left, top] = corner.map(|at| (at * FINENESS as f32).round() as usize);
    assert!(is_there(left, top));
}

/// Columns and pixels of a PNG.
fn decoded(bytes: &[u8]) -> (usize, Vec<Rgb>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes))
        .read_info()
        .unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    (info.width as usize, pixels.as_chunks().0.to_vec())
}

#[test]
fn words_are_as_wide_as_they_are_drawn_and_what_no_font_has_is_told() {
    assert!(draws("Überschuß Ωμέγα Ёлка 10 % \u{2212}3"));
    assert!(!draws("\u{732b}"));
    let mut drawing = Drawing::new(String::new(), [100.0, 20.0]);
    drawing.words(
        "Hamburg",
        [50.0, 10.0],
        Style {
            anchor: Anchor::End,
            ..PLAIN
        },
    );
    let [[left, top], [right, bottom]] = drawing.bounds()[0];
    let wide = letters::width("Hamburg", WORDS);
    // A letter's own air is at either side of it.
    assert!(
        (50.0 - wide..50.0).contains(&left) && right <= 50.0,
        "{left} {right}"
    );
    assert!(right - left > 0.9 * wide);
    assert!(
        top > 10.0 - WORDS && bottom > 10.0,
        "the g is below the line"
    );
    assert_eq!(letters::shortened("Hamburg", WORDS, wide), "Hamburg");
    let short = letters::shortened("Hamburg", WORDS, wide / 2.0);
    assert!(
        short.ends_with('\u{2026}') && short.starts_with('H'),
        "{short}"
    );
    assert!(letters::width(&short, WORDS) <= wide / 2.0);
}

#[test]
fn a_line_without_points_is_left_out() {
    let line = |name: &str, points: &[[f64; 2]]| Line {
        name: name.to_owned(),
        color: HELD_OUT,
        dashed: false,
        points: points.to_vec(),
        spread: Vec::new(),
    };
    let of = |lines: &[Line]| {
        Chart {
            title: TITLES[0],
            across: Across::Time("epoch"),
            up: "loss",
            lines,
        }
        .draw()
    };
    let training = line("training", &[[1.0, 0.3], [2.0, 0.2]]);
    let both = of(&[training.clone(), line("held-out", &[])]);
    assert!(both.svg() == of(&[training]).svg());
}
