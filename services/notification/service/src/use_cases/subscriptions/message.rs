//! Messages for people: subject, text and HTML in the recipient's language, made of templates.

use std::collections::HashMap;

use gondola_notification_domain::{Channel, Language, SubscriptionId, SubscriptionSettings};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value, context};
use uuid::Uuid;

use super::Notice;
use super::facts::Told;

/// Events that one message shows; of the others it says how many there are.
const SHOWN_MAX: usize = 50;

/// Most characters of a subject: more than any mail program shows.
const SUBJECT_MAX: usize = 150;

/// Most characters of a short message, which is three text messages at most.
const SHORT_MAX: usize = 450;

/// All templates by their names. Those of languages have words only; what ends with `.html` is escaped.
const TEMPLATES: [(&str, &str); 7] = [
    ("pt", include_str!("../../../templates/pt.jinja")),
    ("en", include_str!("../../../templates/en.jinja")),
    ("es", include_str!("../../../templates/es.jinja")),
    ("subject.txt", include_str!("../../../templates/subject.txt")),
    ("short.txt", include_str!("../../../templates/short.txt")),
    ("message.txt", include_str!("../../../templates/message.txt")),
    ("message.html", include_str!("../../../templates/message.html")),
];

/// What is said to a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// One line: what it is about.
    pub subject: String,
    /// All of it as plain text; short by SMS and push.
    pub text: String,
    /// All of it as HTML, for e-mail.
    pub html: Option<String>,
}

/// A message could not be made: a template is wrong.
#[derive(Debug, thiserror::Error)]
#[error("the message cannot be written: {0:#}")]
pub struct MessageError(#[from] minijinja::Error);

/// Makes messages.
pub struct Messages(Environment<'static>);

impl Messages {
    /// With the templates of this program, in all languages.
    pub fn new() -> Result<Self, MessageError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?;
        environment.set_syntax(syntax);
        for (name, text) in TEMPLATES {
            environment.add_template(name, text)?;
        }
        Ok(Self(environment))
    }

    /// The message that tells a subscription of events, with the names that are known of stores and products.
    pub fn message(
        &self,
        (subscription, settings): (SubscriptionId, &SubscriptionSettings),
        notices: &[Notice],
        names: &HashMap<Uuid, String>,
    ) -> Result<Message, MessageError> {
        let shown = notices.iter().take(SHOWN_MAX);
        let events: Vec<_> = shown
            .map(|notice| Told::read(notice).facts(notice, names, &settings.time_zone))
            .collect();
        let told = context! {
            language => Language::as_str(settings.language),
            events => Value::from(Serde(&events)),
            total => notices.len(),
            more => notices.len() - events.len(),
            zone => settings.time_zone.as_str(),
            subscription => subscription.to_string(),
        };
        let render = |name: &str| self.0.get_template(name)?.render(&told);
        let subject = shortened(one_line(&render("subject.txt")?), SUBJECT_MAX);
        if settings.recipient.channel() != Channel::Email {
            let text = shortened(one_line(&render("short.txt")?), SHORT_MAX);
            return Ok(Message { subject, text, html: None });
        }
        let (text, html) = (render("message.txt")?, render("message.html")?);
        Ok(Message { subject, text, html: Some(html) })
    }
}

/// Stores and products whose names messages about these events need.
pub(super) fn named(notices: &[Notice]) -> (Vec<Uuid>, Vec<Uuid>) {
    let told: Vec<Told> = notices.iter().take(SHOWN_MAX).map(Told::read).collect();
    let unique = |mut ids: Vec<Uuid>| {
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    (
        unique(told.iter().filter_map(Told::store).collect()),
        unique(told.iter().filter_map(Told::product).collect()),
    )
}

/// What people have put into names breaks no line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn shortened(text: String, most: usize) -> String {
    if text.chars().count() <= most {
        return text;
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests;
