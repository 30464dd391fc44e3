//! A METS document of any size: on a tape, with an index, described part by part.
//!
//! METS says what a file is in four places: the section of files, the administrative sections before it, the structure
//! after it, and descriptive sections. A document is read once, its events go onto a [`Tape`], and the [`Index`] keeps what
//! has to be known of all of it. What is small is then put together again and described as one. What is large is described
//! in stretches of the tape: some files with the sections that they name, some divisions with theirs. Each makes a document
//! that says a part of what the whole would say.

mod gather;
mod index;
#[cfg(test)]
mod tests;

pub(super) use gather::read;
pub(super) use index::Index;

use super::premis;
use super::record::{IdentifiedBy, identified};
use crate::shared::core::{EdmType, Sector};
use crate::shared::record_name::Namer;
use crate::shared::xml::{Address, Element, Note, Player, Splice, Tape};
use graph_model::Position;
use index::{NONE, hash};
use std::collections::HashSet;

/// How many elements, attributes and texts a package has that is described as one.
pub(super) const WHOLE: usize = 192 << 10;
/// How many of them a part of a larger one has, about.
pub(super) const PART: usize = 3_000;
/// How many bytes a package may take when it is packed.
const LIMIT: usize = 512 << 20;
/// How many sections that nothing names are told together.
const TOGETHER: usize = 100;

/// What a stretch is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Files,
    Structure,
    Links,
}

/// A part of the tape that is told together.
#[derive(Debug)]
pub(super) struct Stretch {
    pub(super) of: Of,
    from: Address,
    to: Address,
    /// What is open where it begins: groups, or a map with divisions, with their numbers.
    pub(super) context: Vec<(Address, usize)>,
    /// How many divisions the innermost of these had before.
    pub(super) next: usize,
    /// How many files and groups stand before.
    pub(super) files: usize,
    pub(super) groups: usize,
    /// Whether a map begins here.
    pub(super) begins: bool,
}

/// A METS document on a tape.
#[derive(Debug, Default)]
pub(super) struct Package {
    tape: Tape,
    pub(super) index: Index,
    root: Address,
    /// What stands directly in the root and is no section.
    units: Vec<Address>,
    /// What is around sections: the elements to be opened, and the hash of the identifier.
    groups: Vec<Vec<Address>>,
    group_ids: Vec<u64>,
    /// The maps with their outermost divisions.
    heads: Vec<(Address, Vec<Address>)>,
    pub(super) stretches: Vec<Stretch>,
    pub(super) position: Position,
    pub(super) notes: Vec<Note>,
    pub(super) delivery: Option<Box<(String, bool)>>,
    pub(super) local: Option<(String, IdentifiedBy)>,
}

/// A part of a package put together.
pub(super) struct Built {
    pub(super) element: Element,
    /// The numbers of its administrative sections, and whether each is told elsewhere.
    pub(super) sections: Vec<(usize, bool)>,
    /// The kinds of embedded metadata that are named elsewhere.
    pub(super) unread: HashSet<String>,
}

impl Package {
    /// Whether it is described as one.
    pub(super) fn is_small(&self, whole: usize) -> bool {
        self.tape.parts() <= whole
    }

    /// All of it as one element.
    pub(super) fn whole(&self) -> Element {
        let player = Player::new(&self.tape);
        let mut splice = Splice::with(&player, self.root, self.position);
        splice.rest(self.root);
        let mut element = splice.finish();
        element.note(self.notes.clone());
        element
    }

    pub(super) fn sector(&self) -> Sector {
        self.index.sector.unwrap_or(Sector::Archive)
    }

    pub(super) fn edm_type(&self) -> Option<EdmType> {
        self.index.media.most()
    }

    /// Gives names to what is named from elsewhere, once everything is read. What is described as one needs none.
    pub(super) fn name(&mut self) {
        let (tape, index) = (&self.tape, &mut self.index);
        let player = Player::new(tape);
        index.sort();
        for (number, stretch) in self.stretches.iter().enumerate() {
            // A file without ID is called by its first address.
            let mut waiting: Option<String> = None;
            player.tags(stretch.from, stretch.to, &mut |name, attributes| {
                let own =
                    |wanted: &str| attributes.clone().find(|(met, _)| *met == wanted).map(|(_, value)| value);
                let admin = own("ADMID").or_else(|| own("MDID")).unwrap_or_default();
                match name {
                    "file" => {
                        let id = own("ID").map(str::trim).filter(|id| !id.is_empty());
                        match id {
                            Some(id) => index.claim(admin, id),
                            None => waiting = Some(admin.to_owned()),
                        }
                    }
                    "FLocat" => {
                        let href = own("xlink:href").or_else(|| own("LOCREF")).map(str::trim);
                        if let Some(href) = href.filter(|href| !href.is_empty())
                            && let Some(admin) = waiting.take()
                        {
                            index.claim(&admin, &graph_model::content_key(&[href]));
                        }
                    }
                    _ => {}
                }
                if matches!(name, "file" | "fileGrp" | "stream" | "div" | "area") {
                    index.used(admin, number as u32);
                    index.used(own("DMDID").unwrap_or_default(), number as u32);
                }
            });
        }
        for section in index.unclaimed() {
            let mut splice = Splice::with(&player, self.root, self.position);
            splice.element(index.sections[section as usize].at);
            let element = splice.finish();
            let mut entities = Vec::new();
            for data in element.root().elements().flat_map(|section| section.path("mdWrap/xmlData")) {
                premis::entities(data, &mut entities);
            }
            index.name_unclaimed(section, &entities);
        }
        index.close();
        self.identify();
    }

    fn identify(&mut self) {
        let head = self.head(&Player::new(&self.tape), &[]);
        let by_content = || {
            let (player, mut namer) = (Player::new(&self.tape), Namer::default());
            player.texts(self.root, self.tape.address(), &mut |text| namer.add(text));
            player.tags(self.root, self.tape.address(), &mut |_, attributes| {
                attributes.for_each(|(_, value)| namer.add(value));
            });
            namer.finish()
        };
        self.local = identified(head.root(), by_content).map(|(id, by)| (id.into_owned(), by));
    }

    /// What its parts tell, in their order. The first is the head.
    pub(super) fn plans(&self) -> Vec<PartOf> {
        let mut plans = vec![PartOf::Head];
        let sections = &self.index.sections;
        let unnamed = |section: &index::Section| section.first == NONE && !section.descriptive;
        let mut begin = None;
        let mut count = 0;
        for (number, _) in sections.iter().enumerate().filter(|(_, section)| unnamed(section)) {
            let from = *begin.get_or_insert(number as u32);
            count += 1;
            if count == TOGETHER {
                plans.push(PartOf::Sections(from, number as u32 + 1));
                (begin, count) = (None, 0);
            }
        }
        plans.extend(begin.map(|from| PartOf::Sections(from, sections.len() as u32)));
        plans.extend((0..self.stretches.len()).map(PartOf::Stretch));
        plans
    }

    /// The package itself, with the descriptive sections that are about it.
    fn head(&self, player: &Player<'_>, sections: &[u32]) -> Element {
        let mut splice = Splice::with(player, self.root, self.position);
        self.units.iter().for_each(|unit| splice.element(*unit));
        self.add_sections(&mut splice, sections);
        for (map, divisions) in &self.heads {
            splice.open(*map);
            for division in divisions {
                splice.open(*division);
                splice.close();
            }
            splice.close();
        }
        let mut element = splice.finish();
        element.note(self.notes.clone());
        element
    }

    fn add_sections(&self, splice: &mut Splice<'_, '_>, sections: &[u32]) {
        for section in sections.iter().filter_map(|number| self.index.sections.get(*number as usize)) {
            let around = self.groups.get(section.group as usize).map_or(&[][..], Vec::as_slice);
            around.iter().for_each(|at| splice.open(*at));
            splice.element(section.at);
            around.iter().for_each(|_| splice.close());
        }
    }

    /// Puts a part together.
    pub(super) fn build(&self, part: PartOf) -> Built {
        let player = Player::new(&self.tape);
        let all = &self.index.sections;
        let unnamed = |descriptive: bool| {
            let all = all.iter().enumerate();
            all.filter(move |(_, section)| section.descriptive == descriptive && section.first == NONE)
                .map(|(number, _)| number as u32)
        };
        let (sections, element) = match part {
            PartOf::Head => {
                let mut sections: Vec<u32> = unnamed(true).collect();
                let mut of_item: Vec<u32> = self.index.named_by_hash(&self.index.of_item);
                of_item.retain(|number| all[*number as usize].descriptive);
                sections.append(&mut of_item);
                sections.sort_unstable();
                sections.dedup();
                let element = self.head(&player, &sections);
                (sections, element)
            }
            PartOf::Sections(from, to) => {
                let sections: Vec<u32> = unnamed(false)
                    .skip_while(|number| *number < from)
                    .take_while(|number| *number < to)
                    .collect();
                let mut splice = Splice::with(&player, self.root, self.position);
                self.add_sections(&mut splice, &sections);
                (sections, splice.finish())
            }
            PartOf::Stretch(number) => self.build_stretch(&player, number),
        };
        let here = |section: &index::Section| match part {
            PartOf::Stretch(number) => section.first == number as u32,
            PartOf::Head | PartOf::Sections(..) => true,
        };
        let is_here = |number: &u32| here(&all[*number as usize]);
        let first: Vec<u32> = sections.iter().copied().filter(is_here).collect();
        let administrative = sections.iter().filter(|number| !all[**number as usize].descriptive);
        Built {
            element,
            unread: self.index.kinds_elsewhere(&first).collect(),
            sections: administrative.map(|number| (*number as usize, !is_here(number))).collect(),
        }
    }

    fn build_stretch(&self, player: &Player<'_>, number: usize) -> (Vec<u32>, Element) {
        let stretch = &self.stretches[number];
        let mut sections: Vec<u32> = Vec::new();
        let mut seen = HashSet::new();
        player.tags(stretch.from, stretch.to, &mut |name, attributes| {
            if !matches!(name, "file" | "fileGrp" | "stream" | "div" | "area") {
                return;
            }
            for (_, ids) in attributes.filter(|(name, _)| matches!(*name, "ADMID" | "DMDID" | "MDID")) {
                for id in ids.split_ascii_whitespace().filter(|id| seen.insert(hash(id))) {
                    sections.extend(self.index.named(id));
                }
            }
        });
        sections.sort_unstable();
        sections.dedup();
        let mut splice = Splice::with(player, self.root, self.position);
        self.add_sections(&mut splice, &sections);
        match stretch.of {
            Of::Files => splice.own("fileSec"),
            Of::Links => splice.own("structLink"),
            Of::Structure => {}
        }
        stretch.context.iter().for_each(|(at, _)| splice.open(*at));
        splice.stretch(stretch.from, stretch.to);
        (sections, splice.finish())
    }
}

/// One part of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PartOf {
    /// The package itself: header, descriptive metadata.
    Head,
    /// The sections from one number up to another that nothing names.
    Sections(u32, u32),
    /// A stretch.
    Stretch(usize),
}
