//! Figures in prose, written in English or with the separators of Portuguese and Spanish.

/// How figures are written.
#[derive(Clone, Copy)]
pub(super) enum Separators {
    /// `1,300` and `0.54`.
    English,
    /// `1.300` or `1 300` (with a blank that does not break), and `0,54`.
    Local,
}

/// All figures of a text, as English without separators of thousands, in order of the alphabet.
pub(super) fn figures(prose: &str, separators: Separators) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut figure = String::new();
    let mut rest = prose.chars().peekable();
    while let Some(one) = rest.next() {
        let followed = rest.peek().is_some_and(char::is_ascii_digit);
        let inside = is_separator(one) && !figure.is_empty() && followed;
        if one.is_ascii_digit() || inside {
            figure.push(one);
        } else if !figure.is_empty() {
            found.push(plain(&std::mem::take(&mut figure), separators));
        }
    }
    if !figure.is_empty() {
        found.push(plain(&figure, separators));
    }
    found.sort_unstable();
    found
}

fn is_separator(one: char) -> bool {
    matches!(one, '.' | ',' | '\u{a0}' | '\u{202f}')
}

fn plain(figure: &str, separators: Separators) -> String {
    match separators {
        Separators::English => figure.replace(',', ""),
        Separators::Local => {
            let (whole, rest) = figure.split_once(',').unwrap_or((figure, ""));
            let groups: Vec<&str> = whole.split(is_separator).collect();
            let thousands = groups.iter().skip(1).all(|group| group.len() == 3);
            let whole = groups.join(if thousands { "" } else { "." });
            if rest.is_empty() { whole } else { format!("{whole}.{rest}") }
        }
    }
}

#[test]
fn figures_are_the_same_in_all_ways_of_writing_them() {
    let english = figures("At 34,724 per s; 0.54 s, TLS 1.2, on 2026-11-22.", Separators::English);
    assert_eq!(english, ["0.54", "1.2", "11", "2026", "22", "34724"]);
    for local in ["34.724 e 0,54", "34\u{a0}724 e 0,54", "34\u{202f}724 e 0,54"] {
        assert_eq!(figures(local, Separators::Local), ["0.54", "34724"], "{local}");
    }
    // the separators of the other language are other figures
    assert_eq!(figures("TLS 1.2; 0.54; 34,724", Separators::Local), ["0.54", "1.2", "34.724"]);
}
