//! `docker info` (docker/cli: cli/command/system/info.go): which image store a daemon has, and
//! so what its image identifiers are digests of.

use crate::claim::Code;
use crate::paste::{Command, DOCKER, Line, Output, Reading, Tool, Verb};
use crate::text::Parts;

pub(super) const TOOL: Tool = Tool {
    commands: &[&INFO],
    reads: Command::is_shown,
    lines,
    ..Tool::NONE
};

static INFO: Verb = Verb {
    lists: true,
    ..Verb::new(DOCKER, "docker info|docker system info")
};

fn lines(output: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
    let first = lines.first()?.text.trim_end();
    let begins = first.starts_with("Client:")
        || first.starts_with("Server:")
        || first.trimmed().starts_with("Storage Driver: ");
    let near = || {
        lines
            .iter()
            .take(100)
            .any(|line| line.text.trim_start().starts_with("Storage Driver: "))
    };
    if !begins || !near() {
        return None;
    }
    let (mut driver, mut containerd, mut read) = (None, false, 0);
    for (n, line) in lines.iter().enumerate() {
        let text = line.text.trimmed();
        if text.is_empty() {
            continue;
        }
        if !belongs(line.text) {
            break;
        }
        driver = driver.or_else(|| text.strip_prefix("Storage Driver: "));
        containerd |= text == "driver-type: io.containerd.snapshotter.v1";
        read = n + 1;
    }
    let driver = driver.filter(|_| output.command.is_some() || read > 1)?;
    let mut reading = Reading::new(INFO.name, None);
    let known = "aufs btrfs devicemapper fuse-overlayfs overlay overlay2 vfs windowsfilter zfs";
    if containerd {
        let text = "this docker has the containerd image store: an image's Id is the digest of its manifest or index";
        reading.note(None, Code::ImageStoreContainerd, text);
    } else if known.has_word(driver) && read > 1 {
        let text = "this docker has the classic image store: an image's Id is the digest of its configuration";
        reading.note(None, Code::ImageStoreClassic, text);
    } else {
        reading.note(
            None,
            Code::ImageStore,
            "docker does not say here which image store it has",
        );
    }
    Some((reading, read))
}

/// `Client: …`, `Server:`, and indented lines; warnings at the end.
fn belongs(line: &str) -> bool {
    line.begins(" \t")
        || ["Client:", "Server:", "WARNING: "]
            .iter()
            .any(|word| line.starts_with(word))
        || line.trim_start().starts_with("Storage Driver: ")
        || line.trimmed() == "driver-type: io.containerd.snapshotter.v1"
}
