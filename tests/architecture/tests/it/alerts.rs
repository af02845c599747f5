//! The alerts of `deployment/prometheus/alerts.yaml` ask for metrics that there are, and the operator's book has each of them.

use std::collections::BTreeMap;

use crate::workspace::{none, read};

/// What Prometheus has by itself, and the labels and functions that stand where a metric could.
const OTHERS: [&str; 13] = [
    "up",
    "job",
    "sum",
    "by",
    "rate",
    "increase",
    "histogram_quantile",
    "le",
    "method",
    "status",
    "route",
    "reason",
    "time",
];

/// The values of a key, whether on its line or folded over the next, in the order of the file.
fn values(text: &str, key: &str) -> Vec<String> {
    let mut lines = text.lines().peekable();
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        let Some(value) = line.trim_start().trim_start_matches("- ").strip_prefix(key) else {
            continue;
        };
        let mut value = value.trim().to_owned();
        if value == ">-" {
            let depth = |line: &str| line.len() - line.trim_start().len();
            let of_key = depth(line);
            value.clear();
            while let Some(more) = lines.next_if(|next| depth(next) > of_key) {
                value = format!("{value} {}", more.trim());
            }
        }
        found.push(value);
    }
    found
}

/// The names in an expression, without what stands between quotes.
fn names(expression: &str) -> Vec<&str> {
    let outside = expression.split('"').step_by(2);
    let words = outside
        .flat_map(|part| part.split(|it: char| !it.is_ascii_alphanumeric() && it != '_'))
        .filter(|word| word.starts_with(|first: char| first.is_ascii_alphabetic()));
    words.collect()
}

fn alerts() -> String {
    read("deployment/prometheus/alerts.yaml")
}

#[test]
fn alerts_ask_for_metrics_that_there_are() {
    let metrics = read("docs/metrics.md");
    let alerts = alerts();
    let mut offenders = Vec::new();
    for expression in values(&alerts, "expr:") {
        for name in names(&expression) {
            let metric = name.strip_suffix("_bucket").unwrap_or(name);
            let is_known = OTHERS.contains(&name) || metrics.contains(&format!("| `{metric}` |"));
            if !is_known {
                offenders.push(format!("{expression}: docs/metrics.md has no {name}"));
            }
        }
    }
    none(&offenders, "an alert asks for what is counted");
}

#[test]
fn the_operators_book_has_each_alert_with_its_severity() {
    let alerts = alerts();
    let severities = values(&alerts, "labels:");
    let in_file: BTreeMap<_, _> = values(&alerts, "alert:").into_iter().zip(severities).collect();
    let book = read("docs/operations.md");
    let rows = book.lines().filter_map(|line| line.strip_prefix("| `Gondola"));
    let in_book: BTreeMap<_, _> = rows
        .map(|row| {
            let mut cells = row.split('|').map(str::trim);
            let name = cells.next().unwrap_or_default().trim_end_matches('`');
            let severity = cells.next().unwrap_or_default();
            (format!("Gondola{name}"), format!("{{ severity: {severity} }}"))
        })
        .collect();
    assert_eq!(in_book, in_file);
    assert!(in_file.len() > 10, "{in_file:?}");
}

#[test]
fn a_folded_value_is_read_to_its_end() {
    let text =
        "- alert: A\n  expr: >-\n    a > 1\n    and b\n  for: 5m\n- alert: B\n  expr: c{d=\"e\"}\n";
    assert_eq!(values(text, "expr:"), [" a > 1 and b", "c{d=\"e\"}"]);
    assert_eq!(names("sum(a_b{c=\"x.y\"}[5m])"), ["sum", "a_b", "c"]);
}
