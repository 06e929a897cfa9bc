//! Which of its forms a kernel runs in on this processor.

/// The instruction set that kernels are compiled for on this processor: the last bits of
/// their sums depend on it.
pub fn instructions() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    {
        if has_avx512() {
            return "avx512";
        }
        if has_avx2() {
            return "avx2";
        }
    }
    std::env::consts::ARCH
}

/// Whether functions for AVX-512F may be called.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub(super) fn has_avx512() -> bool {
    is_x86_feature_detected!("avx512f") && !is_withheld("avx512")
}

/// Whether functions for AVX2 and FMA may be called.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub(super) fn has_avx2() -> bool {
    is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") && !is_withheld("avx2")
}

/// `AE_TUI_WITHOUT=avx512` lets tests run the form of an older processor, and `avx512,avx2` that
/// of any. Not in release builds.
#[cfg(all(target_arch = "x86_64", debug_assertions))]
fn is_withheld(set: &str) -> bool {
    use std::{env, sync::LazyLock};
    static WITHHELD: LazyLock<String> =
        LazyLock::new(|| env::var("AE_TUI_WITHOUT").unwrap_or_default());
    WITHHELD.split(',').any(|withheld| withheld == set)
}

#[cfg(all(target_arch = "x86_64", not(debug_assertions)))]
const fn is_withheld(_: &str) -> bool {
    false
}
