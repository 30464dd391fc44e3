//! Parameters of a query string or of a form: `application/x-www-form-urlencoded`, strictly UTF-8.

use crate::problem::Problem;
use percent_encoding::percent_decode_str;

/// Names and values in the order in which they were sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Decodes `a=1&b=x+y%20z`.
    ///
    /// # Errors
    /// A `400` problem when the decoded bytes are not UTF-8.
    pub(crate) fn parse(text: &str) -> Result<Self, Problem> {
        text.split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                Ok((decode(name)?, decode(value)?))
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The first value of that name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All values of that name.
    pub(crate) fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A whole number, or the given one where it is absent or not a number.
    pub(crate) fn number(&self, name: &str, otherwise: usize) -> usize {
        self.get(name).and_then(|value| value.parse().ok()).unwrap_or(otherwise)
    }

    /// All names and values.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Adds all of the other's.
    pub(crate) fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }
}

fn decode(text: &str) -> Result<String, Problem> {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced)
        .decode_utf8()
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| Problem::bad_request("a parameter is not UTF-8"))
}

/// Encodes a parameter's value.
pub(crate) fn encode(value: &str) -> String {
    let mut encoded = String::new();
    graph_model::encode_segment(value, &mut encoded);
    encoded
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn decodes_and_refuses() {
        let parameters = Parameters::parse("query=SELECT+%2A&g=a&g=b%26&x&=y&&n=12").unwrap();
        assert_eq!(parameters.get("query"), Some("SELECT *"));
        assert_eq!(parameters.all("g").collect::<Vec<_>>(), ["a", "b&"]);
        assert_eq!(parameters.get("x"), Some(""));
        assert_eq!(parameters.number("n", 1), 12);
        assert_eq!(parameters.number("x", 1), 1);
        assert!(Parameters::parse("a=%FF").is_err());
        assert_eq!(Parameters::parse(&format!("a={}", encode("ä&+ %"))).unwrap().get("a"), Some("ä&+ %"));
    }
}
