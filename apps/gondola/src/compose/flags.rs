//! The feature flags of the product, and the file that sets them.

use std::fmt::Write as _;
use std::path::PathBuf;

use kit_feature_flags::{Flag, FlagFile, Flags};

/// All flags, in the order in which they are shown.
pub(crate) const FLAGS: &[Flag] = &[gondola_inventory::SHARED_STOCK_CACHE];

/// Argument of the commands that serve.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct FlagArgs {
    /// File of feature flags: TOML with a percentage for each. It is read anew every 2 seconds; while it cannot be used, what
    /// it said before holds [default: none, so each flag is at its own default]
    #[arg(long, env = "GONDOLA_FEATURE_FLAGS", value_name = "FILE")]
    feature_flags: Option<PathBuf>,
}

impl FlagArgs {
    /// Sets all flags; they are not yet kept up with their file.
    pub(crate) async fn start(&self) -> anyhow::Result<Flags> {
        Ok(Flags::start(FLAGS, self.feature_flags.clone()).await?)
    }

    /// Every flag with its value and where that came from, as a file that could be read again; then what the file says that this
    /// program does not know.
    pub(crate) fn show(&self) -> anyhow::Result<String> {
        let Some(path) = &self.feature_flags else { return Ok(shown(&FlagFile::default(), "")) };
        Ok(shown(&FlagFile::read(path)?, &path.display().to_string()))
    }

    /// What the file says that this program does not know. Fails where the file cannot be used.
    pub(crate) fn unknown(&self) -> anyhow::Result<Vec<String>> {
        let Some(path) = &self.feature_flags else { return Ok(Vec::new()) };
        let file = FlagFile::read(path)?;
        Ok(file.unknown(FLAGS).map(str::to_owned).collect())
    }
}

fn shown(file: &FlagFile, place: &str) -> String {
    let mut shown = String::new();
    for flag in FLAGS {
        let (percent, source) = match file.percent(flag.key) {
            Some(percent) => (percent, place),
            None => (flag.default_percent, "default"),
        };
        writeln!(shown, "{} = {percent}  # {source}", flag.key).expect("a String takes everything");
    }
    for key in file.unknown(FLAGS) {
        writeln!(shown, "# {key} is no flag of this release").expect("a String takes everything");
    }
    shown
}

/// A line of a table for each flag.
pub(crate) fn table() -> String {
    let mut table = "| flag | default | on for |\n| --- | --- | --- |\n".to_owned();
    for Flag { key, default_percent, what } in FLAGS {
        let row = writeln!(table, "| `{key}` | {default_percent} % | {what} |");
        row.expect("a String takes everything");
    }
    table
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn every_flag_is_shown_with_its_source_and_what_is_unknown_is_named() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let path = Some(file.path().to_owned());
        file.write_all(b"shared-stock-cache = 5\nnot-yet = 1").unwrap();
        let args = FlagArgs { feature_flags: path.clone() };
        let shown = args.show().unwrap();
        let place = file.path().display().to_string();
        let of_file = format!("shared-stock-cache = 5  # {place}");
        assert_eq!(
            shown.lines().collect::<Vec<_>>(),
            [&*of_file, "# not-yet is no flag of this release"]
        );
        assert_eq!(args.unknown().unwrap(), ["not-yet"]);
        let shown = FlagArgs::default().show().unwrap();
        assert_eq!(shown, "shared-stock-cache = 100  # default\n");
        file.write_all(b" = 1").unwrap();
        assert!(args.unknown().unwrap_err().to_string().contains("no TOML"));
    }

    #[test]
    fn no_two_flags_share_a_name_and_none_is_on_for_more_than_everything() {
        let keys: std::collections::BTreeSet<_> = FLAGS.iter().map(|flag| flag.key).collect();
        assert_eq!(keys.len(), FLAGS.len());
        assert!(FLAGS.iter().all(|flag| flag.default_percent <= kit_feature_flags::EVERYTHING));
    }
}
