//! Every error code that the sources know has a page, and every page a code.

use std::collections::{BTreeMap, BTreeSet};

use gondola_gateway::PROBLEM_CODES;

use crate::workspace::{Source, files, none, read};

/// Where the pages are written.
const PAGES: &str = "services/gateway/src/problems/table/";

/// Where the OpenAPI document is made: its texts are names of fields and examples, and codes are told by none of them.
const DOCUMENT: &str = "services/gateway/src/document/";

fn is_code(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

/// Texts that are followed by a title, as in `Problem::conflict("already-committed", "Reservation already committed")`.
fn codes_with_titles(code: &str) -> BTreeSet<String> {
    let texts: Vec<&str> = code.split('"').collect();
    let pairs = texts.windows(3).skip(1).step_by(2).filter(|around| {
        let [text, between, title] = around else { return false };
        is_code(text)
            && between.trim() == ","
            && title.starts_with(|first: char| first.is_uppercase())
    });
    pairs.map(|around| around[0].to_owned()).collect()
}

/// The codes of a domain's refusals: the texts in `fn code`.
fn codes_of_refusals(code: &str) -> BTreeSet<String> {
    let body = code.split("fn code(&self)").nth(1).unwrap_or_default();
    let body = body.split("\n    }\n").next().unwrap_or_default();
    let arms = body.split("=> \"").skip(1).filter_map(|rest| rest.split('"').next());
    arms.map(str::to_owned).collect()
}

/// The codes that the aggregates of a domain give to refusals which they share: the constants called `..._CODE`.
fn codes_of_aggregates(code: &str) -> BTreeSet<String> {
    let constants = code.split("_CODE: &'static str = \"").skip(1);
    constants.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

/// Sources of the programs, without tests.
fn programs() -> Vec<Source> {
    let all = ["apps", "kit", "services"].into_iter().flat_map(|folder| files(folder, ".rs"));
    let tells_none = |path: &str| [PAGES, DOCUMENT].iter().any(|folder| path.starts_with(folder));
    all.filter(|file| file.path.contains("/src/") && !tells_none(&file.path)).collect()
}

fn pages() -> BTreeSet<String> {
    PROBLEM_CODES.iter().map(|page| page.code.to_owned()).collect()
}

#[test]
fn every_code_has_a_page() {
    let mut used: BTreeMap<String, String> = BTreeMap::new();
    for source in programs() {
        let code = source.code();
        let mut codes = codes_with_titles(&code);
        if source.path.ends_with("/domain/src/refusal.rs") {
            codes.append(&mut codes_of_refusals(&code));
        }
        if source.path.contains("/domain/src/") {
            codes.append(&mut codes_of_aggregates(&code));
        }
        used.extend(codes.into_iter().map(|code| (code, source.path.clone())));
    }
    assert!(used.len() > 20, "the sources say their codes in another form: {used:?}");
    let pages = pages();
    let missing = used.into_iter().filter(|(code, _)| !pages.contains(code));
    let offenders: Vec<String> = missing.map(|(code, path)| format!("{code} in {path}")).collect();
    none(&offenders, "add the code below services/gateway/src/problems/table");
}

#[test]
fn every_page_is_of_a_code_that_can_occur() {
    let programs: Vec<String> = programs().iter().map(Source::code).collect();
    let occurs = |page: &String| programs.iter().any(|code| code.contains(&format!("\"{page}\"")));
    let offenders: Vec<String> = pages().into_iter().filter(|page| !occurs(page)).collect();
    none(&offenders, "these pages explain codes that no source has");
}

/// What a text says of codes: a refusal's status and the code right after it, as in ``409 `insufficient-stock` ``.
fn told_codes(text: &str) -> Vec<(u16, String)> {
    let parts: Vec<&str> = text.split('`').collect();
    let told = parts.windows(2).filter_map(|pair| {
        let before: Vec<&str> = pair[0].strip_suffix(' ')?.split_whitespace().collect();
        let status = before.last()?.trim_start_matches('(').parse().ok()?;
        ((400..600).contains(&status) && is_code(pair[1])).then(|| (status, pair[1].to_owned()))
    });
    told.collect()
}

#[test]
fn documents_name_codes_that_exist_with_their_status() {
    let pages = files("", ".md").into_iter().map(|page| (page.path, page.text));
    let document = "docs/openapi.json";
    let mut found = 0;
    let mut offenders = Vec::new();
    for (path, text) in pages.chain([(document.to_owned(), read(document))]) {
        for (status, code) in told_codes(&text) {
            found += 1;
            let mut known = PROBLEM_CODES.iter().filter(|page| page.code == code);
            if !known.any(|page| page.status.is_none_or(|own| own == status)) {
                offenders.push(format!("{path}: {status} `{code}`"));
            }
        }
    }
    assert!(found > 50, "documents name codes in another form: only {found} were found");
    none(&offenders, "a code that a document names is answered, and with that status");
}
