//! Writes the JavaScript glue for a compiled wasm: `wasm-bindgen-driver INPUT.wasm FOLDER`.

use std::env::args;
use wasm_bindgen_cli_support::Bindgen;

fn main() {
    let (Some(input), Some(folder)) = (args().nth(1), args().nth(2)) else {
        panic!("expected the wasm file and the folder to write to");
    };
    let written = Bindgen::new()
        .input_path(input)
        .out_name("pullproof")
        .web(true)
        .and_then(|bindgen| bindgen.typescript(false).generate(folder));
    if let Err(error) = written {
        panic!("{error:?}");
    }
}
