//! Colours and characters by name, for each kind of terminal.
//!
//! White is real, green was made by the network: the originals run from tile to
//! ink, everything the network made from tile to net. The screen's background is
//! never painted, so no style here has a background but tiles, chips and the
//! active tab. The theme knows terminals; it does not know what is drawn.

mod classes;
mod depth;
mod glyphs;
mod palette;
mod symbols;

use palette::{Palette, Rgb, mix, nearest_index};
use ratatui::style::{Color, Modifier, Style};

use crate::data::MOST_CLASSES;

pub use depth::{ColorChoice, Depth};
pub use glyphs::Glyphs;
pub(in crate::ui) use palette::index_rgb;
pub use symbols::Symbols;

/// Whether the terminal's background is dark or light.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Light on dark.
    #[default]
    Dark,
    /// Ink on paper.
    Light,
}

/// How the screen is painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// How many colours there are.
    pub depth: Depth,
    /// What they stand on.
    pub tone: Tone,
    /// What they draw.
    pub glyphs: Glyphs,
}

/// Above these the four shades of a picture in 16 colours change.
const SHADES: [f32; 3] = [0.15, 0.45, 0.80];
/// Below this a difference in 16 colours is none.
const DIFFERENCE_SEEN: f32 = 0.33;
/// The value at which a reconstruction has the full colour of the network.
const NET_AT: f32 = 0.75;
/// How much of the colour of what was added a heap of strangers has.
const STRANGE: f32 = 0.68;
/// What is left of a colour that steps back.
const STEPPED_BACK: f32 = 0.25;
/// The strength from which a digit has its full colour among 256.
const FULL_AT: f32 = 0.75;

impl Theme {
    /// Body text.
    pub fn text(self) -> Style {
        self.fg(self.palette().text, Color::Reset)
    }

    /// The name of a pane: text that stands out.
    pub fn title(self) -> Style {
        self.emphasis(self.text())
    }

    /// Text of the second rank: units, ticks, hints.
    pub fn dim(self) -> Style {
        self.fg(self.palette().dim, Color::Indexed(8))
    }

    /// Rules and axes; too weak for text.
    pub fn faint(self) -> Style {
        let ansi = self.by_tone(8, 7);
        self.fg(self.palette().faint, Color::Indexed(ansi))
    }

    /// Keys, state, the played part of the tape.
    pub fn accent(self) -> Style {
        let ansi = self.by_tone(10, 2);
        self.fg(self.palette().accent, Color::Indexed(ansi))
    }

    /// A colour at a quarter of its strength, for what steps back; in sixteen colours there is
    /// one that is weak.
    pub fn stepped_back(self, color: Color) -> Color {
        let tile = self.palette().tile;
        let weaker = |color: Rgb| mix(tile, color, STEPPED_BACK);
        match (self.depth, color) {
            (Depth::None, color) => color,
            (Depth::Sixteen, _) => Color::Indexed(8),
            (Depth::True, Color::Rgb(red, green, blue)) => rgb(weaker([red, green, blue])),
            (Depth::Indexed, Color::Indexed(index)) => {
                Color::Indexed(nearest_index(weaker(index_rgb(index))))
            }
            (_, Color::Reset) => self.color(weaker(self.palette().text)),
            (_, color) => color,
        }
    }

    /// The same of what something stands on; the screen's own ground stays.
    pub fn ground_stepped_back(self, color: Color) -> Color {
        match (self.depth, color) {
            (_, Color::Reset) | (Depth::Sixteen, _) => Color::Reset,
            (_, color) => self.stepped_back(color),
        }
    }

    /// The body of the loss chart.
    pub fn area(self) -> Style {
        self.fg(self.palette().area, Color::Indexed(2))
    }

    /// A heap of what is none of the data's.
    pub fn strange(self) -> Style {
        let palette = self.palette();
        let full = mix(palette.tile, palette.added, STRANGE);
        self.fg(full, Color::Indexed(3))
    }

    /// Where such a heap and one of the data's own lie on each other.
    pub fn both(self) -> Style {
        let palette = self.palette();
        let strange = mix(palette.tile, palette.added, STRANGE);
        let mixed = mix(palette.area, mix(strange, palette.tile, 0.25), 0.55);
        self.fg(mixed, Color::Indexed(8))
    }

    /// A fault; it always comes with a word.
    pub fn warning(self) -> Style {
        let ansi = self.by_tone(9, 1);
        self.fg(self.palette().warning, Color::Indexed(ansi))
    }

    /// The same as a chip.
    pub fn warning_chip(self) -> Style {
        self.chip(self.warning().fg.unwrap_or_default())
    }

    /// What the reconstruction lacks.
    pub fn lost(self) -> Style {
        self.fg(self.palette().lost, Color::Indexed(12))
    }

    /// What the reconstruction has too much.
    pub fn added(self) -> Style {
        self.fg(self.palette().added, Color::Indexed(3))
    }

    /// What was changed on the way of a run.
    pub fn changed(self) -> Style {
        self.added()
    }

    /// That the past is seen: dark on the colour of text. In few colours that is whatever
    /// the terminal writes with, turned round.
    pub fn past_chip(self) -> Style {
        match self.depth {
            Depth::None => Style::new(),
            Depth::Sixteen => Style::new().add_modifier(Modifier::REVERSED),
            Depth::Indexed | Depth::True => self.chip(self.color(self.palette().text)),
        }
    }

    /// A setting that differs from what holds.
    pub fn to_come(self) -> Style {
        self.added()
    }

    /// The same as a chip.
    pub fn to_come_chip(self) -> Style {
        self.chip(self.to_come().fg.unwrap_or_default())
    }

    /// The name of the view one is in. Without colour it needs brackets.
    pub fn active_tab(self) -> Style {
        self.chip(self.accent().fg.unwrap_or_default())
    }

    /// The mark of the chosen sample: a reversed chip, paper on ink.
    pub fn selection(self) -> Style {
        if self.depth == Depth::None {
            return Style::new();
        }
        self.emphasis(Style::new().fg(self.original(0.0)).bg(self.original(1.0)))
    }

    /// The colour of a class's images.
    pub fn class(self, class: u8) -> Color {
        let (palette, class) = (self.palette(), usize::from(class));
        match self.depth {
            Depth::None => Color::Reset,
            Depth::Sixteen => Color::Indexed(palette.classes_16[class % 10]),
            Depth::Indexed => Color::Indexed(palette.classes_256[class % MOST_CLASSES]),
            Depth::True => rgb(palette.classes[class % MOST_CLASSES]),
        }
    }

    /// Whether the colours alone tell so many classes.
    pub fn tells_classes(self, count: usize) -> bool {
        match self.depth {
            Depth::None => false,
            Depth::Sixteen => count <= self.palette().classes_16.len(),
            Depth::Indexed | Depth::True => true,
        }
    }

    /// A class's colour, paler where there are fewer images: `strength` runs
    /// from 0, the tile, to 1, the full colour. Of 256 colours there are two shades
    /// that keep the hue, of sixteen one.
    pub fn class_shade(self, class: u8, strength: f32) -> Color {
        match self.depth {
            Depth::True => {
                let full = self.palette().classes[usize::from(class) % MOST_CLASSES];
                rgb(mix(self.palette().tile, full, strength))
            }
            Depth::Indexed if strength < FULL_AT => {
                let full = self.palette().classes_256[usize::from(class) % MOST_CLASSES];
                let lighter = self.tone == Tone::Light;
                Color::Indexed(palette::shifted_index(full, lighter))
            }
            _ => self.class(class),
        }
    }

    /// A letter that stands on a class's full colour.
    pub fn class_chip(self, class: u8) -> Style {
        self.chip(self.class(class))
    }

    /// Black or white text, whichever reads better, on a coloured ground.
    fn chip(self, ground: Color) -> Style {
        if self.depth == Depth::None {
            return Style::new();
        }
        self.emphasis(Style::new().fg(self.text_on(ground)).bg(ground))
    }

    /// The ground of what is to be seen first of all, which is that of pictures.
    pub fn ground(self) -> Style {
        match self.depth {
            Depth::None => Style::new(),
            _ => Style::new().bg(self.original(0.0)),
        }
    }

    /// The colour of an original's pixel.
    pub fn original(self, value: f32) -> Color {
        let palette = self.palette();
        self.shade(value, palette.shades_original, |value| {
            mix(palette.tile, palette.ink, value)
        })
    }

    /// The pixel that a pen stands on: in the colour of what is live, and on ink in that of the
    /// other tone, which is darker or lighter.
    pub fn pen(self, ink: f32) -> Color {
        let tone = match (self.tone, ink > 0.5) {
            (tone, false) => tone,
            (Tone::Dark, true) => Tone::Light,
            (Tone::Light, true) => Tone::Dark,
        };
        Self { tone, ..self }.accent().fg.unwrap_or_default()
    }

    /// The colour of a pixel that the network made.
    pub fn network(self, value: f32) -> Color {
        let palette = self.palette();
        if self.depth == Depth::Indexed {
            let (to_net, value) = (palette.net_256, fraction(value));
            return if value <= NET_AT {
                step(&palette.network_256[..=to_net], value / NET_AT)
            } else {
                step(
                    &palette.network_256[to_net..],
                    (value - NET_AT) / (1.0 - NET_AT),
                )
            };
        }
        self.shade(value, palette.shades_network, |value| {
            if value <= NET_AT {
                mix(palette.tile, palette.net, value / NET_AT)
            } else {
                mix(palette.net, palette.ink, (value - NET_AT) / (1.0 - NET_AT))
            }
        })
    }

    /// The colour of a difference, reconstruction minus original, on a fixed
    /// scale from -1 to 1: its strength is `|difference|^0.8`.
    pub fn difference(self, difference: f32) -> Color {
        let palette = self.palette();
        let size = fraction(difference.abs());
        let (full, ramp, style) = if difference < 0.0 {
            (palette.lost, palette.lost_256, self.lost())
        } else {
            (palette.added, palette.added_256, self.added())
        };
        match self.depth {
            Depth::None => Color::Reset,
            Depth::Sixteen if size > DIFFERENCE_SEEN => style.fg.unwrap_or_default(),
            Depth::Sixteen => self.original(0.0),
            Depth::Indexed => step(ramp, size.powf(0.8)),
            Depth::True => rgb(mix(palette.tile, full, size.powf(0.8))),
        }
    }

    /// The characters to draw with.
    pub fn symbols(self) -> &'static Symbols {
        match self.glyphs {
            Glyphs::Blocks => &Symbols::BLOCKS,
            Glyphs::Ascii => &Symbols::ASCII,
        }
    }

    fn shade(self, value: f32, shades: [u8; 4], ramp: impl Fn(f32) -> Rgb) -> Color {
        let value = fraction(value);
        match self.depth {
            Depth::None => Color::Reset,
            Depth::Sixteen => {
                let shade = SHADES.iter().filter(|&&cut| value >= cut).count();
                Color::Indexed(shades[shade])
            }
            Depth::Indexed | Depth::True => self.color(ramp(value)),
        }
    }

    fn fg(self, full: Rgb, sixteen: Color) -> Style {
        match self.depth {
            Depth::None => Style::new(),
            Depth::Sixteen => Style::new().fg(sixteen),
            Depth::Indexed | Depth::True => Style::new().fg(self.color(full)),
        }
    }

    /// Bold, where it is not the only sign of what it says.
    fn emphasis(self, style: Style) -> Style {
        match self.depth {
            Depth::None => style,
            _ => style.bold(),
        }
    }

    fn color(self, full: Rgb) -> Color {
        match self.depth {
            Depth::Indexed => Color::Indexed(nearest_index(full)),
            _ => rgb(full),
        }
    }

    fn text_on(self, ground: Color) -> Color {
        let ground = match ground {
            Color::Rgb(red, green, blue) => [red, green, blue],
            Color::Indexed(index) => palette::index_rgb(index),
            _ => self.palette().tile,
        };
        let (black, white) = ([0; 3], [255; 3]);
        let dark_reads = palette::contrast(ground, black) >= palette::contrast(ground, white);
        match (self.depth, dark_reads) {
            (Depth::True, true) => rgb(black),
            (Depth::True, false) => rgb(white),
            (Depth::Indexed, true) => Color::Indexed(16),
            (Depth::Indexed, false) => Color::Indexed(231),
            (_, true) => Color::Indexed(0),
            (_, false) => Color::Indexed(15),
        }
    }

    fn by_tone(self, dark: u8, light: u8) -> u8 {
        match self.tone {
            Tone::Dark => dark,
            Tone::Light => light,
        }
    }

    fn palette(self) -> &'static Palette {
        match self.tone {
            Tone::Dark => &palette::DARK,
            Tone::Light => &palette::LIGHT,
        }
    }
}

/// A class's colour on paper, for figures.
pub fn class_on_paper(class: u8) -> [u8; 3] {
    palette::LIGHT.classes[usize::from(class) % MOST_CLASSES]
}

/// A value that is drawn: between 0 and 1, and 0 where it is no number.
fn fraction(value: f32) -> f32 {
    if value.is_nan() {
        0.0
    } else {
        value.clamp(0.0, 1.0)
    }
}

/// The entry of a ramp of the 256 colours that is a part of the way along it.
fn step(ramp: &[u8], part: f32) -> Color {
    let last = ramp.len() - 1;
    Color::Indexed(ramp[(part * last as f32).round() as usize])
}

fn rgb([red, green, blue]: Rgb) -> Color {
    Color::Rgb(red, green, blue)
}

#[cfg(test)]
mod tests;
