//! What a message does to the screen's state, and what it asks of others.
//! No input, no output, no clock: a pure function of state and message.

mod beside;
mod branches;
pub(in crate::ui) mod classes;
mod find;
mod lesson;
mod mouse;
mod news;
mod samples;
mod settings;
pub(in crate::ui) mod tape;
pub(in crate::ui) mod tour;
mod typing;
mod why;

pub(in crate::ui) use samples::browses;

use crossterm::event::{KeyCode, KeyEvent};

use super::{
    app::{Above, App, Exit, Overlay, Prompt},
    export::Format,
    find::Find,
    keymap::{self, Action},
    pointer::Pointer,
    settings::Line,
    views::{self, View},
};
use crate::{
    data::Labels,
    message::{Command, Look, News, Phase, When},
    pace::Pace,
    recipe::Recipe,
};

/// What happened.
#[derive(Debug, Clone)]
pub enum Message {
    /// A key was pressed.
    Key(KeyEvent),
    /// A text was pasted.
    Paste(String),
    /// The mouse did something, on a screen of so many columns and rows.
    Mouse(Pointer, (u16, u16)),
    /// The screen has so many columns and rows.
    Screen((u16, u16)),
    /// A thirtieth of a second has passed, while something moves by itself.
    Beat,
    /// The trainer was too busy to take a command; it is as if it was not given.
    NotHeard,
    /// The observer said something.
    News(News),
    /// A signal of this number arrived.
    Signal(i32),
}

/// What is asked of others.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// Of the trainer.
    Command(Command),
    /// Of the observer.
    Look(Look),
    /// Of the terminal: make room for the shell.
    Suspend,
    /// Of the terminal: draw everything anew.
    Redraw,
    /// Of the screen: be written to a file.
    Export(Format),
}

/// Takes a message in. Where the viewer looks elsewhere after it, the observer is told.
pub fn update(app: &mut App, message: Message) -> Vec<Request> {
    let is_news = matches!(message, Message::News(_));
    let mut requests = match message {
        Message::Key(key) => press(app, key),
        Message::Paste(text) => {
            typing::paste(app, &text);
            Vec::new()
        }
        Message::Mouse(pointer, screen) => {
            app.screen = screen;
            mouse::point(app, pointer, screen)
        }
        Message::Screen(screen) => {
            app.screen = screen;
            lesson::expect_room(app);
            Vec::new()
        }
        Message::Beat => {
            views::beat(app);
            Vec::new()
        }
        Message::NotHeard => {
            app.commanded = app.commanded.saturating_sub(1);
            Vec::new()
        }
        Message::News(news) => {
            let observed = matches!(news, News::Observed(_));
            news::hear(app, news);
            if observed {
                lesson::hear(app)
            } else {
                Vec::new()
            }
        }
        Message::Signal(number) => leave(app, Exit::Signal(number)),
    };
    if is_news {
        requests.extend(tour::follow(app));
    }
    views::settle(app);
    requests.extend(app.look().map(Look::Gaze).map(Request::Look));
    requests
}

fn press(app: &mut App, key: KeyEvent) -> Vec<Request> {
    let action = keymap::action(key, app.view);
    if app.is_too_small() && !app.overlay.is_question() {
        return act_unseen(app, action);
    }
    if let Some(requests) = tour::press(app, key) {
        return requests;
    }
    app.status = None;
    if let Some(Action::QuitAtOnce) = action {
        return leave(app, Exit::Quit);
    }
    // Whatever is open, and it stays open.
    if let Some(Action::Suspend) = action {
        return vec![Request::Suspend];
    }
    tour::pressed(app, action.filter(|_| app.overlay == Overlay::None));
    match std::mem::replace(&mut app.overlay, Overlay::None) {
        Overlay::Typing(prompt, typed) => typing::type_key(app, prompt, typed, key),
        Overlay::Naming { why, typed } => typing::name_key(app, why, typed, key),
        Overlay::ConfirmQuit => match action {
            Some(Action::Quit) => leave(app, Exit::Quit),
            Some(Action::Save) => act(app, Action::Save),
            _ => Vec::new(),
        },
        Overlay::Settings(sheet) => settings::press(app, *sheet, key),
        Overlay::Find(palette) => find::press(app, palette, key),
        Overlay::Branches(at) => branches::press(app, at, key),
        Overlay::ConfirmForget(at) => branches::answer_forget(app, at, key),
        Overlay::Beside(at) => beside::press(app, at, key),
        Overlay::Restart(at) => choose(app, at, key),
        Overlay::ConfirmRestart(next) => match action {
            Some(Action::Restart) => leave(app, Exit::Anew(next)),
            Some(Action::Save) => act(app, Action::Save),
            _ => Vec::new(),
        },
        // The view counts the pages and begins anew after the last.
        Overlay::Help(page) => match action {
            Some(Action::Help | Action::PlayPause) => open(app, Overlay::Help(page + 1)),
            Some(Action::Back) | None => Vec::new(),
            Some(action) => act(app, action),
        },
        Overlay::Measures => match action {
            Some(Action::Measures | Action::Back) => Vec::new(),
            // The numbers follow the training, which goes on as it is told.
            other => {
                app.overlay = Overlay::Measures;
                other.map_or_else(Vec::new, |action| act(app, action))
            }
        },
        Overlay::Why(at) => why::press(app, at, key, action),
        Overlay::Failure if action == Some(Action::Back) => Vec::new(),
        Overlay::Failure | Overlay::None => match action {
            Some(action) => act(app, action),
            None => nothing(app, key),
        },
    }
}

/// A key on a screen that has no room for what it would do: the ways out, each of which is
/// seen there, and nothing else.
fn act_unseen(app: &mut App, action: Option<Action>) -> Vec<Request> {
    let way_out = [
        Action::Quit,
        Action::QuitAtOnce,
        Action::Suspend,
        Action::Redraw,
    ];
    let known = action.filter(|action| way_out.contains(action));
    known.map_or_else(Vec::new, |action| act(app, action))
}

fn act(app: &mut App, action: Action) -> Vec<Request> {
    if let Some(requests) = lesson::act(app, action) {
        return requests;
    }
    if let Some(requests) = (app.view.entry().act)(app, action) {
        return requests;
    }
    match action {
        _ if browses(action) => samples::browse(app, action),
        Action::GoTo => open(app, Overlay::Typing(Prompt::Sample, String::new())),
        Action::RunFor if app.plan.trains && app.failure.is_none() => {
            open(app, Overlay::Typing(Prompt::RunFor, String::new()))
        }
        Action::NextView => turn_to(app, app.view.beside(1)),
        Action::PreviousView => turn_to(app, app.view.beside(-1)),
        Action::PlayPause => tape::play_or_stop(app),
        Action::StepBack => tape::back(app, tape::Stride::Moment),
        Action::Step => tape::on(app, tape::Stride::Moment),
        Action::EpochBack => tape::back(app, tape::Stride::Epoch),
        Action::Epoch => tape::on(app, tape::Stride::Epoch),
        Action::Start => tape::back(app, tape::Stride::All),
        Action::Now => tape::ask(app, When::Now),
        Action::Faster => set_pace(app, app.pace.faster()),
        Action::Slower => set_pace(app, app.pace.slower()),
        Action::FullSpeed => full_speed(app),
        Action::Digit(class) => classes::choose(app, class, keymap::is_seen(action, app.view)),
        Action::ClassCalled if app.scene().classes > classes::KEYS => {
            open(app, Overlay::Typing(Prompt::Class, String::new()))
        }
        Action::ClassCalled => {
            let words = app.classes().said("The keys 0 to 9 choose each digit.");
            answer(app, &words)
        }
        Action::Style => {
            app.map_style = app.map_style.next();
            let words = app.classes().said(app.map_style.says());
            answer(app, &words)
        }
        Action::Above if app.plan.kind.noisy => {
            app.above = match app.above {
                Above::Noisy => Above::Original,
                Above::Original => Above::Noisy,
            };
            Vec::new()
        }
        Action::Back if app.when != When::Now => tape::ask(app, When::Now),
        Action::Back => {
            app.filter = Labels::ALL;
            Vec::new()
        }
        Action::Measures => open(app, Overlay::Measures),
        Action::Lesson => lesson::turn(app),
        Action::Why => why::ask(app),
        Action::Save => vec![Request::Look(Look::Save)],
        Action::Export(format) => vec![Request::Export(format)],
        Action::Settings if app.can_restart() => settings::open(app, Line::Numbers),
        Action::Branches if app.can_branch() => open(app, Overlay::Branches(0)),
        Action::Restart if app.can_restart() => open(app, Overlay::Restart(0)),
        Action::Tour if app.plan.trains && app.failure.is_none() && !app.paired => tour::begin(app),
        Action::Find => open(app, Overlay::Find(Find::default())),
        Action::Help => open(app, Overlay::Help(0)),
        Action::Quit if app.unsaved_steps() > 0 || !app.unsaved_others().is_empty() => {
            open(app, Overlay::ConfirmQuit)
        }
        Action::Quit | Action::QuitAtOnce => leave(app, Exit::Quit),
        Action::Suspend => vec![Request::Suspend],
        Action::Redraw => vec![Request::Redraw],
        Action::Above => answer(app, "No noise is put on these images."),
        Action::Compare if app.paired => leave(app, Exit::Pair),
        Action::Compare if app.can_branch() => open(app, Overlay::Beside(0)),
        Action::Compare if !app.plan.trains => answer(
            app,
            "Nothing is trained here; ae-tui compare A B shows two.",
        ),
        Action::Compare
        | Action::RunFor
        | Action::Settings
        | Action::Branches
        | Action::Restart
        | Action::Tour => idle(app),
        // Views that have the others have them from their own hands.
        _ => Vec::new(),
    }
}

/// Why a key does nothing: it is one of other views, or of none.
fn nothing(app: &mut App, key: KeyEvent) -> Vec<Request> {
    match keymap::elsewhere(key) {
        Some(words) => answer(app, &words),
        None => Vec::new(),
    }
}

/// Why a key that speaks of training does nothing.
fn idle(app: &mut App) -> Vec<Request> {
    let words = match (&app.failure, app.plan.trains) {
        (Some(_), _) if app.can_restart() => "The training stopped; p or R begins anew.",
        (Some(_), _) => "The training stopped.",
        (None, true) if app.paired => "It is one of a pair, which stays as it began; C leads back.",
        (None, true) => "Not yet: the images are being read.",
        (None, false) if app.writer.is_some() => "Somebody else trains this; it is watched.",
        (None, false) if app.scene().film => "No training here; ae-tui train --resume DIR goes on.",
        (None, false) => "No training here; ae-tui train --init FILE trains on.",
    };
    answer(app, words)
}

/// A key while the seed of a run to follow is being chosen.
fn choose(app: &mut App, at: usize, key: KeyEvent) -> Vec<Request> {
    let entries = app.seeds();
    let mark = |app, at| open(app, Overlay::Restart(at));
    match (key.code, keymap::action(key, app.view)) {
        (KeyCode::Enter, _) => follow_with(app, entries[at].clone()),
        (_, Some(Action::RowBack)) => mark(app, at.saturating_sub(1)),
        (_, Some(Action::RowOn)) => mark(app, (at + 1).min(entries.len() - 1)),
        (_, Some(Action::First)) => mark(app, 0),
        (_, Some(Action::Last)) => mark(app, entries.len() - 1),
        (_, Some(Action::Back) | None) => Vec::new(),
        (_, Some(action)) => act(app, action),
    }
}

/// Ends this run for another, after a question if something is unsaved.
fn follow_with(app: &mut App, next: Recipe) -> Vec<Request> {
    let next = Box::new(next);
    if app.passing_steps() > 0 {
        open(app, Overlay::ConfirmRestart(next))
    } else {
        leave(app, Exit::Anew(next))
    }
}

fn leave(app: &mut App, exit: Exit) -> Vec<Request> {
    app.exit = Some(exit);
    Vec::new()
}

/// Says something in the line of hints.
fn answer(app: &mut App, words: &str) -> Vec<Request> {
    app.say(words);
    Vec::new()
}

fn turn_to(app: &mut App, view: View) -> Vec<Request> {
    app.view = view;
    Vec::new()
}

fn open(app: &mut App, overlay: Overlay) -> Vec<Request> {
    app.overlay = overlay;
    Vec::new()
}

fn command(app: &mut App, command: Command) -> Vec<Request> {
    if app.plan.trains && app.failure.is_none() {
        app.coming = coming_phase(app, command);
        app.commanded += 1;
        vec![Request::Command(command)]
    } else {
        idle(app)
    }
}

/// What the trainer will be doing for all that is seen of it, once it has obeyed.
fn coming_phase(app: &App, command: Command) -> Phase {
    match (command, app.coming_phase()) {
        // One step is over before anybody presses another key.
        (Command::Steps(1), _) | (Command::Pause, Phase::Training) => Phase::Paused,
        (Command::Resume | Command::Steps(_) | Command::Epochs(_), _) => Phase::Training,
        (Command::Pause | Command::Pace(_) | Command::Change(_) | Command::Stop, phase) => phase,
    }
}

/// Full speed, and back to the pace before.
fn full_speed(app: &mut App) -> Vec<Request> {
    match app.pace {
        Pace::Full => set_pace(app, app.unhurried),
        unhurried => {
            app.unhurried = unhurried;
            set_pace(app, Pace::Full)
        }
    }
}

fn set_pace(app: &mut App, pace: Pace) -> Vec<Request> {
    app.pace = pace;
    command(app, Command::Pace(pace))
}

#[cfg(test)]
mod tests;
