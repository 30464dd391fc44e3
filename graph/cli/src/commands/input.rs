//! What `convert` and `preview` read.

use crate::args::InputArguments;
use crate::terminal::Terminal;
use anyhow::bail;
use graph_model::{Base, DatasetId};
use graph_publish::convert::{Conversion, Sink, Watch};
use graph_publish::home::format_ids;
use graph_publish::report::Report;
use graph_publish::rules::RuleFile;
use loaders::FormatEntry;

/// The input arguments, checked.
pub(crate) struct Input<'a> {
    arguments: &'a InputArguments,
    pub(crate) base: Base,
    pub(crate) dataset: DatasetId,
    format: Option<&'static FormatEntry>,
    pub(crate) rules: Option<RuleFile>,
}

impl<'a> Input<'a> {
    pub(crate) fn new(arguments: &'a InputArguments, terminal: &Terminal) -> anyhow::Result<Self> {
        let base = match &arguments.base {
            Some(base) => Base::new(base)?,
            None => match terminal.home_if_named()? {
                Some(home) => home.config.base,
                None => Base::new("http://127.0.0.1:7878")?,
            },
        };
        let format = match &arguments.format {
            None => None,
            Some(id) => match loaders::format_by_id(id) {
                None => bail!("no format '{id}'; there are: {}", format_ids()),
                format => format,
            },
        };
        let rules = arguments.rules.as_deref().map(RuleFile::open).transpose()?;
        let dataset = DatasetId::new(&arguments.dataset)?;
        Ok(Self { arguments, base, dataset, format, rules })
    }

    /// How it is converted.
    pub(crate) fn conversion<'c>(&'c self, lines: Option<&'c str>, watch: &'c dyn Watch) -> Conversion<'c> {
        Conversion {
            base: &self.base,
            dataset: &self.dataset,
            owner: self.arguments.owner.as_deref(),
            format: self.format,
            lines,
            rules: self.rules.as_ref(),
            watch,
        }
    }

    /// Converts all that was named; with a graph, the sink gets N-Quads in it.
    pub(crate) fn convert(
        &self,
        lines: Option<&str>,
        watch: &dyn Watch,
        report: &mut Report,
        sink: &mut Sink<'_>,
    ) -> anyhow::Result<()> {
        let conversion = self.conversion(lines, watch);
        if self.arguments.stdin {
            conversion.stream(Box::new(std::io::stdin()), "(standard input)", report, sink)?;
        } else {
            conversion.paths(&self.arguments.paths, report, sink)?;
        }
        Ok(())
    }
}
