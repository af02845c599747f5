//! Addresses as people may see them: without the passwords in them.

use std::borrow::Cow;

/// What stands for a secret.
pub const HIDDEN: &str = "***";

/// Parameters of an address that are secrets.
const SECRET_PARAMETERS: [&str; 3] = ["password=", "sslpassword=", "token="];

/// Between the scheme of an address and its place.
const BEFORE_PLACE: &str = "://";

/// What ends an address within a text.
fn ends_address(character: char) -> bool {
    character.is_whitespace() || character.is_control() || ['"', '\'', '`'].contains(&character)
}

/// A text, with the passwords of all addresses in it hidden.
///
/// ```
/// let told = "cannot reach \"postgres://app:p@ss@db/log?sslmode=require\": refused";
/// let shown = kit_telemetry::without_passwords(told);
/// assert_eq!(shown, "cannot reach \"postgres://app:***@db/log?sslmode=require\": refused");
/// ```
pub fn without_passwords(text: &str) -> Cow<'_, str> {
    if !text.contains(BEFORE_PLACE) {
        return Cow::Borrowed(text);
    }
    let (mut shown, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find(BEFORE_PLACE) {
        let (before, place) = rest.split_at(at + BEFORE_PLACE.len());
        let (place, after) = place.split_at(place.find(ends_address).unwrap_or(place.len()));
        shown.push_str(before);
        shown.push_str(&place_without_password(place));
        rest = after;
    }
    shown.push_str(rest);
    Cow::Owned(shown)
}

/// An address without its scheme. What is between the first colon and the last `@` is a password, whatever is in it.
fn place_without_password(place: &str) -> String {
    let (user, rest) = match place.rsplit_once('@') {
        Some((user, rest)) => (user, rest),
        None => ("", place),
    };
    let user = match user.split_once(':') {
        Some((name, _)) => format!("{name}:{HIDDEN}@"),
        None if rest.len() < place.len() => format!("{user}@"),
        None => String::new(),
    };
    let (host, query) =
        rest.split_once('?').map_or((rest, None), |(host, query)| (host, Some(query)));
    let query = query.map_or_else(String::new, |query| {
        let shown: Vec<_> = query.split('&').map(parameter).collect();
        format!("?{}", shown.join("&"))
    });
    format!("{user}{host}{query}")
}

fn parameter(parameter: &str) -> String {
    match SECRET_PARAMETERS.iter().find(|secret| parameter.starts_with(**secret)) {
        Some(secret) => format!("{secret}{HIDDEN}"),
        None => parameter.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::without_passwords;

    #[test]
    fn only_passwords_are_hidden() {
        let same = ["sqlite:/mnt/log", "127.0.0.1:8000", "http://a:80/x", "postgres://u@h/d?a=b"];
        for text in same {
            assert_eq!(without_passwords(text), text);
        }
        for (text, shown) in [
            ("postgres://{context}_app:p@ss:w@db:5432/x", "postgres://{context}_app:***@db:5432/x"),
            ("redis://:secret@h", "redis://:***@h"),
            (
                "postgres://u@h/d?password=p&sslmode=require",
                "postgres://u@h/d?password=***&sslmode=require",
            ),
            ("mysql://u:a?b/c#d@h:1/x", "mysql://u:***@h:1/x"),
            (
                "neither 'http://u:p@a' nor \"amqp://v:q@b/\" (2)",
                "neither 'http://u:***@a' nor \"amqp://v:***@b/\" (2)",
            ),
            ("\u{1b}[33mhttp://u:p@a\u{1b}[0m:", "\u{1b}[33mhttp://u:***@a\u{1b}[0m:"),
        ] {
            assert_eq!(without_passwords(text), shown);
        }
    }
}
