//! Panes that several views have: pictures of a sample, and the map.

pub(in crate::ui) mod map;
pub(in crate::ui) mod pictures;
