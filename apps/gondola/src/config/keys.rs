//! The keys of the configuration: every argument of `serve`, and of all commands, that has a variable.

use clap::{Arg, ArgAction, Command};

use kit_telemetry::{HIDDEN, without_passwords};

use super::CONFIG;

/// What the variables begin with.
pub(super) const PREFIX: &str = "GONDOLA_";

/// What an address is called in help.
const URL: &str = "URL";

/// A key.
#[derive(Clone, Debug)]
pub(super) struct Key(Arg);

impl Key {
    fn new(arg: &Arg) -> Option<Self> {
        let of_ours = arg.get_env().is_some_and(|name| name.to_string_lossy().starts_with(PREFIX));
        let usual = of_ours && arg.get_long().is_some_and(|long| long != CONFIG);
        (usual && !arg.is_hide_set()).then(|| Self(arg.clone()))
    }

    /// Its argument.
    pub(super) fn arg(&self) -> &Arg {
        &self.0
    }

    /// Its name in a file, and on the command line after `--`.
    pub(super) fn name(&self) -> &str {
        self.0.get_long().unwrap_or_default()
    }

    /// Its name in the environment.
    pub(super) fn variable(&self) -> String {
        self.0.get_env().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// Whether it takes a list.
    pub(super) fn is_list(&self) -> bool {
        matches!(self.0.get_action(), ArgAction::Append)
    }

    /// Whether it is a switch that is on or off.
    pub(super) fn is_switch(&self) -> bool {
        matches!(self.0.get_action(), ArgAction::SetTrue)
    }

    /// Whether an argument of some command is this key.
    pub(super) fn is(&self, arg: &Arg) -> bool {
        arg.get_long() == self.0.get_long() && arg.get_env() == self.0.get_env()
    }
}

/// A value of an argument as it may be shown: without passwords, and of what is a secret as a whole only its name.
pub(super) fn shown(arg: &Arg, value: &str) -> String {
    let is_address =
        arg.get_value_names().is_some_and(|names| names.iter().any(|name| name == URL));
    if !arg.is_hide_env_values_set() || is_address {
        return without_passwords(value).into_owned();
    }
    match value.split_once('=') {
        Some((name, _)) => format!("{name}={HIDDEN}"),
        None => HIDDEN.to_owned(),
    }
}

/// All keys, in the order in which the help has them.
pub(super) fn keys(gondola: &Command) -> Vec<Key> {
    let serve = gondola.find_subcommand("serve").into_iter().flat_map(Command::get_arguments);
    serve.chain(gondola.get_arguments()).filter_map(Key::new).collect()
}
