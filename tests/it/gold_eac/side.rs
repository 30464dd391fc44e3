//! What each of the two graphs says of an agent, asked in the same way.

use super::{Facts, Graph, RICO, Value};
use std::collections::BTreeMap;

/// How things are named that are not the record's own.
pub(super) enum Words {
    /// By the words that the input has beside the entries of vocabularies.
    Entries(BTreeMap<String, String>),
    /// By their labels in the graph.
    Labels,
}

/// One of the two graphs, and how to read it.
pub(super) struct Side<'g> {
    pub(super) graph: &'g Graph,
    pub(super) words: Words,
}

/// Relations between agents: the properties, and the classes of the relations.
const BETWEEN: &[&str] = &[
    "hasOrHadSubdivision",
    "isOrWasSubdivisionOf",
    "hasOrHadSubordinate",
    "isOrWasSubordinateTo",
    "hasSuccessor",
    "isSuccessorOf",
    "hasOrHadLeader",
    "isOrWasLeaderOf",
    "hasFamilyAssociationWith",
    "isOrWasMemberOf",
    "hasOrHadMember",
    "hasOrHadWorkRelationWith",
    "isAgentAssociatedWithAgent",
    "hasOrHadEmployer",
];
const CLASSES: &[&str] = &[
    "AgentHierarchicalRelation",
    "AgentToAgentRelation",
    "GroupSubdivisionRelation",
    "AgentTemporalRelation",
    "LeadershipRelation",
    "MembershipRelation",
    "FamilyRelation",
    "WorkRelation",
];

impl Side<'_> {
    pub(super) fn facts(&self) -> Facts {
        let mut facts = Facts::new();
        let mut tell = |class: &'static str, value: String| {
            // An empty paragraph says nothing.
            if !value.is_empty() {
                facts.entry(class).or_default().insert(value);
            }
        };
        let agent = self.graph.keys().find(|node| {
            self.iris(node, "isOrWasDescribedBy").next().is_some() && self.iris(node, "type").next().is_some()
        });
        let agent = agent.unwrap();
        for class in self.iris(agent, "type") {
            if let Some(kind) = class.strip_prefix(RICO).filter(|kind| *kind != "Agent") {
                tell("kind", kind.to_owned());
            }
        }
        self.names(agent, &mut tell);
        for (property, end) in
            [("birthDate", false), ("beginningDate", false), ("deathDate", true), ("endDate", true)]
        {
            for (date, _) in self.texts(agent, property) {
                tell("dates of existence", format!("{property} {}", day(date, end)));
            }
        }
        self.identity(agent, &mut tell);
        self.record(agent, &mut tell);
        self.activities(agent, &mut tell);
        self.relations(agent, &mut tell);
        self.mandates(agent, &mut tell);
        for (property, class) in
            [("hasOrHadCorporateBodyType", "type of body"), ("hasOrHadOccupationOfType", "occupation")]
        {
            for iri in self.iris(agent, property) {
                tell(class, self.label(iri));
            }
        }
        for (property, class) in [("history", "history"), ("generalDescription", "structure or genealogy")] {
            for (text, _) in self.texts(agent, property) {
                let words = plain(text)
                    .replace("Organisation interne ou généalogie", "")
                    .replace("Contexte général", "");
                // Each paragraph is a fact: their graph keeps all of it in one tree.
                tell(class, key(&words));
            }
        }
        for iri in self.iris(agent, "isOrganicProvenanceOf") {
            let number = match self.texts(iri, "identifier").next() {
                Some((number, _)) => digits(number),
                None => digits(iri),
            };
            tell("records created", number);
        }
        facts
    }

    fn names(&self, agent: &str, tell: &mut dyn FnMut(&'static str, String)) {
        for name in self.iris(agent, "hasOrHadAgentName") {
            for (text, tag) in self.texts(name, "textualValue") {
                let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
                tell("name", words.clone());
                if let Some(tag) = tag {
                    tell("language of a name", format!("{words}@{tag}"));
                }
                let preferred = self.texts(name, "type").any(|(kind, _)| kind.contains("préférée"))
                    || self.texts(agent, "prefLabel").any(|(label, _)| label == text);
                if preferred {
                    tell("preferred name", words.clone());
                }
                for (property, end) in [("usedFromDate", false), ("usedToDate", true)] {
                    for (date, _) in self.texts(name, property) {
                        tell("use of a name", format!("{words} {property} {}", day(date, end)));
                    }
                }
            }
        }
    }

    fn identity(&self, agent: &str, tell: &mut dyn FnMut(&'static str, String)) {
        for iri in self.iris(agent, "sameAs").filter(|iri| !iri.starts_with("https://example.org/")) {
            tell("the same elsewhere", iri.to_owned());
        }
        for (text, _) in self.texts(agent, "identifier").filter(|_| matches!(self.words, Words::Entries(_))) {
            tell("identifier", digits(text));
        }
        for node in self.iris(agent, "hasOrHadIdentifier") {
            for (text, _) in self.texts(node, "textualValue") {
                tell("identifier", digits(text));
            }
        }
        // Pages about the agent; in their graph they stand on the record.
        for page in self.iris(agent, "isPrimaryTopicOf") {
            tell("page about it", page.to_owned());
        }
    }

    fn record(&self, agent: &str, tell: &mut dyn FnMut(&'static str, String)) {
        for record in self.iris(agent, "isOrWasDescribedBy") {
            let files: Vec<&str> = self.iris(record, "hasOrHadDigitalInstantiation").collect();
            for node in files.iter().copied().chain([record]) {
                for (text, _) in self.texts(node, "identifier") {
                    tell("identifier of the record", text.to_owned());
                }
            }
            for form in self.iris(record, "hasDocumentaryFormType") {
                tell("form of the record", form.to_owned());
            }
            for language in self.iris(record, "hasOrHadLanguage") {
                // In the owner's list, the fourth language is French.
                let tag = self.texts(language, "language").next().map(|(tag, _)| tag.to_owned());
                let tag = tag.or_else(|| language.ends_with("FRAN_RI_100-name4").then(|| "fr".to_owned()));
                tell("language of the record", tag.unwrap_or_else(|| language.to_owned()));
            }
            for (property, class) in [("creationDate", "first day"), ("lastModificationDate", "last day")] {
                for (date, _) in self.texts(record, property) {
                    tell("days of the record", format!("{class} {}", day(date, false)));
                }
            }
            if self.iris(record, "hasCreator").next().is_some() {
                tell("maintenance agency", "told".to_owned());
            }
            for (text, _) in self.texts(record, "recordResourceSourceOfInformation") {
                tell("source", key(&plain(text)));
            }
            for iri in self.iris(record, "recordResourceHasSourceOfInformation") {
                tell("link to a source", iri.to_owned());
            }
            for page in self.iris(record, "seeAlso").filter(|iri| iri.contains(".wikipedia.org/")) {
                tell("page about it", page.to_owned());
            }
        }
    }

    /// Functions, occupations and places: what, from when to when, and notes.
    fn activities(&self, agent: &str, tell: &mut dyn FnMut(&'static str, String)) {
        for relation in self.iris(agent, "thingIsTargetOfRelation") {
            let kinds: Vec<&str> = self.iris(relation, "type").collect();
            let is = |kind: &str| kinds.iter().any(|class| class.strip_prefix(RICO) == Some(kind));
            let (class, notes, labels): (_, _, Vec<String>) = if is("PerformanceRelation") {
                let activities = self.iris(relation, "relationHasSource");
                let types = activities.flat_map(|activity| self.iris(activity, "hasActivityType"));
                ("activity with its dates", "note on an activity", types.map(|iri| self.label(iri)).collect())
            } else if is("PlaceRelation") {
                let written: Vec<String> =
                    self.texts(relation, "location").map(|(text, _)| text.to_owned()).collect();
                let sources = self.iris(relation, "relationHasSource").map(|iri| self.label(iri));
                let labels = if written.is_empty() { sources.collect() } else { written };
                ("place with its dates", "note on a place", labels)
            } else {
                continue;
            };
            for label in labels {
                tell(class, format!("{label} {}", self.dates(relation)));
                for (note, _) in self.texts(relation, "note") {
                    tell(notes, format!("{label} {}", key(&plain(note))));
                }
            }
        }
    }

    fn relations(&self, agent: &str, tell: &mut dyn FnMut(&'static str, String)) {
        for property in BETWEEN {
            for spelling in spellings(property) {
                for other in self.iris(agent, &spelling).filter(|iri| self.is_record(iri)) {
                    tell("relation", format!("{property} {}", digits(other)));
                }
            }
        }
        for (node, _) in self.graph.iter().filter(|(node, _)| self.iris(node, "type").next().is_some()) {
            for class in CLASSES {
                if !self.iris(node, "type").any(|iri| iri.strip_prefix(RICO) == Some(class)) {
                    continue;
                }
                let mut ends = Vec::new();
                for (property, mark) in
                    [("relationHasSource", "from"), ("relationHasTarget", "to"), ("relationConnects", "with")]
                {
                    let others = self.iris(node, property).filter(|iri| self.is_record(iri));
                    ends.extend(others.map(|iri| format!("{mark} {}", digits(iri))));
                }
                ends.sort();
                let ends = ends.join(" ");
                tell("relation of its kind", format!("{class} {ends}"));
                for (property, end) in [("beginningDate", false), ("endDate", true)] {
                    for (date, _) in self.texts(node, property) {
                        tell("date of a relation", format!("{ends} {property} {}", day(date, end)));
                    }
                }
                for (note, _) in self.texts(node, "note") {
                    tell("note on a relation", key(&plain(note)));
                }
            }
        }
    }

    fn mandates(&self, agent: &str, tell: &mut dyn FnMut(&'static str, String)) {
        for (text, _) in self.texts(agent, "authorizingMandate") {
            tell("mandate", key(&plain(text)));
        }
        for mandate in self.iris(agent, "authorizedBy") {
            for (title, _) in self.texts(mandate, "title") {
                tell("mandate", key(title));
            }
            for iri in self.iris(mandate, "seeAlso") {
                tell("link to a mandate", iri.to_owned());
            }
        }
        for relation in self.iris(agent, "thingIsTargetOfRelation") {
            if self.iris(relation, "type").any(|iri| iri.ends_with("#MandateRelation")) {
                let dates = self.dates(relation);
                if dates != "–" {
                    tell("date of a mandate", dates);
                }
                for (note, _) in self.texts(relation, "note") {
                    tell("note on a mandate", key(&plain(note)));
                }
            }
        }
    }

    fn dates(&self, node: &str) -> String {
        let of = |property: &str, end: bool| {
            self.texts(node, property).next().map(|(date, _)| day(date, end)).unwrap_or_default()
        };
        format!("{}–{}", of("beginningDate", false), of("endDate", true))
    }

    /// Whether an agent is one that a record describes, and not one that is known by its name.
    fn is_record(&self, iri: &str) -> bool {
        match self.words {
            Words::Entries(_) => iri.contains("/agent/"),
            Words::Labels => iri.starts_with("https://example.org/id/gold/") && !iri.contains('#'),
        }
    }

    fn label(&self, iri: &str) -> String {
        match &self.words {
            Words::Entries(entries) => {
                let number = iri.rsplit('/').next().unwrap_or_default();
                let code = number.split_once('-').map_or(number, |(_, code)| code);
                entries.get(code).cloned().unwrap_or_else(|| number.replace("%C3%B4", "ô"))
            }
            Words::Labels => self
                .texts(iri, "prefLabel")
                .next()
                .map_or_else(|| iri.to_owned(), |(text, _)| text.to_owned()),
        }
    }

    fn values<'s>(&'s self, subject: &str, local: &'s str) -> impl Iterator<Item = &'s Value> {
        let said = self.graph.get(subject).into_iter().flatten();
        said.filter(move |(predicate, _)| predicate.rsplit(['#', '/']).next() == Some(local))
            .map(|(_, value)| value)
    }

    fn iris<'s>(&'s self, subject: &str, local: &'s str) -> impl Iterator<Item = &'s str> {
        self.values(subject, local).filter_map(|value| match value {
            Value::Iri(iri) => Some(iri.as_str()),
            Value::Text(..) => None,
        })
    }

    fn texts<'s>(
        &'s self,
        subject: &str,
        local: &'s str,
    ) -> impl Iterator<Item = (&'s str, Option<&'s str>)> {
        self.values(subject, local).filter_map(|value| match value {
            Value::Text(text, tag) => Some((text.as_str(), tag.as_deref())),
            Value::Iri(_) => None,
        })
    }
}

/// The property, and the narrower ones that say the same of the past or of the nearest.
fn spellings(property: &str) -> Vec<String> {
    let mut all = vec![property.to_owned()];
    if let Some(rest) = property.strip_prefix("hasOrHad") {
        all.extend([format!("had{rest}"), format!("hasDirect{rest}")]);
    }
    if let Some(rest) = property.strip_prefix("isOrWas") {
        all.extend([format!("was{rest}"), format!("isDirect{rest}")]);
    }
    all
}

/// The first or last day of a year, month or day.
fn day(date: &str, end: bool) -> String {
    let months = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let parts: Vec<&str> = date.split('-').collect();
    match (parts.as_slice(), end) {
        ([year], false) => format!("{year}-01-01"),
        ([year], true) => format!("{year}-12-31"),
        ([year, month], false) => format!("{year}-{month}-01"),
        ([year, month], true) => {
            let leap =
                year.parse::<u32>().is_ok_and(|year| year % 4 == 0 && year % 100 != 0 || year % 400 == 0);
            let last =
                month.parse::<usize>().ok().and_then(|month| months.get(month - 1)).copied().unwrap_or(31);
            format!("{year}-{month}-{}", if *month == "02" && leap { 29 } else { last })
        }
        _ => date.to_owned(),
    }
}

/// The words of a piece of XHTML.
fn plain(text: &str) -> String {
    let (mut plain, mut inside) = (String::new(), false);
    for c in text.chars() {
        match c {
            '<' => {
                inside = true;
                plain.push(' ');
            }
            '>' if inside => inside = false,
            _ if !inside => plain.push(c),
            _ => {}
        }
    }
    plain
        .replace("&amp;", "&")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
}

/// Letters and digits alone, so that typography does not count.
fn key(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
