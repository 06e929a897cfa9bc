use std::fs;

use super::*;
use crate::recipe::{Preset, Recipe};

fn log_of(records: &[Record], every: Option<u64>) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("metrics.jsonl");
    fs::write(&path, "the log of another run, longer than one line\n").unwrap();
    let mut log = MetricsLog::create(Metrics {
        target: MetricsTarget::named(&path),
        older: Older::Replace,
        every: every.and_then(NonZero::new),
    })
    .unwrap();
    for record in records {
        log.write(record).unwrap();
    }
    drop(log);
    fs::read_to_string(&path).unwrap()
}

fn epoch() -> EpochRecord {
    EpochRecord {
        epoch: 1,
        step: 1875,
        train_loss: 0.26,
        val_loss: 0.24,
        val_reconstruction: 0.24,
        seconds: 0.15,
        samples_per_second: 400_000.0,
        dead_units: vec![],
    }
}

fn step(step: u64) -> Record {
    Record::Step {
        step,
        epoch: 1,
        loss: 0.69,
    }
}

#[test]
fn a_run_reads_as_documented() {
    let recipe = Recipe::preset(Preset::Article);
    let records = [
        Record::Start(Box::new(StartRecord::new(&recipe, "mnist", "00ff"))),
        step(1),
        Record::Epoch(epoch()),
        Record::Epoch(EpochRecord {
            epoch: 2,
            step: 3750,
            dead_units: vec![2],
            ..epoch()
        }),
        Record::End {
            status: EndStatus::Finished,
            step: 3750,
            val_loss: Some(0.24),
            val_reconstruction: Some(0.24),
            val_step: Some(3750),
            saved: Some("weights.safetensors".into()),
        },
    ];
    let start = format!(
        concat!(
            r#"{{"event":"start","version":"{}","architecture":"784-32-2-32-784","preset":"article","#,
            r#""image":[28,28],"classes":["0","1","2","3","4","5","6","7","8","9"],"network":"dense","#,
            r#""encoder":[32,2],"latent_activation":"relu","optimiser":"adam","learning_rate":0.001,"#,
            r#""batch_size":32,"shuffle":true,"seed":32,"epochs":10,"data":"mnist","digest":"00ff"}}"#
        ),
        env!("CARGO_PKG_VERSION")
    );
    // The recipe is read back from among the record's other fields.
    assert_eq!(serde_json::from_str::<Recipe>(&start).unwrap(), recipe);
    let rest = r#"
{"event":"step","step":1,"epoch":1,"loss":0.69}
{"event":"epoch","epoch":1,"step":1875,"train_loss":0.26,"val_loss":0.24,"val_reconstruction":0.24,"seconds":0.15,"samples_per_second":400000.0}
{"event":"epoch","epoch":2,"step":3750,"train_loss":0.26,"val_loss":0.24,"val_reconstruction":0.24,"seconds":0.15,"samples_per_second":400000.0,"dead_units":[2]}
{"event":"end","status":"finished","step":3750,"val_loss":0.24,"val_reconstruction":0.24,"val_step":3750,"saved":"weights.safetensors"}
"#;
    let log = log_of(&records, Some(1));
    let (undated, times) = without_times(&log);
    assert_eq!(undated, start + rest);
    // All but the step have one.
    let earliest = humantime::format_rfc3339_seconds(SystemTime::now() - Duration::from_secs(600));
    assert_eq!(times.len(), records.len() - 1);
    for time in times {
        humantime::parse_rfc3339(&time).unwrap();
        assert!(time > earliest.to_string(), "{time}");
    }
}

/// A log without the times of day in it, and those.
fn without_times(log: &str) -> (String, Vec<String>) {
    let mut parts = log.split(r#","time":""#);
    let mut undated = parts.next().unwrap_or_default().to_owned();
    let mut times = Vec::new();
    for part in parts {
        let (time, rest) = part.split_once('"').unwrap();
        times.push(time.to_owned());
        undated += rest;
    }
    (undated, times)
}

#[test]
fn steps_are_logged_as_often_as_asked() {
    let steps: Vec<_> = (1..=10).map(step).collect();
    // The old log has no steps, and stays where nothing takes its place.
    let logged = |every| log_of(&steps, every).matches(r#""event":"step""#).count();
    assert_eq!(logged(None), 0);
    assert_eq!(logged(Some(1)), 10);
    assert_eq!(logged(Some(3)), 3);
    assert_eq!(logged(Some(11)), 0);
}

#[test]
fn a_loss_that_is_no_number_is_still_json() {
    for loss in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let record = Record::Step {
            step: 1,
            epoch: 1,
            loss,
        };
        let line = log_of(&[record], Some(1));
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert!(value["loss"].is_null(), "{line}");
    }
    let failed = EpochRecord {
        val_loss: f32::NAN,
        seconds: f64::NAN,
        ..epoch()
    };
    let line = log_of(&[Record::Epoch(failed)], None);
    let value: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert!(value["val_loss"].is_null() && value["seconds"].is_null());
}

/// Keeps every piece it is handed.
#[derive(Clone, Default)]
struct Pieces(std::sync::Arc<std::sync::Mutex<Vec<Vec<u8>>>>);

impl Write for Pieces {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().push(piece.to_vec());
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn every_step() -> Metrics {
    Metrics {
        target: MetricsTarget::Stdout,
        older: Older::Keep,
        every: NonZero::new(1),
    }
}

#[test]
fn whoever_reads_along_sees_whole_lines_and_every_epoch_at_once() {
    let pieces = Pieces::default();
    let mut log = MetricsLog::over(Box::new(pieces.clone()), every_step());
    for number in 1..=10_000 {
        log.write(&step(number)).unwrap();
    }
    log.write(&Record::Epoch(epoch())).unwrap();
    let pieces = pieces.0.lock().unwrap();
    assert!(pieces.len() < 100, "{} writes", pieces.len());
    assert!(pieces.iter().all(|piece| piece.ends_with(b"\n")));
    let lines: usize = pieces
        .iter()
        .map(|piece| piece.split(|&byte| byte == b'\n').count() - 1)
        .sum();
    assert_eq!(lines, 10_001);
}

#[test]
fn a_step_waits_no_longer_than_a_moment_whatever_follows_it() {
    let pieces = Pieces::default();
    let mut log = MetricsLog::over(Box::new(pieces.clone()), every_step());
    let written = || pieces.0.lock().unwrap().concat().len();
    let start = Instant::now();
    let at = |millis| start + Duration::from_millis(millis);
    log.tick(at(0)).unwrap();
    assert_eq!(log.due(), None);
    log.write(&step(1)).unwrap();
    assert_eq!(written(), 0, "a step alone is not worth a call");
    log.tick(at(1)).unwrap();
    let first = written();
    assert!(first > 0);
    log.write(&step(2)).unwrap();
    log.tick(at(100)).unwrap();
    assert_eq!(written(), first);
    // Nothing more happens, and it goes out all the same.
    let due = log.due().unwrap();
    assert!(due <= at(900));
    log.tick(due).unwrap();
    assert!(written() > first);
    assert_eq!(log.due(), None);
}

#[test]
fn a_reader_that_leaves_ends_the_log_and_nothing_else() {
    let (reader, writer) = io::pipe().unwrap();
    let mut log = MetricsLog::over(Box::new(writer), every_step());
    log.write(&Record::Epoch(epoch())).unwrap();
    drop(reader);
    log.write(&step(1876)).unwrap();
    let gone = log.write(&Record::Epoch(epoch())).unwrap_err();
    assert!(matches!(gone, StoreError::ReaderGone), "{gone}");
}

#[test]
fn a_log_that_cannot_be_written_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let create = |path: &Path| {
        MetricsLog::create(Metrics {
            target: MetricsTarget::named(path),
            older: Older::Keep,
            every: None,
        })
    };
    let refused = create(folder.path()).unwrap_err();
    assert!(matches!(refused, StoreError::IsFolder { .. }), "{refused}");
    let missing = folder.path().join("missing/log");
    let refused = create(&missing).unwrap_err().to_string();
    assert!(refused.contains("missing/log"), "{refused}");
    if Path::new("/dev/full").exists() {
        let mut log = create(Path::new("/dev/full")).unwrap();
        let full = log.write(&Record::Epoch(epoch())).unwrap_err().to_string();
        assert!(full.contains("/dev/full") && full.contains("free some space"));
    }
}

#[test]
fn a_dash_is_standard_output() {
    assert_eq!(MetricsTarget::named(Path::new("-")), MetricsTarget::Stdout);
    let file = MetricsTarget::named(Path::new("./-"));
    assert_eq!(file, MetricsTarget::File("./-".into()));
}
