//! The schemas in `docs/schema` tell what the program writes: every record of a log and all
//! measures are held against them.
//!
//! What is checked is the part of JSON Schema that they use, and nothing else may stand in them:
//! a keyword that this does not know fails the test.

use std::fs;

use ndarray_npy::{WriteNpyExt, write_npy};
use serde_json::{Map, Value};

use super::{ae_tui, path, run, text};

/// A schema of this name.
fn schema(name: &str) -> Value {
    let file = format!(
        "{}/docs/schema/{name}.schema.json",
        env!("CARGO_MANIFEST_DIR")
    );
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

/// Why a value is not of a schema, a part of `root`.
fn flaw(schema: &Value, root: &Value, value: &Value) -> Option<String> {
    let keywords = schema.as_object().expect("a schema is an object");
    keywords.iter().find_map(|(keyword, rule)| {
        let broken = match keyword.as_str() {
            "$schema" | "title" | "description" | "$defs" | "required" | "format" => return None,
            "$ref" => return flaw(referred(root, rule), root, value),
            "oneOf" => {
                let fitting = |schema: &&Value| flaw(schema, root, value).is_none();
                rule.as_array().unwrap().iter().filter(fitting).count() != 1
            }
            "const" => value != rule,
            "enum" => !rule.as_array().unwrap().contains(value),
            "type" => !types(rule).any(|name| is_of(name, value)),
            "minimum" => value.is_number() && value.as_f64() < rule.as_f64(),
            "minItems" => (value.as_array()?.len() as u64) < rule.as_u64().unwrap(),
            "maxItems" => value.as_array()?.len() as u64 > rule.as_u64().unwrap(),
            "items" => {
                return value
                    .as_array()?
                    .iter()
                    .find_map(|item| flaw(rule, root, item));
            }
            "properties" => return flaw_within(rule, root, value.as_object()?),
            "additionalProperties" => {
                assert_eq!(rule, false);
                let known = keywords["properties"].as_object().unwrap();
                let object = value.as_object()?;
                let missing = keywords["required"].as_array().unwrap().iter();
                let missing = missing.map(|name| name.as_str().unwrap());
                object.keys().any(|name| !known.contains_key(name))
                    || missing.clone().any(|name| !object.contains_key(name))
            }
            unknown => panic!("{unknown} is not checked"),
        };
        broken.then(|| format!("{keyword} {rule}: {value}"))
    })
}

fn flaw_within(properties: &Value, root: &Value, object: &Map<String, Value>) -> Option<String> {
    object.iter().find_map(|(name, value)| {
        let found = flaw(properties.get(name)?, root, value)?;
        Some(format!("{name}: {found}"))
    })
}

fn referred<'a>(root: &'a Value, reference: &Value) -> &'a Value {
    let place = reference.as_str().unwrap().strip_prefix('#').unwrap();
    root.pointer(place).unwrap()
}

fn types(rule: &Value) -> impl Iterator<Item = &str> {
    let many = rule.as_array().into_iter().flatten();
    rule.as_str()
        .into_iter()
        .chain(many.filter_map(Value::as_str))
}

fn is_of(name: &str, value: &Value) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        unknown => panic!("{unknown} is no type"),
    }
}

#[track_caller]
fn expect_fitting(schema: &Value, value: &Value) {
    assert_eq!(flaw(schema, schema, value), None, "{value:#}");
}

#[test]
fn every_record_of_a_log_is_of_its_schema() {
    let folder = tempfile::TempDir::new().unwrap();
    let kept = path(&folder, "run");
    let log = |words: &[&str]| {
        let output = run(&[words, &["--headless", "--metrics", "-"]].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout).to_owned()
    };
    let mut lines = log(&["--max-steps", "20", "--metrics-every", "10", "--run", &kept]);
    lines += &log(&["--resume", &kept, "--max-steps", "40"]);
    lines += &log(&["--preset", "sparse", "--max-steps", "5", "--digits", "0-8"]);
    lines += &log(&[
        "--preset",
        "conv",
        "--channels",
        "2,1",
        "--max-steps",
        "1",
        "--seed",
        "18446744073709551615",
    ]);
    lines += &log(&[
        "--batch-size",
        "60000",
        "--epochs",
        "1",
        "--noise",
        "gaussian:0.5",
    ]);
    let schema = schema("metrics");
    let mut kinds = Vec::new();
    for line in lines.lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        expect_fitting(&schema, &record);
        kinds.push(record["event"].as_str().unwrap().to_owned());
    }
    for kind in ["start", "step", "resume", "epoch", "end"] {
        assert!(
            kinds.iter().any(|found| found == kind),
            "no {kind} in {kinds:?}"
        );
    }
}

#[test]
fn measures_are_of_their_schema() {
    let folder = tempfile::TempDir::new().unwrap();
    let schema = schema("measures");
    for words in [&["--preset", "denoising"][..], &["--digits", "0-8"]] {
        let file = path(&folder, "net.safetensors");
        let trained = run(&[words, &["--headless", "--max-steps", "5", "--save", &file]].concat());
        assert!(trained.status.success(), "{}", text(&trained.stderr));
        let output = ae_tui(&["evaluate", &file, "--json", "--range", "0..20"])
            .output()
            .unwrap();
        let measures: Value = serde_json::from_slice(&output.stdout).unwrap();
        expect_fitting(&schema, &measures);
    }
}

#[test]
fn measures_of_images_without_labels_are_of_their_schema() {
    let folder = tempfile::TempDir::new().unwrap();
    let (data, file) = (path(&folder, "x.npy"), path(&folder, "net.safetensors"));
    let mut array = Vec::new();
    let image = |(number, row, column)| ((number * 7 + row * 3 + column) % 250) as u8;
    let images = ndarray::Array3::from_shape_fn((30, 8, 8), image);
    images.write_npy(&mut array).unwrap();
    fs::write(&data, array).unwrap();
    let own = ["--data", &data];
    let train = ["--headless", "--max-steps", "2", "--save", &file];
    let trained = run(&[&own[..], &train].concat());
    assert!(trained.status.success(), "{}", text(&trained.stderr));
    let output = run(&[&["evaluate", &file, "--json"][..], &own].concat());
    let measures: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(measures["features"].is_null(), "{measures:#}");
    expect_fitting(&schema("measures"), &measures);
    // There is nothing to choose by.
    let told = run(&[&own[..], &["--headless", "--digits", "0-8"]].concat());
    let told = text(&told.stderr);
    assert!(told.contains("--digits 0-8: x has no labels"), "{told}");
}

/// A folder of a few small images, and their labels.
fn squares(folder: &tempfile::TempDir) -> String {
    let own = folder.path().join("squares");
    fs::create_dir(&own).unwrap();
    for (name, count) in [("train", 40), ("test", 20)] {
        let image = |(number, row, column)| ((number * 7 + row * 3 + column) % 250) as u8;
        let images = ndarray::Array3::from_shape_fn((count, 8, 8), image);
        let labels = ndarray::Array1::from_shape_fn(count, |number| (number % 3) as u8);
        write_npy(own.join(format!("x_{name}.npy")), &images).unwrap();
        write_npy(own.join(format!("y_{name}.npy")), &labels).unwrap();
    }
    own.display().to_string()
}

fn json(words: &[&str]) -> Value {
    let output = run(words);
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_comparison_and_a_sweep_are_of_their_schemas() {
    let folder = tempfile::TempDir::new().unwrap();
    let data = squares(&folder);
    let [dense, variational] =
        ["dense", "vae"].map(|name| path(&folder, &format!("{name}.safetensors")));
    for (file, preset) in [(&dense, "sparse"), (&variational, "vae")] {
        let train = ["--headless", "--max-steps", "2", "--data", &data];
        let trained = run(&[&train[..], &["--preset", preset, "--save", file]].concat());
        assert!(trained.status.success(), "{}", text(&trained.stderr));
    }
    let report = json(&["compare", &dense, &variational, "--json", "--data", &data]);
    expect_fitting(&schema("compare"), &report);
    assert!(
        !report["differences"].as_array().unwrap().is_empty(),
        "{report:#}"
    );
    assert!(report["networks"][0]["features"].is_object(), "{report:#}");

    let grid = [
        "sweep",
        "--encoder",
        "4,1/4,2",
        "--seed",
        "1-2",
        "--max-steps",
        "2",
    ];
    let out = path(&folder, "grid");
    let report = json(&[&grid[..], &["--json", "--data", &data, "--out", &out]].concat());
    expect_fitting(&schema("sweep"), &report);
    let mut other = report.clone();
    other["points"][1]["runs"][0]["mood"] = "good".into();
    assert!(flaw(&schema("sweep"), &schema("sweep"), &other).is_some());
}

#[test]
fn what_is_of_no_schema_is_told() {
    let schema = schema("metrics");
    for wrong in [
        r#"{"event":"step","step":1,"epoch":1}"#,
        r#"{"event":"step","step":1,"epoch":1,"loss":"low"}"#,
        r#"{"event":"step","step":1,"epoch":1,"loss":0.5,"mood":"good"}"#,
        r#"{"event":"step","step":-1,"epoch":1,"loss":0.5}"#,
        r#"{"event":"nap"}"#,
        r#"{"event":"end","status":"tired","step":1,"val_loss":null,"val_reconstruction":null,"val_step":null,"saved":null,"time":"2026-11-26T06:00:00Z"}"#,
    ] {
        let record: Value = serde_json::from_str(wrong).unwrap();
        assert!(flaw(&schema, &schema, &record).is_some(), "{wrong}");
    }
}
