//! The one table of keys. What a key does, the line of hints, the help screen
//! and the README's table are all read from it.

mod table;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{
    export::Format,
    views::{self, View},
};
use crate::words::printable;
pub use table::BINDINGS;

/// What a key means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// The sample before.
    Previous,
    /// The sample after.
    Next,
    /// A row of ten back.
    RowBack,
    /// A row of ten on.
    RowOn,
    /// The first sample of the split.
    First,
    /// The last sample of the split.
    Last,
    /// Any sample.
    Random,
    /// The next sample of the same digit.
    NextOfDigit,
    /// The sample before of the same digit.
    PreviousOfDigit,
    /// The other split.
    OtherSplit,
    /// Type a sample's number, or a view's letter.
    GoTo,
    /// The next view.
    NextView,
    /// The view before.
    PreviousView,
    /// Train or pause; in the past, play or stop.
    PlayPause,
    /// The kept moment before.
    StepBack,
    /// The kept moment after; at now, train one step.
    Step,
    /// The end of the epoch before.
    EpochBack,
    /// The end of the epoch; at now, train to it.
    Epoch,
    /// The earliest moment that is kept.
    Start,
    /// Back to what is going on.
    Now,
    /// Train twice as fast.
    Faster,
    /// Train half as fast.
    Slower,
    /// Full speed and back.
    FullSpeed,
    /// Type how far to train.
    RunFor,
    /// Show this class only, or this one too.
    Digit(u8),
    /// Type the mark or the name of a class to show.
    ClassCalled,
    /// The next way to draw what is looked at.
    Style,
    /// Nearer.
    ZoomIn,
    /// Further off.
    ZoomOut,
    /// The view's cursor, by one place.
    Cursor(Towards),
    /// The view's cursor, by a big step.
    CursorFar(Towards),
    /// Take what the cursor points at.
    Take,
    /// Put one end of a path where the cursor is.
    PinStart,
    /// Put the other end there.
    PinEnd,
    /// The cursor to the chosen sample; a drawing to the middle.
    Centre,
    /// Walk along the path, or stop.
    Walk,
    /// Draw a code by chance.
    Prior,
    /// The next order.
    Order,
    /// Less of the view's one quantity.
    Less,
    /// More of it.
    More,
    /// A page back.
    PageBack,
    /// A page on.
    PageOn,
    /// Make the chosen value the horizontal axis.
    AxisAcross,
    /// Make it the vertical axis.
    AxisUp,
    /// Hand the cursor's keys to a list of values, or take them back.
    Values,
    /// Put the pen down, or lift it.
    Pen,
    /// The eraser in place of the pen, and back.
    Eraser,
    /// Take the last stroke back.
    Undo,
    /// Clear the drawing.
    Clear,
    /// Open or close the measures.
    Measures,
    /// What the narrator's sentence means.
    Why,
    /// The noisy or the clean image over its reconstruction.
    Above,
    /// Write the weights to a new file.
    Save,
    /// Write the screen to a new file.
    Export(Format),
    /// Open the settings of the run.
    Settings,
    /// Open the runs on this screen.
    Branches,
    /// Choose a seed to train the same network with.
    Restart,
    /// Put another beside this run; back to the pair that this is one of.
    Compare,
    /// Train as a lesson, and back.
    Lesson,
    /// Take the tour.
    Tour,
    /// Find something by its name.
    Find,
    /// Open or close the help.
    Help,
    /// One level back.
    Back,
    /// Leave, after a question if something is unsaved.
    Quit,
    /// Leave at once.
    QuitAtOnce,
    /// Hand the terminal back to the shell.
    Suspend,
    /// Draw everything anew.
    Redraw,
}

/// Where a cursor goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Towards {
    /// To the left.
    Left,
    /// Down.
    Down,
    /// Up.
    Up,
    /// To the right.
    Right,
}

/// What a group of keys is about, in the order of the help screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Which image is shown.
    Sample,
    /// When training moves.
    Tape,
    /// How fast.
    Pace,
    /// What the view does of its own.
    View,
    /// What the map shows.
    Map,
    /// Files and the way out.
    Leave,
}

impl Group {
    /// All groups, in the order of the help screen.
    pub const ALL: [Self; 6] = [
        Self::Sample,
        Self::View,
        Self::Tape,
        Self::Pace,
        Self::Map,
        Self::Leave,
    ];

    /// Its heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Sample => "sample",
            Self::Tape => "training, tape",
            Self::Pace => "pace",
            Self::View => "this view",
            Self::Map => "map, measures",
            Self::Leave => "save, restart, leave",
        }
    }
}

/// One key as it arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Press {
    code: KeyCode,
    modifiers: KeyModifiers,
}

impl Press {
    /// As it is called.
    fn written(&self) -> String {
        match (self.code, self.modifiers) {
            (KeyCode::Char(letter), KeyModifiers::CONTROL) => {
                format!("Ctrl-{}", letter.to_ascii_uppercase())
            }
            (KeyCode::Char(' '), _) => "space".into(),
            (KeyCode::Char(character), _) => character.into(),
            (KeyCode::Left, _) => "left".into(),
            (KeyCode::Right, _) => "right".into(),
            (KeyCode::Up, _) => "up".into(),
            (KeyCode::Down, _) => "down".into(),
            (KeyCode::PageUp, _) => "pgup".into(),
            (KeyCode::PageDown, _) => "pgdn".into(),
            (KeyCode::F(number), _) => format!("F{number}"),
            (KeyCode::BackTab, _) => "shift-tab".into(),
            (code, _) => format!("{code:?}").to_lowercase(),
        }
    }
}

/// A row of the table.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each tells of one thing that a screen may lack"
)]
pub struct Binding {
    presses: &'static [Press],
    /// What the presses mean, in their order; one meaning may have several.
    actions: &'static [Action],
    /// How the keys are written.
    pub keys: &'static str,
    /// What they do, for help and README.
    pub words: &'static str,
    /// What they do, for the line of hints; empty keeps them out of it.
    pub hint: &'static str,
    /// How long the hint stays when the line gets short; the highest goes last.
    pub weight: u8,
    /// The same in the past, where it is another; 0: as at now.
    past: u8,
    /// The same in views other than Train, for keys that all views have; 0: kept out.
    elsewhere: u8,
    /// The views where it does this; empty: all of them.
    views: &'static [View],
    /// What it does, for the narrator of the past; empty where that does not tell.
    pub narrated: &'static str,
    /// Whether it speaks to a trainer, and so is idle where there is none.
    pub trains: bool,
    /// Whether it is about noise on the images, and so is idle without any.
    pub noisy: bool,
    /// Whether it is about a code of more values than a map shows, and so is idle for another.
    pub many: bool,
    /// Classes that there are at the least where it has something to do.
    pub classes: usize,
    /// Whether it moves about the tape, and so serves without a trainer where moments are kept.
    pub film: bool,
    /// Whether, in Curves, it is about the course of the run, and so is idle where none is known.
    pub history: bool,
    /// Whether it leads back to the pair that this is one of, where it is one, whoever trains.
    pub pair: bool,
    /// The views where nothing of what it does is seen, so that it is not offered there.
    unseen_in: &'static [View],
    /// Where help lists it.
    pub group: Group,
}

impl Binding {
    /// Its keys as they arrive.
    pub fn key_events(&self) -> impl Iterator<Item = KeyEvent> {
        self.presses
            .iter()
            .map(|press| KeyEvent::new(press.code, press.modifiers))
    }

    /// Whether one of its keys has this meaning.
    pub fn means(&self, action: Action) -> bool {
        self.actions.contains(&action)
    }

    /// Whether it has anything to do there.
    pub fn serves(&self, scene: Scene) -> bool {
        let idle = self.trains && !scene.trains && !(self.pair && scene.paired);
        let has = |about: bool, there_is: bool| there_is || !about;
        self.is_of(scene.view)
            && (!idle || self.film && scene.film)
            && has(self.noisy, scene.noisy)
            && has(self.many, scene.many)
            && self.classes <= scene.classes
            && has(self.history && scene.view == View::Curves, scene.history)
    }

    /// Whether the view has it.
    pub fn is_of(&self, view: View) -> bool {
        self.views.is_empty() || self.views.contains(&view)
    }

    /// Whether every view has it.
    pub fn is_of_all(&self) -> bool {
        self.views.is_empty()
    }

    /// The view where it does this: the one looked at, where that has it.
    pub fn home(&self, view: View) -> View {
        let first = self.views.first().filter(|_| !self.is_of(view));
        first.copied().unwrap_or(view)
    }

    /// What its keys mean: each meaning once, with the first key that has it, as it is written.
    pub fn meanings(&self) -> Vec<(Action, String)> {
        let mut meanings: Vec<(Action, String)> = Vec::new();
        for (press, action) in self.presses.iter().zip(self.actions) {
            if meanings.iter().all(|(known, _)| known != action) {
                meanings.push((*action, press.written()));
            }
        }
        meanings
    }

    /// How long its hint stays when the line gets short; 0 keeps it out.
    pub fn weight_in(&self, view: View, past: bool) -> u8 {
        match self.past {
            _ if self.unseen_in.contains(&view) => 0,
            past_weight @ 1.. if past => past_weight,
            _ if view != View::Train && self.views.is_empty() => self.elsewhere,
            _ => self.weight,
        }
    }
}

/// What there is for keys to do something with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is there or not, whatever the others are"
)]
pub struct Scene {
    /// A trainer.
    pub trains: bool,
    /// Noise on the images.
    pub noisy: bool,
    /// A code of more values than a map shows.
    pub many: bool,
    /// How many classes; none without labels.
    pub classes: usize,
    /// Moments that are kept.
    pub film: bool,
    /// Another that it is compared with.
    pub paired: bool,
    /// Anything that is known of how the weights came about.
    pub history: bool,
    /// What is looked at.
    pub view: View,
}

/// What this key means in a view, if anything.
pub fn action(event: KeyEvent, view: View) -> Option<Action> {
    let wanted = Press {
        code: event.code,
        // Terminals disagree on whether a capital or a sign is shifted.
        modifiers: match event.code {
            KeyCode::Char(_) => event.modifiers - KeyModifiers::SHIFT,
            _ => event.modifiers,
        },
    };
    let mut bindings = BINDINGS.iter().filter(|binding| binding.is_of(view));
    bindings.find_map(|binding| {
        let place = binding.presses.iter().position(|press| *press == wanted)?;
        binding.actions.get(place).copied()
    })
}

/// Where a character that means nothing here does something, for whoever typed it.
pub fn elsewhere(event: KeyEvent) -> Option<String> {
    let typed = event.modifiers - KeyModifiers::SHIFT == KeyModifiers::NONE;
    let (KeyCode::Char(character), true) = (event.code, typed) else {
        return None;
    };
    let views = views::TABLE.iter();
    let homes = views.filter(|entry| action(event, entry.view).is_some());
    let homes: Vec<String> = homes
        .map(|entry| format!("{} (g {})", entry.name, entry.letter))
        .collect();
    let key = printable(&character.to_string(), 1);
    Some(if homes.is_empty() {
        format!("{key} does nothing; ? tells what the keys do.")
    } else {
        format!(
            "{key} does nothing here; it is a key of {}.",
            homes.join(", ")
        )
    })
}

/// Whether what it does is seen in that view.
pub fn is_seen(action: Action, view: View) -> bool {
    let mut bindings = BINDINGS.iter().filter(|binding| binding.is_of(view));
    bindings
        .find(|binding| binding.means(action))
        .is_none_or(|binding| !binding.unseen_in.contains(&view))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::views::TABLE;

    #[test]
    fn no_key_is_bound_twice_and_every_press_has_its_action() {
        for entry in TABLE {
            let mut seen: Vec<Press> = Vec::new();
            for binding in BINDINGS.iter().filter(|row| row.is_of(entry.view)) {
                assert_eq!(
                    binding.presses.len(),
                    binding.actions.len(),
                    "{}",
                    binding.keys
                );
                for press in binding.presses {
                    assert!(!seen.contains(press), "{press:?} twice in {}", entry.name);
                    seen.push(*press);
                }
            }
        }
    }

    #[test]
    fn every_row_says_how_its_keys_are_written_and_what_they_do() {
        for binding in BINDINGS {
            assert!(!binding.keys.is_empty() && !binding.words.is_empty());
            assert_eq!(
                binding.hint.is_empty(),
                binding.weight == 0 && binding.past == 0,
                "{}",
                binding.keys
            );
        }
    }

    #[test]
    fn a_sign_is_the_same_with_and_without_shift() {
        let plus = |modifiers| action(KeyEvent::new(KeyCode::Char('+'), modifiers), View::Train);
        assert_eq!(plus(KeyModifiers::NONE), Some(Action::Faster));
        assert_eq!(plus(KeyModifiers::SHIFT), Some(Action::Faster));
        assert_eq!(plus(KeyModifiers::ALT), None);
    }

    #[test]
    fn the_readme_lists_exactly_these_keys() {
        let readme = include_str!("../../README.md");
        for binding in BINDINGS {
            let row = format!("| `{}` | {} |", binding.keys, binding.words);
            assert!(readme.contains(&row), "README.md has no row {row}");
        }
    }
}
