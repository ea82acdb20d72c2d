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
    // The marks that CI services print before a command line.
    for mark in ["##[command]", "[command]"] {
        if let Some(command) = line.strip_prefix(mark) {
            return Some(command);
        }
    }
    match line.as_bytes() {
        [b'$'] => Some(""),
        [b'$', b' ', ..] => line.get(2..),
        [b'P', b'S', b' ', ..] => after_path(line.get(3..)?),
        [b'[', ..] => after_brackets(line),
        [drive, b':', b'\\', ..] if drive.is_ascii_alphabetic() => after_path(line),
        [b'/' | b'~', ..] => after_folder(line),
        _ => line
            .strip_prefix('❯')
            .or_else(|| after_user(line))
            .or_else(|| after_shell_name(line))
            .or_else(|| after_host(line)),
    }
    .map(str::trim_start)
}

/// `C:\>`, `/home/user>`
fn after_path(rest: &str) -> Option<&str> {
    let (path, after) = rest.split_once('>')?;
    let rooted = path.begins("/~") || path.get(1..3) == Some(":\\") || path.ends_with(":\\");
    (rooted && path.len() < 300).then_some(after)
}

/// `/ # `, `~/src $ `
fn after_folder(line: &str) -> Option<&str> {
    let folder = line.before_any(" ");
    let rest = line.get(folder.len()..)?;
    rest.strip_prefix(" # ")
        .or_else(|| rest.strip_prefix(" $ "))
}

/// `host:folder user$ `
fn after_host(line: &str) -> Option<&str> {
    let (prompt, rest) = line.cut("$ ")?;
    let (place, user) = prompt.split_once(' ')?;
    let (host, folder) = place.split_once(':')?;
    let fits = |text: &str| !text.is_empty() && text.len() < 64 && !text.has_any(" :\"{[(,");
    (fits(host) && fits(folder) && fits(user)).then_some(rest)
}

/// `[user@host folder]$`, `[nix-shell:~/x]$`
fn after_brackets(line: &str) -> Option<&str> {
    let (inside, after) = line.get(1..)?.split_once(']')?;
    let user = inside.has_any("@~/") && inside.len() < 200;
    after.after_any("$#%").filter(|_| user)
}

/// `user@host:~$`, `user@host ~ %`
fn after_user(line: &str) -> Option<&str> {
    let name = |text: &str| {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        !text.is_empty() && text.len() < 64 && text.bytes().all(plain)
    };
    let (user, rest) = line.cut("@")?;
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

/// The texts that are a command line if a known command begins there, since what is before them
/// looks like a prompt: a sign, with a time, a name, a folder and a branch before or behind it.
pub(super) fn after_weak_prompts(line: &str) -> impl Iterator<Item = &str> {
    let sign = line.begins(SIGNS);
    let mut rest = line;
    std::iter::from_fn(move || {
        // The text after JSON is examined once the JSON has been read.
        let word = rest.before_any(" \t");
        let near = line.len() - rest.len() < 120 && !word.has_any("{[\"");
        let after = rest
            .get(word.len()..)
            .filter(|after| near && !after.is_empty())?;
        rest = after.trim_start();
        Some((word, rest))
    })
    .take(8)
    .filter(move |(word, _)| sign || word.ends(SIGNS) && word.len() < 80)
    .map(|(_, rest)| rest)
}

/// The signs that prompts end with, or begin with.
const SIGNS: &str = "$#%>❯»➜λ✗→›⟩➤▶+!╰└╭⚡";
