//! A network as an ONNX graph, which other engines run: `images` [n, height, width] of 0 to 1
//! in, `codes` [n, values] and `reconstructions` [n, height, width] out, for any n.
//!
//! A variational code is its means, and one of maps goes channel by channel, row by row. What
//! a weights file says of itself is among the metadata here too.

mod messages;

use prost::Message;

use super::{About, KEY, StoreError, fits};
use crate::{
    image::ImageSize,
    nn::{Activation, Autoencoder, Code, Convolution, Dense, Layer, Maps, Padding},
};
use messages::{
    Attribute, Dimension, Entry, FLOAT, Graph, INT, INT64, INTS, Kind, Model, Node, OperatorSet,
    STRING, Shape, Tensor, TensorKind, ValueInfo,
};

/// The version of the format, and that of the operators: `Split` in so many parts came with 18.
const IR: i64 = 8;
const OPERATORS: i64 = 18;

/// The names of what goes in and what comes out.
const IMAGES: &str = "images";
const CODES: &str = "codes";
const RECONSTRUCTIONS: &str = "reconstructions";

/// A network for images of this size as the bytes of such a file.
///
/// # Errors
///
/// As for [`to_bytes`](super::to_bytes).
pub fn to_onnx(net: &Autoencoder, image: ImageSize, about: &About) -> Result<Vec<u8>, StoreError> {
    if !net.is_finite() {
        return Err(StoreError::NotFinite);
    }
    let architecture = net.architecture();
    fits(&architecture)?;
    let mut drawn = Drawn::default();
    drawn.network(net, image);
    let of_image = [image.height as i64, image.width as i64];
    let model = Model {
        ir_version: IR,
        producer_name: env!("CARGO_PKG_NAME").into(),
        producer_version: env!("CARGO_PKG_VERSION").into(),
        graph: Some(Graph {
            name: "autoencoder".into(),
            node: drawn.nodes,
            initializer: drawn.constants,
            input: vec![value(IMAGES, &of_image)],
            output: vec![
                value(CODES, &[architecture.latent() as i64]),
                value(RECONSTRUCTIONS, &of_image),
            ],
        }),
        opset_import: vec![OperatorSet {
            domain: String::new(),
            version: OPERATORS,
        }],
        metadata_props: vec![Entry {
            key: KEY.into(),
            value: about.describe(&architecture, None),
        }],
    };
    Ok(model.encode_to_vec())
}

/// Floats of any number of rows with these sides.
fn value(name: &str, sides: &[i64]) -> ValueInfo {
    let free = Dimension {
        dim_param: Some("n".into()),
        ..Dimension::default()
    };
    let sides = sides.iter().map(|side| Dimension {
        dim_value: Some(*side),
        ..Dimension::default()
    });
    ValueInfo {
        name: name.into(),
        kind: Some(Kind {
            tensor: Some(TensorKind {
                elem_type: FLOAT,
                shape: Some(Shape {
                    dim: [free].into_iter().chain(sides).collect(),
                }),
            }),
        }),
    }
}

/// A graph as far as it is drawn; the last value is what follows reads.
#[derive(Default)]
struct Drawn {
    nodes: Vec<Node>,
    constants: Vec<Tensor>,
    last: String,
}

impl Drawn {
    fn network(&mut self, net: &Autoencoder, image: ImageSize) {
        let maps = net.architecture().code_maps();
        self.last = IMAGES.into();
        match maps {
            None => self.node("Flatten", &[], vec![whole("axis", 1)]),
            Some(_) => self.reshaped(&[-1, 1, image.height as i64, image.width as i64]),
        }
        for (number, layer) in net.encoder.iter().enumerate() {
            self.layer(layer, &format!("encoder.{number}"));
        }
        match (net.code, maps) {
            (Code::Gaussian, _) => {
                let parts = vec![CODES.to_owned(), "log_variances".to_owned()];
                let attributes = vec![whole("axis", 1), whole("num_outputs", 2)];
                self.named("Split", &[], attributes, parts);
            }
            (Code::Values, None) => self.named("Identity", &[], vec![], vec![CODES.into()]),
            (Code::Values, Some(_)) => {
                let before = self.last.clone();
                self.named("Flatten", &[], vec![whole("axis", 1)], vec![CODES.into()]);
                self.last = before;
            }
        }
        for (number, layer) in net.decoder.iter().enumerate() {
            self.layer(layer, &format!("decoder.{number}"));
        }
        self.node("Sigmoid", &[], vec![]);
        let shape = self.whole_numbers(&[-1, image.height as i64, image.width as i64]);
        self.named("Reshape", &[shape], vec![], vec![RECONSTRUCTIONS.into()]);
    }

    fn layer(&mut self, layer: &Layer, name: &str) {
        match layer {
            Layer::Dense(Dense { w, b, activation }) => {
                let kernel = self.floats(&format!("{name}.weight"), w.shape(), w.iter());
                let bias = self.floats(&format!("{name}.bias"), b.shape(), b.iter());
                self.node("Gemm", &[kernel, bias], vec![]);
                self.activation(*activation);
            }
            Layer::Convolution(Convolution {
                w,
                b,
                padding,
                activation,
                ..
            }) => {
                let kernel = self.floats(&format!("{name}.weight"), w.shape(), w.iter());
                let bias = self.floats(&format!("{name}.bias"), b.shape(), b.iter());
                let border = match padding {
                    Padding::Same => 1,
                    Padding::Valid => 0,
                };
                self.node("Conv", &[kernel, bias], vec![wholes("pads", &[border; 4])]);
                self.activation(*activation);
            }
            Layer::MaxPool(Maps { .. }) => {
                let two = |name| wholes(name, &[2, 2]);
                let attributes = vec![two("kernel_shape"), two("strides"), whole("ceil_mode", 1)];
                self.node("MaxPool", &[], attributes);
            }
            Layer::Upsample(Maps { .. }) => {
                let name = format!("constant.{}", self.constants.len());
                let scales = self.floats(&name, &[4], [1.0, 1.0, 2.0, 2.0].iter());
                let attributes = vec![
                    word("mode", "nearest"),
                    word("coordinate_transformation_mode", "asymmetric"),
                    word("nearest_mode", "floor"),
                ];
                // Without the region that another mode asks for.
                self.node("Resize", &[String::new(), scales], attributes);
            }
        }
    }

    fn activation(&mut self, activation: Activation) {
        match activation {
            Activation::Relu => self.node("Relu", &[], vec![]),
            Activation::Linear => {}
        }
    }

    fn reshaped(&mut self, sides: &[i64]) {
        let shape = self.whole_numbers(sides);
        self.node("Reshape", &[shape], vec![]);
    }

    /// An operator that reads the last value, and these.
    fn node(&mut self, operator: &str, inputs: &[String], attributes: Vec<Attribute>) {
        let output = format!("value.{}", self.nodes.len());
        self.named(operator, inputs, attributes, vec![output]);
    }

    /// One whose outputs have names; the first is the last value then.
    fn named(
        &mut self,
        operator: &str,
        inputs: &[String],
        attribute: Vec<Attribute>,
        output: Vec<String>,
    ) {
        let last = std::mem::replace(&mut self.last, output[0].clone());
        self.nodes.push(Node {
            input: [&[last], inputs].concat(),
            name: format!("{operator}.{}", self.nodes.len()),
            op_type: operator.into(),
            output,
            attribute,
        });
    }

    /// A constant of 32-bit floats, and its name.
    fn floats<'a>(
        &mut self,
        name: &str,
        sides: &[usize],
        values: impl Iterator<Item = &'a f32>,
    ) -> String {
        self.constants.push(Tensor {
            dims: sides.iter().map(|&side| side as i64).collect(),
            data_type: FLOAT,
            name: name.into(),
            raw_data: values.flat_map(|value| value.to_le_bytes()).collect(),
        });
        name.into()
    }

    fn whole_numbers(&mut self, values: &[i64]) -> String {
        let name = format!("constant.{}", self.constants.len());
        self.constants.push(Tensor {
            dims: vec![values.len() as i64],
            data_type: INT64,
            name: name.clone(),
            raw_data: values
                .iter()
                .flat_map(|value| value.to_le_bytes())
                .collect(),
        });
        name
    }
}

fn whole(name: &str, value: i64) -> Attribute {
    Attribute {
        name: name.into(),
        kind: INT,
        i: value,
        ..Attribute::default()
    }
}

fn wholes(name: &str, values: &[i64]) -> Attribute {
    Attribute {
        name: name.into(),
        kind: INTS,
        ints: values.into(),
        ..Attribute::default()
    }
}

fn word(name: &str, value: &str) -> Attribute {
    Attribute {
        name: name.into(),
        kind: STRING,
        s: value.into(),
        ..Attribute::default()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::recipe::{Preset, Recipe};

    /// What it computes is held against onnxruntime by `tests/python`.
    #[test]
    fn every_value_is_there_before_it_is_read() {
        for preset in Preset::ALL {
            let recipe = Recipe::preset(preset);
            let net = Autoencoder::zeros(&recipe.architecture());
            let bytes = to_onnx(&net, recipe.image, &About::of(&recipe)).unwrap();
            let model = Model::decode(&*bytes).unwrap();
            let graph = model.graph.unwrap();
            let mut known: HashSet<String> =
                graph.initializer.iter().map(|t| t.name.clone()).collect();
            assert_eq!(known.len(), graph.initializer.len(), "{preset:?}");
            known.extend([IMAGES.to_owned(), String::new()]);
            for node in &graph.node {
                assert!(
                    node.input.iter().all(|name| known.contains(name)),
                    "{node:?}"
                );
                assert!(
                    node.output.iter().all(|name| known.insert(name.clone())),
                    "{node:?}"
                );
            }
            let given: Vec<&str> = graph.output.iter().map(|value| &*value.name).collect();
            assert_eq!(given, [CODES, RECONSTRUCTIONS]);
            assert!(given.into_iter().all(|name| known.contains(name)));
            assert_eq!(model.metadata_props[0].key, KEY);
        }
    }
}
