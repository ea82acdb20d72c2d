//! Whatever servers answer, a run ends; it asks over TLS alone; and a password or identity token goes
//! nowhere but to the origin that it is for.
#![no_main]

use base64ct::{Base64, Encoding};
use libfuzzer_sys::fuzz_target;
use pullproof::name::Reference;
use pullproof::registry::{Client, Credentials, Header, Request, Response, Settings, Step};

// More than any run of three tasks sends.
const MOST_REQUESTS: usize = 20_000;
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
                    let credentials = stored(*how, &origin);
                    client.credentials(&origin, credentials);
                }
                Step::Send { request } => {
                    requests += 1;
                    assert!(requests < MOST_REQUESTS, "does not end");
                    hold(&request);
                    match response(answers.next().unwrap_or_default()) {
                        Some(response) => client.respond(request.id, &response),
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
    let digest = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let digest = digest.parse().expect("a digest");
    let accept = ["application/vnd.oci.image.index.v1+json".to_owned()];
    let tasks = [
        client.document("https://r.io/v2/a/b/manifests/1", &accept),
        client.tags(&image),
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

/// What holds of every request.
fn hold(request: &Request) {
    assert!(request.url.starts_with("https://"), "{request:?}");
    let (scheme, rest) = request.url.split_once("://").expect("an address");
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    let own = named(&format!("{scheme}://{host}"));
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
    for text in &texts {
        assert!(!text.replace(&own, "").contains(SECRET), "{request:?}");
    }
    assert!(!request.url.contains(SECRET), "{request:?}");
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
