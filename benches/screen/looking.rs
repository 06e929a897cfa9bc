//! What looking costs while training at full speed: frames, the observer's work for them, and
//! how soon the picture under the cursor follows it.

use std::{
    thread,
    time::{Duration, Instant},
};

use ae_tui::{
    message::{Here, Observation},
    recipe::Preset,
};

use super::{
    FRAME, Result,
    live::{Live, thread_time},
};

const FRAMES: usize = 300;
/// Steps of the cursor that are timed.
const MOVES: usize = 100;

/// Frames of a view, drawn as the dashboard draws them.
pub(crate) fn frames((view, keys): (&str, &str), (columns, rows): (u16, u16)) -> Result<()> {
    let mut live = Live::start(Preset::Article, (columns, rows))?;
    // Before the first observation there is nothing to draw, nor to look for.
    while live.app.seen.is_none() {
        live.hear()?;
        thread::sleep(FRAME);
    }
    keys.chars().try_for_each(|key| live.press(key))?;
    let mut times = Vec::with_capacity(FRAMES);
    let (observed, sent) = (thread_time("observer")?, live.sent());
    while times.len() < FRAMES {
        let next = Instant::now() + FRAME;
        live.hear()?;
        let start = Instant::now();
        live.draw()?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
        thread::sleep(next.saturating_duration_since(Instant::now()));
    }
    let observer = (thread_time("observer")? - observed) / FRAMES as f64;
    let bytes = (live.sent() - sent) / FRAMES;
    live.stop();
    times.sort_by(f64::total_cmp);
    println!(
        "{view}, a frame at {columns}x{rows} while training at full speed: median {:.2} ms, \
         99 of 100 within {:.2} ms, {bytes} bytes, and {observer:.2} ms of the observer",
        at(&times, 0.5),
        at(&times, 0.99),
    );
    Ok(())
}

/// From a step of Latent's cursor until its decoded picture could be drawn.
pub(crate) fn cursor(preset: Preset) -> Result<()> {
    let mut live = Live::start(preset, (120, 36))?;
    "gl".chars().try_for_each(|key| live.press(key))?;
    let mut place = wait(&mut live, |_| true)?;
    let mut times = Vec::with_capacity(MOVES);
    for step in 0..MOVES {
        // There and back, with time for what else the observer has to do.
        thread::sleep(Duration::from_millis(step as u64 * 37 % 100));
        live.hear()?;
        let asked = Instant::now();
        live.press(if step % 2 == 0 { 'l' } else { 'h' })?;
        place = wait(&mut live, |here| here.at != place)?;
        times.push(asked.elapsed().as_secs_f64() * 1e3);
    }
    live.stop();
    times.sort_by(f64::total_cmp);
    println!(
        "{}: the cursor's picture is there after {:.1} ms, 99 of 100 times within {:.1} ms",
        preset.name(),
        at(&times, 0.5),
        at(&times, 0.99),
    );
    Ok(())
}

/// Waits until what the cursor has under it is as wanted; where that is.
fn wait(live: &mut Live, wanted: impl Fn(&Here) -> bool) -> Result<[f32; 2]> {
    let under = |seen: &Observation| seen.answers.latent.as_ref().map(|says| says.cursor.clone());
    loop {
        live.hear()?;
        let here = live.app.seen.as_deref().and_then(under);
        if let Some(here) = here.filter(&wanted) {
            return Ok(here.at);
        }
        thread::sleep(Duration::from_micros(200));
    }
}

fn at(sorted: &[f64], share: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * share) as usize]
}
