//! Addresses as they may be shown: without their passwords.

/// What stands for a password.
const HIDDEN: &str = "***";

/// Parameters of an address that are secrets.
const SECRET_PARAMETERS: [&str; 3] = ["password=", "sslpassword=", "token="];

/// The text, with the passwords of addresses in it hidden.
pub(super) fn without_passwords(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let (place, query) = rest.split_once('?').map_or((rest, None), |(a, b)| (a, Some(b)));
    let place = match place.rsplit_once('@') {
        Some((user, host)) => match user.split_once(':') {
            Some((user, _)) => format!("{user}:{HIDDEN}@{host}"),
            None => place.to_owned(),
        },
        None => place.to_owned(),
    };
    let query = query.map_or_else(String::new, |query| {
        let shown: Vec<_> = query.split('&').map(parameter).collect();
        format!("?{}", shown.join("&"))
    });
    format!("{scheme}://{place}{query}")
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
        let shown = without_passwords("postgres://{context}_app:p@ss:w@db:5432/x");
        assert_eq!(shown, "postgres://{context}_app:***@db:5432/x");
        assert_eq!(without_passwords("redis://:secret@h"), "redis://:***@h");
        let shown = without_passwords("postgres://u@h/d?password=p&sslmode=require");
        assert_eq!(shown, "postgres://u@h/d?password=***&sslmode=require");
    }
}
