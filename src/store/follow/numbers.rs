//! Numbers in a log of any program: what a JSON object with a step has beside it.

use serde_json::{Map, Value};

use crate::{message::Scalar, words::printable};

/// What a step is called, the likeliest first.
const STEPS: [&str; 5] = ["step", "global_step", "iteration", "iter", "epoch"];
/// What is no curve: places, and what a run is.
const NO_CURVES: [&str; 6] = ["epoch", "seed", "format", "timestamp", "time", "val_step"];
/// No number has a longer name.
const LONGEST_TAG: usize = 200;

/// What a JSON object has, if it is a record of such a log; whether it is one of ours is told, too.
pub(super) fn numbers(record: &Map<String, Value>) -> Option<(Vec<Scalar>, bool)> {
    let is_ours = record.contains_key("event");
    if record
        .get("event")
        .is_some_and(|event| event != "step" && event != "epoch")
    {
        return Some((Vec::new(), true));
    }
    let place = STEPS.into_iter().find(|name| record.contains_key(*name))?;
    let step = record[place].as_u64().or_else(|| {
        let step = record[place].as_f64()?;
        (step >= 0.0 && step <= f64::from(u32::MAX)).then_some(step as u64)
    })?;
    let is_curve =
        |name: &str| name != place && !NO_CURVES.contains(&name) && !STEPS.contains(&name);
    let scalars = record.iter().filter_map(|(name, value)| {
        let value = value.as_f64()? as f32;
        is_curve(name).then(|| Scalar {
            tag: printable(name, LONGEST_TAG),
            step,
            value,
        })
    });
    Some((scalars.collect(), is_ours))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::follow::story::parse;

    fn read(line: &str) -> Option<Vec<(String, u64, f32)>> {
        let (_, record) = parse(line.as_bytes())?;
        let (scalars, _) = numbers(&record)?;
        let plain = scalars
            .into_iter()
            .map(|scalar| (scalar.tag, scalar.step, scalar.value));
        Some(plain.collect())
    }

    #[test]
    fn a_log_of_any_program_has_numbers_by_their_names() {
        assert_eq!(
            read(r#"{"event":"epoch","epoch":1,"step":8,"val_loss":0.25,"dead_units":[1]}"#),
            Some(vec![("val_loss".into(), 8, 0.25)])
        );
        assert_eq!(
            read(r#"{"epoch":0.5,"global_step":12,"eval_loss":2,"name":"x"}"#),
            Some(vec![("eval_loss".into(), 12, 2.0)])
        );
        assert_eq!(
            read(r#"{"event":"start","seed":42,"epochs":3}"#),
            Some(vec![])
        );
        // Of what Python writes for no number, the others are told.
        assert_eq!(
            read(r#"{"step":3,"loss":NaN,"rate":0.5,"norm":-Infinity}"#),
            Some(vec![("rate".into(), 3, 0.5)])
        );
        assert_eq!(read(r#"{"loss":1}"#), None);
        assert_eq!(read("Epoch 1/3"), None);
    }
}
