//! Dumps: the whole graph as N-Quads, packed with zstd and with gzip, and each dataset apart.
//!
//! The quads are read graph by graph, by several threads of the store, and cut into blocks; two threads pack each block on its own, as both
//! formats let packed pieces follow one another. So a dataset's own file is the same pieces over again, and
//! packing keeps both cores busy. The same store gives the same bytes.

use super::index::TakeLines;
use super::{GenerationError, disk};
use flate2::Compression;
use flate2::write::GzEncoder;
use graph_model::Base;
use graph_store::Snapshot;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Mutex, PoisonError};

/// How much text is packed at a time, in bytes.
const BLOCK: usize = 4 << 20;
const PACKERS: usize = 2;
const ZSTD_LEVEL: i32 = 6;

/// A block of one graph, with its place among all blocks.
struct Block {
    number: u64,
    text: Vec<u8>,
}

/// A block in both packings.
struct Packed {
    number: u64,
    zstd: io::Result<Vec<u8>>,
    gzip: io::Result<Vec<u8>>,
}

/// Writes the dumps into the folder and gives the number of statements; all lines are also handed to `take`.
pub(super) fn write(
    snapshot: &Snapshot,
    base: &Base,
    folder: &Path,
    take: &mut TakeLines<'_>,
) -> Result<u64, GenerationError> {
    let (blocks_to, blocks_from) = sync_channel::<Block>(PACKERS);
    let (packed_to, packed_from) = channel::<Packed>();
    let (names_to, names_from) = channel::<(u64, String)>();
    let blocks_from = Mutex::new(blocks_from);
    std::thread::scope(|scope| {
        for _ in 0..PACKERS {
            let packed_to = packed_to.clone();
            let blocks_from = &blocks_from;
            scope.spawn(move || pack_all(blocks_from, &packed_to));
        }
        drop(packed_to);
        let writer = scope.spawn(move || write_all(folder, &names_from, &packed_from));
        let read = read_all(snapshot, base, take, &blocks_to, &names_to);
        // Closing both ends the other threads.
        drop((blocks_to, names_to));
        let written = writer.join().unwrap_or_else(|_| {
            Err(disk(folder)(io::Error::other("the thread that writes the dumps has failed")))
        });
        // A failure to write is the cause when reading ended early because of it.
        written.and(read)
    })
}

fn read_all(
    snapshot: &Snapshot,
    base: &Base,
    take: &mut TakeLines<'_>,
    blocks: &SyncSender<Block>,
    names: &Sender<(u64, String)>,
) -> Result<u64, GenerationError> {
    let prefix = base.graph("");
    let (mut number, mut statements) = (0, 0);
    let mut text = Vec::with_capacity(BLOCK + (64 << 10));
    for graph in snapshot.graphs()? {
        let name = graph.as_str().strip_prefix(&prefix).unwrap_or_default().to_owned();
        // The name of the graph that the blocks from this number on belong to.
        let _ = names.send((number, name));
        let mut ended = false;
        let read = snapshot.dump_graph(graph.as_ref(), &mut |lines| {
            take(lines);
            text.extend_from_slice(lines);
            if text.len() >= BLOCK {
                let full = std::mem::replace(&mut text, Vec::with_capacity(BLOCK + (64 << 10)));
                if blocks.send(Block { number, text: full }).is_err() {
                    ended = true;
                    return Err(io::ErrorKind::BrokenPipe.into());
                }
                number += 1;
            }
            Ok(())
        });
        if ended {
            // The writing thread has failed and says why.
            return Ok(statements);
        }
        statements += read?;
        if !text.is_empty() {
            let last = std::mem::take(&mut text);
            if blocks.send(Block { number, text: last }).is_err() {
                return Ok(statements);
            }
            number += 1;
        }
    }
    Ok(statements)
}

fn pack_all(blocks: &Mutex<Receiver<Block>>, packed: &Sender<Packed>) {
    loop {
        let block = blocks.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Block { number, text }) = block else { return };
        let zstd = zstd::bulk::compress(&text, ZSTD_LEVEL);
        let mut gzip = GzEncoder::new(Vec::with_capacity(text.len() / 8), Compression::default());
        let gzip = gzip.write_all(&text).and_then(|()| gzip.finish());
        if packed.send(Packed { number, zstd, gzip }).is_err() {
            return;
        }
    }
}

/// Writes the blocks in their order, each into the two whole dumps and into that of its dataset.
fn write_all(
    folder: &Path,
    names: &Receiver<(u64, String)>,
    packed: &Receiver<Packed>,
) -> Result<(), GenerationError> {
    let fault = || disk(folder);
    let create = |name: &str| File::create(folder.join(name)).map(BufWriter::new);
    let mut whole_zstd = create("aarre.nq.zst").map_err(fault())?;
    let mut whole_gzip = create("aarre.nq.gz").map_err(fault())?;
    let mut graphs: BTreeMap<u64, String> = BTreeMap::new();
    let mut own: Option<(String, BufWriter<File>)> = None;
    let mut early: BTreeMap<u64, Packed> = BTreeMap::new();
    let mut next = 0;
    for block in packed {
        early.insert(block.number, block);
        while let Some(block) = early.remove(&next) {
            graphs.extend(names.try_iter());
            let name = graphs.range(..=next).next_back().map_or("", |(_, name)| name.as_str());
            let zstd = block.zstd.map_err(fault())?;
            whole_zstd.write_all(&zstd).map_err(fault())?;
            whole_gzip.write_all(&block.gzip.map_err(fault())?).map_err(fault())?;
            if own.as_ref().is_none_or(|(of, _)| of != name) {
                if let Some((_, mut file)) = own.take() {
                    file.flush().map_err(fault())?;
                }
                own =
                    Some((name.to_owned(), create(&format!("{}.nq.zst", file_name(name))).map_err(fault())?));
            }
            if let Some((_, file)) = &mut own {
                file.write_all(&zstd).map_err(fault())?;
            }
            next += 1;
        }
    }
    for file in [&mut whole_zstd, &mut whole_gzip] {
        file.flush().map_err(fault())?;
    }
    match own {
        Some((_, mut file)) => file.flush().map_err(fault()),
        None => Ok(()),
    }
}

/// A graph's name as that of a file; a name with folders in it gets hyphens.
fn file_name(graph: &str) -> String {
    match graph {
        "" | "aarre" => format!("graph-{graph}"),
        name => name.replace(|c: char| !(c.is_ascii_alphanumeric() || c == '-'), "-"),
    }
}
