//! Cuts a finding aid into its descriptions, one at a time.
//!
//! A description's own data may go on after its components (`controlaccess` behind `dsc` is common), so it is
//! given when its end tag comes: components before what holds them, the top last. What components need of
//! those above is fixed when the first of them begins; the `did` always stands before it. Memory is the
//! own data of the open descriptions, thus the depth of the tree, and eight bytes a description to tell
//! alike identifiers apart.
//!
//! Envelopes (OAI-PMH, a list of several `ead`) are looked through. A component without a finding aid around
//! it, and a `record` that holds `control` and `did` as some harvests of EAD3 have it, are tops too.

use super::identity::{self, Given, Named};
use super::party::{self, Party};
use super::record::{Context, Header, Identity, Nature, Own, Record};
use super::{dates, describe, header, notes};
use crate::shared::xml::{Event, FaultKind, Reader, Start, XmlError};
use crate::shared::{languages, oai};
use graph_model::{Broken, Delivery, Position};
use std::collections::VecDeque;
use std::io::BufRead;
use std::sync::Arc;

/// How many bytes of input the own data of one description may have.
const LARGEST: u64 = 64 << 20;

/// The descriptions of an input, in order of their end tags.
pub(super) struct Records<'i> {
    reader: Reader<'i>,
    /// The elements around the tops that are open.
    envelope: Vec<Own>,
    open: Vec<Frame>,
    header: Arc<Header>,
    /// How many elements are around the header; when they close it is over.
    header_depth: usize,
    /// How the tag of the finding aid (or of what came without one) is written, and how many elements are around it:
    /// where the reading goes on after a fault.
    unit: Option<(String, usize)>,
    /// The identifiers of all tops of the input, and of the components of the tree that is open.
    tops: Given,
    components: Given,
    ready: VecDeque<Result<Record, Broken>>,
    /// What the envelope of OAI-PMH around the finding aid tells. All its descriptions were delivered in it.
    delivery: Option<Arc<(String, bool)>>,
    count: u64,
    done: bool,
}

/// A description that is open.
struct Frame {
    /// How many elements are open when it is the innermost.
    depth: usize,
    position: Position,
    own: Own,
    size: u64,
    parent: Option<Arc<Context>>,
    /// Its identifier; fixed at the first component or at the end.
    named: Option<Named>,
    /// What it hands down, once it has a component.
    context: Option<Arc<Context>>,
    previous: Option<String>,
    has_components: bool,
    last_component: Option<String>,
}

/// What to do about a start tag.
enum Met {
    Description,
    Header,
    Loose,
    Own,
    Envelope,
    Through,
    Skip,
}

impl<'i> Records<'i> {
    pub(super) fn new(input: Box<dyn BufRead + 'i>) -> Self {
        Self {
            reader: Reader::new(input),
            envelope: Vec::new(),
            open: Vec::new(),
            header: Arc::default(),
            header_depth: 0,
            unit: None,
            tops: Given::default(),
            components: Given::default(),
            ready: VecDeque::new(),
            delivery: None,
            count: 0,
            done: false,
        }
    }

    /// Reads one event and what belongs to it.
    fn step(&mut self) -> Result<(), XmlError> {
        // What is kept for the quarantine begins with the description that is being read.
        if self.open.last().is_none_or(|frame| frame.context.is_some()) {
            self.reader.mark();
        }
        let depth = self.reader.depth();
        match self.reader.next()? {
            Event::Start(start)
                if start.name() == "header"
                    && start.namespace() == oai::NAMESPACE
                    && self.open.is_empty() =>
            {
                let place = Position { record: 0, byte: start.byte(), line: Some(start.line()) };
                self.delivered(place)?;
            }
            Event::Start(start) => {
                if self.open.is_empty() && oai::is_envelope(&start) && start.namespace() == oai::NAMESPACE {
                    self.delivery = None;
                }
                let met = meet(&start, self.open.last(), depth, self.envelope.last());
                let place = || Position { record: 0, byte: start.byte(), line: Some(start.line()) };
                match met {
                    Met::Description => {
                        let (own, place) = (Own::begin(&start), place());
                        if self.open.is_empty() && self.envelope.iter().all(|around| around.name() != "ead") {
                            self.unit = Some((self.reader.written().to_owned(), depth));
                        }
                        self.begin(own, place, depth + 1);
                    }
                    Met::Envelope => {
                        let own = Own::begin(&start);
                        if own.name() == "ead" {
                            self.unit = Some((self.reader.written().to_owned(), depth));
                        }
                        self.envelope.push(own);
                    }
                    Met::Through => {}
                    Met::Skip => self.reader.skip_element()?,
                    Met::Header => {
                        let element = self.reader.element()?;
                        self.header = Arc::new(header::read(element));
                        self.header_depth = depth;
                    }
                    Met::Loose => {
                        let place = place();
                        let own = self.envelope.last_mut().map(std::mem::take).unwrap_or_default();
                        self.unit = Some((own.name().to_owned(), depth.saturating_sub(1)));
                        self.begin(own, place, depth);
                        self.keep(place.byte)?;
                    }
                    Met::Own => {
                        let begin = start.byte();
                        self.keep(begin)?;
                    }
                }
            }
            Event::Text(_) => {}
            Event::End(_) => self.end(),
            Event::Eof => {
                self.done = true;
                if self.count == 0 {
                    self.ready.push_back(Err(nothing()));
                }
            }
        }
        Ok(())
    }

    /// Reads the header of an envelope.
    fn delivered(&mut self, mut position: Position) -> Result<(), XmlError> {
        let header = self.reader.element()?;
        let Some(Delivery { identifier, deleted }) = oai::header(header.root()) else { return Ok(()) };
        self.delivery = Some(Arc::new((identifier.into_owned(), deleted)));
        if deleted {
            self.count += 1;
            position.record = self.count;
            self.ready.push_back(Ok(Record {
                position,
                local: String::new(),
                identity: Identity::Owner,
                own: Own::default(),
                header: Arc::default(),
                parent: None,
                previous: None,
                has_components: false,
                cut_short: false,
                delivery: self.delivery.take(),
            }));
        }
        Ok(())
    }

    /// Reads one element of the innermost description's own data.
    fn keep(&mut self, begin: u64) -> Result<(), XmlError> {
        match self.open.last_mut() {
            Some(frame) if frame.size <= LARGEST => frame.own.read(&mut self.reader)?,
            _ => self.reader.skip_element()?,
        }
        let end = self.reader.byte();
        if let Some(frame) = self.open.last_mut() {
            frame.size += end - begin;
        }
        Ok(())
    }

    fn begin(&mut self, own: Own, mut position: Position, depth: usize) {
        self.count += 1;
        position.record = self.count;
        let last = self.open.len().checked_sub(1);
        let (parent, previous) = match last {
            Some(last) => {
                let context = self.fix(last);
                let above = &mut self.open[last];
                above.has_components = true;
                (Some(context), above.last_component.clone())
            }
            None => {
                self.components.clear();
                (None, None)
            }
        };
        self.open.push(Frame {
            depth,
            position,
            own,
            size: 0,
            parent,
            named: None,
            context: None,
            previous,
            has_components: false,
            last_component: None,
        });
    }

    /// What the description at this depth hands down, fixed now if it was not before.
    fn fix(&mut self, at: usize) -> Arc<Context> {
        let named = self.name(at);
        let frame = &mut self.open[at];
        let parent = frame.parent.as_deref();
        let context = frame.context.get_or_insert_with(|| {
            let level = describe::level(&frame.own, true);
            Arc::new(hand_down(&frame.own, named, level.nature, self.header.language, parent))
        });
        Arc::clone(context)
    }

    /// The identifier of the description at this depth, fixed now if it was not before.
    fn name(&mut self, at: usize) -> Named {
        let (above, from) = self.open.split_at_mut(at);
        let frame = &mut from[0];
        let given = if above.is_empty() { &mut self.tops } else { &mut self.components };
        let name = || given.take(identity::name(&frame.own, &self.header, frame.parent.as_deref()));
        frame.named.get_or_insert_with(name).clone()
    }

    fn end(&mut self) {
        let depth = self.reader.depth();
        if self.open.last().is_some_and(|frame| frame.depth > depth) {
            self.close(None);
        } else if self.open.is_empty() {
            self.envelope.truncate(depth);
        }
        if depth < self.header_depth {
            self.header = Arc::default();
            self.header_depth = 0;
        }
    }

    /// Ends the innermost description; with a fault, because the input broke inside it.
    fn close(&mut self, fault: Option<&XmlError>) {
        let Some(last) = self.open.len().checked_sub(1) else { return };
        let Named { local, identity, .. } = self.name(last);
        let Some(frame) = self.open.pop() else { return };
        if let Some(above) = self.open.last_mut() {
            above.last_component = Some(local.clone());
        }
        if frame.size > LARGEST {
            self.ready.push_back(Err(Broken {
                position: frame.position,
                id: Some(local),
                met: format!("a description of {} bytes without its components", frame.size),
                expected: format!("at most {LARGEST} bytes").into(),
                raw: Vec::new(),
            }));
            return;
        }
        self.ready.push_back(Ok(Record {
            position: frame.position,
            local,
            identity,
            own: frame.own,
            header: Arc::clone(&self.header),
            parent: frame.parent,
            previous: frame.previous,
            has_components: frame.has_components,
            cut_short: fault.is_some(),
            delivery: self.delivery.clone(),
        }));
    }

    /// After a fault nothing more can be placed in this tree. The description that was being read goes to quarantine with
    /// what follows it, up to the next finding aid; those that hold it are whole but for what would have followed, and
    /// are given.
    fn fail(&mut self, error: &XmlError) {
        let mut position = Position { record: 0, byte: error.byte, line: Some(error.line) };
        let mut id = None;
        if let Some(last) = self.open.len().checked_sub(1)
            && self.open[last].context.is_none()
        {
            // Half a description can only be named by what its owner called it.
            let named = self.name(last);
            id = (named.identity == Identity::Owner).then_some(named.local);
            position = self.open.pop().map_or(position, |frame| frame.position);
        }
        let lost = matches!(error.kind, FaultKind::Refused | FaultKind::Io);
        let unit = self.unit.clone().filter(|_| !lost);
        let (raw, found) = match &unit {
            Some((name, depth)) => self.reader.resynchronise(name, *depth),
            None => (self.reader.take_marked(), false),
        };
        let met = if position.byte == error.byte {
            error.met.clone()
        } else {
            format!("{} at byte {}, line {}", error.met, error.byte, error.line)
        };
        self.ready.push_back(Err(Broken { position, id, met, expected: error.expected.clone(), raw }));
        while !self.open.is_empty() {
            self.close(Some(error));
        }
        self.done = !found;
        self.envelope.truncate(unit.map_or(0, |(_, depth)| depth));
        self.header = Arc::default();
        self.header_depth = 0;
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Record, Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(record) = self.ready.pop_front() {
                return Some(record);
            }
            if self.done {
                return None;
            }
            if let Err(error) = self.step() {
                self.fail(&error);
            }
        }
    }
}

/// Whether the element is a component: `c`, `c01` to `c12`.
pub(super) fn is_component(name: &str) -> bool {
    match name.as_bytes() {
        [b'c'] => true,
        [b'c', tens @ b'0'..=b'1', ones @ b'0'..=b'9'] => {
            (1..=12).contains(&((tens - b'0') * 10 + (ones - b'0')))
        }
        _ => false,
    }
}

fn meet(start: &Start<'_>, frame: Option<&Frame>, depth: usize, around: Option<&Own>) -> Met {
    let name = start.name();
    if is_component(name) || name == "archdesc" {
        return Met::Description;
    }
    match frame {
        Some(_) if name == "dsc" => Met::Through,
        // Headings and paragraphs of a list of components belong to the page, not to any description.
        Some(frame) if depth > frame.depth => Met::Skip,
        Some(_) => Met::Own,
        None => match name {
            "eadheader" | "control" => Met::Header,
            "did" if around.is_some_and(|around| around.name() != "ead") => Met::Loose,
            "frontmatter" => Met::Skip,
            _ => Met::Envelope,
        },
    }
}

fn hand_down(
    own: &Own,
    named: Named,
    nature: Nature,
    language: Option<&str>,
    parent: Option<&Context>,
) -> Context {
    let Named { local, stem, .. } = named;
    let told = |name: &'static str| own.did().filter(move |child| child.name() == name);
    let repository = told("repository").find_map(party::repository).map(Arc::new);
    let originations: Vec<Party> = told("origination").flat_map(party::parties).collect();
    let code = identity::unitid(own);
    let around = parent.and_then(|parent| parent.dates.as_ref());
    let language = own.language().and_then(languages::tag).or(language);
    let access = notes::restricts_access(own).then(|| Arc::from(local.as_str()));
    Context {
        dates: dates::of_components(own, language, around).or_else(|| around.cloned()),
        access: access.or_else(|| parent.and_then(|parent| parent.access.clone())),
        nature,
        root: parent.map_or_else(|| local.clone(), |parent| parent.root.clone()),
        unitid: code.or_else(|| parent.and_then(|parent| parent.unitid.clone())),
        stem,
        repository: repository.or_else(|| parent.and_then(|parent| parent.repository.clone())),
        originations: if originations.is_empty() {
            parent.map_or_else(|| Arc::from([]), |parent| Arc::clone(&parent.originations))
        } else {
            originations.into()
        },
        rights: notes::conditions(own).unwrap_or_else(|| parent.and_then(|parent| parent.rights)),
        internal: own.internal() || parent.is_some_and(|parent| parent.internal),
        local,
    }
}

fn nothing() -> Broken {
    Broken {
        position: Position { record: 0, byte: 0, line: Some(1) },
        id: None,
        met: "no archival description in the input".to_owned(),
        expected: "an EAD finding aid with <archdesc>, or its components".into(),
        raw: Vec::new(),
    }
}
