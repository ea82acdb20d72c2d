//! Writes the JavaScript glue for a compiled wasm: `wasm-bindgen-driver INPUT.wasm FOLDER NAME`.

use std::env::args;
use wasm_bindgen_cli_support::Bindgen;

fn main() {
    let (Some(input), Some(folder), Some(name)) = (args().nth(1), args().nth(2), args().nth(3))
    else {
        panic!("expected the wasm file, the folder to write to, and the name of what is written");
    };
    let written = Bindgen::new()
        .input_path(input)
        .out_name(&name)
        .web(true)
        .and_then(|bindgen| bindgen.typescript(false).generate(folder));
    if let Err(error) = written {
        panic!("{error:?}");
    }
}
