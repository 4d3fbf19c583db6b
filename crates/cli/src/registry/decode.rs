//! Bytes to text, piece by piece: UTF-8, UTF-16, GBK.

use std::io::{self, Read};

use adit::diagnostic::Words;
use encoding_rs::{CoderResult, Decoder, DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use crate::registry::Input;

/// How much is read at once.
const PIECE: usize = 64 * 1024;

/// What a text is written in.
pub(super) struct Detected {
    pub(super) encoding: &'static Encoding,
    pub(super) note: Option<Words>,
    pub(super) is_binary: bool,
}

/// The encoding by its mark, else UTF-8 or GB 18030, whichever the whole can be read in.
pub(super) fn detect(input: &Input) -> io::Result<Detected> {
    let mut reader = input.open()?;
    let mut piece = vec![0; PIECE];
    let first = fill(reader.as_mut(), &mut piece)?;
    let start = piece.get(..first).unwrap_or_default();
    let note = |encoding: &'static Encoding| (encoding != UTF_8).then(|| told(encoding));
    if let Some((encoding, _)) = Encoding::for_bom(start) {
        return Ok(Detected { encoding, note: note(encoding), is_binary: false });
    }
    if let Some(encoding) = utf_16_without_mark(start) {
        return Ok(Detected { encoding, note: note(encoding), is_binary: false });
    }
    let mut counts = [(UTF_8, 0_usize), (GB18030, 0)];
    let mut decoders = counts.map(|(encoding, _)| encoding.new_decoder_without_bom_handling());
    let (mut zeros, mut beyond_ascii, mut length) = (0, 0, first);
    loop {
        let bytes = piece.get(..length).unwrap_or_default();
        beyond_ascii += bytes.iter().filter(|byte| !byte.is_ascii()).count();
        zeros += bytes.iter().filter(|byte| **byte == 0).count();
        for (decoder, (_, faults)) in decoders.iter_mut().zip(&mut counts) {
            *faults += faults_of(decoder, bytes, length == 0);
        }
        if length == 0 {
            break;
        }
        length = fill(reader.as_mut(), &mut piece)?;
    }
    let [(_, in_utf_8), (_, in_gbk)] = counts;
    // GBK taken for UTF-8 breaks at almost every character; UTF-8 that is damaged here and there stays UTF-8.
    let encoding = if in_utf_8 <= in_gbk || in_utf_8 * 8 <= beyond_ascii { UTF_8 } else { GB18030 };
    Ok(Detected { encoding, note: note(encoding), is_binary: zeros > 0 })
}

fn told(encoding: &'static Encoding) -> Words {
    let name = if encoding == GB18030 { "GBK" } else { encoding.name() };
    Words::new(format!("文件是 {name} 编码，已转换"), format!("the file is in {name} and was converted"))
}

fn faults_of(decoder: &mut Decoder, bytes: &[u8], last: bool) -> usize {
    let mut out = vec![0; PIECE];
    let (mut rest, mut faults) = (bytes, 0);
    loop {
        let (result, read, _) = decoder.decode_to_utf8_without_replacement(rest, &mut out, last);
        rest = rest.get(read..).unwrap_or_default();
        match result {
            DecoderResult::InputEmpty => return faults,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(_, _) => faults += 1,
        }
    }
}

/// By the zero in every ASCII character of it.
fn utf_16_without_mark(start: &[u8]) -> Option<&'static Encoding> {
    let zeros = |first: usize| start.iter().skip(first).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if even.min(odd) > 0 || even.max(odd) * 16 <= start.len() {
        return None;
    }
    Some(if odd > 0 { UTF_16LE } else { UTF_16BE })
}

fn fill(reader: &mut dyn Read, piece: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while let Some(rest) = piece.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(fault) if fault.kind() == io::ErrorKind::Interrupted => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(length)
}

/// A reader of UTF-8 whose lines end in `\n` alone, the last one too.
pub(super) struct Decoded<'a> {
    inner: Box<dyn Read + 'a>,
    decoder: Decoder,
    raw: Vec<u8>,
    out: Vec<u8>,
    at: usize,
    after_return: bool,
    last: u8,
    ended: bool,
}

impl<'a> Decoded<'a> {
    pub(super) fn new(inner: Box<dyn Read + 'a>, encoding: &'static Encoding) -> Self {
        Self {
            inner,
            decoder: encoding.new_decoder(),
            raw: vec![0; PIECE],
            out: Vec::new(),
            at: 0,
            after_return: false,
            last: b'\n',
            ended: false,
        }
    }

    /// The first piece of the text, which will be read again.
    pub(super) fn sample(&mut self) -> io::Result<String> {
        if self.out.is_empty() && !self.ended {
            self.next_piece()?;
        }
        Ok(String::from_utf8_lossy(&self.out).into_owned())
    }

    /// The whole text.
    pub(super) fn text(mut self) -> io::Result<String> {
        let mut text = String::new();
        self.read_to_string(&mut text)?;
        Ok(text)
    }

    fn next_piece(&mut self) -> io::Result<()> {
        self.out.clear();
        self.at = 0;
        let length = fill(self.inner.as_mut(), &mut self.raw)?;
        self.ended = length == 0;
        let mut rest = self.raw.get(..length).unwrap_or_default();
        let mut text = String::with_capacity(self.decoder.max_utf8_buffer_length(length).unwrap_or(PIECE * 3));
        loop {
            let (result, read, _) = self.decoder.decode_to_string(rest, &mut text, self.ended);
            rest = rest.get(read..).unwrap_or_default();
            match result {
                CoderResult::InputEmpty => break,
                CoderResult::OutputFull => text.reserve(PIECE),
            }
        }
        for byte in text.bytes() {
            let after_return = std::mem::replace(&mut self.after_return, byte == b'\r');
            match byte {
                b'\n' if after_return => {}
                b'\r' => self.out.push(b'\n'),
                _ => self.out.push(byte),
            }
        }
        self.last = self.out.last().copied().unwrap_or(self.last);
        if self.ended && self.last != b'\n' {
            self.out.push(b'\n');
        }
        Ok(())
    }
}

impl Read for Decoded<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at >= self.out.len() && !self.ended {
            self.next_piece()?;
        }
        let rest = self.out.get(self.at..).unwrap_or_default();
        let length = rest.len().min(into.len());
        if let (Some(into), Some(from)) = (into.get_mut(..length), rest.get(..length)) {
            into.copy_from_slice(from);
        }
        self.at += length;
        Ok(length)
    }
}
