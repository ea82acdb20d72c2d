//! What a statement says of a reference.

use crate::chain::Told;
use crate::claim::Statement;
use crate::json::parsed;
use crate::name::Reference;
use crate::platform::Platform;

pub(super) fn told(statement: &Statement) -> Option<(Reference, Told)> {
    match statement {
        Statement::Resolves { reference, digest } => {
            let reference: Reference = parsed(reference)?;
            Some((reference, Told::Resolves(digest.clone())))
        }
        Statement::Includes {
            reference,
            digest,
            role,
            platform,
        } => {
            let platform = platform.as_ref().map(|text| {
                let whole = text.parse();
                whole.unwrap_or_else(|_| Platform::of_architecture(text))
            });
            let told = Told::Includes(digest.clone(), *role, platform);
            Some((parsed(reference)?, told))
        }
        Statement::Identifies {
            reference,
            id,
            role,
        } => Some((parsed(reference)?, Told::Identifies(id.clone(), *role))),
        _ => None,
    }
}
