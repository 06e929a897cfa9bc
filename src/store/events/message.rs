//! The messages in an event file, as far as they are read or written: fields by the numbers
//! that TensorBoard's `event.proto`, `summary.proto` and `tensor.proto` give them.

use prost::{Message, Oneof};

#[derive(Clone, PartialEq, Message)]
pub(super) struct Event {
    #[prost(double, tag = "1")]
    pub(super) wall_time: f64,
    #[prost(int64, tag = "2")]
    pub(super) step: i64,
    #[prost(oneof = "What", tags = "3, 5")]
    pub(super) what: Option<What>,
}

#[derive(Clone, PartialEq, Oneof)]
pub(super) enum What {
    #[prost(string, tag = "3")]
    FileVersion(String),
    #[prost(message, tag = "5")]
    Summary(Summary),
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Summary {
    #[prost(message, repeated, tag = "1")]
    pub(super) values: Vec<Value>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Value {
    #[prost(string, tag = "1")]
    pub(super) tag: String,
    #[prost(oneof = "Content", tags = "2, 4, 8")]
    pub(super) content: Option<Content>,
    #[prost(message, optional, tag = "9")]
    pub(super) metadata: Option<Metadata>,
}

#[derive(Clone, PartialEq, Oneof)]
pub(super) enum Content {
    #[prost(float, tag = "2")]
    Simple(f32),
    #[prost(message, tag = "4")]
    Image(Image),
    #[prost(message, tag = "8")]
    Tensor(Tensor),
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Image {
    #[prost(int32, tag = "1")]
    pub(super) height: i32,
    #[prost(int32, tag = "2")]
    pub(super) width: i32,
    /// 3 is RGB.
    #[prost(int32, tag = "3")]
    pub(super) colorspace: i32,
    /// A PNG.
    #[prost(bytes = "vec", tag = "4")]
    pub(super) encoded: Vec<u8>,
}

/// A scalar of the second version: an array without dimensions.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Tensor {
    /// 1: 32-bit floats; 2: 64-bit.
    #[prost(int32, tag = "1")]
    pub(super) dtype: i32,
    #[prost(bytes = "vec", tag = "4")]
    pub(super) content: Vec<u8>,
    #[prost(float, repeated, tag = "5")]
    pub(super) floats: Vec<f32>,
    #[prost(double, repeated, tag = "6")]
    pub(super) doubles: Vec<f64>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Metadata {
    #[prost(message, optional, tag = "1")]
    pub(super) plugin: Option<Plugin>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Plugin {
    #[prost(string, tag = "1")]
    pub(super) name: String,
}

impl Value {
    /// The number that it is, if it is one, in either of the format's spellings.
    pub(super) fn number(&self) -> Option<f32> {
        let metadata = self.metadata.as_ref();
        let plugin = metadata.and_then(|metadata| metadata.plugin.as_ref());
        let is_scalar = plugin.is_none_or(|plugin| matches!(&*plugin.name, "" | "scalars"));
        match self.content.as_ref()? {
            Content::Simple(number) => Some(*number),
            Content::Tensor(tensor) if is_scalar => tensor.scalar(),
            Content::Tensor(_) | Content::Image(_) => None,
        }
    }
}

impl Tensor {
    fn scalar(&self) -> Option<f32> {
        match (self.dtype, &self.floats[..], &self.doubles[..]) {
            (1, [number], _) => Some(*number),
            (2, _, [number]) => Some(*number as f32),
            (1, [], _) => Some(f32::from_le_bytes(self.content[..].try_into().ok()?)),
            (2, _, []) => Some(f64::from_le_bytes(self.content[..].try_into().ok()?) as f32),
            _ => None,
        }
    }
}
