//! Texts of the forms that public reports have: what each states, under which name. The texts are made.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use pullproof::paste::recognise;

const A: &str = "sha256:1f0a3d0c9b7c2e6f5d4a8b9c0e1f2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b";
const B: &str = "sha256:2e1b4c5d6a7f8e9d0c1b2a3948576e5d4c3b2a190817263544f3e2d1c0b9a8f7";

/// A text is read as these tools' output, with each of these among what is said, and nothing is left unread.
#[track_caller]
fn reads(text: &str, tools: &[&str], said: &[&str]) {
    let findings = recognise(text.as_bytes());
    let found: Vec<&str> = findings.iter().map(|found| found.tool.as_str()).collect();
    assert_eq!(found, tools, "{text}");
    let all = serde_json::to_string(&findings).unwrap();
    for part in said {
        assert!(all.contains(part), "{part} is not in\n{all}");
    }
}

#[test]
fn what_an_archive_holds() {
    let hex = A.trim_start_matches("sha256:");
    for config in [
        A.to_owned(),
        format!("{hex}.json"),
        format!("blobs/sha256/{hex}"),
    ] {
        let text = format!(
            "$ tar xO manifest.json < a.tar | jq .\n[{{\"Config\":\"{config}\",\"RepoTags\":[\"a.example/b:1\"],\"Layers\":[\"x/layer.tar\"]}}]\n"
        );
        let said = ["\"kind\":\"identifies\"", "a.example/b:1", A];
        reads(&text, &["image archive"], &said);
    }
    let index = format!(
        "{{\"schemaVersion\":2,\"manifests\":[{{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\"{A}\",\"size\":7,\"annotations\":{{\"io.containerd.image.name\":\"a.example/b:1\"}}}}]}}"
    );
    let said = ["\"kind\":\"pins\"", "a.example/b:1", A];
    reads(&index, &["image layout"], &said);
    let hex = B.trim_start_matches("sha256:");
    let text = format!(
        "$ docker save a.example/b:1 | tar xv\nblobs/\nblobs/sha256/\nblobs/sha256/{hex}\nindex.json\noci-layout\n"
    );
    reads(&text, &["docker save"], &[B, "unknown-role"]);
}

#[test]
fn what_is_said_by_the_beginning_of_a_digest_only() {
    let text = "$ ctr images pull a.example/b:1\na.example/b:1   saved\n└──index (0123456789ab)  already exists\n   └──manifest (123456789abc)  already exists\n      └──config (23456789abcd)  already exists\n";
    let said = [
        "0123456789ab is only the beginning of the digest of a.example/b:1",
        "123456789abc is only the beginning of the digest of a manifest of a.example/b:1",
        "23456789abcd is only the beginning of the digest of a configuration of a.example/b:1",
    ];
    reads(text, &["ctr images pull"], &said);
}

#[test]
fn what_is_cut_is_read() {
    let text = format!(
        "$ nerdctl image inspect a.example/b:1 | head -n 3\n[\n    {{\n        \"Id\": \"{A}\",\n$ nerdctl images\n"
    );
    let said = ["\"kind\":\"identifies\"", "\"as\":\"config\"", A];
    reads(&text, &["mended text", "nerdctl image inspect"], &said);
}

#[test]
fn what_a_push_says_of_its_signature() {
    let push = format!(
        "/ # docker push a.example/b:1\nThe push refers to a repository [a.example/b]\n1: digest: {A} size: 7\nSigning and pushing trust metadata\nDEBU[0001] x\n"
    );
    reads(&push, &["docker push"], &["the text ends before it says"]);
    let signed = format!("{push}Successfully signed a.example/b:1\n");
    reads(&signed, &["docker push"], &["\"kind\":\"signs\""]);
}

#[test]
fn lines_that_are_json_are_their_text() {
    let said = ["\"kind\":\"resolves\"", "docker.io/library/nginx:1", A];
    for text in [
        format!(
            "{{\"status\":\"Pulling from library/nginx\",\"id\":\"1\"}}\n{{\"status\":\"Digest: {A}\"}}\n{{\"status\":\"Status: Image is up to date for nginx:1\"}}\n"
        ),
        format!(
            "{{\"log\":\"1: Pulling from library/nginx\\n\",\"stream\":\"stdout\",\"time\":\"x\"}}\n{{\"log\":\"Digest: {A}\\n\",\"stream\":\"stdout\",\"time\":\"x\"}}\n{{\"log\":\"Status: Image is up to date for nginx:1\\n\",\"stream\":\"stdout\",\"time\":\"x\"}}\n"
        ),
        format!(
            "[0.1, \"o\", \"1: Pulling from library/nginx\\r\\n\"]\n[0.2, \"o\", \"Digest: {A}\\r\\n\"]\n[0.3, \"o\", \"Status: Image is up to date for nginx:1\\r\\n\"]\n"
        ),
    ] {
        reads(&text, &["terminal", "docker pull"], &said);
    }
}

#[test]
fn what_else_docker_prints() {
    let text = format!(
        "$ docker history --no-trunc a.example/b:1\nIMAGE   CREATED   CREATED BY   SIZE   COMMENT\n{A}   2 weeks ago   RUN x   1kB   \n<missing>   2 weeks ago   /bin/sh   0B   \n"
    );
    let said = ["\"kind\":\"identifies\"", "a.example/b:1", A];
    reads(&text, &["docker history"], &said);
    let text = format!(
        "$ docker ps --no-trunc\nCONTAINER ID   IMAGE   COMMAND   CREATED   STATUS   PORTS   NAMES\n0123   a.example/b:1@{A}   \"x\"   2 days ago   Up   80/tcp   c\n"
    );
    reads(&text, &["docker ps"], &["\"kind\":\"keeps\"", A]);
    let text = "$ docker scout quickview a.example/b:1\n  Target     │  a.example/b:1  │    0C     1H     2M     3L\n    digest   │  0123456789ab                             │\n  Base image │  alpine:3  │    0C\n";
    reads(
        text,
        &["docker scout"],
        &["0123456789ab is only the beginning"],
    );
}
