//! A run at full speed with its observer and the screen's state, as the dashboard has them,
//! drawn to a terminal that takes everything.

use std::{
    cell::Cell,
    fs,
    io::{self, Write},
    rc::Rc,
    sync::Arc,
};

use ae_tui::{
    data::mnist,
    message::{SampleId, SplitName},
    observe::{self, Past, Source, Tape},
    pace::Pace,
    pool::Pool,
    recipe::{Preset, Recipe},
    store::keeper::Files,
    train::{self, Keeping},
    ui::{
        app::{App, Kind, Plan},
        runs::Runs,
        theme::{Depth, Glyphs, Theme, Tone},
        update::{Message, Request, update},
        view,
    },
};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::{Terminal, TerminalOptions, Viewport, backend::CrosstermBackend, layout::Rect};

use super::Result;

/// As much as the dashboard has when nothing else is asked for.
const MEMORY: u64 = 256 << 20;
const THEME: Theme = Theme {
    depth: Depth::True,
    tone: Tone::Dark,
    glyphs: Glyphs::Blocks,
};

/// Takes all bytes at once, as a terminal that keeps up does, and counts them.
struct Sink(Rc<Cell<usize>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.set(self.0.get() + bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub(crate) struct Live {
    pub(crate) app: App,
    trainer: train::Handle,
    observer: observe::Handle,
    terminal: Terminal<CrosstermBackend<Sink>>,
    bytes: Rc<Cell<usize>>,
}

impl Live {
    pub(crate) fn start(preset: Preset, (columns, rows): (u16, u16)) -> Result<Self> {
        let recipe = Recipe {
            epochs: 1000,
            ..Recipe::preset(preset)
        };
        let sample = SampleId {
            split: SplitName::Test,
            index: 110,
        };
        let data = Arc::new(mnist::embedded()?);
        let pool = Pool::of_the_machine();
        let parameters = u64::try_from(recipe.architecture().parameter_count())?;
        let keeping = Keeping::within(MEMORY, parameters);
        let (trainer, events) = train::spawn(train::Setup {
            recipe: recipe.clone(),
            data: Box::new(move || Ok(data)),
            start: None,
            keeping,
            pace: Pace::Full,
            pool: pool.clone(),
        })?;
        let observer = observe::spawn(observe::Setup {
            source: Source::Trainer(events),
            recipe: recipe.clone(),
            files: Files {
                folder: ".".into(),
                ..Files::default()
            },
            sample,
            tape: Tape::new(keeping),
            past: Past::default(),
            pca: None,
            measures: true,
            pool,
        })?;
        let app = App::new(Plan {
            title: preset.name().into(),
            kind: Kind::of(&recipe),
            recipe,
            sample,
            pace: Pace::Full,
            trains: true,
            result: None,
            kept: false,
            presets: Preset::ALL.map(Recipe::preset).into(),
            runs: Runs::default(),
        });
        let viewport = Viewport::Fixed(Rect::new(0, 0, columns, rows));
        let bytes = Rc::new(Cell::new(0));
        let backend = CrosstermBackend::new(Sink(Rc::clone(&bytes)));
        let terminal = Terminal::with_options(backend, TerminalOptions { viewport })?;
        let mut live = Self {
            app,
            trainer,
            observer,
            terminal,
            bytes,
        };
        live.tell(Message::Screen((columns, rows)))?;
        Ok(live)
    }

    fn tell(&mut self, message: Message) -> Result<()> {
        for request in update(&mut self.app, message) {
            if let Request::Look(look) = request {
                self.observer.looks().send(look)?;
            }
        }
        Ok(())
    }

    pub(crate) fn press(&mut self, key: char) -> Result<()> {
        let key = KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE);
        self.tell(Message::Key(key))
    }

    /// Takes what the observer has said.
    pub(crate) fn hear(&mut self) -> Result<()> {
        let said: Vec<_> = self.observer.events().try_iter().collect();
        said.into_iter()
            .try_for_each(|news| self.tell(Message::News(news)))
    }

    pub(crate) fn draw(&mut self) -> Result<()> {
        let app = &self.app;
        self.terminal
            .draw(|frame| view::render(app, THEME, frame.area(), frame.buffer_mut()))?;
        Ok(())
    }

    /// Bytes sent to the terminal until now.
    pub(crate) fn sent(&self) -> usize {
        self.bytes.get()
    }

    pub(crate) fn stop(self) {
        self.trainer.stop();
        self.observer.finish();
    }
}

/// Milliseconds of processor time that this process's thread of that name has taken.
pub(crate) fn thread_time(name: &str) -> Result<f64> {
    let mut total = 0.0;
    for task in fs::read_dir("/proc/self/task")? {
        let task = task?.path();
        if fs::read_to_string(task.join("comm"))?.trim() == name {
            // The first number is nanoseconds on a processor.
            let stat = fs::read_to_string(task.join("schedstat"))?;
            let nanoseconds = stat.split_whitespace().next().unwrap_or("0");
            total += nanoseconds.parse::<f64>()? / 1e6;
        }
    }
    Ok(total)
}
