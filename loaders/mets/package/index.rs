//! What each part of a large package has to know of all others: which identifiers there are, what they name, who speaks
//! of a section first. Identifiers are kept as hashes of 64 bits; two of a package that fall together are less likely
//! than a fault of the memory they stand in.

use crate::mets::describe::Media;
use crate::mets::draft::Identifier;
use crate::mets::premis::{self, Entity, Kind};
use crate::shared::core::Sector;
use crate::shared::xml::{Address, ElementRef};
use graph_model::encode_segment;
use std::collections::{HashMap, HashSet};
use xxhash_rust::xxh3::xxh3_64;

/// No place.
pub(super) const NONE: u32 = u32::MAX;

/// A section of metadata.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) at: Address,
    /// What is around it, in the list of groups.
    pub(super) group: u32,
    /// The first stretch that names it.
    pub(super) first: u32,
    pub(super) descriptive: bool,
}

/// An object of PREMIS in a section: what it is called, and where its keys begin.
#[derive(Debug)]
struct Object {
    section: u32,
    keys: u32,
    name: u32,
    file: bool,
}

/// See the module.
#[derive(Debug, Default)]
pub(in crate::mets) struct Index {
    pub(super) sections: Vec<Section>,
    /// The sections by the hashes of their identifiers and of those of what is around them.
    section_ids: Vec<(u64, u32)>,
    /// Files by their identifiers, with their numbers.
    pub(super) files: Vec<(u64, u32)>,
    pub(super) groups: Vec<u64>,
    pub(super) divisions: Vec<u64>,
    objects: Vec<Object>,
    object_keys: Vec<u64>,
    /// The objects by the hashes of their identifiers.
    by_key: Vec<(u64, u32)>,
    names: String,
    name_ends: Vec<u32>,
    /// The fragments of all that PREMIS describes.
    told: Vec<u64>,
    linked_agents: HashSet<u64>,
    linked_events: HashSet<u64>,
    /// The descriptive sections that are about the package itself.
    pub(super) of_item: HashSet<u64>,
    /// The kinds of embedded metadata, with the first section of each.
    kinds: HashMap<String, u32>,
    pub(super) sector: Option<Sector>,
    pub(super) media: Media,
    /// The numbers of the first file with an address that is content, and that is a preview.
    pub(in crate::mets) shown_by: Option<u32>,
    pub(in crate::mets) preview: Option<u32>,
}

pub(super) fn hash(text: &str) -> u64 {
    xxh3_64(text.as_bytes())
}

/// The hash of a fragment as it stands in an IRI.
fn fragment(name: &str) -> u64 {
    let mut encoded = String::with_capacity(name.len() + 8);
    encode_segment(name, &mut encoded);
    hash(&encoded)
}

impl Index {
    /// Notes a section and gives its number.
    pub(super) fn section(
        &mut self,
        section: ElementRef<'_>,
        at: Address,
        group: Option<u32>,
        group_id: u64,
        descriptive: bool,
    ) -> u32 {
        let number = self.sections.len() as u32;
        let id = section.attribute("ID").map_or(0, |id| hash(id.trim()));
        for id in [id, group_id] {
            if id != 0 && self.section_ids.last() != Some(&(id, number)) {
                self.section_ids.push((id, number));
            }
        }
        self.sections.push(Section { at, group: group.unwrap_or(NONE), first: NONE, descriptive });
        number
    }

    /// Notes that a section has embedded metadata of a kind.
    pub(super) fn met_first(&mut self, kind: &str, element: &str, section: u32) {
        let kind = if kind.is_empty() { element } else { kind };
        let key = format!("{kind} {element}");
        self.kinds.entry(key).or_insert(section);
    }

    /// Notes what PREMIS describes in a section.
    pub(super) fn entity(&mut self, entity: &Entity<'_>, section: u32) {
        let (word, name) = match entity.kind {
            Kind::Object => {
                self.object(entity.element, section);
                return;
            }
            Kind::Event => ("event", "eventIdentifier"),
            Kind::Agent => ("agent", "agentIdentifier"),
            Kind::Rights => ("rights", "rightsStatementIdentifier"),
        };
        let named =
            |word: &str, identifier: &Identifier<'_>| fragment(&format!("{word}-{}", identifier.key()));
        if let Some(first) = premis::identifiers(entity.element, name).next() {
            self.told.push(named(word, &first));
        }
        if matches!(entity.kind, Kind::Event | Kind::Rights) {
            let links = entity.element.children("linkingAgentIdentifier").filter_map(premis::identifier);
            self.linked_agents.extend(links.map(|link| named("agent", &link)));
        }
    }

    fn object(&mut self, object: ElementRef<'_>, section: u32) {
        let keys = self.object_keys.len() as u32;
        let file = premis::category(object) == "file";
        let mut name = NONE;
        for identifier in premis::identifiers(object, "objectIdentifier") {
            let key = identifier.key();
            if key.is_empty() {
                continue;
            }
            self.object_keys.extend([hash(&key), hash(&identifier.value_key())]);
            if !file && name == NONE {
                name = self.name(&format!("object-{key}"));
            }
        }
        for relationship in object.children("relationship") {
            let events =
                relationship.elements().filter(|part| part.name().starts_with("relatedEventIdentif"));
            let events = events.filter_map(premis::identifier);
            self.linked_events.extend(events.map(|event| fragment(&format!("event-{}", event.key()))));
        }
        self.objects.push(Object { section, keys, name, file });
    }

    fn name(&mut self, name: &str) -> u32 {
        self.names.push_str(name);
        self.name_ends.push(self.names.len() as u32);
        (self.name_ends.len() - 1) as u32
    }

    /// The sections that the identifiers of an attribute lead to.
    pub(super) fn named(&self, ids: &str) -> Vec<u32> {
        let mut found: Vec<u32> = Vec::new();
        for id in ids.split_ascii_whitespace().map(hash) {
            let from = self.section_ids.partition_point(|(known, _)| *known < id);
            let met = self.section_ids[from..].iter().take_while(|(known, _)| *known == id);
            for (_, section) in met {
                if !found.contains(section) {
                    found.push(*section);
                }
            }
        }
        found
    }

    /// The sections with identifiers of these hashes.
    pub(super) fn named_by_hash(&self, ids: &HashSet<u64>) -> Vec<u32> {
        let met = self.section_ids.iter().filter(|(id, _)| ids.contains(id));
        met.map(|(_, section)| *section).collect()
    }

    /// Sorts what was gathered, before names are given.
    pub(super) fn sort(&mut self) {
        self.section_ids.sort_unstable();
        self.files.sort_unstable();
        self.groups.sort_unstable();
        self.divisions.sort_unstable();
        self.section_ids.shrink_to_fit();
        self.files.shrink_to_fit();
        self.divisions.shrink_to_fit();
    }

    /// The object that tells what a file is gets the name of the file.
    pub(super) fn claim(&mut self, ids: &str, file: &str) {
        for section in self.named(ids) {
            let from = self.objects.partition_point(|object| object.section < section);
            let of_it = self.objects[from..].iter().take_while(|object| object.section == section);
            if let Some(at) = of_it.clone().position(|object| object.file).map(|at| from + at) {
                if self.objects[at].name == NONE {
                    self.objects[at].name = self.name(&format!("file-{file}"));
                }
                return;
            }
        }
    }

    /// Notes that a stretch names sections.
    pub(super) fn used(&mut self, ids: &str, stretch: u32) {
        for section in self.named(ids) {
            let first = &mut self.sections[section as usize].first;
            *first = (*first).min(stretch);
        }
    }

    /// The objects that are files by their category and that no file names, to be named by their identifiers.
    pub(super) fn unclaimed(&self) -> Vec<u32> {
        let objects = self.objects.iter().enumerate();
        let mut sections: Vec<u32> = objects
            .filter(|(_, object)| object.file && object.name == NONE)
            .map(|(_, object)| object.section)
            .collect();
        sections.dedup();
        sections
    }

    /// Names the unclaimed objects of a section, given all of them.
    pub(super) fn name_unclaimed(&mut self, section: u32, entities: &[Entity<'_>]) {
        let from = self.objects.partition_point(|object| object.section < section);
        let objects = entities.iter().filter(|entity| entity.kind == Kind::Object);
        for (at, entity) in (from..self.objects.len()).zip(objects) {
            if self.objects[at].name != NONE {
                continue;
            }
            let first = premis::identifiers(entity.element, "objectIdentifier").next();
            if let Some(key) = first.map(|first| first.key()).filter(|key| !key.is_empty()) {
                self.objects[at].name = self.name(&format!("object-{key}"));
            }
        }
    }

    /// Makes the tables by which names are found.
    pub(super) fn close(&mut self) {
        for at in 0..self.objects.len() {
            let Object { keys, name, .. } = self.objects[at];
            if name == NONE {
                continue;
            }
            let end = self.objects.get(at + 1).map_or(self.object_keys.len(), |next| next.keys as usize);
            let keys = &self.object_keys[keys as usize..end];
            self.by_key.extend(keys.iter().map(|key| (*key, name)));
            self.told.push(fragment(self.name_at(name)));
        }
        self.objects = Vec::new();
        self.object_keys = Vec::new();
        // The first to say what it is is right.
        self.by_key.sort_unstable();
        self.by_key.dedup_by_key(|(key, _)| *key);
        self.by_key.shrink_to_fit();
        self.told.sort_unstable();
        self.told.shrink_to_fit();
        self.names.shrink_to_fit();
    }

    fn name_at(&self, name: u32) -> &str {
        let end = self.name_ends[name as usize] as usize;
        let begin = name.checked_sub(1).map_or(0, |before| self.name_ends[before as usize] as usize);
        &self.names[begin..end]
    }

    /// The fragment of the object with this key of an identifier.
    pub(in crate::mets) fn object_named(&self, key: &str) -> Option<&str> {
        let key = hash(key);
        let at = self.by_key.binary_search_by_key(&key, |(known, _)| *known).ok()?;
        Some(self.name_at(self.by_key[at].1))
    }

    /// Whether PREMIS describes what a fragment stands for.
    pub(in crate::mets) fn is_told(&self, fragment: &str) -> bool {
        self.told.binary_search(&hash(fragment)).is_ok()
    }

    /// Whether an event or right names the agent.
    pub(in crate::mets) fn agent_is_linked(&self, fragment: &str) -> bool {
        self.linked_agents.contains(&hash(fragment))
    }

    /// Whether an object names the event with what it became.
    pub(in crate::mets) fn event_is_linked(&self, fragment: &str) -> bool {
        self.linked_events.contains(&hash(fragment))
    }

    /// Whether a stretch is the first to name a section with this identifier.
    pub(in crate::mets) fn is_first(&self, id: &str, stretch: usize) -> bool {
        self.named(id).iter().any(|section| self.sections[*section as usize].first == stretch as u32)
    }

    /// The number of the first file with this identifier.
    pub(in crate::mets) fn file(&self, id: &str) -> Option<u32> {
        let id = hash(id);
        let at = self.files.partition_point(|(known, _)| *known < id);
        self.files.get(at).filter(|(known, _)| *known == id).map(|(_, number)| *number)
    }

    /// Whether a group has this identifier.
    pub(in crate::mets) fn has_group(&self, id: &str) -> bool {
        self.groups.binary_search(&hash(id)).is_ok()
    }

    /// Whether a division has this identifier.
    pub(in crate::mets) fn has_division(&self, id: &str) -> bool {
        self.divisions.binary_search(&hash(id)).is_ok()
    }

    /// The kinds of embedded metadata whose first section is none of these.
    pub(super) fn kinds_elsewhere(&self, here: &[u32]) -> impl Iterator<Item = String> {
        let elsewhere = self.kinds.iter().filter(|(_, section)| here.binary_search(section).is_err());
        elsewhere.map(|(kind, _)| kind.clone())
    }
}
