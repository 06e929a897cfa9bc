//! What keys do to a pair: they speak to one side as they would alone, and the other follows.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::pair::{Pair, PairExit};
use crate::ui::{
    app::Status,
    keymap::{self, Action},
    overlay,
    update::{Message, Request, browses, update},
    views::View,
};

/// A key, and what is asked of others for it.
pub fn press(pair: &mut Pair, key: KeyEvent) -> Vec<(usize, Request)> {
    for app in &mut pair.sides {
        app.status = None;
    }
    let action = keymap::action(key, View::Train);
    let helped = std::mem::take(&mut pair.help);
    let warned = std::mem::take(&mut pair.warned);
    match (action, side_of(key)) {
        (Some(Action::Quit), _) if !warned && is_unsaved(pair) => warn(pair),
        (Some(Action::Quit | Action::QuitAtOnce), _) => pair.exit = Some(PairExit::Quit),
        (Some(Action::Branches), _) if pair.left.is_some() => {
            pair.exit = pair.left.as_ref().map(|run| PairExit::Back(run.number));
        }
        (Some(Action::Suspend), _) => return vec![(0, Request::Suspend)],
        (Some(Action::Redraw), _) => return vec![(0, Request::Redraw)],
        (Some(Action::Export(format)), _) => return vec![(0, Request::Export(format))],
        (Some(Action::Help | Action::Back), _) if helped => {}
        (Some(Action::Help), _) => pair.help = true,
        (_, Some(side)) => pair.exit = pair.seen().map(|_| PairExit::Only(side)),
        (Some(action), _) if is_of_both(pair, action) => return lead(pair, key),
        (Some(_), _) => pair.sides[0].say("Of a or b alone: a or b opens it with all views."),
        (None, _) => {
            if let Some(words) = keymap::elsewhere(key) {
                pair.sides[0].say(words);
            }
        }
    }
    Vec::new()
}

/// Whether runs that were left before have steps that no file holds. Of the pair nothing is kept.
fn is_unsaved(pair: &Pair) -> bool {
    !pair.sides[0].unsaved_others().is_empty()
}

/// What would be lost, once; the next `q` leaves.
fn warn(pair: &mut Pair) {
    let lost = overlay::words_of_loss(&pair.sides[0]).join(" ");
    pair.sides[pair.leader()].status = Some(Status::warning(format!("{lost} q again quits.")));
    pair.warned = true;
}

/// The screen has so many columns and rows.
pub(super) fn resize(pair: &mut Pair, screen: (u16, u16)) {
    for app in &mut pair.sides {
        app.screen = screen;
    }
}

/// The side that a key opens.
fn side_of(key: KeyEvent) -> Option<usize> {
    let plain = key.modifiers == KeyModifiers::NONE;
    match key.code {
        KeyCode::Char('a') if plain => Some(0),
        KeyCode::Char('b') if plain => Some(1),
        _ => None,
    }
}

/// Whether what a key does has its meaning for two runs at once.
fn is_of_both(pair: &Pair, action: Action) -> bool {
    match action {
        _ if browses(action) => true,
        Action::Digit(_) | Action::Style | Action::Back => true,
        Action::PlayPause
        | Action::Step
        | Action::StepBack
        | Action::Epoch
        | Action::EpochBack
        | Action::Start
        | Action::Now
        | Action::Faster
        | Action::Slower
        | Action::FullSpeed => pair.live,
        _ => false,
    }
}

fn lead(pair: &mut Pair, key: KeyEvent) -> Vec<(usize, Request)> {
    let leader = pair.leader();
    let requests = update(&mut pair.sides[leader], Message::Key(key));
    let requests = requests.into_iter().map(|request| (leader, request));
    let mut requests: Vec<_> = requests.collect();
    requests.extend(pair.follow(leader));
    requests
}
