//! The table of routes, roles and classes as the OpenAPI document tells it.

use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{ContentBuilder, OpenApi, PathItem, Ref, RefOr, ResponseBuilder};

use super::table::{Access, access, rate_class};
use crate::limits::RateClass;

/// The names of the two ways to say who one is.
const SCHEMES: [&str; 2] = ["apiKey", "token"];

const PROBLEM: &str = "application/problem+json";

/// What a caller is told that may not come in.
const REFUSALS: [(&str, &str); 2] = [
    ("401", "No credential was sent, or none that holds"),
    ("403", "None of the caller's roles may do this"),
];

/// Writes to each operation who may call it, what it is limited with, and what it answers to others.
pub(crate) fn document_access(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    components.add_security_scheme(SCHEMES[0], api_key());
    components.add_security_scheme(SCHEMES[1], token());
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            if let Access::Roles(roles) = access(method, path) {
                let names: Vec<_> = roles.iter().map(|role| role.as_str()).collect();
                restrict(operation, names);
            }
            if let Some(class) = rate_class(method, path) {
                limit(operation, class);
            }
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let PathItem { get, put, post, delete, patch, .. } = item;
    let all = [("GET", get), ("PUT", put), ("POST", post), ("DELETE", delete), ("PATCH", patch)];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

fn restrict(operation: &mut Operation, roles: Vec<&'static str>) {
    let none: [&str; 0] = [];
    operation.security = Some(SCHEMES.map(|name| SecurityRequirement::new(name, none)).to_vec());
    let roles = ExtensionsBuilder::new().add("x-roles", roles).build();
    operation.extensions.get_or_insert_default().merge(roles);
    for refusal in REFUSALS {
        answer(operation, refusal);
    }
}

fn limit(operation: &mut Operation, class: RateClass) {
    let class = class.as_str();
    let told = format!(
        "More {class} than the caller's quota: try again after `Retry-After` seconds. `RateLimit` of each answer says what is left"
    );
    answer(operation, ("429", &told));
}

fn answer(operation: &mut Operation, (status, description): (&str, &str)) {
    let problem = Ref::from_schema_name("Problem");
    let content = ContentBuilder::new().schema(Some(problem)).build();
    let answer = ResponseBuilder::new().description(description).content(PROBLEM, content);
    let answer = RefOr::T(answer.build());
    operation.responses.responses.entry(status.to_owned()).or_insert(answer);
}

fn api_key() -> SecurityScheme {
    let told = "A key from `gondola keys create`; `Authorization: Bearer` takes it too. Asked for where the server has a file \
                of keys.";
    SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description("X-Api-Key", told)))
}

fn token() -> SecurityScheme {
    let told = "A token of the issuer that the server is configured with.";
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT");
    SecurityScheme::Http(bearer.description(Some(told)).build())
}
