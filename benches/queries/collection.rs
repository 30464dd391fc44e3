//! Made-up records of any number: library, archive and museum items that share agents, subjects and places.
//!
//! What is shared follows Zipf's law, as it does in catalogues: a few names stand in thousands of records and most in
//! one or two. The same number gives the same records to the byte.

use graph_model::{Base, DatasetId, Description, Document, Node};
use vocabularies::{aarre, dc, dcterms, edm, geo, ore, skos, wgs84, xsd};

/// How many statements one record adds to the graph, about: what it shares with others counts once.
pub(crate) const STATEMENTS: u64 = 24;

/// The kinds of things, and how many of each there are for a number of records.
pub(crate) struct Collection {
    base: Base,
    dataset: DatasetId,
    agents: u64,
    concepts: u64,
    places: u64,
    series: u64,
}

const WORDS: [&str; 24] = [
    "history", "parish", "maps", "letters", "church", "harbour", "school", "portrait", "winter", "silver",
    "garden", "railway", "castle", "diary", "bridge", "market", "forest", "island", "painting", "factory",
    "village", "sea", "war", "music",
];
const FAMILIES: [&str; 16] = [
    "Korhonen",
    "Virtanen",
    "Nieminen",
    "Lindqvist",
    "Shevchenko",
    "Koval",
    "Bondarenko",
    "Schmidt",
    "Rossi",
    "Andersson",
    "Kivi",
    "Salonen",
    "Dubois",
    "Novak",
    "Jansson",
    "Petrenko",
];
const GIVEN: [&str; 12] =
    ["Matti", "Aino", "Taras", "Olena", "Johan", "Anna", "Mykola", "Elin", "Marie", "Luca", "Helene", "Eero"];

/// A generator of numbers that is the same everywhere (SplitMix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// A rank below `end`, the low ones often: the chance of rank k falls as 1/(k+1).
    fn zipf(&mut self, end: u64) -> u64 {
        let share = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        let rank = ((end as f64 + 1.0).ln() * share).exp() - 1.0;
        (rank as u64).min(end - 1)
    }

    fn word(&mut self) -> &'static str {
        WORDS[self.below(WORDS.len() as u64) as usize]
    }
}

impl Collection {
    pub(crate) fn new(base: &Base, dataset: &DatasetId, records: u64) -> Self {
        Self {
            base: base.clone(),
            dataset: dataset.clone(),
            agents: (records / 3).max(16),
            concepts: (records / 60).max(16),
            places: (records / 100).max(16),
            series: (records / 25).max(4),
        }
    }

    /// The record of that number.
    pub(crate) fn describe(&self, n: u64, document: &mut Document) {
        let mut chance = Chance(n.wrapping_mul(0xA24B_AED4_963E_E407) ^ 0x5555);
        let mut out = Description::new(&self.base, &self.dataset, &format!("{n:09}"), document);
        let out = &mut out;
        let item = out.item();
        out.a(item, edm::PROVIDED_CHO);
        let (one, two) = (chance.word(), chance.word());
        let number = chance.below(10_000);
        out.text(item, dc::TITLE, &format!("The {one} and {two} of the year, volume {number}"), Some("en"));
        if chance.below(3) == 0 {
            out.text(item, dcterms::ALTERNATIVE, &format!("Vuoden {number} kirja numero {n}"), Some("fi"));
        }
        out.text(item, dc::IDENTIFIER, &format!("978951{n:09}"), None);
        out.text(item, dc::LANGUAGE, ["fi", "sv", "en", "uk", "de"][chance.zipf(5) as usize], None);
        out.text(item, dcterms::EXTENT, &format!("{} pages", 16 + chance.below(700)), Some("en"));
        let mut words = String::new();
        for _ in 0..12 {
            words.push_str(chance.word());
            words.push(' ');
        }
        out.text(
            item,
            dc::DESCRIPTION,
            &format!("{words}and shelf mark {}.", chance.below(50_000)),
            Some("en"),
        );
        let kind = ["TEXT", "IMAGE", "SOUND"][chance.zipf(3) as usize];
        out.text(item, edm::TYPE, kind, None);
        let sector = [aarre::LIBRARY, aarre::ARCHIVE, aarre::MUSEUM];
        out.term(item, aarre::SECTOR, sector[chance.zipf(3) as usize]);
        for property in [dc::CREATOR, dc::CONTRIBUTOR] {
            let key = chance.zipf(self.agents);
            let agent = self.agent(out, key);
            out.link(item, property, agent);
        }
        for _ in 0..2 {
            let key = chance.zipf(self.concepts);
            let concept = self.concept(out, key);
            out.link(item, dc::SUBJECT, concept);
        }
        let key = chance.zipf(self.places);
        let place = self.place(out, key);
        out.link(item, dcterms::SPATIAL, place);
        let year = 2020 - chance.zipf(300);
        out.typed(item, dcterms::ISSUED, &year.to_string(), xsd::G_YEAR);
        let (month, day) = (1 + chance.below(12), 1 + chance.below(28));
        let (hour, minute) = (chance.below(24), chance.below(60));
        let modified =
            format!("20{:02}-{month:02}-{day:02}T{hour:02}:{minute:02}:00Z", 10 + chance.below(16));
        out.typed(item, dcterms::MODIFIED, &modified, xsd::DATE_TIME);
        if chance.below(2) == 0 {
            let key = chance.zipf(self.series);
            let series = out.shared("work", &format!("series-{key}"));
            out.text(series, dc::TITLE, &format!("Series {key}"), Some("en"));
            out.link(item, dcterms::IS_PART_OF, series);
        }
        let aggregation = out.fragment("aggregation");
        out.link(item, ore::IS_AGGREGATED_BY, aggregation);
        out.a(aggregation, ore::AGGREGATION);
        out.link(aggregation, edm::AGGREGATED_CHO, item);
        out.text(aggregation, edm::DATA_PROVIDER, &format!("Institution {}", chance.zipf(200)), Some("en"));
        let rights = out.iri(&format!("https://creativecommons.org/licenses/by/{}.0/", 1 + chance.zipf(4)));
        if let Some(rights) = rights {
            out.link(aggregation, edm::RIGHTS, rights);
        }
    }

    fn agent(&self, out: &mut Description<'_>, key: u64) -> Node {
        let mut chance = Chance(key ^ 0xA6E7);
        let agent = out.shared("agent", &format!("agent-{key}"));
        out.a(agent, edm::AGENT);
        let family = FAMILIES[chance.below(FAMILIES.len() as u64) as usize];
        let given = GIVEN[chance.below(GIVEN.len() as u64) as usize];
        out.text(agent, skos::PREF_LABEL, &format!("{family}, {given} {key}"), None);
        agent
    }

    fn concept(&self, out: &mut Description<'_>, key: u64) -> Node {
        let mut chance = Chance(key ^ 0xC0CE);
        let concept = out.shared("concept", &format!("concept-{key}"));
        out.a(concept, skos::CONCEPT);
        out.text(concept, skos::PREF_LABEL, &format!("{} {key}", chance.word()), Some("en"));
        out.text(concept, skos::PREF_LABEL, &format!("aihe {key}"), Some("fi"));
        // A tree with eight children a node.
        if key > 0 {
            let broader = out.shared("concept", &format!("concept-{}", (key - 1) / 8));
            out.link(concept, skos::BROADER, broader);
        }
        concept
    }

    fn place(&self, out: &mut Description<'_>, key: u64) -> Node {
        let mut chance = Chance(key ^ 0x91AC);
        let place = out.shared("place", &format!("place-{key}"));
        out.a(place, edm::PLACE);
        out.text(place, skos::PREF_LABEL, &format!("Place {key}"), Some("en"));
        let latitude = 44.0 + chance.below(260_000) as f64 / 10_000.0;
        let longitude = 5.0 + chance.below(350_000) as f64 / 10_000.0;
        out.typed(place, wgs84::LAT, &latitude.to_string(), xsd::DECIMAL);
        out.typed(place, wgs84::LONG, &longitude.to_string(), xsd::DECIMAL);
        out.typed(place, geo::AS_WKT, &format!("POINT({longitude} {latitude})"), geo::WKT_LITERAL);
        place
    }
}
