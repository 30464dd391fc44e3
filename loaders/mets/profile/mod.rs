//! The rules of profiles: CSIP and E-SIP of E-ARK, and the Finnish national profile, as far as the METS file alone
//! decides them. Which rule asks for what stands in `rules.tsv`; here is how it is asked.
//!
//! A METS document says in `PROFILE` which profile it follows. Rules that only newer versions have are not asked of a
//! document that follows an older one. What cannot be decided here is told in the README: whether files are there, have
//! the size and checksum that is told, whether the folder is called as `OBJID` says.

mod rules;

use super::draft::{Draft, wrong_digest};
use super::record::extension;
use crate::shared::xml::ElementRef;
use rules::{Profile, RULES, Rule, Step, Test, attribute, walk};
use std::collections::{HashMap, HashSet};

/// The kinds of media that IANA registers media types for.
const MEDIA: [&str; 11] = [
    "application",
    "audio",
    "example",
    "font",
    "haptics",
    "image",
    "message",
    "model",
    "multipart",
    "text",
    "video",
];

/// How many breaches of one rule are told one by one; a package of thousands of files may break it in each.
const TOLD: usize = 20;

/// What the rules ask of the whole document, gathered once.
struct Document<'e> {
    /// The IDs of sections of administrative and of descriptive metadata.
    admin: HashSet<&'e str>,
    descriptive: HashSet<&'e str>,
    /// The IDs that some ADMID or DMDID names.
    named: HashSet<&'e str>,
    /// Of each pointer of the structure map: the label of its division in lower case, and the ID.
    pointers: Vec<(String, &'e str)>,
    /// The uses of groups by their IDs.
    groups: HashMap<&'e str, &'e str>,
    /// The first size told with each checksum.
    sizes: HashMap<&'e str, &'e str>,
}

impl<'e> Document<'e> {
    fn of(root: ElementRef<'e>) -> Self {
        let mut document = Self {
            admin: HashSet::new(),
            descriptive: HashSet::new(),
            named: HashSet::new(),
            pointers: Vec::new(),
            groups: HashMap::new(),
            sizes: HashMap::new(),
        };
        for section in root.elements() {
            let id = section.attribute("ID");
            match section.name() {
                "dmdSec" => document.descriptive.extend(id),
                "amdSec" => {
                    document.admin.extend(id);
                    document.admin.extend(section.elements().filter_map(|part| part.attribute("ID")));
                }
                "fileSec" | "structMap" => document.gather(section, ""),
                _ => {}
            }
        }
        document
    }

    fn gather(&mut self, around: ElementRef<'e>, label: &str) {
        for name in ["ADMID", "DMDID"] {
            self.named.extend(around.attribute(name).unwrap_or_default().split_ascii_whitespace());
        }
        if around.name() == "fileGrp"
            && let Some(id) = around.attribute("ID")
        {
            self.groups.insert(id, around.attribute("USE").unwrap_or_default());
        }
        if around.name() == "file"
            && let (Some(sum), Some(size)) = (around.attribute("CHECKSUM"), around.attribute("SIZE"))
        {
            self.sizes.entry(sum).or_insert(size);
        }
        if around.name() == "fptr"
            && let Some(id) = around.attribute("FILEID")
        {
            self.pointers.push((label.to_owned(), id));
        }
        let own = around.attribute("LABEL").map(str::to_lowercase);
        let label = if around.name() == "div" { own.unwrap_or_default() } else { label.to_owned() };
        for element in around.elements() {
            self.gather(element, &label);
        }
    }
}

/// Checks the rules of the profile that the document says it follows.
pub(super) fn check(draft: &mut Draft<'_, '_>, root: ElementRef<'_>) {
    let follows = profiles(root);
    if follows.is_empty() {
        return;
    }
    let document = Document::of(root);
    for rule in RULES.iter().filter(|rule| follows.contains(&rule.profile)) {
        if rule.when.as_ref().is_some_and(|when| count(root, when) == 0) {
            continue;
        }
        let mut broken: Vec<(String, String)> = Vec::new();
        let mut more = 0_usize;
        let mut places: HashMap<String, usize> = HashMap::new();
        walk(root, &rule.context, &mut |element| {
            let name = place(element);
            let number = places.entry(name.clone()).or_default();
            *number += 1;
            let Some(met) = breach(&rule.test, element, &document) else { return };
            if broken.len() == TOLD {
                more += 1;
                return;
            }
            let named = name.contains('@') || element == root;
            broken.push((if named { name } else { format!("{name}[{number}]") }, met));
        });
        for (path, met) in broken {
            tell(draft, rule, &path, &met);
        }
        if more > 0 {
            tell(draft, rule, "mets:mets", &format!("the same in {more} more places"));
        }
    }
}

/// Whether a document follows a profile whose rules are known.
pub(super) fn is_known(root: ElementRef<'_>) -> bool {
    !profiles(root).is_empty()
}

fn tell(draft: &mut Draft<'_, '_>, rule: &Rule, path: &str, met: &str) {
    draft.out.issue_at(path, rule.kind, met, format!("{}: {}", rule.id, rule.text));
}

/// The profiles that a document follows; none for one that names no profile known here.
fn profiles(root: ElementRef<'_>) -> Vec<Profile> {
    let profile = root.attribute("PROFILE").unwrap_or_default().trim().to_lowercase();
    let header = root.child("metsHdr");
    let packaged =
        profile.is_empty() && header.is_some_and(|header| extension(header, "OAISPACKAGETYPE").is_some());
    let mut found = Vec::new();
    if packaged || profile.contains("eark") || profile.contains("dilcis") {
        found.push(Profile::Csip);
        if packaged || profile.contains("dilcis") {
            found.push(Profile::Csip2);
        }
        if profile.contains("earksip") || profile.contains("e-ark-sip") {
            found.push(Profile::Sip);
        }
        return found;
    }
    let versioned = ["*:CATALOG", "*:SPECIFICATION"].iter().any(|name| attribute(root, name).is_some());
    let current = profile.contains("digitalpreservation.fi");
    if current || versioned || profile.contains("kdk.fi") {
        found.push(Profile::Finnish);
        found.push(if current { Profile::Finnish17 } else { Profile::Finnish16 });
    }
    found
}

fn place(element: ElementRef<'_>) -> String {
    let id = element.attribute("ID").map(|id| format!("[@ID='{id}']")).unwrap_or_default();
    let around = match element.parent() {
        Some(around) if id.is_empty() && around.parent().is_some() => {
            let id = around.attribute("ID").map(|id| format!("[@ID='{id}']")).unwrap_or_default();
            format!("mets:{}{id}/", around.name())
        }
        _ => String::new(),
    };
    format!("{around}mets:{}{id}", element.name())
}

fn count(element: ElementRef<'_>, way: &[Step]) -> usize {
    let mut count = 0;
    walk(element, way, &mut |_| count += 1);
    count
}

/// What was met where a rule is broken; `None` where it is kept.
fn breach(test: &Test, element: ElementRef<'_>, document: &Document<'_>) -> Option<String> {
    let value = |name: &str| attribute(element, name).map(str::trim);
    let given = |name: &str| value(name).filter(|value| !value.is_empty());
    let written = |name: &str| {
        let plain = name.trim_start_matches("*:");
        value(name).map_or_else(|| format!("no {plain}"), |value| format!("{plain}=\"{value}\""))
    };
    let unless = |kept: bool, met: String| (!kept).then_some(met);
    match test {
        Test::Present(name) => unless(value(name).is_some(), written(name)),
        Test::Attribute(name) => unless(given(name).is_some(), written(name)),
        Test::EitherAttribute(one, other) => {
            let kept = value(one).is_some() != value(other).is_some();
            unless(kept, format!("{}, {}", written(one), written(other)))
        }
        Test::AnyAttribute(one, other) => {
            let kept = value(one).is_some() || value(other).is_some();
            unless(kept, format!("{}, {}", written(one), written(other)))
        }
        Test::Is(name, values) => {
            unless(value(name).is_some_and(|value| values.contains(&value)), written(name))
        }
        Test::Optional(name, values) => {
            unless(value(name).is_none_or(|value| values.contains(&value)), written(name))
        }
        Test::Not(name, values) => {
            unless(!value(name).is_some_and(|value| values.contains(&value)), written(name))
        }
        Test::No(name) => unless(value(name).is_none(), written(name)),
        Test::Media(name) => {
            let family = value(name).and_then(|value| value.split_once('/'));
            let kept = family.is_some_and(|(family, rest)| MEDIA.contains(&family) && !rest.is_empty());
            unless(kept, written(name))
        }
        Test::Digest(algorithm, digest) => {
            let wrong = wrong_digest(given(algorithm)?, given(digest)?)?;
            Some(format!("{}, not {wrong}", written(digest)))
        }
        Test::Admin(name) => strays(given(name)?, &document.admin, name),
        Test::Descriptive(name) => strays(given(name)?, &document.descriptive, name),
        Test::Count(way, least, most) => {
            let count = count(element, way);
            unless(
                (*least..=*most).contains(&count),
                if count == 0 { "none".to_owned() } else { format!("{count} of them") },
            )
        }
        Test::Filled(way) => {
            let mut filled = false;
            walk(element, way, &mut |found| filled |= !found.is_empty());
            unless(filled, "nothing".to_owned())
        }
        Test::Text => unless(!element.is_empty(), "nothing".to_owned()),
        Test::Pointed(label) => {
            let id = given("ID").unwrap_or_default();
            let mut pointers = document.pointers.iter();
            let kept = pointers.any(|(of, to)| *to == id && of.ends_with(&label.to_lowercase()));
            unless(kept, format!("no pointer to {id}"))
        }
        Test::PointsTo(purpose) => {
            let to = given("FILEID").and_then(|id| document.groups.get(id)).copied();
            unless(to.is_some_and(|to| to == *purpose), written("FILEID"))
        }
        Test::OneSize => {
            let told = document.sizes.get(given("CHECKSUM")?)?;
            unless(
                given("SIZE").is_none_or(|size| size == *told),
                format!("{}, elsewhere {told}", written("SIZE")),
            )
        }
        Test::Referenced => {
            let id = given("ID").unwrap_or_default();
            let met = if id.is_empty() { "no ID".to_owned() } else { format!("nothing refers to {id}") };
            unless(document.named.contains(id), met)
        }
    }
}

fn strays(ids: &str, known: &HashSet<&str>, name: &str) -> Option<String> {
    let stray = ids.split_ascii_whitespace().find(|id| !known.contains(id))?;
    Some(format!("{name} names {stray}"))
}
