//! What stays whatever view is looked at: header, narrator, tape and keys.

pub(in crate::ui) mod header;
pub(in crate::ui) mod keys;
pub(in crate::ui) mod narrator;
pub(in crate::ui) mod tabs;
pub(in crate::ui) mod tape;
mod track;

pub(crate) use track::Track;
