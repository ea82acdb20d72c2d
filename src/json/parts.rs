//! Looking for one text in another.

/// What `str` can do too; but its search is for long texts, and
/// with what it says when it fails it would be a twentieth of the module.
pub(crate) trait Parts {
    /// Where the part stands first.
    fn place_of(&self, part: &str) -> Option<usize>;
    /// Whether the part stands in it.
    fn has(&self, part: &str) -> bool;
    /// What stands before and after the part.
    fn cut(&self, part: &str) -> Option<(&str, &str)>;
    /// What follows this beginning, however often it stands there.
    fn after_all(&self, beginning: &str) -> &str;
    /// With another text in place of every such part.
    fn put(&self, part: &str, other: &str) -> String;
}

impl Parts for str {
    fn place_of(&self, part: &str) -> Option<usize> {
        let first = *part.as_bytes().first()?;
        let bytes = self.as_bytes();
        let mut from = 0;
        loop {
            let rest = bytes.get(from..)?;
            let at = from + rest.iter().position(|byte| *byte == first)?;
            if bytes.get(at..)?.starts_with(part.as_bytes()) {
                return Some(at);
            }
            from = at + 1;
        }
    }

    fn has(&self, part: &str) -> bool {
        self.place_of(part).is_some()
    }

    fn cut(&self, part: &str) -> Option<(&str, &str)> {
        let at = self.place_of(part)?;
        Some((self.get(..at)?, self.get(at + part.len()..)?))
    }

    fn after_all(&self, beginning: &str) -> &str {
        let mut rest = self;
        while let Some(after) = rest.strip_prefix(beginning) {
            rest = after;
        }
        rest
    }

    fn put(&self, part: &str, other: &str) -> String {
        let mut put = String::new();
        let mut rest = self;
        while let Some((before, after)) = rest.cut(part) {
            put.push_str(before);
            put.push_str(other);
            rest = after;
        }
        put + rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_str_finds() {
        for (text, part) in [
            ("", "a"),
            ("aab", "ab"),
            ("ababac", "abac"),
            ("aaaa", "aa"),
            ("é: è: x", ": "),
            ("ends with", "with"),
            ("no", "none"),
        ] {
            assert_eq!(text.place_of(part), text.find(part));
            assert_eq!(text.has(part), text.contains(part));
            assert_eq!(text.cut(part), text.split_once(part));
            assert_eq!(text.after_all(part), text.trim_start_matches(part));
            assert_eq!(text.put(part, "-"), text.replace(part, "-"));
        }
    }
}
