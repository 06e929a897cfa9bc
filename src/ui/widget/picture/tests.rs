use super::*;
use crate::{
    image::ImageSize,
    ui::{
        theme::Tone,
        widget::{
            cut::{Cut, Window},
            sample_110,
        },
    },
};

fn theme(depth: Depth, glyphs: Glyphs) -> Theme {
    Theme {
        depth,
        tone: Tone::Dark,
        glyphs,
    }
}

fn drawn(pixels: &Pixels, paint: Paint, theme: Theme, area: Rect) -> Buffer {
    let mut buf = Buffer::empty(area);
    Picture {
        pixels,
        paint,
        theme,
    }
    .render(area, &mut buf);
    buf
}

fn the_8(cut: Cut) -> Pixels {
    let picture = sample_110::pixels();
    let image = Image {
        size: ImageSize::MNIST,
        values: &picture,
    };
    cut.of(image, Window::around(image))
}

/// A picture of one value.
fn of(cut: Cut, value: f32) -> Pixels {
    let image = Image {
        size: ImageSize::MNIST,
        values: &[value; 784],
    };
    cut.of(image, Window::Frame)
}

#[test]
fn the_8_of_the_design_has_its_glyphs() {
    let none = theme(Depth::None, Glyphs::Blocks);
    let buf = drawn(
        &the_8(Cut::Ink),
        Paint::Original,
        none,
        Rect::new(0, 0, 20, 10),
    );
    let expected = Buffer::with_lines([
        "         ░▄▄▓█▓▓▄   ",
        "        ▄█▓▀░░▒██▒  ",
        "       ▓█▒  ░▄██▀   ",
        "       ▓█▄▄▓██▓▒    ",
        "       ▒████▓▀▀     ",
        "      ░▄▓███▄       ",
        "    ▄▄█▓▀░ ▀█▓░     ",
        "   ▄██░    ░██░     ",
        "  ░██░ ░▄▄▄█▓░      ",
        "   ▀████▀▀▀░        ",
    ]);
    assert_eq!(buf, expected);
}

#[test]
fn the_8_in_ascii() {
    let none = theme(Depth::None, Glyphs::Ascii);
    let buf = drawn(
        &the_8(Cut::Thumb),
        Paint::Original,
        none,
        Rect::new(0, 0, 10, 5),
    );
    let expected = Buffer::with_lines([
        "    =++#= ",
        "   -#-*#. ",
        "   -%@=.  ",
        " .#=.:%.  ",
        " =#+++:   ",
    ]);
    assert_eq!(buf, expected);
}

#[test]
fn each_pixel_of_a_colour_picture_is_exact() {
    let pixels = the_8(Cut::Full);
    for depth in [Depth::Sixteen, Depth::Indexed, Depth::True] {
        let theme = theme(depth, Glyphs::Blocks);
        for paint in [Paint::Original, Paint::Network, Paint::Difference] {
            let buf = drawn(&pixels, paint, theme, Rect::new(0, 0, 28, 14));
            let color = |value| match paint {
                Paint::Original => theme.original(value),
                Paint::Network => theme.network(value),
                Paint::Difference => theme.difference(value),
            };
            for y in 0..14 {
                for x in 0..28 {
                    let cell = &buf[(x, y)];
                    let (x, y) = (usize::from(x), usize::from(y));
                    assert_eq!(cell.symbol(), "▀");
                    assert_eq!(cell.fg, color(pixels.at(x, 2 * y)));
                    assert_eq!(cell.bg, color(pixels.at(x, 2 * y + 1)));
                }
            }
        }
    }
}

#[test]
fn ascii_with_colours_paints_the_mean_of_two_pixels() {
    let pixels = the_8(Cut::Full);
    let theme = theme(Depth::True, Glyphs::Ascii);
    let buf = drawn(&pixels, Paint::Network, theme, Rect::new(0, 0, 28, 14));
    let cell = &buf[(16, 2)];
    assert_eq!(cell.symbol(), " ");
    assert_eq!(
        cell.bg,
        theme.network(f32::midpoint(pixels.at(16, 4), pixels.at(16, 5)))
    );
}

#[test]
fn a_difference_without_colour_says_lost_and_added() {
    let blocks = |pair| difference_glyph(pair, Glyphs::Blocks);
    assert_eq!(
        [-0.05, -0.2, -0.4, -0.9].map(|value| blocks([value, 0.0])),
        [' ', '·', '-', '=']
    );
    assert_eq!(
        [0.05, 0.2, 0.4, 0.9].map(|value| blocks([0.0, value])),
        [' ', '+', '*', '#']
    );
    assert_eq!(
        blocks([-0.8, 0.7]),
        '=',
        "a moved stroke does not cancel out"
    );
    assert_eq!(difference_glyph([-0.2, 0.0], Glyphs::Ascii), '.');
}

#[test]
fn a_picture_stands_in_the_middle_of_a_larger_area() {
    let none = theme(Depth::None, Glyphs::Blocks);
    let ink = of(Cut::Thumb, 1.0);
    let buf = drawn(&ink, Paint::Original, none, Rect::new(3, 2, 14, 7));
    let line = |y| (3..17).map(|x| buf[(x, y)].symbol()).collect::<String>();
    assert_eq!(line(2), " ".repeat(14));
    assert_eq!(line(3), format!("  {}  ", "█".repeat(10)));
}

#[test]
fn nothing_is_drawn_outside_the_area_and_nan_is_paper() {
    let pixels = of(Cut::Full, f32::NAN);
    for depth in [Depth::None, Depth::Sixteen, Depth::Indexed, Depth::True] {
        for glyphs in [Glyphs::Blocks, Glyphs::Ascii] {
            let theme = theme(depth, glyphs);
            for (width, height) in [(0, 0), (1, 1), (5, 3), (40, 1), (1, 40), (60, 30)] {
                for paint in [Paint::Original, Paint::Network, Paint::Difference] {
                    let mut buf = Buffer::filled(Rect::new(0, 0, 20, 10), Cell::new("x"));
                    let area = Rect::new(2, 3, width, height);
                    Picture {
                        pixels: &pixels,
                        paint,
                        theme,
                    }
                    .render(area, &mut buf);
                    for y in 0..10 {
                        for x in 0..20 {
                            let outside = !area.contains((x, y).into());
                            assert!(!outside || buf[(x, y)].symbol() == "x");
                        }
                    }
                }
            }
        }
        assert_eq!(
            theme(depth, Glyphs::Blocks).original(f32::NAN),
            theme(depth, Glyphs::Blocks).original(0.0)
        );
    }
}
