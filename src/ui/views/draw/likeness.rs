//! How like the data a picture is, in words: two shares, of which each can tell that it is none.
//!
//! Noise can lift a picture's loss past every real one's while its code stays ordinary, and
//! what lies far from all codes may be redrawn well; so both are asked.

/// Up to this share a picture is as usual as any.
const USUAL: f32 = 0.99;
/// Above this one it is like none.
const HARDLY: f32 = 0.999;

/// What the shares come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// Among the data.
    Usual,
    /// At its edge.
    Hardly,
    /// Beyond it.
    Not,
}

impl Likeness {
    /// Of a share of the data that is more usual.
    pub(super) fn of(share: f32) -> Self {
        match share {
            _ if share <= USUAL => Self::Usual,
            _ if share <= HARDLY => Self::Hardly,
            _ => Self::Not,
        }
    }
}

/// A share of the data, and what it is more of: `worse than 87 of 100`, `worse than 999 of
/// 1,000`.
pub(super) fn share(word: &str, share: f32) -> String {
    if share >= 1.0 {
        format!("{word} than all of them")
    } else if share > USUAL {
        let of_thousand = (share * 1000.0).floor();
        format!("{word} than {of_thousand} of 1,000")
    } else {
        format!("{word} than {} of 100", (share * 100.0).floor())
    }
}

/// What a share of images that are redrawn better, and one of images that lie closer to
/// others, say together.
pub(super) fn sentence(worse: Option<f32>, farther: Option<f32>, one: &str) -> Option<String> {
    let likeness = |share: Option<f32>| share.map(Likeness::of);
    let both = likeness(worse).max(likeness(farther))?;
    let by_loss = likeness(worse) == Some(both);
    let why = if by_loss {
        "it redraws real ones better."
    } else {
        "no real one has such a code."
    };
    Some(match both {
        Likeness::Usual => format!("{}, as far as this network can tell.", capital(one)),
        Likeness::Hardly => format!("Hardly {one}: {why}"),
        Likeness::Not => format!("Not {one} to this network: {why}"),
    })
}

fn capital(words: &str) -> String {
    let mut characters = words.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_share_can_tell_that_it_is_none() {
        let said = |worse, farther| sentence(worse, farther, "a digit").unwrap();
        let usual = "A digit, as far as this network can tell.";
        assert_eq!(said(Some(0.5), Some(0.99)), usual);
        assert_eq!(said(Some(0.5), None), usual);
        assert_eq!(
            said(Some(0.995), Some(0.2)),
            "Hardly a digit: it redraws real ones better."
        );
        assert_eq!(
            said(Some(1.0), Some(0.14)),
            "Not a digit to this network: it redraws real ones better."
        );
        assert_eq!(
            said(Some(0.3), Some(1.0)),
            "Not a digit to this network: no real one has such a code."
        );
        assert_eq!(sentence(None, None, "a digit"), None);
    }

    #[test]
    fn shares_are_told_as_finely_as_they_matter() {
        assert_eq!(share("worse", 0.873), "worse than 87 of 100");
        assert_eq!(share("worse", 0.99), "worse than 99 of 100");
        assert_eq!(share("farther", 0.9995), "farther than 999 of 1,000");
        assert_eq!(share("worse", 1.0), "worse than all of them");
    }
}
