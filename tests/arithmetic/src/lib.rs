//! `src/nn`, `src/pool` and `src/image.rs` as they stand (by links), and nothing else: what the
//! arithmetic's own tests need, built in a minute for a processor that is not here, and run under
//! an emulator of it, or by Miri.
//!
//!     rustup target add aarch64-unknown-linux-musl
//!     cargo test --manifest-path tests/arithmetic/Cargo.toml --target aarch64-unknown-linux-musl
//!     cargo +nightly miri test --manifest-path tests/arithmetic/Cargo.toml -- --skip nn::

pub mod image;
pub mod nn;
pub mod pool;
