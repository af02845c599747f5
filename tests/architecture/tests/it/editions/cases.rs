//! One edition, and what is said of it when any one thing of it is changed.

use super::compare::{Page, first_difference};

const ENGLISH: &str = "# A till

[Español](es.md)

It waits for 1,300 ms, see `--wait` and [limits](limits.md).

## Sell

- one unit
- another unit

```sh
sell 1  # one
```

| what | how |
| --- | ---: |
| a sale | 0.5 s |

Done.
";

const SPANISH: &str = "# Una caja

[English](../en.md)

Espera 1.300 ms: vea `--wait` y los [límites](../limits.md).

## Vender

- una unidad
- otra unidad

```sh
sell 1  # one
```

| qué | cómo |
| --- | ---: |
| una venta | 0,5 s |

Listo.
";

/// What is said when a text of the edition is replaced.
fn told(from: &str, to: &str) -> String {
    assert_eq!(SPANISH.matches(from).count(), 1, "{from:?} stands there once");
    difference(&SPANISH.replace(from, to)).unwrap_or_default()
}

fn difference(edition: &str) -> Option<String> {
    let (english, edition) =
        (Page { path: "en.md", text: ENGLISH }, Page { path: "es/till.md", text: edition });
    first_difference(&english, &edition, &|target| format!("../{target}"))
}

#[test]
fn an_edition_in_step_has_no_difference() {
    assert_eq!(difference(SPANISH), None);
}

#[test]
fn each_kind_of_difference_is_told_with_its_line() {
    let cases = [
        ("## Vender", "### Vender", 7, "a heading of level 3"),
        ("## Vender\n\n", "", 7, "a list item stands where the English page has a heading"),
        ("- otra unidad\n", "", 11, "stands where the English page has a list item"),
        (
            "- otra unidad\n",
            "- otra unidad\n- una más\n",
            11,
            "where the English page has a block of code",
        ),
        ("```sh", "```bash", 12, "the code is \"```bash\" and not \"```sh\""),
        ("# one", "# uno", 13, "the code is \"sell 1  # uno\" and not \"sell 1  # one\""),
        ("| una venta | 0,5 s |", "| una venta |", 18, "a table row of one cell stands"),
        (
            "| una venta | 0,5 s |\n",
            "",
            19,
            "a paragraph stands where the English page has a table row",
        ),
        ("---:", "---", 17, "aligned otherwise"),
        ("1.300", "1.200", 5, "the figures are [\"1200\"] and not [\"1300\"]"),
        ("0,5 s", "0.5.1 s", 18, "the figures are"),
        ("../limits.md", "../glossary.md", 5, "links lead to"),
        ("`--wait`", "`--espera`", 5, "names are not translated"),
        ("\nListo.\n", "", 18, "ends here, and the English page goes on with a paragraph"),
        ("Listo.\n", "Listo.\n\nMás.\n", 22, "a paragraph that the English page has not"),
    ];
    for (from, to, line, what) in cases {
        let told = told(from, to);
        assert!(told.starts_with(&format!("es/till.md:{line}: ")), "{from:?}: {told}");
        assert!(told.contains(what), "{from:?}: {told}");
        assert!(told.contains("en.md"), "{from:?}: {told}");
    }
}

#[test]
fn what_is_english_still_is_told() {
    let (english, edition) = (
        "# A\n\nlinks\n\nNothing is sold more than once.\n",
        "# B\n\nlinks\n\nNothing is sold more than once.\n",
    );
    let (english, edition) =
        (Page { path: "a.md", text: english }, Page { path: "b.md", text: edition });
    let told = first_difference(&english, &edition, &str::to_owned).unwrap();
    assert_eq!(told, "b.md:5: this is English still: translate it, see a.md:5");
}
