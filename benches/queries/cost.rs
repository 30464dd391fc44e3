//! What a server and its worker processes cost.

use std::fmt;
use std::fs;
use std::time::Duration;

/// The kernel's clock of processes: 100 ticks a second on every Linux there is.
const TICK: Duration = Duration::from_millis(10);

/// The CPU time of some processes, and of those of their children that have ended.
pub(crate) struct Cost(u64);

impl Cost {
    pub(crate) fn of(processes: &[u32]) -> Self {
        let ticks = |process: &u32| {
            let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
            // The name in parentheses may hold blanks. Fields 14 to 17 of the line: user, system, and those of the dead.
            let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
            fields.skip(11).take(4).filter_map(|field| field.parse::<u64>().ok()).sum::<u64>()
        };
        Self(processes.iter().map(ticks).sum())
    }

    /// What was spent in between.
    pub(crate) fn since(&self, before: &Self) -> Duration {
        TICK * u32::try_from(self.0.saturating_sub(before.0)).unwrap_or(u32::MAX)
    }
}

/// A process and all that come from it.
pub(crate) fn family(root: u32) -> Vec<u32> {
    let mut parents = Vec::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Ok(process) = entry.file_name().to_string_lossy().parse::<u32>() else { continue };
        let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        // The name in parentheses may hold blanks; the parent is the second field after it.
        let parent =
            stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1)?.parse::<u32>().ok());
        if let Some(parent) = parent {
            parents.push((process, parent));
        }
    }
    let mut family = vec![root];
    let mut at = 0;
    while at < family.len() {
        let parent = family[at];
        family.extend(parents.iter().filter(|(_, of)| *of == parent).map(|(process, _)| *process));
        at += 1;
    }
    family
}

/// Memory of some processes, in bytes; what they share is counted once (`Pss`).
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Memory {
    pub(crate) all: u64,
    /// Pages of files, which the kernel takes back when it needs them.
    files: u64,
}

impl Memory {
    pub(crate) fn of(processes: &[u32]) -> Self {
        let mut memory = Self::default();
        for process in processes {
            let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap_or_default();
            let of = |name: &str| {
                let line = rollup.lines().find_map(|line| line.strip_prefix(name));
                line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) << 10
            };
            memory.all += of("Pss:");
            memory.files += of("Pss_File:");
        }
        memory
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} MiB in memory, {} of them pages of files", self.all >> 20, self.files >> 20)
    }
}
