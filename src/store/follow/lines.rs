//! Whole lines from pieces of a text that is being written.

/// A line that is longer is none of anybody's records, and is passed over.
const LONGEST: usize = 1 << 20;

/// The beginning of a line that has not ended yet.
#[derive(Debug, Default)]
pub(super) struct Lines {
    begun: Vec<u8>,
    /// Whether what comes up to the next end is passed over.
    too_long: bool,
    /// Whether the line was handed out before its end.
    handed: bool,
}

impl Lines {
    /// Hands out each line that these bytes end, without its end. What follows the last one
    /// waits, but for a whole JSON object, to which nothing can be added.
    pub(super) fn feed(&mut self, bytes: &[u8], mut each: impl FnMut(&[u8])) {
        for piece in bytes.split_inclusive(|&byte| byte == b'\n') {
            let (line, ends) = match piece.strip_suffix(b"\n") {
                Some(line) => (line, true),
                None => (piece, false),
            };
            if !self.too_long {
                self.begun.extend_from_slice(line);
            }
            if self.begun.len() > LONGEST {
                self.begun = Vec::new();
                self.too_long = true;
            }
            let is_known = ends && std::mem::take(&mut self.handed);
            if is_known && !self.too_long && self.begun.trim_ascii().is_empty() {
                self.begun.clear();
            } else if ends {
                let line = std::mem::take(&mut self.begun);
                // One that was too long is told as what it is: nothing of ours.
                each(if self.too_long { b"?" } else { &line });
                self.too_long = false;
            }
        }
        if self.begun.ends_with(b"}")
            && serde_json::from_slice::<serde::de::IgnoredAny>(&self.begun).is_ok()
        {
            each(&std::mem::take(&mut self.begun));
            self.handed = true;
        }
    }

    /// Whether no line has begun and not ended.
    pub(super) fn are_whole(&self) -> bool {
        self.begun.is_empty() && !self.too_long
    }

    /// Forgets the line that has begun.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_handed_out_when_it_is_whole() {
        let mut lines = Lines::default();
        let mut fed = |bytes: &[u8]| {
            let mut seen = Vec::new();
            lines.feed(bytes, |line| {
                seen.push(String::from_utf8(line.to_vec()).unwrap());
            });
            seen
        };
        assert_eq!(fed(b"a\nb"), ["a"]);
        assert_eq!(fed(b"c\n\n{\"x\":"), ["bc", ""]);
        // Nothing can follow it but its end.
        assert_eq!(fed(b"{\"y\":1}}"), ["{\"x\":{\"y\":1}}"]);
        assert_eq!(fed(b"\nd\n"), ["d"]);
        assert_eq!(fed(b"\n"), [""]);
        let long = vec![b'x'; LONGEST + 1];
        assert!(fed(&long).is_empty());
        assert_eq!(fed(b"more\nshort\n"), ["?", "short"]);
    }
}
