//! Compares a page in another language with the English one, part by part, and tells the first difference.

use super::figures::{Separators, figures};
use super::page::{Kind, Part, parts};

/// Prose of fewer words may be the same in two languages.
const SAME_WORDS_MAX: usize = 3;

/// A page and its path.
pub(super) struct Page<'a> {
    pub(super) path: &'a str,
    pub(super) text: &'a str,
}

/// The first difference, as `path:line: what differs: what to do`, or none.
///
/// `translated` says where a link of the English page leads in the other one. The line with the languages, the first
/// paragraph, is not compared.
pub(super) fn first_difference(
    english: &Page<'_>,
    edition: &Page<'_>,
    translated: &dyn Fn(&str) -> String,
) -> Option<String> {
    let (here, there) = (compared_parts(edition.text), compared_parts(english.text));
    let pairs = here.iter().zip(&there);
    let differs = pairs.into_iter().find_map(|(here, there)| {
        let (line, what) = part_difference(there, here, translated)?;
        let at = there.line + (line - here.line);
        Some(format!("{}:{line}: {what}, see {}:{at}", edition.path, english.path))
    });
    differs.or_else(|| length_difference(english, edition, &there, &here))
}

fn compared_parts(text: &str) -> Vec<Part> {
    let mut parts = parts(text);
    if parts.get(1).is_some_and(|part| part.kind == Kind::Paragraph) {
        parts.remove(1);
    }
    parts
}

/// One page has all that the other has, and goes on.
fn length_difference(
    english: &Page<'_>,
    edition: &Page<'_>,
    there: &[Part],
    here: &[Part],
) -> Option<String> {
    if let Some(more) = there.get(here.len()) {
        let (name, line) = (more.kind.name(), more.line);
        return Some(format!(
            "{}:{}: ends here, and the English page goes on with {name}: add it, see {}:{line}",
            edition.path,
            edition.text.lines().count(),
            english.path,
        ));
    }
    let more = here.get(there.len())?;
    let (path, line, name) = (edition.path, more.line, more.kind.name());
    Some(format!(
        "{path}:{line}: {name} that the English page has not: take it out, see {}",
        english.path
    ))
}

/// The line and what is other than in the English part.
fn part_difference(
    there: &Part,
    here: &Part,
    translated: &dyn Fn(&str) -> String,
) -> Option<(usize, String)> {
    if here.kind != there.kind {
        let (here_is, there_is) = (here.kind.name(), there.kind.name());
        let what =
            format!("{here_is} stands where the English page has {there_is}: make it the same");
        return Some((here.line, what));
    }
    if here.kind == Kind::Code {
        return code_difference(there, here);
    }
    if is_rule(there) || is_rule(here) {
        let what = "the columns are aligned otherwise: copy the line".to_owned();
        return (here.text != there.text).then_some((here.line, what));
    }
    let what = links_difference(there, here, translated)
        .or_else(|| spans_difference(there, here))
        .or_else(|| figures_difference(there, here))
        .or_else(|| still_english(there, here))?;
    Some((here.line, what))
}

/// Whether it is the line between the head of a table and its rows.
fn is_rule(part: &Part) -> bool {
    matches!(part.kind, Kind::Row(_)) && part.text.chars().all(|one| "|-: ".contains(one))
}

fn code_difference(there: &Part, here: &Part) -> Option<(usize, String)> {
    if here.text == there.text {
        return None;
    }
    let (mine, theirs): (Vec<_>, Vec<_>) =
        (here.text.lines().collect(), there.text.lines().collect());
    let pairs = mine.iter().zip(&theirs);
    let same = pairs.take_while(|(mine, theirs)| mine == theirs).count();
    let (mine, theirs) = (mine.get(same).unwrap_or(&""), theirs.get(same).unwrap_or(&""));
    let what = format!(
        "the code is {mine:?} and not {theirs:?}: copy the English block, comments too (scripts/editions-code)"
    );
    Some((here.line + same, what))
}

fn links_difference(
    there: &Part,
    here: &Part,
    translated: &dyn Fn(&str) -> String,
) -> Option<String> {
    let mut wanted: Vec<String> = there.links().into_iter().map(translated).collect();
    wanted.sort_unstable();
    let found = here.links();
    (found != wanted).then(|| format!("links lead to {found:?} and not to {wanted:?}: change them"))
}

fn spans_difference(there: &Part, here: &Part) -> Option<String> {
    let (found, wanted) = (here.code_spans(), there.code_spans());
    let what = || {
        format!(
            "between backticks stands {found:?} and not {wanted:?}: names are not translated, and no part may be left out"
        )
    };
    (found != wanted).then(what)
}

fn figures_difference(there: &Part, here: &Part) -> Option<String> {
    let found = figures(&here.prose(), Separators::Local);
    let wanted = figures(&there.prose(), Separators::English);
    let what = || {
        format!("the figures are {found:?} and not {wanted:?}: bring them in step (1.300 and 0,54)")
    };
    (found != wanted).then(what)
}

fn still_english(there: &Part, here: &Part) -> Option<String> {
    let prose = here.prose();
    let words = prose.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).count();
    let same = words > SAME_WORDS_MAX && prose == there.prose();
    same.then(|| "this is English still: translate it".to_owned())
}
