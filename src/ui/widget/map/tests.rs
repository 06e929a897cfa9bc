use proptest::prelude::*;
use ratatui::{buffer::Cell, style::Color};

use super::*;
use crate::{
    data::Labels,
    ui::theme::{Depth, Glyphs, Tone},
};

const SQUARE: [[f32; 2]; 2] = [[0.0, 100.0], [0.0, 100.0]];

fn theme(depth: Depth, glyphs: Glyphs) -> Theme {
    Theme {
        depth,
        tone: Tone::Dark,
        glyphs,
    }
}

fn colours() -> Theme {
    theme(Depth::True, Glyphs::Blocks)
}

/// `images` of a digit at one place.
fn crowd(digit: u8, point: [f32; 2], images: usize) -> (Vec<[f32; 2]>, Vec<u8>) {
    (vec![point; images], vec![digit; images])
}

fn together(crowds: &[(u8, [f32; 2], usize)]) -> (Vec<[f32; 2]>, Vec<u8>) {
    let mut all = (Vec::new(), Vec::new());
    for &(digit, point, images) in crowds {
        let (points, labels) = crowd(digit, point, images);
        all.0.extend(points);
        all.1.extend(labels);
    }
    all
}

/// A map of 24x7: 20x6 for the images.
fn drawn(
    crowds: &[(u8, [f32; 2], usize)],
    shown: Labels,
    chosen: Option<Chosen>,
    style: MapStyle,
    theme: Theme,
) -> Buffer {
    let area = Rect::new(0, 0, 24, 7);
    let plot = plot_area(area, SQUARE);
    let (points, labels) = together(crowds);
    let cells = MapCells::bin(
        &points,
        &labels,
        (shown, 10),
        SQUARE,
        (plot.width, plot.height),
    );
    let mut buf = Buffer::empty(area);
    LatentMap {
        cells: &cells,
        classes: &Classes::Digits,
        prior: None,
        chosen,
        style,
        theme,
    }
    .render(area, &mut buf);
    buf
}

/// Five crowds: along the axes 0, 1, 4, 9 ... 100 stand at even distances.
const CROWDS: [(u8, [f32; 2], usize); 5] = [
    (0, [0.0, 0.0], 30),
    (1, [0.0, 100.0], 2),
    (7, [100.0, 100.0], 3),
    (4, [25.0, 25.0], 9),
    (9, [25.0, 25.0], 8),
];

#[test]
fn without_colour_each_cell_has_its_majority_digit() {
    let buf = drawn(
        &CROWDS,
        Labels::ALL,
        None,
        MapStyle::Density,
        theme(Depth::None, Glyphs::Blocks),
    );
    let expected = Buffer::with_lines([
        "100┤·                  7",
        "   │                    ",
        "   │          4         ",
        "   │                    ",
        "   │                    ",
        "  0┤0                   ",
        "   └0─────────30─────100",
    ]);
    assert_eq!(buf, expected);
}

#[test]
fn in_ascii_the_axes_are_ascii_too() {
    let buf = drawn(
        &CROWDS,
        Labels::ALL,
        Some(Chosen {
            point: [25.0, 25.0],
            label: 4,
        }),
        MapStyle::Letters,
        theme(Depth::None, Glyphs::Ascii),
    );
    let expected = Buffer::with_lines([
        "100+.                  7",
        "   |                    ",
        "   |         [4]        ",
        "   |                    ",
        "   |                    ",
        "  0+0                   ",
        "   +0---------30-----100",
    ]);
    assert_eq!(buf, expected);
}

#[test]
fn sixteen_colours_colour_the_digits() {
    let sixteen = theme(Depth::Sixteen, Glyphs::Blocks);
    let buf = drawn(&CROWDS, Labels::ALL, None, MapStyle::Density, sixteen);
    assert_eq!(buf[(14, 2)].symbol(), "4");
    assert_eq!(buf[(14, 2)].fg, Color::Indexed(5));
    assert_eq!(buf[(14, 2)].bg, Color::Reset);
}

#[test]
fn density_leaves_an_empty_half_to_the_terminal() {
    let crowds = [
        (1, [0.0, 100.0], 1),
        (7, [100.0, 0.0], 1),
        // The upper and the lower half of one cell.
        (3, [49.0, 64.5], 40),
        (4, [49.0, 55.0], 40),
    ];
    let buf = drawn(
        &crowds,
        Labels::NONE.with(1).with(7).with(3).with(4),
        None,
        MapStyle::Density,
        colours(),
    );
    let at = |place: (u16, u16)| (buf[place].symbol(), buf[place].fg, buf[place].bg);
    let (pale_1, pale_7) = (colours().class_shade(1, 0.4), colours().class_shade(7, 0.4));
    assert_eq!(at((4, 0)), ("▀", pale_1, Color::Reset));
    assert_eq!(at((23, 5)), ("▄", pale_7, Color::Reset));
    assert_eq!(at((10, 3)), (" ", Color::Reset, Color::Reset));
    let symbols: String = (4..24).map(|x| buf[(x, 1)].symbol()).collect();
    assert_eq!(
        symbols.trim(),
        "3",
        "of two equals the lower has the letter"
    );
}

#[test]
fn both_halves_of_a_cell_have_their_own_colour() {
    // Ten images in a region are needed for a letter.
    let crowds = [(3, [49.0, 64.5], 4), (4, [49.0, 55.0], 4)];
    let buf = drawn(&crowds, Labels::ALL, None, MapStyle::Density, colours());
    let cell = &buf[(18, 1)];
    assert_eq!(cell.symbol(), "▀");
    assert_eq!((cell.fg, cell.bg), (colours().class(3), colours().class(4)));
}

#[test]
fn more_images_are_brighter() {
    let points = [1, 3, 9].map(|images| (0, [images as f32, 4.0], images));
    let (points, labels) = together(&points);
    let cells = MapCells::bin(&points, &labels, (Labels::ALL, 10), SQUARE, (20, 6));
    let mut buf = Buffer::empty(Rect::new(0, 0, 24, 7));
    LatentMap {
        cells: &cells,
        classes: &Classes::Digits,
        prior: None,
        chosen: None,
        style: MapStyle::Density,
        theme: colours(),
    }
    .render(buf.area, &mut buf);
    let red = |x| match (buf[(x, 4)].fg, buf[(x, 4)].symbol()) {
        (Color::Rgb(red, ..), "▄") => red,
        other => panic!("{other:?}"),
    };
    assert!(red(6) < red(7) && red(7) < red(10));
}

#[test]
fn a_dot_stands_for_each_place_an_image_has() {
    let crowds = [
        (0, [0.0, 100.0], 1),
        (5, [0.0, 0.0], 1),
        (5, [100.0, 0.0], 1),
    ];
    let dots = |glyphs| {
        let theme = theme(Depth::True, glyphs);
        let buf = drawn(&crowds, Labels::ALL, None, MapStyle::Dots, theme);
        [(4, 0), (4, 5), (23, 5)].map(|place| buf[place].symbol().to_owned())
    };
    assert_eq!(dots(Glyphs::Blocks), ["⠁", "⡀", "⢀"]);
    assert_eq!(dots(Glyphs::Ascii), ["'", ".", "."]);
}

#[test]
fn a_cell_of_mixed_dots_has_the_colour_of_most() {
    let crowds = [(3, [49.0, 64.5], 4), (4, [49.0, 55.0], 5)];
    let buf = drawn(&crowds, Labels::ALL, None, MapStyle::Dots, colours());
    assert_eq!(buf[(18, 1)].fg, colours().class(4));
}

#[test]
fn a_filter_shows_its_digits_only() {
    let shown = Labels::NONE.with(9);
    let buf = drawn(&CROWDS, shown, None, MapStyle::Letters, colours());
    let digits: String = (0..6)
        .flat_map(|y| (4..24).map(move |x| (x, y)))
        .map(|place| buf[place].symbol())
        .collect();
    assert_eq!(digits.trim(), "9");
}

#[test]
fn a_letter_needs_more_than_two_fifths_of_a_region() {
    let letters = |crowds: &[(u8, [f32; 2], usize)]| {
        let buf = drawn(crowds, Labels::ALL, None, MapStyle::Density, colours());
        let mut letters: Vec<String> = (0..6)
            .flat_map(|y| (4..24).map(move |x| (x, y)))
            .map(|place| buf[place].symbol().to_owned())
            .filter(|symbol| symbol.parse::<u8>().is_ok())
            .collect();
        letters.sort_unstable();
        letters.concat()
    };
    let here = [25.0, 25.0];
    assert_eq!(letters(&[(4, here, 40), (9, here, 30), (7, here, 30)]), "");
    assert_eq!(letters(&[(4, here, 41), (9, here, 30), (7, here, 29)]), "4");
    assert_eq!(letters(&[(4, here, 9)]), "", "nine images are no territory");
    assert_eq!(letters(&[(4, here, 10)]), "4");
    // Far apart, each has its own.
    assert_eq!(
        letters(&[(4, here, 50), (0, [100.0, 0.0], 20), (1, [0.0, 100.0], 30)]),
        "014"
    );
    // Two in one cell: the letter is not drawn over another one.
    assert_eq!(letters(&[(4, here, 50), (9, here, 45)]), "4");
}

#[test]
fn letters_give_way_to_the_chosen_sample() {
    let crowds = [(4, [25.0, 25.0], 50), (4, [49.0, 25.0], 30)];
    let at = |chosen: Option<[f32; 2]>| {
        let chosen = chosen.map(|point| Chosen { point, label: 8 });
        let buf = drawn(&crowds, Labels::ALL, chosen, MapStyle::Density, colours());
        (4..24)
            .map(|x| buf[(x, 2)].symbol().to_owned())
            .collect::<String>()
    };
    assert_eq!(at(None), "          4   ▄     ");
    assert_eq!(at(Some([25.0, 25.0])), "         [8]  4     ");
}

/// The ring of the nearest image gives way too: a mark is never cut to `[8`.
#[test]
fn the_mark_of_the_chosen_sample_stays_whole_beside_the_nearest_image() {
    let area = Rect::new(0, 0, 24, 7);
    let plot = plot_area(area, SQUARE);
    let (points, labels) = crowd(4, [25.0, 25.0], 9);
    let size = (plot.width, plot.height);
    let cells = MapCells::bin(&points, &labels, (Labels::ALL, 10), SQUARE, size);
    let chosen = [25.0, 25.0];
    let row = |nearest: [f32; 2]| {
        let mut buf = Buffer::empty(area);
        LatentMap {
            cells: &cells,
            classes: &Classes::Digits,
            prior: None,
            chosen: Some(Chosen {
                point: chosen,
                label: 8,
            }),
            style: MapStyle::Density,
            theme: colours(),
        }
        .render(area, &mut buf);
        Overlay {
            cells: &cells,
            chosen,
            cursor: None,
            nearest: Some(nearest),
            line: &[],
            two_axes: true,
            theme: colours(),
        }
        .render(area, &mut buf);
        (4..24)
            .map(|x| buf[(x, 2)].symbol().to_owned())
            .collect::<String>()
    };
    // From one cell to the next the root grows by a twentieth: 5.5 squared is in the cell beside.
    assert_eq!(row([30.25, 25.0]), "         [8]        ");
    assert_eq!(row([36.0, 25.0]), "         [8]○       ");
}

#[test]
fn a_letter_is_a_chip_in_its_digits_colour() {
    let buf = drawn(
        &[(4, [25.0, 25.0], 50)],
        Labels::ALL,
        None,
        MapStyle::Density,
        colours(),
    );
    assert_eq!(buf[(14, 2)].bg, colours().class(4));
    assert_eq!(Some(buf[(14, 2)].fg), colours().class_chip(4).fg);
}

#[test]
fn the_chosen_sample_is_whole_in_every_corner() {
    let far = f32::INFINITY;
    let cases = [
        ([0.0, 0.0], (4, 5)),
        ([-far, far], (4, 0)),
        ([far, 100.0], (21, 0)),
        ([1e9, -5.0], (21, 5)),
    ];
    for (point, (x, y)) in cases {
        for style in [MapStyle::Density, MapStyle::Dots, MapStyle::Letters] {
            let chosen = Chosen { point, label: 3 };
            let buf = drawn(&CROWDS, Labels::ALL, Some(chosen), style, colours());
            let chip: String = (x..x + 3).map(|x| buf[(x, y)].symbol()).collect();
            assert_eq!(chip, "[3]");
            assert_eq!(Some(buf[(x, y)].bg), colours().selection().bg);
        }
    }
}

#[test]
fn each_style_leads_to_the_next_and_back() {
    let first = MapStyle::default();
    assert_eq!(first.next().next().next(), first);
    assert_ne!(first.next(), first);
}

#[test]
fn points_that_are_no_numbers_and_labels_that_are_no_digits_are_left_out() {
    let points = [[f32::NAN, 1.0], [1.0, f32::NAN], [1.0, 1.0], [4.0, 4.0]];
    let cells = MapCells::bin(&points, &[1, 2, 77, 4], (Labels::ALL, 10), SQUARE, (20, 6));
    let all: u32 = (0..6)
        .flat_map(|row| (0..20).map(move |column| (column, row)))
        .flat_map(|(column, row)| cells.cell(column, row))
        .map(u32::from)
        .sum();
    assert_eq!(all, 1);
    assert_eq!(cells.cell_of([f32::NAN, 0.0]), None);
}

fn any_value() -> impl Strategy<Value = f32> {
    prop_oneof![
        4 => -60.0_f32..60.0,
        1 => prop::sample::select(vec![
            f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 0.0, -0.0, 1e38, -1e38, 1e-40,
        ]),
    ]
}

proptest! {
    #[test]
    fn nothing_panics_and_nothing_is_drawn_outside(
        (x, y, width, height) in (0_u16..30, 0_u16..12, 0_u16..40, 0_u16..14),
        // Bins of another size, as after a resize.
        size in (0_u16..40, 0_u16..14),
        images in prop::collection::vec((any_value(), any_value(), 0_u8..12), 0..80),
        range in (any_value(), any_value(), any_value(), any_value()),
        (chosen, label) in ((any_value(), any_value()), 0_u8..12),
        ascii in any::<bool>(),
    ) {
        let points: Vec<_> = images.iter().map(|&(a, b, _)| [a, b]).collect();
        let labels: Vec<_> = images.iter().map(|&(_, _, label)| label).collect();
        let range = [[range.0, range.1], [range.2, range.3]];
        let area = Rect::new(x, y, width, height);
        let fitting = plot_area(area, range);
        let chosen = Some(Chosen { point: [chosen.0, chosen.1], label });
        let glyphs = if ascii { Glyphs::Ascii } else { Glyphs::Blocks };
        for size in [size, (fitting.width, fitting.height)] {
            let cells = MapCells::bin(&points, &labels, (Labels::ALL, 10), range, size);
            for depth in [Depth::None, Depth::Sixteen, Depth::Indexed, Depth::True] {
                for style in [MapStyle::Density, MapStyle::Dots, MapStyle::Letters] {
                    let mut buf = Buffer::filled(Rect::new(0, 0, 32, 12), Cell::new("x"));
                    LatentMap { cells: &cells, classes: &Classes::Digits, chosen, prior: Some([0.0; 2]), style, theme: theme(depth, glyphs) }
                        .render(area, &mut buf);
                    for place in buf.area.positions() {
                        prop_assert!(area.contains(place) || buf[place].symbol() == "x");
                        prop_assert!(!ascii || buf[place].symbol().is_ascii());
                    }
                }
            }
        }
    }
}

#[test]
fn the_largest_area_there_can_be_is_no_trouble() {
    let cells = MapCells::bin(
        &[[1.0, 1.0]],
        &[1],
        (Labels::ALL, 10),
        SQUARE,
        (u16::MAX, 3),
    );
    let mut buf = Buffer::empty(Rect::new(0, 0, 10, 3));
    LatentMap {
        cells: &cells,
        classes: &Classes::Digits,
        prior: None,
        chosen: Some(Chosen {
            point: [100.0, 0.0],
            label: 1,
        }),
        style: MapStyle::Density,
        theme: colours(),
    }
    .render(Rect::new(5, 0, u16::MAX, 9), &mut buf);
    assert_eq!(buf[(9, 0)].symbol(), " ");
}

/// A map of nine units a side with nothing but these images and the circles.
fn with_prior(points: &[[f32; 2]], high: f32, style: MapStyle, theme: Theme) -> Buffer {
    let area = Rect::new(0, 0, 65, 31);
    let range = [[-high, high], [-high, high]];
    let plot = plot_area(area, range);
    let labels = vec![4; points.len()];
    let size = (plot.width, plot.height);
    let cells = MapCells::bin(points, &labels, (Labels::ALL, 10), range, size);
    let mut buf = Buffer::empty(area);
    LatentMap {
        cells: &cells,
        classes: &Classes::Digits,
        prior: Some([0.0, 0.0]),
        chosen: None,
        style,
        theme,
    }
    .render(area, &mut buf);
    buf
}

/// The cell of a point on the map of [`with_prior`].
fn cell_at(point: [f32; 2], high: f32) -> (u16, u16) {
    let range = [[-high, high], [-high, high]];
    let plot = plot_area(Rect::new(0, 0, 65, 31), range);
    let cells = MapCells::bin(
        &[],
        &[],
        (Labels::ALL, 10),
        range,
        (plot.width, plot.height),
    );
    let (column, row) = cells.cell_of(point).unwrap();
    (plot.x + column, plot.y + row)
}

#[test]
fn the_priors_circles_stand_where_the_axes_have_their_radii() {
    let plain = theme(Depth::None, Glyphs::Blocks);
    for high in [4.0, 30.0] {
        let buf = with_prior(&[], high, MapStyle::Density, plain);
        for radius in [1.0, 2.0, 3.0] {
            // Thirds of a turn, away from the numbers.
            for turn in [0.11_f32, 0.4, 0.61, 0.9] {
                let (sin, cos) = (turn * std::f32::consts::TAU).sin_cos();
                let place = cell_at([radius * cos, radius * sin], high);
                assert_eq!(buf[place].symbol(), "~", "{radius} at {turn}, to {high}");
            }
        }
        for free in [[0.0, 0.0], [1.45, 0.0], [2.6, 0.0]] {
            assert_eq!(
                buf[cell_at(free, high)].symbol(),
                " ",
                "{free:?}, to {high}"
            );
        }
    }
}

#[test]
fn a_circle_beyond_the_range_is_left_out_and_none_covers_an_image() {
    let plain = theme(Depth::None, Glyphs::Blocks);
    // A place of the first circle that no number wants.
    let image = [0.866, 0.5];
    for style in [MapStyle::Density, MapStyle::Dots, MapStyle::Letters] {
        let buf = with_prior(&[image; 9], 1.3, style, plain);
        assert_ne!(buf[cell_at(image, 1.3)].symbol(), "~", "{style:?}");
        let text: String = buf.content().iter().map(Cell::symbol).collect();
        assert!(text.contains("1σ") && !text.contains("2σ"), "{text}");
        // A second circle that was clamped to the range would stand on its edge.
        assert_eq!(buf[cell_at([1.3, 0.0], 1.3)].symbol(), " ");
    }
}

#[test]
fn the_circles_step_back_and_are_ascii_where_that_is_asked_for() {
    let quiet = buf_of_circle(Glyphs::Blocks);
    // Of the signs that nearly every font has (WGL4), at their three heights.
    assert!(
        ["˙", "·", "."].contains(&quiet.symbol()),
        "{}",
        quiet.symbol()
    );
    assert_eq!(Some(quiet.fg), colours().dim().fg);
    assert_eq!(buf_of_circle(Glyphs::Ascii).symbol(), "~");
}

/// A cell of the first circle, in colours.
fn buf_of_circle(glyphs: Glyphs) -> Cell {
    let buf = with_prior(&[], 4.0, MapStyle::Density, theme(Depth::True, glyphs));
    buf[cell_at([0.866, 0.5], 4.0)].clone()
}
