//! The frame of every page.

use crate::language::Language;
use crate::state::App;
use crate::visit::{Switch, Visit};
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// What the frame shows, and the words and links that templates ask for.
pub(crate) struct Layout {
    pub(crate) language: Language,
    pub(crate) title: String,
    pub(crate) site: String,
    pub(crate) switches: Vec<Switch>,
    pub(crate) generation: u64,
    /// When the generation was published, as it is written; empty where that is not known.
    pub(crate) published: String,
    /// One sentence about the page, for those who list pages.
    pub(crate) description: String,
    /// What the page is about for search engines of data, as JSON-LD.
    pub(crate) data: Option<String>,
    /// The language, if the reader chose it and the address says so.
    pub(crate) chosen: Option<&'static str>,
    root: String,
    suffix: String,
}

impl Layout {
    pub(crate) fn new(app: &App, visit: &Visit, generation: u64, title: impl Into<String>) -> Self {
        let current = app.generations.current();
        let published = current.statistics.published.clone().filter(|_| current.number == generation);
        Self {
            language: visit.language,
            title: title.into(),
            site: app.config.title.clone(),
            switches: visit.switches.clone(),
            generation,
            published: published.unwrap_or_default(),
            description: visit.language.word("start.lead").to_owned(),
            data: None,
            chosen: (!visit.suffix.is_empty()).then(|| visit.language.tag()),
            root: app.place.root().to_owned(),
            suffix: visit.suffix.clone(),
        }
    }

    /// The page's own word for something.
    pub(crate) fn word(&self, key: &str) -> &'static str {
        self.language.word(key)
    }

    /// A word with something filled in.
    pub(crate) fn phrase(&self, key: &str, filling: impl std::fmt::Display) -> String {
        self.language.phrase(key, &filling.to_string())
    }

    /// A link inside the site; the language that was chosen stays. The path may have parameters.
    pub(crate) fn href(&self, path: &str) -> String {
        link(&self.root, path, &self.suffix)
    }

    /// A link to a file of the site.
    pub(crate) fn file(&self, path: &str) -> String {
        format!("{}{path}", self.root)
    }

    /// A text in the form that a number needs, with the number in it.
    pub(crate) fn plural(&self, key: &str, number: &u64) -> String {
        self.language.plural(key, *number)
    }

    /// The link to one of our own style sheets, scripts and pictures.
    pub(crate) fn asset(&self, name: &str) -> String {
        format!("{}{}", self.root, crate::assets::address(name))
    }

    /// The day of a time as it is written (RFC 3339), as people write it.
    pub(crate) fn day(&self, time: &str) -> String {
        crate::value::date(time.split('T').next().unwrap_or(time), self.language)
    }

    /// A count with thin spaces between thousands.
    pub(crate) fn grouped(&self, number: &u64) -> String {
        grouped(*number)
    }

    /// A number with thin spaces between thousands.
    pub(crate) fn number(&self, number: &usize) -> String {
        grouped(*number as u64)
    }
}

/// A link inside the site: the root, a path that may have parameters and a fragment, and the language.
pub(crate) fn link(root: &str, path: &str, suffix: &str) -> String {
    let (path, fragment) = path.find('#').map_or((path, ""), |at| path.split_at(at));
    let suffix = if path.contains('?') { suffix.replacen('?', "&", 1) } else { suffix.to_owned() };
    format!("{root}{path}{suffix}{fragment}")
}

/// Thousands apart by a narrow no-break space, which all four languages read.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len());
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push('\u{202F}');
        }
        text.push(digit);
    }
    text
}

/// A rendered template as an answer.
pub(crate) fn page(status: StatusCode, language: Language, template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => {
            let mut response =
                (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response();
            response.headers_mut().insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
            response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept, Accept-Language"));
            response
        }
        Err(error) => crate::problem::Problem::internal(&error).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_keep_the_language() {
        assert_eq!(link("/r", "/page/a#b", "?lang=fi"), "/r/page/a?lang=fi#b");
        assert_eq!(link("", "/browse?from=2", "?lang=fi"), "/browse?from=2&lang=fi");
        assert_eq!(link("", "/sparql", ""), "/sparql");
        assert_eq!(grouped(1_234_567), "1\u{202F}234\u{202F}567");
        assert_eq!(grouped(12), "12");
    }
}
