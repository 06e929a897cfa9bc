#![expect(
    clippy::float_cmp,
    reason = "a colour's contrast with itself is one exactly"
)]

use super::*;

const DEPTHS: [Depth; 4] = [Depth::None, Depth::Sixteen, Depth::Indexed, Depth::True];

fn theme(depth: Depth, tone: Tone) -> Theme {
    Theme {
        depth,
        tone,
        glyphs: Glyphs::Blocks,
    }
}

fn hex(color: Color) -> String {
    match color {
        Color::Rgb(red, green, blue) => format!("#{red:02x}{green:02x}{blue:02x}"),
        other => panic!("{other} has no 24 bits"),
    }
}

fn index(color: Color) -> u8 {
    match color {
        Color::Indexed(index) => index,
        other => panic!("{other} is not in the table"),
    }
}

/// A column of the design's colour table.
fn named(tone: Tone) -> Vec<String> {
    let theme = theme(Depth::True, tone);
    let styles = [
        theme.accent(),
        theme.area(),
        theme.text(),
        theme.dim(),
        theme.faint(),
        theme.lost(),
        theme.added(),
        theme.warning(),
    ];
    [
        theme.original(0.0),
        theme.original(1.0),
        theme.network(0.75),
    ]
    .into_iter()
    .chain(styles.map(|style| style.fg.unwrap()))
    .map(hex)
    .collect()
}

#[test]
fn the_colours_are_those_of_the_design() {
    assert_eq!(
        named(Tone::Dark),
        [
            "#0c0e12", "#ffffff", "#8df0b4", "#7fe0a8", "#4f9c74", "#d7dae0", "#8b919c", "#3c424d",
            "#4aa3ff", "#ff9a3c", "#ff6b5e"
        ]
    );
    assert_eq!(
        named(Tone::Light),
        [
            "#f0ede5", "#111418", "#0b6b3f", "#0b7a48", "#5fae88", "#24272c", "#6a6f78", "#cfccc3",
            "#1f6fd0", "#c05a00", "#b3261e"
        ]
    );
}

#[test]
fn the_digits_have_their_colours_at_every_depth() {
    let of = |depth, tone| (0..10).map(move |digit| theme(depth, tone).class(digit));
    assert!(of(Depth::True, Tone::Dark).map(hex).eq([
        "#bbada9", "#997564", "#71affb", "#ffcf35", "#876ad4", "#74f2fc", "#eae9be", "#698e95",
        "#ee2e19", "#f29167"
    ]));
    assert!(of(Depth::True, Tone::Light).map(hex).eq([
        "#583b42", "#ad827a", "#34578b", "#db7410", "#b23def", "#559aa4", "#7e6c4c", "#6c7077",
        "#8a051b", "#c72f02"
    ]));
    let dark = [145, 137, 75, 221, 98, 123, 187, 66, 196, 209];
    assert!(of(Depth::Indexed, Tone::Dark).map(index).eq(dark));
    let light = [95, 138, 25, 166, 129, 73, 94, 242, 88, 160];
    assert!(of(Depth::Indexed, Tone::Light).map(index).eq(light));
    let sixteen = [7, 3, 12, 11, 5, 14, 15, 6, 9, 1];
    assert!(of(Depth::Sixteen, Tone::Dark).map(index).eq(sixteen));
    assert!(of(Depth::None, Tone::Dark).all(|color| color == Color::Reset));
}

#[test]
fn the_sixteen_digits_on_paper_are_ten_and_none_vanishes() {
    let mut seen: Vec<u8> = (0..10)
        .map(|digit| index(theme(Depth::Sixteen, Tone::Light).class(digit)))
        .collect();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 10);
    // Light grey, bright yellow, bright cyan, white; and no class is green.
    assert!(
        seen.iter()
            .all(|index| ![7, 11, 14, 15, 2, 10].contains(index))
    );
}

#[test]
fn sixteen_colours_have_two_ramps_of_four() {
    let dark = theme(Depth::Sixteen, Tone::Dark);
    let values = [0.0, 0.14, 0.15, 0.44, 0.45, 0.79, 0.80, 1.0, 7.0];
    assert_eq!(
        values.map(|value| index(dark.original(value))),
        [0, 0, 8, 8, 7, 7, 15, 15, 15]
    );
    assert_eq!(
        values.map(|value| index(dark.network(value))),
        [0, 0, 2, 2, 10, 10, 15, 15, 15]
    );
    let light = theme(Depth::Sixteen, Tone::Light);
    assert_eq!(
        [0.0, 0.2, 0.5, 1.0].map(|value| index(light.original(value))),
        [15, 7, 8, 0]
    );
    assert_eq!(
        [-1.0, -0.34, -0.33, 0.0, 0.33, 0.34].map(|value| index(dark.difference(value))),
        [12, 12, 0, 0, 0, 3]
    );
}

#[test]
fn a_picture_runs_from_tile_to_ink_and_the_network_from_tile_over_net_to_ink() {
    let dark = theme(Depth::True, Tone::Dark);
    // Halfway from #0c0e12 to #ffffff, and from there to #8df0b4.
    assert_eq!(hex(dark.original(0.5)), "#868789");
    assert_eq!(hex(dark.network(0.375)), "#4d7f63");
    assert_eq!(hex(dark.network(1.0)), "#ffffff");
    assert_eq!(hex(dark.network(0.875)), "#c6f8da");
}

#[test]
fn a_difference_grows_with_its_power_of_four_fifths() {
    for tone in [Tone::Dark, Tone::Light] {
        let theme = theme(Depth::True, tone);
        assert_eq!(theme.difference(0.0), theme.original(0.0));
        assert_eq!(theme.difference(-1.0), theme.lost().fg.unwrap());
        assert_eq!(theme.difference(2.0), theme.added().fg.unwrap());
    }
    // 0.5^0.8 = 0.574 of the way from #0c0e12 to #4aa3ff.
    assert_eq!(
        hex(theme(Depth::True, Tone::Dark).difference(-0.5)),
        "#30649a"
    );
}

#[test]
fn without_colour_every_style_is_empty() {
    for tone in [Tone::Dark, Tone::Light] {
        let none = theme(Depth::None, tone);
        let styles = [
            none.text(),
            none.title(),
            none.dim(),
            none.faint(),
            none.accent(),
            none.area(),
            none.warning(),
            none.lost(),
            none.added(),
            none.active_tab(),
            none.selection(),
            none.class_chip(3),
        ];
        assert!(styles.iter().all(|style| *style == Style::new()));
        for value in [0.0, 0.5, 1.0] {
            assert_eq!(none.original(value), Color::Reset);
            assert_eq!(none.network(value), Color::Reset);
            assert_eq!(none.difference(value), Color::Reset);
            assert_eq!(none.class_shade(3, value), Color::Reset);
        }
    }
}

#[test]
fn only_tiles_chips_and_the_active_tab_have_a_background() {
    for depth in DEPTHS {
        for tone in [Tone::Dark, Tone::Light] {
            let theme = theme(depth, tone);
            let styles = [
                theme.text(),
                theme.title(),
                theme.dim(),
                theme.faint(),
                theme.accent(),
                theme.area(),
                theme.warning(),
                theme.lost(),
                theme.added(),
            ];
            assert!(styles.iter().all(|style| style.bg.is_none()));
        }
    }
}

/// A colour in CIELAB, under D65.
fn lab(color: Rgb) -> [f32; 3] {
    let [r, g, b] = color.map(|channel| {
        let channel = f32::from(channel) / 255.0;
        if channel <= 0.04045 {
            channel / 12.92
        } else {
            ((channel + 0.055) / 1.055).powf(2.4)
        }
    });
    let xyz = [
        (0.4125 * r + 0.3576 * g + 0.1804 * b) / 0.9505,
        0.2127 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9503 * b) / 1.0888,
    ];
    let [x, y, z] = xyz.map(|value| {
        if value > 0.008_856 {
            value.cbrt()
        } else {
            7.787 * value + 16.0 / 116.0
        }
    });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// How far two colours are apart, by CIEDE2000.
fn apart(one: Rgb, other: Rgb) -> f64 {
    let ([l1, a1, b1], [l2, a2, b2]) = (lab(one).map(f64::from), lab(other).map(f64::from));
    let strong = |chroma: f64| (chroma.powi(7) / (chroma.powi(7) + 25.0_f64.powi(7))).sqrt();
    let grey = 0.5 * (1.0 - strong(f64::midpoint(a1.hypot(b1), a2.hypot(b2))));
    let (a1, a2) = (a1 * (1.0 + grey), a2 * (1.0 + grey));
    let (c1, c2) = (a1.hypot(b1), a2.hypot(b2));
    let hue = |a: f64, b: f64| b.atan2(a).to_degrees().rem_euclid(360.0);
    let (h1, h2) = (hue(a1, b1), hue(a2, b2));
    let turn = (h2 - h1 + 180.0).rem_euclid(360.0) - 180.0;
    let mean_hue = (h1 + turn / 2.0).rem_euclid(360.0);
    let (lightness, chroma) = (f64::midpoint(l1, l2), f64::midpoint(c1, c2));
    let of = |times: f64, from: f64| (times * mean_hue - from).to_radians().cos();
    let t = 1.0 - 0.17 * of(1.0, 30.0) + 0.24 * of(2.0, 0.0) + 0.32 * of(3.0, -6.0)
        - 0.20 * of(4.0, 63.0);
    let middle = (lightness - 50.0).powi(2);
    let in_lightness = (l2 - l1) / (1.0 + 0.015 * middle / (20.0 + middle).sqrt());
    let in_chroma = (c2 - c1) / (1.0 + 0.045 * chroma);
    let in_hue =
        2.0 * (c1 * c2).sqrt() * (turn / 2.0).to_radians().sin() / (1.0 + 0.015 * chroma * t);
    let blue = (60.0 * (-((mean_hue - 275.0) / 25.0).powi(2)).exp()).to_radians();
    let turned = -2.0 * strong(chroma) * blue.sin() * in_chroma * in_hue;
    (in_lightness.powi(2) + in_chroma.powi(2) + in_hue.powi(2) + turned).sqrt()
}

#[test]
fn classes_are_as_far_apart_as_their_page_says() {
    let nearest = |colors: &[Rgb], count: usize| {
        let pairs = (0..count).flat_map(|one| (0..one).map(move |other| (one, other)));
        pairs
            .map(|(one, other)| apart(colors[one], colors[other]))
            .fold(f64::INFINITY, f64::min)
    };
    let of_table = |table: &[u8; MOST_CLASSES]| table.map(palette::index_rgb);
    for (colors, said) in [
        (classes::DARK, [15.0, 11.0, 10.0]),
        (classes::LIGHT, [15.0, 11.0, 10.0]),
        (of_table(&classes::DARK_256), [14.0, 9.0, 9.0]),
        (of_table(&classes::LIGHT_256), [14.0, 9.0, 7.0]),
    ] {
        for (count, least) in [26, 47, 64].into_iter().zip(said) {
            let found = nearest(&colors, count);
            assert!(found >= least && found < least + 2.5, "{count}: {found}");
        }
    }
}

#[test]
fn any_two_of_64_classes_are_tellable_and_all_read_on_their_ground() {
    let seen = |color| match color {
        Color::Rgb(red, green, blue) => [red, green, blue],
        other => palette::index_rgb(index(other)),
    };
    // Two colours that differ by two or three are told apart side by side; these stand alone.
    for (depth, tone, of_few, of_all, ground, contrast) in [
        (Depth::True, Tone::Dark, 12.0, 10.0, [0x1e; 3], 4.0),
        (Depth::True, Tone::Light, 15.0, 10.0, [255; 3], 3.2),
        (Depth::Indexed, Tone::Dark, 14.0, 10.0, [0x1e; 3], 2.8),
        (Depth::Indexed, Tone::Light, 14.0, 7.0, [255; 3], 2.5),
    ] {
        let theme = theme(depth, tone);
        let colors: Vec<Rgb> = (0..64).map(|class| seen(theme.class(class))).collect();
        let apart = |one: usize, other: usize| -> f32 {
            let pair = lab(colors[one]).into_iter().zip(lab(colors[other]));
            pair.map(|(one, other)| (one - other).powi(2))
                .sum::<f32>()
                .sqrt()
        };
        for (other, color) in colors.iter().enumerate() {
            let least = if other < 26 { of_few } else { of_all };
            for one in 0..other {
                let apart = apart(one, other);
                assert!(apart > least, "{depth:?} {tone:?} {one} {other}: {apart}");
            }
            let reads = palette::contrast(*color, ground);
            assert!(reads > contrast, "{depth:?} {tone:?} {other}: {reads}");
        }
    }
}

#[test]
fn a_letter_reads_on_its_class() {
    for depth in [Depth::Indexed, Depth::True] {
        for tone in [Tone::Dark, Tone::Light] {
            for digit in 0..64 {
                let style = theme(depth, tone).class_chip(digit);
                let seen = |color| match color {
                    Color::Rgb(red, green, blue) => [red, green, blue],
                    other => palette::index_rgb(index(other)),
                };
                let (text, ground) = (seen(style.fg.unwrap()), seen(style.bg.unwrap()));
                // Black or white reaches 4.58 on any ground; less means the wrong one.
                assert!(palette::contrast(text, ground) > 4.5);
            }
        }
    }
}

#[test]
fn a_paler_digit_is_nearer_to_the_tile() {
    for tone in [Tone::Dark, Tone::Light] {
        let theme = theme(Depth::True, tone);
        assert_eq!(theme.class_shade(3, 0.0), theme.original(0.0));
        assert_eq!(theme.class_shade(3, 1.0), theme.class(3));
    }
    let sixteen = theme(Depth::Sixteen, Tone::Dark);
    assert_eq!(sixteen.class_shade(3, 0.1), sixteen.class(3));
}

#[test]
fn the_nearest_of_256_is_the_nearest() {
    // Every cube entry and grey finds a twin of its own colour.
    for entry in 16..=255 {
        let found = nearest_index(palette::index_rgb(entry));
        assert_eq!(palette::index_rgb(found), palette::index_rgb(entry));
    }
    // All others: compare with a search of the whole table, on a grid of colours.
    let apart = |one: Rgb, other: Rgb| -> i32 {
        (0..3)
            .map(|c| (i32::from(one[c]) - i32::from(other[c])).pow(2))
            .sum()
    };
    for red in (0..=255).step_by(15) {
        for green in (0..=255).step_by(15) {
            for blue in (0..=255).step_by(15) {
                let color = [red, green, blue];
                let least = (16..=255)
                    .map(|i| apart(color, palette::index_rgb(i)))
                    .min();
                let found = apart(color, palette::index_rgb(nearest_index(color)));
                assert_eq!(Some(found), least, "{color:?}");
            }
        }
    }
}

#[test]
fn the_depth_follows_the_environment() {
    use ColorChoice::{Always, Auto, Never};
    let detect = |choice, set: &[(&str, &str)]| {
        let env = |name: &str| {
            let (_, value) = set.iter().find(|(key, _)| *key == name)?;
            Some((*value).to_owned())
        };
        Depth::detect(choice, &env)
    };
    let xterm = ("TERM", "xterm-256color");
    let cases: [(&[(&str, &str)], Depth); 16] = [
        (&[xterm], Depth::Indexed),
        (&[xterm, ("COLORTERM", "truecolor")], Depth::True),
        (
            &[("TERM", "tmux-256color"), ("COLORTERM", "24bit")],
            Depth::True,
        ),
        (&[xterm, ("COLORTERM", "")], Depth::Indexed),
        (&[("TERM", "xterm")], Depth::Sixteen),
        (&[("TERM", "xterm"), ("COLORTERM", "yes")], Depth::Indexed),
        (&[("TERM", "linux")], Depth::Sixteen),
        (
            &[("TERM", "linux"), ("COLORTERM", "truecolor")],
            Depth::Sixteen,
        ),
        (
            &[
                ("TERM", "screen.xterm-256color"),
                ("COLORTERM", "truecolor"),
            ],
            Depth::Indexed,
        ),
        (&[("TERM", "xterm-kitty")], Depth::True),
        (&[("TERM", "vt100")], Depth::None),
        (
            &[("TERM", "vt220"), ("COLORTERM", "truecolor")],
            Depth::None,
        ),
        (&[("TERM", "dumb"), ("COLORTERM", "truecolor")], Depth::None),
        (&[], Depth::None),
        (&[xterm, ("NO_COLOR", "1")], Depth::None),
        (&[xterm, ("NO_COLOR", "")], Depth::Indexed),
    ];
    for (set, depth) in cases {
        assert_eq!(detect(Auto, set), depth, "{set:?}");
    }
    assert_eq!(detect(Never, &[xterm]), Depth::None);
    assert_eq!(detect(Always, &[xterm, ("NO_COLOR", "1")]), Depth::Indexed);
    assert_eq!(detect(Always, &[("TERM", "dumb")]), Depth::Sixteen);
}

#[test]
fn every_symbol_is_one_column_and_ascii_is_ascii() {
    let all = |symbols: &Symbols| {
        let mut all = vec![
            symbols.rule,
            symbols.axis,
            symbols.tick,
            symbols.corner,
            symbols.dashed,
            symbols.point,
            symbols.few,
            symbols.swatch,
            symbols.played,
            symbols.unplayed,
            symbols.milestone,
            symbols.now,
            symbols.play,
            symbols.chosen,
            symbols.strange,
        ];
        all.extend(symbols.eighths);
        all
    };
    for symbol in all(&Symbols::BLOCKS) {
        assert_eq!(ratatui::text::Line::from(symbol.to_string()).width(), 1);
    }
    assert!(all(&Symbols::ASCII).iter().all(char::is_ascii));
}

#[test]
fn the_ramps_of_256_go_one_way_and_begin_at_the_tile() {
    for tone in [Tone::Dark, Tone::Light] {
        let theme = theme(Depth::Indexed, tone);
        let contrast = |color| {
            let tile = palette::index_rgb(index(theme.original(0.0)));
            palette::contrast(tile, palette::index_rgb(index(color)))
        };
        let ramps: [fn(Theme, f32) -> Color; 3] = [
            Theme::network,
            |theme, size| theme.difference(size),
            |theme, size| theme.difference(-size),
        ];
        for ramp in ramps {
            let steps: Vec<f32> = (0..=100)
                .map(|percent| contrast(ramp(theme, percent as f32 / 100.0)))
                .collect();
            assert_eq!(steps[0], 1.0);
            assert!(steps.is_sorted(), "{tone:?} {steps:?}");
            assert!(steps[100] > 3.0);
        }
    }
}

/// Lightness, chroma, and hue in degrees, of CIELAB under D65.
fn lightness_chroma_hue(color: Rgb) -> [f64; 3] {
    let [red, green, blue] = color.map(|channel| {
        let part = f64::from(channel) / 255.0;
        if part > 0.040_45 {
            ((part + 0.055) / 1.055).powf(2.4)
        } else {
            part / 12.92
        }
    });
    let [x, y, z] = [
        (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505,
        0.2126 * red + 0.7152 * green + 0.0722 * blue,
        (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089,
    ]
    .map(|part| {
        if part > 216.0 / 24389.0 {
            part.cbrt()
        } else {
            (24389.0 / 27.0 * part + 16.0) / 116.0
        }
    });
    let (a, b) = (500.0 * (x - y), 200.0 * (y - z));
    [116.0 * y - 16.0, a.hypot(b), b.atan2(a).to_degrees()]
}

#[test]
fn the_networks_ramp_of_256_is_even_in_lightness_and_of_one_hue() {
    for tone in [Tone::Dark, Tone::Light] {
        let (indexed, full) = (theme(Depth::Indexed, tone), theme(Depth::True, tone));
        assert_eq!(indexed.network(0.0), indexed.original(0.0));
        // A stroke's faint edge is the tile, as it nearly is in 24 bits.
        assert_eq!(indexed.network(0.05), indexed.original(0.0));
        let mut ramp: Vec<u8> = (0..=1000)
            .map(|part| index(indexed.network(part as f32 / 1000.0)))
            .collect();
        ramp.dedup();
        let colors: Vec<[f64; 3]> = ramp
            .iter()
            .map(|&entry| lightness_chroma_hue(palette::index_rgb(entry)))
            .collect();
        let steps: Vec<f64> = colors
            .windows(2)
            .map(|pair| (pair[1][0] - pair[0][0]).abs())
            .collect();
        // The last step leads to white, which ends the scale wherever it is met.
        let (_, steps) = steps.split_last().unwrap();
        let mean = steps.iter().sum::<f64>() / steps.len() as f64;
        // The table's levels are 40 apart, some 15 of lightness: the best that it has
        // near a wanted lightness is off by two, and a step by that at both its ends.
        let uneven = 4.0;
        assert!(
            steps.iter().all(|step| (step - mean).abs() < uneven),
            "{tone:?} {steps:?}"
        );
        // Greys have no hue. Neighbours in the table (71 and 72) are 18 degrees of hue
        // apart: none need be off by more than that.
        let hue = |color: Color| match color {
            Color::Rgb(red, green, blue) => lightness_chroma_hue([red, green, blue])[2],
            other => panic!("{other} has no 24 bits"),
        };
        let net = hue(full.network(NET_AT));
        let greens: Vec<f64> = colors
            .iter()
            .filter(|[_, chroma, _]| *chroma > 5.0)
            .map(|[_, _, hue]| *hue)
            .collect();
        assert!(greens.len() >= 4, "{tone:?} {ramp:?}");
        assert!(
            greens.iter().all(|green| (green - net).abs() < 20.0),
            "{tone:?} {greens:?} of {net}"
        );
        let jumps = greens.windows(2).map(|pair| (pair[1] - pair[0]).abs());
        assert!(jumps.clone().all(|jump| jump < 20.0), "{tone:?} {greens:?}");
        // From where greens begin to where they end, no grey is between.
        let is_green: Vec<bool> = colors.iter().map(|color| color[1] > 5.0).collect();
        let borders = is_green.windows(2).filter(|pair| pair[0] != pair[1]);
        assert_eq!(borders.count(), 2, "{tone:?} {ramp:?}");
    }
}

#[test]
fn a_shade_of_256_keeps_its_hue() {
    // #875fd7 to #5f00af, and for paper #005faf to #5f87d7.
    assert_eq!(palette::shifted_index(98, false), 55);
    assert_eq!(palette::shifted_index(25, true), 68);
    assert_eq!(palette::shifted_index(242, true), 246);
    assert_eq!(
        theme(Depth::Indexed, Tone::Dark).class_shade(4, 0.4),
        Color::Indexed(55)
    );
    assert_eq!(
        theme(Depth::Indexed, Tone::Dark).class_shade(4, 0.8),
        Color::Indexed(98)
    );
}
