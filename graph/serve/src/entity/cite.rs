//! How a thing is cited: a sentence, BibTeX, and RIS, made of what the graph says.

use super::facts::subject;
use super::overview::year;
use crate::value::Words;
use graph_store::rdf::{NamedNodeRef, Quad};
use vocabularies::{dc, dcterms, edm};

/// What a citation says.
#[derive(Debug, Default)]
pub(crate) struct Citation {
    creators: Vec<String>,
    title: String,
    date: String,
    year: Option<i32>,
    holder: String,
    number: String,
    address: String,
    state: String,
}

impl Citation {
    /// From the statements of an item and its fragments.
    pub(super) fn of(iri: &str, title: &str, quads: &[Quad], words: &Words<'_>, state: String) -> Self {
        let values = |property: NamedNodeRef<'_>| -> Vec<String> {
            let of = quads.iter().filter(|quad| quad.predicate == property);
            let own = of.clone().filter(|quad| subject(quad) == iri);
            let chosen: Vec<&Quad> = if own.clone().next().is_some() { own.collect() } else { of.collect() };
            let mut texts: Vec<String> =
                chosen.into_iter().map(|quad| plain(&words.term(quad.object.as_ref()).text)).collect();
            texts.dedup();
            texts
        };
        let first = |property| values(property).into_iter().next().unwrap_or_default();
        let time = quads
            .iter()
            .filter(|quad| subject(quad) == iri)
            .find(|quad| [dcterms::CREATED, dcterms::ISSUED].contains(&quad.predicate.as_ref()));
        let date = time.map(|quad| words.term(quad.object.as_ref()));
        Self {
            creators: values(dc::CREATOR),
            title: plain(title),
            year: date.as_ref().and_then(|date| year(date.iri.as_deref().unwrap_or(&date.text))),
            date: date.map(|date| plain(&date.text)).unwrap_or_default(),
            holder: first(edm::DATA_PROVIDER),
            number: first(dc::IDENTIFIER),
            address: iri.to_owned(),
            state,
        }
    }

    /// A sentence.
    pub(crate) fn sentence(&self) -> String {
        let mut text = self.creators.join("; ");
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&self.title);
        if !self.date.is_empty() {
            text.push_str(&format!(" ({})", self.date));
        }
        for part in [&self.holder, &self.number] {
            if !part.is_empty() {
                text.push_str(&format!(". {part}"));
            }
        }
        format!("{text}. {} ({})", self.address, self.state)
    }

    /// An entry of BibTeX.
    pub(crate) fn bibtex(&self) -> String {
        let key: String = self.address.rsplit('/').next().unwrap_or_default().to_owned();
        let key: String = key.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let mut text = format!("@misc{{{key},\n");
        // A comma within a name would part it anew; braces keep it whole.
        let authors: Vec<String> = self.creators.iter().map(|name| format!("{{{}}}", tex(name))).collect();
        let year = self.year.map(|year| year.to_string()).unwrap_or_default();
        for (field, value) in [
            ("title", format!("{{{}}}", tex(&self.title))),
            ("author", authors.join(" and ")),
            ("year", year),
            ("publisher", tex(&self.holder)),
            ("number", tex(&self.number)),
            ("note", tex(&self.state)),
            ("url", self.address.clone()),
        ] {
            if !value.is_empty() {
                text.push_str(&format!("  {field} = {{{value}}},\n"));
            }
        }
        text + "}\n"
    }

    /// A reference of RIS, with the line ends that it wants.
    pub(crate) fn ris(&self) -> String {
        let mut lines = vec![("TY", "GEN".to_owned()), ("TI", self.title.clone())];
        lines.extend(self.creators.iter().map(|name| ("AU", name.clone())));
        let year = self.year.map(|year| year.to_string()).unwrap_or_default();
        lines.extend([
            ("PY", year),
            ("PB", self.holder.clone()),
            ("AN", self.number.clone()),
            ("UR", self.address.clone()),
            ("N1", self.state.clone()),
        ]);
        let mut text = String::new();
        for (tag, value) in lines.into_iter().filter(|(_, value)| !value.is_empty()) {
            text.push_str(&format!("{tag}  - {value}\r\n"));
        }
        text + "ER  - \r\n"
    }
}

/// One line, without what a control character could do in a file of lines.
fn plain(text: &str) -> String {
    text.split(|c: char| c.is_control() || c.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// With the characters of TeX that mean something written so that they mean themselves.
fn tex(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' => out.push_str("\\textbackslash{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '{' | '}' | '$' | '&' | '#' | '_' | '%' => {
                out.push('\\');
                out.push(letter);
            }
            _ => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_records_say_stays_in_its_field() {
        let citation = Citation {
            creators: vec!["Gallen-Kallela, Akseli".to_owned()],
            title: plain("Aino {}, 100 % \n}\r\nER  - x"),
            date: "c. 1891".to_owned(),
            year: Some(1891),
            holder: "Museum & Co".to_owned(),
            number: "M_1".to_owned(),
            address: "https://data.example.org/id/m/M_1".to_owned(),
            state: "state 4 of the data".to_owned(),
        };
        let bibtex = citation.bibtex();
        assert!(bibtex.contains("  title = {{Aino \\{\\}, 100 \\% \\} ER - x}},\n"), "{bibtex}");
        assert!(bibtex.contains("  author = {{Gallen-Kallela, Akseli}},\n"), "{bibtex}");
        assert!(bibtex.contains("Museum \\& Co") && bibtex.starts_with("@misc{M-1,\n"), "{bibtex}");
        let ris = citation.ris();
        assert_eq!(ris.lines().filter(|line| line.starts_with("ER")).count(), 1, "{ris}");
        assert!(ris.contains("PY  - 1891\r\n"), "{ris}");
        assert_eq!(
            citation.sentence(),
            "Gallen-Kallela, Akseli: Aino {}, 100 % } ER - x (c. 1891). Museum & Co. M_1. \
             https://data.example.org/id/m/M_1 (state 4 of the data)"
        );
    }
}
