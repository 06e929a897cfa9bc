//! Going back: nothing shifts, what is said is of the moment that is seen, and what is
//! green is of now.

use std::sync::Arc;

use ae_tui::{
    message::{Command, Gaze, Look, News, Observation, Phase, Seen, When},
    recipe::{Change, Edit},
    ui::{
        app::App,
        keymap::BINDINGS,
        theme::{Depth, Glyphs, Theme, Tone},
        update::{Message, Request, update},
    },
};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::{buffer::Buffer, style::Style};

use crate::{
    PLAIN, SIZES, drawn,
    fixture::{diverged, hear, kept, observation, past},
    rows,
    states::{STATES, gone_back, looking, standing},
    theme,
};

const LIVE: u64 = 10_400;

/// Moments of the past that differ in all that could move anything.
fn moments() -> Vec<Seen> {
    let plays = true;
    let being_made = Seen {
        past: Some(4312),
        ..standing(4287)
    };
    let mut moments: Vec<Seen> = [0, 7, 412, 1874, 1875, 4312, 10_399].map(standing).into();
    moments.extend([
        being_made,
        Seen {
            plays,
            ..standing(4312)
        },
    ]);
    moments
}

fn text(app: &App, size: (u16, u16)) -> Vec<String> {
    rows(&drawn(app, PLAIN, size))
}

/// Where words stand on some of the rows.
fn places(screen: &[String], words: &str) -> Vec<(usize, usize)> {
    let in_row = |(row, line): (usize, &String)| {
        let found = line.match_indices(words);
        found
            .map(|(byte, _)| (row, line[..byte].chars().count()))
            .collect::<Vec<_>>()
    };
    screen.iter().enumerate().flat_map(in_row).collect()
}

#[test]
fn going_back_moves_nothing() {
    let lasting = [
        "ae-tui",
        "original",
        "reconstruction",
        "difference",
        "latent space",
        "10,000",
        "loss ─",
        "steps ",
        "• held-out",
        "now │",
        "-lost",
        "+added",
        "▸110",
        "◆",
        "←→ sample",
    ];
    for size in SIZES {
        for phase in [Phase::Training, Phase::Paused] {
            // The narrator's sign is no milestone of the tape.
            let tape_and_titles = |app: &App| {
                let mut screen = text(app, size);
                let narrator = screen.iter().position(|row| row.starts_with(" ◆ "));
                if let Some(row) = narrator {
                    screen[row] = screen[row].replace('◆', " ");
                }
                screen
            };
            let now = tape_and_titles(&looking(kept(observation(LIVE, phase))));
            let tape = usize::from(size.1) - 2;
            for seen in moments() {
                let then = tape_and_titles(&gone_back(phase, seen));
                for words in lasting {
                    let [now, then] = [&now, &then].map(|screen| {
                        let mut found = places(screen, words);
                        // What points at the moment may stand on a milestone.
                        found.retain(|(row, _)| words != "◆" || *row != tape);
                        found
                    });
                    assert_eq!(now, then, "{words} at {size:?}, {seen:?}");
                }
                let end = |screen: &[String]| places(&screen[tape..=tape], "10 ").pop();
                assert_eq!(end(&now), end(&then), "the tape at {size:?}, {seen:?}");
                assert!(end(&now).is_some(), "{}", now[tape]);
            }
        }
    }
}

#[test]
fn the_header_tells_what_is_seen_and_what_goes_on() {
    let header = |seen, size| text(&gone_back(Phase::Training, seen), size)[0].clone();
    let being_made = Seen {
        past: Some(4312),
        ..standing(4287)
    };
    let plays = Seen {
        plays: true,
        ..standing(4312)
    };
    for (seen, size, words) in [
        (
            standing(4312),
            (120, 36),
            "step  4,312  training goes on:  6/10   ◂ epoch 2.3  ",
        ),
        (
            being_made,
            (120, 36),
            "step  4,287, soon 4,312  training goes on:  6/10   ◂ epoch 2.3  ",
        ),
        (
            plays,
            (120, 36),
            "step  4,312  training goes on:  6/10   ▸ epoch 2.3  ",
        ),
        (
            standing(412),
            (120, 36),
            "step    412  training goes on:  6/10    ◂ step 412  ",
        ),
        (standing(4312), (80, 24), "now  6/10  ◂ epoch 2.3  "),
        (being_made, (80, 24), "now  6/10  ◂ epoch 2.3  "),
        (standing(1874), (80, 24), "now  6/10 ◂ step 1,874  "),
        (standing(4312), (60, 20), "  ◂ epoch 2.3  "),
        (plays, (60, 20), "  ▸ epoch 2.3  "),
    ] {
        let header = header(seen, size);
        assert!(header.ends_with(words), "{size:?}:\n{header}\n{words}");
        assert!(header.starts_with(" ae-tui [Train] "), "{header}");
        let small = size.0 == 60;
        assert!(!small || !header.contains("6/10"), "{header}");
        assert!(
            !header.contains("left"),
            "no countdown to another moment: {header}"
        );
    }
    for (phase, words) in [
        (Phase::Paused, "step  4,312  paused at  6 "),
        (Phase::Finished, "step  4,312  finished "),
    ] {
        let header = text(&gone_back(phase, standing(4312)), (120, 36))[0].clone();
        assert!(header.contains(words), "{header}");
    }
    let mut failed = gone_back(Phase::Paused, standing(4312));
    hear(&mut failed, News::Failed(diverged()));
    let header = text(&failed, (120, 36))[0].clone();
    assert!(header.contains("failed at  6"), "{header}");
}

#[test]
fn at_any_width_the_header_ends_in_the_whole_chip() {
    for width in (60..130).step_by(3).chain([150, 200]) {
        for seen in moments() {
            let app = gone_back(Phase::Training, seen);
            let header = text(&app, (width, 36))[0].clone();
            let chip = match seen.step {
                ..1875 => format!("step {}", ae_tui::words::grouped(seen.step)),
                step => format!("epoch {:.1}", step as f64 / 1875.0),
            };
            assert!(header.trim_end().ends_with(&chip), "{width}: {header}");
        }
    }
}

#[test]
fn the_tape_says_how_far_behind_and_the_loss_what_goes_on() {
    let at = |size| text(&gone_back(Phase::Training, standing(4312)), size).join("\n");
    // As the film has it: an epoch takes 1.5 seconds.
    let seconds = 1.5 * (LIVE - 4312) as f64 / 1875.0;
    let wide = at((120, 36));
    assert!(wide.contains(&format!("{seconds:.1} s behind")), "{wide}");
    assert!(
        wide.contains("The past: } goes to now, B branches here."),
        "{wide}"
    );
    for size in [(120, 37), (80, 24)] {
        let text = at(size);
        // The fifth epoch was the last that ended.
        let live = text.lines().find(|row| row.contains("now │")).unwrap();
        assert!(
            live.contains("live held-out 0.") && live.contains("at epoch 5"),
            "{live}"
        );
        assert!(
            text.contains("then last steps 0.") || text.contains("then steps 0."),
            "{text}"
        );
    }
    for size in [(80, 24), (60, 20)] {
        let text = at(size);
        assert!(text.contains(&format!("-{seconds:.1} s ")), "{text}");
    }
}

#[test]
fn the_narrator_tells_what_happened_there_and_elsewhere_the_way_back() {
    let narrator = |seen: Observation| text(&looking(seen), (120, 36)).join("\n");
    let with_note = |note: u64, seen: Seen| {
        let mut seen = past(LIVE, Phase::Training, seen);
        let curve = Arc::make_mut(&mut seen.curve);
        curve.note.as_mut().unwrap().step = note;
        narrator(seen)
    };
    let [sentence, way] = [
        "4 and 9 share a place",
        "The past: } goes to now, B branches here.",
    ];
    assert!(with_note(4200, standing(4312)).contains(sentence));
    assert!(with_note(1200, standing(4312)).contains(way));
    let plays = true;
    let playing = with_note(
        1200,
        Seen {
            plays,
            ..standing(4312)
        },
    );
    assert!(playing.contains(sentence), "a film has its words");
}

/// Every key that the line of hints names has something to do there, and none that
/// means now commands the trainer from the past.
#[test]
fn the_hints_of_the_past_are_true() {
    let mut tried = 0;
    let films = STATES.iter().filter(|(name, _)| name.starts_with("past"));
    for (name, state) in films {
        for size in SIZES {
            let keys = text(&state(), size).pop().unwrap();
            for (hint, key, stands) in [
                (", . step", ',', Some(true)),
                (", . step", '.', None),
                ("[ ] epoch", '[', Some(true)),
                ("[ ] epoch", ']', None),
                ("} now", '}', None),
                ("space play", ' ', None),
                ("space stop", ' ', Some(true)),
                ("{ start", '{', Some(true)),
            ] {
                let mut app = state();
                if !keys.contains(hint) || app.overlay != ae_tui::ui::app::Overlay::None {
                    continue;
                }
                app.look();
                let key = KeyEvent::from(KeyCode::Char(key));
                let requests = update(&mut app, Message::Key(key));
                let at_start = *name == "past-start" && requests.is_empty();
                let gazes = matches!(&requests[..], [Request::Look(Look::Gaze(_))]);
                assert!(gazes || at_start, "{hint} in {name}: {requests:?}");
                if let (Some(true), [Request::Look(Look::Gaze(Gaze { when, .. }))]) =
                    (stands, &requests[..])
                {
                    assert!(matches!(when, When::At(_)), "{hint} in {name}: {when:?}");
                }
                tried += 1;
            }
            assert!(
                name.ends_with("measures") || keys.contains("} now"),
                "{name} at {size:?} hides the way back: {keys}"
            );
        }
    }
    assert!(tried > 100, "{tried} tries are too few to mean anything");
    // At now, the same keys go back or command, and the way to now is not shown.
    let mut live = looking(kept(observation(LIVE, Phase::Training)));
    let keys = text(&live, (120, 36)).pop().unwrap();
    assert!(
        keys.contains(", . step") && !keys.contains("} now"),
        "{keys}"
    );
    let step = update(&mut live, Message::Key(KeyCode::Char('.').into()));
    assert_eq!(step, [Request::Command(Command::Steps(1))]);
    assert!(BINDINGS.iter().any(|binding| binding.keys == "}"));
}

const COLOURS: Theme = theme(Depth::True, Glyphs::Blocks);

/// The style of the cell of this row and column.
fn style(buf: &Buffer, x: u16, y: u16) -> Style {
    let cell = &buf[(x, y)];
    Style::new().fg(cell.fg).bg(cell.bg)
}

/// Columns of the row of the tape where this is drawn in this colour.
fn columns(buf: &Buffer, row: u16, symbol: &str, wanted: Style) -> Vec<u16> {
    (0..buf.area.width)
        .filter(|&x| buf[(x, row)].symbol() == symbol && Some(buf[(x, row)].fg) == wanted.fg)
        .collect()
}

#[test]
fn green_is_now_and_grey_is_then() {
    for tone in [Tone::Dark, Tone::Light] {
        let theme = Theme { tone, ..COLOURS };
        for (width, height) in SIZES {
            let tape = height - 2;
            let live = drawn(
                &looking(kept(observation(LIVE, Phase::Training))),
                theme,
                (width, height),
            );
            let then = drawn(
                &gone_back(Phase::Training, standing(4312)),
                theme,
                (width, height),
            );
            let find = |buf: &Buffer, symbol, style| columns(buf, tape, symbol, style);
            let line = find(&live, "━", theme.accent());
            let now = find(&live, "●", theme.text());
            assert!(line.len() > 5 && now.len() == 1, "{width}x{height}");

            let seen = find(&then, "▼", theme.text());
            let (seen, now) = (seen[0], now[0]);
            assert_eq!(find(&then, "●", theme.accent()), [now]);
            assert!(find(&then, "━", theme.accent()).is_empty(), "green is now");
            let solid = find(&then, "━", theme.text());
            let dashed = find(&then, "╌", theme.dim());
            let faint = find(&then, "─", theme.faint());
            assert!(solid.iter().all(|x| *x < seen) && solid.len() > 5);
            assert!(dashed.iter().all(|x| (seen..now).contains(x)) && !dashed.is_empty());
            assert!(faint.iter().all(|x| *x > now) && !faint.is_empty());

            // The chip is the last of the header, dark on the colour of text.
            let chip = style(&then, width - 2, 0);
            assert_eq!(chip.bg, theme.text().fg, "{width}x{height}");
            assert_ne!(chip.bg, style(&live, width - 2, 0).bg);
        }
    }
}

#[test]
fn the_curve_steps_back_after_the_moment() {
    let app = gone_back(Phase::Training, standing(4312));
    for (width, height) in SIZES {
        let screen = drawn(&app, COLOURS, (width, height));
        let tape = height - 2;
        let pointers: Vec<(u16, u16)> = (0..tape)
            .flat_map(|y| (0..width).map(move |x| (x, y)))
            .filter(|&(x, y)| screen[(x, y)].symbol() == "▼" && screen[(x, y + 1)].symbol() == "│")
            .collect();
        let [(column, top)] = pointers[..] else {
            panic!("{pointers:?} at {width}x{height}")
        };
        // The stem goes down to the chart's lowest row, which is full up to where the run is.
        let bottom = (top + 1..tape)
            .take_while(|&y| screen[(column, y)].symbol() == "│")
            .last()
            .unwrap();
        let area = |x: u16| screen[(x, bottom)].fg == COLOURS.area().fg.unwrap();
        let later = |x: u16| screen[(x, bottom)].fg == COLOURS.dim().fg.unwrap();
        assert!(area(column - 1) || area(column - 2), "{width}x{height}");
        assert!(later(column + 1), "{width}x{height}");
        // Further on stand other panes.
        assert!(!(column + 1..column + 9).any(area), "{width}x{height}");
    }
}

#[test]
fn the_end_of_a_finished_run_is_its_last_number_in_green() {
    let app = looking(past(18_750, Phase::Finished, standing(4312)));
    for size in SIZES {
        let screen = drawn(&app, COLOURS, size);
        let tape = size.1 - 2;
        assert!(columns(&screen, tape, "●", COLOURS.accent()).is_empty());
        assert_eq!(columns(&screen, tape, "0", COLOURS.accent()).len(), 1);
    }
}

#[test]
fn a_question_in_the_past_says_that_what_is_seen_is_saved() {
    let mut app = gone_back(Phase::Paused, standing(4312));
    update(&mut app, Message::Key(KeyCode::Char('q').into()));
    for size in SIZES {
        let screen = text(&app, size).join("\n");
        assert!(screen.contains("s save this   q quit without"), "{screen}");
    }
}

#[test]
fn a_change_of_the_run_is_marked_on_tape_and_curve() {
    for name in ["changed-on-the-way", "past-changed-on-the-way"] {
        let (_, state) = STATES.iter().find(|(known, _)| *known == name).unwrap();
        for (width, height) in SIZES {
            let screen = drawn(&state(), COLOURS, (width, height));
            let orange = COLOURS.changed();
            let marks = columns(&screen, height - 2, "┃", orange);
            assert_eq!(marks.len(), 2, "{name} at {width}x{height}");
            let on_curve = (0..height - 2)
                .map(|y| columns(&screen, y, "┊", orange).len())
                .max();
            assert_eq!(on_curve, Some(2), "{name} at {width}x{height}");
        }
    }
}

#[test]
fn marks_of_moments_and_changes_leave_the_names_of_lines_whole() {
    const NAMES: [&str; 4] = ["one grey .391", "average .263", "PCA-2 .230", "steps "];
    // Early, where all is empty, and late, where names stand over the curve.
    for now in [40, 600, LIVE] {
        let without =
            |size| text(&looking(kept(observation(now, Phase::Training))), size).join("\n");
        for size in SIZES {
            let bare = without(size);
            let there: Vec<&str> = NAMES
                .into_iter()
                .filter(|name| bare.contains(name))
                .collect();
            assert!(there.len() > 1, "{bare}");
            for step in (0..now).step_by(now as usize / 40) {
                let mut seen = past(now, Phase::Training, standing(step));
                let recipe = Arc::make_mut(&mut seen.recipe);
                recipe.edits = [step / 2, step, now]
                    .map(|step| Edit {
                        step,
                        change: Change::LearningRate(0.004),
                    })
                    .into();
                let screen = text(&looking(seen), size).join("\n");
                for name in &there {
                    assert!(screen.contains(name), "{name} at {step} of {now}\n{screen}");
                }
            }
        }
    }
    // A branch's parent goes on behind them, and marks stand in every column.
    let of_far = |edits: bool| {
        let mut seen = observation(40, Phase::Training);
        let recipe = Arc::make_mut(&mut seen.recipe);
        let change = Change::LearningRate(0.004);
        let steps = (0..18_750).step_by(60).filter(|_| edits);
        recipe.edits = steps.map(|step| Edit { step, change }).collect();
        looking(seen)
    };
    for size in SIZES {
        let [bare, marked] = [false, true].map(|edits| text(&of_far(edits), size).join("\n"));
        assert!(marked.contains('┊'), "{marked}");
        for name in NAMES.into_iter().filter(|name| bare.contains(name)) {
            assert!(marked.contains(name), "{name}\n{marked}");
        }
    }
}

#[test]
fn a_tape_that_keeps_less_than_its_columns_is_thin_where_nothing_is_kept() {
    let mut seen = kept(observation(LIVE, Phase::Training));
    let tape = |seen: &Observation| {
        let screen = text(&looking(seen.clone()), (120, 36));
        screen[34].clone()
    };
    let whole = tape(&seen);
    let last = whole.find('●').unwrap();
    assert!(!whole[..last].contains('─'), "{whole}");
    let kept = Arc::make_mut(&mut seen.tape);
    kept.steps.retain(|step| step % 1875 < 100);
    let thin = tape(&seen);
    assert!(
        thin[..last].contains('─') && thin[..last].contains('━'),
        "{thin}"
    );
}
