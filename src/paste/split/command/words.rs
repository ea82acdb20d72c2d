//! A command line's words, as a shell splits it.

/// The words of the first pipeline of a line, command by command, as a shell splits them.
pub(super) fn words(line: &str) -> Vec<Vec<String>> {
    let mut stages = vec![Vec::new()];
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = line.chars().peekable();
    let finish = |word: &mut Option<String>, stages: &mut Vec<Vec<String>>| {
        if let (Some(word), Some(stage)) = (word.take(), stages.last_mut()) {
            stage.push(word);
        }
    };
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (Some('"') | None, '$') if chars.peek() == Some(&'(') => {
                word.get_or_insert_default().push(c);
                substitution(&mut chars);
            }
            (Some('"') | None, '\\') => match chars.next() {
                None | Some('\n') => {}
                Some(c) => word.get_or_insert_default().push(c),
            },
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, '|') if chars.peek() != Some(&'|') => {
                finish(&mut word, &mut stages);
                stages.push(Vec::new());
            }
            (None, '|' | ';' | '&' | '>' | '<') if !redirects_errors(&mut word, c, &mut chars) => {
                break;
            }
            (None, '|' | ';' | '&' | '>' | '<') => {}
            (None, '#') if word.is_none() => break,
            (None, c) if c.is_whitespace() => finish(&mut word, &mut stages),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    finish(&mut word, &mut stages);
    stages
}

/// Passes over the command in `$(…)`, whose quotes and bars are its own.
fn substitution(chars: &mut std::iter::Peekable<std::str::Chars>) {
    let mut depth = 0;
    for c in chars.by_ref() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if depth == 0 {
            return;
        }
    }
}

/// `2>/dev/null` and `2>&1` do not change what is printed; both are taken off here.
fn redirects_errors(
    word: &mut Option<String>,
    c: char,
    chars: &mut std::iter::Peekable<std::str::Chars>,
) -> bool {
    if c != '>' || word.as_deref() != Some("2") {
        return false;
    }
    *word = None;
    while chars.next_if(|c| !c.is_whitespace() && *c != '|').is_some() {}
    true
}
