//! The one guarded reader for every format in XML.
//!
//! XML 1.0 (fifth edition) with namespaces, read over `quick-xml`, in three storeys of which a format takes
//! the one that fits:
//! 1. [`Reader`]: events (start, text, end), streaming, with the byte and line of each;
//! 2. [`Element`]: one sub-tree, owned and compact, from [`Reader::element`];
//! 3. [`records`]: a stream cut into such sub-trees, broken ones as [`graph_model::Broken`].
//!
//! What is too large for a sub-tree goes onto a [`Tape`].
//!
//! Encodings: UTF-8, UTF-16, and what the XML declaration names among those of the WHATWG Encoding Standard
//! (ISO 8859, windows-125x and others). Bytes that are not of the encoding become U+FFFD and a [`Note`].
//!
//! What is deliberately left out: document types. A DOCTYPE that only names its DTD is skipped, one with an
//! internal subset is refused, so that no entity is ever expanded. Entities other than the five predefined
//! ones and character references become U+FFFD and a [`Note`]. Comments and processing instructions are
//! skipped. A lone ampersand, a frequent slip of export scripts, is read as text with a [`Note`].
//!
//! Limits keep hostile input from taking memory or time; see [`limits`].
//!
//! ```
//! use loaders::shared::xml::{self, Event, Reader};
//! let xml = r#"<c xmlns="urn:x"><r id="1"><t xml:lang="fi">Suo,  kuokka
//!     ja Jussi</t></r><r id="2"><t>A<b>B</b></t></r></c>"#;
//!
//! let titles: Vec<String> = xml::records(Box::new(xml.as_bytes()), |start| start.name() == "r")
//!     .filter_map(Result::ok)
//!     .map(|record| record.root().child("t").map(|t| t.text().into_owned()).unwrap_or_default())
//!     .collect();
//! assert_eq!(titles, ["Suo, kuokka ja Jussi", "AB"]);
//!
//! let mut reader = Reader::new(Box::new(xml.as_bytes()));
//! loop {
//!     match reader.next()? {
//!         Event::Start(start) if start.name() == "r" => {
//!             assert_eq!((start.namespace(), start.attribute("id")), ("urn:x", Some("1")));
//!             let record = reader.element()?;
//!             let title = record.root().child("t").ok_or("no title")?;
//!             assert_eq!(title.attribute("xml:lang"), Some("fi"));
//!             break;
//!         }
//!         Event::Eof => break,
//!         _ => {}
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod element;
mod fault;
mod fields;
mod names;
mod plain;
mod reader;
mod records;
mod source;
mod start;
mod tape;
#[cfg(test)]
mod tests;
mod write;

pub use element::{Content, Element, ElementRef};
pub use fault::{FaultKind, Note, XmlError};
pub use fields::{Walk, fields, own_language};
pub use reader::{Event, Reader};
pub(crate) use records::Delivered;
pub use records::{OAI, Records, delivered, records, wrapped};
pub use start::Start;
pub use tape::{Address, Attributes, Player, Splice, Tape};
pub use write::written;

/// What input may ask of the reader at most.
pub mod limits {
    /// How deep elements nest.
    pub const DEPTH: usize = 256;
    /// How many attributes one element has.
    pub const ATTRIBUTES: usize = 1_024;
    /// How many bytes one text, tag or comment has.
    pub const TEXT: u64 = 16 << 20;
    /// How many bytes one [`super::Element`] has as input.
    pub const ELEMENT: u64 = 64 << 20;
    /// How many elements, texts and attributes one [`super::Element`] has.
    pub const NODES: usize = 1 << 20;
    /// How many bytes the name of an element or attribute has.
    pub const NAME: usize = 1_000;
    /// How many bytes a namespace IRI has.
    pub const NAMESPACE: usize = 4_096;
    /// How many namespace declarations are in force at one place.
    pub const BINDINGS: usize = 256;
    /// How many notes are kept for one element.
    pub const NOTES: usize = 16;
}
