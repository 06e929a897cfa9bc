//! Files that nobody should have to read.

use std::process::Command;

use proptest::prelude::*;

use super::*;

/// The file `small` with another description.
fn described(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let (mut header, data) = parts(&small());
    let text = header["__metadata__"]["ae_tui"].as_str().unwrap();
    let mut description = serde_json::from_str(text).unwrap();
    change(&mut description);
    header["__metadata__"]["ae_tui"] = Value::String(description.to_string());
    file(&header, &data)
}

#[test]
fn control_characters_in_a_file_reach_no_terminal() {
    let hostile = "\u{1b}]52;c;AAAA\u{7}\r\n\u{9b}2J";
    let bytes = described(|it| {
        it["data"] = json!(hostile.repeat(100));
        it["data_name"] = json!(hostile.repeat(100));
        it["parent"] = json!({"name": hostile.repeat(100), "sha256": hostile.repeat(100)});
        it["classes"] = json!([hostile.repeat(100), "1"]);
    });
    let about = from_bytes(&bytes, None).unwrap().about.unwrap();
    let class = about.recipe.unwrap().classes.remove(0);
    let parent = about.parent.unwrap();
    for (text, limit) in [
        (class, 64),
        (about.digest.unwrap(), 128),
        (about.data_name.unwrap(), 64),
        (parent.name, 255),
        (parent.sha256, 128),
    ] {
        assert!(text.chars().count() <= limit);
        assert!(!text.chars().any(char::is_control));
    }

    let (header, data) = parts(&small());
    let mut extra = header.clone();
    extra[hostile] = json!({"dtype": "F32", "shape": [0], "data_offsets": [0, 0]});
    let mut wrong_dtype = header.clone();
    wrong_dtype["encoder.0.bias"]["dtype"] = json!(hostile);
    let faults = [
        file(&extra, &data),
        file(&wrong_dtype, &data),
        described(|it| it["seed"] = json!(hostile)),
        described(|it| it["preset"] = json!(hostile)),
        described(|it| it["architecture"]["latent_activation"] = json!(hostile)),
    ];
    for bytes in faults {
        let said = from_bytes(&bytes, None).unwrap_err().to_string();
        assert!(!said.chars().any(char::is_control), "{said:?}");
    }
}

#[test]
fn a_newer_format_is_named_as_such() {
    let bytes = described(|it| *it = json!({"format": 2, "something": "else"}));
    let said = from_bytes(&bytes, None).unwrap_err().to_string();
    assert!(said.contains("format version is 2"), "{said}");
    assert!(said.contains("use a newer ae-tui"), "{said}");
}

#[test]
fn a_description_that_makes_no_sense_is_refused() {
    let changes: [fn(&mut Value); 9] = [
        |it| *it = json!("text"),
        |it| it["format"] = json!(-1),
        |it| it["architecture"] = json!(null),
        |it| it["architecture"]["inputs"] = json!(0),
        |it| it["architecture"]["encoder"] = json!([]),
        |it| it["architecture"]["kind"] = json!("convolutional"),
        |it| it["architecture"]["encoder"] = json!([4, 0]),
        |it| it["architecture"]["latent_activation"] = json!("tanh"),
        |it| it["more"] = json!("m".repeat(600_000)),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let refused = from_bytes(&described(change), None).unwrap_err();
        assert!(
            matches!(refused, Fault::Description(_)),
            "{number}: {refused}"
        );
    }
}

#[test]
fn deep_nesting_overflows_no_stack() {
    let (mut header, data) = parts(&small());
    let deep = format!(r#"{{"format":1,"more":{}"#, "[".repeat(60_000));
    header["__metadata__"]["ae_tui"] = Value::String(deep);
    let refused = from_bytes(&file(&header, &data), None).unwrap_err();
    assert!(matches!(refused, Fault::Description(_)), "{refused}");

    let deep = "[".repeat(100_000);
    let bytes = [&(deep.len() as u64).to_le_bytes(), deep.as_bytes()].concat();
    let refused = from_bytes(&bytes, None).unwrap_err();
    assert!(matches!(refused, Fault::NotSafetensors(_)), "{refused}");
}

#[test]
fn an_architecture_of_absurd_size_asks_for_no_memory() {
    for encoder in [
        json!([usize::MAX, 2]),
        json!([1_u64 << 40, 2]),
        json!(vec![4; 20_000]),
    ] {
        let bytes = described(|it| {
            // Of before recipes, which do not get so far.
            it["image"] = Value::Null;
            it["architecture"]["encoder"] = encoder;
        });
        let refused = from_bytes(&bytes, None).unwrap_err();
        assert!(matches!(refused, Fault::Tensor(_)), "{refused}");
        assert!(refused.to_string().len() < 400, "{refused}");
    }
    // Twice as many outputs as there are numbers.
    let bytes = described(|it| {
        it["image"] = Value::Null;
        it["architecture"] = json!({"inputs": 6, "kind": "variational", "encoder": [usize::MAX]});
    });
    let refused = from_bytes(&bytes, None).unwrap_err();
    assert!(matches!(refused, Fault::Tensor(_)), "{refused}");
}

#[test]
fn tensors_that_are_not_the_networks_are_refused_by_name() {
    let (header, data) = parts(&small());
    let refused = |change: &dyn Fn(&mut Value, &mut Vec<u8>)| {
        let (mut header, mut data) = (header.clone(), data.clone());
        change(&mut header, &mut data);
        from_bytes(&file(&header, &data), None).unwrap_err()
    };
    let rename = |header: &mut Value, from: &str, to: &str| {
        let tensor = header.as_object_mut().unwrap().remove(from).unwrap();
        header[to] = tensor;
    };
    let missing = refused(&|header, _| rename(header, "decoder.2.bias", "decoder.3.bias"));
    assert!(
        missing.to_string().contains("no tensor decoder.2.bias"),
        "{missing}"
    );

    let extra = refused(&|header, data| {
        let offsets = [data.len(), data.len() + 4];
        header["classifier.bias"] = json!({"dtype": "F32", "shape": [1], "data_offsets": offsets});
        data.extend([0; 4]);
    });
    assert!(
        extra
            .to_string()
            .contains("classifier.bias is no part of 6-4-2-4-6"),
        "{extra}"
    );

    // As many numbers, the other way round.
    let transposed = refused(&|header, _| header["encoder.0.weight"]["shape"] = json!([6, 4]));
    assert!(
        transposed
            .to_string()
            .contains("[6, 4] where 6-4-2-4-6 needs [4, 6]"),
        "{transposed}"
    );

    let integers = refused(&|header, _| header["encoder.0.bias"]["dtype"] = json!("I32"));
    assert!(
        integers
            .to_string()
            .contains("encoder.0.bias is I32; save it as float32"),
        "{integers}"
    );

    for value in [f32::NAN, f32::INFINITY] {
        let not_finite = refused(&|header, data| {
            let begin = header["decoder.0.weight"]["data_offsets"][0]
                .as_u64()
                .unwrap() as usize;
            data[begin..begin + 4].copy_from_slice(&value.to_le_bytes());
        });
        assert!(
            not_finite
                .to_string()
                .contains("decoder.0.weight holds values"),
            "{not_finite}"
        );
    }
}

#[test]
fn lengths_that_lie_are_refused() {
    let good = small();
    let length = u64::from_le_bytes(good[..8].try_into().unwrap());
    for lie in [
        0,
        7,
        length - 1,
        length + 1,
        good.len() as u64 + 1,
        1 << 21,
        1 << 63,
        u64::MAX,
    ] {
        let bytes = [&lie.to_le_bytes(), &good[8..]].concat();
        let refused = from_bytes(&bytes, None).unwrap_err();
        assert!(
            matches!(refused, Fault::NotSafetensors(_)),
            "{lie}: {refused}"
        );
    }
    for end in 1..good.len() {
        let refused = from_bytes(&good[..end], None).unwrap_err();
        assert!(
            matches!(refused, Fault::NotSafetensors(_)),
            "{end}: {refused}"
        );
    }
    let longer = [&good[..], b"\0"].concat();
    from_bytes(&longer, None).unwrap_err();
}

#[test]
fn offsets_that_lie_are_refused() {
    let (header, data) = parts(&small());
    let refuse = |name: &str, tensor: Value| {
        let mut header = header.clone();
        header[name] = tensor;
        let refused = from_bytes(&file(&header, &data), None).unwrap_err();
        assert!(
            matches!(refused, Fault::NotSafetensors(_)),
            "{name}: {refused}"
        );
    };
    let tensor = |dtype: &str, shape: &[u64], offsets: [u64; 2]| json!({"dtype": dtype, "shape": shape, "data_offsets": offsets});
    let end = data.len() as u64;
    refuse("encoder.0.bias", tensor("F32", &[4], [0, 16]));
    refuse("gap", tensor("F32", &[1], [end + 4, end + 8]));
    refuse("beyond", tensor("F32", &[1], [end, end + 4]));
    refuse("backwards", tensor("F32", &[1], [end, end - 4]));
    refuse("product", tensor("F32", &[1 << 32, 1 << 32], [end, end]));

    // Offsets that reach the end of the numbers when the header is added.
    let mut header = json!({});
    let (step, mut begin) = (u64::MAX / 8, 0);
    while begin < u64::MAX {
        let end = begin.saturating_add(step);
        header[format!("t{begin}")] = tensor("U8", &[end - begin], [begin, end]);
        begin = end;
    }
    let refused = from_bytes(&file(&header, &data), None).unwrap_err();
    assert!(matches!(refused, Fault::NotSafetensors(_)), "{refused}");
}

#[test]
fn what_is_no_weights_file_is_refused_without_waiting() {
    let folder = tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let made = Command::new("mkfifo").arg(at("pipe")).status().unwrap();
    assert!(made.success());
    fs::write(at("empty"), "").unwrap();
    fs::write(at("text"), "these are no weights at all").unwrap();
    let huge = fs::File::create(at("huge")).unwrap();
    huge.set_len(MAX_BYTES + 1).unwrap();
    for (path, words) in [
        (at("pipe"), "no regular file"),
        (at(""), "is a folder"),
        (at("empty"), "it is empty"),
        (at("text"), "it is no safetensors file"),
        (at("huge"), "more than 192 MiB"),
        (at("absent"), "check the name"),
        (at("text/more"), "check the name"),
        ("/dev/zero".into(), "no regular file"),
        ("/dev/null".into(), "no regular file"),
        ("/proc/self/mem".into(), "; check the name"),
    ] {
        if path.starts_with("/proc") && !path.exists() {
            continue;
        }
        let said = load(&path, None).unwrap_err().to_string();
        assert!(said.contains(words), "{said}");
        assert!(said.contains(&*path.to_string_lossy()), "{said}");
        assert_eq!(said.lines().count(), 1);
    }
}

proptest! {
    #[test]
    fn a_damaged_file_is_read_or_refused_and_nothing_else(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in prop::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        let mut bytes = small();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        for claim in [None, Some(&Claim::of(&architecture(6, &[4, 2])))] {
            match from_bytes(&bytes, claim) {
                Ok(saved) => prop_assert!(saved.net.is_finite()),
                Err(fault) => prop_assert!(!fault.to_string().chars().any(char::is_control)),
            }
        }
    }
}
