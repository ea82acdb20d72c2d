//! The programs that keep images on a machine, or ask any registry, whose commands several files read.

use crate::paste::{Program, Verb, Words};

pub(super) const DOCKER: &Program = &Program::new(
    "--builder --config --context --filter --format --host --log-level --platform -H -c -f -l",
);

/// A command that builds has files and folders among its words, and the image behind a flag.
pub(super) const BUILD: &Program = &Program {
    words: Words::Flags,
    named_by: "--tag -t",
    ..Program::new(
        "--build-arg --builder --cache-from --cache-to --config --context --file --label --metadata-file --output --platform --progress --provenance --secret --target -f -o",
    )
};

pub(super) const NERDCTL: &Program = &Program::new(
    "--address --filter --format --host --mode --namespace --platform --snapshotter -H -a -f -n",
);

pub(super) const PODMAN: &Program = &Program::new(
    "--authfile --connection --creds --digestfile --filter --format --identity --log-level --root --sort --type --url -c -f -t",
);

/// Programs that ask whatever address they are given.
pub(super) static WEB: Verb = Verb {
    manifest: |command| command.document,
    exact: |command| command.document,
    ..Verb::new(
        &Program {
            words: Words::Addresses,
            ..Program::new(
                "--cacert --data --header --jq --max-time --output --request --retry --user --write-out -A -H -Headers -Method -O -X -d -m -o -q -u -w",
            )
        },
        "curl|wget|http|https|xh|Invoke-WebRequest|Invoke-RestMethod|iwr|irm|+gh api",
    )
};
