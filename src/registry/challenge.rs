//! `WWW-Authenticate`: what a registry wants to see before it answers (RFC 9110, §11.6.1).

/// The kind of login that a server wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Challenge {
    /// A user name and a password.
    Basic,
    /// A token from a token server (distribution's "Token Authentication Specification").
    Bearer(Bearer),
}

/// A token, and the server that gives it. Its scope is not taken from the challenge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bearer {
    pub(super) realm: String,
    pub(super) service: Option<String>,
}

/// The first challenge that can be met; a token before a password.
pub(super) fn read(header: &str) -> Option<Challenge> {
    let mut basic = None;
    for (scheme, parameters) in challenges(header) {
        if scheme.eq_ignore_ascii_case("basic") {
            basic = Some(Challenge::Basic);
        }
        if !scheme.eq_ignore_ascii_case("bearer") {
            continue;
        }
        let find = |name: &str| {
            let mut all = parameters.iter();
            let found = all.find(|(key, _)| key.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.clone())
        };
        if let Some(realm) = find("realm") {
            let service = find("service");
            return Some(Challenge::Bearer(Bearer { realm, service }));
        }
    }
    basic
}

type Parameters = Vec<(String, String)>;

/// The challenges of a header, which has several separated by the comma that also separates
/// parameters: what has no `=` after its first word begins another.
fn challenges(header: &str) -> Vec<(String, Parameters)> {
    let mut found: Vec<(String, Parameters)> = Vec::new();
    let mut rest = header.trim_start_matches([' ', '\t', ',']);
    while !rest.is_empty() {
        let (word, after) = token(rest);
        if word.is_empty() {
            // Nothing that the grammar has: what follows cannot be told apart.
            break;
        }
        let spaced = after.trim_start_matches([' ', '\t']);
        rest = match (spaced.strip_prefix('='), found.last_mut()) {
            (Some(value), Some((_, parameters))) => {
                let (value, after) = value_of(value.trim_start_matches([' ', '\t']));
                parameters.push((word.to_owned(), value));
                after
            }
            (Some(_), None) => break,
            (None, _) => {
                found.push((word.to_owned(), Vec::new()));
                after
            }
        };
        rest = rest.trim_start_matches([' ', '\t', ',']);
    }
    found
}

fn token(text: &str) -> (&str, &str) {
    let inside = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, '!' | '#'..='\'' | '*' | '+' | '-' | '.' | '^'..='`' | '|' | '~')
    };
    let end = text.find(|c| !inside(c)).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

fn value_of(text: &str) -> (String, &str) {
    let Some(inside) = text.strip_prefix('"') else {
        let (value, rest) = token(text);
        return (value.to_owned(), rest);
    };
    let mut value = String::new();
    let mut chars = inside.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => break,
            '\\' => value.extend(chars.next()),
            c => value.push(c),
        }
    }
    (value, chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bearer(realm: &str, service: Option<&str>) -> Challenge {
        Challenge::Bearer(Bearer {
            realm: realm.to_owned(),
            service: service.map(str::to_owned),
        })
    }

    #[test]
    fn reads_challenges_as_registries_write_them() {
        let hub = "Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\",\
                   scope=\"repository:library/alpine:pull\"";
        let of_hub = bearer("https://auth.docker.io/token", Some("registry.docker.io"));
        let only = |realm| Some(bearer(realm, None));
        let cases = [
            (hub, Some(of_hub)),
            (r#"Basic realm="Registry""#, Some(Challenge::Basic)),
            (r#"BEARER realm="https://a/""#, only("https://a/")),
            (
                r#"Basic realm="x", Bearer realm="https://a/t""#,
                only("https://a/t"),
            ),
            ("Bearer realm=https", only("https")),
            (
                r#"Bearer realm="a\"b" , service = s"#,
                Some(bearer("a\"b", Some("s"))),
            ),
            (r#"Negotiate, Basic realm="x""#, Some(Challenge::Basic)),
            ("Bearer", None),
            ("", None),
            ("=x", None),
            ("Digest realm=\"x\"", None),
            ("Bearer realm=\"open", only("open")),
        ];
        for (header, wanted) in cases {
            assert_eq!(read(header), wanted, "{header}");
        }
    }
}
