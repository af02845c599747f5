//! Where the spans of this process go.

use std::time::Duration;

use anyhow::Result;
use kit_core::{IdSource as _, RandomIds};
use kit_telemetry::otlp::{OtlpConfig, OtlpEndpoint, OtlpHeader, Sending};
use kit_trace::SamplingRatio;

/// Longest wait for the last spans to be sent when the process ends.
const FLUSH_WAIT: Duration = Duration::from_secs(3);

/// Arguments of the commands that serve.
#[derive(Clone, Debug, clap::Args)]
#[expect(clippy::struct_field_names, reason = "the names of the flags")]
pub(crate) struct TraceArgs {
    /// Collector of OpenTelemetry that gets traces, by OTLP over HTTP: its base address, as in `http://localhost:4318`. Without
    /// it nothing is traced.
    #[arg(long, env = "GONDOLA_OTLP_ENDPOINT", hide_env_values = true, value_name = "URL")]
    otlp_endpoint: Option<OtlpEndpoint>,

    /// Header for the collector, as in `Authorization=Api-Token dt0c01.abc`; may be repeated. A comma in a value is written
    /// `%2C`. Better set by the variable or the file than on the command line, which other users of the machine see.
    #[arg(
        long,
        env = "GONDOLA_OTLP_HEADERS",
        hide_env_values = true,
        value_name = "NAME=VALUE",
        value_delimiter = ','
    )]
    otlp_headers: Vec<OtlpHeader>,

    /// Share of the traces beginning here that is recorded, such as 0.01; a caller that says in `traceparent` whether its trace
    /// is sampled decides for it.
    #[arg(long, env = "GONDOLA_OTLP_SAMPLING", value_name = "0..1", default_value = "1")]
    otlp_sampling: SamplingRatio,
}

/// Sends the spans of a process that serves some roles.
pub(crate) struct Traces(Option<Sending>);

impl TraceArgs {
    /// Begins to trace, if that is asked for.
    pub(crate) fn start(&self, roles: &[&str]) -> Result<Traces> {
        let Some(endpoint) = self.otlp_endpoint.clone() else { return Ok(Traces(None)) };
        let config = OtlpConfig {
            endpoint,
            headers: self.otlp_headers.clone(),
            ratio: self.otlp_sampling,
            resource: resource(roles),
        };
        let sending = Sending::start(config)?;
        tracing::info!(sampling = %self.otlp_sampling, "traces_are_sent");
        Ok(Traces(Some(sending)))
    }
}

impl Traces {
    /// Sends the last spans, to be called when everything else has ended.
    pub(crate) async fn flush(self) {
        if let Some(sending) = self.0 {
            sending.flush(FLUSH_WAIT).await;
        }
    }
}

/// What the spans are of. A process of one role is a service of its own.
fn resource(roles: &[&str]) -> Vec<(&'static str, String)> {
    let service = match roles {
        [role] => format!("gondola-{role}"),
        _ => "gondola".to_owned(),
    };
    let instance = RandomIds.next_id(super::now()).to_string();
    vec![
        ("service.name", service),
        ("service.version", env!("CARGO_PKG_VERSION").to_owned()),
        ("service.instance.id", instance),
        ("gondola.role", roles.join(", ")),
    ]
}

#[cfg(test)]
mod tests {
    use super::resource;

    #[test]
    fn a_role_alone_is_a_service_of_its_own() {
        let told = |roles: &[&str]| [0, 3].map(|index| resource(roles)[index].1.clone());
        assert_eq!(told(&["gateway"]), ["gondola-gateway", "gateway"]);
        assert_eq!(told(&["inventory", "store"]), ["gondola", "inventory, store"]);
    }
}
