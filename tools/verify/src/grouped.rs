//! Numbers for people.

/// A whole number with commas between its thousands.
pub(super) fn grouped(number: impl Copy + ToString) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.char_indices() {
        let left = digits.len() - place;
        if place > 0 && left.is_multiple_of(3) && !text.ends_with('-') {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_are_set_apart() {
        let texts = [0, 999, 1_000, -100, -123_456, 1_234_567].map(|number: i64| grouped(number));
        assert_eq!(texts, ["0", "999", "1,000", "-100", "-123,456", "1,234,567"]);
    }
}
