use proptest::prelude::*;
use ratatui::{
    buffer::{Buffer, Cell},
    layout::Rect,
    style::Color,
    widgets::Widget,
};

use super::*;
use crate::ui::theme::{Depth, Glyphs, Theme, Tone};

fn theme(depth: Depth, glyphs: Glyphs) -> Theme {
    Theme {
        depth,
        tone: Tone::Dark,
        glyphs,
    }
}

const PLAIN: Theme = Theme {
    depth: Depth::None,
    tone: Tone::Dark,
    glyphs: Glyphs::Blocks,
};

fn some(values: &[f32]) -> Vec<Option<f32>> {
    values.iter().copied().map(Some).collect()
}

fn drawn(widget: impl Widget, width: u16, height: u16) -> Buffer {
    let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
    widget.render(buf.area, &mut buf);
    buf
}

/// A loss that falls, as in the design: 34 columns.
const LOSS: [f32; 34] = [
    0.69, 0.69, 0.69, 0.62, 0.45, 0.35, 0.3, 0.27, 0.26, 0.26, 0.255, 0.25, 0.25, 0.24, 0.24, 0.24,
    0.23, 0.23, 0.23, 0.23, 0.22, 0.22, 0.22, 0.22, 0.22, 0.21, 0.21, 0.21, 0.21, 0.21, 0.21, 0.21,
    0.21, 0.208,
];

fn loss_chart(values: &[Option<f32>], theme: Theme) -> AreaChart<'_> {
    AreaChart {
        values,
        scale: Scale::logarithmic(0.18, 0.70),
        references: &[Reference {
            value: 0.263,
            label: "mean image .263",
        }],
        points: &[],
        changes: &[],
        seen: None,
        theme,
    }
}

#[test]
fn a_loss_has_its_axis_its_area_and_a_line_where_that_is_empty() {
    let values = some(&LOSS);
    assert_eq!(
        drawn(loss_chart(&values, PLAIN), 39, 4),
        Buffer::with_lines([
            "0.70│▇▇▇▅                              ",
            "    │████▅                             ",
            "    │█████▇▄▁┄┄┄┄┄┄┄┄┄┄ mean image .263",
            "0.18│███████████▇▇▆▆▆▅▅▅▅▄▄▄▄▄▃▃▃▃▃▃▃▃▃",
        ])
    );
}

#[test]
fn a_loss_in_ascii() {
    let values = some(&LOSS);
    assert_eq!(
        drawn(
            loss_chart(&values, theme(Depth::None, Glyphs::Ascii)),
            39,
            4
        ),
        Buffer::with_lines([
            "0.70|+++:                              ",
            "    |####:                             ",
            "    |#####+._---------- mean image .263",
            "0.18|###########++:::::::.............."
        ])
    );
}

#[test]
fn a_label_without_room_leaves_the_line() {
    let values = some(&[0.2, 0.2, 0.2, 0.2, 0.2, 0.2]);
    assert_eq!(
        drawn(loss_chart(&values, PLAIN), 11, 4),
        Buffer::with_lines(["0.70│      ", "    │      ", "    │┄┄┄┄┄┄", "0.18│▂▂▂▂▂▂"])
    );
}

#[test]
fn two_lines_do_not_share_a_row_and_none_is_beyond_the_scale() {
    let reference = |value, label| Reference { value, label };
    let chart = AreaChart {
        values: &[],
        scale: Scale::linear(0.0, 1.0),
        references: &[
            reference(0.6, "a"),
            reference(0.7, "b"),
            reference(0.1, "c"),
        ],
        points: &[],
        changes: &[],
        seen: None,
        theme: PLAIN,
    };
    assert_eq!(
        drawn(chart, 9, 2),
        Buffer::with_lines(["1.00│┄┄ a", "0.00│┄┄ c"])
    );
}

#[test]
fn points_stand_over_the_area_and_do_not_pierce_it() {
    let values = some(&[1.0, 0.8, 0.1]);
    let point = |column, value| Point { column, value };
    let points = [
        point(0, 0.2),
        point(1, 0.8),
        point(2, 0.9),
        point(9, 0.5),
        point(0, f32::NAN),
    ];
    let chart = |theme| AreaChart {
        values: &values,
        scale: Scale::linear(0.0, 1.0),
        references: &[],
        points: &points,
        changes: &[],
        seen: None,
        theme,
    };
    assert_eq!(
        drawn(chart(PLAIN), 8, 2),
        Buffer::with_lines(["1.00│█••", "0.00│•█▁"])
    );
    assert_eq!(
        drawn(chart(theme(Depth::None, Glyphs::Ascii)), 8, 2)[(6, 0)].symbol(),
        "o"
    );
    let colours = theme(Depth::True, Glyphs::Blocks);
    let buf = drawn(chart(colours), 8, 2);
    let area = colours.area().fg.unwrap();
    // Caps at 0.2, 0.8 and 0.9 of two rows: in the area, at its edge, above it.
    let places = [(5, 1), (6, 0), (7, 0)];
    assert_eq!(places.map(|place| buf[place].symbol()), ["▃", "▄", "▆"]);
    assert_eq!(
        places.map(|place| buf[place].bg),
        [area, Color::Reset, Color::Reset]
    );
    assert_eq!(buf[(5, 0)].fg, area);
}

#[test]
fn the_row_of_recent_steps_has_a_bar_a_step() {
    let values = [
        Some(0.0),
        Some(1.0),
        None,
        Some(0.5),
        Some(f32::NAN),
        Some(9.0),
    ];
    let row = |theme| Labelled {
        label: "now",
        bars: Bars {
            values: &values,
            scale: Scale::linear(0.0, 1.0),
            paint: BarPaint::Dim,
            theme,
        },
    };
    assert_eq!(
        drawn(row(PLAIN), 12, 1),
        Buffer::with_lines(["now │▁█ ▄ █ "])
    );
    assert_eq!(
        drawn(row(theme(Depth::None, Glyphs::Ascii)), 12, 1),
        Buffer::with_lines(["now |_# . # "])
    );
    let colours = theme(Depth::True, Glyphs::Blocks);
    assert_eq!(
        Some(drawn(row(colours), 12, 1)[(5, 0)].fg),
        colours.dim().fg
    );
}

#[test]
fn every_eighth_has_its_block() {
    let values = some(&[0.0, 0.13, 0.26, 0.38, 0.51, 0.63, 0.76, 0.88, 1.0]);
    let bars = Bars {
        values: &values,
        scale: Scale::linear(0.0, 1.0),
        paint: BarPaint::Area,
        theme: PLAIN,
    };
    assert_eq!(drawn(bars, 9, 1), Buffer::with_lines(["▁▁▂▃▄▅▆▇█"]));
}

#[test]
fn a_logarithmic_scale_has_equal_ratios_at_equal_heights() {
    let scale = Scale::logarithmic(0.01, 1.0);
    let half = scale.height(0.1).unwrap();
    // A few roundings of 2^-24 in two logarithms and a quotient.
    assert!((half - 0.5).abs() < 1e-6);
    assert_eq!(scale.height(0.0), Some(0.0));
    assert_eq!(scale.height(f32::INFINITY), Some(1.0));
    assert_eq!(scale.height(f32::NAN), None);
    assert_eq!(Scale::logarithmic(0.0, 1.0).height(0.1), Some(0.1));
    assert_eq!(Scale::linear(2.0, 2.0).height(7.0), Some(0.5));
}

fn any_value() -> impl Strategy<Value = f32> {
    prop_oneof![
        4 => -1.0_f32..2.0,
        1 => prop::sample::select(vec![f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 0.0, 1e30]),
    ]
}

proptest! {
    #[test]
    fn nothing_panics_and_nothing_is_drawn_outside(
        (x, y, width, height) in (0_u16..30, 0_u16..12, 0_u16..40, 0_u16..14),
        values in prop::collection::vec(prop::option::of(any_value()), 0..50),
        (low, high, reference, point) in (any_value(), any_value(), any_value(), any_value()),
        column in 0_u16..60,
        ascii in any::<bool>(),
    ) {
        let theme = theme(Depth::True, if ascii { Glyphs::Ascii } else { Glyphs::Blocks });
        let area = Rect::new(x, y, width, height);
        for scale in [Scale::linear(low, high), Scale::logarithmic(low, high)] {
            let mut buf = Buffer::filled(Rect::new(0, 0, 32, 12), Cell::new("x"));
            AreaChart {
                values: &values,
                scale,
                references: &[Reference { value: reference, label: "mean image" }],
                points: &[Point { column, value: point }],
                changes: &[],
                seen: None,
                theme,
            }
            .render(area, &mut buf);
            let bars = Bars { values: &values, scale, paint: BarPaint::Area, theme };
            Labelled { label: "now", bars }.render(area, &mut buf);
            for place in buf.area.positions() {
                prop_assert!(area.contains(place) || buf[place].symbol() == "x");
            }
        }
    }
}
