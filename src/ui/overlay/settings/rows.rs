//! The rows of the settings, one for each line and those between them.

use ratatui::style::Style;

use super::is_anew;
use crate::{
    data::Classes,
    recipe::{Preset, Recipe},
    ui::{
        app::App,
        overlay::sheet::{self, Row, Words},
        settings::{self, BATCHES, Line, NOISES, RATES, Settings, WIDTHS, words},
        theme::{Depth, Theme},
        widget::text,
    },
    words::briefly,
};

/// Columns of a line's mark and name.
const NAME: usize = 22;
/// Columns of a value at the end of a row.
const VALUE: u16 = 8;
/// Columns of a choice among several.
const CHOICE: usize = 5;

/// What all rows are drawn from.
pub(super) struct Rows<'a> {
    pub(super) app: &'a App,
    pub(super) settings: &'a Settings,
    pub(super) theme: Theme,
    pub(super) width: u16,
}

/// How a choice stands to the run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stands {
    /// It holds, and will.
    Holds,
    /// It holds, and another is to come.
    Held,
    /// It is to come.
    ToCome,
    /// Neither.
    Free,
}

impl Rows<'_> {
    pub(super) fn heading_of_next(&self) -> Row {
        let theme = self.theme;
        let differs = [Line::Rate, Line::Price, Line::Noise]
            .iter()
            .any(|line| self.settings.differs(*line));
        let says = if differs {
            ("to come".into(), theme.to_come())
        } else {
            ("now".into(), theme.dim())
        };
        let heading = match self.settings.from {
            settings::From::Next => "hold from the next step",
            settings::From::Moment(_) | settings::From::Branch(_) => {
                "hold from the step after this moment"
            }
        };
        Row::Words(vec![(heading.into(), theme.title())], vec![says])
    }

    pub(super) fn heading_of_anew(&self) -> Row {
        let theme = self.theme;
        let differs = Line::ALL
            .iter()
            .any(|line| is_anew(*line) && self.settings.differs(*line));
        let mut says = Words::new();
        if differs {
            says.extend([
                ("(2) now  ".into(), theme.dim()),
                self.chip("3", Stands::ToCome),
                (" to come".into(), theme.dim()),
            ]);
        }
        Row::Words(
            vec![("begin anew, from step 0".into(), theme.title())],
            says,
        )
    }

    /// The mark and the name of a line.
    fn name(&self, line: Line) -> (String, Style) {
        let here = line == self.settings.line;
        let mark = if here {
            self.theme.symbols().chosen
        } else {
            ' '
        };
        let style = if here {
            self.theme.accent().bold()
        } else {
            self.theme.text()
        };
        (
            format!("{:<NAME$}", format!("{mark} {}", words::name(line))),
            style,
        )
    }

    /// What is being typed and cannot be, in place of the line's values.
    fn refused(&self, line: Line) -> Option<Row> {
        let settings = self.settings;
        let why = settings
            .refused
            .as_ref()
            .filter(|_| line == settings.line)?;
        let words = format!("{}_  {why}", settings.typed);
        Some(Row::Words(
            vec![self.name(line), (words, self.theme.warning())],
            vec![],
        ))
    }

    pub(super) fn rate(&self) -> Row {
        let place = |recipe: &Recipe| {
            let [low, high] = [RATES[0], RATES[RATES.len() - 1]].map(f64::ln);
            (recipe.learning_rate.ln() - low) / (high - low)
        };
        self.slider(Line::Rate, place, |recipe| recipe.learning_rate)
    }

    pub(super) fn price(&self) -> Row {
        if !settings::can_have_price(&self.settings.wanted) {
            let words = ("none in this kind".into(), self.theme.dim());
            return self
                .refused(Line::Price)
                .unwrap_or_else(|| Row::Words(vec![self.name(Line::Price), words], vec![]));
        }
        let prices = settings::prices();
        // The lowest price stands one place from none at all.
        let [low, high] = [prices[1], prices[prices.len() - 1]].map(f64::ln);
        let first = 1.0 / (prices.len() - 1) as f64;
        let place = |recipe: &Recipe| {
            if recipe.l1 == 0.0 {
                0.0
            } else {
                let part = ((recipe.l1.ln() - low) / (high - low)).clamp(0.0, 1.0);
                first + part * (1.0 - first)
            }
        };
        self.slider(Line::Price, place, |recipe| recipe.l1)
    }

    fn slider(
        &self,
        line: Line,
        place: impl Fn(&Recipe) -> f64,
        value: impl Fn(&Recipe) -> f64,
    ) -> Row {
        if let Some(refused) = self.refused(line) {
            return refused;
        }
        let (settings, theme) = (self.settings, self.theme);
        let symbols = theme.symbols();
        let columns = self.width - NAME as u16 - VALUE;
        let column = |recipe: &Recipe| {
            let part = place(recipe).clamp(0.0, 1.0);
            (part * f64::from(columns - 1)).round() as u16
        };
        let (now, wanted) = (column(settings.before()), column(&settings.wanted));
        let (mark, right) = if settings.differs(line) {
            (theme.to_come(), theme.to_come())
        } else {
            (theme.text(), theme.text())
        };
        let mut words = vec![self.name(line)];
        for x in 0..columns {
            let (symbol, style) = if x == wanted {
                (symbols.now, mark)
            } else if x == now {
                (symbols.point, theme.dim())
            } else {
                (symbols.rule, theme.faint())
            };
            words.push((symbol.to_string(), style));
        }
        let says = vec![(briefly(value(&settings.wanted)), right)];
        Row::Words(words, says)
    }

    pub(super) fn noise(&self) -> Row {
        if let Some(refused) = self.refused(Line::Noise) {
            return refused;
        }
        let settings = self.settings;
        let place = |recipe: &Recipe| settings::noise_place(recipe.noise);
        let (now, wanted) = (place(settings.before()), place(&settings.wanted));
        let mut words = vec![self.name(Line::Noise)];
        for (place, name) in NOISES.into_iter().enumerate() {
            words.push(self.chip(name, stands(&place, &now, &wanted)));
        }
        let noise = settings.wanted.noise.to_string();
        let strength = noise.split_once(':').map_or("", |(_, strength)| strength);
        let strength = strength
            .strip_prefix("0.")
            .map_or_else(|| strength.to_owned(), |fraction| format!(".{fraction}"));
        let style = if settings.differs(Line::Noise) {
            self.theme.to_come()
        } else {
            self.theme.text()
        };
        Row::Words(words, vec![(strength, style)])
    }

    /// The widths, and below them what is known to come of each.
    pub(super) fn numbers(&self) -> Vec<Row> {
        if let Some(refused) = self.refused(Line::Numbers) {
            return vec![refused];
        }
        let settings = self.settings;
        let width = |recipe: &Recipe| settings::width(recipe);
        let (Some(now), Some(wanted)) = (width(settings.before()), width(&settings.wanted)) else {
            let code = settings.wanted.architecture().latent();
            let words = match width(&settings.wanted) {
                Some(width) => format!("{width}, as the preset has it"),
                None => match settings.wanted.network.other_channels() {
                    [] => format!("{code}, fixed in this kind"),
                    channels => {
                        let channels = channels.iter().map(usize::to_string);
                        format!(
                            "{code}, channels {}",
                            channels.collect::<Vec<_>>().join(",")
                        )
                    }
                },
            };
            let style = if settings.differs(Line::Numbers) {
                self.theme.to_come()
            } else {
                self.theme.dim()
            };
            return vec![Row::Words(
                vec![self.name(Line::Numbers), (words, style)],
                vec![],
            )];
        };
        let offered = self.offered(&WIDTHS, now, wanted);
        let mut words = vec![self.name(Line::Numbers)];
        words.extend(self.choices(&offered, now, wanted));
        let mut rows = vec![Row::Words(words, vec![])];
        rows.extend(self.measured(&offered, wanted));
        rows
    }

    /// What the measured recipe came to with each width, where this is that recipe.
    fn measured(&self, offered: &[usize], wanted: usize) -> Option<Row> {
        let known = settings::measured(&self.settings.wanted)
            .filter(|_| self.app.classes() == Classes::Digits)?;
        let theme = self.theme;
        let heading = format!("  held-out, epoch {}", self.settings.wanted.epochs);
        let mut words = vec![(format!("{heading:<NAME$}"), theme.dim())];
        for &width in offered {
            let loss =
                known
                    .iter()
                    .find(|(of, _)| *of == width)
                    .map_or_else(String::new, |(_, loss)| {
                        let words = format!("{loss:.3}");
                        words.trim_start_matches('0').to_owned()
                    });
            let style = if width == wanted && self.settings.differs(Line::Numbers) {
                theme.to_come()
            } else {
                theme.dim()
            };
            words.push((format!("{loss:<CHOICE$}"), style));
        }
        Some(Row::Words(words, vec![]))
    }

    pub(super) fn batch(&self) -> Row {
        if let Some(refused) = self.refused(Line::Batch) {
            return refused;
        }
        let (now, wanted) = (
            self.settings.before().batch_size,
            self.settings.wanted.batch_size,
        );
        let offered = self.offered(&BATCHES, now, wanted);
        let mut words = vec![self.name(Line::Batch)];
        words.extend(self.choices(&offered, now, wanted));
        Row::Words(words, vec![])
    }

    pub(super) fn seed(&self) -> Row {
        if let Some(refused) = self.refused(Line::Seed) {
            return refused;
        }
        let (now, wanted) = (self.settings.before().seed, self.settings.wanted.seed);
        let mut words = vec![self.name(Line::Seed)];
        if now != wanted {
            words.push((format!("({now}) "), self.theme.dim()));
        }
        words.push(self.chip(&wanted.to_string(), stands(&wanted, &now, &wanted)));
        let taken: u16 = words.iter().map(|(words, _)| text::width(words)).sum();
        // In the past the seed is that of what is drawn from there on.
        let more = match self.settings.from {
            settings::From::Next => "  r takes any other",
            _ => "  another order from here",
        };
        if taken + text::width(more) <= self.width {
            words.push((more.into(), self.theme.dim()));
        }
        Row::Words(words, vec![])
    }

    /// Each preset on a row of its own.
    pub(super) fn presets(&self) -> Vec<Row> {
        let rows = Preset::ALL.into_iter().enumerate().map(|(place, preset)| {
            let name = if place == 0 {
                let (name, style) = self.name(Line::Preset);
                (name[..name.len() - NAME + 10].to_owned(), style)
            } else {
                (" ".repeat(10), self.theme.text())
            };
            let mut words = vec![name];
            words.extend(self.preset_words(preset));
            Row::Words(words, vec![])
        });
        rows.collect()
    }

    /// The chosen preset alone.
    pub(super) fn preset(&self) -> Row {
        let (name, style) = self.name(Line::Preset);
        let mut words = vec![(name[..name.len() - NAME + 10].to_owned(), style)];
        words.extend(self.preset_words(self.settings.wanted.preset));
        Row::Words(words, vec![])
    }

    fn preset_words(&self, preset: Preset) -> Words {
        let (settings, theme) = (self.settings, self.theme);
        let stands = stands(&preset, &settings.before().preset, &settings.wanted.preset);
        let symbols = theme.symbols();
        let (mark, style) = match stands {
            Stands::Holds => (symbols.now, theme.text()),
            Stands::ToCome => (symbols.now, theme.to_come()),
            Stands::Held => (symbols.point, theme.text()),
            Stands::Free => (symbols.few, theme.faint()),
        };
        let name = match stands {
            Stands::ToCome => theme.to_come(),
            _ => theme.text(),
        };
        let purpose = self.app.classes().said(words::of_preset(preset));
        vec![
            (format!("{mark} "), style),
            (format!("{:<10}", preset.name()), name),
            (purpose, theme.dim()),
        ]
    }

    /// What Enter does, before it is pressed.
    pub(super) fn enter(&self) -> Vec<Row> {
        let intent = self.settings.intent(self.app);
        let words = words::enter(self.settings, &intent, self.app);
        let says = vec![("before you press it".into(), self.theme.dim())];
        let mut rows = vec![Row::Title("enter".into(), says)];
        let plain = text::plain(&words, self.theme);
        rows.extend(sheet::paragraph(&plain, self.theme.text(), self.width));
        rows
    }

    /// The usual values with those that hold and are to come among them; as many as fit.
    fn offered(&self, usual: &[usize], now: usize, wanted: usize) -> Vec<usize> {
        let mut offered = usual.to_vec();
        offered.extend([now, wanted]);
        offered.sort_unstable();
        offered.dedup();
        let columns =
            |offered: &[usize]| -> usize { offered.iter().map(|value| cell(*value).len()).sum() };
        let room = usize::from(self.width) - NAME;
        while columns(&offered) > room {
            let far = |value: usize| value.abs_diff(wanted);
            let farthest = (0..offered.len())
                .filter(|&place| offered[place] != now && offered[place] != wanted)
                .max_by_key(|&place| far(offered[place]));
            match farthest {
                Some(place) => offered.remove(place),
                None => break,
            };
        }
        offered
    }

    fn choices(&self, offered: &[usize], now: usize, wanted: usize) -> Words {
        let mut words = Words::new();
        for value in offered {
            let chip = self.chip(&value.to_string(), stands(value, &now, &wanted));
            let rest = cell(*value).len().saturating_sub(chip.0.len());
            words.push(chip);
            words.push((" ".repeat(rest), self.theme.text()));
        }
        words
    }

    /// A choice: in brackets where there is no colour to tell it by.
    fn chip(&self, words: &str, stands: Stands) -> (String, Style) {
        let theme = self.theme;
        let plain = theme.depth == Depth::None;
        match stands {
            Stands::Holds if plain => (format!("[{words}]"), theme.text()),
            Stands::ToCome if plain => (format!("[{words}]"), theme.to_come()),
            Stands::Holds => (format!(" {words} "), theme.selection()),
            Stands::ToCome => (format!(" {words} "), theme.to_come_chip()),
            Stands::Held => (format!("({words})"), theme.text()),
            Stands::Free => (format!(" {words} "), theme.dim()),
        }
    }
}

/// The columns of a choice, its brackets among them.
fn cell(value: usize) -> String {
    format!("{:<CHOICE$}", format!(" {value} "))
}

fn stands<T: PartialEq>(value: &T, now: &T, wanted: &T) -> Stands {
    match (value == now, value == wanted) {
        (true, true) => Stands::Holds,
        (true, false) => Stands::Held,
        (false, true) => Stands::ToCome,
        (false, false) => Stands::Free,
    }
}
