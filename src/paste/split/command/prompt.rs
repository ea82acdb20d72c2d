//! The prompts that shells print before a command line.

use crate::text::Parts;

/// Prompts that nothing else looks like.
pub(super) fn after_certain_prompt(line: &str) -> Option<&str> {
    let line = match line.strip_prefix('(') {
        // The environment that is active: `(venv) user@host:~$`.
        Some(rest) => match rest.cut(") ") {
            Some((name, after)) if name.len() < 40 && !name.has(" ") => after,
            _ => line,
        },
        None => line,
    };
    match line.as_bytes() {
        [b'$'] => Some(""),
        [b'$', b' ', ..] => line.get(2..),
        [b'P', b'S', b' ', ..] => after_path(line.get(3..)?),
        [b'[', ..] => after_brackets(line),
        [drive, b':', b'\\', ..] if drive.is_ascii_alphabetic() => after_path(line),
        _ => line
            .strip_prefix('❯')
            .or_else(|| after_user(line))
            .or_else(|| after_shell_name(line)),
    }
    .map(str::trim_start)
}

/// `C:\>`, `/home/user>`
fn after_path(rest: &str) -> Option<&str> {
    let (path, after) = rest.split_once('>')?;
    let rooted = path.begins("/~") || path.get(1..3) == Some(":\\") || path.ends_with(":\\");
    (rooted && path.len() < 300).then_some(after)
}

/// `[user@host folder]$`
fn after_brackets(line: &str) -> Option<&str> {
    let (inside, after) = line.get(1..)?.split_once(']')?;
    let user = inside.has("@") && inside.len() < 200;
    after.after_any("$#%").filter(|_| user)
}

/// `user@host:~$`, `user@host ~ %`
fn after_user(line: &str) -> Option<&str> {
    let name = |text: &str| {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        !text.is_empty() && text.len() < 64 && text.bytes().all(plain)
    };
    let (user, rest) = line.split_once('@')?;
    if !name(user) {
        return None;
    }
    let host = rest.before_any(": $#%>");
    // `name@sha256:…` is a reference.
    if !name(host)
        || rest.get(host.len()..)?.starts_with(':') && matches!(host, "sha256" | "sha512")
    {
        return None;
    }
    let after = rest.get(host.len()..)?;
    let end = after
        .bytes()
        .take(200)
        .position(|b| matches!(b, b'$' | b'#' | b'%' | b'>'))?;
    let (folder, after) = after.split_at_checked(end)?;
    let rest = after.get(1..)?;
    let ends = rest.is_empty() || rest.starts_with(' ');
    (ends && folder.trim().bytes().filter(|b| *b == b' ').count() < 2).then_some(rest)
}

/// `bash-5.2$`, `sh-5.1#`
fn after_shell_name(line: &str) -> Option<&str> {
    let rest = line
        .strip_prefix("bash-")
        .or_else(|| line.strip_prefix("sh-"))?;
    let version = rest
        .bytes()
        .take_while(|b| b.is_ascii_digit() || *b == b'.')
        .count();
    rest.get(version..)?.after_any("$#").filter(|_| version > 0)
}

/// What follows a sign that is a prompt only if a known command follows.
pub(super) fn after_weak_prompt(line: &str) -> &str {
    for sign in ["# ", "% ", "> ", "» ", "λ ", "➜ "] {
        if let Some(rest) = line.strip_prefix(sign) {
            return rest.trim_start();
        }
    }
    for sign in ["$ ", "# ", "❯ ", "✗ ", "% "] {
        let near = line.char_indices().nth(80).map_or(line.len(), |(at, _)| at);
        let Some(at) = line.get(..near).and_then(|near| near.place_of(sign)) else {
            continue;
        };
        let (before, after) = line.split_at_checked(at + sign.len()).unwrap_or(("", line));
        // The text after JSON is examined once the JSON has been read.
        if before.split_whitespace().count() <= 4 && !before.has_any("{[\"") {
            return after.trim_start();
        }
    }
    line
}
