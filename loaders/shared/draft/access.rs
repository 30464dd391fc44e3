//! Where to see it, who keeps it, and what may be done with it.

use super::Draft;
use crate::shared::core::{self, Sector};
use crate::shared::rights;
pub(crate) use core::View;
use graph_model::Node;
use vocabularies::{dc, edm};

/// Words with their language, where the source tells it.
#[derive(Debug, Clone)]
pub(crate) struct Words {
    pub(crate) text: String,
    pub(crate) language: Option<String>,
}

const FILES: &[&str] = &[
    ".pdf", ".jpg", ".jpeg", ".png", ".gif", ".tif", ".tiff", ".mp3", ".mp4", ".wav", ".epub", ".djvu",
    ".jp2", ".webm", ".webp", ".ogg", ".mov", ".avi", ".glb", ".gltf", ".obj", ".doc", ".docx", ".txt",
    ".zip",
];
const PREVIEWS: &[&str] = &["thumbnail", "/thumb/", "/thumbs/", "pagethumb", "preview.jpg", "width=150"];

/// Words in the name of a keeper that tell its sector, longest first where one is within another.
const KEEPERS: &[(&str, Sector)] = &[
    ("library", Sector::Library),
    ("kirjasto", Sector::Library),
    ("bibliot", Sector::Library),
    ("biblioth", Sector::Library),
    ("бібліот", Sector::Library),
    ("museum", Sector::Museum),
    ("museo", Sector::Museum),
    ("muséum", Sector::Museum),
    ("musée", Sector::Museum),
    ("musee", Sector::Museum),
    ("muzeum", Sector::Museum),
    ("muzeul", Sector::Museum),
    ("музей", Sector::Museum),
    ("gallery", Sector::Museum),
    ("galleria", Sector::Museum),
    ("archiv", Sector::Archive),
    ("archief", Sector::Archive),
    ("arkisto", Sector::Archive),
    ("arkiv", Sector::Archive),
    ("архів", Sector::Archive),
    ("архив", Sector::Archive),
];

/// The sector that the name of a keeper tells. A name that says two things (`Library and Archives`) tells none.
pub(crate) fn keeper_sector(name: &str) -> Option<Sector> {
    let lower = name.to_lowercase();
    let mut found = KEEPERS.iter().filter(|(word, _)| lower.contains(word)).map(|(_, sector)| *sector);
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

/// What an address shows, by the address itself.
pub(crate) fn view_of(url: &str, format: Option<&str>) -> View {
    let lower = url.to_ascii_lowercase();
    let path = lower.split(['?', '#']).next().unwrap_or(&lower);
    if PREVIEWS.iter().any(|word| lower.contains(word)) {
        View::Preview
    } else if FILES.iter().any(|ending| path.ends_with(ending))
        || format.is_some_and(|format| format.contains('/') && !format.starts_with("text/html"))
    {
        View::ShownBy
    } else {
        View::ShownAt
    }
}

impl Draft<'_, '_> {
    /// Links a digital object or a page. Of each view but `hasView` an aggregation has one; the next of files is a further
    /// view, the next of pages is none.
    pub(crate) fn address(&mut self, url: &str, view: Option<View>, format: Option<&str>) -> Option<Node> {
        let url = url.trim().replace(' ', "%20");
        let url = if url.starts_with("www.") { format!("https://{url}") } else { url };
        // An address that is said to show two things shows both; one that is only met again tells nothing new.
        if view.is_none() && self.addresses.contains(&url) {
            return None;
        }
        let aggregation = core::aggregation(self.out);
        let mut view = view.unwrap_or_else(|| view_of(&url, format));
        let (predicate, instead) = match view {
            View::ShownAt => (edm::IS_SHOWN_AT, None),
            View::ShownBy => (edm::IS_SHOWN_BY, Some(View::Other)),
            View::Preview => (edm::OBJECT, Some(View::Other)),
            View::Other => (edm::HAS_VIEW, Some(View::Other)),
        };
        if view != View::Other && self.out.states(aggregation, predicate) {
            view = instead?;
        }
        let node = core::web_resource(self.out, &url, view, format)?;
        self.addresses.push(url);
        Some(node)
    }

    /// Notes a statement of rights; [`Draft::finish`] tells them all, as the item has one.
    pub(crate) fn rights(&mut self, text: &str, language: Option<&str>) {
        if !text.trim().is_empty() {
            self.rights.push(Words { text: text.trim().to_owned(), language: language.map(str::to_owned) });
        }
    }

    /// Says who gives the item's data, unless something said it before.
    pub(crate) fn provider(&mut self, name: &str, language: Option<&str>) {
        let aggregation = core::aggregation(self.out);
        if !self.out.states(aggregation, edm::DATA_PROVIDER) {
            core::data_provider(self.out, name, language);
        }
    }

    /// Tells the rights: one statement that is known, and all other words beside it.
    pub(crate) fn finish(&mut self, rule: &str, path: &str) {
        if self.rights.is_empty() {
            return;
        }
        self.rule(rule, format_args!("{path}"));
        let aggregation = core::aggregation(self.out);
        let all = std::mem::take(&mut self.rights);
        let known = all.iter().position(|words| rights::statement(&words.text).is_some());
        let stated = self.out.states(aggregation, edm::RIGHTS);
        let first = known.unwrap_or(0);
        let statement = rights::statement(&all[first].text);
        if !stated {
            core::rights(self.out, aggregation, &all[first].text, all[first].language.as_deref());
        }
        for words in &all {
            // An address or a code says no more than the statement that it stands for; other words do.
            let told = !stated && statement.is_some() && rights::statement(&words.text) == statement;
            if !told || words.text.contains(' ') && words.text.len() > 40 {
                self.out.text(aggregation, dc::RIGHTS, &words.text, words.language.as_deref());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keepers_tell_their_sector() {
        assert_eq!(keeper_sector("Anacostia Community Museum"), Some(Sector::Museum));
        assert_eq!(keeper_sector("Kansallisarkisto"), Some(Sector::Archive));
        assert_eq!(keeper_sector("Walter P. Reuther Library"), Some(Sector::Library));
        assert_eq!(keeper_sector("Tennessee State Library and Archives"), None);
        assert_eq!(keeper_sector("Wayne State University"), None);
    }

    #[test]
    fn addresses_tell_what_they_show() {
        assert_eq!(view_of("https://example.org/1", None), View::ShownAt);
        assert_eq!(view_of("https://example.org/a.JPG?x=1", None), View::ShownBy);
        assert_eq!(view_of("https://example.org/file", Some("image/png")), View::ShownBy);
        assert_eq!(
            view_of("http://x.org/utils/getthumbnail/collection/herbarium4/id/22274", None),
            View::Preview
        );
    }
}
