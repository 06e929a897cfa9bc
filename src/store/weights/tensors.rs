//! What a file holds, whichever sort it is: numbers with a name and a shape.
//!
//! A safetensors file's tensors and an archive's arrays are the same to everything
//! above. Numbers are turned into 32-bit floats when they are asked for, so that only
//! those of a layer take memory; other floats are read, whole numbers are refused, for
//! they are somebody's scale that nobody knows.

use std::collections::{BTreeMap, BTreeSet};

use half::{bf16, f16};
use safetensors::tensor::{Dtype, SafeTensors};

use super::Fault;
use crate::{arrays::Array, store::printable};

/// All of a file's, by name.
#[derive(Debug, Default)]
pub(super) struct Tensors<'a>(BTreeMap<String, Tensor<'a>>);

/// Numbers of a shape.
#[derive(Debug)]
pub(super) struct Tensor<'a> {
    pub(super) shape: Vec<usize>,
    numbers: Numbers<'a>,
}

#[derive(Debug)]
enum Numbers<'a> {
    /// The bytes of a file, in the order that the format has.
    Raw(Dtype, &'a [u8]),
    /// Read already; and what they were.
    Reals(Vec<f32>, &'static str),
}

impl<'a> Tensors<'a> {
    pub(super) fn of_safetensors(file: &SafeTensors<'a>) -> Self {
        let tensors = file.tensors().into_iter().map(|(name, view)| {
            let tensor = Tensor {
                shape: view.shape().to_vec(),
                numbers: Numbers::Raw(view.dtype(), view.data()),
            };
            (name, tensor)
        });
        Self(tensors.collect())
    }

    pub(super) fn of_arrays(arrays: Vec<(String, Array)>) -> Self {
        let tensors = arrays.into_iter().map(|(name, array)| {
            let tensor = Tensor {
                shape: array.shape,
                numbers: Numbers::Reals(array.numbers, array.kind),
            };
            (name, tensor)
        });
        Self(tensors.collect())
    }

    pub(super) fn get(&self, name: &str) -> Option<&Tensor<'a>> {
        self.0.get(name)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The words that some of these are of other floats than ours.
    pub(super) fn other_kinds<'n>(&self, names: impl Iterator<Item = &'n str>) -> Option<String> {
        other_kinds(names.filter_map(|name| self.get(name)))
    }
}

/// The words that some tensors are of other floats than ours.
pub(super) fn other_kinds<'t>(tensors: impl Iterator<Item = &'t Tensor<'t>>) -> Option<String> {
    let kinds = tensors.map(Tensor::kind).filter(|kind| kind != "float32");
    let kinds: BTreeSet<String> = kinds.collect();
    let kinds: Vec<String> = kinds.into_iter().collect();
    let words = || format!("its numbers are {}, read as float32", kinds.join(" and "));
    (!kinds.is_empty()).then(words)
}

impl Tensor<'_> {
    /// What its numbers are, as Python calls it.
    pub(super) fn kind(&self) -> String {
        match self.numbers {
            Numbers::Raw(dtype, _) => match dtype {
                Dtype::F32 => "float32".into(),
                Dtype::F16 => "float16".into(),
                Dtype::BF16 => "bfloat16".into(),
                Dtype::F64 => "float64".into(),
                other => format!("{other:?}"),
            },
            Numbers::Reals(_, kind) => kind.into(),
        }
    }

    /// Its numbers as 32-bit floats, all of them finite.
    pub(super) fn values(&self, name: &str) -> Result<Vec<f32>, Fault> {
        let values: Vec<f32> = match &self.numbers {
            Numbers::Raw(Dtype::F32, bytes) => each(bytes, f32::from_le_bytes),
            Numbers::Raw(Dtype::F64, bytes) => {
                each(bytes, |bytes| f64::from_le_bytes(bytes) as f32)
            }
            Numbers::Raw(Dtype::F16, bytes) => {
                each(bytes, |bytes| f16::from_le_bytes(bytes).into())
            }
            Numbers::Raw(Dtype::BF16, bytes) => {
                each(bytes, |bytes| bf16::from_le_bytes(bytes).into())
            }
            Numbers::Raw(..) => {
                return Err(Fault::Dtype {
                    tensor: printable(name, 80),
                    dtype: self.kind(),
                });
            }
            Numbers::Reals(values, _) => values.clone(),
        };
        if values.iter().all(|value| value.is_finite()) {
            return Ok(values);
        }
        Err(Fault::NotFinite {
            tensor: printable(name, 80),
        })
    }
}

fn each<const BYTES: usize>(bytes: &[u8], number: impl Fn([u8; BYTES]) -> f32) -> Vec<f32> {
    let (numbers, _) = bytes.as_chunks();
    numbers.iter().map(|&bytes| number(bytes)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers that a tensor of such bytes has.
    fn read(dtype: Dtype, bytes: &[u8]) -> Result<Vec<f32>, Fault> {
        let tensor = Tensor {
            shape: vec![],
            numbers: Numbers::Raw(dtype, bytes),
        };
        tensor.values("t")
    }

    #[test]
    fn floats_of_every_size_are_read_as_what_they_stand_for() {
        // Two, a third as each has it, the smallest number above zero of the half, its largest.
        for (dtype, bytes, expected) in [
            (Dtype::F32, 2.5_f32.to_le_bytes().to_vec(), 2.5),
            (Dtype::F64, 2.5_f64.to_le_bytes().to_vec(), 2.5),
            (
                Dtype::F64,
                (1.0_f64 / 3.0).to_le_bytes().to_vec(),
                1.0 / 3.0,
            ),
            (Dtype::F16, vec![0x00, 0x40], 2.0),
            (Dtype::F16, vec![0x55, 0x35], 0.333_251_95),
            (Dtype::F16, vec![0x01, 0x00], 5.960_464_5e-8),
            (Dtype::F16, vec![0xff, 0x7b], 65504.0),
            (Dtype::F16, vec![0x00, 0x80], -0.0),
            (Dtype::BF16, vec![0x00, 0x40], 2.0),
            (Dtype::BF16, vec![0xab, 0xbe], -0.333_984_38),
        ] {
            let values = read(dtype, &bytes).unwrap();
            assert_eq!(values.len(), 1);
            assert_eq!(values[0].to_bits(), f32::to_bits(expected), "{dtype:?}");
        }
    }

    #[test]
    fn what_is_no_float_and_what_is_not_finite_is_refused_by_name() {
        for dtype in [
            Dtype::I64,
            Dtype::U8,
            Dtype::BOOL,
            Dtype::C64,
            Dtype::F8_E4M3,
        ] {
            let said = read(dtype, &[0; 8]).unwrap_err().to_string();
            assert!(
                said.contains("its tensor t is") && said.contains("float32"),
                "{said}"
            );
        }
        let infinite = [
            (Dtype::F16, vec![0x00, 0x7c]),
            (Dtype::BF16, vec![0xc0, 0x7f]),
            (Dtype::F64, f64::NAN.to_le_bytes().to_vec()),
            // Finite, and not among 32-bit floats.
            (Dtype::F64, 1e300_f64.to_le_bytes().to_vec()),
        ];
        for (dtype, bytes) in infinite {
            let said = read(dtype, &bytes).unwrap_err().to_string();
            assert!(said.contains("not finite"), "{dtype:?}: {said}");
        }
    }
}
