//! Variables that a shell session sets to images, and lines that name those images by them.

use crate::name::Reference;
use crate::text::Parts;

/// The name and the image, if the line sets a variable to one: `$ image=a/b:1`.
pub(crate) fn assigned(line: &str) -> Option<(String, String)> {
    let (_, last) = line.trimmed().cut_last(" ")?;
    let (name, image) = last.split_once('=').filter(|(name, _)| is_variable(name))?;
    let image = image.without("\"'");
    let is_image = image.has_any("/:") && image.parse::<Reference>().is_ok();
    is_image.then(|| (name.to_owned(), image.to_owned()))
}

/// The line with the images in place of the variables that were set to them.
pub(crate) fn with_images(line: &str, images: &[(String, String)]) -> Option<String> {
    let (before, mut rest) = line.trim_end().cut("$").filter(|_| !images.is_empty())?;
    let mut whole = before.to_owned();
    loop {
        let braced = rest.strip_prefix('{').and_then(|rest| rest.split_once('}'));
        let end = rest
            .bytes()
            .take_while(|b| b.is_ascii_alphanumeric() || *b == b'_')
            .count();
        let plain = rest.split_at_checked(end);
        let known = braced.or(plain).and_then(|(name, behind)| {
            let (_, image) = images.iter().rev().find(|(known, _)| known == name)?;
            Some((image, behind))
        });
        match known {
            Some((image, behind)) => {
                whole += image;
                rest = behind;
            }
            None => whole.push('$'),
        }
        let Some((before, behind)) = rest.cut("$") else {
            return Some(whole + rest);
        };
        whole += before;
        rest = behind;
    }
}

/// True for the name of a variable.
pub(super) fn is_variable(name: &str) -> bool {
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    !name.is_empty() && name.bytes().all(word)
}
