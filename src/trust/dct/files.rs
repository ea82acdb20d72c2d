//! The files of metadata that lead from a given key to a tag, so that each step can be made again
//! without this program.

use crate::claim::{CertifiedKey, Claim, Standing, Statement};
use crate::tuf::{RoleFile, Target, is_root, of_role};

use super::Weighing;
use crate::time::written;

impl Weighing<'_> {
    /// Says of each file that a proof rests on, and of those that say how new it is, who signed it:
    /// from the pinned root on.
    pub(super) fn files(&mut self, targets: &[&Target], proven: &Standing) {
        let mut files = Vec::new();
        for role in self.path(targets) {
            let target = targets.iter().find(|target| target.role == role.name);
            let statement = Statement::Metadata {
                repository: self.asked.repository.clone(),
                role: role.name.clone(),
                expires: role.expires.clone(),
                keys: role.keys.clone(),
                before: of_role(&self.checked.successions, &role.name),
                certificates: self.certified(role),
                edits: of_role(self.asked.edits, &role.name),
                tag: target.map(|target| target.tag.clone()),
                digest: target.map(|target| target.digest.clone()),
            };
            files.push(Claim::new(statement, proven.clone()));
        }
        self.word.files = files;
    }

    fn path(&self, targets: &[&Target]) -> Vec<&RoleFile> {
        let roles = &self.checked.roles;
        let mut path: Vec<&RoleFile> = Vec::new();
        let root = |role: &&RoleFile| is_root(&role.name);
        path.extend(roles.iter().filter(root));
        // They are checked from the newest back to the one with the pinned key.
        path.reverse();
        for role in roles {
            let leads = |target: &&Target| {
                let rest = target.role.strip_prefix(role.name.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            if targets.iter().any(leads) {
                path.push(role);
            }
        }
        for name in ["snapshot", "timestamp"] {
            let faulty = self.checked.faults.iter().any(|fault| fault.role == name);
            let role = self.role(name).filter(|_| !faulty);
            path.extend(role);
        }
        path
    }

    /// The keys that signed the newest root and are in certificates.
    fn certified(&self, role: &RoleFile) -> Vec<CertifiedKey> {
        let mut keys = Vec::new();
        for certificate in &self.checked.certificates {
            let id = &certificate.key;
            let bare = self.checked.root_keys.iter().find(|(known, _)| known == id);
            if role.name == "root"
                && role.keys.contains(id)
                && let Some((_, bare)) = bare
            {
                let (id, bare) = (id.clone(), bare.clone());
                let from = written(certificate.from);
                let until = written(certificate.until);
                keys.push(CertifiedKey {
                    id,
                    bare,
                    from,
                    until,
                });
            }
        }
        keys
    }
}
