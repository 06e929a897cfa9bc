//! The rows of the key table: first what all views have, then what each has of its own, then
//! how one leaves. It says what keys mean; what comes of it is for the update to do.

use crossterm::event::{KeyCode, KeyModifiers};

use super::{Action, Binding, Group, Press, Towards};
use crate::ui::{export::Format, views::View};

const fn key(character: char) -> Press {
    press(KeyCode::Char(character))
}

const fn press(code: KeyCode) -> Press {
    Press {
        code,
        modifiers: KeyModifiers::NONE,
    }
}

const fn control(character: char) -> Press {
    Press {
        code: KeyCode::Char(character),
        modifiers: KeyModifiers::CONTROL,
    }
}

const fn shift(code: KeyCode) -> Press {
    Press {
        code,
        modifiers: KeyModifiers::SHIFT,
    }
}

const ROW: Binding = Binding {
    presses: &[],
    actions: &[],
    keys: "",
    words: "",
    hint: "",
    weight: 0,
    past: 0,
    elsewhere: 0,
    views: &[],
    narrated: "",
    trains: false,
    noisy: false,
    many: false,
    classes: 0,
    film: false,
    history: false,
    pair: false,
    unseen_in: &[],
    group: Group::Sample,
};

/// The table.
pub const BINDINGS: &[Binding] = &[
    Binding {
        presses: &[press(KeyCode::Left), press(KeyCode::Right)],
        actions: &[Action::Previous, Action::Next],
        keys: "←→",
        words: "sample before, after",
        hint: "sample",
        weight: 9,
        elsewhere: 9,
        ..ROW
    },
    Binding {
        presses: &[press(KeyCode::Up), press(KeyCode::Down)],
        actions: &[Action::RowBack, Action::RowOn],
        keys: "↑↓",
        words: "ten back, ten on",
        hint: "±10",
        weight: 2,
        views: &[
            View::Train,
            View::Curves,
            View::Latent,
            View::Inside,
            View::Draw,
        ],
        ..ROW
    },
    Binding {
        presses: &[key('h'), key('l'), key('k'), key('j')],
        actions: &[
            Action::Previous,
            Action::Next,
            Action::RowBack,
            Action::RowOn,
        ],
        keys: "h l k j",
        words: "the same as the arrows",
        views: &[View::Train, View::Samples],
        ..ROW
    },
    Binding {
        presses: &[press(KeyCode::Home), press(KeyCode::End)],
        actions: &[Action::First, Action::Last],
        keys: "Home End",
        words: "first, last sample",
        ..ROW
    },
    Binding {
        presses: &[key('g')],
        actions: &[Action::GoTo],
        keys: "g",
        words: "a sample by number, a view by its letter",
        hint: "go to",
        weight: 2,
        ..ROW
    },
    Binding {
        presses: &[
            press(KeyCode::Tab),
            press(KeyCode::BackTab),
            shift(KeyCode::BackTab),
            shift(KeyCode::Tab),
        ],
        actions: &[
            Action::NextView,
            Action::PreviousView,
            Action::PreviousView,
            Action::PreviousView,
        ],
        keys: "tab",
        words: "the next view, Shift-Tab the one before",
        hint: "view",
        weight: 3,
        elsewhere: 2,
        ..ROW
    },
    Binding {
        presses: &[key('r')],
        actions: &[Action::Random],
        keys: "r",
        words: "any sample",
        ..ROW
    },
    Binding {
        presses: &[key('n'), key('N')],
        actions: &[Action::NextOfDigit, Action::PreviousOfDigit],
        keys: "n N",
        words: "next, previous of the same digit",
        classes: 1,
        ..ROW
    },
    Binding {
        presses: &[key('t')],
        actions: &[Action::OtherSplit],
        keys: "t",
        words: "training or test images",
        hint: "train/test",
        weight: 1,
        ..ROW
    },
    Binding {
        presses: &[key('y')],
        actions: &[Action::Above],
        keys: "y",
        words: "noisy or clean image on top",
        hint: "noisy/clean",
        weight: 4,
        noisy: true,
        views: &[View::Train],
        ..ROW
    },
    Binding {
        presses: &[key('h'), key('j'), key('k'), key('l')],
        actions: &[
            Action::Cursor(Towards::Left),
            Action::Cursor(Towards::Down),
            Action::Cursor(Towards::Up),
            Action::Cursor(Towards::Right),
        ],
        keys: "h j k l",
        words: "the cursor by a place",
        hint: "cursor",
        weight: 9,
        views: &[View::Latent],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[key('H'), key('J'), key('K'), key('L')],
        actions: &[
            Action::CursorFar(Towards::Left),
            Action::CursorFar(Towards::Down),
            Action::CursorFar(Towards::Up),
            Action::CursorFar(Towards::Right),
        ],
        keys: "H J K L",
        words: "the same by a big step",
        views: &[View::Latent, View::Curves, View::Draw],
        history: true,
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[press(KeyCode::Enter)],
        actions: &[Action::Take],
        keys: "enter",
        words: "take the nearest image",
        hint: "take nearest",
        weight: 8,
        views: &[View::Latent],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[key('a'), key('b')],
        actions: &[Action::PinStart, Action::PinEnd],
        keys: "a b",
        words: "pin an end of the path here",
        hint: "pin end",
        weight: 6,
        views: &[View::Latent],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[key('c')],
        actions: &[Action::Centre],
        keys: "c",
        words: "the cursor to the chosen sample",
        hint: "centre",
        weight: 5,
        views: &[View::Latent],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[key('v')],
        actions: &[Action::Style],
        keys: "v",
        words: "manifold: the plane as pictures, and back",
        hint: "manifold",
        weight: 7,
        views: &[View::Latent],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[key('w')],
        actions: &[Action::Walk],
        keys: "w",
        words: "walk along the path, and stop",
        hint: "walk",
        weight: 4,
        views: &[View::Latent],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[key('d')],
        actions: &[Action::Prior],
        keys: "d",
        words: "a code drawn by chance (vae)",
        views: &[View::Latent],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[key('z'), key('Z')],
        actions: &[Action::ZoomIn, Action::ZoomOut],
        keys: "z Z",
        words: "nearer, further",
        views: &[View::Latent, View::Curves],
        history: true,
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[key('i')],
        actions: &[Action::Values],
        keys: "i",
        words: "the keys to the code's values, and back",
        hint: "values",
        weight: 8,
        many: true,
        views: &[View::Latent],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[key('o')],
        actions: &[Action::Order],
        keys: "o",
        words: "axes: two values, or components",
        hint: "plane",
        weight: 6,
        many: true,
        views: &[View::Latent],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[key('e'), key('u')],
        actions: &[Action::AxisAcross, Action::AxisUp],
        keys: "e u",
        words: "the chosen value is the axis across, up",
        many: true,
        views: &[View::Latent],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[press(KeyCode::PageUp), press(KeyCode::PageDown)],
        actions: &[Action::PageBack, Action::PageOn],
        keys: "pgup pgdn",
        words: "a page of values back, on",
        many: true,
        views: &[View::Latent],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[press(KeyCode::PageUp), press(KeyCode::PageDown)],
        actions: &[Action::PageBack, Action::PageOn],
        keys: "pgup pgdn",
        words: "a page back, on",
        hint: "page",
        weight: 5,
        views: &[View::Samples],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[press(KeyCode::Up), press(KeyCode::Down)],
        actions: &[Action::RowBack, Action::RowOn],
        keys: "↑↓",
        words: "a row of the wall back, on",
        hint: "row",
        weight: 8,
        views: &[View::Samples],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[key('o')],
        actions: &[Action::Order],
        keys: "o",
        words: "the next order",
        hint: "order",
        weight: 7,
        views: &[View::Samples],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[key('<'), key('>')],
        actions: &[Action::Less, Action::More],
        keys: "< >",
        words: "the threshold down, up",
        hint: "threshold",
        weight: 6,
        views: &[View::Samples],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[press(KeyCode::Enter)],
        actions: &[Action::Take],
        keys: "enter",
        words: "only images beyond the threshold, and all",
        hint: "beyond",
        weight: 4,
        views: &[View::Samples],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[key('v')],
        actions: &[Action::Style],
        keys: "v",
        words: "the difference in place of what it makes",
        hint: "difference",
        weight: 5,
        views: &[View::Samples],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[key('i')],
        actions: &[Action::Values],
        keys: "i",
        words: "choose the strangers: j k",
        views: &[View::Samples],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[key('h'), key('j'), key('k'), key('l')],
        actions: &[
            Action::Cursor(Towards::Left),
            Action::Cursor(Towards::Down),
            Action::Cursor(Towards::Up),
            Action::Cursor(Towards::Right),
        ],
        keys: "h j k l",
        words: "a unit beside this one",
        hint: "unit",
        weight: 9,
        views: &[View::Inside],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[press(KeyCode::PageUp), press(KeyCode::PageDown)],
        actions: &[Action::PageBack, Action::PageOn],
        keys: "pgup pgdn",
        words: "more units",
        hint: "more units",
        weight: 5,
        views: &[View::Inside],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[key('o')],
        actions: &[Action::Order],
        keys: "o",
        words: "by index or by answer",
        hint: "order",
        weight: 6,
        views: &[View::Inside],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[key('v')],
        actions: &[Action::Style],
        keys: "v",
        words: "the galleries of the chosen layer",
        hint: "layer",
        weight: 7,
        views: &[View::Inside],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[key('z'), key('Z')],
        actions: &[Action::ZoomIn, Action::ZoomOut],
        keys: "z Z",
        words: "more images of the unit, fewer",
        hint: "larger",
        weight: 6,
        views: &[View::Inside],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[key('J'), key('K'), key('H'), key('L')],
        actions: &[
            Action::CursorFar(Towards::Down),
            Action::CursorFar(Towards::Up),
            Action::CursorFar(Towards::Left),
            Action::CursorFar(Towards::Right),
        ],
        keys: "J K H L",
        words: "the layer below, above; a page of units",
        views: &[View::Inside],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[press(KeyCode::Enter)],
        actions: &[Action::Take],
        keys: "enter",
        words: "the image that fits it becomes the sample",
        views: &[View::Inside],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[key('h'), key('l')],
        actions: &[
            Action::Cursor(Towards::Left),
            Action::Cursor(Towards::Right),
        ],
        keys: "h l",
        words: "the ruler back, on",
        hint: "ruler",
        weight: 9,
        views: &[View::Curves],
        history: true,
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[press(KeyCode::Enter)],
        actions: &[Action::Take],
        keys: "enter",
        words: "go to the moment at the ruler",
        views: &[View::Curves],
        history: true,
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[key('v')],
        actions: &[Action::Style],
        keys: "v",
        words: "log, linear, each digit, its two parts",
        hint: "log, linear",
        weight: 8,
        views: &[View::Curves],
        history: true,
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[key('o')],
        actions: &[Action::Order],
        keys: "o",
        words: "film time, steps or epochs across",
        hint: "x axis",
        weight: 7,
        views: &[View::Curves],
        history: true,
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[key('<'), key('>')],
        actions: &[Action::Less, Action::More],
        keys: "< >",
        words: "less, more smoothing",
        hint: "smoothing",
        weight: 6,
        views: &[View::Curves],
        history: true,
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[key('h'), key('j'), key('k'), key('l')],
        actions: &[
            Action::Cursor(Towards::Left),
            Action::Cursor(Towards::Down),
            Action::Cursor(Towards::Up),
            Action::Cursor(Towards::Right),
        ],
        keys: "h j k l",
        words: "the pen by a pixel",
        hint: "move",
        weight: 9,
        views: &[View::Draw],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[key('d')],
        actions: &[Action::Pen],
        keys: "d",
        words: "pen down, up",
        hint: "pen",
        weight: 8,
        views: &[View::Draw],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[key('e')],
        actions: &[Action::Eraser],
        keys: "e",
        words: "eraser, pen",
        hint: "eraser",
        weight: 7,
        views: &[View::Draw],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[key('<'), key('>')],
        actions: &[Action::Less, Action::More],
        keys: "< >",
        words: "a finer, broader pen",
        hint: "size",
        weight: 5,
        views: &[View::Draw],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[key('u')],
        actions: &[Action::Undo],
        keys: "u",
        words: "take the last stroke back",
        hint: "undo",
        weight: 7,
        views: &[View::Draw],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[press(KeyCode::Backspace)],
        actions: &[Action::Clear],
        keys: "backspace",
        words: "an empty canvas",
        hint: "clear",
        weight: 5,
        views: &[View::Draw],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[key('c')],
        actions: &[Action::Centre],
        keys: "c",
        words: "to the middle, by its weight",
        views: &[View::Draw],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[key('i')],
        actions: &[Action::Values],
        keys: "i",
        words: "spoil it: the keys to the sliders",
        hint: "spoil",
        weight: 6,
        views: &[View::Draw],
        group: Group::View,
        ..ROW
    },
    Binding {
        presses: &[key(' ')],
        actions: &[Action::PlayPause],
        keys: "space",
        words: "pause, train; one epoch more; past: play",
        hint: "pause",
        weight: 8,
        past: 9,
        trains: true,
        film: true,
        group: Group::Tape,
        elsewhere: 4,
        ..ROW
    },
    Binding {
        presses: &[key(','), key('.')],
        actions: &[Action::StepBack, Action::Step],
        keys: ", .",
        words: "a kept moment back, on; now: train a step",
        hint: "step",
        weight: 5,
        past: 8,
        trains: true,
        film: true,
        group: Group::Tape,
        elsewhere: 3,
        ..ROW
    },
    Binding {
        presses: &[
            key('['),
            key(']'),
            shift(KeyCode::Left),
            shift(KeyCode::Right),
        ],
        actions: &[
            Action::EpochBack,
            Action::Epoch,
            Action::EpochBack,
            Action::Epoch,
        ],
        keys: "[ ]",
        words: "an epoch back, on; now: train an epoch",
        hint: "epoch",
        weight: 4,
        past: 7,
        trains: true,
        film: true,
        group: Group::Tape,
        elsewhere: 1,
        ..ROW
    },
    Binding {
        presses: &[key('{')],
        actions: &[Action::Start],
        keys: "{",
        words: "the earliest moment that is kept",
        hint: "start",
        past: 4,
        trains: true,
        film: true,
        group: Group::Tape,
        ..ROW
    },
    Binding {
        presses: &[key('}')],
        actions: &[Action::Now],
        keys: "}",
        words: "back to now (also Esc)",
        hint: "now",
        past: 9,
        narrated: "goes to now",
        trains: true,
        film: true,
        group: Group::Tape,
        ..ROW
    },
    Binding {
        presses: &[key(':')],
        actions: &[Action::RunFor],
        keys: ":",
        words: "train 500 steps, or 2e: epochs; Enter",
        trains: true,
        group: Group::Pace,
        ..ROW
    },
    Binding {
        presses: &[key('+'), key('='), key('-')],
        actions: &[Action::Faster, Action::Faster, Action::Slower],
        keys: "+ -",
        words: "twice, half as fast",
        hint: "pace",
        weight: 6,
        past: 3,
        trains: true,
        group: Group::Pace,
        elsewhere: 1,
        ..ROW
    },
    Binding {
        presses: &[key('f')],
        actions: &[Action::FullSpeed],
        keys: "f",
        words: "full speed on and off",
        trains: true,
        group: Group::Pace,
        ..ROW
    },
    Binding {
        presses: &[
            key('0'),
            key('1'),
            key('2'),
            key('3'),
            key('4'),
            key('5'),
            key('6'),
            key('7'),
            key('8'),
            key('9'),
        ],
        actions: &[
            Action::Digit(0),
            Action::Digit(1),
            Action::Digit(2),
            Action::Digit(3),
            Action::Digit(4),
            Action::Digit(5),
            Action::Digit(6),
            Action::Digit(7),
            Action::Digit(8),
            Action::Digit(9),
        ],
        keys: "0-9",
        words: "only that digit; more add to it",
        hint: "one digit",
        weight: 2,
        group: Group::Map,
        elsewhere: 3,
        unseen_in: &[View::Inside],
        classes: 1,
        ..ROW
    },
    Binding {
        presses: &[key('#')],
        actions: &[Action::ClassCalled],
        keys: "#",
        words: "a class by its mark or name",
        hint: "a class",
        weight: 2,
        group: Group::Map,
        elsewhere: 2,
        unseen_in: &[View::Inside],
        classes: 11,
        ..ROW
    },
    Binding {
        presses: &[key('v')],
        actions: &[Action::Style],
        keys: "v",
        words: "the next way to draw the map",
        hint: "map",
        weight: 4,
        past: 2,
        group: Group::Map,
        views: &[View::Train],
        ..ROW
    },
    Binding {
        presses: &[key('m')],
        actions: &[Action::Measures],
        keys: "m",
        words: "measures: what these numbers are good for",
        hint: "measures",
        weight: 4,
        past: 2,
        group: Group::Map,
        ..ROW
    },
    Binding {
        presses: &[key('w')],
        actions: &[Action::Why],
        keys: "w",
        words: "why: what the narrator's words mean",
        hint: "why?",
        weight: 5,
        past: 5,
        views: &[
            View::Train,
            View::Curves,
            View::Samples,
            View::Inside,
            View::Draw,
        ],
        group: Group::Map,
        ..ROW
    },
    Binding {
        presses: &[key('W')],
        actions: &[Action::Why],
        keys: "W",
        words: "why: what the narrator's words mean",
        views: &[View::Latent],
        group: Group::Map,
        ..ROW
    },
    Binding {
        presses: &[press(KeyCode::Esc)],
        actions: &[Action::Back],
        keys: "Esc",
        words: "one level back; to now; shows all digits",
        group: Group::Map,
        ..ROW
    },
    Binding {
        presses: &[key('s')],
        actions: &[Action::Save],
        keys: "s",
        words: "save the weights seen to a new file here",
        hint: "save",
        weight: 7,
        past: 6,
        group: Group::Leave,
        elsewhere: 7,
        ..ROW
    },
    Binding {
        presses: &[key('x'), key('X')],
        actions: &[Action::Export(Format::Png), Action::Export(Format::Svg)],
        keys: "x X",
        words: "this screen to a file: PNG, SVG",
        group: Group::Leave,
        ..ROW
    },
    Binding {
        presses: &[key('p')],
        actions: &[Action::Settings],
        keys: "p",
        words: "presets and settings",
        hint: "settings",
        weight: 5,
        past: 2,
        trains: true,
        group: Group::Leave,
        elsewhere: 1,
        ..ROW
    },
    Binding {
        presses: &[key('B')],
        actions: &[Action::Branches],
        keys: "B",
        words: "branches: a new run from here, or back",
        trains: true,
        narrated: "branches here",
        group: Group::Leave,
        ..ROW
    },
    Binding {
        presses: &[key('R')],
        actions: &[Action::Restart],
        keys: "R",
        words: "restart: the same seed or a new one",
        trains: true,
        group: Group::Leave,
        ..ROW
    },
    Binding {
        presses: &[key('C')],
        actions: &[Action::Compare],
        keys: "C",
        words: "compare with another; of a pair: both",
        hint: "both",
        weight: 10,
        elsewhere: 10,
        trains: true,
        pair: true,
        group: Group::Leave,
        ..ROW
    },
    Binding {
        presses: &[control('p'), key('/')],
        actions: &[Action::Find, Action::Find],
        keys: "Ctrl-P /",
        words: "find an action, view or setting by name",
        group: Group::Leave,
        ..ROW
    },
    Binding {
        presses: &[press(KeyCode::F(5))],
        actions: &[Action::Lesson],
        keys: "F5",
        words: "a lesson: large, and it waits to be read",
        group: Group::Leave,
        ..ROW
    },
    Binding {
        presses: &[press(KeyCode::F(1))],
        actions: &[Action::Tour],
        keys: "F1",
        words: "the tour: what all this is, step by step",
        trains: true,
        group: Group::Leave,
        ..ROW
    },
    Binding {
        presses: &[key('?')],
        actions: &[Action::Help],
        keys: "?",
        words: "this help",
        hint: "help",
        weight: u8::MAX,
        group: Group::Leave,
        elsewhere: u8::MAX,
        ..ROW
    },
    Binding {
        presses: &[key('q')],
        actions: &[Action::Quit],
        keys: "q",
        words: "quit; asks once if something is unsaved",
        hint: "quit",
        weight: u8::MAX,
        group: Group::Leave,
        elsewhere: u8::MAX,
        ..ROW
    },
    Binding {
        presses: &[control('c')],
        actions: &[Action::QuitAtOnce],
        keys: "Ctrl-C",
        words: "quit at once",
        group: Group::Leave,
        ..ROW
    },
    Binding {
        presses: &[control('z')],
        actions: &[Action::Suspend],
        keys: "Ctrl-Z",
        words: "back to the shell; fg returns",
        group: Group::Leave,
        ..ROW
    },
    Binding {
        presses: &[control('l')],
        actions: &[Action::Redraw],
        keys: "Ctrl-L",
        words: "draw everything anew",
        group: Group::Leave,
        ..ROW
    },
];
