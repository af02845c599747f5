//! How a file is imported, as the parameters of a query say it: those of `gondola import`, by the same names.

use std::fmt::Display;
use std::path::PathBuf;

use gondola_import::{
    DateOrder, DecimalSign, Defaults, Encoding, FileKind, ImportRequest, Input, Observer,
    ReadingOptions, Rejected, SalesOptions,
};
use gondola_store_domain::{Currency, Label};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

/// What a file is called that nobody has named.
const UNNAMED: &str = "upload";

/// The region of stores of which a file says none.
const REGION: &str = "unknown";

/// Longest name of a file, in bytes.
const NAME_BYTES_MAX: usize = 1_000;

/// How a file is imported.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct ImportOptions {
    /// What the file is called. A file is known by its bytes and its name: sent again, its import goes on, or has nothing to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "deliveries-2026-11-28.csv")]
    pub name: Option<String>,
    /// What stands between fields, such as `;` or `tab`; one of comma, semicolon, tab and `|` is found in the first line.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = ";")]
    pub delimiter: Option<String>,
    /// The encoding of the text: `utf-8` (also UTF-16, which is known by its byte order mark) or `windows-1252`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "utf-8")]
    pub encoding: Option<String>,
    /// Which sign stands before decimals: `point`, `comma`, or `none` where both group thousands. Found in the file when its
    /// numbers are clear.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "comma")]
    pub decimal: Option<String>,
    /// Whether the day or the month is first in dates like 01/02/2026: `dmy` or `mdy`. Found when one date of the file shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "dmy")]
    pub date_order: Option<String>,
    /// The zone of times without one, such as `America/Sao_Paulo`, `UTC` or `-03:00`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "America/Sao_Paulo")]
    pub time_zone: Option<String>,
    /// The time of day of dates without one: `open`, `close`, or a time such as `18:30`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "close")]
    pub time_of_day: Option<String>,
    /// How many pieces the units of measure of the file have, such as `box=24,dozen=12`; or the name of the column that says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "box=24,dozen=12")]
    pub units: Option<String>,
    /// Book lines that were imported before once more, as another delivery.
    #[serde(skip_serializing_if = "is_false")]
    pub again: bool,
    /// Region of stores without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "SP")]
    pub region: Option<String>,
    /// Currency of prices, such as BRL; prices without a currency are left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "BRL")]
    pub currency: Option<String>,
    /// The store of all lines of sales, for a file without stores.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "SP-PAULISTA")]
    pub store_code: Option<String>,
    /// A column of sales whose names stand for stores, such as Country; codes are made from them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = "Country")]
    pub store_column: Option<String>,
    /// Each stock level first receives what its sales in this file need.
    #[serde(skip_serializing_if = "is_false")]
    pub receive: bool,
    /// The goods of all sales have left: what the books do not have of them becomes the shortfall.
    #[serde(skip_serializing_if = "is_false")]
    pub already_left: bool,
    /// Only say what would become of the lines: nothing is changed. What a stock level would refuse is not known.
    #[serde(skip_serializing_if = "is_false")]
    pub dry_run: bool,
    /// Change entries of the catalogue that are registered already as the file has them, such as prices; what it leaves blank
    /// stays. Without it they are left as they are.
    #[serde(skip_serializing_if = "is_false")]
    pub update: bool,
    /// Most lines that may be rejected for the import to count as done; half of the lines unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(example = 100)]
    pub max_rejected: Option<u64>,
}

/// An option with a value that it cannot have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{option}: {why}")]
pub struct InvalidOption {
    /// Its name.
    pub option: &'static str,
    /// What is wrong with it.
    pub why: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
const fn is_false(value: &bool) -> bool {
    !*value
}

impl ImportOptions {
    /// The options of an import that is asked for, for a server that is to do it.
    #[must_use]
    pub fn of(request: &ImportRequest) -> Self {
        let ImportRequest { kind, input, defaults, sales, max_rejected } = request;
        let reading = &input.reading;
        let of_sales = *kind == FileKind::Sales;
        let of_catalogue = kind.is_catalogue();
        let text = |value: &Option<String>| value.clone().filter(|_| of_sales);
        Self {
            name: Some(input.place()),
            delimiter: reading.delimiter.map(|sign| char::from(sign).to_string()),
            encoding: (reading.encoding == Encoding::Windows1252)
                .then(|| "windows-1252".to_owned()),
            decimal: written(reading.decimal),
            date_order: written(reading.date_order),
            time_zone: written(reading.time_zone.as_ref()),
            time_of_day: written(reading.time_of_day),
            units: written(reading.units.as_ref()),
            again: input.again,
            dry_run: input.dry_run,
            update: input.update,
            region: of_catalogue.then(|| defaults.region.to_string()),
            currency: written(defaults.currency.filter(|_| of_catalogue)),
            store_code: text(&sales.store_code),
            store_column: text(&sales.store_column),
            receive: sales.receive,
            already_left: sales.already_left,
            max_rejected: *max_rejected,
        }
    }

    /// As the query of a request.
    pub fn query(&self) -> Result<String, serde_urlencoded::ser::Error> {
        serde_urlencoded::to_string(self)
    }

    /// What the file is called.
    pub(crate) fn called(&self) -> &str {
        self.name.as_deref().filter(|name| !name.is_empty()).unwrap_or(UNNAMED)
    }

    /// The import of a file that is kept in a place. Refuses options that mean nothing, or nothing for this kind.
    pub(crate) fn request(
        &self,
        kind: FileKind,
        (file, rejected): (PathBuf, PathBuf),
        observer: Observer,
    ) -> Result<ImportRequest, InvalidOption> {
        self.check_name()?;
        self.check_kind(kind)?;
        let defaults = Defaults {
            region: read("region", self.region.as_deref().or(Some(REGION)), Label::new)?
                .ok_or_else(|| invalid("region", "it must not be empty"))?,
            currency: read("currency", self.currency.as_deref(), Currency::new)?,
        };
        let input = Input {
            file,
            rejected: Rejected::Anonymous(rejected),
            reading: self.reading()?,
            again: self.again,
            dry_run: self.dry_run,
            update: self.update,
            called: Some(self.called().to_owned()),
            observer: Some(observer),
        };
        let sales = SalesOptions {
            store_code: self.store_code.clone(),
            store_column: self.store_column.clone(),
            derive_catalogue: false,
            receive: self.receive,
            already_left: self.already_left,
            defaults: defaults.clone(),
        };
        Ok(ImportRequest { kind, input, defaults, sales, max_rejected: self.max_rejected })
    }

    fn check_name(&self) -> Result<(), InvalidOption> {
        let name = self.called();
        if name.len() > NAME_BYTES_MAX || name.chars().any(char::is_control) {
            let why =
                format!("a name has at most {NAME_BYTES_MAX} bytes and no control characters");
            return Err(invalid("name", why));
        }
        Ok(())
    }

    /// An option that would be passed over is a mistake that nobody would notice.
    fn check_kind(&self, kind: FileKind) -> Result<(), InvalidOption> {
        let of_sales = [
            ("storeCode", self.store_code.is_some()),
            ("storeColumn", self.store_column.is_some()),
            ("receive", self.receive),
            ("alreadyLeft", self.already_left),
        ];
        let of_catalogue = [
            ("region", self.region.is_some()),
            ("currency", self.currency.is_some()),
            ("update", self.update),
        ];
        let of_stock = [
            ("dateOrder", self.date_order.is_some()),
            ("timeZone", self.time_zone.is_some()),
            ("timeOfDay", self.time_of_day.is_some()),
            ("units", self.units.is_some()),
            ("again", self.again),
        ];
        let wrong = |options: &[(&'static str, bool)], fits: bool| {
            options.iter().find(|(_, given)| *given && !fits).map(|(option, _)| *option)
        };
        let wrong = wrong(&of_sales, kind == FileKind::Sales)
            .or_else(|| wrong(&of_catalogue, kind.is_catalogue()))
            .or_else(|| wrong(&of_stock, kind.keeps_progress()));
        match wrong {
            Some(option) => {
                Err(invalid(option, format!("it means nothing for {}: leave it out", kind.name())))
            }
            None if self.store_code.is_some() && self.store_column.is_some() => {
                Err(invalid("storeCode", "storeColumn says it already: give one of the two"))
            }
            None => Ok(()),
        }
    }

    fn reading(&self) -> Result<ReadingOptions, InvalidOption> {
        let one_of = |names: &'static str| move || format!("it must be one of {names}");
        let encoding = match self.encoding.as_deref() {
            None | Some("utf-8") => Encoding::Utf8,
            Some("windows-1252" | "latin-1" | "iso-8859-1") => Encoding::Windows1252,
            Some(_) => return Err(invalid("encoding", one_of("utf-8, windows-1252")())),
        };
        let decimal = match self.decimal.as_deref() {
            None => None,
            Some("point") => Some(DecimalSign::Point),
            Some("comma") => Some(DecimalSign::Comma),
            Some("none") => Some(DecimalSign::None),
            Some(_) => return Err(invalid("decimal", one_of("point, comma, none")())),
        };
        let date_order = match self.date_order.as_deref() {
            None => None,
            Some("dmy") => Some(DateOrder::DayFirst),
            Some("mdy") => Some(DateOrder::MonthFirst),
            Some(_) => return Err(invalid("dateOrder", one_of("dmy, mdy")())),
        };
        Ok(ReadingOptions {
            delimiter: read("delimiter", self.delimiter.as_deref(), ReadingOptions::delimiter)?,
            encoding,
            decimal,
            date_order,
            time_zone: read("timeZone", self.time_zone.as_deref(), str::parse)?,
            time_of_day: read("timeOfDay", self.time_of_day.as_deref(), str::parse)?,
            units: read("units", self.units.as_deref(), str::parse)?,
        })
    }
}

fn invalid(option: &'static str, why: impl Into<String>) -> InvalidOption {
    InvalidOption { option, why: why.into() }
}

fn read<'a, T, E: Display>(
    option: &'static str,
    text: Option<&'a str>,
    parse: impl FnOnce(&'a str) -> Result<T, E>,
) -> Result<Option<T>, InvalidOption> {
    text.map(parse).transpose().map_err(|error| invalid(option, error.to_string()))
}

fn written(value: Option<impl Display>) -> Option<String> {
    value.map(|value| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(query: &str, kind: FileKind) -> Result<ImportRequest, InvalidOption> {
        let options: ImportOptions = serde_urlencoded::from_str(query).unwrap();
        options.request(kind, (PathBuf::from("f"), PathBuf::from("r")), Observer::default())
    }

    /// What a command asks a server for is what it would have done itself.
    #[test]
    fn options_come_through_a_query_as_they_were() {
        let query = "name=%2Fin%2Fa+b.csv&delimiter=%3B&encoding=windows-1252&decimal=comma&dateOrder=dmy\
                     &timeZone=America%2FSao_Paulo&timeOfDay=18%3A30&units=box%3D24&again=true&storeCode=S1&receive=true\
                     &alreadyLeft=true&dryRun=true&maxRejected=7";
        let request = parsed(query, FileKind::Sales).unwrap();
        let again = ImportOptions::of(&request).query().unwrap();
        let other = parsed(&again, FileKind::Sales).unwrap();
        assert_eq!(format!("{request:?}"), format!("{other:?}"));
        assert_eq!(request.input.place(), "/in/a b.csv");
        let of_catalogue = parsed("region=SP&currency=BRL", FileKind::Stores).unwrap();
        let again = ImportOptions::of(&of_catalogue);
        assert_eq!((again.region.as_deref(), again.currency.as_deref()), (Some("SP"), Some("BRL")));
    }

    #[test]
    fn what_means_nothing_is_refused_with_its_name() {
        for (query, kind, option) in [
            ("delimiter=abc", FileKind::Stock, "delimiter"),
            ("decimal=dot", FileKind::Stock, "decimal"),
            ("timeZone=Mars", FileKind::Stock, "timeZone"),
            ("currency=reais", FileKind::Products, "currency"),
            ("currency=BRL", FileKind::Stock, "currency"),
            ("again=true", FileKind::Transfers, "again"),
            ("update=true", FileKind::Stock, "update"),
            ("storeCode=S1", FileKind::Stock, "storeCode"),
            ("storeCode=S1&storeColumn=Country", FileKind::Sales, "storeCode"),
            ("name=a%0Ab", FileKind::Stock, "name"),
        ] {
            let refused = parsed(query, kind).unwrap_err();
            assert_eq!(refused.option, option, "{query}: {refused}");
        }
    }
}
