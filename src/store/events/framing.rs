//! Records in a file, with their checksums.
//!
//! ```text
//! u64   length, little-endian
//! u32   masked checksum of the length
//! bytes
//! u32   masked checksum of the bytes
//! ```

use crc32c::crc32c;

/// A record's bytes before its own.
const HEAD: usize = 12;
/// And after them.
const FOOT: usize = 4;
/// A longer record has a graph or pictures in it, and is passed over unread.
const LONGEST: u64 = 16 << 20;

/// The checksum as it stands in a file: of what may hold checksums itself.
fn masked(bytes: &[u8]) -> u32 {
    crc32c(bytes).rotate_right(15).wrapping_add(0xa282_ead8)
}

/// A record around these bytes.
pub(super) fn framed(bytes: &[u8]) -> Vec<u8> {
    let length = (bytes.len() as u64).to_le_bytes();
    let sums = [masked(&length), masked(bytes)].map(u32::to_le_bytes);
    [&length[..], &sums[0], bytes, &sums[1]].concat()
}

/// Whether a file that begins with these bytes is one of records.
pub(super) fn is_record(head: &[u8]) -> bool {
    length_in(head).is_some_and(|length| length.is_ok())
}

/// The length that a record begins with: none yet, where too little is there.
fn length_in(bytes: &[u8]) -> Option<Result<u64, Damage>> {
    let (length, rest) = bytes.split_first_chunk::<8>()?;
    let sum = rest.first_chunk::<4>()?;
    let is_whole = masked(length) == u32::from_le_bytes(*sum);
    Some(is_whole.then(|| u64::from_le_bytes(*length)).ok_or(Damage))
}

/// A checksum is not that of its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Damage;

/// Whole records from pieces of a file that is being written.
#[derive(Debug, Default)]
pub(super) struct Frames {
    begun: Vec<u8>,
    /// Bytes that are still to come of a record that is passed over.
    passing: u64,
    /// Bytes before what has begun.
    read: u64,
    /// Records whose bytes are damaged.
    damaged: u64,
    /// The place of a length that is damaged: nothing behind it can be read.
    broken: Option<u64>,
}

impl Frames {
    /// Hands out each record that these bytes end. One that is cut is waited for.
    pub(super) fn feed(&mut self, bytes: &[u8], mut each: impl FnMut(&[u8])) {
        if self.broken.is_some() {
            return;
        }
        self.begun.extend_from_slice(bytes);
        let mut used = 0;
        loop {
            let rest = &self.begun[used..];
            let passed = self.passing.min(rest.len() as u64);
            if passed > 0 {
                self.passing -= passed;
                used += passed as usize;
                continue;
            }
            let Some(length) = length_in(rest) else { break };
            let Ok(length) = length else {
                self.broken = Some(self.read + used as u64);
                break;
            };
            if length > LONGEST {
                self.passing = length.saturating_add((HEAD + FOOT) as u64);
                continue;
            }
            let end = HEAD + length as usize;
            let Some(foot) = rest.get(end..end + FOOT) else {
                break;
            };
            let record = &rest[HEAD..end];
            if masked(record).to_le_bytes() == foot {
                each(record);
            } else {
                self.damaged += 1;
            }
            used += end + FOOT;
        }
        self.begun.drain(..used);
        self.read += used as u64;
        if self.broken.is_some() {
            self.begun = Vec::new();
        }
    }

    /// What is wrong with the file, if anything is.
    pub(super) fn amiss(&self) -> Option<String> {
        match (self.broken, self.damaged) {
            (Some(place), _) => Some(format!(
                "damaged at byte {place}; what is behind that cannot be read"
            )),
            (None, 1) => Some("one record is damaged; it was passed over".into()),
            (None, 2..) => Some(format!(
                "{} records are damaged; they were passed over",
                self.damaged
            )),
            (None, 0) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fed(frames: &mut Frames, bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut seen = Vec::new();
        frames.feed(bytes, |record| seen.push(record.to_vec()));
        seen
    }

    #[test]
    fn the_checksum_is_the_formats() {
        // The first twelve bytes of any file of TensorBoard whose first event has 24 bytes.
        assert_eq!(
            masked(&24_u64.to_le_bytes()).to_le_bytes(),
            [0xa3, 0x7f, 0x4b, 0x22]
        );
        // RFC 3720's checksum of 32 zeros, before it is masked.
        assert_eq!(crc32c(&[0; 32]), 0x8a91_36aa);
    }

    #[test]
    fn records_come_whole_however_the_file_is_cut() {
        let file = [framed(b"one"), framed(b""), framed(&[7; 300])].concat();
        for cut in 0..=file.len() {
            let frames = &mut Frames::default();
            let mut records = fed(frames, &file[..cut]);
            records.extend(fed(frames, &file[cut..]));
            assert_eq!(records, [b"one".to_vec(), vec![], vec![7; 300]], "{cut}");
            assert_eq!(frames.amiss(), None);
        }
    }

    #[test]
    fn a_damaged_record_is_passed_over_and_a_damaged_length_ends_the_file() {
        let (one, two) = (framed(b"one"), framed(b"two"));
        let mut file = [&one[..], &two, &one].concat();
        file[one.len() + HEAD] ^= 1;
        let frames = &mut Frames::default();
        assert_eq!(fed(frames, &file), [b"one", b"one"]);
        assert!(frames.amiss().unwrap().starts_with("one record"));
        file[one.len()] ^= 1;
        let frames = &mut Frames::default();
        assert_eq!(fed(frames, &file), [b"one"]);
        let words = frames.amiss().unwrap();
        assert!(words.contains(&format!("byte {}", one.len())), "{words}");
    }

    #[test]
    fn a_record_that_claims_to_be_huge_takes_no_memory() {
        let length = (LONGEST + 1).to_le_bytes();
        let mut file = [&length[..], &masked(&length).to_le_bytes()].concat();
        let frames = &mut Frames::default();
        assert!(fed(frames, &file).is_empty());
        file = vec![0; 1 << 20];
        for _ in 0..17 {
            fed(frames, &file);
            assert!(frames.begun.len() <= HEAD);
        }
    }
}
