//! What a server and its worker processes cost.

use std::collections::HashMap;
use std::fs;
use std::time::Duration;

/// The CPU time of each thread of some processes.
pub(crate) struct Cost(HashMap<(u32, u32), u64>);

impl Cost {
    pub(crate) fn of(processes: &[u32]) -> Self {
        let mut threads = HashMap::new();
        for &process in processes {
            let Ok(entries) = fs::read_dir(format!("/proc/{process}/task")) else { continue };
            for entry in entries.flatten() {
                let Ok(thread) = entry.file_name().to_string_lossy().parse::<u32>() else { continue };
                // The first number of schedstat: nanoseconds on a CPU.
                let stat = fs::read_to_string(entry.path().join("schedstat")).unwrap_or_default();
                if let Some(spent) = stat.split(' ').next().and_then(|number| number.parse().ok()) {
                    threads.insert((process, thread), spent);
                }
            }
        }
        Self(threads)
    }

    /// What was spent in between. A thread that ended in between is not counted, so servers that make a thread for
    /// each query look cheaper than they are.
    pub(crate) fn since(&self, before: &Self) -> Duration {
        let spent =
            self.0.iter().map(|(thread, now)| now - before.0.get(thread).unwrap_or(&0).min(now)).sum();
        Duration::from_nanos(spent)
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

/// Memory of the processes, in bytes: what they share is counted once (`Pss`).
pub(crate) fn memory(processes: &[u32]) -> u64 {
    let of = |process: &u32| {
        let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap_or_default();
        let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
        line.split_whitespace().next()?.parse::<u64>().ok()
    };
    processes.iter().filter_map(of).sum::<u64>() * 1024
}
