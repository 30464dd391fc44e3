//! Bad input: a clear message with file, record and byte or line; the rest is converted; exit 3.

use crate::command::{Ran, aarre, root};
use std::fs;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::path::Path;
use tempfile::TempDir;

/// One ISO 2709 record in UTF-8 with a control number and a title.
pub(crate) fn iso2709(id: &str, title: &str) -> Vec<u8> {
    let fields = [("001", id.to_owned()), ("245", format!("00\x1Fa{title}"))];
    let (mut directory, mut data) = (String::new(), Vec::new());
    for (tag, value) in fields {
        let start = data.len();
        data.extend_from_slice(value.as_bytes());
        data.push(0x1E);
        directory.push_str(&format!("{tag}{:04}{start:05}", data.len() - start));
    }
    let base = 24 + directory.len() + 1;
    let length = base + data.len() + 1;
    let mut record = format!("{length:05}nam a22{base:05} i 4500{directory}\x1E").into_bytes();
    record.extend_from_slice(&data);
    record.push(0x1D);
    record
}

fn marcxml(ids: &[&str], end: &str) -> String {
    let records: String = ids
        .iter()
        .map(|id| {
            format!(
                "<record><leader>00000nam a2200000 i 4500</leader><controlfield tag=\"001\">{id}</controlfield>\
                 <datafield tag=\"245\" ind1=\"0\" ind2=\"0\"><subfield code=\"a\">Title {id}</subfield></datafield></record>\n"
            )
        })
        .collect();
    format!("<?xml version=\"1.0\"?>\n<collection xmlns=\"http://www.loc.gov/MARC21/slim\">\n{records}{end}")
}

const MAPPING: &str = r#"
id = "id"
sector = "register"
[[column]]
name = "name"
to = "title"
[[column]]
name = "year"
to = "created"
"#;

struct Case {
    folder: TempDir,
}

impl Case {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        fs::write(self.folder.path().join(name), bytes).unwrap();
        self
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn convert(&self, more: &[&str]) -> Ran {
        let mut arguments = vec!["convert", self.path().to_str().unwrap()];
        arguments.extend(more);
        aarre(arguments)
    }
}

#[track_caller]
fn told(ran: &Ran, code: i32, words: &[&str], titles: usize) {
    assert_eq!(ran.code, code, "{ran:?}");
    for word in words {
        assert!(ran.err.contains(word), "'{word}' is not in: {}", ran.err);
    }
    let met = ran.out.lines().filter(|line| line.contains("/elements/1.1/title>")).count();
    assert_eq!(met, titles, "titles in: {}", ran.out);
}

#[test]
fn a_truncated_iso_2709_record() {
    let case = Case::new();
    let mut bytes = [iso2709("1", "One"), iso2709("2", "Two")].concat();
    let cut = bytes.len();
    bytes.extend_from_slice(&iso2709("3", "Three")[..50]);
    case.file("books.mrc", bytes);
    told(&case.convert(&[]), 3, &["books.mrc", "record 3", &format!("byte {cut}")], 2);
}

#[test]
fn a_wrong_leader_length() {
    let case = Case::new();
    let mut wrong = iso2709("2", "Two");
    wrong[..5].copy_from_slice(b"00031");
    let mut longer = iso2709("3", "Three");
    longer[..5].copy_from_slice(b"09999");
    case.file("books.mrc", [iso2709("1", "One"), wrong, longer, iso2709("4", "Four")].concat());
    let ran = case.convert(&[]);
    // Whether a record with a wrong length is mended or set aside, the ones around it are whole.
    for title in ["One", "Four"] {
        assert!(ran.out.contains(&format!("\"{title}\"")), "{ran:?}");
    }
    assert!(ran.err.contains("4 records in"), "{ran:?}");
}

#[test]
fn xml_that_ends_early() {
    let case = Case::new();
    case.file("books.xml", marcxml(&["1", "2"], "<record><leader>00000nam a22"));
    told(&case.convert(&[]), 3, &["books.xml", "record 3", "line 5"], 2);
}

#[test]
fn a_doctype_with_entities() {
    let case = Case::new();
    let bomb = "<?xml version=\"1.0\"?>\n<!DOCTYPE collection [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]>\n<collection xmlns=\"http://www.loc.gov/MARC21/slim\"><record><leader>&b;</leader></record></collection>";
    case.file("a.xml", bomb).file("b.xml", marcxml(&["1"], "</collection>"));
    told(&case.convert(&[]), 3, &["a.xml", "byte 21, line ", "document type declaration"], 1);
}

#[test]
fn a_csv_row_with_too_few_columns() {
    let case = Case::new();
    let rules =
        case.path().join("..").join(format!("{}.toml", case.path().file_name().unwrap().to_str().unwrap()));
    fs::write(&rules, MAPPING).unwrap();
    case.file("monuments.csv", "id,name,year\n1,One,1900\n2,Two\n3,Three,1902\n");
    let ran = case.convert(&["--rules", rules.to_str().unwrap()]);
    fs::remove_file(rules).unwrap();
    told(&ran, 3, &["monuments.csv", "line 3", "3 records in, 2 documents out, 1 set aside"], 2);
}

#[test]
fn a_mapping_with_a_fault_points_into_the_file() {
    let case = Case::new();
    let rules = case.path().join("rules.toml");
    case.file("rules.toml", "id = \"id\"\nsectr = \"register\"\n").file("a.csv", "id,name\n1,One\n");
    let csv = case.path().join("a.csv");
    let ran = aarre(["convert", csv.to_str().unwrap(), "--rules", rules.to_str().unwrap()]);
    told(&ran, 3, &["line 2", "sectr"], 0);
}

#[test]
fn a_file_of_another_format_and_an_empty_file() {
    let case = Case::new();
    case.file("a.pdf", b"%PDF-1.7 \x00\x01 not records")
        .file("empty.xml", "")
        .file("b.mrc", iso2709("1", "One"));
    told(&case.convert(&[]), 3, &["a.pdf", "%PDF", "--format", "empty.xml", "an empty file"], 1);
}

#[test]
fn a_known_file_read_as_another_format() {
    let case = Case::new();
    case.file("b.mrc", iso2709("1", "One"));
    let ran = case.convert(&["--format", "lido"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.out.is_empty() && ran.err.contains("b.mrc"), "{ran:?}");
}

#[test]
fn a_folder_without_permission() {
    let case = Case::new();
    case.file("b.mrc", iso2709("1", "One"));
    let closed = case.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    let readable_all_the_same = fs::read_dir(&closed).is_ok();
    let ran = case.convert(&[]);
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
    if readable_all_the_same {
        // The superuser is kept out of nothing; then there is only nothing to complain of.
        told(&ran, 0, &[], 1);
    } else {
        told(&ran, 3, &["closed", "ermission"], 1);
    }
}

#[test]
fn a_full_disk() {
    let case = Case::new();
    case.file("b.mrc", iso2709("1", "One").repeat(500));
    let full = Path::new("/dev/full");
    let out = std::process::Command::new(crate::command::binary())
        .arg("convert")
        .arg(case.path())
        .stdout(fs::OpenOptions::new().write(true).open(full).unwrap())
        .output()
        .unwrap();
    let err = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(1), "{err}");
    assert!(err.contains("No space left"), "{err}");
}

#[test]
fn a_missing_file_and_wrong_usage() {
    let ran = aarre(["convert", "/no/such/file.xml"]);
    told(&ran, 3, &["/no/such/file.xml", "exists"], 0);
    assert_eq!(aarre(["convert"]).code, 2);
    assert_eq!(aarre(["convert", "x", "--format", "nonsense"]).code, 1);
    assert_eq!(aarre(["frobnicate"]).code, 2);
}

#[test]
fn a_compressed_file_that_breaks_off() {
    use std::io::Write as _;
    let case = Case::new();
    let ids: Vec<String> = (0..2000).map(|id| id.to_string()).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(marcxml(&ids, "</collection>").as_bytes()).unwrap();
    let packed = gzip.finish().unwrap();
    case.file("books.xml.gz", &packed[..packed.len() / 2]);
    let ran = case.convert(&[]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.err.contains("books.xml.gz"), "{}", ran.err);
    assert!(ran.out.contains("\"Title 10\""), "what stood before the break is converted");
}

#[test]
fn a_report_keeps_what_was_set_aside() {
    let case = Case::new();
    let cut = &iso2709("2", "Two")[..40];
    case.file("books.mrc", [iso2709("1", "One").as_slice(), cut].concat());
    let report = tempfile::tempdir().unwrap();
    let path = report.path().join("run");
    let ran = case.convert(&["--report", path.to_str().unwrap()]);
    assert_eq!(ran.code, 3, "{ran:?}");
    let summary: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(path.join("summary.json")).unwrap()).unwrap();
    assert_eq!(summary["total"]["records"], 2);
    assert_eq!(summary["total"]["documents"], 1);
    assert_eq!(summary["total"]["quarantined"], 1);
    assert_eq!(fs::read(path.join("quarantine/000001.raw")).unwrap(), cut);
    let rows = fs::read_to_string(path.join("quarantine/quarantine.csv")).unwrap();
    assert_eq!(rows.lines().count(), 2, "{rows}");
}

#[test]
fn a_pipe_is_written_to_and_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reading = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::read_to_string(pipe).unwrap()
    });
    let input = root().join("loaders/lido/fixtures/001-painting.xml");
    let ran = aarre(["convert", input.to_str().unwrap(), "--out", pipe.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo(), "a file took its place");
    assert!(reading.join().unwrap().lines().count() > 10);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "something was left beside it");
}
