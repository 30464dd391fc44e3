//! What an operator's caller needs of it.

use oxrdf::Variable;

/// Columns, number and repetition. It is always right to give more: all columns, all rows, each as often as it comes.
#[derive(Debug, Clone, Default)]
pub(super) struct Want {
    /// The columns; `None` for all.
    pub(super) variables: Option<Vec<Variable>>,
    /// Any so many rows are enough.
    pub(super) limit: Option<usize>,
    /// How often a row comes does not matter, once the columns are those needed.
    pub(super) set: bool,
}

impl Want {
    /// These columns of all rows.
    pub(super) fn columns(variables: Vec<Variable>) -> Self {
        Self { variables: Some(variables), limit: None, set: false }
    }

    pub(super) fn needs(&self, variable: &Variable) -> bool {
        self.variables.as_ref().is_none_or(|variables| variables.contains(variable))
    }

    /// Also these columns.
    pub(super) fn and<'v>(&self, more: impl IntoIterator<Item = &'v Variable>) -> Self {
        let mut want = self.clone();
        if let Some(variables) = &mut want.variables {
            for variable in more {
                if !variables.contains(variable) {
                    variables.push(variable.clone());
                }
            }
        }
        want
    }

    /// All rows, each as often as it comes.
    pub(super) fn every(&self) -> Self {
        Self { variables: self.variables.clone(), limit: None, set: false }
    }

    /// All rows.
    pub(super) fn unlimited(&self) -> Self {
        Self { limit: None, ..self.clone() }
    }

    pub(super) fn known(&self) -> Option<&[Variable]> {
        self.variables.as_deref()
    }
}
