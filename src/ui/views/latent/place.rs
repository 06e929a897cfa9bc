//! What the view remembers while another is looked at.
//!
//! Places are codes or map coordinates, never cells: they stay what they are when the range grows or
//! the window changes.

use std::sync::Arc;

use crate::message::{Base, Map, Spot};

/// Beats of a walk from one end of the path to the other.
const WALK: u16 = 75;

/// Its cursor, path and manner of looking.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// Where the cursor was put; none: it has not been moved yet.
    pub(super) put: Option<Spot>,
    /// Ends of the path that are pinned.
    pub(super) pins: [Option<Spot>; 2],
    /// What part of the map is shown.
    pub(super) zoom: Option<Zoom>,
    /// The two values that are to be the axes; none: the map's own plane is walked on.
    pub(super) values: Option<[usize; 2]>,
    /// The two that were last.
    pub(super) values_before: Option<[usize; 2]>,
    /// Where the cursor is on the other plane, and what part of that is shown.
    other: (Option<Spot>, Option<Zoom>),
    /// Whether the plane is shown as pictures, and how large.
    pub(super) manifold: Option<Size>,
    /// The value that the cursor's keys change, or would.
    pub(super) value: usize,
    /// Whether the cursor's keys are the sliders'.
    pub(super) holds_values: bool,
    /// Beats since the cursor began to walk, if it walks.
    walk: Option<u16>,
    /// What the mouse has hold of.
    pub(super) hold: Hold,
}

/// How large the pictures of the plane are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Size {
    /// Seven pixels wide: many.
    Small,
    /// Fourteen.
    Large,
}

/// A part of the map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Zoom {
    /// Its middle, in code values.
    pub(super) middle: [f32; 2],
    /// How many times it was zoomed in.
    pub(super) times: u8,
}

impl Zoom {
    /// Nearer than this nothing more is to be seen.
    pub(super) const MOST: u8 = 10;

    /// How much larger than the whole it is.
    pub(super) fn factor(times: u8) -> f32 {
        1.5_f32.powi(times.into())
    }
}

/// What the mouse has hold of.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) enum Hold {
    /// Nothing.
    #[default]
    Nothing,
    /// The cursor.
    Cursor,
    /// The map, by this point of it.
    Map([f32; 2]),
    /// This value's slider.
    Slider(usize),
}

impl Place {
    /// Where the cursor is, unless it walks: before it is first moved, amid the data.
    pub(super) fn cursor(&self, map: &Map) -> Spot {
        self.put.clone().unwrap_or_else(|| {
            let begin = |axis: usize| match map.range[axis] {
                [low, high] if low < 0.0 && high > 0.0 => 0.0,
                [low, high] => map.units[axis].clamp(low.min(high), high.max(low)),
            };
            let numbers = map.range.iter().flatten().all(|end| end.is_finite());
            Spot {
                at: numbers.then(|| [begin(0), begin(1)]),
                ..Spot::default()
            }
        })
    }

    /// Puts the cursor there, where whoever leads the viewer wants it.
    pub(in crate::ui) fn point_at(&mut self, at: [f32; 2]) {
        self.manifold = None;
        self.holds_values = false;
        self.put_at(at);
    }

    /// Puts the cursor there, on the plane that it is on.
    pub(super) fn put_at(&mut self, at: [f32; 2]) {
        if !at.iter().all(|value| value.is_finite()) {
            return;
        }
        let base = self.put.take().map_or(Base::Chosen, |spot| spot.base);
        self.stop();
        self.put = Some(Spot { base, at: Some(at) });
    }

    /// Puts the cursor on that code.
    pub(super) fn put_on(&mut self, code: Vec<f32>) {
        self.stop();
        self.put = Some(Spot {
            base: Base::Code(Arc::from(code)),
            at: None,
        });
    }

    /// Turns to another plane, where the cursor is at its own place; what sliders have set is on
    /// all planes. From values to values it is handed its new place.
    pub(super) fn turn_to(&mut self, values: Option<[usize; 2]>, moved: Option<[f32; 2]>) {
        self.stop();
        match (self.values, values) {
            (Some(_), Some(_)) => {
                self.zoom = None;
                if let Some(spot) = &mut self.put {
                    spot.at = spot.at.and(moved);
                }
            }
            (None, None) => return,
            _ => {
                let base = self.put.as_ref().map(|spot| spot.base.clone());
                let (put, zoom) = std::mem::take(&mut self.other);
                self.other = (self.put.take(), std::mem::replace(&mut self.zoom, zoom));
                let base = base.unwrap_or_default();
                self.put = match put {
                    Some(spot) if spot.base == base => Some(spot),
                    None if base == Base::Chosen => None,
                    _ => Some(Spot { base, at: None }),
                };
            }
        }
        self.values_before = values.or(self.values);
        self.values = values;
    }

    /// How far along the path the cursor has walked, there and back again.
    pub(super) fn along(&self) -> Option<f32> {
        let beats = self.walk? % (2 * WALK);
        let there = beats.min(2 * WALK - beats);
        Some(f32::from(there) / f32::from(WALK))
    }

    /// Whether the cursor walks.
    pub(super) fn walks(&self) -> bool {
        self.walk.is_some()
    }

    /// Sets the cursor walking, or stops it where it came from.
    pub(super) fn walk_or_stop(&mut self) {
        self.walk = match self.walk {
            Some(_) => None,
            None => Some(0),
        };
    }

    /// Stops the walk. Whether there was one.
    pub(super) fn stop(&mut self) -> bool {
        self.walk.take().is_some()
    }

    /// A beat has passed.
    pub(super) fn beat(&mut self) {
        if let Some(walk) = &mut self.walk {
            *walk = (*walk + 1) % (2 * WALK);
        }
    }
}
