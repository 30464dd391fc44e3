//! The facts of our graph of the same input.

use super::{
    DC_LANGUAGE, DC_TYPE, Facts, Graph, NOTATION, NOTES, PREF_LABEL, RICO, TYPE, Value, add, address, bare,
};
use graph_model::{Base, DatasetId};
use loaders::{Outcome, Setup, Target};
use std::ops::ControlFlow;

/// Reads our graph of the same input.
pub(super) fn read(bytes: &[u8]) -> Facts {
    let (base, dataset) = (Base::new("https://x.org").unwrap(), DatasetId::new("d").unwrap());
    let format = (loaders::detect(bytes).unwrap().setup)(Setup::default()).unwrap();
    let mut facts = Facts::new();
    let target = Target::new(&base, &dataset);
    let flow = format.convert(Box::new(bytes), target, &mut |outcome| {
        let Outcome::Document { document, .. } = outcome else { panic!("{outcome:?}") };
        let mut graph = Graph::default();
        for statement in document.statements() {
            let value = match statement.object {
                graph_model::ObjectRef::Iri(iri) => Value::Iri(iri.to_owned()),
                graph_model::ObjectRef::Text(text, _) | graph_model::ObjectRef::Typed(text, _) => {
                    Value::Text(text.to_owned())
                }
            };
            let predicate = statement.predicate.as_str().to_owned();
            graph.0.entry(statement.subject.to_owned()).or_default().push((predicate, value));
        }
        ours_item(document.iri(), &graph, &mut facts);
        ControlFlow::Continue(())
    });
    assert!(flow.is_continue());
    facts
}

/// The local identifier of one of our items, without the number that tells twins apart: one case has ten descriptions in
/// one finding aid, which to them are one.
fn own_local(iri: &str) -> Option<String> {
    let local = iri.strip_prefix("https://x.org/id/d/")?.replace("%2F", "/");
    let local = local.split('#').next().unwrap();
    let own = local.split('/').map(|part| part.split('~').next().unwrap());
    Some(own.collect::<Vec<_>>().join("/"))
}

fn ours_item(item: &str, graph: &Graph, facts: &mut Facts) {
    let id = &own_local(item).unwrap();
    for aid in graph.rico(item, "isOrWasDescribedBy") {
        ours_finding_aid(aid, id, graph, facts);
    }
    for class in graph.all(item, TYPE).filter_map(|class| class.strip_prefix(RICO)) {
        add(facts, "kind", id, class);
    }
    for kind in graph.rico(item, "hasRecordSetType") {
        add(facts, "type of record set", id, kind.rsplit('#').next().unwrap());
    }
    for above in graph.all(item, "http://purl.org/dc/terms/isPartOf").filter_map(own_local) {
        add(facts, "part of", id, above);
    }
    for before in graph.rico(item, "directlyFollowsInSequence").into_iter().filter_map(own_local) {
        add(facts, "order", id, before);
    }
    // A second title in one language is an alternative to us.
    let alternatives = graph.all(item, "http://purl.org/dc/terms/alternative");
    for title in graph.all(item, "http://purl.org/dc/elements/1.1/title").chain(alternatives) {
        add(facts, "title", id, bare(title));
    }
    for number in graph.all(item, "http://purl.org/dc/elements/1.1/identifier") {
        add(facts, "identifier", id, bare(number));
    }
    for time in graph.all(item, "http://purl.org/dc/terms/created") {
        // A single day is to them a date without words.
        for edtf in graph.all(time, "https://w3id.org/aarre/ns#edtf") {
            add(facts, "date, in words", id, edtf);
        }
        for (property, class) in [("begin", "date, from"), ("end", "date, to")] {
            for bound in graph.all(time, &format!("http://www.europeana.eu/schemas/edm/{property}")) {
                add(facts, class, id, day(bound, property == "end"));
            }
        }
    }
    for written in graph.all(item, "https://w3id.org/aarre/ns#asWritten") {
        add(facts, "date, in words", id, bare(written));
    }
    for word in graph.rico(item, "type") {
        add(facts, "kind or form, in words", id, word);
    }
    for form in graph.all(item, DC_TYPE) {
        add(facts, "kind or form, in words", id, label(form, graph));
    }
    let carriers = graph.rico(item, "hasOrHadInstantiation");
    for carrier in &carriers {
        for extent in graph.rico(carrier, "instantiationExtent") {
            add(facts, "extent", id, bare(extent));
        }
        for _ in graph.rico(carrier, "hasOrHadPhysicalLocation") {
            add(facts, "location", id, "told");
        }
    }
    for (property, class) in NOTES {
        let property = if property == "structure" { "recordResourceStructure" } else { property };
        for line in graph.rico(item, property).into_iter().flat_map(str::lines) {
            add(facts, class, id, bare(line));
        }
    }
    for property in ["relation", "isFormatOf", "isReferencedBy", "hasFormat"] {
        for link in graph.all(item, &format!("http://purl.org/dc/terms/{property}")) {
            let link = own_local(link).unwrap_or_else(|| address(link));
            if link.contains(['/', ':', '_']) {
                add(facts, "link", id, link);
            }
        }
    }
    for holder in graph.rico(item, "hasOrHadHolder") {
        add(facts, "holder", id, own_agent(holder, graph));
    }
    for maker in graph.rico(item, "hasOrganicProvenance") {
        add(facts, "provenance", id, own_agent(maker, graph));
    }
    for subject in graph.rico(item, "hasOrHadSubject") {
        if subject.contains("/id/concept/") {
            graph.all(subject, NOTATION).for_each(|number| add(facts, "subject", id, number));
        } else {
            add(facts, "subject, agent", id, own_agent(subject, graph));
            if graph.all(subject, TYPE).any(|class| class.ends_with("foaf/0.1/Group")) {
                add(facts, "subject, kind of agent", id, format!("{} Family", own_agent(subject, graph)));
            }
        }
    }
    for property in ["hasDocumentaryFormType", "hasOrHadSomeMembersWithDocumentaryFormType", "hasRecordState"]
    {
        for form in graph.rico(item, property) {
            for number in graph.all(form, NOTATION) {
                add(facts, "form or state", id, format!("{property} {number}"));
            }
        }
    }
    for activity in graph.rico(item, "documents") {
        for kind in graph.rico(activity, "hasActivityType") {
            graph.all(kind, NOTATION).for_each(|number| add(facts, "activity", id, number));
        }
    }
    for language in graph.all(item, DC_LANGUAGE) {
        add(facts, "language", id, language);
    }
    for property in ["hasOrHadLanguage", "hasOrHadAllMembersWithLanguage", "hasOrHadSomeMembersWithLanguage"]
    {
        for language in graph.rico(item, property) {
            for tag in graph.all(language, NOTATION) {
                add(facts, "language, of which members", id, format!("{property} {tag}"));
            }
        }
    }
    for copy in graph.rico(item, "hasOrHadDigitalInstantiation") {
        ours_copy(copy, id, graph, facts);
    }
    let pages = graph.all(&format!("{item}#aggregation"), "http://www.europeana.eu/schemas/edm/isShownAt");
    let views = graph.all(&format!("{item}#aggregation"), "http://www.europeana.eu/schemas/edm/hasView");
    for page in pages.chain(views) {
        ours_copy(page, id, graph, facts);
    }
}

fn ours_copy(copy: &str, id: &str, graph: &Graph, facts: &mut Facts) {
    let mut names = graph.rico(copy, "identifier");
    if names.is_empty() {
        names.push(copy.rsplit('/').next().unwrap());
    }
    for name in names.into_iter().flat_map(|name| name.split('#')) {
        add(facts, "digital object", id, name.trim_end_matches(".msp"));
    }
    for line in graph.all(copy, "http://purl.org/dc/elements/1.1/description").flat_map(str::lines) {
        add(facts, "digital object, caption", id, bare(line));
    }
    for _ in graph.rico(copy, "isOrWasDerivedFromInstantiation") {
        add(facts, "digital copy of the original", id, "derived");
    }
}

fn ours_finding_aid(aid: &str, id: &str, graph: &Graph, facts: &mut Facts) {
    add(facts, "finding aid", id, "is a finding aid");
    for described in graph.rico(aid, "describesOrDescribed").into_iter().filter_map(own_local) {
        add(facts, "finding aid, describes", id, described);
    }
    for title in graph.rico(aid, "title") {
        add(facts, "finding aid, title", id, bare(title));
    }
    for line in graph.rico(aid, "history").into_iter().flat_map(str::lines) {
        add(facts, "finding aid, authors and edition", id, bare(line));
        add(facts, "finding aid, encoding", id, bare(line));
    }
    for line in graph.rico(aid, "note").into_iter().flat_map(str::lines) {
        add(facts, "finding aid, notes", id, bare(line));
    }
    for time in graph.rico(aid, "hasPublicationDate") {
        add(facts, "finding aid, published", id, time.rsplit("/time/").next().unwrap().replace("%2F", "/"));
    }
    for words in graph.rico(aid, "publicationDate") {
        add(facts, "finding aid, published", id, bare(words));
    }
    for publisher in graph.rico(aid, "hasPublisher") {
        add(facts, "finding aid, publisher", id, own_agent(publisher, graph));
    }
    for number in graph.rico(aid, "identifier") {
        add(facts, "finding aid, identifier", id, number);
    }
    for change in graph.rico(aid, "isOrWasAffectedBy") {
        for text in graph.rico(change, "generalDescription") {
            let time = graph.rico(change, "occurredAtDate").first().copied().unwrap_or_default();
            let begin =
                graph.all(time, "http://www.europeana.eu/schemas/edm/begin").next().unwrap_or_default();
            // Theirs keeps as much of a range of days as its ends share, or else its first day.
            for end in [4, 7, 10] {
                if let Some(begin) = begin.get(..end) {
                    add(facts, "finding aid, revisions", id, format!("{begin} {}", bare(text)));
                }
            }
        }
    }
}

fn own_agent(iri: &str, graph: &Graph) -> String {
    if let Some(number) = graph.rico(iri, "identifier").first() {
        return (*number).to_owned();
    }
    let label = label(iri, graph);
    if label.to_lowercase().starts_with("archives nationales") {
        "archivesnationales".to_owned()
    } else {
        bare(&label)
    }
}

fn label(iri: &str, graph: &Graph) -> String {
    graph.all(iri, PREF_LABEL).next().unwrap_or_default().to_owned()
}

/// A bound as the day that theirs always names.
fn day(bound: &str, end: bool) -> String {
    match (bound.len(), end) {
        (4, false) => format!("{bound}-01-01"),
        (4, true) => format!("{bound}-12-31"),
        _ => bound.to_owned(),
    }
}
