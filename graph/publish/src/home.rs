//! The home of an installation: its folders, and what the operator writes in `aarre.toml`.

use graph_model::{Base, DatasetId, ServiceLimits};
use graph_reconcile::Kind;
use graph_store::rdf::NamedNode;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why a home could not be used.
#[derive(Debug, Error)]
pub enum HomeError {
    /// There is no `aarre.toml`.
    #[error("{path} does not exist; make a home with: aarre init {home} --base IRI", path = .0.join("aarre.toml").display(), home = .0.display())]
    Missing(PathBuf),
    /// `aarre.toml` cannot be read.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// `aarre.toml` has a fault.
    #[error("{path}, line {line}, column {column}: {message}")]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
        /// What was met and what was expected.
        message: String,
    },
    /// A value in `aarre.toml` makes no sense.
    #[error("{path}: {message}")]
    Value {
        /// The file.
        path: PathBuf,
        /// What was met and what was expected.
        message: String,
    },
    /// A dataset that the configuration does not have.
    #[error("no dataset '{met}' in aarre.toml; there are: {known}")]
    UnknownDataset {
        /// What was asked for.
        met: String,
        /// The identifiers of those that there are.
        known: String,
    },
}

/// A folder that holds an installation, and its configuration.
#[derive(Debug, Clone)]
pub struct Home {
    path: PathBuf,
    /// What `aarre.toml` says.
    pub config: Config,
}

/// What the operator writes in `aarre.toml`, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// The base of all IRIs.
    pub base: Base,
    /// The name of the service, for its pages.
    pub title: String,
    /// How generations are made and kept.
    pub publish: PublishConfig,
    /// How they are served.
    pub serve: ServeConfig,
    /// How entities are linked.
    pub reconcile: ReconcileConfig,
    /// What the catalogue says of the whole.
    pub catalogue: CatalogueConfig,
    /// The datasets, in the order of the file.
    pub datasets: Vec<Dataset>,
}

/// `[publish]`: how generations are made and kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PublishConfig {
    /// How many generations stay on disk.
    pub keep: usize,
    /// The largest share of statements that may vanish from one generation to the next, 0 to 1.
    pub max_fall: f64,
}

impl Default for PublishConfig {
    fn default() -> Self {
        Self { keep: 3, max_fall: 0.2 }
    }
}

/// `[catalogue]`: what the catalogue (DCAT-AP) says of the whole.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CatalogueConfig {
    /// What is collected here, in a sentence or two. Absent: a sentence that names the datasets.
    pub description: Option<String>,
    /// Who publishes it. Absent: the title of the service.
    pub publisher: Option<String>,
    /// The publisher's own pages.
    pub homepage: Option<String>,
    /// Where the publisher is reached: a `mailto:` or a web address.
    pub contact: Option<String>,
}

/// How often a dataset is brought up to date, in the words of the European Union's authority table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Frequency {
    /// All the time.
    Continuous,
    /// Once an hour.
    Hourly,
    /// Once a day.
    Daily,
    /// Once a week.
    Weekly,
    /// Once in two weeks.
    Biweekly,
    /// Once a month.
    Monthly,
    /// Four times a year.
    Quarterly,
    /// Once a year.
    Annual,
    /// Now and then.
    Irregular,
    /// It is closed.
    Never,
}

/// `[reconcile]`: how entities are linked with authority files and with each other.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReconcileConfig {
    /// Whether links are looked for at all; what people decided holds either way.
    pub enabled: bool,
    /// The share of right ones that is aimed at among links made without a person, 0.5 to 1.
    pub precision: f32,
    /// The same for single kinds.
    pub kinds: BTreeMap<Kind, f32>,
    /// From which probability on a pair is put to review, 0 to 1.
    pub review: f32,
    /// The mirrors of authorities that are used; all when absent.
    pub authorities: Option<Vec<String>>,
}

impl Default for ReconcileConfig {
    fn default() -> Self {
        Self { enabled: true, precision: 0.98, kinds: BTreeMap::new(), review: 0.2, authorities: None }
    }
}

impl ReconcileConfig {
    /// What is wrong with the values, in words.
    fn fault(&self) -> Option<String> {
        let of_kinds = self.kinds.iter().map(|(kind, precision)| (format!("kinds.{kind}"), *precision));
        for (name, precision) in of_kinds.chain([("precision".to_owned(), self.precision)]) {
            if !(0.5..=1.0).contains(&precision) {
                return Some(format!("{name} is {precision}; expected a share from 0.5 to 1"));
            }
        }
        (!(0.0..=1.0).contains(&self.review))
            .then(|| format!("review is {}; expected a probability from 0 to 1", self.review))
    }
}

/// `[serve]`: how generations are served.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServeConfig {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where the operator's own listener is: running queries; none when absent.
    pub private: Option<SocketAddr>,
    /// How long one query may run, in seconds; the older name of `limits.seconds`.
    pub query_timeout: Option<u64>,
    /// How many queries run at once, each in a process of its own; 0 for threads of the server, without a bound on
    /// their memory. Absent: one more than there are processor cores.
    pub workers: Option<usize>,
    /// The proxies that are believed about whom they speak for: addresses and networks.
    pub proxies: Vec<String>,
    /// What strangers may use.
    pub limits: ServiceLimits,
    /// How many bytes of answers are kept; 0 keeps nothing. Absent: 128 MiB.
    pub cache_bytes: Option<u64>,
    /// How many bytes an answer that is kept may have. Absent: 1 MiB, which is also the most.
    pub cache_largest: Option<usize>,
    /// From how many seconds on a query is written to the log as slow. Absent: 5.
    pub slow_query: Option<u64>,
    /// The SPARQL endpoints elsewhere that queries may name with `SERVICE`: addresses, with all below. Absent: none.
    pub federation: Vec<String>,
    /// A folder served under `/media/`, relative to the home.
    pub media: Option<PathBuf>,
}

impl Default for ServeConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 7878)),
            private: None,
            query_timeout: None,
            workers: None,
            proxies: Vec::new(),
            limits: ServiceLimits::default(),
            cache_bytes: None,
            cache_largest: None,
            slow_query: None,
            federation: Vec::new(),
            media: None,
        }
    }
}

/// `[[dataset]]`: records of one owner that are loaded together.
#[derive(Debug, Clone)]
pub struct Dataset {
    /// The short name; part of every IRI of its records.
    pub id: DatasetId,
    /// The name that people read.
    pub title: String,
    /// Who owns the records.
    pub owner: Option<String>,
    /// What it is about, in a sentence or two.
    pub description: Option<String>,
    /// The owner's own pages about it.
    pub homepage: Option<String>,
    /// Where the owner is reached about it: a `mailto:` or a web address.
    pub contact: Option<String>,
    /// The agreement by which the owner gives it: its address, or its name.
    pub agreement: Option<String>,
    /// How often it is brought up to date.
    pub frequency: Option<Frequency>,
    /// The format; detected for each file when absent.
    pub format: Option<String>,
    /// Files and folders to load, relative to the home.
    pub sources: Vec<PathBuf>,
    /// The mapping file, relative to the home.
    pub rules: Option<PathBuf>,
    /// Addresses to fetch records from before a load.
    pub harvest: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawConfig {
    base: String,
    #[serde(default = "untitled")]
    title: String,
    #[serde(default)]
    publish: PublishConfig,
    #[serde(default)]
    serve: ServeConfig,
    #[serde(default)]
    reconcile: ReconcileConfig,
    #[serde(default)]
    catalogue: CatalogueConfig,
    #[serde(default)]
    dataset: Vec<RawDataset>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDataset {
    id: String,
    title: Option<String>,
    owner: Option<String>,
    description: Option<String>,
    homepage: Option<String>,
    contact: Option<String>,
    agreement: Option<String>,
    frequency: Option<Frequency>,
    format: Option<String>,
    #[serde(default)]
    sources: Vec<PathBuf>,
    rules: Option<PathBuf>,
    #[serde(default)]
    harvest: Vec<String>,
}

fn untitled() -> String {
    "Aarre".to_owned()
}

impl Home {
    /// Opens a home: reads and checks its `aarre.toml`.
    ///
    /// # Errors
    /// [`HomeError`], with line and column where the file has a fault.
    pub fn open(path: &Path) -> Result<Self, HomeError> {
        let file = path.join("aarre.toml");
        let text = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(HomeError::Missing(path.to_owned()));
            }
            Err(source) => return Err(HomeError::Io { path: file, source }),
        };
        Ok(Self { path: path.to_owned(), config: Config::parse(&text, &file)? })
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The working store.
    #[must_use]
    pub fn store(&self) -> PathBuf {
        self.path.join("store")
    }

    /// The published generations.
    #[must_use]
    pub fn generations(&self) -> PathBuf {
        self.path.join("generations")
    }

    /// Where the mirrors of authority files are.
    #[must_use]
    pub fn authorities(&self) -> PathBuf {
        self.path.join("authorities")
    }

    /// The reports of runs.
    #[must_use]
    pub fn reports(&self) -> PathBuf {
        self.path.join("reports")
    }

    /// The raw records of a dataset as harvested.
    #[must_use]
    pub fn harvested(&self, dataset: &DatasetId) -> PathBuf {
        self.path.join("sources").join(dataset.as_str())
    }

    /// A path of the configuration, relative to the home unless absolute.
    #[must_use]
    pub fn resolve(&self, path: &Path) -> PathBuf {
        self.path.join(path)
    }

    /// The dataset with this identifier.
    ///
    /// # Errors
    /// [`HomeError::UnknownDataset`], which lists those that there are.
    pub fn dataset(&self, id: &str) -> Result<&Dataset, HomeError> {
        self.config.datasets.iter().find(|dataset| dataset.id.as_str() == id).ok_or_else(|| {
            let known: Vec<_> = self.config.datasets.iter().map(|dataset| dataset.id.as_str()).collect();
            HomeError::UnknownDataset { met: id.to_owned(), known: known.join(", ") }
        })
    }
}

impl Config {
    /// Reads the text of an `aarre.toml`; `file` is named in messages.
    ///
    /// # Errors
    /// [`HomeError::Syntax`] or [`HomeError::Value`].
    pub fn parse(text: &str, file: &Path) -> Result<Self, HomeError> {
        let raw: RawConfig = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let before = &text[..at.min(text.len())];
            HomeError::Syntax {
                path: file.to_owned(),
                line: before.matches('\n').count() + 1,
                column: before.rsplit('\n').next().unwrap_or_default().chars().count() + 1,
                message: error.message().to_owned(),
            }
        })?;
        let fault = |message: String| HomeError::Value { path: file.to_owned(), message };
        let base = Base::new(&raw.base).map_err(|error| fault(error.to_string()))?;
        if !(0.0..=1.0).contains(&raw.publish.max_fall) {
            return Err(fault(format!(
                "publish.max_fall is {}; expected a share from 0 to 1",
                raw.publish.max_fall
            )));
        }
        if raw.publish.keep == 0 {
            return Err(fault("publish.keep is 0; expected at least 1".to_owned()));
        }
        if let Some(message) = raw.reconcile.fault() {
            return Err(fault(format!("reconcile.{message}")));
        }
        let catalogue = raw.catalogue;
        let addresses = [("homepage", &catalogue.homepage), ("contact", &catalogue.contact)];
        if let Some(message) = addresses.into_iter().find_map(|(name, value)| address_fault(name, value)) {
            return Err(fault(format!("catalogue.{message}")));
        }
        let mut serve = raw.serve;
        if let Some(seconds) = serve.query_timeout {
            serve.limits.seconds = seconds;
        }
        if let Some(message) = serve.limits.fault() {
            return Err(fault(format!("serve.limits.{message}")));
        }
        let mut datasets: Vec<Dataset> = Vec::with_capacity(raw.dataset.len());
        for dataset in raw.dataset {
            let id = DatasetId::new(&dataset.id).map_err(|error| fault(error.to_string()))?;
            if datasets.iter().any(|other| other.id == id) {
                return Err(fault(format!("the dataset '{id}' stands twice; expected each once")));
            }
            if let Some(format) = &dataset.format
                && loaders::format_by_id(format).is_none()
            {
                return Err(fault(format!(
                    "dataset '{id}': no format '{format}'; expected one of {}",
                    format_ids()
                )));
            }
            let addresses = [("homepage", &dataset.homepage), ("contact", &dataset.contact)];
            if let Some(message) = addresses.into_iter().find_map(|(name, value)| address_fault(name, value))
            {
                return Err(fault(format!("dataset '{id}': {message}")));
            }
            datasets.push(Dataset {
                title: dataset.title.unwrap_or_else(|| id.to_string()),
                id,
                owner: dataset.owner,
                description: dataset.description,
                homepage: dataset.homepage,
                contact: dataset.contact,
                agreement: dataset.agreement,
                frequency: dataset.frequency,
                format: dataset.format,
                sources: dataset.sources,
                rules: dataset.rules,
                harvest: dataset.harvest,
            });
        }
        Ok(Self {
            base,
            title: raw.title,
            publish: raw.publish,
            serve,
            reconcile: raw.reconcile,
            catalogue,
            datasets,
        })
    }
}

/// What is wrong with an address that the catalogue shall name.
fn address_fault(name: &str, value: &Option<String>) -> Option<String> {
    let value = value.as_deref()?;
    let named = NamedNode::new(value).is_ok()
        && ["http://", "https://", "mailto:"].iter().any(|scheme| value.starts_with(scheme));
    (!named).then(|| format!("{name} is '{value}'; expected an address with http:, https: or mailto:"))
}

/// The identifiers of all formats, for messages.
#[must_use]
pub fn format_ids() -> String {
    loaders::FORMATS.iter().map(|format| format.id).collect::<Vec<_>>().join(", ")
}

/// The text of a new `aarre.toml`, commented for somebody who sees one for the first time.
#[must_use]
pub fn new_config(base: &Base) -> String {
    include_str!("aarre.toml").replace("https://data.example.org", base.as_str())
}
