//! Gold: mentions of which it is known what they mean, read from real data where `AARRE_REAL_DATA` says that it lies.
//!
//! * `aac-gm`, `aac-ima`: two museums' makers and the entries of ULAN that people chose for them, names only.
//! * `whitney`: one museum's makers against the list of another, by the ULAN and Wikidata identifiers that both give;
//!   makers that have both identifiers and are not in the other list are known to be absent.
//! * `yso`, `ua-geo`: entries of an authority, each found again by one of its names.
//!
//! Every set is judged twice: with the authority whole, and without the entries that are meant, where every link is wrong.
//! What these makers' museums did not link in their own data is no proof of absence and is left out.

use graph_reconcile::authority::{About, Authority, Builder, Draft};
use graph_reconcile::matching::{Example, Hold, Matcher, Mention, Model, Scratch, Settings};
use graph_reconcile::names::fold;
use graph_reconcile::{Kind, Label, Point, Years};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A set of mentions with what they mean.
pub(crate) struct Gold {
    /// Its name.
    pub(crate) name: &'static str,
    /// The entries of the authority.
    pub(crate) entries: Vec<Draft>,
    /// The mentions and the IRI of the entry that is meant; `None` when none of them is.
    pub(crate) mentions: Vec<(Mention, Option<String>)>,
}

/// Where the real data lie, if they are there.
pub(crate) fn folder() -> Option<PathBuf> {
    std::env::var_os("AARRE_REAL_DATA").map(PathBuf::from)
}

/// All sets of people.
pub(crate) fn sets(data: &Path) -> Vec<Gold> {
    let none = BTreeMap::new();
    let mut sets = vec![aac(data, "aac-gm", "gm", &none), aac(data, "aac-ima", "ima", &none)];
    sets.extend([whitney(data), yso(data), ua_geo(data)]);
    sets
}

/// The sets of the American Art Collaborative with the years that are known of ULAN's people; only for judging.
#[cfg(test)]
pub(crate) fn dated(data: &Path) -> Vec<Gold> {
    let years = years_of_ulan(data);
    vec![aac(data, "aac-gm with dates", "gm", &years), aac(data, "aac-ima with dates", "ima", &years)]
}

/// A number that parts mentions evenly and is the same everywhere: FNV-1a of the IRI.
pub(crate) fn hash(iri: &str) -> u64 {
    let mixed = iri
        .bytes()
        .fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3));
    // The low bits of the sum are weak; the high ones are folded in.
    (mixed ^ (mixed >> 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 17
}

/// Whether the model may be made from the mention; the others are what it is judged by.
pub(crate) fn is_for_training(iri: &str) -> bool {
    hash(iri).is_multiple_of(2)
}

impl Gold {
    /// The authority, whole or without the entries that the mentions mean.
    pub(crate) fn authority(&self, whole: bool) -> Authority {
        let folder = tempfile::tempdir().unwrap();
        let meant: BTreeSet<&String> = self.mentions.iter().filter_map(|(_, right)| right.as_ref()).collect();
        let mut builder = Builder::new(folder.path()).unwrap();
        for draft in self.entries.iter().filter(|draft| whole || !meant.contains(&draft.iri)) {
            builder.add(draft).unwrap();
        }
        builder.finish(About { name: self.name.to_owned(), ..About::default() }).unwrap();
        Authority::open(folder.path()).unwrap()
    }

    /// The examples for training: of the mentions that `wanted` chooses, by their IRI, with both authorities.
    pub(crate) fn examples(&self, by_hand: &Model, wanted: impl Fn(&str) -> bool) -> Vec<Example> {
        let mut examples = Vec::new();
        // With a precision that nothing reaches, every candidate is compared.
        let settings = Settings { precision: 2.0, ..Settings::default() };
        for whole in [true, false] {
            let authority = self.authority(whole);
            let matcher = Matcher::with_model(&[(self.name, authority.clone())], &settings, by_hand.clone());
            let mut scratch = Scratch::default();
            for (mention, right) in self.mentions.iter().filter(|(mention, _)| wanted(&mention.iri)) {
                if right.is_none() && !whole {
                    continue;
                }
                let verdict = matcher.judge(mention, &mut scratch);
                let candidates = verdict.candidates.iter().map(|judged| {
                    let is_right = right.as_deref() == Some(&*authority.entry(judged.entry).iri());
                    (judged.features, is_right, judged.hold.is_some_and(|hold| hold != Hold::Ambiguous))
                });
                let candidates: Vec<_> = candidates.collect();
                if !candidates.is_empty() {
                    examples.push(Example { kind: mention.kind, hash: hash(&mention.iri) / 2, candidates });
                }
            }
        }
        examples
    }
}

fn person(iri: &str, name: &str, born: Option<Years>, died: Option<Years>) -> Mention {
    Mention {
        iri: iri.to_owned(),
        kind: Kind::Person,
        labels: vec![Label::preferred(name.to_owned())],
        born,
        died,
        ..Mention::default()
    }
}

fn entry(iri: &str, kind: Kind, names: &[&str]) -> Draft {
    let mut labels = vec![Label::preferred(names[0].to_owned())];
    labels.extend(names[1..].iter().map(|name| Label::alternative((*name).to_owned())));
    Draft { iri: iri.to_owned(), kind, labels, ..Draft::default() }
}

pub(crate) fn year(text: &str) -> Option<Years> {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    (digits.len() == 4).then(|| digits.parse().ok()).flatten().map(Years::one)
}

fn text(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The makers of a museum of the American Art Collaborative and ULAN.
///
/// Rows of the gold that are none are left out: the entry is "the first of several alike" (`top-of-2`); it has no name, so
/// that nothing can find it; its name and the maker's have no word in common (`Thomas F. Hoppin`, `Prud'Homme, John Francis
/// Eugene`). Rows that name the entry without its IRI mean the one of that name, or one that is added.
fn aac(data: &Path, name: &'static str, museum: &str, years: &BTreeMap<String, Lived>) -> Gold {
    let folder = data.join("reconcile/aac-ulan");
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for line in text(folder.join(format!("{museum}.dataset.json"))).lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        names.insert(
            row["uri"]["value"].as_str().unwrap().into(),
            row["name"]["value"].as_str().unwrap().into(),
        );
    }
    let mut entries: BTreeMap<String, Draft> = BTreeMap::new();
    let mut by_name: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut add = |iri: &str, name: &str, entries: &mut BTreeMap<String, Draft>| {
        if !entries.contains_key(iri) {
            let mut draft = entry(iri, Kind::Person, &[name]);
            if let Some((born, died)) = iri.rsplit('/').next().and_then(|id| years.get(id)) {
                (draft.born, draft.died) = (*born, *died);
            }
            entries.insert(iri.to_owned(), draft);
            by_name.entry(name.to_owned()).or_default().push(iri.to_owned());
        }
        by_name.get(name).cloned().unwrap_or_default()
    };
    for line in text(folder.join("ulan-candidates.tsv")).lines().skip(1) {
        if let Some((iri, name)) = line.split_once('\t') {
            add(iri, name, &mut entries);
        }
    }
    let mut mentions = BTreeMap::new();
    let table = text(folder.join("GOLD.tsv"));
    // Entries with an IRI of their own come before those that have only a name.
    for with_iri in [true, false] {
        for line in table.lines().skip(1) {
            let cells: Vec<&str> = line.split('\t').collect();
            let [of, iri, name, birth, ulan, ulan_name, certainty] = cells.as_slice() else {
                panic!("{line}")
            };
            if ulan_name.is_empty() || with_iri == ulan.is_empty() {
                continue;
            }
            let meant = if ulan.is_empty() { format!("urn:name:{ulan_name}") } else { (*ulan).to_owned() };
            let alike = if ulan.is_empty()
                && entries.values().any(|draft| draft.labels[0].text == **ulan_name)
            {
                add(
                    &entries.values().find(|draft| draft.labels[0].text == **ulan_name).unwrap().iri.clone(),
                    ulan_name,
                    &mut entries,
                )
            } else {
                add(&meant, ulan_name, &mut entries)
            };
            let meant = if ulan.is_empty() { alike.first().cloned().unwrap_or(meant) } else { meant };
            let name = if name.is_empty() { names.get(*iri).map_or("", String::as_str) } else { name };
            let words = |text: &str| fold(text).split(' ').map(str::to_owned).collect::<BTreeSet<_>>();
            let no_gold = certainty.starts_with("top-of") || words(name).is_disjoint(&words(ulan_name));
            if *of == museum && !no_gold && (!ulan.is_empty() || alike.len() < 2) {
                mentions.insert((*iri).to_owned(), (person(iri, name, year(birth), None), Some(meant)));
            }
        }
    }
    Gold { name, entries: entries.into_values().collect(), mentions: mentions.into_values().collect() }
}

/// Birth and death.
type Lived = (Option<Years>, Option<Years>);

/// The years of ULAN's people as the National Gallery of Art and the Whitney Museum have them: of a fifth of the entries. The
/// real authority has them for nearly all.
#[cfg(test)]
fn years_of_ulan(data: &Path) -> BTreeMap<String, Lived> {
    let mut years = BTreeMap::new();
    for (file, id, born, died) in [
        ("museum/whitney/artists.csv", "getty_ulan_id", "begin_date", "end_date"),
        ("museum/nga/constituents.csv", "ulanid", "beginyear", "endyear"),
    ] {
        for row in csv(&text(data.join(file)), ',') {
            let active = row.get("displaydate").is_some_and(|date| date.contains("active"));
            if !row[id].is_empty() && !active {
                years.insert(row[id].clone(), (year(&row[born]), year(&row[died])));
            }
        }
    }
    years
}

/// The makers of the Whitney Museum and the constituents of the National Gallery of Art.
fn whitney(data: &Path) -> Gold {
    let rows = csv(&text(data.join("museum/nga/constituents.csv")), ',');
    let (mut entries, mut ulan, mut wikidata) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
    for row in &rows {
        let (id, wiki) = (row["ulanid"].as_str(), row["wikidataid"].as_str());
        if id.is_empty() && wiki.is_empty() || row["constituenttype"] != "individual" {
            continue;
        }
        let iri = format!("https://www.nga.gov/artists/{}", row["constituentid"]);
        let mut draft = entry(&iri, Kind::Person, &[&row["preferreddisplayname"]]);
        // `active c. 1501` stands in the same columns as births.
        if !row["displaydate"].contains("active") {
            (draft.born, draft.died) = (year(&row["beginyear"]), year(&row["endyear"]));
        }
        entries.push(draft);
        ulan.insert(id.to_owned(), iri.clone());
        wikidata.insert(wiki.to_owned(), iri);
    }
    let mut mentions = Vec::new();
    for row in csv(&text(data.join("museum/whitney/artists.csv")), ',') {
        let (id, wiki) = (&row["getty_ulan_id"], &row["wikidata_id"]);
        let by = |table: &BTreeMap<String, String>, id: &String| {
            if id.is_empty() { None } else { table.get(id).cloned() }
        };
        let (one, other) = (by(&ulan, id), by(&wikidata, wiki));
        let absent = !id.is_empty() && !wiki.is_empty();
        let right = match (one, other) {
            // Two identifiers that lead to two entries are no gold.
            (Some(one), Some(other)) if one != other => continue,
            (None, None) if !absent => continue,
            (one, other) => one.or(other),
        };
        let iri = format!("https://whitney.org/artists/{}", row["id"]);
        let mention = person(&iri, &row["display_name"], year(&row["begin_date"]), year(&row["end_date"]));
        mentions.push((mention, right));
    }
    Gold { name: "whitney", entries, mentions }
}

/// The rows of a table with a head, by column. Cells may stand in quotes and have line breaks in them.
fn csv(table: &str, separator: char) -> Vec<BTreeMap<String, String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut letters = table.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' => quoted = !quoted,
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            '\r' if !quoted => {}
            _ if letter == separator && !quoted => row.push(std::mem::take(&mut cell)),
            _ => cell.push(letter),
        }
    }
    if !cell.is_empty() || !row.is_empty() {
        row.push(cell);
        rows.push(row);
    }
    let mut rows = rows.into_iter();
    let head = rows.next().unwrap_or_default();
    rows.map(|row| head.iter().cloned().zip(row).collect()).collect()
}

/// Each concept of YSO's extract by one of its names, in whichever language.
fn yso(data: &Path) -> Gold {
    let mut entries: BTreeMap<String, Draft> = BTreeMap::new();
    let file = text(data.join("authority/yso-skosmos/yso.ttl"));
    for triple in oxttl::TurtleParser::new().for_slice(file.as_bytes()).flatten() {
        let (oxrdf::NamedOrBlankNode::NamedNode(subject), oxrdf::Term::Literal(name)) =
            (triple.subject, triple.object)
        else {
            continue;
        };
        let role = triple.predicate.as_str().rsplit('#').next().unwrap_or_default().to_owned();
        if !subject.as_str().starts_with("http://www.yso.fi/onto/yso/p") {
            continue;
        }
        let label = match role.as_str() {
            "prefLabel" => Label::preferred(name.value().to_owned()),
            "altLabel" => Label::alternative(name.value().to_owned()),
            _ => continue,
        };
        let label = match name.language() {
            Some(language) => label.in_language(language.to_owned()),
            None => label,
        };
        let draft = entries.entry(subject.as_str().to_owned()).or_insert_with(|| Draft {
            iri: subject.as_str().to_owned(),
            kind: Kind::Concept,
            ..Draft::default()
        });
        draft.labels.push(label);
    }
    let mut mentions = Vec::new();
    for draft in entries.values_mut() {
        draft.labels.sort();
        draft.labels.dedup();
        for label in &draft.labels {
            let iri = format!("{}#{}", draft.iri, label.text);
            if !(hash(&iri) / 2).is_multiple_of(4) {
                continue;
            }
            mentions.push((
                Mention {
                    iri,
                    kind: Kind::Concept,
                    labels: vec![Label::preferred(label.text.to_string())],
                    ..Mention::default()
                },
                Some(draft.iri.clone()),
            ));
        }
    }
    Gold { name: "yso", entries: entries.into_values().collect(), mentions }
}

/// Each natural feature of three Ukrainian regions by its name in one of two scripts, with its district or its point, or
/// with its region only, which many features of one name share.
fn ua_geo(data: &Path) -> Gold {
    let (mut entries, mut mentions) = (Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    for region in ["kharkivska", "kyivska", "zhytomyrska"] {
        for row in csv(&text(data.join(format!("authority/geonames-ua/fiz-geo-{region}.csv"))), ';') {
            let id = &row["Реєстраційний номер"];
            let (name, latin) = (&row["Унормована назва"], &row["Унормована назва латиницею"]);
            // Some features lie in two regions and stand in both files.
            if name.is_empty() || !seen.insert(id.clone()) {
                continue;
            }
            let of = "Адміністративно- територіальна одиниця (АР Крим, область)";
            let (region, district) = (&row[of], &row["Район"]);
            let iri = format!("https://gki.com.ua/{id}");
            let mut draft = entry(&iri, Kind::Place, &[name, latin]);
            draft.point =
                degrees(&row["Широта"]).zip(degrees(&row["Довгота"])).and_then(|(a, b)| Point::new(a, b));
            draft.types = vec![row["Вид географічного об'єкту"].clone()];
            draft.broader = [region, district]
                .iter()
                .filter(|part| !part.is_empty())
                .map(|part| (*part).clone())
                .collect();
            let number = hash(&iri);
            let label = if number.is_multiple_of(3) { latin } else { name };
            let mut mention = Mention {
                iri: format!("{iri}#mention"),
                kind: Kind::Place,
                labels: vec![Label::preferred(label.clone())],
                ..Mention::default()
            };
            match number / 3 % 4 {
                0 => mention.point = draft.point,
                1 => mention.within = draft.broader.clone(),
                2 => mention.within = vec![region.clone()],
                _ => {}
            }
            mentions.push((mention, Some(iri)));
            entries.push(draft);
        }
    }
    Gold { name: "ua-geo", entries, mentions }
}

/// `N 49° 51’ 25"` in degrees.
fn degrees(text: &str) -> Option<f64> {
    let numbers = text.split(|letter: char| !letter.is_ascii_digit()).filter(|part| !part.is_empty());
    let numbers: Vec<f64> = numbers.filter_map(|part| part.parse().ok()).collect();
    let first = numbers.first()?;
    Some(first + numbers.get(1).unwrap_or(&0.0) / 60.0 + numbers.get(2).unwrap_or(&0.0) / 3600.0)
}
