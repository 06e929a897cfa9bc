//! What the view says in words: names of layers and units, numbers in few columns, and
//! advice.

use crate::{
    data::Classes,
    lens::{LayerPlace, UnitLayer},
    message::{Finding, InsideAnswer, LayerSeen, SampleId, SplitName, UnitLook, UnitSeen},
    nn::Activation,
    recipe::Recipe,
    words::{grouped, pointed},
};

/// A layer in at most nine columns, or in six.
pub(super) fn name(layer: &UnitLayer, short: bool) -> String {
    let [encoder, decoder] = if short {
        ["enc", "dec"]
    } else {
        ["encoder", "decoder"]
    };
    match layer.place {
        LayerPlace::Encoder(number) => format!("{encoder} {number}"),
        LayerPlace::Code => "code".into(),
        LayerPlace::Decoder(number) => format!("{decoder} {number}"),
    }
}

/// What goes in and what comes out.
pub(super) fn sizes(layer: &UnitLayer) -> String {
    match layer.map {
        Some(size) => format!("{} {size}", layer.units),
        None => format!("{} to {}", layer.inputs, layer.units),
    }
}

/// A unit's number: maps are counted from 1 as the code's are, units from 0 as the narrator
/// does.
pub(super) fn number(layer: &UnitLayer, unit: usize) -> String {
    match layer.map {
        Some(_) => (unit + 1).to_string(),
        None => unit.to_string(),
    }
}

/// What a unit of the layer is called.
pub(super) fn noun(layer: &UnitLayer, look: UnitLook) -> &'static str {
    match (layer.map, look) {
        (Some(_), UnitLook::Filter | UnitLook::Atom) => "kernel",
        (Some(_), UnitLook::Fits) => "map",
        (None, _) => "unit",
    }
}

/// What it does with the ink of its picture.
pub(super) fn verb(look: UnitLook) -> &'static str {
    match look {
        UnitLook::Filter => "looks for",
        UnitLook::Atom => "paints",
        UnitLook::Fits => "likes",
    }
}

/// The chosen sample: `110, an 8`.
pub(super) fn sample(sample: SampleId, label: u8, classes: &Classes) -> String {
    let split = match sample.split {
        SplitName::Train => "train ",
        SplitName::Unseen => "unseen ",
        SplitName::Test => "",
    };
    match classes {
        Classes::Unlabelled => format!("{split}{}", sample.index),
        classes => format!("{split}{}, {}", sample.index, classes.one(label)),
    }
}

/// A number in at most four columns: `.006`, `2.4`, `28`.
pub(super) fn short(value: f32) -> String {
    let size = value.abs();
    let words = match size {
        ..0.0005 if size > 0.0 => format!("{value:.0e}"),
        ..0.9995 => pointed(&format!("{value:.3}")),
        ..9.95 => format!("{value:.1}"),
        ..9999.5 => format!("{value:.0}"),
        _ => format!("{value:.0e}"),
    };
    if size == 0.0 { "0".into() } else { words }
}

/// What a unit says, in few columns: `3.6`; of a map's mean, which is small, `.03`. Of
/// nothing, nothing.
pub(super) fn says(layer: &UnitLayer, value: f32) -> String {
    let size = value.abs();
    match (layer.map, size) {
        (Some(_), ..0.005) | (None, ..0.05) => String::new(),
        (Some(_), ..0.995) => pointed(&format!("{value:.2}")),
        (_, ..9.95) => format!("{value:.1}"),
        (_, ..999.5) => format!("{value:.0}"),
        _ => format!("{value:.0e}"),
    }
}

/// Of how many images a unit is silent, as a share of all.
pub(super) fn silent(unit: &UnitSeen, images: usize) -> Option<String> {
    let silent = unit.silent?;
    let share = 100.0 * silent as f64 / images.max(1) as f64;
    Some(match silent {
        silent if silent == images => "100%".into(),
        _ if share > 99.0 => ">99%".into(),
        0 => "0%".into(),
        _ if share < 1.0 => "<1%".into(),
        _ => format!("{share:.0}%"),
    })
}

/// Numbers of dead units, as many as there is room for.
pub(super) fn numbers(seen: &LayerSeen, room: u16) -> String {
    let mut words = String::new();
    for unit in (0..seen.dead.len()).filter(|unit| seen.dead[*unit]) {
        let next = format!(" {}", number(&seen.layer, unit));
        if words.len() + next.len() > usize::from(room) {
            break;
        }
        words.push_str(&next);
    }
    words
}

/// The sentence of the chosen unit, in forms from long to short.
pub(super) fn sentence(answer: &InsideAnswer) -> Vec<String> {
    let unit = &answer.unit;
    let sight = answer.sights[unit.sight];
    let layer = &answer.layers[sight.layer].layer;
    let noun = noun(layer, sight.look);
    let name = format!(
        "{}{} {}",
        noun[..1].to_uppercase(),
        &noun[1..],
        number(layer, unit.tile.unit)
    );
    let says = format!("{:.2}", unit.tile.says);
    let Some((images, share)) = answer
        .studied
        .and_then(|images| Some((images, silent(unit, images)?)))
    else {
        return vec![
            format!("{name} answers {says}; all images are being asked."),
            format!("{name} answers {says}."),
        ];
    };
    if unit.silent == Some(images) {
        let all = grouped(images as u64);
        return vec![
            format!("{name} is silent for all {all}: nothing excites it."),
            format!("{name} is silent for all {all}."),
        ];
    }
    vec![
        format!("{name} answers {says}; it is silent for {share} of images."),
        format!("{name} answers {says}; silent for {share}."),
    ]
}

/// Up to this rate a pull that vanishes comes of many layers, beyond it of steps that threw units
/// out of reach of every image: the tests beside the rules train both ways.
const UNHURRIED: f32 = 0.003;

/// What is amiss and what helps, in forms from long to short: at most 96, 56, 42 and 32
/// columns.
pub(super) fn advice(finding: &Finding, layers: &[LayerSeen], recipe: &Recipe) -> [String; 4] {
    let name = |layer: usize| {
        layers
            .get(layer)
            .map_or_else(String::new, |seen| name(&seen.layer, true))
    };
    let rate = recipe.learning_rate as f32;
    let slower = rate / 10.0;
    match finding {
        Finding::Exploding { layer } => {
            let name = name(*layer);
            [
                format!("The pull at {name} is far beyond its weights: it explodes. Try --learning-rate {slower:?}."),
                format!("{name} explodes: try --learning-rate {slower:?}."),
                format!("{name} explodes: --learning-rate {slower:?}."),
                format!("{name} explodes: a smaller rate."),
            ]
        }
        Finding::OnlyAverage => [
            "It knows only the average: the same picture for every image. Train on, or try another --seed.".into(),
            "It knows only the average: train on, or another --seed.".into(),
            "It knows only the average: train on.".into(),
            "It knows only the average.".into(),
        ],
        Finding::Collapsed => {
            let cure = match recipe.network.latent_activation() {
                Some(Activation::Relu) => "--latent-activation linear",
                _ => "another --seed",
            };
            [
                format!("The code is the same for all images: it says nothing. Try {cure}."),
                format!("One code for all images: try {cure}."),
                "The code is the same for all images.".into(),
                "The code has collapsed.".into(),
            ]
        }
        Finding::Vanishing { layer } => {
            let name = name(*layer);
            let [cure, briefly] = if rate > UNHURRIED {
                [format!("--learning-rate {slower:?}"), "a smaller rate".into()]
            } else {
                ["fewer layers (--encoder)".into(), "fewer layers".into()]
            };
            [
                format!("The pull at {name} vanishes: its weights hardly move. Try {cure}."),
                format!("The pull at {name} vanishes: {cure}."),
                format!("The pull at {name} vanishes: {briefly}."),
                format!("The pull at {name} vanishes."),
            ]
        }
        Finding::Dead { layer, units, of } => {
            let (name, dead, live) = (name(*layer), units.len(), of - units.len());
            [
                format!("{dead} of {of} units of {name} are dead: {live} would do as much (--encoder)."),
                format!("{dead} of {of} units of {name} are dead: {live} would do."),
                format!("{dead} of {of} units of {name} are dead."),
                format!("{dead} of {of} of {name} are dead."),
            ]
        }
        Finding::InUse { used, costs } => {
            let of = costs.len();
            let some: Vec<String> = costs.iter().take(8).map(|cost| short(*cost)).collect();
            let more = if of > some.len() { " .." } else { "" };
            [
                format!(
                    "{used} of {of} code values are in use; they diverge by {}{more} nats an image.",
                    some.join(", ")
                ),
                format!("{used} of {of} values of the code are in use."),
                format!("{used} of {of} code values are in use."),
                format!("{used} of {of} values in use."),
            ]
        }
    }
}

/// Whether it is a fault, and not only a fact.
pub(super) fn warns(finding: &Finding) -> bool {
    match finding {
        Finding::InUse { used, costs } => *used < costs.len(),
        _ => true,
    }
}
