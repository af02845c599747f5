//! README and guides say the same in all their languages: each page has its editions, with the same parts, code and figures.
//!
//! What the words of a paragraph mean, no test can compare: who changes the English changes the editions with it
//! (`CONTRIBUTING.md`). The code is that of the English pages to the byte, so what tests run of those runs in all languages.

mod cases;
mod compare;
mod figures;
mod page;
mod terms;

use self::compare::{Page, first_difference};
use self::page::{Kind, anchor, parts};
use crate::workspace::{files, none, read, root};

/// A language with what its pages call it.
#[derive(Clone, Copy)]
struct Language {
    /// Its tag; none for English, which has the first word.
    tag: Option<&'static str>,
    name: &'static str,
}

const ENGLISH: Language = Language { tag: None, name: "English" };

/// The other languages.
const EDITIONS: [Language; 2] = [
    Language { tag: Some("pt-BR"), name: "Português" },
    Language { tag: Some("es"), name: "Español" },
];

/// The folder of the guides.
const GUIDES: &str = "docs/guides/";

/// The English pages that have editions.
fn english_pages() -> Vec<String> {
    let guides = files(GUIDES, ".md").into_iter().map(|source| source.path);
    let guides = guides.filter(|path| !path.trim_start_matches(GUIDES).contains('/'));
    std::iter::once("README.md".to_owned()).chain(guides).collect()
}

/// Where a page stands in a language.
fn page_in(english: &str, language: Language) -> String {
    let Some(tag) = language.tag else { return english.to_owned() };
    match english.strip_prefix(GUIDES) {
        Some(name) => format!("{GUIDES}{tag}/{name}"),
        None => english.replace(".md", &format!(".{tag}.md")),
    }
}

/// A path from the root, from one that stands in a page.
fn from_root(page: &str, target: &str) -> String {
    let mut way: Vec<&str> = page.split('/').collect();
    way.pop();
    for step in target.split('/') {
        match step {
            ".." => drop(way.pop()),
            "." | "" => {}
            name => way.push(name),
        }
    }
    way.join("/")
}

/// How a page names a path from the root.
fn relative(page: &str, path: &str) -> String {
    let (from, to): (Vec<_>, Vec<_>) = (page.split('/').collect(), path.split('/').collect());
    let common = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let up = std::iter::repeat_n("..", from.len() - common - 1);
    up.chain(to[common..].iter().copied()).collect::<Vec<_>>().join("/")
}

/// Where a link of an English page leads in a language: to the same place, or to the edition of a page that has one.
fn link_in(english: &str, target: &str, language: Language) -> String {
    if target.contains(':') || target.starts_with('/') {
        return target.to_owned();
    }
    let (file, fragment) = target.split_once('#').unwrap_or((target, ""));
    let path = if file.is_empty() { english.to_owned() } else { from_root(english, file) };
    let mut place = path.clone();
    let mut fragment = fragment.to_owned();
    if english_pages().contains(&path) {
        place = page_in(&path, language);
        fragment = fragment_in(&path, &place, &fragment);
    }
    let here = page_in(english, language);
    let file = if file.is_empty() { String::new() } else { relative(&here, &place) };
    if fragment.is_empty() { file } else { format!("{file}#{fragment}") }
}

/// The name of the heading that stands where the English page has that of a fragment.
fn fragment_in(english: &str, edition: &str, fragment: &str) -> String {
    if fragment.is_empty() {
        return String::new();
    }
    let headings = |path: &str| -> Vec<String> {
        let parts = if root().join(path).exists() { parts(&read(path)) } else { Vec::new() };
        let headings = parts.iter().filter(|part| matches!(part.kind, Kind::Heading(_)));
        headings.map(|part| anchor(&part.text)).collect()
    };
    let place = headings(english).iter().position(|heading| heading == fragment);
    let there = place.and_then(|place| headings(edition).get(place).cloned());
    there.unwrap_or_else(|| format!("{fragment} (no such heading in {english})"))
}

/// The third line of a page: links to its other languages.
fn languages_line(english: &str, own: Language) -> String {
    let here = page_in(english, own);
    let all = std::iter::once(ENGLISH).chain(EDITIONS);
    let others = all
        .filter(|other| other.tag != own.tag)
        .map(|other| format!("[{}]({})", other.name, relative(&here, &page_in(english, other))));
    others.collect::<Vec<_>>().join(" · ")
}

#[test]
fn every_page_has_its_editions() {
    let english = english_pages();
    let mut offenders = Vec::new();
    for page in &english {
        let editions = EDITIONS.map(|language| page_in(page, language));
        let absent = editions.into_iter().filter(|edition| !root().join(edition).exists());
        offenders.extend(absent.map(|edition| format!("{edition}: translate {page}")));
    }
    for language in EDITIONS {
        let known: Vec<String> = english.iter().map(|page| page_in(page, language)).collect();
        let tag = language.tag.unwrap_or_default();
        let there = files(&format!("{GUIDES}{tag}"), ".md").into_iter().map(|source| source.path);
        let left = there.filter(|edition| !known.contains(edition));
        offenders
            .extend(left.map(|edition| format!("{edition}: remove it, the English page is gone")));
    }
    none(&offenders, "README and guides are there in all languages, see CONTRIBUTING.md");
}

#[test]
fn every_page_leads_to_its_other_languages() {
    let mut offenders = Vec::new();
    for page in english_pages() {
        for language in std::iter::once(ENGLISH).chain(EDITIONS) {
            let (path, wanted) = (page_in(&page, language), languages_line(&page, language));
            let text = read(&path);
            let found = text.lines().nth(2).unwrap_or_default();
            if found != wanted {
                offenders.push(format!("{path}:3: {found:?}: write {wanted:?}"));
            }
        }
    }
    none(&offenders, "the third line of README and guides has the other languages");
}

#[test]
fn editions_are_in_step_with_the_english_pages() {
    let mut offenders = Vec::new();
    for page in english_pages() {
        let english = read(&page);
        for language in EDITIONS {
            let path = page_in(&page, language);
            // that it is there is a test of its own
            if !root().join(&path).exists() {
                continue;
            }
            let text = read(&path);
            let (there, here) =
                (Page { path: &page, text: &english }, Page { path: &path, text: &text });
            let translated = |target: &str| link_in(&page, target, language);
            offenders.extend(first_difference(&there, &here, &translated));
        }
    }
    none(
        &offenders,
        "editions have the parts, code, links and figures of the English, see CONTRIBUTING.md",
    );
}

#[test]
fn links_of_editions_lead_to_the_edition_where_there_is_one() {
    let [portuguese, _] = EDITIONS;
    let link = |target| link_in("docs/guides/erp.md", target, portuguese);
    assert_eq!(link("till.md"), "till.md");
    assert_eq!(link("../limits.md#memory"), "../../limits.md#memory");
    assert_eq!(link("../../README.md"), "../../../README.pt-BR.md");
    assert_eq!(link("https://one.example/a"), "https://one.example/a");
    assert_eq!(link_in("README.md", "docs/guides/erp.md", portuguese), "docs/guides/pt-BR/erp.md");
    assert_eq!(link_in("README.md", "docs/limits.md", portuguese), "docs/limits.md");
    let first = languages_line("docs/guides/erp.md", portuguese);
    assert_eq!(first, "[English](../erp.md) · [Español](../es/erp.md)");
}
