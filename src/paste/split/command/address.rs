//! The image that an address of a registry's interface is of.

use crate::name::Reference;
use crate::text::Parts;

/// Patterns of an address's path, and the name of the image: `$h` is the host. The first that fits is taken.
const PATHS: &[(&str, &str)] = &[
    ("/v2/repositories/$n/tags/$t", "$n:$t"),
    ("/v2/repositories/$n/tags", "$n"),
    (
        "/v2/namespaces/$n/repositories/$m/tags/$t/images",
        "$n/$m:$t",
    ),
    ("/v2/namespaces/$n/repositories/$m/tags/$t", "$n/$m:$t"),
    ("/v2/namespaces/$n/repositories/$m/tags", "$n/$m"),
    ("/v2/$n/manifests/$t", "$h/$n:$t"),
    ("/v2/$n/blobs/$t", "$h/$n:$t"),
    ("/v2/$n/tags/list", "$h/$n"),
    ("/api/v1/repository/$n/manifest/$t", "$h/$n:$t"),
    ("/api/v1/repository/$n/tag", "$h/$n"),
    ("/api/v1/repository/$n", "$h/$n"),
    (
        "/api/v2.0/projects/$n/repositories/$m/artifacts/$t",
        "$h/$n/$m:$t",
    ),
    (
        "/api/v2.0/projects/$n/repositories/$m/artifacts",
        "$h/$n/$m",
    ),
    ("/$o/$n/packages/container/$m/versions", "ghcr.io/$n/$m"),
];

/// The image, or the repository, that an answer from this address is about.
pub(crate) fn image_at(address: &str) -> Option<Reference> {
    let path = address.cut("://").map_or(address, |(_, path)| path);
    let (path, asked) = path.split_at(path.before_any("?#)").len());
    let tag = asked
        .cut("specificTag=")
        .map_or("", |(_, tag)| tag.before_any("&#)"));
    let (host, path) = path.split_at_checked(path.place_of("/")?)?;
    let host = match host {
        "registry-1.docker.io" | "index.docker.io" | "registry.hub.docker.com" => "docker.io",
        host => host.behind_any("@"),
    };
    let path = path.put("%252F", "/").put("%2F", "/");
    let path = path.without_end("/");
    PATHS.iter().find_map(|(pattern, name)| {
        let mut name = name.put("$h", host);
        for (hole, value) in holes(pattern, path)? {
            name = if value.has(":") && hole == "t" {
                name.put(":$t", &format!("@{value}"))
            } else {
                name.put(&format!("${hole}"), value)
            };
        }
        let name: Reference = name.parse().ok()?;
        Some(name.with_tag(tag).unwrap_or(name))
    })
}

/// The values in the holes of a pattern.
fn holes<'t>(pattern: &'static str, path: &'t str) -> Option<Vec<(&'static str, &'t str)>> {
    let mut found = Vec::new();
    let mut parts = pattern.split('$');
    let mut rest = path.strip_prefix(parts.next()?)?;
    for part in parts {
        let (hole, literal) = part.split_at_checked(1)?;
        let (value, behind) = match literal {
            "" => (rest, ""),
            literal => rest.cut(literal)?,
        };
        let whole = !value.is_empty() && (hole == "n" || hole == "m" || !value.has("/"));
        whole.then(|| found.push((hole, value)))?;
        rest = behind;
    }
    rest.is_empty().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_its_image() {
        for (address, image) in [
            (
                "https://registry-1.docker.io/v2/library/alpine/manifests/latest",
                "docker.io/library/alpine:latest",
            ),
            (
                "http://localhost:5000/v2/a/b/manifests/1.0",
                "localhost:5000/a/b:1.0",
            ),
            (
                "https://hub.docker.com/v2/repositories/library/node/tags?name=22&page=1",
                "docker.io/library/node:latest",
            ),
            (
                "https://hub.docker.com/v2/repositories/library/node/tags/22/",
                "docker.io/library/node:22",
            ),
            (
                "https://hub.docker.com/v2/namespaces/a/repositories/b/tags/1",
                "docker.io/a/b:1",
            ),
            (
                "https://quay.example/api/v1/repository/ocp4/openshift4/tag/",
                "quay.example/ocp4/openshift4:latest",
            ),
            (
                "https://h.example/api/v2.0/projects/p/repositories/a%252Fb/artifacts/1",
                "h.example/p/a/b:1",
            ),
            (
                "https://api.github.com/orgs/acme/packages/container/beacon/versions",
                "ghcr.io/acme/beacon:latest",
            ),
            ("localhost:5000/v2/a/tags/list", "localhost:5000/a:latest"),
        ] {
            let found = image_at(address).map(|found| found.to_string());
            assert_eq!(found.as_deref(), Some(image), "{address}");
        }
        let digest = "sha256:5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667";
        let found = image_at(&format!("https://r.example/v2/a/b/blobs/{digest}"));
        assert_eq!(
            found.map(|found| found.to_string()),
            Some(format!("r.example/a/b@{digest}"))
        );
        for address in [
            "https://auth.docker.io/token?service=registry.docker.io&scope=repository:library/alpine:pull",
            "https://example.org/",
            "https://r.example/v2/",
        ] {
            assert_eq!(image_at(address), None, "{address}");
        }
    }
}
