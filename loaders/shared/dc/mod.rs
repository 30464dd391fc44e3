//! Dublin Core: the fifteen elements, the DCMI metadata terms, and the ways in which XML carries them.
//!
//! The mapping of one element with Dublin Core in it onto the item, for every format that carries one: `oai_dc:dc`,
//! `qualifieddc`, `dim`, or any wrapper such as `mets:xmlData`. The caller begins the core layer; the mapping says
//! everything else that the element says.

use crate::shared::xml::ElementRef;
use graph_model::Description;
use vocabularies::dc;

/// Says all that the Dublin Core elements directly inside of `element` say of the item. The caller has begun the core
/// layer ([`crate::shared::core::begin`]).
pub fn describe(element: ElementRef<'_>, out: &mut Description<'_>) {
    let item = out.item();
    for title in element.children("title") {
        out.rule("dc.title.title", "dc:title");
        out.text(item, dc::TITLE, &title.text(), None);
    }
}
