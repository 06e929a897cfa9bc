//! Words of the command line to values. What a value means for a run is judged
//! where runs are known.

use std::{
    num::{IntErrorKind, ParseIntError},
    str::FromStr,
};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::{
    data::corrupt::{NoSuchNoise, Noise},
    nn::Activation,
    pace::Pace,
    recipe::Preset,
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

/// Maps after each of the encoder's convolutions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Channels(pub(super) Vec<usize>);

impl FromStr for Channels {
    type Err = String;

    fn from_str(words: &str) -> Result<Self, String> {
        let needed = "numbers of maps separated by commas are needed, as in 16,8,8";
        let Encoder(channels) = words.parse().map_err(|_| needed)?;
        Ok(Self(channels))
    }
}

/// A number that counts something; how many there may be is judged by the recipe.
pub(super) fn count<T: FromStr<Err = ParseIntError>>(words: &str) -> Result<T, String> {
    whole(words, "a whole number from 1 on is needed, as in 10")
}

/// A count that cannot be 0.
pub(super) fn at_least_one<T: FromStr<Err = ParseIntError>>(words: &str) -> Result<T, String> {
    whole(words, "a whole number from 1 on is needed")
}

/// What names random numbers.
pub(super) fn seed(words: &str) -> Result<u64, String> {
    words
        .parse()
        .map_err(|_| format!("a whole number from 0 to {} is needed", u64::MAX))
}

/// A whole number; one that is too large for the machine is told so.
fn whole<T: FromStr<Err = ParseIntError>>(words: &str, needed: &str) -> Result<T, String> {
    words.parse().map_err(|error: ParseIntError| {
        if *error.kind() == IntErrorKind::PosOverflow {
            format!("it is too large; {needed}")
        } else {
            needed.into()
        }
    })
}

/// Bytes: a whole number of them, or of KiB, MiB or GiB.
pub(super) fn size(words: &str) -> Result<u64, String> {
    const NEEDED: &str = "a size is needed, as in 256MiB, 1GiB, or a number of bytes";
    const UNITS: [(&str, u32); 4] = [("kib", 10), ("mib", 20), ("gib", 30), ("", 0)];
    let lower = words.trim().to_ascii_lowercase();
    let unit = |(unit, bits): (&str, u32)| Some((lower.strip_suffix(unit)?.trim_end(), bits));
    let (number, bits) = UNITS.into_iter().find_map(unit).ok_or(NEEDED)?;
    let number: u64 = whole(number, NEEDED)?;
    let bytes = number.checked_mul(1 << bits);
    bytes.ok_or_else(|| format!("it is too large; {NEEDED}"))
}

/// A step length; whether it is one is judged by the recipe.
pub(super) fn rate(words: &str) -> Result<f64, String> {
    words
        .parse()
        .map_err(|_| "a number is needed, as in 0.001".into())
}

/// A noise; whether it can be put on an image is judged by the recipe.
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
            _ => Err(format!(
                "film, full, or the seconds of an epoch (above 0, up to {LONGEST_EPOCH}) are needed"
            )),
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
    fn a_whole_number_that_is_refused_is_not_told_to_be_a_whole_number() {
        assert_eq!(seed("0"), Ok(0));
        assert_eq!(seed("18446744073709551615"), Ok(u64::MAX));
        for wrong in ["-1", "18446744073709551616", "1.5", ""] {
            let told = seed(wrong).unwrap_err();
            assert!(told.contains("from 0 to 18446744073709551615"), "{told}");
        }
        assert!(count::<u64>("-1").unwrap_err().contains("from 1 on"));
        let told = count::<u64>("99999999999999999999").unwrap_err();
        assert!(told.starts_with("it is too large"), "{told}");
    }

    #[test]
    fn a_size_is_counted_in_bytes_or_in_larger_units() {
        for (words, bytes) in [
            ("0", 0),
            ("1000", 1000),
            ("64KiB", 64 << 10),
            ("256MiB", 256 << 20),
            ("1 GiB", 1 << 30),
            ("2gib", 2 << 30),
        ] {
            assert_eq!(size(words), Ok(bytes), "{words}");
        }
        for wrong in ["", "MiB", "-1", "1.5GiB", "64MB", "64 M", "lots"] {
            let told = size(wrong).unwrap_err();
            assert!(told.starts_with("a size is needed"), "{wrong}: {told}");
        }
        for wrong in ["99999999999999999999", "17179869184GiB"] {
            assert!(size(wrong).unwrap_err().starts_with("it is too large"));
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
