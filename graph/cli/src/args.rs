//! The command line. Its names are a contract: operators' scripts and the tests rely on them.

use clap::{Args, Parser, Subcommand, ValueHint};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Records of archives, libraries and museums in, one graph of linked open data out.
#[derive(Debug, Parser)]
#[command(name = "aarre", version, propagate_version = true, max_term_width = 100)]
#[command(
    after_help = "Start with `aarre demo`, or `aarre convert FILE` to see what becomes of a file of yours.\n\
    Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done with records set aside."
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) everywhere: Everywhere,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, Args)]
pub(crate) struct Everywhere {
    /// The folder that holds the installation.
    #[arg(long, global = true, env = "AARRE_HOME", value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) home: Option<PathBuf>,
    /// Results for machines: one JSON object on standard output.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Say only what went wrong.
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Say more; twice for everything.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a new home with a commented aarre.toml.
    Init(InitArguments),
    /// Turn files into N-Quads, without a store.
    #[command(after_help = "Examples:\n  aarre convert records.mrc > records.nq\n  \
        aarre convert finding-aids/ --out aids.nq.zst --report report/\n  \
        aarre convert monuments.csv --rules monuments.toml --dataset monuments\n  \
        zcat lido.xml.gz | aarre convert --stdin --format lido")]
    Convert(ConvertArguments),
    /// Build the bundled demo (archive, library, museum, monument register) and serve it.
    Demo(DemoArguments),
    /// Fetch the records of a dataset from the addresses in aarre.toml.
    Harvest(DatasetsArguments),
    /// Load the records of a dataset into the working store.
    #[command(
        after_help = "All sources of the dataset are loaded, or only the PATHs. Unchanged records are not \
        written; with all sources, records that are gone are deleted and leave a tombstone.\n\
        Nothing is public before: aarre publish"
    )]
    Load(LoadArguments),
    /// Keep mirrors of authority files: who, where and what is known, for names in records to be linked to.
    #[command(subcommand)]
    Authority(AuthorityCommand),
    /// Link who, where and what with authority files and across datasets.
    #[command(
        after_help = "Looks for the agents, places and concepts of all datasets in the mirrors under authorities/ \
        and among each other: what is sure enough is linked (skos:exactMatch), what is likely waits for a decision \
        (skos:closeMatch), and each link has its evidence. What was decided before holds. Nothing that owners say is \
        changed, and nothing is public before: aarre publish\n\n\
        [reconcile] of aarre.toml says how sure a link must be.\n\
        See also: aarre review, aarre decide, aarre authority"
    )]
    Reconcile,
    /// Decide on two entities: the same or not, one or two; the decision stays until it is undone.
    #[command(
        subcommand,
        after_help = "A decision counts from the next `aarre reconcile` on, and is public with the next \
        `aarre publish`. It outlives reloads. All of them are lines of decisions/decisions.jsonl in the home.\n\n\
        Examples:\n  aarre review\n  \
        aarre decide accept https://data.example.org/id/agent/repin-ilya http://www.wikidata.org/entity/Q172911\n  \
        aarre decide merge https://data.example.org/id/agent/one https://data.example.org/id/agent/other --why 'same dates'\n  \
        aarre decide undo 12"
    )]
    Decide(DecideCommand),
    /// Show what waits for a decision, the likeliest first, with the evidence side by side.
    #[command(after_help = "Each proposal ends with the commands that settle it.")]
    Review(ReviewArguments),
    /// Harvest, load, reconcile and publish: everything, or the datasets named.
    Run(DatasetsArguments),
    /// Serve the current generation.
    Serve(ServeArguments),
    /// Say why each statement about an item or another entity is there: its record, field and rule.
    Explain(ExplainArguments),
    /// Make a generation of what is loaded and serve it from now on.
    Publish,
    /// Ask the current generation with SPARQL.
    #[command(after_help = "Examples:\n  aarre query question.rq\n  \
        echo 'ASK {}' | aarre query - --format csv")]
    Query(QueryArguments),
    /// Write the dump of the current generation to standard output or a file.
    Dump(DumpArguments),
    /// Check every file of a generation against its manifest.
    Verify(VerifyArguments),
    /// Go back to the generation before.
    Rollback,
    /// Show how records would look, or what rules would alter: nothing is loaded.
    #[command(after_help = "Without rules: each statement with its rule and its place in the source.\n\
        With a rule file: what it would alter (- removed, + added), issues and SHACL results that vanish or appear.\n\n\
        Examples:\n  aarre preview records.xml\n  aarre preview records.xml --rules house.toml\n  \
        aarre preview --set library                     # the dataset's rules against none\n  \
        aarre preview --set library --rules new.toml    # new rules against those in force")]
    Preview(PreviewArguments),
    /// List the built-in rules of a format, or the fields of records: for writing a rule file.
    #[command(after_help = "Examples:\n  aarre rules marcxml | less\n  \
        aarre rules --fields records.xml     # the fields as rule files name them\n\n\
        A rule file:\n  [[rule]]\n  name = \"yso-subjects\"\n  field = \"650$a\"\n  \
        when = { field = \"650$2\", starts_with = \"yso\" }\n  to = \"dc:subject\"\n\n\
        All of it is described in loaders/rules/README.md.")]
    Rules(RulesArguments),
    /// List the formats that can be read.
    Formats,
    /// Look after the configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Show the queries that run in the server at this moment, or stop one.
    #[command(after_help = "Asks the server at serve.private of aarre.toml.")]
    Top(TopArguments),
    /// Print completions for a shell.
    Completions(CompletionsArguments),
    /// Answer queries on standard input; the server starts these.
    #[command(hide = true)]
    QueryWorker(QueryWorkerArguments),
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuthorityCommand {
    /// Make a mirror of files and folders; one of the same name is replaced when the new one is whole.
    #[command(
        after_help = "What is read: RDF (.ttl .nt .nq .trig .rdf .xml .jsonld) of SKOS, SKOS-XL, the GND, Getty, \
        Nomisma, MADS, RDA, FOAF,\nschema.org, GeoNames and Wikidata; tables with known headings (.csv .tsv: id, iri, name, \
        name fi, alternative name, lat,\nlong, born, died, type …) and dumps of GeoNames; EAC-CPF and other records; .gz, \
        .zst and .tar of these.\n\nA mirror has an age, as the authority goes on without it: add it again now and then.\n\n\
        Examples:\n  aarre authority add yso yso-skos.ttl --title \"General Finnish Ontology\" --licence \"CC BY 4.0\"\n  \
        aarre authority add gnd gnd-person.ttl.gz gnd-place.ttl.gz\n  \
        aarre authority add parishes parishes.csv --iris https://parishes.example.org/id/\n\n\
        Exit code 3: done, and something was set aside."
    )]
    Add(AuthorityAddArguments),
    /// List the mirrors with their entries by kind, age and size.
    List,
    /// Show an entry by its IRI, or the entries that a name may mean.
    #[command(after_help = "Examples:\n  aarre authority show yso http://www.yso.fi/onto/yso/p1\n  \
        aarre authority show gnd Sibelius, Jean\n  aarre authority show places Kyiv --kind place")]
    Show(AuthorityShowArguments),
    /// Remove a mirror. Links that were made to its entries stay.
    Remove {
        /// The short name of the mirror.
        name: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct AuthorityAddArguments {
    /// The short name of the mirror: small letters, digits and hyphens.
    pub(crate) name: String,
    /// Files and folders.
    #[arg(required = true, value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    /// Its name for people.
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// Under which licence the authority may be used.
    #[arg(long, value_name = "TEXT")]
    pub(crate) licence: Option<String>,
    /// What the IRIs of rows begin with, for tables that have identifiers only [default: an IRI of this home].
    #[arg(long, value_name = "IRI")]
    pub(crate) iris: Option<String>,
    /// What the entries are where nothing says it, as in a table of people: without a kind nothing is linked without a person.
    #[arg(long, value_parser = ["person", "family", "organization", "place", "concept", "period"])]
    pub(crate) kind: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct AuthorityShowArguments {
    /// The short name of the mirror.
    pub(crate) name: String,
    /// An IRI, or a name.
    #[arg(required = true, value_name = "IRI|TEXT")]
    pub(crate) what: Vec<String>,
    /// Only entries of a kind.
    #[arg(long, value_parser = ["person", "family", "organization", "place", "concept", "period"])]
    pub(crate) kind: Option<String>,
    /// How many candidates at most.
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) limit: usize,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Check aarre.toml and the mapping files it names.
    Check,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DecideCommand {
    /// They are the same: link them, whatever their names look like.
    Accept(PairArguments),
    /// They are not the same: do not link them.
    Reject(PairArguments),
    /// They are one: OTHER leads to ONE from now on, whose page has what is said of both.
    Merge(PairArguments),
    /// ONE stands alone again, apart from OTHER and all that was merged with it.
    Split(PairArguments),
    /// They are never the same: no link, and no merge can bring them together.
    Never(PairArguments),
    /// Take back a decision.
    Undo(UndoArguments),
    /// List the decisions, the latest first.
    List,
}

/// Two entities and who decides.
#[derive(Debug, Args)]
pub(crate) struct PairArguments {
    /// The IRI of an entity; in a merge the one that stays.
    #[arg(value_name = "ONE")]
    pub(crate) one: String,
    /// The IRI of the other: an entity of this graph, or an entry of an authority.
    #[arg(value_name = "OTHER")]
    pub(crate) other: String,
    #[command(flatten)]
    pub(crate) signed: Signed,
}

#[derive(Debug, Args)]
pub(crate) struct UndoArguments {
    /// The number of the decision; see `aarre decide list`.
    pub(crate) decision: u64,
    #[command(flatten)]
    pub(crate) signed: Signed,
}

/// Who decides, and why.
#[derive(Debug, Args)]
pub(crate) struct Signed {
    /// Who decides.
    #[arg(long, value_name = "NAME", env = "USER", default_value = "unknown")]
    pub(crate) by: String,
    /// Why, for those who come after.
    #[arg(long, value_name = "TEXT")]
    pub(crate) why: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ReviewArguments {
    /// How many to show.
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) first: usize,
}

#[derive(Debug, Args)]
pub(crate) struct InitArguments {
    /// The folder to make.
    #[arg(value_hint = ValueHint::DirPath)]
    pub(crate) path: PathBuf,
    /// What every IRI begins with, e.g. https://data.example.org; it cannot be changed once data is out.
    #[arg(long, value_name = "IRI")]
    pub(crate) base: String,
}

/// Files to read and how.
#[derive(Debug, Args)]
pub(crate) struct InputArguments {
    /// Files and folders; .gz and .zst are unpacked.
    #[arg(required_unless_present = "stdin", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    /// Read standard input instead of files.
    #[arg(long, conflicts_with = "paths")]
    pub(crate) stdin: bool,
    /// The format; detected for each file when left out. See `aarre formats`.
    #[arg(long, value_name = "ID")]
    pub(crate) format: Option<String>,
    /// The short name of the dataset; part of the IRIs.
    #[arg(long, value_name = "ID", default_value = "records")]
    pub(crate) dataset: String,
    /// Who owns the records, where they do not say so themselves.
    #[arg(long, value_name = "NAME")]
    pub(crate) owner: Option<String>,
    /// Rules of your own on top of the built-in mapping; for tables (csv, tsv, json), the mapping file.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) rules: Option<PathBuf>,
    /// What every IRI begins with [default: the home's base, or http://127.0.0.1:7878].
    #[arg(long, value_name = "IRI")]
    pub(crate) base: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ConvertArguments {
    #[command(flatten)]
    pub(crate) input: InputArguments,
    /// Write here instead of standard output; .gz and .zst are packed.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) out: Option<PathBuf>,
    /// Write a report into this folder: report.html for people, summary.json for machines, issues.csv, fields.csv,
    /// completeness.csv, quarantine/. One that stands there already is compared with the new one.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) report: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct PreviewArguments {
    /// Files and folders; .gz and .zst are unpacked.
    #[arg(required_unless_present_any = ["stdin", "set"], conflicts_with = "set", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    /// A dataset of the home: what its rules alter, or with --rules what others would alter against them.
    #[arg(long, value_name = "DATASET", conflicts_with_all = ["stdin", "format", "dataset", "owner", "base", "id"])]
    pub(crate) set: Option<String>,
    /// Read standard input instead of files.
    #[arg(long, conflicts_with = "paths")]
    pub(crate) stdin: bool,
    /// The format; detected for each file when left out. See `aarre formats`.
    #[arg(long, value_name = "ID")]
    pub(crate) format: Option<String>,
    /// The short name of the dataset; part of the IRIs.
    #[arg(long, value_name = "ID", default_value = "records")]
    pub(crate) dataset: String,
    /// Who owns the records, where they do not say so themselves.
    #[arg(long, value_name = "NAME")]
    pub(crate) owner: Option<String>,
    /// The rule file to try; for tables, the mapping file.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) rules: Option<PathBuf>,
    /// What every IRI begins with [default: the home's base, or http://127.0.0.1:7878].
    #[arg(long, value_name = "IRI")]
    pub(crate) base: Option<String>,
    /// How many records to look at [default: 3 to show, 200 to compare].
    #[arg(long, value_name = "N")]
    pub(crate) records: Option<u64>,
    /// Of the records that rules would alter, how many to show.
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(crate) show: usize,
    /// Show only the record with this identifier.
    #[arg(long, value_name = "LOCAL")]
    pub(crate) id: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct RulesArguments {
    /// Formats; see `aarre formats`.
    #[arg(required_unless_present = "fields", value_name = "FORMAT")]
    pub(crate) formats: Vec<String>,
    /// List the fields of these files and folders, with what is said from them.
    #[arg(long, value_name = "PATH", num_args = 1.., conflicts_with = "formats", value_hint = ValueHint::AnyPath)]
    pub(crate) fields: Vec<PathBuf>,
    /// With --fields: the rule file to apply; for tables, the mapping file.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) rules: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct DemoArguments {
    /// Where to listen; it is the base of the demo's IRIs, too.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7878")]
    pub(crate) listen: SocketAddr,
    /// Build it and stop.
    #[arg(long)]
    pub(crate) no_serve: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DatasetsArguments {
    /// Datasets of aarre.toml [default: all].
    pub(crate) datasets: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct LoadArguments {
    /// A dataset of aarre.toml.
    pub(crate) dataset: String,
    /// Files and folders to load instead of all of the dataset's sources; other records stay as they are.
    #[arg(value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    /// The IRI of an item, agent, place, concept, time or work.
    pub(crate) iri: String,
    /// For an entity that many records mention: how many of them to show.
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(crate) records: u64,
}

#[derive(Debug, Args)]
pub(crate) struct ServeArguments {
    /// Where to listen [default: serve.listen of aarre.toml].
    #[arg(long, value_name = "ADDR")]
    pub(crate) listen: Option<SocketAddr>,
    /// The access log on standard error [default: text, or json with --json, or none with --quiet].
    #[arg(long, value_name = "FORM")]
    pub(crate) log: Option<LogForm>,
}

/// How the access log looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum LogForm {
    /// A line of words and name=value pairs for each request.
    Text,
    /// A JSON object a line.
    Json,
    /// No access log.
    None,
}

#[derive(Debug, Args)]
pub(crate) struct TopArguments {
    /// Show them once, instead of again and again until Ctrl-C.
    #[arg(long)]
    pub(crate) once: bool,
    /// Stop the query of this name.
    #[arg(long, value_name = "ID")]
    pub(crate) cancel: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct QueryWorkerArguments {
    /// The folder of the generation.
    #[arg(long, value_name = "DIR")]
    pub(crate) generation: PathBuf,
    /// Private memory that it may take, in bytes.
    #[arg(long, value_name = "BYTES")]
    pub(crate) memory: u64,
}

#[derive(Debug, Args)]
pub(crate) struct QueryArguments {
    /// A file with a query, or `-` for standard input.
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) query: PathBuf,
    /// json, xml, csv or tsv for rows; ttl, nt, nq, trig, rdf or jsonld for graphs; or a media type [default: csv, ttl].
    #[arg(long, value_name = "EXTENSION")]
    pub(crate) format: Option<String>,
    /// A graph that is the default graph, instead of the union of all; may be repeated.
    #[arg(long, value_name = "IRI")]
    pub(crate) default_graph: Vec<String>,
    /// A graph that GRAPH may name; may be repeated.
    #[arg(long, value_name = "IRI")]
    pub(crate) named_graph: Vec<String>,
    /// Seconds until the query is given up; 0 for never.
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub(crate) timeout: u64,
    /// Tell how the query is answered, step by step, instead of the answer.
    #[arg(long)]
    pub(crate) explain: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DumpArguments {
    /// One dataset only.
    #[arg(long, value_name = "ID")]
    pub(crate) dataset: Option<String>,
    /// Write here instead of standard output; .gz and .zst are copied as they are.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArguments {
    /// The number of the generation [default: the current one].
    pub(crate) generation: Option<u64>,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArguments {
    /// The shell.
    pub(crate) shell: clap_complete::Shell,
}
