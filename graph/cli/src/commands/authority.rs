//! `aarre authority add|list|show|remove`: mirrors of authority files.

use crate::args::{AuthorityAddArguments, AuthorityCommand, AuthorityShowArguments};
use crate::progress::Progress;
use crate::terminal::{Done, Terminal, counted, grouped};
use graph_publish::authority::{self, Problem, Problems, Told};
use graph_reconcile::authority::{About, Entry, Scratch};
use graph_reconcile::names::Name;
use graph_reconcile::{Kind, Years};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::time::{Duration, SystemTime};

pub(crate) fn run(command: &AuthorityCommand, terminal: &Terminal) -> anyhow::Result<Done> {
    match command {
        AuthorityCommand::Add(arguments) => add(arguments, terminal),
        AuthorityCommand::List => list(terminal),
        AuthorityCommand::Show(arguments) => show(arguments, terminal),
        AuthorityCommand::Remove { name } => {
            authority::remove(&terminal.home()?, name)?;
            terminal.result(&format!("{name} is removed"), &json!({ "removed": name }))?;
            Ok(Done::Complete)
        }
    }
}

fn add(arguments: &AuthorityAddArguments, terminal: &Terminal) -> anyhow::Result<Done> {
    let home = terminal.home()?;
    let told = Told {
        title: arguments.title.clone(),
        licence: arguments.licence.clone(),
        iris: arguments.iris.clone(),
        kind: arguments.kind.as_deref().and_then(kind_named).unwrap_or_default(),
    };
    let progress = Progress::new(terminal, "authority");
    let added = authority::add(&home, &arguments.name, &arguments.paths, &told, &progress);
    progress.finish();
    let added = added?;
    for (problem, count, examples) in added.problems.iter() {
        terminal.warn(&format!("{} {}: {}", grouped(count), problem.words(), examples.join("; ")));
    }
    let about = &added.about;
    let indexed = u64::from(about.entries);
    let line = format!(
        "{}: {} in = {} indexed + {} set aside; {}, {}",
        about.name,
        entries(indexed + about.set_aside),
        grouped(indexed),
        grouped(about.set_aside),
        kinds(about),
        counted(about.labels, "name"),
    );
    let mut machines = serde_json::to_value(about)?;
    machines["problems"] = problems(&added.problems);
    terminal.result(&line, &machines)?;
    let lost = about.set_aside > 0 || added.problems.count(Problem::File) > 0;
    Ok(if lost { Done::WithQuarantine } else { Done::Complete })
}

fn problems(problems: &Problems) -> Value {
    let one = |(problem, count, examples): (Problem, u64, &[String])| json!({ "problem": problem.words(), "count": count, "examples": examples });
    problems.iter().map(one).collect()
}

fn entries(number: u64) -> String {
    if number == 1 { "1 entry".to_owned() } else { format!("{} entries", grouped(number)) }
}

fn kind_named(word: &str) -> Option<Kind> {
    Kind::ALL.into_iter().find(|kind| kind.name() == word)
}

/// `1,200 persons, 3 places`.
fn kinds(about: &About) -> String {
    let one = |(kind, count): (&Kind, &u32)| match (kind, count) {
        (Kind::Unknown, count) => format!("{} of no known kind", grouped((*count).into())),
        (Kind::Family, 2..) => format!("{} families", grouped((*count).into())),
        (kind, count) => counted((*count).into(), kind.name()),
    };
    about.kinds.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn list(terminal: &Terminal) -> anyhow::Result<Done> {
    let mut lines = Vec::new();
    let mut machines = Vec::new();
    let mut done = Done::Complete;
    for mirror in authority::list(&terminal.home()?)? {
        match &mirror.authority {
            Ok(authority) => {
                let about = authority.about();
                let age = age(about);
                let mut line = format!(
                    "{}  {}; {} days old, {} MB",
                    about.name,
                    kinds(about),
                    age.map_or_else(|| "?".to_owned(), |days| days.to_string()),
                    mirror.bytes.div_ceil(1_000_000),
                );
                for more in about.title.iter().chain(&about.licence) {
                    let _ = write!(line, "; {more}");
                }
                lines.push(line);
                let mut one = serde_json::to_value(about)?;
                (one["bytes"], one["days"]) = (mirror.bytes.into(), age.into());
                machines.push(one);
            }
            Err(error) => {
                done = Done::WithQuarantine;
                terminal.warn(&format!("{}: {error}", mirror.name));
                machines.push(json!({ "name": mirror.name, "error": error.to_string() }));
            }
        }
    }
    if lines.is_empty() && done == Done::Complete {
        terminal.say("no authorities yet; make a mirror of one with: aarre authority add NAME PATH");
    }
    terminal.result(&lines.join("\n"), &Value::Array(machines))?;
    Ok(done)
}

/// How old a mirror is, in days.
fn age(about: &About) -> Option<u64> {
    let added = humantime::parse_rfc3339(&about.added).ok()?;
    let age = SystemTime::now().duration_since(added).unwrap_or(Duration::ZERO);
    Some(age.as_secs() / 86_400)
}

fn show(arguments: &AuthorityShowArguments, terminal: &Terminal) -> anyhow::Result<Done> {
    let authority = authority::open(&terminal.home()?, &arguments.name)?;
    let what = arguments.what.join(" ");
    if let Some(id) = authority.by_iri(&what) {
        let entry = authority.entry(id);
        terminal.result(&in_full(&entry), &as_json(&entry))?;
        return Ok(Done::Complete);
    }
    let kind = arguments.kind.as_deref().and_then(kind_named);
    let name = if matches!(kind, None | Some(Kind::Person | Kind::Family)) {
        Name::parse(&what)
    } else {
        Name::plain(&what)
    };
    let (mut scratch, mut found) = (Scratch::default(), Vec::new());
    authority.candidates(&name, kind, arguments.limit, &mut scratch, &mut found);
    if found.is_empty() {
        terminal.say(&format!("nothing in {} is named like '{what}'", arguments.name));
    }
    let mut lines = Vec::new();
    let mut machines = Vec::new();
    for candidate in &found {
        let entry = authority.entry(candidate.entry);
        lines.push(format!("{:.2}  {}", candidate.score, in_short(&entry)));
        let mut one = as_json(&entry);
        one["score"] = json!((f64::from(candidate.score) * 1_000.0).round() / 1_000.0);
        machines.push(one);
    }
    terminal.result(&lines.join("\n"), &Value::Array(machines))?;
    Ok(Done::Complete)
}

/// `Sibelius, Jean (1865–1957), person, http://…`
fn in_short(entry: &Entry<'_>) -> String {
    let mut line = entry.label(&["en"]).map(|label| label.text.into_owned()).unwrap_or_default();
    if let Some(life) = life(entry) {
        let _ = write!(line, " ({life})");
    }
    let _ = write!(line, ", {}, {}", entry.kind(), entry.iri());
    line
}

fn in_full(entry: &Entry<'_>) -> String {
    let mut text = in_short(entry);
    let mut row = |name: &str, value: &str| {
        let _ = write!(text, "\n  {name:<12} {value}");
    };
    for label in entry.labels() {
        let role = ["name", "also", "hidden"][label.role as usize];
        row(
            role,
            &label.language.map_or_else(|| label.text.to_string(), |tag| format!("{} @{tag}", label.text)),
        );
    }
    if let Some(point) = entry.point() {
        row("at", &format!("{}, {}", point.lat, point.long));
    }
    entry.types().for_each(|value| row("type", &value));
    entry.occupations().for_each(|value| row("occupation", &value));
    entry.broader().for_each(|value| row("broader", &value));
    entry.same_as().for_each(|value| row("same as", &value));
    entry.notes().for_each(|note| row("note", &note.text));
    entry.replaced_by().iter().for_each(|value| row("replaced by", value));
    if entry.frequency() > 1 {
        row("name shared", &format!("by {} entries", entry.frequency()));
    }
    text
}

fn life(entry: &Entry<'_>) -> Option<String> {
    let year = |years: Years| {
        if years.from == years.to { years.from.to_string() } else { format!("{}..{}", years.from, years.to) }
    };
    let (born, died) = (entry.born().map(year), entry.died().map(year));
    (born.is_some() || died.is_some())
        .then(|| format!("{}–{}", born.unwrap_or_default(), died.unwrap_or_default()))
}

fn as_json(entry: &Entry<'_>) -> Value {
    let years = |years: Option<Years>| years.map(|years| json!([years.from, years.to]));
    let label = |label: graph_reconcile::Label<'_>| json!({ "text": label.text, "language": label.language, "role": format!("{:?}", label.role).to_lowercase() });
    json!({
        "iri": entry.iri(),
        "kind": entry.kind().name(),
        "labels": entry.labels().map(label).collect::<Vec<_>>(),
        "born": years(entry.born()),
        "died": years(entry.died()),
        "point": entry.point().map(|point| json!([point.lat, point.long])),
        "types": entry.types().collect::<Vec<_>>(),
        "occupations": entry.occupations().collect::<Vec<_>>(),
        "broader": entry.broader().collect::<Vec<_>>(),
        "same_as": entry.same_as().collect::<Vec<_>>(),
        "notes": entry.notes().map(|note| note.text).collect::<Vec<_>>(),
        "replaced_by": entry.replaced_by(),
        "frequency": entry.frequency(),
    })
}
