//! The programs that keep images on a machine, whose commands several files read.

use crate::paste::Program;

pub(super) const DOCKER: &Program = &Program::new(
    "--builder --config --context --filter --format --host --log-level --platform -H -c -f -l",
);

pub(super) const NERDCTL: &Program = &Program::new(
    "--address --filter --format --host --mode --namespace --platform --snapshotter -H -a -f -n",
);

pub(super) const PODMAN: &Program = &Program::new(
    "--connection --filter --format --identity --log-level --root --sort --type --url -c -f -t",
);
