//! What `strace` saw, as operations on one folder.

use std::collections::HashMap;
use std::path::Path;

/// The calls that change a disk.
pub(super) const CALLS: &str = "trace=open,openat,creat,write,writev,pwrite64,fsync,fdatasync,rename,renameat,renameat2,mkdir,mkdirat,unlink,unlinkat,rmdir,ftruncate,truncate,link,linkat,symlink,symlinkat,copy_file_range,sendfile,fallocate";

/// One change; paths are relative to HOME.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Create(String),
    Truncate(String),
    Write(String, Vec<u8>),
    Sync(String),
    Rename(String, String),
    Folder(String),
    Remove(String),
}

impl Op {
    /// The version that has begun to run with this operation.
    pub(super) fn ran(&self) -> Option<String> {
        match self {
            Op::Write(path, _) => path.strip_prefix("ran-").map(str::to_owned),
            _ => None,
        }
    }
}

/// The calls that succeeded within HOME, in their order.
pub(super) fn operations(log: &str, home: &Path) -> Vec<Op> {
    let home = format!("{}/", home.display());
    let mut begun: HashMap<&str, &str> = HashMap::new();
    let mut found = Vec::new();
    for line in log.lines() {
        let Some((process, call)) = line.split_once(' ') else {
            continue;
        };
        let call = call.trim_start();
        if let Some(call) = call.strip_suffix("<unfinished ...>") {
            begun.insert(process, call);
        } else if let Some(rest) = call.strip_prefix("<... ") {
            let begin = begun.remove(process).unwrap();
            let (_, rest) = rest.split_once("resumed>").unwrap();
            found.extend(operation(&format!("{begin}{rest}"), &home));
        } else {
            found.extend(operation(call, &home));
        }
    }
    found.into_iter().flatten().collect()
}

fn operation(call: &str, home: &str) -> Option<Vec<Op>> {
    let (name, rest) = call.split_once('(')?;
    let (arguments, result) = rest.rsplit_once(" = ")?;
    if result.starts_with('-') || result.starts_with('?') {
        return None;
    }
    // HOME itself is the empty path.
    let inside = |path: &str| -> Option<String> {
        let path = format!("{path}/");
        Some(path.strip_prefix(home)?.trim_end_matches('/').to_owned())
    };
    let texts: Vec<Vec<u8>> = arguments.split('"').skip(1).step_by(2).map(unhex).collect();
    let text = |at: usize| String::from_utf8(texts.get(at)?.clone()).ok();
    // The file that the first argument, a descriptor, stands for.
    let of_descriptor = || {
        let (_, rest) = arguments.split_once('<')?;
        let (path, _) = rest.split_once('>')?;
        inside(&String::from_utf8(unhex(path)).ok()?)
    };
    let one = match name {
        "open" | "openat" | "creat" => {
            let path = inside(&text(0)?)?;
            let mut both = Vec::new();
            if arguments.contains("O_CREAT") || name == "creat" {
                both.push(Op::Create(path.clone()));
            }
            if arguments.contains("O_TRUNC") || name == "creat" {
                both.push(Op::Truncate(path));
            }
            return Some(both);
        }
        "write" => Op::Write(of_descriptor()?, texts.first()?.clone()),
        "fsync" | "fdatasync" => Op::Sync(of_descriptor()?),
        "rename" | "renameat" | "renameat2" => Op::Rename(inside(&text(0)?)?, inside(&text(1)?)?),
        "mkdir" | "mkdirat" => Op::Folder(inside(&text(0)?)?),
        "unlink" | "rmdir" => Op::Remove(inside(&text(0)?)?),
        "unlinkat" => {
            let path = text(0)?;
            match of_descriptor() {
                Some(folder) if !path.starts_with('/') => Op::Remove(format!("{folder}/{path}")),
                _ => Op::Remove(inside(&path)?),
            }
        }
        _ => {
            let seen = of_descriptor().or_else(|| inside(&text(0)?));
            assert!(seen.is_none(), "{name} is not replayed: {call}");
            return None;
        }
    };
    Some(vec![one])
}

fn unhex(text: &str) -> Vec<u8> {
    let bytes = text.split("\\x").skip(1);
    bytes
        .map(|byte| u8::from_str_radix(byte, 16).unwrap())
        .collect()
}
