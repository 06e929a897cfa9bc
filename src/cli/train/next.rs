//! What follows a run on the same screen: another from its first step, one that leaves it
//! where the viewer looks, or one that was left before.

use std::{io, path::PathBuf};

use super::{
    TrainArguments,
    stays::{Beginning, Stay, Stays},
};
use crate::{
    message::When,
    observe::{Past, Tape},
    recipe::Recipe,
    store::metrics::BranchRecord,
    train::Start,
    ui::{
        app::{Beside, Branch, Exit},
        runs::Lineage,
        settings,
    },
};

/// What the viewer left a run for.
pub(super) enum Next {
    Anew(Recipe),
    Branch(Branch),
    Visit(usize, When),
    /// What is trained beside it, which leads back to it.
    Beside(Beside),
}

/// The run that follows.
pub(super) struct Follows {
    pub(super) beginning: Beginning,
    pub(super) lineage: Lineage,
    /// Where it goes on from.
    pub(super) start: Option<Box<Start>>,
    /// The moments that are at hand.
    pub(super) tape: Tape,
    /// What is known of it already.
    pub(super) past: Past,
    /// Whether it waits to be trained on.
    pub(super) waits: bool,
    /// The moment of it that is seen first.
    pub(super) when: When,
    /// The step after which it was saved, if it was.
    pub(super) saved: Option<u64>,
    /// The folder that keeps it already, and the step after which it was left.
    pub(super) folder: Option<(PathBuf, u64)>,
}

impl Next {
    /// The run that the screen was left for, if it was left for one.
    ///
    /// # Errors
    ///
    /// How else it was left.
    pub(super) fn of(left: io::Result<Exit>) -> Result<Self, io::Result<Exit>> {
        match left {
            Ok(Exit::Anew(recipe)) => Ok(Self::Anew(*recipe)),
            Ok(Exit::Branch(branch)) => Ok(Self::Branch(*branch)),
            Ok(Exit::Visit(number, when)) => Ok(Self::Visit(number, when)),
            Ok(Exit::Beside(beside)) => Ok(Self::Beside(*beside)),
            left => Err(left),
        }
    }

    /// `own` is the run that was left, which `stays` holds if it was seen; `number` is the next
    /// that is free.
    pub(super) fn follow(
        self,
        stays: &mut Stays,
        before: &Beginning,
        own: &Lineage,
        number: usize,
        arguments: &TrainArguments,
    ) -> Follows {
        let from = |step, differs| Lineage {
            number,
            parent: Some((own.number, step)),
            differs,
        };
        let nothing = (Tape::default(), Past::default());
        match self {
            Self::Branch(Branch {
                step,
                recipe,
                differs,
            }) => {
                let (tape, past) = stays
                    .of(own.number)
                    .map_or((&nothing.0, &nothing.1), |stay| (&stay.tape, &stay.past));
                let beginning = Beginning {
                    recipe,
                    ..before.clone()
                };
                Follows {
                    start: Some(beginning.start_at(step, tape)),
                    tape: tape.branch(step, arguments.memory.keeping(&beginning.recipe)),
                    past: past.up_to(step),
                    lineage: from(step, differs),
                    waits: false,
                    when: When::Now,
                    saved: None,
                    folder: None,
                    beginning,
                }
            }
            Self::Visit(number, when) if stays.of(number).is_some() => {
                let Stay {
                    told,
                    beginning,
                    tape,
                    past,
                    folder,
                } = stays.take(number).expect("it was just found");
                Follows {
                    start: Some(beginning.start_at(told.step, &tape)),
                    tape: tape.branch(told.step, arguments.memory.keeping(&beginning.recipe)),
                    past: past.up_to(told.step),
                    folder: folder.map(|folder| (folder, told.step)),
                    saved: told.saved_step(),
                    lineage: told.lineage,
                    waits: true,
                    when,
                    beginning,
                }
            }
            // The list names only runs that were left.
            Self::Visit(..) | Self::Beside(_) => {
                Self::Anew(before.recipe.clone()).follow(stays, before, own, number, arguments)
            }
            Self::Anew(recipe) => {
                let differs = differences(&before.recipe, &recipe);
                let beginning = before.anew(recipe);
                Follows {
                    start: beginning.start.clone(),
                    tape: Tape::new(arguments.memory.keeping(&beginning.recipe)),
                    past: Past::default(),
                    lineage: from(0, differs),
                    waits: false,
                    when: When::Now,
                    saved: None,
                    folder: None,
                    beginning,
                }
            }
        }
    }
}

/// What is another in the second recipe, in a few words.
fn differences(one: &Recipe, other: &Recipe) -> String {
    let mut words = Vec::new();
    if one.preset != other.preset {
        return format!("{} > {}", one.preset.name(), other.preset.name());
    }
    if one.network != other.network {
        let [one, other] = [one, other].map(|recipe| recipe.architecture().latent());
        words.push(format!("numbers {one} > {other}"));
    }
    if one.batch_size != other.batch_size {
        words.push(format!("batch {} > {}", one.batch_size, other.batch_size));
    }
    let mut alike = other.clone();
    alike.network.clone_from(&one.network);
    alike.batch_size = one.batch_size;
    if let Some(changes) = one.changes_to(&alike).filter(|changes| !changes.is_empty()) {
        words.push(settings::words::changes(one, &changes));
    }
    words.join(", ")
}

/// What the files of a run say of where it left another. One from the first step is a run of
/// its own.
pub(super) fn branching(lineage: &Lineage) -> Option<BranchRecord> {
    let (of, step) = lineage.parent.filter(|(_, step)| *step > 0)?;
    Some(BranchRecord {
        number: lineage.number,
        of,
        step,
    })
}
