//! The code tables as the build script made them.

use oxrdf::NamedNodeRef;

use crate::countries::{Country, CountryName, MarcCountry};
use crate::ead_levels::{EadLevel, EadLevelTerm};
use crate::languages::{Language, LanguageName};
use crate::lido_events::{LidoEvent, LidoEventTerm};
use crate::marc::{BibliographicLevel, Category, ContentType, LinkageScript, RdaType, RecordType, Script};
use crate::media::MediaTerm;
use crate::relators::{Relator, RelatorTerm};
use crate::rights::{LicenceWord, Rights, RightsStatement};

include!(concat!(env!("OUT_DIR"), "/codes.rs"));
