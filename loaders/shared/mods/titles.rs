//! What it is called: `titleInfo`, and the work behind it.

use super::{Mods, table, tag};
use crate::shared::punctuation::trim;
use crate::shared::xml::ElementRef;
use graph_model::{IssueKind, Node, content_key};
use oxrdf::NamedNodeRef;
use vocabularies::{bf, dc, dcterms, owl, skos};

/// A title put together from its parts.
pub(super) struct Title {
    /// All of it: article, title, subtitle, parts.
    pub(super) whole: String,
    /// Without article and subtitle: what a work is known by.
    pub(super) filed: String,
    /// All of it but the number of the part.
    pub(super) unnumbered: String,
    /// Whether it has more parts than one.
    divided: bool,
}

/// Puts a `titleInfo` together.
pub(super) fn assemble(info: ElementRef<'_>) -> Title {
    let mut title =
        Title { whole: String::new(), filed: String::new(), unnumbered: String::new(), divided: false };
    let mut article = String::new();
    for part in info.elements() {
        let text = part.text();
        // The full stop of an abbreviation belongs to it.
        let text = if info.attribute("type") == Some("abbreviated") { text.trim() } else { trim(&text) };
        if text.is_empty() {
            continue;
        }
        let between = match part.name() {
            "nonSort" => {
                article = part.text().into_owned();
                continue;
            }
            "title" | "titlePart" if title.whole.is_empty() => "",
            "title" | "titlePart" => " ; ",
            "subTitle" => " : ",
            "partNumber" | "partName" => ". ",
            _ => continue,
        };
        if !title.whole.is_empty() {
            title.whole.push_str(between);
            title.divided = true;
        }
        title.whole.push_str(text);
        if part.name() != "partNumber" {
            title.unnumbered.push_str(if title.unnumbered.is_empty() { "" } else { between });
            title.unnumbered.push_str(text);
        }
        if part.name() != "subTitle" {
            if !title.filed.is_empty() {
                title.filed.push_str(". ");
            }
            title.filed.push_str(text);
        }
    }
    if title.whole.is_empty() {
        // Text directly inside of the element, as some write it.
        let text = info.text();
        title.whole = trim(&text).to_owned();
        title.filed.clone_from(&title.whole);
        title.unnumbered.clone_from(&title.whole);
    } else if !article.is_empty() {
        // `L’` and `al-` stand close to the word that follows.
        let close = article.ends_with(['\'', '’', 'ʼ', '-']);
        title.whole = format!("{article}{}{}", if close { "" } else { " " }, title.whole);
    }
    title
}

/// The title in its parts, as a node of its own.
fn detail(
    info: ElementRef<'_>,
    node: Node,
    class: NamedNodeRef<'static>,
    language: Option<&str>,
    mods: &mut Mods<'_, '_, '_>,
) {
    let out = &mut *mods.draft.out;
    out.link(mods.draft.item, bf::TITLE, node);
    out.a(node, class);
    let article = info.child("nonSort").map(|article| article.text().into_owned()).unwrap_or_default();
    for part in info.elements() {
        let text = part.text();
        let property = match part.name() {
            "title" => bf::MAIN_TITLE,
            "subTitle" => bf::SUBTITLE,
            "partNumber" => bf::PART_NUMBER,
            "partName" => bf::PART_NAME,
            _ => continue,
        };
        if property == bf::MAIN_TITLE && !article.is_empty() {
            let close = article.ends_with(['\'', '’', 'ʼ', '-']);
            let whole = format!("{article}{}{}", if close { "" } else { " " }, trim(&text));
            out.text(node, property, &whole, language);
        } else if class == bf::ABBREVIATED_TITLE {
            out.text(node, property, &text, language);
        } else {
            out.text(node, property, trim(&text), language);
        }
    }
    if let Some(label) = info.attribute("displayLabel").or_else(|| info.attribute("otherType")) {
        out.text(node, bf::VARIANT_TYPE, label, None);
    }
}

impl Mods<'_, '_, '_> {
    /// Tells all titles.
    pub(super) fn titles(&mut self) {
        let infos = || self.root.children("titleInfo");
        // One that is said to be primary leaves the others as further titles.
        let primary = infos().any(|info| info.attribute("usage") == Some("primary"));
        let infos: Vec<ElementRef<'_>> = infos().collect();
        for (at, info) in infos.iter().enumerate() {
            let count = at as u32 + 1;
            let title = assemble(*info);
            if title.whole.is_empty() {
                continue;
            }
            let language = tag(*info);
            let language = language.as_deref();
            let kind = info.attribute("type").map(str::trim).filter(|kind| !kind.is_empty());
            let kind = kind.or_else(|| info.attribute("otherType"));
            let main = match kind {
                None => !primary || info.attribute("usage") == Some("primary"),
                Some(_) => false,
            };
            if main {
                self.rule("mods.titleInfo.title", "titleInfo", count);
                self.draft.text(dc::TITLE, &title.whole, language);
            } else {
                self.rule("mods.titleInfo.alternative", "titleInfo", count);
                self.draft.text(dcterms::ALTERNATIVE, &title.whole, language);
            }
            let class = kind.and_then(|kind| table::term("title", kind));
            if title.divided || class.is_some() || info.child("nonSort").is_some() {
                self.rule("mods.titleInfo.parts", "titleInfo", count);
                let node = self.draft.out.next_fragment("title");
                detail(*info, node, class.unwrap_or(bf::TITLE_CLASS), language, self);
            }
        }
        self.work(&infos);
    }

    /// The work of the record: a uniform title, or the title beside the name that is said to be primary.
    fn work(&mut self, infos: &[ElementRef<'_>]) {
        let uniform = infos.iter().position(|info| info.attribute("type") == Some("uniform"));
        let untyped = || infos.iter().position(|info| info.attribute("type").is_none());
        let creator = self.root.children("name").find(|name| name.attribute("usage") == Some("primary"));
        let Some(at) = uniform.or_else(|| creator.and_then(|_| untyped())) else { return };
        let title = assemble(infos[at]).filed;
        let party = creator.map(|name| super::names::party(name));
        let name = party.as_ref().map_or("", |party| party.name.name.as_str());
        if content_key(&[&title]).is_empty() {
            return;
        }
        self.rule("mods.titleInfo.work", "titleInfo", at as u32 + 1);
        let work = self.draft.out.shared("work", &content_key(&[name, &title]));
        self.draft.out.link(self.draft.item, bf::INSTANCE_OF, work);
        self.draft.out.a(work, bf::WORK);
        let label = if name.is_empty() { title } else { format!("{name}: {title}") };
        self.draft.out.text(work, skos::PREF_LABEL, &label, None);
        if let Some(agent) = party.and_then(|party| self.draft.agent(&party)) {
            self.draft.out.link(work, dc::CREATOR, agent);
        }
        for iri in super::names::authority(infos[at]) {
            if uniform.is_some()
                && let Some(same) = self.draft.out.iri(&iri)
            {
                self.draft.out.link(work, owl::SAME_AS, same);
            }
        }
    }

    /// Without a title of its own the thing goes by another one.
    pub(super) fn title_at_least(&mut self) {
        if self.draft.out.states(self.draft.item, dc::TITLE) {
            return;
        }
        let other = self.root.children("titleInfo").map(assemble).map(|title| title.whole);
        let other = other.filter(|title| !title.is_empty()).last();
        self.rule("mods.titleInfo.title", "titleInfo", 1);
        let met = other.clone().unwrap_or_default();
        self.draft.out.issue(IssueKind::MissingTitle, &met, "a mods:titleInfo without type");
        match other {
            Some(title) => self.draft.text(dc::TITLE, &title, None),
            None => self.draft.untitled(),
        }
    }
}
