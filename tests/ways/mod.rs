//! The ways on which a text loses its form before somebody pastes it. Each says what becomes of a
//! document that a tool printed.

#![allow(
    clippy::format_collect,
    clippy::format_push_string,
    clippy::indexing_slicing,
    clippy::unnecessary_wraps,
    clippy::unwrap_used,
    reason = "a test may panic and take its time"
)]

pub(crate) mod found;

/// A text after its way; nothing where it cannot go that way.
pub(crate) type Way = fn(&str) -> Option<String>;

/// All of them, by name.
pub(crate) const WAYS: [(&str, Way); 60] = [
    ("github-actions", |text| {
        prefixed(text, |n| {
            format!(
                "2024-05-01T12:00:{:02}.{:07}Z ",
                n / 7 % 60,
                n * 7919 % 10_000_000
            )
        })
    }),
    ("gitlab-ci", |text| {
        prefixed(text, |n| {
            format!("2024-05-01T12:00:00.{:06}Z 0{}O ", n * 613, n % 3)
        })
    }),
    ("azure-pipelines", |text| {
        Some(format!(
            "##[group]Run crane\n{}##[endgroup]\n",
            prefixed(text, |n| format!(
                "2024-05-01T12:{:02}:00.{:07}Z ",
                n % 60,
                n * 31
            ))?
        ))
    }),
    ("jenkins", |text| {
        prefixed(text, |n| {
            format!("[2024-05-01T12:00:{:02}.{:03}Z] ", n % 60, n % 1000)
        })
    }),
    ("docker-compose", |text| {
        prefixed(text, |_| "registry-1  | ".to_owned())
    }),
    ("docker-compose-mixed", compose_mixed),
    ("kubectl-timestamps", |text| {
        prefixed(text, |n| format!("2024-05-01T12:00:00{} ", fraction(n)))
    }),
    ("journald", |text| {
        prefixed(text, |n| {
            format!("May {:2} 12:00:00 node-1 crane[{}]: ", 9 + n % 3, 990 + n)
        })
    }),
    ("syslog", |text| {
        prefixed(text, |n| {
            format!(
                "<30>1 2024-05-01T12:00:00.{:03}Z node-1 crane {} ID{} - ",
                n % 1000,
                990 + n,
                n
            )
        })
    }),
    ("moreutils-ts", |text| {
        prefixed(text, |n| format!("May 01 12:{:02}:00 ", n % 60))
    }),
    ("buildkit-plain", |text| {
        prefixed(text, |n| format!("#12 {}.{:03} ", n / 9, n % 1000))
    }),
    ("log4j", |text| {
        prefixed(text, |n| {
            format!(
                "2024-05-01 12:00:00,{:03} [main] INFO  a.b.Pull - ",
                n % 1000
            )
        })
    }),
    ("tekton", |text| {
        prefixed(text, |_| "[step-inspect] ".to_owned())
    }),
    ("cat-n", |text| prefixed(text, |n| format!("{:6}\t", n + 1))),
    ("less-n", |text| prefixed(text, |n| format!("{:7} ", n + 1))),
    ("grep-n", |text| prefixed(text, |n| format!("{}:", n + 1))),
    ("bat", |text| {
        prefixed(text, |n| format!("{:4}   │ ", n + 1))
    }),
    ("diff-new-file", |text| prefixed(text, |_| "+".to_owned())),
    ("diff-removed-file", |text| {
        prefixed(text, |_| "-".to_owned())
    }),
    ("diff-changed", diff_changed),
    ("quoted-1", |text| prefixed(text, |_| "> ".to_owned())),
    ("quoted-3", |text| prefixed(text, |_| ">>> ".to_owned())),
    ("quoted-spaced-2", |text| {
        prefixed(text, |_| "> > ".to_owned())
    }),
    ("wrapped-72", |text| Some(wrapped(text, 72))),
    ("wrapped-80", |text| Some(wrapped(text, 80))),
    ("wrapped-100-indented", |text| {
        prefixed(&wrapped(text, 100), |_| "    ".to_owned())
    }),
    ("wrapped-words-72", |text| Some(wrapped_words(text, 72))),
    ("wrapped-flowed", |text| Some(flowed(text, 72, ""))),
    ("quoted-then-wrapped", |text| {
        Some(wrapped(&prefixed(text, |_| "> ".to_owned())?, 76))
    }),
    ("wrapped-then-quoted", |text| {
        prefixed(&wrapped(text, 72), |_| "> ".to_owned())
    }),
    ("wrapped-then-quoted-twice", |text| {
        prefixed(&wrapped(text, 66), |_| "> > ".to_owned())
    }),
    ("flowed-quoted", |text| Some(flowed(text, 72, "> "))),
    ("wrapped-then-logged", |text| {
        prefixed(&wrapped(text, 120), |n| {
            format!("2024-05-01T12:00:{:02}Z ", n % 60)
        })
    }),
    ("wrapped-then-numbered", |text| {
        prefixed(&wrapped(text, 80), |n| format!("{:5}  ", n + 1))
    }),
    ("crlf-quoted", |text| {
        Some(prefixed(text, |_| "> ".to_owned())?.replace('\n', "\r\n"))
    }),
    ("quoted-printable", |text| Some(quoted_printable(text))),
    ("box", boxed),
    ("html", |text| Some(html(text))),
    ("html-twice", |text| Some(html(&html(text)))),
    ("html-numbers", |text| {
        Some(
            html(text)
                .replace("&quot;", "&#34;")
                .replace("&amp;", "&#38;"),
        )
    }),
    ("html-spaces", |text| {
        Some(html(text).replace("  ", "&nbsp; "))
    }),
    ("html-page", |text| {
        Some(format!(
            "<pre><code class=\"json\">{}</code></pre>\n",
            html(text)
        ))
    }),
    ("html-wrapped", |text| Some(wrapped(&html(text), 90))),
    ("no-break-spaces", |text| {
        Some(text.replace("  ", "\u{a0} "))
    }),
    ("smart-quotes", |text| smart_quotes(text, ['“', '”'])),
    ("smart-quotes-german", |text| smart_quotes(text, ['„', '“'])),
    ("smart-quotes-spaces", |text| {
        Some(smart_quotes(text, ['”', '”'])?.replace("  ", "\u{a0} "))
    }),
    ("tabs-expanded", |text| Some(text.replace('\t', "        "))),
    ("trailing-spaces", |text| {
        Some(text.replace('\n', "   \n") + "  ")
    }),
    ("trailing-tabs", |text| {
        Some(text.replace('\n', "\t\n") + "\t\n")
    }),
    ("padded-to-80", |text| {
        Some(text.lines().map(|line| format!("{line:80}\n")).collect())
    }),
    ("returns-within", |text| {
        Some(wrapped(text, 80).replace('\n', "\r"))
    }),
    ("json-string", |text| Some(escaped(text, false))),
    ("ecr", |text| Some(ecr(text))),
    ("ecr-line", |text| {
        Some(format!(
            "    \"imageManifest\": {},\n",
            escaped(text, false)
        ))
    }),
    ("string-in-string", |text| {
        Some(format!("[{{\"log\":{}}}]\n", escaped(&ecr(text), true)))
    }),
    ("string-three-levels", |text| {
        Some(format!(
            "{{\"a\":{}}}\n",
            escaped(
                &format!(
                    "{{\"b\":{}}}",
                    escaped(&format!("{{\"c\":{}}}", escaped(text, false)), true)
                ),
                false
            )
        ))
    }),
    ("ecr-wrapped", |text| Some(wrapped(&ecr(text), 80))),
    ("python-repr", |text| {
        Some(format!(
            "'{}'\n",
            text.replace('\\', "\\\\")
                .replace('\'', "\\'")
                .replace('\n', "\\n")
                .replace('\t', "\\t")
        ))
    }),
    ("shell-quoted", |text| {
        Some(format!("echo '{}'\n", text.replace('\'', "'\\''")))
    }),
];

fn prefixed(text: &str, prefix: impl Fn(usize) -> String) -> Option<String> {
    let line = |(n, line): (usize, &str)| format!("{}{line}\n", prefix(n));
    Some(text.lines().enumerate().map(line).collect())
}

/// Nanoseconds without the zeros at their end, as Go writes them; none at all on a whole second.
fn fraction(n: usize) -> String {
    let digits = format!(".{:09}", n * 70_000_000 % 1_000_000_000);
    format!("{}Z", digits.trim_end_matches('0').trim_end_matches('.'))
}

fn compose_mixed(text: &str) -> Option<String> {
    let line = |(n, line): (usize, &str)| {
        let other = if n % 4 == 2 {
            "proxy-1     | GET /v2/ \"200\"\n"
        } else {
            ""
        };
        format!("registry-1  | {line}\n{other}")
    };
    Some(text.lines().enumerate().map(line).collect())
}

/// The new side of a diff in which a line was changed.
fn diff_changed(text: &str) -> Option<String> {
    let line = |(n, line): (usize, &str)| match n {
        3 => format!("-{}\n+{line}\n", line.replace(['0', '1', '2'], "9")),
        _ => format!(" {line}\n"),
    };
    let lines: String = text.lines().enumerate().map(line).collect();
    let several = text.lines().count() > 4;
    several.then(|| format!("--- a/m.json\n+++ b/m.json\n@@ -1,9 +1,9 @@\n{lines}"))
}

fn wrapped(text: &str, width: usize) -> String {
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        for (at, c) in line.chars().enumerate() {
            if at > 0 && at % width == 0 && c != '\n' {
                out.push('\n');
            }
            out.push(c);
        }
    }
    out
}

/// Broken at the last space before the edge, which is left out; without such a space, at the edge.
fn wrapped_words(text: &str, width: usize) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let mut rest: Vec<char> = line.chars().collect();
        while rest.len() > width {
            let indent = rest.iter().take_while(|c| **c == ' ').count();
            let space = (indent + 1..=width)
                .rev()
                .find(|at| rest[*at] == ' ' && rest[at - 1] != ' ' && rest[at + 1] != ' ');
            let at = space.unwrap_or(width);
            out.extend(&rest[..at]);
            out.push('\n');
            rest.drain(..at + usize::from(space.is_some()));
        }
        out.extend(&rest);
        out.push('\n');
    }
    out
}

/// RFC 3676: a space at the end of a line says that it goes on.
fn flowed(text: &str, width: usize, quote: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let mut rest = line;
        loop {
            let edge = rest.char_indices().nth(width).map(|(at, _)| at);
            let space = edge
                .and_then(|edge| rest[..edge].rfind(' '))
                .filter(|at| !rest[..*at].trim().is_empty());
            let Some(space) = space else { break };
            out += &format!("{quote}{}\n", &rest[..=space]);
            rest = &rest[space + 1..];
        }
        out += &format!("{quote}{rest}\n");
    }
    out
}

fn quoted_printable(text: &str) -> String {
    let mut out = String::from("Content-Transfer-Encoding: quoted-printable\n\n");
    let mut column = 0;
    for byte in text.bytes() {
        let written = match byte {
            b'\n' => "\n".to_owned(),
            b'=' | 0x80.. => format!("={byte:02X}"),
            byte => char::from(byte).to_string(),
        };
        if byte != b'\n' && column + written.len() > 75 {
            out += "=\n";
            column = 0;
        }
        column = if byte == b'\n' {
            0
        } else {
            column + written.len()
        };
        out += &written;
    }
    out
}

fn boxed(text: &str) -> Option<String> {
    let width = text.lines().map(|line| line.chars().count()).max()?;
    let edge = format!("+{}+\n", "-".repeat(width + 2));
    let line = |line: &str| format!("| {line:width$} |\n");
    let lines: String = text.lines().map(line).collect();
    Some(format!("{edge}{lines}{edge}"))
}

fn html(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}

fn smart_quotes(text: &str, [open, close]: [char; 2]) -> Option<String> {
    let mut out = String::new();
    let mut within = false;
    for c in text.chars() {
        out.push(match (c, within) {
            ('"', false) => open,
            ('"', true) => close,
            (c, _) => c,
        });
        // An escaped quote is within.
        within ^= c == '"' && !out.trim_end_matches([open, close]).ends_with('\\');
    }
    Some(out)
}

/// As a string of JSON; Go escapes `<`, `>` and `&`, PHP slashes.
fn escaped(text: &str, slashes: bool) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    let text = text
        .replace('\n', "\\n")
        .replace('\r', "\\r")
        .replace('\t', "\\t");
    let text = text
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026");
    format!(
        "\"{}\"",
        if slashes {
            text.replace('/', "\\/")
        } else {
            text
        }
    )
}

/// The output of `aws ecr batch-get-image`.
fn ecr(text: &str) -> String {
    format!(
        "{{\n    \"images\": [\n        {{\n            \"registryId\": \"000000000000\",\n            \"imageId\": {{\n                \"imageTag\": \"1\"\n            }},\n            \"imageManifest\": {}\n        }},\n        {{\n            \"imageManifest\": \"{{\\\"schemaVersion\\\":2}}\"\n        }}\n    ],\n    \"failures\": []\n}}\n",
        escaped(text, false)
    )
}
