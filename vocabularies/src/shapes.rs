//! SHACL shapes of the core layer: what every published item, aggregation, agent, place, concept and time span has.
//!
//! A shape says only what a consumer may rely on. What an owner's records lack is an issue of the record, not a
//! violation: a title may be missing where there is a description.

/// The shapes as Turtle, with the name of each: the file's name without its ending.
pub const ALL: &[(&str, &str)] = &[
    ("agent", include_str!("../shapes/agent.ttl")),
    ("aggregation", include_str!("../shapes/aggregation.ttl")),
    ("concept", include_str!("../shapes/concept.ttl")),
    ("item", include_str!("../shapes/item.ttl")),
    ("place", include_str!("../shapes/place.ttl")),
    ("time-span", include_str!("../shapes/time-span.ttl")),
    ("web-resource", include_str!("../shapes/web-resource.ttl")),
];

/// Profiles: shapes that an owner may ask of some dataset beyond the core layer, with the name of each.
pub const PROFILES: &[(&str, &str)] = &[("object-id", include_str!("../shapes/profiles/object-id.ttl"))];
