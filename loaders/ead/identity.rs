//! The local identifiers of descriptions.
//!
//! - The top (`archdesc`): the identifier of the finding aid (`eadid`, EAD3 `recordid`); without one its
//!   reference code, then its own `@id`. A component that came without its finding aid: the number in
//!   `unitid/@identifier`, then `@id`, then its reference code.
//! - A component: `{finding aid}/{@id}`, as `@id` is unique in a file by the rules of XML; without one
//!   the path of reference codes (`unitid`). A code that begins with its parent's code takes that code's
//!   place instead of standing behind it: `A1` holds `A1/3` is `…/A1/3`, `A1` holds `3` is `…/A1/3` too.
//! - A component with neither: a fingerprint of its parent's identifier, its title, dates and containers.
//!   A note that is mended leaves it as it is; a position in the file is never part of it.
//! - Two that come out alike in one finding aid are told apart by a number, in the order of the file. This
//!   is the one place where order counts, and it is reported.

use super::reader::is_component;
use super::record::{Context, Header, Identity, Own};
use super::text;
use crate::shared::xml::ElementRef;
use std::collections::{HashMap, HashSet};
use xxhash_rust::xxh3::xxh3_64;

/// Reference codes longer than this are prose; a fingerprint stands in for them.
const LONGEST_CODE: usize = 160;

/// A local identifier, what stands before the reference code in it, and how it came about.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub(super) local: String,
    pub(super) stem: String,
    pub(super) identity: Identity,
}

/// Identifiers already given, by hash: eight bytes a description, however long the names. Two of a million names have one
/// hash once in forty million files, and then one of them gets a number that it did not need.
#[derive(Debug, Default)]
pub(super) struct Given {
    once: HashSet<u64>,
    again: HashMap<u64, u32>,
}

impl Given {
    /// Takes the identifier, numbered when it was given before.
    pub(super) fn take(&mut self, named: Named) -> Named {
        let hash = xxh3_64(named.local.as_bytes());
        if self.once.insert(hash) {
            return named;
        }
        let count = self.again.entry(hash).or_insert(1);
        *count += 1;
        let local = format!("{}~{count}", named.local);
        self.once.insert(xxh3_64(local.as_bytes()));
        Named { local, stem: named.stem, identity: Identity::Twin }
    }

    /// Forgets all.
    pub(super) fn clear(&mut self) {
        self.once.clear();
        self.again.clear();
    }
}

/// The identifier of a description from its own data, before twins are told apart, and what stands before
/// the reference code in it.
pub(super) fn name(own: &Own, header: &Header, parent: Option<&Context>) -> Named {
    let id = own.attribute("id").map(text::fold).filter(|id| !id.is_empty());
    let code = unitid(own);
    let Some(parent) = parent else {
        // A component without its finding aid is best known by the number that its own system gave it.
        let loose = || if is_component(own.name()) { number(own) } else { None };
        let owner = header.id.clone().or_else(loose).or(if own.name() == "archdesc" {
            code.or(id)
        } else {
            id.or(code)
        });
        let (local, identity) = match owner {
            Some(owner) => (short(owner), Identity::Owner),
            None => (fingerprint(own, header.title.as_deref().unwrap_or_default()), Identity::Content),
        };
        return Named { stem: local.clone(), local, identity };
    };
    match (id, code) {
        (Some(id), _) => Named {
            local: [&parent.root, "/", &short(id)].concat(),
            stem: parent.root.clone(),
            identity: Identity::Owner,
        },
        (None, Some(code)) => {
            let fits = parent.unitid.as_deref().is_some_and(|above| extends(&code, above));
            let stem = if fits { parent.stem.clone() } else { parent.local.clone() };
            Named { local: [&stem, "/", &short(code)].concat(), stem, identity: Identity::Owner }
        }
        (None, None) => Named {
            local: [&parent.root, "/", &fingerprint(own, &parent.local)].concat(),
            stem: parent.stem.clone(),
            identity: Identity::Content,
        },
    }
}

/// The reference code: the first `unitid` with text that is not marked as an alternative or a former one; the
/// machine's own number in `@identifier` only when there is no text at all.
pub(super) fn unitid(own: &Own) -> Option<String> {
    let all = || own.did().filter(|child| child.name() == "unitid");
    let worded = |alternative: bool| {
        all()
            .filter(|unitid| is_alternative(*unitid) == alternative)
            .map(text::line)
            .find(|code| !code.is_empty())
    };
    worded(false).or_else(|| number(own)).or_else(|| worded(true))
}

/// The number that the owner's system knows the description by.
fn number(own: &Own) -> Option<String> {
    let numbers = own
        .did()
        .filter(|child| child.name() == "unitid")
        .filter_map(|unitid| unitid.attribute("identifier"));
    numbers.map(text::fold).find(|number| !number.is_empty())
}

/// Whether a `unitid` says of itself that it is not the reference code in use, or is a link rather than a code.
pub(super) fn is_alternative(unitid: ElementRef<'_>) -> bool {
    let kind =
        ["type", "localtype", "label"].iter().find_map(|name| unitid.attribute(name)).unwrap_or_default();
    if kind.is_empty() {
        return false;
    }
    let kind = kind.to_lowercase();
    [
        "alt",
        "former",
        "old",
        "vanha",
        "ancien",
        "handle",
        "url",
        "barcode",
        "viivakoodi",
        "internal",
        "structure",
    ]
    .iter()
    .any(|word| kind.contains(word))
}

/// Whether a code is the other code and something behind it.
fn extends(code: &str, parent: &str) -> bool {
    code.strip_prefix(parent)
        .is_some_and(|rest| rest.chars().next().is_some_and(|next| !next.is_alphanumeric()))
}

fn short(code: String) -> String {
    if code.len() <= LONGEST_CODE { code } else { hexadecimal(xxh3_64(code.as_bytes())) }
}

/// Sixteen hexadecimal digits of what identifies a description besides a code: level, title, dates, containers.
fn fingerprint(own: &Own, seed: &str) -> String {
    let mut all = Vec::with_capacity(256);
    let mut add = |part: &str| {
        all.extend_from_slice(part.as_bytes());
        // 0xFF is in no UTF-8 text, so it parts the pieces without doubt.
        all.push(0xFF);
    };
    add(seed);
    add(own.attribute("level").unwrap_or_default());
    for child in own.did() {
        if matches!(child.name(), "unittitle" | "unitdate" | "unitdatestructured" | "container") {
            add(child.name());
            let (mut normal, mut kind, mut local_kind) = ("", None, None);
            for (name, value) in child.attributes() {
                match name {
                    "normal" => normal = value,
                    "type" => kind = Some(value),
                    "localtype" => local_kind = Some(value),
                    _ => {}
                }
            }
            add(normal);
            add(kind.or(local_kind).unwrap_or_default());
            add(&text::line(child));
        }
    }
    hexadecimal(xxh3_64(&all))
}

fn hexadecimal(hash: u64) -> String {
    let digit = |place: u32| char::from_digit((hash >> (4 * place) & 0xF) as u32, 16);
    (0..16).rev().filter_map(digit).collect()
}
