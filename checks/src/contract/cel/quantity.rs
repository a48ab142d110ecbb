//! `quantity('500m')`: an amount as Kubernetes writes it, as a number that can be compared and multiplied.
//!
//! A double, not Kubernetes' own type with `isGreaterThan`: ratios (`used <= 0.7 * hard`) are what is asked for. Doubles are
//! exact up to 2⁵³, which is 8 Pi of bytes.

use cel::{
    DeclarationError, Env, ExecutionError,
    common::types::{CelDouble, CelInt, CelString},
};

/// The suffixes of a quantity, longest first: Kubernetes API conventions, "Quantity".
const SUFFIXES: [(&str, f64); 15] = [
    ("Ki", 1024.0),
    ("Mi", 1_048_576.0),
    ("Gi", 1_073_741_824.0),
    ("Ti", 1_099_511_627_776.0),
    ("Pi", 1_125_899_906_842_624.0),
    ("Ei", 1_152_921_504_606_846_976.0),
    ("n", 1e-9),
    ("u", 1e-6),
    ("m", 1e-3),
    ("k", 1e3),
    ("M", 1e6),
    ("G", 1e9),
    ("T", 1e12),
    ("P", 1e15),
    ("E", 1e18),
];

/// Declares the function, for texts and for what is a number already.
pub(super) fn declare(env: &mut Env) -> Result<(), DeclarationError> {
    cel::add_overload!(env, fn of_text: (CelString) -> Result<CelDouble>, name = "quantity", id = "quantity_text")?;
    cel::add_overload!(env, fn of_int: (CelInt) -> CelDouble, name = "quantity", id = "quantity_int")?;
    cel::add_overload!(env, fn of_double: (CelDouble) -> CelDouble, name = "quantity", id = "quantity_double")?;
    Ok(())
}

fn of_text(text: &CelString<'_>) -> Result<CelDouble, ExecutionError> {
    let wrong = || ExecutionError::function_error("quantity", format!("`{}` is no quantity", text.inner()));
    amount(text.inner()).map(CelDouble::from).ok_or_else(wrong)
}

#[expect(clippy::cast_precision_loss, reason = "amounts beyond 2⁵³ are compared as near as a double is")]
#[expect(clippy::trivially_copy_pass_by_ref, reason = "a declared function is given references")]
fn of_int(number: &CelInt) -> CelDouble {
    CelDouble::from(*number.inner() as f64)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "a declared function is given references")]
fn of_double(number: &CelDouble) -> CelDouble {
    CelDouble::from(*number.inner())
}

fn amount(text: &str) -> Option<f64> {
    let (digits, factor) =
        SUFFIXES.iter().find_map(|(suffix, factor)| Some((text.strip_suffix(suffix)?, *factor))).unwrap_or((text, 1.0));
    let is_plain = |byte: u8| byte.is_ascii_digit() || b".+-eE".contains(&byte);
    let number: f64 = if digits.bytes().all(is_plain) { digits.parse().ok()? } else { return None };
    Some(number * factor).filter(|amount| amount.is_finite())
}

#[cfg(test)]
mod tests {
    use super::amount;

    #[test]
    fn a_quantity_is_read_as_kubernetes_writes_it() {
        for (text, expected) in [
            ("500m", 0.5),
            ("2", 2.0),
            ("1.5", 1.5),
            ("20Gi", 21_474_836_480.0),
            ("1e3", 1000.0),
            ("12E", 12e18),
            ("128974848", 128_974_848.0),
            ("-1k", -1000.0),
            ("100u", 1e-4),
        ] {
            let seen = amount(text).expect(text);
            assert!((seen - expected).abs() <= expected.abs() * 1e-12, "{text}: {seen}");
        }
    }

    #[test]
    fn what_is_no_quantity_is_none() {
        for text in ["", "Gi", "20 Gi", "20GB", "inf", "NaN", "1e999", "0x10", "--1", "five"] {
            assert_eq!(amount(text), None, "{text}");
        }
    }
}
