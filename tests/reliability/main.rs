//! What `docs/RELIABILITY.md` promises of the whole: that each of its tests exists, that what a
//! fuzzer once made up is taken or refused in words, that nothing in the program opens a
//! connection, and that whatever it is built of may be.

mod corpus;
mod network;
mod packages;
mod promises;
