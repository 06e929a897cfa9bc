//! The dashboard: what it looks like and what its keys do.
//!
//! Only this module names ratatui or crossterm. It trains nothing, encodes
//! nothing, writes no file and waits for nobody: it draws what it is told.

pub mod theme;
pub mod widget;
