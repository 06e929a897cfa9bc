//! The screen of a pair: two runs beside each other, standing still or while both are trained.
//!
//! It is a second screen, as that of numbers alone is. Each run has its own observer and, behind
//! the screen, the whole state of a dashboard of its own ([`pair`]), which is what is seen when
//! one of the two is opened alone. What is drawn is always of one moment of both.

pub mod act;
pub mod draw;
mod layout;
pub mod pair;
mod words;

use std::{
    cell::RefCell,
    io,
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, Sender};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::{
    Dashboard, Held, Scene, Session,
    app::{App, Exit},
    pictured,
    terminal::{self, Input, Sent},
    theme::Theme,
    update::{Message, Request, update},
    wait, waiting,
    widget::fine::FinePicture,
};
use crate::message::{Command, Look, News, When};
use pair::{Pair, PairExit, name};
pub(in crate::ui) use words::in_one_order;

/// Where one of the two is observed.
pub struct Side<'a> {
    /// Its observer's ears.
    pub looks: &'a Sender<Look>,
    /// Its observer's voice.
    pub events: &'a Receiver<News>,
}

/// What the screen is connected to while it shows a pair.
pub struct PairSession<'a> {
    /// Whoever trains both, if they are trained.
    pub commands: Option<&'a Sender<Command>>,
    /// The two.
    pub sides: [Side<'a>; 2],
    /// The number of a signal that has arrived.
    pub signal: &'a dyn Fn() -> Option<i32>,
}

impl Dashboard {
    /// Shows a pair until the user leaves it or a signal arrives; in between, either of the two
    /// alone. The terminal is given back then, unless the user went back to the run that was left
    /// for the pair.
    ///
    /// # Errors
    ///
    /// When the terminal can be neither read nor written any more.
    pub fn show_pair(&mut self, session: &PairSession, pair: &mut Pair) -> io::Result<Exit> {
        loop {
            let mut held = match self.terminal.take() {
                Some(held) => held,
                None => Held::take(self.manner)?,
            };
            let side = match held.show_pair(session, pair)? {
                PairExit::Quit => {
                    held.guard.leave(held.keyboard);
                    return Ok(Exit::Quit);
                }
                PairExit::Back(run) => {
                    held.redraw()?;
                    self.terminal = Some(held);
                    return Ok(Exit::Visit(run, When::Now));
                }
                // Somebody waits for the end.
                PairExit::Signal(number) => return Ok(Exit::Signal(number)),
                PairExit::Only(side) => side,
            };
            held.redraw()?;
            self.terminal = Some(held);
            let other = 1 - side;
            let unseen = RefCell::new(Unseen::of(&pair.sides[other]));
            let aside = || unseen.borrow_mut().hear(other, session.sides[other].events);
            let alone = Session {
                commands: session.commands,
                looks: session.sides[side].looks,
                events: session.sides[side].events,
                aside: &aside,
                signal: session.signal,
            };
            match self.show(&alone, pair.alone(side))? {
                Exit::Pair => {}
                left => return Ok(left),
            }
            let mut requests = pair.together(side);
            for news in unseen.into_inner().kept {
                requests.extend(pair.hear(other, news));
            }
            for (side, request) in requests {
                tell(session, pair, side, request);
            }
        }
    }
}

/// What came of one side while only the other was on the screen.
#[derive(Debug, Default)]
pub struct Unseen {
    /// All of it, but of what was observed only the last.
    pub kept: Vec<News>,
    /// Whether it can go on no more, which is said once.
    has_failed: bool,
}

impl Unseen {
    /// Of this side.
    pub fn of(side: &App) -> Self {
        Self {
            kept: Vec::new(),
            has_failed: side.failure.is_some(),
        }
    }

    /// Takes what there is, and says what cannot wait until both are seen again.
    pub fn hear(&mut self, side: usize, events: &Receiver<News>) -> Option<News> {
        let mut said = None;
        for news in waiting(events, self.has_failed) {
            match &news {
                News::Observed(_) => self.kept.retain(|kept| !matches!(kept, News::Observed(_))),
                News::Failed(failure) => {
                    self.has_failed = true;
                    said = Some(News::Remark(format!("{} stopped: {failure}", name(side))));
                }
                _ => {}
            }
            self.kept.push(news);
        }
        said
    }
}

/// A look goes to the observer of its side, a command to whoever trains both.
fn tell(session: &PairSession, pair: &mut Pair, side: usize, request: Request) {
    match request {
        Request::Look(look) => {
            // An observer that has gone shows in the events.
            let _ = session.sides[side].looks.send(look);
        }
        Request::Command(command) => {
            let heard = session
                .commands
                .is_some_and(|commands| commands.try_send(command).is_ok());
            if !heard {
                // Neither waits for it to be obeyed.
                for app in &mut pair.sides {
                    update(app, Message::NotHeard);
                }
            }
        }
        Request::Suspend | Request::Redraw | Request::Export(_) => {}
    }
}

/// Takes what the observers have said.
fn hear(session: &PairSession, pair: &mut Pair) -> bool {
    let mut changed = false;
    for side in 0..2 {
        let has_failed = pair.sides[side].failure.is_some();
        for news in waiting(session.sides[side].events, has_failed) {
            changed = true;
            for (side, request) in pair.hear(side, news) {
                tell(session, pair, side, request);
            }
        }
    }
    changed
}

impl Held {
    fn show_pair(&mut self, session: &PairSession, pair: &mut Pair) -> io::Result<PairExit> {
        let mut drawn: Option<Instant> = None;
        self.redraw()?;
        let size = self.screen.size()?;
        act::resize(pair, (size.width, size.height));
        loop {
            let mut changed = hear(session, pair);
            if self.guard.retake_if_continued()? {
                self.redraw()?;
                changed = true;
            }
            changed |= self.owes || self.pictures.are_owed();
            self.listen_for_pair(session, pair, drawn, &mut changed)?;
            if let Some(number) = (session.signal)() {
                return Ok(PairExit::Signal(number));
            }
            if let Some(exit) = pair.exit.take() {
                return Ok(exit);
            }
            if changed || drawn.is_none() {
                self.draw(pair)?;
                drawn = Some(Instant::now());
            }
        }
    }

    /// Waits for keys until the next frame is due, and takes all there are.
    fn listen_for_pair(
        &mut self,
        session: &PairSession,
        pair: &mut Pair,
        drawn: Option<Instant>,
        changed: &mut bool,
    ) -> io::Result<()> {
        let mut wait = wait(*changed, drawn);
        while let Some(input) = self.keyboard.next(wait)? {
            if let Input::Sent(Sent::Well) = input {
                self.line.hear(Instant::now());
                wait = super::wait(*changed, drawn);
                continue;
            }
            *changed = true;
            if let Input::Sent(sent) = &input {
                self.pictures.hear(sent);
            }
            match input {
                Input::Sent(Sent::Key(key)) => {
                    for (side, request) in act::press(pair, key) {
                        self.obey_pair(session, pair, side, request)?;
                    }
                }
                Input::Sent(Sent::Background(color)) => self.tell_ground(&color),
                Input::Sent(Sent::Attributes { .. }) => terminal::settle(),
                Input::Sent(_) => {}
                Input::Resized => {
                    self.redraw()?;
                    let size = self.screen.size()?;
                    act::resize(pair, (size.width, size.height));
                }
            }
            wait = Duration::ZERO;
        }
        Ok(())
    }

    fn obey_pair(
        &mut self,
        session: &PairSession,
        pair: &mut Pair,
        side: usize,
        request: Request,
    ) -> io::Result<()> {
        match request {
            Request::Suspend => {
                self.guard.suspend(&mut self.keyboard)?;
                self.redraw()
            }
            Request::Redraw => self.redraw(),
            Request::Export(format) => {
                let size = self.screen.size()?;
                let area = Rect::from((Position::ORIGIN, size));
                let picture = pictured(pair, self.theme, area, format);
                let _ = session.sides[side].looks.send(Look::Export(picture));
                Ok(())
            }
            request => {
                tell(session, pair, side, request);
                Ok(())
            }
        }
    }
}

impl Scene for Pair {
    fn name(&self) -> String {
        "compare".into()
    }

    fn render(&self, theme: Theme, area: Rect, buf: &mut Buffer) {
        draw::render(self, theme, area, buf);
    }

    fn render_fine(&self, theme: Theme, area: Rect, buf: &mut Buffer) -> Vec<FinePicture> {
        draw::render_fine(self, theme, area, buf)
    }
}
