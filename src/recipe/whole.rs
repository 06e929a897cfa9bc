//! Whole numbers as files have them: as such up to the greatest that TOML knows, and
//! beyond it as words, which no reader rounds. Both are read.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serializer,
    de::{Error, Unexpected, Visitor},
};

/// Writes a number.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over references"
)]
pub(super) fn write<S: Serializer>(number: &u64, to: S) -> Result<S::Ok, S::Error> {
    match i64::try_from(*number) {
        Ok(number) => to.serialize_i64(number),
        Err(_) => to.collect_str(number),
    }
}

/// Writes a number that is there.
#[expect(clippy::ref_option, reason = "serde hands over references")]
pub(super) fn write_if_any<S: Serializer>(number: &Option<u64>, to: S) -> Result<S::Ok, S::Error> {
    match number {
        Some(number) => write(number, to),
        None => to.serialize_none(),
    }
}

/// Reads a number.
pub(super) fn read<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    from.deserialize_any(Whole)
}

/// Reads a number that may not be there.
pub(crate) fn read_if_any<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    struct Read(u64);
    impl<'de> Deserialize<'de> for Read {
        fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
            read(from).map(Self)
        }
    }
    let number = Option::<Read>::deserialize(from)?;
    Ok(number.map(|Read(number)| number))
}

struct Whole;

impl Visitor<'_> for Whole {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number from 0 on")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<u64, E> {
        Ok(number)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<u64, E> {
        u64::try_from(number).map_err(|_| E::invalid_value(Unexpected::Signed(number), &self))
    }

    fn visit_str<E: Error>(self, words: &str) -> Result<u64, E> {
        words
            .parse()
            .map_err(|_| E::invalid_value(Unexpected::Str(words), &self))
    }
}
