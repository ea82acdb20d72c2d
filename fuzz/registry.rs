//! Whatever servers answer, a run ends; it asks over TLS alone; a secret goes to the registry it was
//! given for and to that registry's own token server (here: at its host or below it), and nowhere
//! else, which holds of the tokens made from it too; and tokens are asked for to pull from the
//! repository in question, and for nothing else.
#![no_main]

use base64ct::{Base64, Encoding};
use libfuzzer_sys::fuzz_target;
use pullproof::name::Reference;
use pullproof::registry::{Client, Credentials, Header, Request, Response, Settings, Step};

// More than any run of three tasks sends.
const MOST_REQUESTS: usize = 20_000;
/// The registries that are asked in one run, each with credentials of its own.
const REGISTRIES: [&str; 3] = ["r.io", "s.io", "registry-1.docker.io"];
/// How every secret begins.
const SECRET: &str = "secret";

fuzz_target!(|bytes: &[u8]| {
    let Some((how, bytes)) = bytes.split_first() else {
        return;
    };
    // A server that says the word by itself has not learnt it here.
    if bytes
        .windows(SECRET.len())
        .any(|part| part == SECRET.as_bytes())
    {
        return;
    }
    let mut client = Client::new(Settings {
        page: how & 1 == 1,
        ..Settings::default()
    });
    begin(&mut client);
    // NUL stands in no header and no JSON: it parts one answer from the next.
    let mut answers = bytes.split(|byte| *byte == 0);
    let mut requests = 0;
    loop {
        let steps = client.steps();
        if steps.is_empty() {
            break;
        }
        for step in steps {
            match step {
                Step::Credentials { origin } => {
                    assert!(registry_of(&origin).is_some(), "nobody's: {origin}");
                    let credentials = stored(*how, &origin);
                    client.credentials(&origin, credentials);
                }
                Step::Send { request } => {
                    requests += 1;
                    assert!(requests < MOST_REQUESTS, "does not end");
                    hold(&request);
                    match response(answers.next().unwrap_or_default()) {
                        Some(mut response) => {
                            grant(&request, &mut response);
                            let moved = response.headers.iter().find(|h| h.name == "x-moved");
                            if let Some(to) = moved.filter(|_| request.follow) {
                                client.led(request.id, &to.value);
                            }
                            client.respond(request.id, &response);
                        }
                        None => client.fail(request.id, "network", "no answer"),
                    }
                }
                Step::Done { .. } => {}
            }
        }
    }
});

fn begin(client: &mut Client) {
    let image: Reference = "r.io/a/b".parse().expect("a reference");
    let other: Reference = "s.io/a/b".parse().expect("a reference");
    let digest = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let digest = digest.parse().expect("a digest");
    let accept = ["application/vnd.oci.image.index.v1+json".to_owned()];
    let tasks = [
        client.document("https://r.io/v2/a/b/manifests/1", &accept),
        client.document("https://registry-1.docker.io/v2/a/b/manifests/1", &accept),
        client.tags(&image),
        client.tags(&other),
        client.referrers(&image, &digest, None),
    ];
    for task in tasks {
        task.expect("a task");
    }
}

/// What a user has for an origin: something that names it.
fn stored(how: u8, origin: &str) -> Option<Credentials> {
    match how >> 1 & 3 {
        0 => None,
        1 => Some(Credentials::IdentityToken(named(origin))),
        _ => Some(Credentials::Password {
            user: "user".to_owned(),
            password: named(origin),
        }),
    }
}

/// A secret that is for one origin, of letters that no form escapes.
fn named(origin: &str) -> String {
    let hex = |byte: u8| format!("{byte:02x}");
    format!("{SECRET}{}end", origin.bytes().map(hex).collect::<String>())
}

/// The registry whose secrets a server may have.
fn registry_of(address: &str) -> Option<&'static str> {
    let host = host_of(address);
    if host == "auth.docker.io" {
        return Some("registry-1.docker.io");
    }
    let own = |registry: &&str| host == *registry || host.ends_with(&format!(".{registry}"));
    REGISTRIES.into_iter().find(own)
}

/// The host of an address, without its port.
fn host_of(address: &str) -> &str {
    let (_, rest) = address.split_once("://").expect("an address");
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.split(':').next().unwrap_or_default()
}

/// Each of a registry's secrets, as it is given here.
fn secrets_of(registry: &str) -> Vec<String> {
    let origins = match registry {
        "registry-1.docker.io" => vec!["https://registry-1.docker.io", "https://auth.docker.io"],
        "s.io" => vec!["https://s.io"],
        _ => vec!["https://r.io"],
    };
    origins.into_iter().map(named).collect()
}

/// What holds of every request.
fn hold(request: &Request) {
    assert!(request.url.starts_with("https://"), "{request:?}");
    let own = registry_of(&request.url).map(secrets_of).unwrap_or_default();
    for text in &shown(request) {
        let rest = own.iter().fold(text.clone(), |text, own| text.replace(own, ""));
        assert!(!rest.contains(SECRET), "{request:?}");
    }
    assert!(!request.url.contains(SECRET), "{request:?}");
    let fields = request.form.as_deref().or_else(|| Some(request.url.split_once('?')?.1));
    let pairs = url::form_urlencoded::parse(fields.unwrap_or_default().as_bytes());
    let scopes: Vec<_> = pairs.filter(|(name, _)| name.eq_ignore_ascii_case("scope")).collect();
    if is_for_token(request) {
        let scopes: Vec<&str> = scopes.iter().map(|(_, scope)| &**scope).collect();
        assert_eq!(scopes, ["repository:a/b:pull"], "{request:?}");
    }
}

/// Requests for a token ask for no types; those for a list of tags neither, nor those with a token.
fn is_for_token(request: &Request) -> bool {
    request.most_bytes != 4 << 20
}

/// Everything in a request that could be a secret.
fn shown(request: &Request) -> Vec<String> {
    let mut texts = vec![request.url.clone()];
    texts.extend(request.form.clone());
    for Header { value, .. } in &request.headers {
        let basic = value.strip_prefix("Basic ").unwrap_or_default();
        let decoded = Base64::decode_vec(basic).unwrap_or_default();
        texts.extend([
            value.clone(),
            String::from_utf8_lossy(&decoded).into_owned(),
        ]);
    }
    texts
}

/// A token that is made from a secret is one: it has the secret in it, and only who may have that may have it.
fn grant(request: &Request, response: &mut Response) {
    if !is_for_token(request) || response.status != 200 {
        return;
    }
    let texts = shown(request);
    let secrets = REGISTRIES.into_iter().flat_map(secrets_of);
    if let Some(secret) = secrets.into_iter().find(|s| texts.iter().any(|t| t.contains(&**s))) {
        response.body = format!("{{\"token\":\"{secret}\"}}").into_bytes();
    }
}

/// An answer: a byte for its status, lines that are headers, each with a letter for its name, and
/// after an empty line the body. No bytes are no answer.
fn response(bytes: &[u8]) -> Option<Response> {
    let (status, rest) = bytes.split_first()?;
    let statuses = [
        200, 201, 204, 206, 301, 302, 303, 307, 308, 400, 401, 403, 404, 429, 500, 503,
    ];
    let text = String::from_utf8_lossy(rest);
    let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
    let headers = head.lines().filter_map(|line| {
        let name = match line.bytes().next()? {
            b'a' => "www-authenticate",
            b'c' => "content-type",
            b'd' => "docker-content-digest",
            b'f' => "oci-filters-applied",
            b'k' => "link",
            b'l' => "location",
            // Where a transport was led to that follows redirects itself.
            b'm' => "x-moved",
            b'r' => "retry-after",
            _ => "x-other",
        };
        let value = line.get(1..)?.to_owned();
        Some(Header {
            name: name.to_owned(),
            value,
        })
    });
    Some(Response {
        status: statuses[usize::from(*status) % statuses.len()],
        headers: headers.collect(),
        body: body.as_bytes().to_vec(),
    })
}
