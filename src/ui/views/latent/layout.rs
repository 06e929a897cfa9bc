//! Where each pane of the view goes, from its place, the shape of the code and what is looked at.
//! Nothing shifts while a run goes on.

use ratatui::layout::Rect;

use super::place::Place;
use crate::{
    nn::CodeShape,
    ui::{
        frame::{Body, Frame, GUTTER, Narrow, TITLE},
        widget::cut::Cut,
    },
};

/// The smallest map: its rows with the axis, below its title.
const LEAST_MAP: u16 = 11;
/// From this many rows on a legend stands below a narrow map.
const WITH_LEGEND: u16 = 20;
/// From a screen of so many rows on, the path's pictures are of half size.
const TALL_SCREEN: u16 = 48;
/// Columns of the list of sliders.
const SLIDERS: u16 = 28;
/// Pictures that a path may have, the most wanted first.
const FRAMES: [usize; 3] = [7, 5, 3];

/// The places; panes include their title row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    /// How the picture of the place is cut.
    pub(super) cut: Cut,
    /// How that of the nearest real image is.
    pub(super) nearest_cut: Cut,
    pub(super) decoded: Rect,
    pub(super) nearest: Rect,
    /// What is left below them.
    pub(super) facts: Rect,
    /// The list of sliders.
    pub(super) sliders: Option<Rect>,
    /// The map, or the plane in pictures.
    pub(super) map: Option<Rect>,
    /// Below the map.
    pub(super) legend: Option<Rect>,
    pub(super) path: Option<Path>,
    /// The view's own sentence, on a narrow screen.
    pub(super) narrator: Option<Rect>,
}

/// The strip of pictures along the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Path {
    /// Title, pictures, their gaps and, where there is room, a line of words.
    pub(super) area: Rect,
    pub(super) frames: usize,
    /// Columns from one picture to the next.
    pub(super) pitch: u16,
    pub(super) cut: Cut,
    /// Whether it ends in a line of words.
    pub(super) words: bool,
}

impl Path {
    /// The strip in the last rows of a place, if its pictures fit.
    fn below(place: Rect, cut: Cut, words: bool) -> Option<Self> {
        let fits = |frames: &usize| {
            let gaps = *frames as u16 - 1;
            place.width >= (gaps + 1) * cut.columns() + gaps
        };
        let frames = FRAMES.into_iter().find(fits)?;
        let height = TITLE + cut.rows() + 1 + u16::from(words);
        Some(Self {
            area: Rect {
                y: place.bottom().saturating_sub(height),
                height: height.min(place.height),
                ..place
            },
            frames,
            pitch: (place.width - cut.columns()) / (frames as u16 - 1),
            cut,
            words,
        })
    }
}

impl Layout {
    /// The places within a frame.
    pub(super) fn of(frame: &Frame, code: CodeShape, place: &Place) -> Self {
        let many = !matches!(code, CodeShape::Values(..=2));
        match frame.body {
            Body::Narrow(body) => Self::narrow(&body, many, place),
            Body::Wide(body) => Self::wide(body, frame.screen.height, many, place),
        }
    }

    fn wide(body: Rect, screen_rows: u16, many: bool, place: &Place) -> Self {
        // Beside what teaches both give way, so that neither is covered.
        let whole = body.height >= 2 * (TITLE + Cut::Full.rows());
        let [cut, nearest_cut] = if whole {
            [Cut::Full; 2]
        } else {
            [Cut::Ink, Cut::Half]
        };
        let [rows, nearest_rows] = [cut, nearest_cut].map(|cut| TITLE + cut.rows());
        let left = |top: u16, height: u16| Rect {
            y: body.y + top,
            width: Cut::Full.columns(),
            height,
            ..body
        };
        let mut right = from_column(body, Cut::Full.columns() + GUTTER);
        let sliders = many.then_some(Rect {
            width: SLIDERS.min(right.width),
            ..right
        });
        if many {
            right = from_column(right, SLIDERS + GUTTER);
        }
        let mut layout = Self {
            cut,
            nearest_cut,
            decoded: left(0, rows),
            nearest: left(rows, nearest_rows),
            facts: left(
                rows + nearest_rows,
                body.height.saturating_sub(rows + nearest_rows),
            ),
            sliders,
            map: Some(right),
            legend: None,
            path: None,
            narrator: None,
        };
        if place.manifold.is_none() {
            let half = (screen_rows >= TALL_SCREEN).then_some(Cut::Half);
            let mut cuts = half.into_iter().chain([Cut::Thumb]);
            let path = cuts.find_map(|cut| Path::below(right, cut, true));
            layout.split(right, path, true);
        }
        layout
    }

    fn narrow(body: &Narrow, many: bool, place: &Place) -> Self {
        let [decoded, nearest, facts] = body.pair();
        let right = body.right;
        let sliding = many && place.holds_values;
        let mut layout = Self {
            cut: body.cut,
            nearest_cut: body.cut,
            decoded,
            nearest,
            facts,
            sliders: sliding.then_some(right),
            map: (!sliding).then_some(right),
            legend: None,
            path: None,
            narrator: Some(body.narrator),
        };
        if !sliding && place.manifold.is_none() {
            let path = Path::below(right, Cut::Thumb, false);
            let fits = |path: &Path| right.height >= path.area.height + TITLE + LEAST_MAP;
            let path = path.filter(fits);
            let taken = path.map_or(0, |path| path.area.height);
            let legend = right.height - taken > TITLE + WITH_LEGEND;
            layout.split(right, path, legend);
        }
        layout
    }

    /// Gives a path its rows, and a legend the row above it; the rest is the map's.
    fn split(&mut self, place: Rect, path: Option<Path>, legend: bool) {
        let mut map = place;
        if let Some(path) = path {
            map.height -= path.area.height;
        }
        if legend {
            map.height -= 1;
            self.legend = Some(Rect {
                y: map.bottom(),
                height: 1,
                ..map
            });
        }
        self.path = path;
        self.map = Some(map);
    }
}

/// A place without its first columns.
fn from_column(place: Rect, columns: u16) -> Rect {
    Rect {
        x: place.x + columns.min(place.width),
        width: place.width.saturating_sub(columns),
        ..place
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::views::latent::place::Size;

    fn of(width: u16, height: u16, values: usize, place: &Place) -> Layout {
        let frame = Frame::of(Rect::new(0, 0, width, height)).unwrap();
        Layout::of(&frame, CodeShape::Values(values), place)
    }

    #[test]
    fn beside_what_teaches_neither_picture_is_covered() {
        let frame = Frame::of(Rect::new(0, 0, 120, 36)).unwrap();
        let beside = frame.beside_teaching();
        let layout = Layout::of(&beside, CodeShape::Values(2), &Place::default());
        let Body::Wide(body) = beside.body else {
            panic!()
        };
        let pictures = [
            (layout.decoded, layout.cut),
            (layout.nearest, layout.nearest_cut),
        ];
        for (area, cut) in pictures {
            assert_eq!(area.height, TITLE + cut.rows());
            assert!(area.bottom() <= body.bottom(), "{area:?} {body:?}");
        }
        assert!(layout.facts.height >= 2);
    }

    #[test]
    fn the_drawn_sizes_get_their_drawn_places() {
        let place = Place::default();
        let wide = of(120, 36, 2, &place);
        assert_eq!(wide.decoded, Rect::new(1, 1, 28, 15));
        assert_eq!(wide.nearest, Rect::new(1, 16, 28, 15));
        assert_eq!(wide.facts, Rect::new(1, 31, 28, 3));
        assert_eq!(wide.map, Some(Rect::new(31, 1, 88, 24)));
        assert_eq!(wide.legend, Some(Rect::new(31, 25, 88, 1)));
        let path = wide.path.unwrap();
        assert_eq!(path.area, Rect::new(31, 26, 88, 8));
        assert_eq!((path.frames, path.pitch), (7, 13));
        let deep = of(120, 36, 32, &place);
        assert_eq!(deep.sliders, Some(Rect::new(31, 1, 28, 33)));
        assert_eq!(deep.map, Some(Rect::new(61, 1, 58, 24)));
        let path = deep.path.unwrap();
        assert_eq!((path.frames, path.pitch), (5, 12));
        let usual = of(80, 24, 2, &place);
        assert_eq!(usual.map, Some(Rect::new(23, 1, 56, 13)));
        let path = usual.path.unwrap();
        assert_eq!(path.area, Rect::new(23, 14, 56, 7));
        assert_eq!((path.frames, path.pitch), (5, 11));
        let small = of(60, 20, 2, &place);
        assert_eq!(small.map, Some(Rect::new(17, 1, 42, 16)));
        assert_eq!((small.path, small.legend), (None, None));
        assert_eq!(small.facts, Rect::new(1, 17, 14, 2));
    }

    #[test]
    fn at_any_size_every_pane_is_on_the_screen_and_none_lies_on_another() {
        let (mut sliding, mut pictures) = (Place::default(), Place::default());
        sliding.holds_values = true;
        pictures.manifold = Some(Size::Small);
        for place in [Place::default(), sliding, pictures] {
            for width in (60..260).step_by(3) {
                for height in 20..90 {
                    for values in [1, 2, 32] {
                        let at = of(width, height, values, &place);
                        let screen = Rect::new(0, 0, width, height);
                        let mut panes = vec![at.decoded, at.nearest, at.facts];
                        panes.extend(at.sliders.into_iter().chain(at.map).chain(at.legend));
                        panes.extend(at.path.map(|path| path.area));
                        panes.extend(at.narrator);
                        for (number, pane) in panes.iter().enumerate() {
                            assert_eq!(pane.intersection(screen), *pane, "{width}x{height}");
                            for other in &panes[..number] {
                                assert!(
                                    pane.intersection(*other).is_empty(),
                                    "{width}x{height}: {pane} on {other}"
                                );
                            }
                        }
                        if let (Some(map), true) = (at.map, at.path.is_some()) {
                            assert!(map.width >= 40 && map.height >= TITLE + LEAST_MAP);
                        }
                    }
                }
            }
        }
    }
}
