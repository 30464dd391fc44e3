//! What a service allows to strangers: the one list of limits, which the operator sets, the server keeps and
//! `/limits` shows.
//!
//! Each limit stands here once with its default, its unit and its sentence; the reader of the configuration, its
//! commented text and the page are made from this list.

use serde::Deserialize;

/// A limit as people read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitEntry {
    /// The key in `[serve.limits]` of `aarre.toml`.
    pub name: &'static str,
    /// The value in force.
    pub value: u64,
    /// Of what; empty for a plain number.
    pub unit: &'static str,
    /// What it limits, in a sentence.
    pub meaning: &'static str,
}

macro_rules! limits {
    ($($name:ident = $default:literal $unit:literal $meaning:literal)*) => {
        /// What strangers may use, as `[serve.limits]` of `aarre.toml` says.
        #[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct ServiceLimits {
            $(#[doc = $meaning] pub $name: u64,)*
        }

        impl Default for ServiceLimits {
            fn default() -> Self {
                Self { $($name: $default,)* }
            }
        }

        impl ServiceLimits {
            /// All of them, in the order in which they matter to a query.
            #[must_use]
            pub fn entries(&self) -> Vec<LimitEntry> {
                vec![$(LimitEntry {
                    name: stringify!($name),
                    value: self.$name,
                    unit: $unit,
                    meaning: $meaning,
                },)*]
            }
        }
    };
}

limits! {
    query_bytes = 65536 "bytes" "The longest query that is read."
    nesting = 64 "levels" "How deep brackets may nest in a query."
    patterns = 256 "" "How many triple patterns, groups and clauses a query may have."
    operators = 1024 "" "How many operators of expressions and property paths a query may have."
    path_steps = 128 "" "How many steps one property path may have."
    values_rows = 10000 "rows" "How many rows of VALUES a query may have altogether."
    seconds = 30 "s" "How long a query may run, the sending of its answer included."
    memory = 1536 "MiB" "How much memory a query may take."
    engine_seconds = 60 "s a minute" "How much time of the query engine one client gets each minute."
    engine_burst = 120 "s" "How much of that time a client can save up."
    parallel = 5 "" "How many queries of one client run or wait at the same time."
    queue = 32 "" "How many queries of all clients may wait for a place; the next one is told to come back."
    queue_seconds = 15 "s" "How long a query waits for a place before it is told to come back."
    short_seconds = 3 "s" "How long a query may run on the one place that is kept for short ones when all others are taken."
    connections = 64 "" "How many connections one address may hold open."
    first_byte_seconds = 10 "s" "How long a client may take for its first byte and then for its headers."
    idle_seconds = 60 "s" "How long a connection may stay without a byte in either direction."
    queries_per_worker = 1000 "" "After how many queries a worker process is replaced by a fresh one."
}

impl ServiceLimits {
    /// The least `memory`, in mebibytes: the stacks that evaluation needs count as well.
    pub const LEAST_MEMORY: u64 = 256;

    /// What makes no sense, if anything does: the name of the limit, what was met and what was expected.
    #[must_use]
    pub fn fault(&self) -> Option<String> {
        let may_be_zero = ["queue", "queue_seconds"];
        if self.memory < Self::LEAST_MEMORY {
            return Some(format!("memory is {}; expected at least {}", self.memory, Self::LEAST_MEMORY));
        }
        self.entries()
            .into_iter()
            .find(|entry| entry.value == 0 && !may_be_zero.contains(&entry.name))
            .map(|entry| format!("{} is 0, which would refuse everything", entry.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_tells_what_is_in_force() {
        let limits = ServiceLimits { seconds: 5, queue: 0, ..ServiceLimits::default() };
        let entries = limits.entries();
        assert!(entries.iter().any(|entry| (entry.name, entry.value, entry.unit) == ("seconds", 5, "s")));
        assert!(entries.iter().all(|entry| entry.meaning.ends_with('.')));
        assert_eq!(limits.fault(), None);
        let faults = |limits: ServiceLimits| limits.fault().unwrap_or_default();
        assert!(faults(ServiceLimits { parallel: 0, ..limits }).starts_with("parallel is 0"));
        assert!(faults(ServiceLimits { memory: 64, ..ServiceLimits::default() }).starts_with("memory is 64"));
    }
}
