//! Why the default seed is the one it is: ten epochs of `article` from many seeds, measured by what
//! somebody sees who starts the program for the first time.
//!
//! ```text
//! cargo run --release --example seeds -- 1 25 >> docs/seeds.csv
//! cargo run --release --example seeds -- choose docs/seeds.csv
//! ```
//!
//! The first form trains the seeds of a range, one on each thread, and prints a line for each; the
//! second reads all lines, prints how far they spread, and names the seed. The criteria, which
//! were written down before a seed was measured:
//!
//! 1. *Alive.* From one second of film on, to its end, each of the two numbers is other than zero for at
//!    least a tenth of the held-out images. A seed where one is not is out.
//! 2. *Held out.* The loss of the 10,000 test images after ten epochs is no worse than the median of
//!    all seeds. A seed with a worse one is out: a fine beginning is not bought with a worse end.
//! 3. Of those that are left, the one with the least sum of its ranks in five things:
//!    - the mean loss of the tutorial's ten digits, 110 to 119, after ten epochs;
//!    - the loss of 110, the eight that the screen begins with;
//!    - how many of the ten are told by their ten nearest codes, as they should be (more is better);
//!    - letters on the map of a terminal of 120x36 after epochs 1, 2 and 10, added up (more is better);
//!    - shared places after ten epochs: pairs of digits of which one has a fifth of its images where the
//!      other is the majority.
//!
//!    Equals share the mean of their ranks; of equal sums the lower seed is taken.
//!
//! Training is the program's own, and nothing here is seen by it: a seed is chosen, not a network. What
//! other seeds come to is in the same table.

use std::{
    env,
    error::Error,
    fs,
    io::{self, Write},
    num::NonZeroUsize,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use ae_tui::{
    data::{Classes, Dataset, Labels, mnist},
    lens::Lens,
    measure::{Effort, Known, vote},
    pace::Film,
    pool::Pool,
    recipe::{Preset, Recipe},
    train::Trainer,
    ui::{
        theme::{Depth, Glyphs, Theme, Tone},
        widget::map::{Axes, Bare, LatentMap, MapCells, MapStyle},
    },
};
use ndarray::{Array2, s};
use ratatui::{buffer::Buffer, layout::Rect, widgets::Widget};

/// The tutorial's ten test images.
const TEN: std::ops::Range<usize> = 110..120;

/// The share of images for which a number that is alive says something.
const ALIVE: f32 = 0.1;

/// The film's second from which on both numbers must be alive, and the seconds between two looks.
const FIRST_LOOK: f64 = 1.0;
const LOOKS_APART: f64 = 0.25;

/// Cells of the map's plot at 120x36.
const PLOT: (u16, u16) = (54, 19);

/// Cells of the grid on which digits share places, on each side, and the share of one's images that
/// makes it so: as the narrator has it.
const GRID: usize = 24;
const SHARED: f32 = 0.2;

/// One thing of a row, to be spread.
type Column<'a> = &'a dyn Fn(&Row) -> f64;

type Anything<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// What one seed came to: a line of the table.
#[derive(Debug, Clone, Default)]
struct Row {
    seed: u64,
    /// The film's second from which on both numbers are alive; none where one never is.
    alive_from: Option<f64>,
    held_out: f32,
    ten: f32,
    eight: f32,
    told: u32,
    letters: [u32; 3],
    shared: u32,
}

const HEADER: &str =
    "seed,alive_from,held_out,ten,eight,told,letters_1,letters_2,letters_10,shared";

fn main() -> Anything<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["choose", table] => choose(&read(&fs::read_to_string(table)?)?),
        [first, last] => measure(first.parse()?, last.parse()?),
        _ => Err("either FIRST LAST, two seeds, or: choose TABLE".into()),
    }
}

/// Trains and measures the seeds of a range, one a thread; lines come as they are done.
fn measure(first: u64, last: u64) -> Anything<()> {
    let data = Arc::new(mnist::embedded()?);
    let next = AtomicU64::new(first);
    let out = Mutex::new(io::stdout());
    let worker = || -> Anything<()> {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed > last {
                return Ok(());
            }
            let row = run(seed, &data)?;
            let mut out = out.lock().expect("nobody panics while writing");
            writeln!(out, "{}", row.line())?;
        }
    };
    let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        let mut ends = workers
            .into_iter()
            .map(|worker| worker.join().expect("a worker ends"));
        ends.try_for_each(|end| end)
    })
}

/// One run of ten epochs, looked at on the way.
fn run(seed: u64, data: &Arc<Dataset>) -> Anything<Row> {
    let recipe = Recipe {
        seed,
        ..Recipe::preset(Preset::Article)
    };
    let pool = Pool::new(NonZeroUsize::MIN);
    let mut trainer = Trainer::new(recipe.clone(), Arc::clone(data), None, pool.clone());
    let film = Film::new(trainer.steps_per_epoch(), recipe.epochs);
    let mut row = Row {
        seed,
        ..Row::default()
    };
    let mut look_at = FIRST_LOOK;
    let mut epoch = 0;
    while epoch < recipe.epochs {
        trainer.step().map_err(|failure| failure.to_string())?;
        let step = trainer.steps_done();
        let epoch_ends = trainer.at_epoch_start();
        if step < film.step_at(look_at) && !epoch_ends {
            continue;
        }
        let net = trainer.net();
        let lens = Lens::new(&net, &recipe, &pool);
        let codes = lens.codes(&data.test);
        let seconds = film.time_of(step);
        row.alive_from = row.alive_from.or(Some(seconds)).filter(|_| alive(&codes));
        if step >= film.step_at(look_at) {
            // Not each cruising quarter second: dead numbers stay so for longer.
            look_at += if epoch == 0 { LOOKS_APART } else { 1.0 };
        }
        if epoch_ends {
            epoch += 1;
            let kept = [1, 2, recipe.epochs].iter().position(|&kept| kept == epoch);
            if let Some(place) = kept {
                row.letters[place] = letters(&codes, data);
            }
        }
        if epoch == recipe.epochs {
            finish(&mut row, &lens, &codes, data)?;
        }
    }
    Ok(row)
}

/// What the trained network comes to.
fn finish(row: &mut Row, lens: &Lens, codes: &Array2<f32>, data: &Dataset) -> Anything<()> {
    row.held_out = lens.held_out(&data.test).reconstruction;
    let ten = lens.losses_of(&data.test, TEN);
    row.ten = ten.iter().sum::<f32>() / ten.len() as f32;
    row.eight = ten[0];
    let known = Known {
        codes: codes.view(),
        labels: data.test.labels(),
    };
    let pool = Pool::new(NonZeroUsize::MIN);
    let asked = codes.slice(s![TEN, ..]);
    let voted =
        vote(known, asked, Some(TEN.start), Effort::full(&pool)).map_err(|_| "called off")?;
    let right = voted.iter().zip(TEN);
    let right = right.filter(|(voted, image)| **voted == Some(data.test.label(*image)));
    row.told = right.count() as u32;
    row.shared = shared(&points(codes), data.test.labels());
    Ok(())
}

/// Whether each number says something for enough images.
fn alive(codes: &Array2<f32>) -> bool {
    codes.columns().into_iter().all(|number| {
        let says = number.iter().filter(|&&value| value != 0.0).count();
        says as f32 >= ALIVE * number.len() as f32
    })
}

fn points(codes: &Array2<f32>) -> Vec<[f32; 2]> {
    codes
        .rows()
        .into_iter()
        .map(|row| [row[0], row[1]])
        .collect()
}

/// Axes with room for all but one image in two hundred, as the map's have.
fn axes(points: &[[f32; 2]]) -> Axes {
    let reach = |axis: usize| {
        let mut values: Vec<f32> = points.iter().map(|point| point[axis]).collect();
        values.sort_by(f32::total_cmp);
        values[(values.len() - 1) * 199 / 200].max(f32::MIN_POSITIVE)
    };
    Axes::from([[0.0, reach(0)], [0.0, reach(1)]])
}

/// The letters that the map shows, as it is drawn.
fn letters(codes: &Array2<f32>, data: &Dataset) -> u32 {
    let points = points(codes);
    let everything = (Labels::ALL, Classes::Digits.count());
    let cells = MapCells::bin(&points, data.test.labels(), everything, axes(&points), PLOT);
    let plot = Rect::new(0, 0, PLOT.0, PLOT.1);
    let mut drawn = Buffer::empty(plot);
    let map = LatentMap {
        cells: &cells,
        chosen: None,
        prior: None,
        style: MapStyle::Density,
        classes: &Classes::Digits,
        theme: Theme {
            depth: Depth::True,
            tone: Tone::Dark,
            glyphs: Glyphs::Blocks,
        },
    };
    Bare(map).render(plot, &mut drawn);
    let is_letter = |cell: &&ratatui::buffer::Cell| cell.symbol().parse::<u8>().is_ok();
    drawn.content.iter().filter(is_letter).count() as u32
}

/// Pairs of digits of which the first has a fifth of its images where the other is the majority.
fn shared(points: &[[f32; 2]], labels: &[u8]) -> u32 {
    let axes = axes(points);
    let mut cells = vec![[0_u32; 10]; GRID * GRID];
    for (&point, &label) in points.iter().zip(labels) {
        let Some(parts) = axes.parts(point) else {
            continue;
        };
        let [x, y] = parts.map(|part| ((part * GRID as f32) as usize).min(GRID - 1));
        cells[y * GRID + x][usize::from(label)] += 1;
    }
    let mut images = [0_u32; 10];
    let mut among = [[0_u32; 10]; 10];
    for cell in &cells {
        let majority = (0..10).max_by_key(|&digit| cell[digit]).unwrap_or(0);
        for (digit, &count) in cell.iter().enumerate() {
            images[digit] += count;
            among[digit][majority] += count;
        }
    }
    let pairs = (0..10).flat_map(|one| (0..10).map(move |other| (one, other)));
    let shared = pairs.filter(|&(one, other)| {
        one != other && among[one][other] as f32 >= SHARED * images[one] as f32
    });
    shared.count() as u32
}

impl Row {
    fn line(&self) -> String {
        let alive = self
            .alive_from
            .map_or_else(String::new, |at| format!("{at:.1}"));
        let Self {
            seed,
            held_out,
            ten,
            eight,
            told,
            letters: [one, two, end],
            shared,
            ..
        } = self;
        format!(
            "{seed},{alive},{held_out:.4},{ten:.4},{eight:.4},{told},{one},{two},{end},{shared}"
        )
    }

    fn read(line: &str) -> Anything<Self> {
        let fields: Vec<&str> = line.split(',').collect();
        let [
            seed,
            alive,
            held_out,
            ten,
            eight,
            told,
            one,
            two,
            end,
            shared,
        ] = fields[..]
        else {
            return Err(format!("{line}: not ten fields").into());
        };
        Ok(Self {
            seed: seed.parse()?,
            alive_from: (!alive.is_empty()).then(|| alive.parse()).transpose()?,
            held_out: held_out.parse()?,
            ten: ten.parse()?,
            eight: eight.parse()?,
            told: told.parse()?,
            letters: [one.parse()?, two.parse()?, end.parse()?],
            shared: shared.parse()?,
        })
    }

    /// The five things that are ranked, each the less the better.
    fn ranked(&self) -> [f64; 5] {
        let letters: u32 = self.letters.iter().sum();
        [
            self.ten.into(),
            self.eight.into(),
            -f64::from(self.told),
            -f64::from(letters),
            self.shared.into(),
        ]
    }

    fn lives_early(&self) -> bool {
        // Looks come with the first step after their time, printed to a tenth.
        self.alive_from.is_some_and(|at| at <= FIRST_LOOK + 0.1)
    }
}

/// The rows of a table, which may have its header in it.
fn read(table: &str) -> Anything<Vec<Row>> {
    let lines = table.lines().filter(|line| !line.starts_with("seed"));
    lines.map(Row::read).collect()
}

/// Says how the rows spread, who is left, and who is chosen.
fn choose(rows: &[Row]) -> Anything<()> {
    let mut out = io::stdout();
    let spread = |of: Column| {
        let mut values: Vec<f64> = rows.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        let at = |part: f64| values[((values.len() - 1) as f64 * part).round() as usize];
        [0.0, 0.1, 0.5, 0.9, 1.0].map(at)
    };
    writeln!(
        out,
        "{} seeds            least     10 %   median     90 %     most",
        rows.len()
    )?;
    let columns: [(&str, Column); 9] = [
        ("alive from, s", &|row| {
            row.alive_from.unwrap_or(f64::INFINITY)
        }),
        ("held out", &|row| row.held_out.into()),
        ("ten digits", &|row| row.ten.into()),
        ("the eight, 110", &|row| row.eight.into()),
        ("told, of ten", &|row| row.told.into()),
        ("letters, epoch 1", &|row| row.letters[0].into()),
        ("letters, epoch 2", &|row| row.letters[1].into()),
        ("letters, epoch 10", &|row| row.letters[2].into()),
        ("shared places", &|row| row.shared.into()),
    ];
    for (name, of) in columns {
        let [least, low, middle, high, most] = spread(of);
        writeln!(
            out,
            "{name:18} {least:8.3} {low:8.3} {middle:8.3} {high:8.3} {most:8.3}"
        )?;
    }
    let early = rows.iter().filter(|row| row.lives_early()).count();
    let never = rows.iter().filter(|row| row.alive_from.is_none()).count();
    writeln!(
        out,
        "alive from the first second {early}, with a number dead at the end {never}"
    )?;
    let [_, _, median, ..] = spread(&|row| row.held_out.into());
    let left: Vec<&Row> = rows
        .iter()
        .filter(|row| row.lives_early() && f64::from(row.held_out) <= median)
        .collect();
    writeln!(
        out,
        "left {}; the first ten, by the sum of their ranks:\n{HEADER}",
        left.len()
    )?;
    let mut ranked: Vec<(f64, &Row)> = left
        .iter()
        .map(|row| ((0..5).map(|thing| rank(&left, row, thing)).sum(), *row))
        .collect();
    ranked.sort_by(|(a, one), (b, other)| a.total_cmp(b).then(one.seed.cmp(&other.seed)));
    for (sum, row) in ranked.iter().take(10) {
        writeln!(out, "{}  {sum}", row.line())?;
    }
    let (_, chosen) = ranked.first().ok_or("no seed is left")?;
    writeln!(out, "chosen: {}", chosen.seed)?;
    Ok(())
}

/// The rank of a row in one thing among those that are left, from 1; equals share their mean.
fn rank(left: &[&Row], row: &Row, thing: usize) -> f64 {
    let own = row.ranked()[thing];
    let count = |holds: &dyn Fn(f64) -> bool| {
        let others = left.iter().filter(|other| holds(other.ranked()[thing]));
        others.count() as f64
    };
    count(&|other| other < own) + f64::midpoint(count(&|other| other == own), 1.0)
}
