//! The narrator's words: each sentence with what it means, from what was measured.
//!
//! A sentence has room on the smallest screen. A paragraph names what was measured when it was
//! told, and what is true by how the numbers are made; where something was not measured, or is
//! not so, it says less. When a sentence is told is the [story](super)'s to know.

mod advice;
mod codes;
mod levels;
mod way;

use std::sync::Arc;

pub(super) use advice::{Course, alike, dead, grey, learns_by_heart, overshoots, stuck, worse};
pub(super) use codes::{Kept, in_use, own_place, shared_place};
pub(super) use levels::{Level, level, passed};
pub(super) use way::{after_change, changed, done, first_epoch, over, polish};

use crate::{
    message::{About, Pane, Press, Why},
    words::{number_word, pointed},
};

/// What `p` is for where the rate is to change on the way.
const RATE: &str = "settings: rate, then Enter";

/// What `B` is for.
const BRANCHES: &str = "all runs, or a new branch";

/// Letters of the longest sentence: with its sign it fills the line at 60x20.
pub(super) const LONGEST: usize = 52;

/// A sentence and what it means.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Telling {
    pub(super) words: String,
    pub(super) why: Arc<Why>,
}

impl Telling {
    fn new(words: impl Into<String>, why: Why) -> Self {
        Self {
            words: words.into(),
            why: Arc::new(why),
        }
    }
}

/// A paragraph of sentences; those that are not so are empty.
fn paragraph<const N: usize>(sentences: [&str; N]) -> String {
    let told = sentences
        .into_iter()
        .filter(|sentence| !sentence.is_empty());
    told.collect::<Vec<_>>().join(" ")
}

/// A sentence, if it is so.
fn so(is_so: bool, sentence: impl Into<String>) -> String {
    if is_so {
        sentence.into()
    } else {
        String::new()
    }
}

fn press(keys: &str, words: impl Into<String>) -> Press {
    Press {
        keys: keys.into(),
        words: words.into(),
    }
}

/// A loss, without its zero.
fn loss(value: f32) -> String {
    pointed(&format!("{value:.3}"))
}

/// So many of these, in words: `two numbers`, `one number`.
fn counted_in_words(count: u64, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {what}{plural}", number_word(count))
}

/// What so many principal components make, for who never heard of them.
fn mix(count: u64) -> String {
    if count == 1 {
        "one fixed picture, more or less".into()
    } else {
        format!("a mix of {}", counted_in_words(count, "fixed picture"))
    }
}

/// A share in hundredths.
fn hundredths(share: f32) -> String {
    format!("{:.0}", share * 100.0)
}

/// Words as a sentence begins.
fn capital(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// The first of these that there is room for.
fn first_that_fits(sentences: impl IntoIterator<Item = String>) -> String {
    let fits = |sentence: &String| sentence.chars().count() <= LONGEST;
    sentences.into_iter().find(fits).unwrap_or_default()
}

const fn at(pane: Pane, look: &'static str) -> Why {
    Why {
        about: About::Else,
        paragraph: String::new(),
        look,
        at: pane,
        press: Vec::new(),
    }
}

#[cfg(test)]
pub(crate) mod tests;
