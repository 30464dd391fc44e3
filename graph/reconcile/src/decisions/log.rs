//! The log as bytes: a JSON object a line.

use super::{Decision, Decisions, Refusal, What};

/// What a log holds.
#[derive(Debug, Clone)]
pub struct Log {
    state: Decisions,
    damage: Vec<Damage>,
    /// Whether the last line has its end; if not, a new one must not be written on to it.
    ends: bool,
}

/// A line that cannot be read: it was torn when the power failed, or somebody edited the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub fault: String,
}

impl Log {
    /// Reads a log. A line that cannot be read is told and skipped; nothing else suffers from it.
    ///
    /// ```
    /// let log = graph_reconcile::decisions::Log::read(b"{\"id\":1,\"when\":\"2026-11-21T10:00:00Z\",\"who\":\"Anna\",\
    ///     \"what\":\"accept\",\"one\":\"http://x.org/id/agent/a\",\"other\":\"http://viaf.org/viaf/1\"}\n{\"id\":2,\"wh");
    /// assert_eq!((log.state().all().count(), log.damage()[0].line), (1, 2));
    /// ```
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        let ends = bytes.is_empty() || bytes.ends_with(b"\n");
        let (mut decisions, mut damage): (Vec<Decision>, Vec<Damage>) = (Vec::new(), Vec::new());
        let mut last = 0;
        for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            if line.trim_ascii().is_empty() {
                continue;
            }
            let mut damaged = |fault: String| damage.push(Damage { line: index + 1, fault });
            match serde_json::from_slice::<Decision>(line) {
                Err(error) => damaged(format!("no decision can be read from it ({error})")),
                Ok(decision) if decision.id <= last => damaged(format!(
                    "its number is {}, but that of a line before is {last}; expected a greater one",
                    decision.id
                )),
                Ok(decision) => {
                    last = decision.id;
                    decisions.push(decision);
                }
            }
        }
        Self { state: Decisions::replay(decisions), damage, ends }
    }

    /// What follows from the decisions that could be read.
    #[must_use]
    pub fn state(&self) -> &Decisions {
        &self.state
    }

    /// The lines that could not be read.
    #[must_use]
    pub fn damage(&self) -> &[Damage] {
        &self.damage
    }

    /// Takes a new decision up, if nothing in force speaks against it, and gives the bytes that belong at the end of
    /// the file; they count once they are on the disk.
    ///
    /// # Errors
    /// [`Refusal`], in words for whoever decides; the log stays as it is.
    pub fn decide(
        &mut self,
        what: What,
        who: &str,
        when: &str,
        why: Option<&str>,
    ) -> Result<(Decision, Vec<u8>), Refusal> {
        let why = why.map(str::trim).filter(|why| !why.is_empty()).map(str::to_owned);
        let id = self.state.next_id();
        let decision = Decision { id, when: when.to_owned(), who: who.to_owned(), what, why };
        let after = self.state.after(decision.clone())?;
        let mut bytes = Vec::new();
        if !self.ends {
            bytes.push(b'\n');
        }
        serde_json::to_writer(&mut bytes, &decision)
            .map_err(|error| Refusal::Unwritable(error.to_string()))?;
        bytes.push(b'\n');
        self.ends = true;
        self.state = after;
        Ok((decision, bytes))
    }
}
