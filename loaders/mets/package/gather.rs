//! A METS document onto a tape, with what its end has to know of its beginning.

use super::index::{Index, hash};
use super::{Of, Package, Stretch};
use crate::mets::premis::{self, Kind};
use crate::mets::{administrative, descriptive, files, technical};
use crate::shared::xml::{Address, Element, ElementRef, Event, Note, Reader, Start, XmlError, limits};
use graph_model::Position;

/// What an open element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Mets,
    /// `amdSec`, or `mdSec` and `mdGrp` of METS 2: around sections.
    Sections,
    Files,
    Group,
    Structures,
    Map,
    Division,
    Links,
}

#[derive(Debug)]
struct Open {
    what: What,
    at: Address,
    /// The how-manieth map of the document, or division of what is around.
    number: usize,
    /// How many divisions it has so far.
    divisions: usize,
    /// Of a group: what its files are for; of a group at the top, whether they are content.
    purpose: String,
    content: bool,
    /// Of what is around sections: its place in the list of groups.
    group: u32,
}

/// Reads the `mets` element whose start was the last event. `part` is about how many elements, attributes and texts are
/// described together where it is not small.
pub(in crate::mets) fn read(
    reader: &mut Reader<'_>,
    nested: fn(&Start<'_>) -> bool,
    part: usize,
) -> Result<Package, XmlError> {
    let start = reader.start();
    let position = Position { record: 0, byte: start.byte(), line: Some(start.line()) };
    let mut gather = Gather { notes: reader.take_notes(), part, ..Gather::default() };
    gather.root(&reader.start());
    while !gather.open.is_empty() {
        match reader.next()? {
            Event::Start(start) if nested(&start) => return Err(reader.nested()),
            Event::Start(start) => {
                let Some(what) = gather.holds(start.name()) else {
                    let element = reader.grow(nested)?;
                    gather.note(element.notes());
                    gather.unit(&element);
                    if gather.package.tape.bytes() > super::LIMIT {
                        let met = format!("an element of more than {} bytes packed", super::LIMIT);
                        return Err(reader.too_large(met, format!("at most {} bytes packed", super::LIMIT)));
                    }
                    continue;
                };
                gather.begin(what, &start);
            }
            Event::End(_) => gather.end(),
            Event::Text(_) => {}
            Event::Eof => break,
        }
    }
    let mut notes = reader.take_notes();
    notes.retain(|note| !gather.notes.contains(note));
    gather.notes.append(&mut notes);
    gather.notes.truncate(limits::NOTES);
    let mut package = gather.package;
    package.position = position;
    package.notes = gather.notes;
    Ok(package)
}

#[derive(Debug, Default)]
struct Gather {
    package: Package,
    notes: Vec<Note>,
    open: Vec<Open>,
    stretch: Option<(Stretch, usize)>,
    part: usize,
    maps: usize,
    files: usize,
    groups: usize,
}

impl Gather {
    fn note(&mut self, notes: &[Note]) {
        for note in notes {
            if self.notes.len() < limits::NOTES && !self.notes.contains(note) {
                self.notes.push(note.clone());
            }
        }
    }

    fn index(&mut self) -> &mut Index {
        &mut self.package.index
    }

    fn root(&mut self, start: &Start<'_>) {
        self.package.root = self.package.tape.address();
        self.package.tape.start(start);
        self.push(What::Mets, self.package.root);
    }

    fn push(&mut self, what: What, at: Address) {
        let (purpose, content, group) = self.open.last().map_or((String::new(), true, 0), |around| {
            (around.purpose.clone(), around.content, around.group)
        });
        self.open.push(Open { what, at, number: 0, divisions: 0, purpose, content, group });
    }

    /// What an element with this name is if what is in it stands on the tape piece by piece.
    fn holds(&self, name: &str) -> Option<What> {
        Some(match (self.open.last()?.what, name) {
            (What::Mets, "amdSec" | "mdSec") | (What::Sections, "mdGrp") => What::Sections,
            (What::Mets, "fileSec") => What::Files,
            (What::Files | What::Group, "fileGrp") => What::Group,
            (What::Mets, "structSec") => What::Structures,
            (What::Mets | What::Structures, "structMap") => What::Map,
            (What::Map | What::Division, "div") => What::Division,
            (What::Mets, "structLink") => What::Links,
            _ => return None,
        })
    }

    /// Begins a stretch unless one is under way.
    fn stretch(&mut self, of: Of) {
        if self.stretch.is_some() {
            return;
        }
        let from = self.package.tape.address();
        let inside = |open: &&Open| matches!(open.what, What::Group | What::Map | What::Division);
        let context = self.open.iter().filter(inside).map(|open| (open.at, open.number)).collect();
        let next = self.open.last().map_or(0, |open| open.divisions);
        let (files, groups) = (self.files, self.groups);
        let stretch = Stretch { of, from, to: from, context, next, files, groups, begins: false };
        self.stretch = Some((stretch, self.package.tape.parts()));
    }

    /// Ends the stretch that is under way; without force only where it is long enough.
    fn cut(&mut self, force: bool) {
        let (parts, enough) = (self.package.tape.parts(), self.part);
        if let Some((mut stretch, _)) = self.stretch.take_if(|(_, began)| force || parts - *began >= enough) {
            stretch.to = self.package.tape.address();
            self.package.stretches.push(stretch);
        }
    }

    fn begin(&mut self, what: What, start: &Start<'_>) {
        match what {
            What::Group => self.stretch(Of::Files),
            What::Division => self.stretch(Of::Structure),
            _ => {}
        }
        let at = self.package.tape.address();
        self.package.tape.start(start);
        let own = |name: &str| start.attribute(name).map(str::trim).filter(|value| !value.is_empty());
        let number = match what {
            What::Map => {
                self.maps += 1;
                self.maps
            }
            What::Division => self.open.last_mut().map_or(0, |around| {
                around.divisions += 1;
                around.divisions
            }),
            _ => 0,
        };
        let depth = self.open.iter().filter(|open| open.what == What::Division).count();
        let top = self.open.last().is_some_and(|open| open.what == What::Files);
        self.push(what, at);
        let Some(open) = self.open.last_mut() else { return };
        open.number = number;
        match what {
            What::Sections => {
                let mut around = self.package.groups.get(open.group as usize).cloned().unwrap_or_default();
                if self.open.len() == 2 {
                    around = Vec::new();
                }
                around.push(at);
                let outer = self.open.iter().rev().nth(1).filter(|outer| outer.what == What::Sections);
                let inherited = outer.map_or(0, |outer| self.package.group_ids[outer.group as usize]);
                self.package.group_ids.push(own("ID").map_or(inherited, hash));
                self.package.groups.push(around);
                if let Some(open) = self.open.last_mut() {
                    open.group = (self.package.groups.len() - 1) as u32;
                }
            }
            What::Group => {
                self.groups += 1;
                if let Some(purpose) = start.attribute("USE").filter(|purpose| !purpose.is_empty()) {
                    purpose.clone_into(&mut open.purpose);
                }
                if top {
                    open.content = files::is_content_use(start.attribute("USE").unwrap_or_default());
                }
                if let Some(id) = own("ID") {
                    self.index().groups.push(hash(id));
                }
            }
            What::Map => {
                self.package.heads.push((at, Vec::new()));
                self.stretch(Of::Structure);
                if let Some((stretch, _)) = &mut self.stretch {
                    stretch.begins = true;
                }
            }
            What::Division => {
                if let Some(id) = own("ID") {
                    self.index().divisions.push(hash(id));
                }
                let label = start.attribute("LABEL").or_else(|| start.attribute("xlink:label"));
                if depth == 0 || depth == 1 && label == Some("Metadata") {
                    let ids = start.attribute("DMDID").or_else(|| start.attribute("MDID"));
                    let ids = ids.unwrap_or_default().split_ascii_whitespace().map(hash);
                    self.package.index.of_item.extend(ids);
                }
                if depth == 0
                    && let Some((_, divisions)) = self.package.heads.last_mut()
                {
                    divisions.push(at);
                }
            }
            _ => {}
        }
    }

    fn end(&mut self) {
        let Some(open) = self.open.pop() else { return };
        if matches!(open.what, What::Files | What::Map | What::Links) {
            self.cut(true);
        }
        self.package.tape.end();
        if matches!(open.what, What::Group | What::Division) {
            self.cut(false);
        }
    }

    fn unit(&mut self, element: &Element) {
        let Some(around) = self.open.last() else { return };
        let root = element.root();
        let what = around.what;
        match what {
            What::Files | What::Group => self.stretch(Of::Files),
            What::Map | What::Division => self.stretch(Of::Structure),
            What::Links => self.stretch(Of::Links),
            _ => {}
        }
        let at = self.package.tape.address();
        match what {
            What::Mets if root.name() == "dmdSec" => self.section(root, at, true),
            What::Mets => self.package.units.push(at),
            What::Sections => match root.name() {
                "techMD" | "rightsMD" | "sourceMD" | "digiprovMD" => self.section(root, at, false),
                "md" => self.section(root, at, descriptive::is_descriptive(root)),
                _ => {}
            },
            What::Files | What::Group if root.name() == "file" => self.file(root),
            _ => {}
        }
        self.package.tape.element(element);
        self.cut(false);
    }

    fn section(&mut self, section: ElementRef<'_>, at: Address, descriptive: bool) {
        let Some(around) = self.open.last() else { return };
        let group = (around.what == What::Sections).then_some(around.group);
        let group_id = group.map_or(0, |group| self.package.group_ids[group as usize]);
        let number = self.index().section(section, at, group, group_id, descriptive);
        if descriptive {
            let sector = descriptive::sector_of(section);
            let index = self.index();
            index.sector = index.sector.or(sector);
        }
        for wrap in section.children("mdWrap") {
            let mut any = false;
            for content in wrap.path("xmlData").flat_map(ElementRef::elements) {
                any = true;
                if !technical::is_technical(content) {
                    self.index().met_first(administrative::kind(wrap), content.name(), number);
                }
            }
            if descriptive || !any {
                self.index().met_first(administrative::kind(wrap), "binData", number);
            }
            if descriptive {
                continue;
            }
            let mut entities = Vec::new();
            wrap.children("xmlData").for_each(|data| premis::entities(data, &mut entities));
            for entity in &entities {
                self.index().entity(entity, number);
                if entity.kind == Kind::Object && section.name() == "techMD" {
                    let way = "objectCharacteristics/format/formatDesignation/formatName";
                    let names = entity.element.path(way);
                    names.for_each(|name| self.package.index.media.count(&name.text()));
                }
            }
        }
    }

    fn file(&mut self, file: ElementRef<'_>) {
        let (content, around) = self.open.last().map_or((true, ""), |open| (open.content, &open.purpose));
        let inner = file.descendants().filter(|element| element.name() == "file");
        for file in std::iter::once(file).chain(inner) {
            let index = &mut self.package.index;
            if content {
                index.media.count(file.attribute("MIMETYPE").unwrap_or_default());
            }
            let purpose = file.attribute("USE").filter(|own| !own.is_empty()).unwrap_or(around);
            let number = self.files as u32;
            for view in file.children("FLocat").filter_map(|location| files::shown(location, purpose)) {
                let first = if view { &mut index.preview } else { &mut index.shown_by };
                first.get_or_insert(number);
            }
            if let Some(id) = file.attribute("ID").map(str::trim).filter(|id| !id.is_empty()) {
                index.files.push((hash(id), number));
            }
            self.files += 1;
        }
    }
}
