//! The sector of an item by the name of who gives it, as EDM has no word for it.

use crate::shared::core::Sector;

/// Words in the name of an institution that tell its sector.
const WORDS: &[(&str, Sector)] = &[
    ("archi", Sector::Archive),
    ("arhiv", Sector::Archive),
    ("arkisto", Sector::Archive),
    ("arkiv", Sector::Archive),
    ("archyv", Sector::Archive),
    ("архив", Sector::Archive),
    ("архів", Sector::Archive),
    ("institute of social history", Sector::Archive),
    ("bibliot", Sector::Library),
    ("kirjasto", Sector::Library),
    ("librar", Sector::Library),
    ("бібліот", Sector::Library),
    ("библиот", Sector::Library),
    ("galler", Sector::Museum),
    ("muse", Sector::Museum),
    ("muze", Sector::Museum),
    ("musé", Sector::Museum),
    ("музе", Sector::Museum),
];

/// The sector that the first telling name tells. A name that says two things (`Library and Archives`) tells none.
pub(super) fn of<'n>(names: impl Iterator<Item = &'n str>) -> Option<Sector> {
    for name in names {
        let lower = name.to_lowercase();
        // `Architecture` is no archive.
        let lower = lower.replace("architect", "");
        let mut found = WORDS.iter().filter(|(word, _)| lower.contains(word)).map(|(_, sector)| *sector);
        if let Some(first) = found.next()
            && found.all(|other| other == first)
        {
            return Some(first);
        }
    }
    None
}
