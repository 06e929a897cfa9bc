//! What the settings say: about a line, and what Enter will do.

use super::{Intent, Line, Settings, is_finished};
use crate::{
    message::Phase,
    recipe::{Change, Preset, Recipe},
    ui::app::App,
    words::{counted, grouped},
};

/// What a preset is, in the columns that a row of the sheet has.
pub const fn of_preset(preset: Preset) -> &'static str {
    match preset {
        Preset::Article => "the tutorial's network: 2 numbers",
        Preset::Map => "2 numbers, wider layers",
        Preset::Deep => "32 numbers, sharper pictures",
        Preset::Sparse => "32 numbers, each at a price",
        Preset::Denoising => "noisy images in, clean ones out",
        Preset::Conv => "finds strokes wherever they are",
        Preset::Vae => "places between images decode too",
    }
}

/// What a line is called.
pub const fn name(line: Line) -> &'static str {
    match line {
        Line::Rate => "rate",
        Line::Price => "price of the code",
        Line::Noise => "noise",
        Line::Numbers => "numbers in the code",
        Line::Batch => "batch",
        Line::Seed => "seed",
        Line::Preset => "preset",
    }
}

/// What a line is, in at most three lines of a sheet.
pub const fn about(line: Line) -> &'static str {
    match line {
        Line::Rate => "How far a step goes.",
        Line::Price => {
            "What each number of the code costs. A higher price, fewer numbers at a time."
        }
        Line::Noise => {
            "Spoils the images that go in; the clean ones are still asked for, so it learns \
             to clean. Type how strong it is."
        }
        Line::Numbers => {
            "How many numbers an image is squeezed into: the bottleneck. With more, pictures \
             get sharper; with two they make a map."
        }
        Line::Batch => "Images a step. Fewer: more steps an epoch, and rougher ones.",
        Line::Seed => "Names the random numbers. The same seed gives the same weights, to the bit.",
        Line::Preset => "A whole recipe. Choosing one sets every line above.",
    }
}

/// What was measured of a line on MNIST, with the presets as they are; see
/// `examples/settings.rs`, which measures it again.
pub const fn measured(line: Line) -> &'static str {
    match line {
        Line::Rate => {
            "Article in ten epochs: .0001 came to .220, .001 to .195, .01 to .196, .03 to .240; \
             from .1 on no better than the average."
        }
        Line::Price => "Sparse kept 31 of 32 at .001; at .01 it drew the average.",
        _ => "",
    }
}

/// All of them in one line.
pub fn changes(now: &Recipe, changed: &[Change]) -> String {
    let words: Vec<String> = changed.iter().map(|one| one.told(now)).collect();
    words.join(", ")
}

/// What Enter will do, in full sentences.
pub fn enter(sheet: &Settings, intent: &Intent, app: &App) -> String {
    let step = app.seen.as_ref().map_or(0, |seen| seen.moment.step);
    match intent {
        Intent::Close => "Nothing is changed: closes.".into(),
        Intent::Refuse(why) => format!(
            "Nothing: {} cannot be {}. It takes {why}. Backspace takes it back.",
            name(sheet.line),
            sheet.typed
        ),
        Intent::Change(changed) => {
            let values = changes(&sheet.now, changed);
            if is_finished(app) {
                return format!("{}. Space then trains on.", capital(&values));
            }
            let goes = match app.coming_phase() {
                Phase::Training => "The run goes on",
                _ => "The run stays paused",
            };
            format!("Holds from step {}: {values}. {goes}.", grouped(step + 1))
        }
        Intent::Begin(recipe) => {
            let own = capital(&app.plan.runs.own.name());
            let asks = if app.passing_steps() > 0 {
                " Its weights are in no file: it asks first."
            } else {
                ""
            };
            let ends = format!(
                " {own} stops at step {} and stays: its curve turns grey, B leads back to it.{asks}",
                grouped(step)
            );
            let with = match &sheet.anew()[..] {
                [] => String::new(),
                values => format!(
                    " {}, from its start.",
                    capital(&changes(&sheet.began, values))
                ),
            };
            format!(
                "Begins anew: {}, seed {}, step 0, {}.{with}{ends}",
                recipe.architecture(),
                recipe.seed,
                counted(recipe.epochs, "epoch")
            )
        }
        Intent::Branch {
            step,
            changes: changed,
            ..
        } => {
            let values = if changed.is_empty() {
                "nothing changed, it repeats this run to the bit".into()
            } else {
                changes(&sheet.now, changed)
            };
            let own = app.plan.runs.own.name();
            let stays = if app.passing_steps() > 0 {
                " Its weights are kept with the tape, not on disk."
            } else {
                ""
            };
            format!(
                "Branches at step {}: {values}. {} stays as it is, grey in the loss; B leads back.{stays}",
                grouped(*step),
                capital(&own)
            )
        }
    }
}

/// What Enter is called in the line of keys.
pub const fn verb(intent: &Intent) -> &'static str {
    match intent {
        Intent::Close => "close",
        Intent::Refuse(_) => "nothing",
        Intent::Change(_) => "change",
        Intent::Begin(_) => "begin anew",
        Intent::Branch { .. } => "branch",
    }
}

/// The same words as the beginning of a sentence.
pub fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
