//! A film while it is made: takes what is seen of each moment, and gives the bytes of a file.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::{buffer::Buffer, layout::Rect};

use super::{Cast, Gif, as_it_was};
use crate::{
    message::{Gaze, News, Observation, When},
    ui::{
        app::{App, Plan},
        frame::SMALLEST,
        lesson::Lesson,
        theme::{Depth, Glyphs, Theme, Tone},
        update::{Message, Request, update},
        view,
        views::View,
    },
};

/// What moves by itself does so this many times a second.
const BEATS: f64 = 30.0;

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

/// What is filmed, and how.
#[derive(Debug, Clone)]
pub struct Script {
    /// The view.
    pub view: View,
    /// Keys that are pressed there before the film begins.
    pub keys: String,
    /// Columns and rows of the screen.
    pub size: (u16, u16),
    /// For a dark or a light background.
    pub tone: Tone,
    /// What it is taken home as.
    pub reel: Reel,
    /// Whether Train is filmed as a lesson.
    pub lesson: bool,
}

/// A film that is being made.
pub struct Filming {
    app: App,
    script: Script,
    /// Seconds shown so far, and hundredths that were written of them.
    shown: (f64, u64),
    /// Beats that are due, and a part of one.
    beats: f64,
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
    pub fn begin(plan: Plan, loaded: News, script: Script) -> Result<Self, FilmError> {
        let size = script.size;
        expect_size(size)?;
        let made = match script.reel {
            Reel::Gif => Made::Gif(Box::new(Gif::new(size, theme(script.tone))?)),
            Reel::Cast => Made::Cast(Cast::new(size, &format!("ae-tui: {}", plan.title))),
        };
        let mut app = App::new(plan);
        update(&mut app, Message::News(loaded));
        update(&mut app, Message::Screen(size));
        Ok(Self {
            app,
            script,
            shown: (0.0, 0),
            beats: 0.0,
            made,
        })
    }

    /// Goes to the view, now that something is seen; the keys that are to be pressed there, each
    /// once the one before it has been answered.
    pub fn set_up(&mut self) -> Vec<char> {
        self.app.view = self.script.view;
        self.app.lesson = self.script.lesson.then(Lesson::flowing);
        self.script.keys.chars().collect()
    }

    /// Presses a key. A film asks nothing of the trainer, and stays where it is.
    pub fn press(&mut self, key: char) {
        let key = KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE);
        for request in update(&mut self.app, Message::Key(key)) {
            if let Request::Command(_) = request {
                update(&mut self.app, Message::NotHeard);
            }
        }
        self.app.when = When::Now;
    }

    /// What is to be seen of this step.
    pub fn gaze(&self, step: u64) -> Gaze {
        Gaze {
            when: When::At(step),
            ..self.app.gaze()
        }
    }

    /// A moment as it was when it was now.
    pub fn see(&mut self, seen: &Observation) {
        let seen = Arc::new(as_it_was(seen));
        update(&mut self.app, Message::News(News::Observed(seen)));
    }

    /// What moves by itself does so for so many seconds.
    pub fn let_pass(&mut self, seconds: f64) {
        self.beats += seconds * BEATS;
        while self.beats >= 1.0 {
            self.beats -= 1.0;
            update(&mut self.app, Message::Beat);
        }
    }

    /// Takes what is seen, for so many seconds.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn shoot(&mut self, seconds: f64) -> Result<(), FilmError> {
        let (width, height) = self.script.size;
        let area = Rect::new(0, 0, width, height);
        let mut screen = Buffer::empty(area);
        view::render(&self.app, theme(self.script.tone), area, &mut screen);
        // What is rounded of one frame is made up for by the next.
        self.shown.0 += seconds;
        match &mut self.made {
            Made::Gif(gif) => {
                let until = (self.shown.0 * 100.0).round() as u64;
                let hundredths = until.saturating_sub(self.shown.1).min(u64::from(u16::MAX));
                self.shown.1 += hundredths;
                gif.show(screen, hundredths as u16)?;
            }
            Made::Cast(cast) => cast.show(screen, seconds),
        }
        Ok(())
    }

    /// How many seconds it lasts by now.
    pub fn seconds(&self) -> f64 {
        self.shown.0
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

/// Whether a film can have this size, to be asked before anything is made for it.
///
/// # Errors
///
/// When it cannot.
pub fn expect_size(size: (u16, u16)) -> Result<(), FilmError> {
    let fits =
        size.0 >= SMALLEST.0 && size.1 >= SMALLEST.1 && size.0 <= LARGEST.0 && size.1 <= LARGEST.1;
    fits.then_some(()).ok_or(FilmError::Size(size))
}

const fn theme(tone: Tone) -> Theme {
    Theme {
        depth: Depth::True,
        tone,
        glyphs: Glyphs::Blocks,
    }
}
