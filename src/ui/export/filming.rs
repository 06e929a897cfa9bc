//! A film while it is made: takes what is seen of each moment, and gives the bytes of a file.

use std::sync::Arc;

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Cast, Gif, as_it_was};
use crate::{
    message::{News, Observation},
    ui::{
        app::{App, Plan},
        frame::SMALLEST,
        theme::{Depth, Glyphs, Theme, Tone},
        update::{Message, update},
        view,
    },
};

/// What a film is taken home as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reel {
    /// Pixels, which any browser plays.
    Gif,
    /// What a terminal is sent, which asciinema plays.
    Cast,
}

/// The largest film, in columns and rows: a GIF counts pixels in 16 bits.
pub const LARGEST: (u16, u16) = (400, 200);

/// A film that is being made.
pub struct Filming {
    app: App,
    size: (u16, u16),
    tone: Tone,
    /// Seconds shown so far, and hundredths that were written of them.
    shown: (f64, u64),
    made: Made,
}

enum Made {
    Gif(Box<Gif>),
    Cast(Cast),
}

/// The screen of a film cannot be so small or so large.
#[derive(Debug, thiserror::Error)]
pub enum FilmError {
    /// A size that shows nothing, or that no GIF has.
    #[error("a film of {}x{} cannot be made; name {}x{} to {}x{}", .0.0, .0.1, SMALLEST.0, SMALLEST.1, LARGEST.0, LARGEST.1)]
    Size((u16, u16)),
    /// What the format says.
    #[error("the film cannot be written: {0}")]
    Gif(#[from] gif::EncodingError),
}

impl Filming {
    /// A film of a run of this plan, once its images are known.
    ///
    /// # Errors
    ///
    /// When a film cannot have this size.
    pub fn begin(
        plan: Plan,
        loaded: News,
        size: (u16, u16),
        reel: Reel,
        tone: Tone,
    ) -> Result<Self, FilmError> {
        let fits = size.0 >= SMALLEST.0
            && size.1 >= SMALLEST.1
            && size.0 <= LARGEST.0
            && size.1 <= LARGEST.1;
        if !fits {
            return Err(FilmError::Size(size));
        }
        let made = match reel {
            Reel::Gif => Made::Gif(Box::new(Gif::new(size, theme(Depth::True, tone))?)),
            Reel::Cast => Made::Cast(Cast::new(size, &format!("ae-tui: {}", plan.title))),
        };
        let mut app = App::new(plan);
        update(&mut app, Message::News(loaded));
        Ok(Self {
            app,
            size,
            tone,
            shown: (0.0, 0),
            made,
        })
    }

    /// A moment as it was when it was now, for so many seconds.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn show(&mut self, seen: &Observation, seconds: f64) -> Result<(), FilmError> {
        let seen = Arc::new(as_it_was(seen));
        update(&mut self.app, Message::News(News::Observed(seen)));
        let area = Rect::new(0, 0, self.size.0, self.size.1);
        let mut screen = Buffer::empty(area);
        match &mut self.made {
            Made::Gif(gif) => {
                view::render(&self.app, theme(Depth::True, self.tone), area, &mut screen);
                // What is rounded of one frame is made up for by the next.
                self.shown.0 += seconds;
                let until = (self.shown.0 * 100.0).round() as u64;
                let hundredths = until.saturating_sub(self.shown.1).min(u64::from(u16::MAX));
                self.shown.1 += hundredths;
                gif.show(screen, hundredths as u16)?;
            }
            Made::Cast(cast) => {
                view::render(&self.app, theme(Depth::True, self.tone), area, &mut screen);
                cast.show(screen, seconds);
            }
        }
        Ok(())
    }

    /// The whole file.
    ///
    /// # Errors
    ///
    /// When its end cannot be written.
    pub fn finish(self) -> Result<Vec<u8>, FilmError> {
        match self.made {
            Made::Gif(gif) => Ok(gif.finish()?),
            Made::Cast(cast) => Ok(cast.finish()),
        }
    }
}

const fn theme(depth: Depth, tone: Tone) -> Theme {
    Theme {
        depth,
        tone,
        glyphs: Glyphs::Blocks,
    }
}
