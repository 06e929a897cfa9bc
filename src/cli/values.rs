//! Words of the command line to values. What a value means for a run is judged
//! where runs are known.

use std::str::FromStr;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::{
    config::Preset,
    data::corrupt::{NoSuchNoise, Noise},
    nn::Activation,
    pace::Pace,
};

/// The longest epoch that can be asked for, in seconds: a day.
const LONGEST_EPOCH: f64 = 86_400.0;

/// Sizes of the encoder's layers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Encoder(pub(super) Vec<usize>);

impl FromStr for Encoder {
    type Err = String;

    fn from_str(words: &str) -> Result<Self, String> {
        words
            .split(',')
            .map(|size| size.trim().parse())
            .collect::<Result<_, _>>()
            .map(Self)
            .map_err(|_| "sizes separated by commas are needed, as in 32,2".into())
    }
}

/// A number that counts something.
pub(super) fn count<T: FromStr>(words: &str) -> Result<T, String> {
    words
        .parse()
        .map_err(|_| "a whole number is needed, as in 10".into())
}

/// A count that cannot be 0.
pub(super) fn at_least_one<T: FromStr>(words: &str) -> Result<T, String> {
    words
        .parse()
        .map_err(|_| "a whole number from 1 on is needed".into())
}

/// A step length; whether it is one is judged by the configuration.
pub(super) fn rate(words: &str) -> Result<f64, String> {
    words
        .parse()
        .map_err(|_| "a number is needed, as in 0.001".into())
}

/// A noise; whether it can be put on an image is judged by the configuration.
pub(super) fn noise(words: &str) -> Result<Noise, String> {
    words
        .parse()
        .map_err(|error: NoSuchNoise| error.to_string())
}

/// `film`, `full`, or the seconds of an epoch.
pub(super) fn pace(words: &str) -> Result<Pace, String> {
    match words {
        "film" => Ok(Pace::FILM),
        "full" => Ok(Pace::Full),
        _ => match words.parse() {
            Ok(seconds) if seconds > 0.0 && seconds <= LONGEST_EPOCH => Ok(Pace::Even { seconds }),
            _ => Err("film, full, or the seconds of an epoch (above 0) are needed".into()),
        },
    }
}

/// The presets, each with what it is for.
pub(super) fn preset() -> impl TypedValueParser<Value = Preset> {
    let names = Preset::ALL.map(|preset| PossibleValue::new(preset.name()).help(preset.purpose()));
    PossibleValuesParser::new(names)
        .map(|name| Preset::named(&name).expect("only presets' names are possible"))
}

/// The activations of the code layer.
pub(super) fn activation() -> impl TypedValueParser<Value = Activation> {
    PossibleValuesParser::new(Activation::ALL.map(Activation::name))
        .map(|name| Activation::named(&name).expect("only activations' names are possible"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoder_is_sizes_between_commas() {
        assert_eq!("32,2".parse(), Ok(Encoder(vec![32, 2])));
        assert_eq!("8, 4".parse(), Ok(Encoder(vec![8, 4])));
        for wrong in ["", "32,", "a", "-2", "1.5", "99999999999999999999999"] {
            assert!(wrong.parse::<Encoder>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_pace_is_named_or_counted_in_seconds() {
        assert_eq!(pace("film"), Ok(Pace::FILM));
        assert_eq!(pace("full"), Ok(Pace::Full));
        assert_eq!(pace("0.5"), Ok(Pace::Even { seconds: 0.5 }));
        for wrong in ["", "0", "-1", "NaN", "inf", "1e9", "Full"] {
            assert!(pace(wrong).is_err(), "{wrong}");
        }
    }
}
