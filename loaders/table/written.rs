//! The main part of a mapping file and its variants, seen alike.

use super::file::{self, Conditions, File, OneOrMany, Variant};
use super::mapping::GroupKind;
use std::collections::BTreeMap;
use toml::Spanned;

/// A body of the file as it is written: its main part, or a variant.
pub(super) struct Written<'f> {
    pub(super) when: Option<&'f Spanned<Conditions>>,
    pub(super) id: &'f Spanned<OneOrMany>,
    pub(super) join: Option<&'f OneOrMany>,
    pub(super) describes: Option<&'f Spanned<String>>,
    pub(super) sector: Option<&'f Spanned<String>>,
    pub(super) edm_type: Option<&'f Spanned<String>>,
    pub(super) rights: Option<&'f Spanned<String>>,
    pub(super) constants: &'f BTreeMap<String, Spanned<OneOrMany>>,
    pub(super) columns: &'f [file::Column],
    pub(super) groups: [(&'f [file::Group], Option<GroupKind>); 3],
}

impl<'f> Written<'f> {
    pub(super) fn main(file: &'f File) -> Self {
        Self {
            when: None,
            id: &file.id,
            join: file.join.as_ref(),
            describes: file.describes.as_ref(),
            sector: file.sector.as_ref(),
            edm_type: file.edm_type.as_ref(),
            rights: file.rights.as_ref(),
            constants: &file.constants,
            columns: &file.column,
            groups: [
                (&file.event, None),
                (&file.document, Some(GroupKind::Document)),
                (&file.inscription, Some(GroupKind::Inscription)),
            ],
        }
    }

    /// A variant takes from the main part what it does not tell itself, but for columns and groups.
    pub(super) fn variant(file: &'f File, variant: &'f Variant) -> Self {
        Self {
            when: Some(&variant.when),
            id: variant.id.as_ref().unwrap_or(&file.id),
            join: variant.join.as_ref().or(file.join.as_ref()),
            describes: variant.describes.as_ref().or(file.describes.as_ref()),
            sector: variant.sector.as_ref().or(file.sector.as_ref()),
            edm_type: variant.edm_type.as_ref().or(file.edm_type.as_ref()),
            rights: variant.rights.as_ref().or(file.rights.as_ref()),
            constants: &variant.constants,
            columns: &variant.column,
            groups: [
                (&variant.event, None),
                (&variant.document, Some(GroupKind::Document)),
                (&variant.inscription, Some(GroupKind::Inscription)),
            ],
        }
    }
}
