//! The one table of keys. What a key does, the line of hints, the help screen
//! and the README's table are all read from it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

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
    /// Show this digit only, or this one too.
    Digit(u8),
    /// The next way to draw the map.
    MapStyle,
    /// Open or close the measures.
    Measures,
    /// The noisy or the clean image over its reconstruction.
    Above,
    /// Write the weights to a new file.
    Save,
    /// Open the settings of the run.
    Settings,
    /// Open the runs on this screen.
    Branches,
    /// Choose a seed to train the same network with.
    Restart,
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

/// What a group of keys is about, in the order of the help screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Which image is shown.
    Sample,
    /// When training moves.
    Tape,
    /// How fast.
    Pace,
    /// What the map shows.
    Map,
    /// Files and the way out.
    Leave,
}

impl Group {
    /// All groups, in the order of the help screen.
    pub const ALL: [Self; 5] = [Self::Sample, Self::Tape, Self::Pace, Self::Map, Self::Leave];

    /// Its heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Sample => "sample",
            Self::Tape => "training, tape",
            Self::Pace => "pace",
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

/// A row of the table.
#[derive(Debug)]
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
    /// What it does, for the narrator of the past; empty where that does not tell.
    pub narrated: &'static str,
    /// Whether it speaks to a trainer, and so is idle where there is none.
    pub trains: bool,
    /// Whether it is about noise on the images, and so is idle without any.
    pub noisy: bool,
    /// Whether it moves about the tape, and so serves without a trainer where moments are kept.
    pub film: bool,
    /// Where help lists it.
    pub group: Group,
}

impl Binding {
    /// Whether one of its keys has this meaning.
    pub fn means(&self, action: Action) -> bool {
        self.actions.contains(&action)
    }

    /// Whether it has anything to do there.
    pub fn serves(&self, scene: Scene) -> bool {
        let idle = self.trains && !scene.trains;
        (!idle || self.film && scene.film) && (scene.noisy || !self.noisy)
    }

    /// How long its hint stays when the line gets short; 0 keeps it out.
    pub fn weight_in(&self, past: bool) -> u8 {
        match self.past {
            past_weight @ 1.. if past => past_weight,
            _ => self.weight,
        }
    }
}

/// What there is for keys to do something with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scene {
    /// A trainer.
    pub trains: bool,
    /// Noise on the images.
    pub noisy: bool,
    /// Moments that are kept.
    pub film: bool,
}

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
    narrated: "",
    trains: false,
    noisy: false,
    film: false,
    group: Group::Sample,
};

/// The table.
pub const BINDINGS: &[Binding] = &[
    Binding {
        presses: &[
            press(KeyCode::Left),
            press(KeyCode::Right),
            key('h'),
            key('l'),
        ],
        actions: &[
            Action::Previous,
            Action::Next,
            Action::Previous,
            Action::Next,
        ],
        keys: "←→",
        words: "sample before, after (also h l)",
        hint: "sample",
        weight: 9,
        ..ROW
    },
    Binding {
        presses: &[press(KeyCode::Up), press(KeyCode::Down), key('k'), key('j')],
        actions: &[
            Action::RowBack,
            Action::RowOn,
            Action::RowBack,
            Action::RowOn,
        ],
        keys: "↑↓",
        words: "ten back, ten on (also k j)",
        hint: "±10",
        weight: 3,
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
        words: "go to a sample: number, then Enter",
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
        presses: &[key('i')],
        actions: &[Action::Above],
        keys: "i",
        words: "noisy or clean image on top",
        hint: "noisy/clean",
        weight: 4,
        noisy: true,
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
        ..ROW
    },
    Binding {
        presses: &[key('v')],
        actions: &[Action::MapStyle],
        keys: "v",
        words: "the next way to draw the map",
        hint: "map",
        weight: 1,
        group: Group::Map,
        ..ROW
    },
    Binding {
        presses: &[key('m')],
        actions: &[Action::Measures],
        keys: "m",
        words: "measures: what these numbers are good for",
        hint: "measures",
        weight: 1,
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
        presses: &[key('?')],
        actions: &[Action::Help],
        keys: "?",
        words: "this help",
        hint: "help",
        weight: u8::MAX,
        group: Group::Leave,
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

/// What this key means, if anything.
pub fn action(event: KeyEvent) -> Option<Action> {
    let wanted = Press {
        code: event.code,
        // Terminals disagree on whether a capital or a sign is shifted.
        modifiers: match event.code {
            KeyCode::Char(_) => event.modifiers - KeyModifiers::SHIFT,
            _ => event.modifiers,
        },
    };
    BINDINGS.iter().find_map(|binding| {
        let place = binding.presses.iter().position(|press| *press == wanted)?;
        binding.actions.get(place).copied()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_is_bound_twice_and_every_press_has_its_action() {
        let mut seen: Vec<Press> = Vec::new();
        for binding in BINDINGS {
            assert_eq!(
                binding.presses.len(),
                binding.actions.len(),
                "{}",
                binding.keys
            );
            for press in binding.presses {
                assert!(!seen.contains(press), "{press:?} twice");
                seen.push(*press);
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
        let plus = |modifiers| action(KeyEvent::new(KeyCode::Char('+'), modifiers));
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
