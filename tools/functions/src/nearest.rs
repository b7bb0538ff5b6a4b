//! The nearest names to one that does not exist.
//! Used for suggestions in problems and questions, and by the offline planner for typing errors.
//! Must never choose in place of the person: it only ranks.

/// How many suggestions people get (ecosystem.md §7, 14).
pub const SUGGESTIONS: usize = 3;

/// How many single edits (insert, delete, replace, swap of neighbours) lead from one text to the
/// other: the optimal string alignment distance. Inputs are cut to 64 characters, the length of a name.
pub fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().take(64).collect();
    let right: Vec<char> = right.chars().take(64).collect();
    let mut rows: Vec<Vec<usize>> = vec![(0..=right.len()).collect()];
    for i in 1..=left.len() {
        let mut row = vec![i];
        for j in 1..=right.len() {
            let differs = usize::from(left[i - 1] != right[j - 1]);
            let mut best = (rows[i - 1][j] + 1).min(row[j - 1] + 1).min(rows[i - 1][j - 1] + differs);
            if i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[left.len()][right.len()]
}

/// How far apart two names are for a person: edits, less when one begins with or holds the other.
fn rank(wanted: &str, name: &str) -> usize {
    let edits = distance(wanted, name) * 2;
    if !wanted.is_empty() && (name.starts_with(wanted) || wanted.starts_with(name)) {
        edits.min(2)
    } else if wanted.chars().count() > 1 && name.contains(wanted) {
        edits.min(3)
    } else {
        edits
    }
}

/// Up to three names, nearest first.
pub fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let wanted = wanted.to_lowercase();
    let mut ranked: Vec<(usize, &str)> = names.into_iter().map(|name| (rank(&wanted, name), name)).collect();
    ranked.sort_unstable();
    ranked.dedup();
    ranked.into_iter().take(SUGGESTIONS).map(|(_, name)| name.to_owned()).collect()
}

/// The one name that `wanted` is a typing error of, if exactly one is near enough: one edit for four
/// letters and more, two for eight and more. Shorter names are too close to each other to guess.
pub fn misspelt<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = match wanted.chars().count() {
        0..=3 => return None,
        4..=7 => 1,
        _ => 2,
    };
    let mut near: Vec<(usize, &str)> = names
        .into_iter()
        .filter(|name| name.chars().count() > 3)
        .map(|name| (distance(wanted, name), name))
        .filter(|(edits, _)| *edits <= allowed)
        .collect();
    near.sort_unstable();
    near.dedup();
    match near.as_slice() {
        [] => None,
        [(best, _), (second, _), ..] if best == second => None,
        [(_, name), ..] => Some(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swap_an_omission_and_a_slip_are_one_edit_each() {
        assert_eq!(distance("crat", "cart"), 1);
        assert_eq!(distance("cat", "cart"), 1);
        assert_eq!(distance("carr", "cart"), 1);
        assert_eq!(distance("", "cart"), 4);
        assert_eq!(distance("购物", "购车"), 1);
    }

    #[test]
    fn three_names_are_suggested_nearest_first() {
        let names = ["cart", "card", "checkout", "till", "cart-worker"];
        assert_eq!(nearest("crat", names), ["cart", "card", "till"]);
        assert_eq!(nearest("cart-w", names), ["cart", "cart-worker", "card"]);
        assert_eq!(nearest("", [] as [&str; 0]), [] as [&str; 0]);
    }

    #[test]
    fn a_typing_error_is_mended_only_when_one_name_fits() {
        assert_eq!(misspelt("checkuot", ["checkout", "cart"]), Some("checkout"));
        assert_eq!(misspelt("carx", ["cart", "card"]), None);
        assert_eq!(misspelt("dve", ["dev"]), None);
    }
}
