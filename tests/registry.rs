//! The distribution protocol: what is asked next after each answer, by the ids of the hostile cases.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod talk;

use pullproof::Reference;
use pullproof::claim::Listing;
use pullproof::registry::{Client, Credentials, Header, Outcome, Response, Settings, Step};
use talk::{Talk, header, password};

const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const DIGEST: &str = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const TAG: &str = "https://r.io/v2/a/b/manifests/1";

fn bearer(realm: &str) -> String {
    format!("Bearer realm=\"{realm}\",service=\"s\",scope=\"repository:a/b:pull,push\"")
}

#[test]
fn an_open_registry_is_asked_once() {
    let mut talk = Talk::direct().document(TAG);
    let request = talk.sends(TAG);
    assert_eq!(header(&request, "accept"), Some(&*format!("a/b, {INDEX}")));
    assert_eq!(header(&request, "authorization"), None);
    assert!(!request.follow);
    talk.gets(&request, 200, &[("Docker-Content-Digest", DIGEST)], "{}");
    let Outcome::Document { url, header, .. } = talk.done() else {
        panic!("no document");
    };
    assert_eq!((url.as_str(), header.unwrap().as_str()), (TAG, DIGEST));
}

#[allow(clippy::unnecessary_wraps, reason = "as it is passed on")]
fn identity_token() -> Option<Credentials> {
    Some(Credentials::IdentityToken("s3 cret&x=y".to_owned()))
}

#[test]
fn a_token_is_got_for_no_more_than_pulling() {
    let mut talk = Talk::direct().document(TAG);
    let first = talk.sends(TAG);
    talk.gets(
        &first,
        401,
        &[("www-authenticate", &bearer("https://r.io/token"))],
        "",
    );
    talk.asks_for("https://r.io");
    talk.client
        .credentials("https://r.io", password("u", "p:w"));
    let token = talk.sends("https://r.io/token?service=s&scope=repository%3Aa%2Fb%3Apull");
    assert_eq!(header(&token, "authorization"), Some("Basic dTpwOnc="));
    talk.gets(&token, 200, &[], r#"{"access_token":"abc.def"}"#);
    let again = talk.sends(TAG);
    assert_eq!(header(&again, "authorization"), Some("Bearer abc.def"));
    talk.gets(&again, 200, &[], "{}");
    talk.done();
    // The next document of the repository is asked for with the token at once.
    let url = "https://r.io/v2/a/b/blobs/x";
    talk.client.document(url, &[]).unwrap();
    let next = talk.sends(url);
    assert_eq!(header(&next, "authorization"), Some("Bearer abc.def"));
}

#[test]
fn a_password_goes_to_its_origin() {
    let mut talk = Talk::direct().document(TAG);
    let first = talk.sends(TAG);
    talk.gets(&first, 401, &[("www-authenticate", "Basic realm=x")], "");
    talk.asks_for("https://r.io");
    talk.client.credentials("https://r.io", password("u", "p"));
    let again = talk.sends(TAG);
    assert_eq!(header(&again, "authorization"), Some("Basic dTpw"));
    talk.gets(&again, 401, &[("www-authenticate", "Basic realm=x")], "");
    assert!(
        talk.fails("unauthorized")
            .contains("r.io rejected the login")
    );
}

#[test]
fn an_identity_token_travels_in_a_form() {
    let mut talk = Talk::direct().document(TAG);
    let first = talk.sends(TAG);
    assert_eq!(first.form, None);
    let challenge = bearer("https://r.io/token?a=b");
    talk.gets(&first, 401, &[("www-authenticate", &challenge)], "");
    talk.asks_for("https://r.io");
    talk.client.credentials("https://r.io", identity_token());
    let token = talk.sends("https://r.io/token?a=b");
    assert_eq!(
        token.form.as_deref(),
        Some(
            "grant_type=refresh_token&refresh_token=s3+cret%26x%3Dy&client_id=pullproof\
             &service=s&scope=repository%3Aa%2Fb%3Apull"
        )
    );
    let form = "application/x-www-form-urlencoded";
    assert_eq!(header(&token, "content-type"), Some(form));
    assert_eq!(header(&token, "authorization"), None);
    assert!(!token.follow);
    talk.gets(
        &token,
        200,
        &[],
        r#"{"access_token":"abc","refresh_token":"r"}"#,
    );
    let again = talk.sends(TAG);
    assert_eq!(header(&again, "authorization"), Some("Bearer abc"));
    assert_eq!(again.form, None);
    talk.gets(&again, 200, &[], "{}");
    talk.done();
}

#[test]
fn an_identity_token_that_is_refused_or_redirected_goes_no_further() {
    let away = [("location", "https://evil.io/token")];
    for (status, headers, code, says) in [
        (
            400,
            &[][..],
            "unauthorized",
            "r.io rejected the stored identity token",
        ),
        (
            401,
            &[],
            "unauthorized",
            "r.io rejected the stored identity token",
        ),
        (
            404,
            &[],
            "not-found",
            "r.io has a token server that answered with an error (status 404)",
        ),
        (
            307,
            &away,
            "status",
            "r.io has a token server that answered with an error (status 307)",
        ),
    ] {
        let mut talk = Talk::direct().document(TAG);
        let first = talk.sends(TAG);
        let challenge = bearer("https://r.io/token");
        talk.gets(&first, 401, &[("www-authenticate", &challenge)], "");
        talk.asks_for("https://r.io");
        talk.client.credentials("https://r.io", identity_token());
        let token = talk.sends("https://r.io/token");
        talk.gets(&token, status, headers, r#"{"error":"s3 cret&x=y"}"#);
        let text = talk.fails(code);
        assert!(text.contains(says) && !text.contains("cret"), "{text}");
        assert_eq!(talk.client.steps(), []);
    }
}

#[test]
fn an_identity_token_is_no_password() {
    let mut talk = Talk::direct().document(TAG);
    let first = talk.sends(TAG);
    talk.gets(&first, 401, &[("www-authenticate", "Basic")], "");
    talk.asks_for("https://r.io");
    talk.client.credentials("https://r.io", identity_token());
    let text = talk.fails("unauthorized");
    assert!(text.ends_with("not with an identity token"), "{text}");
}

fn plainly(hosts: &[&str]) -> Settings {
    Settings {
        plain_http: hosts.iter().map(|host| host.parse().unwrap()).collect(),
        ..Settings::default()
    }
}

#[test]
fn a_named_host_is_asked_over_plain_http_and_that_is_said() {
    let mut talk = Talk::with(plainly(&["r.io"])).document(TAG);
    let plain = TAG.replace("https:", "http:");
    let first = talk.sends(&plain);
    let challenge = [("www-authenticate", "Basic")];
    talk.gets(&first, 401, &challenge, "");
    // Who names the host so has its credentials sent so.
    talk.asks_for("http://r.io");
    talk.client.credentials("http://r.io", password("u", "p"));
    let again = talk.sends(&plain);
    assert_eq!(header(&again, "authorization"), Some("Basic dTpw"));
    talk.gets(&again, 200, &[], "{}");
    let Outcome::Document { url, notes, .. } = talk.done() else {
        panic!("no document");
    };
    let says = "asked over plain http: anybody between here and r.io can read and change it";
    assert_eq!((url, notes), (plain, vec![says.to_owned()]));
    let other = "https://r.io:444/v2/a/b/manifests/1";
    let mut talk = talk.document(other);
    talk.sends(other);
}

/// R02, R03: a host that is named leads to no other without TLS, and gives it nothing.
#[test]
fn a_host_asked_over_plain_http_leads_to_no_other() {
    let plain = TAG.replace("https:", "http:");
    for to in [
        "http://evil.io/x",
        "http://10.0.0.1/x",
        "https://10.0.0.1/x",
    ] {
        let mut talk = Talk::with(plainly(&["r.io", "t.lan"])).document(TAG);
        let first = talk.sends(&plain);
        talk.gets(&first, 307, &[("location", to)], "");
        talk.fails("redirect");
        let mut talk = Talk::with(plainly(&["r.io", "t.lan"])).document(TAG);
        let first = talk.sends(&plain);
        talk.gets(&first, 401, &[("www-authenticate", &bearer(to))], "");
        talk.fails("token-server");
    }
    let mut talk = Talk::with(plainly(&["r.io", "t.lan"])).document(TAG);
    let first = talk.sends(&plain);
    talk.gets(&first, 401, &[("www-authenticate", "Basic")], "");
    talk.asks_for("http://r.io");
    talk.client.credentials("http://r.io", password("u", "p"));
    let again = talk.sends(&plain);
    talk.gets(&again, 307, &[("location", "http://t.lan/x")], "");
    let led = talk.sends("http://t.lan/x");
    assert_eq!(header(&led, "authorization"), None);
    // Over TLS nothing leads to a host without TLS.
    let mut talk = Talk::with(plainly(&["t.lan"])).document(TAG);
    let first = talk.sends(TAG);
    talk.gets(&first, 307, &[("location", "http://t.lan/x")], "");
    talk.fails("redirect");
}

/// R01: the registry names another origin as its token server.
#[test]
fn r01_credentials_do_not_go_to_a_token_server_elsewhere() {
    let mut talk = Talk::direct().document(TAG);
    let first = talk.sends(TAG);
    talk.gets(
        &first,
        401,
        &[("www-authenticate", &bearer("https://evil.io/token"))],
        "",
    );
    // Nobody is asked for credentials, neither for the registry nor for that server.
    let token = talk.sends("https://evil.io/token?service=s&scope=repository%3Aa%2Fb%3Apull");
    assert_eq!(header(&token, "authorization"), None);
    talk.gets(&token, 200, &[], r#"{"token":"t"}"#);
    let again = talk.sends(TAG);
    talk.gets(&again, 200, &[], "{}");
    let Outcome::Document { notes, .. } = talk.done() else {
        panic!("no document");
    };
    let says = "asked for a token anonymously, since r.io names evil.io as its token server: \
                credentials for r.io are not sent there";
    assert_eq!(notes, [says]);
    // It is said of each document that was got so.
    talk.client.document(TAG, &[]).unwrap();
    let next = talk.sends(TAG);
    talk.gets(&next, 200, &[], "{}");
    assert!(matches!(talk.done(), Outcome::Document { notes, .. } if notes == [says]));
}

/// Who has credentials for the registry is told why they did not help.
#[test]
fn r01_a_refusal_says_that_credentials_were_kept_back() {
    let mut talk = Talk::direct().document(TAG);
    let first = talk.sends(TAG);
    let realm = bearer("https://evil.io/token");
    talk.gets(&first, 401, &[("www-authenticate", &realm)], "");
    let token = talk.sends("https://evil.io/token?service=s&scope=repository%3Aa%2Fb%3Apull");
    talk.gets(&token, 401, &[], "");
    let kept = "r.io names evil.io as its token server: credentials for r.io are not sent there";
    let text = talk.fails("unauthorized");
    assert!(text.ends_with(kept), "{text}");
    // The next behind the same door is told as well.
    let mut talk = talk.document(TAG);
    let text = talk.fails("unauthorized");
    assert!(text.ends_with(kept), "{text}");
}

#[test]
fn docker_hub_shares_credentials_with_its_token_server() {
    let url = "https://registry-1.docker.io/v2/library/alpine/manifests/3";
    let mut talk = Talk::direct().document(url);
    let first = talk.sends(url);
    let realm = bearer("https://auth.docker.io/token");
    talk.gets(&first, 401, &[("www-authenticate", &realm)], "");
    talk.asks_for("https://auth.docker.io");
}

/// R02, and realms that are not addresses.
#[test]
fn r02_token_servers_inside_private_networks_are_refused() {
    let realms = [
        "http://r.io/token",
        "http://evil.io/token",
        "https://127.0.0.1/token",
        "https://2130706433/token",
        "https://169.254.169.254/latest",
        "https://10.0.0.1/token",
        "https://[::1]/token",
        "https://localhost/token",
        "https://user:pw@evil.io/token",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://",
    ];
    for realm in realms {
        let mut talk = Talk::direct().document(TAG);
        let first = talk.sends(TAG);
        talk.gets(&first, 401, &[("www-authenticate", &bearer(realm))], "");
        let text = talk.fails("token-server");
        assert!(!text.contains("pw"), "{text}");
    }
}

/// R03, R04: what a redirect leads to gets no credentials, and a token of its own.
#[test]
fn r03_r04_a_redirect_takes_no_token_along() {
    let mut talk = Talk::direct().document(TAG);
    let first = talk.sends(TAG);
    talk.gets(
        &first,
        401,
        &[("www-authenticate", &bearer("https://r.io/token"))],
        "",
    );
    talk.asks_for("https://r.io");
    talk.client.credentials("https://r.io", password("u", "p"));
    let token = talk.sends("https://r.io/token?service=s&scope=repository%3Aa%2Fb%3Apull");
    talk.gets(&token, 200, &[], r#"{"token":"t"}"#);
    let again = talk.sends(TAG);
    talk.gets(&again, 307, &[("location", "https://cdn.io/v2/a/b/x")], "");
    let moved = talk.sends("https://cdn.io/v2/a/b/x");
    assert_eq!(header(&moved, "authorization"), None);
    talk.gets(
        &moved,
        401,
        &[("www-authenticate", &bearer("https://cdn.io/token"))],
        "",
    );
    // Nobody is asked for credentials: the token is an anonymous one.
    let token = talk.sends("https://cdn.io/token?service=s&scope=repository%3Aa%2Fb%3Apull");
    assert_eq!(header(&token, "authorization"), None);
    talk.gets(&token, 200, &[], r#"{"token":"other"}"#);
    let moved = talk.sends("https://cdn.io/v2/a/b/x");
    assert_eq!(header(&moved, "authorization"), Some("Bearer other"));
    talk.gets(&moved, 200, &[], "{}");
    talk.done();
}

#[test]
fn redirects_lead_only_where_they_may_and_not_forever() {
    for to in [
        "http://cdn.io/x",
        "https://10.0.0.1/x",
        "ftp://cdn.io/x",
        "https://u@cdn.io/",
    ] {
        let mut talk = Talk::direct().document(TAG);
        let first = talk.sends(TAG);
        talk.gets(&first, 302, &[("location", to)], "");
        assert!(
            talk.fails("redirect")
                .contains(to.split('@').next_back().unwrap())
        );
    }
    let mut talk = Talk::direct().document(TAG);
    let mut request = talk.sends(TAG);
    for _ in 0..5 {
        talk.gets(&request, 302, &[("location", TAG)], "");
        request = talk.sends(TAG);
    }
    talk.gets(&request, 302, &[("location", TAG)], "");
    assert!(talk.fails("redirect").contains("at most 5 in a row"));
}

/// R07: the next page of a list.
#[test]
fn r07_pages_stay_with_their_list() {
    let repository: Reference = "r.io/a/b".parse().unwrap();
    let list = "https://r.io/v2/a/b/tags/list?n=1000";
    let next = "https://r.io/v2/a/b/tags/list?n=1000&last=2";
    let mut talk = Talk::direct();
    talk.client.tags(&repository).unwrap();
    let first = talk.sends(list);
    let link = "</v2/a/b/tags/list?n=1000&last=2>; rel=\"next\"";
    talk.gets(&first, 200, &[("link", link)], r#"{"tags":["1","2"]}"#);
    let second = talk.sends(next);
    talk.gets(&second, 200, &[], r#"{"tags":["2","3"]}"#);
    let Outcome::Tags { tags, .. } = talk.done() else {
        panic!("no tags");
    };
    assert_eq!(tags, ["1", "2", "3"]);

    let elsewhere = [
        "<https://evil.io/v2/a/b/tags/list>; rel=next",
        "</v2/other/tags/list>; rel=next",
        "</v2/a/b/tags/list?n=1000>; rel=next",
        "<http://r.io/v2/a/b/tags/list?last=1>; rel=next",
    ];
    for link in elsewhere {
        let mut talk = Talk::direct();
        talk.client.tags(&repository).unwrap();
        let first = talk.sends(list);
        talk.gets(&first, 200, &[("link", link)], r#"{"tags":["1"]}"#);
        talk.fails("next-page");
    }
}

#[test]
fn r07_pages_end() {
    let repository: Reference = "r.io/a/b".parse().unwrap();
    let mut talk = Talk::direct();
    talk.client.tags(&repository).unwrap();
    for page in 0..=1000 {
        let Step::Send { request } = talk.next() else {
            panic!("ended at page {page}");
        };
        let link = format!("</v2/a/b/tags/list?last={page}>; rel=next");
        talk.gets(&request, 200, &[("link", &link)], r#"{"tags":[]}"#);
    }
    assert!(talk.fails("limit-exceeded").contains("1000 pages"));
}

/// R11, M05, M08.
#[test]
fn r11_m05_what_is_no_manifest_is_refused() {
    let list = "application/vnd.docker.distribution.manifest.list.v2+json";
    let index = format!("{{\"mediaType\":\"{INDEX}\"}}");
    let cases: &[(&str, &str, Option<&str>)] = &[
        (
            "text/html; charset=utf-8",
            "<html>log in</html>",
            Some("not-manifest"),
        ),
        (
            "application/json",
            "\n <!doctype html>",
            Some("not-manifest"),
        ),
        (list, &index, Some("media-type")),
        (INDEX, &index, None),
        (
            "Application/Vnd.OCI.image.index.v1+JSON; charset=utf-8",
            &index,
            None,
        ),
        ("application/octet-stream", &index, None),
        ("", &index, None),
    ];
    for (content_type, body, code) in cases {
        let mut talk = Talk::direct().document(TAG);
        let request = talk.sends(TAG);
        talk.gets(&request, 200, &[("content-type", content_type)], body);
        match code {
            Some(code) => drop(talk.fails(code)),
            None => drop(talk.done()),
        }
    }
}

/// R12: what may pass is tried again, a few times, after the time that the server says.
#[test]
fn r12_busy_servers_are_asked_again_and_then_not() {
    let mut talk = Talk::direct().document(TAG);
    let first = talk.sends(TAG);
    talk.gets(&first, 429, &[("retry-after", "7")], "");
    let second = talk.sends(TAG);
    assert_eq!(second.wait, 7000);
    talk.gets(&second, 503, &[], "");
    let third = talk.sends(TAG);
    assert!(third.wait > 0 && third.wait < 7000);
    talk.client.fail(third.id, "network", "reset");
    let fourth = talk.sends(TAG);
    talk.gets(
        &fourth,
        500,
        &[],
        r#"{"errors":[{"code":"X","message":"y"}]}"#,
    );
    assert!(talk.fails("server").contains("status 500, \"X: y\""));

    let mut talk = Talk::direct().document(TAG);
    let first = talk.sends(TAG);
    talk.gets(&first, 429, &[("retry-after", "3600")], "");
    assert!(
        talk.fails("rate-limited")
            .contains("try again in 60 minutes")
    );
}

/// Where asking again cannot help it is not asked again, and the code is the same.
#[test]
fn a_host_that_cannot_be_reached_is_asked_once() {
    let mut talk = Talk::direct().document(TAG);
    let request = talk.sends(TAG);
    let text = "connection refused";
    talk.client.fail(request.id, "unreachable", text);
    let text = talk.fails("network");
    assert_eq!(text, "r.io cannot be reached (connection refused)");
}

#[test]
fn r12_a_401_that_never_ends_ends() {
    let mut talk = Talk::direct().document(TAG);
    let challenge = bearer("https://r.io/token");
    for _ in 0..2 {
        let request = talk.sends(TAG);
        talk.gets(&request, 401, &[("www-authenticate", &challenge)], "");
        if let Step::Send { request } = {
            let step = talk.next();
            if matches!(step, Step::Credentials { .. }) {
                talk.client.credentials("https://r.io", None);
                talk.next()
            } else {
                step
            }
        } {
            talk.gets(&request, 200, &[], r#"{"token":"t"}"#);
        }
    }
    let request = talk.sends(TAG);
    talk.gets(&request, 401, &[("www-authenticate", &challenge)], "");
    talk.fails("unauthorized");
}

#[test]
fn tasks_whose_token_ran_out_together_get_one_new_token() {
    let challenge = bearer("https://r.io/token");
    let mut talk = Talk::direct().document(TAG);
    let first = talk.sends(TAG);
    talk.gets(&first, 401, &[("www-authenticate", &challenge)], "");
    talk.asks_for("https://r.io");
    talk.client.credentials("https://r.io", None);
    let token = talk.next();
    let Step::Send { request } = token else {
        panic!("no token request");
    };
    talk.gets(&request, 200, &[], r#"{"token":"t"}"#);
    let again = talk.sends(TAG);
    talk.gets(&again, 200, &[], "{}");
    talk.done();
    let urls = [1, 2, 3].map(|n| format!("https://r.io/v2/a/b/blobs/{n}"));
    for url in &urls {
        talk.client.document(url, &[]).unwrap();
    }
    let requests = urls.each_ref().map(|url| talk.sends(url));
    for request in &requests {
        talk.gets(request, 401, &[("www-authenticate", &challenge)], "");
    }
    let steps = talk.client.steps();
    assert_eq!(steps.len(), 1, "{steps:?}");
}

/// R08: a server that repeats what it was shown.
#[test]
fn r08_words_of_a_server_that_knows_a_secret_are_not_repeated() {
    let mut talk = Talk::direct().document(TAG);
    let first = talk.sends(TAG);
    talk.gets(&first, 401, &[("www-authenticate", "Basic")], "");
    talk.asks_for("https://r.io");
    let given = password("user", "hunter2");
    talk.client.credentials("https://r.io", given);
    let again = talk.sends(TAG);
    let body = r#"{"errors":[{"code":"DENIED","message":"hunter2 may not"}]}"#;
    talk.gets(&again, 403, &[], body);
    let text = talk.fails("forbidden");
    assert!(
        text.ends_with("does not let you read a/b:1 (status 403, DENIED)"),
        "{text}"
    );
}

/// R08: no secret is in any message.
#[test]
fn r08_messages_hold_no_secrets() {
    let bodies = [
        "",
        "[]",
        r#"{"token":"a b"}"#,
        r#"{"token":5}"#,
        "{\"token\":\"\u{e9}secret\"}",
    ];
    for body in bodies {
        let mut talk = Talk::direct().document(TAG);
        let first = talk.sends(TAG);
        talk.gets(
            &first,
            401,
            &[("www-authenticate", &bearer("https://r.io/t"))],
            "",
        );
        talk.asks_for("https://r.io");
        let given = password("user", "hunter2");
        talk.client.credentials("https://r.io", given);
        let Step::Send { request } = talk.next() else {
            panic!("no token request");
        };
        talk.gets(&request, 200, &[], body);
        let text = talk.fails("token");
        assert!(
            !text.contains("hunter2") && !text.contains("secret"),
            "{text}"
        );
    }
}

/// D22, and which listing was used.
#[test]
fn referrers_by_the_api_or_by_the_tag() {
    let repository: Reference = "r.io/a/b".parse().unwrap();
    let digest = DIGEST.parse().unwrap();
    let api = format!("https://r.io/v2/a/b/referrers/{DIGEST}?artifactType=t%2Fs");
    let tag = format!("https://r.io/v2/a/b/manifests/sha256-{}", &DIGEST[7..]);
    let index = r#"{"manifests":[{"artifactType":"t/s","digest":"1"},{"artifactType":"u"}]}"#;

    let listed = |headers: &[(&str, &str)]| {
        let mut talk = Talk::direct();
        talk.client
            .referrers(&repository, &digest, Some("t/s"))
            .unwrap();
        let request = talk.sends(&api);
        talk.gets(&request, 200, headers, index);
        match talk.done() {
            Outcome::Referrers {
                by, descriptors, ..
            } => (by, descriptors.len()),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(listed(&[]), (Listing::Api, 1));
    // A registry that says that it filtered is taken at its word: what it sent is shown.
    assert_eq!(
        listed(&[("OCI-Filters-Applied", "artifactType")]),
        (Listing::Api, 2)
    );

    let mut talk = Talk::direct();
    talk.client
        .referrers(&repository, &digest, Some("t/s"))
        .unwrap();
    let request = talk.sends(&api);
    talk.gets(&request, 404, &[], "");
    let request = talk.sends(&tag);
    // Under the fallback tag the types are anybody's, so nothing is left out by them.
    talk.gets(&request, 200, &[], index);
    assert!(matches!(
        talk.done(),
        Outcome::Referrers { by: Listing::FallbackTag, descriptors, .. } if descriptors.len() == 2
    ));

    let mut talk = Talk::direct();
    let long = format!("sha512:{}", "ab".repeat(64)).parse().unwrap();
    talk.client.referrers(&repository, &long, None).unwrap();
    let request = talk.sends(&format!("https://r.io/v2/a/b/referrers/{long}"));
    talk.gets(&request, 404, &[], "");
    let short = format!("https://r.io/v2/a/b/manifests/sha512-{}", "ab".repeat(32));
    let request = talk.sends(&short);
    talk.gets(&request, 404, &[], "");
    assert!(matches!(
        talk.done(),
        Outcome::Referrers {
            by: Listing::None,
            ..
        }
    ));
}

#[test]
fn a_page_asks_in_parts_that_need_no_permission() {
    let settings = Settings {
        page: true,
        ..Settings::default()
    };
    let types = [
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.oci.image.manifest.v1+json",
    ];
    let mut talk = Talk::with(settings);
    talk.client
        .document(TAG, &types.map(str::to_owned))
        .unwrap();
    let first = talk.sends(TAG);
    assert_eq!(header(&first, "accept"), Some(&*types[..2].join(", ")));
    assert!(header(&first, "accept").unwrap().len() <= 128 && first.follow);
    talk.gets(&first, 404, &[], "");
    let second = talk.sends(TAG);
    assert_eq!(header(&second, "accept"), Some(&*types[2..].join(", ")));
    talk.client.fail(second.id, "network", "Failed to fetch");
    let text = talk.fails("network");
    assert!(text.contains("r.io cannot be read by a web page"), "{text}");
}

/// Without a gateway there is nowhere else to ask.
#[test]
fn a_page_that_sees_no_challenge_gives_up() {
    let settings = Settings {
        page: true,
        ..Settings::default()
    };
    let mut talk = Talk::with(settings).document(TAG);
    let request = talk.sends(TAG);
    talk.gets(&request, 401, &[], "");
    talk.fails("unauthorized");
}

#[test]
fn what_a_page_cannot_read_comes_through_the_gateway() {
    let settings = Settings {
        page: true,
        gateway: Some("https://g.io/gateway/".to_owned()),
        ..Settings::default()
    };
    let through = "https://g.io/gateway/r.io/v2/a/b/manifests/1";
    let mut talk = Talk::with(settings).document(TAG);
    let direct = talk.sends(TAG);
    talk.client.fail(direct.id, "network", "Failed to fetch");
    let request = talk.sends(through);
    talk.gets(&request, 200, &[], "{}");
    assert!(matches!(talk.done(), Outcome::Document { url, .. } if url == through));
    // From then on at once, and without anything that is secret.
    let blob = "https://r.io/v2/a/b/blobs/x";
    talk.client.document(blob, &[]).unwrap();
    let request = talk.sends("https://g.io/gateway/r.io/v2/a/b/blobs/x");
    assert_eq!(header(&request, "authorization"), None);
    talk.gets(&request, 401, &[("www-authenticate", "Basic")], "");
    assert!(
        talk.fails("unauthorized")
            .contains("asks for a login, which no gateway")
    );
}

#[test]
fn no_more_than_eight_requests_to_a_host_at_a_time() {
    let mut talk = Talk::direct();
    let url = |n: usize| format!("https://r.io/v2/a/b/blobs/{n}");
    for n in 0..20 {
        talk.client.document(&url(n), &[]).unwrap();
    }
    // The first finds out whether the door is open.
    let first = talk.sends(&url(0));
    assert!(talk.client.steps().is_empty());
    talk.gets(&first, 200, &[], "");
    talk.done();
    let sent = std::mem::take(&mut talk.steps).len() + talk.client.steps().len();
    assert_eq!(sent, 8);
}

#[test]
fn an_answer_counts_once() {
    let mut talk = Talk::direct().document(TAG);
    let request = talk.sends(TAG);
    talk.gets(&request, 200, &[], "{}");
    talk.gets(&request, 500, &[], "");
    talk.client.fail(request.id, "network", "");
    talk.client.fail(99, "network", "");
    talk.done();
    assert!(talk.client.steps().is_empty());
}

#[test]
fn addresses_that_are_none_of_the_api() {
    for url in [
        "",
        "r.io",
        "https://r.io/v2/",
        "https://r.io/v2/a/x/1",
        "https://u@r.io/v2/a/blobs/1",
        "file:///v2/a/blobs/1",
        // Other spellings of 127.0.0.1 and ::1.
        "https://2130706433/v2/a/blobs/1",
        "https://2130706433:5000/v2/a/blobs/1",
        "https://0x7f.1/v2/a/blobs/1",
        "https://127.1/v2/a/blobs/1",
        "https://[0:0:0:0:0:0:0:1]/v2/a/blobs/1",
    ] {
        let error = Client::default().document(url, &[]).unwrap_err();
        assert_eq!(error.code(), "question", "{url}");
    }
}

#[test]
fn a_notary_server_is_asked_with_a_token_for_the_repository_as_it_names_it() {
    const ROOT: &str = "https://notary.docker.io/v2/docker.io/a/b/_trust/tuf/root.json";
    let mut talk = Talk::direct();
    talk.client.document(ROOT, &[]).unwrap();
    let first = talk.sends(ROOT);
    assert_eq!(first.headers, []);
    let challenge = Header {
        name: "www-authenticate".to_owned(),
        value: "Bearer realm=\"https://auth.docker.io/token\",service=\"notary.docker.io\",scope=\"repository:docker.io/a/b:pull\"".to_owned(),
    };
    let denied = Response {
        status: 401,
        headers: vec![challenge],
        body: Vec::new(),
    };
    talk.client.respond(first.id, &denied);
    talk.asks_for("https://auth.docker.io");
    talk.client.credentials("https://auth.docker.io", None);
    let token = talk.sends(
        "https://auth.docker.io/token?service=notary.docker.io&scope=repository%3Adocker.io%2Fa%2Fb%3Apull",
    );
    let granted = Response {
        status: 200,
        headers: Vec::new(),
        body: br#"{"token":"t"}"#.to_vec(),
    };
    talk.client.respond(token.id, &granted);
    let again = talk.sends(ROOT);
    assert_eq!(again.headers[0].value, "Bearer t");
    let metadata = Response {
        status: 200,
        headers: Vec::new(),
        body: b"{}".to_vec(),
    };
    talk.client.respond(again.id, &metadata);
    match talk.next() {
        Step::Done {
            outcome: Outcome::Document { url, .. },
            ..
        } => assert_eq!(url, ROOT),
        other => panic!("expected a document, found {other:?}"),
    }
}

#[test]
fn only_files_of_metadata_are_asked_of_a_notary_server() {
    for wrong in [
        "https://n.io/v2//_trust/tuf/root.json",
        "https://n.io/v2/a/_trust/tuf/root",
        "https://n.io/v2/a/_trust/changefeed",
    ] {
        assert!(
            Client::new(Settings::default())
                .document(wrong, &[])
                .is_err(),
            "{wrong}"
        );
    }
}

/// What one task gave up does not hold up the others behind the same door.
#[test]
fn a_task_that_is_given_up_holds_up_no_other() {
    let mut talk = Talk::direct();
    let given_up = talk.client.document(TAG, &[]).unwrap();
    let first = talk.sends(TAG);
    talk.client.document(TAG, &[]).unwrap();
    assert!(talk.client.steps().is_empty());
    talk.client.give_up(given_up);
    talk.client.fail(first.id, "aborted", "");
    let second = talk.sends(TAG);
    talk.gets(&second, 200, &[], "{}");
    talk.done();
    assert!(talk.client.steps().is_empty());

    // The same while its token is asked for.
    let mut talk = Talk::direct();
    let given_up = talk.client.document(TAG, &[]).unwrap();
    let first = talk.sends(TAG);
    talk.client.document(TAG, &[]).unwrap();
    let challenge = bearer("https://r.io/token");
    talk.gets(&first, 401, &[("www-authenticate", &challenge)], "");
    talk.asks_for("https://r.io");
    talk.client.credentials("https://r.io", None);
    let Step::Send { request: token } = talk.next() else {
        panic!("no token request");
    };
    talk.client.give_up(given_up);
    talk.client.fail(token.id, "aborted", "");
    let second = talk.sends(TAG);
    talk.gets(&second, 200, &[], "{}");
    talk.done();
    assert!(talk.client.steps().is_empty());
}
