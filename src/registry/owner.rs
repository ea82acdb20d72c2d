//! Whose credentials a token server gets.
//!
//! They are always those of the registry that was asked, never those that somebody has for the token
//! server as a registry of its own: with these any registry could have a token made for itself. And
//! they go to a token server only if it is the registry's own:
//!
//! 1. it is at the registry's origin (scheme, host and port); or
//! 2. both are asked over TLS, and its host is the registry's, at any port, or below the
//!    registry's (`auth.r.example` for `r.example`): whoever has certificates for such names has
//!    the registry's too; or
//! 3. it is in the table of pairs below, which public registries have.
//!
//! A host beside the registry's or above it is not the registry's own, however long the end that they
//! share: `azurecr.io`, `pkg.dev` or `amazonaws.com` have many customers. Without TLS a port may be
//! anybody's, so rule 1 alone counts for this machine and for hosts named to be asked over plain http.

use crate::text::Parts;

use super::url::{Host, Url};

use super::address;

/// The origin of Docker Hub's tokens. The name that its credentials are asked for by, too.
const HUB_TOKENS: &str = "https://auth.docker.io";

/// Registries, and token servers of theirs at other hosts.
const PAIRS: [(&str, &str); 5] = [
    ("https://registry-1.docker.io", HUB_TOKENS),
    // Docker Hub's notary server: the docker client shows it Hub's credentials.
    ("https://notary.docker.io", HUB_TOKENS),
    ("https://registry.gitlab.com", "https://gitlab.com"),
    (
        "https://docker.elastic.co",
        "https://docker-auth.elastic.co",
    ),
    (
        "https://registry.digitalocean.com",
        "https://api.digitalocean.com",
    ),
];

/// The origin whose credentials go to the token server at `realm` when the server at `registry` asks
/// for its token, if any do.
pub(super) fn credentials_for(registry: &Url, realm: &Url) -> Option<String> {
    let (asked, server) = (address::origin_of(registry), address::origin_of(realm));
    if PAIRS.contains(&(&asked, &server)) && server == HUB_TOKENS {
        return Some(server);
    }
    let own = asked == server || is_own_host(registry, realm);
    (own || PAIRS.contains(&(&asked, &server))).then_some(asked)
}

/// True if both are asked over TLS, and the host of `realm` is that of `registry` or below it.
fn is_own_host(registry: &Url, realm: &Url) -> bool {
    let over_tls = registry.scheme() == "https" && realm.scheme() == "https";
    over_tls
        && match (registry.host(), realm.host()) {
            (Host::Domain(own), Host::Domain(other)) => {
                let above = other.strip_suffix(own.as_str());
                own.has(".") && above.is_some_and(|a| a.is_empty() || a.ends_with('.'))
            }
            (own, other) => own == other,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each line has a registry, a token server, and the origin whose credentials go there.
    #[track_caller]
    fn goes(table: &str) {
        for line in table.lines().filter(|line| !line.trim().is_empty()) {
            let [registry, realm, wanted] = line.split_whitespace().collect::<Vec<_>>()[..] else {
                panic!("not three: {line}");
            };
            let (at, server) = (Url::parse(registry).unwrap(), Url::parse(realm).unwrap());
            let found = credentials_for(&at, &server);
            assert_eq!(found.as_deref().unwrap_or("none"), wanted, "{line}");
        }
    }

    #[test]
    fn a_secret_goes_to_the_registry_itself() {
        goes(
            "
            https://ghcr.io https://ghcr.io/token https://ghcr.io
            https://quay.io https://quay.io/v2/auth https://quay.io
            https://gcr.io https://gcr.io/v2/token https://gcr.io
            https://GHCR.io https://ghcr.IO:443/token https://ghcr.io
            http://127.0.0.1:5000 http://127.0.0.1:5000/token http://127.0.0.1:5000
            ",
        );
    }

    #[test]
    fn a_secret_goes_to_the_other_of_a_pair_in_one_direction() {
        goes(
            "
            https://registry-1.docker.io https://auth.docker.io/token https://auth.docker.io
            https://notary.docker.io https://auth.docker.io/token https://auth.docker.io
            https://registry.gitlab.com https://gitlab.com/jwt/auth https://registry.gitlab.com
            https://docker.elastic.co https://docker-auth.elastic.co/auth https://docker.elastic.co
            https://auth.docker.io https://registry-1.docker.io/token none
            https://gitlab.com https://auth.docker.io/token none
            https://ghcr.io https://auth.docker.io/token none
            https://notary.docker.io https://ghcr.io/token none
            https://registry-1.docker.io https://auth.docker.io.evil.io/ none
            https://registry-1.docker.io https://auth.docker.io:444/token none
            https://registry-1.docker.io:444 https://auth.docker.io/token none
            https://registry-1.docker.io https://hub.docker.io/token none
            ",
        );
    }

    #[test]
    fn a_secret_goes_to_the_registrys_host_and_below_it() {
        goes(
            "
            https://r.example:5000 https://r.example/token https://r.example:5000
            https://r.example https://r.example:5001/token https://r.example
            https://r.example https://auth.r.example/token https://r.example
            https://192.0.2.1:5000 https://192.0.2.1/token https://192.0.2.1:5000
            ",
        );
    }

    #[test]
    fn a_secret_goes_to_no_host_beside_or_above_and_to_no_stranger() {
        goes(
            "
            https://r.example https://example/token none
            https://r.a.example https://a.example/token none
            https://r.a.example https://auth.a.example/token none
            https://me.azurecr.io https://you.azurecr.io/oauth2/token none
            https://me.azurecr.io https://azurecr.io/oauth2/token none
            https://eu-docker.pkg.dev https://us-docker.pkg.dev/v2/token none
            https://1.dkr.ecr.eu-west-1.amazonaws.com https://2.dkr.ecr.eu-west-1.amazonaws.com/ none
            https://ghcr.io https://xghcr.io/token none
            https://ghcr.io https://ghcr.io.evil.io/token none
            https://ghcr.io https://ghcr.io./token none
            https://ghcr.io https://evil.io/token none
            https://192.0.2.1 https://1.192.0.2.1.evil.io/token none
            ",
        );
    }

    #[test]
    fn without_tls_a_secret_goes_to_the_registrys_own_port_alone() {
        goes(
            "
            http://127.0.0.1:5000 http://127.0.0.1:5001/token none
            http://127.0.0.1:5000 https://127.0.0.1:5000/token none
            http://r.lan:5000 http://r.lan:5001/token none
            http://r.lan http://auth.r.lan/token none
            http://r.lan https://r.lan/token none
            ",
        );
    }
}
