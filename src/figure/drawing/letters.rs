//! Letters as outlines, of the one font that is inside the program.

use std::sync::LazyLock;

use ttf_parser::{Face, GlyphId, OutlineBuilder};
use zeno::{Command, Point};

use super::{Anchor, Style};

static FONT: LazyLock<Face<'static>> = LazyLock::new(|| {
    let bytes = include_bytes!("../../../assets/letters.ttf");
    Face::parse(bytes, 0).expect("the font is whole")
});

/// Whether the font has all of these letters: Latin, Greek and Cyrillic ones are there.
pub(in crate::figure) fn are_there(words: &str) -> bool {
    words
        .chars()
        .all(|letter| FONT.glyph_index(letter).is_some())
}

/// How wide words are.
pub(in crate::figure) fn width(words: &str, size: f32) -> f32 {
    let units: u32 = glyphs(words).map(advance).sum();
    units as f32 * scale(size)
}

/// Words that are no wider than that: an ellipsis stands for what there is no room for.
pub(in crate::figure) fn shortened(words: &str, size: f32, room: f32) -> String {
    if width(words, size) <= room {
        return words.to_owned();
    }
    let mut kept: Vec<char> = words.chars().collect();
    loop {
        kept.pop();
        let short: String = kept.iter().collect::<String>().trim_end().to_owned() + "\u{2026}";
        if kept.is_empty() || width(&short, size) <= room {
            return short;
        }
    }
}

/// The outline of words whose baseline is at a place.
pub(super) fn outline(words: &str, at: [f32; 2], style: Style) -> Vec<Command> {
    let mut pen = Pen {
        at,
        along: match style.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => -width(words, style.size) / 2.0,
            Anchor::End => -width(words, style.size),
        },
        scale: scale(style.size),
        upwards: style.upwards,
        path: Vec::new(),
    };
    for glyph in glyphs(words) {
        // A blank has no outline.
        FONT.outline_glyph(glyph, &mut pen);
        pen.along += advance(glyph) as f32 * pen.scale;
    }
    pen.path
}

/// What is not there is an empty box.
fn glyphs(words: &str) -> impl Iterator<Item = GlyphId> {
    let glyph = |letter| FONT.glyph_index(letter).unwrap_or(GlyphId(0));
    words.chars().map(glyph)
}

fn advance(glyph: GlyphId) -> u32 {
    FONT.glyph_hor_advance(glyph).unwrap_or(0).into()
}

fn scale(size: f32) -> f32 {
    size / f32::from(FONT.units_per_em())
}

/// Draws glyphs where they stand on the page.
struct Pen {
    at: [f32; 2],
    along: f32,
    scale: f32,
    upwards: bool,
    path: Vec<Command>,
}

impl Pen {
    fn point(&self, x: f32, y: f32) -> Point {
        let (along, up) = (self.along + x * self.scale, y * self.scale);
        let [left, top] = self.at;
        if self.upwards {
            Point::new(left - up, top - along)
        } else {
            Point::new(left + along, top - up)
        }
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        let to = self.point(x, y);
        self.path.push(Command::MoveTo(to));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let to = self.point(x, y);
        self.path.push(Command::LineTo(to));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let [control, to] = [self.point(x1, y1), self.point(x, y)];
        self.path.push(Command::QuadTo(control, to));
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let [one, two, to] = [self.point(x1, y1), self.point(x2, y2), self.point(x, y)];
        self.path.push(Command::CurveTo(one, two, to));
    }

    fn close(&mut self) {
        self.path.push(Command::Close);
    }
}
