//! The window as ratatui draws on it: crossterm's, but never larger than anything that is looked at.
//!
//! A terminal tells any size, up to 65,535 columns and rows, and a screen has memory for each cell: what such a
//! window would take ended the run.

use std::io::{self, BufWriter, Write};

use ratatui::{
    backend::{Backend, ClearType, CrosstermBackend, WindowSize},
    buffer::Cell,
    layout::{Position, Size},
};

use super::output::Output;

/// Cells of the largest window that is drawn on: of the smallest letters on the largest wall of
/// screens there are fewer. What is beyond stays empty.
const LARGEST: Size = Size {
    width: 1500,
    height: 600,
};

/// What is drawn on.
#[derive(Debug)]
pub struct Window(CrosstermBackend<BufWriter<Output>>);

impl Window {
    pub(super) fn new(out: BufWriter<Output>) -> Self {
        Self(CrosstermBackend::new(out))
    }
}

fn bounded(size: Size) -> Size {
    Size {
        width: size.width.min(LARGEST.width),
        height: size.height.min(LARGEST.height),
    }
}

impl Write for Window {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Write::flush(&mut self.0)
    }
}

impl Backend for Window {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, cells: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        self.0.draw(cells)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.0.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.0.show_cursor()
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.0.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.0.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.0.clear()
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        self.0.clear_region(region)
    }

    fn size(&self) -> io::Result<Size> {
        self.0.size().map(bounded)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.0.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_has_its_size_and_one_that_nobody_has_a_possible_one() {
        assert_eq!(bounded(Size::new(0, 24)), Size::new(0, 24));
        assert_eq!(bounded(Size::new(500, 200)), Size::new(500, 200));
        assert_eq!(bounded(Size::new(u16::MAX, u16::MAX)), LARGEST);
    }
}
