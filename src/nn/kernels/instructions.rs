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
#[cfg(all(target_arch = "x86_64", any(debug_assertions, test)))]
fn is_withheld(set: &str) -> bool {
    use std::{env, sync::LazyLock};
    static WITHHELD: LazyLock<String> =
        LazyLock::new(|| env::var("AE_TUI_WITHOUT").unwrap_or_default());
    #[cfg(test)]
    if forms::is_withheld_here(set) {
        return true;
    }
    !WITHHELD.is_empty() && WITHHELD.split(',').any(|withheld| withheld == set)
}

#[cfg(all(target_arch = "x86_64", not(any(debug_assertions, test))))]
const fn is_withheld(_: &str) -> bool {
    false
}

/// For the tests of kernels: all forms that run on this processor, one after the other.
#[cfg(test)]
pub(super) mod forms {
    use std::cell::Cell;

    thread_local! {
        static WITHHELD: Cell<&'static [&'static str]> = const { Cell::new(&[]) };
    }

    /// What `run` returns in its best form, as with AVX2 at most, and as on any processor.
    pub(in crate::nn::kernels) fn in_each_form<T>(mut run: impl FnMut() -> T) -> [T; 3] {
        [&[][..], &["avx512"], &["avx512", "avx2"]].map(|withheld| {
            WITHHELD.set(withheld);
            let result = run();
            WITHHELD.set(&[]);
            result
        })
    }

    #[cfg(target_arch = "x86_64")]
    pub(super) fn is_withheld_here(set: &str) -> bool {
        WITHHELD.get().contains(&set)
    }

    #[test]
    #[cfg(target_arch = "x86_64")]
    fn each_form_is_another() {
        use super::{has_avx2, has_avx512, instructions};
        let (avx512, avx2) = (has_avx512(), has_avx2());
        let any = std::env::consts::ARCH;
        let at_most_avx2 = if avx2 { "avx2" } else { any };
        let best = if avx512 { "avx512" } else { at_most_avx2 };
        assert_eq!(in_each_form(instructions), [best, at_most_avx2, any]);
        assert_eq!(instructions(), best);
    }
}
