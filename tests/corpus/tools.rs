//! The real jq and python3, run on documents.

use std::io::Write;
use std::process::{Command, Stdio};

/// What a program prints when it is given this text.
fn run(program: &str, arguments: &[&str], input: &[u8]) -> Option<Vec<u8>> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{program} is needed for this test: {error}"));
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // In a thread of its own, so that neither side waits for the other.
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    let _ = writer.join();
    output.status.success().then_some(output.stdout)
}

/// The output of jq for many texts, in one process: `--seq` sets a record separator before each
/// text and changes nothing else.
pub(crate) fn jq(arguments: &[&str], inputs: &[&[u8]]) -> Vec<Vec<u8>> {
    const SEPARATOR: &[u8] = b"\x1e";
    let framed: Vec<u8> = inputs
        .iter()
        .flat_map(|text| [SEPARATOR, text, b"\n"].concat())
        .collect();
    let output = run("jq", &[&["--seq"], arguments].concat(), &framed).expect("jq failed");
    let texts = output.split(|byte| [*byte] == SEPARATOR).skip(1);
    let texts: Vec<Vec<u8>> = texts.map(<[u8]>::to_vec).collect();
    assert_eq!(texts.len(), inputs.len());
    texts
}

/// `python3 -m json.tool` on many texts. Its `main` is called once a text in one process, as
/// starting Python takes longer than all else.
pub(crate) fn json_tool(arguments: &[&str], inputs: &[&[u8]]) -> Vec<Option<Vec<u8>>> {
    const SCRIPT: &str = r"
import io, sys, json.tool
class Kept(io.BytesIO):
    def close(self):
        pass
arguments, data = sys.argv[1:], sys.stdin.buffer.read()
while data:
    head, data = data.split(b'\n', 1)
    text, data = data[:int(head)], data[int(head):]
    sys.argv = ['json.tool'] + arguments
    sys.stdin = io.TextIOWrapper(io.BytesIO(text), encoding='utf-8')
    printed, kept = Kept(), sys.stdout
    sys.stdout = io.TextIOWrapper(printed, encoding='utf-8', newline='')
    try:
        json.tool.main()
        if not sys.stdout.closed:
            sys.stdout.flush()
        out = printed.getvalue()
        head = b'%d\n' % len(out)
    except SystemExit:
        out, head = b'', b'-1\n'
    sys.stdout = kept
    kept.buffer.write(head + out)
";
    let framed: Vec<u8> = inputs
        .iter()
        .flat_map(|text| [format!("{}\n", text.len()).as_bytes(), text].concat())
        .collect();
    let all = [&["-c", SCRIPT], arguments].concat();
    let output = run("python3", &all, &framed).expect("python3 failed");
    let mut rest = output.as_slice();
    let mut texts = Vec::new();
    while let Some(end) = rest.iter().position(|b| *b == b'\n') {
        let length: isize = std::str::from_utf8(&rest[..end]).unwrap().parse().unwrap();
        rest = &rest[end + 1..];
        let Ok(length) = usize::try_from(length) else {
            texts.push(None);
            continue;
        };
        texts.push(Some(rest[..length].to_vec()));
        rest = &rest[length..];
    }
    assert_eq!(texts.len(), inputs.len());
    texts
}
