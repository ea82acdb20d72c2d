//! The JSON of one source, and every form in which it can be printed.

use std::borrow::Cow;

use super::edit::Edit;
use super::hand::{GGCR, Hand, hands};
use super::list::{EntryList, Rebuild};
use super::order::Place;
use super::print::{ENDS, End, Form, Layout, Measure, print};
use super::spell::{COMMON, SPELLINGS, Spelling, respell};
use super::tree::{Node, Tokens, take_apart};
use super::wanted::Ascending;
use crate::document::OCI_INDEX;
use crate::{json, limits};

/// JSON taken apart.
#[derive(Clone, Debug)]
pub(super) struct Parsed {
    root: Node,
    role: Place,
    /// The edit that took off additions by tools.
    stripped: Option<Edit>,
    /// The layout in which the text stands, without what was taken off.
    found: Option<Layout>,
    /// The spelling it has, and once [`Parsed::vary`] was asked those that differ from it.
    spelled: Vec<Respelled>,
    /// Writers in whose order it is another text, once that was asked.
    writers: Vec<u8>,
    /// True if it is tried in other orders.
    small: bool,
    list: Option<EntryList>,
}

#[derive(Clone, Debug)]
struct Respelled {
    how: Option<Spelling>,
    tokens: Tokens,
    measure: Measure,
}

/// A change of structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    None,
    Order(u8),
    Rebuild(Rebuild),
}

/// Those of [`rare_layouts`] in which a writer that has an order may be made to write.
pub(super) fn odd_layouts() -> Vec<Layout> {
    rare_layouts(false)
}

/// A way to print a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Style {
    pub(super) change: Change,
    pub(super) spelling: u8,
    pub(super) layout: Layout,
}

/// The spelling of [`Parsed::as_go`], which has no number of its own.
pub(super) const OF_GO: u8 = u8::MAX;

/// More bytes than the member `mediaType` of a list has.
const HEAD: usize = 100;

/// The layouts in which known writers write manifests, most frequent first.
const LAYOUTS: [Layout; 6] = [
    Layout::new(Form::Spaces(2), End::None),
    Layout::new(Form::Compact, End::None),
    Layout::new(Form::Spaces(3), End::None),
    Layout::new(Form::Tabs, End::None),
    Layout::new(Form::Spaces(4), End::None),
    Layout::new(Form::OneLine, End::None),
];

/// Those in which configurations are written.
const CONFIG_LAYOUTS: [Layout; 3] = [
    Layout::new(Form::Compact, End::None),
    Layout::new(Form::Tabs, End::None),
    Layout::new(Form::Spaces(2), End::None),
];

/// All others.
fn rare_layouts(with_empties: bool) -> Vec<Layout> {
    let forms = [2, 3, 4, 1, 5, 6, 7, 8].map(Form::Spaces).into_iter();
    let forms = forms.chain([Form::Tabs, Form::Compact, Form::OneLine]);
    let mut layouts = Vec::new();
    for form in forms {
        let lined = !matches!(form, Form::Compact | Form::OneLine);
        for (crlf, spread) in [(false, false), (true, false), (false, true)] {
            let layout = Layout {
                crlf,
                spread,
                ..Layout::new(form, End::None)
            };
            if lined >= spread && spread <= with_empties && !LAYOUTS.contains(&layout) {
                layouts.push(layout);
            }
        }
    }
    layouts
}

fn changes(rebuilds: Option<Vec<Rebuild>>) -> Vec<Change> {
    let mut changes = Vec::new();
    for rebuild in rebuilds.unwrap_or_default() {
        changes.push(Change::Rebuild(rebuild));
    }
    changes
}

impl Parsed {
    /// The JSON in these bytes, which may have been taken `apart` before.
    pub(super) fn new(bytes: &[u8], apart: Option<(Node, Tokens)>) -> Option<Self> {
        if bytes.len() > limits::DOCUMENT_BYTES {
            return None;
        }
        let (mut root, mut tokens) = match apart {
            Some(apart) => apart,
            None => take_apart(json::parse(bytes).ok()?.root()),
        };
        let found = found_layout(&root, &tokens, bytes);
        let role = Place::of(&root, &tokens);
        let stripped = strip(&mut root, &tokens, role);
        let small = bytes.len() <= limits::REORDER_BYTES;
        let list = if small {
            EntryList::of(&root, &mut tokens)
        } else {
            None
        };
        let measure = Measure::new(&root, &tokens);
        let as_it_is = Respelled {
            how: None,
            tokens,
            measure,
        };
        Some(Parsed {
            root,
            role,
            stripped,
            found,
            spelled: vec![as_it_is],
            writers: Vec::new(),
            small,
            list,
        })
    }

    /// Finds the orders in which it is another text. Few texts need them.
    pub(super) fn vary_order(&mut self) {
        if let Some(spelled) = self.spelled.first().filter(|_| self.small) {
            self.writers = other_orders(&self.root, &spelled.tokens, self.role);
        }
    }

    /// Finds the spellings in which it is another text. Most texts are found without.
    pub(super) fn vary_spelling(&mut self) {
        let Some(Respelled { tokens, .. }) = self.spelled.first().cloned() else {
            return;
        };
        let has = super::spell::Spelled::of(&tokens);
        for how in SPELLINGS {
            if !has.differs(how) {
                continue;
            }
            let tokens = respell(&tokens, how);
            if !self.spelled.iter().any(|known| known.tokens == tokens) {
                let measure = Measure::new(&self.root, &tokens);
                self.spelled.push(Respelled {
                    how: Some(how),
                    tokens,
                    measure,
                });
            }
        }
    }

    /// Between which lengths its texts are, whatever changes, spellings and layouts: escapes and
    /// plain numbers make a text less than eight times as long or short.
    pub(super) fn lengths(&self) -> (usize, usize) {
        let Some(kept) = self.spelled.first() else {
            return (0, usize::MAX);
        };
        let widest = Layout {
            crlf: true,
            spread: true,
            ..Layout::new(Form::Spaces(8), End::Two)
        };
        let least = kept.measure.length(Layout::new(Form::Compact, End::None));
        let most = kept.measure.length(widest);
        let (least, most) = match super::spell::Spelled::of(&kept.tokens).only_slashes(&kept.tokens)
        {
            Some(slashes) => (least, most + slashes),
            None => (least / 8, most * 8),
        };
        // A list that is made anew keeps more than half of each entry, and may lose its media type.
        match self.list {
            Some(_) => ((least / 2).saturating_sub(HEAD), usize::MAX),
            None => (least, most),
        }
    }

    /// The lengths of all its texts in the spellings found, unless a list in it may be made anew.
    pub(super) fn add_lengths(&self, lengths: &mut Ascending) -> bool {
        let all = [self.layouts(), self.rare_layouts()];
        for layout in all.into_iter().flatten() {
            for end in ENDS {
                let layout = layout.ending(end);
                for spelled in &self.spelled {
                    let length = spelled.measure.length(layout);
                    lengths.add(length as u64);
                }
            }
        }
        self.list.is_none()
    }

    pub(super) fn spellings(&self) -> std::ops::Range<u8> {
        0..count(self.spelled.iter())
    }

    /// The spelling it has and the likeliest other.
    pub(super) fn likely_spellings(&self) -> std::ops::Range<u8> {
        0..self.spellings().end.min(2)
    }

    /// All but [`Self::likely_spellings`].
    pub(super) fn unlikely_spellings(&self) -> std::ops::Range<u8> {
        self.likely_spellings().end..self.spellings().end
    }

    /// The spelling it has and those of writers whose key orders are known.
    pub(super) fn common_spellings(&self) -> std::ops::Range<u8> {
        let common = SPELLINGS.split_at(COMMON).0;
        let is_common = |spelled: &&Respelled| spelled.how.is_none_or(|how| common.contains(&how));
        0..count(self.spelled.iter().take_while(is_common))
    }

    pub(super) fn orders(&self) -> Vec<Change> {
        self.writers.iter().copied().map(Change::Order).collect()
    }

    pub(super) fn rebuilds(&self) -> Vec<Change> {
        changes(self.list.as_ref().map(EntryList::rebuilds))
    }

    pub(super) fn pairings(&self) -> Vec<Change> {
        changes(self.list.as_ref().map(EntryList::pairings))
    }

    /// The layouts in which known writers write, most frequent first.
    pub(super) fn layouts(&self) -> Vec<Layout> {
        let first: &[Layout] = if self.role == Place::Config {
            &CONFIG_LAYOUTS
        } else {
            &[]
        };
        let mut layouts = first.to_vec();
        layouts.extend(LAYOUTS.iter().filter(|layout| !first.contains(layout)));
        layouts
    }

    /// Those of [`Self::layouts`] in which a writer that has an order writes.
    pub(super) fn likely_layouts(&self) -> Vec<Layout> {
        let mut layouts = self.layouts();
        if self.role == Place::Config {
            layouts.truncate(CONFIG_LAYOUTS.len());
        }
        layouts
    }

    /// The rest of [`Self::layouts`].
    pub(super) fn unlikely_layouts(&self) -> Vec<Layout> {
        self.layouts().split_off(self.likely_layouts().len())
    }

    /// All others.
    pub(super) fn rare_layouts(&self) -> Vec<Layout> {
        let kept = self.spelled.first();
        rare_layouts(kept.is_some_and(|spelled| spelled.measure.has_empties()))
    }

    /// True if it is the same JSON, in whatever layout.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let (Some(own), Some(others)) = (self.spelled.first(), other.spelled.first()) else {
            return false;
        };
        self.root == other.root && own.tokens == others.tokens
    }

    /// The writers that its key order betrays after a change, likeliest first.
    pub(super) fn hands(&self, change: Change) -> &'static [Hand] {
        let tokens = self.spelled.first().map(|spelled| &spelled.tokens);
        tokens.map_or(&[], |tokens| hands(&self.shape(change), tokens, self.role))
    }

    /// The tokens as Go spells them, where that is otherwise than as they stand.
    pub(super) fn as_go(&self) -> Option<Tokens> {
        let (kept, how) = (self.tokens()?, *SPELLINGS.first()?);
        let differs = super::spell::Spelled::of(kept).differs(how);
        let tokens = differs.then(|| respell(kept, how))?;
        (tokens != *kept).then_some(tokens)
    }

    /// The tokens as they stand.
    pub(super) fn tokens(&self) -> Option<&Tokens> {
        self.spelled.first().map(|spelled| &spelled.tokens)
    }

    /// The ways in which a list that was made anew most likely was written.
    pub(super) fn likely_rebuilds(&self) -> Vec<Change> {
        let likely = self.list.as_ref().zip(self.spelled.first());
        changes(likely.map(|(list, kept)| list.likely(&self.root, &kept.tokens)))
    }

    /// True if its layout is one of those for people: `jq .`, `python3 -m json.tool`, `docker
    /// manifest inspect`.
    pub(super) fn is_printed(&self) -> bool {
        let forms = [Form::Spaces(2), Form::Spaces(4), Form::Tabs];
        let found = self.found.filter(|found| !found.crlf && !found.spread);
        found.is_some_and(|found| forms.contains(&found.form))
    }

    /// True if only `docker manifest inspect` writes this: an OCI index in Docker's order and
    /// layout.
    pub(super) fn is_rebuilt(&self) -> bool {
        let spaced = |found: Layout| found.form == Form::Spaces(3);
        let tokens = self.spelled.first().map(|spelled| &spelled.tokens);
        let media_type = tokens
            .zip(tokens.and_then(|tokens| self.root.get("mediaType", tokens)?.leaf()))
            .is_some_and(|(tokens, token)| tokens.is(token, OCI_INDEX));
        let first = self.hands(Change::None).first();
        let docker = first.is_some_and(|hand| hand.writer == GGCR.writer);
        self.list.is_some() && media_type && docker && self.found.is_some_and(spaced)
    }

    /// True if additions by tools were taken off.
    pub(super) fn is_stripped(&self) -> bool {
        self.stripped.is_some()
    }

    /// True if it is an image document, and not some other JSON.
    pub(super) fn is_known(&self) -> bool {
        self.role != Place::Other
    }

    /// The structure after a change.
    pub(super) fn shape(&self, change: Change) -> Cow<'_, Node> {
        let tokens = self.spelled.first().map(|spelled| &spelled.tokens);
        let changed = tokens.and_then(|tokens| match change {
            Change::None => None,
            Change::Order(at) => {
                let writer = self.role.writers().get(usize::from(at));
                writer.map(|writer| writer.reorder(&self.root, tokens, self.role))
            }
            Change::Rebuild(how) => self
                .list
                .as_ref()
                .map(|list| list.rebuild(&self.root, tokens, how)),
        });
        changed.map_or(Cow::Borrowed(&self.root), Cow::Owned)
    }

    /// Gives a measure of the length in bytes in each spelling and layout after a change. An order
    /// alone changes no length.
    pub(super) fn measure(&self, change: Change, spelling: u8) -> Measure {
        let spelled = self.spelled.get(usize::from(spelling));
        match (spelled, change) {
            (None, _) => Measure::default(),
            (Some(spelled), Change::Rebuild(_)) => {
                Measure::new(&self.shape(change), &spelled.tokens)
            }
            (Some(spelled), _) => spelled.measure,
        }
    }

    pub(super) fn print(&self, shape: &Node, style: Style, out: &mut Vec<u8>) {
        if let Some(spelled) = self.spelled.get(usize::from(style.spelling)) {
            print(shape, &spelled.tokens, style.layout, out);
        }
    }

    pub(super) fn edits(&self, style: Style) -> Vec<Edit> {
        let mut edits: Vec<Edit> = self.stripped.into_iter().collect();
        let spelled = self.spelled.get(usize::from(style.spelling));
        match (style.change, self.spelled.first()) {
            (Change::Order(at), _) => {
                let writer = self.role.writers().get(usize::from(at));
                edits.extend(writer.map(|writer| Edit::Order(writer.name)));
            }
            (Change::Rebuild(how), Some(kept)) => edits.extend(how.edits(&self.root, &kept.tokens)),
            _ => {}
        }
        let how = match spelled {
            None if style.spelling == OF_GO => SPELLINGS.first().copied(),
            _ => spelled.and_then(|spelled| spelled.how),
        };
        edits.extend(how.map(|how| Edit::Spelling(how.name)));
        let same = |found: Layout| style.layout.ending(End::None) == found;
        let other_lines = |found: Layout| {
            let crlf = !found.crlf;
            same(Layout { crlf, ..found })
        };
        match self.found {
            Some(found) if same(found) => {}
            Some(found) if other_lines(found) && found.crlf => edits.push(Edit::CrlfToLf),
            Some(found) if other_lines(found) => edits.push(Edit::LfToCrlf),
            _ => edits.extend(style.layout.edits()),
        }
        edits
    }
}

fn count<T>(items: impl Iterator<Item = T>) -> u8 {
    u8::try_from(items.count()).unwrap_or(u8::MAX)
}

/// The layout in which the text stands, if it is a regular one.
fn found_layout(root: &Node, tokens: &Tokens, bytes: &[u8]) -> Option<Layout> {
    let measure = Measure::new(root, tokens);
    let layouts = LAYOUTS
        .into_iter()
        .chain(rare_layouts(measure.has_empties()));
    let mut printed = Vec::new();
    layouts
        .filter(|layout| layout.end == End::None)
        .find(|layout| {
            measure.length(*layout) == bytes.len() && {
                print(root, tokens, *layout, &mut printed);
                printed == bytes
            }
        })
}

/// Takes off what tools put into a document that they print.
fn strip(root: &mut Node, tokens: &Tokens, role: Place) -> Option<Edit> {
    let has = |name: &str| root.get(name, tokens).is_some();
    let (names, edit): (&[&str], _) = match role {
        Place::Schema1 if has("signatures") => (&["signatures"], Edit::Signatures),
        Place::Index if has("digest") && has("size") => {
            (&["digest", "size"], Edit::ImagetoolsFields)
        }
        _ => return None,
    };
    root.remove(names, tokens);
    Some(edit)
}

/// The writers in whose order the document is another text than as it came and than in that of
/// the writers before.
fn other_orders(root: &Node, tokens: &Tokens, role: Place) -> Vec<u8> {
    let mut known: Vec<Node> = Vec::new();
    let mut writers = Vec::new();
    for (at, writer) in (0..).zip(role.writers()) {
        let ordered = writer.reorder(root, tokens, role);
        if ordered != *root && !known.contains(&ordered) {
            known.push(ordered);
            writers.push(at);
        }
    }
    writers
}
