//! The colours of classes, as many as there may be.
//!
//! The first ten are Petroff's (arXiv 2107.02270), moved until they read on the
//! tone and given to the digits so that neighbours in the codes are far apart. Each that follows
//! was the farthest from all before it (by CIEDE2000) among those that read on the tone and are no
//! green, which is the network's: any two of the first 26 are 15 apart, of 47 more than 11, and of
//! all 64 ten. The 256 of a terminal's table were chosen in the same way, and lie closer: 14 apart
//! among 26, nine among 47, and among all 64 nine on dark ground and seven on paper. Two that are
//! three apart can be told beside each other; whatever stands alone has its mark, too.

#![expect(
    clippy::unreadable_literal,
    reason = "colours are written as the web writes them"
)]

use crate::data::MOST_CLASSES;

use super::palette::{Rgb, hex};

pub(super) const DARK: [Rgb; MOST_CLASSES] = all([
    0xbbada9, 0x997564, 0x71affb, 0xffcf35, 0x876ad4, 0x74f2fc, 0xeae9be, 0x698e95, 0xee2e19,
    0xf29167, 0xff3c96, 0x878700, 0xffb4ff, 0xc3871e, 0xf000ff, 0xb487a5, 0x00b4a5, 0xf0ff3c,
    0xb4b4e1, 0xff96a5, 0xa5b4a5, 0x0078ff, 0x878796, 0xffd2b4, 0xb4d2e1, 0xb4b469, 0xffd2e1,
    0x00c3f0, 0xd26969, 0x878778, 0xc3692d, 0xc387ff, 0xffb45a, 0xe1fff0, 0x0087b4, 0xf078d2,
    0xb45ab4, 0xc3a578, 0xc3a500, 0x87c3c3, 0xff8700, 0x00a5b4, 0xd2d2e1, 0x96783c, 0x8778a5,
    0xc39687, 0xff005a, 0xffb4a5, 0x96a5b4, 0x8796e1, 0xff5a00, 0xb4c300, 0x00e1d2, 0xc36987,
    0x969669, 0xf0d296, 0xe1a5c3, 0xb4d2ff, 0xff7869, 0x69a5c3, 0x6987a5, 0xfff087, 0xa5f0e1,
    0xb496d2,
]);

pub(super) const DARK_256: [u8; MOST_CLASSES] = [
    145, 137, 75, 221, 98, 123, 187, 66, 196, 209, 198, 219, 95, 100, 201, 94, 139, 189, 26, 217,
    215, 242, 81, 37, 167, 96, 31, 226, 143, 166, 138, 141, 101, 68, 163, 223, 211, 152, 172, 103,
    153, 245, 229, 129, 147, 136, 224, 225, 38, 179, 169, 185, 109, 44, 161, 176, 216, 61, 132,
    182, 210, 214, 130, 30,
];

pub(super) const LIGHT: [Rgb; MOST_CLASSES] = all([
    0x583b42, 0xad827a, 0x34578b, 0xdb7410, 0xb23def, 0x559aa4, 0x7e6c4c, 0x6c7077, 0x8a051b,
    0xc72f02, 0x1e005a, 0xf00078, 0x004b4b, 0x6987ff, 0x4b2d00, 0x960078, 0x2d00f0, 0x9678a5,
    0x878700, 0x2d001e, 0xff4b4b, 0x3c3c2d, 0x965a69, 0x5a3c87, 0x5a5a00, 0x2d0f00, 0x788778,
    0x0087c3, 0x1e2d4b, 0xff2dd2, 0x0f7878, 0x874b1e, 0xa5780f, 0x5a5af0, 0xd20f3c, 0x695a78,
    0x780f3c, 0x006987, 0x001e1e, 0xb44b96, 0xc37896, 0x6978a5, 0xa55a4b, 0xff4b00, 0x002d96,
    0xa578e1, 0x0f001e, 0x968778, 0x1e9687, 0xb41e5a, 0x5a695a, 0x5a005a, 0x8700b4, 0xb4875a,
    0x2d4b5a, 0x695a5a, 0x5a2d1e, 0x694b00, 0x87875a, 0x875aa5, 0xd25a69, 0x3c2d4b, 0x4b4b5a,
    0x4b000f,
]);

pub(super) const LIGHT_256: [u8; MOST_CLASSES] = [
    95, 138, 25, 166, 129, 73, 94, 242, 88, 160, 17, 89, 198, 104, 23, 100, 203, 31, 21, 137, 170,
    247, 60, 237, 175, 33, 63, 58, 30, 172, 54, 132, 101, 97, 163, 136, 135, 173, 161, 19, 131, 96,
    204, 140, 130, 125, 66, 205, 174, 197, 139, 92, 126, 133, 196, 61, 52, 103, 90, 124, 244, 201,
    53, 67,
];

const fn all(written: [u32; MOST_CLASSES]) -> [Rgb; MOST_CLASSES] {
    let mut colors = [[0; 3]; MOST_CLASSES];
    let mut class = 0;
    while class < MOST_CLASSES {
        colors[class] = hex(written[class]);
        class += 1;
    }
    colors
}
