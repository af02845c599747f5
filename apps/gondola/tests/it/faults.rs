//! Every operation of the served document tells all faults of a request at once, in people's words: walked over, one by one.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::roles::{Server, get, send, send_with};

/// Words of parsers and programmers, which say nothing to those who send requests.
const NO_WORDS_OF_PEOPLE: [&str; 10] = [
    "expected ",
    "invalid type",
    "invalid value:",
    "at line",
    "struct ",
    "i64",
    "u32",
    "UUID parsing",
    "digit found",
    "variant",
];

struct Served {
    // kept for as long as the server needs it
    _folder: tempfile::TempDir,
    server: Server,
    document: Value,
}

/// An answer, taken apart.
struct Told {
    status: u16,
    head: String,
    text: String,
    body: Value,
}

impl Told {
    fn read(answer: &str) -> Self {
        let (head, text) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let is_chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
        let text = if is_chunked { together(text) } else { text.to_owned() };
        let body = serde_json::from_str(&text).unwrap_or_default();
        Self { status, head: head.to_owned(), text, body }
    }

    fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }

    /// Where it says that something is wrong.
    fn places(&self) -> BTreeSet<&str> {
        let errors = self.body["errors"].as_array().into_iter().flatten();
        errors
            .filter_map(|error| error["pointer"].as_str().or_else(|| error["parameter"].as_str()))
            .collect()
    }

    /// What is amiss with this answer to a request that is wrong in these places.
    fn breaches(&self, at: &str, wrong: &[String]) -> Vec<String> {
        let mut breaches = Vec::new();
        if (self.status, &self.body["code"]) != (422, &json!("invalid")) {
            breaches.push(format!("{at}: {} {}", self.status, self.text));
            return breaches;
        }
        let places = self.places();
        let untold: Vec<_> = wrong.iter().filter(|it| !places.contains(it.as_str())).collect();
        if !untold.is_empty() {
            breaches.push(format!("{at}: {untold:?} is not in {places:?}"));
        }
        if places.len() < 2 || self.body["requestId"].as_str() != self.header("x-request-id") {
            breaches.push(format!("{at}: {}", self.text));
        }
        let words = NO_WORDS_OF_PEOPLE.iter().filter(|word| self.text.contains(*word));
        breaches.extend(words.map(|word| format!("{at}: {word:?} in {}", self.text)));
        breaches
    }
}

/// The chunks of a body, each of which has its length in a line before it (RFC 9112, section 7.1).
fn together(mut chunks: &str) -> String {
    let mut whole = String::new();
    while let Some((length, rest)) = chunks.split_once("\r\n") {
        let (chunk, rest) = rest.split_at(usize::from_str_radix(length, 16).unwrap());
        whole.push_str(chunk);
        chunks = rest.strip_prefix("\r\n").unwrap_or_default();
    }
    whole
}

impl Served {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start_with(&folder, "all", &[]);
        let document = Told::read(&get(&server.address, "/openapi.json")).body;
        Self { _folder: folder, server, document }
    }

    fn send(&self, method: &str, path: &str, body: &str) -> Told {
        Told::read(&send(&self.server.address, method, path, body))
    }

    /// Each operation, as its method and path, with what is said of it.
    fn operations(&self) -> Vec<(String, &String, &Value)> {
        let paths = self.document["paths"].as_object().unwrap().iter();
        let operations = paths.flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().iter();
            methods.map(move |(method, it)| (method.to_uppercase(), path, it))
        });
        let operations: Vec<_> = operations.collect();
        assert!(operations.len() > 80, "the document has lost its operations");
        operations
    }

    fn resolved<'d>(&'d self, schema: &'d Value) -> &'d Value {
        match schema["$ref"].as_str() {
            Some(target) => self.resolved(self.document.pointer(&target[1..]).unwrap()),
            None => schema,
        }
    }

    /// The members of a body, and which of them it must have.
    fn members<'d>(
        &'d self,
        schema: &'d Value,
    ) -> (impl Iterator<Item = (&'d String, &'d Value)>, Vec<&'d str>) {
        let schema = self.resolved(schema);
        let needed = schema["required"].as_array().into_iter().flatten();
        let members = schema["properties"].as_object().into_iter().flatten();
        (members, needed.map(|name| name.as_str().unwrap()).collect())
    }

    /// A value that the schema does not allow.
    fn wrong(&self, schema: &Value) -> Value {
        let schema = self.resolved(schema);
        let is_text = |kind: &Value| {
            kind == "string" || kind.as_array().is_some_and(|all| all.contains(&json!("string")))
        };
        if is_text(&schema["type"]) { json!(7) } else { json!("five") }
    }

    /// An object in which every known member is wrong, and two are not known; and where that is.
    fn all_wrong(&self, schema: &Value, at: &str) -> (Value, Vec<String>) {
        let (members, _) = self.members(schema);
        let mut body: Map<_, _> =
            members.map(|(name, member)| (name.clone(), self.wrong(member))).collect();
        // two, since some bodies have no members at all
        for unknown in ["notAMember", "norThis"] {
            body.insert(unknown.to_owned(), json!(1));
        }
        let places = body.keys().map(|name| format!("{at}/{name}")).collect();
        (Value::Object(body), places)
    }
}

/// A path in which each parameter has some value of its kind.
fn filled(path: &str, operation: &Value, value: impl Fn(&Value) -> &'static str) -> String {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let in_path = parameters.filter(|parameter| parameter["in"] == "path");
    in_path.fold(path.to_owned(), |path, parameter| {
        let name = parameter["name"].as_str().unwrap();
        path.replace(&format!("{{{name}}}"), value(&parameter["schema"]))
    })
}

fn some_id(schema: &Value) -> &'static str {
    if schema["format"] == "uuid" { "77777777-7777-7777-7777-777777777777" } else { "X-1" }
}

/// The schema of a body that is one JSON object.
fn body_of(operation: &Value) -> Option<&Value> {
    let content = operation.pointer("/requestBody/content")?.as_object()?;
    // a bulk write tells each of its lines apart, see below
    if content.contains_key("application/x-ndjson") {
        return None;
    }
    content.values().next()?.get("schema")
}

#[track_caller]
fn none(breaches: &[String]) {
    assert!(breaches.is_empty(), "{} breaches:\n{}", breaches.len(), breaches.join("\n"));
}

#[test]
fn every_body_is_told_all_its_faults_and_broken_ones_are_another_thing() {
    let served = Served::start();
    let (mut breaches, mut walked) = (Vec::new(), 0);
    for (method, path, operation) in served.operations() {
        let Some(schema) = body_of(operation) else { continue };
        let (at, path) = (format!("{method} {path}"), filled(path, operation, some_id));
        let (mut body, mut places) = served.all_wrong(schema, "");
        let told = served.send(&method, &path, &body.to_string());
        breaches.extend(told.breaches(&at, &places));
        // of lists of objects the members too
        let (members, needed) = served.members(schema);
        for (name, member) in members {
            let items = &served.resolved(member)["items"];
            if served.resolved(items)["type"] == "object" {
                let (item, wrong) = served.all_wrong(items, &format!("/{name}/0"));
                body[name] = json!([item]);
                places.retain(|place| *place != format!("/{name}"));
                places.extend(wrong);
            }
        }
        let told = served.send(&method, &path, &body.to_string());
        breaches.extend(told.breaches(&at, &places));
        if needed.len() > 1 {
            let places: Vec<_> = needed.iter().map(|name| format!("/{name}")).collect();
            let told = served.send(&method, &path, "{}");
            breaches.extend(told.breaches(&format!("{at} of nothing"), &places));
        }
        let broken = served.send(&method, &path, r#"{"a": "#);
        let is_told_so = (broken.status, &broken.body["code"]) == (400, &json!("bad-request"));
        let is_plain = !broken.text.contains("EOF") && !broken.text.contains("at line");
        if !is_told_so
            || !is_plain
            || broken.body["requestId"].as_str() != broken.header("x-request-id")
        {
            breaches.push(format!("{at} with half a body: {} {}", broken.status, broken.text));
        }
        walked += 1;
    }
    assert!(walked > 40, "{walked} operations have a body");
    none(&breaches);
}

#[test]
fn each_command_of_a_bulk_write_is_told_all_its_faults() {
    let served = Served::start();
    let command = &served.document["components"]["schemas"]["BatchCommand"];
    let (mut sent, mut wrong) = (Vec::new(), Vec::new());
    for (op, target) in command["discriminator"]["mapping"].as_object().unwrap() {
        let (mut body, mut places) = served.all_wrong(&json!({ "$ref": target }), "");
        body["op"] = json!(op);
        places.retain(|place| place != "/op");
        sent.push(body);
        wrong.push(places);
    }
    assert!(sent.len() > 7, "{command}");
    // which command it is must be known before anything else can be wrong
    for op in [json!({ "quantity": 7 }), json!({ "op": "steal", "quantity": "five" })] {
        sent.push(op);
        wrong.push(vec!["/op".to_owned()]);
    }
    let path = "/api/v1/inventory/batch";
    let array = served.send("POST", path, &Value::from(sent.clone()).to_string()).body;
    let lines: Vec<_> = sent.iter().map(Value::to_string).collect();
    let headers = [("content-type", "application/x-ndjson")];
    let lines =
        Told::read(&send_with(&served.server.address, "POST", path, &headers, &lines.join("\n")))
            .text;
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(array, Value::from(lines), "both ways the same is told");
    for ((sent, wrong), answer) in sent.iter().zip(&wrong).zip(array.as_array().unwrap()) {
        let errors = answer["problem"]["errors"].as_array().into_iter().flatten();
        let told: Vec<_> = errors.map(|error| error["pointer"].as_str().unwrap()).collect();
        let places: BTreeSet<_> = told.iter().collect();
        assert_eq!(places.len(), told.len(), "{answer}");
        let untold: Vec<_> = wrong.iter().filter(|it| !told.contains(&it.as_str())).collect();
        assert!(untold.is_empty() && told.len() == wrong.len(), "{sent}: {untold:?}, {answer}");
        let text = answer.to_string();
        assert!(!NO_WORDS_OF_PEOPLE.iter().any(|word| text.contains(word)), "{text}");
    }
}

#[test]
fn names_that_are_left_out_are_told_with_all_else() {
    let served = Served::start();
    let told = |path: &str, body: &Value| {
        let told = served.send("POST", path, &body.to_string());
        assert_eq!((told.status, &told.body["code"]), (422, &json!("invalid")), "{}", told.text);
        told.places().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let level = json!({ "quantity": 0 });
    let places = ["/productId", "/quantity", "/storeId"];
    assert_eq!(told("/api/v1/inventory/reserve", &level), places);
    let lines = json!([{ "quantity": 0 }, { "productSku": "P", "quantity": 1 }, { "quantity": 1 }]);
    let basket = json!({ "lines": lines, "ttlSeconds": 0 });
    let places = [
        "/lines/0/productId",
        "/lines/0/quantity",
        "/lines/2/productId",
        "/storeId",
        "/ttlSeconds",
    ];
    assert_eq!(told("/api/v1/inventory/reservations", &basket), places);
    let empty = json!({ "storeCode": "", "productSku": "", "quantity": 1 });
    assert_eq!(told("/api/v1/inventory/reserve", &empty), ["/productSku", "/storeCode"]);
}

#[test]
fn all_wrong_parameters_are_told_together() {
    let served = Served::start();
    let (mut breaches, mut walked) = (Vec::new(), 0);
    let is_checked = |schema: &Value| {
        let schema = served.resolved(schema);
        let kind = &schema["type"];
        kind == "integer"
            || kind == "boolean"
            || schema.get("enum").is_some()
            || schema["format"] == "uuid"
            || schema["format"] == "date-time"
    };
    for (method, path, operation) in served.operations() {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let names = |place: &str| {
            let all =
                parameters.clone().filter(|it| it["in"] == place && is_checked(&it["schema"]));
            all.map(|it| it["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let (in_path, mut in_query) = (names("path"), names("query"));
        if !in_query.is_empty() {
            in_query.push("noSuchParameter".to_owned());
        }
        if in_path.len() + in_query.len() < 2 {
            continue;
        }
        let wrong = |schema: &Value| if is_checked(schema) { "no-id" } else { "X-1" };
        let query: Vec<_> = in_query.iter().map(|name| format!("{name}=ten")).collect();
        let target = format!("{}?{}", filled(path, operation, wrong), query.join("&"));
        let told = served.send(&method, &target, "{}");
        let places = [in_path, in_query].concat();
        breaches.extend(told.breaches(&format!("{method} {target}"), &places));
        walked += 1;
    }
    assert!(walked > 20, "{walked} operations have two parameters that can be wrong");
    none(&breaches);
}

#[test]
fn browsers_get_a_page_of_a_problem_and_programs_json() {
    let served = Served::start();
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    let ask = |method: &str, path: &str, accept: &str, body: &str| {
        let headers =
            [("accept", accept), ("content-type", "application/json"), ("x-request-id", "R-<7>")];
        Told::read(&send_with(&served.server.address, method, path, &headers, body))
    };
    let nowhere = ask("GET", "/no/such/page", browser, "");
    assert_eq!(nowhere.status, 404);
    assert_eq!(nowhere.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(nowhere.header("content-security-policy").unwrap().starts_with("default-src 'none'"));
    assert!(nowhere.text.contains("<h1>Not found</h1>"), "{}", nowhere.text);
    assert!(nowhere.text.contains(r#"<a href="/problems/not-found">"#), "{}", nowhere.text);
    assert!(nowhere.text.contains("R-&lt;7&gt;"), "{}", nowhere.text);
    let refused =
        ask("POST", "/api/v1/inventory/reserve", browser, r#"{"<b>":1,"quantity":"<i>"}"#);
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("quantity must be a whole number"), "{}", refused.text);
    assert!(!refused.text.contains("<i>") && !refused.text.contains("<b>"), "{}", refused.text);
    for accept in ["*/*", "application/json"] {
        let nowhere = ask("GET", "/no/such/page", accept, "");
        assert_eq!(nowhere.header("content-type"), Some("application/problem+json"));
        assert_eq!(nowhere.header("vary"), Some("accept"));
        assert_eq!((nowhere.status, &nowhere.body["requestId"]), (404, &json!("R-<7>")));
    }
}
