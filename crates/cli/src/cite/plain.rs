//! A text without white space and marks, as quotes are compared, with the way back to where each character stood.

/// What word processors leave in a text: `[bookmark: _Toc124076463]`.
const MARK: (&str, char) = ("[bookmark: ", ']');

/// A text without its white space and marks.
pub(super) struct Plain {
    /// What is left.
    pub(super) text: String,
    /// Its characters.
    pub(super) signs: Vec<char>,
    /// Where each character begins in what is left, in bytes.
    starts: Vec<usize>,
    /// Where each character begins in the text as it was, in bytes and in characters.
    origins: Vec<(usize, usize)>,
}

impl Plain {
    /// Leaves out white space, signs without width, and bookmark marks.
    pub(super) fn of(text: &str) -> Self {
        let mut plain = Self { text: String::new(), signs: Vec::new(), starts: Vec::new(), origins: Vec::new() };
        let mut resume = 0;
        for (count, (at, sign)) in text.char_indices().enumerate() {
            if at < resume {
                continue;
            }
            if sign == '[' {
                resume = text.get(at..).and_then(mark_length).map_or(0, |length| at + length);
                if at < resume {
                    continue;
                }
            }
            if sign.is_whitespace() || matches!(sign, '\u{200B}'..='\u{200D}' | '\u{FEFF}' | '\u{AD}') {
                continue;
            }
            plain.starts.push(plain.text.len());
            plain.origins.push((at, count));
            plain.signs.push(sign);
            plain.text.push(sign);
        }
        plain
    }

    /// How many characters are left.
    pub(super) fn len(&self) -> usize {
        self.signs.len()
    }

    /// The characters at which another text stands in this one, in order.
    pub(super) fn places<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = usize> + 'a {
        let found = self.text.match_indices(other.text.as_str()).filter(|(_, text)| !text.is_empty());
        found.filter_map(|(byte, _)| self.starts.binary_search(&byte).ok())
    }

    /// Where a character begins in the text as it was: its byte, and how many characters stand before it.
    pub(super) fn origin(&self, sign: usize) -> (usize, usize) {
        self.origins.get(sign).copied().unwrap_or_default()
    }

    /// The bytes of the text as it was that some characters fill; empty ranges stay empty.
    pub(super) fn bytes(&self, signs: &std::ops::Range<usize>) -> std::ops::Range<usize> {
        let start = self.origins.get(signs.start).or(self.origins.last()).map_or(0, |(at, _)| *at);
        let last = signs.end.checked_sub(1).filter(|last| *last >= signs.start);
        let end = last.and_then(|last| Some(self.origins.get(last)?.0 + self.signs.get(last)?.len_utf8()));
        start..end.unwrap_or(start)
    }

    /// Some of its characters.
    pub(super) fn slice(&self, signs: &std::ops::Range<usize>) -> String {
        self.signs.get(signs.clone()).unwrap_or_default().iter().collect()
    }
}

fn mark_length(text: &str) -> Option<usize> {
    let (start, end) = MARK;
    let rest = text.strip_prefix(start)?;
    Some(start.len() + rest.find(end)? + end.len_utf8())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics is a test that fails")]
mod tests {
    use super::Plain;

    #[test]
    fn blanks_and_marks_are_left_out() {
        let plain = Plain::of("一 [bookmark: _Toc1][bookmark: _Toc2]（一）\n矿\u{3000}产[bookmark 甲]");
        assert_eq!(plain.text, "一（一）矿产[bookmark甲]");
        let places: Vec<usize> = plain.places(&Plain::of("矿 产")).collect();
        assert_eq!(places, [4]);
        assert_eq!(plain.origin(4).1, 40);
    }
}
