//! A page of Markdown as its parts: headings, blocks of code, rows of tables, items of lists and paragraphs.

/// What a part is. Two pages are in step when their parts are of the same kinds in the same order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// With its level.
    Heading(usize),
    Code,
    /// With the number of its cells.
    Row(usize),
    /// With the columns before it, and whether it is numbered.
    Item(usize, bool),
    Paragraph,
}

impl Kind {
    /// What people call it.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Heading(level) => format!("a heading of level {level}"),
            Self::Code => "a block of code".to_owned(),
            Self::Row(1) => "a table row of one cell".to_owned(),
            Self::Row(cells) => format!("a table row of {cells} cells"),
            Self::Item(0, false) => "a list item".to_owned(),
            Self::Item(0, true) => "a numbered list item".to_owned(),
            Self::Item(columns, _) => format!("a list item, {columns} columns to the right,"),
            Self::Paragraph => "a paragraph".to_owned(),
        }
    }
}

/// One part of a page.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) kind: Kind,
    /// The line that it begins at, counted from 1.
    pub(super) line: usize,
    /// Its text without marks; of a block of code its lines, fences included; of a row with the bars between its cells.
    pub(super) text: String,
}

impl Part {
    /// What stands between backticks, in order of the alphabet: other languages have another order of words.
    pub(super) fn code_spans(&self) -> Vec<&str> {
        let mut spans: Vec<&str> = self.text.split('`').skip(1).step_by(2).collect();
        spans.sort_unstable();
        spans
    }

    /// Where its links lead, in order of the alphabet.
    pub(super) fn links(&self) -> Vec<&str> {
        let targets = self.text.split("](").skip(1);
        let mut targets: Vec<&str> =
            targets.filter_map(|rest| rest.split(')').next()).chain(self.addresses()).collect();
        targets.sort_unstable();
        targets
    }

    /// Addresses between angle brackets.
    fn addresses(&self) -> impl Iterator<Item = &str> {
        let after = self.text.split('<').skip(1).filter_map(|rest| rest.split('>').next());
        after.filter(|address| address.contains("://"))
    }

    /// What is said in words: without code, targets of links and addresses.
    pub(super) fn prose(&self) -> String {
        let mut prose: String = self.text.split('`').step_by(2).collect::<Vec<_>>().join(" ");
        for target in self.links() {
            prose = prose.replace(&format!("]({target})"), "]");
            prose = prose.replace(&format!("<{target}>"), "");
        }
        prose
    }
}

/// All parts of a page, in order.
pub(super) fn parts(text: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut in_code = false;
    // whether the next line may belong to the part before it
    let mut goes_on = false;
    for (index, line) in text.lines().enumerate() {
        let fence = line.starts_with("```");
        if in_code || fence {
            in_code ^= fence;
            let opens = fence && in_code;
            if opens {
                parts.push(Part { kind: Kind::Code, line: index + 1, text: line.to_owned() });
            } else if let Some(block) = parts.last_mut() {
                block.text = format!("{}\n{line}", block.text);
            }
            goes_on = false;
            continue;
        }
        match part_of(line, index + 1) {
            Some(Part { kind: Kind::Paragraph, text, .. }) if goes_on => {
                if let Some(part) = parts.last_mut() {
                    part.text = format!("{} {text}", part.text);
                }
            }
            Some(part) => {
                goes_on = matches!(part.kind, Kind::Item(..) | Kind::Paragraph);
                parts.push(part);
            }
            None => goes_on = false,
        }
    }
    parts
}

/// What a line outside of code begins; nothing if it is blank.
fn part_of(line: &str, number: usize) -> Option<Part> {
    let text = line.trim();
    let part = |kind, text: &str| Some(Part { kind, line: number, text: text.trim().to_owned() });
    let columns = line.len() - line.trim_start().len();
    let level = text.bytes().take_while(|byte| *byte == b'#').count();
    if text.is_empty() {
        None
    } else if level > 0 {
        part(Kind::Heading(level), text.trim_start_matches('#'))
    } else if text.starts_with('|') {
        let cells = text.replace("\\|", "").matches('|').count().saturating_sub(1);
        part(Kind::Row(cells), text)
    } else if let Some(item) = text.strip_prefix("- ") {
        part(Kind::Item(columns, false), item)
    } else if let Some((number, item)) = text.split_once(". ")
        && number.bytes().all(|byte| byte.is_ascii_digit())
    {
        part(Kind::Item(columns, true), item)
    } else {
        part(Kind::Paragraph, text)
    }
}

/// The name by which links find a heading, as GitHub makes it.
pub(super) fn anchor(heading: &str) -> String {
    let kept =
        heading.chars().filter(|one| one.is_alphanumeric() || matches!(one, ' ' | '-' | '_'));
    kept.map(|one| if one == ' ' { '-' } else { one }).flat_map(char::to_lowercase).collect()
}

#[test]
fn a_page_falls_into_its_parts() {
    let text = "# One\n\nTwo\nlines `a|b`.\n- item\n  goes on\n1. first\n\n```sh\n# none\n```\n| a | b |\n";
    let found: Vec<_> = parts(text).into_iter().map(|part| (part.line, part.kind)).collect();
    let expected = [
        (1, Kind::Heading(1)),
        (3, Kind::Paragraph),
        (5, Kind::Item(0, false)),
        (7, Kind::Item(0, true)),
        (9, Kind::Code),
        (12, Kind::Row(2)),
    ];
    assert_eq!(found, expected);
    assert_eq!(parts(text)[2].text, "item goes on");
    assert_eq!(parts(text)[4].text, "```sh\n# none\n```");
    assert_eq!(anchor("Guarde ou devolva: `já`"), "guarde-ou-devolva-já");
}

#[test]
fn code_and_targets_are_no_prose() {
    let part = &parts("Take `5` of [them](a-7.md), see <http://one.example:80>.\n")[0];
    assert_eq!(
        (part.code_spans(), part.links()),
        (vec!["5"], vec!["a-7.md", "http://one.example:80"])
    );
    assert!(!part.prose().contains(|one: char| one.is_ascii_digit()), "{}", part.prose());
}
