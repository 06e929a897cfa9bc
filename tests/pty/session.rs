//! A program in a terminal of its own, watched by a terminal emulator.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    io::{Read, Write},
    num::NonZero,
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

/// How long anything may take. Only ever reached by a failing test.
const DEADLINE: Duration = Duration::from_secs(60);
const LOOK_AGAIN: Duration = Duration::from_millis(10);

pub(crate) struct Session {
    /// Our end of the terminal, until the window is closed.
    master: Option<Box<dyn MasterPty + Send>>,
    keyboard: Option<Keyboard>,
    child: Box<dyn Child + Send + Sync>,
    seen: Arc<Mutex<Seen>>,
    /// The terminal's modes before the program started.
    modes: String,
}

/// What types, and what answers questions, as terminals do.
type Keyboard = Arc<Mutex<Box<dyn Write + Send>>>;

/// Asks whether the terminal is well, after what came before.
const WELL: &[u8] = b"\x1b[5n";
/// Asks what kind of terminal this is.
const KIND: &[u8] = b"\x1b[c";

/// What a terminal is like.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terminal {
    /// What it is called.
    pub(crate) name: &'static str,
    /// What it answers at once when it is asked of what kind it is; nothing, where the test
    /// does.
    pub(crate) answers: &'static str,
}

impl Terminal {
    /// What most are like.
    pub(crate) const USUAL: Self = Self {
        name: "xterm-256color",
        answers: "\x1b[?62;22c",
    };
    /// One at the other end of a slow line.
    pub(crate) const SLOW: Self = Self {
        answers: "",
        ..Self::USUAL
    };
    /// One with Kitty's pictures, of which a cell is 10 by 20 pixels.
    #[cfg(feature = "graphics")]
    pub(crate) const KITTY: Self = Self {
        answers: "\x1b_Gi=44861;OK\x1b\\\x1b[6;20;10t\x1b[?62;22c",
        ..Self::USUAL
    };
    /// One with Sixel, and such cells.
    #[cfg(feature = "graphics")]
    pub(crate) const SIXEL: Self = Self {
        answers: "\x1b[6;20;10t\x1b[?62;4;22c",
        ..Self::USUAL
    };
}

struct Seen {
    parser: vt100::Parser,
    bytes: Vec<u8>,
    /// Whether what is drawn is left unread for now.
    paused: bool,
    /// Whether the window is to be closed.
    leaving: bool,
    /// Whether nothing is read any more.
    closed: bool,
}

impl Session {
    /// Starts ae-tui on a terminal of `columns` by `rows`.
    pub(crate) fn start(arguments: &[&str], (columns, rows): (u16, u16)) -> Self {
        Self::start_with(arguments, (columns, rows), &[])
    }

    /// The same, with more in its environment.
    pub(crate) fn start_with(
        arguments: &[&str],
        size: (u16, u16),
        environment: &[(&str, &str)],
    ) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_ae-tui"));
        command.args(arguments);
        for (name, value) in environment {
            command.env(name, value);
        }
        Self::run(command, size)
    }

    /// Starts any program there.
    pub(crate) fn run(command: CommandBuilder, size: (u16, u16)) -> Self {
        Self::run_on(Terminal::USUAL, command, size)
    }

    /// Starts any program on a terminal like this.
    pub(crate) fn run_on(
        terminal: Terminal,
        mut command: CommandBuilder,
        (columns, rows): (u16, u16),
    ) -> Self {
        command.env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"));
        command.env("TERM", terminal.name);
        command.env("LC_ALL", "C.UTF-8");
        command.env_remove("NO_COLOR");
        for name in [
            "COLORTERM",
            "TMUX",
            "STY",
            "ZELLIJ",
            "TERM_PROGRAM",
            "LC_TERMINAL",
        ] {
            command.env_remove(name);
        }
        if command.get_cwd().is_none() {
            command.cwd(env!("CARGO_TARGET_TMPDIR"));
        }
        let pair = native_pty_system().openpty(size(columns, rows)).unwrap();
        let modes = modes(pair.master.as_ref());
        let mut reader = pair.master.try_clone_reader().unwrap();
        let keyboard = Arc::new(Mutex::new(pair.master.take_writer().unwrap()));
        let child = pair.slave.spawn_command(command).unwrap();
        let seen = Arc::new(Mutex::new(Seen {
            parser: vt100::Parser::new(cells(rows), cells(columns), 0),
            bytes: Vec::new(),
            paused: false,
            leaving: false,
            closed: false,
        }));
        let shared = Arc::clone(&seen);
        // The window's keyboard is gone when the window is closed.
        let answering = Arc::downgrade(&keyboard);
        // Ends when the last program leaves the terminal.
        thread::spawn(move || {
            let mut buffer = vec![0; 64 * 1024];
            loop {
                while shared.lock().unwrap_or_else(PoisonError::into_inner).paused {
                    thread::sleep(LOOK_AGAIN);
                }
                let read = reader.read(&mut buffer).unwrap_or(0);
                let mut seen = shared.lock().unwrap_or_else(PoisonError::into_inner);
                if read == 0 || seen.leaving {
                    seen.closed = true;
                    return;
                }
                seen.parser.process(&buffer[..read]);
                // The question may have come in two pieces.
                let new = seen
                    .bytes
                    .len()
                    .saturating_sub(WELL.len().max(KIND.len()) - 1);
                seen.bytes.extend_from_slice(&buffer[..read]);
                let asks = |what| count(&seen.bytes[new..], what) > 0;
                let answers = !terminal.answers.is_empty();
                let well = if answers && asks(WELL) { "\x1b[0n" } else { "" };
                let kind = if asks(KIND) { terminal.answers } else { "" };
                drop(seen);
                let answer = [well, kind].concat();
                if !answer.is_empty()
                    && let Some(keyboard) = answering.upgrade()
                {
                    let mut keyboard = keyboard.lock().unwrap_or_else(PoisonError::into_inner);
                    let _ = keyboard.write_all(answer.as_bytes());
                }
            }
        });
        Self {
            master: Some(pair.master),
            keyboard: Some(keyboard),
            child,
            seen,
            modes,
        }
    }

    /// Types.
    pub(crate) fn send(&mut self, keys: &str) {
        let keyboard = self.keyboard.as_ref().expect("the window is open");
        let mut keyboard = keyboard.lock().unwrap_or_else(PoisonError::into_inner);
        keyboard.write_all(keys.as_bytes()).unwrap();
        keyboard.flush().unwrap();
    }

    /// Changes the size of the window. What the program draws upon that is not
    /// read before the emulated screen has the new size too.
    pub(crate) fn resize(&self, columns: u16, rows: u16) {
        let mut seen = self.seen();
        seen.parser
            .screen_mut()
            .set_size(cells(rows), cells(columns));
        self.master().resize(size(columns, rows)).unwrap();
    }

    /// Tells the program of a window of this size, which the emulated screen does not get:
    /// what is drawn there is nobody's to look at.
    pub(crate) fn window_is(&self, (columns, rows): (u16, u16)) {
        self.master().resize(size(columns, rows)).unwrap();
    }

    /// Sends a signal to the program.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    pub(crate) fn pid(&self) -> Pid {
        let number = self.child.process_id().expect("the program was started");
        Pid::from_raw(i32::try_from(number).unwrap()).unwrap()
    }

    /// Whether the program waits for something. Only Linux tells.
    pub(crate) fn sleeps(&self) -> bool {
        let path = format!("/proc/{}/stat", self.pid().as_raw_nonzero());
        let stat = std::fs::read_to_string(path).unwrap();
        stat.rsplit(") ").next().unwrap().starts_with('S')
    }

    /// The one program that the program runs. Only Linux tells.
    pub(crate) fn only_child(&self) -> Pid {
        let path = format!("/proc/{0}/task/{0}/children", self.pid().as_raw_nonzero());
        let children = std::fs::read_to_string(path).unwrap();
        Pid::from_raw(children.trim().parse().unwrap()).unwrap()
    }

    /// What the screen shows, a line a row.
    pub(crate) fn screen(&self) -> String {
        self.seen().parser.screen().contents()
    }

    /// Everything that was ever written to the terminal.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.seen().bytes.clone()
    }

    /// Waits until the screen shows what is wanted, and returns it.
    pub(crate) fn wait_for(&mut self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        let start = Instant::now();
        loop {
            let screen = self.screen();
            if wanted(&screen) {
                return screen;
            }
            if start.elapsed() > DEADLINE {
                let status = self.child.try_wait();
                panic!("never seen: {what} (program: {status:?}); the screen:\n{screen}");
            }
            thread::sleep(LOOK_AGAIN);
        }
    }

    /// Waits until this is true of the session.
    pub(crate) fn wait_until(&self, what: &str, wanted: impl Fn(&Self) -> bool) {
        let start = Instant::now();
        while !wanted(self) {
            assert!(start.elapsed() < DEADLINE, "never: {what}");
            thread::sleep(LOOK_AGAIN);
        }
    }

    /// Waits until the screen shows these words.
    pub(crate) fn wait_for_words(&mut self, words: &str) -> String {
        self.wait_for(words, |screen| screen.contains(words))
    }

    /// Waits until the screen shows these words, or the program has ended.
    pub(crate) fn wait_for_end_or(&mut self, words: &str) {
        let start = Instant::now();
        while !self.screen().contains(words) && self.child.try_wait().unwrap().is_none() {
            assert!(
                start.elapsed() < DEADLINE,
                "never: {words}\n{}",
                self.screen()
            );
            thread::sleep(LOOK_AGAIN);
        }
    }

    /// Whether a program has put the shell's screen aside.
    pub(crate) fn is_on_the_other_screen(&self) -> bool {
        self.seen().parser.screen().alternate_screen()
    }

    /// Whether what the mouse does is heard, where it is drawn along and in any place.
    pub(crate) fn hears_mouse(&self) -> bool {
        let seen = self.seen();
        let screen = seen.parser.screen();
        screen.mouse_protocol_mode() == vt100::MouseProtocolMode::ButtonMotion
            && screen.mouse_protocol_encoding() == vt100::MouseProtocolEncoding::Sgr
    }

    /// Stops or goes on reading what is drawn, as a stalled connection does.
    pub(crate) fn pause_reading(&self, paused: bool) {
        self.seen().paused = paused;
    }

    /// Closes the window.
    pub(crate) fn hang_up(&mut self) {
        // The reader has a copy of our end, and lets go of it after the next bytes. There are
        // some for a window of another size, whatever is shown.
        self.seen().leaving = true;
        self.window_is((90, 30));
        let start = Instant::now();
        while !self.seen().closed {
            assert!(start.elapsed() < DEADLINE, "nothing more is drawn");
            thread::sleep(LOOK_AGAIN);
        }
        self.keyboard = None;
        self.master = None;
    }

    /// Waits for the end of the program and of its words.
    pub(crate) fn wait_exit(&mut self) -> ExitStatus {
        let status = self.wait_status();
        let start = Instant::now();
        while !self.seen().closed {
            assert!(start.elapsed() < DEADLINE, "the terminal is never left");
            thread::sleep(LOOK_AGAIN);
        }
        status
    }

    /// Waits for the end of the program alone.
    pub(crate) fn wait_status(&mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            if start.elapsed() > DEADLINE {
                self.child.kill().unwrap();
                panic!("it never ends; the screen:\n{}", self.screen());
            }
            thread::sleep(LOOK_AGAIN);
        }
    }

    /// Takes the modes that a shell has set as those to be left.
    pub(crate) fn is_clean_now(&mut self) {
        self.modes = modes(self.master());
    }

    /// That the terminal is as it was: modes, screen, cursor, nothing left on.
    pub(crate) fn assert_clean(&self) {
        self.assert_clean_after(0);
    }

    /// The same of a program that was stopped so often without a chance to leave the screen.
    pub(crate) fn assert_clean_after(&self, stops: usize) {
        assert_eq!(modes(self.master()), self.modes, "the modes");
        let seen = self.seen();
        let screen = seen.parser.screen();
        assert!(!screen.alternate_screen(), "still on the alternate screen");
        assert!(!screen.hide_cursor(), "no cursor");
        assert!(!screen.bracketed_paste(), "paste mode");
        assert_eq!(
            screen.mouse_protocol_mode(),
            vt100::MouseProtocolMode::None,
            "mouse mode"
        );
        assert_eq!(
            screen.mouse_protocol_encoding(),
            vt100::MouseProtocolEncoding::Default,
            "mouse encoding"
        );
        // Left once for each time entered, and nothing is drawn after it.
        let entered = count(&seen.bytes, b"\x1b[?1049h");
        let left = count(&seen.bytes, b"\x1b[?1049l");
        assert!(
            left > 0 && entered == left + stops,
            "in {entered}, out {left}"
        );
        let end = find_last(&seen.bytes, b"\x1b[?1049l").unwrap();
        let after = &seen.bytes[end + b"\x1b[?1049l".len()..];
        let after = after
            .strip_prefix(b"\x1b[?25h")
            .expect("the cursor is shown last");
        assert!(!after.contains(&0x1b), "drawn after the end: {after:?}");
    }

    fn master(&self) -> &dyn MasterPty {
        self.master.as_deref().expect("the window is open")
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // A failing test leaves no program behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        pixel_width: 0,
        pixel_height: 0,
    }
}

/// The emulator has at least one cell, whatever the program is told.
fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).unwrap_or(NonZero::<u16>::MIN)
}

fn modes(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().expect("a terminal has modes"))
}

fn count(bytes: &[u8], wanted: &[u8]) -> usize {
    bytes
        .windows(wanted.len())
        .filter(|&part| part == wanted)
        .count()
}

fn find_last(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).rposition(|part| part == wanted)
}
