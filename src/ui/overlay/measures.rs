//! What the network is good for: what each of its numbers means, and that number beside a rival's, and
//! which is better.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::notice;
use crate::{
    data::Classes,
    measure::{Denoising, DigitQuality, Features, Measures, Quality, Reconstructions, decibels},
    message::{Appraisal, Observation, Phase},
    pace::Pace,
    ui::{app::App, theme::Theme, widget::text},
    words::grouped,
};

type Line = Vec<(String, Style)>;

/// Columns: what is measured, the network, its rival, and who that is. A verdict follows.
const WHAT: usize = 16;
const NUMBER: usize = 8;
const WHO: usize = 11;
/// Columns of the names beside the numbers of each class, and of such a number: `exact`
/// stands apart from its neighbours.
const CLASS_WHAT: usize = 14;
const CLASS: usize = 6;
/// Classes in a line.
const CLASSES: usize = 10;

/// When there is no room, lines go: first those of the last kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Needed,
    Header,
    NoisyImage,
    MeanImage,
    OneGrey,
    Gap,
    Classes,
}

/// Draws the measures over the view.
pub(in crate::ui) fn render(app: &App, theme: Theme, area: Rect, buf: &mut Buffer) {
    let appraisal = app.seen.as_ref().map(|seen| &seen.appraisal);
    let measured = appraisal.and_then(|appraisal| appraisal.measured.as_ref());
    let room = Room {
        columns: usize::from(area.width.saturating_sub(6)),
        rows: usize::from(area.height.saturating_sub(6)).max(1),
    };
    let (title, mut lines) = if let Some((step, measures)) = measured {
        (
            format!("measures after step {}", grouped(*step)),
            room.fitted(
                Table {
                    theme,
                    columns: room.columns,
                    classes: app.classes(),
                }
                .lines(measures),
            ),
        )
    } else {
        let words = waiting(app.seen.as_deref());
        ("measures".into(), vec![vec![(words.into(), theme.text())]])
    };
    let mut closing = vec![
        ("Esc".into(), theme.accent().bold()),
        (" close".into(), theme.dim()),
    ];
    if measured.is_some() && appraisal.is_some_and(|appraisal| appraisal.under_way) {
        let is_past = app
            .seen
            .as_deref()
            .is_some_and(|seen| seen.seen.past.is_some());
        let which = if is_past { "this step" } else { "a newer step" };
        closing.push((format!("   measuring {which}..."), theme.dim()));
    }
    lines.push(vec![]);
    lines.push(closing);
    notice::panel(theme, &title, theme.title(), &lines, area, buf);
}

/// Why there are no measures yet.
fn waiting(seen: Option<&Observation>) -> &'static str {
    let Some(seen) = seen else {
        return "There is no network yet.";
    };
    let full_speed = seen.moment.phase == Phase::Training && seen.moment.pace == Pace::Full;
    match &seen.appraisal {
        Appraisal {
            under_way: false, ..
        } => "Nothing has been measured.",
        _ if full_speed => "Measuring, a little at a time: training goes first.",
        Appraisal { rivals: None, .. } => "Measuring what needs no network...",
        Appraisal { .. } => "Measuring the network...",
    }
}

/// Columns and rows of the panel's inside.
struct Room {
    columns: usize,
    rows: usize,
}

impl Room {
    /// As many of the lines as there is room for.
    fn fitted(&self, mut lines: Vec<(Kind, Line)>) -> Vec<Line> {
        let wide = |line: &Line| -> usize {
            line.iter()
                .map(|(words, _)| usize::from(text::width(words)))
                .sum()
        };
        lines.retain(|(kind, line)| *kind < Kind::Classes || wide(line) <= self.columns);
        while lines.len() > self.rows
            && let Some(last) = lines.iter().map(|(kind, _)| *kind).max()
            && last > Kind::Needed
        {
            lines.retain(|(kind, _)| *kind < last);
        }
        lines.truncate(self.rows);
        lines.into_iter().map(|(_, line)| line).collect()
    }
}

/// A number that is better when it is less, or when it is more.
#[derive(Debug, Clone, Copy)]
enum Number {
    Loss(f64),
    Decibels(f64),
    Share(f64),
}

impl Number {
    fn written(self) -> String {
        match self {
            Self::Loss(loss) => format!("{loss:.3}"),
            Self::Decibels(f64::INFINITY) => decibels(f64::INFINITY, 1),
            Self::Decibels(psnr) => format!("{} dB", decibels(psnr, 1)),
            Self::Share(share) => format!("{:.1} %", 100.0 * share),
        }
    }

    /// Whether it is better than another of its kind, as far as can be seen.
    fn verdict(self, other: Self) -> &'static str {
        let better = match (self, other) {
            _ if self.written() == other.written() => return "alike",
            (Self::Loss(own), Self::Loss(other)) => own < other,
            (Self::Decibels(own), Self::Decibels(other))
            | (Self::Share(own), Self::Share(other)) => own > other,
            _ => return "",
        };
        if better { "better" } else { "worse" }
    }
}

/// The lines of all measures.
struct Table {
    theme: Theme,
    /// Of a line.
    columns: usize,
    classes: Classes,
}

impl Table {
    fn lines(&self, measures: &Measures) -> Vec<(Kind, Line)> {
        let values = measures.compression.values;
        let pca = &format!("PCA-{values}");
        let header = format!("{:WHAT$}{:>NUMBER$}  {:>NUMBER$}", "", "network", "rival");
        let mut lines = vec![(Kind::Header, vec![(header, self.theme.dim())])];
        lines.extend(self.reconstruction(&measures.reconstruction, pca));
        lines.extend(self.by_class(&measures.reconstruction, pca));
        let told = measures
            .features
            .as_ref()
            .map_or_else(String::new, |features| {
                self.classes.said(&features.plainly())
            });
        lines.extend([
            gap(),
            self.heading(told, "features, dimensionality reduction"),
            self.told(measures.features.as_ref(), pca),
            gap(),
            self.heading(measures.compression.plainly(), "compression"),
            self.row(
                "PSNR",
                Number::Decibels(measures.compression.psnr),
                Number::Decibels(measures.compression.pca_psnr),
                pca,
            ),
        ]);
        if let Some(denoising) = &measures.denoising {
            lines.extend(self.denoising(denoising));
        }
        lines.extend(self.sparsity(measures));
        lines
    }

    fn reconstruction(&self, all: &Reconstructions, pca: &str) -> Vec<(Kind, Line)> {
        let loss = |quality: &Quality| Number::Loss(quality.cross_entropy);
        let network = loss(&all.network.all);
        vec![
            self.heading(all.network.all.plainly(), "reconstruction"),
            self.row("cross-entropy", network, loss(&all.pca.all), pca),
            (
                Kind::MeanImage,
                self.rival(network, loss(&all.mean_image.all), "average"),
            ),
            (
                Kind::OneGrey,
                self.rival(network, loss(&all.one_grey.all), "one grey"),
            ),
        ]
    }

    /// How often neighbours tell the class, where there is more than one.
    fn told(&self, features: Option<&Features>, pca: &str) -> (Kind, Line) {
        let Some(features) = features else {
            let words = match self.classes {
                Classes::Unlabelled => "  no labels: nothing is told apart",
                _ => "  one class: nothing is told apart",
            };
            return (Kind::Needed, vec![(words.into(), self.theme.dim())]);
        };
        let share = [features.network, features.pca].map(Number::Share);
        self.row("told by 10-NN", share[0], share[1], pca)
    }

    /// Decibels of each class, where the screen is large; ten in a line.
    fn by_class(&self, all: &Reconstructions, pca: &str) -> Vec<(Kind, Line)> {
        if self.classes == Classes::Unlabelled {
            return Vec::new();
        }
        let mut lines = Vec::new();
        let parts = all.network.digits.chunks(CLASSES);
        for (network, rival) in parts.zip(all.pca.digits.chunks(CLASSES)) {
            lines.push(gap().1);
            lines.extend(self.classes_of(network, rival, pca));
        }
        lines
            .into_iter()
            .map(|line| (Kind::Classes, line))
            .collect()
    }

    fn classes_of(&self, network: &[DigitQuality], rival: &[DigitQuality], pca: &str) -> [Line; 3] {
        let names = network.iter().fold(String::new(), |names, class| {
            let name = self.classes.name(class.digit);
            let name: String = name.chars().take(CLASS - 1).collect();
            format!("{names}{name:>CLASS$}")
        });
        let title = format!("{:<CLASS_WHAT$}", self.classes.said("PSNR by digit"));
        let row = |name: &str, style, of: &[DigitQuality]| {
            let numbers = of.iter().fold(String::new(), |numbers, class| {
                let psnr = decibels(class.quality.fidelity.psnr, 1);
                format!("{numbers}{psnr:>CLASS$}")
            });
            let name = format!("  {name:<w$}", w = CLASS_WHAT - 2);
            vec![(name, self.theme.dim()), (numbers, style)]
        };
        [
            vec![(title, self.theme.title()), (names, self.theme.dim())],
            row("network", self.theme.accent(), network),
            row(pca, self.theme.text(), rival),
        ]
    }

    fn denoising(&self, denoising: &Denoising) -> Vec<(Kind, Line)> {
        let decibels = |quality: &Quality| Number::Decibels(quality.fidelity.psnr);
        let network = decibels(&denoising.network);
        vec![
            gap(),
            self.heading(
                denoising.plainly(),
                &format!("denoising {}", denoising.noise),
            ),
            self.row("PSNR", network, decibels(&denoising.median), "3x3 median"),
            (
                Kind::NoisyImage,
                self.rival(network, decibels(&denoising.noisy), "noisy image"),
            ),
        ]
    }

    fn sparsity(&self, measures: &Measures) -> [(Kind, Line); 3] {
        let (all, sparsity) = (measures.compression.values, &measures.sparsity);
        let (dead, style) = match sparsity.dead_units.len() {
            0 => ("no code value is dead".into(), self.theme.text()),
            1 => (format!("1 of {all} units is dead"), self.theme.warning()),
            dead => (
                format!("{dead} of {all} units are dead"),
                self.theme.warning(),
            ),
        };
        let zeros = Number::Share(sparsity.zeros).written();
        let line = vec![
            (format!("{:<WHAT$}", "  zero values"), self.theme.dim()),
            (format!("{zeros:>NUMBER$}"), self.theme.accent()),
            (format!("   {dead}"), style),
        ];
        [
            gap(),
            self.heading(
                sparsity.plainly(),
                match measures.denoising {
                    // The other measures of a code have clean images too.
                    Some(_) => "sparsity, of clean images",
                    None => "sparsity of the code",
                },
            ),
            (Kind::Needed, line),
        ]
    }

    /// What is measured: a plain sentence, and what it is called, as far as there is room.
    fn heading(&self, plainly: String, name: &str) -> (Kind, Line) {
        let columns = usize::from(text::width(&plainly));
        let mut line = vec![(plainly, self.theme.title())];
        let gap = if columns == 0 { "" } else { "  " };
        let named = format!("{gap}{name}");
        if columns + usize::from(text::width(&named)) <= self.columns {
            line.push((named, self.theme.dim()));
        }
        (Kind::Needed, line)
    }

    /// The network's number beside a rival's.
    fn row(&self, what: &str, network: Number, rival: Number, who: &str) -> (Kind, Line) {
        let mut line = vec![
            (format!("  {what:<w$}", w = WHAT - 2), self.theme.dim()),
            (
                format!("{:>NUMBER$}", network.written()),
                self.theme.accent(),
            ),
        ];
        line.extend(self.against(network, rival, who));
        (Kind::Needed, line)
    }

    /// Another rival of the number above.
    fn rival(&self, network: Number, rival: Number, who: &str) -> Line {
        let nothing = " ".repeat(WHAT + NUMBER);
        let mut line = vec![(nothing, self.theme.text())];
        line.extend(self.against(network, rival, who));
        line
    }

    fn against(&self, network: Number, rival: Number, who: &str) -> [(String, Style); 3] {
        let verdict = network.verdict(rival);
        let style = match verdict {
            "better" => self.theme.accent().bold(),
            _ => self.theme.text(),
        };
        [
            (format!("  {:>NUMBER$}", rival.written()), self.theme.text()),
            (format!("  {who:<WHO$} "), self.theme.dim()),
            (format!("{verdict:<6}"), style),
        ]
    }
}

/// Room between two uses.
fn gap() -> (Kind, Line) {
    (Kind::Gap, Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_knows_which_way_is_better_and_what_can_be_seen() {
        let verdict = |network: Number, rival| network.verdict(rival);
        assert_eq!(verdict(Number::Loss(0.2), Number::Loss(0.23)), "better");
        assert_eq!(verdict(Number::Share(0.2), Number::Share(0.23)), "worse");
        assert_eq!(
            verdict(Number::Decibels(13.31), Number::Decibels(13.29)),
            "alike"
        );
        let copy = Number::Decibels(f64::INFINITY);
        assert_eq!(verdict(Number::Decibels(30.0), copy), "worse");
        assert_eq!(copy.written(), "exact");
    }

    #[test]
    fn a_row_fits_the_smallest_screen() {
        let theme = Theme {
            depth: crate::ui::theme::Depth::None,
            tone: crate::ui::theme::Tone::Dark,
            glyphs: crate::ui::theme::Glyphs::Ascii,
        };
        let whole = Number::Share(1.0);
        let table = Table {
            theme,
            columns: 54,
            classes: Classes::numbered(10),
        };
        let (_, row) = table.row("cross-entropy", whole, whole, "noisy image");
        let columns: u16 = row.iter().map(|(words, _)| text::width(words)).sum();
        // The panel's frame and its margins take six columns.
        assert!(columns <= crate::ui::frame::SMALLEST.0 - 6, "{columns}");
    }

    #[test]
    fn lines_go_in_their_order_until_the_rest_fits() {
        let kinds = [
            Kind::Header,
            Kind::Needed,
            Kind::Gap,
            Kind::OneGrey,
            Kind::Gap,
        ];
        let lines = || kinds.map(|kind| (kind, Vec::new())).to_vec();
        let fitted = |rows| Room { columns: 50, rows }.fitted(lines()).len();
        assert_eq!([5, 4, 3, 2, 1].map(fitted), [5, 3, 3, 2, 1]);
    }
}
