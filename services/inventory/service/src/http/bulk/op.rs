//! Reads a line of a bulk write: an object in which `op` says what the other fields are.
//!
//! serde's own way (`#[serde(tag = "op")]`) first copies all fields into a tree. Here only those that come before `op` are
//! kept, as the text that they are; a client that writes `op` first has the rest read straight into its place.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{DeserializeSeed, Error, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::line::BatchLine;

/// The operations, as `op` names them.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Op {
    Stock,
    Adjust,
    Count,
    Policy,
    Reserve,
    Commit,
    Release,
    Extend,
}

impl Op {
    /// Reads the other fields.
    fn read<'de, D: Deserializer<'de>>(self, fields: D) -> Result<BatchLine, D::Error> {
        Ok(match self {
            Self::Stock => BatchLine::Stock(Deserialize::deserialize(fields)?),
            Self::Adjust => BatchLine::Adjust(Deserialize::deserialize(fields)?),
            Self::Count => BatchLine::Count(Deserialize::deserialize(fields)?),
            Self::Policy => BatchLine::Policy(Deserialize::deserialize(fields)?),
            Self::Reserve => BatchLine::Reserve(Deserialize::deserialize(fields)?),
            Self::Commit => BatchLine::Commit(Deserialize::deserialize(fields)?),
            Self::Release => BatchLine::Release(Deserialize::deserialize(fields)?),
            Self::Extend => BatchLine::Extend(Deserialize::deserialize(fields)?),
        })
    }
}

/// Out of JSON text in memory only, for that is what the fields before `op` are kept in.
impl<'de> Deserialize<'de> for BatchLine {
    fn deserialize<D: Deserializer<'de>>(line: D) -> Result<Self, D::Error> {
        line.deserialize_map(Line)
    }
}

struct Line;

#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Visitor<'de> for Line {
    type Value = BatchLine;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object with the field `op`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<BatchLine, A::Error> {
        let mut before: Vec<Kept<'de>> = Vec::new();
        while let Some(Name(name)) = fields.next_key()? {
            if name == "op" {
                let Name(op) = fields.next_value()?;
                let op: StrDeserializer<'_, A::Error> = op.as_ref().into_deserializer();
                let op = Op::deserialize(op)
                    .map_err(|error: A::Error| A::Error::custom(format_args!("op: {error}")))?;
                let fields = Fields { before: before.into_iter(), present: None, after: fields };
                return op.read(MapAccessDeserializer::new(fields));
            }
            before.push((name, fields.next_value()?));
        }
        Err(A::Error::missing_field("op"))
    }
}

/// A field that came before `op`.
type Kept<'de> = (Cow<'de, str>, &'de RawValue);

/// The fields before `op`, then those after it.
struct Fields<'de, A> {
    before: std::vec::IntoIter<Kept<'de>>,
    present: Option<Kept<'de>>,
    after: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Fields<'de, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        self.present = self.before.next();
        let Some((name, _)) = &self.present else { return self.after.next_key_seed(seed) };
        let name: StrDeserializer<'_, A::Error> = name.as_ref().into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        let Some((name, value)) = self.present.take() else {
            return self.after.next_value_seed(seed);
        };
        let value = seed.deserialize(&mut serde_json::Deserializer::from_str(value.get()));
        value.map_err(|error| A::Error::custom(format_args!("{name}: {}", without_place(&error))))
    }
}

/// What is wrong, without the place: that counts from the beginning of the field, not of the line.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place).unwrap_or(&text).to_owned()
}

#[cfg(test)]
mod tests {
    use kit_http::{Json, Problem};
    use serde_json::{Value, json};

    use super::*;

    const LEVEL: &str = r#""storeId":"11111111-1111-1111-1111-111111111111","productSku":"A1""#;

    fn parse(line: &str) -> Result<Value, Value> {
        let value = |line: BatchLine| serde_json::to_value(line).unwrap();
        let told = |problem: Problem| serde_json::to_value(problem).unwrap();
        Json::<BatchLine>::parse(line.as_bytes()).map(value).map_err(told)
    }

    #[test]
    fn op_may_stand_anywhere() {
        let first = parse(&format!(r#"{{"op":"stock",{LEVEL},"quantity":7}}"#)).unwrap();
        assert_eq!((&first["op"], &first["quantity"]), (&json!("stock"), &json!(7)));
        for line in [
            format!(r#"{{{LEVEL},"op":"stock","quantity":7}}"#),
            format!(r#"{{"quantity":7,{LEVEL},"op":"stock"}}"#),
            format!(r#"{{"\u0071uantity":7,{LEVEL},"\u006fp":"stock"}}"#),
        ] {
            assert_eq!(parse(&line), Ok(first.clone()), "{line}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_wherever_op_stands() {
        for (fields, blamed) in [
            (r#""quantity":7,"quantity":8"#, "quantity"),
            (r#""quantity":"many""#, "quantity"),
            (r#""quantity":7,"colour":"red""#, "colour"),
            (r#""quantity":7,"reference":[]"#, "reference"),
        ] {
            for line in [
                format!(r#"{{"op":"stock",{LEVEL},{fields}}}"#),
                format!(r#"{{{fields},"op":"stock",{LEVEL}}}"#),
            ] {
                let problem = parse(&line).unwrap_err();
                let named = problem.to_string().contains(blamed);
                assert!(named && problem["status"] == 422, "{line}: {problem}");
            }
        }
        for line in ["{}", r#"{"quantity":7}"#, r#"{"op":"steal"}"#, r#"{"op":7}"#, "[]", "7"] {
            let problem = parse(line).unwrap_err();
            assert_eq!(problem["status"], 422, "{line}: {problem}");
        }
        assert_eq!(parse(r#"{"op":"stock""#).unwrap_err()["status"], 400);
    }

    #[test]
    fn a_field_of_a_field_is_not_taken_twice_either() {
        let lines = r#""lines":[{"productSku":"A1","quantity":1,"quantity":2}]"#;
        let line = format!(
            r#"{{{lines},"op":"reserve","storeId":"11111111-1111-1111-1111-111111111111"}}"#
        );
        assert_eq!(parse(&line).unwrap_err()["status"], 422);
    }
}
