//! Which services there are: one over the entities of the generation, and one over each mirror in the home.
//!
//! A mirror is opened when it is first asked for and stays open; when its folder was replaced, the next request opens the new
//! one. Files are mapped, so an old one stays readable until its last request has ended.

use super::GRAPH;
use crate::generation::Generation;
use crate::state::App;
use graph_reconcile::Kind;
use graph_reconcile::authority::{Authority, EntryId};
use graph_reconcile::matching::{Matcher, Settings};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

/// How many entries are compared with a name: more than a person looks at.
const CANDIDATES: usize = 40;

/// An authority with what judges by it.
pub(crate) struct Service {
    pub(super) name: String,
    pub(super) authority: Authority,
    pub(super) matcher: Matcher,
    /// The kinds that it has entries of, the most frequent first.
    pub(super) kinds: Vec<Kind>,
    /// What all of its identifiers begin with.
    pub(super) space: String,
}

impl Service {
    fn open(name: &str, folder: &Path) -> Option<Self> {
        let authority = match Authority::open(folder) {
            Ok(authority) => authority,
            Err(error) => {
                tracing::error!(%error, service = name, "an authority cannot be opened; it is not offered");
                return None;
            }
        };
        let mut kinds: Vec<(Kind, u32)> =
            authority.about().kinds.iter().map(|(kind, count)| (*kind, *count)).collect();
        kinds.retain(|(kind, count)| *kind != Kind::Unknown && *count > 0);
        kinds.sort_by_key(|(kind, count)| (std::cmp::Reverse(*count), *kind));
        let settings = Settings { candidates: CANDIDATES, ..Settings::default() };
        let matcher = Matcher::new(&[(name, authority.clone())], &settings);
        Some(Self {
            matcher,
            name: name.to_owned(),
            space: space(&authority),
            kinds: kinds.into_iter().map(|(kind, _)| kind).collect(),
            authority,
        })
    }

    /// What people call it.
    pub(super) fn title<'s>(&'s self, app: &'s App) -> &'s str {
        if self.name == GRAPH {
            return &app.config.title;
        }
        self.authority.about().title.as_deref().unwrap_or(&self.name)
    }

    /// Where it answers.
    pub(super) fn address(&self, app: &App) -> String {
        format!("{}/reconcile/{}", app.place.base(), self.name)
    }
}

/// The longest beginning that the identifiers of the first and of the last entry share, to the end of a part: entries stand
/// in the order of their identifiers, so all between them share it too.
fn space(authority: &Authority) -> String {
    let Some(last) = authority.len().checked_sub(1) else { return String::new() };
    let (first, last) = (authority.entry(EntryId(0)), authority.entry(EntryId(last)));
    let (first, last) = (first.iri(), last.iri());
    let common = first.bytes().zip(last.bytes()).take_while(|(one, other)| one == other).count();
    let end = first.as_bytes().get(..common).unwrap_or_default();
    let end = end.iter().rposition(|byte| matches!(byte, b'/' | b'#')).map_or(0, |at| at + 1);
    first.get(..end).unwrap_or_default().to_owned()
}

/// A folder as it was looked at last: its state, and the service when it could be opened.
struct Seen {
    stamp: Option<SystemTime>,
    service: Option<Arc<Service>>,
}

/// The services that are open.
pub(crate) struct Services {
    mirrors: PathBuf,
    open: Mutex<BTreeMap<PathBuf, Seen>>,
}

impl Services {
    pub(crate) fn new(home: &Path) -> Self {
        Self { mirrors: home.join("authorities"), open: Mutex::default() }
    }

    /// The service of a name.
    pub(super) fn named(&self, name: &str, generation: &Generation) -> Option<Arc<Service>> {
        if name == GRAPH {
            return self.at(GRAPH, &generation.folder.join("entities"));
        }
        // The folder is listed rather than the name trusted.
        self.names().into_iter().find(|known| known == name).and_then(|name| self.mirror(&name))
    }

    /// All services, the graph's own first.
    pub(super) fn all(&self, generation: &Generation) -> Vec<Arc<Service>> {
        let own = self.at(GRAPH, &generation.folder.join("entities"));
        own.into_iter().chain(self.names().iter().filter_map(|name| self.mirror(name))).collect()
    }

    /// The entities of the graph with all their names.
    pub(crate) fn entities(&self, generation: &Generation) -> Option<Authority> {
        self.named(GRAPH, generation).map(|service| service.authority.clone())
    }

    /// The identifier of some entity of the graph.
    pub(crate) fn example(&self, generation: &Generation) -> Option<String> {
        let service = self.named(GRAPH, generation).filter(|service| !service.authority.is_empty())?;
        Some(service.authority.entry(EntryId(0)).iri().into_owned())
    }

    fn names(&self) -> Vec<String> {
        let Ok(folder) = std::fs::read_dir(&self.mirrors) else { return Vec::new() };
        let mut names: Vec<String> = folder
            .flatten()
            .filter(|entry| entry.path().join("about.json").is_file())
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| name != GRAPH)
            .collect();
        names.sort_unstable();
        names
    }

    fn mirror(&self, name: &str) -> Option<Arc<Service>> {
        self.at(name, &self.mirrors.join(name))
    }

    fn at(&self, name: &str, folder: &Path) -> Option<Arc<Service>> {
        let stamp = std::fs::metadata(folder.join("about.json")).and_then(|about| about.modified()).ok();
        stamp?;
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(seen) = open.get(folder)
            && seen.stamp == stamp
        {
            return seen.service.clone();
        }
        let service = Service::open(name, folder).map(Arc::new);
        // What is no more on the disk is closed.
        open.retain(|folder, _| folder.is_dir());
        open.insert(folder.to_owned(), Seen { stamp, service: service.clone() });
        service
    }
}
