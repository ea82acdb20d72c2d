//! Origins: their credentials, their open requests, and whether they can be asked directly.

use crate::digest::ByText;
use crate::limits;

use super::Credentials;

/// The state of each origin.
#[derive(Debug, Default)]
pub(super) struct Origins(ByText<Origin>);

#[derive(Debug, Default)]
struct Origin {
    credentials: Consent,
    /// Requests on their way.
    busy: usize,
    /// True if it cannot be asked directly.
    closed: bool,
}

/// The progress of asking for the credentials of an origin.
#[derive(Clone, Debug, Default)]
pub(super) enum Consent {
    /// They were not asked for.
    #[default]
    Not,
    /// They were asked for.
    Waiting,
    /// They were given, or the caller has no credentials for it.
    Known(Option<Credentials>),
}

impl Origins {
    fn change(&mut self, origin: &str, change: impl FnOnce(&mut Origin)) {
        if let Some(known) = self.0.or_default(origin) {
            change(known);
        }
    }

    /// True if the origin has as many open requests as it may have.
    pub(super) fn is_busy(&self, origin: &str) -> bool {
        let known = self.0.get(origin);
        known.is_some_and(|known| known.busy >= limits::HOST_REQUESTS)
    }

    /// True if it cannot be asked directly.
    pub(super) fn is_closed(&self, origin: &str) -> bool {
        self.0.get(origin).is_some_and(|known| known.closed)
    }

    /// A request is on its way.
    pub(super) fn asked(&mut self, origin: &str) {
        self.change(origin, |known| known.busy += 1);
    }

    /// A request is no longer on its way.
    pub(super) fn answered(&mut self, origin: &str) {
        self.change(origin, |known| known.busy = known.busy.saturating_sub(1));
    }

    /// It cannot be asked directly.
    pub(super) fn close(&mut self, origin: &str) {
        self.change(origin, |known| known.closed = true);
    }

    /// Takes the credentials for it; `None` if the caller has no credentials.
    pub(super) fn take(&mut self, origin: &str, credentials: Option<Credentials>) {
        self.change(origin, |known| {
            known.credentials = Consent::Known(credentials);
        });
    }

    /// The progress of asking for its credentials; from now on they are asked for.
    pub(super) fn ask(&mut self, origin: &str) -> Consent {
        let mut before = Consent::Not;
        self.change(origin, |known| {
            before = known.credentials.clone();
            if matches!(before, Consent::Not) {
                known.credentials = Consent::Waiting;
            }
        });
        before
    }
}
