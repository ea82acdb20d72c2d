//! A secret goes to the registry it was given for, and to that registry's own token server, and nowhere
//! else; and what somebody else answers is not the registry's word.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod talk;

use pullproof::registry::{Outcome, Settings, Step};
use pullproof::{Digest, Reference};
use talk::{Talk, header, password};

const TAG: &str = "https://stranger.io/v2/a/b/manifests/1";
const REALM: &str = "https://auth.docker.io/token";
const OWN: &str = "https://r.io/v2/a/b/manifests/1";
const TOKEN: &str = "https://r.io/token?service=s&scope=repository%3Aa%2Fb%3Apull";
const BEARER: &str = "Bearer realm=\"https://r.io/token\",service=s";

/// Opens the door of `a/b` at r.io with a password.
fn enter(talk: &mut Talk) {
    talk.client.document(OWN, &[]).unwrap();
    let first = talk.sends(OWN);
    talk.gets(&first, 401, &[("www-authenticate", BEARER)], "");
    talk.asks_for("https://r.io");
    talk.client.credentials("https://r.io", password("u", "p"));
    let token = talk.sends(TOKEN);
    assert_eq!(header(&token, "authorization"), Some("Basic dTpw"));
    talk.gets(&token, 200, &[], r#"{"token":"own"}"#);
    let again = talk.sends(OWN);
    assert_eq!(header(&again, "authorization"), Some("Bearer own"));
    talk.gets(&again, 200, &[], "{}");
    talk.done();
}

#[test]
fn a_stranger_gets_no_token_made_from_credentials_for_another() {
    let scopes = [
        "",
        ",scope=\"repository:victim/app:pull,push\"",
        ",scope=\"x repository:victim/app:pull,push\"",
        ",scope=\"registry:catalog:*\"",
        ",scope=aws",
    ];
    for scope in scopes {
        let mut talk = Talk::direct().document(TAG);
        let first = talk.sends(TAG);
        let challenge = format!("Bearer realm=\"{REALM}\",service=\"registry.docker.io\"{scope}");
        talk.gets(&first, 401, &[("www-authenticate", &challenge)], "");
        // Nobody is asked for credentials.
        let asked = format!("{REALM}?service=registry.docker.io&scope=repository%3Aa%2Fb%3Apull");
        let token = talk.sends(&asked);
        assert_eq!(header(&token, "authorization"), None);
        assert_eq!(token.form, None);
    }
}

#[test]
fn credentials_that_were_given_for_another_are_not_used_either() {
    let hub = "https://registry-1.docker.io/v2/a/b/manifests/1";
    let mut talk = Talk::direct().document(hub);
    let first = talk.sends(hub);
    let challenge = format!("Bearer realm=\"{REALM}\",service=s");
    talk.gets(&first, 401, &[("www-authenticate", &challenge)], "");
    talk.asks_for("https://auth.docker.io");
    let given = password("u", "p");
    talk.client.credentials("https://auth.docker.io", given);
    let asked = format!("{REALM}?service=s&scope=repository%3Aa%2Fb%3Apull");
    let token = talk.sends(&asked);
    assert_eq!(header(&token, "authorization"), Some("Basic dTpw"));
    talk.gets(&token, 200, &[], r#"{"token":"hub"}"#);
    let again = talk.sends(hub);
    talk.gets(&again, 200, &[], "{}");
    talk.done();
    // The same run, with the credentials at hand.
    talk.client.document(TAG, &[]).unwrap();
    let first = talk.sends(TAG);
    assert_eq!(header(&first, "authorization"), None);
    talk.gets(&first, 401, &[("www-authenticate", &challenge)], "");
    let token = talk.sends(&asked);
    assert_eq!(header(&token, "authorization"), None);
}

#[test]
fn the_scope_is_made_here_also_where_the_realm_has_one() {
    let cases = [
        ("?scope=repository:victim/app:pull,push", "?"),
        ("?SCOPE=x&a=b&Service=t&account=root", "?a=b&"),
        (
            "?a=b;scope=repository:victim/app:pull",
            "?a=b%3Bscope%3Drepository%3Avictim%2Fapp%3Apull&",
        ),
        ("?%73cope=x&offline_token=true", "?"),
        ("?client_id=x&grant_type=password#scope=x", "?"),
        ("?a=%26scope%3Dx", "?a=%26scope%3Dx&"),
    ];
    for (query, kept) in cases {
        let mut talk = Talk::direct().document(OWN);
        let first = talk.sends(OWN);
        let challenge = format!("Bearer realm=\"https://r.io/token{query}\",service=\"s&scope=y\"");
        talk.gets(&first, 401, &[("www-authenticate", &challenge)], "");
        talk.asks_for("https://r.io");
        talk.client.credentials("https://r.io", password("u", "p"));
        talk.sends(&format!(
            "https://r.io/token{kept}service=s%26scope%3Dy&scope=repository%3Aa%2Fb%3Apull"
        ));
    }
}

#[test]
fn a_token_for_one_repository_opens_no_other() {
    let mut talk = Talk::direct();
    enter(&mut talk);
    let other = "https://r.io/v2/c/manifests/1";
    talk.client.document(other, &[]).unwrap();
    let first = talk.sends(other);
    assert_eq!(header(&first, "authorization"), None);
    talk.gets(&first, 401, &[("www-authenticate", BEARER)], "");
    talk.sends("https://r.io/token?service=s&scope=repository%3Ac%3Apull");
}

#[test]
fn where_the_signatures_are_nobody_gets_a_secret_for_the_images_registry() {
    let digest = Digest::sha256(b"an image");
    let at: Reference = "signatures.example/acme/signatures".parse().unwrap();
    let mut talk = Talk::direct();
    enter(&mut talk);
    talk.client.referrers(&at, &digest, None).unwrap();
    let list = talk.sends(&format!(
        "https://signatures.example/v2/acme/signatures/referrers/{digest}"
    ));
    assert_eq!(header(&list, "authorization"), None);
    // Nor where it says that the image's registry knows who asks.
    talk.gets(&list, 401, &[("www-authenticate", BEARER)], "");
    let asked = "https://r.io/token?service=s&scope=repository%3Aacme%2Fsignatures%3Apull";
    let token = talk.sends(asked);
    assert_eq!(header(&token, "authorization"), None);
    assert_eq!(token.form, None);
    talk.gets(&token, 200, &[], r#"{"token":"anonymous"}"#);
    let again = talk.sends(&list.url);
    assert_eq!(header(&again, "authorization"), Some("Bearer anonymous"));
    talk.gets(&again, 404, &[], "");
}

#[test]
fn a_token_server_below_the_registrys_host_or_at_another_port_is_its_own() {
    for server in [
        "https://auth.r.io/token",
        "https://r.io:8443/token",
        "https://R.IO:443/t",
    ] {
        let mut talk = Talk::direct().document(OWN);
        let first = talk.sends(OWN);
        let challenge = format!("Bearer realm=\"{server}\"");
        talk.gets(&first, 401, &[("www-authenticate", &challenge)], "");
        talk.asks_for("https://r.io");
    }
    // Also where no public address is.
    let inside = "https://10.0.0.1:5000/v2/a/manifests/1";
    for (server, may) in [
        ("https://10.0.0.1/token", true),
        ("https://10.0.0.2/token", false),
    ] {
        let mut talk = Talk::direct().document(inside);
        let first = talk.sends(inside);
        let challenge = format!("Bearer realm=\"{server}\"");
        talk.gets(&first, 401, &[("www-authenticate", &challenge)], "");
        if may {
            talk.asks_for("https://10.0.0.1:5000");
        } else {
            talk.fails("token-server");
        }
    }
    let others = [
        "https://io/token",
        "https://auth.io/token",
        "https://r.io.evil.io/token",
        "https://xr.io/token",
        "https://r.io./token",
        "https://r.io%2eevil.io/token",
    ];
    for server in others {
        let mut talk = Talk::direct().document(OWN);
        let first = talk.sends(OWN);
        let challenge = format!("Bearer realm=\"{server}\"");
        talk.gets(&first, 401, &[("www-authenticate", &challenge)], "");
        match talk.next() {
            Step::Send { request } => assert_eq!(header(&request, "authorization"), None),
            Step::Done { .. } => {}
            other @ Step::Credentials { .. } => panic!("{server}: {other:?}"),
        }
    }
}

#[test]
fn of_several_challenges_none_gets_credentials_for_another() {
    let challenges = [
        format!("Basic realm=\"x\", Bearer realm=\"{REALM}\""),
        format!("Bearer realm=\"{REALM}\", Basic realm=\"x\""),
        format!("Bearer realm=\"{REALM}\", Bearer realm=\"https://stranger.io/token\""),
        format!("Bearer realm=\"https://evil.io/t\", Bearer realm=\"{REALM}\""),
        format!("Negotiate, bearer REALM={REALM}"),
    ];
    for challenge in challenges {
        let mut talk = Talk::direct().document(TAG);
        let first = talk.sends(TAG);
        talk.gets(&first, 401, &[("www-authenticate", &challenge)], "");
        for step in talk.client.steps() {
            match step {
                Step::Credentials { origin } => assert_eq!(origin, "https://stranger.io"),
                Step::Send { request } => assert_eq!(header(&request, "authorization"), None),
                Step::Done { .. } => {}
            }
        }
    }
}

#[test]
fn a_redirect_does_not_go_through_an_open_door() {
    for to in [
        OWN,
        "https://r.io/v2/a/b/manifests/secret",
        "https://r.io/account",
    ] {
        let mut talk = Talk::direct();
        enter(&mut talk);
        let mut talk = talk.document(TAG);
        let first = talk.sends(TAG);
        talk.gets(&first, 307, &[("location", to)], "");
        let led = talk.sends(to);
        assert_eq!(header(&led, "authorization"), None, "{to}");
        // What is there wants credentials: a stranger's token is all that it gets.
        talk.gets(&led, 401, &[("www-authenticate", BEARER)], "");
        let token = talk.sends(TOKEN);
        assert_eq!(header(&token, "authorization"), None);
        talk.gets(&token, 200, &[], r#"{"token":"anonymous"}"#);
        let led = talk.sends(to);
        assert_eq!(header(&led, "authorization"), Some("Bearer anonymous"));
        talk.gets(&led, 200, &[], "{}");
        let Outcome::Document { url, notes, .. } = talk.done() else {
            panic!("no document");
        };
        assert_eq!(url, to);
        let says = "stranger.io redirected to r.io: the answer is from r.io, not from stranger.io";
        assert_eq!(notes, [says]);
        // And the door stays as it was for who asks by himself.
        talk.client.document(OWN, &[]).unwrap();
        let own = talk.sends(OWN);
        assert_eq!(header(&own, "authorization"), Some("Bearer own"));
    }
}

#[test]
fn a_redirect_back_by_a_stranger_is_a_strangers() {
    let mut talk = Talk::direct();
    enter(&mut talk);
    talk.client.document(OWN, &[]).unwrap();
    let first = talk.sends(OWN);
    assert_eq!(header(&first, "authorization"), Some("Bearer own"));
    talk.gets(&first, 307, &[("location", "https://evil.io/x")], "");
    let led = talk.sends("https://evil.io/x");
    assert_eq!(header(&led, "authorization"), None);
    talk.gets(
        &led,
        307,
        &[("location", "https://r.io/v2/a/b/manifests/2")],
        "",
    );
    let back = talk.sends("https://r.io/v2/a/b/manifests/2");
    assert_eq!(header(&back, "authorization"), None);
    talk.gets(&back, 200, &[], "{}");
    let Outcome::Document { url, .. } = talk.done() else {
        panic!("no document");
    };
    assert_eq!(url, "https://r.io/v2/a/b/manifests/2");
}

#[test]
fn a_password_is_not_shown_after_a_redirect() {
    let mut talk = Talk::direct().document(TAG);
    let first = talk.sends(TAG);
    talk.gets(&first, 307, &[("location", OWN)], "");
    let led = talk.sends(OWN);
    talk.gets(&led, 401, &[("www-authenticate", "Basic realm=x")], "");
    let text = talk.fails("unauthorized");
    assert!(text.contains("no login is sent there"), "{text}");
}

#[test]
fn inside_one_registry_a_redirect_stays_inside() {
    let mut talk = Talk::direct();
    enter(&mut talk);
    talk.client.document(OWN, &[]).unwrap();
    let first = talk.sends(OWN);
    let moved = "https://r.io/v2/a/b/manifests/2";
    talk.gets(&first, 307, &[("location", "2")], "");
    let next = talk.sends(moved);
    assert_eq!(header(&next, "authorization"), Some("Bearer own"));
    talk.gets(&next, 200, &[], "{}");
    assert!(
        matches!(talk.done(), Outcome::Document { url, notes, .. } if url == OWN && notes.is_empty())
    );
}

#[test]
fn what_is_answered_elsewhere_names_who_answered_and_no_key_to_it() {
    let digest = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let cases = [
        (
            "manifests/1",
            "https://cdn.io/x/y?signature=s#f",
            "https://cdn.io/x/y",
        ),
        // A path that looks like that of a gateway names none.
        (
            "manifests/1",
            "https://evil.io/r.io/v2/a/b/manifests/1",
            "https://evil.io",
        ),
        // A blob is hashed, wherever it is.
        (
            &format!("blobs/{digest}"),
            "https://cdn.io/x?s",
            &format!("https://r.io/v2/a/b/blobs/{digest}"),
        ),
    ];
    for (name, to, wanted) in cases {
        for status in [200, 404] {
            let asked = format!("https://r.io/v2/a/b/{name}");
            let mut talk = Talk::direct().document(&asked);
            let first = talk.sends(&asked);
            talk.gets(&first, 307, &[("location", to)], "");
            // A fragment is sent to nobody.
            let led = talk.sends(to.split('#').next().unwrap());
            talk.gets(&led, status, &[], "{}");
            let Step::Done { outcome, .. } = talk.next() else {
                panic!("not done");
            };
            match outcome {
                Outcome::Document { url, .. } | Outcome::Failed { url, .. } => {
                    assert_eq!(url, wanted);
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn lists_that_are_answered_elsewhere_are_not_the_registrys() {
    let repository: Reference = "r.io/a/b".parse().unwrap();
    let list = "https://r.io/v2/a/b/tags/list?n=1000";
    let mut talk = Talk::direct();
    enter(&mut talk);
    talk.client.tags(&repository).unwrap();
    let first = talk.sends(list);
    talk.gets(&first, 307, &[("location", "https://evil.io/list")], "");
    let led = talk.sends("https://evil.io/list");
    // The next page is asked for as a stranger would, though it is the registry's.
    let link = [("link", "<https://r.io/v2/a/b/tags/list?last=1>; rel=next")];
    talk.gets(&led, 200, &link, r#"{"tags":["1"]}"#);
    let next = talk.sends("https://r.io/v2/a/b/tags/list?last=1");
    assert_eq!(header(&next, "authorization"), None);
    talk.gets(&next, 200, &[], r#"{"tags":["2"]}"#);
    assert!(matches!(talk.done(), Outcome::Tags { url, .. } if !url.contains("n=1000")));
}

#[test]
fn a_transport_that_follows_redirects_says_where_the_answer_came_from() {
    let page = Settings {
        page: true,
        ..Settings::default()
    };
    for (came_from, wanted) in [
        ("https://cdn.io/x?key", "https://cdn.io/x"),
        ("https://r.io/v2/a/b/manifests/2", OWN),
    ] {
        let mut talk = Talk::with(page.clone()).document(OWN);
        let first = talk.sends(OWN);
        assert!(first.follow);
        talk.client.led(first.id, came_from);
        talk.gets(&first, 200, &[], "{}");
        assert!(matches!(talk.done(), Outcome::Document { url, .. } if url == wanted));
        // Others at the same door are not held up.
        talk.client.document(OWN, &[]).unwrap();
        talk.sends(OWN);
    }
    // It is held to the same rules as here.
    for came_from in ["https://10.0.0.1/x", "http://cdn.io/x", "x:y", ""] {
        let mut talk = Talk::with(page.clone()).document(OWN);
        let first = talk.sends(OWN);
        talk.client.document(OWN, &[]).unwrap();
        talk.client.led(first.id, came_from);
        talk.gets(&first, 200, &[], "{}");
        if came_from.is_empty() {
            // The address that was asked, which is where an empty one leads.
            talk.done();
        } else {
            talk.fails("redirect");
        }
        talk.sends(OWN);
    }
    let through = Settings {
        gateway: Some("https://g.io/gateway/".to_owned()),
        ..page
    };
    for (came_from, wanted) in [
        (
            "https://g.io/elsewhere",
            "https://g.io/gateway/r.io/v2/a/b/manifests/1",
        ),
        ("https://evil.io/r.io/v2/a/b/manifests/1", "https://evil.io"),
    ] {
        let mut talk = Talk::with(through.clone()).document(OWN);
        let direct = talk.sends(OWN);
        talk.client.fail(direct.id, "network", "Failed to fetch");
        let request = talk.sends("https://g.io/gateway/r.io/v2/a/b/manifests/1");
        talk.client.led(request.id, came_from);
        talk.gets(&request, 200, &[], "{}");
        assert!(matches!(talk.done(), Outcome::Document { url, .. } if url == wanted));
    }
}

#[test]
fn a_gateway_that_was_led_elsewhere_says_so() {
    let digest = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let blob = format!("blobs/{digest}");
    for (name, led, wanted) in [
        ("manifests/1", "evil.io", "https://g.io/evil.io"),
        (
            "manifests/1",
            "r.io/v2/a/b/manifests/1",
            "https://g.io/another",
        ),
        (
            &blob,
            "cdn.io",
            &*format!("https://g.io/r.io/v2/a/b/{blob}"),
        ),
    ] {
        let asked = format!("https://r.io/v2/a/b/{name}");
        let settings = Settings {
            gateway: Some("https://g.io/".to_owned()),
            ..Settings::default()
        };
        let mut talk = Talk::with(settings).document(&asked);
        let direct = talk.sends(&asked);
        talk.client.fail(direct.id, "network", "reset");
        let request = talk.sends(&format!("https://g.io/r.io/v2/a/b/{name}"));
        talk.gets(&request, 200, &[("pullproof-led", led)], "{}");
        assert!(matches!(talk.done(), Outcome::Document { url, .. } if url == wanted));
    }
}

#[test]
fn a_token_that_came_by_a_redirect_is_none() {
    let mut talk = Talk::direct().document(OWN);
    let first = talk.sends(OWN);
    talk.gets(&first, 401, &[("www-authenticate", BEARER)], "");
    talk.asks_for("https://r.io");
    talk.client.credentials("https://r.io", None);
    let token = talk.sends(TOKEN);
    talk.client.led(token.id, "https://evil.io/token");
    talk.gets(&token, 200, &[], r#"{"token":"t"}"#);
    assert!(
        talk.fails("status")
            .contains("a token server that redirects, which is not followed")
    );
}

#[test]
fn the_address_of_a_storage_does_not_go_to_a_gateway() {
    let settings = Settings {
        gateway: Some("https://g.io/".to_owned()),
        ..Settings::default()
    };
    let mut talk = Talk::with(settings).document(OWN);
    let first = talk.sends(OWN);
    talk.gets(&first, 307, &[("location", "https://cdn.io/x?key=s")], "");
    let led = talk.sends("https://cdn.io/x?key=s");
    talk.client.fail(led.id, "network", "reset");
    talk.sends("https://g.io/r.io/v2/a/b/manifests/1");
}

#[test]
fn a_repository_named_like_a_part_of_the_api_is_read_as_any_other() {
    let url = "https://r.io/v2/blobs/x/manifests/1";
    let mut talk = Talk::direct().document(url);
    let first = talk.sends(url);
    talk.gets(&first, 200, &[], "<html>");
    talk.fails("not-manifest");
}
