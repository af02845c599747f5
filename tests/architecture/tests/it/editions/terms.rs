//! The editions use the words of `docs/terms.md`, and none that it says not to use.

use super::page::parts;
use super::{EDITIONS, english_pages, page_in};
use crate::workspace::{names, none, read};

/// The table of words: English, then for each language the word and what not to say.
const TERMS: &str = "docs/terms.md";

/// The cells of the rows of the table.
fn rows() -> Vec<Vec<String>> {
    let text = read(TERMS);
    let rows = text.lines().filter(|line| line.starts_with("| ")).skip(2);
    let cells =
        |row: &str| row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    rows.map(cells).collect()
}

#[test]
fn editions_say_the_words_of_the_table() {
    let rows = rows();
    assert!(rows.len() > 20, "{TERMS} has its table");
    let mut offenders = Vec::new();
    for (place, language) in EDITIONS.into_iter().enumerate() {
        for page in english_pages() {
            let path = page_in(&page, language);
            for part in parts(&read(&path)) {
                let prose = part.prose().to_lowercase();
                for row in &rows {
                    let (word, not) = (&row[1 + 2 * place], &row[2 + 2 * place]);
                    let found = not.split(", ").find(|not| !not.is_empty() && names(&prose, not));
                    offenders.extend(
                        found.map(|not| format!("{path}:{}: {not}; say: {word}", part.line)),
                    );
                }
            }
        }
    }
    none(&offenders, "the same word on all pages, see docs/terms.md");
}

#[test]
fn the_table_of_words_is_whole_and_in_order() {
    let rows = rows();
    let mut offenders: Vec<String> = Vec::new();
    for row in &rows {
        if row.len() != 5 || row[0].is_empty() || row[1].is_empty() || row[3].is_empty() {
            offenders
                .push(format!("{TERMS}: {row:?}: a word in three languages, and what not to say"));
        }
    }
    for pair in rows.windows(2).filter(|pair| pair[0][0].to_lowercase() > pair[1][0].to_lowercase())
    {
        offenders.push(format!("{TERMS}: {:?} stands before {:?}", pair[0][0], pair[1][0]));
    }
    none(&offenders, "a row for each word, in the order of the English ones");
}
