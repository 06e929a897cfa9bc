//! The dashboard: state, update, view, and the one loop around them.
//!
//! [`update`](update::update) is a pure function of state and message,
//! [`view::render`] draws a state and changes nothing. Only the loop here and
//! the terminal guard touch the world. The screen never encodes, never writes
//! a file, and waits for nobody but the keyboard.

pub mod app;
pub mod beside;
mod chrome;
pub mod compare;
pub mod export;
#[cfg(debug_assertions)]
mod fault;
pub mod find;
mod frame;
pub mod keymap;
pub mod lesson;
mod overlay;
mod pane;
mod past;
pub mod pointer;
pub mod runs;
pub mod scalars;
pub mod settings;
pub mod terminal;
pub mod theme;
mod told;
pub mod tour;
pub mod update;
pub mod view;
pub mod views;
pub mod widget;

use std::{
    io::{self, Write as _},
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, Sender, TryRecvError};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use crate::message::{Command, Failure, Look, News, Picture};
use app::{App, Exit};
use export::Format;
use terminal::{Input, Keyboard, Line, Mouse, Pictures, Screen, Sent, Shown, TerminalGuard, Wish};
use theme::Theme;
use update::{Message, Request, update};
use widget::fine::FinePicture;

/// At most 30 frames a second.
const FRAME: Duration = Duration::from_millis(33);
/// Once nothing has changed for this long, nothing is likely to.
const QUIET_AFTER: Duration = Duration::from_secs(1);
/// How often a quiet screen listens; keys are heard at once all the same.
const QUIET_FRAME: Duration = Duration::from_millis(200);

/// What the screen is connected to while it shows a run.
pub struct Session<'a> {
    /// The trainer, if there is one.
    pub commands: Option<&'a Sender<Command>>,
    /// The observer's ears.
    pub looks: &'a Sender<Look>,
    /// The observer's voice.
    pub events: &'a Receiver<News>,
    /// What else there is to say, of what is not on the screen.
    pub aside: &'a dyn Fn() -> Option<News>,
    /// The number of a signal that has arrived.
    pub signal: &'a dyn Fn() -> Option<i32>,
}

/// Nothing is going on beside what is on the screen.
pub const NOTHING_ASIDE: &dyn Fn() -> Option<News> = &|| None;

/// Who says whether the background is dark or light.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// The theme; the terminal is not asked.
    Chosen,
    /// The terminal, as soon as it answers; the theme until then.
    Asked,
}

/// What the dashboard does with its terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manner {
    /// How it is painted.
    pub theme: Theme,
    /// Who says whether its background is dark or light.
    pub ground: Ground,
    /// Who has its mouse.
    pub mouse: Mouse,
    /// How pictures are shown.
    pub pictures: Wish,
}

/// The dashboard: shows one run, or several in turn, on one terminal.
pub struct Dashboard {
    manner: Manner,
    /// Held from the first run on, as long as another follows.
    terminal: Option<Held>,
}

/// The terminal, and what is on it.
struct Held {
    guard: TerminalGuard,
    keyboard: Keyboard,
    screen: Screen,
    shown: Shown,
    line: Line,
    /// Whether the screen is to be drawn again though nothing changes any more.
    owes: bool,
    pictures: Pictures,
    theme: Theme,
    ground: Ground,
}

impl Dashboard {
    /// A dashboard that has not been shown yet.
    pub fn new(manner: Manner) -> Self {
        Self {
            manner,
            terminal: None,
        }
    }

    /// Shows a run until the user leaves it or a signal arrives. The terminal is
    /// given back then, unless the user left for another run.
    ///
    /// # Errors
    ///
    /// When the terminal can be neither read nor written any more.
    pub fn show(&mut self, session: &Session, app: &mut App) -> io::Result<Exit> {
        let mut terminal = match self.terminal.take() {
            Some(held) => held,
            None => Held::take(self.manner)?,
        };
        let exit = terminal.show(session, app)?;
        match &exit {
            Exit::Anew(_) | Exit::Branch(_) | Exit::Visit(..) | Exit::Pair | Exit::Beside(_) => {
                self.terminal = Some(terminal);
            }
            Exit::Quit => terminal.guard.leave(terminal.keyboard),
            // Somebody waits for the end.
            Exit::Signal(_) => {}
        }
        Ok(exit)
    }
}

impl Held {
    fn take(manner: Manner) -> io::Result<Self> {
        let Manner {
            mut theme,
            ground,
            mouse,
            pictures,
        } = manner;
        let guard = TerminalGuard::enter(mouse)?;
        let pictures = Pictures::new(pictures);
        let (keyboard, tone) = guard.keyboard(ground == Ground::Asked, pictures.questions())?;
        theme.tone = tone.unwrap_or(theme.tone);
        let screen = guard.screen()?;
        Ok(Self {
            line: guard.line(),
            guard,
            keyboard,
            screen,
            shown: Shown::default(),
            owes: false,
            pictures,
            theme,
            ground,
        })
    }

    fn show(&mut self, session: &Session, app: &mut App) -> io::Result<Exit> {
        let mut drawn: Option<Instant> = None;
        let mut beat = Instant::now();
        loop {
            let (mut changed, mut told) = hear(session, app);
            if app.screen == (0, 0) {
                told.extend(self.measure(app)?);
            }
            if views::beats(app) && beat.elapsed() >= FRAME {
                beat = Instant::now();
                told.extend(update(app, Message::Beat));
                changed = true;
            }
            if self.guard.retake_if_continued()? {
                self.redraw()?;
                changed = true;
            }
            changed |= self.owes || self.pictures.are_owed();
            let asked = self.listen(app, drawn, &mut changed)?;
            self.obey_all(session, app, told.into_iter().chain(asked))?;
            if let Some(number) = (session.signal)() {
                update(app, Message::Signal(number));
            }
            if let Some(exit) = app.exit.clone() {
                return Ok(exit);
            }
            if changed || drawn.is_none() {
                self.draw(app)?;
                drawn = Some(Instant::now());
                #[cfg(debug_assertions)]
                fault::injected(app);
            }
        }
    }

    /// Tells how large the screen is.
    fn measure(&self, app: &mut App) -> io::Result<Vec<Request>> {
        let size = self.screen.size()?;
        Ok(update(app, Message::Screen((size.width, size.height))))
    }

    /// Waits for keys until the next frame is due, and takes all there are.
    fn listen(
        &mut self,
        app: &mut App,
        drawn: Option<Instant>,
        changed: &mut bool,
    ) -> io::Result<Vec<Request>> {
        let mut requests = Vec::new();
        let mut wait = wait(*changed, drawn);
        while let Some(input) = self.keyboard.next(wait)? {
            if let Input::Sent(Sent::Well) = input {
                self.line.hear(Instant::now());
                wait = self::wait(*changed, drawn);
                continue;
            }
            *changed = true;
            if let Input::Sent(sent) = &input {
                self.pictures.hear(sent);
            }
            match input {
                Input::Sent(Sent::Key(key)) => requests.extend(update(app, Message::Key(key))),
                Input::Sent(Sent::Paste(text)) => {
                    requests.extend(update(app, Message::Paste(text)));
                }
                Input::Sent(Sent::Mouse(pointer)) => {
                    let size = self.screen.size()?;
                    let message = Message::Mouse(pointer, (size.width, size.height));
                    requests.extend(update(app, message));
                }
                Input::Sent(Sent::Background(color)) => self.tell_ground(&color),
                Input::Sent(Sent::Attributes { .. }) => terminal::settle(),
                Input::Sent(Sent::Graphics(_) | Sent::CellSize(_) | Sent::Well) => {}
                // A window that was small for a moment has lost cells, though its
                // size may be what it was when they were drawn.
                Input::Resized => {
                    requests.retain(|request| *request != Request::Redraw);
                    requests.push(Request::Redraw);
                    requests.extend(self.measure(app)?);
                }
            }
            wait = Duration::ZERO;
        }
        Ok(requests)
    }

    /// Over a slow line the terminal answers after the first frames. Where the theme was
    /// chosen, the answer is to a program that was here before.
    fn tell_ground(&mut self, color: &[u8]) {
        if self.ground == Ground::Asked {
            self.theme.tone = terminal::tone(color).unwrap_or(self.theme.tone);
        }
    }

    fn obey_all(
        &mut self,
        session: &Session,
        app: &mut App,
        requests: impl IntoIterator<Item = Request>,
    ) -> io::Result<()> {
        let mut requests = requests.into_iter();
        requests.try_for_each(|request| self.obey(session, app, request))
    }

    fn obey(&mut self, session: &Session, app: &mut App, request: Request) -> io::Result<()> {
        match request {
            // An observer or a trainer that has gone shows in the events.
            Request::Look(look) => {
                let _ = session.looks.send(look);
            }
            Request::Command(command) => {
                // The screen waits for nobody: a trainer too busy to listen
                // gets the next key.
                let heard = session
                    .commands
                    .is_some_and(|commands| commands.try_send(command).is_ok());
                if !heard {
                    update(app, Message::NotHeard);
                }
            }
            Request::Suspend => {
                self.guard.suspend(&mut self.keyboard)?;
                self.redraw()?;
            }
            Request::Redraw => self.redraw()?,
            Request::Export(format) => {
                let size = self.screen.size()?;
                let area = Rect::from((Position::ORIGIN, size));
                let picture = pictured(app, self.theme, area, format);
                let _ = session.looks.send(Look::Export(picture));
            }
        }
        Ok(())
    }

    /// Forgets what is on the screen. `Terminal::clear` would ask the terminal
    /// where its cursor is and swallow keys; a resize does not.
    fn redraw(&mut self) -> io::Result<()> {
        let size = self.screen.size()?;
        self.pictures.forget();
        self.shown.forget();
        self.line.forget();
        self.screen.resize(Rect::from((Position::ORIGIN, size)))
    }

    /// Draws the cells, and then the pictures that the terminal has for some of them; later, where
    /// the line to the terminal has enough to carry.
    fn draw(&mut self, scene: &impl Scene) -> io::Result<()> {
        let now = Instant::now();
        self.owes = self.line.is_behind(now);
        if self.owes {
            return Ok(());
        }
        let Self {
            screen,
            shown,
            line,
            owes,
            pictures,
            theme,
            ..
        } = self;
        pictures.measure_again()?;
        terminal::whole_frame(screen, |screen| {
            screen.draw(|frame| {
                let (area, buf) = (frame.area(), frame.buffer_mut());
                if pictures.are_wanted() {
                    let fine = scene.render_fine(*theme, area, buf);
                    pictures.hang(fine, buf);
                } else {
                    scene.render(*theme, area, buf);
                }
                *owes = shown.settle(buf, now);
            })?;
            pictures.put(screen.backend_mut())?;
            screen.backend_mut().write_all(line.question(now))
        })
    }
}

/// How long keys are waited for: with something to draw only for the frame; otherwise events and
/// signals are looked for as often as frames could come.
fn wait(changed: bool, drawn: Option<Instant>) -> Duration {
    let since = drawn.map_or(FRAME, |drawn| drawn.elapsed());
    match (changed, drawn) {
        (_, None) => Duration::ZERO,
        (true, _) => FRAME.saturating_sub(since),
        (false, _) if since > QUIET_AFTER => QUIET_FRAME,
        (false, _) => FRAME,
    }
}

/// What a whole screen shows.
trait Scene {
    /// What files call it.
    fn name(&self) -> String;
    /// Draws it in cells.
    fn render(&self, theme: Theme, area: Rect, buf: &mut Buffer);
    /// Draws it, and tells the pictures of which a terminal may have all pixels.
    fn render_fine(&self, theme: Theme, area: Rect, buf: &mut Buffer) -> Vec<FinePicture>;
}

impl Scene for App {
    fn name(&self) -> String {
        self.view.entry().name.to_lowercase()
    }

    fn render(&self, theme: Theme, area: Rect, buf: &mut Buffer) {
        view::render(self, theme, area, buf);
    }

    fn render_fine(&self, theme: Theme, area: Rect, buf: &mut Buffer) -> Vec<FinePicture> {
        view::render_fine(self, theme, area, buf)
    }
}

/// The screen as it is seen, as a file has it.
fn pictured(scene: &impl Scene, theme: Theme, area: Rect, format: Format) -> Picture {
    let mut buf = Buffer::empty(area);
    scene.render(theme, area, &mut buf);
    Picture {
        view: scene.name(),
        extension: format.extension(),
        bytes: format.bytes(&buf, theme),
    }
}

/// Takes what the observer has said: whether there was anything, and what follows from it.
fn hear(session: &Session, app: &mut App) -> (bool, Vec<Request>) {
    let news = waiting(session.events, app.failure.is_some());
    let mut changed = false;
    let mut requests = Vec::new();
    for news in news.into_iter().chain((session.aside)()) {
        requests.extend(update(app, Message::News(news)));
        changed = true;
    }
    (changed, requests)
}

/// What an observer has said since it was last heard. It lives for as long as a screen asks, unless
/// it died of a panic: then nothing more is shown, and nothing kept, which is its last news.
fn waiting(events: &Receiver<News>, has_failed: bool) -> Vec<News> {
    let mut news = Vec::new();
    loop {
        match events.try_recv() {
            Ok(said) => news.push(said),
            Err(TryRecvError::Empty) => return news,
            Err(TryRecvError::Disconnected) => break,
        }
    }
    let is_told = has_failed || news.iter().any(|news| matches!(news, News::Failed(_)));
    if !is_told {
        news.push(News::Failed(Failure::Unwatched));
    }
    news
}
