//! The figures: how each is counted and printed, and the floor under it.

use std::sync::Mutex;

use pullproof::recover::{Search, Wanted};

use super::index::Document;

/// One line of the report.
#[derive(Default)]
pub(crate) struct Figure {
    found: usize,
    total: usize,
    most_hashes: usize,
    missed: Vec<String>,
}

/// Searches each damaged text for the digest of its document.
pub(crate) fn measure(name: &str, damaged: &[(&Document, Vec<u8>)], least_percent: f64) {
    let figure = Mutex::new(Figure::default());
    let (left, right) = damaged.split_at(damaged.len() / 2);
    std::thread::scope(|scope| {
        for half in [left, right] {
            let figure = &figure;
            scope.spawn(move || {
                for (document, text) in half {
                    let (found, hashes) = found(document, text);
                    figure.lock().unwrap().count(&document.path, found, hashes);
                }
            });
        }
    });
    figure.into_inner().unwrap().report(name, least_percent);
}

fn found(document: &Document, text: &[u8]) -> (bool, usize) {
    let mut wanted = Wanted::default();
    wanted.add(&document.digest, None);
    let mut search = Search::new(text.to_vec());
    let found = search.find(&wanted);
    if let Some(found) = &found {
        assert_eq!(found.document().digest(), &document.digest);
    }
    (found.is_some(), search.hashes())
}

impl Figure {
    pub(crate) fn count(&mut self, path: &str, found: bool, hashes: usize) {
        self.total += 1;
        if found {
            self.found += 1;
            self.most_hashes = self.most_hashes.max(hashes);
        } else {
            self.missed.push(path.to_owned());
        }
    }

    /// Prints the figure and holds it to its floor.
    pub(crate) fn report(&self, name: &str, least_percent: f64) {
        let Figure {
            found,
            total,
            most_hashes,
            ..
        } = self;
        #[allow(clippy::cast_precision_loss, reason = "counts are small")]
        let percent = 100.0 * *found as f64 / (*total).max(1) as f64;
        println!("figure: {name} {found}/{total} {percent:.1} %, most hashes {most_hashes}");
        if std::env::var_os("PULLPROOF_MISSED").is_some() {
            self.missed
                .iter()
                .for_each(|path| println!("  missed: {path}"));
        }
        assert!(*total > 0, "{name}: nothing to measure");
        assert!(
            percent >= least_percent,
            "{name}: expected at least {least_percent} %, found {percent:.2} %: {:#?}",
            self.missed
        );
    }
}
