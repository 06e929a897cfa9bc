//! Tensors put together to layers, and those that belong to none.

use std::collections::HashMap;

use super::{
    fault::TensorFault,
    names::{self, Half, Part},
    tensors::{Tensor, Tensors},
};
use crate::store::printable;

/// What `numpy.savez` calls arrays without names.
const UNNAMED: &str = "arr_";

/// The most layers that are put in order.
const MOST_LAYERS: usize = 1000;

/// A layer: a kernel, and a bias if it has one.
#[derive(Debug)]
pub(super) struct Member<'a> {
    /// Without what stands before all names.
    pub(super) name: String,
    pub(super) full_name: String,
    pub(super) half: Half,
    pub(super) kernel_name: String,
    pub(super) kernel: &'a Tensor<'a>,
    pub(super) bias_name: Option<String>,
    pub(super) bias: Option<&'a Tensor<'a>>,
}

/// How the kernels of a file lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kernels {
    /// [out, in], or [out, in, height, width]: `PyTorch`'s.
    UnitsFirst,
    /// [in, out], or [height, width, in, out]: Keras's and Flax's.
    UnitsLast,
}

impl Member<'_> {
    /// Whether it may stand before or after one like it.
    fn is_square(&self) -> bool {
        let [inputs, outputs] = Kernels::UnitsFirst.sides(self.kernel);
        inputs == outputs
    }
}

impl Kernels {
    /// The numbers or maps that go in, and that come out.
    pub(super) fn sides(self, kernel: &Tensor) -> [usize; 2] {
        match (self, &*kernel.shape) {
            (Self::UnitsFirst, &[out, into, ..]) | (Self::UnitsLast, &[.., into, out]) => {
                [into, out]
            }
            // Others are no members.
            _ => [0, 0],
        }
    }

    /// Rows and columns of a convolution's window.
    pub(super) fn window(self, kernel: &Tensor) -> Option<[usize; 2]> {
        match (self, &*kernel.shape) {
            (Self::UnitsFirst, &[_, _, rows, columns])
            | (Self::UnitsLast, &[rows, columns, _, _]) => Some([rows, columns]),
            _ => None,
        }
    }
}

/// The layers of a file, in the order of their names.
#[derive(Debug)]
pub(super) struct Gathered<'a> {
    pub(super) members: Vec<Member<'a>>,
    /// Whether names tell the order, and not only letters.
    pub(super) numbered: bool,
    /// How kernels lie where no bias tells.
    otherwise: Kernels,
    beginning: String,
    left: Vec<String>,
}

impl<'a> Gathered<'a> {
    pub(super) fn of(tensors: &'a Tensors<'a>) -> Result<Self, TensorFault> {
        let unnamed = |name: &str| {
            let number = name.strip_prefix(UNNAMED);
            number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
        };
        let gathered = if tensors.names().all(unnamed) {
            Self::in_turn(tensors)
        } else {
            Self::by_name(tensors)
        }?;
        match gathered.members.len() {
            0 => Err(TensorFault::NoLayer),
            many if many > MOST_LAYERS => Err(TensorFault::TooMany { layers: many }),
            _ => Ok(gathered),
        }
    }

    /// Arrays without names: kernels, each with its bias after it, as `get_weights` has them.
    fn in_turn(tensors: &'a Tensors<'a>) -> Result<Self, TensorFault> {
        let mut names: Vec<&str> = tensors.names().collect();
        names.sort_by(|a, b| names::in_order(a, b));
        let mut names = names.into_iter().peekable();
        let mut members: Vec<Member> = Vec::new();
        while let Some(name) = names.next() {
            let Some(kernel) = tensors.get(name) else {
                continue;
            };
            expect_kernel(name, kernel)?;
            let bias =
                names.next_if(|next| tensors.get(next).is_some_and(|next| next.shape.len() == 1));
            members.push(Member {
                name: name.to_owned(),
                full_name: name.to_owned(),
                half: Half::Unsaid,
                kernel_name: name.to_owned(),
                kernel,
                bias_name: bias.map(str::to_owned),
                bias: bias.and_then(|bias| tensors.get(bias)),
            });
        }
        Ok(Self {
            members,
            numbered: true,
            otherwise: Kernels::UnitsLast,
            beginning: String::new(),
            left: Vec::new(),
        })
    }

    fn by_name(tensors: &'a Tensors<'a>) -> Result<Self, TensorFault> {
        let mut parts: HashMap<&str, [Option<&str>; 2]> = HashMap::new();
        let mut left = Vec::new();
        for name in tensors.names() {
            match names::split(name) {
                (layer, Part::Kernel) => parts.entry(layer).or_default()[0] = Some(name),
                (layer, Part::Bias) => parts.entry(layer).or_default()[1] = Some(name),
                (_, Part::Other) => left.push(name.to_owned()),
            }
        }
        if let Some(name) = left.iter().find(|name| name.ends_with("running_mean")) {
            return Err(normalisation(name));
        }
        let mut layers: Vec<&str> = parts.keys().copied().collect();
        layers.sort_by(|a, b| {
            let halves = names::half(a).cmp(&names::half(b));
            halves.then_with(|| names::in_order(a, b))
        });
        let beginning = names::common_beginning(&layers);
        let mut members = Vec::new();
        for layer in layers {
            let [kernel_name, bias_name] = parts[layer];
            let Some((kernel_name, kernel)) =
                kernel_name.and_then(|name| Some((name, tensors.get(name)?)))
            else {
                return Err(TensorFault::LoneBias {
                    tensor: printable(bias_name.unwrap_or(layer), 80),
                });
            };
            expect_kernel(kernel_name, kernel)?;
            members.push(Member {
                name: layer[beginning.len()..].to_owned(),
                full_name: layer.to_owned(),
                half: names::half(&layer[beginning.len()..]),
                kernel_name: kernel_name.to_owned(),
                kernel,
                bias_name: bias_name.map(str::to_owned),
                bias: bias_name.and_then(|bias| tensors.get(bias)),
            });
        }
        Ok(Self {
            numbered: is_numbered(&members),
            otherwise: Kernels::UnitsFirst,
            beginning,
            left,
            members,
        })
    }

    /// How all of the kernels lie: a bias has as many numbers as there are units.
    pub(super) fn kernels(&self) -> Result<Kernels, TensorFault> {
        let mut told = None;
        for member in &self.members {
            let Some(bias) = member.bias else {
                continue;
            };
            let fits = [Kernels::UnitsFirst, Kernels::UnitsLast]
                .map(|kernels| bias.shape == [kernels.sides(member.kernel)[1]]);
            let here = match fits {
                [true, true] => continue,
                [true, false] => Some(Kernels::UnitsFirst),
                [false, true] => Some(Kernels::UnitsLast),
                [false, false] => None,
            };
            if here.is_none() || told.is_some_and(|told| here != Some(told)) {
                return Err(TensorFault::OtherBias {
                    layer: printable(&member.name, 80),
                    kernel: member.kernel.shape.clone(),
                    bias: bias.shape.iter().copied().take(8).collect(),
                });
            }
            told = here;
        }
        Ok(told.unwrap_or(self.otherwise))
    }

    /// What is told of how names were read, these layers being no part of the network.
    pub(super) fn remarks(&self, aside: Vec<String>) -> Vec<String> {
        let mut remarks = Vec::new();
        if !self.beginning.is_empty() {
            remarks.push(format!(
                "{} is taken off all names",
                printable(&self.beginning, 60)
            ));
        }
        let left = [self.left.clone(), aside].concat();
        if !left.is_empty() {
            remarks.push(format!("of no layer, and left: {}", some(&left)));
        }
        remarks
    }
}

/// Some names, so that a thousand make no page.
pub(super) fn some(names: &[String]) -> String {
    const SOME: usize = 4;
    let some: Vec<String> = names
        .iter()
        .take(SOME)
        .map(|name| printable(name, 60))
        .collect();
    match names.len() {
        all if all > SOME => format!("{} and {} more", some.join(", "), all - SOME),
        _ => some.join(", "),
    }
}

/// A dense layer's kernel has two sides, a convolution's four.
fn expect_kernel(name: &str, kernel: &Tensor) -> Result<(), TensorFault> {
    match kernel.shape.len() {
        2 | 4 => Ok(()),
        0 | 1 => Err(normalisation(name)),
        _ => Err(TensorFault::Sides {
            tensor: printable(name, 80),
            shape: kernel.shape.iter().copied().take(8).collect(),
        }),
    }
}

fn normalisation(name: &str) -> TensorFault {
    TensorFault::Normalisation {
        tensor: printable(name, 80),
    }
}

/// Whether the layers of each half differ in numbers alone. Two of the same shape, which give
/// a code's means and log-variances, have no order.
fn is_numbered(members: &[Member]) -> bool {
    [Half::Encoder, Half::Unsaid, Half::Decoder].into_iter().all(|half| {
        let of_half: Vec<&Member> = members.iter().filter(|member| member.half == half).collect();
        let kinds = of_half.iter().map(|member| names::unnumbered(&member.name));
        let kinds: std::collections::HashSet<String> = kinds.collect();
        let are_heads = || {
            matches!(of_half[..], [one, other] if one.kernel.shape == other.kernel.shape && !one.is_square())
        };
        kinds.len() <= 1 || are_heads()
    })
}
