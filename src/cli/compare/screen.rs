//! Two networks on the screen, standing still: each with an observer of its own.

use std::sync::Arc;

use super::CompareArguments;
use crate::{
    cli::{End, FIRST_SAMPLE, explore, outcome, signals, weights::Loaded},
    data::Dataset,
    message::Failure,
    nn::Snapshot,
    observe::{self, Handle, Outcome, Past, Source, Tape},
    pool::Pool,
    recipe::{
        Recipe,
        differences::{self, Known},
    },
    state::State,
    store::{folder, keeper::Files},
    train::Keeping,
    ui::{
        Dashboard, Manner,
        app::{App, Status},
        compare::{
            PairSession, Side,
            pair::{Pair, name},
        },
    },
    words::shown,
};
use anyhow::{Context, anyhow};

/// How soon the program ends after a signal.
pub(super) const GRACE: std::time::Duration = std::time::Duration::from_secs(2);

/// Shows two networks beside each other until the viewer leaves.
pub(super) fn show(
    [one, other]: [Loaded; 2],
    data: &Arc<Dataset>,
    notices: &[String],
    manner: Manner,
    arguments: &CompareArguments,
) -> anyhow::Result<End> {
    let both_known = [&one, &other]
        .into_iter()
        .all(|loaded| loaded.origin.about.recipe.is_some());
    let known = if both_known {
        Known::Recipes
    } else {
        Known::Networks
    };
    let recipes = [&one, &other].map(recipe_of);
    let differences = differences::in_words([&recipes[0], &recipes[1]], known);
    let titles = [&one, &other].map(title);
    let mut sides =
        [&one, &other].map(|loaded| app_of(title(loaded), recipe_of(loaded).without_noise()));
    sides[0].status = (!notices.is_empty()).then(|| Status::warning(notices.join("; ")));
    let mut pair = Pair::new(sides, differences, known, false);
    for recipe in &recipes {
        arguments.memory.expect_room_of_two(recipe)?;
    }
    let pool = Pool::of_the_machine();
    let ending = signals::listen(GRACE)?;
    let signal = || ending.signal();
    let keeping = arguments.memory.keeping_of_two([&recipes[0], &recipes[1]]);
    let one = observed(one, data, &pool, keeping)?;
    let other = observed(other, data, &pool, keeping)?;
    let session = PairSession {
        commands: None,
        sides: [&one, &other].map(side),
        signal: &signal,
    };
    let left = Dashboard::new(manner).show_pair(&session, &mut pair);
    let ended = [one.finish(), other.finish()];
    if signal().is_none() {
        left.context("the terminal can no longer be used")?;
    }
    concluded([&titles[0], &titles[1]], &ended, signal())
}

/// The end of both: each that failed is named.
pub(in crate::cli) fn concluded(
    titles: [&str; 2],
    ended: &[Outcome; 2],
    signal: Option<i32>,
) -> anyhow::Result<End> {
    // What a panic left behind is of one that died of it.
    let died = |side: &usize| matches!(ended[*side].failure, Some(Failure::Died(_)));
    let mut sides = [0, 1];
    sides.sort_by_key(|side| (!died(side), ended[*side].failure.is_none()));
    let mut faults = Vec::new();
    for side in sides {
        let Err(fault) = outcome::conclude(&ended[side], None) else {
            continue;
        };
        let named = if ended[side].failure.is_some() {
            format!("{}, {}: {fault:#}", name(side), titles[side])
        } else {
            format!("{fault:#}")
        };
        faults.push((side, named));
    }
    faults.sort();
    let faults: Vec<String> = faults.into_iter().map(|(_, words)| words).collect();
    match (&faults[..], signal) {
        ([], None) => Ok(End::Done),
        ([], Some(number)) => Ok(End::Signal(number)),
        (faults, None) => Err(anyhow!(faults.join("; "))),
        (faults, Some(number)) => {
            crate::cli::tell(&format!("error: {}", faults.join("; ")));
            Ok(End::Signal(number))
        }
    }
}

/// Where an observer is heard and spoken to.
pub(super) fn side(observer: &Handle) -> Side<'_> {
    Side {
        looks: observer.looks(),
        events: observer.events(),
    }
}

/// The state of the screen of one of the two.
pub(super) fn app_of(title: String, recipe: Recipe) -> App {
    let mut app = App::new(explore::looked_at(title, recipe));
    app.paired = true;
    app
}

/// What it says of itself, or what else is known.
fn recipe_of(loaded: &Loaded) -> Recipe {
    let own = loaded.origin.about.recipe.as_ref();
    own.unwrap_or(&loaded.recipe).clone()
}

fn title(loaded: &Loaded) -> String {
    let path = &loaded.origin.path;
    shown(path.file_name().unwrap_or(path.as_os_str()).as_ref())
}

/// What is known of a run from its folder, beside its newest weights.
fn history(loaded: &Loaded) -> anyhow::Result<Option<(Vec<Arc<State>>, Past)>> {
    let path = &loaded.origin.path;
    if !path.is_dir() {
        return Ok(None);
    }
    let found = folder::read(path)?;
    let step = loaded.origin.about.step.unwrap_or(0);
    let mut states = found.states();
    // Whoever writes it may have come further meanwhile.
    states.retain(|state| state.step() <= step);
    Ok(Some((states, Past::logged(found.logged(step)))))
}

/// Begins to look at one of them. Images go in as they are, as they do for the table.
fn observed(
    loaded: Loaded,
    data: &Arc<Dataset>,
    pool: &Pool,
    keeping: Keeping,
) -> anyhow::Result<Handle> {
    let history = history(&loaded)?;
    let recipe = recipe_of(&loaded).without_noise();
    let about = Box::new(loaded.origin.about);
    let step = about.step.unwrap_or(0);
    let snapshot = Arc::new(Snapshot {
        step,
        net: loaded.net,
    });
    let images = Arc::clone(data);
    let data: crate::train::DataSource = Box::new(move || Ok(images));
    let (source, past) = match history {
        None => (
            Source::Saved {
                snapshot,
                about,
                data,
            },
            Past::default(),
        ),
        // What its log tells is known; nobody has to make the run again for that.
        Some((states, past)) => (
            Source::Kept {
                replay: crossbeam_channel::bounded(0).1,
                snapshot,
                about,
                states,
                data,
            },
            past,
        ),
    };
    Ok(observe::spawn(observe::Setup {
        tape: Tape::new(keeping),
        source,
        recipe,
        files: Files::default(),
        sample: FIRST_SAMPLE,
        past,
        pca: None,
        measures: true,
        pool: pool.clone(),
    })?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Cause;

    #[test]
    fn each_of_two_that_fail_is_named() {
        let failed = |step| Outcome {
            failure: Some(Failure::Diverged {
                step,
                loss: f32::NAN,
                cause: Cause::Steps(9.0),
            }),
            ..Outcome::default()
        };
        let said = |ended: [Outcome; 2]| match concluded(["article", "wild"], &ended, None) {
            Ok(_) => String::new(),
            Err(error) => format!("{error:#}"),
        };
        let both = said([failed(7), failed(9)]);
        let (one, other) = both.split_once("; B, wild: ").unwrap();
        assert!(one.starts_with("A, article: "), "{both}");
        assert!(one.contains('7') && other.contains('9'), "{both}");
        let second = said([Outcome::default(), failed(9)]);
        assert!(second.starts_with("B, wild: "), "{second}");
        assert_eq!(said([Outcome::default(), Outcome::default()]), "");
    }
}
