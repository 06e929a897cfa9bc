//! What names of tensors tell: which layer, which half, in which order.
//!
//! `PyTorch` joins the names of modules with dots, JAX's libraries with slashes, and
//! wrappers put a word before all of them. Names are only ever evidence: the shapes have
//! to agree.

use std::{cmp::Ordering, iter::Peekable, str::Chars};

/// What a tensor is to its layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Kernel,
    Bias,
    /// Something else, or of no layer.
    Other,
}

/// The half of the network that a layer's name puts it into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Half {
    Encoder,
    /// It does not say.
    Unsaid,
    Decoder,
}

/// What the second layer of a variational code gives, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gives {
    Mean,
    LogVariance,
    /// The deviation, or its logarithm: half the logarithm of the variance.
    Deviation,
    Unsaid,
}

/// The layer that a tensor's name is of, and what it is to it.
pub(super) fn split(name: &str) -> (&str, Part) {
    // As TensorFlow counts its outputs.
    let name = name.strip_suffix(":0").unwrap_or(name);
    let (layer, last) = name.rsplit_once(['.', '/', '_']).unwrap_or(("", name));
    let part = match last {
        "weight" | "kernel" => Part::Kernel,
        "bias" => Part::Bias,
        _ => return (name, Part::Other),
    };
    (layer, part)
}

/// The words of a name, in small letters.
fn words(name: &str) -> impl Iterator<Item = String> {
    name.split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

pub(super) fn half(layer: &str) -> Half {
    for word in words(layer) {
        if word.starts_with("enc") {
            return Half::Encoder;
        }
        if word.starts_with("dec") {
            return Half::Decoder;
        }
    }
    Half::Unsaid
}

pub(super) fn gives(layer: &str) -> Gives {
    let own = layer.rsplit(['.', '/']).find(|word| !word.is_empty());
    let own = own.unwrap_or_default().to_lowercase();
    let own: String = own.chars().filter(|c| c.is_alphanumeric()).collect();
    let has = |parts: &[&str]| parts.iter().any(|part| own.contains(part));
    if has(&["var", "sigma2", "sigmasq"]) {
        Gives::LogVariance
    } else if has(&["std", "sigma", "scale", "dev"]) {
        Gives::Deviation
    } else if has(&["mu", "mean", "loc"]) {
        Gives::Mean
    } else {
        Gives::Unsaid
    }
}

/// Numbers in names are compared as numbers: 2 before 10.
pub(super) fn in_order(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.chars().peekable(), b.chars().peekable());
    loop {
        let (next_a, next_b) = (a.peek().copied(), b.peek().copied());
        let ordering = match (next_a, next_b) {
            (Some(x), Some(y)) if x.is_ascii_digit() && y.is_ascii_digit() => {
                let (x, y) = (number(&mut a), number(&mut b));
                x.len().cmp(&y.len()).then(x.cmp(&y))
            }
            _ => {
                a.next();
                b.next();
                next_a.cmp(&next_b)
            }
        };
        if ordering != Ordering::Equal || next_a.is_none() {
            return ordering;
        }
    }
}

/// The digits that come next, without zeros before them.
fn number(from: &mut Peekable<Chars>) -> String {
    let mut digits = String::new();
    while let Some(digit) = from.next_if(char::is_ascii_digit) {
        if digit != '0' || !digits.is_empty() {
            digits.push(digit);
        }
    }
    digits
}

/// A name with its numbers left out: names that are alike in this are numbered through.
pub(super) fn unnumbered(layer: &str) -> String {
    layer.chars().filter(|c| !c.is_ascii_digit()).collect()
}

/// What stands before all of these names, up to what tells a half or a layer.
pub(super) fn common_beginning(layers: &[&str]) -> String {
    let Some((first, rest)) = layers.split_first() else {
        return String::new();
    };
    let mut end = 0;
    for (at, _) in first.match_indices(['.', '/']) {
        let (beginning, component) = (&first[..=at], &first[end..at]);
        let numbered = component.chars().all(|c| c.is_ascii_digit());
        let is_common = rest.iter().all(|layer| layer.starts_with(beginning));
        if numbered || half(component) != Half::Unsaid || !is_common {
            break;
        }
        end = at + 1;
    }
    first[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_its_layer_and_its_part() {
        for (name, expected) in [
            ("encoder.0.weight", ("encoder.0", Part::Kernel)),
            ("params/Dense_0/kernel", ("params/Dense_0", Part::Kernel)),
            ("dense/kernel:0", ("dense", Part::Kernel)),
            ("fc1_bias", ("fc1", Part::Bias)),
            ("weight", ("", Part::Kernel)),
            ("bn.running_mean", ("bn.running_mean", Part::Other)),
            ("step", ("step", Part::Other)),
        ] {
            assert_eq!(split(name), expected);
        }
    }

    #[test]
    fn halves_and_what_is_before_them() {
        assert_eq!(half("net.encoder.3"), Half::Encoder);
        assert_eq!(half("enc2"), Half::Encoder);
        assert_eq!(half("decoder_input"), Half::Decoder);
        assert_eq!(half("fc3"), Half::Unsaid);
        for (layers, expected) in [
            (&["module.encoder.0", "module.decoder.2"][..], "module."),
            (
                &["model._orig_mod.encoder.0", "model._orig_mod.decoder.0"],
                "model._orig_mod.",
            ),
            (&["net.0", "net.2"], "net."),
            (&["encoder.0", "encoder.2"], ""),
            (&["fc1", "fc2"], ""),
            (&["a.encoder.0", "b.encoder.0"], ""),
            (&[], ""),
        ] {
            assert_eq!(common_beginning(layers), expected, "{layers:?}");
        }
    }

    #[test]
    fn numbers_count() {
        let mut names = ["l10", "l2", "l02", "l1.b", "l1", "l", ""];
        names.sort_by(|a, b| in_order(a, b));
        assert_eq!(names, ["", "l", "l1", "l1.b", "l2", "l02", "l10"]);
        assert_eq!(unnumbered("net.12"), unnumbered("net.3"));
    }

    #[test]
    fn what_a_head_gives_is_in_its_own_name() {
        for (layer, expected) in [
            ("encoder.fc_mu", Gives::Mean),
            ("z_mean", Gives::Mean),
            ("mean.encoder.fc", Gives::Unsaid),
            ("fc_logvar", Gives::LogVariance),
            ("encoder.z_log_var", Gives::LogVariance),
            ("fc_var", Gives::LogVariance),
            ("log_sigma2", Gives::LogVariance),
            ("log_std", Gives::Deviation),
            ("fc_sigma", Gives::Deviation),
            ("fc21", Gives::Unsaid),
        ] {
            assert_eq!(gives(layer), expected, "{layer}");
        }
    }
}
