//! The palette: whatever can be done, by its name. Made from the key table, the table of
//! views, the lines of the settings, the presets and the words of the help, so that nothing
//! is there that is not here.
//!
//! It finds and does nothing itself. The same letters always give the same list: what was
//! used before is not remembered.

mod entries;
mod names;

use super::{
    app::{App, Prompt},
    keymap::Action,
    settings::Line,
    views::View,
};
use crate::recipe::Preset;

pub use entries::entries;

/// The palette while it is open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Find {
    /// What has been typed.
    pub typed: String,
    /// Which of what was found is marked.
    pub at: usize,
}

/// Something that can be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Of which sort it is.
    pub kind: Kind,
    /// What it is called.
    pub name: String,
    /// What it is now, where it is, or what it means.
    pub says: String,
    /// The key that does it.
    pub key: String,
    /// What Enter does.
    pub does: Does,
    /// Why it can do nothing now, if it cannot.
    pub idle: Option<&'static str>,
}

/// The sorts, in the order in which they are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// What a key does.
    Action,
    /// A view.
    View,
    /// A line of the settings.
    Setting,
    /// A preset.
    Preset,
    /// A word that is explained.
    Word,
}

impl Kind {
    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Action => "action",
            Self::View => "view",
            Self::Setting => "setting",
            Self::Preset => "preset",
            Self::Word => "word",
        }
    }
}

/// What Enter does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Does {
    /// What the key does there.
    Act(Action, View),
    /// Turns to a view.
    Turn(View),
    /// Opens the settings on a line.
    Set(Line),
    /// Opens them with a preset chosen.
    Choose(Preset),
    /// What is typed after a prompt.
    Type(Prompt, String),
    /// Nothing: it is there to be read.
    Tell,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What.
    pub entry: Entry,
    /// Which characters of its name were typed, by their places.
    pub typed: Vec<usize>,
}

/// How well a name fits: the least fits best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It is the name.
    Whole,
    /// The name begins with it.
    Name,
    /// A word of it does.
    Word,
    /// It is inside a word.
    Inside,
    /// Every word that was typed is somewhere.
    Words,
    /// Its letters come in this order.
    Letters,
}

impl Find {
    /// What was found, best first.
    pub fn found(&self, app: &App) -> Vec<Found> {
        let typed = self.typed.trim().to_lowercase();
        if typed.is_empty() {
            let all = entries(app).into_iter();
            return all
                .map(|entry| Found {
                    entry,
                    typed: Vec::new(),
                })
                .collect();
        }
        let fits = |entry: Entry| {
            let (fit, typed) = fit(&entry.name.to_lowercase(), &typed)?;
            Some((fit, Found { entry, typed }))
        };
        let mut found: Vec<(Fit, Found)> = entries(app).into_iter().filter_map(fits).collect();
        // Letters in some order are in many names: they count where nothing else does.
        if found.iter().any(|(fit, _)| *fit < Fit::Letters) {
            found.retain(|(fit, _)| *fit < Fit::Letters);
        }
        found.sort_by_key(|(fit, found)| (*fit, found.entry.kind));
        let numbers = entries::of_number(app, &typed).into_iter();
        let numbers = numbers.map(|entry| Found {
            entry,
            typed: Vec::new(),
        });
        numbers
            .chain(found.into_iter().map(|(_, found)| found))
            .collect()
    }

    /// The marked one of those.
    pub fn marked(&self, found: &[Found]) -> usize {
        self.at.min(found.len().saturating_sub(1))
    }
}

/// How well what was typed fits a name, and which of its characters were typed.
fn fit(name: &str, typed: &str) -> Option<(Fit, Vec<usize>)> {
    let (name, typed): (Vec<char>, Vec<char>) = (name.chars().collect(), typed.chars().collect());
    let places = places(&name, &typed);
    let begins = |&place: &usize| place == 0 || !name[place - 1].is_alphanumeric();
    let run = |place: usize| (place..place + typed.len()).collect();
    if let Some(&place) = places.iter().find(|place| begins(place)) {
        let fit = match place {
            0 if typed.len() == name.len() => Fit::Whole,
            0 => Fit::Name,
            _ => Fit::Word,
        };
        return Some((fit, run(place)));
    }
    if let Some(&place) = places.first() {
        return Some((Fit::Inside, run(place)));
    }
    let words: Vec<&[char]> = typed
        .split(|letter| *letter == ' ')
        .filter(|word| !word.is_empty())
        .collect();
    let first = |word: &[char]| self::places(&name, word).first().copied();
    let found: Option<Vec<(&[char], usize)>> = words
        .iter()
        .map(|word| Some((*word, first(word)?)))
        .collect();
    if let Some(found) = found.filter(|found| found.len() > 1) {
        let runs = found
            .into_iter()
            .flat_map(|(word, place)| place..place + word.len());
        return Some((Fit::Words, runs.collect()));
    }
    let mut rest = name.iter().enumerate();
    let letters: Option<Vec<usize>> = typed
        .iter()
        .map(|letter| Some(rest.find(|(_, other)| *other == letter)?.0))
        .collect();
    letters.map(|letters| (Fit::Letters, letters))
}

/// Where a word stands in a name.
fn places(name: &[char], word: &[char]) -> Vec<usize> {
    let windows = name.windows(word.len().max(1)).enumerate();
    windows
        .filter(|(_, window)| *window == word)
        .map(|(place, _)| place)
        .collect()
}

/// What Enter is called in the line of keys.
pub fn verb(entry: &Entry) -> &'static str {
    match (entry.idle, &entry.does) {
        (Some(_), _) => "nothing",
        (None, Does::Tell) => "read it",
        (None, Does::Set(_) | Does::Choose(_)) => "open settings",
        (None, Does::Turn(_)) => "go there",
        (None, Does::Act(..) | Does::Type(..)) => "do it",
    }
}

/// What Enter will do, in full sentences.
pub fn enter(app: &App, entry: &Entry) -> String {
    if let Some(why) = entry.idle {
        return format!("Nothing: {why}.");
    }
    match &entry.does {
        Does::Act(_, view) if *view != app.view => {
            let name = view.entry().name;
            format!(
                "Turns to {name} and does it, as the key {} does there.",
                entry.key
            )
        }
        Does::Act(..) if entry.key.is_empty() => "Does it.".into(),
        Does::Act(..) => format!("Does it, as the key {} does.", entry.key),
        Does::Turn(_) => format!("Turns to {}; this view keeps its place.", entry.name),
        Does::Set(_) => "Opens the settings on this line. Nothing changes yet.".into(),
        Does::Choose(_) => {
            "Opens the settings with this preset chosen. Nothing changes yet.".into()
        }
        Does::Type(..) => format!("Does it, as {} and the number do.", entry.key),
        Does::Tell => "Nothing: it is here to be read.".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_fits_by_its_beginning_its_words_and_at_last_its_letters() {
        let fits = |name, typed| fit(name, typed).map(|(fit, _)| fit);
        assert_eq!(fits("train", "train"), Some(Fit::Whole));
        assert_eq!(fits("numbers in the code", "num"), Some(Fit::Name));
        assert_eq!(fits("numbers in the code", "code"), Some(Fit::Word));
        assert_eq!(fits("reconstruction", "co"), Some(Fit::Inside));
        assert_eq!(fits("price of the code", "code price"), Some(Fit::Words));
        assert_eq!(fits("numbers in the code", "nic"), Some(Fit::Letters));
        assert_eq!(fits("numbers in the code", "xyz"), None);
        assert_eq!(fit("a code", "code"), Some((Fit::Word, vec![2, 3, 4, 5])));
        assert_eq!(fit("é", "é"), Some((Fit::Whole, vec![0])));
    }
}
