//! Layers of a file put in order, from image to image.
//!
//! Each layer takes as many numbers as the one before gives, and the decoder mirrors the
//! encoder. Where the names number the layers, their order is tried first; otherwise the
//! shapes have to leave one order alone, for none is guessed. This file knows the numbers
//! that go in and come out, and no weights.

use super::names::Half;

/// One dense layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    /// The half that its name puts it into.
    pub(super) half: Half,
}

/// Links from image to image; numbers are places among those that were handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chain {
    /// All but what gives the code.
    pub(super) encoder: Vec<usize>,
    pub(super) code: CodeLayer,
    pub(super) decoder: Vec<usize>,
}

impl Chain {
    /// The same chain, of links that are numbered as these places are.
    pub(super) fn at(&self, places: &[usize]) -> Self {
        let at = |links: &[usize]| links.iter().map(|link| places[*link]).collect();
        Self {
            encoder: at(&self.encoder),
            code: match self.code {
                CodeLayer::Plain(link) => CodeLayer::Plain(places[link]),
                CodeLayer::Both(link) => CodeLayer::Both(places[link]),
                CodeLayer::Heads(links) => CodeLayer::Heads(links.map(|link| places[link])),
            },
            decoder: at(&self.decoder),
        }
    }
}

/// What gives the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CodeLayer {
    /// One layer gives its values.
    Plain(usize),
    /// One layer gives its means, then its log-variances.
    Both(usize),
    /// Two layers of the same shape give its means and its log-variances, and which gives
    /// which is not known here.
    Heads([usize; 2]),
}

/// Why links make no chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tangle {
    /// There is no such order.
    None,
    /// There are several, or too many to be looked at.
    Several,
}

/// Steps that are taken to look for an order: of a dozen layers that fit anywhere, more than
/// anybody would wait for are not.
const STEPS: usize = 20_000;

/// The one order that the links make a chain in; `numbered` if the order at hand is one that
/// their names tell.
///
/// A way there and back is also one from its middle and back to it. So where shapes alone tell,
/// it begins with as many `pixels` as images have, or else with the most that there are.
pub(super) fn chain(
    links: &[Link],
    numbered: bool,
    pixels: Option<usize>,
) -> Result<Chain, Tangle> {
    let as_they_are: Vec<usize> = (0..links.len()).collect();
    if numbered && let Some(chain) = mirrored(links, &as_they_are) {
        return Ok(chain);
    }
    let inputs = links.iter().map(|link| link.inputs);
    let begins = inputs.clone().find(|inputs| Some(*inputs) == pixels);
    let mut search = Search {
        links,
        begins: begins.or(inputs.max()).ok_or(Tangle::None)?,
        order: Vec::new(),
        found: None,
        steps: STEPS,
    };
    search.run()?;
    search.found.ok_or(Tangle::None)
}

/// The chain of this order, if it is one.
fn mirrored(links: &[Link], order: &[usize]) -> Option<Chain> {
    // As many layers on the way back; one more on the way in where two give the code.
    let back = order.len() / 2;
    let (way_in, decoder) = order.split_at(order.len() - back);
    let (encoder, code) = way_in.split_at(back.checked_sub(1)?);
    let link = |&place: &usize| links[place];
    let first_back = links[*decoder.first()?];
    let code = match *code {
        [only] if links[only].outputs == first_back.inputs => CodeLayer::Plain(only),
        [only] if Some(links[only].outputs) == first_back.inputs.checked_mul(2) => {
            CodeLayer::Both(only)
        }
        [one, other]
            if shape(links[one]) == shape(links[other])
                && links[one].outputs == first_back.inputs =>
        {
            CodeLayer::Heads([one.min(other), one.max(other)])
        }
        _ => return None,
    };
    let inputs = way_in.iter().map(link).take(back);
    let mirrors = inputs.zip(decoder.iter().rev().map(link));
    let follows = |pair: &[usize]| links[pair[0]].outputs == links[pair[1]].inputs;
    let is_chain = mirrors
        .clone()
        .all(|(way_in, back)| way_in.inputs == back.outputs)
        && way_in[..back].windows(2).all(follows)
        && way_in[back..]
            .iter()
            .all(|&head| links[head].inputs == links[way_in[back - 1]].inputs)
        && decoder.windows(2).all(follows)
        && way_in
            .iter()
            .all(|place| links[*place].half != Half::Decoder)
        && decoder
            .iter()
            .all(|place| links[*place].half != Half::Encoder);
    is_chain.then(|| Chain {
        encoder: encoder.to_vec(),
        code,
        decoder: decoder.to_vec(),
    })
}

fn shape(link: Link) -> [usize; 2] {
    [link.inputs, link.outputs]
}

/// Looks for every order, and stops at the second chain.
struct Search<'a> {
    links: &'a [Link],
    begins: usize,
    order: Vec<usize>,
    found: Option<Chain>,
    steps: usize,
}

impl Search<'_> {
    fn run(&mut self) -> Result<(), Tangle> {
        self.steps = self.steps.checked_sub(1).ok_or(Tangle::Several)?;
        if self.order.len() == self.links.len() {
            let Some(chain) = mirrored(self.links, &self.order) else {
                return Ok(());
            };
            match &self.found {
                Some(found) if *found != chain => return Err(Tangle::Several),
                _ => self.found = Some(chain),
            }
            return Ok(());
        }
        for next in 0..self.links.len() {
            if !self.order.contains(&next) && self.may_follow(next) {
                self.order.push(next);
                self.run()?;
                self.order.pop();
            }
        }
        Ok(())
    }

    /// Whether the link can be the next: what is certain of an order that is not whole yet.
    fn may_follow(&self, next: usize) -> bool {
        let (at, all) = (self.order.len(), self.links.len());
        let back = all / 2;
        let link = self.links[next];
        let goes_in = at < all - back;
        let wrong_half = if goes_in {
            Half::Decoder
        } else {
            Half::Encoder
        };
        if link.half == wrong_half {
            return false;
        }
        let Some(&last) = self.order.last() else {
            return link.inputs == self.begins;
        };
        let last = self.links[last];
        // Of two that give the code, the second reads what the first reads.
        let is_second_head = all % 2 == 1 && at + 1 == all - back && at > 0;
        // What reads the code reads half of what may give it.
        let reads_code = at == all - back;
        if is_second_head {
            shape(link) == shape(last)
        } else if reads_code {
            link.inputs == last.outputs || last.outputs == link.inputs.saturating_mul(2)
        } else {
            link.inputs == last.outputs
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(sizes: &[(usize, usize)]) -> Vec<Link> {
        let link = |&(inputs, outputs): &(usize, usize)| Link {
            inputs,
            outputs,
            half: Half::Unsaid,
        };
        sizes.iter().map(link).collect()
    }

    /// Of no images in particular.
    fn chain(links: &[Link], numbered: bool) -> Result<Chain, Tangle> {
        super::chain(links, numbered, None)
    }

    /// The same links in another order.
    fn shuffled(links: &[Link], order: &[usize]) -> Vec<Link> {
        order.iter().map(|place| links[*place]).collect()
    }

    #[test]
    fn shapes_that_leave_one_order_tell_it() {
        let plain = links(&[(9, 6), (6, 2), (2, 6), (6, 9)]);
        let expected = Chain {
            encoder: vec![0],
            code: CodeLayer::Plain(1),
            decoder: vec![2, 3],
        };
        assert_eq!(chain(&plain, true), Ok(expected.clone()));
        assert_eq!(chain(&plain, false), Ok(expected));
        let turned = chain(&shuffled(&plain, &[3, 2, 1, 0]), false).unwrap();
        assert_eq!(turned.encoder, [3]);
        assert_eq!(turned.code, CodeLayer::Plain(2));
        assert_eq!(turned.decoder, [1, 0]);
        // Also one layer each way, and twice as many outputs as values.
        let one = chain(&links(&[(9, 2), (2, 9)]), false).unwrap();
        assert_eq!((one.encoder.len(), one.code), (0, CodeLayer::Plain(0)));
        let both = chain(&links(&[(9, 6), (6, 4), (2, 6), (6, 9)]), false).unwrap();
        assert_eq!(both.code, CodeLayer::Both(1));
        // PyTorch's own example of a vae: fc1, fc3, fc4, fc21, fc22.
        let heads = links(&[(9, 6), (2, 6), (6, 9), (6, 2), (6, 2)]);
        let heads = chain(&heads, true).unwrap();
        assert_eq!(heads.encoder, [0]);
        assert_eq!(heads.code, CodeLayer::Heads([3, 4]));
        assert_eq!(heads.decoder, [1, 2]);
        let heads = chain(&links(&[(9, 2), (9, 2), (2, 9)]), true).unwrap();
        assert_eq!(heads.code, CodeLayer::Heads([0, 1]));
    }

    #[test]
    fn where_shapes_leave_several_orders_only_names_tell() {
        let square = links(&[(9, 6), (6, 6), (6, 6), (6, 6), (6, 6), (6, 9)]);
        assert_eq!(chain(&square, false), Err(Tangle::Several));
        let told = chain(&square, true).unwrap();
        assert_eq!(told.code, CodeLayer::Plain(2));
        assert_eq!(told.decoder, [3, 4, 5]);
        // The halves settle it where each has one.
        let mut halves = links(&[(6, 6), (9, 6), (6, 6), (6, 9)]);
        assert_eq!(chain(&halves, false), Err(Tangle::Several));
        (halves[0].half, halves[2].half) = (Half::Decoder, Half::Encoder);
        let settled = chain(&halves, false).unwrap();
        assert_eq!(settled.code, CodeLayer::Plain(2));
        assert_eq!(settled.decoder, [0, 3]);
        // Nobody waits for the orders of thirty layers that fit anywhere.
        assert_eq!(chain(&links(&[(6, 6); 30]), false), Err(Tangle::Several));
    }

    #[test]
    fn what_does_not_mirror_is_no_chain() {
        for sizes in [
            &[][..],
            &[(9, 6)],
            &[(9, 6), (6, 2), (2, 5), (5, 9)],
            &[(9, 6), (6, 2), (2, 6), (6, 8)],
            &[(9, 6), (6, 2), (3, 6), (6, 9)],
            &[(9, 6), (6, 2), (6, 3), (2, 6), (6, 9)],
            &[(9, 6), (6, 2), (2, 9)],
            &[(9, 6), (6, 9), (9, 6), (6, 8)],
        ] {
            assert_eq!(chain(&links(sizes), true), Err(Tangle::None), "{sizes:?}");
        }
        // A code of more numbers than an image has is known by the images alone.
        let wide = links(&[(9, 12), (12, 9)]);
        assert_eq!(chain(&wide, false).unwrap().decoder, [0]);
        assert_eq!(super::chain(&wide, false, Some(9)).unwrap().decoder, [1]);
        // The second half before the first.
        let mut links = links(&[(9, 6), (6, 9)]);
        links[0].half = Half::Decoder;
        assert_eq!(chain(&links, true), Err(Tangle::None));
    }
}
