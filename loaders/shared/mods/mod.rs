//! MODS 3.4 to 3.8, the Metadata Object Description Schema: <https://www.loc.gov/standards/mods/>.
//!
//! The mapping of one `mods` element onto the item, for every format that carries one: MODS itself and METS. The caller
//! begins the core layer; the mapping says everything else that the element says.

use crate::shared::xml::ElementRef;
use graph_model::Description;
use vocabularies::dc;

/// Says all that a `mods` element says of the item. The caller has begun the core layer ([`crate::shared::core::begin`]).
pub fn describe(element: ElementRef<'_>, out: &mut Description<'_>) {
    let item = out.item();
    for title in element.path("titleInfo/title") {
        out.rule("mods.titleInfo.title", "mods:titleInfo");
        out.text(item, dc::TITLE, &title.text(), None);
    }
}
