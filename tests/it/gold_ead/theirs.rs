//! The facts of the experts' graph.

use super::{DC_LANGUAGE, DC_TYPE, Facts, Graph, LABEL, NOTES, RICO, TYPE, Value, add, address, bare};
use loaders::shared::xml;
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{NamedOrBlankNode, Term};
use std::collections::BTreeMap;

const ANF: &str = "https://rdf.archives-nationales.culture.gouv.fr/";

/// Reads the experts' graph.
pub(super) struct Gold {
    graph: Graph,
    facts: Facts,
    beyond: BTreeMap<&'static str, usize>,
}

impl Gold {
    pub(super) fn read(bytes: &[u8]) -> (Facts, BTreeMap<&'static str, usize>) {
        let mut graph = Graph::default();
        for quad in RdfParser::from_format(RdfFormat::RdfXml).for_reader(bytes) {
            let quad = quad.unwrap();
            let subject = match &quad.subject {
                NamedOrBlankNode::NamedNode(node) => node.as_str().to_owned(),
                NamedOrBlankNode::BlankNode(node) => node.as_str().to_owned(),
            };
            let value = match quad.object {
                Term::NamedNode(node) => Value::Iri(node.into_string()),
                Term::BlankNode(node) => Value::Iri(node.into_string()),
                Term::Literal(literal) => Value::Text(literal.value().to_owned()),
                other => panic!("{other}"),
            };
            graph.0.entry(subject).or_default().push((quad.predicate.into_string(), value));
        }
        let mut gold = Self { graph, facts: Facts::new(), beyond: BTreeMap::new() };
        let subjects: Vec<String> = gold.graph.0.keys().cloned().collect();
        for subject in &subjects {
            if let Some(number) = subject.strip_prefix(ANF).and_then(|iri| iri.strip_prefix("record/")) {
                gold.finding_aid(subject, &format!("FRAN_IR_{number}"));
            } else if let Some(local) = local(subject) {
                gold.resource(subject, &local);
            }
        }
        (gold.facts, gold.beyond)
    }

    fn beyond(&mut self, what: &'static str, count: usize) {
        if count > 0 {
            *self.beyond.entry(what).or_default() += count;
        }
    }

    fn finding_aid(&mut self, subject: &str, id: &str) {
        let graph = std::mem::take(&mut self.graph);
        let facts = &mut self.facts;
        let files = graph.rico(subject, "hasOrHadDigitalInstantiation");
        add(facts, "finding aid", id, "is a finding aid");
        for described in graph.rico(subject, "describesOrDescribed") {
            add(facts, "finding aid, describes", id, local(described).unwrap_or_default());
        }
        for title in graph.rico(subject, "title") {
            add(facts, "finding aid, title", id, bare(title));
        }
        for line in graph.rico(subject, "history").into_iter().flat_map(lines) {
            add(facts, "finding aid, authors and edition", id, line);
        }
        for line in graph.rico(subject, "note").into_iter().flat_map(lines) {
            add(facts, "finding aid, notes", id, line);
        }
        for published in graph.rico(subject, "publicationDate") {
            add(facts, "finding aid, published", id, bare(published));
        }
        for publisher in graph.rico(subject, "hasPublisher") {
            add(facts, "finding aid, publisher", id, agent(publisher, &graph));
        }
        for change in graph.rico(subject, "isOrWasAffectedBy") {
            for text in graph.rico(change, "generalDescription") {
                let date = graph.rico(change, "date").first().copied().unwrap_or_default();
                add(facts, "finding aid, revisions", id, format!("{date} {}", bare(text)));
            }
        }
        for file in &files {
            for number in graph.rico(file, "identifier") {
                add(facts, "finding aid, identifier", id, number);
            }
            for line in graph.rico(file, "history").into_iter().flat_map(lines) {
                add(facts, "finding aid, encoding", id, line);
            }
        }
        let count = |name: &str| files.iter().map(|file| graph.rico(file, name).len()).sum::<usize>();
        let (holders, rules) = (count("hasOrHadHolder"), count("isOrWasRegulatedBy"));
        let formats =
            files.iter().map(|file| graph.all(file, "http://purl.org/dc/elements/1.1/format").count()).sum();
        let pages = files
            .iter()
            .map(|file| graph.all(file, "http://www.w3.org/2000/01/rdf-schema#seeAlso").count())
            .sum();
        let (creators, more) =
            (graph.rico(subject, "hasCreator").len(), graph.rico(subject, "isOrWasRegulatedBy").len());
        self.beyond("holder and creator of every finding aid", holders + creators);
        self.beyond("rules that every finding aid follows", rules + more);
        self.beyond("the finding aid is a file in XML", formats);
        self.beyond("pages of the owner's system", pages);
        self.graph = graph;
    }

    fn resource(&mut self, subject: &str, local_id: &str) {
        let graph = std::mem::take(&mut self.graph);
        let facts = &mut self.facts;
        let id = local_id;
        for class in graph.all(subject, TYPE).filter_map(|class| class.strip_prefix(RICO)) {
            if class != "RecordResource" {
                add(facts, "kind", id, class);
            }
        }
        for kind in graph.rico(subject, "hasRecordSetType") {
            add(facts, "type of record set", id, kind.rsplit('#').next().unwrap());
        }
        for property in ["isDirectlyIncludedIn", "isOrWasPartOf"] {
            for above in graph.rico(subject, property).into_iter().filter_map(local) {
                add(facts, "part of", id, above);
            }
        }
        for property in ["directlyIncludes", "hasDirectPart"] {
            for below in graph.rico(subject, property).into_iter().filter_map(local) {
                add(facts, "part of", &below, id);
            }
        }
        for before in graph.rico(subject, "directlyFollowsInSequence").into_iter().filter_map(local) {
            add(facts, "order", id, before);
        }
        for after in graph.rico(subject, "directlyPrecedesInSequence").into_iter().filter_map(local) {
            add(facts, "order", &after, id);
        }
        let originals: Vec<&str> = graph.rico(subject, "hasOrHadInstantiation");
        let copies: Vec<&str> = graph.rico(subject, "hasOrHadDigitalInstantiation");
        let places: Vec<&str> = std::iter::once(subject).chain(originals.iter().copied()).collect();
        let mut pages = 0;
        for place in places {
            gold_description(place, id, &graph, facts);
            pages += graph.all(place, "http://www.w3.org/2000/01/rdf-schema#seeAlso").count();
        }
        let (mut techniques, mut makers) = (0, 0);
        for copy in copies {
            for files in graph.rico(copy, "identifier") {
                for file in files.split('#') {
                    add(facts, "digital object", id, file);
                }
            }
            for line in graph.rico(copy, "generalDescription").into_iter().flat_map(lines) {
                add(facts, "digital object, caption", id, line);
            }
            for _ in graph.rico(copy, "isOrWasDerivedFromInstantiation") {
                add(facts, "digital copy of the original", id, "derived");
            }
            techniques += graph.rico(copy, "hasProductionTechniqueType").len()
                + graph.all(copy, "http://purl.org/dc/elements/1.1/format").count();
            makers += graph.rico(copy, "hasOrganicProvenance").len()
                + graph.rico(copy, "conditionsOfAccess").len()
                + graph.rico(copy, "hasOrHadHolder").len();
            pages += graph.all(copy, "http://www.w3.org/2000/01/rdf-schema#seeAlso").count();
        }
        self.beyond("pages of the owner's system", pages);
        self.beyond("technique and format of every digital object", techniques);
        self.beyond("holder, maker and conditions of every digital object", makers);
        self.graph = graph;
    }
}

/// What stands on a record resource or, again or instead, on its first instantiation.
fn gold_description(place: &str, id: &str, graph: &Graph, facts: &mut Facts) {
    for title in graph.rico(place, "title") {
        add(facts, "title", id, bare(title));
    }
    for number in graph.rico(place, "identifier") {
        add(facts, "identifier", id, bare(number));
    }
    for (property, class) in
        [("beginningDate", "date, from"), ("endDate", "date, to"), ("date", "date, in words")]
    {
        for date in graph.rico(place, property) {
            add(facts, class, id, bare(date));
        }
    }
    for line in graph.rico(place, "instantiationExtent").into_iter().flat_map(lines) {
        add(facts, "extent", id, line);
    }
    for (property, class) in NOTES {
        for line in graph.rico(place, property).into_iter().flat_map(lines) {
            add(facts, class, id, line);
        }
        for href in graph.rico(place, property).into_iter().flat_map(hrefs) {
            add(facts, "link", id, address(&href));
        }
    }
    for other in
        graph.rico(place, "isRecordResourceAssociatedWithRecordResource").into_iter().filter_map(local)
    {
        add(facts, "link", id, other);
    }
    for other in graph.rico(place, "hasGeneticLinkToRecordResource") {
        for words in graph.rico(other, "generalDescription") {
            add(facts, "link", id, address(words.trim_start_matches("Lien : ")));
        }
    }
    for word in graph.rico(place, "type").into_iter().chain(graph.all(place, DC_TYPE)) {
        add(facts, "kind or form, in words", id, word);
    }
    for holder in graph.rico(place, "hasOrHadHolder") {
        add(facts, "holder", id, agent(holder, graph));
    }
    for maker in graph.rico(place, "hasOrganicProvenance") {
        add(facts, "provenance", id, agent(maker, graph));
    }
    for subject in graph.rico(place, "hasOrHadSubject") {
        if subject.contains("/thing/") {
            add(facts, "subject", id, number_of(subject));
        } else {
            add(facts, "subject, agent", id, agent(subject, graph));
            if graph.all(subject, TYPE).any(|class| class.ends_with("#Family")) {
                add(facts, "subject, kind of agent", id, format!("{} Family", agent(subject, graph)));
            }
        }
    }
    for property in ["hasDocumentaryFormType", "hasOrHadSomeMembersWithDocumentaryFormType", "hasRecordState"]
    {
        for form in graph.rico(place, property) {
            add(facts, "form or state", id, format!("{property} {}", number_of(form)));
        }
    }
    for activity in graph.rico(place, "documents") {
        for kind in graph.rico(activity, "hasActivityType") {
            add(facts, "activity", id, number_of(kind));
        }
    }
    for _ in graph.rico(place, "hasOrHadLocation") {
        add(facts, "location", id, "told");
    }
    for property in ["hasOrHadLanguage", "hasOrHadAllMembersWithLanguage", "hasOrHadSomeMembersWithLanguage"]
    {
        for language in graph.rico(place, property) {
            add(facts, "language", id, tag(language));
            add(facts, "language, of which members", id, format!("{property} {}", tag(language)));
        }
    }
    for language in graph.all(place, DC_LANGUAGE) {
        add(facts, "language", id, tag(language));
    }
}

/// `FRAN_IR_003666/c-1` of `…/recordResource/003666-c-1`, `FRAN_IR_003666` of `…/recordResource/top-003666`.
fn local(iri: &str) -> Option<String> {
    let rest = iri.strip_prefix(ANF)?.strip_prefix("recordResource/")?;
    Some(match rest.strip_prefix("top-") {
        Some(top) => format!("FRAN_IR_{top}"),
        None => {
            let (aid, component) = rest.split_once('-')?;
            format!("FRAN_IR_{aid}/{component}")
        }
    })
}

/// The number of an entry behind that of its file: `FRAN_RI_004-d3ndfb3mvp` is `d3ndfb3mvp`.
fn number_of(iri: &str) -> String {
    let entry = iri.rsplit('/').next().unwrap();
    entry.split_once('-').map_or(entry, |(_, number)| number).to_owned()
}

/// An agent by its number in the owner's file, or else by its label. 005061 is the owner itself, by either of its names.
fn agent(iri: &str, graph: &Graph) -> String {
    if let Some(number) = iri.strip_prefix(ANF).and_then(|iri| iri.strip_prefix("agent/")) {
        return if number == "005061" {
            "archivesnationales".to_owned()
        } else if number.starts_with("FRAN_") {
            number_of(iri)
        } else {
            format!("FRAN_NP_{number}")
        };
    }
    graph.all(iri, LABEL).next().map(bare).unwrap_or_default()
}

fn tag(iri: &str) -> String {
    match number_of(iri).as_str() {
        "name4" => "fr".to_owned(),
        "name6" => "en".to_owned(),
        "d-oss057ra-ggj18pxos22n" => "und".to_owned(),
        other => other.to_owned(),
    }
}

/// The paragraphs and list items of a note in HTML, without the headings that their conversion puts above.
fn lines(html: &str) -> Vec<String> {
    let Some(element) = parse(html) else { return vec![bare(html)] };
    let blocks = ["p", "li", "h5", "h6", "td", "th", "dt", "dd"];
    let mut lines: Vec<String> = element
        .root()
        .descendants()
        .filter(|inner| {
            blocks.contains(&inner.name()) && !inner.descendants().any(|below| blocks.contains(&below.name()))
        })
        .map(|inner| bare(&inner.text()))
        .filter(|line| !line.is_empty())
        .collect();
    if lines.is_empty() {
        lines.push(bare(&element.root().text()));
    }
    lines
}

fn hrefs(html: &str) -> Vec<String> {
    let Some(element) = parse(html) else { return Vec::new() };
    element.root().descendants().filter_map(|inner| inner.attribute("href").map(str::to_owned)).collect()
}

fn parse(html: &str) -> Option<xml::Element> {
    let html = format!("<html>{html}</html>");
    let mut reader = xml::Reader::new(Box::new(html.as_bytes()));
    if !html.contains("</") || !html.contains("<html:") && !html.contains("<p") {
        return None;
    }
    match reader.next() {
        Ok(xml::Event::Start(_)) => reader.element().ok(),
        _ => None,
    }
}
