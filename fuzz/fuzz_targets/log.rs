#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ae_tui_fuzz::log(bytes));
