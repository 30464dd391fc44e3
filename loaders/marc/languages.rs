//! The languages of what is not the text itself: subtitles, summaries, librettos and the like, in 041.
//!
//! 041$a and $d are the languages of the item and are read at the start (`reading.rs`); $h is that of the work. The others
//! must not be mistaken for the language of the text: each is a `bf:Language` of the detail layer that says of which part.

use super::reading::{Reading, numbered};
use super::record::Field;
use crate::shared::languages;
use graph_model::Description;
use vocabularies::{bf, dc};

/// Tells the other languages of one 041 field.
pub(super) fn describe<'r>(field: &Field<'r>, reading: &mut Reading<'r>, out: &mut Description<'_>) {
    for (code, text) in field.subfields() {
        let part = match code {
            'b' => "summary",
            'e' => "libretto",
            'f' => "table of contents",
            'g' => "accompanying material",
            'i' => "intertitles",
            'j' => "subtitles",
            'k' => "intermediate translation",
            'm' => "original of accompanying material",
            'n' => "original of libretto",
            'p' => "captions",
            'q' => "accessible audio",
            'r' => "accessible visual material",
            't' => "transcript",
            _ => continue,
        };
        let Some(tag) = languages::tag(text) else { continue };
        reading.rule(out, "marc.041.part-language", field, code.encode_utf8(&mut [0; 4]));
        let item = out.item();
        let node = numbered(out, "language", &mut reading.part_languages);
        out.link(item, bf::LANGUAGE, node);
        out.a(node, bf::LANGUAGE_CLASS);
        out.text(node, bf::PART, part, Some("en"));
        out.text(node, dc::LANGUAGE, tag, None);
    }
}
