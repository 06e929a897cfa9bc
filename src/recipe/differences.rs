//! What recipes do not have in common: field by field, as files spell them, and of two of them
//! in a viewer's words.

use serde::Serialize;
use serde_json::Value;

use super::{Change, Edit, Price, Recipe};
use crate::{
    data::{Labels, corrupt::Noise},
    nn::{Activation, Code, CodeShape, Network},
    words::{briefly, counted, grouped, number_word},
};

/// A field that is not the same for all. Scripts rely on the names.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Differing {
    /// Its name, as files have it.
    pub field: String,
    /// Its value in each recipe; nothing where one has none, or where the recipe is not known.
    pub values: Vec<Value>,
}

/// Fields of the recipes, in their one spelling, that are not the same for all.
pub fn fields(recipes: &[Option<&Recipe>]) -> Vec<Differing> {
    let recipes: Vec<Value> = recipes
        .iter()
        .map(|recipe| recipe.map_or(Value::Null, written))
        .collect();
    let mut names: Vec<&String> = Vec::new();
    for recipe in recipes.iter().filter_map(Value::as_object) {
        for name in recipe.keys() {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    let values = |name: &String| -> Vec<Value> {
        let value = |recipe: &Value| recipe.get(name).cloned().unwrap_or(Value::Null);
        recipes.iter().map(value).collect()
    };
    names
        .into_iter()
        .map(|name| (name, values(name)))
        .filter(|(_, values)| values.iter().any(|value| *value != values[0]))
        .map(|(name, values)| Differing {
            field: name.clone(),
            values,
        })
        .collect()
}

fn written(recipe: &Recipe) -> Value {
    serde_json::to_value(recipe).expect("a recipe is plain data")
}

/// One thing in which two networks differ, and what each has of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it is, in a word.
    pub what: &'static str,
    /// What the first has, and the second.
    pub words: [String; 2],
}

/// What is known of how two networks came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Both recipes.
    Recipes,
    /// The networks alone: of one of them no more is said.
    Networks,
}

/// A thing by its name, and the words for it.
type Thing = (&'static str, fn(&Recipe) -> String);

/// The things in which two networks differ, the weightiest first. What follows from another, as
/// the number of numbers from the layers, is no thing of its own.
pub fn in_words(pair: [&Recipe; 2], known: Known) -> Vec<Difference> {
    let layers = (
        "layers",
        pair.map(|recipe| recipe.architecture().to_string()),
    );
    let of_networks = [
        layers,
        ("code", codes(pair)),
        ("objective", objectives(pair, known)),
    ];
    let things: [Thing; 8] = [
        ("noise", noise),
        ("rate", |recipe| briefly(recipe.learning_rate)),
        ("batch", |recipe| counted(recipe.batch_size as u64, "image")),
        ("length", length),
        ("seed", |recipe| recipe.seed.to_string()),
        ("order", order),
        ("trained on", labels),
        ("on the way", edits),
    ];
    let of_recipes = things
        .into_iter()
        .filter(|_| known == Known::Recipes)
        .map(|(what, words)| (what, pair.map(words)));
    of_networks
        .into_iter()
        .chain(of_recipes)
        .filter(|(_, [one, other])| one != other)
        .map(|(what, words)| Difference { what, words })
        .collect()
}

/// What a code is; the same words for both, where its kind is the same.
fn codes(pair: [&Recipe; 2]) -> [String; 2] {
    let clouds = pair.map(|recipe| recipe.architecture().code() == Code::Gaussian);
    let bends = pair.map(|recipe| recipe.network.latent_activation());
    let differ = clouds[0] != clouds[1] || bends[0] != bends[1] || shape(pair[0]) != shape(pair[1]);
    if !differ {
        return [String::new(), String::new()];
    }
    // Whether numbers are cut off at zero matters where both are numbers.
    let beside_a_cloud = clouds[0] || clouds[1];
    pair.map(|recipe| {
        let numbers = numbers(recipe);
        let bend = recipe.network.latent_activation();
        match (&recipe.network, bend) {
            (Network::Variational { .. }, _) => format!("a cloud around {numbers}"),
            (Network::Convolutional { .. }, _) => numbers,
            (_, Some(Activation::Relu)) if !beside_a_cloud => format!("{numbers}, none below zero"),
            _ => format!("the {numbers} as they are"),
        }
    })
}

/// Whether a code is maps.
fn shape(recipe: &Recipe) -> bool {
    matches!(recipe.architecture().code_shape(), CodeShape::Maps { .. })
}

/// How many numbers a code has: `two numbers`, `8 maps, 128 numbers`.
pub fn numbers(recipe: &Recipe) -> String {
    let architecture = recipe.architecture();
    let count = architecture.latent() as u64;
    let noun = if count == 1 { "number" } else { "numbers" };
    match architecture.code_shape() {
        CodeShape::Values(_) => format!("{} {noun}", number_word(count)),
        CodeShape::Maps { count: maps, .. } => {
            format!(
                "{}, {}",
                counted(maps as u64, "map"),
                counted(count, "number")
            )
        }
    }
}

fn objectives(pair: [&Recipe; 2], known: Known) -> [String; 2] {
    if known == Known::Networks {
        return objectives_of_networks(pair);
    }
    let price = |recipe: &Recipe| (recipe.price(), recipe.l1.to_bits());
    if price(pair[0]) == price(pair[1]) {
        return [String::new(), String::new()];
    }
    pair.map(|recipe| match recipe.price() {
        Price::None => "reconstruction".into(),
        Price::L1 => format!("and a price of {} on the code", briefly(recipe.l1)),
        Price::Divergence => "and a price on far, narrow clouds".into(),
    })
}

/// Codes that are clouds are all that a network tells of its objective: no weights say whether
/// there was a price on other codes.
fn objectives_of_networks(pair: [&Recipe; 2]) -> [String; 2] {
    let clouds = pair.map(|recipe| recipe.price() == Price::Divergence);
    if clouds[0] == clouds[1] {
        return [String::new(), String::new()];
    }
    clouds.map(|clouds| {
        let words = if clouds {
            "a price on far, narrow clouds"
        } else {
            "no such price"
        };
        words.into()
    })
}

fn noise(recipe: &Recipe) -> String {
    match recipe.noise {
        Noise::None => "none".into(),
        noise => noise.to_string(),
    }
}

fn length(recipe: &Recipe) -> String {
    let epochs = counted(recipe.epochs, "epoch");
    match recipe.max_steps {
        Some(steps) => format!("{epochs}, {} steps at most", grouped(steps)),
        None => epochs,
    }
}

fn order(recipe: &Recipe) -> String {
    if recipe.shuffle {
        "shuffled".into()
    } else {
        "as they come".into()
    }
}

fn labels(recipe: &Recipe) -> String {
    match recipe.digits {
        Labels::ALL => "all".into(),
        labels => labels.to_string(),
    }
}

fn edits(recipe: &Recipe) -> String {
    let words = |Edit { step, change }: &Edit| {
        let change = match change {
            Change::LearningRate(rate) => format!("rate {}", briefly(*rate)),
            Change::L1(price) => format!("price {}", briefly(*price)),
            Change::Noise(noise) => format!("noise {noise}"),
            Change::Seed(seed) => format!("seed {seed}"),
        };
        format!("{change} from step {}", grouped(step + 1))
    };
    match &recipe.edits[..] {
        [] => "nothing changed".into(),
        [only] => words(only),
        [.., last] => format!("{} changes, then {}", recipe.edits.len() - 1, words(last)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Preset;

    fn told(pair: [&Recipe; 2]) -> Vec<(&'static str, [String; 2])> {
        let told = in_words(pair, Known::Recipes).into_iter();
        told.map(|difference| (difference.what, difference.words))
            .collect()
    }

    #[test]
    fn the_tutorials_network_and_a_vae_differ_in_three_things() {
        let pair = [Preset::Article, Preset::Vae].map(Recipe::preset);
        let words = |one: &str, other: &str| [one.to_owned(), other.to_owned()];
        assert_eq!(
            told([&pair[0], &pair[1]]),
            [
                ("layers", words("784-32-2-32-784", "784-512-2-512-784")),
                (
                    "code",
                    words("the two numbers as they are", "a cloud around two numbers")
                ),
                (
                    "objective",
                    words("reconstruction", "and a price on far, narrow clouds")
                ),
            ]
        );
        assert_eq!(told([&pair[0], &pair[0]]), []);
        let fields = fields(&[Some(&pair[0]), Some(&pair[1])]);
        let names: Vec<&str> = fields.iter().map(|field| &*field.field).collect();
        assert_eq!(names, ["encoder", "latent_activation", "network", "preset"]);
    }

    #[test]
    fn what_follows_from_the_layers_is_no_thing_of_its_own() {
        let narrow = Recipe::preset(Preset::Article);
        let mut wide = narrow.clone();
        wide.set_encoder(vec![32, 8]).unwrap();
        let whats = |pair| {
            told(pair)
                .into_iter()
                .map(|(what, _)| what)
                .collect::<Vec<_>>()
        };
        assert_eq!(whats([&narrow, &wide]), ["layers"]);
        let other = Recipe {
            seed: 7,
            learning_rate: 0.01,
            batch_size: 128,
            epochs: 3,
            max_steps: Some(1200),
            shuffle: false,
            noise: Noise::Gaussian(0.5),
            l1: 1e-4,
            digits: Labels::NONE.with(3),
            edits: vec![Edit {
                step: 9,
                change: Change::LearningRate(0.1),
            }],
            ..narrow.clone()
        };
        assert_eq!(
            whats([&narrow, &other]),
            [
                "objective",
                "noise",
                "rate",
                "batch",
                "length",
                "seed",
                "order",
                "trained on",
                "on the way"
            ]
        );
        // Of a network from elsewhere no more is known than what it is: not even its price.
        assert_eq!(in_words([&narrow, &other], Known::Networks), []);
        let vae = Recipe::preset(Preset::Vae);
        let told = in_words([&other, &vae], Known::Networks);
        let objective = told.iter().find(|told| told.what == "objective").unwrap();
        assert_eq!(
            objective.words,
            ["no such price", "a price on far, narrow clouds"]
        );
    }

    #[test]
    fn a_bend_at_the_code_is_told_between_two_that_are_numbers() {
        let mut linear = Recipe::preset(Preset::Article);
        linear.set_latent_activation(Activation::Linear).unwrap();
        let relu = Recipe::preset(Preset::Article);
        assert_eq!(
            told([&relu, &linear]),
            [(
                "code",
                [
                    "two numbers, none below zero".to_owned(),
                    "the two numbers as they are".to_owned()
                ]
            )]
        );
        let conv = Recipe::preset(Preset::Conv);
        let code = &told([&relu, &conv])[1].1;
        assert_eq!(code[1], "8 maps, 128 numbers");
    }
}
